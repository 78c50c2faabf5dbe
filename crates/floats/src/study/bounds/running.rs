//! Running error bounds: from the computed values of a run, how far each can be from its real value.
//!
//! Wilkinson's running error analysis (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 3.3):
//! each step's bound follows from those of its operands and from what its own rounding can lose ([`Local::lost`]).
//! Every bound is a short sum of products and quotients of positive numbers in f64; multiplying by [`UP`] covers their
//! roundings, and adding [`SMALL`] what underflows in them.

use crate::arith::elementary64;
use crate::arith::simd::vectorized;
use crate::study::order::Order;
use crate::study::program::CaseBlock;
use crate::study::tape::Register;

use super::compensated::Layout;
use super::errors::{ErrorBounds, Loss, SoFar, Source, add};
use super::growth::{at_most, expm1, raised};
use super::plan::{Analysis, Group, Local, UP};
use super::span::SMALL;
use super::walk::Rules;

/// Running bounds for one program.
pub type Running = ErrorBounds<CaseBlock>;

/// A computed number, and how far it can be from the real one.
#[derive(Clone, Copy, Debug)]
pub struct Near {
    /// The computed number.
    pub value: f64,
    /// At most so far.
    pub error: f64,
}

impl Source for CaseBlock {
    type Cell = Near;

    fn lanes(&self) -> usize {
        self.lanes()
    }

    fn cell(&self, register: Register, lane: usize, error: f64) -> Near {
        Near { value: self.register(register)[lane], error }
    }

    #[inline(always)]
    fn each(
        &self,
        own: Register,
        (x, x_errors): (Register, &[f64]),
        (y, y_errors): (Register, &[f64]),
        out: &mut [f64],
        f: impl Fn(Near, Near, Near) -> f64,
    ) {
        let (own, x, y) = (self.register(own), self.register(x), self.register(y));
        vectorized(
            out,
            #[inline(always)]
            move |out| {
                let (first, second) = (x.iter().zip(x_errors), y.iter().zip(y_errors));
                for (((out, &own), x), y) in out.iter_mut().zip(own).zip(first).zip(second) {
                    let near = |(&value, &error)| Near { value, error };
                    let error = f(Near { value: own, error: 0.0 }, near(x), near(y));
                    *out = if error.is_nan() { f64::INFINITY } else { error };
                }
            },
        );
    }

    fn is_bounded(cell: Near) -> bool {
        cell.value < f64::INFINITY
    }

    fn matrix_unit(loss: &Loss, quantum: f64, own: Near, terms: impl Iterator<Item = Near>) -> f64 {
        matrix_unit(&loss.local, quantum, own.value, terms)
    }

    fn by_theorem(known: &SoFar<'_, CaseBlock>, coefficient: f64, largest: f64, group: &Group, out: &mut [f64]) {
        let n = group.terms.len() as f64;
        for (lane, out) in out.iter_mut().enumerate() {
            let inside = |step: u32| known.values.register(step)[lane].abs() < largest;
            if !group.sum.steps.clone().all(inside) {
                continue;
            }
            let sizes: f64 = group.terms.iter().map(|&term| known.cell(term, lane).value.abs()).sum();
            let errors: f64 = group.terms.iter().map(|&term| known.errors(term)[lane]).sum();
            // Terms off the accumulator's grid lose up to eta in each of n additions.
            let eta = n * group.eta;
            let bound = (coefficient * sizes + errors + eta) * (1.0 + n * f64::EPSILON) * UP;
            if bound < *out {
                *out = bound;
            }
        }
    }

    fn compensated(known: &SoFar<'_, CaseBlock>, analysis: &Analysis, group: &Group, out: &mut [f64]) {
        out.fill(0.0);
        compensated(analysis, group, known.values, out);
        group.terms.iter().for_each(|&term| add(out, known.errors(term)));
    }
}

impl Rules for Near {
    type Context = Loss;
    type Found = f64;

    #[inline(always)]
    fn rounded(loss: &Loss, own: Near, a: Near) -> f64 {
        a.error + if own.value == a.value { 0.0 } else { lost(&loss.local, own.value, a.value) }
    }

    #[inline(always)]
    fn sum(loss: &Loss, own: Near, a: Near, b: Near) -> f64 {
        sum(&loss.local, own.value, a, b, a.value + b.value)
    }

    #[inline(always)]
    fn difference(loss: &Loss, own: Near, a: Near, b: Near) -> f64 {
        sum(&loss.local, own.value, a, b, a.value - b.value)
    }

    #[inline(always)]
    fn product(loss: &Loss, own: Near, a: Near, b: Near) -> f64 {
        let (local, y) = (&loss.local, own.value);
        let zero = a.value == 0.0 || b.value == 0.0;
        let q = a.value * b.value;
        // -inf, a masked logit, times what is certainly positive or certainly negative.
        let masked = y == q && (a.value.is_infinite() || b.value.is_infinite());
        let certain = a.error < a.value.abs() && b.error < b.value.abs();
        let lost = if zero { 0.0 } else { lost(local, y, q) };
        let carried = a.value.abs() * b.error + b.value.abs() * a.error + a.error * b.error;
        let error = (carried + lost) * UP + tiny(y, lost, a.error + b.error);
        if masked { if certain { 0.0 } else { f64::INFINITY } } else { error }
    }

    #[inline(always)]
    fn quotient(loss: &Loss, own: Near, a: Near, b: Near) -> f64 {
        let (local, y) = (&loss.local, own.value);
        let q = a.value / b.value;
        let room = b.value.abs() - b.error;
        let masked = y == q && a.value.is_infinite() && a.error < f64::INFINITY && b.value.is_finite();
        let lost = if a.value == 0.0 { 0.0 } else { lost(local, y, q) };
        let error = ((a.error + q.abs() * b.error) / room + lost) * UP + tiny(y, lost, a.error + b.error);
        if room > 0.0 && b.value.is_finite() { if masked { 0.0 } else { error } } else { f64::INFINITY }
    }

    #[inline(always)]
    fn root(loss: &Loss, own: Near, a: Near) -> f64 {
        let (local, y) = (&loss.local, own.value);
        let q = a.value.sqrt();
        let (by_value, by_error) = (a.error / q.abs(), a.error.sqrt());
        let carried = if by_value < by_error { by_value } else { by_error };
        let lost = if a.value == 0.0 { 0.0 } else { lost(local, y, q) };
        if a.value >= 0.0 { (carried + lost) * UP + tiny(y, lost, a.error) } else { f64::INFINITY }
    }

    #[inline(always)]
    fn exponential(loss: &Loss, own: Near, a: Near) -> f64 {
        let (local, y) = (&loss.local, own.value);
        let exact = (a.value == 0.0 && y == 1.0) || (a.value == f64::NEG_INFINITY && y == 0.0);
        let q = elementary64::exp(raised(a.value));
        let rounding = lost(local, y, q);
        let lost = if exact { 0.0 } else { rounding };
        // What the real value is, and both are at most: where the argument is far below 0 this is less.
        let whole = at_most(a.value + a.error);
        let (near, computed) = (q * UP, y + lost);
        let part = if near < computed { near } else { computed } * expm1(a.error);
        let error = if part < whole { part } else { whole };
        let all = (error + lost) * UP + tiny(y, lost, a.error);
        if a.value == f64::NEG_INFINITY && a.error < f64::INFINITY && exact { 0.0 } else { all }
    }

    #[inline(always)]
    fn logarithm(loss: &Loss, own: Near, a: Near) -> f64 {
        let (local, y) = (&loss.local, own.value);
        let room = a.value - a.error;
        // -log(1 - r) <= r (1 - r/2)/(1 - r) for r = error/value: compare the series.
        let carried = a.error / room * (1.0 - 0.5 * (a.error / a.value));
        let lost = if a.value == 1.0 && y == 0.0 { 0.0 } else { lost(local, y, elementary64::log(a.value)) };
        if room > 0.0 && a.value.is_finite() { (carried + lost) * UP + tiny(y, lost, a.error) } else { f64::INFINITY }
    }

    /// x log x is between the product's bound and what x near 0 leaves possible.
    #[inline(always)]
    fn guarded(loss: &Loss, own: Near, x: Near, log: Near) -> f64 {
        let y = own.value;
        let size = log.value.abs() + log.error;
        let at_zero = if x.error == 0.0 { 0.0 } else { x.error * size * UP + SMALL };
        let error = if x.value == 0.0 { at_zero } else { Near::product(loss, own, x, log) };
        let cap = (y.abs() + xlogx_most(x.value + x.error)) * UP;
        if loss.own_log && x.value >= 0.0 && (cap < error || error.is_nan()) { cap } else { error }
    }

    #[inline(always)]
    fn negated(_: &Loss, _: Near, a: Near) -> f64 {
        a.error
    }

    #[inline(always)]
    fn larger(_: &Loss, _: Near, a: Near, b: Near) -> f64 {
        if a.error > b.error { a.error } else { b.error }
    }

    #[inline(always)]
    fn exact_product(_: &Loss, own: Near, a: Near, b: Near) -> f64 {
        (a.value.abs() * b.error + b.value.abs() * a.error + a.error * b.error) * UP
            + tiny(own.value, 0.0, a.error + b.error)
    }
}

/// What a rounding to `y` lost, where `q` is the exact result in f64, off by at most 2^-52 relative: at the largest
/// number, which stands for all beyond it, that is measured.
#[inline(always)]
fn lost(local: &Local, y: f64, q: f64) -> f64 {
    let measured = ((q - y).abs() + q.abs() * (4.0 * f64::EPSILON)) * UP;
    let inside = y.abs() < local.largest;
    if inside { local.lost(y) } else { measured }
}

/// [`SMALL`] where products of errors may have underflowed, and 0 where all is exact.
#[inline(always)]
fn tiny(y: f64, lost: f64, error: f64) -> f64 {
    if lost + error > 0.0 || y.is_nan() { SMALL } else { 0.0 }
}

/// `q` is the exact result in f64: 0 only if it is 0, and infinite of finite operands only beyond f64.
#[inline(always)]
fn sum(local: &Local, y: f64, a: Near, b: Near, q: f64) -> f64 {
    let masked = y == q && q.is_infinite() && (a.value.is_infinite() || b.value.is_infinite());
    let lost = if q == 0.0 || masked { 0.0 } else { lost(local, y, q) };
    (a.error + b.error + lost) * UP
}

/// The most of |t log t| for 0 <= t <= x: it increases to 1/e, where it is 1/e, falls to 0 at 1, and log x <= x.
#[inline(always)]
pub(super) fn xlogx_most(x: f64) -> f64 {
    let small = -x * elementary64::log(x) * UP + SMALL;
    let large = 0.368 + x * x;
    if x == 0.0 {
        0.0
    } else if x < 0.36 {
        small
    } else {
        large
    }
}

/// A block of a matrix unit cuts every term that is not 0 by less than the quantum, the last place of the largest, and
/// the sum by less than its own last place.
fn matrix_unit(local: &Local, quantum: f64, y: f64, terms: impl Iterator<Item = Near>) -> f64 {
    const FIELD: u64 = 0x7ff << 52;
    let (mut errors, mut largest, mut count) = (0.0, 0.0_f64, 0.0);
    for term in terms {
        errors += term.error;
        largest = largest.max(term.value.abs());
        count += if term.value == 0.0 { 0.0 } else { 1.0 };
    }
    let u = if local.unit_exact < local.unit { local.unit } else { 0.5 * local.unit };
    let last = (2.0 * u * f64::from_bits(largest.to_bits() & FIELD)).max(quantum);
    let cut = if count == 0.0 { 0.0 } else { (2.0 * u * y.abs()).max(if y == 0.0 { local.at_zero } else { 0.0 }) };
    if y.abs() < local.largest {
        (errors + count * last + cut) * (1.0 + count * f64::EPSILON) * UP
    } else {
        f64::INFINITY
    }
}

/// Adds the local errors of a compensated sum; infinite where a step reached the largest number.
fn compensated(analysis: &Analysis, group: &Group, block: &CaseBlock, out: &mut [f64]) {
    let Some(layout) = Layout::new(analysis.order, &group.sum.steps, group.terms.len()) else { return };
    let values = |step: usize| block.register(step as Register);
    let mut lose = |step: usize| {
        let local = &analysis.locals[step];
        for (out, &y) in out.iter_mut().zip(values(step)) {
            let lost = if y.abs() < local.largest { local.lost(y) } else { f64::INFINITY };
            *out = (*out + lost) * UP;
        }
    };
    lose(layout.first);
    for part in layout.neumaier() {
        lose(part.errors);
        if !(analysis.exact_errors && group.fits) {
            part.inner.into_iter().for_each(&mut lose);
        }
    }
    if analysis.order == Order::Neumaier {
        lose(layout.last);
    }
    let further = layout.further;
    for (index, part) in layout.kahan().enumerate() {
        lose(part.term);
        if index + 1 == further {
            lose(part.total);
        }
    }
    for part in layout.kahan().take(further.saturating_sub(1)) {
        for (lane, out) in out.iter_mut().enumerate() {
            let dekker = analysis.exact_errors && values(part.before)[lane].abs() >= values(part.term)[lane].abs();
            let of = |step: usize| analysis.locals[step].lost(values(step)[lane]);
            *out = (*out + if dekker { 0.0 } else { of(part.taken) + of(part.carry) }) * UP;
        }
    }
    // A sum that overflows on the way shows it in its totals, and these in the steps after them.
    for step in layout.first..=layout.last {
        let local = &analysis.locals[step];
        for (out, &y) in out.iter_mut().zip(values(step)) {
            *out = if y.abs() < local.largest || local.largest == 0.0 { *out } else { f64::INFINITY };
        }
    }
}
