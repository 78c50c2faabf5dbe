//! From a formula to a tape: the language's operations as a mode computes them.

use std::collections::HashMap;

use num_rational::BigRational;
use num_traits::One;

use crate::expr::definition::unfold;
use crate::expr::{Action, Name, Node, Op, Tree, Type};
use crate::formats::Operation;
use crate::formulas::COLLISION;

use super::machine::{Entry, Machine, Position};
use super::mode::{Mode, Place};
use super::softmax;
use super::tape::{Register, Tape};
use super::unrolled::Unrolled;

/// What a formula is compiled for.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The number of actions.
    pub k: usize,
    /// The chosen action, from 0.
    pub action: usize,
    /// The mode.
    pub mode: &'a Mode,
    /// What logits are divided by.
    pub temperature: &'a BigRational,
}

/// What a formula reads.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The logits, in the order of the tape's policies.
    pub logits: &'a [Name],
    /// The chosen action.
    pub action: &'a Name,
    /// Definitions that the formula may use.
    pub definitions: &'a [(Name, Tree)],
}

/// Why a formula cannot be computed in a mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// A construct of the language that is no computation.
    #[error("`{0}` is not computed in floating point: {1}")]
    Construct(String, &'static str),
    /// A name without a value.
    #[error("`{0}` has no value here")]
    Name(String),
    /// An action beyond K.
    #[error("action {0} of K = {1}")]
    Action(usize, usize),
}

pub(super) type Compiled<T> = Result<T, CompileError>;

/// Compiles a real expression.
///
/// # Errors
/// [`CompileError`] for what is no computation (expectations, derivatives) and for names without values.
///
/// # Panics
/// If the expression is a vector.
pub fn compile(tree: &Tree, names: Names<'_>, setting: Setting<'_>) -> Compiled<Tape> {
    let mut compiler = unrolled(names, setting)?;
    let entry = compiler.real(tree)?;
    let result = compiler.machine.register(entry);
    Ok(Tape { result, ..compiler.machine.tape })
}

/// Compiles a vector expression: the tape, whose result is the last coordinate, and the register of each.
///
/// # Errors
/// As [`compile`].
///
/// # Panics
/// If the expression is a real.
pub fn compile_vector(tree: &Tree, names: Names<'_>, setting: Setting<'_>) -> Compiled<(Tape, Vec<Register>)> {
    let mut compiler = unrolled(names, setting)?;
    let entries = compiler.vector(tree)?;
    let registers: Vec<Register> = entries.into_iter().map(|entry| compiler.machine.register(entry)).collect();
    let result = *registers.last().expect("K >= 1");
    Ok((Tape { result, ..compiler.machine.tape }, registers))
}

fn unrolled<'a>(names: Names<'a>, setting: Setting<'a>) -> Compiled<Compiler<'a, Unrolled<'a>>> {
    if setting.action >= setting.k {
        return Err(CompileError::Action(setting.action + 1, setting.k));
    }
    Ok(Compiler::new(names, Unrolled::new(setting, names.logits.len())))
}

#[derive(Clone)]
enum Value<V> {
    Real(Entry),
    Vector(V),
}

/// Walks a formula and has a machine take down its operations, each once.
pub(super) struct Compiler<'a, M: Machine> {
    pub machine: M,
    names: Names<'a>,
    known: HashMap<Tree, Value<M::Vector>>,
}

impl<'a, M: Machine> Compiler<'a, M> {
    pub fn new(names: Names<'a>, machine: M) -> Compiler<'a, M> {
        Compiler { machine, names, known: HashMap::new() }
    }

    fn cached(&mut self, tree: &Tree) -> Compiled<Value<M::Vector>> {
        if let Some(value) = self.known.get(tree) {
            return Ok(value.clone());
        }
        let value = match tree.ty() {
            Type::Real => Value::Real(self.fresh_real(tree)?),
            Type::Vector => Value::Vector(self.fresh_vector(tree)?),
        };
        self.known.insert(tree.clone(), value.clone());
        Ok(value)
    }

    pub fn real(&mut self, tree: &Tree) -> Compiled<Entry> {
        match self.cached(tree)? {
            Value::Real(entry) => Ok(entry),
            Value::Vector(_) => unreachable!("the language is typed"),
        }
    }

    fn vector(&mut self, tree: &Tree) -> Compiled<M::Vector> {
        match self.cached(tree)? {
            Value::Vector(entries) => Ok(entries),
            Value::Real(_) => unreachable!("the language is typed"),
        }
    }

    fn position(&self, action: &Action) -> Compiled<Position> {
        match action {
            Action::Name(name) if name == self.names.action => Ok(Position::Chosen),
            Action::Name(name) => Err(CompileError::Name(name.to_string())),
            Action::Index(index) => self.machine.fixed(*index),
        }
    }

    fn definition(&mut self, name: &Name) -> Compiled<Value<M::Vector>> {
        let found = self.names.definitions.iter().find(|(known, _)| known == name);
        let (_, tree) = found.ok_or_else(|| CompileError::Name(name.to_string()))?;
        let place = if &**name == COLLISION { Place::Collision } else { Place::Combine };
        let outer = std::mem::replace(self.machine.here(), place);
        let value = self.cached(tree);
        *self.machine.here() = outer;
        value
    }

    fn variable(&mut self, name: &Name) -> Compiled<Value<M::Vector>> {
        match self.names.logits.iter().position(|known| known == name) {
            Some(policy) => Ok(Value::Vector(self.machine.logits(policy)?)),
            None => self.definition(name),
        }
    }

    fn fresh_real(&mut self, tree: &Tree) -> Compiled<Entry> {
        let place = *self.machine.here();
        match tree.node() {
            Node::Number(value) => Ok(self.machine.constant(value.clone(), place)),
            Node::Size => Ok(self.machine.size()),
            Node::Variable(name, _) => match self.variable(name)? {
                Value::Real(entry) => Ok(entry),
                Value::Vector(_) => unreachable!("the language is typed"),
            },
            Node::At(v, action) => {
                let position = self.position(action)?;
                let v = self.vector(v)?;
                Ok(self.machine.at(&v, position))
            }
            Node::Power(x, 0) => {
                self.real(x)?;
                Ok(self.machine.constant(BigRational::one(), place))
            }
            Node::Power(x, n) => {
                let x = self.real(x)?;
                Ok((1..*n).fold(x, |power, _| self.machine.binary(Operation::Mul, power, x, place)))
            }
            Node::Apply(op, arguments) => self.apply_real(*op, arguments),
            _ => Err(CompileError::Construct(tree.to_string(), "it has no algorithm")),
        }
    }

    fn apply_real(&mut self, op: Op, arguments: &[Tree]) -> Compiled<Entry> {
        let place = *self.machine.here();
        match op {
            Op::Add | Op::Sub | Op::Mul | Op::Div => {
                let (x, y) = (self.real(&arguments[0])?, self.real(&arguments[1])?);
                Ok(self.machine.binary(arithmetic(op), x, y, place))
            }
            Op::Neg | Op::Abs => {
                let x = self.real(&arguments[0])?;
                Ok(self.machine.sign(op, x))
            }
            Op::Sqrt | Op::Exp | Op::Log => {
                let x = self.real(&arguments[0])?;
                Ok(self.machine.unary(elementary(op), x, place))
            }
            Op::XlogX | Op::XlogY => {
                let x = self.real(&arguments[0])?;
                let y = self.real(arguments.last().expect("an operation has arguments"))?;
                Ok(self.machine.xlogy(x, y, place))
            }
            Op::Sum => {
                let terms = self.vector(&arguments[0])?;
                Ok(self.machine.sum(&terms, place))
            }
            Op::Inner => {
                let (u, v) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                self.machine.dot(&u, &v, place)
            }
            Op::Collision | Op::NormSquared | Op::Norm | Op::CollisionEntropy => {
                let v = self.vector(&arguments[0])?;
                let squares = self.machine.dot(&v, &v, Place::Collision)?;
                Ok(match op {
                    Op::Norm => self.machine.unary(Operation::Sqrt, squares, place),
                    Op::CollisionEntropy => {
                        let log = self.machine.unary(Operation::Log, squares, place);
                        self.machine.sign(Op::Neg, log)
                    }
                    _ => squares,
                })
            }
            Op::Max | Op::Min => {
                let v = self.vector(&arguments[0])?;
                self.machine.extreme(op, &v)
            }
            Op::Lse => {
                let z = self.vector(&arguments[0])?;
                softmax::lse(&mut self.machine, &z)
            }
            Op::Entropy => {
                let v = self.vector(&arguments[0])?;
                let terms = self.machine.xlogys(&v, &v, Place::Product)?;
                let total = self.machine.sum(&terms, place);
                Ok(self.machine.sign(Op::Neg, total))
            }
            Op::Divergence => {
                let (p, q) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                let own = self.machine.xlogys(&p, &p, Place::Product)?;
                let other = self.machine.xlogys(&p, &q, Place::Product)?;
                let terms = self.machine.zip(Operation::Sub, &own, &other, Place::Product)?;
                Ok(self.machine.sum(&terms, place))
            }
            derived => self.real(&meaning(derived, arguments)?),
        }
    }

    fn fresh_vector(&mut self, tree: &Tree) -> Compiled<M::Vector> {
        let place = *self.machine.here();
        match tree.node() {
            Node::Zeros => Ok(self.machine.fill(Entry::Zero)),
            Node::Ones => {
                let one = self.machine.constant(BigRational::one(), place);
                Ok(self.machine.fill(one))
            }
            Node::Unit(action) => {
                let hot = self.position(action)?;
                let one = self.machine.constant(BigRational::one(), place);
                self.machine.unit(hot, one)
            }
            Node::Variable(name, _) => match self.variable(name)? {
                Value::Vector(entries) => Ok(entries),
                Value::Real(_) => unreachable!("the language is typed"),
            },
            Node::Others(v, action) => {
                let position = self.position(action)?;
                let v = self.vector(v)?;
                self.machine.others(&v, position)
            }
            Node::Entries(items) => {
                let items = items.iter().map(|item| self.real(item)).collect::<Compiled<_>>()?;
                let wrong = || CompileError::Construct(tree.to_string(), "the number of its entries is not K");
                self.machine.entries(items)?.ok_or_else(wrong)
            }
            Node::Apply(op, arguments) => self.apply_vector(*op, arguments),
            _ => Err(CompileError::Construct(tree.to_string(), "it has no algorithm")),
        }
    }

    fn apply_vector(&mut self, op: Op, arguments: &[Tree]) -> Compiled<M::Vector> {
        match op {
            Op::Softmax => {
                let z = self.vector(&arguments[0])?;
                softmax::softmax(&mut self.machine, &z)
            }
            Op::Neg | Op::Abs => {
                let v = self.vector(&arguments[0])?;
                self.machine.signs(op, &v)
            }
            Op::Sqrt | Op::Exp | Op::Log => {
                let place = if op == Op::Exp { Place::Exp } else { Place::Product };
                let v = self.vector(&arguments[0])?;
                self.machine.map(elementary(op), &v, place)
            }
            Op::Add | Op::Sub | Op::Hadamard => {
                let place = if op == Op::Hadamard { Place::Product } else { Place::Shift };
                let (u, v) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                self.machine.zip(arithmetic(op), &u, &v, place)
            }
            Op::Mul => {
                let (x, v) = (self.real(&arguments[0])?, self.vector(&arguments[1])?);
                let x = self.machine.fill(x);
                self.machine.zip(Operation::Mul, &x, &v, Place::Product)
            }
            Op::Div => {
                let (v, x) = (self.vector(&arguments[0])?, self.real(&arguments[1])?);
                let x = self.machine.fill(x);
                self.machine.zip(Operation::Div, &v, &x, Place::Product)
            }
            Op::XlogX | Op::XlogY => {
                let x = self.vector(&arguments[0])?;
                let y = self.vector(arguments.last().expect("an operation has arguments"))?;
                self.machine.xlogys(&x, &y, Place::Product)
            }
            derived => self.vector(&meaning(derived, arguments)?),
        }
    }
}

/// What an operation without an algorithm of its own stands for.
fn meaning(op: Op, arguments: &[Tree]) -> Compiled<Tree> {
    let none = || CompileError::Construct(op.info().meaning.to_string(), "it has no algorithm");
    unfold(op, arguments).ok_or_else(none)
}

fn arithmetic(op: Op) -> Operation {
    match op {
        Op::Add => Operation::Add,
        Op::Sub => Operation::Sub,
        Op::Div => Operation::Div,
        _ => Operation::Mul,
    }
}

fn elementary(op: Op) -> Operation {
    match op {
        Op::Sqrt => Operation::Sqrt,
        Op::Exp => Operation::Exp,
        _ => Operation::Log,
    }
}
