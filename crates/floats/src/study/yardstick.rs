//! Truths for whole blocks of cases, enclosed in f64 by a formula that does not cancel.

use crate::formulas::{Formula, Quantity, find};

use super::bounds::{RealValues, Reference};
use super::mode::Mode;
use super::noise::Noise;
use super::plan::{Plan, StudyError};
use super::program::{CaseBlock, Program};

/// Encloses the real value of a quantity for all cases of a block at once. Where that is not sharp, MPFR has to tell.
#[derive(Debug)]
pub struct Yardstick {
    program: Program,
    block: CaseBlock,
    real: RealValues,
}

/// The formula whose real value is that of the quantity, and whose enclosure in f64 is narrow.
fn formula_for(quantity: Quantity) -> Option<&'static Formula> {
    find(match quantity {
        Quantity::SquaredNorm => "tail",
        Quantity::Norm => "factored",
        Quantity::LogProbability => "logp-shifted",
        Quantity::Ratio => "ratio",
        Quantity::Entropy => "entropy-lse",
        Quantity::Lse => "lse",
        Quantity::Probability => "probability",
    })
}

impl Yardstick {
    /// For the meaning of a formula, in the mode that stores its logits; `None` for meanings of a user's own.
    ///
    /// # Errors
    /// If the mode is too wide.
    pub fn new(
        plan: &Plan,
        mode: &Mode,
        formula: &Formula,
        k: usize,
        action: usize,
    ) -> Result<Option<Yardstick>, StudyError> {
        // A stored logit depends on random bits that the formula's own run draws.
        let Some(yard) = formula.quantity.and_then(formula_for).filter(|_| !is_random(mode)) else { return Ok(None) };
        let program = plan.program(mode, yard, k, action)?;
        Ok(Some(Yardstick { program, block: CaseBlock::default(), real: RealValues::default() }))
    }

    /// The lower and the upper ends, NaN where nothing is known.
    pub fn measure(&mut self, inputs: &[f64], lanes: usize, reference: Reference) -> (&[f64], &[f64]) {
        self.program.store(inputs, lanes, &mut Noise::new(0, 0), &mut self.block);
        self.real.enclose(&self.program, &self.block, reference);
        let result = self.program.tape().result;
        (self.real.lo(result), self.real.hi(result))
    }
}

fn is_random(mode: &Mode) -> bool {
    use crate::formats::Rounding;
    use crate::study::mode::Place;
    matches!(mode.target(Place::Logits).rounding, Rounding::Stochastic(_))
}
