//! Simulated training as text and figures.

use logitlab_record::report::{plot, table, text, wrap};

pub mod rates;
pub mod simulation;
pub mod simulation_plots;
pub mod stalls;
