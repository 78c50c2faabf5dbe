//! Upper bounds of exponentials, as error bounds need them.

use crate::arith::elementary64;

use super::plan::UP;

/// Below this e^x is taken for what it is here, which is more: subnormal numbers are slow to compute with.
const LEAST: f64 = -600.0;

/// x, or -600 if that is more.
#[inline(always)]
pub fn raised(x: f64) -> f64 {
    if x < LEAST { LEAST } else { x }
}

/// An upper bound of e^x, x being rounded.
#[inline(always)]
pub fn at_most(x: f64) -> f64 {
    elementary64::exp(raised(x + x.abs() * f64::EPSILON)) * UP
}

/// e^x - 1, rounded upward, for x >= 0. Below 2^-10, x (1 + x/2 + x^2/4) exceeds the series; above, the kernel's error
/// 2^-52 e^x is below 2^-41 of the result.
#[inline(always)]
pub fn expm1(x: f64) -> f64 {
    let series = x * (1.0 + x * (0.5 + 0.25 * x)) * UP;
    let direct = (elementary64::exp(x) * UP - 1.0) * UP;
    if x < 1.0 / 1024.0 { series } else { direct }
}
