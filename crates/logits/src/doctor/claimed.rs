//! Numbers that a framework claims, certified.

use serde::Serialize;

use crate::arith::Truth;
use crate::arith::scaled::Scaled;
use crate::certified::Enclosures;
use crate::stats::count::above;
use crate::stats::sample::Sample;
use crate::study::observation::{MOST_DIGITS, digits};
use crate::study::relative::relative;

use super::error::{First, Offender, Worst, nats, power_of_two};
use super::figures::{Total, middle};
use super::kinds::{ClaimedKind, Measure};

/// What claimed values must be right to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Required {
    /// Decimal digits of what is judged by digits; of log-probabilities and entropies only where they are asked for.
    pub digits: Option<u32>,
    /// Nats of what is judged in nats, positive.
    pub nats: f64,
}

/// The digits that are required where none are asked for.
pub const DEFAULT_DIGITS: u32 = 2;
/// The nats that are required where none are asked for: a ratio exp(difference) is then off by 0.1 % at most, a
/// hundredth of the range of a clip at 0.1.
pub const DEFAULT_NATS: f64 = 1e-3;

impl Default for Required {
    fn default() -> Required {
        Required { digits: None, nats: DEFAULT_NATS }
    }
}

impl Required {
    /// How far a claimed number is off, and whether that is more than what is required: it certainly has fewer digits,
    /// or is off by more nats.
    pub(crate) fn judge(&self, kind: ClaimedKind, claimed: f64, truth: &Scaled) -> Judged {
        let relative = relative(claimed, truth);
        let mut limits = Vec::new();
        if let Some(wanted) = self.digits_of(kind) {
            limits.push((relative, libm::exp10(-f64::from(wanted))));
        }
        let mut error = relative;
        if kind.line().measure == Measure::Nats {
            error = nats(claimed, truth);
            limits.push((error, self.nats));
        }
        let beyond = limits.into_iter().map(|(error, limit)| above(error, limit));
        Judged { relative, error, wrong: beyond.fold(Truth::False, Truth::or) }
    }

    /// The digits that values of a kind must have, if any.
    pub(super) fn digits_of(&self, kind: ClaimedKind) -> Option<u32> {
        match kind.line().measure {
            Measure::Digits => Some(self.digits.unwrap_or(DEFAULT_DIGITS)),
            Measure::Nats => self.digits,
        }
    }
}

/// What a claimed number comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    /// Its relative error, at least and at most.
    pub relative: [f64; 2],
    /// The error at least and at most: in nats where the kind is judged in nats, otherwise the relative one.
    pub error: [f64; 2],
    /// Whether that is more than what is required.
    pub wrong: Truth,
}

/// A row of a claimed column, and what is claimed there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    /// The row in the file, from 0.
    pub row: u64,
    /// Its batch and time, where the tensor has them.
    pub position: Option<[u64; 2]>,
    /// The chosen action.
    pub action: usize,
    /// What is claimed.
    pub claimed: f64,
}

/// So many wrong rows are shown of the worst, and of the first.
const SHOWN: usize = 5;

/// What shares of rows are told for, in nats.
const NATS: [f64; 5] = [1e-6, 1e-4, 1e-3, 1e-2, 1e-1];

/// What is kept of one claimed column.
#[derive(Clone, Debug, Default)]
pub(super) struct ClaimedCounts {
    rows: u64,
    wrong: u64,
    undecided: u64,
    not_finite: u64,
    masked: u64,
    /// Rows that are certainly right to this many digits and not to one more.
    right: [u64; MOST_DIGITS as usize + 1],
    /// Rows that are certainly right to each of [`NATS`].
    right_to_nats: [u64; NATS.len()],
    errors: Sample,
    total: Total,
    nats: Nats,
    first: First<SHOWN>,
    worst: Worst<SHOWN>,
}

/// Errors in nats, of the rows in which both numbers are finite.
#[derive(Clone, Copy, Debug, Default)]
struct Nats {
    rows: u64,
    /// Sum of the claimed less the true numbers.
    difference: f64,
    /// Sum of the errors.
    sum: f64,
    /// The largest error of any row, infinite ones included.
    largest: f64,
}

logitlab_numbers::merge_fields!(ClaimedCounts: rows, wrong, undecided, not_finite, masked, right, right_to_nats, errors, total, nats, first,
    worst);

logitlab_numbers::merge_fields!(Nats: rows, difference, sum; max largest);

impl ClaimedCounts {
    /// Takes a row: wrong is what certainly has fewer digits, or is off by more nats, than what is required.
    pub fn add(&mut self, kind: ClaimedKind, required: &Required, claim: Claim, of: &Enclosures) {
        let (truth, claimed) = (kind.truth(of), claim.claimed);
        let Judged { relative: [_, most], error, wrong } = required.judge(kind, claimed, &truth);
        self.rows += 1;
        self.right[digits(most) as usize] += 1;
        self.errors.add(most);
        let is_right_at_infinity = most == 0.0 && claimed.is_infinite();
        self.masked += u64::from(is_right_at_infinity);
        let is_finite = truth.hi.is_finite() && truth.lo.is_finite();
        self.not_finite += u64::from(!claimed.is_finite() && is_finite);
        let both_finite = claimed.is_finite() && is_finite;
        if both_finite {
            self.total.add(claimed, middle(&truth));
        }
        if kind.line().measure == Measure::Nats {
            let counts = self.right_to_nats.iter_mut().zip(NATS);
            counts.for_each(|(count, limit)| *count += u64::from(error[1] <= limit));
            self.nats.largest = self.nats.largest.max(error[1]);
            if both_finite {
                self.nats.rows += 1;
                self.nats.difference += claimed - middle(&truth);
                self.nats.sum += error[1];
            }
        }
        if wrong == Truth::True {
            self.wrong += 1;
            let (low, high, exponent) = power_of_two(&truth);
            let Claim { row, position, action, .. } = claim;
            let offender = Offender { row, position, action, claimed, low, high, exponent, error };
            self.first.add(offender.clone());
            self.worst.add(offender);
        } else if wrong == Truth::Unknown {
            self.undecided += 1;
        }
    }

    pub fn figures(self, name: String, kind: ClaimedKind, required: &Required) -> ClaimedFigures {
        let share = |count: u64| (self.rows > 0).then(|| count as f64 / self.rows as f64);
        let left = |share: f64| (self.rows > 0).then(|| digits(self.errors.quantile(1.0 - share)));
        let at_least = |digits: usize| share(self.right[digits..].iter().sum());
        let in_nats = kind.line().measure == Measure::Nats && self.rows > 0;
        let mean = |sum: f64| (in_nats && self.nats.rows > 0).then(|| sum / self.nats.rows as f64);
        ClaimedFigures {
            name,
            kind,
            rows: self.rows,
            digits: required.digits_of(kind),
            nats: (kind.line().measure == Measure::Nats).then_some(required.nats),
            wrong: share(self.wrong),
            undecided: share(self.undecided),
            not_finite: share(self.not_finite),
            masked: self.masked,
            right_to_digits: [1, 2, 3, 4, 6].map(|digits| (digits as u32, at_least(digits))).to_vec(),
            right_to_nats: match in_nats {
                true => NATS.iter().zip(self.right_to_nats).map(|(limit, count)| (*limit, share(count))).collect(),
                false => Vec::new(),
            },
            digits_p5: left(0.05),
            digits_median: left(0.5),
            nats_largest: in_nats.then_some(self.nats.largest),
            nats_mean: mean(self.nats.sum),
            nats_difference: mean(self.nats.difference),
            total: self.total.ratio(),
            worst_wrong: self.worst.into_rows(),
            first_wrong: self.first.0,
        }
    }
}

/// What certifying one column comes to; shares of rows from 0 to 1, `None` without rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimedFigures {
    /// The column's name.
    pub name: String,
    /// What it is meant to be.
    pub kind: ClaimedKind,
    /// How many rows there are.
    pub rows: u64,
    /// How many digits were asked for; `None` where nats alone count.
    pub digits: Option<u32>,
    /// How many nats were asked for; `None` where digits count.
    pub nats: Option<f64>,
    /// Rows that certainly have fewer digits right, or are off by more nats.
    pub wrong: Option<f64>,
    /// Rows of which the enclosure does not tell.
    pub undecided: Option<f64>,
    /// Rows that are NaN or infinite, where the true value is finite.
    pub not_finite: Option<f64>,
    /// How many rows are -inf, as they should be: the action is masked there.
    pub masked: u64,
    /// For several numbers of digits the share of rows that are certainly right to as many.
    pub right_to_digits: Vec<(u32, Option<f64>)>,
    /// For several numbers of nats the share of rows that are certainly right to as many; empty where digits count.
    pub right_to_nats: Vec<(f64, Option<f64>)>,
    /// Digits that all but the worst 5 % of the rows have.
    pub digits_p5: Option<f64>,
    /// Digits that half of the rows have.
    pub digits_median: Option<f64>,
    /// The largest error in nats is at most this; infinite where a number that should be finite is not.
    pub nats_largest: Option<f64>,
    /// The mean error in nats, of the rows in which both numbers are finite.
    pub nats_mean: Option<f64>,
    /// The mean of the claimed less the true number, in nats, of the same rows.
    pub nats_difference: Option<f64>,
    /// The sum of the column over the sum of the true values, of the rows in which both are finite.
    pub total: Option<f64>,
    /// The worst rows that are wrong, the worst first.
    pub worst_wrong: Vec<Offender>,
    /// The first rows that are wrong.
    pub first_wrong: Vec<Offender>,
}

impl ClaimedFigures {
    /// Whether a sum that is off by a factor matters: where nats count, the factor of a sum that is nearly 0 says
    /// nothing, and the mean must be off by more nats than what is required.
    pub(super) fn total_matters(&self) -> bool {
        match (self.nats, self.nats_difference) {
            (Some(nats), Some(difference)) => difference.abs() > nats,
            (Some(_), None) => false,
            (None, _) => true,
        }
    }
}
