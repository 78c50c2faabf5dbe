//! Number systems, floating-point formats and correct rounding.

use logitlab_words::text;

pub mod arith;
pub mod formats;
pub mod parallel;
