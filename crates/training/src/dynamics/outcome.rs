//! What a run came to, or why it could not go on.

use serde::{Deserialize, Serialize};

use crate::arith::Fault;
use crate::study::StudyError;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The run, from 0.
    pub run: u64,
    /// The probability of the best arm at the end, of the policy as computed.
    pub best: f64,
    /// The sum of the rewards.
    pub reward: f64,
    /// Steps at which no stored logit moved though the update was not 0.
    pub dead: u64,
    /// The last step at which a stored logit moved, from 0; `None` if none ever did.
    pub last_move: Option<u64>,
    /// The sum of the stored logits at the end less that at the start: 0 in exact arithmetic (claim zero-sum), but for
    /// the alternate estimator.
    pub drift: f64,
}

/// Why training could not go on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// The mode cannot be computed.
    #[error(transparent)]
    Mode(#[from] StudyError),
    /// Logits without a policy.
    #[error(
        "run {run}, step {step}: training in {mode} left the numbers of its format ({fault}); a smaller learning rate may help"
    )]
    Diverged {
        /// The run.
        run: u64,
        /// The step.
        step: u64,
        /// The mode.
        mode: String,
        /// What the arithmetic says.
        fault: Fault,
    },
    /// Whoever takes the rows wants no more.
    #[error("interrupted")]
    Stopped,
}
