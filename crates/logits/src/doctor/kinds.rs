//! What a claimed number can be meant to be.

use serde::Serialize;

use crate::arith::scaled::Scaled;
use crate::certified::Enclosures;

/// What a claimed number is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimedKind {
    /// w = |e_c - P|^2.
    W,
    /// log P_c, natural.
    Logp,
    /// sum pi^2.
    SumPiSquared,
    /// Shannon's entropy, in nats.
    Entropy,
}

/// In what the error of a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// In digits: the error relative to the true number.
    Digits,
    /// In nats: the error itself. Of log-probabilities exp(difference) is what is used, and near P_c = 1 no digit of
    /// them matters.
    Nats,
}

/// All that there is to say of a kind.
#[derive(Clone, Copy, Debug)]
pub struct KindLine {
    /// The name in options.
    pub name: &'static str,
    /// The kind.
    pub kind: ClaimedKind,
    /// What it means, as a formula.
    pub meaning: &'static str,
    /// The name in sentences.
    pub title: &'static str,
    /// What many of it are called.
    pub values: &'static str,
    /// The name of the [`Advice`](super::Advice) for a column that is wrong.
    pub advice: &'static str,
    /// In what its error counts.
    pub measure: Measure,
    /// The true number.
    truth: fn(&Enclosures) -> Scaled,
}

/// Every kind: one line is all that it takes.
pub const KINDS: &[KindLine] = &[
    KindLine {
        name: "w",
        kind: ClaimedKind::W,
        meaning: "w = 1 - 2 P_c + sum pi^2",
        title: "w",
        values: "values of w",
        advice: "tail-form",
        measure: Measure::Digits,
        truth: |of| of.w,
    },
    KindLine {
        name: "logp",
        kind: ClaimedKind::Logp,
        meaning: "log P_c, natural logarithm",
        title: "log P_c",
        values: "log-probabilities",
        advice: "log-probability",
        measure: Measure::Nats,
        truth: |of| {
            let Scaled { lo, hi, exponent } = of.surprisal;
            Scaled { lo: -hi, hi: -lo, exponent }
        },
    },
    KindLine {
        name: "sum_pi_squared",
        kind: ClaimedKind::SumPiSquared,
        meaning: "sum pi^2 over the whole vocabulary",
        title: "sum pi^2",
        values: "values of sum pi^2",
        advice: "collision",
        measure: Measure::Digits,
        truth: |of| of.collision,
    },
    KindLine {
        name: "entropy",
        kind: ClaimedKind::Entropy,
        meaning: "the entropy -sum pi log pi over the whole vocabulary, in nats",
        title: "entropy",
        values: "entropies",
        advice: "entropy",
        measure: Measure::Nats,
        truth: |of| of.entropy,
    },
];

impl ClaimedKind {
    /// All that there is to say of it.
    pub fn line(self) -> &'static KindLine {
        KINDS.iter().find(|line| line.kind == self).expect("every kind has a line")
    }

    /// The name in options.
    pub fn name(self) -> &'static str {
        self.line().name
    }

    /// The true number.
    pub(crate) fn truth(self, of: &Enclosures) -> Scaled {
        (self.line().truth)(of)
    }
}
