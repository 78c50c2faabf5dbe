//! Random bits for stochastic rounding.

use crate::policy::random::Rng;

/// A stream of random bits, the same for the same seed and case.
#[derive(Clone, Debug)]
pub struct Noise(Rng);

impl Noise {
    /// The stream of a block of cases.
    pub fn new(seed: u64, block: u64) -> Noise {
        // Another key than the one of the cases themselves.
        Noise(Rng::new(seed.rotate_left(32) ^ 0x5353_5353_5353_5353, block))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.word()
    }
}
