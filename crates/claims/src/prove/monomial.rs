//! Products of atoms: what they share, and quotients of them.

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::One;

use crate::expr::Tree;
use crate::proof::polynomial::{Monomial, Polynomial};

/// The factors that every term of a polynomial has.
pub fn shared(of: &Polynomial) -> Monomial {
    let mut terms = of.terms().map(|(monomial, _)| monomial);
    let mut shared = terms.next().cloned().unwrap_or_default();
    for monomial in terms {
        shared.retain(|atom, power| {
            *power = (*power).min(monomial.get(atom).copied().unwrap_or(0));
            *power > 0
        });
    }
    shared
}

/// The quotient of two products, if the one contains the other.
pub fn quotient(over: &Monomial, under: &Monomial) -> Option<Monomial> {
    let mut rest = over.clone();
    for (atom, power) in under {
        let left = rest.get(atom)?.checked_sub(*power)?;
        if left == 0 {
            rest.remove(atom)
        } else {
            rest.insert(atom.clone(), left)
        };
    }
    Some(rest)
}

/// A polynomial as a product of one in an atom alone, of more than one term, and one without that atom.
pub fn split(of: &Polynomial, atom: &Tree) -> Option<(Polynomial, Polynomial)> {
    let mut by_power: BTreeMap<u32, Polynomial> = BTreeMap::new();
    for (monomial, c) in of.terms() {
        let mut rest = monomial.clone();
        let power = rest.remove(atom).unwrap_or(0);
        let sum = by_power.remove(&power).unwrap_or_default();
        by_power.insert(power, sum.plus(c, &Polynomial::term(rest, BigRational::one()))?);
    }
    let (_, rest) = by_power.first_key_value().filter(|_| by_power.len() > 1)?;
    let (first, leading) = rest.terms().next()?;
    let mut factor = Polynomial::default();
    for (power, part) in &by_power {
        let times = part.coefficient(first) / leading;
        let left = part.clone().plus(&-&times, rest)?;
        let power = if *power == 0 { Monomial::new() } else { Monomial::from([(atom.clone(), *power)]) };
        factor = factor.plus(&times, &Polynomial::term(power, BigRational::one()))?;
        if left.terms().next().is_some() {
            return None;
        }
    }
    Some((factor, rest.clone()))
}
