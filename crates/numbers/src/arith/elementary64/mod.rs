//! e^x and the natural logarithm in plain f64 arithmetic, with proved error bounds.
//!
//! | function | bound on the relative error | proof |
//! |---|---|---|
//! | [`exp()`] | [`EXP_ERROR`] = 2^-52 (and 2^-1075 absolute where the result is subnormal) | [`mod@exp`] |
//! | [`log()`] | [`LOG_ERROR`] = 3 2^-53, also near 1 | [`mod@log`] |
//!
//! The error of a computed y is measured against the real value of the function at the f64 argument.
//!
//! Only + - * / of f64 and operations on bits are used: no fused multiply-add, no table, no mathematical library.
//! IEEE 754 prescribes every bit of these, so results are the same on every machine, scalar or vector. There are no
//! branches, only selections, so that a loop over a slice becomes vector code; [`exp_slice`] and [`log_slice`] run it
//! with the widest vectors that the processor has of those the crate `pulp` knows. Rust never contracts a product
//! and a sum into one operation by itself, so this changes no bit either.
//!
//! # Reading the proofs
//!
//! u = 2^-53. An operation that does not underflow returns the exact result times 1 + d, |d| <= u; a result below
//! 2^j in magnitude is off by at most 2^(j-1) u. Decimal numbers in the proofs are upper bounds. Products of two
//! errors are below 100 u^2 < 2^-99; each total leaves at least u/20 for all of them. The numbers are recomputed by
//! the unit tests, from the constants of the code, exactly or rounded upward; the suprema of approximation errors
//! are proved, not sampled: the difference of two polynomials is expanded exactly in Chebyshev polynomials on short
//! intervals, where the sum of the magnitudes of the coefficients bounds it.

pub mod exp;
pub mod log;
pub mod supremum;

use super::simd::vectorized;

pub use exp::{EXP_ERROR, EXP_NORMAL, exp};
pub use log::{LOG_ERROR, log};

/// The not-a-number that both functions return: one bit pattern, whatever the argument's was.
const NAN: f64 = f64::from_bits(0x7ff8_0000_0000_0000);

/// Writes [`exp()`] of each number of `x` to `out`, bit for bit as the scalar function.
///
/// ```
/// use logitlab_numbers::arith::elementary64::{exp, exp_slice};
///
/// let mut out = [0.0; 3];
/// exp_slice(&[0.0, 1.0, f64::NEG_INFINITY], &mut out);
/// assert_eq!(out, [1.0, exp(1.0), 0.0]);
/// ```
///
/// # Panics
///
/// If the lengths differ.
pub fn exp_slice(x: &[f64], out: &mut [f64]) {
    map(x, out, exp);
}

/// Writes [`log()`] of each number of `x` to `out`, bit for bit as the scalar function.
///
/// ```
/// use logitlab_numbers::arith::elementary64::{log, log_slice};
///
/// let mut out = [0.0; 3];
/// log_slice(&[1.0, 2.0, 0.0], &mut out);
/// assert_eq!(out, [0.0, log(2.0), f64::NEG_INFINITY]);
/// ```
///
/// # Panics
///
/// If the lengths differ.
pub fn log_slice(x: &[f64], out: &mut [f64]) {
    map(x, out, log);
}

/// Applies `function`, in code for the vectors of this processor.
#[inline(always)]
fn map(x: &[f64], out: &mut [f64], function: impl Fn(f64) -> f64) {
    assert_eq!(x.len(), out.len(), "the function of {} numbers fills a slice of as many", x.len());
    vectorized(
        out,
        #[inline(always)]
        |out| {
            for (y, &x) in out.iter_mut().zip(x) {
                *y = function(x);
            }
        },
    );
}
