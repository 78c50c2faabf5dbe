//! A computation as a list of correctly rounded operations on single numbers.

use std::ops::Range;

use num_rational::BigRational;

use crate::formats::Operation;

use super::place::Place;

/// The result of a step, by its position.
pub type Register = u32;

/// An end of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The largest.
    Largest,
    /// The smallest.
    Smallest,
}

impl End {
    /// The step that takes this one of two.
    pub fn step(self, x: Register, y: Register) -> Step {
        match self {
            End::Largest => Step::Max(x, y),
            End::Smallest => Step::Min(x, y),
        }
    }
}

/// One step of a [`Tape`].
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A logit as it is given, f64: the policy's number and the coordinate, both from 0.
    Input {
        /// 0 for z, 1 for y.
        policy: u32,
        /// The coordinate.
        index: u32,
    },
    /// A constant, rounded at its place.
    Constant(BigRational, Place),
    /// An operation, rounded at its place. Unused arguments repeat the first.
    Apply(Operation, [Register; 3], Place),
    /// x log y: 0 where x = 0, else the product of x and the rounded logarithm of y, which a register holds.
    Guarded([Register; 2], Place),
    /// -x
    Neg(Register),
    /// |x|
    Abs(Register),
    /// The larger of two; NaN if one is.
    Max(Register, Register),
    /// The smaller of two; NaN if one is.
    Min(Register, Register),
    /// The exact product, not rounded: it has as many bits as both factors together.
    Product(Register, Register),
    /// What a matrix unit adds to an accumulator in one go: the accumulator first, then the terms.
    Block(Range<u32>),
}

impl Step {
    /// The registers that it reads; those of a block stand in [`Tape::operands`].
    pub fn reads(&self) -> Vec<Register> {
        match self {
            Step::Input { .. } | Step::Constant(..) | Step::Block(_) => Vec::new(),
            Step::Apply(_, arguments, _) => arguments.to_vec(),
            Step::Neg(x) | Step::Abs(x) => vec![*x],
            Step::Guarded([x, y], _) | Step::Max(x, y) | Step::Min(x, y) | Step::Product(x, y) => vec![*x, *y],
        }
    }
}

/// Steps that together are one sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// What is added, in [`Tape::operands`].
    pub terms: Range<u32>,
    /// The steps that do it; the last one has the sum.
    pub steps: Range<u32>,
}

/// A formula for a number K of actions, a chosen action and a mode, as steps each of which uses earlier ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tape {
    /// The steps.
    pub steps: Vec<Step>,
    /// The registers that sums and blocks speak of.
    pub operands: Vec<Register>,
    /// The sums of two terms or more, in order.
    pub sums: Vec<Sum>,
    /// The number of actions.
    pub k: usize,
    /// How many policies it reads: 1 or 2.
    pub policies: usize,
    /// The step whose value is the result.
    pub result: Register,
}

impl Tape {
    /// The registers in a range of [`Tape::operands`].
    pub fn terms(&self, range: &Range<u32>) -> &[Register] {
        &self.operands[range.start as usize..range.end as usize]
    }

    /// Whether a step multiplies a number by its own logarithm.
    pub fn is_own_log(&self, step: &Step) -> bool {
        let Step::Guarded([x, log], _) = step else { return false };
        matches!(&self.steps[*log as usize], Step::Apply(Operation::Log, [of, ..], _) if of == x)
    }

    /// How many roundings one run takes.
    pub fn roundings(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Apply(..) | Step::Guarded(..) | Step::Block(_))).count()
    }
}
