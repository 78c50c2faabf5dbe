//! What many compared rows come to; never a mean alone.

use serde::Serialize;

use crate::arith::Truth;
use crate::arith::interval64::Interval64;

use super::distances::{BANDS, PROBABILITIES};
use super::quantity::QUANTITIES;
use super::row::{Path, RowDiff, Top};
use crate::stats::bands::{self, band_of};
use crate::stats::count::{Count, above, below};
use crate::stats::spread::{Between, Distribution, RowSpread};

/// The ends of the classes of importance ratios that are counted.
pub const RATIOS: [f64; 13] = [0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.001, 1.01, 1.05, 1.1, 1.25, 2.0];

/// How many of the rows that are farthest apart are named.
const WORST: usize = 5;

/// The limits that importance ratios are held against.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Limits {
    /// The band that a ratio should stay in.
    pub band: [f64; 2],
    /// The range epsilon of a PPO clip: 1 - epsilon to 1 + epsilon.
    pub clip: f64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { band: [0.9, 1.1], clip: 0.2 }
    }
}

impl Limits {
    /// All numbers that a ratio has to be told apart from.
    pub fn all(&self) -> [f64; 4] {
        [self.band[0], self.band[1], 1.0 - self.clip, 1.0 + self.clip]
    }
}

/// A row and a number that it has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Worst {
    /// The row, from 0.
    pub row: u64,
    /// The chosen action.
    pub action: usize,
    /// The number.
    pub value: Between,
}

/// One quantity over all rows.
#[derive(Clone, Debug, Serialize)]
pub struct QuantitySummary {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Over all rows that have it.
    pub all: Option<RowSpread>,
    /// Over the rows in each of [`bands::BANDS`].
    pub by_confidence: Vec<Option<RowSpread>>,
    /// Where it is largest, by its lower bound; of equal rows the first.
    pub worst: Vec<Worst>,
}

/// The largest |log P_B - log P_A| of any action in a band of probability under A.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProbabilityBand {
    /// The band.
    pub band: &'static str,
    /// Over rows that have an action there: how the row's largest is spread.
    pub largest: Option<RowSpread>,
    /// Where it is largest.
    pub worst: Option<Worst>,
}

/// What the rounding hypothesis says of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Rows that rounding of shared logits can have made.
    pub consistent: u64,
    /// Rows that it cannot.
    pub refuted: u64,
    /// Of those, rows whose chosen action moved further than rounding of all logits could have moved it.
    pub action_beyond: u64,
    /// Logits beyond their rounding, over all rows, at the best shifts found.
    pub logits_beyond: u64,
    /// The first refuted row.
    pub first: Option<u64>,
    /// The refuted row with most logits beyond their rounding, and how many.
    pub most: Option<(u64, u64)>,
    /// Of the rows whose ratio leaves the band for certain: those consistent with rounding.
    pub outside_consistent: u64,
    /// Those refuted, whose action moved no further than rounding could have moved it.
    pub outside_refuted: u64,
    /// Those whose action moved further.
    pub outside_beyond: u64,
}

/// Whether a PPO clip would fire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Clipped {
    /// Ratios above 1 + epsilon; with advantages, of positive advantages alone.
    pub high: Count,
    /// Ratios below 1 - epsilon; with advantages, of negative advantages alone.
    pub low: Count,
    /// Whether advantages were known.
    pub by_advantage: bool,
}

/// What all rows come to.
#[derive(Clone, Debug, Serialize)]
pub struct DiffSummary {
    /// How many rows were compared.
    pub rows: u64,
    /// Rows that are the same bits on both sides.
    pub identical: u64,
    /// Rows that went to MPFR, because f64 was not enough.
    pub by_mpfr: u64,
    /// What ratios are held against.
    pub limits: Limits,
    /// Every quantity.
    pub quantities: Vec<QuantitySummary>,
    /// The largest change of any action, by its probability under A.
    pub bands: Vec<ProbabilityBand>,
    /// Rows in each of [`bands::BANDS`].
    pub confidences: Vec<u64>,
    /// Ratios outside of the band.
    pub outside: Count,
    /// The first rows whose ratio is outside for certain.
    pub outside_rows: Vec<u64>,
    /// Ratios in each class from one of [`RATIOS`] up to the next, the lower end included; the last is open.
    pub ratios: Vec<u64>,
    /// Ratios whose class cannot be told.
    pub ratios_undecided: u64,
    /// Whether a PPO clip would fire.
    pub clipped: Clipped,
    /// Rows with the same most likely action, with a tie for it, and with another one.
    pub top_same: u64,
    /// Rows with a tie for it, as stored.
    pub top_tied: u64,
    /// Rows with another one.
    pub top_differs: u64,
    /// The first rows with another one.
    pub top_rows: Vec<u64>,
    /// Rows in which one side masks what the other does not.
    pub masks_differ: u64,
    /// The first of them.
    pub masks_first: Option<u64>,
    /// Actions that A masks and B does not, over all rows.
    pub masked_by_a: u64,
    /// Actions that B masks and A does not.
    pub masked_by_b: u64,
    /// Rows whose chosen action is masked on one side alone.
    pub action_masked: u64,
    /// Rows whose chosen action is masked on both sides: they have no ratio.
    pub action_impossible: u64,
    /// What the rounding hypothesis says.
    pub explained: Explained,
}

/// Counts compared rows up to a [`DiffSummary`], in memory that does not grow with their number.
pub struct DiffTally {
    summary: DiffSummary,
    all: Vec<Distribution>,
    by_confidence: Vec<[Distribution; bands::BANDS.len()]>,
    bands: Vec<Distribution>,
}

impl DiffTally {
    /// Counts nothing yet.
    pub fn new(limits: Limits, by_advantage: bool) -> DiffTally {
        let quantity = |quantity: &super::quantity::Quantity| QuantitySummary {
            name: quantity.name,
            title: quantity.title,
            all: None,
            by_confidence: Vec::new(),
            worst: Vec::new(),
        };
        let bands = PROBABILITIES.map(|(band, _)| ProbabilityBand { band, largest: None, worst: None });
        let summary = DiffSummary {
            rows: 0,
            identical: 0,
            by_mpfr: 0,
            limits,
            quantities: QUANTITIES.iter().map(quantity).collect(),
            bands: bands.into(),
            confidences: vec![0; bands::BANDS.len()],
            outside: Count::default(),
            outside_rows: Vec::new(),
            ratios: vec![0; RATIOS.len()],
            ratios_undecided: 0,
            clipped: Clipped { by_advantage, ..Clipped::default() },
            top_same: 0,
            top_tied: 0,
            top_differs: 0,
            top_rows: Vec::new(),
            masks_differ: 0,
            masks_first: None,
            masked_by_a: 0,
            masked_by_b: 0,
            action_masked: 0,
            action_impossible: 0,
            explained: Explained::default(),
        };
        let none = Distribution::default;
        let count = QUANTITIES.len();
        DiffTally {
            summary,
            all: vec![none(); count],
            by_confidence: (0..count).map(|_| std::array::from_fn(|_| none())).collect(),
            bands: vec![none(); BANDS],
        }
    }

    /// Counts one more row.
    pub fn add(&mut self, row: u64, action: usize, advantage: Option<f64>, compared: &RowDiff) {
        let chosen = &compared.distances.chosen;
        let p = 0.5 * (chosen.p.lo() + chosen.p.hi());
        let confidence = band_of(p);
        let summary = &mut self.summary;
        summary.rows += 1;
        summary.identical += u64::from(compared.path == Path::Identical);
        summary.by_mpfr += u64::from(compared.path == Path::Reference);
        summary.confidences[confidence] += 1;
        for (index, quantity) in QUANTITIES.iter().enumerate() {
            if let Some(x) = (quantity.of)(compared) {
                self.all[index].add(x);
                self.by_confidence[index][confidence].add(x);
                let worst = Worst { row, action, value: x.into() };
                keep_worst(&mut summary.quantities[index].worst, worst, WORST);
            }
        }
        let bands = compared.distances.bands.iter().zip(&mut self.bands).zip(&mut summary.bands);
        for ((largest, distribution), band) in bands {
            if let Some(x) = largest {
                distribution.add(*x);
                let mut worst: Vec<Worst> = band.worst.into_iter().collect();
                keep_worst(&mut worst, Worst { row, action, value: (*x).into() }, 1);
                band.worst = worst.first().copied();
            }
        }
        match compared.top {
            Top::Same => summary.top_same += 1,
            Top::Tie => summary.top_tied += 1,
            Top::Differs => {
                summary.top_differs += 1;
                keep_first(&mut summary.top_rows, row);
            }
        }
        let masks = compared.masks;
        if masks.by_a + masks.by_b > 0 {
            summary.masks_differ += 1;
            summary.masks_first.get_or_insert(row);
            summary.masked_by_a += masks.by_a;
            summary.masked_by_b += masks.by_b;
        }
        let outside = match chosen.ratio {
            None => {
                summary.action_impossible += 1;
                Truth::False
            }
            Some(ratio) => summary.add_ratio(row, ratio, advantage),
        };
        summary.action_masked +=
            u64::from(chosen.delta.is_some_and(|delta| delta.lo() == delta.hi() && delta.lo().is_infinite()));
        summary.add_explanation(row, compared, outside == Truth::True);
    }

    /// What has been counted.
    pub fn summary(mut self) -> DiffSummary {
        let spreads = self.all.iter().zip(&self.by_confidence);
        for (quantity, (all, bands)) in self.summary.quantities.iter_mut().zip(spreads) {
            quantity.all = all.spread();
            quantity.by_confidence = bands.iter().map(Distribution::spread).collect();
        }
        for (band, distribution) in self.summary.bands.iter_mut().zip(&self.bands) {
            band.largest = distribution.spread();
        }
        self.summary
    }
}

impl DiffSummary {
    fn add_ratio(&mut self, row: u64, ratio: Interval64, advantage: Option<f64>) -> Truth {
        let Limits { band: [least, most], clip } = self.limits;
        let ends = [ratio.lo(), ratio.hi()];
        let outside = below(ends, least).or(above(ends, most));
        self.outside.add(outside);
        if outside == Truth::True {
            keep_first(&mut self.outside_rows, row);
        }
        let class = |x: f64| RATIOS.iter().rposition(|end| *end <= x).unwrap_or(0);
        match (class(ratio.lo()), class(ratio.hi())) {
            (low, high) if low == high => self.ratios[low] += 1,
            _ => self.ratios_undecided += 1,
        }
        let (high, low) = (above(ends, 1.0 + clip), below(ends, 1.0 - clip));
        // max(-A r, -A clip(r)) is flat in r above for A > 0, and below for A < 0.
        let (rises, falls) = advantage.map_or((true, true), |advantage| (advantage > 0.0, advantage < 0.0));
        self.clipped.high.add(if rises { high } else { Truth::False });
        self.clipped.low.add(if falls { low } else { Truth::False });
        outside
    }

    fn add_explanation(&mut self, row: u64, compared: &RowDiff, outside: bool) {
        let explained = &mut self.explained;
        let explanation = &compared.explanation;
        let least = compared
            .distances
            .chosen
            .delta
            .map_or(0.0, |delta| if delta.lo() > 0.0 { delta.lo() } else { -delta.hi() });
        // An action that one side alone masks moved infinitely far, whatever bound there is for the others.
        let is_beyond = !explanation.consistent
            && (least == f64::INFINITY || explanation.bounds.is_some_and(|bounds| least > bounds.delta));
        if explanation.consistent {
            explained.consistent += 1;
        } else {
            explained.refuted += 1;
            explained.first.get_or_insert(row);
            explained.logits_beyond += explanation.beyond;
            explained.action_beyond += u64::from(is_beyond);
            if explained.most.is_none_or(|(_, most)| explanation.beyond > most) {
                explained.most = Some((row, explanation.beyond));
            }
        }
        if outside {
            explained.outside_consistent += u64::from(explanation.consistent);
            explained.outside_beyond += u64::from(is_beyond);
            explained.outside_refuted += u64::from(!explanation.consistent && !is_beyond);
        }
    }

    /// The spread of a quantity over all rows.
    pub fn spread(&self, name: &str) -> Option<RowSpread> {
        self.quantities.iter().find(|quantity| quantity.name == name).and_then(|quantity| quantity.all)
    }
}

/// Keeps the rows with the largest lower bounds, the largest first.
fn keep_worst(kept: &mut Vec<Worst>, new: Worst, most: usize) {
    let place = kept.partition_point(|old| old.value.lo >= new.value.lo);
    if place < most {
        kept.insert(place, new);
        kept.truncate(most);
    }
}

fn keep_first(rows: &mut Vec<u64>, row: u64) {
    if rows.len() < WORST {
        rows.push(row);
    }
}
