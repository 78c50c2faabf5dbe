//! The element types of stored logits, and their widening to `f64`.

use half::f16;
use std::fmt;
use std::str::FromStr;

use crate::arith::simd::vectorized;
use crate::formats::{Format, Specials};

/// Element type of logits as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dtype {
    /// IEEE 754 binary64.
    F64,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary16.
    F16,
    /// bfloat16: the upper half of a binary32.
    BF16,
    /// OCP E4M3: 4 bits of exponent and 3 of fraction, no infinities, NaN where all seven are set.
    F8E4M3,
    /// OCP E5M2: the upper half of a binary16.
    F8E5M2,
}

/// Every element type with the name that a file or a user has for it, and its format.
const DTYPES: [(Dtype, &str, Format); 6] = [
    (Dtype::F64, "F64", Format::ieee(53, 11)),
    (Dtype::F32, "F32", Format::ieee(24, 8)),
    (Dtype::F16, "F16", Format::ieee(11, 5)),
    (Dtype::BF16, "BF16", Format::ieee(8, 8)),
    (Dtype::F8E4M3, "F8_E4M3", Format::ieee(4, 4).with(Specials::OneNan)),
    (Dtype::F8E5M2, "F8_E5M2", Format::ieee(3, 5)),
];

impl Dtype {
    /// Bytes that one element takes.
    pub fn size(self) -> u64 {
        u64::from(self.format().bits() / 8)
    }

    /// The format of its numbers.
    ///
    /// ```
    /// use logitlab_logits::source::Dtype;
    ///
    /// assert_eq!((Dtype::F16.format().to_string().as_str(), Dtype::F16.size()), ("fp16", 2));
    /// ```
    pub fn format(self) -> Format {
        self.record().2
    }

    fn record(self) -> &'static (Dtype, &'static str, Format) {
        DTYPES.iter().find(|record| record.0 == self).expect("every type has a record")
    }

    /// Appends the little-endian elements of `bytes` to `values`. Every one of these types is a subset of `f64`, so
    /// the widening is exact.
    pub(super) fn widen(self, bytes: &[u8], values: &mut Vec<f64>) {
        match self {
            Dtype::F64 => each(bytes, values, f64::from_le_bytes),
            Dtype::F32 => each(bytes, values, |b| f64::from(f32::from_le_bytes(b))),
            Dtype::F16 => each(bytes, values, |b| f16::from_le_bytes(b).to_f64()),
            Dtype::BF16 => each(bytes, values, upper_half),
            Dtype::F8E4M3 => each(bytes, values, |[b]| e4m3(b)),
            Dtype::F8E5M2 => each(bytes, values, |[b]| f16::from_bits(u16::from(b) << 8).to_f64()),
        }
    }
}

/// Appends what each `N` bytes mean.
fn each<const N: usize>(bytes: &[u8], values: &mut Vec<f64>, meaning: impl Fn([u8; N]) -> f64) {
    let elements = bytes.as_chunks::<N>().0;
    let from = values.len();
    values.resize(from + elements.len(), 0.0);
    vectorized(
        (elements, &mut values[from..]),
        #[inline(always)]
        |(elements, values)| values.iter_mut().zip(elements).for_each(|(value, &b)| *value = meaning(b)),
    );
}

/// What a bfloat16 means: the upper half of a binary32. Without a case for NaN, a loop of it becomes vector code.
fn upper_half(bytes: [u8; 2]) -> f64 {
    f64::from(f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16))
}

/// What an OCP E4M3 pattern means: S.EEEE.FFF with bias 7.
fn e4m3(pattern: u8) -> f64 {
    let (exponent, fraction) = (u64::from(pattern >> 3 & 15), u64::from(pattern & 7));
    let magnitude = match (exponent, fraction) {
        (15, 7) => f64::NAN,
        (0, _) => fraction as f64 / 512.0,
        _ => f64::from_bits((exponent + 1023 - 7) << 52 | fraction << 49),
    };
    if pattern >> 7 == 1 { -magnitude } else { magnitude }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.record().1)
    }
}

/// Reads the name of an element type, as safetensors spells it or in lower case as users do, `bf16` or `f8_e4m3`.
///
/// ```
/// use logitlab_logits::source::Dtype;
///
/// assert_eq!("bf16".parse(), Ok(Dtype::BF16));
/// assert_eq!("F8_E4M3".parse(), Ok(Dtype::F8E4M3));
/// assert!("float".parse::<Dtype>().unwrap_err().starts_with("unknown type `float`, expected one of f64, f32"));
/// ```
impl FromStr for Dtype {
    type Err = String;

    fn from_str(text: &str) -> Result<Dtype, String> {
        let known = DTYPES.iter().find(|(_, name, ..)| name.eq_ignore_ascii_case(text));
        known.map(|record| record.0).ok_or_else(|| {
            let names: Vec<String> = DTYPES.iter().map(|(_, name, ..)| name.to_lowercase()).collect();
            format!("unknown type `{text}`, expected one of {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a 16-bit pattern with this many fraction bits means, by the definition of the format.
    fn meaning(pattern: u16, fraction_bits: i32) -> f64 {
        let sign = if pattern >> 15 == 1 { -1.0 } else { 1.0 };
        let exponent_bits = 15 - fraction_bits;
        let largest = (1 << exponent_bits) - 1;
        let bias = largest / 2;
        let exponent = i32::from(pattern >> fraction_bits) & largest;
        let fraction = f64::from(i32::from(pattern) & ((1 << fraction_bits) - 1)) * libm::ldexp(1.0, -fraction_bits);
        match exponent {
            0 => sign * fraction * libm::ldexp(1.0, 1 - bias),
            e if e == largest && fraction == 0.0 => sign * f64::INFINITY,
            e if e == largest => f64::NAN,
            e => sign * (1.0 + fraction) * libm::ldexp(1.0, e - bias),
        }
    }

    #[test]
    fn every_16_bit_pattern_widens_to_what_it_means() {
        let bytes: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_le_bytes).collect();
        for (dtype, fraction_bits) in [(Dtype::F16, 10), (Dtype::BF16, 7)] {
            let mut values = Vec::new();
            dtype.widen(&bytes, &mut values);
            assert_eq!(values.len(), 1 << 16);
            assert_eq!(
                values.iter().copied().filter(|x| *x > 0.0).fold(f64::MAX, f64::min),
                dtype.format().smallest_subnormal()
            );
            for (pattern, value) in (0..=u16::MAX).zip(values) {
                let expected = meaning(pattern, fraction_bits);
                let same = value.to_bits() == expected.to_bits() || (value.is_nan() && expected.is_nan());
                assert!(same, "{dtype} {pattern:#06x}: {value:e}, expected {expected:e}");
            }
        }
    }

    #[test]
    fn every_8_bit_pattern_widens_to_what_its_format_says() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        for (dtype, format) in [(Dtype::F8E4M3, "e4m3fn"), (Dtype::F8E5M2, "e5m2")] {
            assert_eq!(dtype.format(), format.parse().unwrap());
            let mut values = Vec::new();
            dtype.widen(&bytes, &mut values);
            assert_eq!(values.len(), 256);
            assert_eq!(
                values.iter().copied().filter(|x| *x > 0.0).fold(f64::MAX, f64::min),
                dtype.format().smallest_subnormal()
            );
            for (pattern, value) in bytes.iter().zip(values) {
                let expected = dtype.format().decode(u64::from(*pattern)).to_f64();
                let same = value.to_bits() == expected.to_bits() || (value.is_nan() && expected.is_nan());
                assert!(same, "{dtype} {pattern:#04x}: {value:e}, expected {expected:e}");
            }
        }
    }
}
