//! Where a proposition has a truth value: the conditions, as propositions of the language.
//!
//! The discipline is *strict*: an expression has a value only where all of its parts have one, whether or not they
//! matter in the end. `others(v/x, c)[c]` has none where x = 0, `log(P)[c]` none where some entry of P is 0. The
//! exceptions are those of the language itself: 0 log 0 = 0 in `xlogx`, `xlogy`, `H` and `KL`, and -inf as a masked
//! logit under `exp`, `lse`, `softmax` and `max`.
//!
//! An infinite value counts only as a whole side of an inequality: `log(x)` is -inf where x = 0, `KL(P, Q)` is +inf
//! where Q is 0 and P is not. What is computed from it has no value.

mod condition;

use super::definition::unfold;
use super::op::{Op, Type};
use super::prop::{Prop, Relation, Sort, Statement};
use super::tree::{Action, Name, Node, Tree};
pub use condition::{Condition, Infinity};
use condition::{apply, is_zero, mentions};

/// A condition, with the premises of the implications around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarded {
    /// What may be assumed where the condition matters.
    pub premises: Vec<Prop>,
    /// The condition.
    pub condition: Condition,
}

/// The conditions under which a proposition has a truth value, in reading order. A premise without a value is not met,
/// as a hypothesis is not, and so asks for nothing.
pub fn of_prop(prop: &Prop, statement: &Statement) -> Vec<Guarded> {
    fn walk(prop: &Prop, statement: &Statement, premises: &mut Vec<Prop>, out: &mut Vec<Guarded>) {
        match prop {
            Prop::Compare(relation, left, right) => {
                for condition in of_comparison(*relation, left, right, statement) {
                    let guarded = Guarded { premises: premises.clone(), condition };
                    if !out.contains(&guarded) {
                        out.push(guarded);
                    }
                }
            }
            Prop::SameAction(..) => {}
            Prop::And(parts) => parts.iter().for_each(|part| walk(part, statement, premises, out)),
            // From left to right: a part matters where those before it do not hold.
            Prop::Or(parts) => {
                let outer = premises.len();
                for part in parts {
                    walk(part, statement, premises, out);
                    premises.extend(part.opposite());
                }
                premises.truncate(outer);
            }
            Prop::Implies(premise, conclusion) => {
                premises.push((**premise).clone());
                walk(conclusion, statement, premises, out);
                premises.pop();
            }
            Prop::Iff(left, right) => {
                walk(left, statement, premises, out);
                walk(right, statement, premises, out);
            }
        }
    }
    let mut out = Vec::new();
    walk(prop, statement, &mut Vec::new(), &mut out);
    out
}

/// The conditions under which a relation has a truth value.
pub fn of_comparison(relation: Relation, left: &Tree, right: &Tree, statement: &Statement) -> Vec<Condition> {
    let mut walk = Walk { statement, everywhere: vec![], points: vec![], unfolded: vec![], found: vec![] };
    let is_order = !matches!(relation, Relation::Equal | Relation::NotEqual);
    let (left, right) = (whole(left, statement), whole(right, statement));
    let mut ends = [0; 2];
    for (side, end) in [left, right].into_iter().zip(&mut ends) {
        if is_order {
            walk.side(side)
        } else {
            walk.finite(side)
        }
        *end = walk.found.len();
    }
    let is_strict = matches!(relation, Relation::Less | Relation::Greater);
    let is_rising = matches!(relation, Relation::Less | Relation::LessEqual);
    let infinite = walk.found.iter().filter(|condition| condition.infinite.is_some()).count();
    for (index, condition) in walk.found.iter_mut().enumerate() {
        let Some(infinity) = condition.infinite else { continue };
        let wanted = if (index < ends[0]) == is_rising { Infinity::Minus } else { Infinity::Plus };
        // Of two infinite sides neither is the smaller one.
        condition.allowed = infinity == wanted && (!is_strict || infinite == 1);
    }
    walk.found
}

/// A side of a relation as it stands; a name that is defined as what it is defined as, so that it may be infinite, too.
pub fn whole<'t>(side: &'t Tree, statement: &'t Statement) -> &'t Tree {
    let definition = |name: &Name| statement.definitions.iter().find(|(known, _)| known == name);
    match side.node() {
        Node::Variable(name, _) => definition(name).map_or(side, |(_, body)| whole(body, statement)),
        _ => side,
    }
}

struct Walk<'s> {
    statement: &'s Statement,
    everywhere: Vec<Name>,
    /// The variables of the derivatives around.
    points: Vec<Name>,
    /// Definitions whose parts were looked at, with the variables of the derivatives around.
    unfolded: Vec<(Name, Vec<Name>)>,
    found: Vec<Condition>,
}

fn zero(ty: Type) -> Tree {
    match ty {
        Type::Real => Tree::integer(0),
        Type::Vector => Tree::zeros(),
    }
}

impl Walk<'_> {
    fn need(&mut self, holds: Prop, part: &Tree, infinite: Option<Infinity>) {
        let condition =
            Condition { everywhere: self.everywhere.clone(), holds, part: part.clone(), infinite, allowed: false };
        if !self.found.contains(&condition) {
            self.found.push(condition);
        }
    }

    fn needs(&mut self, relation: Relation, left: Tree, right: &Tree, part: &Tree) {
        self.need(Prop::Compare(relation, left, right.clone()), part, None);
    }

    /// A whole side of an inequality: it may be infinite.
    fn side(&mut self, tree: &Tree) {
        match tree.node() {
            Node::Apply(Op::Log, items) => {
                self.finite(&items[0]);
                let zero = zero(tree.ty());
                self.needs(Relation::LessEqual, zero.clone(), &items[0], tree);
                self.need(Prop::Compare(Relation::Less, zero, items[0].clone()), tree, Some(Infinity::Minus));
            }
            Node::Apply(Op::Divergence, items) => {
                items.iter().for_each(|item| self.finite(item));
                self.divergence(items, tree, Some(Infinity::Plus));
            }
            Node::Apply(Op::XlogY, items) if tree.ty() == Type::Real => {
                items.iter().for_each(|item| self.finite(item));
                self.needs(Relation::LessEqual, Tree::integer(0), &items[1], tree);
                // Of a negative x, x log y is not -inf where y is 0.
                let is_zero = Prop::Compare(Relation::Equal, items[1].clone(), Tree::integer(0));
                let positive = Prop::Compare(Relation::LessEqual, Tree::integer(0), items[0].clone());
                self.need(Prop::Implies(is_zero.into(), positive.into()), tree, None);
                self.support(&items[1], &items[0], tree, Some(Infinity::Minus));
            }
            _ if self.is_masked(tree) => {
                self.masked(tree);
                self.unmasked(tree, Some(Infinity::Minus));
            }
            _ => self.finite(tree),
        }
    }

    /// That a value which may be -inf is not.
    fn unmasked(&mut self, tree: &Tree, infinite: Option<Infinity>) {
        if let Some(exp) = apply(Op::Exp, &[tree]) {
            self.need(Prop::Compare(Relation::Less, zero(tree.ty()), exp), tree, infinite);
        }
    }

    /// A part that needs a finite value.
    fn finite(&mut self, tree: &Tree) {
        self.masked(tree);
        if self.is_masked(tree) {
            self.unmasked(tree, None);
        }
    }

    /// y = 0 => x = 0
    fn support(&mut self, y: &Tree, x: &Tree, part: &Tree, infinite: Option<Infinity>) {
        let is_zero = |tree: &Tree| Box::new(Prop::Compare(Relation::Equal, tree.clone(), Tree::integer(0)));
        self.need(Prop::Implies(is_zero(y), is_zero(x)), part, infinite);
    }

    fn divergence(&mut self, items: &[Tree], part: &Tree, infinite: Option<Infinity>) {
        for item in items {
            self.needs(Relation::LessEqual, Tree::zeros(), item, part);
        }
        self.entrywise_support(&items[1], &items[0], part, infinite);
    }

    /// v[a] = 0 => u[a] = 0 for every a
    fn entrywise_support(&mut self, v: &Tree, u: &Tree, part: &Tree, infinite: Option<Infinity>) {
        let name = self.fresh("a", &[u, v]);
        let at = |v: &Tree| Tree::new(Node::At(v.clone(), Action::Name(name.clone())));
        let (Ok(y), Ok(x)) = (at(v), at(u)) else { return };
        self.everywhere.push(name.clone());
        self.support(&y, &x, part, infinite);
        self.everywhere.pop();
    }

    /// A name for an action that is free here, like this one.
    fn fresh(&self, like: &str, trees: &[&Tree]) -> Name {
        let taken = |name: &str| {
            let used = |tree: &&Tree| mentions(tree, &name.into()) || tree.any(&|node| binds(node, name));
            self.statement.sort(name).is_some()
                || self.statement.definitions.iter().any(|(known, _)| &**known == name)
                || self.everywhere.iter().any(|known| &**known == name)
                || trees.iter().any(used)
        };
        let mut name = like.to_string();
        while taken(&name) {
            name.push('\'');
        }
        name.into()
    }

    /// A part that may be -inf where logits are masked.
    fn masked(&mut self, tree: &Tree) {
        match tree.node() {
            Node::Number(_) | Node::Size | Node::Ones | Node::Zeros => {}
            Node::Variable(name, _) => {
                let key = (name.clone(), self.points.clone());
                let definition = self.statement.definitions.iter().find(|(known, _)| known == name);
                if let Some((_, body)) = definition.filter(|_| !self.unfolded.contains(&key)) {
                    self.unfolded.push(key);
                    self.masked(body);
                }
            }
            Node::Unit(action) => self.exists(action, tree),
            Node::At(v, action) => {
                self.exists(action, tree);
                self.masked(v);
            }
            Node::Others(v, action) => {
                self.exists(action, tree);
                self.finite(v);
            }
            Node::Entries(items) => {
                items.iter().for_each(|item| self.finite(item));
                let length = u32::try_from(items.len()).map(Tree::integer).unwrap_or_else(|_| Tree::zeros());
                self.needs(Relation::Equal, Tree::size(), &length, tree);
            }
            Node::Power(x, _) => self.finite(x),
            Node::Expect { action, over, body } => {
                self.finite(over);
                self.everywhere.push(action.clone());
                self.finite(body);
                self.everywhere.pop();
            }
            Node::Gradient { of, at } => self.derivative(of, at),
            Node::Derivative { of, at, along } => {
                self.finite(along);
                self.derivative(of, at);
            }
            Node::Apply(op, items) => self.applied(*op, items, tree),
        }
    }

    fn derivative(&mut self, of: &Tree, at: &Name) {
        self.points.push(at.clone());
        self.finite(of);
        self.points.pop();
    }

    /// That an action by its number is one of the K.
    fn exists(&mut self, action: &Action, part: &Tree) {
        if let Action::Index(index) = action
            && let Ok(index) = u32::try_from(*index)
        {
            self.needs(Relation::GreaterEqual, Tree::size(), &Tree::integer(index), part);
        }
    }

    fn applied(&mut self, op: Op, items: &[Tree], tree: &Tree) {
        match op {
            Op::Derived(_) => match unfold(op, items) {
                Some(meaning) => return self.masked(&meaning),
                // What is too deep to be looked at has no value that anybody could vouch for.
                None => self.needs(Relation::Less, Tree::integer(0), &Tree::integer(0), tree),
            },
            Op::Exp | Op::Lse | Op::Softmax | Op::Max | Op::Min => self.masked(&items[0]),
            // A finite move masks nothing, and -inf and -inf are masked together.
            Op::Add => items.iter().for_each(|item| self.masked(item)),
            Op::Sub if self.is_masked(&items[0]) => {
                self.masked(&items[0]);
                self.finite(&items[1]);
            }
            Op::Mul if self.is_masked(&items[1]) => {
                self.finite(&items[0]);
                self.masked(&items[1]);
                self.needs(Relation::Less, Tree::integer(0), &items[0], tree);
            }
            Op::Div if self.is_masked(&items[0]) => {
                self.masked(&items[0]);
                self.finite(&items[1]);
                self.needs(Relation::Less, Tree::integer(0), &items[1], tree);
            }
            // Whatever else takes reals.
            _ => items.iter().for_each(|item| self.finite(item)),
        }
        let zeros = |item: &Tree| zero(item.ty());
        match op {
            Op::Div if matches!(items[1].node(), Node::Number(_)) && !is_zero(&items[1]) => {}
            Op::Div if !self.is_masked(&items[0]) && self.is_nonnegative(&items[1]) => {
                self.needs(Relation::Less, Tree::integer(0), &items[1], tree);
            }
            Op::Div if !self.is_masked(&items[0]) => {
                self.needs(Relation::NotEqual, items[1].clone(), &Tree::integer(0), tree);
            }
            Op::Quotient if matches!(items[1].node(), Node::Ones) => {}
            Op::Quotient if self.is_nonnegative(&items[1]) => {
                self.needs(Relation::Less, Tree::zeros(), &items[1], tree);
            }
            Op::Quotient => self.nowhere_zero(&items[1], tree),
            Op::Sqrt if self.moves(&items[0]) => self.needs(Relation::Less, zeros(&items[0]), &items[0], tree),
            Op::Norm if self.moves(&items[0]) => self.needs(Relation::NotEqual, items[0].clone(), &Tree::zeros(), tree),
            Op::Abs if self.moves(&items[0]) && tree.ty() == Type::Real => {
                self.needs(Relation::NotEqual, items[0].clone(), &Tree::integer(0), tree);
            }
            Op::Abs if self.moves(&items[0]) => self.needs(Relation::Less, Tree::zeros(), tree, tree),
            Op::Max | Op::Min if self.moves(&items[0]) => self.attained_once(tree, &items[0]),
            // The slope of x log x at 0 is infinite, unless x stays 0 there as a masked probability does.
            Op::XlogX | Op::Entropy if self.moves(&items[0]) && !self.stays_zero(&items[0]) => {
                self.needs(Relation::Less, zeros(&items[0]), &items[0], tree);
            }
            Op::Sqrt | Op::XlogX | Op::Entropy => self.needs(Relation::LessEqual, zeros(&items[0]), &items[0], tree),
            Op::Log => self.needs(Relation::Less, zeros(&items[0]), &items[0], tree),
            Op::XlogY => {
                self.needs(Relation::LessEqual, zeros(&items[1]), &items[1], tree);
                match tree.ty() {
                    Type::Real => self.support(&items[1], &items[0], tree, None),
                    Type::Vector => self.entrywise_support(&items[1], &items[0], tree, None),
                }
            }
            Op::CollisionEntropy => {
                if let Some(collision) = apply(Op::Collision, &[&items[0]]) {
                    self.needs(Relation::Less, Tree::integer(0), &collision, tree);
                }
            }
            Op::Divergence => {
                self.divergence(items, tree, None);
                if self.moves(&items[0]) && !self.stays_zero(&items[0]) {
                    self.needs(Relation::Less, Tree::zeros(), &items[0], tree);
                }
            }
            // What asks for no more than stands above; by name, so that a new operation has to be placed.
            Op::Neg | Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Hadamard | Op::Inner => {}
            Op::Norm
            | Op::NormSquared
            | Op::Abs
            | Op::Exp
            | Op::Sum
            | Op::Max
            | Op::Min
            | Op::Lse
            | Op::Softmax
            | Op::Collision => {}
            Op::Derived(_) => {}
            Op::Nearest | Op::Down | Op::Up | Op::Pred | Op::Succ | Op::Even => {}
        }
    }

    /// v[a] != 0 for every a: vectors differ where some entry does, which is not enough.
    fn nowhere_zero(&mut self, v: &Tree, part: &Tree) {
        let name = self.fresh("a", &[v]);
        let Ok(entry) = Tree::new(Node::At(v.clone(), Action::Name(name.clone()))) else { return };
        self.everywhere.push(name);
        self.needs(Relation::NotEqual, entry, &Tree::integer(0), part);
        self.everywhere.pop();
    }

    /// That the largest or the smallest entry is that of one action: elsewhere it has no derivative.
    fn attained_once(&mut self, tree: &Tree, v: &Tree) {
        let names = ["a", "b"].map(|name| self.fresh(name, &[v]));
        let at = |name: &Name| {
            let entry = Tree::new(Node::At(v.clone(), Action::Name(name.clone()))).ok()?;
            Some(Prop::Compare(Relation::Equal, entry, tree.clone()))
        };
        if let (Some(first), Some(second)) = (at(&names[0]), at(&names[1])) {
            let [a, b] = names.clone().map(Action::Name);
            let same = Prop::Implies(Box::new(Prop::And(vec![first, second])), Box::new(Prop::SameAction(a, b, true)));
            self.everywhere.extend(names);
            self.need(same, tree, None);
            self.everywhere.truncate(self.everywhere.len() - 2);
        }
    }

    /// Whether a value is plainly never negative, so that other than 0 is above 0.
    fn is_nonnegative(&self, tree: &Tree) -> bool {
        match whole(tree, self.statement).node() {
            Node::Variable(name, _) => matches!(self.statement.sort(name), Some(Sort::Distribution | Sort::Subset)),
            Node::At(v, _) => self.is_nonnegative(v),
            Node::Apply(Op::Softmax | Op::Norm | Op::NormSquared | Op::Collision, _) => true,
            Node::Apply(Op::Sum | Op::Max | Op::Min, items) => self.is_nonnegative(&items[0]),
            Node::Apply(op @ Op::Derived(_), items) => {
                unfold(*op, items).is_some_and(|meaning| self.is_nonnegative(&meaning))
            }
            _ => false,
        }
    }

    /// Whether entries that are 0 stay 0 wherever the variable moves: those of a softmax or an exponential.
    fn stays_zero(&self, tree: &Tree) -> bool {
        matches!(whole(tree, self.statement).node(), Node::Apply(Op::Softmax | Op::Exp, _))
    }

    /// Whether it depends on the variable of a derivative around it, so that it has to be smooth there.
    fn moves(&self, tree: &Tree) -> bool {
        self.points.iter().any(|point| self.depends(tree, point))
    }

    fn depends(&self, tree: &Tree, point: &Name) -> bool {
        tree.any(&|node| match node {
            Node::Variable(name, _) if name == point => true,
            Node::Variable(name, _) => {
                let definition = self.statement.definitions.iter().find(|(known, _)| known == name);
                definition.is_some_and(|(_, body)| self.depends(body, point))
            }
            _ => false,
        })
    }

    /// Whether a value may be -inf because logits are masked.
    fn is_masked(&self, tree: &Tree) -> bool {
        match tree.node() {
            Node::Variable(name, _) => {
                let definition = self.statement.definitions.iter().find(|(known, _)| known == name);
                self.statement.sort(name) == Some(Sort::Masked)
                    || definition.is_some_and(|(_, body)| self.is_masked(body))
            }
            Node::At(v, _) => self.is_masked(v),
            Node::Apply(Op::Add, items) => items.iter().any(|item| self.is_masked(item)),
            Node::Apply(Op::Mul, items) => self.is_masked(&items[1]),
            Node::Apply(Op::Sub | Op::Div | Op::Min, items) => self.is_masked(&items[0]),
            _ => false,
        }
    }
}

fn binds(node: &Node, name: &str) -> bool {
    matches!(node, Node::Expect { action, .. } if &**action == name)
}
