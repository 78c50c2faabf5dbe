//! Floating-point modes: formulas compiled for them, errors, bounds, studies.

use logitlab_kernel::expr;
use logitlab_numbers::{arith, formats, parallel, stats};
use logitlab_values::{eval, policy};
use logitlab_words::text;

pub mod formulas;
pub mod report;
pub mod study;
