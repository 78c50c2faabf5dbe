//! A small real policy: the next character of a text, given the last few.
//!
//! Its parameters are a table with a row of logits for each context that occurs: the empty one, the last character, the
//! last two, and so on. The logits of a position are the sum of its rows, so that a step of policy gradient moves each
//! of them by g (e_c - P), no more and no less: cross-entropy with c the character of the text and reward 1, REINFORCE
//! with c drawn from P and reward 1 where it is that of the text.

use std::collections::HashMap;

use crate::formats::Operation::Add;
use crate::policy::random::Rng;
use crate::study::mode::{Mode, Place};
use crate::study::noise::Noise;
use crate::study::{PlaceUnit, StudyError};

use super::baseline::{Baseline, Memory};
use super::corpus::Corpus;
use super::experiment::Algorithm;
use super::float::{FloatRuns, Told};
use super::softmax::{log_probabilities, probabilities};

/// Positions of one step.
pub const BATCH: usize = 32;
/// The longest context, in characters.
pub const MOST_CONTEXT: usize = 8;

/// What is ascended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// The log-probability of the text.
    CrossEntropy,
    /// The expected reward of characters drawn from the policy, by REINFORCE with the mean of the rewards as baseline.
    Reinforce,
}

/// The objectives by name.
pub const OBJECTIVES: [(&str, Objective, &str); 2] = [
    ("xent", Objective::CrossEntropy, "cross-entropy: c is the character of the text, reward 1"),
    (
        "reinforce",
        Objective::Reinforce,
        "c is drawn from P, reward 1 where it is that of the text, less the mean reward",
    ),
];

/// How a character policy is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// What is ascended.
    pub objective: Objective,
    /// The float mode of the forward pass, the update and the stored table.
    pub mode: Mode,
    /// How many of the last characters are seen, at most [`MOST_CONTEXT`].
    pub context: usize,
    /// Steps of cross-entropy before those of the objective: from an even policy REINFORCE hardly ever draws the right
    /// character, and commits to a wrong one before it has seen others.
    pub warm_up: u64,
    /// Steps of [`BATCH`] positions each.
    pub steps: u64,
    /// The learning rate.
    pub eta: f64,
    /// The seed of everything random.
    pub seed: u64,
}

/// Why a policy could not be trained.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CharacterError {
    /// The mode cannot be computed.
    #[error(transparent)]
    Mode(#[from] StudyError),
    /// Training has left the numbers of the format.
    #[error("step {0}: a logit of the table is not finite; a smaller learning rate may help")]
    Diverged(u64),
}

/// A trained policy over the characters of a text.
#[derive(Debug)]
pub struct CharacterPolicy {
    corpus: Corpus,
    context: usize,
    /// For each position the rows of its contexts, the empty one first.
    rows: Vec<Vec<usize>>,
    /// Row after row, a logit for each character.
    table: Vec<f64>,
    unit: PlaceUnit,
    noise: Noise,
}

/// Positions of the text as the files of other commands have them.
#[derive(Clone, Debug, PartialEq)]
pub struct Positions {
    /// The logits, row after row.
    pub logits: Vec<f64>,
    /// The action of each row.
    pub actions: Vec<usize>,
}

impl CharacterPolicy {
    /// The even policy: a table of zeros.
    ///
    /// # Errors
    /// If the mode cannot be computed.
    pub fn new(corpus: Corpus, context: usize, mode: &Mode) -> Result<CharacterPolicy, StudyError> {
        let mut known: HashMap<&[usize], usize> = HashMap::new();
        let mut rows = Vec::with_capacity(corpus.text.len());
        for position in 0..corpus.text.len() {
            let contexts = (0..=context.min(position)).map(|length| &corpus.text[position - length..position]);
            let mut own = Vec::with_capacity(context + 1);
            for seen in contexts {
                let next = known.len();
                own.push(*known.entry(seen).or_insert(next));
            }
            rows.push(own);
        }
        let table = vec![0.0; known.len() * corpus.alphabet.len()];
        let unit = PlaceUnit::new(mode, Place::Logits, &[Place::Logits, Place::Combine])
            .map_err(|why| StudyError::Mode { mode: mode.to_string(), why })?;
        Ok(CharacterPolicy { corpus, context, rows, table, unit, noise: Noise::new(0, 0) })
    }

    /// The text and its alphabet.
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// How many contexts occur: rows of the table.
    pub fn contexts(&self) -> usize {
        self.table.len() / self.actions()
    }

    /// How many of the last characters are seen.
    pub fn context(&self) -> usize {
        self.context
    }

    fn actions(&self) -> usize {
        self.corpus.alphabet.len()
    }

    /// The logits of a position: its rows, added up and rounded as logits are stored.
    fn logits(&mut self, position: usize) -> Vec<f64> {
        let k = self.actions();
        let mut sum = vec![0.0; k];
        for &row in &self.rows[position] {
            let before = sum.clone();
            self.unit.apply(Add, &before, &self.table[row * k..][..k], &mut sum, &mut self.noise);
        }
        sum
    }

    /// Moves every row of a position.
    fn follow(&mut self, position: usize, moved: &[f64]) {
        let k = self.actions();
        for &row in &self.rows[position] {
            let row = &mut self.table[row * k..][..k];
            let before = row.to_vec();
            self.unit.apply(Add, &before, moved, row, &mut self.noise);
        }
    }

    /// Trains a policy over a text; `done` is told of each step, and `stop` is asked.
    ///
    /// # Errors
    /// If the mode cannot be computed, or training diverges.
    pub fn train(
        corpus: Corpus,
        training: &Training,
        stop: &dyn Fn() -> bool,
        done: &dyn Fn(),
    ) -> Result<CharacterPolicy, CharacterError> {
        let mut policy = CharacterPolicy::new(corpus, training.context, &training.mode)?;
        let k = policy.actions();
        let mut runs = FloatRuns::new(&training.mode, &vec![0.0; k], BATCH, training.seed)?;
        let mut rng = Rng::new(training.seed, 0);
        let mut memory = Memory::default();
        for step in 0..training.warm_up + training.steps {
            if stop() {
                break;
            }
            let positions: Vec<usize> = (0..BATCH).map(|_| rng.index(policy.rows.len())).collect();
            for (lane, &position) in positions.iter().enumerate() {
                let logits = policy.logits(position);
                if logits.iter().any(|z| !z.is_finite()) {
                    return Err(CharacterError::Diverged(step));
                }
                runs.restore(lane, &logits);
            }
            runs.policies();
            let objective = if step < training.warm_up { Objective::CrossEntropy } else { training.objective };
            let orders: Vec<Told> = positions
                .iter()
                .enumerate()
                .map(|(lane, &position)| {
                    let next = policy.corpus.text[position];
                    let (action, advantage) = match objective {
                        Objective::CrossEntropy => (next, 1.0),
                        Objective::Reinforce => {
                            let action = runs.choose(lane, rng.unit());
                            let reward = f64::from(u8::from(action == next));
                            let advantage = reward - memory.value(Baseline::Mean);
                            memory.add(Baseline::Mean, reward, 1.0);
                            (action, advantage)
                        }
                    };
                    Told { action, gain: training.eta * advantage, entropy: 0.0 }
                })
                .collect();
            runs.step(Algorithm::Reinforce, &orders, &[]);
            for (lane, &position) in positions.iter().enumerate() {
                policy.follow(position, &runs.moved(lane));
            }
            done();
        }
        Ok(policy)
    }

    /// Over all positions, of the text's own characters: the mean of -log P, in nats, and the mean of P, which is the
    /// expected reward.
    pub fn quality(&mut self) -> [f64; 2] {
        let mut sums = [0.0; 2];
        for position in 0..self.rows.len() {
            let log = log_probabilities(&self.logits(position))[self.corpus.text[position]];
            sums[0] -= log;
            sums[1] += libm::exp(log);
        }
        sums.map(|sum| sum / self.rows.len() as f64)
    }

    /// The last positions of the text, at most so many. The actions are those that training took: the text's own
    /// characters, or drawn from the policy.
    ///
    /// # Errors
    /// If the mode cannot be computed.
    pub fn last(&mut self, most: usize, training: &Training) -> Result<Positions, StudyError> {
        let mut rng = Rng::new(training.seed, 1);
        let mut runs = FloatRuns::new(&training.mode, &vec![0.0; self.actions()], 1, training.seed)?;
        let mut found = Positions { logits: Vec::new(), actions: Vec::new() };
        for position in self.rows.len().saturating_sub(most)..self.rows.len() {
            let logits = self.logits(position);
            let action = match training.objective {
                Objective::CrossEntropy => self.corpus.text[position],
                Objective::Reinforce => {
                    runs.restore(0, &logits);
                    runs.policies();
                    runs.choose(0, rng.unit())
                }
            };
            found.logits.extend(logits);
            found.actions.push(action);
        }
        Ok(found)
    }
}

impl Positions {
    /// The number of actions.
    pub fn width(&self) -> usize {
        self.logits.len() / self.actions.len().max(1)
    }

    /// How many rows have a P_c above this.
    pub fn above(&self, p: f64) -> usize {
        let rows = self.logits.chunks_exact(self.width().max(1)).zip(&self.actions);
        rows.filter(|(logits, action)| probabilities(logits)[**action] > p).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "abcabcabdabcabcabd";

    fn training(objective: Objective, mode: &str, steps: u64) -> Training {
        Training { objective, mode: mode.parse().unwrap(), context: 2, warm_up: 0, steps, eta: 0.25, seed: 1 }
    }

    fn trained(training: &Training) -> CharacterPolicy {
        CharacterPolicy::train(Corpus::new(TEXT), training, &|| false, &|| ()).unwrap()
    }

    #[test]
    fn a_row_for_each_context() {
        let policy = CharacterPolicy::new(Corpus::new("abab"), 1, &"f32".parse().unwrap()).unwrap();
        assert_eq!((policy.rows.clone(), policy.contexts()), (vec![vec![0], vec![0, 1], vec![0, 2], vec![0, 1]], 3));
    }

    #[test]
    fn both_objectives_learn_and_give_the_same_bytes_again() {
        let even = CharacterPolicy::new(Corpus::new(TEXT), 2, &"f32".parse().unwrap()).unwrap().quality();
        assert!((even[0] - libm::log(4.0)).abs() < 1e-12 && (even[1] - 0.25).abs() < 1e-12);
        for (objective, warm_up) in
            [(Objective::CrossEntropy, 0), (Objective::Reinforce, 0), (Objective::Reinforce, 20)]
        {
            let training = Training { warm_up, ..training(objective, "f32", 200) };
            let (mut one, mut other) = (trained(&training), trained(&training));
            assert_eq!(one.table, other.table);
            assert_eq!(one.last(5, &training), other.last(5, &training));
            assert!(one.quality()[1] > 0.5, "{objective:?}: {:?}", one.quality());
            assert_eq!(one.last(5, &training).unwrap().actions.len(), 5);
        }
    }

    /// A step moves the logits of a position by a whole number of g (e_c - P): one for each of its rows.
    #[test]
    fn a_step_moves_every_row_of_its_position() {
        let training = Training { steps: 1, context: 0, ..training(Objective::CrossEntropy, "f64", 1) };
        let mut policy = trained(&training);
        let moved = policy.logits(0);
        // All positions of the batch share the one row, and P was even for each of them.
        let sum: f64 = moved.iter().sum();
        assert!(sum.abs() < 1e-12 && moved.iter().any(|&z| z > 0.0), "{moved:?}");
        let fallen = moved.iter().map(|z| (z + BATCH as f64 * 0.25 / 4.0) / 0.25).collect::<Vec<f64>>();
        assert!(fallen.iter().all(|count| (count - count.round()).abs() < 1e-12), "{fallen:?}");
        assert_eq!(fallen.iter().sum::<f64>().round(), BATCH as f64);
    }

    #[test]
    fn narrow_tables_hold_numbers_of_their_format() {
        let training = training(Objective::CrossEntropy, "bf16-stored", 50);
        let mut policy = trained(&training);
        let positions = policy.last(18, &training).unwrap();
        assert!(positions.logits.iter().all(|&z| half::bf16::from_f64(z).to_f64() == z));
        assert_eq!(positions.width(), 4);
        assert!(positions.above(0.3) > positions.above(0.99));
    }
}
