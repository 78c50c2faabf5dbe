//! The two passes over a row: the largest logit, then the sums over the rest.

use super::exp::{LEAST, exp};
use super::logit::{BLOCK, Blocks, Logit, Masked};
use super::wide::two_sum;

/// The virtual lanes: action i goes to lane i mod LANES, whatever the vectors of the processor are.
pub(super) const LANES: usize = 16;

/// How many sums there are, and the place of each.
pub(super) const SUMS: usize = 5;
pub(super) const S: usize = 0;
pub(super) const T: usize = 1;
pub(super) const Q: usize = 2;
pub(super) const U: usize = 3;
pub(super) const R: usize = 4;

/// One number for each sum and lane.
type Lanes = [[f64; LANES]; SUMS];

/// The largest logit that is left and its first index; -inf if there is none. NaN is passed over.
#[inline(always)]
pub(super) fn largest<Z: Logit>(blocks: &mut Blocks<'_, Z>) -> (f64, usize) {
    let (mut largest, mut place) = (f64::NEG_INFINITY, 0);
    for index in 0..blocks.count() {
        let block = blocks.get(index);
        let here: f64 = block_largest(block).into();
        if here > largest {
            largest = here;
            place = index * BLOCK + block.iter().position(|&z| z.into() == here).unwrap_or(0);
        }
    }
    (largest, place)
}

/// The largest number of a block, which is a whole number of [`LANES`] long.
#[inline(always)]
fn block_largest<W: Masked>(block: &[W]) -> W {
    let mut most = [W::MASKED; LANES];
    for chunk in block.chunks_exact(LANES) {
        for (most, &z) in most.iter_mut().zip(chunk) {
            *most = if z > *most { z } else { *most };
        }
    }
    most.into_iter().fold(W::MASKED, |a, b| if b > a { b } else { a })
}

/// S, T, Q, U and R over what is left of the row, with d = (z - shift) times `scale`, at least [`LEAST`]. T and U have
/// the sign of d. T is NaN if and only if a logit is.
#[inline(always)]
pub(super) fn sums<Z: Logit>(blocks: &mut Blocks<'_, Z>, shift: f64, scale: f64) -> [f64; SUMS] {
    // Sums of block sums, with their errors.
    let (mut totals, mut errors): (Lanes, Lanes) = ([[0.0; LANES]; SUMS], [[0.0; LANES]; SUMS]);
    for index in 0..blocks.count() {
        let block = block_sums(blocks.get(index), shift, scale);
        for sum in 0..SUMS {
            for lane in 0..LANES {
                let (total, error) = two_sum(totals[sum][lane], block[sum][lane]);
                totals[sum][lane] = total;
                errors[sum][lane] += error;
            }
        }
    }
    let mut result = [0.0; SUMS];
    for sum in 0..SUMS {
        let mut lanes = totals[sum];
        for lane in 0..LANES {
            lanes[lane] += errors[sum][lane];
        }
        let mut width = LANES;
        while width > 1 {
            width /= 2;
            for lane in 0..width {
                lanes[lane] += lanes[lane + width];
            }
        }
        result[sum] = lanes[0];
    }
    result
}

/// The sums over one block, each lane for itself.
#[inline(always)]
fn block_sums<W: Masked>(block: &[W], shift: f64, scale: f64) -> Lanes {
    let [mut s, mut t, mut q, mut u, mut r] = [[0.0; LANES]; SUMS];
    for chunk in block.chunks_exact(LANES) {
        for lane in 0..LANES {
            let d = (chunk[lane].into() - shift) * scale;
            // In this order a NaN stays one.
            let d = if d < LEAST { LEAST } else { d };
            let e = exp(d);
            let square = e * e;
            s[lane] += e;
            t[lane] = e.mul_add(d, t[lane]);
            q[lane] = e.mul_add(e, q[lane]);
            u[lane] = square.mul_add(d, u[lane]);
            r[lane] = square.mul_add(e, r[lane]);
        }
    }
    [s, t, q, u, r]
}
