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
    /// P_c.
    P,
    /// |e_c - P|, the root of w.
    Norm,
    /// The sum of all probabilities, 1.
    SumP,
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
    KindLine {
        name: "p",
        kind: ClaimedKind::P,
        meaning: "P_c, the probability of the action",
        title: "P_c",
        values: "probabilities",
        advice: "probability",
        measure: Measure::Digits,
        truth: |of| of.p,
    },
    KindLine {
        name: "norm",
        kind: ClaimedKind::Norm,
        meaning: "|e_c - P|, the root of w",
        title: "norm",
        values: "norms",
        advice: "tail-form",
        measure: Measure::Digits,
        truth: |of| of.norm,
    },
    KindLine {
        name: "sum_p",
        kind: ClaimedKind::SumP,
        meaning: "the sum of all probabilities, which is 1",
        title: "sum pi",
        values: "sums of probabilities",
        advice: "probability",
        measure: Measure::Digits,
        // Where there are enclosures there is a softmax, and it sums to 1.
        truth: |_| Scaled::point(1.0),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certified::{Settings, enclose};
    use crate::doctor::Advice;

    #[test]
    fn every_kind_has_one_line_and_an_advice() {
        for line in KINDS {
            assert_eq!(line.kind.line().name, line.name);
            assert!(Advice::find(line.advice).is_some(), "{}", line.name);
            assert_eq!(KINDS.iter().filter(|other| other.name == line.name || other.kind == line.kind).count(), 1);
            assert_eq!(serde_json::to_value(line.kind).unwrap(), line.name);
        }
    }

    /// Of P = (2, 1, 1)/4 and the first action: w = 1/4 + 2/16, the norm its root.
    #[test]
    fn true_numbers_are_enclosed() {
        let two = std::f64::consts::LN_2;
        let (found, _) = enclose(&Settings::default(), &[two, 0.0, 0.0], 0).unwrap();
        // The f64 of log 2 is off by 2.4e-17: what is exact for log 2 is off by no more than as much here.
        let truths = [
            (ClaimedKind::P, 0.5),
            (ClaimedKind::Norm, libm::sqrt(0.375)),
            (ClaimedKind::W, 0.375),
            (ClaimedKind::SumPiSquared, 0.375),
            (ClaimedKind::SumP, 1.0),
            (ClaimedKind::Logp, -two),
            (ClaimedKind::Entropy, 1.5 * two),
        ];
        assert_eq!(truths.len(), KINDS.len());
        for (kind, expected) in truths {
            let [lo, hi] = kind.truth(&found).outward();
            let room = 1e-15;
            assert!(lo - room <= expected && expected <= hi + room, "{}: {lo} {hi}", kind.name());
            assert!(hi - lo <= 1e-9, "{}: {lo} {hi}", kind.name());
        }
    }
}
