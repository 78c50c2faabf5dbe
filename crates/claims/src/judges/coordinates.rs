//! The values of a case as rational numbers, one for each coordinate, and back: what a search and a solver change.

use std::sync::Arc;

use num_bigint::{BigInt, BigUint};
use num_integer::Integer as _;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::case::{Case, Entries, Scalar};
use crate::expr::{Name, Sort, Statement};
use crate::policy::{Naturals, Scores};

/// The weights of scores as rational numbers; `None` for logits in f64.
pub fn weights(scores: &Scores) -> Option<Vec<BigRational>> {
    let integer = |limbs: &[u64]| <BigInt as crate::arith::integer::Integer>::from_limbs(limbs);
    match scores {
        Scores::Integers(all) => Some(all.iter().map(|limbs| integer(limbs).into()).collect()),
        Scores::Rationals { numerators, denominators } => {
            let one = |(n, d)| BigRational::new(integer(n), integer(d));
            Some(numerators.iter().zip(denominators).map(one).collect())
        }
        Scores::Logits(_) => None,
    }
}

/// The entries of a vector: probabilities, numbers, or e^z of logits; `None` where they are not rational.
pub fn coordinates(entries: &Entries) -> Option<Vec<BigRational>> {
    match entries {
        Entries::Numbers(numbers) => Some(numbers.clone()),
        Entries::Logits(scores) => weights(scores),
        Entries::Probabilities(scores) => {
            let weights = weights(scores)?;
            let total: BigRational = weights.iter().sum();
            if total.is_zero() { None } else { Some(weights.into_iter().map(|weight| weight / &total).collect()) }
        }
    }
}

/// Weights of at least 0 as scores; `None` if one is negative.
fn scores(weights: &[BigRational]) -> Option<Scores> {
    if weights.iter().any(Signed::is_negative) {
        return None;
    }
    let digits = |n: &BigInt| n.magnitude().to_u64_digits();
    let numerators: Vec<Vec<u64>> = weights.iter().map(|w| digits(w.numer())).collect();
    if weights.iter().all(|weight| weight.denom().is_one()) {
        return Some(Scores::Integers(Naturals::from_digits(&numerators)));
    }
    let denominators: Vec<Vec<u64>> = weights.iter().map(|w| digits(w.denom())).collect();
    let [numerators, denominators] = [numerators, denominators].map(|all| Naturals::from_digits(&all));
    Some(Scores::Rationals { numerators, denominators })
}

/// Numbers of at least 0 and not all 0 in lowest terms: integers without a common factor, in the same ratio.
pub fn lowest(weights: &[BigRational]) -> Option<Vec<BigUint>> {
    if weights.iter().any(Signed::is_negative) || weights.iter().all(Zero::is_zero) {
        return None;
    }
    let denominator = weights.iter().fold(BigInt::one(), |all, weight| all.lcm(weight.denom()));
    let whole: Vec<BigInt> = weights.iter().map(|w| w.numer() * (&denominator / w.denom())).collect();
    let factor = whole.iter().fold(BigInt::zero(), |all, weight| all.gcd(weight));
    Some(whole.into_iter().map(|weight| (weight / &factor).magnitude().clone()).collect())
}

/// Entries of the same form as `like` with these coordinates; `None` where there are none, as with negative weights.
pub fn entries(like: &Entries, coordinates: &[BigRational]) -> Option<Entries> {
    Some(match like {
        Entries::Numbers(_) => Entries::Numbers(coordinates.to_vec()),
        Entries::Logits(_) => Entries::Logits(Arc::new(scores(coordinates)?)),
        Entries::Probabilities(_) => probabilities(coordinates)?,
    })
}

/// The distribution with probabilities in these ratios; `None` if some are negative or all are 0.
pub fn probabilities(coordinates: &[BigRational]) -> Option<Entries> {
    let digits: Vec<Vec<u64>> = lowest(coordinates)?.iter().map(BigUint::to_u64_digits).collect();
    Some(Entries::Probabilities(Arc::new(Scores::Integers(Naturals::from_digits(&digits)))))
}

impl Case {
    /// The entries of the vector of this name.
    pub fn entries(&self, name: &Name) -> Option<&Entries> {
        self.vectors.iter().find(|(known, _)| known == name).map(|(_, entries)| entries)
    }

    /// Gives a vector other entries.
    pub fn put(&mut self, name: &Name, entries: Entries) {
        if let Some((_, old)) = self.vectors.iter_mut().find(|(known, _)| known == name) {
            *old = entries;
        }
    }

    /// Gives a real another value.
    pub fn put_real(&mut self, name: &Name, value: BigRational) {
        if let Some((_, old)) = self.reals.iter_mut().find(|(known, _)| known == name) {
            *old = Scalar::Rational(value);
        }
    }

    /// Gives an action another value.
    pub fn put_action(&mut self, name: &Name, index: usize) {
        if let Some((_, old)) = self.actions.iter_mut().find(|(known, _)| known == name) {
            *old = index;
        }
    }

    /// Whether every value is of the sort that the statement declares: the claim says nothing of any other case.
    pub fn is_proper(&self, statement: &Statement) -> bool {
        statement.variables.iter().all(|(name, sort)| match sort {
            Sort::Action => self.actions.iter().any(|(known, index)| known == name && *index < self.k),
            // The judge `exhaustive` gives them values.
            Sort::Float => true,
            Sort::Real => self.reals.iter().any(|(known, value)| {
                known == name && !matches!(value, Scalar::Logarithm(base) if !base.is_positive())
            }),
            sort => self.entries(name).is_some_and(|entries| entries.len() == self.k && is_of(entries, *sort)),
        })
    }
}

/// Whether a logit of this sort may be -inf, that of an action of probability 0.
pub fn allows_masks(sort: Sort) -> bool {
    sort == Sort::Masked
}

fn is_of(entries: &Entries, sort: Sort) -> bool {
    let has_mass = |scores: &Scores| (0..scores.len()).any(|index| !scores.is_zero(index));
    let full = |scores: &Scores| (0..scores.len()).all(|index| !scores.is_zero(index));
    match (sort, entries) {
        (Sort::Distribution, Entries::Probabilities(scores)) => has_mass(scores),
        (Sort::Distribution, Entries::Numbers(numbers)) => {
            numbers.iter().all(|x| !x.is_negative()) && numbers.iter().sum::<BigRational>().is_one()
        }
        (Sort::Distribution, Entries::Logits(_)) => false,
        (Sort::Subset, Entries::Numbers(numbers)) => numbers.iter().all(|x| x.is_zero() || x.is_one()),
        (Sort::Subset, _) => false,
        (_, Entries::Numbers(_)) => true,
        (_, Entries::Probabilities(scores)) => has_mass(scores),
        (sort, Entries::Logits(scores)) => {
            if allows_masks(sort) {
                has_mass(scores)
            } else {
                full(scores)
            }
        }
    }
}

impl Entries {
    /// The number of entries.
    pub fn len(&self) -> usize {
        match self {
            Entries::Probabilities(scores) | Entries::Logits(scores) => scores.len(),
            Entries::Numbers(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
