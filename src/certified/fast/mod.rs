//! Enclosures of a row in hardware f64, with a proved error bound.

mod combine;
mod exp;
mod logit;
mod sums;
mod wide;

pub use logit::Logit;

use logit::Blocks;
use sums::{Q, R, S, SUMS, T, U};
use wide::{Wide, power, two_sum};

use super::Enclosures;
use crate::arith::scaled::Scaled;
use crate::arith::simd::Vectors;
use crate::arith::{Eval, Fault};

use exp::EXP_ERROR;

const NO_SOFTMAX: Fault = Fault::Undefined("a softmax without a finite largest logit");

/// The unit roundoff 2^-53.
const U_ROUND: f64 = f64::EPSILON / 2.0;

/// Encloses one row.
///
/// # Errors
/// If there is no softmax: all logits are -inf, or one is NaN or +inf.
///
/// # Panics
/// If there is no action `action`.
pub fn enclose<Z: Logit>(row: &[Z], action: usize, temperature: f64) -> Eval<Enclosures> {
    enclose_with(Vectors::Widest, row, action, temperature)
}

/// [`enclose`] with certain vectors: the same bits.
///
/// # Errors
/// As [`enclose`].
///
/// # Panics
/// As [`enclose`].
pub fn enclose_with<Z: Logit>(vectors: Vectors, row: &[Z], action: usize, temperature: f64) -> Eval<Enclosures> {
    assert!(action < row.len(), "action {action} of {}", row.len());
    let scale = 1.0 / temperature;
    let mut blocks = Blocks::new(row);
    let (top, place) = vectors.run(
        &mut blocks,
        #[inline(always)]
        |blocks| sums::largest(blocks),
    );
    let chosen = row[action].to_f64();
    if !top.is_finite() || chosen.is_nan() {
        return Err(NO_SOFTMAX);
    }
    if !(power(-900)..=power(900)).contains(&temperature) {
        return Ok(UNKNOWN);
    }
    blocks.leave_out([place, action]);
    let found = vectors.run(
        &mut blocks,
        #[inline(always)]
        |blocks| sums::sums(blocks, top, scale),
    );
    if found[T].is_nan() {
        return Err(NO_SOFTMAX);
    }
    let argument_error = if temperature == 1.0 { U_ROUND } else { 3.01 * U_ROUND };
    let bound = |found| enclosed(found, row.len(), argument_error);
    let rest = if found[S] >= power(-300) {
        bound(found)
    } else {
        // The largest of the rest is far below: sums about it, times a power of e with an exponent apart.
        let (next, _) = vectors.run(
            &mut blocks,
            #[inline(always)]
            |blocks| sums::largest(blocks),
        );
        if next == f64::NEG_INFINITY {
            combine::Rest { s: Wide::ZERO, t: Wide::ZERO, q: Wide::ZERO, u: Wide::ZERO, r: Wide::ZERO }
        } else {
            let found = vectors.run(
                &mut blocks,
                #[inline(always)]
                |blocks| sums::sums(blocks, next, scale),
            );
            let Some((factor, distance)) = apart(next, top, temperature) else { return Ok(UNKNOWN) };
            moved(bound(found), factor, distance)
        }
    };
    if action == place {
        return Ok(combine::top_chosen(rest));
    }
    if chosen == f64::NEG_INFINITY {
        return Ok(combine::other_chosen(None, rest));
    }
    match apart(chosen, top, temperature) {
        None => Ok(UNKNOWN),
        some => Ok(combine::other_chosen(some, rest)),
    }
}

/// What is known of every row.
const UNKNOWN: Enclosures = {
    let unit = Scaled { lo: 0.0, hi: 1.0, exponent: 0 };
    let positive = Scaled { lo: 0.0, hi: f64::INFINITY, exponent: 0 };
    Enclosures {
        p: unit,
        rest: unit,
        collision: unit,
        w: Scaled { lo: 0.0, hi: 2.0, exponent: 0 },
        norm: Scaled { lo: 0.0, hi: 1.5, exponent: 0 },
        surprisal: positive,
        entropy: positive,
        top: unit,
        entropy_slope: Scaled { lo: f64::NEG_INFINITY, hi: f64::INFINITY, exponent: 0 },
        variance: unit,
    }
};

/// The most roundings that a term of a sum meets, as a bound on the relative error.
const SUM_ERROR: f64 = (logit::BLOCK / sums::LANES + 7) as f64 * U_ROUND;

/// Encloses the sums over a rest of at most `k` actions.
fn enclosed(found: [f64; SUMS], k: usize, argument: f64) -> combine::Rest {
    // Padding included.
    let n = (k + logit::BLOCK) as f64;
    let [s, t, q, u, r] = [S, T, Q, U, R].map(|sum| found[sum].abs());
    let mean = t / s;
    let square = |sum: f64, far: f64| (708.0 * sum).min(64.0 * sum + n * far);
    let bound = |value: f64, relative: f64, absolute: f64| {
        let error = 1.001 * (value * (SUM_ERROR + relative) + absolute);
        Wide::new((value - error).next_down().max(0.0), (value + error).next_up(), 0)
    };
    combine::Rest {
        s: bound(s, EXP_ERROR + argument * mean, n * power(-1021)),
        t: bound(t, EXP_ERROR + argument, argument * square(t, power(-80)) + n * power(-1011)),
        q: bound(q, 2.0 * EXP_ERROR + 2.0 * argument * mean, n * power(-1073)),
        u: bound(u, 2.0 * EXP_ERROR + U_ROUND + argument, 2.0 * argument * square(u, power(-172)) + n * power(-1064)),
        r: bound(r, 3.0 * EXP_ERROR + U_ROUND + 3.0 * argument * mean, n * power(-1073)),
    }
}

/// The sums about the largest logit from those about one that is `distance` below, `factor` = e^-distance.
fn moved(rest: combine::Rest, factor: Wide, distance: Wide) -> combine::Rest {
    let combine::Rest { s, t, q, u, r } = rest;
    let square = factor * factor;
    combine::Rest {
        s: factor * s,
        t: factor * (t + distance * s),
        q: square * q,
        u: square * (u + distance * q),
        r: square * factor * r,
    }
}

/// e^-x and x = (top - z) / tau, for finite z <= top; nothing if x is beyond f64.
fn apart(z: f64, top: f64, temperature: f64) -> Option<(Wide, Wide)> {
    let (high, low) = two_sum(z, -top);
    let quotient = high / temperature;
    if !(quotient.abs() < power(1000) && high.is_finite()) {
        return None;
    }
    if high == 0.0 {
        return Some((Wide::ONE, Wide::ZERO));
    }
    let distance = Wide::within(-quotient, 3.0 * U_ROUND, 0);
    if quotient < -power(29) {
        // e^-2^29 < 2^-774000000
        return Some((Wide::new(0.0, 1.0, -774_000_000), distance));
    }
    let low = if temperature == 1.0 {
        low
    } else if quotient > -power(-100) {
        0.0
    } else {
        ((-quotient).mul_add(temperature, high) + low) / temperature
    };
    // quotient + low = k ln 2 + r
    let k = libm::rint(quotient * exp::INV_LN2);
    let product = k * LN2[0];
    let (r, lost) = two_sum(quotient, -product);
    let tail = (lost + (low - k.mul_add(LN2[0], -product))) - k * LN2[1];
    let value = exp::polynomial(r + tail);
    Some((Wide::within(value, 1.5 * EXP_ERROR, k as i64), distance))
}

/// ln 2 rounded to f64, and what is left of it, rounded.
const LN2: [f64; 2] = [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17];
