//! Reports: outcomes, claims with their derivations, and what is trusted, as text, JSON and LaTeX; figures. They decide
//! nothing. Each subject has its own beside it; what they print with is in [`logitlab_record`].

pub use logitlab_claims::report::{derivation, latex, rules, trust};
pub use logitlab_floats::report::{comparison, comparison_plots, fpcore, rows, survey, vectors};
pub use logitlab_logits::report::{diff, doctor, measured};
pub use logitlab_record::report::{plot, table, text, wrap};
pub use logitlab_training::report::{rates, simulation, simulation_plots, stalls};
