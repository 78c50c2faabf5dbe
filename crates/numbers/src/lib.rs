//! Number systems, floating-point formats and correct rounding.

pub mod arith;
pub mod formats;
pub mod parallel;
pub mod stats;
