//! A polynomial claim at one K as SMT-LIB: a real for each coordinate, sums written out.

use std::collections::HashMap;
use std::fmt::Write as _;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed};

use crate::expr::definition::unfold;
use crate::expr::domain::Condition;
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};

/// The most that a power is written out.
const MOST_POWER: u32 = 16;

/// What is not a polynomial claim, in words.
pub type Written<T> = Result<T, String>;

/// Writes one statement at one K, for given values of its actions.
pub struct Writer<'s> {
    statement: &'s Statement,
    k: usize,
    /// What each action is, from 0: those declared, and those bound around the place.
    actions: HashMap<Name, usize>,
    /// Declarations and definitions so far.
    out: String,
    count: usize,
}

impl<'s> Writer<'s> {
    /// A writer with the declarations of a statement and what its sorts say.
    ///
    /// # Errors
    /// If a sort has values that are no real numbers.
    pub fn new(statement: &'s Statement, k: usize, actions: HashMap<Name, usize>) -> Written<Writer<'s>> {
        let mut writer = Writer { statement, k, actions, out: String::new(), count: 0 };
        for (name, sort) in &statement.variables {
            writer.declare(name, *sort)?;
        }
        Ok(writer)
    }

    fn declare(&mut self, name: &Name, sort: Sort) -> Written<()> {
        let entries: Vec<String> = (0..self.k).map(|index| entry(name, index)).collect();
        let real = |out: &mut String, symbol: &str| _ = writeln!(out, "(declare-const {symbol} Real)");
        match sort {
            Sort::Action => return Ok(()),
            Sort::Masked => return Err(format!("{name} may have logits that are -inf")),
            Sort::Float => return Err("it speaks of the numbers of floating-point formats".to_string()),
            Sort::Real => real(&mut self.out, &symbol(name)),
            Sort::Vector | Sort::Logits | Sort::Distribution | Sort::Subset => {
                entries.iter().for_each(|entry| real(&mut self.out, entry));
            }
        }
        for entry in &entries {
            match sort {
                Sort::Distribution => _ = writeln!(self.out, "(assert (>= {entry} 0))"),
                Sort::Subset => _ = writeln!(self.out, "(assert (or (= {entry} 0) (= {entry} 1)))"),
                _ => {}
            }
        }
        if sort == Sort::Distribution {
            _ = writeln!(self.out, "(assert (= {} 1))", sum(&entries));
        }
        Ok(())
    }

    /// Adds that something holds.
    pub fn assert(&mut self, what: &str) {
        _ = writeln!(self.out, "(assert {what})");
    }

    /// Everything so far.
    pub fn text(&self) -> &str {
        &self.out
    }

    /// The symbols of the free reals, by name and coordinate.
    pub fn symbols(&self) -> Vec<String> {
        let of = |(name, sort): &(Name, Sort)| match sort {
            Sort::Action => vec![],
            Sort::Real => vec![symbol(name)],
            _ => (0..self.k).map(|index| entry(name, index)).collect(),
        };
        self.statement.variables.iter().flat_map(of).collect()
    }

    /// A name for a term, so that what uses it several times stays short.
    fn named(&mut self, term: String) -> String {
        if !term.starts_with('(') {
            return term;
        }
        self.count += 1;
        let name = format!("|.{}|", self.count);
        _ = writeln!(self.out, "(define-fun {name} () Real {term})");
        name
    }

    fn index(&self, action: &Action) -> Written<usize> {
        match action {
            Action::Index(index) if (1..=self.k).contains(index) => Ok(index - 1),
            Action::Index(index) => Err(format!("there is no action {index} at K = {}", self.k)),
            Action::Name(name) => self.actions.get(name).copied().ok_or_else(|| format!("{name} is no action")),
        }
    }

    /// What stands below a binder, for each of its actions.
    fn each<T>(&mut self, action: &Name, mut body: impl FnMut(&mut Self) -> Written<T>) -> Written<Vec<T>> {
        let before = self.actions.get(action).copied();
        let all = (0..self.k).map(|index| {
            self.actions.insert(action.clone(), index);
            body(self)
        });
        let all = all.collect();
        match before {
            Some(index) => self.actions.insert(action.clone(), index),
            None => self.actions.remove(action),
        };
        all
    }

    /// A real.
    fn real(&mut self, tree: &Tree) -> Written<String> {
        let term = match tree.node() {
            Node::Number(value) => number(value),
            Node::Size => self.k.to_string(),
            Node::Variable(name, _) => symbol(name),
            Node::At(v, action) => {
                let index = self.index(action)?;
                self.vector(v)?.swap_remove(index)
            }
            Node::Power(x, n) if *n <= MOST_POWER => {
                let x = self.real(x)?;
                product(&vec![x; *n as usize])
            }
            Node::Expect { action, over, body } => {
                let weights = self.vector(over)?;
                let values = self.each(action, |writer| writer.real(body))?;
                inner(&weights, &values)
            }
            Node::Apply(op, items) => self.applied(*op, items, tree)?,
            _ => return Err(format!("{tree} is no polynomial")),
        };
        Ok(self.named(term))
    }

    fn applied(&mut self, op: Op, items: &[Tree], tree: &Tree) -> Written<String> {
        let sign = match op {
            Op::Neg | Op::Sub => "-",
            Op::Add => "+",
            Op::Mul => "*",
            Op::Div => "/",
            _ => "",
        };
        Ok(match op {
            Op::Neg | Op::Add | Op::Sub | Op::Mul | Op::Div => {
                let parts: Vec<String> = items.iter().map(|item| self.real(item)).collect::<Written<_>>()?;
                format!("({sign} {})", parts.join(" "))
            }
            Op::Abs => {
                let x = self.real(&items[0])?;
                size(&x)
            }
            Op::Sqrt => {
                let x = self.real(&items[0])?;
                self.root(&x)
            }
            Op::Inner => inner(&self.vector(&items[0])?, &self.vector(&items[1])?),
            Op::NormSquared | Op::Collision => {
                let v = self.vector(&items[0])?;
                inner(&v, &v)
            }
            Op::Norm => {
                let v = self.vector(&items[0])?;
                let squares = self.named(inner(&v, &v));
                self.root(&squares)
            }
            Op::Sum => sum(&self.vector(&items[0])?),
            Op::Max | Op::Min => {
                let v = self.vector(&items[0])?;
                let relation = if op == Op::Max { ">=" } else { "<=" };
                let mut most = v[0].clone();
                for x in &v[1..] {
                    most = self.named(format!("(ite ({relation} {most} {x}) {most} {x})"));
                }
                most
            }
            _ => match unfold(op, items) {
                Some(meaning) => self.real(&meaning)?,
                None => return Err(format!("{tree} is no polynomial")),
            },
        })
    }

    /// The root of what is not negative where it has a value.
    fn root(&mut self, x: &str) -> String {
        self.count += 1;
        let name = format!("|.{}|", self.count);
        _ = writeln!(self.out, "(declare-const {name} Real)");
        // Where x < 0 there is no root, and nothing is said of one.
        _ = writeln!(self.out, "(assert (=> (>= {x} 0) (and (>= {name} 0) (= (* {name} {name}) {x}))))");
        name
    }

    /// A vector, coordinate by coordinate.
    fn vector(&mut self, tree: &Tree) -> Written<Vec<String>> {
        let constant = |value: &str| vec![value.to_string(); self.k];
        let terms = match tree.node() {
            Node::Ones => constant("1"),
            Node::Zeros => constant("0"),
            Node::Variable(name, _) => (0..self.k).map(|index| entry(name, index)).collect(),
            Node::Unit(action) => {
                let at = self.index(action)?;
                (0..self.k).map(|index| if index == at { "1" } else { "0" }.to_string()).collect()
            }
            Node::Others(v, action) => {
                let at = self.index(action)?;
                let mut v = self.vector(v)?;
                v[at] = "0".to_string();
                v
            }
            Node::Entries(items) if items.len() == self.k => {
                items.iter().map(|item| self.real(item)).collect::<Written<_>>()?
            }
            Node::Entries(items) => return Err(format!("a vector has {} entries and not {}", items.len(), self.k)),
            Node::Expect { action, over, body } => {
                let weights = self.vector(over)?;
                let values = self.each(action, |writer| writer.vector(body))?;
                let column = |at: usize| values.iter().map(|v| v[at].clone()).collect::<Vec<_>>();
                (0..self.k).map(|at| inner(&weights, &column(at))).collect()
            }
            Node::Apply(op, items) => self.elementwise(*op, items, tree)?,
            _ => return Err(format!("{tree} is no polynomial")),
        };
        Ok(terms.into_iter().map(|term| self.named(term)).collect())
    }

    fn elementwise(&mut self, op: Op, items: &[Tree], tree: &Tree) -> Written<Vec<String>> {
        let sign = match op {
            Op::Neg | Op::Sub => "-",
            Op::Add => "+",
            Op::Mul | Op::Hadamard => "*",
            Op::Div | Op::Quotient => "/",
            Op::Abs | Op::Sqrt => "",
            _ => {
                let meaning = unfold(op, items).ok_or_else(|| format!("{tree} is no polynomial"))?;
                return self.vector(&meaning);
            }
        };
        let mut columns = Vec::new();
        for item in items {
            columns.push(match item.ty() {
                Type::Vector => self.vector(item)?,
                Type::Real => vec![self.real(item)?; self.k],
            });
        }
        let parts = |at: usize| columns.iter().map(|column| column[at].clone()).collect::<Vec<_>>();
        let all = (0..self.k).map(|at| match op {
            Op::Abs => size(&parts(at)[0]),
            Op::Sqrt => self.root(&parts(at)[0]),
            _ => format!("({sign} {})", parts(at).join(" ")),
        });
        Ok(all.collect())
    }

    /// A proposition.
    ///
    /// # Errors
    /// If it is about more than polynomials.
    pub fn prop(&mut self, prop: &Prop) -> Written<String> {
        let all = |writer: &mut Self, word: &str, parts: &[Prop]| {
            let parts: Vec<String> = parts.iter().map(|part| writer.prop(part)).collect::<Written<_>>()?;
            Ok(format!("({word} {})", parts.join(" ")))
        };
        match prop {
            Prop::Compare(relation, left, right) if left.ty() == Type::Real => {
                let (left, right) = (self.real(left)?, self.real(right)?);
                Ok(compared(*relation, &left, &right))
            }
            Prop::Compare(relation, left, right) => {
                let (left, right) = (self.vector(left)?, self.vector(right)?);
                let pairs = left.iter().zip(&right);
                // Vectors differ where some coordinate does.
                let word = if *relation == Relation::NotEqual { "or" } else { "and" };
                let parts: Vec<String> = pairs.map(|(x, y)| compared(*relation, x, y)).collect();
                Ok(format!("({word} {})", parts.join(" ")))
            }
            Prop::SameAction(a, b, same) => Ok(((self.index(a)? == self.index(b)?) == *same).to_string()),
            Prop::And(parts) => all(self, "and", parts),
            Prop::Or(parts) => all(self, "or", parts),
            Prop::Implies(a, b) => Ok(format!("(=> {} {})", self.prop(a)?, self.prop(b)?)),
            Prop::Iff(a, b) => Ok(format!("(= {} {})", self.prop(a)?, self.prop(b)?)),
        }
    }

    /// A condition, for every value of the actions that it binds.
    ///
    /// # Errors
    /// If it is about more than polynomials.
    pub fn condition(&mut self, condition: &Condition) -> Written<String> {
        fn within(writer: &mut Writer<'_>, names: &[Name], holds: &Prop) -> Written<String> {
            match names.split_first() {
                None => writer.prop(holds),
                Some((name, rest)) => {
                    let all = writer.each(name, |writer| within(writer, rest, holds))?;
                    Ok(format!("(and {})", all.join(" ")))
                }
            }
        }
        within(self, &condition.everywhere, &condition.holds)
    }
}

fn symbol(name: &str) -> String {
    format!("|{name}|")
}

/// The symbol of a coordinate.
pub fn entry(name: &str, index: usize) -> String {
    format!("|{name}[{}]|", index + 1)
}

fn compared(relation: Relation, left: &str, right: &str) -> String {
    match relation {
        Relation::NotEqual => format!("(not (= {left} {right}))"),
        relation => format!("({} {left} {right})", relation.sign()),
    }
}

fn number(value: &BigRational) -> String {
    let whole = |n: &BigInt| if n.is_negative() { format!("(- {})", n.magnitude()) } else { n.to_string() };
    if value.denom().is_one() {
        whole(value.numer())
    } else {
        format!("(/ {} {})", whole(value.numer()), value.denom())
    }
}

fn size(x: &str) -> String {
    format!("(ite (>= {x} 0) {x} (- {x}))")
}

/// A sum of one term at least.
fn sum(terms: &[String]) -> String {
    if terms.len() == 1 { terms[0].clone() } else { format!("(+ {})", terms.join(" ")) }
}

fn product(terms: &[String]) -> String {
    match terms.len() {
        0 => "1".to_string(),
        1 => terms[0].clone(),
        _ => format!("(* {})", terms.join(" ")),
    }
}

fn inner(left: &[String], right: &[String]) -> String {
    let products: Vec<String> = left.iter().zip(right).map(|(x, y)| format!("(* {x} {y})")).collect();
    sum(&products)
}
