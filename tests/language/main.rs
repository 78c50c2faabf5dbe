//! The language: read, printed in every notation and evaluated, and the policies whose numbers it is about.

mod editors;
mod evaluator;
mod functions;
mod latex;
mod notations;
mod policies;
mod round_trips;
#[path = "../support/mod.rs"]
mod support;
