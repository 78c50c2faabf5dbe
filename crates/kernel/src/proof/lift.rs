//! Expectations as sums: what `expect.sum` makes of `E[a ~ P](x)`. (trusted)
//!
//! A real that depends on an action is an entry of a vector: `v[a]` of v, `v[a]^2/w[a]` of `v.*v./w`. So its
//! expectation is the inner product of the weights with that vector.

use super::term::mentions_action;
use crate::expr::Op::{Abs, Add, Div, Exp, Hadamard, Inner, Log, Mul, Neg, Quotient, Sqrt, Sub, Sum, XlogX, XlogY};
use crate::expr::{Action, Name, Node, Op, Tree, Type};

/// Powers of what depends on the action are written out up to this one.
const MAX_POWER: u32 = 8;

/// An expectation as a sum; `None` where it is none, or its body is not taken apart.
pub fn summed(tree: &Tree) -> Option<Tree> {
    let Node::Expect { action, over, body } = tree.node() else { return None };
    let lift = Lift { action, over };
    if body.ty() == Type::Real {
        on(Inner, [over.clone(), lift.lifted(body)?])
    } else {
        lift.vector(Tree::integer(1), body)
    }
}

fn on<const N: usize>(op: Op, items: [Tree; N]) -> Option<Tree> {
    Tree::apply(op, items).ok()
}

struct Lift<'l> {
    action: &'l Name,
    over: &'l Tree,
}

impl Lift<'_> {
    fn depends(&self, tree: &Tree) -> bool {
        mentions_action(tree, self.action)
    }

    fn is_own(&self, action: &Action) -> bool {
        matches!(action, Action::Name(name) if name == self.action)
    }

    /// The expectation of a real times a vector.
    fn vector(&self, x: Tree, body: &Tree) -> Option<Tree> {
        let by = |x: Tree, y: &Tree| if x.is_one() { Some(y.clone()) } else { on(Mul, [x, y.clone()]) };
        if !self.depends(body) {
            let mean = if x.is_one() {
                on(Sum, [self.over.clone()])?
            } else {
                on(Inner, [self.over.clone(), self.lifted(&x)?])?
            };
            return on(Mul, [mean, body.clone()]);
        }
        match body.node() {
            Node::Unit(action) if self.is_own(action) && x.is_one() => Some(self.over.clone()),
            Node::Unit(action) if self.is_own(action) => on(Hadamard, [self.over.clone(), self.lifted(&x)?]),
            Node::Apply(Neg, items) => on(Neg, [self.vector(x, &items[0])?]),
            Node::Apply(op @ (Add | Sub), items) => {
                on(*op, [self.vector(x.clone(), &items[0])?, self.vector(x, &items[1])?])
            }
            Node::Apply(Mul, items) => self.vector(by(x, &items[0])?, &items[1]),
            Node::Apply(Div, items) => self.vector(on(Div, [x, items[1].clone()])?, &items[0]),
            Node::Apply(Hadamard, items) if !self.depends(&items[0]) => {
                on(Hadamard, [items[0].clone(), self.vector(x, &items[1])?])
            }
            Node::Apply(Hadamard, items) if !self.depends(&items[1]) => {
                on(Hadamard, [self.vector(x, &items[0])?, items[1].clone()])
            }
            _ => None,
        }
    }

    /// The vector whose entry at the action is this real.
    fn lifted(&self, tree: &Tree) -> Option<Tree> {
        let depends = |tree: &Tree| self.depends(tree);
        if !depends(tree) {
            return if tree.is_one() { Some(Tree::ones()) } else { on(Mul, [tree.clone(), Tree::ones()]) };
        }
        match tree.node() {
            Node::At(v, action) if self.is_own(action) && !depends(v) => Some(v.clone()),
            // e[a][c] is 1 where a is c.
            Node::At(v, action) if matches!(v.node(), Node::Unit(own) if self.is_own(own)) && !self.is_own(action) => {
                Some(Tree::unit(action.clone()))
            }
            Node::Power(x, n) if (1..=MAX_POWER).contains(n) => {
                let v = self.lifted(x)?;
                (1..*n).try_fold(v.clone(), |product, _| on(Hadamard, [product, v.clone()]))
            }
            Node::Apply(op @ (Neg | Abs | Exp | Log | Sqrt | XlogX), items) => on(*op, [self.lifted(&items[0])?]),
            Node::Apply(op @ (Add | Sub | XlogY), items) => on(*op, [self.lifted(&items[0])?, self.lifted(&items[1])?]),
            Node::Apply(Mul, items) => match (depends(&items[0]), depends(&items[1])) {
                (false, _) => on(Mul, [items[0].clone(), self.lifted(&items[1])?]),
                (_, false) => on(Mul, [items[1].clone(), self.lifted(&items[0])?]),
                _ => on(Hadamard, [self.lifted(&items[0])?, self.lifted(&items[1])?]),
            },
            Node::Apply(Div, items) if !depends(&items[1]) => on(Div, [self.lifted(&items[0])?, items[1].clone()]),
            Node::Apply(Div, items) => on(Quotient, [self.lifted(&items[0])?, self.lifted(&items[1])?]),
            Node::Apply(Inner, items) => {
                let is_unit = |tree: &Tree| matches!(tree.node(), Node::Unit(own) if self.is_own(own));
                match items.as_slice() {
                    [unit, v] | [v, unit] if is_unit(unit) && !depends(v) => Some(v.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
