//! The element types of stored logits, and their widening to `f64`.

use half::{bf16, f16};
use std::fmt;

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
}

impl Dtype {
    /// Bytes that one element takes.
    pub fn size(self) -> u64 {
        match self {
            Dtype::F64 => 8,
            Dtype::F32 => 4,
            Dtype::F16 | Dtype::BF16 => 2,
        }
    }

    /// Appends the little-endian elements of `bytes` to `values`. Every one of these types is a subset of `f64`, so
    /// the widening is exact.
    pub(super) fn widen(self, bytes: &[u8], values: &mut Vec<f64>) {
        match self {
            Dtype::F64 => values.extend(bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b))),
            Dtype::F32 => values.extend(bytes.as_chunks().0.iter().map(|&b| f64::from(f32::from_le_bytes(b)))),
            Dtype::F16 => values.extend(bytes.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f64())),
            Dtype::BF16 => values.extend(bytes.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f64())),
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dtype::F64 => "F64",
            Dtype::F32 => "F32",
            Dtype::F16 => "F16",
            Dtype::BF16 => "BF16",
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
            for (pattern, value) in (0..=u16::MAX).zip(values) {
                let expected = meaning(pattern, fraction_bits);
                let same = value.to_bits() == expected.to_bits() || (value.is_nan() && expected.is_nan());
                assert!(same, "{dtype} {pattern:#06x}: {value:e}, expected {expected:e}");
            }
        }
    }
}
