//! e^d for -708 <= d <= 0, by fused multiply-adds.

/// The bound on the relative error of [`exp`]: 2^-51.
pub(super) const EXP_ERROR: f64 = 2.0 * f64::EPSILON;

/// The least argument of [`exp`]; its result is still a normal number.
pub(super) const LEAST: f64 = -708.0;

/// Adding this rounds a number below 2^51 in magnitude to an integer, which the low bits of the sum then hold.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// 1/ln 2
pub(super) const INV_LN2: f64 = std::f64::consts::LOG2_E;

/// ln 2 cut after 42 bits behind the point, so that products with integers below 2^11 are exact.
const LN2_HI: f64 = 0.693_147_180_559_890_3;

/// ln 2 - [`LN2_HI`], rounded.
const LN2_LO: f64 = 5.497_923_018_708_371e-14;

/// Coefficients of r to r^10.
const TAIL: [f64; 10] = [
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

/// e^d within [`EXP_ERROR`] relative.
#[inline(always)]
pub(super) fn exp(d: f64) -> f64 {
    let shifted = d.mul_add(INV_LN2, ROUND);
    let k = shifted - ROUND;
    let r = (-k).mul_add(LN2_LO, (-k).mul_add(LN2_HI, d));
    // The power of two is added to the exponent field of a number between 0.7 and 1.5.
    f64::from_bits(polynomial(r).to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// e^r for |r| <= 0.3466.
#[inline(always)]
pub(super) fn polynomial(r: f64) -> f64 {
    let [first, rest @ ..] = TAIL;
    let [.., last] = rest;
    let sum = rest[..rest.len() - 1].iter().rev().fold(last, |sum, &c| sum.mul_add(r, c));
    sum.mul_add(r, first).mul_add(r, 1.0)
}
