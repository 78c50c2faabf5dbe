//! Some runs in one mode, taken forward together some steps at a time; their state can be written down and taken up.

use std::ops::Range;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::arith::Fault;
use crate::study::Mode;

use super::baseline::Memory;
use super::experiment::Experiment;
use super::float::{FloatRuns, LANES};
use super::outcome::{Outcome, TrainError};
use super::row::Row;
use super::run::{Driver, Event};

/// Runs of a group at most: what is in memory at a time does not grow with their number beyond that.
const RUNS: u64 = 1024;

/// Logits of a group at most, but for its first runs.
const LOGITS: u64 = 1 << 24;

/// The runs of an experiment in the groups that are trained one after the other.
pub fn groups(experiment: &Experiment) -> impl Iterator<Item = Range<u64>> + use<> {
    let (count, actions) = (experiment.runs, experiment.arms.len() as u64);
    let lanes = lanes(experiment.arms.len()) as u64;
    let size = (LOGITS / actions).min(RUNS).next_multiple_of(lanes).max(lanes);
    (0..count.div_ceil(size)).map(move |group| group * size..count.min((group + 1) * size))
}

/// Runs side by side: of long rows only as many as stay in a cache.
fn lanes(actions: usize) -> usize {
    const CACHED: usize = 1 << 17;
    (CACHED / actions).clamp(1, LANES)
}

/// Some runs of an experiment in a mode, all at the same step.
#[derive(Debug)]
pub struct Group<'e> {
    experiment: &'e Experiment,
    mode: &'e Mode,
    runs: Range<u64>,
    parts: Vec<Part<'e>>,
    step: u64,
}

/// Runs that are computed side by side.
#[derive(Debug)]
struct Part<'e> {
    first: u64,
    state: FloatRuns,
    driver: Driver<'e>,
    outcomes: Vec<Outcome>,
    /// The sum of the stored logits at the start.
    begun: f64,
}

/// The state of a group, from which it goes on as if nothing had been.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The step that comes next, from 0.
    pub step: u64,
    /// The runs.
    pub runs: Vec<RunState>,
    /// How many random words each part has used for its rounding.
    noise: Vec<u64>,
}

/// The state of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunState {
    /// The logits as stored.
    pub logits: Vec<f64>,
    /// What the baseline has learnt.
    memory: [f64; 2],
    /// What the run came to so far.
    outcome: Outcome,
}

/// A state that is not one of the group's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state has other runs, actions or steps than the experiment")]
pub struct Foreign;

impl<'e> Group<'e> {
    /// The runs of these numbers at their start.
    ///
    /// # Errors
    /// If the mode cannot be computed.
    pub fn new(experiment: &'e Experiment, mode: &'e Mode, runs: Range<u64>) -> Result<Group<'e>, TrainError> {
        let start: Vec<f64> = (0..experiment.arms.len()).map(|action| experiment.start_of(action)).collect();
        let lanes = lanes(start.len());
        let part = |first: u64| {
            let runs = first..runs.end.min(first + lanes as u64);
            let state = FloatRuns::new(mode, &start, (runs.end - runs.start) as usize, experiment.seed ^ first)?;
            let begun = state.stored(0).iter().sum();
            let driver = Driver::new(experiment, runs.clone());
            Ok(Part { first, state, driver, outcomes: runs.map(Outcome::begun).collect(), begun })
        };
        let parts = runs.clone().step_by(lanes).map(part).collect::<Result<_, TrainError>>()?;
        Ok(Group { experiment, mode, runs, parts, step: 0 })
    }

    /// The runs.
    pub fn runs(&self) -> Range<u64> {
        self.runs.clone()
    }

    /// The step that comes next, from 0.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Takes this number of steps of all runs, on all threads, fewer where fewer are left. Of every `every`-th step,
    /// and the last of the experiment, a row of each run, in the order of the steps and then of the runs; none where it
    /// is 0.
    ///
    /// # Errors
    /// The first divergence, by step and then by run; the group is of no use any more.
    pub fn advance(&mut self, steps: u64, every: u64) -> Result<Vec<Row>, TrainError> {
        let end = self.experiment.steps.min(self.step.saturating_add(steps));
        let (from, mode) = (self.step, self.mode);
        let wanted = |step: u64| every > 0 && (step.is_multiple_of(every) || step + 1 == self.experiment.steps);
        let one = |part: &mut Part<'_>| -> Result<Vec<Row>, TrainError> {
            let mut rows = Vec::new();
            for step in from..end {
                part.take(step, wanted(step), &mut rows).map_err(|(lane, fault)| TrainError::Diverged {
                    run: part.first + lane as u64,
                    step,
                    mode: mode.to_string(),
                    fault,
                })?;
            }
            Ok(rows)
        };
        let parts: Vec<Result<Vec<Row>, TrainError>> = self.parts.par_iter_mut().map(one).collect();
        let place = |error: &TrainError| match error {
            TrainError::Diverged { run, step, .. } => (*step, *run),
            _ => (0, 0),
        };
        if let Some(error) = parts.iter().filter_map(|part| part.as_ref().err()).min_by_key(|error| place(error)) {
            return Err(error.clone());
        }
        let mut rows: Vec<Row> = parts.into_iter().flatten().flatten().collect();
        // Stable: within a step the runs stay in order.
        rows.sort_by_key(|row| row.step);
        self.step = end;
        Ok(rows)
    }

    /// What each run has come to so far.
    pub fn outcomes(&mut self) -> Vec<Outcome> {
        let best = self.experiment.arms.best_action();
        let one = |part: &mut Part<'_>| {
            part.state.policies();
            for (lane, outcome) in part.outcomes.iter_mut().enumerate() {
                outcome.best = part.state.probability(lane, best);
                outcome.drift = part.state.stored(lane).iter().sum::<f64>() - part.begun;
            }
            part.outcomes.clone()
        };
        self.parts.iter_mut().flat_map(one).collect()
    }

    /// The state of all runs.
    pub fn state(&self) -> State {
        let runs = self.parts.iter().flat_map(|part| {
            part.outcomes.iter().enumerate().map(|(lane, outcome)| RunState {
                logits: part.state.stored(lane),
                memory: part.driver.memory(lane).sums(),
                outcome: *outcome,
            })
        });
        State {
            step: self.step,
            runs: runs.collect(),
            noise: self.parts.iter().map(|part| part.state.noise()).collect(),
        }
    }

    /// Goes on from a state of this group.
    ///
    /// # Errors
    /// If it cannot be one.
    pub fn restore(&mut self, state: &State) -> Result<(), Foreign> {
        let actions = self.experiment.arms.len();
        let count = (self.runs.end - self.runs.start) as usize;
        let fits = state.runs.len() == count
            && state.noise.len() == self.parts.len()
            && state.step <= self.experiment.steps
            && state.runs.iter().all(|run| run.logits.len() == actions);
        if !fits {
            return Err(Foreign);
        }
        let mut runs = state.runs.iter();
        for (part, &noise) in self.parts.iter_mut().zip(&state.noise) {
            let own: Vec<&RunState> = runs.by_ref().take(part.outcomes.len()).collect();
            for (lane, run) in own.iter().enumerate() {
                part.state.restore(lane, &run.logits);
            }
            part.state.skip_noise(noise);
            part.outcomes = own.iter().map(|run| run.outcome).collect();
            let memories: Vec<Memory> = own.iter().map(|run| Memory::from_sums(run.memory)).collect();
            part.driver.resume(state.step, &memories, part.first..part.first + own.len() as u64);
        }
        self.step = state.step;
        Ok(())
    }
}

impl Part<'_> {
    /// One step of all runs; an error comes with the run's place.
    fn take(&mut self, step: u64, wanted: bool, rows: &mut Vec<Row>) -> Result<(), (usize, Fault)> {
        let Part { first, state, driver, outcomes, .. } = self;
        let events = driver.order(state).map_err(|fault| (0, fault))?;
        let before = |state: &FloatRuns| -> Vec<[Vec<f64>; 2]> {
            (0..state.lanes()).map(|lane| [state.stored(lane), state.policy(lane)]).collect()
        };
        let seen = if wanted { before(state) } else { Vec::new() };
        driver.follow(state, &events).map_err(|fault| (0, fault))?;
        for (lane, (event, outcome)) in events.iter().zip(outcomes).enumerate() {
            if state.is_lost(lane) {
                return Err((lane, Fault::Undefined("a stored logit is not finite")));
            }
            outcome.add(step, event, state, lane);
        }
        for (lane, ([was, policy], event)) in seen.iter().zip(&events).enumerate() {
            let row = Row::new(*first + lane as u64, step, event, was, &state.stored(lane), policy);
            rows.push(row.map_err(|fault| (lane, fault))?);
        }
        Ok(())
    }
}

impl Outcome {
    fn begun(run: u64) -> Outcome {
        Outcome { run, best: 0.0, reward: 0.0, dead: 0, last_move: None, drift: 0.0 }
    }

    fn add(&mut self, step: u64, event: &Event, state: &FloatRuns, lane: usize) {
        self.reward += event.reward;
        if state.has_moved(lane) {
            self.last_move = Some(step);
        } else if event.order.gain != 0.0 && state.has_others(lane, event.action) {
            self.dead += 1;
        }
    }
}

/// How many steps to take before anybody is asked again: about as many as a moment allows. What is computed does not
/// depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    steps: u64,
}

/// A moment: short enough for Ctrl-C, long enough that threads seldom wait for each other.
const MOMENT: Duration = Duration::from_millis(100);

/// Rows that are in memory at a time, about.
const ROWS: u64 = 1 << 15;

impl Default for Pace {
    fn default() -> Pace {
        Pace { steps: 1 }
    }
}

impl Pace {
    /// Calls `advance` with a number of steps, at most `most`, and learns from the time that it takes.
    pub fn go<T>(&mut self, most: u64, advance: impl FnOnce(u64) -> T) -> T {
        let steps = self.steps.min(most);
        let start = Instant::now();
        let result = advance(steps);
        let taken = start.elapsed();
        if taken < MOMENT / 2 && steps == self.steps {
            self.steps = self.steps.saturating_mul(2);
        } else if taken > MOMENT * 2 {
            self.steps = (self.steps / 2).max(1);
        }
        result
    }

    /// So many steps at most that the rows of `runs` runs, of every `every`-th step, are not too many.
    pub fn most(runs: u64, every: u64) -> u64 {
        if every == 0 { u64::MAX } else { (ROWS / runs.max(1)).max(1).saturating_mul(every) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(text: &str) -> Experiment {
        let baseline = super::super::Baseline::Optimal;
        Experiment { runs: 40, steps: 60, baseline, ..Experiment::new(text.parse().unwrap()) }
    }

    #[test]
    fn a_state_that_was_written_down_goes_on_to_the_same_end() {
        let experiment = experiment("gaussian:0.1,0.8,0.3");
        for mode in ["f32", "bf16", "bf16/stochastic8"] {
            let mode: Mode = mode.parse().unwrap();
            let mut whole = Group::new(&experiment, &mode, 0..40).unwrap();
            let rows = [whole.advance(25, 10).unwrap(), whole.advance(100, 10).unwrap()].concat();
            let places: Vec<(u64, u64)> = rows.iter().map(|row| (row.step, row.run)).collect();
            let expected = [0, 10, 20, 30, 40, 50, 59].into_iter().flat_map(|step| (0..40).map(move |run| (step, run)));
            assert_eq!(places, expected.collect::<Vec<_>>());

            let mut half = Group::new(&experiment, &mode, 0..40).unwrap();
            let first = half.advance(37, 10).unwrap();
            let text = serde_json::to_string(&half.state()).unwrap();
            let mut other = Group::new(&experiment, &mode, 0..40).unwrap();
            other.restore(&serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!(other.step(), 37);
            let rest = other.advance(100, 10).unwrap();
            assert_eq!([first, rest].concat(), rows, "{mode}");
            assert_eq!((other.state(), other.outcomes()), (whole.state(), whole.outcomes()), "{mode}");
        }
    }

    /// P_c = 1 as computed, with another action that is still to be moved, and a step too small for it.
    #[test]
    fn a_step_is_dead_where_only_others_had_to_move() {
        let mode = crate::dynamics::stall::Held::Probabilities.mode("bf16".parse().unwrap());
        let schedule = crate::dynamics::Schedule::Constant(1e-12);
        let arms = "fixed:1,0".parse().unwrap();
        let experiment = Experiment { start: vec![14.0, 7.0], schedule, steps: 1, ..Experiment::new(arms) };
        let mut group = Group::new(&experiment, &mode, 0..1).unwrap();
        group.advance(1, 0).unwrap();
        let outcome = group.outcomes()[0];
        assert_eq!((outcome.best, outcome.dead, outcome.last_move), (1.0, 1, None));
    }

    #[test]
    fn a_state_of_something_else_is_refused() {
        let (mine, mode) = (experiment("fixed:1,2"), "f32".parse().unwrap());
        let other = experiment("fixed:1,2,3");
        let mut group = Group::new(&mine, &mode, 0..40).unwrap();
        assert_eq!(group.restore(&Group::new(&other, &mode, 0..40).unwrap().state()), Err(Foreign));
        assert_eq!(group.restore(&Group::new(&mine, &mode, 0..39).unwrap().state()), Err(Foreign));
    }

    #[test]
    fn groups_are_all_runs_and_bounded() {
        for (text, runs, expected) in [("fixed:1,2", 2500, 3), ("fixed:K=262144", 200, 4), ("fixed:1,2", 1, 1)] {
            let experiment = Experiment { runs, ..Experiment::new(text.parse().unwrap()) };
            let all: Vec<Range<u64>> = groups(&experiment).collect();
            assert_eq!(all.len(), expected, "{text}");
            assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert_eq!((all[0].start, all[expected - 1].end), (0, runs));
        }
    }

    #[test]
    fn the_pace_is_quick_and_bounded() {
        let mut pace = Pace::default();
        let mut taken = Vec::new();
        (0..5).for_each(|_| pace.go(6, |steps| taken.push(steps)));
        assert_eq!(taken, [1, 2, 4, 6, 6]);
        assert_eq!((Pace::most(1000, 0), Pace::most(1 << 20, 5), Pace::most(1 << 10, 2)), (u64::MAX, 5, 64));
    }
}
