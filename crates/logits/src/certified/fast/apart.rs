//! A power of e with an exponent apart: for one logit, however far below the largest.

use super::super::Given;
use super::combine::Rest;
use super::error::ROUNDOFF;
use super::exp::{EXP_ERROR, INV_LN2, polynomial};
use super::wide::{Wide, power, two_sum};

/// ln 2 rounded to f64, and what is left of it, rounded.
const LN2: [f64; 2] = [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17];

/// e^-x and x = (top - z) / tau, for finite z <= top and 2^-900 <= tau <= 2^900; nothing if x is beyond 2^1000.
///
/// 1. z - top = a + b exactly, b being the error of the difference. tau = t + t' + t'', t and t' f64, |t'| <= u t,
///    |t''| <= u^2 t; t' = t'' = 0 unless tau is a decimal. q = fl(a / t) is -x within 4 u relative: a is z - top
///    within u, t is tau within u, the quotient is rounded. c = fl((fma(-q, t, a) + b - q t') / t) makes q + c = -x
///    within 14 u^2 |x| relative to 1: the remainder is exact, and |c| <= 3.1 u |x|; its two sums and the product are
///    off by 6.2 u^2 |x|, the quotient by t rather than tau and its rounding by another 6.2, t'' by 1.1. At temperature
///    1, q = a and c = b: exact. Where |q| <= 2^-100, c is left out: less than 2^-150.
/// 2. Beyond x = 2^29, e^-x lies between 0 and 2^-774000000. Else k, the integer next to fl(q / ln 2), is below 2^30
///    and
///    |q - k ln 2| < 0.3466. With A and B for the two parts of ln 2, |ln 2 - A - B| <= 2^-108, so that k times that is
///    below 2^-78. k A = p + p' exactly by a fused multiply-add, |p'| <= 2^-24; q - p = r + r' exactly.
/// 3. r' , p' and k B are each below 2^-23 in magnitude, c below 2^-22; their sum takes four roundings of numbers below
///    2^-21: less than 2^-72. r + that sum, below 0.35, is rounded: u/4. So the argument of the polynomial is off by
///    less than u/2, which is half a unit u relative in its result; with what the polynomial itself is off by (3.4167
///    u) that is less than 4 u = `EXP_ERROR`. The bound is taken as 1.5 times that.
pub(super) fn apart(z: f64, top: f64, temperature: Given) -> Option<(Wide, Wide)> {
    let tau = temperature.nearest();
    let (difference, lost) = two_sum(z, -top);
    let quotient = difference / tau;
    // In this form, a NaN is refused as well.
    if !(difference.is_finite() && quotient.abs() < power(1000)) {
        return None;
    }
    if difference == 0.0 {
        return Some((Wide::ONE, Wide::ZERO));
    }
    let distance = Wide::within(-quotient, 4.0 * ROUNDOFF, 0);
    if quotient < -power(29) {
        return Some((Wide::new(0.0, 1.0, -774_000_000), distance));
    }
    let low = if temperature.is_one() {
        lost
    } else if quotient > -power(-100) {
        0.0
    } else {
        ((-quotient).mul_add(tau, difference) + lost - quotient * temperature.low()) / tau
    };
    let k = libm::rint(quotient * INV_LN2);
    let product = k * LN2[0];
    let (r, rest) = two_sum(quotient, -product);
    let tail = (rest + (low - k.mul_add(LN2[0], -product))) - k * LN2[1];
    let [value] = polynomial(&[r + tail]);
    Some((Wide::within(value, 1.5 * EXP_ERROR, k as i64), distance))
}

/// The sums about the largest logit from those about one that is `distance` below, `factor` = e^-distance.
pub(super) fn moved(rest: Rest, factor: Wide, distance: Wide) -> Rest {
    let Rest { s, t, q, u, r } = rest;
    let square = factor * factor;
    Rest {
        s: factor * s,
        t: factor * (t + distance * s),
        q: square * q,
        u: square * (u + distance * q),
        r: square * factor * r,
    }
}

#[cfg(test)]
mod tests {
    use rug::Float;

    use super::*;
    use crate::arith::elementary64::supremum::{exact, two};

    #[test]
    fn the_parts_of_ln_2_are_close() {
        let ln2 = Float::with_val(1000, rug::float::Constant::Log2).to_rational().expect("finite");
        let rest = ln2 - exact(LN2[0]) - exact(LN2[1]);
        assert!(rest.abs() <= two(-108) && exact(LN2[1]).abs() * two(30) < two(-23));
        let least = Float::with_val(100, -f64::from(1 << 29)) / Float::with_val(100, 2).ln();
        assert!(least < -774_000_000);
    }

    #[test]
    fn powers_of_e_keep_their_bound() {
        let decimal = |text: &str| text.parse::<Given>().expect("a number");
        let temperatures = [1.0.into(), decimal("0.7"), 1.0.into(), decimal("1.3e-5"), 1.0.into(), 1e200.into()];
        for (index, given) in temperatures.into_iter().enumerate() {
            let temperature = given.nearest();
            for step in 0..3000 {
                let size = libm::exp(f64::from(step) * 0.0064) * if index == 4 { 3e-9 } else { 1.0 };
                let z = -size * temperature * (1.0 + 1e-3 * index as f64) / if index == 2 { 1e5 } else { 1.0 };
                let top = [0.1, 3.0, 1e-9, 1.0, 0.0, 7.0][index] * temperature;
                let (found, distance) = apart(z, top, given).expect("it is not that far");
                let x = (Float::with_val(400, top) - z) / Float::with_val(400, given.rational());
                let truth = (-x.clone()).exp();
                let [found, distance] = [found.scaled(), distance.scaled()];
                let scaled = |end: f64, exponent: i64| Float::with_val(60, end) << i32::try_from(exponent).unwrap();
                assert!(
                    scaled(found.lo, found.exponent) <= truth && truth <= scaled(found.hi, found.exponent),
                    "{z:e}"
                );
                assert!(distance.lo <= x && x <= distance.hi && distance.relative_width() < 2e-15, "{z:e}");
                // Not only within, but not at the ends either: half of the bound is never reached.
                let middle = scaled(found.lo, found.exponent) / 2u32 + scaled(found.hi, found.exponent) / 2u32;
                let off = Float::with_val(60, middle - &truth) / &truth;
                assert!(off.to_f64().abs() < EXP_ERROR, "{z:e}: {off}");
            }
        }
    }
}
