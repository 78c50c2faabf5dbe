//! The registry: every claim that the crate ships. A new one is a file under `proofs/` and a line here.

use std::sync::LazyLock;

use serde::Serialize;

use super::{Claim, file};
use crate::proof::Library;

/// A part of the collection; the folder under `proofs/` that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// What the paper states.
    Paper,
    /// What follows from it and people use.
    Consequences,
    /// Standard facts of the field and lemmas of other papers, to be cited.
    Library,
    /// False claims, which must be refuted.
    False,
    /// What holds for computing it in floating point.
    FloatingPoint,
}

impl Section {
    /// Every section in order.
    pub const ALL: &'static [Section] =
        &[Section::Paper, Section::Consequences, Section::Library, Section::False, Section::FloatingPoint];

    /// The folder under `proofs/`.
    pub fn folder(self) -> &'static str {
        match self {
            Section::Paper => "paper",
            Section::Consequences => "consequences",
            Section::Library => "library",
            Section::False => "false",
            Section::FloatingPoint => "floating-point",
        }
    }

    /// The heading above its claims.
    pub fn title(self) -> &'static str {
        match self {
            Section::Paper => "The paper: arXiv:2506.12912",
            Section::Consequences => "Consequences that people use",
            Section::Library => "Standard facts and lemmas of other papers",
            Section::False => "False claims, to be refuted",
            Section::FloatingPoint => "Computing it in floating point",
        }
    }
}

macro_rules! proof_files {
    ($($path:literal)*) => {
        /// Path below `proofs/` and text of every claim, in the order in which they are shown.
        pub const FILES: &[(&str, &str)] = &[$(($path, include_str!(concat!("../../proofs/", $path)))),*];
    };
}

proof_files! {
    "paper/score.proof"
    "paper/update.proof"
    "paper/zero-sum.proof"
    "paper/norm-identity.proof"
    "paper/collision-range.proof"
    "paper/collision-renyi.proof"
    "paper/entropy-order.proof"
    "paper/limit-confident.proof"
    "paper/limit-rare.proof"
    "paper/special-values.proof"
    "paper/self-regulation.proof"
    "paper/paper-table.proof"
    "consequences/tail-form.proof"
    "consequences/factored-form.proof"
    "consequences/two-sided.proof"
    "consequences/other-norms.proof"
    "consequences/expected-norm.proof"
    "consequences/fisher.proof"
    "consequences/learned-logprob.proof"
    "consequences/finite-step.proof"
    "consequences/step-kl.proof"
    "consequences/step-variance.proof"
    "consequences/entropy-change.proof"
    "consequences/expected-update.proof"
    "consequences/bandit-ascent.proof"
    "consequences/temperature.proof"
    "consequences/label-smoothing.proof"
    "consequences/collision-lse.proof"
    "consequences/shift-invariance.proof"
    "consequences/tail-bound.proof"
    "consequences/optimal-baseline.proof"
    "consequences/alternate-estimator.proof"
    "library/policy-gradient.proof"
    "library/log-policy-hessian.proof"
    "library/kl-hessian.proof"
    "library/reverse-kl-step.proof"
    "library/entropy-regularised-gradient.proof"
    "library/log-barrier-gradient.proof"
    "library/sharpening-entropy.proof"
    "library/natural-gradient-step.proof"
    "library/softmax-tilt.proof"
    "library/pairwise-choice.proof"
    "library/two-actions.proof"
    "library/preference-gradient.proof"
    "library/regularised-optimum.proof"
    "library/tilted-improvement.proof"
    "library/soft-value-bounds.proof"
    "library/ratio-moments.proof"
    "library/kl-estimators.proof"
    "library/leave-one-out.proof"
    "library/group-standardised.proof"
    "library/samuelson.proof"
    "library/smaller-of-two.proof"
    "library/larger-of-two.proof"
    "library/ppo-objective.proof"
    "library/clipped-surrogate.proof"
    "library/truncation-cost.proof"
    "library/negative-gradient.proof"
    "library/squeezing.proof"
    "library/lojasiewicz.proof"
    "library/smooth-objective.proof"
    "library/gradient-variance.proof"
    "library/bhatia-davis-bound.proof"
    "library/effective-sample-size.proof"
    "library/range-norm.proof"
    "library/lse-between.proof"
    "library/lse-tangent.proof"
    "library/lse-convex-combination.proof"
    "library/lse-smooth.proof"
    "library/softmax-cocoercive.proof"
    "library/softmax-lipschitz.proof"
    "library/softmax-bounds.proof"
    "library/softplus-between.proof"
    "library/gibbs-inequality.proof"
    "library/log-sum-inequality.proof"
    "library/data-processing-subset.proof"
    "library/pinsker-inequality.proof"
    "library/divergence-value.proof"
    "library/chi-squared-bound.proof"
    "library/divergence-ceiling.proof"
    "library/affinity-positive.proof"
    "library/hellinger-affinity.proof"
    "library/bretagnolle-huber-inequality.proof"
    "library/entropy-bounds.proof"
    "library/min-entropy.proof"
    "false/false-single-probability.proof"
    "false/false-collision-sign.proof"
    "false/false-pointwise-expectation.proof"
    "false/false-confidence-bound.proof"
    "false/false-unit-bound.proof"
    "false/false-collision-half.proof"
    "false/false-entropy-order.proof"
    "false/false-sum-norm.proof"
    "false/false-low-entropy.proof"
    "false/false-uniform-bound.proof"
    "false/false-nonnegative.proof"
    "floating-point/cancellation.proof"
    "floating-point/saturation.proof"
    "floating-point/stagnation.proof"
    "floating-point/nonnegative.proof"
}

static CLAIMS: LazyLock<Vec<Claim>> = LazyLock::new(|| FILES.iter().map(|(path, text)| read(path, text)).collect());

fn read(path: &str, text: &str) -> Claim {
    let mut claim = file::parse(text).unwrap_or_else(|error| panic!("proofs/{path}: {error}"));
    let folder = path.split('/').next().expect("a path has a first part");
    claim.section = Section::ALL.iter().copied().find(|section| section.folder() == folder);
    claim
}

/// Every claim that the crate ships, in the order in which they are shown.
pub fn claims() -> &'static [Claim] {
    &CLAIMS
}

/// The claim with this id.
pub fn find(id: &str) -> Option<&'static Claim> {
    claims().iter().find(|claim| claim.id == id)
}

impl Claim {
    /// The claims that its derivation may cite: a user's beside it, and those that the crate ships.
    pub fn library(&self) -> Library<'_> {
        Library::new(self.beside.iter().chain(claims()).map(Claim::entry))
    }
}
