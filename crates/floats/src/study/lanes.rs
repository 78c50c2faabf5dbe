//! The loops over a block of cases.

use crate::arith::elementary64;
use crate::arith::simd::vectorized;
use crate::formats::{Narrow, Operation, Overflow, Rounding, Specials, Subnormals, odd};

use super::noise::Noise;

/// What happened in a case on the way to its result.
pub type Flags = u64;
/// A result was inexact and below the smallest normal number.
pub const UNDERFLOW: Flags = 1;
/// A result was beyond the largest number.
pub const OVERFLOW: Flags = 2;

/// How the loop of a step rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loop {
    /// f64 operations are the format's own.
    Native,
    /// The f64 result is exact, or so close to exact that rounding it once more, to nearest-even, is correct.
    Vector(Constants),
    /// Sums of numbers wider than the target: the f64 sum is moved to the odd one of the two around the exact sum, and
    /// rounding that once more is correct.
    Odd(Constants),
    /// Exponential or logarithm by a kernel whose error is proved, checked by Ziv's test.
    Tested(Constants),
    /// One case after the other.
    Scalar,
}

/// What rounding to nearest-even by adding and subtracting a large number needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constants {
    /// Below the smallest normal number the last place stays what it is there.
    smallest_normal: f64,
    /// From the leading bit of a number to 3/2 * 2^52 units in its last place.
    scale: f64,
    largest: f64,
    /// What stands for a positive number beyond the largest.
    beyond: f64,
    /// Smaller results become 0.
    flushed_below: f64,
    /// Added at the end: 0 where there is no -0.
    zero: f64,
}

const FIELD: u64 = 0x7ff << 52;

/// 2^900: no leading bit is taken for larger, so that nothing overflows on the way.
const HIGHEST: f64 = f64::from_bits((1023 + 900) << 52);

impl Constants {
    fn new(machine: &Narrow) -> Constants {
        let target = machine.target();
        let saturates = target.overflow == Overflow::Saturate || target.format.specials == Specials::FiniteOnly;
        let exponent = u64::from(53 - target.format.precision);
        Constants {
            smallest_normal: machine.smallest_normal(),
            scale: 1.5 * f64::from_bits((1023 + exponent) << 52),
            largest: machine.largest(),
            beyond: match target.format.specials {
                _ if saturates => machine.largest(),
                Specials::Ieee => f64::INFINITY,
                _ => f64::NAN,
            },
            flushed_below: if target.subnormals == Subnormals::Flush { machine.smallest_normal() } else { 0.0 },
            zero: if target.format.specials.has_negative_zero() { -0.0 } else { 0.0 },
        }
    }

    /// Rounds to nearest-even. Adding 3/2 * 2^52 units in the last place of the target leaves no room for smaller
    /// ones, and f64 addition itself decides ties to even.
    #[inline(always)]
    fn round(&self, exact: f64) -> (f64, Flags) {
        let leading = f64::from_bits(exact.to_bits() & FIELD);
        let leading = if leading > self.smallest_normal { leading } else { self.smallest_normal };
        let leading = if leading < HIGHEST { leading } else { HIGHEST };
        let magic = leading * self.scale;
        let magnitude = exact.abs();
        let rounded = (magnitude + magic) - magic;
        let overflow = rounded > self.largest;
        let bounded = if overflow { self.beyond } else { rounded };
        let kept = if bounded < self.flushed_below { 0.0 } else { bounded };
        let underflow = (kept < self.smallest_normal) & (kept != magnitude);
        let flags = if underflow { UNDERFLOW } else { 0 } | if overflow { OVERFLOW } else { 0 };
        (kept.copysign(exact) + self.zero, flags)
    }
}

impl Loop {
    /// How an operation on numbers of these many significant bits is rounded.
    ///
    /// The f64 result of a sum of numbers no wider than the target, and of a quotient or a root, is rounded correctly
    /// a second time if 2p + 2 <= 53 (Figueroa, "When is double rounding innocuous?", SIGNUM 1995), also among
    /// subnormal numbers: a quotient or a root that is no tie is further from every tie than f64 rounds. Products of
    /// 53 bits together are exact.
    pub fn of(operation: Operation, machine: &Narrow, widths: &[u32]) -> Loop {
        let target = machine.target();
        let precision = target.format.precision;
        if machine.is_native() {
            let plain = target.overflow == Overflow::Standard && target.subnormals == Subnormals::Keep;
            let elementary = matches!(operation, Operation::Exp | Operation::Log | Operation::Fma);
            return if plain && !elementary { Loop::Native } else { Loop::Scalar };
        }
        if target.rounding != Rounding::NearestEven || precision > 24 {
            return Loop::Scalar;
        }
        let widest = widths.iter().copied().max().unwrap_or(0);
        let innocuous = match operation {
            Operation::Round => true,
            Operation::Add | Operation::Sub => widest <= precision,
            Operation::Mul => widths.iter().sum::<u32>() <= 53,
            Operation::Div | Operation::Sqrt => widest <= 24,
            Operation::Exp | Operation::Log if widest <= 24 => return Loop::Tested(Constants::new(machine)),
            Operation::Exp | Operation::Log | Operation::Fma => false,
        };
        match operation {
            _ if innocuous => Loop::Vector(Constants::new(machine)),
            Operation::Add | Operation::Sub => Loop::Odd(Constants::new(machine)),
            _ => Loop::Scalar,
        }
    }

    /// Applies the operation to every case.
    pub fn apply(
        &self,
        operation: Operation,
        machine: &Narrow,
        arguments: [&[f64]; 3],
        out: &mut [f64],
        flags: &mut [Flags],
        noise: &mut Noise,
    ) {
        match self {
            Loop::Native => native(operation, arguments, out, flags),
            // By value, so that the loop need not ask memory for them again.
            Loop::Vector(constants) => vector(*constants, operation, arguments, out, flags),
            Loop::Odd(constants) => odd_sums(*constants, operation, arguments, out, flags),
            Loop::Tested(constants) => tested(*constants, operation, machine, arguments[0], out, flags),
            Loop::Scalar => scalar(operation, machine, arguments, out, flags, noise),
        }
    }
}

impl Loop {
    /// Adds columns of numbers to totals, one after the other: `terms` has one column of `totals.len()` after the
    /// other. The same as additions by [`Loop::apply`], but for flags.
    pub fn accumulate(&self, machine: &Narrow, terms: &[f64], totals: &mut [f64], noise: &mut Noise) {
        match self {
            Loop::Native => columns(terms, totals, |total, x| total + x),
            Loop::Vector(constants) => {
                let constants = *constants;
                columns(terms, totals, move |total, x| constants.round(total + x).0);
            }
            Loop::Odd(constants) => {
                let constants = *constants;
                columns(terms, totals, move |total, x| constants.round(odd_sum(total, x)).0);
            }
            Loop::Tested(_) | Loop::Scalar => {
                let mut flags = vec![0; totals.len()];
                for column in terms.chunks_exact(totals.len()) {
                    let before = totals.to_vec();
                    self.apply(Operation::Add, machine, [&before, column, column], totals, &mut flags, noise);
                }
            }
        }
    }
}

/// So many totals stay in registers.
pub const TOGETHER: usize = 16;

#[inline(always)]
fn columns(terms: &[f64], totals: &mut [f64], add: impl Fn(f64, f64) -> f64 + Copy) {
    vectorized(
        totals,
        #[inline(always)]
        move |totals| match totals.len() {
            1 => in_registers::<1>(terms, totals, add),
            2 => in_registers::<2>(terms, totals, add),
            4 => in_registers::<4>(terms, totals, add),
            8 => in_registers::<8>(terms, totals, add),
            TOGETHER => in_registers::<TOGETHER>(terms, totals, add),
            lanes => {
                for column in terms.chunks_exact(lanes) {
                    totals.iter_mut().zip(column).for_each(|(total, &x)| *total = add(*total, x));
                }
            }
        },
    );
}

/// N totals that stay in registers.
#[inline(always)]
fn in_registers<const N: usize>(terms: &[f64], totals: &mut [f64], add: impl Fn(f64, f64) -> f64 + Copy) {
    let mut here = [0.0; N];
    here.copy_from_slice(totals);
    for column in terms.as_chunks::<N>().0 {
        for (total, &x) in here.iter_mut().zip(column) {
            *total = add(*total, x);
        }
    }
    totals.copy_from_slice(&here);
}

/// x, or y where that is larger or NaN.
#[inline(always)]
pub fn larger(x: f64, y: f64) -> f64 {
    if x > y || x.is_nan() { x } else { y }
}

/// x, or y where that is smaller or NaN.
#[inline(always)]
pub fn smaller(x: f64, y: f64) -> f64 {
    -larger(-x, -y)
}

/// f on every case.
pub fn map(x: &[f64], out: &mut [f64], f: impl Fn(f64) -> f64) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = f(x);
    }
}

/// f on every case.
pub fn zip(x: &[f64], y: &[f64], out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    for ((out, &x), &y) in out.iter_mut().zip(x).zip(y) {
        *out = f(x, y);
    }
}

fn vector(c: Constants, operation: Operation, [x, y, _]: [&[f64]; 3], out: &mut [f64], flags: &mut [Flags]) {
    match operation {
        Operation::Add => rounded(c, x, y, out, flags, |x, y| x + y),
        Operation::Sub => rounded(c, x, y, out, flags, |x, y| x - y),
        Operation::Mul => rounded(c, x, y, out, flags, |x, y| x * y),
        Operation::Div => rounded(c, x, y, out, flags, |x, y| x / y),
        Operation::Sqrt => rounded(c, x, x, out, flags, |x, _| x.sqrt()),
        _ => rounded(c, x, x, out, flags, |x, _| x),
    }
}

fn odd_sums(c: Constants, operation: Operation, [x, y, _]: [&[f64]; 3], out: &mut [f64], flags: &mut [Flags]) {
    match operation {
        Operation::Add => rounded(c, x, y, out, flags, odd_sum),
        _ => rounded(c, x, y, out, flags, |x, y| odd_sum(x, -y)),
    }
}

/// x + y rounded to odd; see [`odd`].
#[inline(always)]
fn odd_sum(x: f64, y: f64) -> f64 {
    let total = x + y;
    // Knuth's two-sum: the error of the addition is a number, and this is it. Of an infinite total it is NaN, and no
    // move.
    let part = total - x;
    let rest = (x - (total - part)) + (y - part);
    let bits = total.to_bits();
    let moves = u64::from((rest > 0.0) | (rest < 0.0)) & !bits & 1;
    let outward = u64::from((rest > 0.0) == (total > 0.0));
    // One more for away from 0, one less for towards it.
    f64::from_bits(bits.wrapping_add(moves * outward).wrapping_sub(moves * (1 - outward)))
}

#[inline(always)]
fn rounded(
    c: Constants,
    x: &[f64],
    y: &[f64],
    out: &mut [f64],
    flags: &mut [Flags],
    f: impl Fn(f64, f64) -> f64 + Copy,
) {
    vectorized(
        (out, flags),
        #[inline(always)]
        move |(out, flags)| {
            for (((out, flag), &x), &y) in out.iter_mut().zip(flags.iter_mut()).zip(x).zip(y) {
                let (value, seen) = c.round(f(x, y));
                *out = value;
                *flag |= seen;
            }
        },
    );
}

fn native(operation: Operation, [x, y, _]: [&[f64]; 3], out: &mut [f64], flags: &mut [Flags]) {
    match operation {
        Operation::Add => plain(x, y, out, flags, false, |x, y| x + y),
        Operation::Sub => plain(x, y, out, flags, false, |x, y| x - y),
        Operation::Mul => plain(x, y, out, flags, true, |x, y| x * y),
        Operation::Div => plain(x, y, out, flags, true, |x, y| x / y),
        Operation::Sqrt => plain(x, x, out, flags, false, |x, _| x.sqrt()),
        _ => plain(x, x, out, flags, false, |x, _| x),
    }
}

/// `underflows`: whether the operation loses something where its result is subnormal, as sums do not.
#[inline(always)]
fn plain(
    x: &[f64],
    y: &[f64],
    out: &mut [f64],
    flags: &mut [Flags],
    underflows: bool,
    f: impl Fn(f64, f64) -> f64 + Copy,
) {
    vectorized(
        (out, flags),
        #[inline(always)]
        move |(out, flags)| {
            for (((out, flag), &x), &y) in out.iter_mut().zip(flags.iter_mut()).zip(x).zip(y) {
                let result = f(x, y);
                *out = result;
                // A quotient by 0 is infinite and no overflow.
                let overflow = result.is_infinite() & x.is_finite() & y.is_finite() & !(underflows & (y == 0.0));
                let underflow = underflows & (x != 0.0) & (result.abs() < f64::MIN_POSITIVE);
                *flag |= if underflow { UNDERFLOW } else { 0 } | if overflow { OVERFLOW } else { 0 };
            }
        },
    );
}

/// Ziv's test: where both ends of the enclosure round to the same number, the exact value does too.
fn tested(c: Constants, operation: Operation, machine: &Narrow, x: &[f64], out: &mut [f64], flags: &mut [Flags]) {
    match operation {
        Operation::Exp => test(c, machine, operation, EXP, x, out, flags, |x| elementary64::exp(raised(x))),
        _ => test(c, machine, operation, LOG, x, out, flags, elementary64::log),
    }
}

/// e^-600 is 0 in every narrow format, as is all below it; subnormal numbers are slow to compute with.
#[inline(always)]
fn raised(x: f64) -> f64 {
    if x < -600.0 { -600.0 } else { x }
}

#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn test(
    c: Constants,
    machine: &Narrow,
    operation: Operation,
    margin: Margin,
    x: &[f64],
    out: &mut [f64],
    flags: &mut [Flags],
    near: impl Fn(f64) -> f64 + Copy,
) {
    let all_settled = vectorized(
        (&mut *out, &mut *flags),
        #[inline(always)]
        move |(out, flags)| {
            let mut all = true;
            for ((out, flag), &x) in out.iter_mut().zip(flags.iter_mut()).zip(x) {
                let (value, seen, settled) = margin.round(&c, near(x));
                *out = value;
                *flag |= if x > f64::NEG_INFINITY { seen } else { 0 };
                all &= settled;
            }
            all
        },
    );
    if all_settled {
        return;
    }
    // Seldom, so that these cases are found again.
    for ((out, flag), &x) in out.iter_mut().zip(flags.iter_mut()).zip(x) {
        if !margin.round(&c, near(x)).2 {
            let exact = odd::apply(operation, [x, x, x]);
            *out = machine.round(exact, 0);
            *flag |= c.round(exact).1;
        }
    }
}

const EXP: Margin = Margin { relative: 2.0 * elementary64::EXP_ERROR };
const LOG: Margin = Margin { relative: 2.0 * elementary64::LOG_ERROR };

/// How far an exact value may be from the computed one: twice what is proved, for the rounding of the ends.
#[derive(Clone, Copy)]
struct Margin {
    relative: f64,
}

impl Margin {
    /// Rounds what is near `near`; whether all of it rounds to the same number.
    #[inline(always)]
    fn round(&self, c: &Constants, near: f64) -> (f64, Flags, bool) {
        let bounded = if near < HIGHEST { near } else { HIGHEST };
        let margin = bounded.abs() * self.relative;
        let ((low, _), (high, flags)) = (c.round(bounded - margin), c.round(bounded + margin));
        let settled = (low.to_bits() == high.to_bits()) & !near.is_nan();
        (high, flags, settled)
    }
}

fn scalar(
    operation: Operation,
    machine: &Narrow,
    [x, y, z]: [&[f64]; 3],
    out: &mut [f64],
    flags: &mut [Flags],
    noise: &mut Noise,
) {
    let random = matches!(machine.target().rounding, Rounding::Stochastic(_));
    for (lane, (out, flag)) in out.iter_mut().zip(flags).enumerate() {
        let operands = [x[lane], y[lane], z[lane]];
        let bits = if random { noise.bits() } else { 0 };
        *out = machine.apply(operation, operands, bits);
        let exact = odd::apply(operation, operands);
        let takes = &operands[..operation.arity()];
        let overflow = exact.abs() > machine.largest() && takes.iter().all(|x| x.is_finite()) && !exact.is_infinite();
        *flag |= u64::from(machine.underflowed(*out, exact)) | u64::from(overflow) << 1;
    }
}
