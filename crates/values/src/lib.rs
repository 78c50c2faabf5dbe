//! Policies, and what an expression of the language is worth in a number system.

use logitlab_kernel::expr;
use logitlab_numbers::arith;

pub mod eval;
pub mod policy;
