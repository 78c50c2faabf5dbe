//! Sums over a row in one fixed order, whatever vectors the processor has.

/// How many numbers are handled together.
pub const CHUNK: usize = 128;

/// Numbers that are handled together.
pub type Chunk = [f64; CHUNK];

const LANES: usize = 16;

/// The sum of a chunk: eight numbers in each of sixteen lanes, and the lanes as a tree. No number meets more than 12
/// roundings.
#[inline(always)]
pub fn chunk_sum(chunk: &Chunk) -> f64 {
    let mut lanes = [0.0; LANES];
    for part in chunk.as_chunks::<LANES>().0 {
        for (sum, x) in lanes.iter_mut().zip(part) {
            *sum += x;
        }
    }
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// A compensated sum of numbers that are at least 0: off by less than 3 units of 2^-53, relative, for fewer than 2^40
/// of them (Ogita, Rump and Oishi 2005, Sum2).
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    /// Adds a number.
    #[inline(always)]
    pub fn add(&mut self, x: f64) {
        // Knuth's TwoSum: what the rounded sum leaves out, exactly.
        let sum = self.sum + x;
        let part = sum - self.sum;
        self.lost += (self.sum - (sum - part)) + (x - part);
        self.sum = sum;
    }

    /// The sum.
    pub fn value(self) -> f64 {
        let total = self.sum + self.lost;
        // An infinite sum has lost NaN.
        if self.sum.is_finite() { total } else { self.sum }
    }
}
