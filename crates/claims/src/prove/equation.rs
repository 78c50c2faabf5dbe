//! Equations: both sides are rewritten to normal forms, which are then compared by `algebra`, with what is assumed.

use super::chain::merged;
use super::given;
use super::problem::{Link, Problem};
use super::rewrite::{Cited, Depth, Rewriter, end};
use crate::expr::{Name, Relation, Tree};
use crate::proof::rules::Law;

/// A chain from one side of an equation to the other; lemmas are added to the problem on the way.
pub fn equation(problem: &mut Problem<'_>, left: &Tree, right: &Tree) -> Option<Vec<Link>> {
    if let Some(rule) = ["ring", "vector", "inner.symmetric", "algebra"]
        .into_iter()
        .find(|rule| problem.accepts(left, right, &[(*rule).into()]))
    {
        return Some(vec![Link::new(Relation::Equal, right.clone(), rule)]);
    }
    let mut cited = problem.library.laws().map(|(name, _)| name.clone());
    if let Some(name) = cited.find(|name| problem.accepts(left, right, std::slice::from_ref(name))) {
        return Some(vec![Link::new(Relation::Equal, right.clone(), &name)]);
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
    let mut links: Vec<Link> = Vec::new();
    let mut push = |rules: Vec<Name>, to: &Tree| {
        if links.last().map_or(left, |link: &Link| &link.to) != to {
            links.push(Link { relation: Relation::Equal, to: to.clone(), rules });
        }
    };
    there.iter().for_each(|(names, to)| push(names.clone(), to));
    if from != to {
        push(vec!["algebra".into()], to);
    }
    for (index, (names, _)) in back.iter().enumerate().rev() {
        push(names.clone(), if index == 0 { right } else { &back[index - 1].1 });
    }
    Some(merged(problem, left, links))
}
