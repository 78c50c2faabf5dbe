//! Three-valued truth, and words for people: the names that were meant, characters that mislead, counts.

pub mod text;

mod truth;

pub use truth::Truth;
