//! e^x, and the proof of [`EXP_ERROR`].
//!
//! x = k ln 2 + r with the integer k that makes |r| smallest, e^r by a polynomial P, e^x = 2^k e^r.
//!
//! Write H = `LN2_HI`, L = `LN2_LO` and T for the polynomial with the coefficients `TAIL`, so that P(r) = 1 + r + r^2
//! (1/2 + r T(r)). Computed values have a hat where they differ from the exact ones. Let x be finite and, after
//! clamping, -746 <= x <= 710; outside the result is that of the nearer end (step 8).
//!
//! 1. *k.* `INV_LN2` is 1/ln 2 within u relative and |x / ln 2| < 1077, so x^ = fl(x `INV_LN2`) is x / ln 2 within
//!    1077 * 2.01 u < 2^-41. Adding and subtracting 1.5 2^52 rounds x^ to the nearest integer k exactly. So |x - k ln
//!    2| <= (1/2 + 2^-41) ln 2 < 0.3465736, and |k| <= 1077.
//! 2. *r.* H is a multiple of 2^-42 below 1 and |k| < 2^11: k H is exact. If k = 0, r = x. Else |x^| >= 1/2, so |x| >
//!    1/4 and x is a multiple of 2^-54, as is k H; and |x - k H| <= 0.3465736 + 1077 |L| (1 + u) < 1/2, so that the
//!    difference is exact as well. |k L| < 2^-33, so its product is off by at most 2^-87; |ln 2 - H - L| < 2^-102 adds
//!    1077 2^-102 < 2^-91; the last subtraction, below 1/2 in magnitude, adds u/4. Together r is off by 0.2501 u at
//!    most, which changes e^r by a factor within 1 +- 0.2502 u. |r| <= R = 0.3466.
//! 3. *P.* |P(r) - e^r| <= 0.0625 u e^r for |r| <= R.
//! 4. *T^.* T's coefficients are positive. Following each coefficient t_j through the even and the odd Horner scheme in
//!    fl(r^2), it meets N = 2, 3, 5, 6, 8, 9, 11, 11, 13 roundings (j = 0..8): T^ is off by at most u sum N_j t_j R^j
//!    <= 0.383 u, and |T| <= 0.1823.
//! 5. *1/2 + r T.* |r T| < 0.0632 < 2^-3: its error is 0.3466 * 0.383 u + u/16 <= 0.1953 u. The sum is within (0,
//!    0.5632), so adding 1/2 adds u/2: 0.6953 u.
//! 6. *v = r^2 (1/2 + r T)*, below 0.1202 * 0.5632 < 0.0677 < 2^-3: errors 0.1202 * 0.6953 u from step 5, 0.0677 u from
//!    r^2, u/16 from the product: 0.2138 u.
//! 7. *p = 1 + (r + v).* |r + v| < 1/2 adds u/4: 0.4638 u. The last sum is below 2. For r >= 0 it adds u, and e^r >= 1:
//!    relative error 1.4638 u. For r < 0, |v| < |r|, so that the sum is at most 1 and adds u/2, and e^r >= e^-R >
//!    0.7070: relative error (0.4638 + 0.5) u / 0.7070 < 1.3633 u. Where r is so small that products underflow, each
//!    adds less than 2^-1073, which is nothing against u. Total with steps 2 and 3: 1.4638 + 0.2502 + 0.0625 = 1.7765 u
//!    < 2 u = [`EXP_ERROR`].
//! 8. *2^k p.* k is split into halves k1 + k2, both at most 539 in magnitude. p 2^k1 is exact, and so is the second
//!    product unless it falls below 2^-1022, where it is rounded once to a multiple of 2^-1074 (2^-1075 more,
//!    absolute), or exceeds the largest f64, where it is infinite. At x = -746, e^x < 2^-1076 and the result is 0,
//!    which is within 2^-1075 of e^x for every x below; at x = 710 the result is infinite, as it must be above.
//!
//! No f64 lies so close to the logarithm of 2^-1022 or of the largest f64 that the error matters to either side: the
//! relative bound holds from [`EXP_NORMAL`] on, and the result is infinite exactly where e^x exceeds [`f64::MAX`].
//!
//! Observed by `tests/numbers/elementary64.rs` against MPFR at 120 bits: at most 1.361 u over 2 953 209 arguments with
//! normal results (random ones, all binades, both sides of each change of k), and the bound kept by 1 000 000 with
//! subnormal ones.

use super::NAN;

/// The bound on the relative error of [`exp`] where the result is normal: 2^-52.
pub const EXP_ERROR: f64 = f64::EPSILON;

/// The smallest x whose e^x is at least 2^-1022, the smallest normal f64. Below it the error of [`exp`] is at most
/// [`EXP_ERROR`] e^x + 2^-1075.
pub const EXP_NORMAL: f64 = -708.396_418_532_264_1;

/// Adding and subtracting this rounds a number below 2^51 in magnitude to the nearest integer; in the sum the low bits
/// hold that integer.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// 1/ln 2
const INV_LN2: f64 = std::f64::consts::LOG2_E;

/// ln 2 cut after 42 bits behind the point, so that products with integers below 2^11 are exact.
pub(super) const LN2_HI: f64 = 0.693_147_180_559_890_3;

/// ln 2 - [`LN2_HI`], rounded.
pub(super) const LN2_LO: f64 = 5.497_923_018_708_371e-14;

/// Coefficients of r^3 to r^11, found by Remez' exchange for the relative error on |r| <= 0.3466. The proof does not
/// depend on how they were found.
const TAIL: [f64; 9] = [
    0.166_666_666_666_664_33,
    0.041_666_666_666_603_965,
    0.008_333_333_333_499_992,
    0.001_388_888_892_679_464_7,
    0.000_198_412_694_663_180_36,
    2.480_150_868_435_079_5e-5,
    2.755_764_077_683_871e-6,
    2.762_518_622_309_732e-7,
    2.497_840_828_635_285_6e-8,
];

/// e^x within [`EXP_ERROR`] relative (below [`EXP_NORMAL`] plus 2^-1075); +inf exactly if e^x exceeds [`f64::MAX`], 0
/// at -inf, NaN at NaN. e^0 is 1 exactly.
///
/// ```
/// use logitlab_numbers::arith::elementary64::{EXP_ERROR, exp};
///
/// assert!((exp(1.0) / std::f64::consts::E - 1.0).abs() <= 2.0 * EXP_ERROR);
/// assert_eq!(exp(710.0), f64::INFINITY);
/// assert_eq!(exp(f64::NEG_INFINITY), 0.0);
/// ```
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let clamped = x.clamp(-746.0, 710.0);
    let shifted = clamped * INV_LN2 + ROUND;
    let k = shifted - ROUND;
    let r = (clamped - k * LN2_HI) - k * LN2_LO;
    let y = scale(polynomial(r), shifted);
    if x.is_nan() { NAN } else { y }
}

/// P(r), see the proof.
#[inline(always)]
fn polynomial(r: f64) -> f64 {
    let [t0, t1, t2, t3, t4, t5, t6, t7, t8] = TAIL;
    let square = r * r;
    let even = t0 + square * (t2 + square * (t4 + square * (t6 + square * t8)));
    let odd = t1 + square * (t3 + square * (t5 + square * t7));
    let half = 0.5 + r * (even + r * odd);
    1.0 + (r + square * half)
}

/// p 2^k, k being the integer in the low bits of `shifted` = k + [`ROUND`].
///
/// Two factors, because 2^k itself may be no f64 though p 2^k is; exponents stay positive, because vectors of 64-bit
/// integers have no arithmetic shift before AVX-512.
#[inline(always)]
fn scale(p: f64, shifted: f64) -> f64 {
    const OFFSET: u64 = 2048;
    let biased = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(OFFSET);
    let first = biased >> 1;
    let second = biased.wrapping_sub(first);
    let power = |half: u64| f64::from_bits(half.wrapping_sub(OFFSET / 2 - 1023) << 52);
    p * power(first) * power(second)
}

#[cfg(test)]
mod tests {
    use rug::ops::Pow;
    use rug::{Float, Integer, Rational};

    use super::super::supremum::{exact, pieces, q, supremum, two, value};
    use super::*;

    fn r_max() -> Rational {
        q(3466, 10_000)
    }

    /// ln 2 to 1000 bits: its own error is nothing in the comparisons below.
    fn ln2() -> Rational {
        Float::with_val(1000, rug::float::Constant::Log2).to_rational().expect("finite")
    }

    /// The terms of e^r to degree 20, and a bound on what they leave out for |r| <= R (e^R < 2).
    fn taylor() -> (Vec<Rational>, Rational) {
        let terms = (0..=20).map(|n| Rational::from((Integer::from(1), Integer::from(Integer::factorial(n)))));
        (terms.collect(), r_max().pow(21) * 2 / Integer::from(Integer::factorial(21)))
    }

    fn p() -> Vec<Rational> {
        [1.0, 1.0, 0.5].into_iter().chain(TAIL).map(exact).collect()
    }

    #[test]
    fn steps_1_and_2_of_the_proof_hold() {
        let u = two(-53);
        assert_eq!(exact(ROUND), two(52) * q(3, 2));
        assert!((exact(INV_LN2) * ln2() - 1u32).abs() <= u);
        assert!(Rational::from(746) / ln2() < 1077 && Rational::from(1077) * q(201, 100) * &u < two(-41));
        let nearest = (q(1, 2) + two(-41)) * ln2();
        assert!(nearest < q(3_465_736, 10_000_000));
        assert!((exact(LN2_HI) * two(42)).is_integer() && LN2_HI < 1.0);
        assert!((ln2() - exact(LN2_HI) - exact(LN2_LO)).abs() < two(-102));
        let low = exact(LN2_LO).abs() * 1077u32;
        assert!(low < two(-33) && (low + &nearest) * (two(-50) + 1u32) < r_max());
        // x > 1/4 where k is not 0
        assert!(q(1, 2) * (q(1, 1) - two(-50)) * ln2() > q(1, 4));
        let off = two(-87) + two(-91) + two(-55);
        assert!(two(-102) * 1077u32 < two(-91) && off <= u.clone() * q(2501, 10_000));
        // e^d - 1 <= d + d^2 for 0 <= d <= 1
        assert!((off.clone() + 1u32) * off <= u * q(2502, 10_000));
    }

    #[test]
    fn step_3_of_the_proof_holds() {
        let (taylor, rest) = taylor();
        let difference: Vec<Rational> =
            taylor.iter().enumerate().map(|(n, c)| p().get(n).cloned().unwrap_or_default() - c).collect();
        let end = r_max();
        let worst = pieces(&-end.clone(), &end, 400)
            .map(|(from, to)| (supremum(&difference, &from, &to) + &rest) / (value(&taylor, &from) - &rest))
            .max()
            .expect("there are pieces");
        assert!(worst <= two(-57), "{}", worst.to_f64());
        assert!(worst > two(-58), "the bound is looser than it needs to be");
    }

    #[test]
    fn steps_4_to_7_of_the_proof_hold() {
        let r = r_max();
        let tail: Vec<Rational> = TAIL.map(exact).to_vec();
        assert!(tail.iter().all(|t| *t > 0));
        assert!(value(&tail, &r) <= q(1823, 10_000));
        let met = [2, 3, 5, 6, 8, 9, 11, 11, 13];
        let weighted: Vec<Rational> = tail.iter().zip(met).map(|(t, n)| t.clone() * n).collect();
        let t_error = value(&weighted, &r);
        assert!(t_error <= q(383, 1000), "{}", t_error.to_f64());
        let product = r.clone() * q(1823, 10_000);
        assert!(product < q(632, 10_000));
        let product_error = r.clone() * q(383, 1000) + q(1, 16);
        assert!(product_error <= q(1953, 10_000), "{}", product_error.to_f64());
        let square: Rational = r.clone().pow(2);
        assert!(square <= q(1202, 10_000));
        let v = square.clone() * q(5632, 10_000);
        assert!(v < q(677, 10_000));
        let v_error = square * q(6953, 10_000) + q(677, 10_000) + q(1, 16);
        assert!(v_error <= q(2138, 10_000), "{}", v_error.to_f64());
        let sum_error = q(2138, 10_000) + q(1, 4);
        assert!(r + q(677, 10_000) < q(1, 2) && sum_error <= q(4638, 10_000));
        let (taylor, rest) = taylor();
        assert!(value(&taylor, &-r_max()) - rest > q(7070, 10_000));
        assert!((sum_error.clone() + q(1, 2)) / q(7070, 10_000) < q(13_633, 10_000));
        let total = sum_error + 1u32 + q(2502, 10_000) + q(625, 10_000);
        assert!(total < q(19, 10) && exact(EXP_ERROR) == two(-52), "{}", total.to_f64());
    }

    #[test]
    fn step_8_of_the_proof_holds() {
        let power = |x: f64| Float::with_val(200, x).exp();
        let normal = Float::with_val(200, Float::u_exp(1, -1022));
        assert!(power(EXP_NORMAL) >= normal.clone() * (1.0 + 2.0 * EXP_ERROR));
        assert!(power(EXP_NORMAL.next_down()) < normal * (1.0 - 2.0 * EXP_ERROR));
        assert!(power(-746.0) < Float::with_val(200, Float::u_exp(1, -1076)));
        assert_eq!((exp(-746.0), exp(-746.5), exp(f64::MIN)), (0.0, 0.0, 0.0));
        let largest = 709.782_712_893_384;
        assert!(power(largest) <= Float::with_val(200, f64::MAX) * (1.0 - 2.0 * EXP_ERROR));
        assert!(power(f64::next_up(largest)) > Float::with_val(200, f64::MAX) * (1.0 + 2.0 * EXP_ERROR));
        assert!(exp(largest).is_finite() && exp(f64::next_up(largest)) == f64::INFINITY);
    }
}
