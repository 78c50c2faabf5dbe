//! From a formula to operations: the language as a mode computes it, written down once for every back end.

use std::collections::HashMap;

use num_rational::BigRational;
use num_traits::One;

use crate::expr::definition::unfold;
use crate::expr::{Action, Name, Node, Op, Tree};
use crate::formats::Operation;
use crate::formulas::COLLISION;

pub use super::backend::Operand;
use super::backend::{BackEnd, Entry, Position};
use super::mode::Place;
pub use super::setting::{Compiled, Names, NotComputed, Setting};
use super::softmax;
use super::tape::{End, Register, Step, Tape};
use super::unrolled::Unrolled;

/// Compiles a real expression.
///
/// # Errors
/// [`NotComputed`] for what is no computation (expectations, derivatives, a format of its own) and for names without
/// values.
pub fn compile(tree: &Tree, names: Names<'_>, setting: Setting<'_>) -> Compiled<Tape> {
    let mut compiler = unrolled(names, setting)?;
    let entry = compiler.real(tree)?;
    let result = compiler.back.register(entry);
    Ok(Tape { result, ..compiler.back.writer })
}

/// Compiles a vector expression: the tape, whose result is the last coordinate, and the register of each.
///
/// # Errors
/// As [`compile`].
pub fn compile_vector(tree: &Tree, names: Names<'_>, setting: Setting<'_>) -> Compiled<(Tape, Vec<Register>)> {
    let mut compiler = unrolled(names, setting)?;
    let entries = compiler.vector(tree)?;
    let registers: Vec<Register> = entries.into_iter().map(|entry| compiler.back.register(entry)).collect();
    let result = *registers.last().expect("K >= 1");
    Ok((Tape { result, ..compiler.back.writer }, registers))
}

fn unrolled<'a>(names: Names<'a>, setting: Setting<'a>) -> Compiled<Compiler<'a, Unrolled<'a, Tape>>> {
    if setting.action >= setting.k {
        return Err(NotComputed::Action(setting.action + 1, setting.k));
    }
    let tape = Tape { k: setting.k, policies: names.logits.len(), ..Tape::default() };
    Ok(Compiler::new(names, Unrolled::new(setting, tape)))
}

/// Walks a formula and has a back end take down its operations, each once.
pub struct Compiler<'a, B: BackEnd> {
    /// What takes them down.
    pub back: B,
    names: Names<'a>,
    known: HashMap<Tree, Operand<B::Vector>>,
    defined: HashMap<Name, Operand<B::Vector>>,
    /// The actions that expectations around here have bound, the innermost last.
    bound: Vec<(Name, usize)>,
}

impl<'a, B: BackEnd> Compiler<'a, B> {
    /// A compiler that has seen nothing so far.
    pub fn new(names: Names<'a>, back: B) -> Compiler<'a, B> {
        Compiler { back, names, known: HashMap::new(), defined: HashMap::new(), bound: Vec::new() }
    }

    /// Compiles a real expression.
    ///
    /// # Errors
    /// As [`compile`].
    pub fn real(&mut self, tree: &Tree) -> Compiled<Entry> {
        self.value(tree)?.real(tree)
    }

    /// Compiles a vector expression.
    ///
    /// # Errors
    /// As [`compile`].
    pub fn vector(&mut self, tree: &Tree) -> Compiled<B::Vector> {
        self.value(tree)?.vector(tree)
    }

    fn value(&mut self, tree: &Tree) -> Compiled<Operand<B::Vector>> {
        self.back.visit(tree.ty())?;
        if let Some(value) = self.known.get(tree) {
            return Ok(value.clone());
        }
        let value = self.fresh(tree)?;
        if self.back.expands().is_none() {
            self.known.insert(tree.clone(), value.clone());
        }
        Ok(value)
    }

    /// The coordinate of an action, from 0 where an expectation has bound it.
    ///
    /// # Errors
    /// If it has none.
    pub fn position(&self, action: &Action) -> Compiled<Position> {
        match action {
            Action::Name(name) => match self.bound.iter().rev().find(|(bound, _)| bound == name) {
                Some((_, index)) => Ok(Position::Fixed(*index)),
                None if name == self.names.action => Ok(Position::Chosen),
                None => Err(NotComputed::Name(name.to_string())),
            },
            Action::Index(index) => self.back.fixed(*index),
        }
    }

    fn variable(&mut self, name: &Name) -> Compiled<Operand<B::Vector>> {
        if let Some(policy) = self.names.logits.iter().position(|known| known == name) {
            return Ok(Operand::Vector(self.back.logits(policy)?));
        }
        if let Some(value) = self.defined.get(name) {
            return Ok(value.clone());
        }
        let found = self.names.definitions.iter().find(|(known, _)| known == name);
        let (_, tree) = found.ok_or_else(|| NotComputed::Name(name.to_string()))?;
        let place = if &**name == COLLISION { Place::Collision } else { Place::Combine };
        let outer = std::mem::replace(self.back.here(), place);
        let value = self.value(tree);
        *self.back.here() = outer;
        let value = value?;
        self.back.defined(name, &value);
        self.defined.insert(name.clone(), value.clone());
        Ok(value)
    }

    fn fresh(&mut self, tree: &Tree) -> Compiled<Operand<B::Vector>> {
        let place = *self.back.here();
        let no_algorithm = || NotComputed::Construct(tree.to_string(), "it has no algorithm");
        Ok(match tree.node() {
            Node::Number(value) => Operand::Real(self.back.constant(value.clone(), place)),
            Node::Size => Operand::Real(self.back.size()),
            Node::Zeros => Operand::Vector(self.back.fill(Entry::Zero)),
            Node::Ones => {
                let one = self.back.constant(BigRational::one(), place);
                Operand::Vector(self.back.fill(one))
            }
            Node::Unit(action) => {
                let hot = self.position(action)?;
                let one = self.back.constant(BigRational::one(), place);
                Operand::Vector(self.back.unit(hot, one)?)
            }
            Node::Variable(name, _) => self.variable(name)?,
            Node::Entries(items) => {
                let entries = items.iter().map(|item| self.real(item)).collect::<Compiled<_>>()?;
                let wrong = || NotComputed::Entries { text: tree.to_string(), found: items.len() };
                Operand::Vector(self.back.entries(entries)?.ok_or_else(wrong)?)
            }
            Node::At(v, action) => {
                let position = self.position(action)?;
                let v = self.vector(v)?;
                Operand::Real(self.back.at(&v, position))
            }
            Node::Others(v, action) => {
                let position = self.position(action)?;
                let v = self.vector(v)?;
                Operand::Vector(self.back.others(&v, position)?)
            }
            Node::Power(x, n) => {
                let x = self.real(x)?;
                Operand::Real(self.back.power(x, *n, place))
            }
            Node::Apply(op, arguments) => self.apply(*op, arguments, tree)?,
            Node::Expect { action, over, body } => {
                let actions = self.back.expands().ok_or_else(no_algorithm)?;
                self.expectation(action, over, body, actions)?
            }
            Node::Gradient { .. } | Node::Derivative { .. } => return Err(NotComputed::Derivative(tree.to_string())),
        })
    }

    fn expectation(&mut self, action: &Name, over: &Tree, body: &Tree, k: usize) -> Compiled<Operand<B::Vector>> {
        let weights = self.vector(over)?;
        let mut bodies = Vec::with_capacity(k);
        for index in 0..k {
            self.bound.push((action.clone(), index));
            let value = self.value(body);
            self.bound.pop();
            bodies.push(value?);
        }
        let (mut terms, mut total) = (Vec::with_capacity(k), self.back.fill(Entry::Zero));
        let place = *self.back.here();
        for (index, body) in bodies.into_iter().enumerate() {
            let weight = self.back.at(&weights, Position::Fixed(index));
            match body {
                Operand::Real(x) => terms.push(self.back.binary(Operation::Mul, weight, x, place)),
                Operand::Vector(v) => {
                    let weight = self.back.fill(weight);
                    let term = self.back.zip(Operation::Mul, &weight, &v, Place::Product)?;
                    total = self.back.zip(Operation::Add, &total, &term, Place::Sum)?;
                }
            }
        }
        Ok(match self.back.entries(terms)? {
            Some(terms) => Operand::Real(self.back.sum(&terms, place)),
            None => Operand::Vector(total),
        })
    }

    /// What each operation of the language is: the only place where that is said.
    fn apply(&mut self, op: Op, arguments: &[Tree], tree: &Tree) -> Compiled<Operand<B::Vector>> {
        let place = *self.back.here();
        Ok(match op {
            Op::Neg => self.sign(Step::Neg, &arguments[0])?,
            Op::Abs => self.sign(Step::Abs, &arguments[0])?,
            Op::Sqrt => self.unary(Operation::Sqrt, &arguments[0], Place::Product)?,
            Op::Exp => self.unary(Operation::Exp, &arguments[0], Place::Exp)?,
            Op::Log => self.unary(Operation::Log, &arguments[0], Place::Product)?,
            Op::Add => self.binary(Operation::Add, arguments, Place::Shift)?,
            Op::Sub => self.binary(Operation::Sub, arguments, Place::Shift)?,
            Op::Mul | Op::Hadamard => self.binary(Operation::Mul, arguments, Place::Product)?,
            Op::Div | Op::Quotient => self.binary(Operation::Div, arguments, Place::Product)?,
            Op::Derived(_) => match unfold(op, arguments) {
                Some(meaning) => self.value(&meaning)?,
                None => return Err(NotComputed::Construct(tree.to_string(), "its definition is too deep")),
            },
            Op::XlogX => {
                let x = self.value(&arguments[0])?;
                self.xlogy(x.clone(), x)?
            }
            Op::XlogY => {
                let (x, y) = (self.value(&arguments[0])?, self.value(&arguments[1])?);
                self.xlogy(x, y)?
            }
            Op::Softmax => {
                let z = self.vector(&arguments[0])?;
                Operand::Vector(softmax::softmax(&mut self.back, &z)?)
            }
            Op::Lse => {
                let z = self.vector(&arguments[0])?;
                Operand::Real(softmax::lse(&mut self.back, &z)?)
            }
            Op::Sum => {
                let terms = self.vector(&arguments[0])?;
                Operand::Real(self.back.sum(&terms, place))
            }
            Op::Inner => {
                let (u, v) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                Operand::Real(self.back.dot(&u, &v, place)?)
            }
            Op::Collision | Op::NormSquared => Operand::Real(self.squares(&arguments[0])?),
            Op::Norm => {
                let squares = self.squares(&arguments[0])?;
                Operand::Real(self.back.unary(Operation::Sqrt, squares, place))
            }
            Op::CollisionEntropy => {
                let squares = self.squares(&arguments[0])?;
                let log = self.back.unary(Operation::Log, squares, place);
                Operand::Real(self.back.sign(Step::Neg, log))
            }
            Op::Max => self.extreme(End::Largest, &arguments[0])?,
            Op::Min => self.extreme(End::Smallest, &arguments[0])?,
            Op::Entropy => {
                let v = self.vector(&arguments[0])?;
                let terms = self.back.xlogys(&v, &v, Place::Product)?;
                let total = self.back.sum(&terms, place);
                Operand::Real(self.back.sign(Step::Neg, total))
            }
            Op::Divergence => {
                let (p, q) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                let own = self.back.xlogys(&p, &p, Place::Product)?;
                let other = self.back.xlogys(&p, &q, Place::Product)?;
                let terms = self.back.zip(Operation::Sub, &own, &other, Place::Product)?;
                Operand::Real(self.back.sum(&terms, place))
            }
            Op::Nearest | Op::Down | Op::Up | Op::Pred | Op::Succ | Op::Even => {
                let why = "it asks for a format of its own; write the formula without it, since every operation is \
                           rounded where it is computed";
                return Err(NotComputed::Construct(tree.to_string(), why));
            }
        })
    }

    fn squares(&mut self, v: &Tree) -> Compiled<Entry> {
        let v = self.vector(v)?;
        self.back.dot(&v, &v, Place::Collision)
    }

    fn extreme(&mut self, end: End, v: &Tree) -> Compiled<Operand<B::Vector>> {
        let v = self.vector(v)?;
        Ok(Operand::Real(self.back.extreme(end, &v)?))
    }

    fn sign(&mut self, step: fn(Register) -> Step, x: &Tree) -> Compiled<Operand<B::Vector>> {
        Ok(match self.value(x)? {
            Operand::Real(x) => Operand::Real(self.back.sign(step, x)),
            Operand::Vector(v) => Operand::Vector(self.back.signs(step, &v)?),
        })
    }

    /// On a number it is done here, on a vector at a place of its own.
    fn unary(&mut self, operation: Operation, x: &Tree, elementwise: Place) -> Compiled<Operand<B::Vector>> {
        let here = *self.back.here();
        Ok(match self.value(x)? {
            Operand::Real(x) => Operand::Real(self.back.unary(operation, x, here)),
            Operand::Vector(v) => Operand::Vector(self.back.map(operation, &v, elementwise)?),
        })
    }

    /// As [`Compiler::unary`]; a real beside a vector acts on every coordinate.
    fn binary(&mut self, operation: Operation, xy: &[Tree], elementwise: Place) -> Compiled<Operand<B::Vector>> {
        let here = *self.back.here();
        let (x, y) = (self.value(&xy[0])?, self.value(&xy[1])?);
        if let (Operand::Real(x), Operand::Real(y)) = (&x, &y) {
            return Ok(Operand::Real(self.back.binary(operation, *x, *y, here)));
        }
        let (u, v) = (self.spread(x), self.spread(y));
        Ok(Operand::Vector(self.back.zip(operation, &u, &v, elementwise)?))
    }

    fn xlogy(&mut self, x: Operand<B::Vector>, y: Operand<B::Vector>) -> Compiled<Operand<B::Vector>> {
        let here = *self.back.here();
        Ok(match (x, y) {
            (Operand::Real(x), Operand::Real(y)) => Operand::Real(self.back.xlogy(x, y, here)),
            (x, y) => {
                let (x, y) = (self.spread(x), self.spread(y));
                Operand::Vector(self.back.xlogys(&x, &y, Place::Product)?)
            }
        })
    }

    fn spread(&mut self, value: Operand<B::Vector>) -> B::Vector {
        match value {
            Operand::Real(x) => self.back.fill(x),
            Operand::Vector(v) => v,
        }
    }
}
