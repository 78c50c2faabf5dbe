//! What is drawn at random in a run: the same numbers for every arithmetic.

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
        for _ in 0..step * WORDS {
            rng.word();
        }
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

/// The first action whose cumulative probability exceeds `choice`; the last one with a probability if none does.
pub fn choose(probabilities: impl Iterator<Item = f64>, choice: f64) -> usize {
    let (mut cumulative, mut last) = (0.0, 0);
    for (index, p) in probabilities.enumerate() {
        cumulative += p;
        if p > 0.0 {
            last = index;
        }
        if cumulative > choice {
            return index;
        }
    }
    last
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
        let chosen = |choice| choose(p.into_iter(), choice);
        assert_eq!([0.0, 0.2499, 0.25, 0.7499, 0.75, 0.9999].map(chosen), [0, 0, 2, 2, 3, 3]);
        // Probabilities that were rounded down do not reach 1.
        assert_eq!(choose([0.5, 0.25, 0.0].into_iter(), 0.9), 1);
    }
}
