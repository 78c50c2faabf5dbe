//! The terms that laws are tried at: those of the goal, and some that are close to them.

use std::collections::HashSet;

use super::problem::Problem;
use super::rewrite::size;
use crate::expr::{Action, Node, Op, Prop, Relation, Sort, Tree, Type};
use crate::proof::facts::{Facts, Signs};

/// Terms of one sort that laws are tried at.
const MAX_TERMS: usize = 14;

/// Larger terms are not put into laws.
const MAX_TERM_SIZE: usize = 24;

/// The terms that laws are tried at.
#[derive(Debug, Default)]
pub struct Terms {
    /// Reals.
    pub reals: Vec<Tree>,
    /// Vectors.
    pub vectors: Vec<Tree>,
    /// Vectors that are known to be distributions.
    pub distributions: Vec<Tree>,
    /// Vectors that are known not to be negative: weights of sums.
    pub weights: Vec<Tree>,
    /// Vectors of zeros and ones.
    pub subsets: Vec<Tree>,
    /// Actions.
    pub actions: Vec<Action>,
    /// Everything that stands in the goal.
    pub all: Vec<Tree>,
}

/// An operation on some terms.
pub fn op(op: Op, items: &[&Tree]) -> Option<Tree> {
    Tree::apply(op, items.iter().copied().cloned().collect::<Vec<_>>()).ok()
}

fn push(all: &mut Vec<Tree>, tree: Tree, most: usize) {
    if all.len() < most && !all.contains(&tree) {
        all.push(tree);
    }
}

impl Terms {
    /// The terms of a goal, as it stands and in normal form, and of what is known.
    pub fn of(problem: &Problem<'_>, sides: &[&Tree], facts: &Facts<'_>) -> Terms {
        let mut terms = Terms::default();
        for (name, sort) in &problem.statement.variables {
            match sort {
                Sort::Action => terms.actions.push(Action::Name(name.clone())),
                Sort::Subset => terms.subsets.push(Tree::variable(name, Type::Vector)),
                _ => {}
            }
        }
        terms.actions.extend((1..=facts.size().unwrap_or(0)).map(Action::Index));
        let mut seen = HashSet::new();
        let mut visit = |tree: &Tree| {
            tree.visit(&mut |part| {
                if seen.insert(part.clone()) {
                    terms.all.push(part.clone());
                }
            });
        };
        sides.iter().for_each(|side| visit(side));
        problem.statement.shows.iter().flat_map(Prop::trees).for_each(&mut visit);
        for prop in &problem.known {
            prop.trees().into_iter().for_each(&mut visit);
        }
        let mut all = terms.all.clone();
        all.sort_by_key(size);
        let fits = |tree: &&Tree| size(tree) <= MAX_TERM_SIZE && facts.is_finite(tree);
        for tree in all.iter().filter(fits) {
            let literal = matches!(tree.node(), Node::Number(_) | Node::Zeros);
            match tree.ty() {
                _ if literal || is_bound(tree, problem) => {}
                Type::Real => push(&mut terms.reals, tree.clone(), MAX_TERMS),
                Type::Vector => {
                    if facts.is_distribution(tree) {
                        push(&mut terms.distributions, tree.clone(), 6);
                    }
                    if facts.signs(tree).within(Signs::of_difference(Relation::LessEqual)) {
                        push(&mut terms.weights, tree.clone(), 8);
                    }
                    push(&mut terms.vectors, tree.clone(), MAX_TERMS);
                }
            }
        }
        push(&mut terms.weights, Tree::ones(), 9);
        terms.add_weights(facts);
        terms.add_tilted();
        terms.add_centred();
        terms
    }

    /// Weights made of others: `P - P.*P`, and `abs(v) + v`, `abs(v) - v` where they are known not to be negative.
    fn add_weights(&mut self, facts: &Facts<'_>) {
        let mut new = Vec::new();
        for p in &self.distributions {
            let others = |action: &Action| Tree::new(Node::Others(p.clone(), action.clone())).ok();
            new.extend(self.actions.iter().take(2).filter_map(others));
            let rest = op(Op::Sub, &[&Tree::ones(), p]);
            new.extend(rest.and_then(|rest| op(Op::Hadamard, &[p, &rest])));
        }
        for tree in &self.all {
            if let Node::Apply(Op::Abs, items) = tree.node()
                && tree.ty() == Type::Vector
            {
                new.extend([op(Op::Add, &[tree, &items[0]]), op(Op::Sub, &[tree, &items[0]])].into_iter().flatten());
            }
        }
        let nonnegative = |tree: &Tree| facts.signs(tree).within(Signs::of_difference(Relation::LessEqual));
        for tree in new.into_iter().filter(nonnegative) {
            if matches!(tree.node(), Node::Others(..)) {
                push(&mut self.vectors, tree.clone(), 2 * MAX_TERMS);
            }
            push(&mut self.weights, tree, 16);
        }
    }

    /// What is close to a term and makes a bound sharp: `softmax(z)` for `lse(z)`, and the distribution with the
    /// weights whose sum stands under a logarithm.
    fn add_tilted(&mut self) {
        let mut new = Vec::new();
        for tree in &self.all {
            let Node::Apply(function, items) = tree.node() else { continue };
            match (function, items[0].node()) {
                (Op::Lse, _) => new.extend(op(Op::Softmax, &[&items[0]])),
                (Op::Log, Node::Apply(Op::Sum, of)) => new.extend(op(Op::Div, &[&of[0], &items[0]])),
                (Op::Log, Node::Apply(Op::Inner, of)) => {
                    let product = op(Op::Hadamard, &[&of[0], &of[1]]);
                    new.extend(product.and_then(|product| op(Op::Div, &[&product, &items[0]])));
                }
                _ => {}
            }
        }
        for tree in new {
            if matches!(tree.node(), Node::Apply(Op::Softmax, _)) {
                push(&mut self.distributions, tree.clone(), 8);
            }
            push(&mut self.vectors, tree, 2 * MAX_TERMS);
        }
    }

    /// Vectors less their mean, and what unit vectors leave.
    fn add_centred(&mut self) {
        let mut new = Vec::new();
        let times_one = |x: &Tree| op(Op::Mul, &[x, &Tree::ones()]);
        for v in self.vectors.iter().filter(|v| !matches!(v.node(), Node::Ones)) {
            if matches!(v.node(), Node::Unit(_)) {
                let share = op(Op::Div, &[&Tree::integer(1), &Tree::size()]).and_then(|share| times_one(&share));
                new.extend(share.and_then(|share| op(Op::Sub, &[v, &share])));
                new.extend(op(Op::Sub, &[&Tree::ones(), v]));
                continue;
            }
            for p in self.distributions.iter().filter(|p| *p != v) {
                let mean = op(Op::Inner, &[p, v]).and_then(|mean| times_one(&mean));
                new.extend(mean.and_then(|mean| op(Op::Sub, &[v, &mean])));
            }
        }
        for tree in &self.all {
            if let Node::At(v, action @ Action::Name(_)) = tree.node()
                && self.actions.contains(action)
            {
                new.extend(op(Op::Sub, &[&Tree::unit(action.clone()), v]));
            }
        }
        let units = self.actions.iter().filter(|_| self.vectors.len() < MAX_TERMS / 2);
        for action in units {
            let unit = Tree::unit(action.clone());
            let share = op(Op::Div, &[&Tree::integer(1), &Tree::size()]).and_then(|share| times_one(&share));
            new.extend(share.and_then(|share| op(Op::Sub, &[&unit, &share])));
            new.push(unit);
        }
        new.push(Tree::ones());
        new.into_iter().for_each(|tree| push(&mut self.vectors, tree, 2 * MAX_TERMS));
    }
}

/// Whether a term names an action that a binder of the goal binds.
fn is_bound(tree: &Tree, problem: &Problem<'_>) -> bool {
    let declared = |action: &Action| match action {
        Action::Name(name) => problem.statement.sort(name) == Some(Sort::Action),
        Action::Index(_) => true,
    };
    tree.any(&|node| match node {
        Node::Unit(action) | Node::At(_, action) | Node::Others(_, action) => !declared(action),
        Node::Expect { .. } | Node::Gradient { .. } | Node::Derivative { .. } => true,
        _ => false,
    })
}
