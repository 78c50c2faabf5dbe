//! Arithmetic in any format on MPFR numbers: results rounded to odd with bits to spare, rounded once more.

use std::cmp::Ordering;

use rug::float::Special;
use rug::ops::NegAssign;
use rug::{Float, Integer};

use super::decide::{Landing, REST_BITS, Rest, Size};
use super::rounding::MAX_RANDOM_BITS;
use super::{Operation, Target, odd};

/// Bits beyond the format's own in an intermediate result: as many as stochastic rounding looks at, and two that
/// rounding to odd needs (Boldo and Melquiond 2008, Theorem 2).
const SPARE_BITS: u32 = MAX_RANDOM_BITS as u32 + 2;

/// A target of any size, with the same results as [`super::Narrow`] where that exists.
///
/// ```
/// use logitlab_numbers::formats::{Big, Operation};
/// use rug::Float;
///
/// let quad = Big::new("f128/up".parse().unwrap());
/// let third = quad.apply(Operation::Div, &[Float::with_val(2, 1), Float::with_val(2, 3)], 0);
/// assert_eq!(third.prec(), 113);
/// assert!(third > rug::Rational::from((1, 3)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Big {
    target: Target,
    largest: Float,
    smallest_normal: Float,
}

/// What happened in a rounding, as IEEE 754-2019 section 7 has it; tininess is detected after rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Flags {
    /// The result is not what was rounded; also where an infinity became something else, of which IEEE 754 has nothing.
    pub inexact: bool,
    /// Without a largest number, the result would exceed it.
    pub overflow: bool,
    /// The result is inexact, and smaller than the smallest normal number.
    pub underflow: bool,
    /// The result is a subnormal number.
    pub subnormal: bool,
}

impl Big {
    /// The arithmetic of a target.
    pub fn new(target: Target) -> Big {
        Big { target, largest: target.format.largest(), smallest_normal: target.format.smallest_normal() }
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The operation, correctly rounded, with the format's precision. Operands are any MPFR numbers; `noise` has the
    /// random bits of stochastic rounding.
    ///
    /// # Panics
    /// If there are fewer operands than the operation takes.
    pub fn apply(&self, operation: Operation, operands: &[Float], noise: u64) -> Float {
        let mut value = odd::big(operation, operands, self.target.format.precision + SPARE_BITS);
        if value.is_zero() {
            let sign = |i: usize| operands.get(i).is_some_and(Float::is_sign_negative);
            let negative = self.target.zero_is_negative(operation, [sign(0), sign(1), sign(2)]);
            if negative.is_some_and(|negative| negative != value.is_sign_negative()) {
                value.neg_assign();
            }
        }
        self.round(&value, noise)
    }

    /// Rounds an exact number, or one rounded to odd with 26 bits more than the format has, into the format.
    pub fn round(&self, x: &Float, noise: u64) -> Float {
        let rounded = self.units(x, noise).unwrap_or_else(|| Float::with_val(self.target.format.precision, x));
        self.finish(rounded, x)
    }

    /// What [`Big::round`] signals for the same arguments.
    pub fn flags(&self, x: &Float, noise: u64) -> Flags {
        let result = self.round(x, noise);
        let small = !result.is_nan() && result.cmp_abs(&self.smallest_normal) == Some(Ordering::Less);
        let inexact = !x.is_nan() && result != *x;
        let beyond = |rounded: Float| self.size(&rounded, x) == Size::Beyond;
        Flags {
            inexact,
            overflow: self.units(x, noise).is_some_and(beyond),
            underflow: inexact && small,
            subnormal: small && !result.is_zero(),
        }
    }

    /// x rounded as if there were no largest number; `None` for zeros, infinities and NaN.
    fn units(&self, x: &Float, noise: u64) -> Option<Float> {
        let format = &self.target.format;
        let exponent = x.get_exp()? - 1;
        let negative = x.is_sign_negative();
        let (significand, last) = x.to_integer_exp()?;
        let significand = significand.abs();
        let quantum = format.last_place(exponent);
        let units = match u32::try_from(quantum - last) {
            Err(_) => significand << (last - quantum),
            Ok(0) => significand,
            Ok(shift) => {
                let rest = rest(&significand, shift);
                let kept = significand >> shift;
                let carry = self.target.rounding.carries(rest, kept.is_odd(), negative, noise);
                kept + u32::from(carry)
            }
        };
        let mut rounded = Float::with_val(format.precision, units);
        rounded <<= quantum;
        if negative {
            rounded.neg_assign();
        }
        Some(rounded)
    }

    fn finish(&self, rounded: Float, exact: &Float) -> Float {
        let negative = rounded.is_sign_negative();
        let precision = self.target.format.precision;
        let mut magnitude = match self.target.landing(self.size(&rounded, exact), negative) {
            Landing::Itself => return rounded,
            Landing::Nan => return Float::with_val(precision, Special::Nan),
            Landing::PositiveZero => return Float::new(precision),
            Landing::Infinity => Float::with_val(precision, Special::Infinity),
            Landing::Largest => self.largest.clone(),
            Landing::Zero => Float::new(precision),
        };
        if negative {
            magnitude.neg_assign();
        }
        magnitude
    }

    fn size(&self, rounded: &Float, exact: &Float) -> Size {
        if rounded.is_nan() {
            Size::Nan
        } else if exact.is_infinite() {
            Size::Infinite
        } else if rounded.is_zero() {
            Size::Zero
        } else if rounded.cmp_abs(&self.largest) == Some(Ordering::Greater) {
            Size::Beyond
        } else if rounded.cmp_abs(&self.smallest_normal) == Some(Ordering::Less) {
            Size::Subnormal
        } else {
            Size::Normal
        }
    }
}

/// The lowest `shift` bits, cut to what fits.
fn rest(significand: &Integer, shift: u32) -> Rest {
    let below = shift.saturating_sub(REST_BITS);
    let width = shift - below;
    let bits = Integer::from(significand >> below).keep_bits(width).to_u64().unwrap_or(0);
    let more = significand.find_one(0).is_some_and(|lowest| lowest < below);
    Rest { bits: bits | u64::from(more), width }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::operation::OPERATIONS;
    use crate::formats::{FORMATS, Format, Narrow, Overflow, Rounding, Subnormals};
    use proptest::prelude::*;

    fn roundings() -> impl Strategy<Value = Rounding> {
        let fixed: Vec<Rounding> = crate::formats::rounding::ROUNDINGS.iter().map(|(_, rounding)| *rounding).collect();
        prop_oneof![proptest::sample::select(fixed), (1..=MAX_RANDOM_BITS).prop_map(Rounding::Stochastic)]
    }

    fn formats() -> impl Strategy<Value = Format> {
        let has_narrow = |format: &Format| Narrow::new((*format).into()).is_some() && format.precision < 53;
        let named: Vec<Format> = FORMATS.iter().map(|record| record.format).filter(has_narrow).collect();
        prop_oneof![
            3 => proptest::sample::select(named),
            1 => (2..=28u32, 2..=8u32).prop_map(|(p, e)| Format::ieee(p, e)),
        ]
    }

    fn targets() -> impl Strategy<Value = Target> {
        (formats(), roundings(), any::<bool>(), any::<bool>()).prop_map(|(format, rounding, saturate, flush)| Target {
            format,
            rounding,
            overflow: if saturate { Overflow::Saturate } else { Overflow::Standard },
            subnormals: if flush { Subnormals::Flush } else { Subnormals::Keep },
        })
    }

    /// Operands with any bits, of the format's own range with few or many digits, and next to powers of two.
    fn operand(emin: i32, emax: i32) -> impl Strategy<Value = f64> {
        let exponent = emin - 40..emax + 4;
        let scaled = |(n, e, negative): (u64, i32, bool)| {
            let x = Float::with_val(53, n) << (e - n.checked_ilog2().unwrap_or(0) as i32);
            if negative { -x.to_f64() } else { x.to_f64() }
        };
        prop_oneof![
            1 => any::<f64>(),
            1 => proptest::sample::select(vec![0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.0, 5e-324]),
            3 => (1..64u64, exponent.clone(), any::<bool>()).prop_map(scaled),
            2 => (any::<u64>(), exponent.clone(), any::<bool>()).prop_map(scaled),
            1 => (exponent, -2..=2i64).prop_map(move |(e, ulps)| {
                let power = scaled((1, e, false));
                f64::from_bits(power.to_bits().saturating_add_signed(ulps))
            }),
        ]
    }

    fn same(big: &Float, narrow: f64) -> bool {
        (big.is_nan() && narrow.is_nan()) || (*big == narrow && big.is_sign_negative() == narrow.is_sign_negative())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn big_is_narrow_bit_for_bit(
            (target, operands) in targets().prop_flat_map(|target| {
                let operand = || operand(target.format.quantum(), target.format.emax());
                (Just(target), [operand(), operand(), operand()])
            }),
            noise in any::<u64>(),
        ) {
            let (big, narrow) = (Big::new(target), Narrow::new(target).unwrap());
            let floats = operands.map(|x| Float::with_val(53, x));
            for &(name, operation, _) in OPERATIONS {
                let (a, b) = (big.apply(operation, &floats, noise), narrow.apply(operation, operands, noise));
                prop_assert!(same(&a, b), "{target}: {name} {operands:?}: {a} {b:e}");
            }
        }

        #[test]
        fn f64_to_nearest_is_the_machine_s(x in any::<f64>(), y in any::<f64>(), z in any::<f64>()) {
            let (big, narrow) = (Big::new(Format::ieee(53, 11).into()), Narrow::new(Format::ieee(53, 11).into()).unwrap());
            let floats = [x, y, z].map(|x| Float::with_val(53, x));
            for &(name, operation, _) in OPERATIONS {
                let (a, b) = (big.apply(operation, &floats, 0), narrow.apply(operation, [x, y, z], 0));
                prop_assert!(same(&a, b), "{name} {x:e} {y:e} {z:e}: {a} {b:e}");
            }
        }
    }

    #[test]
    fn what_underflows_even_in_mpfr_is_not_zero() {
        let exp =
            |target: &str| Big::new(target.parse().unwrap()).apply(Operation::Exp, &[Float::with_val(53, -1e300)], 0);
        assert_eq!(exp("p256e19/up"), "p256e19".parse::<Format>().unwrap().smallest_subnormal());
        assert!(exp("p256e19").is_zero() && exp("f64/down").is_zero());
        let narrow = Narrow::new("bf16/up".parse().unwrap()).unwrap();
        assert_eq!(
            narrow.apply(Operation::Exp, [-1e300, 0.0, 0.0], 0),
            Format::ieee(8, 8).smallest_subnormal().to_f64()
        );
    }

    #[test]
    fn far_below_the_smallest_number_noise_hardly_ever_carries() {
        let x = Float::with_val(53, 1e-20);
        for target in ["fp16/stochastic24", "fp16/stochastic1"] {
            let target: Target = target.parse().unwrap();
            assert!(Big::new(target).round(&x, u64::MAX).is_zero());
            assert_eq!(Narrow::new(target).unwrap().round(1e-20, u64::MAX), 0.0);
        }
    }
}
