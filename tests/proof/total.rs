//! The values that expressions have in the kernel: total. What has no value by itself (`1/0`, `log(0)`) has one that
//! nobody knows; here it is drawn, another for every seed, the same for the same arguments.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use logitlab::expr::definition::unfold;
use logitlab::expr::{Action, Name, Node, Op, Prop, Relation, Tree};
use num_traits::ToPrimitive;

/// Values of names, and the seed of what is unknown.
#[derive(Clone, Debug)]
pub struct World {
    /// How many actions there are.
    pub k: usize,
    /// Reals as one number, vectors as K; a masked logit is -inf.
    pub values: HashMap<Name, Vec<f64>>,
    /// Actions, from 0.
    pub actions: HashMap<Name, usize>,
    /// What is unknown depends on it.
    pub seed: u64,
}

impl World {
    /// A value that nobody knows: a function of the operation and of its arguments.
    fn unknown(&self, what: &str, of: &[f64]) -> f64 {
        let mut hasher = DefaultHasher::new();
        // What differs only by rounding is the same; 0 and -0 too.
        let rounded: Vec<i64> = of.iter().map(|x| (x * 1e6).round() as i64).collect();
        (self.seed, what, rounded).hash(&mut hasher);
        [-7.0, -2.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 3.0, 6.0][(hasher.finish() % 10) as usize]
    }

    fn inverse(&self, x: f64) -> f64 {
        if x == 0.0 { self.unknown("inverse", &[0.0]) } else { x.recip() }
    }

    fn log(&self, x: f64) -> f64 {
        if x > 0.0 { libm::log(x) } else { self.unknown("log", &[x]) }
    }

    fn sqrt(&self, x: f64) -> f64 {
        if x >= 0.0 { x.sqrt() } else { self.unknown("sqrt", &[x]) }
    }

    fn xlogx(&self, x: f64) -> f64 {
        match x {
            _ if x > 0.0 => x * libm::log(x),
            0.0 => 0.0,
            _ => self.unknown("xlogx", &[x]),
        }
    }

    fn xlogy(&self, x: f64, y: f64) -> f64 {
        match (x, y) {
            _ if y > 0.0 => x * libm::log(y),
            (0.0, 0.0) => 0.0,
            _ => self.unknown("xlogy", &[x, y]),
        }
    }

    fn at(&self, action: &Action) -> usize {
        match action {
            Action::Name(name) => self.actions[name],
            Action::Index(index) => index - 1,
        }
    }

    fn unit(&self, at: usize) -> Vec<f64> {
        (0..self.k).map(|index| f64::from(u8::from(index == at))).collect()
    }

    /// The value of an expression, a real as one number; `None` where a derivative or a format occurs in it.
    pub fn value(&self, tree: &Tree) -> Option<Vec<f64>> {
        Some(match tree.node() {
            Node::Number(value) => vec![value.to_f64()?],
            Node::Size => vec![self.k as f64],
            Node::Ones => vec![1.0; self.k],
            Node::Zeros => vec![0.0; self.k],
            Node::Variable(name, _) => self.values.get(name)?.clone(),
            Node::Unit(action) => self.unit(self.at(action)),
            Node::Entries(items) => items.iter().map(|item| Some(self.value(item)?[0])).collect::<Option<_>>()?,
            Node::At(v, action) => vec![self.value(v)?[self.at(action)]],
            Node::Others(v, action) => {
                let (mut v, at) = (self.value(v)?, self.at(action));
                v[at] = 0.0;
                v
            }
            Node::Power(x, n) => {
                let x = self.value(x)?[0];
                vec![(0..*n).fold(1.0, |product, _| product * x)]
            }
            Node::Expect { action, over, body } => {
                let mut sum: Vec<f64> = Vec::new();
                for (index, weight) in self.value(over)?.into_iter().enumerate() {
                    let mut inner = self.clone();
                    inner.actions.insert(action.clone(), index);
                    let term = inner.value(body)?.into_iter().map(|x| weight * x);
                    sum = if index == 0 { term.collect() } else { sum.iter().zip(term).map(|(s, x)| s + x).collect() };
                }
                sum
            }
            Node::Apply(op @ Op::Derived(_), items) => self.value(&unfold(*op, items)?)?,
            Node::Apply(op, items) => {
                let values: Vec<Vec<f64>> = items.iter().map(|item| self.value(item)).collect::<Option<_>>()?;
                self.applied(*op, &values)?
            }
            Node::Gradient { .. } | Node::Derivative { .. } => return None,
        })
    }

    fn applied(&self, op: Op, v: &[Vec<f64>]) -> Option<Vec<f64>> {
        let map = |f: &dyn Fn(f64) -> f64| v[0].iter().map(|x| f(*x)).collect::<Vec<_>>();
        // A real beside a vector counts for every entry.
        let both = |f: &dyn Fn(f64, f64) -> f64| {
            let (u, w) = (&v[0], &v[1]);
            let entry = |of: &[f64], index: usize| of[if of.len() == 1 { 0 } else { index }];
            (0..u.len().max(w.len())).map(|index| f(entry(u, index), entry(w, index))).collect::<Vec<_>>()
        };
        let sum = |items: &[f64]| items.iter().sum::<f64>();
        let square = |items: &[f64]| items.iter().map(|x| x * x).sum::<f64>();
        let exp: Vec<f64> = map(&libm::exp);
        Some(match op {
            Op::Neg => map(&|x| -x),
            Op::Add => both(&|x, y| x + y),
            Op::Sub => both(&|x, y| x - y),
            Op::Mul | Op::Hadamard => both(&|x, y| x * y),
            Op::Div | Op::Quotient => both(&|x, y| x * self.inverse(y)),
            Op::Inner => vec![sum(&both(&|x, y| x * y))],
            Op::Abs => map(&f64::abs),
            Op::Norm => vec![square(&v[0]).sqrt()],
            Op::NormSquared | Op::Collision => vec![square(&v[0])],
            Op::Sqrt => map(&|x| self.sqrt(x)),
            Op::Exp => exp,
            Op::Log => map(&|x| self.log(x)),
            Op::XlogX => map(&|x| self.xlogx(x)),
            Op::XlogY => both(&|x, y| self.xlogy(x, y)),
            Op::Sum => vec![sum(&v[0])],
            Op::Max => vec![v[0].iter().copied().fold(f64::NEG_INFINITY, f64::max)],
            Op::Min => vec![v[0].iter().copied().fold(f64::INFINITY, f64::min)],
            Op::Lse => vec![self.log(sum(&exp))],
            Op::Softmax => exp.iter().map(|x| x * self.inverse(sum(&exp))).collect(),
            Op::Entropy => vec![-sum(&map(&|x| self.xlogx(x)))],
            Op::CollisionEntropy => vec![-self.log(square(&v[0]))],
            Op::Divergence => vec![sum(&both(&|x, y| self.xlogx(x) - self.xlogy(x, y)))],
            _ => return None,
        })
    }

    /// Whether a proposition holds; where it need hold only to within rounding, 1e-9 of what stands there is rounding.
    pub fn holds(&self, prop: &Prop, rounded: bool) -> Option<bool> {
        Some(match prop {
            Prop::Compare(relation, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let scale = left.iter().chain(&right).filter(|x| x.is_finite()).fold(1.0_f64, |m, x| m.max(x.abs()));
                let slack = if rounded { 1e-9 * scale } else { 0.0 };
                let mut pairs = left.iter().zip(&right);
                let equal = |x: f64, y: f64| x == y || (x - y).abs() <= slack;
                match relation {
                    Relation::Equal => pairs.all(|(x, y)| equal(*x, *y)),
                    Relation::NotEqual => !pairs.all(|(x, y)| equal(*x, *y)),
                    Relation::LessEqual => pairs.all(|(x, y)| *x <= y + slack),
                    Relation::Less => pairs.all(|(x, y)| *x < y + slack),
                    Relation::GreaterEqual => pairs.all(|(x, y)| x + slack >= *y),
                    Relation::Greater => pairs.all(|(x, y)| x + slack > *y),
                }
            }
            Prop::SameAction(a, b, same) => (self.at(a) == self.at(b)) == *same,
            Prop::And(parts) => {
                let all: Option<Vec<bool>> = parts.iter().map(|part| self.holds(part, rounded)).collect();
                all?.into_iter().all(|part| part)
            }
            Prop::Or(parts) => {
                let any: Option<Vec<bool>> = parts.iter().map(|part| self.holds(part, rounded)).collect();
                any?.into_iter().any(|part| part)
            }
            Prop::Implies(a, b) => !self.holds(a, false)? || self.holds(b, rounded)?,
            Prop::Iff(a, b) => self.holds(a, false)? == self.holds(b, false)?,
        })
    }
}
