//! Trees and propositions as text: the inverse of the parser.

use std::fmt::{self, Formatter, Write as _};

use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::op::{Op, Type};
use super::prop::{Prop, Statement};
use super::tree::{Node, Tree};

/// How tightly an expression binds; brackets stand where a looser one is put into a tighter place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Power,
    Atom,
}

fn binding(tree: &Tree) -> Binding {
    match tree.node() {
        Node::Apply(Op::Add | Op::Sub | Op::Neg, _) => Binding::Sum,
        Node::Apply(Op::Mul | Op::Div | Op::Hadamard, _) => Binding::Product,
        Node::Apply(Op::NormSquared, _) | Node::Power(..) => Binding::Power,
        _ => Binding::Atom,
    }
}

fn bracketed(child: &Tree, least: Binding, f: &mut Formatter<'_>) -> fmt::Result {
    if binding(child) >= least { tree(child, f) } else { write!(f, "({child})") }
}

fn infix(sign: &str, items: &[Tree], left: Binding, right: Binding, f: &mut Formatter<'_>) -> fmt::Result {
    bracketed(&items[0], left, f)?;
    f.write_str(sign)?;
    bracketed(&items[1], right, f)
}

/// Writes an expression so that parsing it gives the same tree again.
pub fn tree(tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
    use Binding::{Atom, Power, Product, Sum};
    match tree.node() {
        Node::Number(value) => f.write_str(&decimal(value)),
        Node::Size => f.write_str("K"),
        Node::Ones => f.write_str("1"),
        Node::Zeros => f.write_str("0"),
        Node::Variable(name, _) => f.write_str(name),
        Node::Unit(action) => write!(f, "e[{action}]"),
        Node::Entries(items) => {
            f.write_char('[')?;
            list(items, f)?;
            f.write_char(']')
        }
        Node::Apply(op, items) => match op {
            Op::Neg => {
                f.write_char('-')?;
                bracketed(&items[0], Product, f)
            }
            Op::Add => infix(" + ", items, Sum, Product, f),
            Op::Sub => infix(" - ", items, Sum, Product, f),
            Op::Mul => infix("*", items, Product, Power, f),
            Op::Div => infix("/", items, Product, Power, f),
            Op::Hadamard => infix(".*", items, Product, Power, f),
            Op::Inner => write!(f, "<{},{}>", items[0], items[1]),
            Op::Norm => write!(f, "|{}|", items[0]),
            Op::NormSquared => write!(f, "|{}|^2", items[0]),
            Op::Abs if items[0].ty() == Type::Real => write!(f, "|{}|", items[0]),
            named => {
                write!(f, "{}(", named.info().name.expect("operations without a sign have a name"))?;
                list(items, f)?;
                f.write_char(')')
            }
        },
        Node::At(vector, action) => {
            bracketed(vector, Atom, f)?;
            write!(f, "[{action}]")
        }
        Node::Others(vector, action) => write!(f, "others({vector}, {action})"),
        Node::Power(base, n) => {
            bracketed(base, Atom, f)?;
            write!(f, "^{n}")
        }
        Node::Expect { action, over, body } => write!(f, "E[{action} ~ {over}]({body})"),
        Node::Gradient { of, at } => write!(f, "D({of}, {at})"),
        Node::Derivative { of, at, along } => write!(f, "D({of}, {at}, {along})"),
    }
}

fn list(items: &[Tree], f: &mut Formatter<'_>) -> fmt::Result {
    for (k, item) in items.iter().enumerate() {
        let separator = if k == 0 { "" } else { ", " };
        write!(f, "{separator}{item}")?;
    }
    Ok(())
}

/// The digits of a literal: an integer, or a finite decimal.
fn decimal(value: &BigRational) -> String {
    let mut scaled = value.clone();
    let mut places = 0;
    while !scaled.is_integer() && places < 4096 {
        scaled *= BigRational::from_integer(10.into());
        places += 1;
    }
    let digits = format!("{:0>width$}", scaled.to_integer().to_string(), width = places + 1);
    let (whole, decimals) = digits.split_at(digits.len() - places);
    if decimals.is_empty() { whole.to_string() } else { format!("{whole}.{decimals}") }
}

/// A rational as people read it: `3/4`, `-2`; a long one by its size and leading digits.
pub fn rational(value: &BigRational) -> String {
    let text = value.to_string();
    if text.len() <= 60 {
        return text;
    }
    let approximate = value.to_f64().map_or(String::new(), |x| format!("about {x:e}, "));
    format!("({approximate}{} digits over {})", value.numer().to_string().len(), value.denom().to_string().len())
}

impl fmt::Display for Prop {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bracket = |prop: &Prop, f: &mut Formatter<'_>| match prop {
            Prop::Compare(..) | Prop::SameAction(..) => write!(f, "{prop}"),
            _ => write!(f, "({prop})"),
        };
        // A conjunction binds tighter than an arrow and needs no brackets beside one.
        let side = |prop: &Prop, f: &mut Formatter<'_>| match prop {
            Prop::Implies(..) | Prop::Iff(..) => write!(f, "({prop})"),
            _ => write!(f, "{prop}"),
        };
        match self {
            Prop::Compare(relation, left, right) => write!(f, "{left} {} {right}", relation.sign()),
            Prop::SameAction(a, b, same) => write!(f, "{a} {} {b}", if *same { "=" } else { "!=" }),
            Prop::And(parts) => {
                for (k, part) in parts.iter().enumerate() {
                    f.write_str(if k == 0 { "" } else { " and " })?;
                    bracket(part, f)?;
                }
                Ok(())
            }
            Prop::Implies(a, b) => {
                side(a, f)?;
                f.write_str(" => ")?;
                side(b, f)
            }
            Prop::Iff(a, b) => {
                side(a, f)?;
                f.write_str(" <=> ")?;
                side(b, f)
            }
        }
    }
}

/// Writes the `given`, `let` and `show` lines of a statement. A hypothesis stands after the definitions that it
/// may use.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            let declared: Vec<String> =
                self.variables.iter().map(|(name, sort)| format!("{name} : {}", sort.word())).collect();
            writeln!(f, "given  {}", declared.join(", "))?;
        }
        for (name, tree) in &self.definitions {
            writeln!(f, "let    {name} = {tree}")?;
        }
        for hypothesis in &self.hypotheses {
            writeln!(f, "given  {hypothesis}")?;
        }
        for show in &self.shows {
            writeln!(f, "show   {show}")?;
        }
        Ok(())
    }
}
