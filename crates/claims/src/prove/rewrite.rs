//! Rewriting to a normal form, every rewrite a step that the kernel accepts.
//!
//! Definitions unfold, expectations become sums, derivatives are written out, and functions are taken of simpler
//! arguments, until no move applies. What is left is a rational function of atoms, which `algebra` compares.

use std::sync::LazyLock;

use crate::expr::{Name, Node, Op, Prop, Relation, Tree};
use crate::proof::facts::Facts;
use crate::proof::gradient::derivative;
use crate::proof::lift::summed;
use crate::proof::rules::{self, Law, RULES};
use crate::proof::step::{Goal, Justification, follows};
use crate::proof::term::{Binding, mentions_action};

use super::form::{Shape, by_subset, simple};
use super::problem::{Budget, Problem};

/// More rewrites of one side are not made.
const MAX_STEPS: usize = 120;

/// Expressions with more nodes are not looked at: nobody wants to read them.
pub const MAX_SIZE: usize = 600;

/// How far definitions are unfolded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// A softmax stays a distribution with a known logarithm.
    Distributions,
    /// Everything is made of exponentials.
    Exponentials,
}

/// Definitions that [`Depth::Distributions`] leaves alone.
const OF_EXPONENTIALS: &[&str] = &["softmax.definition", "lse.definition"];

/// Definitions that `algebra` knows.
const OF_ALGEBRA: &[&str] = &["collision.definition", "others.definition"];

/// The groups of rules whose equations are used from left to right, and single rules beside them.
const SIMPLIFYING: &[&str] = &["log", "exp", "xlogx", "xlogy", "sqrt", "abs", "norm", "softmax", "lse", "max", "min"];

/// Rules of these groups that would lead in a circle with others, or away from what is simple.
const NOT_SIMPLIFYING: &[&str] = &["norm.root", "norm.square", "abs.others"];

/// What is done only where nothing else can be: it says nothing where a value is 0.
const LAST: &[&str] = &["xlogx.log", "xlogy.log"];

/// A step: the rules that it cites, and where it leads.
pub type Cited = (Vec<Name>, Tree);

/// The end of a path.
pub fn end<'t>(start: &'t Tree, path: &'t [Cited]) -> &'t Tree {
    path.last().map_or(start, |(_, tree)| tree)
}

/// A way to rewrite, with the name that a script cites.
enum Move<'p> {
    Laws(&'p str, Vec<Law>),
    Expectation,
    Gradient,
    Arguments,
    Subsets,
}

/// The shapes in an expression, or those that a move starts from, as bits: a move that starts from none of those that
/// are there is not tried.
fn shape_bit(node: &Node) -> u64 {
    1 << match node {
        Node::Apply(op, _) => op.index().min(55) as u32,
        Node::Variable(..) => 56,
        Node::At(..) => 57,
        Node::Others(..) => 58,
        Node::Power(..) => 59,
        Node::Expect { .. } => 60,
        Node::Gradient { .. } | Node::Derivative { .. } => 61,
        _ => 62,
    }
}

fn shapes(tree: &Tree) -> u64 {
    let mut all = 0;
    tree.visit(&mut |part| all |= shape_bit(part.node()));
    all
}

impl Move<'_> {
    /// The shapes that it starts from.
    fn starts(&self) -> u64 {
        let ops = |ops: &[Op]| ops.iter().fold(0, |all, op| all | 1 << op.index());
        match self {
            Move::Laws(_, laws) => laws.iter().fold(0, |all, law| all | shape_bit(law.left.node())),
            Move::Expectation => 1 << 60,
            Move::Gradient => 1 << 61,
            Move::Subsets => ops(&[Op::Abs]),
            Move::Arguments => {
                use Op::{Abs, Exp, Log, Lse, Max, Min, Norm, Softmax, Sqrt, XlogX, XlogY};
                ops(&[Abs, Exp, Log, Lse, Max, Min, Norm, Softmax, Sqrt, XlogX, XlogY])
            }
        }
    }
}

/// A move with the shapes that it starts from.
type Started = (u64, Move<'static>);

fn started(step: Move<'static>) -> Started {
    (step.starts(), step)
}

/// The moves of the kernel's table, in the order in which they are tried; they are the same for every problem.
static MOVES: LazyLock<[Vec<Started>; 2]> =
    LazyLock::new(|| [Depth::Distributions, Depth::Exponentials].map(|depth| moves(depth).map(started).collect()));

fn moves(depth: Depth) -> impl Iterator<Item = Move<'static>> {
    let names = || RULES.iter().map(|rule| rule.name);
    let law = move |name: &'static str| {
        let keeps = |law: &&Law| depth == Depth::Exponentials || !opens_softmax(law);
        let equations = rules::laws(name).unwrap_or_default().iter().filter(keeps);
        let leading = equations.filter(|law| law.relation == Relation::Equal && leads(law));
        Move::Laws(name, leading.cloned().collect())
    };
    let unfolds = move |name: &&'static str| {
        name.ends_with(".definition")
            && !OF_ALGEBRA.contains(name)
            && (depth == Depth::Exponentials || !OF_EXPONENTIALS.contains(name))
    };
    let simplifies = |name: &&'static str| {
        let group = name.split_once('.').map_or("", |(group, _)| group);
        SIMPLIFYING.contains(&group) && !name.ends_with(".definition") && !NOT_SIMPLIFYING.contains(name)
    };
    let first = |name: &&'static str| name.ends_with(".subset");
    let last = |name: &&'static str| LAST.contains(name);
    let others = move |name: &&'static str| !first(name) && !last(name);
    let simplifying = move || names().filter(simplifies);
    let definitions = names().filter(unfolds).map(law).chain([Move::Expectation, Move::Gradient]);
    let functions = simplifying().filter(first).chain(simplifying().filter(others)).map(law);
    definitions.chain(functions).chain([Move::Subsets, Move::Arguments]).chain(simplifying().filter(last).map(law))
}

/// Rewrites expressions of one problem.
pub struct Rewriter<'p> {
    /// What is known there.
    pub facts: Facts<'p>,
    limits: &'p Budget,
    /// The abbreviations of the problem.
    defined: Started,
    moves: &'static [Started],
}

impl<'p> Rewriter<'p> {
    /// A rewriter that unfolds so far.
    pub fn new(problem: &'p Problem<'_>, depth: Depth) -> Rewriter<'p> {
        let defined = problem.statement.definitions.iter().flat_map(|(name, body)| {
            let prop = Prop::Compare(Relation::Equal, Tree::variable(name, body.ty()), body.clone());
            Law::of(&[], &[], &prop).into_iter().map(|law| Law { everywhere: true, ..law })
        });
        let defined = started(Move::Laws("definition", defined.collect()));
        Rewriter { facts: problem.facts(), limits: problem.limits, defined, moves: &MOVES[depth as usize] }
    }

    /// The steps from an expression to one that no move changes.
    pub fn path(&self, start: &Tree, lemmas: &[(Name, Law)]) -> Vec<Cited> {
        let facts = &self.facts;
        if lemmas.is_empty() && !self.changes(start) {
            return Vec::new();
        }
        let mut steps: Vec<Cited> = Vec::new();
        let mut seen = vec![start.clone()];
        while steps.len() < MAX_STEPS && !self.limits.is_over() {
            let tree = seen.last().expect("it starts with one");
            let by_lemma = lemmas.iter().find_map(|(name, law)| {
                let next = everywhere(tree, facts, &|tree, facts| by_law(std::slice::from_ref(law), tree, facts))?;
                Some((vec![name.clone()], next))
            });
            let there = shapes(tree);
            let moves = || std::iter::once(&self.defined).chain(self.moves).filter(|(starts, _)| starts & there != 0);
            let found = by_lemma.or_else(|| moves().find_map(|(_, step)| self.apply(step, tree, facts)));
            let found = found.or_else(|| {
                // What is eliminated may stand inside of what is multiplied out.
                let next = simple(tree, facts, Shape::Expanded).filter(|_| !lemmas.is_empty())?;
                Some((vec!["algebra".into()], next))
            });
            let Some((names, next)) = found.filter(|(_, next)| size(next) <= MAX_SIZE) else { break };
            if seen.contains(&next) {
                break;
            }
            seen.push(next.clone());
            steps.push((names, next));
        }
        steps
    }

    /// Whether there is something that a move may change: an abbreviation, a function, a binder.
    fn changes(&self, tree: &Tree) -> bool {
        use Op::{Add, Collision, Div, Hadamard, Inner, Mul, Neg, NormSquared, Quotient, Sub, Sum};
        tree.any(&|node| match node {
            Node::Variable(name, _) => self.facts.definition(name).is_some(),
            Node::Apply(
                Add | Sub | Neg | Mul | Div | Hadamard | Quotient | Inner | Sum | NormSquared | Collision,
                _,
            ) => false,
            Node::Apply(..) | Node::Expect { .. } | Node::Gradient { .. } | Node::Derivative { .. } => true,
            _ => false,
        })
    }

    fn apply(&self, step: &Move<'_>, tree: &Tree, facts: &Facts<'_>) -> Option<Cited> {
        facts.effort.renew();
        match step {
            Move::Laws(name, laws) => {
                let next = everywhere(tree, facts, &|tree, facts| by_law(laws, tree, facts))?;
                Some((vec![(*name).into()], next))
            }
            Move::Expectation => {
                let sum = |tree: &Tree, _: &Facts<'_>| match tree.node() {
                    Node::Expect { body, .. } if !binds(body) => summed(tree),
                    _ => None,
                };
                let body = |tree: &Tree, facts: &Facts<'_>| match tree.node() {
                    Node::Expect { action, over, body } if !binds(body) => {
                        let inner = facts.without(action);
                        let with =
                            |body: Tree| Tree::new(Node::Expect { action: action.clone(), over: over.clone(), body });
                        // What is no entry itself is multiplied out; the rest, only where that is not enough.
                        let part = |part: &Tree, facts: &Facts<'_>| match part.node() {
                            Node::Apply(Op::NormSquared | Op::Collision | Op::Inner | Op::Sum, _) | Node::At(..)
                                if mentions_action(part, action) =>
                            {
                                simple(part, facts, Shape::Factored).filter(|new| new != part)
                            }
                            _ => None,
                        };
                        let parts = everywhere(body, &inner, &part).and_then(|body| with(body).ok());
                        parts
                            .filter(|tree| summed(tree).is_some())
                            .or_else(|| with(simple(body, &inner, Shape::Expanded).filter(|new| new != body)?).ok())
                    }
                    _ => None,
                };
                let summed = everywhere(tree, facts, &sum).map(|next| (vec!["expect.sum".into()], next));
                summed.or_else(|| Some((vec!["algebra".into()], everywhere(tree, facts, &body)?)))
            }
            Move::Gradient => {
                let derive = |tree: &Tree, facts: &Facts<'_>| {
                    let (Node::Gradient { of, .. } | Node::Derivative { of, .. }) = tree.node() else { return None };
                    let computed = if binds(of) { None } else { derivative(tree, facts) }?;
                    let forms =
                        [Shape::Factored, Shape::Expanded].into_iter().filter_map(|s| simple(&computed, facts, s));
                    forms.chain([computed.clone()]).min_by_key(size)
                };
                Some((vec!["gradient".into()], everywhere(tree, facts, &derive)?))
            }
            Move::Subsets => {
                let split = |tree: &Tree, facts: &Facts<'_>| {
                    let Node::Apply(op @ Op::Abs, items) = tree.node() else { return None };
                    let parted = by_subset(&items[0], facts).filter(|parted| *parted != items[0])?;
                    Tree::apply(*op, [parted]).ok()
                };
                Some((vec!["algebra".into()], everywhere(tree, facts, &split)?))
            }
            Move::Arguments => {
                let arguments = |tree: &Tree, facts: &Facts<'_>| {
                    let Node::Apply(op, items) = tree.node() else { return None };
                    let shape = match op {
                        Op::Exp | Op::Softmax | Op::Lse | Op::Max | Op::Min => Shape::Expanded,
                        Op::Log | Op::XlogX | Op::XlogY | Op::Sqrt | Op::Abs | Op::Norm => Shape::Factored,
                        _ => return None,
                    };
                    // A sum of products may hide a sign that the product shows.
                    let worse = |old: &Tree, new: &Tree| !facts.signs(new).within(facts.signs(old));
                    let tidy = |item: &Tree| simple(item, facts, shape).filter(|new| !worse(item, new));
                    let new = items.iter().map(|item| tidy(item).unwrap_or_else(|| item.clone()));
                    Tree::apply(*op, new.collect::<Vec<_>>()).ok().filter(|new| new != tree)
                };
                Some((vec!["algebra".into()], everywhere(tree, facts, &arguments)?))
            }
        }
    }
}

/// The number of nodes.
pub fn size(tree: &Tree) -> usize {
    1 + tree.node().children().into_iter().map(size).sum::<usize>()
}

/// Whether something in it binds a name or differentiates.
fn binds(tree: &Tree) -> bool {
    tree.any(&|node| matches!(node, Node::Expect { .. } | Node::Gradient { .. } | Node::Derivative { .. }))
}

/// Whether a law makes exponentials of a softmax.
fn opens_softmax(law: &Law) -> bool {
    let exponential = |node: &Node| matches!(node, Node::Apply(Op::Exp, _));
    law.left.any(&|node| matches!(node, Node::Apply(Op::Softmax, _))) && law.right.any(&exponential)
}

/// Whether a law can be used from left to right: the left side is no mere name or number, which stands everywhere, and
/// determines all of the right side, to which the law does not apply again.
fn leads(law: &Law) -> bool {
    let binder = |node: &Node| matches!(node, Node::Expect { .. } | Node::Gradient { .. } | Node::Derivative { .. });
    let turns = || Binding::default().matches(&law.left, &law.right);
    law.variables.is_empty() || !law.left.node().children().is_empty() && !law.right.any(&binder) && !turns()
}

/// What a law makes of an expression.
pub fn by_law(laws: &[Law], tree: &Tree, facts: &Facts<'_>) -> Option<Tree> {
    laws.iter().find_map(|law| {
        let to = if law.variables.is_empty() {
            (law.left == *tree).then(|| law.right.clone())?
        } else {
            let mut binding = Binding::default();
            if !binding.matches(&law.left, tree) {
                return None;
            }
            binding.instantiate(&law.right)?
        };
        let rule = [Justification::Laws(vec![law.clone()])];
        let goal = Goal { relation: Relation::Equal, left: tree, right: &to };
        (to != *tree && follows(&rule, facts, goal).is_ok()).then_some(to)
    })
}

/// A tree changed at the outermost places where `f` changes it.
pub fn everywhere(tree: &Tree, facts: &Facts<'_>, f: &dyn Fn(&Tree, &Facts<'_>) -> Option<Tree>) -> Option<Tree> {
    if let Some(changed) = f(tree, facts) {
        return Some(changed);
    }
    let children = tree.node().children();
    let mut parts: Vec<Tree> = Vec::with_capacity(children.len());
    for (index, child) in children.iter().enumerate() {
        let inner = match (tree.node(), index) {
            (Node::Expect { action: name, .. }, 1)
            | (Node::Gradient { at: name, .. } | Node::Derivative { at: name, .. }, 0) => Some(facts.without(name)),
            _ => None,
        };
        let changed = everywhere(child, inner.as_deref().unwrap_or(facts), f);
        parts.push(changed.unwrap_or_else(|| (*child).clone()));
    }
    if parts.iter().zip(&children).all(|(part, child)| part == *child) {
        return None;
    }
    Tree::new(tree.node().with_children(parts)).ok()
}
