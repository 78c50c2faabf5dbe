//! From the rewrites of a search to a chain that a person would write.

use super::problem::{Link, Problem};
use crate::expr::{Name, Relation, Tree};

/// A step cites no more rules than this at once.
const MAX_RULES: usize = 3;

/// How many rewrites may become one step.
const MAX_SPAN: usize = 8;

/// The chain with as few steps as the kernel accepts: neighbouring steps at different places become one, which cites
/// the rules of all of them.
pub fn merged(problem: &Problem<'_>, start: &Tree, links: Vec<Link>) -> Vec<Link> {
    let trees: Vec<&Tree> = std::iter::once(start).chain(links.iter().map(|link| &link.to)).collect();
    let mut best: Vec<Option<Way>> = vec![None; trees.len()];
    best[0] = Some(Way { steps: 0, rules: 0, from: 0, link: None });
    for to in 1..trees.len() {
        for from in to.saturating_sub(MAX_SPAN)..to {
            let Some((steps, rules)) = best[from].as_ref().map(|way| (way.steps, way.rules)) else { continue };
            // A single step is known to be right, and longer ones are tried while there is time.
            let link = match to - from {
                1 => Some(links[from].clone()),
                _ if problem.is_over() => None,
                _ => combined(problem, &links[from..to], trees[from]),
            };
            let Some(link) = link else { continue };
            let way = Way { steps: steps + 1, rules: rules + link.rules.len(), from, link: Some(link) };
            if best[to].as_ref().is_none_or(|old| (way.steps, way.rules) < (old.steps, old.rules)) {
                best[to] = Some(way);
            }
        }
    }
    let mut steps = Vec::new();
    let mut at = trees.len() - 1;
    while at > 0 {
        let Some(Way { from, link: Some(link), .. }) = best[at].take() else { return links };
        steps.push(link);
        at = from;
    }
    steps.reverse();
    steps
}

/// The best way to an expression of a chain.
#[derive(Clone)]
struct Way {
    /// How many steps lead to it.
    steps: usize,
    /// How many rules they cite.
    rules: usize,
    /// Where the last of them starts.
    from: usize,
    /// The last of them.
    link: Option<Link>,
}

/// One step in the place of several, by as few of their rules as possible.
fn combined(problem: &Problem<'_>, links: &[Link], from: &Tree) -> Option<Link> {
    let relation = links.iter().map(|link| link.relation).find(|relation| *relation != Relation::Equal);
    let relation = relation.unwrap_or(Relation::Equal);
    let to = &links.last()?.to;
    if from == to {
        return None;
    }
    let mut all: Vec<Name> = Vec::new();
    for name in links.iter().flat_map(|link| &link.rules) {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    let link = |rules: &[Name]| Link { relation, to: to.clone(), rules: rules.to_vec() };
    let accepted = |names: &[Name]| problem.step(from, &link(names)).is_some();
    if let Some(one) = all.iter().find(|name| accepted(std::slice::from_ref(name))) {
        return Some(link(std::slice::from_ref(one)));
    }
    if all.len() < 2 || all.len() > MAX_RULES + 1 || !accepted(&all) {
        return None;
    }
    // What the step does not need is not cited.
    while let Some(less) = (0..all.len()).map(|at| [&all[..at], &all[at + 1..]].concat()).find(|less| accepted(less)) {
        all = less;
    }
    (all.len() <= MAX_RULES).then(|| link(&all))
}
