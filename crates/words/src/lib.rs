//! Three-valued truth, and words for people: the names that were meant, characters that mislead, counts.

pub mod text;

mod truth;
mod unknown;

pub use truth::Truth;
pub use unknown::Unknown;
