//! What training code computes today, in the precisions in which it does.

use std::str::FromStr;

use crate::arith::decimal::digits_of;
use crate::expr::{Tree, Type};
use crate::formulas::{COLLISION, Formula, find};
use crate::source::Dtype;
use crate::study::observation::MOST_DIGITS;
use crate::study::{Mode, Place, UnknownMode};

/// A precision in which training code computes w = 1 - 2 P_c + C with C = exp(lse(2z) - 2 lse(z)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductionMode {
    /// The name in reports and thresholds.
    pub name: String,
    /// The mode as text, see [`Mode`].
    pub text: String,
    /// What is computed in which precision, in words.
    pub note: String,
}

impl ProductionMode {
    /// The decimal digits that a w of this mode has room for: those of the format of the last operation.
    pub(super) fn most_digits(&self) -> f64 {
        let mode: Result<Mode, _> = self.text.parse();
        mode.map_or(MOST_DIGITS, |mode| digits_of(mode.target(Place::Combine).format.precision).min(MOST_DIGITS))
    }
}

/// Name, mode, note.
pub const MODES: &[(&str, &str, &str)] = &[
    (
        "bf16",
        "f32+logits=bf16+lse=bf16+collision=bf16+softmax=log",
        "logits, log-sum-exps and C in bf16 (sums in f32), P_c by a log-softmax in f32",
    ),
    (
        "fp16",
        "f32+logits=fp16+lse=fp16+collision=fp16+softmax=log",
        "logits, log-sum-exps and C in fp16 (sums in f32), P_c by a log-softmax in f32",
    ),
    ("f32", "f32+softmax=log", "everything in f32"),
    (
        "bf16-all",
        "bf16+shift=f32+exp=f32+sum=f32+softmax=log",
        "every tensor in bf16, only the inside of reductions in f32",
    ),
    ("bf16-logits", "f32+logits=bf16+softmax=log", "logits in bf16, everything computed from them in f32"),
    ("f64", "f64+softmax=log", "everything in f64"),
];

/// The name of the mode that computes in the type in which the logits are stored; 8-bit logits are computed with in f32.
pub fn own(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::F64 => "f64",
        Dtype::F16 => "fp16",
        Dtype::BF16 => "bf16",
        Dtype::F32 | Dtype::F8E4M3 | Dtype::F8E5M2 => "f32",
    }
}

/// The format of a type, as text.
pub fn stored(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::F64 => "f64",
        Dtype::F32 => "f32",
        Dtype::F16 => "fp16",
        Dtype::BF16 => "bf16",
        Dtype::F8E4M3 => "e4m3fn",
        Dtype::F8E5M2 => "e5m2",
    }
}

/// The modes of these names, or other modes as text; all of [`MODES`] without any, f64 only for logits in f64.
///
/// # Errors
/// If a name is neither.
pub fn chosen(names: &[String], dtype: Dtype) -> Result<Vec<ProductionMode>, UnknownMode> {
    let known = |&(name, text, note): &(&str, &str, &str)| ProductionMode {
        name: name.into(),
        text: text.into(),
        note: note.into(),
    };
    if names.is_empty() {
        return Ok(MODES.iter().filter(|mode| mode.0 != "f64" || dtype == Dtype::F64).map(known).collect());
    }
    let one = |name: &String| match MODES.iter().find(|mode| mode.0 == name) {
        Some(mode) => Ok(known(mode)),
        None => {
            let mode = Mode::from_str(name)?;
            Ok(ProductionMode { name: name.clone(), text: mode.to_string(), note: "as given".into() })
        }
    };
    names.iter().map(one).collect()
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
