//! Derivatives by the chain rule: what `gradient` makes of `D(f, z)` and `D(f, z, v)`. (trusted)
//!
//! Backwards through the expression: every value that depends on z passes on the vector by which it is multiplied in
//! the derivative, its adjoint, to its parts. What is used of a value (that a divisor is other than zero, that the
//! argument of a logarithm is positive) must be known under the derivative, that is for all z nearby.

use super::facts::{Facts, Signs};
use crate::expr::Op::{Add, Div, Hadamard, Inner, Log, Mul, Neg, Quotient, Softmax, Sqrt, Sub, Sum};
use crate::expr::{Name, Node, Op, Tree, Type};

/// The derivative that a tree asks for, written out; `None` where it is none, or not known to exist.
pub fn derivative(tree: &Tree, facts: &Facts<'_>) -> Option<Tree> {
    match tree.node() {
        Node::Gradient { of, at } => gradient(of, at, facts),
        Node::Derivative { of, at, along } => on(Inner, [gradient(of, at, facts)?, along.clone()]),
        _ => None,
    }
}

fn gradient(of: &Tree, z: &Name, facts: &Facts<'_>) -> Option<Tree> {
    let near = facts.without(z);
    let mut reverse = Reverse { z, facts: &near, parts: Vec::new() };
    if !near.is_finite(of) {
        return None;
    }
    reverse.back(of, Tree::integer(1))?;
    let sum = reverse.parts.into_iter().map(Some).reduce(|sum, part| on(Add, [sum?, part?]));
    sum.unwrap_or_else(|| Some(Tree::zeros()))
}

fn on<const N: usize>(op: Op, items: [Tree; N]) -> Option<Tree> {
    Tree::apply(op, items).ok()
}

struct Reverse<'r, 'f> {
    z: &'r Name,
    facts: &'r Facts<'f>,
    parts: Vec<Tree>,
}

impl Reverse<'_, '_> {
    fn is_positive(&self, tree: &Tree) -> Option<()> {
        self.facts.signs(tree).within(Signs::POSITIVE).then_some(())
    }

    fn is_nonzero(&self, tree: &Tree) -> Option<()> {
        self.facts.signs(tree).excludes_zero().then_some(())
    }

    /// Adds what a value with this adjoint contributes: of `adjoint*x`, or of `<adjoint,v>`.
    fn back(&mut self, tree: &Tree, adjoint: Tree) -> Option<()> {
        self.facts.effort.spend(1)?;
        if !self.facts.depends(tree, self.z) {
            return Some(());
        }
        let product = if tree.ty() == Type::Vector { Hadamard } else { Mul };
        match tree.node() {
            Node::Variable(name, _) if name == self.z => {
                self.parts.push(adjoint);
                Some(())
            }
            Node::Variable(name, _) => {
                let body = self.facts.definition(name)?.clone();
                self.back(&body, adjoint)
            }
            Node::At(v, action) => self.back(v, on(Mul, [adjoint, Tree::unit(action.clone())])?),
            Node::Others(v, action) => self.back(v, Tree::new(Node::Others(adjoint, action.clone())).ok()?),
            Node::Power(x, 0) => self.facts.is_finite(x).then_some(()),
            Node::Power(x, n) => {
                let below = Tree::new(Node::Power(x.clone(), n - 1)).ok()?;
                self.back(x, on(Mul, [adjoint, on(Mul, [Tree::integer(*n), below])?])?)
            }
            Node::Apply(Mul | Hadamard | Inner, items) => {
                let (x, y) = (&items[0], &items[1]);
                // The adjoint of x is of the type of x, and so of y.
                let other = |of: &Tree, other: &Tree| match (of.ty(), other.ty(), adjoint.ty()) {
                    (Type::Real, Type::Vector, Type::Vector) => on(Inner, [adjoint.clone(), other.clone()]),
                    (Type::Vector, Type::Vector, Type::Vector) => on(Hadamard, [adjoint.clone(), other.clone()]),
                    (Type::Vector, Type::Real, Type::Vector) => on(Mul, [other.clone(), adjoint.clone()]),
                    _ => on(Mul, [adjoint.clone(), other.clone()]),
                };
                let (of_x, of_y) = (other(x, y)?, other(y, x)?);
                self.back(x, of_x)?;
                self.back(y, of_y)
            }
            Node::Apply(Div, items) => {
                let (x, y) = (&items[0], &items[1]);
                self.is_nonzero(y)?;
                let below = on(Div, [tree.clone(), y.clone()])?;
                let of_y = if adjoint.ty() == Type::Vector {
                    on(Inner, [adjoint.clone(), below])?
                } else {
                    on(Mul, [adjoint.clone(), below])?
                };
                self.back(x, on(Div, [adjoint, y.clone()])?)?;
                self.back(y, on(Neg, [of_y])?)
            }
            Node::Apply(Quotient, items) => {
                let (u, v) = (&items[0], &items[1]);
                self.is_nonzero(v)?;
                let of_v = on(Hadamard, [adjoint.clone(), on(Quotient, [tree.clone(), v.clone()])?])?;
                self.back(u, on(Quotient, [adjoint, v.clone()])?)?;
                self.back(v, on(Neg, [of_v])?)
            }
            Node::Apply(op, items) => self.applied(*op, items, tree, adjoint, product),
            _ => None,
        }
    }

    fn applied(&mut self, op: Op, items: &[Tree], tree: &Tree, adjoint: Tree, product: Op) -> Option<()> {
        let x = &items[0];
        let quotient = if product == Mul { Div } else { Quotient };
        let of_x = match op {
            Neg => on(Neg, [adjoint])?,
            Add | Sub => {
                let of_y = if op == Sub { on(Neg, [adjoint.clone()])? } else { adjoint.clone() };
                self.back(x, adjoint)?;
                return self.back(&items[1], of_y);
            }
            Op::NormSquared | Op::Collision => on(Mul, [on(Mul, [Tree::integer(2), adjoint])?, x.clone()])?,
            Op::Norm => {
                self.is_nonzero(tree)?;
                on(Mul, [on(Div, [adjoint, tree.clone()])?, x.clone()])?
            }
            Sum => on(Mul, [adjoint, Tree::ones()])?,
            Op::Exp => on(product, [adjoint, tree.clone()])?,
            Log => {
                self.is_positive(x)?;
                on(quotient, [adjoint, x.clone()])?
            }
            Sqrt => {
                self.is_positive(x)?;
                let half = on(Div, [adjoint, Tree::integer(2)])?;
                on(quotient, [half, tree.clone()])?
            }
            Op::Abs => {
                self.is_nonzero(x)?;
                on(product, [adjoint, on(quotient, [x.clone(), tree.clone()])?])?
            }
            Op::Lse => on(Mul, [adjoint, on(Softmax, [x.clone()])?])?,
            Softmax => {
                let mean = on(Inner, [tree.clone(), adjoint.clone()])?;
                on(Sub, [on(Hadamard, [tree.clone(), adjoint])?, on(Mul, [mean, tree.clone()])?])?
            }
            // x log x of exp(u) has the derivative (x log x + x) u', which is 0 where an action is masked; the same of
            // a softmax.
            Op::XlogX if matches!(x.node(), Node::Apply(Op::Exp | Softmax, _)) && x.ty() == Type::Vector => {
                let Node::Apply(function, of) = x.node() else { return None };
                let by = on(Hadamard, [adjoint, on(Add, [tree.clone(), x.clone()])?])?;
                let of_logits = match function {
                    Softmax => on(Sub, [by.clone(), on(Mul, [on(Sum, [by])?, x.clone()])?])?,
                    _ => by,
                };
                return self.back(&of[0], of_logits);
            }
            Op::XlogX => {
                self.is_positive(x)?;
                let one = if product == Mul { Tree::integer(1) } else { Tree::ones() };
                on(product, [adjoint, on(Add, [on(Log, [x.clone()])?, one])?])?
            }
            Op::XlogY => {
                let y = &items[1];
                self.is_positive(y)?;
                let of_y = on(product, [adjoint.clone(), on(quotient, [x.clone(), y.clone()])?])?;
                self.back(y, of_y)?;
                on(product, [adjoint, on(Log, [y.clone()])?])?
            }
            _ => return None,
        };
        self.back(x, of_x)
    }
}
