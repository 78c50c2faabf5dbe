//! Outcomes as plain data.

use logitlab_words::text;

pub mod outcome;
pub mod report;
