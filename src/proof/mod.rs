//! Proof scripts and the kernel that checks them.
//!
//! Trusted are [`kernel`], which alone makes a [`Theorem`], and what it uses: [`rules`] (the laws as a table),
//! [`step`] (whether a law justifies a step), [`facts`] (side conditions), [`normal`], [`polynomial`], [`smooth`]
//! and [`term`]. Not trusted: [`script`] reads and prints scripts, [`check`] puts the kernel's inferences together
//! as a script says, and [`library`] does so for many claims that cite each other.

pub mod check;
pub mod facts;
pub mod kernel;
pub mod library;
pub mod normal;
pub mod polynomial;
pub mod reason;
pub mod rules;
pub mod script;
pub mod smooth;
pub mod step;
pub mod term;

pub use check::{Failed, Rejection, check};
pub use kernel::{Context, Theorem};
pub use library::{Entry, Library};
pub use reason::Reason;
pub use script::Script;
