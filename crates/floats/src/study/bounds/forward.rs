//! A-priori error bounds: from the real values alone, how far a computed result can be from its real value.
//!
//! The same propagation as in [`mod@super::running`], with the real value t of each register (its enclosure) and the
//! error found for it instead of the computed value, which lies within t ± error. Nothing of higher order is left out,
//! and underflow and overflow are part of it: a value that could pass the largest number has an infinite bound.
//!
//! The error of an argument of exp counts with the argument's own distance d: e^-d (e^E - 1). Terms far below the
//! maximum, whose arguments are the least accurate, weigh next to nothing; the published bound for the shifted softmax
//! takes the largest distance for all.

use crate::arith::simd::vectorized;
use crate::study::tape::Register;

use super::enclose::RealValues;
use super::errors::{ErrorBounds, Loss, SoFar, Source};
use super::forward_sums;
use super::growth::{at_most, expm1};
use super::plan::{Analysis, Group, Local, UP};
use super::running::xlogx_most;
use super::span::SMALL;
use super::walk::Rules;

/// A-priori bounds for one program.
pub type Forward = ErrorBounds<RealValues>;

/// A real number between two others, and how far the computed one can be from it.
#[derive(Clone, Copy, Debug)]
pub struct Real {
    /// The lower end.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
    /// How far the computed number can be.
    pub error: f64,
}

impl Real {
    /// The most of |t|.
    #[inline(always)]
    pub fn most(self) -> f64 {
        let (a, b) = (self.lo.abs(), self.hi.abs());
        if a > b || a.is_nan() { a } else { b }
    }

    /// The least of |t|.
    #[inline(always)]
    fn least(self) -> f64 {
        if self.lo > 0.0 {
            self.lo
        } else if self.hi < 0.0 {
            -self.hi
        } else {
            0.0
        }
    }

    /// Whether it is 0 and computed exactly.
    #[inline(always)]
    fn is_zero(self) -> bool {
        self.lo == 0.0 && self.hi == 0.0 && self.error == 0.0
    }

    /// Whether it is the logit of a masked action, and computed as such.
    #[inline(always)]
    fn is_masked(self) -> bool {
        self.hi == f64::NEG_INFINITY && self.error < f64::INFINITY
    }
}

impl Source for RealValues {
    type Cell = Real;

    fn lanes(&self) -> usize {
        self.lanes()
    }

    fn cell(&self, register: Register, lane: usize, error: f64) -> Real {
        Real { lo: self.lo(register)[lane], hi: self.hi(register)[lane], error }
    }

    #[inline(always)]
    fn each(
        &self,
        own: Register,
        (x, x_errors): (Register, &[f64]),
        (y, y_errors): (Register, &[f64]),
        out: &mut [f64],
        f: impl Fn(Real, Real, Real) -> f64,
    ) {
        let ends = |register| (self.lo(register), self.hi(register));
        let (own, x, y) = (ends(own), ends(x), ends(y));
        vectorized(
            out,
            #[inline(always)]
            move |out| {
                let own = own.0.iter().zip(own.1);
                let first = x.0.iter().zip(x.1).zip(x_errors);
                let second = y.0.iter().zip(y.1).zip(y_errors);
                for (((out, (&lo, &hi)), x), y) in out.iter_mut().zip(own).zip(first).zip(second) {
                    let real = |((&lo, &hi), &error)| Real { lo, hi, error };
                    let error = f(Real { lo, hi, error: 0.0 }, real(x), real(y));
                    *out = if error.is_nan() { f64::INFINITY } else { error };
                }
            },
        );
    }

    fn is_bounded(cell: Real) -> bool {
        cell.hi < f64::INFINITY
    }

    fn matrix_unit(loss: &Loss, quantum: f64, own: Real, terms: impl Iterator<Item = Real>) -> f64 {
        matrix_unit(loss, quantum, own, terms)
    }

    fn by_theorem(known: &SoFar<'_, RealValues>, coefficient: f64, largest: f64, group: &Group, out: &mut [f64]) {
        forward_sums::by_theorem(known, coefficient, largest, group, out);
    }

    fn compensated(known: &SoFar<'_, RealValues>, analysis: &Analysis, group: &Group, out: &mut [f64]) {
        forward_sums::compensated(known, analysis, group, out);
    }
}

impl Loss {
    /// The bound of a step whose exact result, of computed operands, is within `carried` of the real `t`.
    #[inline(always)]
    fn close(&self, t: Real, carried: f64) -> f64 {
        let (most, least) = ((t.most() + carried) * UP, t.least() - carried);
        let (relative, eta) = (self.local.unit_exact * most, self.local.eta);
        let lost = if relative > eta { relative } else { eta };
        let flushed = if most < self.flushed_below { most } else { self.flushed_below };
        let flushed = if least > self.flushed_below { 0.0 } else { flushed };
        let lost = if lost > flushed { lost } else { flushed };
        // Rounding is monotone: what does not exceed the largest number does not do so rounded.
        if most <= self.local.largest { (carried + lost) * UP } else { f64::INFINITY }
    }

    /// The bound of a masked logit.
    #[inline(always)]
    fn of_masked(&self) -> f64 {
        if self.keeps_infinity { 0.0 } else { f64::INFINITY }
    }

    /// The same where products of errors may have underflowed on the way.
    #[inline(always)]
    fn close_product(&self, t: Real, carried: f64) -> f64 {
        self.close(t, carried * UP + SMALL)
    }
}

impl Rules for Real {
    type Context = Loss;
    type Found = f64;

    #[inline(always)]
    fn rounded(loss: &Loss, t: Real, a: Real) -> f64 {
        if a.is_zero() {
            0.0
        } else if a.is_masked() {
            loss.of_masked()
        } else {
            loss.close(t, a.error)
        }
    }

    #[inline(always)]
    fn sum(loss: &Loss, t: Real, a: Real, b: Real) -> f64 {
        let error = loss.close(t, (a.error + b.error) * UP);
        let is_masked =
            (a.is_masked() || b.is_masked()) && t.hi == f64::NEG_INFINITY && a.error + b.error < f64::INFINITY;
        let is_zero = (a.is_zero() && b.is_zero()) || (t.lo == 0.0 && t.hi == 0.0 && a.error + b.error == 0.0);
        if is_zero {
            0.0
        } else if is_masked {
            loss.of_masked()
        } else {
            error
        }
    }

    #[inline(always)]
    fn product(loss: &Loss, t: Real, a: Real, b: Real) -> f64 {
        let certain = a.error < a.least() && b.error < b.least();
        if a.is_zero() || b.is_zero() {
            0.0
        } else if (a.is_masked() || b.is_masked()) && certain && t.hi == f64::NEG_INFINITY {
            loss.of_masked()
        } else {
            loss.close_product(t, crossed(a, b))
        }
    }

    #[inline(always)]
    fn quotient(loss: &Loss, t: Real, a: Real, b: Real) -> f64 {
        let room = b.least() - b.error;
        let error = loss.close_product(t, (a.error + t.most() * b.error) / room);
        if !(room > 0.0 && b.most() < f64::INFINITY) {
            f64::INFINITY
        } else if a.is_zero() {
            0.0
        } else if a.is_masked() && t.hi == f64::NEG_INFINITY {
            loss.of_masked()
        } else {
            error
        }
    }

    #[inline(always)]
    fn root(loss: &Loss, t: Real, a: Real) -> f64 {
        let real = if a.lo > 0.0 { a.lo } else { 0.0 };
        let (by_value, by_error) = (a.error / real.sqrt(), a.error.sqrt());
        let carried = if by_value < by_error { by_value } else { by_error };
        let defined = loss.non_negative || a.error <= a.lo;
        if a.is_zero() {
            0.0
        } else if defined {
            loss.close_product(t, carried)
        } else {
            f64::INFINITY
        }
    }

    #[inline(always)]
    fn exponential(loss: &Loss, t: Real, a: Real) -> f64 {
        let exactly_one = a.lo == 0.0 && a.hi == 0.0 && a.error == 0.0 && loss.local.largest >= 1.0;
        // Where the argument is far below 0, the computed value is less than what its error could make of the real one.
        let whole = at_most(a.hi + a.error);
        let part = t.most() * expm1(a.error);
        let error = loss.close_product(t, if part < whole { part } else { whole });
        if a.is_masked() || exactly_one { 0.0 } else { error }
    }

    #[inline(always)]
    fn logarithm(loss: &Loss, t: Real, a: Real) -> f64 {
        let room = a.lo - a.error;
        let carried = a.error / room * (1.0 - 0.5 * (a.error / a.lo));
        let exactly_zero = a.lo == 1.0 && a.hi == 1.0 && a.error == 0.0;
        if exactly_zero {
            0.0
        } else if room > 0.0 && a.hi < f64::INFINITY {
            loss.close_product(t, carried)
        } else {
            f64::INFINITY
        }
    }

    /// x log x: by the product's bound, or, where x may be 0, by what is possible near 0.
    #[inline(always)]
    fn guarded(loss: &Loss, t: Real, x: Real, log: Real) -> f64 {
        // Where the computed x is 0 the result is 0, off by |t| <= error |log|, which the crossed product contains.
        let error = loss.close_product(t, crossed(x, log));
        if x.is_zero() {
            return 0.0;
        }
        // For any computed x' up to the end, |x' log x'| is at most this, and the logarithm is rounded before the
        // product.
        let end = (x.most() + x.error) * UP;
        let most = (xlogx_most(end) * (1.0 + loss.of_log.unit) + end * loss.of_log.eta) * UP + SMALL;
        let cap = loss.close(t, (t.most() + most) * UP);
        // No logarithm of an f64 exceeds 800, so that of no computed x' overflows in such a format, nor is it flushed.
        let proper =
            loss.own_log && loss.non_negative && loss.of_log.largest >= 800.0 && loss.of_log.at_zero <= loss.of_log.eta;
        if proper && (cap < error || error.is_nan()) { cap } else { error }
    }

    #[inline(always)]
    fn negated(_: &Loss, _: Real, a: Real) -> f64 {
        a.error
    }

    #[inline(always)]
    fn larger(_: &Loss, _: Real, a: Real, b: Real) -> f64 {
        if a.error > b.error { a.error } else { b.error }
    }

    #[inline(always)]
    fn exact_product(_: &Loss, _: Real, a: Real, b: Real) -> f64 {
        if a.is_zero() || b.is_zero() { 0.0 } else { crossed(a, b) * UP + SMALL }
    }
}

/// |a b - a' b'| for a' and b' within the errors.
#[inline(always)]
fn crossed(a: Real, b: Real) -> f64 {
    a.most() * b.error + b.most() * a.error + a.error * b.error
}

fn matrix_unit(loss: &Loss, quantum: f64, t: Real, terms: impl Iterator<Item = Real>) -> f64 {
    let (mut errors, mut largest, mut count) = (0.0, 0.0_f64, 0.0);
    for term in terms {
        errors += term.error;
        largest = largest.max(term.most() + term.error);
        count += if term.is_zero() { 0.0 } else { 1.0 };
    }
    let two_u = if loss.local.unit_exact < loss.local.unit { 2.0 * loss.local.unit } else { loss.local.unit };
    let cut = count * (two_u * largest).max(quantum);
    let carried = (errors + cut) * (1.0 + (count + 2.0) * f64::EPSILON) * UP;
    let truncating = Loss { local: Local { unit_exact: two_u, eta: quantum, ..loss.local }, ..*loss };
    let error = if count == 0.0 { errors } else { truncating.close(t, carried) };
    if error.is_nan() { f64::INFINITY } else { error }
}
