//! How far an expression is from being simple: a number that the usual simplifications lower.
//!
//! It is a polynomial interpretation, as proofs of termination use it: every operation is an increasing function of
//! its arguments, chosen so that the left sides of definitions and of laws of linearity weigh more than what they
//! stand for. The search prefers light expressions, so that both sides of an equation fall towards a common form.

use std::collections::HashMap;

use crate::expr::{Name, Node, Op, Tree};

/// The weights of defined names: a little more than what they stand for.
pub type Weights = HashMap<Name, f64>;

/// The weights of definitions, each of which uses only those before it.
pub fn weights(definitions: &[(Name, Tree)]) -> Weights {
    let mut weights = Weights::new();
    for (name, body) in definitions {
        let weight = measure(body, &weights) + 2.0;
        weights.insert(name.clone(), weight);
    }
    weights
}

/// The weight of an expression.
pub fn measure(tree: &Tree, weights: &Weights) -> f64 {
    let of = |tree: &Tree| measure(tree, weights);
    match tree.node() {
        Node::Number(_) | Node::Zeros => 1.0,
        Node::Size | Node::Ones | Node::Unit(_) => 2.0,
        Node::Variable(name, _) => weights.get(name).copied().unwrap_or(2.0),
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
                // The weights only say what is tried first.
                _ => x + y + 1.0,
            }
        }
    }
}
