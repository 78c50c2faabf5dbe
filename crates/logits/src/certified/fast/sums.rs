//! The two passes over a row: the largest logit, then the sums over the rest.
//!
//! Each pass takes blocks of actions through a few plain loops over short arrays, which become vector code. The order
//! of every addition is fixed by the constants here, so that all vectors give the same bits.

use super::exp::{LEAST, exps};
use super::logit::{BLOCK, Blocks, GROUP, Logit, Masked};
use super::wide::two_sum;

/// The virtual lanes of the sums: action i goes to lane i mod LANES. Two of the widest vectors, since an addition waits
/// for the one before it in its lane.
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

#[inline(always)]
fn block_largest<W: Masked>(block: &[W]) -> W {
    let larger = |a: W, b: W| if b > a { b } else { a };
    let mut most = [W::MASKED; GROUP];
    for group in block.as_chunks::<GROUP>().0 {
        for lane in 0..GROUP {
            most[lane] = larger(most[lane], group[lane]);
        }
    }
    halved(most, larger)
}

/// All lanes in one, by halves.
#[inline(always)]
fn halved<W: Copy, const N: usize>(mut lanes: [W; N], join: impl Fn(W, W) -> W) -> W {
    let mut width = N;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            lanes[lane] = join(lanes[lane], lanes[lane + width]);
        }
    }
    lanes[0]
}

/// d and e^d of a block.
#[repr(align(64))]
struct Space {
    d: [f64; BLOCK],
    e: [f64; BLOCK],
}

/// S, T, Q, U and R over what is left of the row, with d = (z - shift) times `scale`, or without the product unless
/// `TEMPERED`; d is at least [`LEAST`]. T and U have the sign of d. T is NaN if and only if a logit is.
#[inline(always)]
pub(super) fn sums<Z: Logit, const TEMPERED: bool>(blocks: &mut Blocks<'_, Z>, shift: f64, scale: f64) -> [f64; SUMS] {
    let mut space = Space { d: [0.0; BLOCK], e: [0.0; BLOCK] };
    // Sums of block sums, and of the errors that these additions make.
    let (mut totals, mut errors): (Lanes, Lanes) = ([[0.0; LANES]; SUMS], [[0.0; LANES]; SUMS]);
    for index in 0..blocks.count() {
        let ahead = blocks.ahead(index);
        let block = block_sums::<_, TEMPERED>(blocks.get(index), ahead, shift, scale, &mut space);
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
        for lane in 0..LANES {
            totals[sum][lane] += errors[sum][lane];
        }
        result[sum] = halved(totals[sum], |a, b| a + b);
    }
    result
}

/// The sums over one block, each lane for itself, one action after another; `ahead` is fetched from memory meanwhile.
#[inline(always)]
fn block_sums<W: Masked, const TEMPERED: bool>(
    block: &[W],
    ahead: &[W],
    shift: f64,
    scale: f64,
    space: &mut Space,
) -> Lanes {
    let (d, e) = (&mut space.d[..block.len()], &mut space.e[..block.len()]);
    for (d, &z) in d.iter_mut().zip(block) {
        let difference = z.into() - shift;
        let x = if TEMPERED { difference * scale } else { difference };
        // In this order a NaN stays one.
        *d = if x < LEAST { LEAST } else { x };
    }
    let (mut ahead, mut seen) = (ahead.as_chunks::<GROUP>().0.iter(), W::MASKED);
    for (d, e) in d.as_chunks::<GROUP>().0.iter().zip(e.as_chunks_mut::<GROUP>().0) {
        exps(d, e);
        // One number of each cache line is enough; what it is does not matter.
        for line in ahead.next().map_or(&[][..], |group| group).chunks_exact(GROUP / 2) {
            seen = if line[0] > seen { line[0] } else { seen };
        }
    }
    std::hint::black_box(seen);
    let [mut s, mut t, mut q, mut u, mut r] = [[0.0; LANES]; SUMS];
    for (d, e) in d.as_chunks::<LANES>().0.iter().zip(e.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            let (d, e) = (d[lane], e[lane]);
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
