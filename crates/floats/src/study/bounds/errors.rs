//! Error bounds for all registers of a tape: a walk over its steps, from the computed values ([`mod@super::running`])
//! or from the real ones ([`mod@super::forward`]).

use std::marker::PhantomData;

use crate::formats::{Operation, Overflow, Subnormals};
use crate::study::mode::Place;
use crate::study::program::Program;
use crate::study::tape::{Register, Step};

use super::enclose::Reference;
use super::plan::{Analysis, Group, Local, UP};
use super::sums::{self, Hypotheses};
use super::walk::{Cases, Rules, apply};

/// What a step adds to the bounds of its operands.
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    /// What its rounding can lose.
    pub local: Local,
    /// The smallest normal number where smaller results become 0, else 0.
    pub flushed_below: f64,
    /// Whether a masked logit stays one.
    pub keeps_infinity: bool,
    /// Whether the computed first operand cannot be negative.
    pub non_negative: bool,
    /// Of x times a logarithm: what the rounding of that can lose.
    pub of_log: Local,
    /// Whether that is the logarithm of x itself.
    pub own_log: bool,
}

impl Loss {
    fn new(program: &Program, analysis: &Analysis, index: usize) -> Loss {
        let step = &program.tape().steps[index];
        let (place, operand) = match step {
            Step::Apply(_, [x, ..], place) | Step::Guarded([x, _], place) => (*place, *x),
            _ => (Place::Sum, index as Register),
        };
        let (machine, local) = (program.machine(place), analysis.locals[index]);
        let target = machine.target();
        let infinite = target.format.specials.has_infinity() && target.overflow == Overflow::Standard;
        let log = if let Step::Guarded([_, log], _) = step { *log as usize } else { index };
        Loss {
            local,
            flushed_below: if target.subnormals == Subnormals::Flush { machine.smallest_normal() } else { 0.0 },
            keeps_infinity: local.largest < f64::INFINITY && infinite,
            non_negative: analysis.non_negative[operand as usize],
            of_log: analysis.locals[log],
            own_log: program.tape().is_own_log(step),
        }
    }
}

/// What bounds are found from: the values of all registers in each case of a block.
pub trait Source: Sized {
    /// What is known of a register in a case: its value, and a bound of its error.
    type Cell: Rules<Context = Loss, Found = f64>;

    /// How many cases there are.
    fn lanes(&self) -> usize;
    /// A register in a case, with that error.
    fn cell(&self, register: Register, lane: usize, error: f64) -> Self::Cell;
    /// Writes f of each case: of a step's own value, and of two registers with their errors.
    fn each(
        &self,
        own: Register,
        x: (Register, &[f64]),
        y: (Register, &[f64]),
        out: &mut [f64],
        f: impl Fn(Self::Cell, Self::Cell, Self::Cell) -> f64,
    );
    /// Whether it is less than infinity.
    fn is_bounded(cell: Self::Cell) -> bool;
    /// The bound of what a matrix unit adds up, which cuts each term below the `quantum`.
    fn matrix_unit(loss: &Loss, quantum: f64, own: Self::Cell, terms: impl Iterator<Item = Self::Cell>) -> f64;
    /// Takes the theorem's bound of a sum where it is smaller and nothing can have reached the largest number.
    fn by_theorem(known: &SoFar<'_, Self>, coefficient: f64, largest: f64, group: &Group, out: &mut [f64]);
    /// Bounds a compensated sum as a whole; `out` is infinite before.
    fn compensated(known: &SoFar<'_, Self>, analysis: &Analysis, group: &Group, out: &mut [f64]);
}

/// The values of all registers, and the bounds that are found so far.
#[derive(Debug)]
pub struct SoFar<'a, V> {
    /// The values.
    pub values: &'a V,
    errors: &'a [f64],
    lanes: usize,
}

impl<'a, V: Source> SoFar<'a, V> {
    /// The bounds of a register that comes before, one for each case.
    pub fn errors(&self, register: Register) -> &'a [f64] {
        &self.errors[register as usize * self.lanes..][..self.lanes]
    }

    /// A register that comes before, in a case.
    pub fn cell(&self, register: Register, lane: usize) -> V::Cell {
        self.values.cell(register, lane, self.errors[register as usize * self.lanes + lane])
    }
}

/// Bounds for one program; reused from block to block, nothing is allocated after the first.
#[derive(Clone, Debug)]
pub struct ErrorBounds<V> {
    analysis: Analysis,
    losses: Vec<Loss>,
    /// For each sum the coefficient of the best theorem, infinite where none applies.
    coefficients: Vec<f64>,
    lanes: usize,
    errors: Vec<f64>,
    values: PhantomData<V>,
}

impl<V: Source> ErrorBounds<V> {
    /// Prepares bounds for a program.
    pub fn new(program: &Program) -> ErrorBounds<V> {
        let analysis = Analysis::new(program);
        let losses = (0..program.tape().steps.len()).map(|index| Loss::new(program, &analysis, index)).collect();
        let coefficients = analysis.groups.iter().map(|group| coefficient(program, &analysis, group)).collect();
        ErrorBounds { analysis, losses, coefficients, lanes: 0, errors: Vec::new(), values: PhantomData }
    }

    /// The bounds of a register, one for each case: |computed - real| is at most this. Those inside compensated sums
    /// are infinite.
    pub fn bounds(&self, register: Register) -> &[f64] {
        &self.errors[register as usize * self.lanes..][..self.lanes]
    }

    /// Bounds the errors of all registers of a block.
    pub fn run(&mut self, program: &Program, values: &V, reference: Reference) {
        let ErrorBounds { analysis, losses, coefficients, lanes, errors, .. } = self;
        let tape = program.tape();
        *lanes = values.lanes();
        errors.resize(tape.steps.len() * *lanes, 0.0);
        let mut next = 0;
        for (index, step) in tape.steps.iter().enumerate() {
            let register = index as Register;
            let (done, rest) = errors.split_at_mut(index * *lanes);
            let (known, out) = (SoFar { values, errors: done, lanes: *lanes }, &mut rest[..*lanes]);
            let group = analysis.groups.get(next).filter(|group| group.sum.steps.contains(&register));
            let ends = group.filter(|group| group.sum.steps.end == register + 1);
            let loss = losses[index];
            if group.is_some() && analysis.is_compensated() {
                out.fill(f64::INFINITY);
                if let Some(group) = ends {
                    V::compensated(&known, analysis, group, out);
                }
            } else {
                let mut cases =
                    Bounding { known: &known, own: register, loss, quantum: quantum(program), out: &mut *out };
                match step {
                    Step::Input { .. } => cases.out.fill(0.0),
                    Step::Constant(..) => cases.out.fill(analysis.constants[index]),
                    Step::Apply(Operation::Round, _, Place::Logits) if reference == Reference::Stored => {
                        for (lane, out) in cases.out.iter_mut().enumerate() {
                            *out = if V::is_bounded(values.cell(register, lane, 0.0)) { 0.0 } else { f64::INFINITY };
                        }
                    }
                    step => apply(step, tape, loss, &mut cases),
                }
                if let Some(group) = ends.filter(|_| coefficients[next] < f64::INFINITY) {
                    V::by_theorem(&known, coefficients[next], loss.local.largest, group, out);
                }
            }
            next += usize::from(ends.is_some());
        }
    }
}

/// The least distance of numbers of the accumulator's format.
fn quantum(program: &Program) -> f64 {
    program.machine(Place::Sum).target().format.ulp(0.0)
}

/// Where the bounds of a step are written.
struct Bounding<'a, V> {
    known: &'a SoFar<'a, V>,
    own: Register,
    loss: Loss,
    quantum: f64,
    out: &'a mut [f64],
}

impl<V: Source> Cases for Bounding<'_, V> {
    type Cell = V::Cell;

    #[inline(always)]
    fn each(&mut self, x: Register, y: Register, f: impl Fn(V::Cell, V::Cell, V::Cell) -> f64) {
        let (x, y) = ((x, self.known.errors(x)), (y, self.known.errors(y)));
        self.known.values.each(self.own, x, y, self.out, f);
    }

    /// No tape has one so far.
    fn fused(&mut self, _: [Register; 3]) {
        self.out.fill(f64::INFINITY);
    }

    fn block(&mut self, terms: &[Register]) {
        let Bounding { known, own, loss, quantum, out } = self;
        for (lane, out) in out.iter_mut().enumerate() {
            let own = known.values.cell(*own, lane, 0.0);
            *out = V::matrix_unit(loss, *quantum, own, terms.iter().map(|&term| known.cell(term, lane)));
        }
    }
}

/// The best coefficient for a sum, infinite where no theorem applies.
fn coefficient(program: &Program, analysis: &Analysis, group: &Group) -> f64 {
    let target = program.machine(Place::Sum).target();
    if target.subnormals != Subnormals::Keep || analysis.is_compensated() {
        return f64::INFINITY;
    }
    sums::coefficient(&Hypotheses {
        terms: group.sum.terms.len(),
        u: target.format.unit_roundoff().to_f64(),
        nearest: target.rounding.is_nearest(),
        fits: group.fits,
        order: analysis.order,
    })
}

/// Adds to what is there.
pub fn add(out: &mut [f64], errors: &[f64]) {
    for (out, &error) in out.iter_mut().zip(errors) {
        *out = (*out + error) * UP;
    }
}
