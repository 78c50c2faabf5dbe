//! Polynomials with exact rational coefficients over trees as indeterminates, and fractions of them. (trusted)

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::expr::Tree;

/// A product of powers of indeterminates; the empty one is 1.
pub type Monomial = BTreeMap<Tree, u32>;

/// More terms than this are not multiplied out: a step that needs them is too long for a reader too.
const MAX_TERMS: usize = 2_000;

/// Higher powers, and coefficients of more bits, are not multiplied out either: they would overflow or fill memory.
const MAX_POWER: u64 = 4_096;
const MAX_BITS: u64 = 1 << 16;

/// A sum of monomials with non-zero coefficients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polynomial(BTreeMap<Monomial, BigRational>);

impl Polynomial {
    /// A number.
    pub fn constant(value: BigRational) -> Polynomial {
        Polynomial::term(Monomial::new(), value)
    }

    /// The number 1.
    pub fn one() -> Polynomial {
        Polynomial::constant(BigRational::one())
    }

    /// An indeterminate.
    pub fn atom(tree: Tree) -> Polynomial {
        Polynomial::term(Monomial::from([(tree, 1)]), BigRational::one())
    }

    /// One term.
    pub fn term(monomial: Monomial, coefficient: BigRational) -> Polynomial {
        let mut sum = Polynomial::default();
        sum.add_term(monomial, coefficient);
        sum
    }

    /// The terms, in a fixed order.
    pub fn terms(&self) -> impl Iterator<Item = (&Monomial, &BigRational)> {
        self.0.iter()
    }

    /// The coefficient of a monomial.
    pub fn coefficient(&self, monomial: &Monomial) -> BigRational {
        self.0.get(monomial).cloned().unwrap_or_else(BigRational::zero)
    }

    /// Its value if it is a number.
    pub fn as_constant(&self) -> Option<BigRational> {
        let constant = self.0.is_empty() || self.0.len() == 1 && self.0.contains_key(&Monomial::new());
        constant.then(|| self.coefficient(&Monomial::new()))
    }

    fn add_term(&mut self, monomial: Monomial, coefficient: BigRational) {
        if coefficient.is_zero() {
            return;
        }
        let sum = self.coefficient(&monomial) + coefficient;
        if sum.is_zero() {
            self.0.remove(&monomial);
        } else {
            self.0.insert(monomial, sum);
        }
    }

    /// self + factor*other
    pub fn plus(mut self, factor: &BigRational, other: &Polynomial) -> Polynomial {
        for (monomial, coefficient) in &other.0 {
            self.add_term(monomial.clone(), coefficient * factor);
        }
        self
    }

    /// The product, unless it is too long.
    pub fn times(&self, other: &Polynomial) -> Option<Polynomial> {
        let power = |of: &Polynomial| of.0.keys().flat_map(BTreeMap::values).copied().max().map_or(0, u64::from);
        let bits = |of: &Polynomial| of.0.values().map(|c| c.numer().bits() + c.denom().bits()).max().unwrap_or(0);
        let long = self.0.len() * other.0.len() > MAX_TERMS;
        if long || power(self) + power(other) > MAX_POWER || bits(self) + bits(other) > MAX_BITS {
            return None;
        }
        let mut product = Polynomial::default();
        for (left, x) in &self.0 {
            for (right, y) in &other.0 {
                product.add_term(multiply(left, right), x * y);
            }
        }
        Some(product)
    }
}

/// The product of two monomials.
pub fn multiply(left: &Monomial, right: &Monomial) -> Monomial {
    let mut product = left.clone();
    for (atom, power) in right {
        *product.entry(atom.clone()).or_default() += power;
    }
    product
}

/// A quotient of polynomials; whoever builds one knows that the denominator is not zero.
#[derive(Clone, Debug)]
pub struct Fraction {
    /// The numerator.
    pub over: Polynomial,
    /// The denominator.
    pub under: Polynomial,
}

impl Fraction {
    /// A polynomial as a fraction.
    pub fn whole(over: Polynomial) -> Fraction {
        Fraction { over, under: Polynomial::one() }
    }

    /// self + factor*other
    pub fn plus(self, factor: &BigRational, other: &Fraction) -> Option<Fraction> {
        if self.under == other.under {
            return Some(Fraction { over: self.over.plus(factor, &other.over), under: self.under });
        }
        let over = self.over.times(&other.under)?.plus(factor, &other.over.times(&self.under)?);
        Some(Fraction { over, under: self.under.times(&other.under)? })
    }

    /// The product.
    pub fn times(&self, other: &Fraction) -> Option<Fraction> {
        Some(Fraction { over: self.over.times(&other.over)?, under: self.under.times(&other.under)? })
    }

    /// 1/self, for a value that is not zero.
    pub fn inverse(self) -> Fraction {
        Fraction { over: self.under, under: self.over }
    }

    /// Whether both are the same function: a/b = c/d where a d = c b.
    pub fn equals(&self, other: &Fraction) -> Option<bool> {
        Some(self.over.times(&other.under)? == other.over.times(&self.under)?)
    }
}
