//! Studies as text, tables and figures; formulas as FPCore.

use logitlab_record::report::{plot, table, text, wrap};

pub mod comparison;
pub mod comparison_plots;
pub mod fpcore;
pub mod rows;
pub mod survey;
pub mod vectors;
