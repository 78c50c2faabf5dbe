//! Trees over vectors to scalar expressions, for a given K and action: the compiler of the modes, with a graph of
//! expressions as what it writes to.

use super::ExportError;
use super::graph::{Graph, Id};
use crate::expr::{Prop, Relation, Tree, Type};
use crate::formats::Operation;
use crate::study::backend::{BackEnd as _, Entry};
use crate::study::compile::{Compiled, Compiler};
use crate::study::tape::{Register, Step};
use crate::study::unrolled::{Unrolled, Writer, coordinates};
use crate::study::{Names, NotComputed, Order, Setting};

/// The most parts that an expression may have.
pub const MAX_PARTS: usize = 100_000;

type Expanded<T> = Result<T, ExportError>;

/// Expands the expressions of one formula into one graph.
pub struct Expander<'a> {
    compiler: Compiler<'a, Unrolled<'a, Written>>,
    k: usize,
}

/// A graph, as steps of a tape are written to it: a rounding leaves a number as it is.
struct Written {
    graph: Graph,
    /// The names of the coordinates of each policy's logits.
    logits: Vec<Vec<String>>,
    /// How many numbers were asked for, known or not: a bound on the time.
    asked: usize,
    fault: Option<NotComputed>,
}

impl Writer for Written {
    const READ: bool = true;

    fn push(&mut self, step: Step) -> Register {
        let id = |register: Register| register as Id;
        let graph = &mut self.graph;
        let part = match step {
            Step::Input { policy, index } => graph.symbol(&self.logits[policy as usize][index as usize]),
            Step::Constant(value, _) => graph.number(value),
            Step::Neg(x) => graph.neg(id(x)),
            Step::Abs(x) => graph.apply("fabs", vec![id(x)]),
            Step::Max(x, y) | Step::Min(x, y) if x == y => id(x),
            Step::Max(x, y) => graph.apply("fmax", vec![id(x), id(y)]),
            Step::Min(x, y) => graph.apply("fmin", vec![id(x), id(y)]),
            Step::Product(x, y) => graph.mul(id(x), id(y)),
            Step::Apply(operation, arguments, _) => {
                let [x, y, z] = arguments.map(id);
                match operation {
                    Operation::Round => x,
                    Operation::Add => graph.add(x, y),
                    Operation::Sub => graph.sub(x, y),
                    Operation::Mul => graph.mul(x, y),
                    Operation::Div => {
                        if graph.is_zero(y) {
                            self.fault.get_or_insert(NotComputed::DivisionByZero);
                        }
                        graph.div(x, y)
                    }
                    Operation::Fma => graph.apply("fma", vec![x, y, z]),
                    Operation::Sqrt => graph.apply("sqrt", vec![x]),
                    Operation::Exp => graph.apply("exp", vec![x]),
                    Operation::Log => graph.apply("log", vec![x]),
                }
            }
            // 0 log y = 0, also where log y is infinite.
            Step::Guarded([x, log], _) => {
                let zero = graph.integer(0);
                let product = graph.mul(id(x), id(log));
                let vanishes = graph.apply("==", vec![id(x), zero]);
                graph.apply("if", vec![vanishes, zero, product])
            }
            // FPCore has no matrix units, and [`Written::sum`] writes none.
            Step::Block(_) => graph.symbol("NAN"),
        };
        part as Register
    }

    /// From the first to the last.
    fn sum(&mut self, _: Order, terms: &[Register]) -> Register {
        let zero = self.graph.integer(0);
        terms.iter().fold(zero, |total, &term| self.graph.add(total, term as Id)) as Register
    }

    fn power(&mut self, x: Register, n: u32) -> Option<Register> {
        let n = (n > 2).then(|| self.graph.integer(n as usize))?;
        Some(self.graph.apply("pow", vec![x as Id, n]) as Register)
    }

    fn visit(&mut self, numbers: usize) -> Compiled<()> {
        self.asked += numbers;
        if self.asked.max(self.graph.len()) > MAX_PARTS {
            self.fault.get_or_insert(NotComputed::TooLarge(MAX_PARTS));
        }
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn call(&mut self, x: Register, name: &str, pinned: bool) {
        self.graph.call(x as Id, name, pinned);
    }
}

impl<'a> Expander<'a> {
    /// For the formula's names, of which the logits' coordinates are called after them.
    pub fn new(names: Names<'a>, setting: Setting<'a>) -> Expander<'a> {
        let k = setting.k;
        let logits: Vec<Vec<String>> = names.logits.iter().map(|name| coordinates(name, k).collect()).collect();
        let graph = Graph::new(&logits.concat());
        let writer = Written { graph, logits, asked: 0, fault: None };
        Expander { compiler: Compiler::new(names, Unrolled::new(setting, writer)), k }
    }

    /// The text of a real; see [`Graph::text`].
    pub fn text(&mut self, tree: &Tree, indent: usize) -> Expanded<String> {
        let root = self.real(tree)?;
        Ok(self.graph().text(root, indent))
    }

    /// The text of a proposition.
    pub fn condition(&mut self, prop: &Prop, indent: usize) -> Expanded<String> {
        let root = self.holds(prop)?;
        Ok(self.graph().text(root, indent))
    }

    fn graph(&mut self) -> &mut Graph {
        &mut self.compiler.back.writer.graph
    }

    fn expanded<T>(&self, compiled: Compiled<T>) -> Expanded<T> {
        let fault = self.compiler.back.writer.fault.clone();
        let why = match (fault, compiled) {
            (None, Ok(value)) => return Ok(value),
            (Some(first), _) | (None, Err(first)) => first,
        };
        Err(match why {
            NotComputed::Construct(text, why) => ExportError::Construct(text, why),
            NotComputed::Derivative(text) => ExportError::Derivative(text),
            NotComputed::Entries { found, .. } => ExportError::Entries { found, k: self.k },
            NotComputed::Name(name) => ExportError::Unknown { name },
            NotComputed::Action(index, k) => ExportError::Beyond { index, k },
            NotComputed::TooLarge(_) => ExportError::TooLarge { k: self.k },
            NotComputed::DivisionByZero => ExportError::DivisionByZero { k: self.k },
        })
    }

    fn part(&mut self, entry: Entry) -> Id {
        self.compiler.back.register(entry) as Id
    }

    fn real(&mut self, tree: &Tree) -> Expanded<Id> {
        let compiled = self.compiler.real(tree);
        let entry = self.expanded(compiled)?;
        Ok(self.part(entry))
    }

    fn vector(&mut self, tree: &Tree) -> Expanded<Vec<Id>> {
        let compiled = self.compiler.vector(tree);
        let entries = self.expanded(compiled)?;
        Ok(entries.into_iter().map(|entry| self.part(entry)).collect())
    }

    fn holds(&mut self, prop: &Prop) -> Expanded<Id> {
        match prop {
            Prop::Compare(relation, left, right) => self.compare(*relation, left, right),
            Prop::SameAction(a, b, same) => {
                let index = |action| {
                    let position = self.expanded(self.compiler.position(action))?;
                    Ok(self.compiler.back.index(position))
                };
                let holds = (index(a)? == index(b)?) == *same;
                Ok(self.graph().symbol(if holds { "TRUE" } else { "FALSE" }))
            }
            Prop::And(parts) => {
                let parts = parts.iter().map(|part| self.holds(part)).collect::<Expanded<Vec<_>>>()?;
                Ok(self.graph().apply("and", parts))
            }
            Prop::Or(parts) => {
                let parts = parts.iter().map(|part| self.holds(part)).collect::<Expanded<Vec<_>>>()?;
                Ok(self.graph().apply("or", parts))
            }
            Prop::Implies(a, b) => {
                let (a, b) = (self.holds(a)?, self.holds(b)?);
                Ok(self.implies(a, b))
            }
            Prop::Iff(a, b) => {
                let (a, b) = (self.holds(a)?, self.holds(b)?);
                let both = vec![self.implies(a, b), self.implies(b, a)];
                Ok(self.graph().apply("and", both))
            }
        }
    }

    fn implies(&mut self, a: Id, b: Id) -> Id {
        let not = self.graph().apply("not", vec![a]);
        self.graph().apply("or", vec![not, b])
    }

    fn compare(&mut self, relation: Relation, left: &Tree, right: &Tree) -> Expanded<Id> {
        let sign = if relation == Relation::Equal { "==" } else { relation.sign() };
        if left.ty() == Type::Real {
            let sides = vec![self.real(left)?, self.real(right)?];
            return Ok(self.graph().apply(sign, sides));
        }
        let (u, v) = (self.vector(left)?, self.vector(right)?);
        let each = u.iter().zip(&v).map(|(&x, &y)| self.graph().apply(sign, vec![x, y])).collect();
        // Vectors differ where some coordinate does.
        Ok(self.graph().apply(if relation == Relation::NotEqual { "or" } else { "and" }, each))
    }
}
