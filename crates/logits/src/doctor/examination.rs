//! What is to be examined.

use crate::certified::Given;
use crate::formats::Format;

use super::claimed::Required;
use super::kinds::ClaimedKind;
use super::modes::ProductionMode;
use super::step::StepSize;

/// What is to be examined.
#[derive(Clone, Debug)]
pub struct Examination {
    /// The modes in which w is emulated.
    pub modes: Vec<ProductionMode>,
    /// The name of the mode that computes in the type of the file, which thresholds without a mode mean.
    pub own: String,
    /// The format in which logits are stored.
    pub stored: Format,
    /// The sizes of steps; none where logits are what a network puts out, not parameters.
    pub steps: Vec<StepSize>,
    /// The claimed columns, by name.
    pub claimed: Vec<(String, ClaimedKind)>,
    /// What claimed values must be right to.
    pub required: Required,
    /// What logits are divided by, positive: the decimal that was given, or an f64.
    pub temperature: Given,
}
