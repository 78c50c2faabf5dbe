//! How far propositions are from being true, by the evaluator of this test.

use std::cmp::Ordering;

use logitlab::expr::{Node, Op, Prop, Relation, Tree, Type};

use crate::campaign::evaluator::{Found, Lack, Machine, Value};
use crate::campaign::number::{Jet, Number};
use Lack::{Undefined, Unsure};

/// How far a proposition is from being true: not more than 0 where it is, else at most about 1.
pub type Degree = f64;

impl<T: Number> Machine<'_, T> {
    /// A side of a relation: where it is an order, a whole side may be infinite.
    fn side(&mut self, tree: &Tree, may_be_infinite: bool) -> Found<Vec<T>> {
        let bits = self.bits;
        let infinite = |sign: f64| T::new(bits, sign * f64::INFINITY);
        let plain = |machine: &mut Self, tree: &Tree, finite: bool| -> Found<Vec<T>> {
            let items = match machine.value(tree)? {
                Value::Real(x) => vec![x],
                Value::Vector(v) => v,
            };
            let check = |x: Jet<T>| if finite { machine.finite(x) } else { Ok(x) };
            items.into_iter().map(|x| check(x).map(|x| x.value().clone())).collect()
        };
        if !may_be_infinite {
            return plain(self, tree, true);
        }
        // A name stands for what it is defined as.
        if let Node::Variable(name, _) = tree.node()
            && let Some((_, body)) = self.statement.definitions.iter().find(|(known, _)| known == name)
        {
            return self.side(body, true);
        }
        match tree.node() {
            Node::Apply(Op::Log, items) => {
                let entries = plain(self, &items[0], true)?;
                let entry = |x: T| match self.sign(&x)? {
                    Ordering::Less => Err(Undefined),
                    Ordering::Equal => Ok(infinite(-1.0)),
                    Ordering::Greater => Ok(x.log()),
                };
                entries.into_iter().map(entry).collect()
            }
            Node::Apply(Op::Divergence, items) => {
                let (p, q) = (plain(self, &items[0], true)?, plain(self, &items[1], true)?);
                let mut lacks = false;
                for (x, y) in p.iter().zip(&q) {
                    match (self.sign(x)?, self.sign(y)?) {
                        (Ordering::Less, _) | (_, Ordering::Less) => return Err(Undefined),
                        (Ordering::Greater, Ordering::Equal) => lacks = true,
                        _ => {}
                    }
                }
                if lacks { Ok(vec![infinite(1.0)]) } else { plain(self, tree, true) }
            }
            Node::Apply(Op::XlogY, items) if tree.ty() == Type::Real => {
                let (x, y) = (plain(self, &items[0], true)?, plain(self, &items[1], true)?);
                match (self.sign(&x[0])?, self.sign(&y[0])?) {
                    (Ordering::Greater, Ordering::Equal) => Ok(vec![infinite(-1.0)]),
                    _ => plain(self, tree, true),
                }
            }
            _ => plain(self, tree, false),
        }
    }

    /// How far a proposition is from being true.
    pub fn degree(&mut self, prop: &Prop) -> Found<Degree> {
        match prop {
            Prop::Compare(relation, left, right) => {
                let order = !matches!(relation, Relation::Equal | Relation::NotEqual);
                let (u, v) = (self.side(left, order)?, self.side(right, order)?);
                let entries = u.iter().zip(&v).map(|(x, y)| self.gap(*relation, x, y));
                Ok(match relation {
                    // Vectors differ where some entry does.
                    Relation::NotEqual => entries.fold(1.0, f64::min),
                    _ => entries.fold(-1.0, f64::max),
                })
            }
            Prop::SameAction(a, b, same) => Ok(if (self.action(a)? == self.action(b)?) == *same { -1.0 } else { 1.0 }),
            Prop::And(parts) => {
                let (mut worst, mut lack) = (-1.0_f64, None);
                for part in parts {
                    match self.degree(part) {
                        Ok(degree) => worst = worst.max(degree),
                        // Certainly undefined says more than unsure.
                        Err(why) => lack = if lack == Some(Unsure) { lack } else { Some(why) },
                    }
                }
                match lack {
                    Some(why) if worst <= 0.0 => Err(why),
                    _ => Ok(worst),
                }
            }
            Prop::Or(parts) => {
                let (mut best, mut lack) = (f64::INFINITY, None);
                for part in parts {
                    match self.degree(part) {
                        Ok(degree) => best = best.min(degree),
                        Err(why) => lack = if lack == Some(Unsure) { lack } else { Some(why) },
                    }
                }
                match lack {
                    Some(why) if best > 0.0 => Err(why),
                    _ => Ok(best),
                }
            }
            Prop::Implies(premise, conclusion) => match self.degree(premise) {
                Ok(degree) if degree <= 0.0 => self.degree(conclusion),
                Ok(degree) => Ok(-degree),
                Err(Undefined) => Ok(-1.0),
                Err(Unsure) => Err(Unsure),
            },
            Prop::Iff(a, b) => {
                let (a, b) = match (self.degree(a), self.degree(b)) {
                    (Err(Undefined), _) | (_, Err(Undefined)) => return Err(Undefined),
                    (a, b) => (a?, b?),
                };
                Ok(if (a <= 0.0) == (b <= 0.0) { -a.abs().min(b.abs()) } else { a.max(b) })
            }
        }
    }

    /// The same for one pair of numbers. What is as near as rounding errors counts as equal.
    fn gap(&self, relation: Relation, x: &T, y: &T) -> Degree {
        let (a, b) = (x.to_f64(), y.to_f64());
        let difference = x.sub(y);
        // Infinite, or beyond f64: how far apart they are does not matter any more.
        let (near, apart) = if !a.is_finite() || !b.is_finite() {
            match x.compare(y) {
                Ordering::Less => (false, -1.0),
                Ordering::Equal => (true, 0.0),
                Ordering::Greater => (false, 1.0),
            }
        } else {
            let scale = T::new(self.bits, a.abs() + b.abs() + 1.0).mul(&self.tiny);
            let distance = if difference.compare(&self.zero) == Ordering::Less { y.sub(x) } else { difference.clone() };
            let apart = difference.to_f64() / (a.abs() + b.abs() + 1e-3);
            (distance.compare(&scale) != Ordering::Greater, apart)
        };
        match relation {
            Relation::Equal if near => 0.0,
            Relation::Equal => apart.abs(),
            Relation::NotEqual if near => 1.0,
            Relation::NotEqual => -apart.abs(),
            Relation::Less | Relation::Greater if near => 1.0,
            Relation::LessEqual | Relation::GreaterEqual if near => 0.0,
            Relation::Less | Relation::LessEqual => apart,
            Relation::Greater | Relation::GreaterEqual => -apart,
        }
    }

    /// Whether the hypotheses hold: 0 where they do, else by how much they do not.
    pub fn outside(&mut self) -> Found<f64> {
        let mut total = 0.0;
        for hypothesis in &self.statement.hypotheses {
            match self.degree(hypothesis) {
                Ok(degree) => total += degree.max(0.0),
                Err(Undefined) => total += 1.0,
                Err(Unsure) => return Err(Unsure),
            }
        }
        Ok(total)
    }
}
