//! How far the distributions of two engines are apart, row by row and over the whole vocabulary, certified.
//!
//! Two dumps of logits of the same positions, A and B, give two distributions for each row, P = softmax(a / s) and Q =
//! softmax(b / t). [`Distances`] encloses how far they are apart, in f64 with proved bounds ([`kernel`]) or, where that
//! is not enough, in MPFR intervals ([`reference`](mod@reference)). [`Explanation`] says whether rounding of logits can
//! have made the difference.

//! [`stream::Pair`] walks two files in step, [`summary::DiffTally`] counts rows up to a [`summary::DiffSummary`], and
//! [`findings::findings`] says in words what that comes to. What is counted is a list, [`quantity::QUANTITIES`].

pub mod distances;
pub mod explain;
mod far;
pub mod findings;
pub mod kernel;
pub mod metrics;
pub mod quantity;
pub mod reference;
pub mod refuse;
pub mod row;
mod series;
pub mod stream;
pub mod summary;
mod sums;

pub use distances::{BANDS, Chosen, Distances, PROBABILITIES};
pub use explain::{Bounds, Explanation, Hypothesis, ONE_ROUNDING};
pub use kernel::{Scratch, Temperatures};
pub use refuse::{DiffError, Labels};
pub use row::{Masks, Path, RowDiff, Settings, Top, compare};
