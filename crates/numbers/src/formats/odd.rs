//! Results of operations on f64 numbers, rounded to odd: a second rounding of such a result gives the correctly
//! rounded one.
//!
//! Rounding to odd takes an inexact value to the neighbour whose last bit is 1. That bit then says "there is more", so
//! that rounding to any format of at most 51 bits afterwards is the rounding of the exact value, in every direction
//! and among subnormal numbers (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms
//! using rounding to odd", IEEE Trans. Computers 2008, Theorem 2: two bits more are enough).

use rug::Float;
use rug::float::Round;
use std::cmp::Ordering;

use super::Operation;

/// The exact result of the operation, rounded to odd: NaN where it has none, infinities as IEEE 754 has them. Beyond
/// the f64 range the largest and the smallest number stand for what lies there: every narrow format overflows or
/// underflows long before.
pub fn apply(operation: Operation, [x, y, z]: [f64; 3]) -> f64 {
    let quick = match operation {
        Operation::Round => return x,
        Operation::Add => sum(x, y),
        Operation::Sub => sum(x, -y),
        Operation::Mul => product(x, y),
        Operation::Div => quotient(x, y),
        Operation::Sqrt => root(x),
        Operation::Fma | Operation::Exp | Operation::Log => None,
    };
    quick.unwrap_or_else(|| by_mpfr(operation, [x, y, z]))
}

/// Moves the nearest number to the odd one of the two around the exact value, from the sign of what was rounded away.
fn toward(nearest: f64, rest: f64) -> f64 {
    if rest == 0.0 || nearest.to_bits() & 1 == 1 {
        nearest
    } else if rest > 0.0 {
        nearest.next_up()
    } else {
        nearest.next_down()
    }
}

/// Where the magnitudes are moderate, nothing that is computed below overflows or underflows.
fn is_moderate(x: f64) -> bool {
    const LOW: f64 = f64::from_bits((1023 - 300) << 52);
    const HIGH: f64 = f64::from_bits((1023 + 300) << 52);
    (LOW..=HIGH).contains(&x.abs())
}

fn sum(x: f64, y: f64) -> Option<f64> {
    let total = x + y;
    if !total.is_finite() || total.abs() > f64::MAX / 4.0 {
        return None;
    }
    // Knuth's two-sum: the error of an addition is a number, and this is it.
    let part = total - x;
    Some(toward(total, (x - (total - part)) + (y - part)))
}

fn product(x: f64, y: f64) -> Option<f64> {
    if x == 0.0 || y == 0.0 {
        return Some(x * y);
    }
    if !is_moderate(x) || !is_moderate(y) {
        return None;
    }
    let product = x * y;
    // Products of short numbers are exact, which saves the fused operation.
    const SHORT: u64 = (1 << 27) - 1;
    if (x.to_bits() | y.to_bits()) & SHORT == 0 {
        return Some(product);
    }
    Some(toward(product, x.mul_add(y, -product)))
}

fn quotient(x: f64, y: f64) -> Option<f64> {
    if x == 0.0 {
        return Some(x / y);
    }
    if !is_moderate(x) || !is_moderate(y) {
        return None;
    }
    let quotient = x / y;
    let rest = (-quotient).mul_add(y, x);
    Some(toward(quotient, if y > 0.0 { rest } else { -rest }))
}

fn root(x: f64) -> Option<f64> {
    if !is_moderate(x) || x < 0.0 {
        return None;
    }
    let root = x.sqrt();
    Some(toward(root, (-root).mul_add(root, x)))
}

/// The same for all operands, by MPFR.
pub fn by_mpfr(operation: Operation, operands: [f64; 3]) -> f64 {
    let operands = operands.map(|x| Float::with_val(53, x));
    let value = big(operation, &operands[..operation.arity()], 53);
    if !value.is_normal() {
        return value.to_f64();
    }
    let sign = if value.is_sign_negative() { -1.0 } else { 1.0 };
    match value.get_exp().unwrap_or(0) {
        1020.. => f64::MAX * sign,
        ..-960 => f64::from_bits(1) * sign,
        _ => value.to_f64(),
    }
}

/// The exact result of the operation, rounded to odd at this precision in bits.
///
/// # Panics
/// If there are fewer operands than the operation takes.
pub fn big(operation: Operation, operands: &[Float], bits: u32) -> Float {
    let (x, y) = (&operands[0], operands.get(1).unwrap_or(&operands[0]));
    let truncated = match operation {
        Operation::Round => Float::with_val_round(bits, x, Round::Zero),
        Operation::Add => Float::with_val_round(bits, x + y, Round::Zero),
        Operation::Sub => Float::with_val_round(bits, x - y, Round::Zero),
        Operation::Mul => Float::with_val_round(bits, x * y, Round::Zero),
        Operation::Div => Float::with_val_round(bits, x / y, Round::Zero),
        Operation::Fma => Float::with_val_round(bits, x.mul_add_ref(y, &operands[2]), Round::Zero),
        Operation::Sqrt => Float::with_val_round(bits, x.sqrt_ref(), Round::Zero),
        Operation::Exp => Float::with_val_round(bits, x.exp_ref(), Round::Zero),
        Operation::Log => Float::with_val_round(bits, x.ln_ref(), Round::Zero),
    };
    from_truncated(truncated, bits)
}

/// A rational number, rounded to odd at this precision in bits.
pub fn rational(x: &rug::Rational, bits: u32) -> Float {
    from_truncated(Float::with_val_round(bits, x, Round::Zero), bits)
}

/// Moves what was rounded toward zero to the odd neighbour, if anything was cut off.
fn from_truncated((mut value, rounded): (Float, Ordering), bits: u32) -> Float {
    // The significand comes left-aligned in whole words.
    let padding = bits.next_multiple_of(64) - bits;
    let is_even = value.get_significand().is_some_and(|significand| !significand.get_bit(padding));
    // Towards zero, what is too small even for MPFR became 0; the smallest number is what rounding to odd makes of it.
    if rounded != Ordering::Equal && (value.is_zero() || (value.is_normal() && is_even)) {
        if value.is_sign_negative() { value.next_down() } else { value.next_up() }
    }
    value
}
