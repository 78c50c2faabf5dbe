//! A floating-point format: four numbers, and everything that follows from them.

use rug::ops::NegAssign;
use rug::{Float, Integer};

/// How a format spends its extreme bit patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Specials {
    /// As IEEE 754: the largest exponent holds infinities and NaNs; signed zeros.
    Ieee,
    /// No infinity; NaN is the pattern of all ones after the sign (the `fn` of OCP's E4M3).
    OneNan,
    /// No infinity and no negative zero, whose pattern is the only NaN (`fnuz`).
    NanIsNegativeZero,
    /// Finite numbers only (OCP's FP4 and FP6).
    FiniteOnly,
}

impl Specials {
    /// Whether there are infinities.
    pub fn has_infinity(self) -> bool {
        self == Specials::Ieee
    }

    /// Whether there is a NaN.
    pub fn has_nan(self) -> bool {
        self != Specials::FiniteOnly
    }

    /// Whether -0 differs from 0.
    pub fn has_negative_zero(self) -> bool {
        self != Specials::NanIsNegativeZero
    }
}

/// A binary floating-point format with subnormal numbers. Everything but the four fields is derived.
///
/// ```
/// use logitlab_numbers::formats::Format;
///
/// let e4m3: Format = "e4m3fn".parse().unwrap();
/// assert_eq!((e4m3.bits(), e4m3.precision, e4m3.emin(), e4m3.emax()), (8, 4, -6, 8));
/// assert_eq!((e4m3.largest().to_f64(), e4m3.smallest_subnormal().to_f64()), (448.0, 0.001953125));
/// assert_eq!(e4m3.to_string(), "e4m3fn");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Format {
    /// Significand bits p, the hidden one included; at least 2.
    pub precision: u32,
    /// Width of the exponent field in bits; at least 2.
    pub exponent_bits: u32,
    /// What is subtracted from the exponent field.
    pub bias: i32,
    /// What the extreme patterns mean.
    pub specials: Specials,
}

impl Format {
    /// A format as IEEE 754 would have it: bias 2^(e-1) - 1, infinities, NaNs, signed zeros.
    pub const fn ieee(precision: u32, exponent_bits: u32) -> Format {
        Format { precision, exponent_bits, bias: (1 << (exponent_bits - 1)) - 1, specials: Specials::Ieee }
    }

    /// The same with other specials; `fnuz` formats have one more in their bias.
    pub const fn with(self, specials: Specials) -> Format {
        let bias = self.bias + matches!(specials, Specials::NanIsNegativeZero) as i32;
        Format { bias, specials, ..self }
    }

    /// Width of a number in bits.
    pub fn bits(&self) -> u32 {
        self.precision + self.exponent_bits
    }

    /// The exponent of the smallest normal number.
    pub fn emin(&self) -> i32 {
        1 - self.bias
    }

    /// The exponent of the largest number.
    pub fn emax(&self) -> i32 {
        (1 << self.exponent_bits) - 1 - self.bias - i32::from(self.specials == Specials::Ieee)
    }

    /// The exponent of the distance between subnormal numbers, emin - p + 1.
    pub fn quantum(&self) -> i32 {
        self.last_place(self.emin())
    }

    /// How many units of 2^(emax - p + 1) the largest number has.
    pub fn largest_significand(&self) -> Integer {
        let all = Integer::from(1) << self.precision;
        // All ones is the NaN of a format with one NaN.
        all - if self.specials == Specials::OneNan { 2 } else { 1 }
    }

    /// The largest finite number.
    pub fn largest(&self) -> Float {
        let mut x = Float::with_val(self.precision, self.largest_significand());
        x <<= self.last_place(self.emax());
        x
    }

    /// The smallest normal number, 2^emin.
    pub fn smallest_normal(&self) -> Float {
        Float::with_val(self.precision, Float::i_exp(1, self.emin()))
    }

    /// The smallest positive number, 2^(emin - p + 1).
    pub fn smallest_subnormal(&self) -> Float {
        Float::with_val(self.precision, Float::i_exp(1, self.quantum()))
    }

    /// The unit roundoff to nearest, u = 2^-p.
    pub fn unit_roundoff(&self) -> Float {
        Float::with_val(self.precision, Float::i_exp(1, -(self.precision as i32)))
    }

    /// Whether every number of `other` is a number of this format.
    pub fn contains(&self, other: &Format) -> bool {
        self.precision >= other.precision && self.quantum() <= other.quantum() && self.largest() >= other.largest()
    }

    /// The number with this bit pattern, right-aligned; NaN and infinities where the format has them there.
    ///
    /// # Panics
    /// For formats wider than 64 bits.
    pub fn decode(&self, pattern: u64) -> Float {
        assert!(self.bits() <= 64, "patterns of {} bits do not fit", self.bits());
        let fraction_bits = self.precision - 1;
        let negative = pattern >> (self.bits() - 1) & 1 == 1;
        let fraction = pattern & ((1 << fraction_bits) - 1);
        let field = (pattern >> fraction_bits) & ((1 << self.exponent_bits) - 1);
        let top = (1 << self.exponent_bits) - 1;
        let all_ones = field == top && fraction == (1 << fraction_bits) - 1;
        let special = |value| Float::with_val(self.precision, value);
        let mut x = match self.specials {
            Specials::Ieee if field == top && fraction == 0 => special(rug::float::Special::Infinity),
            Specials::Ieee if field == top => return special(rug::float::Special::Nan),
            Specials::OneNan if all_ones => return special(rug::float::Special::Nan),
            Specials::NanIsNegativeZero if negative && field == 0 && fraction == 0 => {
                return special(rug::float::Special::Nan);
            }
            _ => {
                let hidden = if field == 0 { 0 } else { 1 << fraction_bits };
                let mut x = Float::with_val(self.precision, hidden | fraction);
                x <<= self.quantum() + (field.max(1) - 1) as i32;
                x
            }
        };
        if negative {
            x.neg_assign();
        }
        x
    }

    /// The bit pattern of a number of this format, right-aligned; `None` for what it does not have.
    ///
    /// # Panics
    /// For formats wider than 64 bits, whose patterns [`Format::pattern`] has.
    pub fn encode(&self, x: &Float) -> Option<u64> {
        assert!(self.bits() <= 64, "patterns of {} bits do not fit", self.bits());
        self.pattern(x)?.to_u64()
    }

    /// The same for formats of any width.
    pub fn pattern(&self, x: &Float) -> Option<Integer> {
        let fraction_bits = self.precision - 1;
        let top = Integer::from((1u32 << self.exponent_bits) - 1) << fraction_bits;
        let sign = Integer::from(x.is_sign_negative()) << (self.bits() - 1);
        if x.is_nan() {
            return match self.specials {
                Specials::Ieee => Some(top | Integer::from(1) << (fraction_bits - 1)),
                Specials::OneNan => Some((Integer::from(1) << (self.bits() - 1)) - 1u32),
                Specials::NanIsNegativeZero => Some(Integer::from(1) << (self.bits() - 1)),
                Specials::FiniteOnly => None,
            };
        }
        if x.is_infinite() {
            return self.specials.has_infinity().then_some(sign | top);
        }
        if x.is_zero() {
            return (sign == 0 || self.specials.has_negative_zero()).then_some(sign);
        }
        let exponent = (x.get_exp()? - 1).max(self.emin());
        let units = Float::with_val(x.prec(), &*x.as_abs() >> self.last_place(exponent));
        let significand = units.is_integer().then(|| units.to_integer())??;
        if significand.significant_bits() > self.precision || *x.as_abs() > self.largest() {
            return None;
        }
        let subnormal = significand.significant_bits() < self.precision;
        let field = if subnormal { 0 } else { (exponent - self.emin() + 1) as u32 };
        Some(sign | Integer::from(field) << fraction_bits | significand.keep_bits(fraction_bits))
    }

    /// Every finite number of the format, from the lowest to the highest, 0 once.
    ///
    /// # Panics
    /// For formats wider than 24 bits, which have too many.
    pub fn numbers(&self) -> Vec<Float> {
        assert!(self.bits() <= 24, "{self} has too many numbers to list");
        let mut positive: Vec<Float> =
            (1..1u64 << (self.bits() - 1)).map(|pattern| self.decode(pattern)).filter(Float::is_finite).collect();
        let mut all: Vec<Float> = positive.iter().rev().map(|x| Float::with_val(self.precision, -x)).collect();
        all.push(Float::new(self.precision));
        all.append(&mut positive);
        all
    }
}
