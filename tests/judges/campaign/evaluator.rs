//! An evaluator of its own: statements over rounded numbers, with the discipline of definedness written a second time.
//!
//! It shares no line with the judges. It knows no errors: what it finds counts only with a margin, at high precision.

use std::cmp::Ordering;

use logitlab::expr::definition::unfold;
use logitlab::expr::{Action, Name, Node, Op, Sort, Statement, Tree, Type};

use crate::campaign::number::{Jet, Number};

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lack {
    /// There is none.
    Undefined,
    /// Rounding hides whether there is one, or numbers are too large.
    Unsure,
}

use Lack::{Undefined, Unsure};

pub type Found<T> = Result<T, Lack>;

/// The value of a declared name.
#[derive(Clone)]
pub enum Item<T> {
    Action(usize),
    Real(T),
    Vector(Vec<T>),
}

/// Values for all names, in the order in which a statement declares them.
pub struct Point<T> {
    pub k: usize,
    pub items: Vec<Item<T>>,
}

/// A value, with its derivatives.
#[derive(Clone)]
pub enum Value<T> {
    Real(Jet<T>),
    Vector(Vec<Jet<T>>),
}

/// Evaluates at one point.
pub struct Machine<'a, T> {
    pub statement: &'a Statement,
    pub k: usize,
    pub bits: u32,
    pub zero: T,
    pub tiny: T,
    values: Vec<(Name, Value<T>)>,
    actions: Vec<(Name, usize)>,
    known: Vec<(Name, Value<T>)>,
    level: u32,
}

impl<'a, T: Number> Machine<'a, T> {
    pub fn new(statement: &'a Statement, point: &Point<T>, bits: u32) -> Self {
        let (mut values, mut actions) = (vec![], vec![]);
        for ((name, _), item) in statement.variables.iter().zip(&point.items) {
            match item {
                Item::Action(index) => actions.push((name.clone(), *index)),
                Item::Real(x) => values.push((name.clone(), Value::Real(Jet::Still(x.clone())))),
                Item::Vector(v) => {
                    values.push((name.clone(), Value::Vector(v.iter().cloned().map(Jet::Still).collect())));
                }
            }
        }
        let (zero, tiny) = (T::new(bits, 0.0), T::tiny(bits));
        Machine { statement, k: point.k, bits, zero, tiny, values, actions, known: vec![], level: 0 }
    }

    pub fn number(&self, x: f64) -> Jet<T> {
        Jet::Still(T::new(self.bits, x))
    }

    /// The sign, where rounding cannot have made it.
    pub fn sign(&self, x: &T) -> Found<Ordering> {
        let negative = self.zero.sub(&self.tiny);
        match x.compare(&self.zero) {
            Ordering::Greater if x.compare(&self.tiny) == Ordering::Less => Err(Unsure),
            Ordering::Less if x.compare(&negative) == Ordering::Greater => Err(Unsure),
            sign => Ok(sign),
        }
    }

    /// Passes a number on that must be finite: -inf is the logit of a masked action, anything else is overflow.
    pub fn finite(&self, x: Jet<T>) -> Found<Jet<T>> {
        if x.value().is_finite() {
            return Ok(x);
        }
        Err(if x.value().compare(&self.zero) == Ordering::Less { Undefined } else { Unsure })
    }

    /// What an operation on finite numbers gives: an infinity is overflow.
    pub fn bounded(&self, x: Jet<T>) -> Found<Jet<T>> {
        if x.value().is_finite() { Ok(x) } else { Err(Unsure) }
    }

    pub fn is_masked(&self, x: &Jet<T>) -> bool {
        !x.value().is_finite()
    }

    pub fn action(&self, action: &Action) -> Found<usize> {
        match action {
            Action::Name(name) => {
                let known = self.actions.iter().rev().find(|(known, _)| known == name);
                Ok(known.expect("an action that is declared or bound").1)
            }
            Action::Index(index) => index.checked_sub(1).filter(|index| *index < self.k).ok_or(Undefined),
        }
    }

    fn look_up(&mut self, name: &Name) -> Found<Value<T>> {
        if let Some((_, value)) = self.values.iter().chain(&self.known).find(|(known, _)| known == name) {
            return Ok(value.clone());
        }
        let definition = self.statement.definitions.iter().find(|(known, _)| known == name);
        let value = self.value(&definition.expect("a name that is declared or defined").1)?;
        self.known.push((name.clone(), value.clone()));
        Ok(value)
    }

    pub fn value(&mut self, tree: &Tree) -> Found<Value<T>> {
        Ok(match tree.ty() {
            Type::Real => Value::Real(self.real(tree)?),
            Type::Vector => Value::Vector(self.vector(tree)?),
        })
    }

    /// A real that may be a masked logit.
    fn real(&mut self, tree: &Tree) -> Found<Jet<T>> {
        match tree.node() {
            Node::Number(value) => Ok(Jet::Still(T::ratio(self.bits, value))),
            Node::Size => Ok(self.number(self.k as f64)),
            Node::Variable(name, _) => match self.look_up(name)? {
                Value::Real(x) => Ok(x),
                Value::Vector(_) => unreachable!("a vector of type real"),
            },
            Node::At(v, action) => {
                let index = self.action(action)?;
                Ok(self.vector(v)?[index].clone())
            }
            Node::Power(x, n) => {
                let x = self.finite_real(x)?;
                let mut power = self.number(1.0);
                for _ in 0..*n {
                    power = power.mul(&x, &self.zero);
                }
                self.bounded(power)
            }
            Node::Expect { action, over, body } => {
                let weights = self.finite_vector(over)?;
                let mut total = self.number(0.0);
                for (index, weight) in weights.iter().enumerate() {
                    let value = self.bound(action, index, |machine| machine.finite_real(body))?;
                    total = total.add(&weight.mul(&value, &self.zero), &self.zero);
                }
                self.bounded(total)
            }
            Node::Derivative { of, at, along } => {
                let along = self.finite_vector(along)?;
                self.derivative(of, at, &along)
            }
            Node::Apply(op, items) => self.real_op(*op, items),
            _ => unreachable!("a vector of type real"),
        }
    }

    fn finite_real(&mut self, tree: &Tree) -> Found<Jet<T>> {
        let x = self.real(tree)?;
        self.finite(x)
    }

    fn finite_vector(&mut self, tree: &Tree) -> Found<Vec<Jet<T>>> {
        let v = self.vector(tree)?;
        v.into_iter().map(|x| self.finite(x)).collect()
    }

    fn bound<R>(&mut self, name: &Name, index: usize, f: impl FnOnce(&mut Self) -> R) -> R {
        self.actions.push((name.clone(), index));
        let result = f(self);
        self.actions.pop();
        result
    }

    fn derivative(&mut self, of: &Tree, at: &Name, along: &[Jet<T>]) -> Found<Jet<T>> {
        let Value::Vector(point) = self.look_up(at)? else { unreachable!("a derivative by a real") };
        self.level += 1;
        let level = self.level;
        let moved = point.iter().zip(along).map(|(x, v)| Jet::moving(level, x.clone(), v.clone())).collect();
        let place = self.values.iter().position(|(known, _)| known == at).expect("a declared vector");
        let outer = std::mem::replace(&mut self.values[place].1, Value::Vector(moved));
        let known = std::mem::take(&mut self.known);
        let result = self.finite_real(of);
        self.known = known;
        self.values[place].1 = outer;
        self.level -= 1;
        let slope = result?.slope(level, &self.zero);
        self.bounded(slope)
    }

    fn sum(&self, items: impl IntoIterator<Item = Jet<T>>) -> Found<Jet<T>> {
        self.bounded(items.into_iter().fold(self.number(0.0), |total, x| total.add(&x, &self.zero)))
    }

    fn products(&self, u: &[Jet<T>], v: &[Jet<T>]) -> Found<Jet<T>> {
        self.sum(u.iter().zip(v).map(|(x, y)| x.mul(y, &self.zero)))
    }

    /// exp(z - max z), and max z, which need not move.
    fn weights(&mut self, tree: &Tree) -> Found<(Vec<Jet<T>>, Jet<T>)> {
        let z = self.vector(tree)?;
        let mut shift = z[0].value();
        for x in &z {
            if x.value().compare(shift) == Ordering::Greater {
                shift = x.value();
            }
        }
        let shift = Jet::Still(shift.clone());
        // All actions masked: no distribution.
        if self.is_masked(&shift) {
            return Err(Undefined);
        }
        let weights = z.iter().map(|x| self.exponential(&x.sub(&shift, &self.zero))).collect::<Found<Vec<_>>>()?;
        Ok((weights, shift))
    }

    fn real_op(&mut self, op: Op, items: &[Tree]) -> Found<Jet<T>> {
        let zero = self.zero.clone();
        match op {
            // No more than its equation; `language::evaluator` holds it against numbers.
            Op::Derived(_) => self.real(&unfold(op, items).ok_or(Undefined)?),
            Op::Neg => {
                let x = self.finite_real(&items[0])?;
                Ok(self.minus(&x))
            }
            Op::Add => {
                let (x, y) = (self.real(&items[0])?, self.real(&items[1])?);
                self.plus(&x, &y)
            }
            Op::Sub => {
                let (x, y) = (self.real(&items[0])?, self.finite_real(&items[1])?);
                self.minus_finite(&x, &y)
            }
            Op::Mul => {
                let (x, y) = (self.finite_real(&items[0])?, self.real(&items[1])?);
                self.keeps_masks(&items[1], &x)?;
                self.times(&x, &y)
            }
            Op::Div => {
                let (x, y) = (self.real(&items[0])?, self.finite_real(&items[1])?);
                self.keeps_masks(&items[0], &y)?;
                self.divide(&x, &y)
            }
            Op::Abs => {
                let x = self.real(&items[0])?;
                self.magnitude(&x)
            }
            Op::Sqrt => {
                let x = self.real(&items[0])?;
                self.root(&x)
            }
            Op::Exp => {
                let x = self.real(&items[0])?;
                self.exponential(&x)
            }
            Op::Log => {
                let x = self.real(&items[0])?;
                self.logarithm(&x)
            }
            Op::XlogX => {
                let x = self.finite_real(&items[0])?;
                self.leaves_zero(&items[0], &x)?;
                self.x_log_x(&x)
            }
            Op::XlogY => {
                let (x, y) = (self.finite_real(&items[0])?, self.finite_real(&items[1])?);
                self.x_log_y(&x, &y)
            }
            Op::Inner => {
                let (u, v) = (self.finite_vector(&items[0])?, self.finite_vector(&items[1])?);
                self.products(&u, &v)
            }
            Op::NormSquared | Op::Collision => {
                let v = self.finite_vector(&items[0])?;
                self.products(&v, &v)
            }
            Op::Norm => {
                let v = self.finite_vector(&items[0])?;
                self.root(&self.products(&v, &v)?)
            }
            Op::Sum => {
                let v = self.finite_vector(&items[0])?;
                self.sum(v)
            }
            Op::Max | Op::Min => {
                let v = self.vector(&items[0])?;
                self.extreme(&v, op == Op::Max)
            }
            Op::Lse => {
                let (weights, shift) = self.weights(&items[0])?;
                Ok(self.sum(weights)?.log(&zero).add(&shift, &zero))
            }
            Op::Entropy => {
                let v = self.finite_vector(&items[0])?;
                v.iter().try_for_each(|x| self.leaves_zero(&items[0], x))?;
                let terms = v.iter().map(|x| self.x_log_x(x)).collect::<Found<Vec<_>>>()?;
                Ok(self.minus(&self.sum(terms)?))
            }
            Op::CollisionEntropy => {
                let v = self.finite_vector(&items[0])?;
                Ok(self.minus(&self.logarithm(&self.products(&v, &v)?)?))
            }
            Op::Divergence => {
                let (p, q) = (self.finite_vector(&items[0])?, self.finite_vector(&items[1])?);
                p.iter().try_for_each(|x| self.leaves_zero(&items[0], x))?;
                let term = |(x, y): (&Jet<T>, &Jet<T>)| Ok(self.x_log_x(x)?.sub(&self.x_log_y(x, y)?, &zero));
                let terms = p.iter().zip(&q).map(term).collect::<Found<Vec<_>>>()?;
                self.sum(terms)
            }
            _ => panic!("{op:?} is no operation on reals without a format"),
        }
    }

    /// A vector, of which entries may be masked logits.
    fn vector(&mut self, tree: &Tree) -> Found<Vec<Jet<T>>> {
        let (zero, k) = (self.zero.clone(), self.k);
        match tree.node() {
            Node::Ones => Ok(vec![self.number(1.0); k]),
            Node::Zeros => Ok(vec![self.number(0.0); k]),
            Node::Variable(name, _) => match self.look_up(name)? {
                Value::Vector(v) => Ok(v),
                Value::Real(_) => unreachable!("a real of type vector"),
            },
            Node::Unit(action) => {
                let index = self.action(action)?;
                Ok((0..k).map(|i| self.number(f64::from(i == index))).collect())
            }
            Node::Entries(items) if items.len() == k => items.iter().map(|item| self.finite_real(item)).collect(),
            Node::Entries(_) => Err(Undefined),
            Node::Others(v, action) => {
                let (mut v, index) = (self.finite_vector(v)?, self.action(action)?);
                // What moves still moves, if with slope 0.
                v[index] = v[index].sub(&v[index], &zero);
                Ok(v)
            }
            Node::Expect { action, over, body } => {
                let weights = self.finite_vector(over)?;
                let mut total = vec![self.number(0.0); k];
                for (index, weight) in weights.iter().enumerate() {
                    let value = self.bound(action, index, |machine| machine.finite_vector(body))?;
                    for (sum, x) in total.iter_mut().zip(&value) {
                        *sum = sum.add(&weight.mul(x, &zero), &zero);
                    }
                }
                total.into_iter().map(|x| self.bounded(x)).collect()
            }
            Node::Gradient { of, at } => (0..k)
                .map(|index| {
                    let along: Vec<_> = (0..k).map(|i| self.number(f64::from(i == index))).collect();
                    self.derivative(of, at, &along)
                })
                .collect(),
            Node::Apply(op, items) => self.vector_op(*op, items),
            _ => unreachable!("a real of type vector"),
        }
    }

    fn vector_op(&mut self, op: Op, items: &[Tree]) -> Found<Vec<Jet<T>>> {
        let zero = self.zero.clone();
        match op {
            Op::Derived(_) => self.vector(&unfold(op, items).ok_or(Undefined)?),
            Op::Neg => Ok(self.finite_vector(&items[0])?.iter().map(|x| self.minus(x)).collect()),
            Op::Add => {
                let (u, v) = (self.vector(&items[0])?, self.vector(&items[1])?);
                u.iter().zip(&v).map(|(x, y)| self.plus(x, y)).collect()
            }
            Op::Sub => {
                let (u, v) = (self.vector(&items[0])?, self.finite_vector(&items[1])?);
                u.iter().zip(&v).map(|(x, y)| self.minus_finite(x, y)).collect()
            }
            Op::Hadamard => {
                let (u, v) = (self.finite_vector(&items[0])?, self.finite_vector(&items[1])?);
                u.iter().zip(&v).map(|(x, y)| self.bounded(x.mul(y, &zero))).collect()
            }
            Op::Quotient => {
                let (u, v) = (self.finite_vector(&items[0])?, self.finite_vector(&items[1])?);
                u.iter().zip(&v).map(|(x, y)| self.divide(x, y)).collect()
            }
            Op::Mul => {
                let (x, v) = (self.finite_real(&items[0])?, self.vector(&items[1])?);
                self.keeps_masks(&items[1], &x)?;
                v.iter().map(|y| self.times(&x, y)).collect()
            }
            Op::Div => {
                let (v, y) = (self.vector(&items[0])?, self.finite_real(&items[1])?);
                self.keeps_masks(&items[0], &y)?;
                v.iter().map(|x| self.divide(x, &y)).collect()
            }
            Op::Softmax => {
                let (weights, _) = self.weights(&items[0])?;
                let total = self.sum(weights.clone())?;
                weights.iter().map(|weight| self.divide(weight, &total)).collect()
            }
            Op::XlogY => {
                let (u, v) = (self.finite_vector(&items[0])?, self.finite_vector(&items[1])?);
                u.iter().zip(&v).map(|(x, y)| self.x_log_y(x, y)).collect()
            }
            Op::Abs | Op::Sqrt | Op::Exp | Op::Log | Op::XlogX => {
                let v = self.vector(&items[0])?;
                let entry = |x: &Jet<T>| match op {
                    Op::Abs => self.magnitude(x),
                    Op::Sqrt => self.root(x),
                    Op::Exp => self.exponential(x),
                    Op::Log => self.logarithm(x),
                    _ => {
                        let x = self.finite(x.clone())?;
                        self.leaves_zero(&items[0], &x)?;
                        self.x_log_x(&x)
                    }
                };
                v.iter().map(entry).collect()
            }
            _ => panic!("{op:?} gives no vector"),
        }
    }
}

/// Whether each vector is what its sort says.
pub fn is_proper<T: Number>(statement: &Statement, point: &Point<T>, bits: u32) -> bool {
    let (zero, one) = (T::new(bits, 0.0), T::new(bits, 1.0));
    statement.variables.iter().zip(&point.items).all(|((_, sort), item)| match (sort, item) {
        (Sort::Distribution, Item::Vector(p)) => {
            let total = p.iter().fold(zero.clone(), |total, x| total.add(x));
            let error = total.sub(&one).to_f64().abs();
            p.iter().all(|x| x.compare(&zero) != Ordering::Less) && error < 1e-12
        }
        (Sort::Subset, Item::Vector(t)) => t.iter().all(|x| [0.0, 1.0].contains(&x.to_f64())),
        (Sort::Masked, Item::Vector(z)) => z.iter().any(T::is_finite),
        (Sort::Logits | Sort::Vector, Item::Vector(z)) => z.iter().all(T::is_finite),
        _ => true,
    })
}
