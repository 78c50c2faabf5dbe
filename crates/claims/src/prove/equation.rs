//! Equations: both sides are rewritten to normal forms, which are then compared by `algebra`, with what is assumed.

use super::chain::merged;
use super::given::{self, equal, reversed};
use super::problem::{Link, Problem};
use super::rewrite::{Cited, Depth, Rewriter, end};
use crate::expr::{Name, Node, Op, Relation, Tree, Type};
use crate::proof::rules::Law;

/// A chain from one side of an equation to the other; lemmas are added to the problem on the way.
pub fn equation(problem: &mut Problem<'_>, left: &Tree, right: &Tree) -> Option<Vec<Link>> {
    if let Some(rule) = ["ring", "vector", "inner.symmetric", "algebra"]
        .into_iter()
        .find(|rule| problem.accepts(left, right, &[(*rule).into()]))
    {
        return Some(vec![Link::new(Relation::Equal, right.clone(), rule)]);
    }
    let cited = |problem: &Problem<'_>, left: &Tree, right: &Tree| {
        let mut names = problem.library.laws().map(|(name, _)| name.clone());
        let name = names.find(|name| problem.accepts(left, right, std::slice::from_ref(name)))?;
        Some(Link::new(Relation::Equal, right.clone(), &name))
    };
    if let Some(link) = cited(problem, left, right) {
        return Some(vec![link]);
    }
    if let Some((there, open, wanted, back)) = given::unfolded(problem, left, right)
        && let Some(link) = cited(problem, &open, &wanted)
    {
        let links: Vec<Link> = there.into_iter().chain([link]).chain(back).collect();
        return problem.chain(left, &links).map(|_| merged(problem, left, links));
    }
    for depth in [Depth::Distributions, Depth::Exponentials] {
        let before = problem.clone();
        let found = by_normal_form(problem, depth, left, right);
        if let Some(links) = found.filter(|links| problem.chain(left, links).is_some()) {
            return Some(links);
        }
        *problem = before;
    }
    let before = problem.clone();
    let found = by_zero(problem, left, right).or_else(|| by_squares(problem, left, right));
    if found.is_none() {
        *problem = before;
    }
    found
}

/// Vectors are equal where the square of the norm of what they differ by is zero.
fn by_zero(problem: &mut Problem<'_>, left: &Tree, right: &Tree) -> Option<Vec<Link>> {
    if left.ty() == Type::Real || problem.level > 1 {
        return None;
    }
    let on = |op: Op, x: &Tree, y: &Tree| Tree::apply(op, [x.clone(), y.clone()]).ok();
    let difference = on(Op::Sub, left, right)?;
    let square = Tree::apply(Op::NormSquared, [difference.clone()]).ok()?;
    lemma(problem, &square, &Tree::integer(0))?;
    let plus = |x: &Tree| on(Op::Add, right, x);
    let links = vec![
        Link::new(Relation::Equal, plus(&difference)?, "vector"),
        Link::new(Relation::Equal, plus(&Tree::zeros())?, "norm.zero"),
        Link::new(Relation::Equal, right.clone(), "vector"),
    ];
    problem.chain(left, &links).map(|_| links)
}

/// Reals are equal where their squares are and neither is negative: for what has roots and norms.
fn by_squares(problem: &mut Problem<'_>, left: &Tree, right: &Tree) -> Option<Vec<Link>> {
    let has_root = |tree: &Tree| tree.any(&|node| matches!(node, Node::Apply(Op::Norm | Op::Sqrt, _)));
    if left.ty() != Type::Real || problem.level > 1 || !(has_root(left) || has_root(right)) {
        return None;
    }
    let square = |x: &Tree| Tree::new(Node::Power(x.clone(), 2)).ok();
    let (squared, wanted) = (square(left)?, square(right)?);
    given::signs(problem, Depth::Distributions, &[left, right]);
    lemma(problem, &squared, &wanted)?;
    let link = Link::new(Relation::Equal, right.clone(), "order.square");
    problem.step(left, &link).map(|_| vec![link])
}

/// Shows an equation as a lemma, for which no lemmas of its own are looked for.
fn lemma(problem: &mut Problem<'_>, left: &Tree, right: &Tree) -> Option<Name> {
    problem.level += 2;
    let links = equation(problem, left, right);
    problem.level -= 2;
    problem.learn(left, &links?)
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
    given::normalize(problem, depth);
    if problem.level == 0 {
        given::signs(problem, depth, &[left, right]);
    }
    let lemmas = given::eliminations(problem, depth);
    plain(problem, &lemmas)
}

/// More pairs of expressions are not compared.
const MAX_PAIRS: usize = 120;

/// The chain of two paths whose ends are equal by `algebra`; it leaves both as early as they are.
fn joined(problem: &Problem<'_>, left: &Tree, right: &Tree, there: &[Cited], back: &[Cited]) -> Option<Vec<Link>> {
    let meets = |i: usize, j: usize| {
        let (from, to) = (end(left, &there[..i]), end(right, &back[..j]));
        from == to || problem.accepts(from, to, &["algebra".into()])
    };
    if !meets(there.len(), back.len()) {
        return None;
    }
    let last = there.len() + back.len();
    let early = if (there.len() + 1) * (back.len() + 1) > MAX_PAIRS { last } else { 0 };
    let pairs = (early..=last).flat_map(|sum| (0..=sum.min(there.len())).map(move |i| (i, sum - i)));
    let (i, j) = pairs.filter(|(_, j)| *j <= back.len()).find(|(i, j)| meets(*i, *j))?;
    let (there, back) = (&there[..i], &back[..j]);
    let (from, to) = (end(left, there), end(right, back));
    let mut links: Vec<Link> = there.iter().map(|(names, to)| equal(to, names)).collect();
    if from != to {
        links.push(Link::new(Relation::Equal, to.clone(), "algebra"));
    }
    links.extend(reversed(right, back));
    // Both paths may go through one expression without leaving it there, where not all pairs are compared.
    links.dedup_by(|later, earlier| later.to == earlier.to);
    Some(merged(problem, left, links))
}
