//! The signs that a value may have: arithmetic of sets of three. (trusted)

use num_rational::BigRational;
use num_traits::Zero;

use crate::expr::Relation;

/// The signs that a real, or the entries of a vector, may have: a set of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs(pub(super) u8);

impl Signs {
    pub(super) const NONE: Signs = Signs(0);
    pub(super) const NEGATIVE: Signs = Signs(1);
    pub(super) const ZERO: Signs = Signs(2);
    /// Above zero.
    pub const POSITIVE: Signs = Signs(4);
    pub(super) const NONPOSITIVE: Signs = Signs(3);
    pub(super) const NONNEGATIVE: Signs = Signs(6);
    pub(super) const ANY: Signs = Signs(7);

    /// Those of `right - left` where `left relation right` holds.
    pub fn of_difference(relation: Relation) -> Signs {
        match relation {
            Relation::Equal => Signs::ZERO,
            Relation::NotEqual => Signs::NEGATIVE.or(Signs::POSITIVE),
            Relation::LessEqual => Signs::NONNEGATIVE,
            Relation::Less => Signs::POSITIVE,
            Relation::GreaterEqual => Signs::NONPOSITIVE,
            Relation::Greater => Signs::NEGATIVE,
        }
    }

    /// Whether zero is not among them.
    pub fn excludes_zero(self) -> bool {
        self.and(Signs::ZERO) == Signs::NONE
    }

    /// Those in both.
    pub fn and(self, other: Signs) -> Signs {
        Signs(self.0 & other.0)
    }

    /// Those in either.
    pub fn or(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }

    /// Whether all of them are among the others.
    pub fn within(self, other: Signs) -> bool {
        self.and(other) == self
    }

    /// Those of -x.
    pub fn negated(self) -> Signs {
        self.times(Signs::NEGATIVE)
    }

    /// What an operation on each sign of the one and each of the other can give.
    fn pairs(self, other: Signs, f: impl Fn(i8, i8) -> Signs) -> Signs {
        let each = |signs: Signs| (-1..=1).filter(move |sign| signs.0 & (1 << (sign + 1)) != 0);
        each(self).flat_map(|x| each(other).map(move |y| (x, y))).fold(Signs::NONE, |all, (x, y)| all.or(f(x, y)))
    }

    pub(super) fn plus(self, other: Signs) -> Signs {
        self.pairs(other, |x, y| if x * y < 0 { Signs::ANY } else { Signs(1 << ((x + y).signum() + 1)) })
    }

    pub(super) fn times(self, other: Signs) -> Signs {
        self.pairs(other, |x, y| Signs(1 << (x * y + 1)))
    }

    /// Those of x^2.
    pub(super) fn squared(self) -> Signs {
        self.pairs(self, |x, _| Signs(1 << (x * x + 1)))
    }

    pub(super) fn of_number(value: &BigRational) -> Signs {
        Signs(1 << (1 + value.cmp(&BigRational::zero()) as i8))
    }

    /// Those of a sum of at least one value with these signs.
    pub(super) fn total(self) -> Signs {
        if self.plus(self) == Signs::ANY { Signs::ANY } else { self }
    }
}
