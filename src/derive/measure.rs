//! How far an expression is from being simple: a number that the usual simplifications lower.
//!
//! It is a polynomial interpretation, as proofs of termination use it: every operation is an increasing function of
//! its arguments, chosen so that the left sides of definitions and of laws of linearity weigh more than what they
//! stand for. The search prefers light expressions, so that both sides of an equation fall towards a common form.

use crate::expr::{Name, Node, Op, Tree};

/// The weight of an expression; a defined name weighs more than what it stands for.
pub fn measure(tree: &Tree, definitions: &[(Name, Tree)]) -> f64 {
    let of = |tree: &Tree| measure(tree, definitions);
    match tree.node() {
        Node::Number(_) | Node::Zeros => 1.0,
        Node::Size | Node::Ones | Node::Unit(_) => 2.0,
        Node::Variable(name, _) => {
            // A definition uses only those before it.
            let known = definitions.iter().position(|(known, _)| known == name);
            known.map_or(2.0, |index| measure(&definitions[index].1, &definitions[..index]) + 2.0)
        }
        Node::Entries(items) => 1.0 + items.iter().map(of).sum::<f64>(),
        Node::At(v, _) => of(v) + 1.0,
        Node::Others(v, _) => 4.0 * of(v) + 8.0,
        Node::Power(x, _) => of(x) + 1.0,
        Node::Expect { over, body, .. } => 2.0 * of(over) * of(body) + 3.0,
        Node::Gradient { of: f, .. } => 10.0 * of(f),
        Node::Derivative { of: f, along, .. } => 20.0 * of(f) * of(along),
        Node::Apply(op, items) => {
            let x = of(&items[0]);
            let y = items.get(1).map_or(0.0, of);
            match op {
                Op::Neg | Op::Exp | Op::Sqrt | Op::Abs | Op::Max | Op::Min => x + 1.0,
                Op::Add | Op::Sub | Op::Mul | Op::Div => x + y + 1.0,
                Op::Hadamard => x * y + 1.0,
                Op::Inner => 2.0 * x * y + 1.0,
                Op::Sum | Op::Log => 2.0 * x + 1.0,
                Op::NormSquared => 3.0 * x * x + 6.0,
                Op::Norm => 4.0 * x * x + 20.0,
                Op::Collision => 3.0 * x * x + 4.0,
                Op::CollisionEntropy => 8.0 * x * x + 30.0,
                Op::XlogX | Op::XlogY => 2.0 * (x + y) + 3.0,
                Op::Entropy => 6.0 * x + 20.0,
                Op::Divergence => 6.0 * (x + y) + 30.0,
                Op::Lse => 3.0 * x + 20.0,
                Op::Softmax => 5.0 * x + 20.0,
            }
        }
    }
}
