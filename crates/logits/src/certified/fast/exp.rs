//! e^d for -708 <= d <= 0 by fused multiply-adds, and the proof of [`EXP_ERROR`].
//!
//! d = k ln 2 + r with the integer k that makes |r| smallest, e^r by a polynomial P, e^d = 2^k e^r.
//!
//! Write u = 2^-53, H = `LN2_HI`, L = `LN2_LO` and c1..c10 for the coefficients, so that P(r) = 1 + c1 r + ... + c10
//! r^10. Computed values have a hat where they differ from the exact ones; fl(x y + z) is rounded once. Steps 1, 2 and
//! 4 are proved by Gappa and step 3 by Sollya from the scripts in `proofs/exp/`; `tests/numbers/exp_proofs.rs` runs
//! them and sees mutants of them refused. The unit tests here prove the same in rational arithmetic, and compare the
//! constants of the scripts with those of the code.
//!
//! 1. *k.* `INV_LN2` is 1/ln 2 within u relative, |d / ln 2| < 1022. fl(d `INV_LN2` + 1.5 2^52) rounds to an integer,
//!    and subtracting 1.5 2^52 is exact: |d - k ln 2| <= (1/2 + 2^-42) ln 2 < 0.34658 and -1021 <= k <= 0.
//! 2. *r.* If k = 0, r = d. Else |d| >= 0.34, so that d is a multiple of 2^-54, as is k H; |d - k H| < 0.3466, so that
//!    this difference is exact. fl(d - k H - k L), at most 0.3466 in magnitude, is off by u/4; |ln 2 - H - L| <= 2^-102
//!    adds 1021 2^-102 < 2^-92. Together r is off by 0.2501 u at most, which changes e^r by a factor within 1 +- 0.2502
//!    u. |r| <= R = 0.3466.
//! 3. *P.* |P(r) - e^r| <= 2 u e^r for |r| <= R.
//! 4. *p = P^.* Horner's scheme has one rounding a step: h_j = fl(h_(j+1) r + c_j) is off by R times the error of
//!    h_(j+1) and by half a unit of its own last place. Since |h_1| < 1.2, that is at most 1.2022 u for h_1, 0.4167 u
//!    for h_1 r. The last step adds u where p >= 1 and u/2 below. If r >= 0, e^r >= 1 and the relative error is at most
//!    1.4167 u; if r < 0, p < 1 and e^r >= 0.7070, so that it is at most 0.9167 u / 0.7070 <= 1.2967 u.
//! 5. *2^k p.* 0.7070 < p < 1.4143 and k >= -1021: adding k to the exponent field of p gives 2^k p exactly, a normal
//!    number.
//!
//! Total: 0.2502 + 2 + 1.4167 = 3.6669 u, and products of these errors are below 100 u^2: less than 4 u =
//! [`EXP_ERROR`].

/// The bound on the relative error of an exponential: 2^-51.
pub const EXP_ERROR: f64 = 2.0 * f64::EPSILON;

/// The least argument of [`exps`]; its result is still a normal number.
pub const LEAST: f64 = -708.0;

/// Adding this rounds a number below 2^51 in magnitude to an integer, which the low bits of the sum then hold.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// 1/ln 2
pub(super) const INV_LN2: f64 = std::f64::consts::LOG2_E;

/// ln 2 cut after 42 bits behind the point, so that products with integers below 2^11 are exact.
const LN2_HI: f64 = 0.693_147_180_559_890_3;

/// ln 2 - [`LN2_HI`], rounded.
const LN2_LO: f64 = 5.497_923_018_708_371e-14;

/// Coefficients of r to r^10, found by Sollya's fpminimax for the relative error on |r| <= 0.3466. The proof does not
/// depend on how they were found.
const COEFFICIENTS: [f64; 10] = [
    1.000_000_000_000_005_6,
    0.499_999_999_999_979_74,
    0.166_666_666_665_648_28,
    0.041_666_666_668_208_99,
    0.008_333_333_382_901_084,
    0.001_388_888_852_761_682_2,
    0.000_198_411_731_212_770_35,
    2.480_190_162_915_797e-5,
    2.763_917_806_333_766e-6,
    2.749_155_063_323_731e-7,
];

/// e^d within [`EXP_ERROR`] relative, for N numbers between [`LEAST`] and 0.
///
/// One step after another for all of them: each step waits for the one before, and N numbers fill the time.
#[inline(always)]
pub fn exps<const N: usize>(d: &[f64; N], out: &mut [f64; N]) {
    let (mut shifted, mut r) = ([0.0; N], [0.0; N]);
    for i in 0..N {
        shifted[i] = d[i].mul_add(INV_LN2, ROUND);
    }
    for i in 0..N {
        let k = shifted[i] - ROUND;
        r[i] = (-k).mul_add(LN2_LO, (-k).mul_add(LN2_HI, d[i]));
    }
    let p = polynomial(&r);
    for i in 0..N {
        // k is added to the exponent field.
        out[i] = f64::from_bits(p[i].to_bits().wrapping_add(shifted[i].to_bits() << 52));
    }
}

/// e^r for |r| <= 0.3466, within 3.4167 u relative.
#[inline(always)]
pub(super) fn polynomial<const N: usize>(r: &[f64; N]) -> [f64; N] {
    let [c1, c2, c3, c4, c5, c6, c7, c8, c9, c10] = COEFFICIENTS;
    let mut p = [c10; N];
    for c in [c9, c8, c7, c6, c5, c4, c3, c2, c1, 1.0] {
        for i in 0..N {
            p[i] = p[i].mul_add(r[i], c);
        }
    }
    p
}

#[cfg(test)]
mod tests {
    use rug::ops::Pow;
    use rug::{Float, Integer, Rational};

    use super::*;
    use crate::arith::elementary64::supremum::{exact, pieces, q, supremum, two, value};

    fn r_max() -> Rational {
        q(3466, 10_000)
    }

    /// ln 2 to 1000 bits: its own error is nothing in the comparisons below.
    fn ln2() -> Rational {
        Float::with_val(1000, rug::float::Constant::Log2).to_rational().expect("finite")
    }

    /// P, the coefficient of r^0 first.
    fn p() -> Vec<Rational> {
        std::iter::once(1.0).chain(COEFFICIENTS).map(exact).collect()
    }

    /// The terms of e^r to degree 20, and a bound on what they leave out for |r| <= R (e^R < 2).
    fn taylor() -> (Vec<Rational>, Rational) {
        let terms = (0..=20).map(|n| Rational::from((Integer::from(1), Integer::from(Integer::factorial(n)))));
        (terms.collect(), r_max().pow(21) * 2 / Integer::from(Integer::factorial(21)))
    }

    #[test]
    fn steps_1_and_2_of_the_proof_hold() {
        let u = two(-53);
        assert_eq!(exact(ROUND), two(52) * q(3, 2));
        assert!((exact(INV_LN2) * ln2() - 1u32).abs() <= u);
        assert!(Rational::from(708) / ln2() < 1022 && Rational::from(1022) * &u < two(-42));
        assert!((q(1, 2) + two(-42)) * ln2() < q(34_658, 100_000));
        // k = -1021 at the least argument, and |d| >= 0.34 where k is not 0.
        assert!(exact(-LEAST) / ln2() < q(10_215, 10) - two(-42) && (q(1, 2) - two(-42)) * ln2() > q(34, 100));
        assert!((exact(LN2_HI) * two(42)).is_integer() && LN2_HI < 1.0);
        assert!((ln2() - exact(LN2_HI) - exact(LN2_LO)).abs() <= two(-102));
        assert!(q(34_658, 100_000) + exact(LN2_LO).abs() * 1022u32 + two(-54) < r_max());
        let off = two(-92) + two(-55);
        assert!(two(-102) * 1021u32 < two(-92) && off <= u.clone() * q(2501, 10_000));
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
        assert!(worst <= two(-52), "{} u", worst.to_f64() / EXP_ERROR * 4.0);
        assert!(worst > two(-53) * q(198, 100), "the bound is looser than it needs to be");
    }

    #[test]
    fn steps_4_and_5_of_the_proof_hold() {
        // The largest magnitude and the error of each h_j, in u; all coefficients are positive.
        let (mut most, mut error) = (exact(COEFFICIENTS[9]), Rational::new());
        for c in COEFFICIENTS[..9].iter().rev() {
            assert!(*c > 0.0);
            most = most * r_max() + exact(*c);
            // Half a unit in the last place of what is below 2^j: 2^(j-1) u.
            let half_unit = (-60..2).map(two).find(|power| most < *power).expect("a power above") / 2u32;
            error = error * r_max() + half_unit;
        }
        assert!(most < q(12, 10) && error <= q(12_022, 10_000), "{} {}", most.to_f64(), error.to_f64());
        let before = error * r_max();
        assert!(before <= q(4167, 10_000), "{}", before.to_f64());
        let (taylor, rest) = taylor();
        assert!(value(&taylor, &-r_max()) - &rest > q(7070, 10_000));
        assert!(value(&taylor, &r_max()) + rest < q(14_143, 10_000));
        assert!((before.clone() + q(1, 2)) / q(7070, 10_000) <= q(12_967, 10_000));
        // p >= 1 only where r >= 0, since h_1 > 0; and 2^-1021 0.7070 is normal.
        assert!(q(7070, 10_000) * two(-1021) >= two(-1022));
        let total = before + 1u32 + q(2502, 10_000) + 2u32;
        assert!(total <= q(36_669, 10_000) && exact(EXP_ERROR) == two(-51), "{}", total.to_f64());
    }

    /// The constants of a script: lines `name = number;`.
    fn constants(script: &str) -> Vec<(String, f64)> {
        let parse = |text: &str| {
            let (digits, exponent) = text.strip_prefix("0x")?.split_once('p')?;
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            let significand = u64::from_str_radix(&format!("{whole}{fraction}"), 16).ok()?;
            let exponent: i32 = exponent.parse().ok()?;
            Some(libm::ldexp(significand as f64, exponent - 4 * fraction.len() as i32))
        };
        let lines = script.lines().filter_map(|line| line.trim().strip_suffix(';')?.split_once(" = "));
        lines.filter_map(|(name, text)| Some((name.to_owned(), parse(text)?))).collect()
    }

    #[test]
    fn the_scripts_are_about_the_constants_of_the_code() {
        let coefficients = COEFFICIENTS.iter().enumerate().map(|(i, &c)| (format!("c{}", i + 1), c));
        let coefficients: Vec<(String, f64)> = coefficients.collect();
        assert_eq!(constants(include_str!("../../../proofs/exp/rounding.gappa")), coefficients);
        let reduction = [("inv", INV_LN2), ("magic", ROUND), ("hi", LN2_HI), ("lo", LN2_LO)];
        let reduction = reduction.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(constants(include_str!("../../../proofs/exp/reduction.gappa")), reduction);
        let sollya = constants(include_str!("../../../proofs/exp/approximation.sollya"));
        assert_eq!(sollya, [&coefficients[..], &reduction[2..]].concat());
    }

    #[test]
    fn the_error_stays_below_its_bound() {
        let mut worst = 0.0_f64;
        for i in 0..60_000 {
            // All of the range, and both sides of each change of k.
            let near = f64::from(i / 40) * -0.5 * std::f64::consts::LN_2 + f64::from(i % 40 - 20) * 1e-13;
            for d in [f64::from(i) * -0.0118, near, f64::from(i) * -1e-9] {
                let d = d.clamp(LEAST, 0.0);
                let [mut found] = [0.0];
                exps(&[d], std::array::from_mut(&mut found));
                let truth = Float::with_val(120, d).exp();
                let error = Float::with_val(120, found - &truth) / truth;
                worst = worst.max(error.to_f64().abs() / EXP_ERROR);
            }
        }
        assert!(worst <= 1.0 && worst > 0.4, "{worst} of the bound");
    }
}
