//! Where training stops in a format, and why: a prediction, and the experiment that it is held against.

use serde::Serialize;

use crate::formats::{FORMATS, Format};
use crate::study::StudyError;
use crate::study::mode::{Mode, Place};

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

/// What is held in a narrow format; all else is exact to f64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// The logits.
    Logits,
    /// The probabilities, and the logits in f32.
    Probabilities,
    /// Both.
    Both,
}

/// The ways to hold numbers by name.
pub const HELD: [(&str, Held, &str); 3] = [
    ("logits", Held::Logits, "logits stored in the format, P exact"),
    ("probabilities", Held::Probabilities, "P rounded to the format, logits stored in f32"),
    ("both", Held::Both, "logits stored in the format, and P rounded to it"),
];

impl Held {
    /// The mode that holds them so in a format.
    pub fn mode(self, format: Format) -> Mode {
        let wide = |name: &str| name.parse::<Format>().expect("a format of the registry");
        let exact = Mode::uniform(wide("f64"));
        match self {
            Held::Logits => exact.with(Place::Logits, format),
            Held::Probabilities => exact.with(Place::Logits, wide("f32")).with(Place::Probability, format),
            Held::Both => exact.with(Place::Logits, format).with(Place::Probability, format),
        }
    }
}

/// The formats of 16 bits or less that have a name.
pub fn narrow_formats() -> impl Iterator<Item = Format> {
    FORMATS.iter().map(|record| record.format).filter(|format| format.bits() <= 16)
}

/// Where training of two actions stops: the logits are z and -z, c the first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stall {
    /// The logit z at which it stops.
    pub logit: f64,
    /// The distance to the next larger logit.
    pub gap: f64,
    /// P_c there.
    pub p: f64,
    /// 1 - P_c there.
    pub rest: f64,
    /// What stops it.
    pub cause: Cause,
}

/// 1 - P_c of two actions with the logits z and -z.
fn rest(z: f64) -> f64 {
    let e = libm::exp(-2.0 * z);
    e / (1.0 + e)
}

/// The z with this 1 - P_c, and 0 where that is 1/2 or more.
fn logit(rest: f64) -> f64 {
    if rest >= 0.5 { 0.0 } else { (libm::log1p(-rest) - libm::log(rest)) / 2.0 }
}

fn power_of_two(exponent: i32) -> f64 {
    libm::scalbn(1.0, exponent)
}

/// Where the logit of c stops for steps of g (e_c - P) from logits of 0, K = 2: logits and P rounded to nearest as the
/// mode holds them, all else exact. `None` if it never does.
///
/// A logit z stays where g (1 - P_c) is at most half the gap above it (claim stagnation). With a P that is rounded,
/// 1 - P_c is a multiple of u, the gap of that format below 1. Let k u be the largest that does not move z: P_c rounds
/// to 1 - k u or more where it is at least 1 - (k + 1/2) u. Where k is 0, that is saturation (claim saturation). Ties
/// do not occur but at z = 0: other logits that are rational have a P_c that is not.
///
/// Gaps grow with z by whole binades and 1 - P_c falls, so each binade has one first number that stays, and the least
/// of all is where training stops, unless the last step leaps over it.
pub fn predict(mode: &Mode, g: f64) -> Option<Stall> {
    let [format, of_p] = [Place::Logits, Place::Probability].map(|place| mode.target(place).format);
    let unit = of_p.gap(1.0, false);
    (format.emin()..=format.emax()).find_map(|exponent| {
        // Below the smallest normal number the gap is that of its binade.
        let low = if exponent == format.emin() { 0.0 } else { power_of_two(exponent) };
        let gap = format.gap(low, true);
        let steps = libm::floor(gap / 2.0 / g / unit);
        let most = (steps + 0.5) * unit;
        let first = (libm::ceil(logit(most) / gap) * gap).max(low);
        // The logarithm may be off by a rounding at the edge.
        let first = if rest(first) <= most { first } else { first + gap };
        let cause = if steps == 0.0 { Cause::Saturation } else { Cause::Stagnation };
        let stall = || Stall { logit: first, gap, p: 1.0 - rest(first), rest: rest(first), cause };
        (first < power_of_two(exponent + 1)).then(stall)
    })
}

/// Where a run stopped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Observed {
    /// Half the difference of the two logits: z, if they are z and -z.
    pub logit: f64,
    /// P_c of the stored logits.
    pub p: f64,
    /// 1 - P_c of them.
    pub rest: f64,
    /// What stopped it: saturation if the P_c that was computed is 1.
    pub cause: Cause,
    /// How far the last step that moved it went; 0 if none did.
    pub last_step: f64,
    /// How many actions were drawn until then.
    pub steps: u64,
    /// Whether the step that left the logit of c alone moved the other one.
    pub other_moves: bool,
}

/// Trains two actions, the first of reward 1 and the second of reward 0, with REINFORCE at the learning rate g, until a
/// step along e_1 - P leaves the first logit unchanged; `None` if none does within `most` steps. P_1 never falls, so it
/// stays for good.
///
/// # Errors
/// If the mode cannot be computed.
pub fn observe(mode: &Mode, g: f64, most: u64) -> Result<Option<Observed>, StudyError> {
    let arms: Arms = "fixed:1,0".parse().expect("a fixed text");
    let experiment = Experiment { schedule: Schedule::Constant(g), steps: most, ..Experiment::new(arms) };
    let mut runs = FloatRuns::new(mode, &[0.0, 0.0], 1, experiment.seed)?;
    let mut driver = Driver::new(&experiment, 0..1);
    let mut before = runs.stored(0);
    let mut last_step = 0.0;
    for steps in 0..most {
        let Ok(events) = driver.advance(&mut runs) else { return Ok(None) };
        if events[0].action != 0 {
            continue;
        }
        let after = runs.stored(0);
        if after[0] == before[0] {
            let apart = (before[0] - before[1]) / 2.0;
            let cause = if runs.policy(0)[0] == 1.0 { Cause::Saturation } else { Cause::Stagnation };
            return Ok(Some(Observed {
                logit: apart,
                p: 1.0 - rest(apart),
                rest: rest(apart),
                cause,
                last_step,
                steps,
                other_moves: after[1] != before[1],
            }));
        }
        last_step = after[0] - before[0];
        before = after;
    }
    Ok(None)
}

impl Stall {
    /// How many logits of the format, or how many last steps of the run where those are longer, the run stopped from
    /// where it should have.
    pub fn distance(&self, seen: &Observed) -> f64 {
        (seen.logit - self.logit).abs() / self.gap.max(seen.last_step)
    }

    /// Whether a run stopped for this cause, and not further from here than one logit of the format, or one step of the
    /// run where that is longer.
    pub fn agrees(&self, seen: &Observed) -> bool {
        self.cause == seen.cause && self.distance(seen) <= 1.0
    }
}

/// One prediction held against one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// What is held in the format.
    pub held: Held,
    /// The format.
    pub format: Format,
    /// Learning rate times advantage.
    pub g: f64,
    /// Where training should stop; none if it never should.
    pub predicted: Option<Stall>,
    /// Where it stopped; none if it did not.
    pub observed: Option<Observed>,
    /// Whether they agree; none where the run was ended first.
    pub agrees: Option<bool>,
}

impl Trial {
    /// Predicts and observes, in at most `most` steps.
    ///
    /// # Errors
    /// If the format is too wide to be computed in.
    pub fn new(held: Held, format: Format, g: f64, most: u64) -> Result<Trial, StudyError> {
        let mode = held.mode(format);
        let (predicted, observed) = (predict(&mode, g), observe(&mode, g, most)?);
        let agrees = observed.map(|seen| predicted.is_some_and(|stall| stall.agrees(&seen)));
        Ok(Trial { held, format, g, predicted, observed, agrees })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAINS: [f64; 3] = [1.0, 0.1, 0.01];

    fn format(name: &str) -> Format {
        name.parse().unwrap()
    }

    #[test]
    fn the_published_thresholds_come_out() {
        let mode = Held::Logits.mode(format("bf16"));
        // Claim stagnation, to its three digits: bf16 logits, exact P, K = 2.
        for (g, expected) in [(1.0, 0.992), (0.1, 0.961), (0.01, 0.806)] {
            let (stall, seen) = (predict(&mode, g).unwrap(), observe(&mode, g, 10_000).unwrap().unwrap());
            assert!((stall.p - expected).abs() < 5e-4 && (seen.p - expected).abs() < 5e-4, "{g}: {stall:?} {seen:?}");
        }
    }

    #[test]
    fn whichever_comes_first_stops_training() {
        let cause = |held: Held, g| predict(&held.mode(format("bf16")), g).unwrap().cause;
        assert_eq!(cause(Held::Logits, 16.0), Cause::Stagnation);
        assert_eq!(cause(Held::Both, 1.0), Cause::Stagnation);
        // Only where steps are long does P_c round to 1 before logits stop.
        assert_eq!(cause(Held::Both, 16.0), Cause::Saturation);
        assert_eq!(cause(Held::Probabilities, 0.01), Cause::Saturation);
        // 1 - P_c is then just below half the gap under 1 (claim saturation).
        let stall = predict(&Held::Probabilities.mode(format("e4m3fn")), 1.0).unwrap();
        assert!(stall.rest <= 0.03125 && stall.rest > 0.0312, "{stall:?}");
    }

    /// Every narrow format with several g, the logits held in it: exactly one number of the format at most apart.
    #[test]
    fn training_stops_within_one_logit_of_the_prediction() {
        for format in narrow_formats() {
            for g in GAINS {
                let trial = Trial::new(Held::Logits, format, g, 20_000).unwrap();
                let (stall, seen) = (trial.predicted.unwrap(), trial.observed.unwrap());
                assert_eq!(trial.agrees, Some(true), "{trial:?}");
                assert!((seen.logit - stall.logit).abs() <= stall.gap && !seen.other_moves, "{trial:?}");
            }
        }
    }

    #[test]
    fn p_that_rounds_to_1_stops_the_logit_of_c_alone() {
        for narrow in narrow_formats().filter(|narrow| narrow.precision < 11) {
            let trial = Trial::new(Held::Probabilities, narrow, 1.0, 20_000).unwrap();
            let seen = trial.observed.unwrap();
            assert_eq!((trial.agrees, seen.cause), (Some(true), Cause::Saturation), "{trial:?}");
        }
        assert!(Trial::new(Held::Probabilities, format("bf16"), 1.0, 20_000).unwrap().observed.unwrap().other_moves);
    }

    /// The comparison can fail: half or twice the gap, or half or twice the unit below 1, is noticed.
    #[test]
    fn wrong_predictions_are_noticed() {
        for (held, name) in [(Held::Logits, "bf16"), (Held::Logits, "fp16"), (Held::Probabilities, "bf16")] {
            let mode = held.mode(format(name));
            for g in [1.0, 0.1] {
                let seen = observe(&mode, g, 20_000).unwrap().unwrap();
                assert!(predict(&mode, g).unwrap().agrees(&seen));
                let mutant = |change: fn(Format) -> Format| {
                    let place = if held == Held::Logits { Place::Logits } else { Place::Probability };
                    predict(&mode.with(place, change(mode.target(place).format)), g).unwrap()
                };
                let finer = mutant(|format| Format { precision: format.precision + 1, ..format });
                let coarser = mutant(|format| Format { precision: format.precision - 1, ..format });
                assert!(!finer.agrees(&seen) && !coarser.agrees(&seen), "{name} {g}: {finer:?} {coarser:?} {seen:?}");
                let stall = predict(&mode, g).unwrap();
                let other = match stall.cause {
                    Cause::Stagnation => Cause::Saturation,
                    Cause::Saturation => Cause::Stagnation,
                };
                assert!(!Stall { cause: other, ..stall }.agrees(&seen));
            }
        }
    }

    #[test]
    fn what_never_starts_stops_at_0() {
        let trial = Trial::new(Held::Logits, format("e2m1"), 0.1, 100).unwrap();
        assert_eq!((trial.predicted.unwrap().logit, trial.observed.unwrap().logit), (0.0, 0.0));
        assert_eq!(Trial::new(Held::Logits, format("f32"), 1.0, 100).unwrap().agrees, None);
    }
}
