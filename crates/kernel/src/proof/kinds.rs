//! What kind of value an expression has: a distribution, a subset, finite, logits, continuous in a name. (trusted)

use super::facts::Facts;
use super::signs::Signs;
use crate::expr::definition::unfold;
use crate::expr::{Node, Op, Prop, Relation, Sort, Tree};

impl Facts<'_> {
    /// Whether a vector is known to have entries >= 0 that sum to 1.
    pub fn is_distribution(&self, v: &Tree) -> bool {
        match v.node() {
            Node::Unit(_) => true,
            Node::Apply(Op::Softmax, logits) => self.is_logits(&logits[0]),
            Node::Variable(name, _) if self.sort(name) == Some(Sort::Distribution) => true,
            Node::Variable(name, _) if self.definition(name).is_some_and(|body| self.is_distribution(body)) => true,
            _ => {
                let total = Tree::apply(Op::Sum, [v.clone()]).expect("a sum of a vector");
                let one = Prop::Compare(Relation::Equal, total, Tree::integer(1));
                self.states(&one) && self.structural(v).within(Signs::NONNEGATIVE)
            }
        }
    }

    /// Whether a vector is known to consist of zeros and ones.
    pub fn is_subset(&self, v: &Tree) -> bool {
        match v.node() {
            Node::Unit(_) | Node::Ones | Node::Zeros => true,
            Node::Variable(name, _) => {
                self.sort(name) == Some(Sort::Subset) || self.definition(name).is_some_and(|body| self.is_subset(body))
            }
            Node::Apply(Op::Sub, items) => matches!(items[0].node(), Node::Ones) && self.is_subset(&items[1]),
            _ => false,
        }
    }

    /// Whether a value is certainly finite: logits, which may be -inf, occur only under exp, lse and softmax.
    pub fn is_finite(&self, tree: &Tree) -> bool {
        self.remembered("finite", tree, 0, || self.finite(tree).into()) != 0
    }

    fn finite(&self, tree: &Tree) -> bool {
        match tree.node() {
            Node::Variable(name, _) => {
                self.sort(name) != Some(Sort::Masked) && self.definition(name).is_none_or(|body| self.is_finite(body))
            }
            Node::Apply(Op::Exp | Op::Lse | Op::Softmax, items) => self.is_logits(&items[0]),
            Node::Expect { action, over, body } => self.is_finite(over) && self.without(action).is_finite(body),
            node => node.children().into_iter().all(|child| self.is_finite(child)),
        }
    }

    /// Whether the entries are certainly real or -inf, one of them at least real.
    pub fn is_logits(&self, tree: &Tree) -> bool {
        self.remembered("logits", tree, 0, || self.logits(tree).into()) != 0
    }

    fn logits(&self, tree: &Tree) -> bool {
        match tree.node() {
            _ if self.is_finite(tree) => true,
            Node::Variable(name, _) => {
                self.sort(name) == Some(Sort::Masked) || self.definition(name).is_some_and(|body| self.is_logits(body))
            }
            Node::Apply(Op::Add, items) => {
                self.is_logits(&items[0]) && self.is_finite(&items[1])
                    || self.is_finite(&items[0]) && self.is_logits(&items[1])
            }
            Node::Apply(Op::Sub, items) => self.is_logits(&items[0]) && self.is_finite(&items[1]),
            Node::Apply(Op::Mul, items) => self.signs(&items[0]).within(Signs::POSITIVE) && self.is_logits(&items[1]),
            Node::Apply(Op::Div, items) => self.is_logits(&items[0]) && self.signs(&items[1]).within(Signs::POSITIVE),
            _ => false,
        }
    }

    /// Whether a proposition, if it holds at the present value of a name, holds at all values near it: a strict order
    /// of what is continuous there, or a difference. An equation and `<=` may hold at that one value alone.
    pub(super) fn is_open(&self, prop: &Prop, name: &str) -> bool {
        let sides = |left: &Tree, right: &Tree| {
            [left, right].into_iter().all(|side| self.is_finite(side) && self.is_continuous(side, name))
        };
        match prop {
            Prop::Compare(Relation::Less | Relation::Greater | Relation::NotEqual, left, right) => sides(left, right),
            _ => false,
        }
    }

    /// Whether the value of a tree is known to be continuous in a name at its present value. What has no value by
    /// itself has an unknown one, which need not be continuous: each operation must have values all around.
    fn is_continuous(&self, tree: &Tree, name: &str) -> bool {
        use Op::{Abs, Add, Collision, Div, Exp, Hadamard, Inner, Log, Lse, Max, Min, Mul, Neg, Norm, NormSquared};
        let inside = |item: &Tree| self.is_continuous(item, name);
        let positive = |item: &Tree| self.signs(item).within(Signs::POSITIVE);
        match tree.node() {
            _ if !self.depends(tree, name) => true,
            Node::Variable(known, _) => &**known == name || self.definition(known).is_some_and(inside),
            Node::At(v, _) | Node::Others(v, _) | Node::Power(v, _) => inside(v),
            Node::Expect { action, over, body } => inside(over) && self.without(action).is_continuous(body, name),
            Node::Apply(Neg | Add | Op::Sub | Mul | Hadamard | Inner | Abs | Norm | NormSquared, items)
            | Node::Apply(Collision | Op::Sum | Max | Min | Exp | Lse | Op::Softmax, items) => items.iter().all(inside),
            Node::Apply(Log | Op::Sqrt | Op::XlogX, items) => inside(&items[0]) && positive(&items[0]),
            Node::Apply(op @ Op::Derived(_), items) => unfold(*op, items).is_some_and(|meaning| inside(&meaning)),
            Node::Apply(Div | Op::Quotient, items) => items.iter().all(inside) && self.signs(&items[1]).excludes_zero(),
            _ => false,
        }
    }
}
