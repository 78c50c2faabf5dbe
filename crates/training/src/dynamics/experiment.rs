//! What is trained, and how.

use std::fmt;
use std::str::FromStr;

use super::arms::Arms;
use super::baseline::Baseline;
use crate::arith::decimal::shortest;

/// How a step moves the logits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Along the expected update P o (r - <P, r>), nothing drawn (claim expected-update).
    Expected,
    /// Along (r - b)(e_c - P) for an action drawn from P: REINFORCE.
    Reinforce,
    /// Along (r - b) e_c, without the term -P (claim alternate-estimator; Garg et al., arXiv:2112.11622).
    Alternate,
}

/// The algorithms by name.
pub const ALGORITHMS: [(&str, Algorithm, &str); 3] = [
    ("expected", Algorithm::Expected, "the expected gradient P o (r - <P,r>), nothing drawn"),
    ("reinforce", Algorithm::Reinforce, "(r - b)(e_c - P), the action drawn from P"),
    ("alternate", Algorithm::Alternate, "(r - b) e_c, without the term -P"),
];

impl Algorithm {
    /// Whether actions and rewards are drawn.
    pub fn draws(self) -> bool {
        self != Algorithm::Expected
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(ALGORITHMS.iter().find(|(_, algorithm, _)| algorithm == self).map_or("", |(name, ..)| name))
    }
}

/// How the learning rate goes on from step to step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// eta at every step.
    Constant(f64),
    /// eta / (1 + t), t the step from 0.
    Inverse(f64),
    /// eta / sqrt(1 + t).
    InverseRoot(f64),
}

impl Schedule {
    /// The rate of step t, from 0.
    pub fn rate(self, step: u64) -> f64 {
        let t = step as f64;
        match self {
            Schedule::Constant(eta) => eta,
            Schedule::Inverse(eta) => eta / (1.0 + t),
            Schedule::InverseRoot(eta) => eta / (1.0 + t).sqrt(),
        }
    }

    fn start(self) -> f64 {
        let (Schedule::Constant(eta) | Schedule::Inverse(eta) | Schedule::InverseRoot(eta)) = self;
        eta
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let eta = shortest(self.start());
        match self {
            Schedule::Constant(_) => f.write_str(&eta),
            Schedule::Inverse(_) => write!(f, "{eta}/t"),
            Schedule::InverseRoot(_) => write!(f, "{eta}/sqrt(t)"),
        }
    }
}

/// What is wrong with an experiment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExperimentError {
    /// No learning rate.
    #[error("learning rate `{0}`: give a positive number, such as 0.1, or 0.1/t, or 0.1/sqrt(t)")]
    Rate(String),
    /// Logits that do not fit.
    #[error("{found} starting logits for {actions} actions: give one for each")]
    Start {
        /// How many.
        found: usize,
        /// Of how many actions.
        actions: usize,
    },
    /// A logit that is not finite.
    #[error("the starting logit {0} is not finite")]
    Logit(String),
    /// Nothing to run.
    #[error("{0} is 0: give at least 1")]
    Nothing(&'static str),
    /// An entropy coefficient that is no number.
    #[error("the coefficient {0} of the entropy is not finite")]
    Entropy(String),
    /// A baseline where nothing is drawn.
    #[error("the expected gradient is the same for every baseline: leave it out")]
    Baseline,
}

impl FromStr for Schedule {
    type Err = ExperimentError;

    fn from_str(text: &str) -> Result<Schedule, ExperimentError> {
        let (number, of): (&str, fn(f64) -> Schedule) = match text.split_once('/') {
            None => (text, Schedule::Constant),
            Some((number, "t")) => (number, Schedule::Inverse),
            Some((number, "sqrt(t)")) => (number, Schedule::InverseRoot),
            Some(_) => return Err(ExperimentError::Rate(text.to_string())),
        };
        match number.trim().parse::<f64>() {
            Ok(eta) if eta.is_finite() && eta > 0.0 => Ok(of(eta)),
            _ => Err(ExperimentError::Rate(text.to_string())),
        }
    }
}

/// A training experiment: the same for every arithmetic.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The environment.
    pub arms: Arms,
    /// How a step moves the logits.
    pub algorithm: Algorithm,
    /// What is taken off rewards.
    pub baseline: Baseline,
    /// The learning rate.
    pub schedule: Schedule,
    /// The coefficient of the entropy in what is ascended: reward + entropy H(P).
    pub entropy: f64,
    /// The logits at the start; empty for zeros.
    pub start: Vec<f64>,
    /// How many steps a run takes.
    pub steps: u64,
    /// How many runs there are.
    pub runs: u64,
    /// The seed of everything random.
    pub seed: u64,
}

impl Experiment {
    /// REINFORCE without a baseline from logits of 0: 1000 steps of one run at the learning rate 0.1.
    pub fn new(arms: Arms) -> Experiment {
        Experiment {
            arms,
            algorithm: Algorithm::Reinforce,
            baseline: Baseline::None,
            schedule: Schedule::Constant(0.1),
            entropy: 0.0,
            start: Vec::new(),
            steps: 1000,
            runs: 1,
            seed: 1,
        }
    }

    /// That it can be run.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), ExperimentError> {
        let actions = self.arms.len();
        if !self.start.is_empty() && self.start.len() != actions {
            return Err(ExperimentError::Start { found: self.start.len(), actions });
        }
        if let Some(logit) = self.start.iter().find(|logit| !logit.is_finite()) {
            return Err(ExperimentError::Logit(logit.to_string()));
        }
        if !self.entropy.is_finite() {
            return Err(ExperimentError::Entropy(self.entropy.to_string()));
        }
        if !(self.schedule.start().is_finite() && self.schedule.start() > 0.0) {
            return Err(ExperimentError::Rate(self.schedule.to_string()));
        }
        if self.algorithm == Algorithm::Expected && self.baseline != Baseline::None {
            return Err(ExperimentError::Baseline);
        }
        match (self.steps, self.runs) {
            (0, _) => Err(ExperimentError::Nothing("the number of steps")),
            (_, 0) => Err(ExperimentError::Nothing("the number of runs")),
            _ => Ok(()),
        }
    }

    /// The logit of an action at the start.
    pub fn start_of(&self, action: usize) -> f64 {
        self.start.get(action).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_come_back_and_fall() {
        for text in ["0.1", "2/t", "0.5/sqrt(t)", "1e-200", "3e-100/t"] {
            assert_eq!(text.parse::<Schedule>().unwrap().to_string(), text);
        }
        assert_eq!("2/t".parse::<Schedule>().unwrap().rate(3), 0.5);
        assert_eq!("2/sqrt(t)".parse::<Schedule>().unwrap().rate(3), 1.0);
        for text in ["0", "-1", "inf", "x", "1/u", ""] {
            assert!(text.parse::<Schedule>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_run_says_why() {
        let good = Experiment::new("fixed:0,1".parse().unwrap());
        assert_eq!(good.check(), Ok(()));
        let bad = |change: fn(&mut Experiment)| {
            let mut experiment = good.clone();
            change(&mut experiment);
            experiment.check().unwrap_err().to_string()
        };
        assert!(bad(|e| e.start = vec![0.0; 3]).contains("3 starting logits for 2"));
        assert!(bad(|e| e.start = vec![0.0, f64::NAN]).contains("not finite"));
        assert!(bad(|e| e.steps = 0).contains("steps"));
        assert!(bad(|e| e.runs = 0).contains("runs"));
        assert!(bad(|e| e.entropy = f64::INFINITY).contains("entropy"));
        assert!(
            bad(|e| {
                e.algorithm = Algorithm::Expected;
                e.baseline = Baseline::Mean;
            })
            .contains("leave it out")
        );
    }
}
