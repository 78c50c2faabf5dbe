//! Where training stops in a format, and why: a prediction, and the experiment that it is held against.

use serde::Serialize;

use crate::formats::Format;
use crate::study::{Mode, StudyError};

use super::arms::Arms;
use super::experiment::{Experiment, Schedule};
use super::float::FloatRuns;
use super::run::Driver;

/// What stops training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The logits are too coarse to move (claim stagnation).
    Stagnation,
    /// P_c has become 1 (claim saturation).
    Saturation,
}

/// Where training of two actions stops: the logits are z and -z, c the first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stall {
    /// The logit at which it stops.
    pub logit: f64,
    /// The distance to the next larger number of the format.
    pub gap: f64,
    /// P_c there.
    pub p: f64,
    /// What stops it.
    pub cause: Cause,
}

/// 1 - P_c of two actions with the logits z and -z.
fn rest(z: f64) -> f64 {
    let e = libm::exp(-2.0 * z);
    e / (1.0 + e)
}

/// The z with this 1 - P_c.
fn logit(rest: f64) -> f64 {
    (libm::log1p(-rest) - libm::log(rest)) / 2.0
}

/// Where steps of g (e_c - P) from logits of 0 stop, K = 2, logits stored in `format` to nearest-even and everything
/// else exact (claim stagnation); with `saturates`, where P_c is held in that format as well (claim saturation), if that
/// is earlier. `None` if they never do.
///
/// A logit z stays where g (1 - P_c) is at most half the gap above it. Gaps grow with z by whole binades and 1 - P_c
/// falls, so each binade has one first number that stays, and the least of all is where training stops, unless the last
/// step leaps over it; a step that ends there is at most about a gap long.
pub fn predict(format: &Format, g: f64, saturates: bool) -> Option<Stall> {
    let p = format.precision as i32;
    let stagnation = (format.emin()..=format.emax()).find_map(|exponent| {
        let [low, gap] = [exponent, exponent - p + 1].map(|exponent| libm::scalbn(1.0, exponent));
        let most = gap / 2.0 / g;
        let needed = if most >= 0.5 { 0.0 } else { logit(most) };
        let first = (libm::ceil(needed / gap) * gap).max(low);
        let stays = |z: f64| g * rest(z) <= gap / 2.0;
        // The logarithm may be off by a rounding at the edge.
        let first = if stays(first) { first } else { first + gap };
        (first < 2.0 * low).then_some(Stall { logit: first, gap, p: 1.0 - rest(first), cause: Cause::Stagnation })
    });
    let edge = libm::scalbn(1.0, -p - 1);
    let saturation = || {
        let needed = logit(edge);
        let exponent = libm::floor(libm::log2(needed)) as i32;
        let gap = libm::scalbn(1.0, exponent.max(format.emin()) - p + 1);
        let first = libm::ceil(needed / gap) * gap;
        Stall { logit: first, gap, p: 1.0 - rest(first), cause: Cause::Saturation }
    };
    match (stagnation, saturates) {
        (Some(stall), true) if saturation().logit < stall.logit => Some(saturation()),
        (None, true) => Some(saturation()),
        (stall, _) => stall,
    }
}

/// Where a run stopped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Observed {
    /// The logit of c.
    pub logit: f64,
    /// P_c of the stored logits.
    pub p: f64,
    /// How many steps it took.
    pub steps: u64,
}

/// Trains two actions, the first of reward 1 and the second of reward 0, with REINFORCE at the learning rate g, until a
/// step along e_1 - P leaves all logits unchanged; `None` if none does within `most` steps.
///
/// # Errors
/// If the mode cannot be computed.
pub fn observe(mode: &Mode, g: f64, most: u64) -> Result<Option<Observed>, StudyError> {
    let arms: Arms = "fixed:1,0".parse().expect("a fixed text");
    let experiment = Experiment { schedule: Schedule::Constant(g), steps: most, ..Experiment::new(arms) };
    let mut runs = FloatRuns::new(mode, &[0.0, 0.0], 1, experiment.seed)?;
    let mut driver = Driver::new(&experiment, 0..1);
    let mut before = runs.stored(0);
    for step in 0..most {
        let Ok(events) = driver.advance(&mut runs) else { return Ok(None) };
        let after = runs.stored(0);
        if events[0].action == 0 && after == before {
            let apart = (after[0] - after[1]) / 2.0;
            return Ok(Some(Observed { logit: after[0], p: 1.0 - rest(apart), steps: step }));
        }
        before = after;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_thresholds_come_out() {
        let format = |name: &str| name.parse::<Mode>().unwrap().formats()[0];
        let p = |g: f64| predict(&format("bf16"), g, false).unwrap().p;
        // Claim stagnation, to its three digits.
        for (g, expected) in [(1.0, 0.992), (0.1, 0.961), (0.01, 0.806)] {
            assert!((p(g) - expected).abs() < 5e-4, "{g}: {}", p(g));
        }
        // Only where steps are long does P_c round to 1 before logits stop.
        assert_eq!(predict(&format("bf16"), 1.0, true).unwrap().cause, Cause::Stagnation);
        assert_eq!(predict(&format("bf16"), 16.0, true).unwrap().cause, Cause::Saturation);
    }

    #[test]
    fn training_stops_within_one_number_of_the_prediction() {
        for name in ["bf16", "fp16", "e4m3fn", "e5m2"] {
            let mode: Mode = format!("f64+logits={name}").parse().unwrap();
            for g in [1.0, 0.3, 0.1, 0.01] {
                let predicted = predict(&mode.formats()[0], g, false).unwrap();
                let seen = observe(&mode, g, 20_000).unwrap().unwrap();
                assert!((seen.logit - predicted.logit).abs() <= predicted.gap, "{name} {g}: {predicted:?} {seen:?}");
            }
        }
    }
}
