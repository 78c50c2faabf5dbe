//! The comparison that `logitlab compare` prints: modes beside formulas at several confidences.

use rayon::prelude::*;
use serde::Serialize;

use crate::formulas::Formula;
use crate::parallel::in_order;

use super::bounded::Bounded;
use super::cases::{Cases, Confident};
use super::mode::{Mode, Place};
use super::mode_text::preset_of;
use super::observation::digits;
use super::run::{Plan, StudyError};
use super::search::Search;
use super::tally::{Errors, WorstCase};
use super::threshold;
use crate::stats::sample::SampleSummary;

/// Confidences by 1 - P_c, which keeps its digits near P_c = 1.
pub const DEFAULT_RESTS: [f64; 6] = [0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-6];

/// 1 - P_c from 1 down to 10^-`decades`, so many for each power of ten, without 1 itself.
pub fn rests(decades: u32, density: u32) -> Vec<f64> {
    (1..=decades * density).map(|step| libm::pow(10.0, -f64::from(step) / f64::from(density))).collect()
}

/// What to compare at which confidences.
#[derive(Clone, Debug)]
pub struct ComparisonRequest {
    /// Modes, formulas and how to judge them.
    pub plan: Plan,
    /// The number of actions, at least 2.
    pub k: usize,
    /// 1 - P_c of each column.
    pub rests: Vec<f64>,
    /// Policies for each confidence.
    pub cases: u64,
    /// Policies that a search for the worst one tries for each cell; 0 for none.
    pub search: u64,
}

/// All results.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The number of actions.
    pub k: usize,
    /// Policies for each confidence.
    pub cases: u64,
    /// The seed that they come from.
    pub seed: u64,
    /// Policies that a search for the worst one tried for each cell.
    pub search: u64,
    /// 1 - P_c of each cell of a line.
    pub rests: Vec<f64>,
    /// One for each mode and formula, mode by mode.
    pub lines: Vec<Line>,
}

/// 1 - P_c of a text such as `0.9` or `1-1e-6`, which keeps its digits.
///
/// ```
/// use logitlab_floats::study::comparison::parse_rest;
///
/// assert_eq!((parse_rest("1-1e-20"), parse_rest("0.75")), (Ok(1e-20), Ok(0.25)));
/// assert!(["1", "0", "1-"].iter().all(|text| parse_rest(text).is_err()));
/// ```
///
/// # Errors
/// If it is none.
pub fn parse_rest(text: &str) -> Result<f64, String> {
    let expected = "expected a probability strictly between 0 and 1, such as 0.9 or 1-1e-6 (for 1 - 0.000001)";
    let rest = match text.strip_prefix("1-") {
        Some(rest) => rest.parse::<f64>(),
        None => text.parse::<f64>().map(|p| 1.0 - p),
    };
    rest.ok().filter(|rest| *rest > 0.0 && *rest < 1.0).ok_or_else(|| expected.to_string())
}

/// One formula in one mode.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The mode's short name, or its text.
    pub mode: String,
    /// The mode in full.
    pub mode_text: String,
    /// The formula's name.
    pub formula: String,
    /// What it computes.
    pub quantity: String,
    /// The results at each confidence.
    pub cells: Vec<Cell>,
    /// 1 - P_c at which the result is first NaN, 0 or of the wrong sign, all other actions equally likely; absent if
    /// never.
    pub dies_at: Option<f64>,
}

/// The results at one confidence.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// Decimal digits left in the worst case.
    pub digits: f64,
    /// Decimal digits left in the median.
    pub median_digits: f64,
    /// Relative errors.
    pub relative: SampleSummary,
    /// Error bounds from the computed values, beside what was observed.
    pub running: Bounded,
    /// Error bounds from the logits alone, beside what was observed.
    pub a_priori: Bounded,
    /// Errors in units of the last place of the result's format.
    pub ulps: SampleSummary,
    /// What else happened.
    pub counts: Counts,
    /// The case with the largest relative error.
    pub worst: Option<WorstCase>,
}

/// How many results were not merely inexact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// <= 0 where the truth is positive.
    pub not_positive: u64,
    /// 0 where the truth is not.
    pub dead: u64,
    /// NaN.
    pub nan: u64,
    /// Infinite.
    pub infinite: u64,
    /// Something underflowed on the way.
    pub underflow: u64,
    /// Something overflowed on the way.
    pub overflow: u64,
    /// The truth could not be told sharply enough.
    pub unclear: u64,
}

impl Cell {
    /// What a run counted.
    pub fn of(errors: Errors) -> Cell {
        let relative = errors.relative.summary();
        Cell {
            digits: digits(relative.max),
            median_digits: digits(relative.median),
            running: errors.running,
            a_priori: errors.a_priori,
            ulps: errors.ulps.summary(),
            counts: Counts {
                not_positive: errors.not_positive,
                dead: errors.dead,
                nan: errors.nan,
                infinite: errors.infinite,
                underflow: errors.underflow,
                overflow: errors.overflow,
                unclear: errors.unclear,
            },
            worst: errors.worst,
            relative,
        }
    }
}

impl Cell {
    /// How many error bounds were exceeded, of either kind.
    pub fn exceeded(&self) -> u64 {
        self.running.exceeded + self.a_priori.exceeded
    }
}

impl ComparisonRequest {
    /// Results that will be computed: cases times confidences times lines.
    pub fn evaluations(&self) -> u64 {
        self.cases * self.rests.len() as u64 * self.plan.lines() as u64
    }

    /// Compares; `done` is told how many more cases went through all lines.
    ///
    /// # Errors
    /// If a formula cannot be computed in a mode.
    pub fn run(&self, done: &(dyn Fn(u64) + Sync)) -> Result<Comparison, StudyError> {
        let mut columns = Vec::with_capacity(self.rests.len());
        for &rest in &self.rests {
            let cases = Confident { k: self.k, rest, count: self.cases, seed: self.plan.seed };
            let mut errors = self.plan.run(&cases as &dyn Cases, done)?;
            if self.search > 0 {
                self.search(rest, &mut errors)?;
            }
            columns.push(errors.into_iter());
        }
        let pairs: Vec<_> =
            self.plan.modes.iter().flat_map(|mode| self.plan.formulas.iter().map(move |f| (mode, f))).collect();
        let deaths: Vec<_> =
            pairs.par_iter().map(|(mode, f)| threshold::dies_at(&self.plan, mode, f, self.k)).collect();
        let mut lines = Vec::with_capacity(pairs.len());
        for ((mode, formula), dies_at) in pairs.into_iter().zip(deaths) {
            let cells = columns.iter_mut().map(|column| Cell::of(column.next().expect("one for each line"))).collect();
            lines.push(Line {
                mode: name(mode),
                mode_text: mode.to_string(),
                formula: formula.name.clone(),
                quantity: formula.label(),
                cells,
                dies_at: dies_at?,
            });
        }
        let ComparisonRequest { k, cases, search, ref rests, .. } = *self;
        Ok(Comparison { k, cases, seed: self.plan.seed, search, rests: rests.clone(), lines })
    }

    /// Adds what climbing finds to each line's results at one confidence.
    fn search(&self, rest: f64, errors: &mut [Errors]) -> Result<(), StudyError> {
        let lines = self.plan.modes.iter().flat_map(|mode| self.plan.formulas.iter().map(move |f| (mode, f)));
        let lines: Vec<_> = lines.zip(errors).collect();
        let climb = |((mode, formula), errors): ((&Mode, &Formula), &mut Errors)| {
            let search = Search { plan: &self.plan, mode, formula, k: self.k, rest, evaluations: self.search };
            if let Some(found) = search.run()? {
                let format = mode.target(Place::Combine).format;
                errors.add(&found.seen, &format, || (found.logits.clone(), 0));
            }
            Ok(())
        };
        in_order(lines.into_par_iter().map(climb)).map(|_| ())
    }
}

impl Comparison {
    /// How many error bounds were exceeded, of either kind: each is a bug.
    pub fn exceeded(&self) -> u64 {
        self.lines.iter().flat_map(|line| &line.cells).map(Cell::exceeded).sum()
    }
}

/// The short name of a mode, or its text where it has none.
pub fn name(mode: &Mode) -> String {
    preset_of(mode).map_or_else(|| mode.to_string(), |preset| preset.name.to_string())
}
