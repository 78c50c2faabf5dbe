//! The parts of the search for a small counterexample; [`super::smallest`] puts them together.

pub mod choices;
pub mod climb;
pub mod look;
pub mod shrink;
pub mod turning;
pub mod witness;
pub mod work;
