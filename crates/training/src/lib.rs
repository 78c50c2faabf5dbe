//! Training simulated, every step held against the claims.

use logitlab_claims::{claims, judges};
use logitlab_floats::study;
use logitlab_logits::{certified, measure};
use logitlab_numbers::{arith, formats, stats};
use logitlab_values::{eval, policy};
use logitlab_words::text;

pub mod dynamics;
pub mod report;
