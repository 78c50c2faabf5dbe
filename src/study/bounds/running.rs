//! Running error bounds: from the computed values of a run, how far each can be from its real value.
//!
//! Wilkinson's running error analysis (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 3.3):
//! each step's bound follows from those of its operands and from what its own rounding can lose ([`Local::lost`]).
//! Every bound is a short sum of products and quotients of positive numbers in f64; multiplying by [`UP`] covers their
//! roundings, and adding [`SMALL`] what underflows in them.

use crate::arith::elementary64;
use crate::arith::simd::vectorized;
use crate::formats::Operation;
use crate::study::mode::Place;
use crate::study::program::{Block, Program};
use crate::study::tape::{Register, Step};

use super::compensated::Layout;
use super::enclose::Reference;
use super::growth::{at_most, expm1, raised};
use super::plan::{Group, Local, Plan, UP};
use super::span::SMALL;
use super::sums::{self, Hypotheses};

/// Running bounds for one program; reused from block to block, nothing is allocated after the first.
#[derive(Clone, Debug)]
pub struct Running {
    plan: Plan,
    lanes: usize,
    errors: Vec<f64>,
    /// For each group that is no compensated sum, the coefficient of the best theorem.
    coefficients: Vec<f64>,
}

/// The bound of the result in each case of a block: |computed - real| is at most this. Infinite where nothing can be
/// said. For many blocks keep a [`Running`].
pub fn running(program: &Program, block: &Block, reference: Reference) -> Vec<f64> {
    let mut running = Running::new(program);
    running.run(program, block, reference);
    running.bounds(program.tape().result).to_vec()
}

/// A computed number, and how far it can be from the real one.
#[derive(Clone, Copy)]
pub(super) struct Near {
    pub value: f64,
    pub error: f64,
}

#[derive(Clone, Copy)]
struct Column<'a> {
    values: &'a [f64],
    errors: &'a [f64],
}

impl Running {
    /// Prepares bounds for a program.
    pub fn new(program: &Program) -> Running {
        let plan = Plan::new(program);
        let coefficients = plan.groups.iter().map(|group| coefficient(program, &plan, group)).collect();
        Running { plan, lanes: 0, errors: Vec::new(), coefficients }
    }

    /// The bounds of a register, one for each case. Those inside compensated sums are infinite.
    pub fn bounds(&self, register: Register) -> &[f64] {
        &self.errors[register as usize * self.lanes..][..self.lanes]
    }

    /// Bounds the errors of all registers of a block that the program has run.
    pub fn run(&mut self, program: &Program, block: &Block, reference: Reference) {
        let tape = program.tape();
        let lanes = block.lanes();
        self.lanes = lanes;
        self.errors.resize(tape.steps.len() * lanes, 0.0);
        let mut next = 0;
        for index in 0..tape.steps.len() {
            let (done, rest) = self.errors.split_at_mut(index * lanes);
            let out = &mut rest[..lanes];
            let at = |register: Register| Column {
                values: block.register(register),
                errors: &done[register as usize * lanes..][..lanes],
            };
            let group = self.plan.groups.get(next).filter(|group| group.sum.steps.contains(&(index as Register)));
            let ends = group.is_some_and(|group| group.sum.steps.end as usize == index + 1);
            next += usize::from(ends);
            match group {
                Some(group) if self.plan.is_compensated() => {
                    out.fill(if ends { 0.0 } else { f64::INFINITY });
                    if ends {
                        let terms = tape.terms(&group.sum.terms);
                        compensated(&self.plan, group, terms.len(), block, out);
                        terms.iter().for_each(|&term| add(out, at(term).errors));
                    }
                }
                _ => {
                    let local = &self.plan.locals[index];
                    step(program, index, local, self.plan.constants[index], reference, block, at, out);
                    if let Some(group) = group.filter(|_| ends) {
                        let terms = tape.terms(&group.sum.terms);
                        by_theorem(self.coefficients[next - 1], local, group, terms.iter().map(|&t| at(t)), block, out);
                    }
                }
            }
        }
    }
}

/// The best coefficient for a sum, infinite where no theorem applies.
pub(super) fn coefficient(program: &Program, plan: &Plan, group: &Group) -> f64 {
    let target = program.machine(Place::Sum).target();
    let keeps = target.subnormals == crate::formats::Subnormals::Keep;
    if !keeps || plan.is_compensated() {
        return f64::INFINITY;
    }
    sums::coefficient(&Hypotheses {
        terms: group.sum.terms.len(),
        u: target.format.unit_roundoff().to_f64(),
        nearest: target.rounding.is_nearest(),
        fits: group.fits,
        order: plan.order,
    })
}

/// Writes f of each case.
#[inline(always)]
fn each(out: &mut [f64], y: &[f64], a: Column<'_>, b: Column<'_>, f: impl Fn(f64, Near, Near) -> f64) {
    vectorized(
        out,
        #[inline(always)]
        move |out| {
            let (first, second) = (a.values.iter().zip(a.errors), b.values.iter().zip(b.errors));
            for (((out, &y), a), b) in out.iter_mut().zip(y).zip(first).zip(second) {
                let error = f(y, Near { value: *a.0, error: *a.1 }, Near { value: *b.0, error: *b.1 });
                *out = if error.is_nan() { f64::INFINITY } else { error };
            }
        },
    );
}

/// Adds to what is there.
fn add(out: &mut [f64], errors: &[f64]) {
    for (out, &error) in out.iter_mut().zip(errors) {
        *out = (*out + error) * UP;
    }
}

#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn step<'a>(
    program: &Program,
    index: usize,
    local: &Local,
    constant: f64,
    reference: Reference,
    block: &Block,
    at: impl Fn(Register) -> Column<'a>,
    out: &mut [f64],
) {
    // By value into the loops, so that they need not ask memory for it again.
    let local = *local;
    let y = block.register(index as Register);
    match &program.tape().steps[index] {
        Step::Input { .. } => out.fill(0.0),
        Step::Constant(..) => out.fill(constant),
        Step::Apply(Operation::Round, _, Place::Logits) if reference == Reference::Stored => {
            for (out, y) in out.iter_mut().zip(y) {
                *out = if *y < f64::INFINITY { 0.0 } else { f64::INFINITY };
            }
        }
        Step::Apply(operation, [a, b, _], _) => {
            let (a, b) = (at(*a), at(*b));
            match operation {
                Operation::Round => each(
                    out,
                    y,
                    a,
                    a,
                    #[inline(always)]
                    move |y, a, _| a.error + if y == a.value { 0.0 } else { lost(&local, y, a.value) },
                ),
                Operation::Add => each(
                    out,
                    y,
                    a,
                    b,
                    #[inline(always)]
                    move |y, a, b| sum(&local, y, a, b, a.value + b.value),
                ),
                Operation::Sub => each(
                    out,
                    y,
                    a,
                    b,
                    #[inline(always)]
                    move |y, a, b| sum(&local, y, a, b, a.value - b.value),
                ),
                Operation::Mul => each(
                    out,
                    y,
                    a,
                    b,
                    #[inline(always)]
                    move |y, a, b| product(&local, y, a, b),
                ),
                Operation::Div => each(
                    out,
                    y,
                    a,
                    b,
                    #[inline(always)]
                    move |y, a, b| quotient(&local, y, a, b),
                ),
                Operation::Sqrt => each(
                    out,
                    y,
                    a,
                    a,
                    #[inline(always)]
                    move |y, a, _| root(&local, y, a),
                ),
                Operation::Exp => each(
                    out,
                    y,
                    a,
                    a,
                    #[inline(always)]
                    move |y, a, _| exponential(&local, y, a),
                ),
                Operation::Log => each(
                    out,
                    y,
                    a,
                    a,
                    #[inline(always)]
                    move |y, a, _| logarithm(&local, y, a),
                ),
                // No tape has one so far.
                Operation::Fma => out.fill(f64::INFINITY),
            }
        }
        Step::Guarded([x, log], _) => {
            let own = matches!(&program.tape().steps[*log as usize],
                Step::Apply(Operation::Log, [of, ..], _) if of == x);
            each(
                out,
                y,
                at(*x),
                at(*log),
                #[inline(always)]
                move |y, x, log| guarded(&local, y, x, log, own),
            );
        }
        Step::Neg(x) | Step::Abs(x) => out.copy_from_slice(at(*x).errors),
        Step::Max(a, b) | Step::Min(a, b) => {
            each(
                out,
                y,
                at(*a),
                at(*b),
                #[inline(always)]
                move |_, a, b| if a.error > b.error { a.error } else { b.error },
            );
        }
        Step::Product(a, b) => each(
            out,
            y,
            at(*a),
            at(*b),
            #[inline(always)]
            move |y, a, b| {
                (a.value.abs() * b.error + b.value.abs() * a.error + a.error * b.error) * UP
                    + tiny(y, 0.0, a.error + b.error)
            },
        ),
        Step::Block(range) => {
            let terms = program.tape().terms(range);
            let quantum = program.machine(Place::Sum).target().format.ulp(0.0);
            for (lane, out) in out.iter_mut().enumerate() {
                *out = matrix_unit(
                    &local,
                    quantum,
                    y[lane],
                    terms.iter().map(|&term| {
                        let column = at(term);
                        Near { value: column.values[lane], error: column.errors[lane] }
                    }),
                );
            }
        }
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

#[inline(always)]
fn product(local: &Local, y: f64, a: Near, b: Near) -> f64 {
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
fn quotient(local: &Local, y: f64, a: Near, b: Near) -> f64 {
    let q = a.value / b.value;
    let room = b.value.abs() - b.error;
    let masked = y == q && a.value.is_infinite() && a.error < f64::INFINITY && b.value.is_finite();
    let lost = if a.value == 0.0 { 0.0 } else { lost(local, y, q) };
    let error = ((a.error + q.abs() * b.error) / room + lost) * UP + tiny(y, lost, a.error + b.error);
    if room > 0.0 && b.value.is_finite() { if masked { 0.0 } else { error } } else { f64::INFINITY }
}

#[inline(always)]
fn root(local: &Local, y: f64, a: Near) -> f64 {
    let q = a.value.sqrt();
    let (by_value, by_error) = (a.error / q.abs(), a.error.sqrt());
    let carried = if by_value < by_error { by_value } else { by_error };
    let lost = if a.value == 0.0 { 0.0 } else { lost(local, y, q) };
    if a.value >= 0.0 { (carried + lost) * UP + tiny(y, lost, a.error) } else { f64::INFINITY }
}

#[inline(always)]
fn exponential(local: &Local, y: f64, a: Near) -> f64 {
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
fn logarithm(local: &Local, y: f64, a: Near) -> f64 {
    let room = a.value - a.error;
    // -log(1 - r) <= r (1 - r/2)/(1 - r) for r = error/value: compare the series.
    let carried = a.error / room * (1.0 - 0.5 * (a.error / a.value));
    let lost = if a.value == 1.0 && y == 0.0 { 0.0 } else { lost(local, y, elementary64::log(a.value)) };
    if room > 0.0 && a.value.is_finite() { (carried + lost) * UP + tiny(y, lost, a.error) } else { f64::INFINITY }
}

/// x log x is between the product's bound and what x near 0 leaves possible.
#[inline(always)]
fn guarded(local: &Local, y: f64, x: Near, log: Near, own: bool) -> f64 {
    let size = log.value.abs() + log.error;
    let at_zero = if x.error == 0.0 { 0.0 } else { x.error * size * UP + SMALL };
    let error = if x.value == 0.0 { at_zero } else { product(local, y, x, log) };
    let cap = (y.abs() + xlogx_most(x.value + x.error)) * UP;
    if own && x.value >= 0.0 && (cap < error || error.is_nan()) { cap } else { error }
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
pub(super) fn matrix_unit(local: &Local, quantum: f64, y: f64, terms: impl Iterator<Item = Near>) -> f64 {
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
fn compensated(plan: &Plan, group: &Group, terms: usize, block: &Block, out: &mut [f64]) {
    let Some(layout) = Layout::new(plan.order, &group.sum.steps, terms) else { return };
    let values = |step: usize| block.register(step as Register);
    let mut lose = |step: usize| {
        let local = &plan.locals[step];
        for (out, &y) in out.iter_mut().zip(values(step)) {
            let lost = if y.abs() < local.largest { local.lost(y) } else { f64::INFINITY };
            *out = (*out + lost) * UP;
        }
    };
    lose(layout.first);
    for part in layout.neumaier() {
        lose(part.errors);
        if !(plan.exact_errors && group.fits) {
            part.inner.into_iter().for_each(&mut lose);
        }
    }
    if plan.order == crate::study::order::Order::Neumaier {
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
            let dekker = plan.exact_errors && values(part.before)[lane].abs() >= values(part.term)[lane].abs();
            let of = |step: usize| plan.locals[step].lost(values(step)[lane]);
            *out = (*out + if dekker { 0.0 } else { of(part.taken) + of(part.carry) }) * UP;
        }
    }
    // A sum that overflows on the way shows it in its totals, and these in the steps after them.
    for step in layout.first..=layout.last {
        let local = &plan.locals[step];
        for (out, &y) in out.iter_mut().zip(values(step)) {
            *out = if y.abs() < local.largest || local.largest == 0.0 { *out } else { f64::INFINITY };
        }
    }
}

/// Takes the theorem's bound where it is smaller and nothing reached the largest number.
fn by_theorem<'a>(
    coefficient: f64,
    local: &Local,
    group: &Group,
    terms: impl ExactSizeIterator<Item = Column<'a>> + Clone,
    block: &Block,
    out: &mut [f64],
) {
    if coefficient == f64::INFINITY {
        return;
    }
    let n = terms.len() as f64;
    for (lane, out) in out.iter_mut().enumerate() {
        let inside = |step: u32| block.register(step)[lane].abs() < local.largest;
        if !group.sum.steps.clone().all(inside) {
            continue;
        }
        let sizes: f64 = terms.clone().map(|term| term.values[lane].abs()).sum();
        let errors: f64 = terms.clone().map(|term| term.errors[lane]).sum();
        // Terms off the accumulator's grid lose up to eta in each of n additions.
        let eta = n * group.eta;
        let bound = (coefficient * sizes + errors + eta) * (1.0 + n * f64::EPSILON) * UP;
        if bound < *out {
            *out = bound;
        }
    }
}
