//! Real logits: read from files, enclosed, measured, examined and compared.

use logitlab_floats::{formulas, study};
use logitlab_kernel::expr;
use logitlab_numbers::{arith, formats, parallel, stats};
use logitlab_values::{eval, policy};
use logitlab_words::text;

pub mod certified;
pub mod diff;
pub mod doctor;
pub mod measure;
pub mod monitor;
pub mod report;
pub mod source;
