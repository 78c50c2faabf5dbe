//! Polynomials with exact rational coefficients over trees as indeterminates, and fractions of them. (trusted)

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::effort::Effort;
use crate::expr::Tree;

/// A product of powers of indeterminates; the empty one is 1.
pub type Monomial = BTreeMap<Tree, u32>;

/// Products of more terms are not multiplied out: a step that needs them is too long for a reader too.
pub const MAX_TERMS: usize = 2_000;

/// Higher powers, and coefficients of more bits, are not computed either: they would overflow or fill memory.
pub const MAX_POWER: u32 = 4_096;
/// The bits of the numerator and the denominator together.
pub const MAX_BITS: u64 = 1 << 14;

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
        Polynomial(std::iter::once((monomial, coefficient)).filter(|(_, c)| !c.is_zero()).collect())
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

    /// Its size for the work that it makes: terms, their factors, and the length of their coefficients.
    fn weight(&self) -> usize {
        self.0.iter().map(|(monomial, c)| 1 + monomial.len() + (bits(c) / 256) as usize).sum()
    }

    /// Adds a term; `None` if its coefficient is too long.
    fn add_term(&mut self, monomial: Monomial, coefficient: BigRational) -> Option<()> {
        let sum = self.coefficient(&monomial) + coefficient;
        if sum.is_zero() {
            self.0.remove(&monomial);
        } else if bits(&sum) <= MAX_BITS {
            self.0.insert(monomial, sum);
        } else {
            return None;
        }
        Some(())
    }

    /// self + factor*other, unless it is too long.
    pub fn plus(mut self, factor: &BigRational, other: &Polynomial) -> Option<Polynomial> {
        for (monomial, coefficient) in &other.0 {
            self.add_term(monomial.clone(), coefficient * factor)?;
        }
        Some(self)
    }

    /// The product, unless it is too long.
    pub fn times(&self, other: &Polynomial) -> Option<Polynomial> {
        if self.0.len().checked_mul(other.0.len())? > MAX_TERMS {
            return None;
        }
        let mut product = Polynomial::default();
        for (left, x) in &self.0 {
            for (right, y) in &other.0 {
                product.add_term(multiply(left, right)?, x * y)?;
            }
        }
        Some(product)
    }
}

/// The length of a number.
fn bits(value: &BigRational) -> u64 {
    value.numer().bits() + value.denom().bits()
}

/// The product of two monomials, unless a power is too high.
pub fn multiply(left: &Monomial, right: &Monomial) -> Option<Monomial> {
    let mut product = left.clone();
    for (atom, power) in right {
        let sum = product.entry(atom.clone()).or_default();
        *sum = sum.checked_add(*power).filter(|sum| *sum <= MAX_POWER)?;
    }
    Some(product)
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

    fn weight(&self) -> usize {
        self.over.weight() + self.under.weight()
    }

    /// self + factor*other
    pub fn plus(self, factor: &BigRational, other: &Fraction, effort: &Effort) -> Option<Fraction> {
        if self.under == other.under {
            effort.spend(self.weight() + other.weight())?;
            return Some(Fraction { over: self.over.plus(factor, &other.over)?, under: self.under });
        }
        effort.spend(self.weight().saturating_mul(other.weight()))?;
        let over = self.over.times(&other.under)?.plus(factor, &other.over.times(&self.under)?)?;
        Some(Fraction { over, under: self.under.times(&other.under)? })
    }

    /// The product.
    pub fn times(&self, other: &Fraction, effort: &Effort) -> Option<Fraction> {
        effort.spend(self.weight().saturating_mul(other.weight()))?;
        Some(Fraction { over: self.over.times(&other.over)?, under: self.under.times(&other.under)? })
    }

    /// 1/self, for a value that is not zero.
    pub fn inverse(self) -> Fraction {
        Fraction { over: self.under, under: self.over }
    }

    /// The same without what all terms above and below share; the first term below has the coefficient 1.
    pub fn shortened(self) -> Option<Fraction> {
        let mut terms = self.over.0.keys().chain(self.under.0.keys());
        let mut common = terms.next().cloned().unwrap_or_default();
        for monomial in terms {
            if common.is_empty() {
                break;
            }
            common.retain(|atom, power| {
                *power = (*power).min(monomial.get(atom).copied().unwrap_or(0));
                *power > 0
            });
        }
        let first = self.under.0.values().next()?.clone();
        if common.is_empty() && first.is_one() {
            return Some(self);
        }
        let divided = |polynomial: Polynomial| {
            let term = |(mut monomial, coefficient): (Monomial, BigRational)| {
                monomial.retain(|atom, power| {
                    *power -= common.get(atom).copied().unwrap_or(0);
                    *power > 0
                });
                (monomial, coefficient / &first)
            };
            Polynomial(polynomial.0.into_iter().map(term).collect())
        };
        Some(Fraction { over: divided(self.over), under: divided(self.under) })
    }

    /// Whether both are the same function: a/b = c/d where a d = c b.
    pub fn equals(&self, other: &Fraction, effort: &Effort) -> Option<bool> {
        effort.spend(self.weight().saturating_mul(other.weight()))?;
        Some(self.over.times(&other.under)? == other.over.times(&self.under)?)
    }
}
