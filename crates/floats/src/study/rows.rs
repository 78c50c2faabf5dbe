//! Real logits in several modes: what is left of each row, by confidence.

use serde::Serialize;

use super::cases::Cases;
use super::comparison::name;
use super::observation::{Observation, digits};
use super::run::{Collect, Of, Plan, StudyError};
use crate::stats::bands::{self, Band};
use crate::stats::merge::Merge;
use crate::stats::sample::{OFF, Sample};

/// Every band: all rows, four that together are all, and the confident rows.
pub const BANDS: [Band; 6] = {
    let [low, high, higher, highest] = bands::BANDS;
    [Band { name: "all", low: -1.0, high: 1.0 }, low, high, higher, highest, bands::CONFIDENT]
};

/// The band of all rows, and that of confident ones, in [`BANDS`].
pub const ALL: usize = 0;
/// See [`ALL`].
pub const CONFIDENT: usize = 5;

/// What is kept of the rows of one band.
#[derive(Clone, Debug, Default)]
struct Kept {
    relative: Sample,
    not_positive: u64,
    off: u64,
    nan: u64,
    infinite: u64,
    computed: f64,
    truth: f64,
}

/// What is kept of all rows.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    bands: [Kept; BANDS.len()],
    unclear: u64,
}

logitlab_numbers::merge_fields!(Kept: relative, not_positive, off, nan, infinite, computed, truth);
logitlab_numbers::merge_fields!(Rows: bands, unclear);

/// P_c in f64; what is off by some units of the last place is the band of a row on its border.
fn confidence(logits: &[f64], action: usize) -> f64 {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logits.iter().map(|z| libm::exp(z - max)).sum();
    libm::exp(logits[action] - max) / total
}

impl Collect for Rows {
    fn add(&mut self, seen: &Observation, of: Of<'_>) {
        let p = confidence(&of.reference[..of.case.k], of.case.action);
        let relative = seen.relative();
        for (band, kept) in BANDS.iter().zip(&mut self.bands).filter(|(band, _)| p > band.low && p <= band.high) {
            debug_assert!(band.low < band.high);
            kept.relative.add(relative);
            kept.not_positive += u64::from(seen.is_not_positive());
            kept.off += u64::from(relative > OFF);
            kept.nan += u64::from(seen.computed.is_nan());
            kept.infinite += u64::from(seen.computed.is_infinite());
            kept.computed += seen.computed;
            kept.truth += seen.truth.to_f64();
        }
    }

    fn add_unclear(&mut self) {
        self.unclear += 1;
    }

    fn merge(&mut self, later: Rows) {
        Merge::merge(self, later);
    }
}

/// The rows of one band in one mode by one formula.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BandSummary {
    /// Which rows.
    pub band: Band,
    /// How many.
    pub rows: u64,
    /// With a result <= 0 where the truth is positive.
    pub not_positive: u64,
    /// With a relative error of more than [`OFF`], or no finite result.
    pub off: u64,
    /// With NaN.
    pub nan: u64,
    /// With an infinite result.
    pub infinite: u64,
    /// Decimal digits left in the median.
    pub median_digits: f64,
    /// Decimal digits that 95 % of the rows have left.
    pub low_digits: f64,
    /// The sum of the results over the sum of the true values; NaN (in JSON null) without rows.
    pub sum_ratio: f64,
}

/// One formula in one mode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowsLine {
    /// The mode's short name, or its text.
    pub mode: String,
    /// The mode in full.
    pub mode_text: String,
    /// The formula's name.
    pub formula: String,
    /// What it computes.
    pub quantity: String,
    /// Rows whose truth could not be told sharply enough, or that have none; they are in no band.
    pub unclear: u64,
    /// By confidence, in the order of [`BANDS`].
    pub bands: Vec<BandSummary>,
}

/// All results for the rows of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowsComparison {
    /// The version of this document.
    pub schema: u32,
    /// The number of rows.
    pub rows: u64,
    /// The number of actions.
    pub columns: u64,
    /// Where the actions come from; absent where no formula uses any.
    pub actions: Option<String>,
    /// One for each mode and formula, mode by mode.
    pub lines: Vec<RowsLine>,
}

impl Rows {
    fn summaries(&self) -> Vec<BandSummary> {
        let one = |(&band, kept): (&Band, &Kept)| BandSummary {
            band,
            rows: kept.relative.count(),
            not_positive: kept.not_positive,
            off: kept.off,
            nan: kept.nan,
            infinite: kept.infinite,
            median_digits: digits(kept.relative.quantile(0.5)),
            low_digits: digits(kept.relative.quantile(0.95)),
            sum_ratio: kept.computed / kept.truth,
        };
        BANDS.iter().zip(&self.bands).map(one).collect()
    }
}

/// Runs all formulas in all modes on rows of `columns` logits; `done` is told how many more are finished.
///
/// # Errors
/// If a formula cannot be computed in a mode.
pub fn compare(
    plan: &Plan,
    cases: &dyn Cases,
    columns: u64,
    actions: Option<String>,
    done: &(dyn Fn(u64) + Sync),
) -> Result<RowsComparison, StudyError> {
    let kept: Vec<Rows> = plan.collect(cases, done)?;
    let pairs = plan.modes.iter().flat_map(|mode| plan.formulas.iter().map(move |formula| (mode, formula)));
    let line = |((mode, formula), rows): (_, Rows)| {
        let (mode, formula): (&super::Mode, &crate::formulas::Formula) = (mode, formula);
        RowsLine {
            mode: name(mode),
            mode_text: mode.to_string(),
            formula: formula.name.clone(),
            quantity: formula.label(),
            unclear: rows.unclear,
            bands: rows.summaries(),
        }
    };
    let lines = pairs.zip(kept).map(line).collect();
    Ok(RowsComparison { schema: 1, rows: cases.count(), columns, actions, lines })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{Case, TrueValue};

    #[test]
    fn summaries_of_rows_made_by_hand() {
        let format = "f32".parse::<crate::formats::Target>().unwrap().format;
        let mut halves = [Rows::default(), Rows::default()];
        // log-odds of P_c, computed, truth
        let rows = [
            (0.0, 1.0, 1.0),
            (3.0, 1.2, 1.0),
            (5.0, 0.0, 0.5),
            (6.0, -1.0, 0.5),
            (9.0, f64::NAN, 1.0),
            (2.0, f64::INFINITY, 1.0),
            (5.5, 1.01, 1.0),
        ];
        for (index, &(odds, computed, truth)) in rows.iter().enumerate() {
            let case = Case { logits: vec![0.0, odds], k: 2, action: 1 };
            let of = Of { case: &case, given: &case.logits, reference: &case.logits, format: &format };
            let seen = Observation { computed, truth: TrueValue::between(truth, truth), flags: 0, bounds: None };
            halves[index % 2].add(&seen, of);
        }
        let [mut all, later] = halves;
        all.add_unclear();
        Merge::merge(&mut all, later);
        let found = all.summaries();
        let counts = |band: usize| {
            let s = &found[band];
            (s.rows, s.not_positive, s.off, s.nan, s.infinite)
        };
        // exp(3) : 1 is 0.953, exp(5) : 1 is 0.9933, exp(6) : 1 is 0.9975, exp(9) : 1 is 0.99988.
        assert_eq!(counts(0), (7, 2, 5, 1, 1));
        assert_eq!(counts(1), (2, 0, 1, 0, 1));
        assert_eq!(counts(2), (1, 0, 1, 0, 0));
        assert_eq!(counts(3), (3, 2, 2, 0, 0));
        assert_eq!(counts(4), (1, 0, 1, 1, 0));
        assert_eq!(counts(5), (4, 2, 3, 1, 0));
        assert_eq!(found[3].sum_ratio, (0.0 - 1.0 + 1.01) / 2.0);
        assert!(found[0].sum_ratio.is_nan() && found[1].sum_ratio == f64::INFINITY);
        assert_eq!((found[3].median_digits, found[3].low_digits), (0.0, 0.0));
        assert_eq!(found[1].low_digits, 0.0);
        assert!((found[2].median_digits - 0.699).abs() < 1e-3);
        assert_eq!(all.unclear, 1);
    }
}
