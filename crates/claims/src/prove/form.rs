//! Normal forms as expressions that a reader would write.
//!
//! The kernel compares expressions by the normal forms of `algebra`; here such a form is written out: `<P,r>` and not
//! `sum(P.*r)`, powers as powers, the factor that all terms share in front.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed};

use super::monomial::{quotient, shared};
use crate::expr::{Node, Op, Tree, Type};
use crate::proof::facts::Facts;
use crate::proof::normal::{Expand, Normalizer};
use crate::proof::polynomial::{Fraction, Monomial, Polynomial};

/// How a normal form is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As a sum.
    Expanded,
    /// With the factor in front that all terms share.
    Factored,
}

/// Deeper expressions are left as they are.
const MAX_DEPTH: usize = 64;

/// The normal form of an expression.
pub fn fraction(tree: &Tree, facts: &Facts<'_>) -> Option<Fraction> {
    facts.effort.renew();
    Normalizer { known: facts, binders: vec![], expand: Expand::All, effort: &facts.effort }.fraction(tree)?.shortened()
}

/// An argument of a function as the kernel writes it where it compares atoms.
pub fn canonical(tree: &Tree, facts: &Facts<'_>) -> Option<Tree> {
    let atom = Tree::apply(Op::Exp, [tree.clone()]).ok()?;
    let form = fraction(&atom, facts)?;
    let (monomial, _) = form.over.terms().next()?;
    match monomial.keys().next()?.node() {
        Node::Apply(Op::Exp, items) => Some(items[0].clone()),
        _ => None,
    }
}

/// An expression in its normal form; `None` if that is too long, or something in it may be infinite.
pub fn simple(tree: &Tree, facts: &Facts<'_>, shape: Shape) -> Option<Tree> {
    if !facts.is_finite(tree) || tree.depth() > MAX_DEPTH {
        return None;
    }
    let form = written(&fraction(tree, facts)?, tree.ty(), facts, shape)?;
    // Multiplied out, a divisor may no longer be known to be other than zero.
    (is_defined(&form, facts) || !is_defined(tree, facts)).then_some(form)
}

/// Whether no divisor is zero, as far as is known.
fn is_defined(tree: &Tree, facts: &Facts<'_>) -> bool {
    !tree.any(&|node| match node {
        Node::Apply(Op::Div | Op::Quotient, items) => !facts.signs(&items[1]).excludes_zero(),
        _ => false,
    })
}

/// A normal form as an expression of a type.
pub fn written(of: &Fraction, ty: Type, facts: &Facts<'_>, shape: Shape) -> Option<Tree> {
    // A sum over a single divisor is one of quotients.
    if shape == Shape::Expanded && of.under.terms().count() == 1 && of.over.terms().count() > 1 {
        let term = |(monomial, coefficient): (&Monomial, &BigRational)| {
            let over = Polynomial::term(monomial.clone(), coefficient.abs());
            let part = Fraction { over, under: of.under.clone() }.shortened()?;
            Some((coefficient.clone(), written(&part, ty, facts, shape)?))
        };
        return sum(of.over.terms().map(term).collect::<Option<_>>()?, ty);
    }
    let over = polynomial(&of.over, ty, facts, shape)?;
    if of.under == Polynomial::one() {
        return Some(over);
    }
    let under = polynomial(&of.under, Type::Real, facts, Shape::Factored)?;
    match over.node() {
        Node::Apply(Op::Neg, items) => {
            let quotient = Tree::apply(Op::Div, [items[0].clone(), under]).ok()?;
            Tree::apply(Op::Neg, [quotient]).ok()
        }
        _ => Tree::apply(Op::Div, [over, under]).ok(),
    }
}

/// A polynomial as an expression: positive terms first, what all share in front.
pub fn polynomial(of: &Polynomial, ty: Type, facts: &Facts<'_>, shape: Shape) -> Option<Tree> {
    let several = of.terms().count() > 1;
    if several
        && shape == Shape::Factored
        && let Some(vectors) = shared_vectors(of)
    {
        let real = |monomial: &Monomial| {
            let mut reals = monomial.clone();
            reals.retain(|atom, _| !vectors.contains_key(atom));
            reals
        };
        let zero = Some(Polynomial::default());
        let reals = of
            .terms()
            .fold(zero, |sum, (monomial, c)| sum?.plus(c, &Polynomial::term(real(monomial), BigRational::one())))?;
        let factor = polynomial(&reals, Type::Real, facts, shape)?;
        return Tree::apply(Op::Mul, [factor, product(&vectors, Type::Vector, facts)?]).ok();
    }
    let mut shared = if several && shape == Shape::Factored { shared(of) } else { Monomial::new() };
    shared.retain(|atom, _| atom.ty() == Type::Real);
    let mut terms: Vec<(BigRational, Tree)> = Vec::new();
    for (monomial, coefficient) in of.terms() {
        let rest = product(&quotient(monomial, &shared)?, ty, facts)?;
        terms.push((coefficient.clone(), scaled(&coefficient.abs(), rest)?));
    }
    let sum = sum(terms, ty)?;
    if shared.is_empty() { Some(sum) } else { Tree::apply(Op::Mul, [product(&shared, Type::Real, facts)?, sum]).ok() }
}

/// A sum of terms, each with a number of its sign; positive ones first.
fn sum(mut terms: Vec<(BigRational, Tree)>, ty: Type) -> Option<Tree> {
    terms.sort_by_key(|(coefficient, _)| coefficient.is_negative());
    let mut sum: Option<Tree> = None;
    for (coefficient, term) in terms {
        sum = Some(match (sum, coefficient.is_negative()) {
            (None, false) => term,
            (None, true) => Tree::apply(Op::Neg, [term]).ok()?,
            (Some(sum), negative) => Tree::apply(if negative { Op::Sub } else { Op::Add }, [sum, term]).ok()?,
        });
    }
    let zero = || if ty == Type::Vector { Tree::zeros() } else { Tree::integer(0) };
    Some(sum.unwrap_or_else(zero))
}

/// The factors of vectors that all terms have, if they are the same in all of them.
fn shared_vectors(of: &Polynomial) -> Option<Monomial> {
    let vectors = |monomial: &Monomial| -> Monomial {
        monomial.iter().filter(|(atom, _)| atom.ty() == Type::Vector).map(|(atom, n)| (atom.clone(), *n)).collect()
    };
    let mut terms = of.terms().map(|(monomial, _)| vectors(monomial));
    let first = terms.next().filter(|first| !first.is_empty())?;
    terms.all(|next| next == first).then_some(first)
}

fn whole(n: &BigInt) -> Option<Tree> {
    Tree::new(Node::Number(BigRational::from_integer(n.clone()))).ok()
}

/// A positive number times an expression.
fn scaled(by: &BigRational, tree: Tree) -> Option<Tree> {
    let is_number_one = matches!(tree.node(), Node::Number(n) if n.is_one());
    let over = match by.numer() {
        n if n.is_one() => tree,
        n if is_number_one => whole(n)?,
        n => Tree::apply(Op::Mul, [whole(n)?, tree]).ok()?,
    };
    if by.denom().is_one() { Some(over) } else { Tree::apply(Op::Div, [over, whole(by.denom())?]).ok() }
}

/// A rational number as an expression.
pub fn number(value: &BigRational) -> Option<Tree> {
    let size = scaled(&value.abs(), Tree::integer(1))?;
    if value.is_negative() { Tree::apply(Op::Neg, [size]).ok() } else { Some(size) }
}

/// A product as an expression: reals as powers, then vectors.
fn product(monomial: &Monomial, ty: Type, facts: &Facts<'_>) -> Option<Tree> {
    let (mut reals, mut vectors): (Option<Tree>, Option<Tree>) = (None, None);
    let join = |op: Op, so_far: Option<Tree>, next: Tree| match so_far {
        Some(so_far) => Tree::apply(op, [so_far, next]).ok().map(Some),
        None => Some(Some(next)),
    };
    let mut below: Option<Tree> = None;
    for (atom, power) in monomial {
        let shown = atom_written(atom, facts)?;
        match (atom.ty(), atom.node()) {
            (Type::Vector, Node::Apply(Op::Quotient, items)) if items[0].is_one() => {
                for _ in 0..*power {
                    let divisor = match shown.node() {
                        Node::Apply(Op::Quotient, items) => items[1].clone(),
                        _ => return None,
                    };
                    below = join(Op::Hadamard, below, divisor)?;
                }
            }
            (Type::Vector, _) => {
                for _ in 0..*power {
                    vectors = join(Op::Hadamard, vectors, shown.clone())?;
                }
            }
            (Type::Real, _) => {
                let factor = if *power == 1 { shown } else { Tree::new(Node::Power(shown, *power)).ok()? };
                reals = join(Op::Mul, reals, factor)?;
            }
        }
    }
    if let Some(below) = below {
        vectors = Some(Tree::apply(Op::Quotient, [vectors.unwrap_or_else(Tree::ones), below]).ok()?);
    }
    if ty == Type::Real {
        return Some(reals.unwrap_or_else(|| Tree::integer(1)));
    }
    let vector = vectors.unwrap_or_else(Tree::ones);
    match reals {
        Some(reals) => Tree::apply(Op::Mul, [reals, vector]).ok(),
        None => Some(vector),
    }
}

/// An atom of a normal form as a reader would write it.
pub fn atom_written(atom: &Tree, facts: &Facts<'_>) -> Option<Tree> {
    match atom.node() {
        Node::Expect { .. } | Node::Gradient { .. } | Node::Derivative { .. } => Some(atom.clone()),
        Node::Apply(Op::Sum, items) => total(&items[0], facts),
        node => {
            let part = |part: &Tree| {
                if facts.is_finite(part) { simple(part, facts, shape_of(node)) } else { Some(part.clone()) }
            };
            let parts = node.children().into_iter().map(part).collect::<Option<Vec<_>>>()?;
            Tree::new(node.with_children(parts)).ok()
        }
    }
}

/// How the arguments of a function are written.
fn shape_of(node: &Node) -> Shape {
    match node {
        Node::Apply(Op::Log | Op::XlogX | Op::XlogY | Op::Sqrt | Op::Abs | Op::Norm, _) => Shape::Factored,
        _ => Shape::Expanded,
    }
}

/// `sum(v)` of a product: `<u,w>` where it has two factors or more.
fn total(of: &Tree, facts: &Facts<'_>) -> Option<Tree> {
    let form = fraction(of, facts)?;
    let mut terms = form.over.terms();
    let monomial = match (terms.next(), terms.next()) {
        (Some((monomial, one)), None) if one.is_one() && form.under == Polynomial::one() => monomial.clone(),
        _ => return Tree::apply(Op::Sum, [of.clone()]).ok(),
    };
    let powers: Vec<(&Tree, u32)> = monomial.iter().map(|(atom, power)| (atom, *power)).collect();
    if let [(atom, 2)] = powers.as_slice() {
        return Tree::apply(Op::NormSquared, [atom_written(atom, facts)?]).ok();
    }
    // The first factor alone, a distribution if there is one, and the others as the other.
    let one_over = |atom: &Tree| matches!(atom.node(), Node::Apply(Op::Quotient, items) if items[0].is_one());
    let first =
        monomial.keys().find(|atom| facts.is_distribution(atom)).or_else(|| monomial.keys().find(|a| !one_over(a)));
    match first {
        Some(first) if monomial.values().sum::<u32>() > 1 => {
            let mut rest = monomial.clone();
            match rest[first] {
                1 => rest.remove(first),
                power => rest.insert(first.clone(), power - 1),
            };
            Tree::apply(Op::Inner, [atom_written(first, facts)?, product(&rest, Type::Vector, facts)?]).ok()
        }
        _ => Tree::apply(Op::Sum, [product(&monomial, Type::Vector, facts)?]).ok(),
    }
}

/// A vector that is linear in a subset t as `u + t.*v`, where neither u nor v has t.
pub fn by_subset(tree: &Tree, facts: &Facts<'_>) -> Option<Tree> {
    let form = fraction(tree, facts).filter(|_| facts.is_finite(tree) && tree.ty() == Type::Vector)?;
    let is_subset =
        |atom: &&Tree| atom.ty() == Type::Vector && facts.is_subset(atom) && !matches!(atom.node(), Node::Ones);
    let t = form.over.terms().flat_map(|(monomial, _)| monomial.keys()).find(is_subset)?.clone();
    let (mut with, mut without) = (Polynomial::default(), Polynomial::default());
    for (monomial, c) in form.over.terms() {
        let mut rest = monomial.clone();
        let part = if rest.remove(&t).is_some() { &mut with } else { &mut without };
        *part = std::mem::take(part).plus(c, &Polynomial::term(rest, BigRational::one()))?;
    }
    let vector = |over: Polynomial| {
        written(&Fraction { over, under: form.under.clone() }.shortened()?, Type::Vector, facts, Shape::Factored)
    };
    let (u, v) = (vector(without)?, vector(with)?);
    Tree::apply(Op::Add, [u, Tree::apply(Op::Hadamard, [t, v]).ok()?]).ok()
}
