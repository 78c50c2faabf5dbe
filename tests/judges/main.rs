//! Claims and their judges: what a claim file may say, where a claim has a truth value, how counterexamples are found,
//! and verdicts held against an independent search.

mod campaign;
mod claim_files;
mod claims;
mod definedness;
mod depth;
mod exhaustive;
mod search;
mod smt;
mod solve;
#[path = "../support/mod.rs"]
mod support;
