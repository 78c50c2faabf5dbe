//! What is drawn at random in a run: the same numbers for every arithmetic.

use crate::arith::simd::vectorized;
use crate::policy::random::Rng;

/// The random numbers of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// Chooses the action: uniform in \[0, 1), a multiple of 2^-53.
    pub choice: f64,
    /// For a reward: uniform in \[0, 1).
    pub uniform: f64,
    /// For a reward: a standard Gaussian.
    pub gaussian: f64,
}

/// The draws of one run, step after step.
#[derive(Clone, Debug)]
pub struct Draws(Rng);

/// Words of the random stream that a step takes.
const WORDS: u64 = 4;

impl Draws {
    /// Those of run number `run`, from step `step` on.
    pub fn new(seed: u64, run: u64, step: u64) -> Draws {
        let mut rng = Rng::new(seed, run);
        rng.skip(step * WORDS);
        Draws(rng)
    }

    /// The next step's. Every step takes as many words, whatever it uses, so that runs can be taken up again.
    pub fn next(&mut self, gaussian: bool) -> Draw {
        let (choice, uniform) = (self.0.unit(), self.0.unit());
        let gaussian = if gaussian {
            self.0.gaussian()
        } else {
            self.0.word();
            self.0.word();
            0.0
        };
        Draw { choice, uniform, gaussian }
    }
}

/// Actions whose probabilities are added up apart from the others.
const BLOCK: usize = 64;

/// The first action whose cumulative probability exceeds `choice`; the last one with a probability if none does.
///
/// The sum of a whole block of actions is formed on its own, so that long rows are skipped block by block; in the block
/// in which `choice` lies, and in rows of one block, actions are added one after the other.
pub fn choose<P: Copy + Into<f64>>(probabilities: &[P], choice: f64) -> usize {
    let (start, mut cumulative) = vectorized(
        probabilities,
        #[inline(always)]
        |probabilities: &[P]| {
            let (mut start, mut before) = (0, 0.0);
            while start + BLOCK < probabilities.len() {
                let after = before + sum(&probabilities[start..start + BLOCK]);
                if after > choice {
                    break;
                }
                (start, before) = (start + BLOCK, after);
            }
            (start, before)
        },
    );
    let end = probabilities.len().min(start + BLOCK);
    for (index, &p) in probabilities[..end].iter().enumerate().skip(start) {
        cumulative += p.into();
        if cumulative > choice {
            return index;
        }
    }
    // Probabilities that were rounded down do not reach 1.
    probabilities[..end].iter().rposition(|&p| p.into() > 0.0).unwrap_or(0)
}

/// The sum of a block: eight sums side by side, then those.
#[inline(always)]
fn sum<P: Copy + Into<f64>>(block: &[P]) -> f64 {
    let mut sums = [0.0; 8];
    for column in block.as_chunks::<8>().0 {
        for (sum, &p) in sums.iter_mut().zip(column) {
            *sum += p.into();
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_can_be_taken_up_again() {
        let mut whole = Draws::new(3, 5, 0);
        let all: Vec<Draw> = (0..10).map(|i| whole.next(i % 2 == 0)).collect();
        let mut later = Draws::new(3, 5, 6);
        assert_eq!(later.next(true), all[6]);
        assert_eq!(later.next(false), all[7]);
        assert_ne!(Draws::new(3, 6, 6).next(true), all[6]);
    }

    #[test]
    fn actions_have_their_share_of_the_interval() {
        let p = [0.25, 0.0, 0.5, 0.25, 0.0];
        let chosen = |choice| choose(&p, choice);
        assert_eq!([0.0, 0.2499, 0.25, 0.7499, 0.75, 0.9999].map(chosen), [0, 0, 2, 2, 3, 3]);
        // Probabilities that were rounded down do not reach 1.
        assert_eq!(choose(&[0.5, 0.25, 0.0], 0.9), 1);
    }

    #[test]
    fn long_rows_are_skipped_block_by_block() {
        // Exact sums, so that one after the other and block by block agree.
        let p: Vec<f32> = (0..1024).map(|i| if i % 3 == 0 { 0.0 } else { 2.0 / 2048.0 }).collect();
        for step in 0..700 {
            let choice = f64::from(step) / 1024.0;
            let mut cumulative = 0.0;
            let simple = p.iter().position(|&p| {
                cumulative += f64::from(p);
                cumulative > choice
            });
            let last = p.iter().rposition(|&p| p > 0.0).unwrap();
            assert_eq!(choose(&p, choice), simple.unwrap_or(last), "{choice}");
        }
    }
}
