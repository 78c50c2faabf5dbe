//! What was measured, examined and compared, as text.

use logitlab_record::report::{table, text, wrap};

pub mod diff;
pub mod doctor;
pub mod measured;
