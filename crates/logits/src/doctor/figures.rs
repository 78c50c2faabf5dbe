//! What one mode does to all rows, counted.

use serde::Serialize;

use crate::arith::scaled::Scaled;
use crate::certified::Enclosures;
use crate::stats::bands::CONFIDENT;
use crate::stats::sample::{OFF, Sample};
use crate::study::observation::digits;
use crate::study::relative::relative;

/// What is computed for one row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Computed {
    pub w: f64,
    pub collision: f64,
    pub log_probability: f64,
}

/// Counts of rows and sums, in one mode.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    rows: u64,
    nonpositive: u64,
    collision_above_one: u64,
    logp_positive: u64,
    off: u64,
    no_digit: u64,
    dead: u64,
    not_finite: u64,
    coarse: u64,
    overflowed: u64,
    errors: Sample,
    total: Total,
    confident: Total,
}

logitlab_numbers::merge_fields!(Counts: rows, nonpositive, collision_above_one, logp_positive, off, no_digit, dead, not_finite, coarse,
    overflowed, errors, total, confident);

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Total {
    rows: u64,
    computed: f64,
    truth: f64,
}

logitlab_numbers::merge_fields!(Total: rows, computed, truth);

impl Total {
    pub fn add(&mut self, computed: f64, truth: f64) {
        self.rows += 1;
        self.computed += computed;
        self.truth += truth;
    }

    /// Computed over true; `None` where there is nothing to compare with.
    pub fn ratio(&self) -> Option<f64> {
        (self.rows > 0 && self.truth != 0.0).then(|| self.computed / self.truth)
    }
}

/// The middle of an enclosure as an f64, 0 or infinite beyond its range.
pub(super) fn middle(x: &Scaled) -> f64 {
    let exponent = x.exponent.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
    libm::ldexp(x.lo / 2.0 + x.hi / 2.0, exponent)
}

/// Whether a probability is certainly that of a confident row.
pub(super) fn is_confident(p: &Scaled) -> bool {
    p.exponent <= 1 && libm::ldexp(p.lo, p.exponent.max(-1000) as i32) > CONFIDENT.low
}

impl Counts {
    /// Takes a row: what is true of the logits as the mode stores them (`None` where that leaves no policy), and of
    /// those of the file.
    pub fn add(&mut self, computed: Computed, stored: Option<&Enclosures>, given: &Enclosures) {
        let truth = stored.unwrap_or(given);
        let [_, error] = relative(computed.w, &truth.w);
        self.rows += 1;
        self.nonpositive += u64::from(computed.w <= 0.0 && truth.w.lo > 0.0);
        self.dead += u64::from(computed.w == 0.0 && truth.w.lo > 0.0);
        self.collision_above_one += u64::from(computed.collision > 1.0);
        self.logp_positive += u64::from(computed.log_probability > 0.0);
        self.off += u64::from(error > OFF);
        self.no_digit += u64::from(error >= 1.0);
        self.not_finite += u64::from(!computed.w.is_finite());
        self.overflowed += u64::from(stored.is_none());
        let [moved, _] = relative(middle(&truth.w), &given.w);
        self.coarse += u64::from(moved > OFF);
        self.errors.add(error);
        self.total.add(computed.w, middle(&truth.w));
        if is_confident(&truth.p) {
            self.confident.add(computed.w, middle(&truth.w));
        }
    }

    /// The figures; no digits are told that a format with `most` has no room for, however right a result came out.
    pub fn figures(&self, most: f64) -> ModeFigures {
        let share = |count: u64| (self.rows > 0).then(|| count as f64 / self.rows as f64);
        // The quantile of an error that this share of the rows exceeds is the digits that the others have at least.
        let left = |share: f64| (self.rows > 0).then(|| digits(self.errors.quantile(1.0 - share)).min(most));
        ModeFigures {
            rows: self.rows,
            confident_rows: self.confident.rows,
            nonpositive: share(self.nonpositive),
            sum_pi_squared_above_one: share(self.collision_above_one),
            logp_positive: share(self.logp_positive),
            off10: share(self.off),
            no_digit: share(self.no_digit),
            dead: share(self.dead),
            not_finite: share(self.not_finite),
            coarse_logits: share(self.coarse),
            overflowed: share(self.overflowed),
            total: self.total.ratio(),
            total_confident: self.confident.ratio(),
            digits_p5: left(0.05),
            digits_median: left(0.5),
            digits_p95: left(0.95),
        }
    }
}

/// What one mode does to all rows: shares of rows from 0 to 1, ratios of sums, decimal digits. `None` without rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModeFigures {
    /// How many rows there are.
    pub rows: u64,
    /// Those with P_c > 0.99.
    pub confident_rows: u64,
    /// Rows whose computed w is 0 or negative and whose true w is positive.
    pub nonpositive: Option<f64>,
    /// Rows whose computed sum pi^2 is above 1.
    pub sum_pi_squared_above_one: Option<f64>,
    /// Rows whose computed log P_c = z_c - lse(z) is above 0.
    pub logp_positive: Option<f64>,
    /// Rows whose w has a relative error above 0.1, or is not finite.
    pub off10: Option<f64>,
    /// Rows whose w has a relative error of 1 or more, or is not finite.
    pub no_digit: Option<f64>,
    /// Rows whose computed w is exactly 0 and whose true w is positive.
    pub dead: Option<f64>,
    /// Rows whose computed w is NaN or infinite.
    pub not_finite: Option<f64>,
    /// Rows whose true w the rounding of the logits changes by more than a tenth already.
    pub coarse_logits: Option<f64>,
    /// Rows whose logits overflow where they are stored.
    pub overflowed: Option<f64>,
    /// Sum of the computed w over the sum of the true w.
    pub total: Option<f64>,
    /// The same over the confident rows.
    pub total_confident: Option<f64>,
    /// Digits that all but the worst 5 % of the rows have left.
    pub digits_p5: Option<f64>,
    /// Digits that half of the rows have left.
    pub digits_median: Option<f64>,
    /// Digits that the best 5 % of the rows have left.
    pub digits_p95: Option<f64>,
}
