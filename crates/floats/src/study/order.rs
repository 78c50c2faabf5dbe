//! Orders of summation.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use num_rational::BigRational;
use num_traits::Zero;

use crate::formats::Operation;

use super::mode::Place;
use super::summation::{Adder, sum};
use super::tape::{Register, Step, Sum, Tape};

/// How n numbers are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// One after the other.
    Recursive,
    /// Halves, recursively: a tree of height ceil(log2 n).
    Pairwise,
    /// Blocks of this many one after the other, then the sums of the blocks.
    Blocked(u32),
    /// One after the other, each addition's error carried into the next term (Kahan 1965).
    Kahan,
    /// One after the other, the errors summed apart and added at the end (Neumaier 1974; Sum2 of Ogita, Rump and Oishi
    /// 2005).
    Neumaier,
    /// Blocks of this many terms as matrix units add them: the accumulator and the terms are aligned to the largest,
    /// cut to the accumulator's precision and added exactly; the sum is cut again (Fasi, Higham, Mikaitis and Pranesh,
    /// PeerJ Computer Science 2021).
    Tensor(u32),
}

/// The orders as a text names them; N is a number of terms.
pub const ORDERS: [&str; 6] = ["recursive", "pairwise", "blockedN", "kahan", "neumaier", "tensorN"];

/// The largest block.
pub const MAX_BLOCK: u32 = 1 << 20;

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Order::Recursive => f.write_str("recursive"),
            Order::Pairwise => f.write_str("pairwise"),
            Order::Blocked(block) => write!(f, "blocked{block}"),
            Order::Kahan => f.write_str("kahan"),
            Order::Neumaier => f.write_str("neumaier"),
            Order::Tensor(block) => write!(f, "tensor{block}"),
        }
    }
}

/// A text that is no order of summation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no order of summation: {list}, N from 2 to {MAX_BLOCK}", list = ORDERS.join(", "))]
pub struct UnknownOrder(pub String);

impl FromStr for Order {
    type Err = UnknownOrder;

    fn from_str(text: &str) -> Result<Order, UnknownOrder> {
        let block = |digits: &str| digits.parse().ok().filter(|block| (2..=MAX_BLOCK).contains(block));
        let blocked = text.strip_prefix("blocked").and_then(block).map(Order::Blocked);
        let tensor = text.strip_prefix("tensor").and_then(block).map(Order::Tensor);
        match text {
            "recursive" => Some(Order::Recursive),
            "pairwise" => Some(Order::Pairwise),
            "kahan" => Some(Order::Kahan),
            "neumaier" => Some(Order::Neumaier),
            _ => blocked.or(tensor),
        }
        .ok_or_else(|| UnknownOrder(text.to_string()))
    }
}

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
