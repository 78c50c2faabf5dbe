//! What is known not to be negative: the pieces that an inequality is put together from.
//!
//! A piece is an inequality `small <= big` that one rule justifies: an assumption, a sign, a square, or an instance of a
//! law or of another claim, at terms that stand in the goal, in an entry or under a sum with weights.

use std::collections::HashSet;

use super::form::{Shape, fraction, simple};
use super::problem::{Link, Problem};
use super::rewrite::{Rewriter, end, size};
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Tree, Type};
use crate::proof::facts::{Facts, Signs};
use crate::proof::polynomial::Polynomial;
use crate::proof::rules::{self, Law, RULES};
use crate::proof::term::Binding;

/// Terms of one sort that laws are tried at.
const MAX_TERMS: usize = 14;

/// Instances of one law.
const MAX_INSTANCES: usize = 120;

/// Pieces in all.
const MAX_PIECES: usize = 700;

/// Larger terms are not put into laws.
const MAX_TERM_SIZE: usize = 24;

/// `small <= big`, times something that is not negative.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The smaller side.
    pub small: Tree,
    /// The larger side.
    pub big: Tree,
    /// The rule.
    pub rule: Name,
    /// Whether the smaller side is smaller by something.
    pub strict: bool,
    /// The normal form of `big - small`, times `times` where it is given.
    pub form: Polynomial,
    /// A positive factor that makes a polynomial of it.
    pub times: Option<Tree>,
}

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

fn op(op: Op, items: &[&Tree]) -> Option<Tree> {
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
        terms.add_centred();
        terms
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

/// Collects pieces.
pub struct Collector<'c, 'p> {
    problem: &'c Problem<'p>,
    rewriter: &'c Rewriter<'c>,
    lemmas: &'c [(Name, Law)],
    /// What was found.
    pub pieces: Vec<Piece>,
    seen: HashSet<(Tree, Tree)>,
}

impl<'c, 'p> Collector<'c, 'p> {
    /// Nothing so far.
    pub fn new(problem: &'c Problem<'p>, rewriter: &'c Rewriter<'c>, lemmas: &'c [(Name, Law)]) -> Collector<'c, 'p> {
        Collector { problem, rewriter, lemmas, pieces: Vec::new(), seen: HashSet::new() }
    }

    fn facts(&self) -> &Facts<'c> {
        &self.rewriter.facts
    }

    fn is_full(&self) -> bool {
        self.pieces.len() >= MAX_PIECES || self.problem.is_over()
    }

    /// Adds `small <= big` by a rule, if the kernel accepts it and it says something.
    pub fn add(&mut self, small: Tree, big: Tree, rule: &Name) {
        if self.is_full() || small == big || !self.seen.insert((small.clone(), big.clone())) {
            return;
        }
        let accepted = |relation| {
            let link = Link { relation, to: big.clone(), rules: vec![rule.clone()] };
            self.problem.step(&small, &link).is_some()
        };
        let strict = &**rule == "order" && accepted(Relation::Less);
        if !strict && !accepted(Relation::LessEqual) {
            return;
        }
        if let Some((form, times)) = self.form(&small, &big) {
            if form.as_constant().is_none() {
                self.pieces.push(Piece { small, big, rule: rule.clone(), strict, form, times });
            }
        }
    }

    /// The normal form of `big - small`, and the positive divisor that it was multiplied by.
    fn form(&self, small: &Tree, big: &Tree) -> Option<(Polynomial, Option<Tree>)> {
        let difference = op(Op::Sub, &[big, small])?;
        let path = self.rewriter.path(&difference, self.lemmas);
        let form = fraction(end(&difference, &path), self.facts())?;
        if form.under == Polynomial::one() {
            return Some((form.over, None));
        }
        let under = super::form::polynomial(&form.under, Type::Real, self.facts(), Shape::Factored)?;
        let positive = self.facts().signs(&under).within(Signs::POSITIVE);
        positive.then_some((form.over, Some(under)))
    }

    /// What is assumed or was shown.
    pub fn known(&mut self, terms: &Terms) {
        for prop in self.problem.known.clone() {
            let Prop::Compare(relation, left, right) = &prop else { continue };
            let (small, big) = match relation {
                Relation::LessEqual | Relation::Less => (left, right),
                Relation::GreaterEqual | Relation::Greater => (right, left),
                Relation::Equal | Relation::NotEqual => continue,
            };
            self.both_types(small, big, &"order".into(), terms);
        }
    }

    /// A relation between reals as it is, one between vectors in entries and under sums.
    fn both_types(&mut self, small: &Tree, big: &Tree, rule: &Name, terms: &Terms) {
        if small.ty() == Type::Real {
            return self.add(small.clone(), big.clone(), rule);
        }
        for action in &terms.actions {
            let entry = |v: &Tree| Tree::new(Node::At(v.clone(), action.clone())).ok();
            if let Some((small, big)) = entry(small).zip(entry(big)) {
                self.add(small, big, rule);
            }
        }
        for weight in &terms.weights {
            let sum = |v: &Tree| match weight.node() {
                Node::Ones => op(Op::Sum, &[v]),
                _ => op(Op::Inner, &[weight, v]),
            };
            if let Some((small, big)) = sum(small).zip(sum(big)) {
                self.add(small, big, rule);
            }
        }
    }

    /// What declarations and the forms of expressions say of signs and bounds of these reals.
    pub fn signs(&mut self, reals: &[Tree]) {
        let order: Name = "order".into();
        for x in reals {
            for bound in [Tree::integer(0), Tree::integer(1)] {
                self.add(bound.clone(), x.clone(), &order);
                self.add(x.clone(), bound, &order);
            }
        }
    }

    /// What declarations say of the entries of vectors.
    pub fn bounds(&mut self, terms: &Terms) {
        let order: Name = "order".into();
        for v in &terms.vectors {
            self.both_types(&Tree::zeros(), v, &order, terms);
            self.both_types(v, &Tree::ones(), &order, terms);
        }
    }

    /// Products of two pieces of linear kind.
    pub fn products(&mut self, most: usize) {
        let order: Name = "order".into();
        let linear: Vec<Tree> = self
            .pieces
            .iter()
            .filter(|piece| piece.rule == order && piece.times.is_none())
            .take(most)
            .filter_map(|piece| difference(&piece.small, &piece.big))
            .collect();
        for (index, x) in linear.iter().enumerate() {
            for y in &linear[..=index] {
                if x != y
                    && let Some(product) = op(Op::Mul, &[x, y])
                {
                    self.add(Tree::integer(0), product, &order);
                }
            }
        }
    }

    /// Squares of reals and of their sums and differences, and sums of squares of vectors.
    pub fn squares(&mut self, reals: &[Tree], terms: &Terms) {
        let order: Name = "order".into();
        let square = |x: Tree| Tree::new(Node::Power(x, 2)).ok();
        for (index, x) in reals.iter().enumerate() {
            let mut all = vec![Some(x.clone())];
            for y in &reals[..index] {
                all.extend([op(Op::Sub, &[x, y]), op(Op::Add, &[x, y])]);
            }
            all.push(op(Op::Sub, &[x, &Tree::integer(1)]));
            for x in all.into_iter().flatten().filter_map(square) {
                self.add(Tree::integer(0), x, &order);
            }
        }
        for weight in &terms.weights {
            for v in terms.vectors.iter().filter(|v| !matches!(v.node(), Node::Ones | Node::Unit(_))) {
                let square = op(Op::Hadamard, &[v, v]).and_then(|square| op(Op::Inner, &[weight, &square]));
                if let Some(square) = square {
                    self.add(Tree::integer(0), square, &order);
                }
            }
        }
    }

    /// Instances of the laws of the table that are inequalities, and of theorems that may be cited.
    pub fn laws(&mut self, terms: &Terms) {
        for rule in RULES {
            for law in rules::laws(rule.name).unwrap_or_default() {
                self.instances(&rule.name.into(), law, terms);
            }
        }
        for (name, theorems) in self.problem.library {
            for law in theorems.iter().filter_map(|theorem| theorem.laws()).flatten() {
                self.instances(name, &law, terms);
            }
        }
    }

    fn instances(&mut self, rule: &Name, law: &Law, terms: &Terms) {
        if !matches!(law.relation, Relation::LessEqual | Relation::Less) || law.variables.is_empty() || self.is_full() {
            return;
        }
        for binding in bindings(law, terms) {
            let known = |prop: &Prop| {
                let holds = |prop| self.facts().holds(&prop) == logitlab_words::Truth::True;
                binding.instantiate_prop(prop).is_some_and(holds)
            };
            if !law.conditions.iter().all(known) {
                continue;
            }
            if let Some((small, big)) = binding.instantiate(&law.left).zip(binding.instantiate(&law.right)) {
                self.both_types(&small, &big, rule, terms);
            }
        }
    }
}

/// `big - small`, a zero left out.
fn difference(small: &Tree, big: &Tree) -> Option<Tree> {
    match small.node() {
        Node::Number(n) if *n.numer() == 0.into() => Some(big.clone()),
        _ => op(Op::Sub, &[big, small]),
    }
}

/// Values for the variables of a law: such that a function of it stands in the goal, and all others in every way.
fn bindings(law: &Law, terms: &Terms) -> Vec<Binding> {
    let mut triggers: Vec<&Tree> = Vec::new();
    for side in [&law.left, &law.right] {
        find_triggers(side, &mut triggers);
    }
    let mut bound: Vec<Binding> = Vec::new();
    if triggers.is_empty() {
        bound.push(Binding::default());
    }
    for trigger in triggers {
        for tree in &terms.all {
            let mut binding = Binding::default();
            if binding.matches(trigger, tree) {
                bound.push(binding);
            }
        }
    }
    let mut occurring = HashSet::new();
    for side in law.conditions.iter().flat_map(Prop::trees).chain([&law.left, &law.right]) {
        side.visit(&mut |tree| match tree.node() {
            Node::Variable(name, _) => drop(occurring.insert(name.clone())),
            Node::At(_, Action::Name(name)) | Node::Unit(Action::Name(name)) | Node::Others(_, Action::Name(name)) => {
                occurring.insert(name.clone());
            }
            _ => {}
        });
    }
    for (name, sort) in law.variables.iter().filter(|(name, _)| occurring.contains(name)) {
        let mut next = Vec::new();
        for binding in bound {
            if binding.trees.contains_key(name) || binding.actions.contains_key(name) {
                next.push(binding);
                continue;
            }
            let values: &[Tree] = match sort {
                Sort::Real => &terms.reals,
                Sort::Distribution => &terms.distributions,
                Sort::Subset => &terms.subsets,
                Sort::Vector | Sort::Logits | Sort::Masked => &terms.vectors,
                Sort::Float => &[],
                Sort::Action => {
                    for action in &terms.actions {
                        let mut more = binding.clone();
                        more.actions.insert(name.clone(), action.clone());
                        next.push(more);
                    }
                    continue;
                }
            };
            for value in values {
                let mut more = binding.clone();
                more.trees.insert(name.clone(), value.clone());
                next.push(more);
            }
        }
        next.truncate(MAX_INSTANCES);
        bound = next;
    }
    bound
}

/// The functions in a pattern that are more than arithmetic.
fn find_triggers<'t>(tree: &'t Tree, out: &mut Vec<&'t Tree>) {
    use Op::{Add, Collision, Div, Hadamard, Inner, Mul, Neg, NormSquared, Quotient, Sub, Sum};
    let plain = match tree.node() {
        Node::Apply(op, _) => {
            matches!(op, Add | Sub | Neg | Mul | Div | Hadamard | Quotient | Inner | Sum | NormSquared | Collision)
        }
        _ => true,
    };
    let has_variable = tree.any(&|node| matches!(node, Node::Variable(..)));
    if !plain && has_variable {
        out.push(tree);
    } else {
        tree.node().children().into_iter().for_each(|child| find_triggers(child, out));
    }
}

/// A term in normal form, or as it is.
pub fn tidy(tree: &Tree, facts: &Facts<'_>) -> Tree {
    simple(tree, facts, Shape::Factored).unwrap_or_else(|| tree.clone())
}
