//! What the error of a tape can be: enclosures of its real meaning, and bounds on how far the computed result is from
//! it.
//!
//! | what | from | module |
//! |---|---|---|
//! | enclosures | the logits: the real values of all registers | [`mod@enclose`] |
//! | running bound | the computed values of all registers | [`mod@running`] |
//! | a-priori bound | the real values of all registers | [`mod@forward`] |
//! | published bounds | K and the spread of the logits, first order | [`crate::study::published`] |
//! | w from probabilities | the largest error of a probability | [`norm`] |
//! | log-probabilities | K and the range of the logits | [`logprobs`] |
//!
//! Each but the last two is a walk over the tape ([`mod@walk`]) by its own rules. Bounds are absolute. One is infinite
//! where nothing can be said: after an overflow, or where a divisor may be 0.

pub mod compensated;
pub mod enclose;
pub mod errors;
pub mod forward;
mod forward_sums;
pub mod growth;
pub mod logprobs;
pub mod norm;
pub mod plan;
pub mod running;
pub mod span;
pub mod sums;
pub mod walk;

pub use enclose::{RealValues, Reference};
pub use forward::Forward;
pub use running::Running;
