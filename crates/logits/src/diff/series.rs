//! What two probabilities p and q = p e^d differ by, from d: terms of sums in which nothing cancels.
//!
//! With g(d) = e^d - 1 - d, which is at least 0, and the sums over actions that neither side masks,
//!
//! | distance | sum of |
//! |---|---|
//! | KL(A \|\| B) = sum p log(p/q) | p g(d), because sum p (e^d - 1) = 0 |
//! | KL(B \|\| A) | q g(-d) |
//! | twice the total variation, sum \|p - q\| | p \|e^d - 1\| |
//! | chi-squared of B against A, sum (q - p)^2 / p | p (e^d - 1)^2 |
//! | chi-squared of A against B | q (e^-d - 1)^2 |
//! | four times Jensen-Shannon | (p + q) h(r), r = tanh(d/2), h(r) = (1+r) log(1+r) + (1-r) log(1-r) |
//!
//! # Errors
//!
//! u = 2^-53. Relative errors of what a [`Term`] returns against its value at the f64 argument d, where p and q are the
//! factors given: at most [`SMALL_ERROR`] from [`small`], for |d| <= [`SMALL`], and at most [`LARGE_ERROR`] from
//! [`large`], for |d| up to [`LARGE`].
//!
//! *small.* g(d) = d^2 G(d), G(d) = sum d^k / (k+2)!, k <= 12: what is left out is below 2 d^13 / 15! < 2^-52 of G >=
//! 0.42. E (even part, at least 1/2) and d O (at most 0.085) are off by 4 u and 5 u of themselves, G by 7 u, and with
//! d^2 and the factor the KL terms by 10 u. w = e^d - 1 = d + d^2 G: |w| >= 0.78 |d|, |d^2 G| <= 0.30 |d|, so w is off
//! by (0.30 * 10 + 1.3) u / 0.78 < 6 u; chi-squared by 15 u. r = w / (2 + w): 2 + w >= 1.6 is off by 3 u, r by 10 u,
//! r^2 by 21 u. h(r) = sum r^(2k) / (k (2k-1)), k <= 10, all terms positive: what is left out is below r^20/200 < 2^-44
//! 2^-8 of the first term; with six roundings and that of r^2, whose exponent there is at most 1.02 on average, 29 u;
//! with p + q and the product 31 u.
//!
//! *large.* e = e^d is off by 2 u, 1/e by 3 u. |d| > 1/2: for d > 0, e/g <= 11.1 and (e-1)/g <= 4.4, and for d < 0
//! smaller: g is off by 2 * 11.1 + 4.4 + 1 < 28 u; the reverse by 3 * 11.1 + 4.4 + 1 < 39 u. (p + q) h(r) is twice the
//! sum of p f(y) and q f(y'), where y = (1 + e)/2, y' = (1 + 1/e)/2 and f(y) = y - 1 - log y: y is off by 4 u, so that
//! f is by 4 u (y + 1), 3 u |log y|, u |y - 1| and u f; together at most 360 u of f, at |d| = 1/2.

use crate::arith::elementary64::{exp, log};

/// Up to here [`small`] takes series.
pub const SMALL: f64 = 0.5;

/// Up to here [`large`] computes e^d.
pub const LARGE: f64 = 32.0;

/// The relative error of terms from [`small`]: 40 u.
pub const SMALL_ERROR: f64 = 20.0 * f64::EPSILON;

/// The relative error of terms from [`large`]: 400 u.
pub const LARGE_ERROR: f64 = 200.0 * f64::EPSILON;

/// What one action adds to each distance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Term {
    /// To KL(A || B).
    pub kl_ab: f64,
    /// To KL(B || A).
    pub kl_ba: f64,
    /// To twice the total variation.
    pub tv2: f64,
    /// To chi-squared of B against A, sum (q - p)^2 / p.
    pub chi2_ba: f64,
    /// To chi-squared of A against B, sum (q - p)^2 / q.
    pub chi2_ab: f64,
    /// To four times Jensen-Shannon.
    pub js4: f64,
}

/// 1 / 2!, 1 / 4!, ..., 1 / 14!
const EVEN: [f64; 7] = [
    1.0 / 2.0,
    1.0 / 24.0,
    1.0 / 720.0,
    1.0 / 40_320.0,
    1.0 / 3_628_800.0,
    1.0 / 479_001_600.0,
    1.0 / 87_178_291_200.0,
];

/// 1 / 3!, 1 / 5!, ..., 1 / 13!
const ODD: [f64; 6] =
    [1.0 / 6.0, 1.0 / 120.0, 1.0 / 5040.0, 1.0 / 362_880.0, 1.0 / 39_916_800.0, 1.0 / 6_227_020_800.0];

/// 1 / (k (2k - 1)) for k = 1 to 10.
const H: [f64; 10] =
    [1.0, 1.0 / 6.0, 1.0 / 15.0, 1.0 / 28.0, 1.0 / 45.0, 1.0 / 66.0, 1.0 / 91.0, 1.0 / 120.0, 1.0 / 153.0, 1.0 / 190.0];

/// The polynomial with these coefficients, that of x^0 first.
#[inline(always)]
fn horner<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    let mut sum = coefficients[N - 1];
    let mut k = N - 1;
    while k > 0 {
        k -= 1;
        sum = coefficients[k] + x * sum;
    }
    sum
}

/// The terms of an action with |d| <= [`SMALL`].
#[inline(always)]
pub fn small(p: f64, q: f64, d: f64) -> Term {
    let square = d * d;
    let (even, odd) = (horner(&EVEN, square), d * horner(&ODD, square));
    let (ahead, back) = (square * (even + odd), square * (even - odd));
    let (w, v) = (d + ahead, back - d);
    let r = w / (2.0 + w);
    let r2 = r * r;
    Term {
        kl_ab: p * ahead,
        kl_ba: q * back,
        tv2: p * w.abs(),
        chi2_ba: p * (w * w),
        chi2_ab: q * (v * v),
        js4: (p + q) * (r2 * horner(&H, r2)),
    }
}

/// The terms of an action with |d| <= [`LARGE`].
#[inline(always)]
pub fn large(p: f64, q: f64, d: f64) -> Term {
    let near = d.abs() <= SMALL;
    let e = exp(d);
    let inverse = 1.0 / e;
    let (w, v) = (e - 1.0, inverse - 1.0);
    let f = |y: f64| (y - 1.0) - log(y);
    let far = Term {
        kl_ab: p * (w - d),
        kl_ba: q * (v + d),
        tv2: p * w.abs(),
        chi2_ba: p * (w * w),
        chi2_ab: q * (v * v),
        js4: 2.0 * (p * f(0.5 + 0.5 * e) + q * f(0.5 + 0.5 * inverse)),
    };
    let close = small(p, q, if near { d } else { 0.0 });
    let pick = |close: f64, far: f64| if near { close } else { far };
    Term {
        kl_ab: pick(close.kl_ab, far.kl_ab),
        kl_ba: pick(close.kl_ba, far.kl_ba),
        tv2: pick(close.tv2, far.tv2),
        chi2_ba: pick(close.chi2_ba, far.chi2_ba),
        chi2_ab: pick(close.chi2_ab, far.chi2_ab),
        js4: pick(close.js4, far.js4),
    }
}
