//! Many runs in one mode: rows of a table, and what each run came to.

use std::ops::{ControlFlow, Range};

use serde::Serialize;

use crate::arith::Fault;
use crate::study::rounds::in_order;
use crate::study::{Mode, StudyError};

use super::experiment::Experiment;
use super::float::FloatRuns;
use super::row::Row;
use super::run::{Driver, Event};

/// Runs that are computed side by side.
const LANES: u64 = 32;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The run, from 0.
    pub run: u64,
    /// The probability of the best arm at the end, of the policy as computed.
    pub best: f64,
    /// The sum of the rewards.
    pub reward: f64,
    /// Steps at which no stored logit moved though the update was not 0.
    pub dead: u64,
    /// The last step at which a stored logit moved, from 0; `None` if none ever did.
    pub last_move: Option<u64>,
    /// The sum of the stored logits at the end less that at the start: 0 in exact arithmetic (claim zero-sum), but for
    /// the alternate estimator.
    pub drift: f64,
}

/// Why training could not go on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// The mode cannot be computed.
    #[error(transparent)]
    Mode(#[from] StudyError),
    /// Logits without a policy.
    #[error(
        "run {run}, step {step}: training in {mode} left the numbers of its format ({fault:?}); a smaller learning rate may help"
    )]
    Diverged {
        /// The run.
        run: u64,
        /// The step.
        step: u64,
        /// The mode.
        mode: String,
        /// What the arithmetic says.
        fault: Fault,
    },
    /// Whoever takes the rows wants no more.
    #[error("interrupted")]
    Stopped,
}

/// Trains all runs of an experiment in a mode. Of every `every`-th step, and the last, a row goes to `each`, run by
/// run; none where it is 0. Results do not depend on the number of threads. `stop` is asked once a step.
///
/// # Errors
/// If the mode cannot be computed, or training diverges until there is no policy.
pub fn train(
    experiment: &Experiment,
    mode: &Mode,
    every: u64,
    stop: &(dyn Fn() -> bool + Sync),
    done: &(dyn Fn(u64) + Sync),
    mut each: impl FnMut(Outcome, Vec<Row>) -> ControlFlow<()>,
) -> Result<(), TrainError> {
    let part = |runs: Range<u64>| Part { experiment, mode, every, stop, done }.train(runs);
    let take = |finished: Vec<(Outcome, Vec<Row>)>| {
        for (outcome, rows) in finished {
            if each(outcome, rows).is_break() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    };
    in_order(experiment.runs, LANES, part, take)
}

struct Part<'a> {
    experiment: &'a Experiment,
    mode: &'a Mode,
    every: u64,
    stop: &'a (dyn Fn() -> bool + Sync),
    done: &'a (dyn Fn(u64) + Sync),
}

impl Part<'_> {
    fn train(&self, runs: Range<u64>) -> Result<Vec<(Outcome, Vec<Row>)>, TrainError> {
        let experiment = self.experiment;
        let lanes = (runs.end - runs.start) as usize;
        let start: Vec<f64> = (0..experiment.arms.len()).map(|action| experiment.start_of(action)).collect();
        let mut state = FloatRuns::new(self.mode, &start, lanes, experiment.seed ^ runs.start)?;
        let begun: f64 = state.stored(0).iter().sum();
        let mut driver = Driver::new(experiment, runs.clone());
        let blank = |run| Outcome { run, best: 0.0, reward: 0.0, dead: 0, last_move: None, drift: 0.0 };
        let mut outcomes: Vec<Outcome> = runs.clone().map(blank).collect();
        let mut rows: Vec<Vec<Row>> = vec![Vec::new(); lanes];
        for step in 0..experiment.steps {
            if (self.stop)() {
                return Err(TrainError::Stopped);
            }
            let diverged = |lane: usize, fault| TrainError::Diverged {
                run: runs.start + lane as u64,
                step,
                mode: self.mode.to_string(),
                fault,
            };
            let events = driver.order(&mut state).map_err(|fault| diverged(0, fault))?;
            let wanted = self.every > 0 && (step % self.every == 0 || step + 1 == experiment.steps);
            let before = state.all_stored().to_vec();
            let policies: Vec<Vec<f64>> =
                if wanted { (0..lanes).map(|lane| state.policy(lane)).collect() } else { vec![] };
            driver.follow(&mut state, &events).map_err(|fault| diverged(0, fault))?;
            for (lane, event) in events.iter().enumerate() {
                let (was, is) = (lane_of(&before, lane, lanes), lane_of(state.all_stored(), lane, lanes));
                if is.clone().any(|z| !z.is_finite()) {
                    return Err(diverged(lane, Fault::Undefined("a stored logit is not finite")));
                }
                let moved = was.clone().zip(is.clone()).any(|(was, is)| was != is);
                outcomes[lane].add(step, event, moved, &state, lane);
                if wanted {
                    let (was, is): (Vec<f64>, Vec<f64>) = (was.collect(), is.collect());
                    let row = Row::new(runs.start + lane as u64, step, event, &was, &is, &policies[lane]);
                    rows[lane].push(row.map_err(|fault| diverged(lane, fault))?);
                }
            }
            (self.done)(lanes as u64);
        }
        state.policies();
        let best = experiment.arms.best();
        let best = experiment.arms.means.iter().position(|&mean| mean == best).unwrap_or(0);
        for (lane, outcome) in outcomes.iter_mut().enumerate() {
            outcome.best = state.probability(best)[lane];
            outcome.drift = lane_of(state.all_stored(), lane, lanes).sum::<f64>() - begun;
        }
        Ok(outcomes.into_iter().zip(rows).collect())
    }
}

impl Outcome {
    fn add(&mut self, step: u64, event: &Event, moved: bool, state: &FloatRuns, lane: usize) {
        self.reward += event.reward;
        if moved {
            self.last_move = Some(step);
        } else if event.order.gain != 0.0 && state.probability(event.action)[lane] < 1.0 {
            self.dead += 1;
        }
    }
}

fn lane_of(all: &[f64], lane: usize, lanes: usize) -> impl Iterator<Item = f64> + Clone + use<'_> {
    all.iter().skip(lane).step_by(lanes).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trained(runs: u64, mode: &str, every: u64) -> Vec<(Outcome, Vec<Row>)> {
        let experiment = Experiment { runs, steps: 50, ..Experiment::new("bernoulli:0.1,0.8".parse().unwrap()) };
        let mut all = Vec::new();
        let each = |outcome, rows| {
            all.push((outcome, rows));
            ControlFlow::Continue(())
        };
        train(&experiment, &mode.parse().unwrap(), every, &|| false, &|_| {}, each).unwrap();
        all
    }

    #[test]
    fn runs_come_in_order_with_the_rows_that_were_asked_for() {
        let all = trained(70, "f32", 20);
        assert_eq!(all.iter().map(|(outcome, _)| outcome.run).collect::<Vec<_>>(), (0..70).collect::<Vec<_>>());
        assert!(all.iter().all(|(_, rows)| rows.iter().map(|row| row.step).eq([0, 20, 40, 49])));
        let alone = &trained(40, "f32", 20)[33];
        assert_eq!(alone, &all[33]);
    }

    #[test]
    fn rows_tell_the_size_of_the_update() {
        for (_, rows) in trained(2, "f64", 1) {
            for row in rows {
                assert!((row.norm - row.closed).abs() <= 1e-12 && (row.norm - row.moved).abs() <= 1e-12, "{row:?}");
                assert!((row.p + row.rest - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn too_large_a_rate_is_an_error_that_says_where() {
        let experiment = Experiment {
            schedule: super::super::Schedule::Constant(1e30),
            ..Experiment::new("gaussian:1,2".parse().unwrap())
        };
        let mode = "f64+logits=e5m2".parse().unwrap();
        let found = train(&experiment, &mode, 0, &|| false, &|_| {}, |_, _| ControlFlow::Continue(()));
        assert!(matches!(found, Err(TrainError::Diverged { run: 0, .. })), "{found:?}");
    }
}
