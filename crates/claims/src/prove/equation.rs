//! Equations: both sides are rewritten to normal forms, which are then compared by `algebra`, with what is assumed.

use super::chain::merged;
use super::form::{Shape, atom_written, fraction, simple, written};
use super::problem::{Link, Problem};
use super::rewrite::{Cited, Depth, Rewriter};
use crate::expr::{Name, Op, Prop, Relation, Tree};
use crate::proof::facts::Facts;
use crate::proof::polynomial::{Fraction, Monomial, Polynomial};
use crate::proof::rules::Law;
use num_rational::BigRational;
use num_traits::One;

/// A chain from one side of an equation to the other; lemmas are added to the problem on the way.
pub fn equation(problem: &mut Problem<'_>, left: &Tree, right: &Tree) -> Option<Vec<Link>> {
    if let Some(rule) = ["ring", "vector", "inner.symmetric", "algebra"].into_iter().find(|rule| problem.accepts(left, right, &[(*rule).into()])) {
        return Some(vec![Link::new(Relation::Equal, right.clone(), rule)]);
    }
    for depth in [Depth::Distributions, Depth::Exponentials] {
        let before = problem.clone();
        if let Some(links) = by_normal_form(problem, depth, left, right) {
            return Some(links);
        }
        *problem = before;
    }
    None
}

fn by_normal_form(problem: &mut Problem<'_>, depth: Depth, left: &Tree, right: &Tree) -> Option<Vec<Link>> {
    let plain = |problem: &Problem<'_>, lemmas: &[(Name, Law)]| {
        let rewriter = Rewriter::new(problem, depth);
        let (there, back) = (rewriter.path(left, lemmas), rewriter.path(right, lemmas));
        joined(problem, left, right, &there, &back)
    };
    if let Some(links) = plain(problem, &[]) {
        return Some(links);
    }
    let lemmas = eliminations(problem, depth);
    if lemmas.is_empty() { None } else { plain(problem, &lemmas) }
}

/// The end of a path.
pub fn end<'t>(start: &'t Tree, path: &'t [Cited]) -> &'t Tree {
    path.last().map_or(start, |(_, tree)| tree)
}

/// The chain of two paths whose ends are equal by `algebra`.
fn joined(problem: &Problem<'_>, left: &Tree, right: &Tree, there: &[Cited], back: &[Cited]) -> Option<Vec<Link>> {
    let (from, to) = (end(left, there), end(right, back));
    let mut links: Vec<Link> = Vec::new();
    let mut push = |rules: Vec<Name>, to: &Tree| {
        if links.last().map_or(left, |link: &Link| &link.to) != to {
            links.push(Link { relation: Relation::Equal, to: to.clone(), rules });
        }
    };
    there.iter().for_each(|(names, to)| push(names.clone(), to));
    if from != to {
        if !problem.accepts(from, to, &["algebra".into()]) {
            return None;
        }
        push(vec!["algebra".into()], to);
    }
    for (index, (names, _)) in back.iter().enumerate().rev() {
        push(names.clone(), if index == 0 { right } else { &back[index - 1].1 });
    }
    Some(merged(problem, left, links))
}

/// What is assumed, as equations that take an atom of the normal forms away: shown as lemmas.
pub fn eliminations(problem: &mut Problem<'_>, depth: Depth) -> Vec<(Name, Law)> {
    let mut lemmas: Vec<(Name, Law)> = Vec::new();
    for prop in problem.known.clone() {
        if let Prop::Compare(Relation::Equal, left, right) = &prop
            && let Some(lemma) = elimination(problem, depth, left, right, &lemmas)
        {
            lemmas.push(lemma);
        }
    }
    lemmas
}

fn elimination(
    problem: &mut Problem<'_>,
    depth: Depth,
    left: &Tree,
    right: &Tree,
    before: &[(Name, Law)],
) -> Option<(Name, Law)> {
    let rewriter = Rewriter::new(problem, depth);
    let (there, back) = (rewriter.path(left, before), rewriter.path(right, before));
    let (new_left, new_right) = (end(left, &there).clone(), end(right, &back).clone());
    let facts = problem.facts();
    let difference = fraction(&Tree::apply(Op::Sub, [new_left.clone(), new_right.clone()]).ok()?, &facts)?;
    let (atom, coefficient) = eliminated(&difference.over)?;
    let written_atom = atom_written(&atom, &facts)?;
    let rest = difference.over.clone().plus(&-coefficient.clone(), &Polynomial::atom(atom))?;
    let minus = Polynomial::constant(-coefficient.recip());
    let value = written(&Fraction::whole(rest.times(&minus)?).shortened()?, left.ty(), &facts, Shape::Factored)?;
    // left = right, as it is after the rewriting.
    let mut links: Vec<Link> = Vec::new();
    for (index, (names, _)) in there.iter().enumerate().rev() {
        let to = if index == 0 { left } else { &there[index - 1].1 };
        links.push(Link { relation: Relation::Equal, to: to.clone(), rules: names.clone() });
    }
    links.push(Link::new(Relation::Equal, right.clone(), "hypothesis"));
    links.extend(back.iter().map(|(names, to)| Link { relation: Relation::Equal, to: to.clone(), rules: names.clone() }));
    let mut rule: Name = "hypothesis".into();
    if new_left != *left || new_right != *right {
        let links = merged(problem, &new_left, links);
        rule = problem.learn(&new_left, &links)?;
    }
    if new_left == written_atom && new_right == value {
        return Some((rule, ground(&new_left, &new_right)?));
    }
    // atom = value + (left - right)/coefficient = value + (right - right)/coefficient = value
    let over = scaling(&coefficient.recip())?;
    let plus = |first: &Tree| {
        let difference = Tree::apply(Op::Sub, [first.clone(), new_right.clone()]).ok()?;
        Tree::apply(Op::Add, [value.clone(), Tree::apply(Op::Mul, [over.clone(), difference]).ok()?]).ok()
    };
    let links = vec![
        Link::new(Relation::Equal, plus(&new_left)?, "algebra"),
        Link { relation: Relation::Equal, to: plus(&new_right)?, rules: vec![rule] },
        Link::new(Relation::Equal, value.clone(), "algebra"),
    ];
    let links = merged(problem, &written_atom, links);
    let name = problem.learn(&written_atom, &links)?;
    Some((name, ground(&written_atom, &value)?))
}

/// A rational number as an expression.
pub fn scaling(number: &BigRational) -> Option<Tree> {
    use num_traits::Signed;
    let literal = |n: &num_bigint::BigInt| Tree::new(crate::expr::Node::Number(BigRational::from_integer(n.abs()))).ok();
    let mut tree = literal(number.numer())?;
    if !number.denom().is_one() {
        tree = Tree::apply(Op::Div, [tree, literal(number.denom())?]).ok()?;
    }
    if number.is_negative() { Tree::apply(Op::Neg, [tree]).ok() } else { Some(tree) }
}

fn ground(left: &Tree, right: &Tree) -> Option<Law> {
    Law::of(&[], &[], &Prop::Compare(Relation::Equal, left.clone(), right.clone())).into_iter().next()
}

/// The atom that an equation `p = 0` is solved for, with its coefficient: it stands in p once, alone, times a number.
fn eliminated(p: &Polynomial) -> Option<(Tree, BigRational)> {
    let alone = p.terms().filter_map(|(monomial, coefficient)| {
        let (atom, power) = monomial.iter().next()?;
        (monomial.len() == 1 && *power == 1).then(|| (atom.clone(), coefficient.clone()))
    });
    let once = |atom: &Tree| p.terms().filter(|(monomial, _)| inside(monomial, atom)).count() == 1;
    alone.filter(|(atom, _)| once(atom)).max_by_key(|(atom, _)| (atom.depth(), super::rewrite::size(atom)))
}

/// Whether an atom is a factor, or a part of one.
fn inside(monomial: &Monomial, atom: &Tree) -> bool {
    monomial.keys().any(|key| {
        let mut found = false;
        key.visit(&mut |part| found |= part == atom);
        found
    })
}

/// Both sides of a relation in normal form, with the steps that lead there.
pub fn normalized(problem: &Problem<'_>, depth: Depth, tree: &Tree, lemmas: &[(Name, Law)], facts: &Facts<'_>) -> (Vec<Link>, Tree) {
    let path = Rewriter::new(problem, depth).path(tree, lemmas);
    let mut links: Vec<Link> =
        path.into_iter().map(|(rules, to)| Link { relation: Relation::Equal, to, rules }).collect();
    let last = links.last().map_or(tree, |link| &link.to).clone();
    if let Some(simple) = simple(&last, facts, Shape::Expanded).filter(|simple| *simple != last) {
        links.push(Link::new(Relation::Equal, simple, "algebra"));
    }
    let end = links.last().map_or(tree, |link| &link.to).clone();
    (links, end)
}
