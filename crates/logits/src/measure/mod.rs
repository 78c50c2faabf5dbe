//! Real logits, enclosed rigorously.
//!
//! [`enclose`] makes a [`Measurement`] of one row by three formulas in interval arithmetic, another way than the certified
//! one. [`partial`] says what follows where only the largest log-probabilities are known.

mod enclosure;
mod failure;
mod known_bits;
pub mod partial;

pub use enclosure::{Measurement, enclose};
pub use failure::MeasureError;
pub use known_bits::known_bits;
