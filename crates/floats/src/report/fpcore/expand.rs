//! Trees over vectors to scalar expressions, for a given K and action.

use std::collections::HashMap;

use super::ExportError;
use super::graph::{Graph, Id};
use crate::expr::definition::unfold;
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Tree, Type};

/// How a softmax and a log-sum-exp are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Softmax {
    /// With the exponentials of the logits themselves, which overflow.
    Naive,
    /// With the exponentials of the logits minus the largest.
    Shifted,
}

/// The most parts that an expression may have.
pub const MAX_PARTS: usize = 100_000;

type Expanded<T> = Result<T, ExportError>;

/// The scalars of a value.
#[derive(Clone)]
enum Value {
    Real(Id),
    Vector(Vec<Id>),
}

/// Expands the expressions of one formula into one graph.
pub struct Expander<'a> {
    graph: Graph,
    k: usize,
    softmax: Softmax,
    definitions: &'a [(Name, Tree)],
    actions: HashMap<Name, usize>,
    values: HashMap<Name, Value>,
    /// How often a part was asked for, known or not: a bound on the time.
    steps: usize,
}

impl<'a> Expander<'a> {
    /// For vectors of length `k`. `variables` are the names of logits, whose coordinates are called after them.
    pub fn new(variables: &[&str], k: usize, softmax: Softmax, definitions: &'a [(Name, Tree)]) -> Expander<'a> {
        let scalars: Vec<String> = variables.iter().flat_map(|name| coordinates(name, k)).collect();
        let mut graph = Graph::new(&scalars);
        let mut values = HashMap::new();
        for name in variables {
            let vector = coordinates(name, k).map(|name| graph.symbol(&name)).collect();
            values.insert((*name).into(), Value::Vector(vector));
        }
        Expander { graph, k, softmax, definitions, actions: HashMap::new(), values, steps: 0 }
    }

    /// Gives an action its coordinate, from 0.
    pub fn choose(&mut self, name: &str, index: usize) {
        self.actions.insert(name.into(), index);
    }

    /// The text of a real; see [`Graph::text`].
    pub fn text(&mut self, tree: &Tree, indent: usize) -> Expanded<String> {
        let root = self.real(tree)?;
        Ok(self.graph.text(root, indent))
    }

    /// The text of a proposition.
    pub fn condition(&mut self, prop: &Prop, indent: usize) -> Expanded<String> {
        let root = self.holds(prop)?;
        Ok(self.graph.text(root, indent))
    }

    fn step(&mut self, cost: usize) -> Expanded<()> {
        self.steps += cost;
        if self.steps.max(self.graph.len()) > MAX_PARTS { Err(ExportError::TooLarge { k: self.k }) } else { Ok(()) }
    }

    fn action(&self, action: &Action) -> Expanded<usize> {
        match action {
            Action::Name(name) => {
                self.actions.get(name).copied().ok_or_else(|| ExportError::Unknown { name: name.to_string() })
            }
            Action::Index(index) => match index.checked_sub(1) {
                Some(place) if place < self.k => Ok(place),
                _ => Err(ExportError::Beyond { index: *index, k: self.k }),
            },
        }
    }

    fn variable(&mut self, name: &Name) -> Expanded<Value> {
        if let Some(value) = self.values.get(name) {
            return Ok(value.clone());
        }
        let definition = self.definitions.iter().find(|(known, _)| known == name);
        let (_, tree) = definition.ok_or_else(|| ExportError::Unknown { name: name.to_string() })?;
        let value = match tree.ty() {
            Type::Real => {
                let value = self.real(tree)?;
                self.graph.call(value, name, true);
                Value::Real(value)
            }
            Type::Vector => {
                let items = self.vector(tree)?;
                for (&item, called) in items.iter().zip(coordinates(name, self.k)) {
                    self.graph.call(item, &called, true);
                }
                Value::Vector(items)
            }
        };
        self.values.insert(name.clone(), value.clone());
        Ok(value)
    }

    fn real(&mut self, tree: &Tree) -> Expanded<Id> {
        self.step(1)?;
        match tree.node() {
            Node::Number(value) => Ok(self.graph.number(value.clone())),
            Node::Size => Ok(self.graph.integer(self.k)),
            Node::Variable(name, _) => match self.variable(name)? {
                Value::Real(x) => Ok(x),
                Value::Vector(_) => Err(ExportError::Unknown { name: name.to_string() }),
            },
            Node::Apply(op, arguments) => self.apply_real(*op, arguments),
            Node::At(v, action) => {
                let index = self.action(action)?;
                Ok(self.vector(v)?[index])
            }
            Node::Power(x, n) => {
                let x = self.real(x)?;
                Ok(self.power(x, *n))
            }
            Node::Expect { action, over, body } => {
                let weights = self.vector(over)?;
                let bodies = self.for_each_action(action, |inner| inner.real(body))?;
                let terms: Vec<Id> = weights.iter().zip(bodies).map(|(&p, x)| self.graph.mul(p, x)).collect();
                Ok(self.sum(&terms))
            }
            Node::Derivative { .. } => Err(ExportError::Derivative(tree.to_string())),
            _ => unreachable!("an expression of type vector"),
        }
    }

    /// What `f` gives for each action under this name.
    fn for_each_action<T>(&mut self, name: &Name, mut f: impl FnMut(&mut Self) -> Expanded<T>) -> Expanded<Vec<T>> {
        let outer = self.actions.get(name).copied();
        let mut results = Vec::with_capacity(self.k);
        for index in 0..self.k {
            self.actions.insert(name.clone(), index);
            results.push(f(self)?);
        }
        match outer {
            Some(outer) => self.actions.insert(name.clone(), outer),
            None => self.actions.remove(name),
        };
        Ok(results)
    }

    fn power(&mut self, x: Id, n: u32) -> Id {
        match n {
            0 => self.graph.integer(1),
            1 => x,
            2 => self.graph.mul(x, x),
            _ => {
                let n = self.graph.integer(n as usize);
                self.graph.apply("pow", vec![x, n])
            }
        }
    }

    fn apply_real(&mut self, op: Op, arguments: &[Tree]) -> Expanded<Id> {
        if arguments[0].ty() == Type::Real {
            if let Some(meaning) = unfold(op, arguments) {
                return self.real(&meaning);
            }
            let x = self.real(&arguments[0])?;
            let y = arguments.get(1).map(|tree| self.real(tree)).transpose()?;
            return self.scalar(op, x, y);
        }
        let v = self.vector(&arguments[0])?;
        Ok(match op {
            Op::Inner => {
                let u = self.vector(&arguments[1])?;
                self.inner(&v, &u)
            }
            Op::NormSquared | Op::Collision => self.inner(&v, &v),
            Op::Norm => {
                let square = self.inner(&v, &v);
                self.graph.apply("sqrt", vec![square])
            }
            Op::Sum => self.sum(&v),
            Op::Max => self.fold(&v, "fmax"),
            Op::Min => self.fold(&v, "fmin"),
            Op::Lse => {
                let (_, total, shift) = self.exponentials(&v)?;
                let log = self.graph.apply("log", vec![total]);
                shift.map_or(log, |shift| self.graph.add(log, shift))
            }
            Op::Entropy => {
                let terms = v.iter().map(|&x| self.scalar(Op::XlogX, x, None)).collect::<Expanded<Vec<_>>>()?;
                let total = self.sum(&terms);
                self.graph.neg(total)
            }
            Op::CollisionEntropy => {
                let collision = self.inner(&v, &v);
                let log = self.graph.apply("log", vec![collision]);
                self.graph.neg(log)
            }
            Op::Divergence => {
                let q = self.vector(&arguments[1])?;
                let mut terms = Vec::with_capacity(self.k);
                for (&p, &q) in v.iter().zip(&q) {
                    let own = self.scalar(Op::XlogX, p, None)?;
                    let cross = self.scalar(Op::XlogY, p, Some(q))?;
                    terms.push(self.graph.sub(own, cross));
                }
                self.sum(&terms)
            }
            // What has no algorithm of its own here is what it stands for.
            derived => match unfold(derived, arguments) {
                Some(meaning) => self.real(&meaning)?,
                None => unreachable!("an expression of type vector"),
            },
        })
    }

    /// An operation on reals; `y` is there where it takes two.
    fn scalar(&mut self, op: Op, x: Id, y: Option<Id>) -> Expanded<Id> {
        self.step(1)?;
        let y = y.unwrap_or(x);
        Ok(match op {
            Op::Neg => self.graph.neg(x),
            Op::Add => self.graph.add(x, y),
            Op::Sub => self.graph.sub(x, y),
            Op::Mul | Op::Hadamard => self.graph.mul(x, y),
            Op::Div if self.graph.is_zero(y) => return Err(ExportError::DivisionByZero { k: self.k }),
            Op::Div => self.graph.div(x, y),
            Op::Abs => self.graph.apply("fabs", vec![x]),
            Op::Sqrt => self.graph.apply("sqrt", vec![x]),
            Op::Exp => self.graph.apply("exp", vec![x]),
            Op::Log => self.graph.apply("log", vec![x]),
            // 0 log y = 0, also where log y is infinite.
            Op::XlogX | Op::XlogY => {
                let zero = self.graph.integer(0);
                let log = self.graph.apply("log", vec![y]);
                let product = self.graph.mul(x, log);
                let vanishes = self.graph.apply("==", vec![x, zero]);
                self.graph.apply("if", vec![vanishes, zero, product])
            }
            _ => unreachable!("an operation on vectors"),
        })
    }

    fn inner(&mut self, u: &[Id], v: &[Id]) -> Id {
        let terms: Vec<Id> = u.iter().zip(v).map(|(&x, &y)| self.graph.mul(x, y)).collect();
        self.sum(&terms)
    }

    /// From the first to the last.
    fn sum(&mut self, terms: &[Id]) -> Id {
        let zero = self.graph.integer(0);
        terms.iter().fold(zero, |total, &term| self.graph.add(total, term))
    }

    fn fold(&mut self, v: &[Id], op: &'static str) -> Id {
        v[1..].iter().fold(v[0], |so_far, &x| if so_far == x { x } else { self.graph.apply(op, vec![so_far, x]) })
    }

    /// exp(z - m), their sum, and m, if there is a shift.
    fn exponentials(&mut self, z: &[Id]) -> Expanded<(Vec<Id>, Id, Option<Id>)> {
        let shift = (self.softmax == Softmax::Shifted).then(|| self.fold(z, "fmax"));
        if let Some(shift) = shift {
            self.graph.call(shift, "largest", false);
        }
        let mut weights = Vec::with_capacity(self.k);
        for (index, &z) in z.iter().enumerate() {
            let moved = shift.map_or(z, |shift| self.graph.sub(z, shift));
            let weight = self.scalar(Op::Exp, moved, None)?;
            self.graph.call(weight, &format!("x{index}"), false);
            weights.push(weight);
        }
        let total = self.sum(&weights);
        self.graph.call(total, "total", false);
        Ok((weights, total, shift))
    }

    fn vector(&mut self, tree: &Tree) -> Expanded<Vec<Id>> {
        self.step(self.k)?;
        match tree.node() {
            Node::Ones => Ok(vec![self.graph.integer(1); self.k]),
            Node::Zeros => Ok(vec![self.graph.integer(0); self.k]),
            Node::Variable(name, _) => match self.variable(name)? {
                Value::Vector(items) => Ok(items),
                Value::Real(_) => Err(ExportError::Unknown { name: name.to_string() }),
            },
            Node::Unit(action) => {
                let hot = self.action(action)?;
                Ok((0..self.k).map(|index| self.graph.integer(usize::from(index == hot))).collect())
            }
            Node::Entries(items) if items.len() == self.k => items.iter().map(|item| self.real(item)).collect(),
            Node::Entries(items) => Err(ExportError::Entries { found: items.len(), k: self.k }),
            Node::Apply(op, arguments) => self.apply_vector(*op, arguments),
            Node::Others(v, action) => {
                let index = self.action(action)?;
                let mut items = self.vector(v)?;
                items[index] = self.graph.integer(0);
                Ok(items)
            }
            Node::Expect { action, over, body } => {
                let weights = self.vector(over)?;
                let bodies = self.for_each_action(action, |inner| inner.vector(body))?;
                let mut totals = vec![self.graph.integer(0); self.k];
                for (&weight, body) in weights.iter().zip(&bodies) {
                    for (total, &x) in totals.iter_mut().zip(body) {
                        let term = self.graph.mul(weight, x);
                        *total = self.graph.add(*total, term);
                    }
                }
                Ok(totals)
            }
            Node::Gradient { .. } => Err(ExportError::Derivative(tree.to_string())),
            _ => unreachable!("an expression of type real"),
        }
    }

    fn apply_vector(&mut self, op: Op, arguments: &[Tree]) -> Expanded<Vec<Id>> {
        if op == Op::Softmax {
            let z = self.vector(&arguments[0])?;
            let (weights, total, _) = self.exponentials(&z)?;
            return weights.iter().map(|&x| self.scalar(Op::Div, x, Some(total))).collect();
        }
        if let Some(meaning) = unfold(op, arguments) {
            return self.vector(&meaning);
        }
        let mut operands = Vec::with_capacity(2);
        for argument in arguments {
            operands.push(match argument.ty() {
                // A real beside a vector acts on every coordinate.
                Type::Real => vec![self.real(argument)?; self.k],
                Type::Vector => self.vector(argument)?,
            });
        }
        (0..self.k).map(|index| self.scalar(op, operands[0][index], operands.get(1).map(|v| v[index]))).collect()
    }

    fn holds(&mut self, prop: &Prop) -> Expanded<Id> {
        match prop {
            Prop::Compare(relation, left, right) => self.compare(*relation, left, right),
            Prop::SameAction(a, b, same) => {
                let holds = (self.action(a)? == self.action(b)?) == *same;
                Ok(self.graph.symbol(if holds { "TRUE" } else { "FALSE" }))
            }
            Prop::And(parts) => {
                let parts = parts.iter().map(|part| self.holds(part)).collect::<Expanded<Vec<_>>>()?;
                Ok(self.graph.apply("and", parts))
            }
            Prop::Implies(a, b) => {
                let (a, b) = (self.holds(a)?, self.holds(b)?);
                Ok(self.implies(a, b))
            }
            Prop::Iff(a, b) => {
                let (a, b) = (self.holds(a)?, self.holds(b)?);
                let both = vec![self.implies(a, b), self.implies(b, a)];
                Ok(self.graph.apply("and", both))
            }
        }
    }

    fn implies(&mut self, a: Id, b: Id) -> Id {
        let not = self.graph.apply("not", vec![a]);
        self.graph.apply("or", vec![not, b])
    }

    fn compare(&mut self, relation: Relation, left: &Tree, right: &Tree) -> Expanded<Id> {
        let sign = if relation == Relation::Equal { "==" } else { relation.sign() };
        if left.ty() == Type::Real {
            let sides = vec![self.real(left)?, self.real(right)?];
            return Ok(self.graph.apply(sign, sides));
        }
        let (u, v) = (self.vector(left)?, self.vector(right)?);
        let each = u.iter().zip(&v).map(|(&x, &y)| self.graph.apply(sign, vec![x, y])).collect();
        // Vectors differ where some coordinate does.
        Ok(self.graph.apply(if relation == Relation::NotEqual { "or" } else { "and" }, each))
    }
}

/// The names of the coordinates of a vector, from 0.
pub fn coordinates(name: &str, k: usize) -> impl Iterator<Item = String> {
    (0..k).map(move |index| format!("{name}{index}"))
}
