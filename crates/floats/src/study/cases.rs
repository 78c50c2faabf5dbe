//! Where the cases of a study come from.

use rug::integer::Order;
use rug::{Float, Integer};

use crate::policy::random::Rng;
use crate::policy::{Policy, Scores, Spec};

/// Logits as they are given, and the chosen action.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The logits of the policy; where a formula reads two, those of the other follow.
    pub logits: Vec<f64>,
    /// The number of actions.
    pub k: usize,
    /// The chosen action, from 0.
    pub action: usize,
}

/// A numbered collection of cases, each of which is made from its number alone.
pub trait Cases: Sync {
    /// How many there are.
    fn count(&self) -> u64;
    /// One of them.
    fn case(&self, index: u64) -> Case;
    /// How many go through all modes and formulas together, and are in memory at once for each thread.
    fn together(&self) -> u64 {
        256
    }
}

/// Policies whose chosen action has a given probability.
///
/// The first case has equal logits for all other actions; in the rest they are normal, independent, with standard
/// deviation 1, and the chosen logit is set so that P_c comes out as asked for, up to rounding to f64.
#[derive(Clone, Debug)]
pub struct Confident {
    /// The number of actions, at least 2.
    pub k: usize,
    /// 1 - P_c, between 0 and 1: P_c itself would lose its digits near 1.
    pub rest: f64,
    /// How many cases.
    pub count: u64,
    /// The seed.
    pub seed: u64,
}

impl Confident {
    /// The logits of one policy; the chosen action is the first.
    fn policy(&self, rng: Option<&mut Rng>) -> Vec<f64> {
        let mut others = vec![0.0; self.k - 1];
        if let Some(rng) = rng {
            others.fill_with(|| rng.gaussian());
        }
        self.around(&others)
    }

    /// The logits of all actions, the chosen one first, from those of the others.
    pub fn around(&self, others: &[f64]) -> Vec<f64> {
        let max = others.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = others.iter().map(|z| libm::exp(z - max)).sum();
        let chosen = libm::log1p(-self.rest) - libm::log(self.rest) + max + libm::log(total);
        std::iter::once(chosen).chain(others.iter().copied()).collect()
    }
}

impl Cases for Confident {
    fn count(&self) -> u64 {
        self.count
    }

    fn case(&self, index: u64) -> Case {
        let mut rng = Rng::new(self.seed, index);
        let mut logits = self.policy((index > 0).then_some(&mut rng));
        // A second policy a short step away: a ratio compares two policies that are.
        let step: Vec<f64> = logits.iter().map(|z| z + rng.gaussian() / 16.0).collect();
        logits.extend(step);
        Case { logits, k: self.k, action: 0 }
    }
}

/// Policies of a generator, with rational weights turned into their logarithms.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The generator.
    pub spec: Spec,
    /// How many cases.
    pub count: u64,
    /// The seed.
    pub seed: u64,
}

impl Cases for Generated {
    fn count(&self) -> u64 {
        self.count
    }

    fn case(&self, index: u64) -> Case {
        let Policy { scores, action, .. } = Policy::generate(&self.spec, self.seed, index);
        let mut logits = logits(&scores);
        let k = logits.len();
        let mut rng = Rng::new(!self.seed, index);
        let step: Vec<f64> = logits.iter().map(|z| z + rng.gaussian() / 16.0).collect();
        logits.extend(step);
        Case { logits, k, action }
    }
}

/// The logits of a policy; of rational weights their logarithms, rounded once.
fn logits(scores: &Scores) -> Vec<f64> {
    let log = |limbs: &[u64]| {
        let weight = Float::with_val(64, Integer::from_digits(limbs, Order::Lsf));
        Float::with_val(64, weight.ln_ref())
    };
    match scores {
        Scores::Logits(logits) => logits.clone(),
        Scores::Integers(weights) => weights.iter().map(|weight| log(weight).to_f64()).collect(),
        Scores::Rationals { numerators, denominators } => {
            let pairs = numerators.iter().zip(denominators.iter());
            pairs.map(|(n, d)| Float::with_val(64, log(n) - log(d)).to_f64()).collect()
        }
    }
}

/// Cases that are at hand.
impl Cases for Vec<Case> {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn case(&self, index: u64) -> Case {
        self[index as usize].clone()
    }
}
