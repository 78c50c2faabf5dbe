//! What the error of a tape can be: enclosures of its real meaning, and bounds on how far the computed result is from it.
//!
//! | what | from | module |
//! |---|---|---|
//! | enclosures | the logits: the real values of all registers | [`mod@enclose`] |
//!
//! Bounds are absolute. One is infinite where nothing can be said: after an overflow, or where a divisor may be 0.

pub mod enclose;
pub mod span;

pub use enclose::{Enclosures, Reference};
