//! Expressions as sums of terms and back, in the order in which a reader would write them.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use crate::expr::{Node, Op, Tree, Type};

/// Longer sums are left as they are: nobody wants to read them.
const MAX_TERMS: usize = 64;

/// Higher powers of sums are not multiplied out.
const MAX_POWER: u32 = 4;

/// coefficient * scalars * core / divisors
#[derive(Clone, Debug)]
pub struct Term {
    /// A number.
    pub coefficient: BigRational,
    /// Factors that are taken out of what is expanded.
    pub scalars: Vec<Tree>,
    /// Factors that stay inside.
    pub core: Vec<Tree>,
    /// Divisors, which are taken out too.
    pub divisors: Vec<Tree>,
}

impl Term {
    /// A number as a term.
    pub fn number(coefficient: BigRational) -> Term {
        Term { coefficient, scalars: Vec::new(), core: Vec::new(), divisors: Vec::new() }
    }

    /// The product of two terms.
    pub fn times(&self, other: &Term) -> Term {
        let join = |x: &[Tree], y: &[Tree]| [x, y].concat();
        Term {
            coefficient: &self.coefficient * &other.coefficient,
            scalars: join(&self.scalars, &other.scalars),
            core: join(&self.core, &other.core),
            divisors: join(&self.divisors, &other.divisors),
        }
    }
}

/// The terms of an expression: what `is_scalar` is taken as a factor as it stands, sums of anything else are
/// multiplied out.
pub fn terms(tree: &Tree, is_scalar: &dyn Fn(&Tree) -> bool) -> Option<Vec<Term>> {
    let of = |tree: &Tree| terms(tree, is_scalar);
    let all = match tree.node() {
        Node::Number(value) if value.is_zero() => vec![],
        Node::Number(value) => vec![Term::number(value.clone())],
        Node::Zeros => vec![],
        Node::Ones => vec![Term::number(BigRational::one())],
        Node::Apply(Op::Neg, items) => negated(of(&items[0])?),
        Node::Apply(Op::Mul, items) => product(&of(&items[0])?, &of(&items[1])?),
        _ if is_scalar(tree) => vec![scalar(tree)],
        Node::Apply(Op::Hadamard, items) => product(&of(&items[0])?, &of(&items[1])?),
        Node::Apply(Op::Add, items) => [of(&items[0])?, of(&items[1])?].concat(),
        Node::Apply(Op::Sub, items) => [of(&items[0])?, negated(of(&items[1])?)].concat(),
        Node::Apply(Op::Div, items) if is_scalar(&items[1]) => {
            let mut divided = of(&items[0])?;
            divided.iter_mut().for_each(|term| term.divisors.push(items[1].clone()));
            divided
        }
        Node::Power(base, n) if *n <= MAX_POWER => {
            let base = of(base)?;
            let mut so_far = vec![Term::number(BigRational::one())];
            for _ in 0..*n {
                so_far = product(&so_far, &base);
            }
            so_far
        }
        _ => vec![Term { core: vec![tree.clone()], ..Term::number(BigRational::one()) }],
    };
    (all.len() <= MAX_TERMS).then_some(all)
}

fn negated(mut terms: Vec<Term>) -> Vec<Term> {
    terms.iter_mut().for_each(|term| term.coefficient = -term.coefficient.clone());
    terms
}

fn product(left: &[Term], right: &[Term]) -> Vec<Term> {
    let row = |x: &Term| right.iter().take(MAX_TERMS).map(|y| x.times(y)).collect::<Vec<_>>();
    left.iter().take(MAX_TERMS + 1).flat_map(row).collect()
}

fn scalar(tree: &Tree) -> Term {
    let scalars = match tree.node() {
        Node::Power(base, n) if (1..=MAX_POWER).contains(n) => vec![base.clone(); *n as usize],
        _ => vec![tree.clone()],
    };
    Term { scalars, ..Term::number(BigRational::one()) }
}

/// Adds up terms whose factors are the same, the core in any order; each stands where the first of them stood.
pub fn collected(terms: Vec<Term>) -> Vec<Term> {
    let sorted = |trees: &[Tree]| {
        let mut trees = trees.to_vec();
        trees.sort();
        trees
    };
    let key = |term: &Term| (sorted(&term.scalars), sorted(&term.core), sorted(&term.divisors));
    let mut kept: Vec<(_, Term)> = Vec::new();
    for term in terms {
        let wanted = key(&term);
        match kept.iter_mut().find(|(known, _)| *known == wanted) {
            Some((_, sum)) => sum.coefficient += term.coefficient,
            None => kept.push((wanted, term)),
        }
    }
    kept.into_iter().map(|(_, term)| term).filter(|term| !term.coefficient.is_zero()).collect()
}

/// A sum as a tree; the core of each term has become one factor, if it has one.
pub fn sum(mut terms: Vec<Term>, ty: Type) -> Option<Tree> {
    // A sum starts with a term that has no sign, if there is one.
    if let Some(first) = terms.iter().position(|term| term.coefficient.is_positive()) {
        terms[..=first].rotate_right(1);
    }
    let mut total: Option<Tree> = None;
    for term in &terms {
        let size = magnitude(term, ty)?;
        let negative = term.coefficient.is_negative();
        total = Some(match total {
            None if negative => Tree::apply(Op::Neg, [size]).ok()?,
            None => size,
            Some(before) => Tree::apply(if negative { Op::Sub } else { Op::Add }, [before, size]).ok()?,
        });
    }
    Some(total.unwrap_or_else(|| if ty == Type::Vector { Tree::zeros() } else { Tree::integer(0) }))
}

/// A term without its sign.
fn magnitude(term: &Term, ty: Type) -> Option<Tree> {
    let mut factors = Vec::new();
    let mut divisors = term.divisors.clone();
    let whole = |n: &BigInt| Tree::new(Node::Number(BigRational::from_integer(n.abs()))).ok();
    if !term.coefficient.numer().abs().is_one() {
        factors.push(whole(term.coefficient.numer())?);
    }
    if !term.coefficient.denom().is_one() {
        divisors.insert(0, whole(term.coefficient.denom())?);
    }
    factors.extend(term.scalars.iter().chain(&term.core).cloned());
    let above = multiplied(&factors, ty)?;
    match divisors.as_slice() {
        [] => Some(above),
        divisors => Tree::apply(Op::Div, [above, multiplied(divisors, Type::Real)?]).ok(),
    }
}

/// A product as a tree: numbers and reals first, equal ones next to each other as powers, then vectors.
pub fn multiplied(factors: &[Tree], ty: Type) -> Option<Tree> {
    let (vectors, reals): (Vec<&Tree>, Vec<&Tree>) = factors.iter().partition(|factor| factor.ty() == Type::Vector);
    let mut powers: Vec<(&Tree, u32)> = Vec::new();
    for factor in reals.into_iter().filter(|factor| !factor.is_one()) {
        match powers.iter_mut().find(|(known, _)| *known == factor) {
            Some((_, n)) => *n += 1,
            None => powers.push((factor, 1)),
        }
    }
    let power = |(base, n): (&Tree, u32)| match n {
        1 => Some(base.clone()),
        n => Tree::new(Node::Power(base.clone(), n)).ok(),
    };
    let join = |factors: Vec<Tree>, op: Op| {
        factors.into_iter().map(Some).reduce(|left, right| Tree::apply(op, [left?, right?]).ok()).flatten()
    };
    let real = join(powers.into_iter().map(power).collect::<Option<_>>()?, Op::Mul);
    if ty == Type::Real {
        return Some(real.unwrap_or_else(|| Tree::integer(1)));
    }
    let vectors: Vec<Tree> = vectors.into_iter().filter(|vector| !vector.is_one()).cloned().collect();
    let vector = if vectors.is_empty() { Tree::ones() } else { join(vectors, Op::Hadamard)? };
    match real {
        None => Some(vector),
        Some(real) => Tree::apply(Op::Mul, [real, vector]).ok(),
    }
}
