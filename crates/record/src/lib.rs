//! Outcomes as plain data; text, tables and plots, whatever the subject.

use logitlab_words::text;

pub mod outcome;
pub mod report;
