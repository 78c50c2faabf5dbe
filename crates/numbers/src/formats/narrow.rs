//! Arithmetic in narrow formats on f64: exact or odd f64 results, rounded once.

use rug::Float;

use super::decide::{Landing, REST_BITS, Rest, Size};
use super::{Format, Operation, Rounding, Target, odd};

/// The widest significand that is rounded from f64: random bits and the odd bit still fit below it.
pub const MAX_PRECISION: u32 = 28;

/// The exponents that leave room in f64 for all that is computed on the way.
const EXPONENTS: std::ops::RangeInclusive<i32> = -400..=400;

/// A target whose numbers are held as f64: a narrow format, or binary64 to nearest-even itself.
///
/// ```
/// use logitlab_numbers::formats::{Narrow, Operation, Target};
///
/// let e4m3 = Narrow::new("e4m3fn".parse().unwrap()).unwrap();
/// assert_eq!(e4m3.round(464.0, 0), 448.0);
/// assert!(e4m3.round(465.0, 0).is_nan());
/// assert_eq!(e4m3.apply(Operation::Div, [1.0, 3.0, 0.0], 0), 0.34375);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Narrow {
    target: Target,
    /// Whether f64 operations are the format's own.
    native: bool,
    largest: f64,
    smallest_normal: f64,
}

impl Narrow {
    /// The arithmetic of a target; `None` where f64 does not have room for it.
    pub fn new(target: Target) -> Option<Narrow> {
        let format = target.format;
        let native = format == Format::ieee(53, 11) && target.rounding == Rounding::NearestEven;
        let has_room = format.precision <= MAX_PRECISION
            && EXPONENTS.contains(&format.quantum())
            && EXPONENTS.contains(&format.emax());
        (native || has_room).then(|| Narrow {
            target,
            native,
            largest: format.largest().to_f64(),
            smallest_normal: format.smallest_normal().to_f64(),
        })
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Whether f64 operations are the format's own.
    pub fn is_native(&self) -> bool {
        self.native
    }

    /// The largest finite number.
    pub fn largest(&self) -> f64 {
        self.largest
    }

    /// The smallest normal number.
    pub fn smallest_normal(&self) -> f64 {
        self.smallest_normal
    }

    /// The operation, correctly rounded. Operands are any f64; what the operation does not take is ignored. `noise`
    /// has the random bits of stochastic rounding.
    pub fn apply(&self, operation: Operation, operands: [f64; 3], noise: u64) -> f64 {
        if self.native {
            return self.finish(self.native(operation, operands), 0.0);
        }
        let exact = odd::apply(operation, operands);
        if exact == 0.0
            && let Some(negative) = self.target.zero_is_negative(operation, operands.map(f64::is_sign_negative))
        {
            return self.round(if negative { -0.0 } else { 0.0 }, noise);
        }
        self.round(exact, noise)
    }

    fn native(&self, operation: Operation, [x, y, z]: [f64; 3]) -> f64 {
        match operation {
            Operation::Round => x,
            Operation::Add => x + y,
            Operation::Sub => x - y,
            Operation::Mul => x * y,
            Operation::Div => x / y,
            Operation::Fma => x.mul_add(y, z),
            Operation::Sqrt => x.sqrt(),
            // Eleven bits more than f64 has, rounded to odd, so that rounding to nearest afterwards is correct.
            Operation::Exp | Operation::Log => odd::big(operation, &[Float::with_val(53, x)], 64).to_f64(),
        }
    }

    /// Rounds an exact number, or one that is rounded to odd, into the format.
    pub fn round(&self, x: f64, noise: u64) -> f64 {
        if self.native || x == 0.0 || !x.is_finite() {
            return self.finish(x, x);
        }
        let bits = x.to_bits();
        let field = (bits >> 52 & 0x7ff) as i32;
        let fraction = bits & ((1 << 52) - 1);
        let (significand, last) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
        let exponent = last + 63 - significand.leading_zeros() as i32;
        let quantum = self.target.format.last_place(exponent);
        let units = self.units(significand, quantum - last, x < 0.0, noise);
        self.finish(scale(units, quantum).copysign(x), x)
    }

    /// significand / 2^shift as a whole number, rounded.
    fn units(&self, significand: u64, shift: i32, negative: bool, noise: u64) -> u64 {
        if shift <= 0 {
            return significand << -shift;
        }
        let shift = shift as u32;
        let below = shift.saturating_sub(REST_BITS);
        let (kept, rest) = if below == 0 {
            (significand >> shift, Rest { bits: significand & ((1 << shift) - 1), width: shift })
        } else {
            // So little that its last bit only says that there is more than nothing.
            (0, Rest { bits: significand.checked_shr(below).unwrap_or(0) | 1, width: REST_BITS })
        };
        kept + u64::from(self.target.rounding.carries(rest, kept & 1 == 1, negative, noise))
    }

    /// Overflow, flushing and the format's specials, for a number rounded as if there were no largest one; `exact` is
    /// what it was rounded from.
    fn finish(&self, rounded: f64, exact: f64) -> f64 {
        let magnitude = match self.target.landing(self.size(rounded, exact), rounded.is_sign_negative()) {
            Landing::Itself => return rounded,
            Landing::Nan => return f64::NAN,
            Landing::PositiveZero => return 0.0,
            Landing::Infinity => f64::INFINITY,
            Landing::Largest => self.largest,
            Landing::Zero => 0.0,
        };
        magnitude.copysign(rounded)
    }

    fn size(&self, rounded: f64, exact: f64) -> Size {
        let magnitude = rounded.abs();
        if magnitude >= self.smallest_normal && magnitude <= self.largest {
            Size::Normal
        } else if magnitude > self.largest {
            if exact.is_infinite() { Size::Infinite } else { Size::Beyond }
        } else if magnitude == 0.0 {
            Size::Zero
        } else if rounded.is_nan() {
            Size::Nan
        } else {
            Size::Subnormal
        }
    }

    /// Whether a result lost more than its last place to underflow: it is inexact and below the smallest normal
    /// number.
    pub fn underflowed(&self, rounded: f64, exact: f64) -> bool {
        rounded.abs() < self.smallest_normal && rounded != exact
    }
}

/// units * 2^exponent, which f64 has.
fn scale(units: u64, exponent: i32) -> f64 {
    units as f64 * f64::from_bits(((1023 + exponent) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{FORMATS, operation::OPERATIONS};

    fn narrow(text: &str) -> Narrow {
        Narrow::new(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn overflow_is_what_the_standards_say() {
        let check = |target: &str, x: f64, expected: f64| {
            let found = narrow(target).round(x, 0);
            assert!(found == expected || (found.is_nan() && expected.is_nan()), "{target} of {x}: {found}");
        };
        check("e4m3fn", 464.0, 448.0);
        check("e4m3fn", 465.0, f64::NAN);
        check("e4m3fn/saturate", 465.0, 448.0);
        check("e4m3fn/saturate", f64::INFINITY, 448.0);
        check("e4m3fn", -1e9, f64::NAN);
        check("e5m2", 61439.0, 57344.0);
        check("e5m2", 61440.0, f64::INFINITY);
        check("e5m2/saturate", 1e30, 57344.0);
        check("e5m2/toward-zero", 1e30, 57344.0);
        check("e5m2/up", -1e30, -57344.0);
        check("e4m3fnuz", 248.0, f64::NAN);
        check("e4m3fnuz", 247.0, 240.0);
        check("e2m1", 1e9, 6.0);
        check("fp16", 65519.0, 65504.0);
        check("fp16", 65520.0, f64::INFINITY);
        check("bf16", 1.00390625, 1.0);
        check("bf16/up", 1.0 + libm::exp2(-52.0), 1.0078125);
        check("fp16", libm::exp2(-25.0), 0.0);
        check("fp16", libm::exp2(-25.0) * 1.001, libm::exp2(-24.0));
        check("fp16/flush", libm::exp2(-15.0), 0.0);
    }

    #[test]
    fn every_pattern_of_a_narrow_format_is_a_fixed_point_and_comes_back() {
        for record in FORMATS.iter().filter(|record| record.format.bits() <= 16) {
            let narrow = Narrow::new(record.format.into()).unwrap();
            for pattern in 0..1u64 << record.format.bits() {
                let x = record.format.decode(pattern);
                if x.is_nan() {
                    continue;
                }
                assert_eq!(record.format.encode(&x), Some(pattern), "{} {pattern:#x}", record.name);
                assert_eq!(narrow.round(x.to_f64(), 0), x.to_f64(), "{} {pattern:#x}", record.name);
            }
        }
    }

    #[test]
    fn quick_results_are_those_of_mpfr() {
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            // Exponents within 80 of that of 1, now and then few significant bits.
            let bits = state ^ state >> 29;
            let field = 1023 - 80 + (bits >> 52) % 160;
            let fraction = if bits & 1 == 0 { bits & ((1 << 52) - 1) } else { bits & (0b111 << 49) };
            f64::from_bits((bits >> 63 << 63) | field << 52 | fraction)
        };
        for _ in 0..200_000 {
            let operands = [next(), next(), next()];
            for &(name, operation, _) in OPERATIONS.iter().take(7) {
                let (quick, slow) = (odd::apply(operation, operands), odd::by_mpfr(operation, operands));
                assert!(quick == slow || (quick.is_nan() && slow.is_nan()), "{name} {operands:?}: {quick:e} {slow:e}");
            }
        }
    }
}
