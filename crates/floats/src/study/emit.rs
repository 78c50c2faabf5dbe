//! Sums as steps of a tape.

use std::ops::Range;

use num_rational::BigRational;
use num_traits::Zero;

use crate::formats::Operation;

use super::order::Order;
use super::place::Place;
use super::summation::{Adder, sum};
use super::tape::{Register, Step, Sum, Tape};

impl Order {
    /// Appends the steps that add up these registers; the register of the sum.
    ///
    /// # Panics
    /// If there are none.
    pub fn emit(self, tape: &mut Tape, terms: &[Register]) -> Register {
        assert!(!terms.is_empty(), "a sum has terms");
        let first = tape.steps.len() as Register;
        let total = sum(self, Emit(tape), terms);
        if terms.len() > 1 {
            let terms = append(tape, terms);
            tape.sums.push(Sum { terms, steps: first..tape.steps.len() as Register });
        }
        total
    }
}

/// Appends operands.
fn append(tape: &mut Tape, operands: &[Register]) -> Range<u32> {
    let start = tape.operands.len() as u32;
    tape.operands.extend(operands);
    start..tape.operands.len() as u32
}

/// Appends steps in the accumulator's format.
struct Emit<'t>(&'t mut Tape);

impl Emit<'_> {
    fn push(&mut self, step: Step) -> Register {
        self.0.steps.push(step);
        self.0.steps.len() as Register - 1
    }

    fn apply(&mut self, operation: Operation, x: Register, y: Register) -> Register {
        self.push(Step::Apply(operation, [x, y, x], Place::Sum))
    }
}

impl Adder for Emit<'_> {
    type Item = Register;
    type Number = Register;

    fn zero(&mut self) -> Register {
        self.push(Step::Constant(BigRational::zero(), Place::Sum))
    }

    fn round(&mut self, term: &[Register]) -> Register {
        self.apply(Operation::Round, term[0], term[0])
    }

    fn add(&mut self, x: &Register, y: &Register) -> Register {
        self.apply(Operation::Add, *x, *y)
    }

    fn sub(&mut self, x: &Register, y: &Register) -> Register {
        self.apply(Operation::Sub, *x, *y)
    }

    fn add_term(&mut self, x: &Register, term: &[Register]) -> Register {
        self.add(x, &term[0])
    }

    fn sub_from_term(&mut self, term: &[Register], x: &Register) -> Register {
        self.sub(&term[0], x)
    }

    fn block(&mut self, x: &Register, terms: &[Register]) -> Register {
        let operands = append(self.0, &[&[*x], terms].concat());
        self.push(Step::Block(operands))
    }

    fn last(&mut self, x: Register) -> Register {
        self.round(&[x])
    }
}
