//! Studies of training that can be cited: what arXiv:2506.12912 asserts of how policies regulate themselves, counted
//! over many runs. A new one is a line here, and its snapshot.

use std::ops::{ControlFlow, Range};

use crate::stats::merge::Merge as _;
use crate::study::Mode;
use crate::study::rounds::in_order;

use super::baseline::Baseline;
use super::experiment::{Algorithm, Experiment, Schedule};
use super::float::{FloatRuns, LANES};
use super::outcome::TrainError;
use super::run::Driver;
use super::softmax::probabilities;
use super::tally::{Outcome, Seen, StepTally};

/// A study of training with a name, all of whose parameters are fixed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainingStudy {
    /// Lower-case words joined by hyphens, unique among studies and claims.
    pub id: &'static str,
    /// What it asks, in one line.
    pub title: &'static str,
    /// The environment, as text.
    pub arms: &'static str,
    /// What is taken off rewards.
    pub baseline: Baseline,
    /// The learning rate.
    pub eta: f64,
    /// Steps of a run.
    pub steps: u64,
    /// Runs, each from logits of 0.
    pub runs: u64,
    /// The seed of everything random.
    pub seed: u64,
    /// The algorithms that are compared in the first mode.
    pub algorithms: &'static [Algorithm],
    /// The modes, as text, that are compared with the first algorithm.
    pub modes: &'static [&'static str],
}

/// Every study of training, in the order in which they are listed.
pub const TRAINING_STUDIES: &[TrainingStudy] = &[TrainingStudy {
    id: "study-self-regulation",
    title: "How confident policies regulate themselves, and where formats stop them",
    arms: "bernoulli:0.75,0.25,0.25,0.25,0.25,0.25,0.25,0.25,0.25,0.25",
    baseline: Baseline::Mean,
    eta: 0.5,
    steps: 2000,
    runs: 100,
    seed: 1,
    algorithms: &[Algorithm::Reinforce, Algorithm::Alternate],
    modes: &["f32", "bf16-stored", "fp8-stored", "bf16", "fp16", "e4m3fn"],
}];

/// The study of training with this id.
pub fn find(id: &str) -> Option<&'static TrainingStudy> {
    TRAINING_STUDIES.iter().find(|study| study.id == id)
}

/// What the runs of one algorithm in one mode came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How logits are moved.
    pub algorithm: Algorithm,
    /// The mode, as the study names it.
    pub mode: &'static str,
    /// The steps of all runs, counted by confidence.
    pub tally: StepTally,
    /// What each run came to.
    pub outcomes: Vec<Outcome>,
}

impl TrainingStudy {
    /// What one algorithm trains.
    ///
    /// # Panics
    /// If the environment is no text of one, which a test rules out for every study of the registry.
    pub fn experiment(&self, algorithm: Algorithm) -> Experiment {
        Experiment {
            algorithm,
            baseline: self.baseline,
            schedule: Schedule::Constant(self.eta),
            steps: self.steps,
            runs: self.runs,
            seed: self.seed,
            ..Experiment::new(self.arms.parse().unwrap_or_else(|error| panic!("{}: {error}", self.id)))
        }
    }

    /// The algorithms in the first mode, then the other modes with the first algorithm.
    pub fn lines(&self) -> Vec<(Algorithm, &'static str)> {
        let algorithms = self.algorithms.iter().map(|&algorithm| (algorithm, self.modes[0]));
        let modes = self.modes[1..].iter().map(|&mode| (self.algorithms[0], mode));
        algorithms.chain(modes).collect()
    }

    /// Trains everything. Results do not depend on the number of threads.
    ///
    /// # Errors
    /// If a mode cannot be computed or training diverges, which its snapshot rules out for every study of the registry.
    pub fn run(&self) -> Result<Vec<Found>, TrainError> {
        self.lines().into_iter().map(|(algorithm, mode)| self.found(algorithm, mode)).collect()
    }

    fn found(&self, algorithm: Algorithm, name: &'static str) -> Result<Found, TrainError> {
        let experiment = self.experiment(algorithm);
        let mode: Mode = name.parse().unwrap_or_else(|error| panic!("{}: {error}", self.id));
        let mut found = Found { algorithm, mode: name, tally: StepTally::default(), outcomes: Vec::new() };
        let take = |(tally, outcomes): (StepTally, Vec<Outcome>)| {
            found.tally.merge(tally);
            found.outcomes.extend(outcomes);
            ControlFlow::Continue(())
        };
        in_order(self.runs, LANES as u64, |runs| part(&experiment, &mode, runs), take)?;
        Ok(found)
    }
}

/// Some runs side by side, every step counted.
fn part(experiment: &Experiment, mode: &Mode, runs: Range<u64>) -> Result<(StepTally, Vec<Outcome>), TrainError> {
    let lanes = (runs.end - runs.start) as usize;
    let start = vec![0.0; experiment.arms.len()];
    let mut state = FloatRuns::new(mode, &start, lanes, experiment.seed)?;
    let mut driver = Driver::new(experiment, runs.clone());
    let mut tally = StepTally::default();
    for step in 0..experiment.steps {
        let diverged = |fault| TrainError::Diverged { run: runs.start, step, mode: mode.to_string(), fault };
        let before: Vec<Vec<f64>> = (0..lanes).map(|lane| state.stored(lane)).collect();
        let events = driver.advance(&mut state).map_err(diverged)?;
        for (lane, (event, before)) in events.iter().zip(&before).enumerate() {
            let (policy, moved) = (probabilities(before), state.stored(lane) != *before);
            tally.add(&Seen { algorithm: experiment.algorithm, policy: &policy, event, moved });
        }
    }
    let outcome = |lane: usize| Outcome::new(&state.stored(lane), &experiment.arms.means);
    let outcomes = (0..lanes).map(outcome).collect();
    Ok((tally, outcomes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_study_can_be_run_and_has_a_name_of_its_own() {
        for study in crate::study::registry::STUDIES {
            assert!(crate::claims::find(study.id).is_none(), "{}: a claim is called so", study.id);
        }
        for (place, study) in TRAINING_STUDIES.iter().enumerate() {
            assert!(find(study.id) == Some(study) && TRAINING_STUDIES[..place].iter().all(|one| one.id != study.id));
            assert!(crate::claims::find(study.id).is_none() && crate::study::registry::find(study.id).is_none());
            assert!(study.lines().iter().all(|(algorithm, _)| study.experiment(*algorithm).check().is_ok()));
            assert!(study.modes.iter().all(|mode| mode.parse::<Mode>().is_ok()), "{}", study.id);
        }
    }

    #[test]
    fn what_is_counted_does_not_depend_on_the_parts() {
        let study = TrainingStudy { steps: 30, runs: 40, modes: &["f32"], ..TRAINING_STUDIES[0] };
        let all = study.run().unwrap();
        assert_eq!(all.len(), 2);
        for found in &all {
            assert_eq!(found.tally.steps(), 30 * 40);
            assert_eq!(found.outcomes.len(), 40);
        }
        let experiment = study.experiment(Algorithm::Reinforce);
        let mode: Mode = "f32".parse().unwrap();
        let (_, alone) = part(&experiment, &mode, 39..40).unwrap();
        assert_eq!(alone[0], all[0].outcomes[39]);
    }

    /// What the abstract asserts, on a smaller study: the exact size is within its two sides in every bin, and the
    /// alternate estimator's is always 1.
    #[test]
    fn sizes_follow_confidence_but_for_the_alternate_estimator() {
        let study = TrainingStudy { steps: 300, runs: 32, modes: &["f64"], ..TRAINING_STUDIES[0] };
        let all = study.run().unwrap();
        let least = (10.0_f64 / 9.0).sqrt();
        for bin in all[0].tally.bins.iter().filter(|bin| bin.updates > 0) {
            assert!(
                bin.least >= least * (1.0 - 1e-9) && bin.most <= std::f64::consts::SQRT_2 * (1.0 + 1e-9),
                "{bin:?}"
            );
        }
        for bin in all[1].tally.bins.iter().filter(|bin| bin.updates > 0) {
            assert!((bin.sizes / bin.updates as f64 - 1.0).abs() < 1e-12, "{bin:?}");
        }
    }
}
