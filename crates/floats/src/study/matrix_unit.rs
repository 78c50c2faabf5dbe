//! Sums as matrix units form them: aligned to the largest term, cut, added exactly, cut again.
//!
//! Fasi, Higham, Mikaitis and Pranesh ("Numerical behavior of NVIDIA tensor cores", PeerJ Computer Science 2021) found
//! this behaviour by tests on hardware: significands are aligned to the largest exponent, with at most a few bits
//! more than the accumulator has, truncated, added, and the sum is truncated to the accumulator's format. Here no
//! bits more are kept, which is what they found on the first generation.

use rug::Integer;

use crate::formats::{Narrow, Rounding, Target};

use super::lanes::{Flags, OVERFLOW};

/// The sum of the numbers, an accumulator and the terms that one instruction adds to it.
pub fn add(terms: &[f64], machine: &Narrow) -> (f64, Flags) {
    let target = machine.target();
    let largest = terms.iter().fold(0.0_f64, |largest, term| largest.max(term.abs()));
    let special = terms.iter().any(|term| !term.is_finite());
    if special || largest == 0.0 {
        // Infinities and NaNs as an addition would have them.
        return (machine.round(terms.iter().sum(), 0), 0);
    }
    let quantum = target.format.last_place(libm::frexp(largest).1 - 1);
    let total: Integer = terms.iter().map(|&term| units(term, quantum)).sum();
    let truncating = Narrow::new(Target { rounding: Rounding::TowardZero, ..*target }).unwrap_or(*machine);
    let sum = cut(total, quantum, target.format.precision);
    let overflowed = sum.abs() > machine.largest();
    // Where the unit cuts, it still overflows to infinity.
    let value = if overflowed { machine.round(sum, 0) } else { truncating.round(sum, 0) };
    (value, if overflowed { OVERFLOW } else { 0 })
}

/// x in units of 2^quantum, cut toward zero.
fn units(x: f64, quantum: i32) -> Integer {
    let mut scaled = rug::Float::with_val(53, x);
    scaled >>= quantum;
    scaled.trunc().to_integer().unwrap_or_default()
}

/// The whole number of units, cut toward zero to a few bits more than the format has, as f64.
fn cut(total: Integer, quantum: i32, precision: u32) -> f64 {
    let mut value = rug::Float::with_val_round(precision + 1, &total, rug::float::Round::Zero).0;
    value <<= quantum;
    value.to_f64()
}
