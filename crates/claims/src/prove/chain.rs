//! From the moves of a search to a chain that a person would write.

use std::collections::HashMap;

use super::fingerprint::fingerprint;
use super::problem::Problem;
use crate::expr::error::Span;
use crate::expr::{Name, Node, Op, Relation, Tree, Type};
use crate::proof::script::{Chain, Step};

/// A step cites no more rules than this at once.
const MAX_RULES: usize = 3;

/// Expressions, each with the names of the rules that lead to it.
#[derive(Clone, Debug)]
pub struct Chained {
    /// Where it starts.
    pub start: Tree,
    /// What follows.
    pub steps: Vec<(Vec<Name>, Tree)>,
}

impl Chained {
    /// Adds a step, unless it would change nothing.
    pub fn push(&mut self, names: Vec<Name>, to: Tree) {
        if *self.end() != to {
            self.steps.push((names, to));
        }
    }

    fn end(&self) -> &Tree {
        self.steps.last().map_or(&self.start, |(_, tree)| tree)
    }
}

fn names(words: &[&str]) -> Vec<Name> {
    words.iter().map(|word| Name::from(*word)).collect()
}

/// One or two steps by `ring` and `vector` from one expression to another of the same fingerprint.
pub fn joined(problem: &Problem<'_>, from: &Tree, to: &Tree) -> Option<Vec<(Vec<Name>, Tree)>> {
    if from == to {
        return Some(Vec::new());
    }
    if fingerprint(from) != fingerprint(to) {
        return None;
    }
    let ways =
        [&["ring"][..], &["vector"], &["inner.symmetric"], &["ring", "vector"], &["ring", "vector", "inner.symmetric"]];
    let single = |from: &Tree, to: &Tree| {
        let mut ways = ways.iter().map(|way| names(way));
        ways.find(|way| problem.accepts(from, to, way)).map(|way| (way, to.clone()))
    };
    if let Some(step) = single(from, to) {
        return Some(vec![step]);
    }
    // First the operands of operations outside the ring, then the sums and products of these.
    let mut wanted = HashMap::new();
    to.visit(&mut |tree| {
        if is_atom(tree) {
            wanted.insert(fingerprint(tree), tree.clone());
        }
    });
    let middle = replaced(from, &wanted)?;
    Some(vec![single(from, &middle)?, single(&middle, to)?])
}

fn is_atom(tree: &Tree) -> bool {
    use Op::{Add, Div, Hadamard, Mul, Neg, Sub};
    !matches!(tree.node(), Node::Apply(Neg | Add | Sub | Mul | Hadamard | Div, _) | Node::Power(..))
        && !tree.node().children().is_empty()
}

/// A tree with the outermost atoms written as they are wanted.
fn replaced(tree: &Tree, wanted: &HashMap<u64, Tree>) -> Option<Tree> {
    if let Some(known) = is_atom(tree).then(|| wanted.get(&fingerprint(tree))).flatten() {
        return Some(known.clone());
    }
    let parts = tree.node().children().into_iter().map(|child| replaced(child, wanted)).collect::<Option<_>>()?;
    Tree::new(tree.node().with_children(parts)).ok()
}

/// The chain with as few steps as the kernel accepts: neighbouring steps at different places become one, which cites
/// the rules of all of them.
pub fn merged(problem: &Problem<'_>, chain: &Chained) -> Chained {
    let trees: Vec<&Tree> = std::iter::once(&chain.start).chain(chain.steps.iter().map(|(_, tree)| tree)).collect();
    let mut best: Vec<Option<Way>> = vec![None; trees.len()];
    best[0] = Some(Way { steps: 0, rules: 0, from: 0, cited: Vec::new() });
    for to in 1..trees.len() {
        for from in 0..to {
            let Some((steps, rules)) = best[from].as_ref().map(|way| (way.steps, way.rules)) else { continue };
            let Some(cited) = citation(problem, chain, &trees, from, to) else { continue };
            let way = Way { steps: steps + 1, rules: rules + cited.len(), from, cited };
            if best[to].as_ref().is_none_or(|old| (way.steps, way.rules) < (old.steps, old.rules)) {
                best[to] = Some(way);
            }
        }
    }
    let mut steps = Vec::new();
    let mut at = trees.len() - 1;
    while let Some(way) = best[at].take().filter(|_| at > 0) {
        steps.push((way.cited, trees[at].clone()));
        at = way.from;
    }
    steps.reverse();
    Chained { start: chain.start.clone(), steps }
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
    /// What the last of them cites.
    cited: Vec<Name>,
}

/// The rules by which the kernel accepts one step from one expression of a chain to a later one: those of the steps
/// between, as few as possible.
fn citation(problem: &Problem<'_>, chain: &Chained, trees: &[&Tree], from: usize, to: usize) -> Option<Vec<Name>> {
    let mut all: Vec<Name> = Vec::new();
    for name in chain.steps[from..to].iter().flat_map(|(names, _)| names) {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    let accepted = |names: &[Name]| problem.accepts(trees[from], trees[to], names);
    if let Some(one) = all.iter().find(|name| accepted(std::slice::from_ref(name))) {
        return Some(vec![one.clone()]);
    }
    if all.len() > MAX_RULES + 2 || !accepted(&all) {
        return None;
    }
    // What the step does not need is not cited.
    while let Some(less) = (0..all.len()).map(|at| [&all[..at], &all[at + 1..]].concat()).find(|less| accepted(less)) {
        all = less;
    }
    (all.len() <= MAX_RULES).then_some(all)
}

/// The chain as a part of a script.
pub fn scripted(chain: Chained) -> Chain {
    let step = |(names, to): (Vec<Name>, Tree)| Step {
        relation: Relation::Equal,
        to,
        rules: names.into_iter().map(|name| (name, Span::default())).collect(),
        span: Span::default(),
    };
    let mut steps: Vec<Step> = chain.steps.into_iter().map(step).collect();
    if steps.is_empty() {
        // A chain has a step; `x = x` has none of its own.
        let one = Tree::apply(Op::Mul, [Tree::integer(1), chain.start.clone()]);
        let rule = if chain.start.ty() == Type::Real { "ring" } else { "vector" };
        let detour = one.into_iter().chain([chain.start.clone()]);
        steps = detour.map(|to| step((names(&[rule]), to))).collect();
    }
    Chain { start: chain.start, steps }
}
