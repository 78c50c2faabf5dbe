//! What training code computes today, in the precisions in which it does.

use crate::expr::{Tree, Type};
use crate::formulas::{COLLISION, Formula, find};
use crate::source::Dtype;
use crate::study::mode::Softmax;
use crate::study::{Mode, PRESETS, Place, UnknownMode};

/// A precision in which training code computes w = 1 - 2 P_c + C with C = exp(lse(2z) - 2 lse(z)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductionMode {
    /// The name in reports and thresholds: the text that was given.
    pub name: String,
    /// The mode: the same as anywhere else, but that probabilities are those of a log-softmax unless it says otherwise.
    pub mode: Mode,
    /// What is computed in which precision, in words.
    pub note: String,
}

/// The modes that are emulated if none is named, f64 for logits in f64 only.
pub const MODES: [&str; 6] = ["bf16-lse", "fp16-lse", "f32", "bf16-eager", "bf16-stored", "f64"];

/// The name of the mode that computes in the type in which the logits are stored, as training code does: narrow types
/// in part only. 8-bit logits are computed with in f32.
pub fn own(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::F16 => "fp16-lse",
        Dtype::BF16 => "bf16-lse",
        Dtype::F64 => "f64",
        Dtype::F32 | Dtype::F8E4M3 | Dtype::F8E5M2 => "f32",
    }
}

/// The modes of these texts; those of [`MODES`] without any.
///
/// # Errors
/// If a text is no mode.
pub fn chosen(names: &[String], dtype: Dtype) -> Result<Vec<ProductionMode>, UnknownMode> {
    let usual = MODES.into_iter().filter(|name| *name != "f64" || dtype == Dtype::F64);
    if names.is_empty() { usual.map(emulated).collect() } else { names.iter().map(|name| emulated(name)).collect() }
}

fn emulated(name: &str) -> Result<ProductionMode, UnknownMode> {
    let given: Mode = name.parse()?;
    let note = match PRESETS.iter().find(|preset| preset.name == name) {
        Some(preset) => preset.note.to_string(),
        None if given == Mode::uniform(given.target(Place::Combine)) => format!("everything in {name}"),
        None => "as given".to_string(),
    };
    let mode = if name.contains("softmax=") { given } else { given.with_softmax(Softmax::Log) };
    Ok(ProductionMode { name: name.to_string(), mode, note })
}

/// What is computed on every row: w, C, and log P_c as z_c - lse(z).
pub(super) fn formulas() -> [Formula; 3] {
    let production = find("production").expect("a formula of the registry").clone();
    let collision = Formula {
        name: "sum-pi-squared".into(),
        quantity: None,
        tree: Tree::variable(COLLISION, Type::Real),
        text: COLLISION.into(),
        ..production.clone()
    };
    [production, collision, find("logp-logits").expect("a formula of the registry").clone()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_what_it_means_elsewhere_but_for_the_log_softmax() {
        for name in MODES.into_iter().chain(["bf16", "fp16", "bf16-sum32", "f32+sum=f32:pairwise"]) {
            let elsewhere: Mode = name.parse().unwrap();
            assert_eq!(emulated(name).unwrap().mode, elsewhere.with_softmax(Softmax::Log), "{name}");
        }
        assert_eq!(emulated("f32+softmax=naive").unwrap().mode.softmax, Softmax::Naive);
        assert_eq!(emulated("bf16").unwrap().note, "everything in bf16");
    }
}
