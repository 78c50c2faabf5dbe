//! Orders of summation.

use std::fmt;
use std::str::FromStr;

use num_rational::BigRational;
use num_traits::Zero;

use crate::formats::Operation;

use super::mode::Place;
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
        let first = tape.steps.len() as Register;
        let mut emit = Emit(tape);
        let total = match self {
            Order::Recursive => emit.recursive(terms),
            Order::Pairwise => emit.pairwise(terms),
            Order::Blocked(block) => {
                let sums: Vec<Register> = terms.chunks(block as usize).map(|block| emit.recursive(block)).collect();
                emit.recursive(&sums)
            }
            Order::Kahan => emit.kahan(terms),
            Order::Neumaier => emit.neumaier(terms),
            Order::Tensor(block) => emit.tensor(terms, block as usize),
        };
        if terms.len() > 1 {
            let start = tape.operands.len() as u32;
            tape.operands.extend(terms);
            let terms = start..tape.operands.len() as u32;
            tape.sums.push(Sum { terms, steps: first..tape.steps.len() as Register });
        }
        total
    }
}

/// Appends steps in the accumulator's format.
struct Emit<'t>(&'t mut Tape);

impl Emit<'_> {
    fn push(&mut self, step: Step) -> Register {
        self.0.steps.push(step);
        self.0.steps.len() as Register - 1
    }

    fn add(&mut self, x: Register, y: Register) -> Register {
        self.push(Step::Apply(Operation::Add, [x, y, x], Place::Sum))
    }

    fn sub(&mut self, x: Register, y: Register) -> Register {
        self.push(Step::Apply(Operation::Sub, [x, y, x], Place::Sum))
    }

    fn round(&mut self, x: Register) -> Register {
        self.push(Step::Apply(Operation::Round, [x; 3], Place::Sum))
    }

    fn zero(&mut self) -> Register {
        self.push(Step::Constant(BigRational::zero(), Place::Sum))
    }

    fn recursive(&mut self, terms: &[Register]) -> Register {
        let (&first, rest) = terms.split_first().expect("a sum has terms");
        let first = self.round(first);
        rest.iter().fold(first, |total, &term| self.add(total, term))
    }

    fn pairwise(&mut self, terms: &[Register]) -> Register {
        match terms {
            [one] => self.round(*one),
            _ => {
                let (left, right) = terms.split_at(terms.len().div_ceil(2));
                let (left, right) = (self.pairwise(left), self.pairwise(right));
                self.add(left, right)
            }
        }
    }

    fn kahan(&mut self, terms: &[Register]) -> Register {
        let (&first, rest) = terms.split_first().expect("a sum has terms");
        let mut total = self.round(first);
        let mut carry = self.zero();
        for &term in rest {
            let term = self.sub(term, carry);
            let next = self.add(total, term);
            let taken = self.sub(next, total);
            carry = self.sub(taken, term);
            total = next;
        }
        // The last step is the sum, which the carry is not.
        self.round(total)
    }

    fn neumaier(&mut self, terms: &[Register]) -> Register {
        let (&first, rest) = terms.split_first().expect("a sum has terms");
        let mut total = self.round(first);
        let mut errors = self.zero();
        for &term in rest {
            // Knuth's two-sum: next + error = total + term.
            let next = self.add(total, term);
            let of_term = self.sub(next, total);
            let of_total = self.sub(next, of_term);
            let (left, right) = (self.sub(total, of_total), self.sub(term, of_term));
            let error = self.add(left, right);
            errors = self.add(errors, error);
            total = next;
        }
        self.add(total, errors)
    }

    fn tensor(&mut self, terms: &[Register], block: usize) -> Register {
        let mut total = self.zero();
        for block in terms.chunks(block) {
            let start = self.0.operands.len() as u32;
            self.0.operands.push(total);
            self.0.operands.extend(block);
            let range = start..self.0.operands.len() as u32;
            total = self.push(Step::Block(range));
        }
        total
    }
}
