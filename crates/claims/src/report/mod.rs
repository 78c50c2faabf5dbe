//! Claims with their derivations, and what is trusted, as text and LaTeX.

use logitlab_record::report::{table, text, width, wrap};

pub mod derivation;
pub mod latex;
pub mod rules;
pub mod trust;
