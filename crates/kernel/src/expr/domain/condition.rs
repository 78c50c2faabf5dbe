//! What has to hold for a part of an expression to have a value, and the hypothesis that gives it.

use std::fmt;

use crate::expr::op::Op;
use crate::expr::prop::{Prop, Relation};
use crate::expr::tree::{Action, Name, Node, Tree};

/// A value beyond all real numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Infinity {
    /// -inf
    Minus,
    /// +inf
    Plus,
}

/// What has to hold for a part of an expression to have a (finite) value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Bound actions: it has to hold for every value of these.
    pub everywhere: Vec<Name>,
    /// What has to hold.
    pub holds: Prop,
    /// The part that has no finite value otherwise.
    pub part: Tree,
    /// What the part is otherwise, where it is a whole side of an inequality and then has an infinite value.
    pub infinite: Option<Infinity>,
    /// Whether the inequality certainly holds where the part is infinite.
    pub allowed: bool,
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.elementwise(), self.everywhere.as_slice()) {
            (Some(prop), _) => write!(f, "{prop}"),
            (None, []) => write!(f, "{}", self.holds),
            (None, names) => write!(f, "{} for every {}", self.holds, names.join(", ")),
        }
    }
}

/// Whether an expression has nothing in it that could be another value.
fn is_constant(tree: &Tree) -> bool {
    !tree.any(&|node| matches!(node, Node::Variable(..) | Node::Size | Node::Unit(_)))
}

impl Condition {
    /// A hypothesis that can be written down and gives the condition; none where no hypothesis does.
    pub fn mend(&self) -> Option<Prop> {
        let zeros = Tree::zeros;
        let positive = |v: Tree| Prop::Compare(Relation::Less, zeros(), v);
        let absolute = |v: Tree| Some(positive(apply(Op::Abs, &[&v])?));
        match (self.everywhere.as_slice(), &self.holds) {
            ([], Prop::Compare(_, left, right)) if is_constant(left) && is_constant(right) => None,
            // Vectors differ where some entry does, which is what is asked of a norm.
            ([], holds) => Some(holds.clone()),
            ([name], Prop::Compare(Relation::NotEqual, left, right)) => {
                let difference = if is_zero(right) { left.clone() } else { apply(Op::Sub, &[left, right])? };
                absolute(lift(&difference, name)?)
            }
            // 0 < v gives v[a] = 0 => u[a] = 0.
            ([name], Prop::Implies(premise, _)) => match &**premise {
                Prop::Compare(Relation::Equal, left, right) if is_zero(right) => lift(left, name).map(positive),
                _ => None,
            },
            ([name], Prop::Compare(relation, left, right)) => {
                Some(Prop::Compare(*relation, lift(left, name)?, lift(right, name)?))
            }
            _ => None,
        }
    }

    /// The same of a vector, where it says something of an entry for every action: `0 < Q` for `0 < Q[a]`.
    fn elementwise(&self) -> Option<Prop> {
        let ([name], Prop::Compare(relation, left, right)) = (self.everywhere.as_slice(), &self.holds) else {
            return None;
        };
        let whole = |tree: &Tree| match tree.node() {
            Node::At(v, Action::Name(action)) if action == name && !mentions(v, name) => Some(v.clone()),
            _ if is_zero(tree) => Some(Tree::zeros()),
            _ => None,
        };
        // Vectors differ where some entry does.
        (*relation != Relation::NotEqual).then(|| Some(Prop::Compare(*relation, whole(left)?, whole(right)?)))?
    }
}

pub(super) fn is_zero(tree: &Tree) -> bool {
    matches!(tree.node(), Node::Number(value) if *value.numer() == 0.into())
}

/// The vector whose entries are the values of a real expression at every action: `v` for `v[a]`, `x*1` for x.
fn lift(tree: &Tree, name: &Name) -> Option<Tree> {
    if is_zero(tree) {
        return Some(Tree::zeros());
    }
    if !mentions(tree, name) {
        return apply(Op::Mul, &[tree, &Tree::ones()]);
    }
    match tree.node() {
        Node::At(v, Action::Name(action)) if action == name && !mentions(v, name) => Some(v.clone()),
        Node::Apply(op @ (Op::Add | Op::Sub), items) => apply(*op, &[&lift(&items[0], name)?, &lift(&items[1], name)?]),
        Node::Apply(op @ (Op::Neg | Op::Abs | Op::Exp | Op::Log | Op::Sqrt), items) => {
            apply(*op, &[&lift(&items[0], name)?])
        }
        Node::Apply(Op::Mul, items) if !mentions(&items[0], name) => {
            apply(Op::Mul, &[&items[0], &lift(&items[1], name)?])
        }
        Node::Apply(Op::Mul, items) if !mentions(&items[1], name) => {
            apply(Op::Mul, &[&items[1], &lift(&items[0], name)?])
        }
        Node::Apply(Op::Mul, items) => apply(Op::Hadamard, &[&lift(&items[0], name)?, &lift(&items[1], name)?]),
        Node::Apply(Op::Div, items) if !mentions(&items[1], name) => {
            apply(Op::Div, &[&lift(&items[0], name)?, &items[1]])
        }
        Node::Apply(Op::Div, items) => apply(Op::Quotient, &[&lift(&items[0], name)?, &lift(&items[1], name)?]),
        _ => None,
    }
}

pub(super) fn mentions(tree: &Tree, name: &Name) -> bool {
    tree.any(&|node| match node {
        Node::At(_, Action::Name(action))
        | Node::Unit(Action::Name(action))
        | Node::Others(_, Action::Name(action)) => action == name,
        _ => false,
    })
}

pub(super) fn apply(op: Op, items: &[&Tree]) -> Option<Tree> {
    Tree::apply(op, items.iter().map(|item| (*item).clone()).collect::<Vec<_>>()).ok()
}
