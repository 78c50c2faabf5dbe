//! A-priori error bounds: from the real values alone, how far a computed result can be from its real value.
//!
//! The same propagation as in [`mod@super::running`], with the real value t of each register (its enclosure) and the error
//! found for it instead of the computed value, which lies within t ± error. Nothing of higher order is left out, and
//! underflow and overflow are part of it: a value that could pass the largest number has an infinite bound.
//!
//! The error of an argument of exp counts with the argument's own distance d: e^-d (e^E - 1). Terms far below the
//! maximum, whose arguments are the least accurate, weigh next to nothing; the published bound for the shifted softmax
//! takes the largest distance for all.

use crate::arith::simd::vectorized;
use crate::formats::{Operation, Subnormals};
use crate::study::mode::Place;
use crate::study::program::Program;
use crate::study::tape::{Register, Step};

use super::enclose::{Enclosures, Reference};
use super::forward_sums::{by_theorem, compensated};
use super::growth::{at_most, expm1};
use super::plan::{Local, Plan, UP};
use super::running::{coefficient, xlogx_most};
use super::span::SMALL;

/// A-priori bounds for one program; reused from block to block, nothing is allocated after the first.
#[derive(Clone, Debug)]
pub struct Forward {
    plan: Plan,
    lanes: usize,
    errors: Vec<f64>,
    coefficients: Vec<f64>,
}

/// The bound of the result in each case of enclosed real values: |computed - real| is at most this, whatever is
/// computed. Infinite where nothing can be said. For many blocks keep a [`Forward`].
pub fn forward(program: &Program, real: &Enclosures, reference: Reference) -> Vec<f64> {
    let mut forward = Forward::new(program);
    forward.run(program, real, reference);
    forward.bounds(program.tape().result).to_vec()
}

/// A real number between two others, and how far the computed one can be from it.
#[derive(Clone, Copy)]
pub(super) struct Real {
    pub lo: f64,
    pub hi: f64,
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

/// The real values of a register, and the bounds of its errors.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub lo: &'a [f64],
    pub hi: &'a [f64],
    pub errors: &'a [f64],
}

impl Column<'_> {
    pub fn at(&self, lane: usize) -> Real {
        Real { lo: self.lo[lane], hi: self.hi[lane], error: self.errors[lane] }
    }
}

/// What a step's rounding needs to be bounded a priori.
#[derive(Clone, Copy)]
struct Rounding {
    local: Local,
    /// The smallest normal number where smaller results become 0, else 0.
    flushed_below: f64,
    /// Whether the computed operand cannot be negative.
    non_negative: bool,
}

impl Rounding {
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

    /// The same where products of errors may have underflowed on the way.
    #[inline(always)]
    fn close_product(&self, t: Real, carried: f64) -> f64 {
        self.close(t, carried * UP + SMALL)
    }
}

impl Forward {
    /// Prepares bounds for a program.
    pub fn new(program: &Program) -> Forward {
        let plan = Plan::new(program);
        let coefficients = plan.groups.iter().map(|group| coefficient(program, &plan, group)).collect();
        Forward { plan, lanes: 0, errors: Vec::new(), coefficients }
    }

    /// The bounds of a register, one for each case. Those inside compensated sums are infinite.
    pub fn bounds(&self, register: Register) -> &[f64] {
        &self.errors[register as usize * self.lanes..][..self.lanes]
    }

    /// Bounds the errors of all registers for enclosed real values.
    pub fn run(&mut self, program: &Program, real: &Enclosures, reference: Reference) {
        let tape = program.tape();
        let lanes = real.lanes();
        self.lanes = lanes;
        self.errors.resize(tape.steps.len() * lanes, 0.0);
        let mut next = 0;
        for index in 0..tape.steps.len() {
            let (done, rest) = self.errors.split_at_mut(index * lanes);
            let out = &mut rest[..lanes];
            let at = |register: Register| Column {
                lo: real.lo(register),
                hi: real.hi(register),
                errors: &done[register as usize * lanes..][..lanes],
            };
            let group = self.plan.groups.get(next).filter(|group| group.sum.steps.contains(&(index as Register)));
            let ends = group.is_some_and(|group| group.sum.steps.end as usize == index + 1);
            next += usize::from(ends);
            match group {
                Some(group) if self.plan.is_compensated() => {
                    out.fill(f64::INFINITY);
                    if ends {
                        let terms = tape.terms(&group.sum.terms).iter().map(|&term| at(term));
                        compensated(&self.plan, group, terms, out);
                    }
                }
                _ => {
                    step(program, &self.plan, index, reference, real, at, out);
                    if let Some(group) = group.filter(|_| ends) {
                        let terms = tape.terms(&group.sum.terms).iter().map(|&term| at(term));
                        let largest = self.plan.locals[index].largest;
                        by_theorem(self.coefficients[next - 1], largest, group, terms, out);
                    }
                }
            }
        }
    }
}

/// Writes f of each case.
#[inline(always)]
fn each(out: &mut [f64], t: Column<'_>, a: Column<'_>, b: Column<'_>, f: impl Fn(Real, Real, Real) -> f64) {
    vectorized(
        out,
        #[inline(always)]
        move |out| {
            let ends = t.lo.iter().zip(t.hi);
            let first = a.lo.iter().zip(a.hi).zip(a.errors);
            let second = b.lo.iter().zip(b.hi).zip(b.errors);
            for (((out, t), ((al, ah), ae)), ((bl, bh), be)) in out.iter_mut().zip(ends).zip(first).zip(second) {
                let t = Real { lo: *t.0, hi: *t.1, error: 0.0 };
                let error = f(t, Real { lo: *al, hi: *ah, error: *ae }, Real { lo: *bl, hi: *bh, error: *be });
                *out = if error.is_nan() { f64::INFINITY } else { error };
            }
        },
    );
}

#[inline(always)]
fn step<'a>(
    program: &Program,
    plan: &Plan,
    index: usize,
    reference: Reference,
    real: &Enclosures,
    at: impl Fn(Register) -> Column<'a>,
    out: &mut [f64],
) {
    let register = index as Register;
    let t = Column { lo: real.lo(register), hi: real.hi(register), errors: real.lo(register) };
    let rounding = |place: Place, operand: Register| {
        let machine = program.machine(place);
        let flushes = machine.target().subnormals == Subnormals::Flush;
        Rounding {
            local: plan.locals[index],
            flushed_below: if flushes { machine.smallest_normal() } else { 0.0 },
            non_negative: plan.non_negative[operand as usize],
        }
    };
    match &program.tape().steps[index] {
        Step::Input { .. } => out.fill(0.0),
        Step::Constant(..) => {
            out.fill(if plan.constants[index].is_nan() { f64::INFINITY } else { plan.constants[index] })
        }
        Step::Apply(Operation::Round, _, Place::Logits) if reference == Reference::Stored => {
            for (out, hi) in out.iter_mut().zip(t.hi) {
                *out = if *hi < f64::INFINITY { 0.0 } else { f64::INFINITY };
            }
        }
        Step::Apply(operation, [a, b, _], place) => {
            let r = rounding(*place, *a);
            let (a, b) = (at(*a), at(*b));
            let has_infinity = r.local.largest < f64::INFINITY && keeps_infinity(program, *place);
            match operation {
                Operation::Round => each(
                    out,
                    t,
                    a,
                    a,
                    #[inline(always)]
                    move |t, a, _| rounded(&r, t, a, has_infinity),
                ),
                Operation::Add | Operation::Sub => each(
                    out,
                    t,
                    a,
                    b,
                    #[inline(always)]
                    move |t, a, b| sum(&r, t, a, b, has_infinity),
                ),
                Operation::Mul => each(
                    out,
                    t,
                    a,
                    b,
                    #[inline(always)]
                    move |t, a, b| product(&r, t, a, b, has_infinity),
                ),
                Operation::Div => each(
                    out,
                    t,
                    a,
                    b,
                    #[inline(always)]
                    move |t, a, b| quotient(&r, t, a, b, has_infinity),
                ),
                Operation::Sqrt => each(
                    out,
                    t,
                    a,
                    a,
                    #[inline(always)]
                    move |t, a, _| root(&r, t, a),
                ),
                Operation::Exp => each(
                    out,
                    t,
                    a,
                    a,
                    #[inline(always)]
                    move |t, a, _| exponential(&r, t, a),
                ),
                Operation::Log => each(
                    out,
                    t,
                    a,
                    a,
                    #[inline(always)]
                    move |t, a, _| logarithm(&r, t, a),
                ),
                // No tape has one so far.
                Operation::Fma => out.fill(f64::INFINITY),
            }
        }
        Step::Guarded([x, log], place) => {
            let own = matches!(&program.tape().steps[*log as usize],
                Step::Apply(Operation::Log, [of, ..], _) if of == x);
            let r = rounding(*place, *x);
            let of_log = plan.locals[*log as usize];
            each(
                out,
                t,
                at(*x),
                at(*log),
                #[inline(always)]
                move |t, x, log| guarded(&r, &of_log, t, x, log, own),
            );
        }
        Step::Neg(x) | Step::Abs(x) => out.copy_from_slice(at(*x).errors),
        Step::Max(a, b) | Step::Min(a, b) => {
            each(
                out,
                t,
                at(*a),
                at(*b),
                #[inline(always)]
                move |_, a, b| if a.error > b.error { a.error } else { b.error },
            );
        }
        Step::Product(a, b) => {
            each(
                out,
                t,
                at(*a),
                at(*b),
                |_, a, b| {
                    if a.is_zero() || b.is_zero() { 0.0 } else { crossed(a, b) * UP + SMALL }
                },
            )
        }
        Step::Block(range) => {
            let terms = program.tape().terms(range);
            let quantum = program.machine(Place::Sum).target().format.ulp(0.0);
            let r = rounding(Place::Sum, register);
            for (lane, out) in out.iter_mut().enumerate() {
                *out = matrix_unit(&r, quantum, t.at(lane), terms.iter().map(|&term| at(term).at(lane)));
            }
        }
    }
}

/// Whether a masked logit stays one.
fn keeps_infinity(program: &Program, place: Place) -> bool {
    let target = program.machine(place).target();
    target.format.specials.has_infinity() && target.overflow == crate::formats::Overflow::Standard
}

#[inline(always)]
fn masked(kept: bool) -> f64 {
    if kept { 0.0 } else { f64::INFINITY }
}

#[inline(always)]
fn rounded(r: &Rounding, t: Real, a: Real, keeps: bool) -> f64 {
    if a.is_zero() {
        0.0
    } else if a.is_masked() {
        masked(keeps)
    } else {
        r.close(t, a.error)
    }
}

#[inline(always)]
fn sum(r: &Rounding, t: Real, a: Real, b: Real, keeps: bool) -> f64 {
    let error = r.close(t, (a.error + b.error) * UP);
    let is_masked = (a.is_masked() || b.is_masked()) && t.hi == f64::NEG_INFINITY && a.error + b.error < f64::INFINITY;
    let is_zero = (a.is_zero() && b.is_zero()) || (t.lo == 0.0 && t.hi == 0.0 && a.error + b.error == 0.0);
    if is_zero {
        0.0
    } else if is_masked {
        masked(keeps)
    } else {
        error
    }
}

/// |a b - a' b'| for a' and b' within the errors.
#[inline(always)]
fn crossed(a: Real, b: Real) -> f64 {
    a.most() * b.error + b.most() * a.error + a.error * b.error
}

#[inline(always)]
fn product(r: &Rounding, t: Real, a: Real, b: Real, keeps: bool) -> f64 {
    let certain = a.error < a.least() && b.error < b.least();
    if a.is_zero() || b.is_zero() {
        0.0
    } else if (a.is_masked() || b.is_masked()) && certain && t.hi == f64::NEG_INFINITY {
        masked(keeps)
    } else {
        r.close_product(t, crossed(a, b))
    }
}

#[inline(always)]
fn quotient(r: &Rounding, t: Real, a: Real, b: Real, keeps: bool) -> f64 {
    let room = b.least() - b.error;
    let error = r.close_product(t, (a.error + t.most() * b.error) / room);
    if !(room > 0.0 && b.most() < f64::INFINITY) {
        f64::INFINITY
    } else if a.is_zero() {
        0.0
    } else if a.is_masked() && t.hi == f64::NEG_INFINITY {
        masked(keeps)
    } else {
        error
    }
}

#[inline(always)]
fn root(r: &Rounding, t: Real, a: Real) -> f64 {
    let real = if a.lo > 0.0 { a.lo } else { 0.0 };
    let (by_value, by_error) = (a.error / real.sqrt(), a.error.sqrt());
    let carried = if by_value < by_error { by_value } else { by_error };
    let defined = r.non_negative || a.error <= a.lo;
    if a.is_zero() {
        0.0
    } else if defined {
        r.close_product(t, carried)
    } else {
        f64::INFINITY
    }
}

#[inline(always)]
fn exponential(r: &Rounding, t: Real, a: Real) -> f64 {
    let exactly_one = a.lo == 0.0 && a.hi == 0.0 && a.error == 0.0 && r.local.largest >= 1.0;
    // Where the argument is far below 0, the computed value is less than what its error could make of the real one.
    let whole = at_most(a.hi + a.error);
    let part = t.most() * expm1(a.error);
    let error = r.close_product(t, if part < whole { part } else { whole });
    if a.is_masked() || exactly_one { 0.0 } else { error }
}

#[inline(always)]
fn logarithm(r: &Rounding, t: Real, a: Real) -> f64 {
    let room = a.lo - a.error;
    let carried = a.error / room * (1.0 - 0.5 * (a.error / a.lo));
    let exactly_zero = a.lo == 1.0 && a.hi == 1.0 && a.error == 0.0;
    if exactly_zero {
        0.0
    } else if room > 0.0 && a.hi < f64::INFINITY {
        r.close_product(t, carried)
    } else {
        f64::INFINITY
    }
}

/// x log x: by the product's bound, or, where x may be 0, by what is possible near 0.
#[inline(always)]
fn guarded(r: &Rounding, of_log: &Local, t: Real, x: Real, log: Real, own: bool) -> f64 {
    // Where the computed x is 0 the result is 0, off by |t| <= error |log|, which the crossed product contains.
    let error = r.close_product(t, crossed(x, log));
    if x.is_zero() {
        return 0.0;
    }
    // For any computed x' up to the end, |x' log x'| is at most this, and the logarithm is rounded before the product.
    let end = (x.most() + x.error) * UP;
    let most = (xlogx_most(end) * (1.0 + of_log.unit) + end * of_log.eta) * UP + SMALL;
    let cap = r.close(t, (t.most() + most) * UP);
    // No logarithm of an f64 exceeds 800, so that of no computed x' overflows in such a format, nor is it flushed.
    let proper = own && r.non_negative && of_log.largest >= 800.0 && of_log.at_zero <= of_log.eta;
    if proper && (cap < error || error.is_nan()) { cap } else { error }
}

fn matrix_unit(r: &Rounding, quantum: f64, t: Real, terms: impl Iterator<Item = Real>) -> f64 {
    let (mut errors, mut largest, mut count) = (0.0, 0.0_f64, 0.0);
    for term in terms {
        errors += term.error;
        largest = largest.max(term.most() + term.error);
        count += if term.is_zero() { 0.0 } else { 1.0 };
    }
    let two_u = if r.local.unit_exact < r.local.unit { 2.0 * r.local.unit } else { r.local.unit };
    let cut = count * (two_u * largest).max(quantum);
    let carried = (errors + cut) * (1.0 + (count + 2.0) * f64::EPSILON) * UP;
    let truncating = Rounding { local: Local { unit_exact: two_u, eta: quantum, ..r.local }, ..*r };
    let error = if count == 0.0 { errors } else { truncating.close(t, carried) };
    if error.is_nan() { f64::INFINITY } else { error }
}
