//! What a study compares, and why it may not be studied.

use num_rational::BigRational;

use crate::formulas::{ACTION, Formula, LOGITS, OTHER};

use super::bounds::Reference;
use super::compile::compile;
use super::mode::Mode;
use super::program::{Program, TooWide};
use super::setting::{Names, NotComputed, Setting};

/// What is compared: every formula in every mode.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The modes.
    pub modes: Vec<Mode>,
    /// The formulas.
    pub formulas: Vec<Formula>,
    /// What logits are divided by.
    pub temperature: BigRational,
    /// What the truth is the truth of.
    pub reference: Reference,
    /// Whether every result gets a bound.
    pub bounds: bool,
    /// The seed of stochastic rounding.
    pub seed: u64,
}

/// Why a formula cannot be studied in a mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StudyError {
    /// The formula is no computation.
    #[error("the formula {formula}: {why}")]
    Compile {
        /// Its name.
        formula: String,
        /// Why.
        why: NotComputed,
    },
    /// The mode is too wide.
    #[error("the mode {mode}: {why}")]
    Mode {
        /// The mode.
        mode: String,
        /// Why.
        why: TooWide,
    },
}

impl Plan {
    /// The number of [`Errors`](super::Errors) that a run gives: mode by mode, in each formula by formula.
    pub fn lines(&self) -> usize {
        self.modes.len() * self.formulas.len()
    }

    /// A formula for K actions, a chosen one, and a mode.
    ///
    /// # Errors
    /// If there is no such computation.
    pub fn program(&self, mode: &Mode, formula: &Formula, k: usize, action: usize) -> Result<Program, StudyError> {
        let logits = [LOGITS.into(), OTHER.into()];
        let names =
            Names { logits: &logits[..policies(formula)], action: &ACTION.into(), definitions: &formula.definitions };
        let setting = Setting { k, action, mode, temperature: &self.temperature };
        let tape = compile(&formula.tree, names, setting)
            .map_err(|why| StudyError::Compile { formula: formula.name.clone(), why })?;
        Program::new(tape, mode).map_err(|why| StudyError::Mode { mode: mode.to_string(), why })
    }
}

/// How many policies a formula reads.
pub fn policies(formula: &Formula) -> usize {
    if formula.uses(OTHER) { 2 } else { 1 }
}
