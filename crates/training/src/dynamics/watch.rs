//! A run in the reference arithmetic, and the same run in float modes beside it, every step held against the checks.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval, Fault};
use crate::study::{Mode, StudyError};

use super::checks::{CHECKS, Checker, Found, Seen, When, differences, points};
use super::experiment::{Algorithm, Experiment};
use super::float::FloatRuns;
use super::reference::ReferenceRun;
use super::run::{Driver, Event};

/// The first step at which a check is certainly false, and its two sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct First {
    /// The step, from 0.
    pub step: u64,
    /// Both sides, as text.
    pub sides: String,
}

/// A check that is certainly false of a step in the reference arithmetic, which no theorem allows: the state in which
/// the run stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// The check's name.
    pub check: Cow<'static, str>,
    /// The claim that it is an instance of.
    pub claim: Cow<'static, str>,
    /// The step, from 0.
    pub step: u64,
    /// Both sides, as text.
    pub sides: String,
    /// The chosen action, from 0.
    pub action: usize,
    /// g.
    pub gain: f64,
    /// The logits before the step, exactly, as hexadecimal numbers.
    pub logits: Vec<String>,
}

/// What became of a check in a float mode.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Broken {
    /// The check's name.
    pub check: Cow<'static, str>,
    /// The claim that it is an instance of.
    pub claim: Cow<'static, str>,
    /// Where it first fails as it stands.
    pub exactly: Option<First>,
    /// Where it first fails by more than 1 %.
    pub by_one_percent: Option<First>,
}

/// What a watched run came to in a float mode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// The mode as text.
    pub mode: String,
    /// What became of each check.
    pub checks: Vec<Broken>,
    /// The first step at which another action was chosen than in the reference.
    pub parted: Option<u64>,
    /// The largest magnitude that the sum of the logits, less that of the start, had.
    pub drift: f64,
    /// Steps at which no stored logit moved though the update was not 0.
    pub dead: u64,
    /// The last step at which a stored logit moved.
    pub last_move: Option<u64>,
    /// The largest difference from the logits of the reference at the end.
    pub apart: f64,
}

/// What a watched run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// The run, from 0.
    pub run: u64,
    /// How many steps were taken.
    pub steps: u64,
    /// How many statements about steps of the reference were looked at, and of how many nothing could be said.
    pub checked: [u64; 2],
    /// What stopped the reference. None is what the theorems say.
    pub violation: Option<Violation>,
    /// The float modes, in the order in which they were given.
    pub modes: Vec<Beside>,
}

/// Why a run could not be watched to its end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WatchError {
    /// A mode cannot be computed.
    #[error(transparent)]
    Mode(#[from] StudyError),
    /// Whoever waits for it wants no more.
    #[error("interrupted")]
    Stopped,
    /// Logits without a policy: training has left the numbers of the format.
    #[error(
        "run {run}, step {step}: the policy in {arithmetic} is undefined ({fault}); the learning rate may be too large"
    )]
    Undefined {
        /// The run.
        run: u64,
        /// The step.
        step: u64,
        /// The mode, or the reference.
        arithmetic: String,
        /// What the arithmetic says.
        fault: Fault,
    },
}

/// Which checks speak of an experiment.
pub fn speaking(experiment: &Experiment) -> Vec<When> {
    if experiment.entropy != 0.0 {
        return Vec::new();
    }
    let rewards = &experiment.arms.means;
    let bounded = rewards.iter().all(|r| (0.0..=1.0).contains(r));
    match experiment.algorithm {
        Algorithm::Reinforce => vec![When::Drawn],
        Algorithm::Expected if bounded && experiment.schedule.rate(0) <= 0.4 => {
            vec![When::Expected, When::SmallExpected]
        }
        Algorithm::Expected => vec![When::Expected],
        Algorithm::Alternate => Vec::new(),
    }
}

/// Watches run number `run` in the modes; the reference and the checks have `bits` bits. `stop` is asked once a step.
///
/// # Errors
/// If a mode cannot be computed, or training diverges until there is no policy.
pub fn watch(
    experiment: &Experiment,
    modes: &[Mode],
    run: u64,
    bits: u32,
    stop: &dyn Fn() -> bool,
) -> Result<Watched, WatchError> {
    watch_tampered(experiment, modes, run, bits, &|_, _| stop())
}

/// [`watch`], where `tamper` may change what is seen of a step of the reference, so that a test sees violations
/// reported; it says whether to stop.
///
/// # Errors
/// As [`watch`].
pub fn watch_tampered(
    experiment: &Experiment,
    modes: &[Mode],
    run: u64,
    bits: u32,
    tamper: &dyn Fn(u64, &mut Seen) -> bool,
) -> Result<Watched, WatchError> {
    let start: Vec<f64> = (0..experiment.arms.len()).map(|action| experiment.start_of(action)).collect();
    let checker = Checker::new(bits, &experiment.arms.means, speaking(experiment));
    let mut reference = Exact { run: ReferenceRun::new(bits, &start), driver: Driver::new(experiment, run..run + 1) };
    let floats = modes.iter().map(|mode| Float::new(experiment, mode, &start, run, &checker));
    let mut floats = floats.collect::<Result<Vec<_>, _>>()?;
    let mut watched = Watched { run, steps: 0, checked: [0; 2], violation: None, modes: Vec::new() };
    for step in 0..experiment.steps {
        let undefined =
            |arithmetic: &str, fault| WatchError::Undefined { run, step, arithmetic: arithmetic.to_string(), fault };
        let exact = reference.step(&checker, tamper, &mut watched);
        let Some(exact) = exact.map_err(|fault| undefined("the reference arithmetic", fault))? else {
            return Err(WatchError::Stopped);
        };
        if watched.violation.is_some() {
            break;
        }
        for float in &mut floats {
            let rounded = float.step(&checker).map_err(|fault| undefined(&float.found.mode, fault))?;
            if exact.action != rounded.action {
                float.found.parted.get_or_insert(step);
            }
        }
        watched.steps = step + 1;
    }
    watched.modes = floats.into_iter().map(|float| float.finish(&reference.run)).collect();
    Ok(watched)
}

/// The run in the reference arithmetic.
struct Exact<'e> {
    run: ReferenceRun,
    driver: Driver<'e>,
}

impl Exact<'_> {
    fn step(
        &mut self,
        checker: &Checker,
        tamper: &dyn Fn(u64, &mut Seen) -> bool,
        watched: &mut Watched,
    ) -> Eval<Option<Event>> {
        let Exact { run, driver } = self;
        let step = driver.step();
        let event = driver.order(run)?[0];
        let before = run.logits();
        driver.follow(run, &[event])?;
        let s = checker.system();
        let sum = |(z, d): (&Interval, &Interval)| s.add(z.clone(), d);
        let after: Vec<Interval> = before.iter().zip(run.moved()).map(sum).collect::<Eval<_>>()?;
        let mut seen = Seen {
            before,
            after,
            policy: run.policy().to_vec(),
            moved: run.moved().to_vec(),
            action: event.action,
            gain: s.float(event.order.gain),
        };
        if tamper(step, &mut seen) {
            return Ok(None);
        }
        for check in checker.speaking() {
            watched.checked[0] += 1;
            match checker.look(check, false, &seen) {
                Found::Holds => {}
                Found::Unclear(_) => watched.checked[1] += 1,
                Found::False(sides) => {
                    watched.violation = Some(Violation {
                        check: CHECKS[check].name.into(),
                        claim: CHECKS[check].claim.into(),
                        step,
                        sides,
                        action: event.action,
                        gain: event.order.gain,
                        logits: seen.before.iter().map(|z| z.lo().to_string_radix(16, None)).collect(),
                    });
                    break;
                }
            }
        }
        Ok(Some(event))
    }
}

/// The run in a float mode.
struct Float<'e> {
    runs: FloatRuns,
    driver: Driver<'e>,
    /// The sum of the stored logits at the start.
    begun: f64,
    found: Beside,
}

fn total(logits: &[f64]) -> f64 {
    logits.iter().sum()
}

impl<'e> Float<'e> {
    fn new(
        experiment: &'e Experiment,
        mode: &Mode,
        start: &[f64],
        run: u64,
        checker: &Checker,
    ) -> Result<Float<'e>, StudyError> {
        let runs = FloatRuns::new(mode, start, 1, experiment.seed)?;
        let broken = |index: usize| Broken {
            check: CHECKS[index].name.into(),
            claim: CHECKS[index].claim.into(),
            ..Broken::default()
        };
        let found = Beside {
            mode: mode.to_string(),
            checks: checker.speaking().map(broken).collect(),
            parted: None,
            drift: 0.0,
            dead: 0,
            last_move: None,
            apart: 0.0,
        };
        Ok(Float { begun: total(&runs.stored(0)), runs, driver: Driver::new(experiment, run..run + 1), found })
    }

    fn step(&mut self, checker: &Checker) -> Eval<Event> {
        let Float { runs, driver, begun, found } = self;
        let step = driver.step();
        let event = driver.order(runs)?[0];
        let (before, policy) = (runs.stored(0), runs.policy(0));
        driver.follow(runs, &[event])?;
        let after = runs.stored(0);
        if runs.is_lost(0) {
            return Err(Fault::Undefined("a stored logit is not finite"));
        }
        found.drift = found.drift.max((total(&after) - *begun).abs());
        if runs.has_moved(0) {
            found.last_move = Some(step);
        } else if event.order.gain != 0.0 && runs.has_others(0, event.action) {
            found.dead += 1;
        }
        // A step that is told to do nothing says nothing of rounding.
        if event.order.gain == 0.0 {
            return Ok(event);
        }
        let seen =
            LazySeen { system: checker.system(), before: &before, after: &after, policy: &policy, event: &event };
        let mut numbers = None;
        for (broken, check) in found.checks.iter_mut().zip(checker.speaking()) {
            for within in [false, true] {
                let first = if within { &mut broken.by_one_percent } else { &mut broken.exactly };
                if first.is_some() || (within && CHECKS[check].within.is_none()) {
                    continue;
                }
                if numbers.is_none() {
                    numbers = Some(seen.numbers()?);
                }
                if let Some(Found::False(sides)) = numbers.as_ref().map(|seen| checker.look(check, within, seen)) {
                    *first = Some(First { step, sides });
                }
            }
        }
        Ok(event)
    }

    fn finish(mut self, reference: &ReferenceRun) -> Beside {
        let gap = |(exact, rounded): (&rug::Float, f64)| (exact.to_f64() - rounded).abs();
        self.found.apart = reference.stored().iter().zip(self.runs.stored(0)).map(gap).fold(0.0, f64::max);
        self.found
    }
}

/// A step in a float mode, made into intervals only when a check is still to be looked at.
struct LazySeen<'a> {
    system: Intervals,
    before: &'a [f64],
    after: &'a [f64],
    policy: &'a [f64],
    event: &'a Event,
}

impl LazySeen<'_> {
    fn numbers(&self) -> Eval<Seen> {
        let s = &self.system;
        let (before, after) = (points(s, self.before), points(s, self.after));
        Ok(Seen {
            moved: differences(s, &after, &before)?,
            before,
            after,
            policy: points(s, self.policy),
            action: self.event.action,
            gain: s.float(self.event.order.gain),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(algorithm: Algorithm, mode: &str, steps: u64) -> Watched {
        let arms = "bernoulli:0.2,0.5,0.9".parse().unwrap();
        let experiment = Experiment { algorithm, steps, ..Experiment::new(arms) };
        watch(&experiment, &[mode.parse().unwrap()], 0, 128, &|| false).unwrap()
    }

    #[test]
    fn a_violation_stops_the_run_and_is_told_with_its_state() {
        let experiment = Experiment { steps: 50, ..Experiment::new("bernoulli:0.2,0.5,0.9".parse().unwrap()) };
        let off = |step: u64, seen: &mut Seen| {
            if step == 7 {
                // One part in 2^100 is enough.
                let s = Intervals::new(128);
                let little = s.mul(seen.gain.clone(), &s.float(libm::exp2(-100.0))).unwrap();
                seen.moved[1] = s.add(seen.moved[1].clone(), &little).unwrap();
            }
            false
        };
        // The first run whose eighth step moves anything.
        let found = (0..10).find_map(|run| {
            watch_tampered(&experiment, &["f32".parse().unwrap()], run, 128, &off)
                .unwrap()
                .violation
                .map(|violation| (run, violation))
        });
        let (run, violation) = found.expect("a step of which the move was changed");
        assert_eq!((&*violation.check, &*violation.claim, violation.step), ("zero-sum", "zero-sum", 7));
        assert!(violation.gain != 0.0 && violation.logits.len() == 3 && !violation.sides.is_empty(), "{violation:?}");
        let watched = watch_tampered(&experiment, &[], run, 128, &off).unwrap();
        assert_eq!(watched.steps, 7);
        let stopped = watch(&experiment, &[], 0, 128, &|| true);
        assert_eq!(stopped, Err(WatchError::Stopped));
    }

    #[test]
    fn the_reference_violates_nothing_and_says_so_firmly() {
        for algorithm in [Algorithm::Reinforce, Algorithm::Expected] {
            let watched = run(algorithm, "f64", 50);
            assert_eq!((&watched.violation, watched.steps, watched.modes[0].parted), (&None, 50, None));
            assert!(watched.checked[0] >= 100 && watched.checked[1] * 10 < watched.checked[0], "{:?}", watched.checked);
            assert!(watched.modes[0].apart < 1e-12);
        }
    }

    #[test]
    fn a_narrow_mode_breaks_what_rounding_breaks() {
        let watched = run(Algorithm::Reinforce, "bf16", 200).modes.remove(0);
        let of = |name: &str| watched.checks.iter().find(|broken| broken.check == name).unwrap();
        assert!(of("zero-sum").exactly.is_some() && of("norm").exactly.is_some());
        assert!(of("norm").by_one_percent.is_some());
        assert!(watched.drift > 0.0 && watched.apart > 1e-3);
    }
}
