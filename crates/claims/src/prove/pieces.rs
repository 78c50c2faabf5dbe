//! What is known not to be negative: the pieces that an inequality is put together from.
//!
//! A piece is an inequality `small <= big` that one rule justifies: an assumption, a sign, a square, or an instance of
//! a law or of another claim, at terms that stand in the goal, in an entry or under a sum with weights.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::form::{Shape, fraction};
use super::monomial::quotient;
use super::problem::{Link, Problem};
use super::rewrite::{Rewriter, end};
use super::terms::{Terms, op};
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Tree, Type};
use crate::proof::facts::{Facts, Signs};
use crate::proof::polynomial::{Monomial, Polynomial};
use crate::proof::rules::{self, Law, RULES};
use crate::proof::term::Binding;

/// Instances of one law.
const MAX_INSTANCES: usize = 120;

/// New pieces of one stage.
const MAX_PIECES: usize = 500;

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

/// Where laws are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instances {
    /// Where a function of the law stands in the goal.
    OfGoal,
    /// At all terms of the right sorts.
    OfAll,
}

/// Collects pieces.
pub struct Collector<'c, 'p> {
    problem: &'c Problem<'p>,
    rewriter: &'c Rewriter<'c>,
    lemmas: &'c [(Name, Law)],
    /// Whether the goal is about reals or vectors.
    ty: Type,
    /// The products of the goal.
    wanted: Vec<Monomial>,
    /// What was found.
    pub pieces: Vec<Piece>,
    /// How many pieces there may be at this stage.
    most: usize,
    seen: HashSet<(Tree, Tree)>,
    /// What expressions are rewritten to.
    reduced: RefCell<HashMap<Tree, Tree>>,
}

impl<'c, 'p> Collector<'c, 'p> {
    /// Nothing so far.
    pub fn new(
        problem: &'c Problem<'p>,
        rewriter: &'c Rewriter<'c>,
        lemmas: &'c [(Name, Law)],
        (wanted, ty): (&Polynomial, Type),
    ) -> Collector<'c, 'p> {
        let wanted = wanted.terms().map(|(monomial, _)| monomial.clone()).filter(|monomial| !monomial.is_empty());
        Collector {
            problem,
            rewriter,
            lemmas,
            ty,
            wanted: wanted.collect(),
            pieces: Vec::new(),
            most: MAX_PIECES,
            seen: HashSet::new(),
            reduced: RefCell::default(),
        }
    }

    /// Makes room for the pieces of a stage.
    pub fn begin(&mut self) {
        self.most = self.pieces.len() + MAX_PIECES;
    }

    fn facts(&self) -> &Facts<'c> {
        &self.rewriter.facts
    }

    fn is_full(&self) -> bool {
        self.pieces.len() >= self.most || self.problem.is_over()
    }

    /// Adds `small <= big` by a rule, if it speaks of something in the goal and the kernel accepts it.
    pub fn add(&mut self, small: Tree, big: Tree, rule: &Name) {
        if small.ty() != self.ty || self.is_full() || small == big || !self.seen.insert((small.clone(), big.clone())) {
            return;
        }
        let Some((form, times)) = self.form(&small, &big) else { return };
        let speaks = |monomial: &Monomial| !monomial.is_empty() && self.wanted.iter().any(|own| touches(monomial, own));
        if !form.terms().any(|(monomial, _)| speaks(monomial)) {
            return;
        }
        let accepted = |relation| {
            let link = Link { relation, to: big.clone(), rules: vec![rule.clone()] };
            self.problem.step(&small, &link).is_some()
        };
        let strict = &**rule == "order" && accepted(Relation::Less);
        if strict || accepted(Relation::LessEqual) {
            self.pieces.push(Piece { small, big, rule: rule.clone(), strict, form, times });
        }
    }

    /// The normal form of `big - small`, and the positive divisor that it was multiplied by.
    fn form(&self, small: &Tree, big: &Tree) -> Option<(Polynomial, Option<Tree>)> {
        let reduced = |tree: &Tree| {
            let known = self.reduced.borrow().get(tree).cloned();
            known.unwrap_or_else(|| {
                let new = end(tree, &self.rewriter.path(tree, self.lemmas)).clone();
                self.reduced.borrow_mut().insert(tree.clone(), new.clone());
                new
            })
        };
        let (small, big) = (reduced(small), reduced(big));
        let form = fraction(&op(Op::Sub, &[&big, &small])?, self.facts())?;
        if form.under == Polynomial::one() {
            return Some((form.over, None));
        }
        let under = super::form::polynomial(&form.under, Type::Real, self.facts(), Shape::Factored)?;
        let positive = self.facts().signs(&under).within(Signs::POSITIVE);
        positive.then_some((form.over, Some(under)))
    }

    /// What is assumed or was shown.
    pub fn known(&mut self, terms: &Terms) {
        let is_real = |(small, _): &(&Tree, &Tree)| small.ty() == Type::Real;
        for (small, big) in self.problem.known.iter().filter_map(ordered).filter(is_real) {
            let form = self.form(small, big);
            let monomials = form.iter().flat_map(|(form, _)| form.terms()).map(|(monomial, _)| monomial.clone());
            self.wanted.extend(monomials.filter(|monomial| !monomial.is_empty()));
        }
        for prop in self.problem.known.clone() {
            if let Some((small, big)) = ordered(&prop) {
                self.both_types(small, big, &"order".into(), terms);
            }
        }
    }

    /// A relation as it is; for reals, one between vectors in entries and under sums; for vectors, at an action alone
    /// and everywhere else, too.
    fn both_types(&mut self, small: &Tree, big: &Tree, rule: &Name, terms: &Terms) {
        self.add(small.clone(), big.clone(), rule);
        if small.ty() == Type::Real {
            return;
        }
        if self.ty == Type::Vector {
            for unit in terms.actions.iter().map(|action| Tree::unit(action.clone())) {
                for weight in [Some(unit.clone()), op(Op::Sub, &[&Tree::ones(), &unit])].into_iter().flatten() {
                    let part = |v: &Tree| op(Op::Hadamard, &[&weight, v]);
                    if let Some((small, big)) = part(small).zip(part(big)) {
                        self.add(small, big, rule);
                    }
                }
            }
            return;
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

    /// Products of two pieces of linear kind, and of two vectors that are not negative, under sums.
    pub fn products(&mut self, most: usize, terms: &Terms) {
        let order: Name = "order".into();
        let linear = self.pieces.iter().filter(|piece| piece.rule == order && piece.times.is_none()).take(most);
        let linear: Vec<Tree> = linear.filter_map(|piece| difference(&piece.small, &piece.big)).collect();
        for (index, x) in linear.iter().enumerate() {
            for y in &linear[..=index] {
                if let Some(product) = op(Op::Mul, &[x, y]).filter(|_| x != y) {
                    self.add(Tree::integer(0), product, &order);
                }
            }
        }
        let mut vectors: Vec<Tree> = Vec::new();
        for prop in &self.problem.known {
            let Some((small, big)) = ordered(prop) else { continue };
            if small.ty() == Type::Vector {
                let zero = matches!(small.node(), Node::Zeros);
                vectors.extend(if zero { Some(big.clone()) } else { op(Op::Sub, &[big, small]) });
            }
        }
        vectors.extend(terms.weights.iter().filter(|weight| !matches!(weight.node(), Node::Ones)).cloned());
        vectors.extend(terms.subsets.iter().filter_map(|t| op(Op::Sub, &[&Tree::ones(), t])));
        vectors.truncate(10);
        for weight in &terms.weights {
            for (index, u) in vectors.iter().enumerate() {
                for v in &vectors[..index] {
                    let product = op(Op::Hadamard, &[u, v]).and_then(|product| op(Op::Inner, &[weight, &product]));
                    if let Some(product) = product {
                        self.add(Tree::integer(0), product, &order);
                    }
                }
            }
        }
    }

    /// Squares of reals and of their sums and differences, completed squares, and sums of squares of vectors.
    pub fn squares(&mut self, wanted: &Polynomial, reals: &[Tree], terms: &Terms) {
        let order: Name = "order".into();
        let square = |x: Tree| Tree::new(Node::Power(x, 2)).ok();
        for x in completed(wanted, self.facts()) {
            self.add(Tree::integer(0), x, &order);
        }
        let mut linear: Vec<Tree> = Vec::new();
        for (index, x) in reals.iter().enumerate() {
            linear.push(x.clone());
            linear.extend(op(Op::Sub, &[x, &Tree::integer(1)]));
            for (at, y) in reals[..index].iter().enumerate() {
                let (minus, plus) = (op(Op::Sub, &[x, y]), op(Op::Add, &[x, y]));
                for z in reals[..at].iter().filter(|_| reals.len() <= 6) {
                    let twice = |x: &Tree| op(Op::Mul, &[&Tree::integer(2), x]);
                    for sum in [&plus, &minus].into_iter().flatten() {
                        linear.extend([op(Op::Sub, &[sum, z]), op(Op::Add, &[sum, z])].into_iter().flatten());
                    }
                    for (a, b, c) in [(x, y, z), (x, z, y), (y, z, x)] {
                        let sum = op(Op::Add, &[a, b]).zip(twice(c));
                        linear.extend(sum.and_then(|(sum, twice)| op(Op::Sub, &[&sum, &twice])));
                    }
                }
                linear.extend([minus, plus].into_iter().flatten());
            }
        }
        for x in linear.into_iter().filter_map(square) {
            self.add(Tree::integer(0), x, &order);
        }
        for weight in &terms.weights {
            for v in terms.vectors.iter().filter(|v| !matches!(v.node(), Node::Ones | Node::Unit(_))) {
                let square = match weight.node() {
                    Node::Ones => op(Op::NormSquared, &[v]),
                    _ => op(Op::Hadamard, &[v, v]).and_then(|square| op(Op::Inner, &[weight, &square])),
                };
                if let Some(square) = square {
                    self.add(Tree::integer(0), square, &order);
                }
            }
        }
    }

    /// Pieces times products that make one of their terms a term of the goal.
    pub fn multiples(&mut self, wanted: &Polynomial) {
        let nonnegative = |monomial: &Monomial| {
            monomial.iter().all(|(atom, power)| {
                power.is_multiple_of(2) || self.facts().signs(atom).within(Signs::of_difference(Relation::LessEqual))
            })
        };
        let mut new = Vec::new();
        for piece in &self.pieces {
            let mut factors: Vec<Monomial> = Vec::new();
            for (target, _) in wanted.terms() {
                for (own, _) in piece.form.terms() {
                    let Some(factor) = quotient(target, own) else { continue };
                    if !factor.is_empty() && factors.len() < 6 && !factors.contains(&factor) && nonnegative(&factor) {
                        factors.push(factor);
                    }
                }
            }
            for factor in factors {
                let factor = Polynomial::term(factor, num_traits::One::one());
                let tree = super::form::polynomial(&factor, Type::Real, self.facts(), Shape::Factored);
                let times = match (&piece.times, tree) {
                    (Some(times), Some(tree)) => op(Op::Mul, &[times, &tree]),
                    (_, tree) => tree,
                };
                if let Some((times, form)) = times.zip(piece.form.times(&factor)) {
                    new.push(Piece { times: Some(times), form, strict: false, ..piece.clone() });
                }
            }
        }
        new.truncate(MAX_PIECES);
        self.pieces.extend(new);
    }

    /// Instances of the laws of the table that are inequalities, and of theorems that may be cited.
    pub fn laws(&mut self, terms: &Terms, which: Instances) {
        for rule in RULES {
            for law in rules::laws(rule.name).unwrap_or_default() {
                self.instances(&rule.name.into(), law, terms, which);
            }
        }
        // What may be cited has room of its own.
        self.begin();
        for (name, laws) in self.problem.library.laws() {
            laws.iter().for_each(|law| self.instances(name, law, terms, which));
        }
    }

    fn instances(&mut self, rule: &Name, law: &Law, terms: &Terms, which: Instances) {
        if !matches!(law.relation, Relation::LessEqual | Relation::Less) || law.variables.is_empty() || self.is_full() {
            return;
        }
        for binding in bindings(law, terms, which) {
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

/// The smaller and the larger side of what says that there are such.
fn ordered(prop: &Prop) -> Option<(&Tree, &Tree)> {
    match prop {
        Prop::Compare(Relation::LessEqual | Relation::Less, left, right) => Some((left, right)),
        Prop::Compare(Relation::GreaterEqual | Relation::Greater, left, right) => Some((right, left)),
        _ => None,
    }
}

/// Whether two products are the same but for real factors, or the one contains the other.
fn touches(one: &Monomial, other: &Monomial) -> bool {
    one == other || quotient(other, one).is_some()
}

/// Squares that take an atom of degree two away: of `a*x^2 + b*x + c` with a > 0, `(2*a*x + b)^2/(4*a)`.
fn completed(wanted: &Polynomial, facts: &Facts<'_>) -> Vec<Tree> {
    let mut all = Vec::new();
    let mut atoms: Vec<&Tree> = wanted.terms().flat_map(|(monomial, _)| monomial.keys()).collect();
    atoms.dedup();
    for x in atoms {
        let degree = |monomial: &Monomial| monomial.get(x).copied().unwrap_or(0);
        if wanted.terms().map(|(monomial, _)| degree(monomial)).max() != Some(2) {
            continue;
        }
        let coefficient = |n: u32| {
            let mut terms = wanted.terms().filter(|(monomial, _)| degree(monomial) == n);
            let sum = terms.try_fold(Polynomial::default(), |sum, (monomial, c)| {
                let mut rest = monomial.clone();
                rest.remove(x);
                sum.plus(c, &Polynomial::term(rest, num_traits::One::one()))
            });
            super::form::polynomial(&sum?, Type::Real, facts, Shape::Factored)
        };
        let Some((a, b)) = coefficient(2).zip(coefficient(1)) else { continue };
        if !facts.signs(&a).within(Signs::POSITIVE) {
            continue;
        }
        let twice = op(Op::Mul, &[&a, x]).and_then(|ax| op(Op::Mul, &[&Tree::integer(2), &ax]));
        let square = twice.and_then(|twice| op(Op::Add, &[&twice, &b])).and_then(|x| Tree::new(Node::Power(x, 2)).ok());
        let below = op(Op::Mul, &[&Tree::integer(4), &a]);
        all.extend(square.zip(below).and_then(|(square, below)| op(Op::Div, &[&square, &below])));
    }
    all
}

/// `big - small`, a zero left out.
fn difference(small: &Tree, big: &Tree) -> Option<Tree> {
    match small.node() {
        Node::Number(n) if *n.numer() == 0.into() => Some(big.clone()),
        _ => op(Op::Sub, &[big, small]),
    }
}

/// Values for the variables of a law: such that a function of it stands in the goal, and all others in every way.
fn bindings(law: &Law, terms: &Terms, which: Instances) -> Vec<Binding> {
    let mut triggers: Vec<&Tree> = Vec::new();
    for side in [&law.left, &law.right] {
        find_triggers(side, &mut triggers);
    }
    let mut bound: Vec<Binding> = Vec::new();
    // A law without functions is tried at all terms at once; one with functions only in the end.
    let tried_before = triggers.is_empty() && which == Instances::OfAll;
    if tried_before {
        return bound;
    }
    if triggers.is_empty() || which == Instances::OfAll {
        bound.push(Binding::default());
        triggers.clear();
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
