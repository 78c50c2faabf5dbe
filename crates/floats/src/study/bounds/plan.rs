//! What the error analysis of a tape needs to know of each step before any case.

use crate::formats::{Narrow, Operation, Subnormals};
use crate::study::machines::Grid;
use crate::study::mode::Place;
use crate::study::order::Order;
use crate::study::program::Program;
use crate::study::tape::{Register, Step, Sum, Tape};

/// What one rounding can lose: |y - x| for the exact x and the rounded y.
///
/// Where y is normal, half a unit in its last place, 2^(e-p) <= 2^-p |y|, to nearest, and twice that in any other
/// direction; where it is subnormal, half the distance of subnormal numbers or all of it. What is flushed was below
/// the smallest normal number. Sums and differences of multiples of that distance are multiples of it, hence exact
/// where they are subnormal (Hauser 1996).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Local {
    /// The largest error relative to the result: u = 2^-p to nearest, else 2u.
    pub unit: f64,
    /// The same relative to the exact number.
    pub unit_exact: f64,
    /// The largest error among subnormal results; 0 where those are exact.
    pub eta: f64,
    /// The largest error of a result that is 0.
    pub at_zero: f64,
    /// A result at least as large as this may have been cut.
    pub largest: f64,
}

impl Local {
    fn new(machine: &Narrow, operation: Option<Operation>, operands: Option<Grid>) -> Local {
        let target = machine.target();
        let nearest = target.rounding.is_nearest();
        let (u, unit) = (target.format.unit_roundoff().to_f64(), target.unit_roundoff());
        let quantum = target.format.ulp(0.0);
        let is_sum = matches!(operation, Some(Operation::Add | Operation::Sub));
        let on_grid = operands.is_some_and(|grid| grid.quantum >= machine.target().format.quantum());
        let fits = operands.is_some_and(|grid| grid.precision <= target.format.precision);
        if operation == Some(Operation::Round) && fits && on_grid {
            let at_zero = if target.subnormals == Subnormals::Flush { machine.smallest_normal() } else { 0.0 };
            return Local { at_zero, largest: machine.largest(), ..Local::default() };
        }
        let eta = match () {
            () if is_sum && on_grid => 0.0,
            // Half of 2^-1074 is no f64.
            () if nearest && !machine.is_native() => quantum / 2.0,
            () => quantum,
        };
        // Jeannerod and Rump, "On relative errors of floating-point operations: optimal bounds and applications", Math.
        // Comp. 2018, Table 1. Those of quotients and roots are for operands of the same precision.
        let unit_exact = match operation {
            _ if !nearest => unit,
            Some(Operation::Div) if fits => u - 2.0 * u * u,
            Some(Operation::Sqrt) if fits => 2.0 * u / ((1.0 + 2.0 * u) + (1.0 + 2.0 * u).sqrt()),
            _ => u / (1.0 + u),
        };
        Local {
            unit,
            unit_exact: (unit_exact * UP).min(unit),
            eta,
            at_zero: if target.subnormals == Subnormals::Flush { machine.smallest_normal() } else { eta },
            largest: machine.largest(),
        }
    }

    /// What the rounding to `y` can have lost, unless it was cut at the largest number.
    #[inline(always)]
    pub fn lost(&self, y: f64) -> f64 {
        let (relative, eta) = (self.unit * y.abs(), self.eta);
        let kept = if relative > eta { relative } else { eta };
        if y == 0.0 { self.at_zero } else { kept }
    }
}

/// 1 + 2^-48: covers sixteen f64 roundings of positive numbers, (1 + 2^-53)^16 < 1 + 2^-48.
pub const UP: f64 = 1.0 + 16.0 * f64::EPSILON;

/// A group of steps that is one sum, with what its theorems suppose.
#[derive(Clone, Debug)]
pub struct Group {
    /// The terms and the steps.
    pub sum: Sum,
    /// The registers of the terms.
    pub terms: Vec<Register>,
    /// Whether all terms are numbers of the accumulator's format, apart from its range.
    pub fits: bool,
    /// The most that an addition can lose among subnormal numbers.
    pub eta: f64,
}

/// Everything of a program that does not depend on the case.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// For each step that rounds, what that can lose.
    pub locals: Vec<Local>,
    /// For each constant, how far it is from the rational number.
    pub constants: Vec<f64>,
    /// For each step, whether its computed value cannot be negative.
    pub non_negative: Vec<bool>,
    /// The sums.
    pub groups: Vec<Group>,
    /// How the sums are formed.
    pub order: Order,
    /// Whether the accumulator rounds to nearest and keeps subnormal numbers: what two-sums need.
    pub exact_errors: bool,
}

impl Analysis {
    /// Analyses a program.
    pub fn new(program: &Program) -> Analysis {
        let tape = program.tape();
        let local = |step: &Step| match step {
            Step::Apply(operation, arguments, place) => {
                let machine = program.machine(*place);
                let all = arguments[..operation.arity()].iter().map(|&register| program.grid(register));
                Local::new(machine, Some(*operation), all.reduce(Grid::finer))
            }
            Step::Guarded(_, place) => Local::new(program.machine(*place), Some(Operation::Mul), None),
            Step::Block(_) => Local::new(program.machine(Place::Sum), None, None),
            _ => Local::default(),
        };
        let constant = |(index, step): (usize, &Step)| match step {
            Step::Constant(value, _) => distance(value, program.constant(index)),
            _ => 0.0,
        };
        let accumulator = program.machine(Place::Sum);
        let own = Grid::of(accumulator);
        let fits = |sum: &Sum| tape.terms(&sum.terms).iter().all(|&term| program.grid(term).fits(own));
        let group = |sum: &Sum| {
            let eta = if fits(sum) { 0.0 } else { accumulator.target().format.ulp(0.0) };
            Group { fits: fits(sum), eta, terms: tape.terms(&sum.terms).to_vec(), sum: sum.clone() }
        };
        Analysis {
            locals: tape.steps.iter().map(local).collect(),
            constants: tape.steps.iter().enumerate().map(constant).collect(),
            non_negative: signs(program),
            groups: tape.sums.iter().map(group).collect(),
            order: program.mode().order,
            exact_errors: accumulator.target().rounding.is_nearest()
                && accumulator.target().subnormals == Subnormals::Keep,
        }
    }

    /// Whether sums carry corrections, so that their steps do not have errors of their own.
    pub fn is_compensated(&self) -> bool {
        matches!(self.order, Order::Kahan | Order::Neumaier)
    }
}

/// Which computed values cannot be negative; inside compensated sums nothing is said.
fn signs(program: &Program) -> Vec<bool> {
    let Tape { steps, operands, .. } = program.tape();
    let compensated = matches!(program.mode().order, Order::Kahan | Order::Neumaier);
    let mut signs: Vec<bool> = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let at = |register: &u32| signs[*register as usize];
        signs.push(match step {
            Step::Input { .. } | Step::Neg(_) | Step::Guarded(..) => false,
            Step::Constant(..) => program.constant(index) >= 0.0,
            Step::Apply(operation, [x, y, z], place) => match operation {
                Operation::Exp | Operation::Sqrt => true,
                Operation::Log | Operation::Sub => false,
                Operation::Round => at(x),
                Operation::Add => at(x) && at(y) && !(compensated && *place == Place::Sum),
                Operation::Mul => x == y || (at(x) && at(y)),
                Operation::Div => at(x) && at(y),
                Operation::Fma => (x == y || (at(x) && at(y))) && at(z),
            },
            Step::Abs(_) => true,
            Step::Max(x, y) => at(x) || at(y),
            Step::Min(x, y) => at(x) && at(y),
            Step::Product(x, y) => x == y || (at(x) && at(y)),
            Step::Block(range) => operands[range.start as usize..range.end as usize].iter().all(at),
        });
    }
    signs
}

/// |value - x|, rounded upward.
fn distance(value: &num_rational::BigRational, x: f64) -> f64 {
    use crate::arith::rational::Rational as _;
    let Some(x) = rug::Rational::from_f64(x) else { return f64::INFINITY };
    let difference = (rug::Rational::from_big(value) - x).abs();
    rug::Float::with_val_round(53, &difference, rug::float::Round::Up).0.to_f64_round(rug::float::Round::Up)
}
