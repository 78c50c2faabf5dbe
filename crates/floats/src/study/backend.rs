//! What a formula is compiled to: a back end takes down operations on numbers and on vectors, however it keeps them.

use num_rational::BigRational;
use num_traits::Zero;

use crate::expr::{Tree, Type};
use crate::formats::Operation;

use super::mode::{Mode, Place};
use super::setting::{Compiled, NotComputed};
use super::tape::{End, Register, Step};

/// A number, or one that is known to be 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry {
    /// 0, for which no step is needed.
    Zero,
    /// What a register holds.
    At(Register),
}

/// A coordinate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Position {
    /// That of the chosen action.
    Chosen,
    /// From 0.
    Fixed(usize),
}

/// What an expression has become.
#[derive(Clone, Debug)]
pub enum Operand<V> {
    /// A number.
    Real(Entry),
    /// A vector, as the back end keeps it.
    Vector(V),
}

impl<V> Operand<V> {
    /// The language is typed, so that an expression which asks for a real has one.
    pub(super) fn real(self, tree: &Tree) -> Compiled<Entry> {
        match self {
            Operand::Real(entry) => Ok(entry),
            Operand::Vector(_) => Err(NotComputed::Construct(tree.to_string(), "it is a vector")),
        }
    }

    pub(super) fn vector(self, tree: &Tree) -> Compiled<V> {
        match self {
            Operand::Vector(v) => Ok(v),
            Operand::Real(_) => Err(NotComputed::Construct(tree.to_string(), "it is no vector")),
        }
    }
}

/// Takes down the operations of a formula: for one K and one action coordinate by coordinate, on a tape or as a text
/// ([`Unrolled`](super::unrolled::Unrolled)), or for all of them vector by vector (`columns`).
pub trait BackEnd {
    /// A vector with an entry for each action.
    type Vector: Clone;

    /// The mode: the order of sums, the algorithm of the softmax.
    fn mode(&self) -> &Mode;
    /// The place of operations on single numbers.
    fn here(&mut self) -> &mut Place;
    /// Takes down a step on single numbers.
    fn push(&mut self, step: Step) -> Register;
    /// The number of actions.
    fn size(&mut self) -> Entry;
    /// The entry of an action that the formula names by its number, from 1.
    ///
    /// # Errors
    /// If there is none.
    fn fixed(&self, index: usize) -> Compiled<Position>;

    /// A policy's logits, stored and divided by the temperature.
    ///
    /// # Errors
    /// As of all below: if the back end has no such vector.
    fn logits(&mut self, policy: usize) -> Compiled<Self::Vector>;
    /// The same number everywhere.
    fn fill(&mut self, x: Entry) -> Self::Vector;
    /// A number at one position, 0 elsewhere.
    fn unit(&mut self, hot: Position, x: Entry) -> Compiled<Self::Vector>;
    /// These numbers; `None` if there are not K of them.
    fn entries(&mut self, items: Vec<Entry>) -> Compiled<Option<Self::Vector>>;
    /// An entry of a vector.
    fn at(&mut self, v: &Self::Vector, position: Position) -> Entry;
    /// The vector with 0 at one position.
    fn others(&mut self, v: &Self::Vector, position: Position) -> Compiled<Self::Vector>;

    /// An operation on each entry.
    fn map(&mut self, operation: Operation, v: &Self::Vector, place: Place) -> Compiled<Self::Vector>;
    /// An operation on each pair of entries.
    fn zip(&mut self, operation: Operation, u: &Self::Vector, v: &Self::Vector, place: Place)
    -> Compiled<Self::Vector>;
    /// -v or |v|, by the step that does it to a number.
    fn signs(&mut self, step: fn(Register) -> Step, v: &Self::Vector) -> Compiled<Self::Vector>;
    /// x log y of each pair.
    fn xlogys(&mut self, x: &Self::Vector, y: &Self::Vector, place: Place) -> Compiled<Self::Vector>;
    /// Products that are not rounded.
    fn products(&mut self, u: &Self::Vector, v: &Self::Vector) -> Compiled<Self::Vector>;

    /// The sum in the accumulator's format and the mode's order.
    fn total(&mut self, v: &Self::Vector) -> Entry;
    /// The largest entry or the smallest.
    fn extreme(&mut self, end: End, v: &Self::Vector) -> Compiled<Entry>;
    /// The largest entry and the sum of exponentials, rescaled in one pass.
    fn online(&mut self, z: &Self::Vector) -> Compiled<(Entry, Entry)>;

    /// How many actions an expectation is written out over, by a back end that does so and recognises equal parts by
    /// itself.
    fn expands(&self) -> Option<usize> {
        None
    }

    /// Hears of each part of a formula before it is compiled.
    ///
    /// # Errors
    /// If it gives up.
    fn visit(&mut self, _: Type) -> Compiled<()> {
        Ok(())
    }

    /// Hears what a definition has become.
    fn defined(&mut self, _: &str, _: &Operand<Self::Vector>) {}

    /// Hears of the parts of a softmax: the largest logit, the exponentials, their sum.
    fn weighed(&mut self, _: Option<Entry>, _: &Self::Vector, _: Entry) {}

    /// z - max and its exponentials.
    fn weigh(&mut self, z: &Self::Vector, max: Entry, places: [Place; 2]) -> Compiled<(Self::Vector, Self::Vector)> {
        let max = self.fill(max);
        let shifted = self.zip(Operation::Sub, z, &max, places[0])?;
        let weights = self.map(Operation::Exp, &shifted, places[1])?;
        Ok((shifted, weights))
    }

    /// A constant, rounded at its place.
    fn constant(&mut self, value: BigRational, place: Place) -> Entry {
        if value.is_zero() { Entry::Zero } else { Entry::At(self.push(Step::Constant(value, place))) }
    }

    /// The register of a number.
    fn register(&mut self, entry: Entry) -> Register {
        match entry {
            Entry::At(register) => register,
            Entry::Zero => {
                let here = *self.here();
                self.push(Step::Constant(BigRational::zero(), here))
            }
        }
    }

    /// An operation of one number.
    fn unary(&mut self, operation: Operation, x: Entry, place: Place) -> Entry {
        let x = self.register(x);
        Entry::At(self.push(Step::Apply(operation, [x; 3], place)))
    }

    /// An operation of two numbers; nothing is done for a 0 that changes nothing.
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

    /// x^n for n >= 1 where the back end has a step for it.
    fn one_step_power(&mut self, _: Entry, _: u32) -> Option<Entry> {
        None
    }

    /// x^n, by multiplications one after the other where there is no step for it.
    fn power(&mut self, x: Entry, n: u32, place: Place) -> Entry {
        match n {
            0 => self.constant(BigRational::from_integer(1.into()), place),
            _ => (self.one_step_power(x, n))
                .unwrap_or_else(|| (1..n).fold(x, |power, _| self.binary(Operation::Mul, power, x, place))),
        }
    }

    /// -x or |x|.
    fn sign(&mut self, step: fn(Register) -> Step, x: Entry) -> Entry {
        match x {
            Entry::Zero => Entry::Zero,
            Entry::At(x) => Entry::At(self.push(step(x))),
        }
    }

    /// x log y.
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
