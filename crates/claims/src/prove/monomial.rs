//! Products of atoms: what they share, and quotients of them.

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
