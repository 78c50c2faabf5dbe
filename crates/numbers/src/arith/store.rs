//! How exact arithmetic stores the coordinates of a vector.

use std::sync::Arc;

use super::integer::Integer;
use super::number::Number;
use super::rational::Rational;

/// Stored coordinates.
#[derive(Debug)]
pub enum Store<R: Rational> {
    /// Rationals on one denominator, which is positive.
    Common {
        /// The numerators.
        numerators: Numerators<R::Integer>,
        /// Their denominator.
        denominator: R::Integer,
    },
    /// Anything else, each number by itself.
    Mixed(Vec<Number<R>>),
}

/// Stored integers.
#[derive(Clone, Debug)]
pub enum Numerators<I> {
    /// One by one.
    Stored(Vec<I>),
    /// Non-negative ones as they come from a policy: little-endian limbs, `width` of them each. A million of them is
    /// one allocation, and a reduction reads them into one scratch integer.
    Flat {
        /// Limbs of each integer.
        width: usize,
        /// All limbs.
        limbs: Arc<[u64]>,
    },
}

impl<I: Integer> Numerators<I> {
    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "a vector has an entry")]
    pub fn len(&self) -> usize {
        match self {
            Numerators::Stored(items) => items.len(),
            Numerators::Flat { width, limbs } => limbs.len() / width,
        }
    }

    /// The integer at an index.
    pub fn at(&self, index: usize) -> I {
        match self {
            Numerators::Stored(items) => items[index].clone(),
            Numerators::Flat { width, limbs } => I::from_limbs(&limbs[index * width..(index + 1) * width]),
        }
    }
}
