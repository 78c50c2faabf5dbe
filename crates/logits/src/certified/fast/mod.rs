//! Enclosures of a row in hardware f64 with a proved error bound, at about the speed of a plain softmax.
//!
//! One pass over the row finds the largest logit m and its first index t; a second sums e^d, e^d |d|, e^2d, e^2d |d|
//! and e^3d over the *rest*, d = (z - m) / tau: over all actions but t and the chosen one. Neither 1 - P_c nor any of
//! the other quantities is then a difference of numbers that agree (`combine`), so they keep their digits when P_c goes
//! to 1, to 0, or when another action does. Where the whole rest is below 2^-300, the sums are taken about its own
//! largest logit and multiplied by a power of e with an exponent apart (`apart`): w = 1e-600 is as narrow as w = 0.5.
//!
//! | part | its error | proof |
//! |---|---|---|
//! | d | one rounding, or three if tau is not 1, whether or not it is an f64 | `error`, step 1 |
//! | e^d | 2^-51 relative | `exp`; `proofs/exp/` has it for Gappa and Sollya |
//! | sums | 70 2^-53 relative for the longest rows, fewer for short ones: the order of additions is fixed | `error` |
//! | a few operations with the sums | intervals with directed rounding | `wide`, `combine` |
//!
//! Loops over a row become vector code, with the same bits whatever the vectors are ([`Vectors`]); a fused multiply-add
//! is rounded once everywhere. Nothing is allocated. The relative width is at most 2^-40 wherever all logits are within
//! 2^29 temperatures of the largest.
//!
//! ```
//! use logitlab_logits::certified::fast;
//!
//! // 1 - P_c is about 1e-300, and w about 1e-600.
//! let row = fast::enclose(&[0.0_f32, 690.8, 0.0], 1, 1.0)?;
//! assert!(row.w.relative_width() < 1e-13 && row.w.exponent < -1500);
//! # Ok::<(), logitlab_numbers::arith::Fault>(())
//! ```

mod apart;
mod combine;
mod error;
mod exp;
mod logit;
mod sums;
mod wide;

use super::{Enclosures, Given};
use crate::arith::scaled::Scaled;
use crate::arith::simd::Vectors;
use crate::arith::{Eval, Fault};

use combine::Rest;
use logit::Blocks;
use sums::{S, SUMS, T};
use wide::power;

pub use exp::{EXP_ERROR, LEAST, exps};
pub use logit::Logit;

const NO_SOFTMAX: Fault = Fault::Undefined("a softmax without a finite largest logit");

/// Encloses one row, P = softmax(z / temperature). Logits are finite or -inf (a masked action), at least one of them
/// finite.
///
/// Where an enclosure is too hard for f64 (a temperature outside 2^-900 to 2^900, differences of logits beyond 2^1000,
/// more than 2^32 actions) it is valid, but says nothing.
///
/// # Errors
/// If there is no softmax: all logits are -inf, or one is NaN or +inf.
///
/// # Panics
/// If there is no action `action`.
pub fn enclose<Z: Logit>(row: &[Z], action: usize, temperature: impl Into<Given>) -> Eval<Enclosures> {
    enclose_with(Vectors::Widest, row, action, temperature)
}

/// [`enclose`] in code for certain vectors: the same bits.
///
/// # Errors
/// As [`enclose`].
///
/// # Panics
/// As [`enclose`].
pub fn enclose_with<Z: Logit>(
    vectors: Vectors,
    row: &[Z],
    action: usize,
    temperature: impl Into<Given>,
) -> Eval<Enclosures> {
    enclose_before(vectors, row, action, temperature, &[])
}

/// [`enclose_with`], where it is known which row will be enclosed next: that one is fetched from memory meanwhile, as
/// otherwise a pass over a long row waits for it. The result does not depend on it.
///
/// # Errors
/// As [`enclose`].
///
/// # Panics
/// As [`enclose`].
pub fn enclose_before<Z: Logit>(
    vectors: Vectors,
    row: &[Z],
    action: usize,
    temperature: impl Into<Given>,
    next: &[Z],
) -> Eval<Enclosures> {
    let temperature = temperature.into();
    assert!(action < row.len(), "action {action} of {}", row.len());
    let mut blocks = Blocks::new(row, next);
    let (top, place) = largest(vectors, &mut blocks);
    let chosen = row[action].to_f64();
    if !top.is_finite() || chosen.is_nan() {
        return Err(NO_SOFTMAX);
    }
    if !(power(-900)..=power(900)).contains(&temperature.nearest()) || row.len() > error::MOST_ACTIONS {
        let numbers = row.iter().all(|z| !z.to_f64().is_nan());
        return if numbers { Ok(UNKNOWN) } else { Err(NO_SOFTMAX) };
    }
    blocks.leave_out([place, action]);
    let found = sums_about(vectors, &mut blocks, top, temperature);
    if found[T].is_nan() {
        return Err(NO_SOFTMAX);
    }
    let bound = |found| error::enclosed(found, row.len(), error::argument_error(temperature));
    let rest = if found[S] >= power(-300) {
        bound(found)
    } else {
        let (next, _) = largest(vectors, &mut blocks);
        if next == f64::NEG_INFINITY {
            Rest::NONE
        } else {
            let Some((factor, distance)) = apart::apart(next, top, temperature) else { return Ok(UNKNOWN) };
            apart::moved(bound(sums_about(vectors, &mut blocks, next, temperature)), factor, distance)
        }
    };
    Ok(if action == place {
        combine::top_chosen(rest)
    } else if chosen == f64::NEG_INFINITY {
        combine::other_chosen(None, rest)
    } else {
        match apart::apart(chosen, top, temperature) {
            None => UNKNOWN,
            some => combine::other_chosen(some, rest),
        }
    })
}

/// What is known of every row.
const UNKNOWN: Enclosures = {
    let unit = between(0.0, 1.0);
    Enclosures {
        p: unit,
        rest: unit,
        collision: unit,
        w: between(0.0, 2.0),
        norm: between(0.0, 1.5),
        surprisal: between(0.0, f64::INFINITY),
        entropy: between(0.0, f64::INFINITY),
        top: unit,
        entropy_slope: between(f64::NEG_INFINITY, f64::INFINITY),
        variance: unit,
    }
};

const fn between(lo: f64, hi: f64) -> Scaled {
    Scaled { lo, hi, exponent: 0 }
}

fn largest<Z: Logit>(vectors: Vectors, blocks: &mut Blocks<'_, Z>) -> (f64, usize) {
    vectors.run(
        blocks,
        #[inline(always)]
        |blocks| sums::largest(blocks),
    )
}

fn sums_about<Z: Logit>(vectors: Vectors, blocks: &mut Blocks<'_, Z>, shift: f64, temperature: Given) -> [f64; SUMS] {
    if temperature.is_one() {
        vectors.run(
            blocks,
            #[inline(always)]
            |blocks| sums::sums::<_, false>(blocks, shift, 1.0),
        )
    } else {
        let scale = temperature.inverse();
        vectors.run(
            blocks,
            #[inline(always)]
            |blocks| sums::sums::<_, true>(blocks, shift, scale),
        )
    }
}
