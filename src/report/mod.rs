//! Reports: outcomes, claims with their derivations, and what is trusted, as text, JSON and LaTeX; figures.
//! They decide nothing.

pub mod comparison;
pub mod comparison_plots;
pub mod derivation;
pub mod diff;
pub mod doctor;
pub mod fpcore;
pub mod latex;
pub mod measured;
pub mod plot;
pub mod rates;
pub mod rows;
pub mod simulation;
pub mod simulation_plots;
pub mod stalls;
pub mod survey;
pub(crate) mod table;
pub mod text;
pub mod trust;
pub mod vectors;
mod width;
pub(crate) mod wrap;
