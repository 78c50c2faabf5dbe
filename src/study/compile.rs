//! From a formula to a tape: the language's operations as a mode computes them.

use std::collections::HashMap;

use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::expr::{Action, Name, Node, Op, Tree, Type};
use crate::formats::Operation;
use crate::formulas::COLLISION;

use super::mode::{Mode, Place};
use super::tape::{Register, Step, Tape};

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

type Compiled<T> = Result<T, CompileError>;

/// A number on the tape, or one that is known to be 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entry {
    Zero,
    At(Register),
}

#[derive(Clone, Debug)]
enum Value {
    Real(Entry),
    Vector(Vec<Entry>),
}

pub(super) struct Compiler<'a> {
    tape: Tape,
    names: Names<'a>,
    pub(super) setting: Setting<'a>,
    known: HashMap<Tree, Value>,
    /// The place of operations on single numbers.
    scalar: Place,
}

/// Compiles a real expression.
///
/// # Errors
/// [`CompileError`] for what is no computation (expectations, derivatives) and for names without values.
///
/// # Panics
/// If the expression is a vector.
pub fn compile(tree: &Tree, names: Names<'_>, setting: Setting<'_>) -> Compiled<Tape> {
    let mut compiler = Compiler::new(names, setting)?;
    let entry = compiler.real(tree)?;
    let result = compiler.register(entry);
    Ok(Tape { result, ..compiler.tape })
}

/// Compiles a vector expression: the tape, whose result is the last coordinate, and the register of each.
///
/// # Errors
/// As [`compile`].
///
/// # Panics
/// If the expression is a real.
pub fn compile_vector(tree: &Tree, names: Names<'_>, setting: Setting<'_>) -> Compiled<(Tape, Vec<Register>)> {
    let mut compiler = Compiler::new(names, setting)?;
    let entries = compiler.vector(tree)?;
    let registers: Vec<Register> = entries.into_iter().map(|entry| compiler.register(entry)).collect();
    let result = *registers.last().expect("K >= 1");
    Ok((Tape { result, ..compiler.tape }, registers))
}

impl<'a> Compiler<'a> {
    fn new(names: Names<'a>, setting: Setting<'a>) -> Compiled<Compiler<'a>> {
        if setting.action >= setting.k {
            return Err(CompileError::Action(setting.action + 1, setting.k));
        }
        let tape = Tape { k: setting.k, policies: names.logits.len(), ..Tape::default() };
        Ok(Compiler { tape, names, setting, known: HashMap::new(), scalar: Place::Combine })
    }
}

impl Compiler<'_> {
    fn push(&mut self, step: Step) -> Entry {
        self.tape.steps.push(step);
        Entry::At(self.tape.steps.len() as Register - 1)
    }

    fn constant(&mut self, value: BigRational, place: Place) -> Entry {
        if value.is_zero() { Entry::Zero } else { self.push(Step::Constant(value, place)) }
    }

    fn register(&mut self, entry: Entry) -> Register {
        match entry {
            Entry::At(register) => register,
            Entry::Zero => {
                self.tape.steps.push(Step::Constant(BigRational::zero(), self.scalar));
                self.tape.steps.len() as Register - 1
            }
        }
    }

    pub(super) fn unary(&mut self, operation: Operation, x: Entry, place: Place) -> Entry {
        let x = self.register(x);
        self.push(Step::Apply(operation, [x; 3], place))
    }

    pub(super) fn binary(&mut self, operation: Operation, x: Entry, y: Entry, place: Place) -> Entry {
        match (operation, x, y) {
            (Operation::Add, Entry::Zero, other) | (Operation::Add | Operation::Sub, other, Entry::Zero) => other,
            (Operation::Sub, Entry::Zero, Entry::At(y)) => self.push(Step::Neg(y)),
            (Operation::Mul, Entry::Zero, _) | (Operation::Mul, _, Entry::Zero) => Entry::Zero,
            _ => {
                let (x, y) = (self.register(x), self.register(y));
                self.push(Step::Apply(operation, [x, y, x], place))
            }
        }
    }

    /// A sum in the accumulator's format, and rounded to where it is used.
    pub(super) fn sum(&mut self, terms: Vec<Entry>, place: Place) -> Entry {
        let registers: Vec<Register> = terms
            .into_iter()
            .filter_map(|entry| match entry {
                Entry::At(register) => Some(register),
                Entry::Zero => None,
            })
            .collect();
        if registers.is_empty() {
            return Entry::Zero;
        }
        let total = self.setting.mode.order.emit(&mut self.tape, &registers);
        self.unary(Operation::Round, Entry::At(total), place)
    }

    /// The sum of the products of two vectors.
    fn dot(&mut self, u: &[Entry], v: &[Entry], place: Place) -> Entry {
        let exact = self.setting.mode.exact_products;
        let product = |compiler: &mut Self, x: Entry, y: Entry| match (x, y) {
            (Entry::At(x), Entry::At(y)) if exact => compiler.push(Step::Product(x, y)),
            _ => compiler.binary(Operation::Mul, x, y, Place::Product),
        };
        let products = u.iter().zip(v).map(|(&x, &y)| product(self, x, y)).collect();
        self.sum(products, place)
    }

    fn cached(&mut self, tree: &Tree) -> Compiled<Value> {
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

    fn real(&mut self, tree: &Tree) -> Compiled<Entry> {
        match self.cached(tree)? {
            Value::Real(entry) => Ok(entry),
            Value::Vector(_) => unreachable!("the language is typed"),
        }
    }

    fn vector(&mut self, tree: &Tree) -> Compiled<Vec<Entry>> {
        match self.cached(tree)? {
            Value::Vector(entries) => Ok(entries),
            Value::Real(_) => unreachable!("the language is typed"),
        }
    }

    fn action(&self, action: &Action) -> Compiled<usize> {
        match action {
            Action::Name(name) if name == self.names.action => Ok(self.setting.action),
            Action::Name(name) => Err(CompileError::Name(name.to_string())),
            Action::Index(index) if (1..=self.setting.k).contains(index) => Ok(index - 1),
            Action::Index(index) => Err(CompileError::Action(*index, self.setting.k)),
        }
    }

    fn definition(&mut self, name: &Name) -> Compiled<Value> {
        let found = self.names.definitions.iter().find(|(known, _)| known == name);
        let (_, tree) = found.ok_or_else(|| CompileError::Name(name.to_string()))?;
        let outer = self.scalar;
        self.scalar = if &**name == COLLISION { Place::Collision } else { Place::Combine };
        let value = self.cached(tree);
        self.scalar = outer;
        value
    }

    /// A policy's logits, stored and divided by the temperature.
    fn logits(&mut self, policy: usize) -> Vec<Entry> {
        let one = |compiler: &mut Self, index: usize| {
            let given = compiler.push(Step::Input { policy: policy as u32, index: index as u32 });
            let stored = compiler.unary(Operation::Round, given, Place::Logits);
            let temperature = compiler.setting.temperature;
            if temperature.is_one() {
                return stored;
            }
            let divisor = compiler.constant(temperature.clone(), Place::Temperature);
            compiler.binary(Operation::Div, stored, divisor, Place::Temperature)
        };
        (0..self.setting.k).map(|index| one(self, index)).collect()
    }

    fn variable(&mut self, name: &Name) -> Compiled<Value> {
        match self.names.logits.iter().position(|known| known == name) {
            Some(policy) => Ok(Value::Vector(self.logits(policy))),
            None => self.definition(name),
        }
    }

    fn fresh_real(&mut self, tree: &Tree) -> Compiled<Entry> {
        let place = self.scalar;
        match tree.node() {
            Node::Number(value) => Ok(self.constant(value.clone(), place)),
            Node::Size => Ok(self.constant(BigRational::from_integer(self.setting.k.into()), place)),
            Node::Variable(name, _) => match self.variable(name)? {
                Value::Real(entry) => Ok(entry),
                Value::Vector(_) => unreachable!("the language is typed"),
            },
            Node::At(v, action) => {
                let index = self.action(action)?;
                Ok(self.vector(v)?[index])
            }
            Node::Power(x, 0) => {
                self.real(x)?;
                Ok(self.constant(BigRational::one(), place))
            }
            Node::Power(x, n) => {
                let x = self.real(x)?;
                let mut power = x;
                for _ in 1..*n {
                    power = self.binary(Operation::Mul, power, x, place);
                }
                Ok(power)
            }
            Node::Apply(op, arguments) => self.apply_real(*op, arguments),
            _ => Err(CompileError::Construct(tree.to_string(), "it has no algorithm")),
        }
    }

    fn apply_real(&mut self, op: Op, arguments: &[Tree]) -> Compiled<Entry> {
        let place = self.scalar;
        match op {
            Op::Add | Op::Sub | Op::Mul | Op::Div => {
                let (x, y) = (self.real(&arguments[0])?, self.real(&arguments[1])?);
                Ok(self.binary(arithmetic(op), x, y, place))
            }
            Op::Neg | Op::Abs => {
                let x = self.real(&arguments[0])?;
                Ok(self.sign(op, x))
            }
            Op::Sqrt | Op::Exp | Op::Log => {
                let x = self.real(&arguments[0])?;
                Ok(self.unary(elementary(op), x, place))
            }
            Op::XlogX | Op::XlogY => {
                let x = self.real(&arguments[0])?;
                let y = self.real(arguments.last().expect("an operation has arguments"))?;
                Ok(self.xlogy(x, y, place))
            }
            Op::Sum => {
                let terms = self.vector(&arguments[0])?;
                Ok(self.sum(terms, place))
            }
            Op::Inner => {
                let (u, v) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                Ok(self.dot(&u, &v, place))
            }
            Op::Collision | Op::NormSquared | Op::Norm | Op::CollisionEntropy => {
                let v = self.vector(&arguments[0])?;
                let squares = self.dot(&v, &v, Place::Collision);
                Ok(match op {
                    Op::Norm => self.unary(Operation::Sqrt, squares, place),
                    Op::CollisionEntropy => {
                        let log = self.unary(Operation::Log, squares, place);
                        self.sign(Op::Neg, log)
                    }
                    _ => squares,
                })
            }
            Op::Max | Op::Min => {
                let v = self.vector(&arguments[0])?;
                Ok(self.extreme(op, &v))
            }
            Op::Lse => {
                let z = self.vector(&arguments[0])?;
                Ok(self.lse(&z))
            }
            Op::Entropy => {
                let v = self.vector(&arguments[0])?;
                let terms = v.into_iter().map(|x| self.xlogy(x, x, Place::Product)).collect();
                let total = self.sum(terms, place);
                Ok(self.sign(Op::Neg, total))
            }
            Op::Divergence => {
                let (p, q) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                let pairs = p.into_iter().zip(q);
                let terms = pairs.map(|(x, y)| {
                    let (own, other) = (self.xlogy(x, x, Place::Product), self.xlogy(x, y, Place::Product));
                    self.binary(Operation::Sub, own, other, Place::Product)
                });
                let terms = terms.collect();
                Ok(self.sum(terms, place))
            }
            _ => unreachable!("an operation whose result is a vector"),
        }
    }

    fn sign(&mut self, op: Op, x: Entry) -> Entry {
        match x {
            Entry::Zero => Entry::Zero,
            Entry::At(x) if op == Op::Neg => self.push(Step::Neg(x)),
            Entry::At(x) => self.push(Step::Abs(x)),
        }
    }

    fn xlogy(&mut self, x: Entry, y: Entry, place: Place) -> Entry {
        match x {
            Entry::Zero => Entry::Zero,
            Entry::At(x) => {
                let log = self.unary(Operation::Log, y, place);
                let log = self.register(log);
                self.push(Step::Guarded([x, log], place))
            }
        }
    }

    pub(super) fn extreme(&mut self, op: Op, v: &[Entry]) -> Entry {
        let registers: Vec<Register> = v.iter().map(|&entry| self.register(entry)).collect();
        let (&first, rest) = registers.split_first().expect("K >= 1");
        rest.iter().fold(Entry::At(first), |best, &next| {
            let best = self.register(best);
            self.push(if op == Op::Max { Step::Max(best, next) } else { Step::Min(best, next) })
        })
    }

    fn fresh_vector(&mut self, tree: &Tree) -> Compiled<Vec<Entry>> {
        let k = self.setting.k;
        match tree.node() {
            Node::Zeros => Ok(vec![Entry::Zero; k]),
            Node::Ones => {
                let one = self.constant(BigRational::one(), self.scalar);
                Ok(vec![one; k])
            }
            Node::Unit(action) => {
                let hot = self.action(action)?;
                let one = self.constant(BigRational::one(), self.scalar);
                Ok((0..k).map(|index| if index == hot { one } else { Entry::Zero }).collect())
            }
            Node::Variable(name, _) => match self.variable(name)? {
                Value::Vector(entries) => Ok(entries),
                Value::Real(_) => unreachable!("the language is typed"),
            },
            Node::Others(v, action) => {
                let index = self.action(action)?;
                let mut entries = self.vector(v)?;
                entries[index] = Entry::Zero;
                Ok(entries)
            }
            Node::Entries(items) if items.len() == k => items.iter().map(|item| self.real(item)).collect(),
            Node::Entries(_) => Err(CompileError::Construct(tree.to_string(), "the number of its entries is not K")),
            Node::Apply(op, arguments) => self.apply_vector(*op, arguments),
            _ => Err(CompileError::Construct(tree.to_string(), "it has no algorithm")),
        }
    }

    fn apply_vector(&mut self, op: Op, arguments: &[Tree]) -> Compiled<Vec<Entry>> {
        match op {
            Op::Softmax => {
                let z = self.vector(&arguments[0])?;
                Ok(self.softmax(&z))
            }
            Op::Neg | Op::Abs => {
                let v = self.vector(&arguments[0])?;
                Ok(v.into_iter().map(|x| self.sign(op, x)).collect())
            }
            Op::Sqrt | Op::Exp | Op::Log => {
                let place = if op == Op::Exp { Place::Exp } else { Place::Product };
                let v = self.vector(&arguments[0])?;
                Ok(v.into_iter().map(|x| self.unary(elementary(op), x, place)).collect())
            }
            Op::Add | Op::Sub | Op::Hadamard => {
                let place = if op == Op::Hadamard { Place::Product } else { Place::Shift };
                let (u, v) = (self.vector(&arguments[0])?, self.vector(&arguments[1])?);
                let pairs = u.into_iter().zip(v);
                Ok(pairs.map(|(x, y)| self.binary(arithmetic(op), x, y, place)).collect())
            }
            Op::Mul => {
                let (x, v) = (self.real(&arguments[0])?, self.vector(&arguments[1])?);
                Ok(v.into_iter().map(|y| self.binary(Operation::Mul, x, y, Place::Product)).collect())
            }
            Op::Div => {
                let (v, x) = (self.vector(&arguments[0])?, self.real(&arguments[1])?);
                let one = |compiler: &mut Self, y: Entry| match y {
                    Entry::Zero => Entry::Zero,
                    y => compiler.binary(Operation::Div, y, x, Place::Product),
                };
                Ok(v.into_iter().map(|y| one(self, y)).collect())
            }
            Op::XlogX | Op::XlogY => {
                let x = self.vector(&arguments[0])?;
                let y = self.vector(arguments.last().expect("an operation has arguments"))?;
                let pairs = x.into_iter().zip(y);
                Ok(pairs.map(|(x, y)| self.xlogy(x, y, Place::Product)).collect())
            }
            _ => unreachable!("an operation whose result is a real"),
        }
    }
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
