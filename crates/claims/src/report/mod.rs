//! Claims with their derivations, and what is trusted, as text and LaTeX.

use logitlab_record::report::{text, width, wrap};

pub mod derivation;
pub mod latex;
pub mod trust;
