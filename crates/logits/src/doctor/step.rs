//! Whether a step still moves logits as they are stored.
//!
//! A step moves the logits by dz = g (e_c - P) / tau. Rounded to nearest, z + dz is z again if |dz| is below half the
//! gap to the next number on that side, or equal to it where z is even (claim stagnation).

use serde::Serialize;

use crate::arith::elementary64;
use crate::arith::scaled::Scaled;
use crate::certified::{Enclosures, Given};
use crate::formats::Format;
use crate::study::truth::scale;

/// How large steps are.
#[derive(Clone, Debug, PartialEq)]
pub enum StepSize {
    /// The same g for every row.
    Fixed(f64),
    /// g = eta times the advantage of the row.
    PerRow {
        /// The learning rate.
        eta: f64,
    },
}

impl StepSize {
    /// The name in reports and thresholds.
    pub fn name(&self) -> String {
        match self {
            StepSize::Fixed(g) => format!("g={g}"),
            StepSize::PerRow { eta } => format!("eta={eta}"),
        }
    }

    /// The g of a row.
    pub(super) fn of(&self, advantage: Option<f64>) -> f64 {
        match self {
            StepSize::Fixed(g) => *g,
            StepSize::PerRow { eta } => eta * advantage.unwrap_or(1.0),
        }
    }
}

/// What steps of one size do to the rows whose action is not masked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepFigures {
    /// The size.
    pub name: String,
    /// The share of rows whose chosen logit a step certainly leaves as it is.
    pub stalled: Option<f64>,
    /// The share of rows all of whose logits it certainly leaves as they are.
    pub frozen: Option<f64>,
    /// The share of rows of which the enclosures do not tell.
    pub undecided: Option<f64>,
}

/// Counts of rows for one size.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StepCounts {
    rows: u64,
    stalled: u64,
    frozen: u64,
    undecided: u64,
}

logitlab_numbers::merge_fields!(StepCounts: rows, stalled, frozen, undecided);

impl StepCounts {
    pub fn figures(&self, name: String) -> StepFigures {
        let share = |count: u64| (self.rows > 0).then(|| count as f64 / self.rows as f64);
        StepFigures { name, stalled: share(self.stalled), frozen: share(self.frozen), undecided: share(self.undecided) }
    }
}

/// One row of logits as they are stored, and what a step does to it.
pub(super) struct Row<'a> {
    pub format: &'a Format,
    pub logits: &'a [f64],
    pub action: usize,
    pub truth: &'a Enclosures,
    pub temperature: Given,
    /// For a step up and one down: the largest |dz| over half the gap of any logit but the chosen one, for g = 1;
    /// computed when it is asked for.
    others: [Option<f64>; 2],
}

/// What probabilities in f64 are off by at most, relative to them: far less, by [`elementary64`]'s proved bounds and
/// the rounding of differences below 1024.
const MARGIN: f64 = 1e-9;

impl<'a> Row<'a> {
    pub fn new(
        format: &'a Format,
        logits: &'a [f64],
        action: usize,
        truth: &'a Enclosures,
        temperature: Given,
    ) -> Row<'a> {
        Row { format, logits, action, truth, temperature, others: [None; 2] }
    }

    /// Counts a step of size g.
    pub fn count(&mut self, g: f64, counts: &mut StepCounts) {
        let z = self.logits[self.action];
        if z == f64::NEG_INFINITY {
            // A masked logit is -inf before and after, which no precision changes.
            return;
        }
        counts.rows += 1;
        match self.chosen_stays(z, g) {
            Some(true) => {
                counts.stalled += 1;
                counts.frozen += u64::from(self.others_stay(g));
            }
            Some(false) => {}
            None => counts.undecided += 1,
        }
    }

    /// Whether g (1 - P_c) / tau is lost in the chosen logit.
    fn chosen_stays(&self, z: f64, g: f64) -> Option<bool> {
        if g == 0.0 || !z.is_finite() {
            return Some(true);
        }
        let Scaled { lo, hi, exponent } = self.truth.rest;
        // Two roundings to nearest, and a third outward for both; one more where the temperature is no f64.
        let factor = g.abs() / self.temperature.nearest();
        let (least, most) = ((lo * factor).next_down().next_down(), (hi * factor).next_up().next_up());
        let is_float = self.temperature.is_float();
        let (least, most) = if is_float { (least, most) } else { (least.next_down(), most.next_up()) };
        let limit = scale(self.format.half_gap(z, g > 0.0), i32::try_from(-exponent).unwrap_or(i32::MAX));
        if lo == hi && lo * factor == limit && factor == 1.0 && is_float {
            return Some(self.format.is_even(z));
        }
        if hi == 0.0 || most < limit {
            Some(true)
        } else if least > limit {
            Some(false)
        } else {
            None
        }
    }

    /// Whether g P_o / tau is certainly lost in every other logit.
    fn others_stay(&mut self, g: f64) -> bool {
        // They move the other way.
        let up = g < 0.0;
        let largest = *self.others[usize::from(up)].get_or_insert_with(|| {
            let max = self.logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weight = |z: f64| elementary64::exp((z - max) / self.temperature.nearest());
            let total: f64 = self.logits.iter().map(|&z| weight(z)).sum();
            let others = self.logits.iter().enumerate().filter(|(index, z)| *index != self.action && z.is_finite());
            let ratio = |(_, &z): (usize, &f64)| weight(z) / total / self.format.half_gap(z, up);
            others.map(ratio).fold(0.0, f64::max)
        });
        largest * (1.0 + MARGIN) * g.abs() / self.temperature.nearest() < 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certified;
    use crate::formats::Target;

    fn format(name: &str) -> Format {
        name.parse::<Target>().unwrap().format
    }

    /// Claim stagnation: bf16 logits, K = 2, exact P stall at P_c = 0.992 for g = 1, 0.961 for 0.1, 0.806 for 0.01.
    #[test]
    fn two_actions_in_bf16_stall_where_the_claim_says() {
        let bf16 = format("bf16");
        for (g, threshold) in [(1.0, 0.992), (0.1, 0.961), (0.01, 0.806)] {
            let mut first = None;
            for step in 1..2000 {
                // The difference is stored as +-z, each a number of bf16.
                let z = f64::from(half::bf16::from_f64(f64::from(step) / 512.0));
                let logits = [z, -z];
                let (truth, _) = certified::enclose(&certified::Settings::default(), &logits, 0).unwrap();
                let mut counts = StepCounts::default();
                Row::new(&bf16, &logits, 0, &truth, 1.0.into()).count(g, &mut counts);
                if counts.frozen == 1 {
                    first.get_or_insert(1.0 / (1.0 + libm::exp(-2.0 * z)));
                }
            }
            let first = first.expect("it stalls");
            assert!((first - threshold).abs() < 2e-3, "g = {g}: {first}, expected {threshold}");
        }
    }
}
