//! What is to be examined.

use crate::certified::Given;
use crate::formats::Format;
use crate::source::Source;
use crate::study::UnknownMode;

use super::claimed::Required;
use super::kinds::ClaimedKind;
use super::modes::{ProductionMode, chosen, own};
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

impl Examination {
    /// What is examined of this source where nothing else is said: the modes of these texts, or the usual ones without
    /// any; no steps, nothing claimed.
    ///
    /// # Errors
    /// If a text is no mode.
    pub fn of(source: &Source, modes: &[String], temperature: Given) -> Result<Examination, UnknownMode> {
        let dtype = source.dtype;
        let (modes, own) = (chosen(modes, dtype)?, own(dtype).to_string());
        let (steps, claimed, required) = Default::default();
        Ok(Examination { modes, own, stored: dtype.format(), steps, claimed, required, temperature })
    }
}
