//! A run in a float mode beside the same run in the reference arithmetic, every step of both held against the checks.

use serde::Serialize;

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval, Fault};
use crate::study::{Mode, StudyError};

use super::checks::{CHECKS, Checker, Found, Seen, When, differences, points};
use super::experiment::{Algorithm, Experiment};
use super::float::FloatRuns;
use super::reference::ReferenceRun;
use super::run::{Driver, Event};

/// The first step at which a check is certainly false, and its two sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct First {
    /// The step, from 0.
    pub step: u64,
    /// Both sides, as text.
    pub sides: String,
}

/// What became of a check in a float mode.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Broken {
    /// The check's name.
    pub check: &'static str,
    /// The claim that it is an instance of.
    pub claim: &'static str,
    /// Where it first fails as it stands.
    pub exactly: Option<First>,
    /// Where it first fails by more than 1 %.
    pub by_one_percent: Option<First>,
}

/// What a watched run came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Watched {
    /// The run, from 0.
    pub run: u64,
    /// How many steps were taken.
    pub steps: u64,
    /// How many statements about steps of the reference were looked at, and of how many nothing could be said.
    pub checked: [u64; 2],
    /// The violation that stopped the reference: the check, the step and both sides. None is what the theorems say.
    pub violation: Option<(&'static str, First)>,
    /// What became of each check in the float mode.
    pub float: Vec<Broken>,
    /// The first step at which the two chose different actions.
    pub parted: Option<u64>,
    /// The largest magnitude that the sum of the float mode's logits, less that of its start, had.
    pub drift: f64,
    /// Steps at which no stored logit moved though the update was not 0.
    pub dead: u64,
    /// The last step at which a stored logit moved.
    pub last_move: Option<u64>,
    /// The largest difference between the logits of both at the end.
    pub apart: f64,
}

/// Why a run could not be watched to its end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WatchError {
    /// The mode cannot be computed.
    #[error(transparent)]
    Mode(#[from] StudyError),
    /// Logits without a policy: training has left the numbers of the format.
    #[error("run {run}, step {step}: the policy is undefined ({fault:?}); the learning rate may be too large")]
    Undefined {
        /// The run.
        run: u64,
        /// The step.
        step: u64,
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

/// Watches run number `run`; the reference and the checks have `bits` bits.
///
/// # Errors
/// If the mode cannot be computed, or training diverges until there is no policy.
pub fn watch(experiment: &Experiment, mode: &Mode, run: u64, bits: u32) -> Result<Watched, WatchError> {
    let start: Vec<f64> = (0..experiment.arms.len()).map(|action| experiment.start_of(action)).collect();
    let mut float = FloatRuns::new(mode, &start, 1, experiment.seed)?;
    let mut reference = ReferenceRun::new(bits, &start);
    let mut drivers = [(); 2].map(|()| Driver::new(experiment, run..run + 1));
    let checker = Checker::new(bits, &experiment.arms.means, speaking(experiment));
    let broken = |index: usize| Broken { check: CHECKS[index].name, claim: CHECKS[index].claim, ..Broken::default() };
    let mut watched = Watched {
        run,
        steps: 0,
        checked: [0; 2],
        violation: None,
        float: checker.speaking().map(broken).collect(),
        parted: None,
        drift: 0.0,
        dead: 0,
        last_move: None,
        apart: 0.0,
    };
    let total = |logits: &[f64]| logits.iter().sum::<f64>();
    let begun = total(&float.stored(0));
    for step in 0..experiment.steps {
        let undefined = |fault| WatchError::Undefined { run, step, fault };
        let exact = watched.reference_step(&mut drivers[0], &mut reference, &checker).map_err(undefined)?;
        if watched.violation.is_some() {
            break;
        }
        let rounded = watched.float_step(&mut drivers[1], &mut float, &checker).map_err(undefined)?;
        if exact.action != rounded.action {
            watched.parted.get_or_insert(step);
        }
        let stored = float.stored(0);
        if stored.iter().any(|z| !z.is_finite()) {
            return Err(undefined(Fault::Undefined("a stored logit is not finite")));
        }
        watched.drift = watched.drift.max((total(&stored) - begun).abs());
        watched.steps = step + 1;
    }
    let gap = |(exact, rounded): (&rug::Float, f64)| (exact.to_f64() - rounded).abs();
    watched.apart = reference.stored().iter().zip(float.stored(0)).map(gap).fold(0.0, f64::max);
    Ok(watched)
}

impl Watched {
    fn reference_step(&mut self, driver: &mut Driver<'_>, run: &mut ReferenceRun, checker: &Checker) -> Eval<Event> {
        let step = driver.step();
        let event = driver.order(run)?[0];
        let before = run.logits();
        driver.follow(run, &[event])?;
        let s = checker.system();
        let sum = |(z, d): (&Interval, &Interval)| s.add(z.clone(), d);
        let after: Vec<Interval> = before.iter().zip(run.moved()).map(sum).collect::<Eval<_>>()?;
        let seen = Seen {
            before,
            after,
            policy: run.policy().to_vec(),
            moved: run.moved().to_vec(),
            action: event.action,
            gain: s.float(event.order.gain),
        };
        for check in checker.speaking() {
            self.checked[0] += 1;
            match checker.look(check, false, &seen) {
                Found::Holds => {}
                Found::Unclear(_) => self.checked[1] += 1,
                Found::False(sides) => {
                    self.violation = Some((CHECKS[check].name, First { step, sides }));
                    break;
                }
            }
        }
        Ok(event)
    }

    fn float_step(&mut self, driver: &mut Driver<'_>, runs: &mut FloatRuns, checker: &Checker) -> Eval<Event> {
        let step = driver.step();
        let event = driver.order(runs)?[0];
        let (before, policy) = (runs.stored(0), runs.policy(0));
        driver.follow(runs, &[event])?;
        let after = runs.stored(0);
        if after != before {
            self.last_move = Some(step);
        } else if event.order.gain != 0.0 && policy.iter().filter(|&&p| p > 0.0).count() > 1 {
            self.dead += 1;
        }
        // A step that is told to do nothing says nothing of rounding.
        if event.order.gain == 0.0 {
            return Ok(event);
        }
        let seen =
            LazySeen { system: checker.system(), before: &before, after: &after, policy: &policy, event: &event };
        let mut numbers = None;
        for (place, check) in checker.speaking().enumerate() {
            for within in [false, true] {
                let broken = &mut self.float[place];
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
        watch(&experiment, &mode.parse().unwrap(), 0, 128).unwrap()
    }

    #[test]
    fn the_reference_violates_nothing_and_says_so_firmly() {
        for algorithm in [Algorithm::Reinforce, Algorithm::Expected] {
            let watched = run(algorithm, "f64", 50);
            assert_eq!((watched.violation, watched.steps, watched.parted), (None, 50, None));
            assert!(watched.checked[0] >= 100 && watched.checked[1] * 10 < watched.checked[0], "{:?}", watched.checked);
            assert!(watched.apart < 1e-12);
        }
    }

    #[test]
    fn a_narrow_mode_breaks_what_rounding_breaks() {
        let watched = run(Algorithm::Reinforce, "bf16", 200);
        let of = |name: &str| watched.float.iter().find(|broken| broken.check == name).unwrap();
        assert!(of("zero-sum").exactly.is_some() && of("norm").exactly.is_some());
        assert!(of("norm").by_one_percent.is_some());
        assert!(watched.drift > 0.0 && watched.apart > 1e-3);
    }
}
