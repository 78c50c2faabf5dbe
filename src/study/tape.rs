//! A computation as a list of correctly rounded operations on single numbers.

use num_rational::BigRational;

use crate::formats::Operation;

use super::mode::Place;

/// The result of a step, by its position.
pub type Register = u32;

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
    /// The sum of [`Tape::operands`] in this range, in the mode's order and accumulator.
    Sum(std::ops::Range<u32>),
    /// The same where operands come in pairs whose exact products are summed.
    Dot(std::ops::Range<u32>),
}

/// A formula for a number K of actions, a chosen action and a mode, as steps each of which uses earlier ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tape {
    /// The steps.
    pub steps: Vec<Step>,
    /// What the sums add.
    pub operands: Vec<Register>,
    /// The number of actions.
    pub k: usize,
    /// How many policies it reads: 1 or 2.
    pub policies: usize,
    /// The step whose value is the result.
    pub result: Register,
}

impl Tape {
    /// The registers that a sum adds, or that a dot product takes in pairs.
    pub fn terms(&self, range: &std::ops::Range<u32>) -> &[Register] {
        &self.operands[range.start as usize..range.end as usize]
    }

    /// How many roundings one run takes: one for an operation, as many as additions for a sum.
    pub fn roundings(&self) -> usize {
        let one = |step: &Step| match step {
            Step::Apply(..) | Step::Guarded(..) => 1,
            Step::Sum(range) => range.len().saturating_sub(1),
            Step::Dot(range) => (range.len() / 2).saturating_sub(1),
            _ => 0,
        };
        self.steps.iter().map(one).sum()
    }
}
