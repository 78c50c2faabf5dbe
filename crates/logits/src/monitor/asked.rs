//! What is asked of rows, and what the answers are called.

use crate::doctor::{ClaimedKind, Required};
use crate::measure::How;

/// What is asked of the rows of a source.
#[derive(Clone, Debug)]
pub struct Asked {
    /// How rows are measured; with a learning rate, the sizes of updates are watched, too.
    pub how: How,
    /// Columns of the source and what they are claimed to be.
    pub claimed: Vec<(String, ClaimedKind)>,
    /// What those must be right to.
    pub required: Required,
    /// The column of the log-probabilities of the policy that made the samples.
    pub old_logp: Option<String>,
    /// The range epsilon of a PPO clip: 1 - epsilon to 1 + epsilon.
    pub clip: f64,
    /// The column that names a row, whole numbers of at most 2^53; the row itself without one.
    pub id: Option<String>,
}

/// The quantities that every row has.
pub const QUANTITIES: [&str; 5] = ["p", "w", "norm", "entropy", "logp"];
/// The size of the step, where there are learning rates.
pub const UPDATE: &str = "update";
/// log P_c less the old one.
pub const LOG_RATIO: &str = "log_ratio";
/// Rows with P_c above 0.99.
pub const CONFIDENT: &str = "confident";
/// Rows whose P_c becomes 1 in bfloat16.
pub const SATURATED: &str = "saturated_bf16";
/// Ratios beyond the clip.
pub const CLIPPED: &str = "clipped";
/// Old log-probabilities that are no numbers, or rows in which neither policy can choose the action.
pub const NO_RATIO: &str = "no_ratio";

/// What errors of claimed numbers of a kind are called.
pub fn error_name(kind: ClaimedKind) -> String {
    format!("error_{}", kind.name())
}

/// What wrong ones are called.
pub fn wrong_name(kind: ClaimedKind) -> String {
    format!("wrong_{}", kind.name())
}
