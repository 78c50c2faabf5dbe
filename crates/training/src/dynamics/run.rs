//! Runs, step by step: what is drawn, ordered and learnt, the same in every arithmetic.

use crate::arith::Eval;

use super::arms::Noise;
use super::baseline::{Baseline, Memory};
use super::draws::Draws;
use super::experiment::{Algorithm, Experiment};
use super::float::{FloatRuns, Told};
use super::reference::ReferenceRun;

/// Some runs side by side in some arithmetic.
pub trait Runs {
    /// Computes the policies of all runs.
    ///
    /// # Errors
    /// If one has none.
    fn prepare(&mut self) -> Eval<()>;
    /// The action of a run that a uniform number chooses.
    fn choice(&self, lane: usize, choice: f64) -> usize;
    /// w = |e_c - P|^2 in a run, to what f64 has.
    ///
    /// # Errors
    /// If there is none.
    fn squared_norm(&self, lane: usize, action: usize) -> Eval<f64>;
    /// Moves the logits of all runs.
    ///
    /// # Errors
    /// If one cannot be moved.
    fn follow(&mut self, algorithm: Algorithm, orders: &[Told], rewards: &[f64]) -> Eval<()>;
}

impl Runs for FloatRuns {
    fn prepare(&mut self) -> Eval<()> {
        self.policies();
        Ok(())
    }

    fn choice(&self, lane: usize, choice: f64) -> usize {
        self.choose(lane, choice)
    }

    fn squared_norm(&self, lane: usize, action: usize) -> Eval<f64> {
        let policy = self.policy(lane);
        let (before, after) = (&policy[..action], &policy[action + 1..]);
        let (mut rest, mut squares) = (0.0, 0.0);
        for p in before.iter().chain(after) {
            rest += p;
            squares += p * p;
        }
        Ok(rest * rest + squares)
    }

    fn follow(&mut self, algorithm: Algorithm, orders: &[Told], rewards: &[f64]) -> Eval<()> {
        self.step(algorithm, orders, rewards);
        Ok(())
    }
}

impl Runs for ReferenceRun {
    fn prepare(&mut self) -> Eval<()> {
        self.enclose()
    }

    fn choice(&self, _: usize, choice: f64) -> usize {
        self.choose(choice)
    }

    fn squared_norm(&self, _: usize, action: usize) -> Eval<f64> {
        self.w(action)
    }

    fn follow(&mut self, algorithm: Algorithm, orders: &[Told], rewards: &[f64]) -> Eval<()> {
        self.step(algorithm, &orders[0], rewards)
    }
}

/// What a step did in one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The chosen action; of the expected gradient the best arm, for which P_c is told.
    pub action: usize,
    /// The reward, and 0 where nothing is drawn.
    pub reward: f64,
    /// What the step was told to do.
    pub order: Told,
}

/// Leads runs through an experiment.
#[derive(Clone, Debug)]
pub struct Driver<'e> {
    experiment: &'e Experiment,
    draws: Vec<Draws>,
    memories: Vec<Memory>,
    step: u64,
    best: usize,
}

impl<'e> Driver<'e> {
    /// For the runs of these numbers, from their first step on.
    pub fn new(experiment: &'e Experiment, runs: std::ops::Range<u64>) -> Driver<'e> {
        let best = experiment.arms.best_action();
        let draws: Vec<Draws> = runs.map(|run| Draws::new(experiment.seed, run, 0)).collect();
        Driver { experiment, memories: vec![Memory::default(); draws.len()], draws, step: 0, best }
    }

    /// The step that comes next, from 0.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// What the baseline of a run has learnt.
    pub fn memory(&self, lane: usize) -> Memory {
        self.memories[lane]
    }

    /// Goes on from another step, with what baselines had learnt until then.
    ///
    /// # Panics
    /// If there is not one memory for each run.
    pub fn resume(&mut self, step: u64, memories: &[Memory], runs: std::ops::Range<u64>) {
        assert_eq!(memories.len(), self.draws.len(), "a memory for each run");
        self.draws = runs.map(|run| Draws::new(self.experiment.seed, run, step)).collect();
        self.memories = memories.to_vec();
        self.step = step;
    }

    /// Computes the policies, draws actions and rewards, and says what each run is to do; [`Driver::follow`] does it.
    ///
    /// # Errors
    /// If a run has no policy.
    pub fn order(&mut self, runs: &mut impl Runs) -> Eval<Vec<Event>> {
        runs.prepare()?;
        let experiment = self.experiment;
        let eta = experiment.schedule.rate(self.step);
        let entropy = eta * experiment.entropy;
        let gaussian = matches!(experiment.arms.noise, Noise::Gaussian(_));
        let mut events = Vec::with_capacity(self.draws.len());
        for (lane, (draws, memory)) in self.draws.iter_mut().zip(&mut self.memories).enumerate() {
            let draw = draws.next(gaussian);
            if experiment.algorithm == Algorithm::Expected {
                let order = Told { action: self.best, gain: eta, entropy };
                events.push(Event { action: self.best, reward: 0.0, order });
                continue;
            }
            let action = runs.choice(lane, draw.choice);
            let reward = experiment.arms.reward(action, &draw);
            let gain = eta * (reward - memory.value(experiment.baseline));
            if experiment.baseline == Baseline::Optimal {
                memory.add(experiment.baseline, reward, runs.squared_norm(lane, action)?);
            } else {
                memory.add(experiment.baseline, reward, 1.0);
            }
            events.push(Event { action, reward, order: Told { action, gain, entropy } });
        }
        Ok(events)
    }

    /// Moves the logits of all runs.
    ///
    /// # Errors
    /// If one cannot be moved.
    pub fn follow(&mut self, runs: &mut impl Runs, events: &[Event]) -> Eval<()> {
        let orders: Vec<Told> = events.iter().map(|event| event.order).collect();
        self.step += 1;
        runs.follow(self.experiment.algorithm, &orders, &self.experiment.arms.means)
    }

    /// One whole step.
    ///
    /// # Errors
    /// If a run has no policy or cannot be moved.
    pub fn advance(&mut self, runs: &mut impl Runs) -> Eval<Vec<Event>> {
        let events = self.order(runs)?;
        self.follow(runs, &events)?;
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Mode;

    fn experiment(algorithm: Algorithm, baseline: Baseline) -> Experiment {
        let arms = "bernoulli:0.2,0.5,0.9".parse().unwrap();
        Experiment { algorithm, baseline, entropy: 0.01, ..Experiment::new(arms) }
    }

    fn float(experiment: &Experiment, mode: &str, lanes: usize) -> FloatRuns {
        let mode: Mode = mode.parse().unwrap();
        FloatRuns::new(&mode, &[0.0; 3], lanes, experiment.seed).unwrap()
    }

    #[test]
    fn float_runs_in_f64_follow_the_reference() {
        for algorithm in [Algorithm::Expected, Algorithm::Reinforce, Algorithm::Alternate] {
            for baseline in [Baseline::None, Baseline::Mean, Baseline::Optimal] {
                let experiment = experiment(algorithm, baseline);
                let mut reference = ReferenceRun::new(128, &[0.0; 3]);
                let mut narrow = float(&experiment, "f64", 1);
                let mut drivers = [(); 2].map(|()| Driver::new(&experiment, 0..1));
                for _ in 0..60 {
                    let exact = drivers[0].advance(&mut reference).unwrap();
                    let rounded = drivers[1].advance(&mut narrow).unwrap();
                    assert_eq!((exact[0].action, exact[0].reward), (rounded[0].action, rounded[0].reward));
                }
                for (exact, rounded) in reference.stored().iter().zip(narrow.stored(0)) {
                    assert!((exact.to_f64() - rounded).abs() < 1e-13, "{algorithm} {baseline}: {exact} {rounded}");
                }
                assert!(narrow.stored(0)[2] != 0.0);
            }
        }
    }

    #[test]
    fn runs_do_not_depend_on_what_runs_beside_them() {
        let experiment = experiment(Algorithm::Reinforce, Baseline::Mean);
        let train = |runs: std::ops::Range<u64>| {
            let mut side_by_side = float(&experiment, "bf16", (runs.end - runs.start) as usize);
            let mut driver = Driver::new(&experiment, runs);
            (0..40).for_each(|_| drop(driver.advance(&mut side_by_side).unwrap()));
            (0..side_by_side.lanes()).map(|lane| side_by_side.stored(lane)).collect::<Vec<_>>()
        };
        let together = train(0..5);
        assert_eq!(train(3..4)[0], together[3]);
        assert_ne!(together[0], together[1]);
    }

    #[test]
    fn a_run_can_be_taken_up_again() {
        let experiment = experiment(Algorithm::Reinforce, Baseline::Optimal);
        let mut whole = float(&experiment, "f32", 1);
        let mut driver = Driver::new(&experiment, 7..8);
        (0..30).for_each(|_| drop(driver.advance(&mut whole).unwrap()));
        let (state, memory) = (whole.stored(0), driver.memory(0));
        (0..30).for_each(|_| drop(driver.advance(&mut whole).unwrap()));

        let mut later = float(&experiment, "f32", 1);
        later.restore(0, &state);
        let mut driver = Driver::new(&experiment, 7..8);
        driver.resume(30, &[Memory::from_sums(memory.sums())], 7..8);
        (0..30).for_each(|_| drop(driver.advance(&mut later).unwrap()));
        assert_eq!(later.stored(0), whole.stored(0));
    }
}
