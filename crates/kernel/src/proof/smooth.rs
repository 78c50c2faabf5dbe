//! Whether an expression has a derivative with respect to a vector of logits. (trusted)

use super::facts::{Facts, Signs};
use crate::expr::Op::{Add, Collision, Derived, Div, Entropy, Exp, Hadamard, Inner, Log, Lse, Mul};
use crate::expr::Op::{Neg, NormSquared, Quotient, Softmax, Sub, Sum, XlogX};
use crate::expr::definition::unfold;
use crate::expr::{Node, Tree};

/// Whether the value, as a function of `z`, is known to have a derivative at the present z in every direction
/// that leaves masked logits masked.
pub fn is_smooth(tree: &Tree, z: &str, facts: &Facts<'_>) -> bool {
    let every = |items: &[Tree]| items.iter().all(|item| is_smooth(item, z, facts));
    if !facts.depends(tree, z) {
        return true;
    }
    match tree.node() {
        // The logits themselves; what makes them infinite is dealt with by `Facts::is_finite`.
        Node::Variable(name, _) if &**name == z => true,
        Node::Variable(name, _) => facts.definition(name).is_some_and(|body| is_smooth(body, z, facts)),
        Node::At(inner, _) | Node::Others(inner, _) | Node::Power(inner, _) => is_smooth(inner, z, facts),
        Node::Entries(items) => every(items),
        Node::Expect { action, over, body } => is_smooth(over, z, facts) && is_smooth(body, z, &facts.without(action)),
        Node::Apply(Div | Quotient, items) => every(items) && facts.signs(&items[1]).excludes_zero(),
        Node::Apply(Log, items) => every(items) && facts.signs(&items[0]).within(Signs::POSITIVE),
        // x log x of entries that are positive, or 0 for every z.
        Node::Apply(XlogX | Entropy, items) => matches!(items[0].node(), Node::Apply(Exp | Softmax, _)) && every(items),
        Node::Apply(Neg | Add | Sub | Mul | Hadamard | Inner | NormSquared | Sum | Collision, items) => every(items),
        Node::Apply(op @ Derived(_), items) => unfold(*op, items).is_some_and(|meaning| is_smooth(&meaning, z, facts)),
        Node::Apply(Exp | Lse | Softmax, items) => every(items),
        _ => false,
    }
}
