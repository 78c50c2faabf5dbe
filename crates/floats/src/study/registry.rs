//! The list of named studies: comparisons whose figures are stored, cited and checked. A new one is a line here, and
//! its snapshot.

use num_rational::BigRational;

use crate::formulas;

use super::bounds::Reference;
use super::comparison::{ComparisonRequest, DEFAULT_RESTS};
use super::run::Plan;

/// A comparison with a name, all of whose parameters are fixed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Study {
    /// Lower-case words joined by hyphens, unique among studies and claims.
    pub id: &'static str,
    /// What it asks, in one line.
    pub title: &'static str,
    /// The modes, as text.
    pub modes: &'static [&'static str],
    /// The formulas, by name.
    pub formulas: &'static [&'static str],
    /// The number of actions.
    pub k: usize,
    /// 1 - P_c of each column.
    pub rests: &'static [f64],
    /// Policies for each of them.
    pub cases: u64,
    /// The seed of everything random.
    pub seed: u64,
    /// What errors are measured against.
    pub reference: Reference,
}

/// The modes that are compared if none is named: formats alone, then what frameworks do.
pub const MODES: &[&str] = &[
    "f64",
    "f32",
    "bf16",
    "fp16",
    "e4m3fn",
    "e5m2",
    "bf16-stored",
    "fp8-stored",
    "bf16-sum32",
    "fp16-sum32",
    "fp8-sum32",
    "bf16-lse",
];

/// The formulas that are compared if none is named.
pub const FORMULAS: &[&str] = &["closed", "closed-lse", "direct", "tail", "factored"];

/// Every study, in the order in which they are listed.
pub const STUDIES: &[Study] = &[
    Study { id: "study-modes", title: "Digits left of an update, by mode and formula", ..DEFAULT },
    Study {
        id: "study-thresholds",
        title: "Where updates die, format by format",
        modes: &["f64", "f32", "tf32", "bf16", "fp16", "e5m2", "e4m3fn", "e3m4", "e3m2", "e2m3", "e2m1"],
        formulas: &["closed", "closed-lse", "production", "direct", "tail", "factored-square", "factored"],
        rests: &[1e-2, 1e-4, 1e-8],
        cases: 16,
        ..DEFAULT
    },
    Study {
        id: "study-log-probabilities",
        title: "Digits left of log-probabilities and importance ratios",
        formulas: &["logp-logits", "logp-shifted", "logp-softmax", "ratio", "ratio-quotient"],
        cases: 32,
        ..DEFAULT
    },
];

/// What `logitlab compare` does without arguments; the other studies say where they differ.
const DEFAULT: Study = Study {
    id: "",
    title: "",
    modes: MODES,
    formulas: FORMULAS,
    k: 10,
    rests: &DEFAULT_RESTS,
    cases: 64,
    seed: 1,
    reference: Reference::Stored,
};

/// The study with this id.
pub fn find(id: &str) -> Option<&'static Study> {
    STUDIES.iter().find(|study| study.id == id)
}

impl Study {
    /// The comparison that it stands for.
    ///
    /// # Panics
    /// If a mode or a formula has no such name, which a test rules out for every study of the registry.
    pub fn request(&self) -> ComparisonRequest {
        let unknown = |name: &str| -> ! { panic!("{}: no mode or formula `{name}`", self.id) };
        let modes = self.modes.iter().map(|text| text.parse().unwrap_or_else(|_| unknown(text)));
        let formulas = self.formulas.iter().map(|name| formulas::find(name).unwrap_or_else(|| unknown(name)).clone());
        ComparisonRequest {
            plan: Plan {
                modes: modes.collect(),
                formulas: formulas.collect(),
                temperature: BigRational::from_integer(1.into()),
                reference: self.reference,
                bounds: true,
                seed: self.seed,
            },
            k: self.k,
            rests: self.rests.to_vec(),
            cases: self.cases,
            search: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_study_can_be_run_and_has_a_name_of_its_own() {
        for (place, study) in STUDIES.iter().enumerate() {
            assert!(find(study.id) == Some(study) && STUDIES[..place].iter().all(|other| other.id != study.id));
            let request = study.request();
            assert_eq!(request.plan.lines(), study.modes.len() * study.formulas.len());
            assert!(study.k >= 2 && study.cases > 0 && study.rests.iter().all(|rest| *rest > 0.0 && *rest < 1.0));
        }
    }
}
