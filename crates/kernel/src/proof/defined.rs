//! What follows from what is given without a derivation: the conditions of definedness, since a proof of a proposition
//! is one of the cases in which it has a truth value; and whether hypotheses contradict each other.
//!
//! Unknown never passes for known.

use std::rc::Rc;

use super::facts::{Facts, Signs};
use super::script::{Item, Script};
use super::term::{map_prop, prop_mentions, unfold};
use crate::expr::domain::{Condition, Guarded, of_prop};
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Statement, Tree, Type};
use logitlab_words::Truth;

/// The conditions of what is to be shown that do not follow from what is given and from what an accepted script shows,
/// in reading order.
pub fn undischarged(statement: &Statement, script: Option<&Script>) -> Vec<Guarded> {
    let shown = script.map(shown).unwrap_or_default();
    let mut left: Vec<Guarded> = Vec::new();
    for guarded in statement.shows.iter().flat_map(|show| of_prop(show, statement)) {
        let props = statement.hypotheses.iter().chain(&guarded.premises).chain(&shown).cloned().collect();
        if !Known::new(statement, props).gives(&guarded.condition) && !left.contains(&guarded) {
            left.push(guarded);
        }
    }
    left
}

/// Conditions in words, those that read the same once: they are asked for by different parts.
pub fn in_words<'c>(conditions: impl IntoIterator<Item = &'c Condition>) -> Vec<String> {
    let mut words: Vec<String> = conditions.into_iter().map(Condition::to_string).collect();
    words.dedup();
    words
}

/// A hypothesis that is false by the declarations and the other hypotheses, as the kernel's facts have it.
pub fn contradiction(statement: &Statement) -> Option<&Prop> {
    let learned =
        Facts::new(&statement.variables, &statement.definitions, vec![]).learned(statement.hypotheses.clone());
    let is_false = |(index, prop): &(usize, &Prop)| {
        let others = [&learned[..*index], &learned[index + 1..]].concat();
        Facts::of(&statement.variables, &statement.definitions, others).holds(prop) == Truth::False
    };
    statement.hypotheses.iter().enumerate().find(is_false).map(|(_, prop)| prop)
}

/// What a script shows before its cases, under the hypotheses alone.
fn shown(script: &Script) -> Vec<Prop> {
    let mut out = Vec::new();
    for item in &script.items {
        match item {
            Item::Goal(_, prop, ..) => out.push(prop.clone()),
            Item::Chain(_, chain) => {
                let mut from = &chain.start;
                let mut relation = Relation::Equal;
                for step in &chain.steps {
                    out.push(Prop::Compare(step.relation, from.clone(), step.to.clone()));
                    relation = match (relation, step.relation) {
                        (so_far, Relation::Equal) => so_far,
                        (Relation::Less | Relation::Greater, _) => relation,
                        (_, next) => next,
                    };
                    from = &step.to;
                }
                out.push(Prop::Compare(relation, chain.start.clone(), from.clone()));
            }
            // What follows speaks of an action that is not declared.
            Item::Choose(..) => break,
        }
    }
    out
}

/// How many entries of vectors are tried.
const MAX_ENTRIES: usize = 8;

fn is_zero(tree: &Tree) -> bool {
    matches!(tree.node(), Node::Zeros) || matches!(tree.node(), Node::Number(value) if *value.numer() == 0.into())
}

/// What is known where a condition is asked for.
#[derive(Debug)]
pub struct Known<'s> {
    statement: &'s Statement,
    props: Vec<Prop>,
    facts: Rc<Facts<'s>>,
}

impl<'s> Known<'s> {
    /// What the declarations of a statement and some propositions say.
    pub fn new(statement: &'s Statement, props: Vec<Prop>) -> Known<'s> {
        let facts = Facts::new(&statement.variables, &statement.definitions, props.clone());
        Known { statement, props, facts: Rc::new(facts) }
    }

    /// Under a binder of this name.
    fn without(&self, name: &Name) -> Known<'s> {
        let names = self.facts.dependent(name);
        let props = self.props.iter().filter(|prop| !prop_mentions(prop, &names)).cloned().collect();
        Known { statement: self.statement, props, facts: self.facts.without(name) }
    }

    fn assuming(&self, prop: Prop) -> Known<'s> {
        Known::new(self.statement, self.props.iter().cloned().chain([prop]).collect())
    }

    /// Whether a condition is known to hold.
    pub fn gives(&self, condition: &Condition) -> bool {
        self.facts.effort.renew();
        match condition.everywhere.split_first() {
            None => self.follows(&condition.holds),
            Some((name, rest)) => {
                self.without(name).gives(&Condition { everywhere: rest.to_vec(), ..condition.clone() })
            }
        }
    }

    fn follows(&self, prop: &Prop) -> bool {
        self.facts.holds(prop) == Truth::True
            || match prop {
                Prop::Implies(premise, conclusion) => self.vanishes_with(premise, conclusion),
                Prop::Compare(relation, left, right) => {
                    self.has_mass(*relation, left, right)
                        || self.is_distributed(*relation, left, right)
                        || self.exceeds_square(*relation, left, right)
                }
                _ => false,
            }
            || self.rewritten(prop).iter().any(|prop| self.facts.holds(prop) == Truth::True)
    }

    /// y = 0 => x = 0: where y is never 0, x always, y a factor of x, or y not where x is not.
    fn vanishes_with(&self, premise: &Prop, conclusion: &Prop) -> bool {
        if self.facts.holds(premise) == Truth::False || self.facts.holds(conclusion) == Truth::True {
            return true;
        }
        let (Prop::Compare(Relation::Equal, y, zero), Prop::Compare(Relation::Equal, x, _)) = (premise, conclusion)
        else {
            return false;
        };
        let written_out = |tree: &Tree| at_entries(&unfold(tree, &self.statement.definitions)?);
        if written_out(x).zip(written_out(y)).is_some_and(|(x, y)| is_multiple(&x, &y)) {
            return true;
        }
        let nonnegative = self.facts.signs(x).within(Signs::of_difference(Relation::LessEqual));
        let elsewhere = match nonnegative {
            true => Prop::Compare(Relation::Less, zero.clone(), x.clone()),
            false => Prop::Compare(Relation::NotEqual, x.clone(), zero.clone()),
        };
        let known = self.assuming(elsewhere);
        let other = |relation| Prop::Compare(relation, y.clone(), zero.clone());
        [Relation::NotEqual, Relation::Greater, Relation::Less].into_iter().any(|relation| {
            let prop = other(relation);
            known.facts.holds(&prop) == Truth::True
                || known.has_mass(relation, y, zero)
                || known.rewritten(&prop).iter().any(|prop| known.facts.holds(prop) == Truth::True)
        })
    }

    /// 0 < C(P), |P| != 0, P != 0 of a distribution, some entry of which is positive; 0 < C(v) where v != 0 is given.
    fn is_distributed(&self, relation: Relation, left: &Tree, right: &Tree) -> bool {
        let value = match relation {
            Relation::Less if is_zero(left) => right,
            Relation::Greater | Relation::NotEqual if is_zero(right) => left,
            _ => return false,
        };
        let of = match value.node() {
            Node::Apply(Op::Max, items) if self.facts.is_distribution(&items[0]) => return true,
            Node::Apply(Op::Collision | Op::Norm | Op::NormSquared, items) => &items[0],
            Node::Apply(Op::Inner, items) if items[0] == items[1] => &items[0],
            _ if value.ty() == Type::Vector && relation == Relation::NotEqual => value,
            _ => return false,
        };
        let other = Prop::Compare(Relation::NotEqual, of.clone(), Tree::zeros());
        self.facts.is_distribution(of) || self.props.contains(&other)
    }

    /// 0 <= 1 - 2*v[c] + C(v), which is |e[c] - v|^2, and what exceeds it.
    fn exceeds_square(&self, relation: Relation, left: &Tree, right: &Tree) -> bool {
        let (Relation::LessEqual, true) = (relation, is_zero(left)) else { return false };
        let mut entries = Vec::new();
        right.visit(&mut |tree| {
            if let Node::At(v, _) = tree.node()
                && entries.len() < MAX_ENTRIES
            {
                entries.push((tree.clone(), v.clone()));
            }
        });
        let apply = |op: Op, items: &[&Tree]| Tree::apply(op, items.iter().copied().cloned().collect::<Vec<_>>()).ok();
        let rest = |entry: &Tree, square: &Tree| {
            let twice = apply(Op::Mul, &[&Tree::integer(2), entry])?;
            let square = apply(Op::Sub, &[&apply(Op::Add, &[&Tree::integer(1), square])?, &twice])?;
            apply(Op::Sub, &[right, &square])
        };
        let nonnegative = |tree: &Tree| self.facts.signs(tree).within(Signs::of_difference(Relation::LessEqual));
        entries.iter().any(|(entry, v)| {
            let squares = [apply(Op::Collision, &[v]), apply(Op::NormSquared, &[v]), apply(Op::Inner, &[v, v])];
            squares.into_iter().flatten().any(|square| rest(entry, &square).is_some_and(|rest| nonnegative(&rest)))
        })
    }

    /// 0 < softmax(z + v)[c] where softmax(z)[c] is known to be positive: a finite move masks nothing.
    fn has_mass(&self, relation: Relation, left: &Tree, right: &Tree) -> bool {
        let Some((logits, action)) = self.probability(relation, left, right) else { return false };
        let base = self.base(&logits);
        self.props.iter().any(|prop| match prop {
            Prop::Compare(relation, left, right) => self
                .probability(*relation, left, right)
                .is_some_and(|(logits, known)| known == action && self.base(&logits) == base),
            _ => false,
        })
    }

    /// Of a relation that says `softmax(z)[c]` is not 0: z and c.
    fn probability(&self, relation: Relation, left: &Tree, right: &Tree) -> Option<(Tree, Action)> {
        let side = match relation {
            Relation::Less => right,
            Relation::Greater | Relation::NotEqual => left,
            _ => return None,
        };
        let other = if std::ptr::eq(side, left) { right } else { left };
        let is_zero = matches!(other.node(), Node::Number(value) if *value.numer() == 0.into());
        let side = unfold(side, &self.statement.definitions).filter(|_| is_zero)?;
        let Node::At(v, action) = side.node() else { return None };
        let Node::Apply(Op::Softmax, items) = v.node() else { return None };
        Some((items[0].clone(), action.clone()))
    }

    /// Logits without what is finite beside them and without positive factors.
    fn base(&self, logits: &Tree) -> Tree {
        let positive = |tree: &Tree| self.facts.signs(tree).within(Signs::of_difference(Relation::Less));
        match logits.node() {
            Node::Apply(Op::Add, items) if self.facts.is_finite(&items[1]) => self.base(&items[0]),
            Node::Apply(Op::Add, items) if self.facts.is_finite(&items[0]) => self.base(&items[1]),
            Node::Apply(Op::Sub, items) if self.facts.is_finite(&items[1]) => self.base(&items[0]),
            Node::Apply(Op::Mul, items) if positive(&items[0]) => self.base(&items[1]),
            Node::Apply(Op::Div, items) if positive(&items[1]) => self.base(&items[0]),
            _ => logits.clone(),
        }
    }

    /// A proposition with one side of a known equation replaced by the other.
    fn rewritten(&self, prop: &Prop) -> Vec<Prop> {
        let mut out = Vec::new();
        for known in &self.props {
            let Prop::Compare(Relation::Equal, left, right) = known else { continue };
            for (from, to) in [(left, right), (right, left)] {
                // In what is differentiated, the equation need not hold beside the present point.
                let moves = |node: &Node| matches!(node, Node::Gradient { .. } | Node::Derivative { .. });
                if prop.trees().iter().any(|tree| tree.any(&moves)) {
                    break;
                }
                let replace = |tree: &Tree| tree.rewrite(&mut |node| (node == from).then(|| to.clone())).ok();
                let entry = |tree: &Tree| replace(tree).and_then(|tree| at_entries(&tree));
                match map_prop(prop, &entry, &|action| Some(action.clone())) {
                    Some(new) if new != *prop => out.push(new),
                    _ => {}
                }
            }
        }
        out
    }
}

/// Whether one real is the other times something.
fn is_multiple(x: &Tree, y: &Tree) -> bool {
    x == y
        || match x.node() {
            Node::Apply(Op::Mul, items) => items.iter().any(|item| is_multiple(item, y)),
            Node::Apply(Op::Div | Op::Neg, items) => is_multiple(&items[0], y),
            _ => false,
        }
}

/// `(u.*v/x)[c]` as `u[c]*v[c]/x`, so that the sign of each entry counts.
fn at_entries(tree: &Tree) -> Option<Tree> {
    fn entry(v: &Tree, action: &Action) -> Option<Tree> {
        match v.node() {
            Node::Apply(Op::Hadamard, items) => {
                Tree::apply(Op::Mul, [entry(&items[0], action)?, entry(&items[1], action)?]).ok()
            }
            Node::Apply(Op::Quotient, items) => {
                Tree::apply(Op::Div, [entry(&items[0], action)?, entry(&items[1], action)?]).ok()
            }
            Node::Apply(op @ (Op::Mul | Op::Div), items) => {
                let one =
                    |item: &Tree| if item.ty() == Type::Vector { entry(item, action) } else { Some(item.clone()) };
                Tree::apply(*op, [one(&items[0])?, one(&items[1])?]).ok()
            }
            Node::Apply(Op::Exp, items) => Tree::apply(Op::Exp, [entry(&items[0], action)?]).ok(),
            _ => Tree::new(Node::At(v.clone(), action.clone())).ok(),
        }
    }
    let mut split = |node: &Tree| match node.node() {
        Node::At(v, action) => entry(v, action),
        _ => None,
    };
    tree.rewrite(&mut split).ok()
}
