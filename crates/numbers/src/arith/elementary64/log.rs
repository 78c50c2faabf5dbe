//! The natural logarithm, and the proof of [`LOG_ERROR`].
//!
//! x = 2^k m with m between c = `SQRT_HALF` and 2c, log x = k ln 2 + log m. With f = m - 1, s = f / (2 + f) and z =
//! s^2, log m = 2 atanh s = s (2 + R(z)), R(z) = 2 (z/3 + z^2/5 + z^3/7 + ...), which equals
//!
//! f - (h - B),   h = f^2 / 2,   B = s (h + R(z)):
//!
//! 2 s = f - s f and s f = h - s h. The first term is exact and the others are small against it, so the error stays
//! relative where log x passes through 0.
//!
//! Write H and L for the two parts of ln 2 that [`mod@super::exp`] uses, M for log m, and Q for the polynomial with the
//! coefficients `SERIES`. Let x > 0 be finite.
//!
//! 1. *k, m, f* are exact: a subnormal x is first multiplied by 2^54; f = m - 1 by Sterbenz' lemma. |k| <= 1075.
//!    -0.29290 <= f <= 0.41422, |s| <= 0.17158, z <= 0.02944, h <= 0.08580, 0 <= R <= 0.02000.
//! 2. *Three facts.* R <= (2/3) z / (1 - z), and z / (1 - z) = f^2 / (4 + 4 f), so R/h <= 1/(3 m) <= 0.4715 and R /
//!    (h + R) <= 0.3205. B / M = (h + R) / (2 + R) <= (h + R)/2 <= 0.0529. h / |M| <= 0.2476: for f > 0, f / log(1+f)
//!    increases, so the largest value is that at the largest f; for f < 0, |f| < |M|, so it is at most |f|/2 <
//!    0.1465.
//! 3. *s^* is off by 2 u (sum and quotient), z^ by 5 u, relative.
//! 4. *R^.* |Q(z) - R(z)| <= 0.034 u: relative to M, 0.034 u / (2 + R) <= 0.017 u. Rounding: z Q'(z) / Q(z) <= 1.02 for
//!    0 <= z <= 0.02944, so that z^ gives 5.1 u. The term of z meets three roundings, all others, together at most
//!    0.018 Q, at most twelve: 3 + 0.018 * 12 < 3.22. Relative error of R^: 8.32 u.
//! 5. *B^.* h^ is off by u relative. h^ + R^: (1 + 0.3205 * 7.32) + 1 < 4.347 u. B^: 2 more from s^, one from the
//!    product: 7.347 u, relative to M 0.0529 * 7.347 < 0.389 u.
//! 6. *k = 0.* C = B^. D = fl(h^ - C). |h - B| <= 0.2476 |M|: for f > 0, 0 <= h - B <= h; for f < 0 it is h + |B|, h <=
//!    0.0429, so at most (0.1465 + 0.0315) |M|. Errors relative to M: 0.2476 u (h^), 0.389 u (C), 0.2476 u (D). E =
//!    fl(f - D) is the result: one more u. Adding 0 to it changes nothing. Total 0.2476 + 0.389 + 0.2476 + 0.017 + 1 <
//!    1.902 u.
//! 7. *k != 0.* |log x| >= ln 2 - 0.34658 > 0.34656 and |M| <= 0.34658. k L, below 2^-33, is off by 2^-87 from the
//!    product and 1075 2^-102 < 2^-91 from L; C = fl(B^ + k L), below 2^-5, adds u/64. E without its own rounding is
//!    therefore off by (0.2476 + 0.389 + 0.2476 + 0.017) u * 0.34658 + u/64 + 2^-32 u < 0.3280 u, where 2^-32 u covers
//!    k L in the errors of products and of D. E, below 1/2, adds u/4: 0.5780 u, relative to log x 1.668 u. k H is
//!    exact. The last sum adds u. Total 2.668 u < 3 u = [`LOG_ERROR`].
//!
//! Nothing underflows: the least f != 0 is 2^-53 in magnitude, and the smallest product is its 14th power.
//!
//! Observed by `tests/numbers/elementary64.rs` against MPFR at 120 bits: at most 1.309 u over 3 000 637 arguments
//! (random ones, all binades, subnormals, both sides of 1 and of each change of k).

use super::NAN;
use super::exp::{LN2_HI, LN2_LO};

/// The bound on the relative error of [`log`]: 3 2^-53 = 1.5 2^-52. It holds for every finite x > 0.
pub const LOG_ERROR: f64 = 1.5 * f64::EPSILON;

/// The lower end c of the interval of m: the f64 next to sqrt(1/2).
const SQRT_HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// The bits of the fraction of an f64.
const FRACTION: u64 = (1 << 52) - 1;

/// 2^52: an integer below it, written into its fraction, is added to it.
const TWO_52: f64 = 4_503_599_627_370_496.0;

/// Coefficients of z to z^7, found by Remez' exchange on 0 <= z <= 0.02944. The proof does not depend on how they were
/// found.
const SERIES: [f64; 7] = [
    0.666_666_666_666_673_4,
    0.399_999_999_994_143_65,
    0.285_714_287_424_649_44,
    0.222_221_985_645_820_85,
    0.181_835_648_049_579_7,
    0.153_140_375_352_520_37,
    0.147_960_872_849_868_64,
];

/// The natural logarithm of x within [`LOG_ERROR`] relative; -inf at 0 and -0, +inf at +inf, NaN below 0 and at NaN.
/// The logarithm of 1 is +0 exactly.
///
/// ```
/// use logitlab_numbers::arith::elementary64::{LOG_ERROR, log};
///
/// assert!((log(2.0) / std::f64::consts::LN_2 - 1.0).abs() <= 2.0 * LOG_ERROR);
/// assert_eq!(log(0.0), f64::NEG_INFINITY);
/// assert!(log(-1.0).is_nan());
/// ```
#[inline(always)]
pub fn log(x: f64) -> f64 {
    let (k, f) = split(x);
    let s = f / (2.0 + f);
    let h = 0.5 * (f * f);
    let b = s * (h + series(s * s));
    let m = f - (h - (b + k * LN2_LO));
    let y = k * LN2_HI + m;
    let positive = if x == f64::INFINITY { x } else { y };
    let rest = if x == 0.0 { f64::NEG_INFINITY } else { NAN };
    if x > 0.0 { positive } else { rest }
}

/// k and f of x = 2^k (1 + f), 1 + f between c and 2c, for finite x > 0.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let subnormal = x < f64::MIN_POSITIVE;
    let normal = if subnormal { x * 18_014_398_509_481_984.0 } else { x };
    let bias = if subnormal { 1023.0 + 54.0 } else { 1023.0 };
    // Moves c to a power of 2, so that the exponent's bits count the intervals from c to 2c.
    let moved = normal.to_bits().wrapping_add(1.0_f64.to_bits() - SQRT_HALF.to_bits());
    let k = f64::from_bits(TWO_52.to_bits() | (moved >> 52)) - (TWO_52 + bias);
    let m = f64::from_bits((moved & FRACTION) + SQRT_HALF.to_bits());
    (k, m - 1.0)
}

/// Q(z), see the proof.
#[inline(always)]
fn series(z: f64) -> f64 {
    let [c1, c2, c3, c4, c5, c6, c7] = SERIES;
    let square = z * z;
    let even = square * (c2 + square * (c4 + square * c6));
    let odd = z * (c1 + square * (c3 + square * (c5 + square * c7)));
    odd + even
}

#[cfg(test)]
mod tests {
    use rug::ops::Pow;
    use rug::{Float, Rational};

    use super::super::supremum::{exact, pieces, q, supremum, two, value};
    use super::*;

    /// The largest m, and a bound on the largest z.
    fn m_max() -> f64 {
        f64::next_down(2.0 * SQRT_HALF)
    }

    fn z_max() -> Rational {
        q(2944, 100_000)
    }

    /// Q with its coefficient 0 of z^0.
    fn polynomial() -> Vec<Rational> {
        std::iter::once(0.0).chain(SERIES).map(exact).collect()
    }

    /// R to z^25, and a bound on what that leaves out.
    fn atanh() -> (Vec<Rational>, Rational) {
        let terms = (0..=25).map(|j| if j == 0 { Rational::new() } else { q(2, 2 * j + 1) });
        (terms.collect(), z_max().pow(26) * 2 / (q(1, 1) - z_max()))
    }

    #[test]
    fn steps_1_to_3_of_the_proof_hold() {
        for m in [exact(SQRT_HALF), exact(m_max())] {
            let f = m.clone() - 1u32;
            assert!(f >= q(-29_290, 100_000) && f <= q(41_422, 100_000));
            let s = f.clone() / (m.clone() + 1u32);
            assert!(Rational::from(s.abs_ref()) <= q(17_158, 100_000));
            // z^ may exceed z by 5 u
            assert!(s.pow(2) * (two(-50) + 1u32) <= z_max());
            assert!(f.pow(2) / 2 <= q(8580, 100_000));
            assert!(q(1, 3) / m <= q(4715, 10_000));
        }
        let (series, rest) = atanh();
        let r = value(&series, &z_max()) + rest;
        assert!(r <= q(2, 100));
        assert!(q(4715, 10_000) / q(14_715, 10_000) <= q(3205, 10_000));
        assert!((q(8580, 100_000) + r) / 2 <= q(529, 10_000));
        let f = exact(m_max()) - 1u32;
        let h: Rational = f.pow(2) / 2;
        let h_over_m = h / logarithm(m_max());
        assert!(h_over_m <= q(2476, 10_000), "{}", h_over_m.to_f64());
        // f < 0: h and B add
        assert!(q(1465, 10_000) + (q(4290, 100_000) + q(2, 100)) / 2 <= q(2476, 10_000));
    }

    /// log m to 200 bits.
    fn logarithm(m: f64) -> Rational {
        Float::with_val(200, m).ln().to_rational().expect("finite")
    }

    #[test]
    fn step_4_of_the_proof_holds() {
        let (series, rest) = atanh();
        let difference: Vec<Rational> =
            series.iter().enumerate().map(|(j, c)| polynomial().get(j).cloned().unwrap_or_default() - c).collect();
        let worst = pieces(&Rational::new(), &z_max(), 250)
            .map(|(from, to)| supremum(&difference, &from, &to) + &rest)
            .max()
            .expect("there are pieces");
        let worst = worst / two(-53);
        assert!(worst <= q(34, 1000), "{}", worst.to_f64());
        assert!(worst > q(33, 1000), "the bound is looser than it needs to be");
        // z Q'/Q grows with z, as the coefficients are positive: it is the mean of j under the weights c_j z^j.
        assert!(SERIES.iter().all(|&c| c > 0.0));
        let weighted: Vec<Rational> = polynomial().into_iter().enumerate().map(|(j, c)| c * j as u32).collect();
        let whole = value(&polynomial(), &z_max());
        assert!(value(&weighted, &z_max()) / &whole <= q(102, 100));
        let first = exact(SERIES[0]) * z_max();
        let share = Rational::from(&whole - &first) / &whole;
        assert!(share <= q(18, 1000), "{}", share.to_f64());
    }

    #[test]
    fn steps_5_to_7_of_the_proof_hold() {
        let series = q(51, 10) + 3u32 + q(18, 1000) * 12u32;
        assert!(series <= q(832, 100));
        let sum = q(3205, 10_000) * q(732, 100) + 2u32;
        assert!(sum < q(4347, 1000), "{}", sum.to_f64());
        let b = (sum + 3u32) * q(529, 10_000);
        assert!(b < q(389, 1000));
        let before_e = q(2476, 10_000) * 2u32 + q(389, 1000) + q(17, 1000);
        assert!(before_e.clone() + 1u32 < q(1902, 1000), "{}", before_e.to_f64());

        let m = q(34_658, 100_000);
        assert!(logarithm(m_max()) <= m && -logarithm(SQRT_HALF) <= m);
        assert!(logarithm(2.0) - &m > q(34_656, 100_000));
        let before_e = before_e * &m + q(1, 64) + two(-32);
        assert!(before_e < q(3280, 10_000) && q(529, 10_000) * m + two(-33) < two(-5), "{}", before_e.to_f64());
        let e = (q(3280, 10_000) + q(1, 4)) / q(34_656, 100_000);
        assert!(e < q(1668, 1000), "{}", e.to_f64());
        assert!(e + 1u32 < q(295, 100) && exact(LOG_ERROR) == two(-53) * 3u32);
    }

    #[test]
    fn the_argument_is_split_exactly() {
        for x in
            [f64::from_bits(1), 1e-310, f64::MIN_POSITIVE, 0.7, SQRT_HALF, 1.0, m_max(), 2.0 * SQRT_HALF, 3e5, f64::MAX]
        {
            let (k, f) = split(x);
            assert_eq!((exact(f) + 1u32) * two(k as i32), exact(x), "{x}");
            assert!(1.0 + f >= SQRT_HALF && 1.0 + f <= m_max(), "{x}: {f}");
            assert!(k.abs() <= 1075.0);
        }
    }
}
