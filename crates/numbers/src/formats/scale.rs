//! Scales that blocks or whole tensors of narrow numbers share, which stretch a narrow range over what is stored.
//!
//! A scale s is chosen from the largest magnitude; x is stored as the number nearest to x / s and comes back times s.

use std::fmt;
use std::str::FromStr;

use super::{Format, Narrow, Operation, Overflow, Specials, Target};
use logitlab_words::Unknown;

/// The exponents of E8M0, the format of MX scales: a power of two without sign and zero; 0xFF is NaN. OCP
/// Microscaling Formats (MX) 1.0, section 5.4.1.
pub const E8M0: std::ops::RangeInclusive<i32> = -127..=127;

/// Elements that share a scale in MX formats; MX 1.0, table 1.
pub const MX_BLOCK: usize = 32;

/// Elements that share a scale in NVFP4.
pub const NV_BLOCK: usize = 16;

/// The format of NVFP4's scales.
const NV_SCALE: Format = Format::ieee(4, 4).with(Specials::OneNan);

/// What shares a scale, and which numbers a scale may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scale {
    /// No scale: every number for itself, overflow as the target says.
    None,
    /// Blocks of 32, powers of two: 2^(floor(log2 max) - emax); MX 1.0, section 6.3. The largest number of a block may
    /// be clamped.
    Mx,
    /// Blocks of 16, scales in e4m3fn: max / largest, to nearest, at least the smallest positive e4m3fn number.
    Nv,
    /// The same on top of a binary32 scale of the whole tensor, which brings the largest block scale to 448.
    NvTensor,
    /// One binary32 scale for all: max / largest, rounded up, so that nothing is clamped.
    Tensor,
    /// One power of two for all, the smallest that clamps nothing.
    TensorPower,
}

/// Every scale with its name.
pub const SCALES: &[(&str, Scale)] = &[
    ("none", Scale::None),
    ("mx", Scale::Mx),
    ("nvfp4", Scale::Nv),
    ("nvfp4-tensor", Scale::NvTensor),
    ("tensor", Scale::Tensor),
    ("tensor-pow2", Scale::TensorPower),
];

impl Scale {
    /// The values as they come back after they were stored.
    ///
    /// Elements beyond the largest number are clamped, whatever the target says of overflow (MX 1.0, section 6.3);
    /// quotients are rounded once, from x / s itself. Products with the scale are exact for formats of up to 25
    /// significand bits. NaN and infinities (masked logits) do not take part in the choice of a scale and come back
    /// as they are: whoever stores them needs a mask. A block of zeros comes back as zeros. `noise` gives the random
    /// bits of stochastic rounding, called once for each finite value.
    ///
    /// ```
    /// use logitlab_numbers::formats::{Narrow, Scale};
    ///
    /// let e2m1 = Narrow::new("e2m1".parse().unwrap()).unwrap();
    /// let back = Scale::Mx.store(&[100.0, 30.0, -9.0, f64::NEG_INFINITY], &e2m1, || 0);
    /// // 2^(6 - 2) = 16 is the scale: 100 is clamped to 6 * 16, and -9 / 16 lies nearest to -0.5.
    /// assert_eq!(back, [96.0, 32.0, -8.0, f64::NEG_INFINITY]);
    /// ```
    pub fn store(&self, values: &[f64], target: &Narrow, mut noise: impl FnMut() -> u64) -> Vec<f64> {
        if *self == Scale::None {
            return values.iter().map(|&x| target.round(x, if x.is_finite() { noise() } else { 0 })).collect();
        }
        let clamping = Target { overflow: Overflow::Saturate, ..*target.target() };
        let elements = Narrow::new(clamping).expect("overflow does not change what fits");
        let outer = match self {
            Scale::NvTensor => single(max(values) / 448.0 / elements.largest()),
            _ => 1.0,
        };
        let mut stored = Vec::with_capacity(values.len());
        for block in values.chunks(self.block().unwrap_or(values.len().max(1))) {
            let scale = self.of(max(block), &elements, outer);
            let back = |&x: &f64| {
                if !x.is_finite() {
                    return x;
                }
                elements.apply(Operation::Div, [x, scale, 0.0], noise()) * scale
            };
            stored.extend(block.iter().map(back));
        }
        stored
    }

    /// How many neighbours share a scale; `None` where all do or nothing is shared.
    pub fn block(&self) -> Option<usize> {
        match self {
            Scale::Mx => Some(MX_BLOCK),
            Scale::Nv | Scale::NvTensor => Some(NV_BLOCK),
            Scale::None | Scale::Tensor | Scale::TensorPower => None,
        }
    }

    /// The scale of a block with this largest magnitude, under a scale `outer` of the tensor.
    fn of(&self, max: f64, elements: &Narrow, outer: f64) -> f64 {
        if max == 0.0 {
            return 1.0;
        }
        match self {
            Scale::None => 1.0,
            Scale::Mx => power(libm::ilogb(max) - elements.target().format.emax()),
            Scale::Nv | Scale::NvTensor => {
                let scales = Target { overflow: Overflow::Saturate, ..Target::from(NV_SCALE) };
                let scales = Narrow::new(scales).expect("e4m3fn is narrow");
                let smallest = NV_SCALE.smallest_subnormal().to_f64();
                scales.apply(Operation::Div, [max, elements.largest() * outer, 0.0], 0).max(smallest) * outer
            }
            Scale::Tensor => single(max / elements.largest()),
            Scale::TensorPower => {
                let exponent = libm::ilogb(max) - libm::ilogb(elements.largest());
                // 2^exponent largest and max lie in the same binade.
                let clamps = libm::scalbn(max, -exponent) > elements.largest();
                power(exponent + i32::from(clamps))
            }
        }
    }
}

/// The largest finite magnitude, 0 if there is none.
fn max(values: &[f64]) -> f64 {
    values.iter().map(|x| x.abs()).filter(|x| x.is_finite()).fold(0.0, f64::max)
}

/// A power of two that E8M0 has.
fn power(exponent: i32) -> f64 {
    libm::scalbn(1.0, exponent.clamp(*E8M0.start(), *E8M0.end()))
}

/// A positive scale as a binary32 number, rounded up, and at most the largest.
fn single(scale: f64) -> f64 {
    let up = "f32/up/saturate".parse().ok().and_then(Narrow::new).expect("binary32 is narrow");
    up.round(scale.max(f64::MIN_POSITIVE), 0)
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(SCALES.iter().find(|(_, scale)| scale == self).map_or("", |(name, _)| name))
    }
}

impl FromStr for Scale {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Scale, Unknown> {
        let known = SCALES.iter().find(|(name, _)| *name == text).map(|(_, scale)| *scale);
        let otherwise = "none, mx, nvfp4, nvfp4-tensor, tensor or tensor-pow2";
        known.ok_or_else(|| Unknown::new("scale", text, SCALES.iter().map(|(name, _)| *name), otherwise))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn narrow(text: &str) -> Narrow {
        Narrow::new(text.parse().unwrap()).unwrap()
    }

    fn store(scale: Scale, values: &[f64], format: &str) -> Vec<f64> {
        scale.store(values, &narrow(format), || 0)
    }

    #[test]
    fn worked_by_hand() {
        // floor(log2 500) = 8 = emax of e4m3fn: scale 1, and 500 is clamped to 448.
        assert_eq!(store(Scale::Mx, &[500.0, 17.0, 2f64.recip()], "e4m3fn"), [448.0, 16.0, 0.5]);
        // Below 2^-127 the scale stays: 2^-130 is 2^-3 scales, a number of e4m3fn.
        assert_eq!(store(Scale::Mx, &[libm::scalbn(1.0, -130)], "e4m3fn"), [libm::scalbn(1.0, -130)]);
        // 12 / 6 = 2 is the scale; 1.1 / 2 = 0.55 goes to 0.5, 7 / 2 = 3.5 to 4 (even).
        assert_eq!(store(Scale::Nv, &[12.0, 1.1, -7.0, 0.0], "e2m1"), [12.0, 1.0, -8.0, 0.0]);
        // 6.3 / 6 = 1.05 goes to 1 in e4m3fn, and 6.3 is clamped to 6.
        assert_eq!(store(Scale::Nv, &[6.3], "e2m1"), [6.0]);
        // 1e6 / 6 exceeds 448, which without a scale of the tensor is all there is.
        assert_eq!(store(Scale::Nv, &[1e6], "e2m1"), [6.0 * 448.0]);
        let back = store(Scale::NvTensor, &[1e6], "e2m1")[0];
        assert!((back - 1e6).abs() < 1.0, "{back}");
        assert_eq!(store(Scale::Tensor, &[896.0, 33.0, -1.0], "e4m3fn"), [896.0, 32.0, -1.0]);
        // 449 needs the scale 2; 17 / 2 = 8.5 goes to 8 (even).
        assert_eq!(store(Scale::TensorPower, &[449.0, 17.0], "e4m3fn"), [448.0, 16.0]);
        assert_eq!(store(Scale::TensorPower, &[448.0, 9.5], "e4m3fn"), [448.0, 9.0 + 1.0]);
        // Each block has its own scale.
        let mut values = vec![0.0; 33];
        (values[0], values[31], values[32]) = (6e4, 0.25, 0.25);
        let back = store(Scale::Mx, &values, "e2m1");
        assert_eq!((back[31], back[32]), (0.0, 0.25));
    }

    #[test]
    fn what_has_no_size_comes_back_and_chooses_no_scale() {
        let values = [f64::NEG_INFINITY, 3.0, f64::NAN, f64::INFINITY, -0.0];
        for &(name, scale) in &SCALES[1..] {
            let back = store(scale, &values, "e2m1");
            assert_eq!((back[0], back[3]), (f64::NEG_INFINITY, f64::INFINITY), "{name}");
            // binary32 does not have 3 / (6 * 448): rounded up, it is too large by less than 2^-23 of it.
            let excess = if scale == Scale::NvTensor { 3.0 * libm::scalbn(1.0, -23) } else { 0.0 };
            assert!((3.0..=3.0 + excess).contains(&back[1]), "{name}: {}", back[1]);
            assert!(back[2].is_nan() && back[4] == 0.0, "{name}");
            assert_eq!(store(scale, &[0.0; 40], "e2m1"), [0.0; 40], "{name}");
            assert_eq!(store(scale, &[f64::NEG_INFINITY; 2], "e2m1"), [f64::NEG_INFINITY; 2], "{name}");
            assert!(store(scale, &[], "e2m1").is_empty(), "{name}");
        }
        assert_eq!(store(Scale::None, &[f64::NEG_INFINITY, 1e9], "e5m2"), [f64::NEG_INFINITY, f64::INFINITY]);
    }

    #[test]
    fn names_come_back() {
        for &(name, scale) in SCALES {
            assert_eq!((name.parse(), scale.to_string().as_str()), (Ok(scale), name));
        }
        assert_eq!("nvfp".parse::<Scale>().unwrap_err().nearest[0], "nvfp4");
    }

    fn tensors() -> impl Strategy<Value = Vec<f64>> {
        let value = (-1000..1000i32, -20..20i32).prop_map(|(n, e)| libm::scalbn(f64::from(n) / 7.0, e));
        proptest::collection::vec(value, 1..70)
    }

    proptest! {
        #[test]
        fn storing_twice_changes_nothing(
            values in tensors(),
            scale in proptest::sample::select(vec![Scale::None, Scale::Mx, Scale::Tensor, Scale::TensorPower]),
            format in proptest::sample::select(vec!["e2m1", "e3m2", "e4m3fn", "e5m2", "e4m3fnuz", "bf16"]),
        ) {
            let once = store(scale, &values, format);
            let twice = store(scale, &once, format);
            prop_assert!(once.iter().zip(&twice).all(|(a, b)| a == b || a.is_nan()), "{once:?} {twice:?}");
        }

        /// Half the distance between the format's largest numbers, times the scale, or less; more only where clamped.
        #[test]
        fn errors_stay_within_half_a_quantum_of_the_block(
            values in tensors(),
            scale in proptest::sample::select(vec![Scale::Mx, Scale::Nv, Scale::NvTensor, Scale::Tensor, Scale::TensorPower]),
            format in proptest::sample::select(vec!["e2m1", "e3m2", "e4m3fn", "e5m2", "e4m3fnuz"]),
        ) {
            let elements = narrow(format);
            let format = elements.target().format;
            let half = libm::scalbn(0.5, format.emax() - format.precision as i32 + 1);
            let outer = if scale == Scale::NvTensor { single(max(&values) / 448.0 / elements.largest()) } else { 1.0 };
            let back = scale.store(&values, &elements, || 0);
            let size = scale.block().unwrap_or(values.len());
            for (block, stored) in values.chunks(size).zip(back.chunks(size)) {
                let s = scale.of(max(block), &elements, outer);
                for (x, y) in block.iter().zip(stored) {
                    let clamped = x.abs() - elements.largest() * s;
                    // A scale that is no power of two makes the quotient inexact only on paper: it is rounded once.
                    prop_assert!((x - y).abs() <= (half * s).max(clamped) * (1.0 + 1e-15), "{x} {y} {s}");
                    let clamps = !matches!(scale, Scale::Tensor | Scale::TensorPower);
                    prop_assert!(clamps || clamped <= 0.0 || y.abs() == elements.largest() * s, "{x} {y} {s}");
                }
            }
        }
    }
}
