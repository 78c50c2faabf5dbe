//! The value of an expression in any number system; `truth.rs` has that of a proposition.
//!
//! Derived operations have algorithms of their own here, which share sums and do not overflow; the tests hold them to
//! the equations of the table.

mod truth;

use std::collections::HashMap;

use crate::arith::vector::Shape;
use crate::arith::{Arithmetic, Eval, Fault, Function, InFormat, Real, Reduction, Truth, Vector};
use crate::expr::definition::meaning;
use crate::expr::{Action, Name, Node, Op, Tree, Type};

/// A value: a real or a vector of a number system.
#[derive(Debug)]
pub enum Value<A: Arithmetic> {
    /// A real.
    Real(A::Real),
    /// A vector.
    Vector(Vector<A>),
}

impl<A: Arithmetic> Clone for Value<A> {
    fn clone(&self) -> Self {
        match self {
            Value::Real(x) => Value::Real(x.clone()),
            Value::Vector(v) => Value::Vector(v.clone()),
        }
    }
}

/// Sees both sides of a coordinate and the truth found, and may say otherwise.
pub type Each<'a, A> = dyn FnMut(&Real<A>, &Real<A>, Truth) -> Truth + 'a;

/// Evaluates expressions for one assignment of values to names.
pub struct Evaluator<'a, A: Arithmetic> {
    system: &'a A,
    k: usize,
    definitions: &'a [(Name, Tree)],
    values: HashMap<Name, Value<A>>,
    actions: HashMap<Name, usize>,
    defined: HashMap<Name, Value<A>>,
    /// Reductions that were computed exactly and do not depend on bound actions: the lines of a claim share them. In
    /// a number system with errors each line needs the terms of its own sums, for their scale.
    reduced: Vec<(Reduction, Tree, A::Real)>,
    /// How many expectations are open.
    binders: usize,
    magnitude: i64,
}

const UNASSIGNED: Fault = Fault::Undefined("a name without a value");
const OUTSIDE: Fault = Fault::Undefined("an action beyond K");

impl<'a, A: Arithmetic> Evaluator<'a, A> {
    /// An evaluator for vectors of length `k`, with the definitions that expressions may use.
    pub fn new(system: &'a A, k: usize, definitions: &'a [(Name, Tree)]) -> Self {
        Evaluator {
            system,
            k,
            definitions,
            values: HashMap::new(),
            actions: HashMap::new(),
            defined: HashMap::new(),
            reduced: Vec::new(),
            binders: 0,
            magnitude: i64::MIN,
        }
    }

    /// Gives a variable its value.
    pub fn assign(&mut self, name: &Name, value: Value<A>) {
        self.values.insert(name.clone(), value);
        self.forget();
    }

    /// Forgets what was computed from the values that names had.
    fn forget(&mut self) {
        self.defined.clear();
        self.reduced.clear();
    }

    /// Gives an action its coordinate, 0-based and below K.
    pub fn choose(&mut self, name: &Name, index: usize) {
        self.actions.insert(name.clone(), index);
        self.forget();
    }

    /// An e such that no term that entered a sum since the last call exceeds 2^e, where the number system has errors:
    /// the scale to which an equality between enclosures is to be read. Sums of reals, over coordinates and over
    /// expectations count; those of vectors, coordinate by coordinate, do not, so that the scale may be too strict.
    pub fn take_magnitude(&mut self) -> i64 {
        std::mem::replace(&mut self.magnitude, i64::MIN)
    }

    fn note(&mut self, x: &A::Real) {
        if let Some(spread) = self.system.spread(x, x) {
            self.magnitude = self.magnitude.max(spread.magnitude);
        }
    }

    fn action(&self, action: &Action) -> Eval<usize> {
        match action {
            Action::Name(name) => self.actions.get(name).copied().ok_or(UNASSIGNED),
            Action::Index(index) => index.checked_sub(1).filter(|index| *index < self.k).ok_or(OUTSIDE),
        }
    }

    fn lookup(&mut self, name: &Name) -> Eval<Value<A>> {
        if let Some(value) = self.values.get(name).or_else(|| self.defined.get(name)) {
            return Ok(value.clone());
        }
        let (_, tree) = self.definitions.iter().find(|(known, _)| known == name).ok_or(UNASSIGNED)?;
        let value = self.stored(tree)?;
        self.defined.insert(name.clone(), value.clone());
        Ok(value)
    }

    /// The value of an expression, computed once for all of its uses.
    fn stored(&mut self, tree: &Tree) -> Eval<Value<A>> {
        Ok(match tree.ty() {
            Type::Real => Value::Real(self.real(tree)?),
            Type::Vector => {
                let v = self.vector(tree)?;
                Value::Vector(self.system.store(&v, self.k)?)
            }
        })
    }

    /// What a derived function stands for, evaluated by `f` with its variables for the values of the arguments.
    fn derived<T>(&mut self, op: Op, arguments: &[Tree], f: impl FnOnce(&mut Self, &Tree) -> Eval<T>) -> Eval<T> {
        let (parameters, body) = meaning(op, arguments).ok_or(UNASSIGNED)?;
        let mut values = HashMap::new();
        for (parameter, argument) in parameters.iter().zip(arguments) {
            let Node::Variable(name, _) = parameter.node() else { return Err(UNASSIGNED) };
            values.insert(name.clone(), self.stored(argument)?);
        }
        let outer = std::mem::replace(&mut self.values, values);
        // What is computed of these variables is not to be remembered: elsewhere they stand for something else.
        self.binders += 1;
        let result = f(self, body);
        self.binders -= 1;
        self.values = outer;
        result
    }

    /// The value of a real expression.
    ///
    /// # Errors
    /// If it has none in this number system.
    ///
    /// # Panics
    /// On an expression of type vector.
    pub fn real(&mut self, tree: &Tree) -> Eval<A::Real> {
        match tree.node() {
            Node::Number(value) => Ok(self.system.rational(value)),
            Node::Size => Ok(self.system.integer(self.k as i64)),
            Node::Variable(name, _) => match self.lookup(name)? {
                Value::Real(x) => Ok(x),
                Value::Vector(_) => Err(UNASSIGNED),
            },
            Node::Apply(op, arguments) => self.apply_real(*op, arguments),
            Node::At(v, action) => {
                let index = self.action(action)?;
                self.vector(v)?.at(self.system, index)
            }
            Node::Power(x, n) => {
                let x = self.real(x)?;
                self.system.power(&x, *n)
            }
            Node::Expect { action, over, body } => {
                let weights = self.vector(over)?;
                let mut total = self.system.integer(0);
                for index in 0..self.k {
                    let value = self.with_action(action, index, |inner| inner.real(body))?;
                    let term = self.system.mul(value, &weights.at(self.system, index)?)?;
                    self.note(&term);
                    total = self.system.add(total, &term)?;
                }
                Ok(total)
            }
            Node::Derivative { of, at, along } => {
                let along = self.vector(along)?;
                let lifted = self.system.lift();
                let mut inner = self.lifted(&lifted)?;
                self.derivative(&lifted, &mut inner, of, at, &along)
            }
            Node::Ones | Node::Zeros | Node::Unit(_) | Node::Entries(_) | Node::Others(..) | Node::Gradient { .. } => {
                unreachable!("an expression of type vector")
            }
        }
    }

    fn apply_real(&mut self, op: Op, arguments: &[Tree]) -> Eval<A::Real> {
        let system = self.system;
        match op {
            Op::Neg => system.neg(self.real(&arguments[0])?),
            Op::Add | Op::Sub => {
                let (x, y) = (self.real(&arguments[0])?, self.real(&arguments[1])?);
                self.note(&x);
                self.note(&y);
                if op == Op::Add { system.add(x, &y) } else { system.sub(x, &y) }
            }
            Op::Mul => system.mul(self.real(&arguments[0])?, &self.real(&arguments[1])?),
            Op::Div => system.div(self.real(&arguments[0])?, &self.real(&arguments[1])?),
            Op::Abs => system.function(Function::Abs, self.real(&arguments[0])?),
            Op::Sqrt => system.function(Function::Sqrt, self.real(&arguments[0])?),
            Op::Exp => system.function(Function::Exp, self.real(&arguments[0])?),
            Op::Log => system.function(Function::Log, self.real(&arguments[0])?),
            Op::XlogX => {
                let x = self.real(&arguments[0])?;
                system.xlogy(x.clone(), &x)
            }
            Op::XlogY => system.xlogy(self.real(&arguments[0])?, &self.real(&arguments[1])?),
            Op::Inner if arguments[0] == arguments[1] => self.reduce(Reduction::SumOfSquares, &arguments[0]),
            Op::Inner => {
                let product = Shape::Product(self.vector(&arguments[0])?, self.vector(&arguments[1])?).into();
                self.sum(&product)
            }
            Op::NormSquared | Op::Collision => self.reduce(Reduction::SumOfSquares, &arguments[0]),
            Op::Norm => system.function(Function::Sqrt, self.reduce(Reduction::SumOfSquares, &arguments[0])?),
            Op::Sum => {
                let v = self.vector(&arguments[0])?;
                self.sum(&v)
            }
            Op::Max => self.reduce(Reduction::Max, &arguments[0]),
            Op::Min => self.reduce(Reduction::Min, &arguments[0]),
            Op::Lse => {
                let (_, total, shift) = self.exponentials(&arguments[0])?;
                system.add(system.function(Function::Log, total)?, &shift)
            }
            Op::Entropy => {
                let terms = self.vector(&arguments[0])?.map(system, self.k, |_, x| system.xlogy(x.clone(), &x))?;
                system.neg(self.sum(&terms)?)
            }
            Op::CollisionEntropy => {
                let collision = self.reduce(Reduction::SumOfSquares, &arguments[0])?;
                system.neg(system.function(Function::Log, collision)?)
            }
            Op::Divergence => {
                let (p, q) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                let terms = p.map(system, self.k, |index, x| {
                    let own = system.xlogy(x.clone(), &x)?;
                    system.sub(own, &system.xlogy(x, &q.at(system, index)?)?)
                })?;
                self.sum(&terms)
            }
            Op::Nearest => self.in_format(InFormat::Nearest, &arguments[0]),
            Op::Down => self.in_format(InFormat::Down, &arguments[0]),
            Op::Up => self.in_format(InFormat::Up, &arguments[0]),
            Op::Pred => self.in_format(InFormat::Pred, &arguments[0]),
            Op::Succ => self.in_format(InFormat::Succ, &arguments[0]),
            Op::Even => self.in_format(InFormat::Even, &arguments[0]),
            Op::Derived(_) => self.derived(op, arguments, |inner, body| inner.real(body)),
            Op::Hadamard | Op::Quotient | Op::Softmax => unreachable!("an expression of type vector"),
        }
    }

    fn in_format(&mut self, how: InFormat, tree: &Tree) -> Eval<A::Real> {
        let x = self.real(tree)?;
        self.system.in_format(how, x)
    }

    fn reduce(&mut self, how: Reduction, tree: &Tree) -> Eval<A::Real> {
        let known = self.reduced.iter().find(|(same, of, _)| *same == how && of == tree);
        if let Some((_, _, result)) = known.filter(|_| self.binders == 0) {
            return Ok(result.clone());
        }
        let v = self.vector(tree)?;
        let result = self.system.reduce(how, &v, self.k)?;
        if self.has_errors() {
            if how == Reduction::SumOfSquares {
                // No square exceeds their sum.
                self.note(&result);
            }
        } else if self.binders == 0 {
            self.reduced.push((how, tree.clone(), result.clone()));
        }
        Ok(result)
    }

    /// Only a number system with errors has a scale to know.
    fn has_errors(&self) -> bool {
        let one = self.system.integer(1);
        self.system.spread(&one, &one).is_some()
    }

    fn sum(&mut self, v: &Vector<A>) -> Eval<A::Real> {
        self.note_all(v);
        self.system.reduce(Reduction::Sum, v, self.k)
    }

    fn note_all(&mut self, v: &Vector<A>) {
        if self.has_errors() {
            for index in 0..self.k {
                // A coordinate without a value has no size; whether anybody asks for it is seen elsewhere.
                if let Ok(term) = v.at(self.system, index) {
                    self.note(&term);
                }
            }
        }
    }

    /// exp(z - s), its sum, and s.
    fn exponentials(&mut self, tree: &Tree) -> Eval<(Vector<A>, A::Real, A::Real)> {
        let system = self.system;
        let logits = self.vector(tree)?;
        let shift = system.shift(&logits, self.k)?;
        let weights = logits.map(system, self.k, |_, z| system.function(Function::Exp, system.sub(z, &shift)?))?;
        let total = system.reduce(Reduction::Sum, &weights, self.k)?;
        Ok((weights, total, shift))
    }

    /// The value of a vector expression.
    ///
    /// # Errors
    /// If it has none in this number system.
    ///
    /// # Panics
    /// On an expression of type real.
    pub fn vector(&mut self, tree: &Tree) -> Eval<Vector<A>> {
        let system = self.system;
        match tree.node() {
            Node::Ones => Ok(Shape::Splat(system.integer(1)).into()),
            Node::Zeros => Ok(Shape::Splat(system.integer(0)).into()),
            Node::Variable(name, _) => match self.lookup(name)? {
                Value::Vector(v) => Ok(v),
                Value::Real(_) => Err(UNASSIGNED),
            },
            Node::Unit(action) => Ok(Shape::Unit(self.action(action)?).into()),
            Node::Entries(items) if items.len() == self.k => {
                let items = items.iter().map(|item| self.real(item)).collect::<Eval<Vec<_>>>()?;
                Ok(Vector::dense(system, items))
            }
            Node::Entries(_) => Err(Fault::Undefined("a vector whose number of entries is not K")),
            Node::Apply(op, arguments) => self.apply_vector(*op, arguments),
            Node::Others(v, action) => Ok(Shape::Others(self.vector(v)?, self.action(action)?).into()),
            Node::Expect { action, over, body } => {
                let weights = self.vector(over)?;
                let mut total: Vector<A> = Shape::Splat(system.integer(0)).into();
                for index in 0..self.k {
                    let value = self.with_action(action, index, |inner| inner.vector(body))?;
                    let term = Shape::Scale(weights.at(system, index)?, value).into();
                    total = system.store(&Shape::Add(total, term).into(), self.k)?;
                }
                Ok(total)
            }
            Node::Gradient { of, at } => {
                let lifted = system.lift();
                let mut inner = self.lifted(&lifted)?;
                let mut slopes = Vec::with_capacity(self.k);
                for index in 0..self.k {
                    slopes.push(self.derivative(&lifted, &mut inner, of, at, &Shape::Unit(index).into())?);
                }
                Ok(Vector::dense(system, slopes))
            }
            Node::Number(_) | Node::Size | Node::At(..) | Node::Power(..) | Node::Derivative { .. } => {
                unreachable!("an expression of type real")
            }
        }
    }

    fn apply_vector(&mut self, op: Op, arguments: &[Tree]) -> Eval<Vector<A>> {
        let system = self.system;
        let shape = match op {
            Op::Neg => Shape::Neg(self.vector(&arguments[0])?),
            Op::Add | Op::Sub => {
                let (u, v) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                self.note_all(&u);
                self.note_all(&v);
                if op == Op::Add { Shape::Add(u, v) } else { Shape::Sub(u, v) }
            }
            Op::Hadamard => Shape::Product(self.vector(&arguments[0])?, self.vector(&arguments[1])?),
            Op::Quotient => {
                let (u, v) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                return u.map(system, self.k, |index, x| system.div(x, &v.at(system, index)?));
            }
            Op::Mul => Shape::Scale(self.real(&arguments[0])?, self.vector(&arguments[1])?),
            Op::Div => Shape::Over(self.vector(&arguments[0])?, self.real(&arguments[1])?),
            Op::Softmax => {
                let (weights, total, _) = self.exponentials(&arguments[0])?;
                return system.store(&Shape::Over(weights, total).into(), self.k);
            }
            Op::XlogX => {
                return self.vector(&arguments[0])?.map(system, self.k, |_, x| system.xlogy(x.clone(), &x));
            }
            Op::XlogY => {
                let y = self.vector(&arguments[1])?;
                let x = self.vector(&arguments[0])?;
                return x.map(system, self.k, |index, x| system.xlogy(x, &y.at(system, index)?));
            }
            Op::Derived(_) => return self.derived(op, arguments, |inner, body| inner.vector(body)),
            Op::Abs => return self.each(Function::Abs, &arguments[0]),
            Op::Sqrt => return self.each(Function::Sqrt, &arguments[0]),
            Op::Exp => return self.each(Function::Exp, &arguments[0]),
            Op::Log => return self.each(Function::Log, &arguments[0]),
            Op::Inner
            | Op::Norm
            | Op::NormSquared
            | Op::Sum
            | Op::Max
            | Op::Min
            | Op::Lse
            | Op::Collision
            | Op::Entropy
            | Op::CollisionEntropy
            | Op::Divergence
            | Op::Nearest
            | Op::Down
            | Op::Up
            | Op::Pred
            | Op::Succ
            | Op::Even => unreachable!("an expression of type real"),
        };
        Ok(shape.into())
    }

    fn each(&mut self, function: Function, v: &Tree) -> Eval<Vector<A>> {
        let system = self.system;
        self.vector(v)?.map(system, self.k, |_, x| system.function(function, x))
    }

    fn with_action<T>(&mut self, name: &Name, index: usize, f: impl FnOnce(&mut Self) -> Eval<T>) -> Eval<T> {
        let outer = self.actions.insert(name.clone(), index);
        self.binders += 1;
        let result = f(self);
        self.binders -= 1;
        // A definition may bind the same name again while an outer expectation still needs it.
        match outer {
            Some(outer) => self.actions.insert(name.clone(), outer),
            None => self.actions.remove(name),
        };
        result
    }

    /// The same assignment in the context for derivatives.
    fn lifted<'b>(&self, lifted: &'b A::Lifted) -> Eval<Evaluator<'b, A::Lifted>>
    where
        'a: 'b,
    {
        let mut inner = Evaluator::new(lifted, self.k, self.definitions);
        inner.actions.clone_from(&self.actions);
        for (name, value) in &self.values {
            let value = match value {
                Value::Real(x) => Value::Real(self.system.constant(lifted, x)),
                Value::Vector(v) => {
                    let zero = Shape::Splat(self.system.integer(0)).into();
                    Value::Vector(self.system.perturb(lifted, v, &zero, self.k)?)
                }
            };
            inner.values.insert(name.clone(), value);
        }
        Ok(inner)
    }

    fn derivative(
        &mut self,
        lifted: &A::Lifted,
        inner: &mut Evaluator<'_, A::Lifted>,
        of: &Tree,
        at: &Name,
        along: &Vector<A>,
    ) -> Eval<A::Real> {
        let Value::Vector(point) = self.lookup(at)? else { return Err(UNASSIGNED) };
        let moved = self.system.perturb(lifted, &point, along, self.k)?;
        inner.values.insert(at.clone(), Value::Vector(moved));
        inner.forget();
        let value = inner.real(of)?;
        self.magnitude = self.magnitude.max(inner.take_magnitude());
        Ok(self.system.tangent(lifted, &value))
    }
}

#[cfg(test)]
mod derived;
