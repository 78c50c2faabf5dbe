//! Expansion by linearity, and tidying up: the moves that are procedures of the kernel rather than laws.

use std::collections::HashMap;

use num_traits::{One, Zero};

use super::terms::{Term, collected, multiplied, sum, terms};
use crate::expr::{Name, Node, Op, Tree, Type};
use crate::proof::normal::Expand;
use crate::proof::term::mentions_action;

fn is_real(tree: &Tree) -> bool {
    tree.ty() == Type::Real
}

/// The expansion of one operation by its linearity, if it is of that kind.
pub fn expand(kind: Expand, tree: &Tree) -> Option<Tree> {
    match (kind, tree.node()) {
        (Expand::Inner, Node::Apply(Op::Inner, items)) => {
            inner(&collected(terms(&items[0], &is_real)?), &collected(terms(&items[1], &is_real)?))
        }
        (Expand::Sum, Node::Apply(Op::Sum, items)) => linear(
            terms(&items[0], &is_real)?,
            |core| Some(vec![Tree::apply(Op::Sum, [multiplied(core, Type::Vector)?]).ok()?]),
            Type::Real,
        ),
        (Expand::Entry, Node::At(vector, action)) => {
            let entry = |atom: &Tree| Tree::new(Node::At(atom.clone(), action.clone())).ok();
            linear(terms(vector, &is_real)?, |core| core.iter().map(entry).collect(), Type::Real)
        }
        (Expand::Expectation, Node::Expect { action, over, body }) => {
            let terms = terms(body, &|tree| !mentions_action(tree, action))?;
            let expectation = |core: &[Tree]| {
                let vector = core.iter().any(|tree| !is_real(tree));
                let body = multiplied(core, if vector { Type::Vector } else { Type::Real })?;
                let node = Node::Expect { action: action.clone(), over: over.clone(), body };
                Some(vec![Tree::new(node).ok()?])
            };
            linear(terms, expectation, body.ty())
        }
        _ => None,
    }
}

/// The same sum with a function of every core.
fn linear(of: Vec<Term>, f: impl Fn(&[Tree]) -> Option<Vec<Tree>>, ty: Type) -> Option<Tree> {
    let part = |term: Term| Some(Term { core: f(&term.core)?, ..term });
    sum(collected(of).into_iter().map(part).collect::<Option<_>>()?, ty)
}

fn inner(left: &[Term], right: &[Term]) -> Option<Tree> {
    let mut products = Vec::new();
    for (x, y) in left.iter().flat_map(|x| right.iter().map(move |y| (x, y))) {
        let (u, v) = (multiplied(&x.core, Type::Vector)?, multiplied(&y.core, Type::Vector)?);
        let outside = |term: &Term| Term { core: Vec::new(), ..term.clone() };
        products.push((outside(x).times(&outside(y)), u, v));
    }
    // <u,v> and <v,u> are the same; it is written as it comes first.
    let mut written: Vec<(Tree, Tree)> = Vec::new();
    let mut all = Vec::new();
    for (term, u, v) in products {
        let pair = if written.contains(&(v.clone(), u.clone())) { (v, u) } else { (u, v) };
        written.push(pair.clone());
        all.push(Term { core: vec![Tree::apply(Op::Inner, [pair.0, pair.1]).ok()?], ..term });
    }
    sum(collected(all), Type::Real)
}

/// What is left when zeros, ones, double signs and terms that cancel are taken away, everywhere in an expression.
pub fn tidy(tree: &Tree) -> Option<Tree> {
    tree.rewrite(&mut simpler).ok()
}

fn simpler(tree: &Tree) -> Option<Tree> {
    let is_zero = |tree: &Tree| match tree.node() {
        Node::Number(value) => value.is_zero(),
        node => *node == Node::Zeros,
    };
    match tree.node() {
        Node::Apply(Op::Neg | Op::Add | Op::Sub, _) => shorter_sum(tree),
        Node::Apply(Op::Mul | Op::Hadamard, items) => {
            let (x, y) = (&items[0], &items[1]);
            match () {
                () if is_zero(x) || is_zero(y) => sum(Vec::new(), tree.ty()),
                () if x.is_one() => Some(y.clone()),
                // x*1 with the vector of ones is not x.
                () if y.is_one() && x.ty() == y.ty() => Some(x.clone()),
                () => None,
            }
        }
        Node::Apply(Op::Div, items) if items[1].is_one() => Some(items[0].clone()),
        Node::Power(base, n) => match base.node() {
            _ if *n == 1 => Some(base.clone()),
            Node::Number(value) if value.is_zero() || value.is_one() => Some(base.clone()).filter(|_| *n > 0),
            _ => None,
        },
        _ => None,
    }
}

/// A sum with fewer terms or signs, if terms can be put together.
fn shorter_sum(tree: &Tree) -> Option<Tree> {
    let is_sum = |tree: &Tree| matches!(tree.node(), Node::Apply(Op::Add | Op::Sub | Op::Neg, _));
    // Everything that is not itself a sum is a factor as it stands.
    let before = terms(tree, &|part| !is_sum(part) && part.ty() == Type::Real)?;
    let after = sum(collected(before), tree.ty())?;
    (size(&after) < size(tree)).then_some(after)
}

/// The number of nodes with definitions unfolded, at most `usize::MAX`; each definition uses only those before it.
pub fn unfolded_size(tree: &Tree, definitions: &[(Name, Tree)]) -> usize {
    fn count(tree: &Tree, sizes: &HashMap<&Name, usize>) -> usize {
        match tree.node() {
            Node::Variable(name, _) => sizes.get(name).copied().unwrap_or(1),
            node => node.children().into_iter().fold(1, |sum, child| sum.saturating_add(count(child, sizes))),
        }
    }
    let mut sizes = HashMap::new();
    for (name, body) in definitions {
        sizes.insert(name, count(body, &sizes));
    }
    count(tree, &sizes)
}

/// The number of nodes.
pub fn size(tree: &Tree) -> usize {
    1 + tree.node().children().into_iter().map(size).sum::<usize>()
}
