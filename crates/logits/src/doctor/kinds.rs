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
pub(crate) enum Measure {
    /// In digits: the error relative to the true number.
    Digits,
    /// In nats: the error itself. Of log-probabilities exp(difference) is what is used, and near P_c = 1 no digit of
    /// them matters.
    Nats,
}

/// Name, kind, meaning.
pub const KINDS: &[(&str, ClaimedKind, &str)] = &[
    ("w", ClaimedKind::W, "w = 1 - 2 P_c + sum pi^2"),
    ("logp", ClaimedKind::Logp, "log P_c, natural logarithm"),
    ("sum_pi_squared", ClaimedKind::SumPiSquared, "sum pi^2 over the whole vocabulary"),
    ("entropy", ClaimedKind::Entropy, "the entropy -sum pi log pi over the whole vocabulary, in nats"),
];

impl ClaimedKind {
    /// The name in options.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind, _)| *kind == self).expect("every kind has a line").0
    }

    /// The name in sentences.
    pub fn title(self) -> &'static str {
        match self {
            ClaimedKind::W => "w",
            ClaimedKind::Logp => "log P_c",
            ClaimedKind::SumPiSquared => "sum pi^2",
            ClaimedKind::Entropy => "entropy",
        }
    }

    /// What many of it are called.
    pub(super) fn values(self) -> &'static str {
        match self {
            ClaimedKind::W => "values of w",
            ClaimedKind::Logp => "log-probabilities",
            ClaimedKind::SumPiSquared => "values of sum pi^2",
            ClaimedKind::Entropy => "entropies",
        }
    }

    /// The name of the [`Advice`](super::Advice) for a column that is wrong.
    pub fn advice(self) -> &'static str {
        match self {
            ClaimedKind::W => "tail-form",
            ClaimedKind::Logp => "log-probability",
            ClaimedKind::SumPiSquared => "collision",
            ClaimedKind::Entropy => "entropy",
        }
    }

    pub(crate) fn measure(self) -> Measure {
        match self {
            ClaimedKind::W | ClaimedKind::SumPiSquared => Measure::Digits,
            ClaimedKind::Logp | ClaimedKind::Entropy => Measure::Nats,
        }
    }

    pub(crate) fn truth(self, truth: &Enclosures) -> Scaled {
        match self {
            ClaimedKind::W => truth.w,
            ClaimedKind::SumPiSquared => truth.collision,
            ClaimedKind::Entropy => truth.entropy,
            ClaimedKind::Logp => {
                let Scaled { lo, hi, exponent } = truth.surprisal;
                Scaled { lo: -hi, hi: -lo, exponent }
            }
        }
    }
}
