//! Why a measurement stopped.

use crate::arith::Fault;
use crate::arith::interval::Interval;
use crate::source::InputError;

/// Why a measurement stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MeasureError {
    /// The input cannot be read, or what it holds cannot be measured.
    #[error(transparent)]
    Input(Box<InputError>),

    /// A row without probabilities. Those of a [`Block`](crate::source::Block) have them.
    #[error("row {row} (from 0): {fault}")]
    Undefined {
        /// The row, from 0.
        row: u64,
        /// What has no value.
        fault: Fault,
    },

    /// Enclosures of one number that have nothing in common: one of them is wrong. A bug in this crate.
    #[error(
        "row {row} (from 0): the enclosures of {quantity} have nothing in common within 0 to {most} ({}); this is a \
         bug in logitlab, please report it with the row",
        .intervals.iter().map(|(name, x)| format!("{name} [{}, {}]", x.lo(), x.hi())).collect::<Vec<_>>().join(", ")
    )]
    Disagreement {
        /// The row, from 0.
        row: u64,
        /// What is enclosed: `P_c`, `C` or `w`.
        quantity: &'static str,
        /// The greatest value that it can have; the least is 0.
        most: u32,
        /// Its enclosures, each with the expression that gave it.
        intervals: Vec<(&'static str, Interval)>,
    },
}

impl From<InputError> for MeasureError {
    fn from(error: InputError) -> MeasureError {
        MeasureError::Input(Box::new(error))
    }
}
