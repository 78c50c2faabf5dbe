//! What a formula is compiled to: operations on numbers and on vectors, whoever carries them out.

use num_rational::BigRational;
use num_traits::Zero;

use crate::expr::Op;
use crate::formats::Operation;

use super::compile::Compiled;
use super::mode::{Mode, Place};
use super::tape::{Register, Step};

/// A number, or one that is known to be 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entry {
    Zero,
    At(Register),
}

/// A coordinate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Position {
    /// That of the chosen action.
    Chosen,
    /// From 0.
    Fixed(usize),
}

/// Takes down the operations of a formula: for one K and one action coordinate by coordinate
/// ([`Unrolled`](super::unrolled::Unrolled)), or for all of them vector by vector ([`Columns`](super::columns::Columns)).
pub(super) trait Machine {
    /// A vector with an entry for each action.
    type Vector: Clone;

    fn mode(&self) -> &Mode;
    /// The place of operations on single numbers.
    fn here(&mut self) -> &mut Place;
    /// Takes down a step on single numbers.
    fn push(&mut self, step: Step) -> Register;
    /// The number of actions.
    fn size(&mut self) -> Entry;
    /// The entry of an action that the formula names by its number.
    fn fixed(&self, index: usize) -> Compiled<Position>;

    /// A policy's logits, stored and divided by the temperature.
    fn logits(&mut self, policy: usize) -> Compiled<Self::Vector>;
    /// The same number everywhere.
    fn fill(&mut self, x: Entry) -> Self::Vector;
    /// A number at one position, 0 elsewhere.
    fn unit(&mut self, hot: Position, x: Entry) -> Compiled<Self::Vector>;
    /// These numbers; `None` if there are not K of them.
    fn entries(&mut self, items: Vec<Entry>) -> Compiled<Option<Self::Vector>>;
    fn at(&mut self, v: &Self::Vector, position: Position) -> Entry;
    /// The vector with 0 at one position.
    fn others(&mut self, v: &Self::Vector, position: Position) -> Compiled<Self::Vector>;

    fn map(&mut self, operation: Operation, v: &Self::Vector, place: Place) -> Compiled<Self::Vector>;
    fn zip(&mut self, operation: Operation, u: &Self::Vector, v: &Self::Vector, place: Place)
    -> Compiled<Self::Vector>;
    /// -v or |v|.
    fn signs(&mut self, op: Op, v: &Self::Vector) -> Compiled<Self::Vector>;
    /// x log y of each pair.
    fn xlogys(&mut self, x: &Self::Vector, y: &Self::Vector, place: Place) -> Compiled<Self::Vector>;
    /// Products that are not rounded.
    fn products(&mut self, u: &Self::Vector, v: &Self::Vector) -> Compiled<Self::Vector>;

    /// The sum in the accumulator's format and the mode's order.
    fn total(&mut self, v: &Self::Vector) -> Entry;
    /// The largest entry or the smallest.
    fn extreme(&mut self, op: Op, v: &Self::Vector) -> Compiled<Entry>;
    /// The largest entry and the sum of exponentials, rescaled in one pass.
    fn online(&mut self, z: &Self::Vector) -> Compiled<(Entry, Entry)>;

    fn constant(&mut self, value: BigRational, place: Place) -> Entry {
        if value.is_zero() { Entry::Zero } else { Entry::At(self.push(Step::Constant(value, place))) }
    }

    fn register(&mut self, entry: Entry) -> Register {
        match entry {
            Entry::At(register) => register,
            Entry::Zero => {
                let here = *self.here();
                self.push(Step::Constant(BigRational::zero(), here))
            }
        }
    }

    fn unary(&mut self, operation: Operation, x: Entry, place: Place) -> Entry {
        let x = self.register(x);
        Entry::At(self.push(Step::Apply(operation, [x; 3], place)))
    }

    fn binary(&mut self, operation: Operation, x: Entry, y: Entry, place: Place) -> Entry {
        match (operation, x, y) {
            (Operation::Add, Entry::Zero, other) | (Operation::Add | Operation::Sub, other, Entry::Zero) => other,
            (Operation::Sub, Entry::Zero, Entry::At(y)) => Entry::At(self.push(Step::Neg(y))),
            (Operation::Mul, Entry::Zero, _) | (Operation::Mul, _, Entry::Zero) => Entry::Zero,
            _ => {
                let (x, y) = (self.register(x), self.register(y));
                Entry::At(self.push(Step::Apply(operation, [x, y, x], place)))
            }
        }
    }

    /// -x or |x|.
    fn sign(&mut self, op: Op, x: Entry) -> Entry {
        match x {
            Entry::Zero => Entry::Zero,
            Entry::At(x) => Entry::At(self.push(if op == Op::Neg { Step::Neg(x) } else { Step::Abs(x) })),
        }
    }

    fn xlogy(&mut self, x: Entry, y: Entry, place: Place) -> Entry {
        match x {
            Entry::Zero => Entry::Zero,
            Entry::At(x) => {
                let log = self.unary(Operation::Log, y, place);
                let log = self.register(log);
                Entry::At(self.push(Step::Guarded([x, log], place)))
            }
        }
    }

    /// A sum in the accumulator's format, and rounded to where it is used.
    fn sum(&mut self, v: &Self::Vector, place: Place) -> Entry {
        match self.total(v) {
            Entry::Zero => Entry::Zero,
            total => self.unary(Operation::Round, total, place),
        }
    }

    /// The sum of the products of two vectors.
    fn dot(&mut self, u: &Self::Vector, v: &Self::Vector, place: Place) -> Compiled<Entry> {
        let products = if self.mode().exact_products {
            self.products(u, v)?
        } else {
            self.zip(Operation::Mul, u, v, Place::Product)?
        };
        Ok(self.sum(&products, place))
    }
}
