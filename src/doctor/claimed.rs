//! Numbers that a framework claims, certified.

use serde::Serialize;

use crate::arith::scaled::Scaled;
use crate::certified::Enclosures;
use crate::study::observation::{MOST_DIGITS, digits};
use crate::study::relative::relative;
use crate::study::tally::Tally;

use super::figures::{Total, middle};

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
}

/// Name, kind, meaning.
pub const KINDS: &[(&str, ClaimedKind, &str)] = &[
    ("w", ClaimedKind::W, "w = 1 - 2 P_c + sum pi^2"),
    ("logp", ClaimedKind::Logp, "log P_c, natural logarithm"),
    ("sum_pi_squared", ClaimedKind::SumPiSquared, "sum pi^2 over the whole vocabulary"),
];

impl ClaimedKind {
    /// The name in options.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind, _)| *kind == self).expect("every kind has a line").0
    }

    fn truth(self, truth: &Enclosures) -> Scaled {
        match self {
            ClaimedKind::W => truth.w,
            ClaimedKind::SumPiSquared => truth.collision,
            ClaimedKind::Logp => {
                let Scaled { lo, hi, exponent } = truth.surprisal;
                Scaled { lo: -hi, hi: -lo, exponent }
            }
        }
    }
}

/// A row whose claimed number is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Offender {
    /// The row in the file, from 0.
    pub row: u64,
    /// The chosen action.
    pub action: usize,
    /// What is claimed.
    pub claimed: f64,
    /// The true value is at least this times 2^exponent.
    pub low: f64,
    /// The true value is at most this times 2^exponent.
    pub high: f64,
    /// See [`Offender::low`]; 0 where an f64 holds the value.
    pub exponent: i64,
}

/// So many wrong rows are shown.
const SHOWN: usize = 5;

/// What is kept of one claimed column.
#[derive(Clone, Debug, Default)]
pub(super) struct ClaimedCounts {
    rows: u64,
    wrong: u64,
    undecided: u64,
    not_finite: u64,
    /// Rows that are certainly right to this many digits and not to one more.
    right: [u64; MOST_DIGITS as usize + 1],
    errors: Tally,
    total: Total,
    first: Vec<Offender>,
}

impl ClaimedCounts {
    /// Takes a row: wrong is what certainly has fewer than `wanted` digits.
    pub fn add(&mut self, kind: ClaimedKind, wanted: u32, (row, action): (u64, usize), claimed: f64, of: &Enclosures) {
        let truth = kind.truth(of);
        let [least, most] = relative(claimed, &truth);
        let limit = libm::exp10(-f64::from(wanted));
        self.rows += 1;
        self.not_finite += u64::from(!claimed.is_finite());
        self.right[digits(most) as usize] += 1;
        self.errors.add(most);
        self.total.add(claimed, middle(&truth));
        if least > limit {
            self.wrong += 1;
            if self.first.len() < SHOWN {
                let Scaled { lo, hi, exponent } = truth;
                let plain = lo == 0.0 && hi == 0.0 || (-960..=1000).contains(&exponent);
                let power = if plain { exponent as i32 } else { 0 };
                let [low, high] = [lo, hi].map(|end| libm::ldexp(end, power));
                let exponent = if plain { 0 } else { exponent };
                self.first.push(Offender { row, action, claimed, low, high, exponent });
            }
        } else if most > limit {
            self.undecided += 1;
        }
    }

    pub fn merge(&mut self, later: ClaimedCounts) {
        self.rows += later.rows;
        self.wrong += later.wrong;
        self.undecided += later.undecided;
        self.not_finite += later.not_finite;
        self.right.iter_mut().zip(later.right).for_each(|(own, later)| *own += later);
        self.errors.merge(&later.errors);
        self.total.merge(later.total);
        let room = SHOWN - self.first.len();
        self.first.extend(later.first.into_iter().take(room));
    }

    pub fn figures(self, name: String, kind: ClaimedKind, wanted: u32) -> ClaimedFigures {
        let share = |count: u64| (self.rows > 0).then(|| count as f64 / self.rows as f64);
        let left = |share: f64| (self.rows > 0).then(|| digits(self.errors.quantile(1.0 - share)));
        let at_least = |digits: usize| share(self.right[digits..].iter().sum());
        ClaimedFigures {
            name,
            kind,
            rows: self.rows,
            digits: wanted,
            wrong: share(self.wrong),
            undecided: share(self.undecided),
            not_finite: share(self.not_finite),
            right_to_digits: [1, 2, 3, 4, 6].map(|digits| (digits as u32, at_least(digits))).to_vec(),
            digits_p5: left(0.05),
            digits_median: left(0.5),
            total: self.total.ratio(),
            first_wrong: self.first,
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
    /// How many digits were asked for.
    pub digits: u32,
    /// Rows that certainly have fewer digits right.
    pub wrong: Option<f64>,
    /// Rows of which the enclosure does not tell.
    pub undecided: Option<f64>,
    /// Rows that are NaN or infinite.
    pub not_finite: Option<f64>,
    /// For several numbers of digits the share of rows that are certainly right to as many.
    pub right_to_digits: Vec<(u32, Option<f64>)>,
    /// Digits that all but the worst 5 % of the rows have.
    pub digits_p5: Option<f64>,
    /// Digits that half of the rows have.
    pub digits_median: Option<f64>,
    /// The sum of the column over the sum of the true values.
    pub total: Option<f64>,
    /// The first rows that are wrong.
    pub first_wrong: Vec<Offender>,
}
