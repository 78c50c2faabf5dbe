//! The language of claims, and the small kernel that alone makes a theorem.

use logitlab_words::text;

pub mod expr;
pub mod proof;
