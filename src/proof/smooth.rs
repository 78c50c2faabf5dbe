//! Whether an expression has a derivative with respect to a vector of logits. (trusted)

use super::facts::Facts;
use crate::expr::{Node, Op, Tree};

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
        Node::Apply(Op::Div, items) => every(items) && facts.signs(&items[1]).excludes_zero(),
        Node::Apply(Op::Log, items) => every(items) && facts.is_positive(&items[0]),
        // x log x of entries that are positive, or 0 for every z.
        Node::Apply(Op::XlogX | Op::Entropy, items) => {
            matches!(items[0].node(), Node::Apply(Op::Exp | Op::Softmax, _)) && every(items)
        }
        Node::Apply(op, items) => {
            let analytic = matches!(
                op,
                Op::Neg
                    | Op::Add
                    | Op::Sub
                    | Op::Mul
                    | Op::Hadamard
                    | Op::Inner
                    | Op::NormSquared
                    | Op::Exp
                    | Op::Sum
                    | Op::Lse
                    | Op::Softmax
                    | Op::Collision
            );
            analytic && every(items)
        }
        _ => false,
    }
}
