//! A search for policies on which a formula errs most: seeded hill climbing with restarts.

use crate::policy::random::Rng;

use super::cases::Confident;
use super::noise::Noise;
use super::observation::Observation;
use super::program::{CaseBlock, Program};
use super::run::{Plan, StudyError};
use crate::formulas::Formula;

use super::mode::Mode;

/// Where to search and how long.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// How errors are judged.
    pub plan: &'a Plan,
    /// The mode.
    pub mode: &'a Mode,
    /// The formula.
    pub formula: &'a Formula,
    /// The number of actions, at least 2.
    pub k: usize,
    /// 1 - P_c, which every policy that is tried has, up to rounding to f64.
    pub rest: f64,
    /// Policies that are tried.
    pub evaluations: u64,
}

/// What a search ended with.
#[derive(Clone, Debug)]
pub struct Found {
    /// The logits, the chosen action first.
    pub logits: Vec<f64>,
    /// The result there.
    pub seen: Observation,
    /// How many policies were tried.
    pub evaluations: u64,
}

/// Steps without progress after which the climb starts anew.
const PATIENCE: u32 = 24;

/// Neighbours that are tried in one go.
const NEIGHBOURS: usize = 16;

impl Search<'_> {
    /// The policy with the largest relative error that was found; `None` if no truth could be told.
    ///
    /// Every climb starts from normal logits of the other actions and changes some of them; the chosen logit follows
    /// so that P_c stays. The same seed finds the same policy.
    ///
    /// # Errors
    /// If the formula cannot be computed in the mode.
    pub fn run(&self) -> Result<Option<Found>, StudyError> {
        let program = self.plan.program(self.mode, self.formula, self.k, 0)?;
        let mut block = CaseBlock::default();
        let mut best: Option<Found> = None;
        let mut tried = 0;
        let mut climb = 0;
        while tried < self.evaluations {
            let mut rng = Rng::new(self.plan.seed ^ SALT, climb);
            climb += 1;
            let mut others: Vec<f64> = (1..self.k).map(|_| rng.gaussian()).collect();
            let mut height = f64::NEG_INFINITY;
            let mut patience = PATIENCE;
            while patience > 0 && tried < self.evaluations {
                let neighbours: Vec<Vec<f64>> = (0..NEIGHBOURS)
                    .map(|index| if index == 0 { others.clone() } else { neighbour(&others, &mut rng) })
                    .collect();
                tried += NEIGHBOURS as u64;
                let seen = self.evaluate(&program, &neighbours, &mut block);
                let top = seen.iter().flatten().max_by(|a, b| a.seen.relative().total_cmp(&b.seen.relative()));
                patience -= 1;
                let Some(top) = top else { continue };
                let relative = top.seen.relative();
                if relative > height {
                    height = relative;
                    patience = PATIENCE;
                    others = top.logits[1..self.k].to_vec();
                }
                if best.as_ref().is_none_or(|best| relative > best.seen.relative()) {
                    best = Some(Found { evaluations: tried, ..top.clone() });
                }
                if height.is_infinite() {
                    break;
                }
            }
        }
        Ok(best.map(|found| Found { evaluations: tried, ..found }))
    }

    fn evaluate(&self, program: &Program, others: &[Vec<f64>], block: &mut CaseBlock) -> Vec<Option<Found>> {
        let shape = Confident { k: self.k, rest: self.rest, count: 1, seed: self.plan.seed };
        let policies = program.tape().policies;
        let cases: Vec<Vec<f64>> = others
            .iter()
            .map(|others| {
                let logits = shape.around(others);
                // A second policy, where one is read, is the first one moved a little, always in the same way.
                let moved = logits.iter().enumerate().map(|(index, z)| z + if index == 0 { 0.0625 } else { 0.0 });
                let moved: Vec<f64> = moved.collect();
                [logits, moved].concat()[..policies * self.k].to_vec()
            })
            .collect();
        let inputs: Vec<f64> =
            (0..policies * self.k).flat_map(|index| cases.iter().map(move |case| case[index])).collect();
        program.run(&inputs, cases.len(), &mut Noise::new(self.plan.seed, 0), block);
        let result = |(lane, logits): (usize, Vec<f64>)| {
            let seen = self.plan.observe(program, self.formula, block, lane, &logits, 0)?;
            Some(Found { logits, seen, evaluations: 0 })
        };
        cases.into_iter().enumerate().map(result).collect()
    }
}

/// Unrelated to the seeds of the cases.
const SALT: u64 = 0x6869_6c6c_636c_696d;

/// The same logits with a few changed: by a little, by a lot, to that of another action, or away from all.
fn neighbour(others: &[f64], rng: &mut Rng) -> Vec<f64> {
    let mut changed = others.to_vec();
    for _ in 0..=rng.below(3) {
        let (at, from) = (rng.index(changed.len()), rng.index(changed.len()));
        changed[at] = match rng.below(5) {
            0 => changed[at] + rng.gaussian(),
            1 => changed[at] + rng.gaussian() / 64.0,
            2 => changed[at] + rng.gaussian() / 4096.0,
            3 => changed[from],
            _ => changed[at] - 8.0 * rng.unit(),
        };
    }
    changed
}
