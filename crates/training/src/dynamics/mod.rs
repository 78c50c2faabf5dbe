//! Softmax policy-gradient training, every step held against the claims, in every precision.
//!
//! An [`Experiment`] says what is trained and how. [`float`](mod@float) runs it in a float mode, many runs at once;
//! [`reference`](mod@reference) runs it in MPFR arithmetic from the same random draws, so that what differs is rounding
//! alone. [`checks`] are statements about one step, in the language of claims, which an exact step must satisfy.
//!
//! The state of a run is its stored logits, exact numbers in either arithmetic. One step takes them to others: P =
//! softmax(z) as the arithmetic computes it, an action drawn from it, a reward, a move d, and z + d as it is stored.

pub mod arms;
pub mod baseline;
pub mod characters;
pub mod checks;
pub mod corpus;
pub mod draws;
pub mod dump;
pub mod experiment;
pub mod firsts;
pub mod float;
pub mod group;
pub mod outcome;
pub mod rate;
pub mod reference;
pub mod row;
pub mod run;
pub mod session;
mod single;
pub mod softmax;
pub mod stall;
pub mod studies;
pub mod table;
pub mod tally;
pub mod told;
pub mod train;
pub mod watch;

pub use arms::Arms;
pub use baseline::Baseline;
pub use checks::{CHECKS, Check, Checker, Found, Seen};
pub use experiment::{Algorithm, Experiment, ExperimentError, Schedule};
pub use group::{Group, Pace, groups};
pub use row::Row;
pub use run::Driver;
pub use session::{Progress, ResumeError, Session};
pub use watch::{Watched, watch};
