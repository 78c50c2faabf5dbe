//! Reproducible random numbers: the same on every machine and for every number of threads.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng};

/// A stream of random numbers, fixed by a seed and a stream number.
///
/// The numbers are those of ChaCha with 8 rounds whose 256-bit key is the seed (64 bits, little
/// endian) followed by zeros, and whose 64-bit stream number is `stream`. This is the only place
/// where seeds and streams turn into random numbers.
///
/// Everything here uses integer arithmetic, exactly rounded floating-point operations, and the
/// `libm` crate, hence gives the same bits on every platform.
///
/// ```
/// use logitlab_values::policy::random::Rng;
///
/// let (mut a, mut b) = (Rng::new(1, 7), Rng::new(1, 7));
/// assert_eq!(a.word(), b.word());
/// assert!(a.below(6) < 6);
/// ```
#[derive(Clone, Debug)]
pub struct Rng {
    chacha: ChaCha8Rng,
}

impl Rng {
    /// The stream number `stream` of `seed`, from its beginning.
    pub fn new(seed: u64, stream: u64) -> Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut chacha = ChaCha8Rng::from_seed(key);
        chacha.set_stream(stream);
        Rng { chacha }
    }

    /// 64 random bits.
    pub fn word(&mut self) -> u64 {
        self.chacha.next_u64()
    }

    /// Goes on this number of words later, as if they had been drawn.
    pub fn skip(&mut self, words: u64) {
        // A word is two of the stream's own, of 32 bits.
        let position = self.chacha.get_word_pos();
        self.chacha.set_word_pos(position + 2 * u128::from(words));
    }

    /// Fills `words` with random bits: the same as one [`Rng::word`] after another.
    pub fn fill(&mut self, words: &mut [u64]) {
        for word in words {
            *word = self.chacha.next_u64();
        }
    }

    /// A uniform integer of `n` bits, 0 <= x < 2^n, from one word.
    ///
    /// # Panics
    ///
    /// If `n` is above 64.
    pub fn bits(&mut self, n: u32) -> u64 {
        assert!(n <= 64, "a word has 64 bits, not {n}");
        let word = self.word();
        if n == 0 { 0 } else { word >> (64 - n) }
    }

    /// An integer uniform among those of exactly `n` bits, 2^(n-1) <= x < 2^n, from one word.
    ///
    /// # Panics
    ///
    /// If `n` is 0 or above 64.
    pub fn of_length(&mut self, n: u32) -> u64 {
        assert!(n > 0, "no positive integer has 0 bits");
        1 << (n - 1) | self.bits(n - 1)
    }

    /// A uniform integer 0 <= x < `n`, by rejection: exactly uniform.
    ///
    /// # Panics
    ///
    /// If `n` is zero.
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "no integer lies below 0");
        let length = u64::BITS - (n - 1).leading_zeros();
        loop {
            let x = self.bits(length);
            if x < n {
                return x;
            }
        }
    }

    /// A uniform index 0 <= i < `len`, see [`Rng::below`].
    ///
    /// # Panics
    ///
    /// If `len` is zero.
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// A uniform multiple of 2^-53 with 0 <= x < 1, from one word.
    pub fn unit(&mut self) -> f64 {
        self.bits(53) as f64 / (1u64 << 53) as f64
    }

    /// A standard Gaussian by Box and Muller, from two words; at most 8.6 in magnitude.
    pub fn gaussian(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// An integer low <= x <= high whose logarithm is about uniform, from one word, however the
    /// ends lie: so an interval narrowed to the number drawn leaves the rest of the stream alone.
    ///
    /// # Panics
    ///
    /// Unless 1 <= low <= high.
    pub fn log_uniform(&mut self, low: u64, high: u64) -> u64 {
        assert!(1 <= low && low <= high, "{low}..{high} is no interval of positive integers");
        let (start, end) = (libm::log(low as f64), libm::log(high as f64 + 1.0));
        let x = libm::exp(start + self.unit() * (end - start));
        (x as u64).clamp(low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_chacha8_with_the_documented_key() {
        let mut reference = ChaCha8Rng::from_seed(std::array::from_fn(|i| if i == 0 { 3 } else { 0 }));
        reference.set_stream(9);
        let mut rng = Rng::new(3, 9);
        assert!((0..100).all(|_| rng.word() == reference.next_u64()));
    }

    #[test]
    fn filling_is_word_after_word() {
        let (mut a, mut b) = (Rng::new(1, 2), Rng::new(1, 2));
        assert_eq!(a.bits(7), b.bits(7));
        let mut words = [0; 77];
        a.fill(&mut words);
        assert_eq!(words, std::array::from_fn(|_| b.word()));
        assert_eq!(a.word(), b.word());
    }

    #[test]
    fn skipping_is_drawing() {
        for n in [0, 1, 7, 8, 100] {
            let (mut a, mut b) = (Rng::new(2, 3), Rng::new(2, 3));
            assert_eq!(a.word(), b.word());
            (0..n).for_each(|_| _ = a.word());
            b.skip(n);
            assert_eq!(a.word(), b.word(), "{n}");
        }
    }

    #[test]
    fn below_reaches_every_value_about_equally_often() {
        let mut rng = Rng::new(0, 0);
        let mut counts = [0u32; 6];
        (0..6000).for_each(|_| counts[rng.index(6)] += 1);
        assert!(counts.iter().all(|&n| (850..1150).contains(&n)), "{counts:?}");
        assert_eq!(rng.below(1), 0);
        rng.below(u64::MAX);
    }

    #[test]
    fn lengths() {
        let mut rng = Rng::new(5, 0);
        for n in 1..=64 {
            assert_eq!(u64::BITS - rng.of_length(n).leading_zeros(), n);
            assert_eq!(rng.bits(n).checked_shr(n).unwrap_or(0), 0);
        }
        assert_eq!(rng.bits(0), 0);
    }

    #[test]
    fn gaussian_moments() {
        let mut rng = Rng::new(11, 0);
        let sample: Vec<f64> = (0..20_000).map(|_| rng.gaussian()).collect();
        let moment = |p: u32| sample.iter().map(|x| (0..p).fold(1.0, |y, _| y * x)).sum::<f64>() / 20_000.0;
        assert!(moment(1).abs() < 0.03 && (moment(2) - 1.0).abs() < 0.04 && (moment(4) - 3.0).abs() < 0.2);
    }

    #[test]
    fn log_uniform_stays_inside_and_reaches_both_ends() {
        let mut rng = Rng::new(4, 4);
        let draws: Vec<u64> = (0..2000).map(|_| rng.log_uniform(2, 100)).collect();
        assert_eq!((draws.iter().min(), draws.iter().max()), (Some(&2), Some(&100)));
        // log(10 / 2) / log(101 / 2) = 0.41 of the draws lie below 10
        let small = draws.iter().filter(|&&k| k < 10).count();
        assert!((740..900).contains(&small), "{small}");
        assert_eq!(rng.log_uniform(7, 7), 7);
    }
}
