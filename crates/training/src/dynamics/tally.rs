//! Steps of many runs, counted by the confidence of the policy.

use super::experiment::Algorithm;
use super::run::Event;
use super::softmax::probabilities;

/// The lower ends of the bins of 1 - P_c, the last one being 0.
pub const BINS: [f64; 7] = [0.5, 0.1, 1e-2, 1e-3, 1e-4, 1e-5, 0.0];

/// From this C(P) on a policy has low entropy: it holds one action for nearly certain.
pub const CONCENTRATED: f64 = 0.9;

/// The updates at one confidence; a step that is told to do nothing is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// How many updates.
    pub updates: u64,
    /// How many of them moved no stored logit.
    pub dead: u64,
    /// The sum of their sizes |dz| / |g|, before anything is rounded to a mode.
    pub sizes: f64,
    /// The least and the greatest ratio of that to 1 - P_c.
    pub least: f64,
    /// See `least`.
    pub most: f64,
    /// The sum of |dz|.
    pub path: f64,
    /// The sum of |dz|^2.
    pub squares: f64,
}

impl Default for Bin {
    fn default() -> Bin {
        Bin { updates: 0, dead: 0, sizes: 0.0, least: f64::INFINITY, most: 0.0, path: 0.0, squares: 0.0 }
    }
}

impl Bin {
    fn add(&mut self, size: f64, rest: f64, gain: f64, moved: bool) {
        self.updates += 1;
        self.dead += u64::from(!moved);
        self.sizes += size;
        self.least = self.least.min(size / rest);
        self.most = self.most.max(size / rest);
        self.path += gain.abs() * size;
        self.squares += gain * gain * size * size;
    }
}

logitlab_numbers::merge_fields!(Bin: updates, dead, sizes, path, squares; min least; max most);

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepTally {
    /// By 1 - P_c, as [`BINS`] says.
    pub bins: [Bin; BINS.len()],
    /// Those of policies with C(P) of at least [`CONCENTRATED`]: where the likeliest action was drawn, and where
    /// another one was, a jump.
    pub concentrated: [Bin; 2],
    /// Steps that were told to do nothing.
    pub idle: u64,
}

/// A step as it is counted.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// How logits are moved.
    pub algorithm: Algorithm,
    /// The policy of the stored logits before the step.
    pub policy: &'a [f64],
    /// What was drawn, and what the step was told to do.
    pub event: &'a Event,
    /// Whether a stored logit changed.
    pub moved: bool,
}

logitlab_numbers::merge_fields!(StepTally: bins, concentrated, idle);

impl StepTally {
    /// Counts a step.
    pub fn add(&mut self, seen: &Seen<'_>) {
        let gain = seen.event.order.gain;
        if gain == 0.0 {
            self.idle += 1;
            return;
        }
        let (action, policy) = (seen.event.action, seen.policy);
        let others = || policy.iter().enumerate().filter(|(index, _)| *index != action).map(|(_, p)| *p);
        let (rest, squares) = (others().sum::<f64>(), others().map(|p| p * p).sum::<f64>());
        let size = match seen.algorithm {
            Algorithm::Alternate => 1.0,
            Algorithm::Reinforce | Algorithm::Expected => (rest * rest + squares).sqrt(),
        };
        let place = BINS.iter().position(|&low| rest >= low).unwrap_or(BINS.len() - 1);
        self.bins[place].add(size, rest, gain, seen.moved);
        let own = policy[action];
        if squares + own * own >= CONCENTRATED {
            let jump = others().any(|p| p > own);
            self.concentrated[usize::from(jump)].add(size, rest, gain, seen.moved);
        }
    }

    /// All steps that were counted.
    pub fn steps(&self) -> u64 {
        self.idle + self.bins.iter().map(|bin| bin.updates).sum::<u64>()
    }
}

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// 1 - P of the best arms at the end.
    pub rest: f64,
    /// Whether another arm has a probability above 1/2.
    pub astray: bool,
    /// The sum of the stored logits.
    pub sum: f64,
}

impl Outcome {
    /// Of the stored logits at the end, and the mean rewards.
    pub fn new(logits: &[f64], means: &[f64]) -> Outcome {
        let best = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let policy = probabilities(logits);
        let others = || policy.iter().zip(means).filter(|(_, mean)| **mean != best).map(|(p, _)| *p);
        Outcome { rest: others().sum(), astray: others().any(|p| p > 0.5), sum: logits.iter().sum() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::float::Told;
    use super::*;
    use crate::stats::merge::Merge as _;

    fn tally(algorithm: Algorithm, policy: &[f64], action: usize, gain: f64, moved: bool) -> StepTally {
        let event = Event { action, reward: 0.0, order: Told { action, gain, entropy: 0.0 } };
        let mut tally = StepTally::default();
        tally.add(&Seen { algorithm, policy, event: &event, moved });
        tally
    }

    #[test]
    fn a_step_is_counted_where_it_belongs() {
        let usual = tally(Algorithm::Reinforce, &[0.95, 0.05], 0, -2.0, true);
        let bin = usual.bins[2];
        assert_eq!((bin.updates, bin.dead, usual.concentrated.map(|bin| bin.updates)), (1, 0, [1, 0]));
        assert!((bin.sizes - 0.05 * 2.0_f64.sqrt()).abs() < 1e-15 && (bin.squares - 0.02).abs() < 1e-15);
        assert!((bin.least - 2.0_f64.sqrt()).abs() < 1e-12 && bin.least == bin.most);
        let jump = tally(Algorithm::Reinforce, &[0.95, 0.05], 1, 1.0, false);
        assert_eq!((jump.bins[0].dead, jump.concentrated.map(|bin| bin.updates)), (1, [0, 1]));
        assert_eq!(tally(Algorithm::Alternate, &[0.95, 0.05], 0, 1.0, true).bins[2].sizes, 1.0);
        let idle = tally(Algorithm::Reinforce, &[0.5, 0.5], 0, 0.0, false);
        assert_eq!((idle.idle, idle.steps()), (1, 1));
    }

    #[test]
    fn tallies_add_up() {
        let mut sum = tally(Algorithm::Reinforce, &[0.5, 0.25, 0.25], 0, 1.0, true);
        sum.merge(tally(Algorithm::Reinforce, &[0.25, 0.5, 0.25], 0, 1.0, false));
        assert_eq!((sum.bins[0].updates, sum.bins[0].dead, sum.steps()), (2, 1, 2));
        assert!(sum.bins[0].least < sum.bins[0].most);
    }

    #[test]
    fn outcomes_say_where_a_run_went() {
        let outcome = Outcome::new(&[1.0, 1.0, 1.0, 1.0], &[0.7, 0.1, 0.7, 0.1]);
        assert_eq!(outcome, Outcome { rest: 0.5, astray: false, sum: 4.0 });
        assert!(Outcome::new(&[0.0, 1.0], &[1.0, 0.0]).astray && !Outcome::new(&[1.0, 0.0], &[1.0, 0.0]).astray);
    }
}
