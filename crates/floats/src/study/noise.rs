//! Random bits for stochastic rounding.

use crate::policy::random::Rng;

/// A stream of random bits, the same for the same seed and case.
#[derive(Clone, Debug)]
pub struct Noise {
    rng: Rng,
    taken: u64,
}

impl Noise {
    /// The stream of a block of cases.
    pub fn new(seed: u64, block: u64) -> Noise {
        // Another key than the one of the cases themselves.
        Noise { rng: Rng::new(seed.rotate_left(32) ^ 0x5353_5353_5353_5353, block), taken: 0 }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.taken += 1;
        self.rng.word()
    }

    /// How many words of 64 bits were taken.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// Goes on this number of words later.
    pub fn skip(&mut self, words: u64) {
        self.taken += words;
        self.rng.skip(words);
    }
}
