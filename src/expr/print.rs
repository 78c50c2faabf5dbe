//! Trees and propositions as text: the inverse of the parser.

use std::fmt::{self, Formatter, Write as _};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

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

/// Whether the text could be read as a real, too: it is made of `1` and `0` only, which are vectors where a vector is
/// needed.
fn ambiguous(tree: &Tree) -> bool {
    match tree.node() {
        Node::Ones | Node::Zeros => true,
        Node::Apply(Op::Hadamard | Op::Softmax, _) => false,
        Node::Apply(_, items) => vectors(items).next().is_some() && vectors(items).all(ambiguous),
        Node::Expect { body, .. } => body.ty() == Type::Vector && ambiguous(body),
        _ => false,
    }
}

fn vectors(items: &[Tree]) -> impl Iterator<Item = &Tree> {
    items.iter().filter(|item| item.ty() == Type::Vector)
}

/// Writes trees.
struct Printer<'f, 'b> {
    f: &'f mut Formatter<'b>,
    /// Whether the next `1` or `0` that is a vector has to be written as `ones` or `zeros`, since nothing else says so.
    spell: bool,
}

/// Writes an expression so that parsing it gives the same tree again.
pub fn tree(tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
    Printer { f, spell: ambiguous(tree) && tree.ty() == Type::Vector }.tree(tree)
}

/// Writes an expression where the context says that it is a vector, if it is one.
fn anchored(tree: &Tree, f: &mut Formatter<'_>) -> fmt::Result {
    Printer { f, spell: false }.tree(tree)
}

impl Printer<'_, '_> {
    fn tree(&mut self, tree: &Tree) -> fmt::Result {
        if tree.ty() == Type::Vector {
            return self.shape(tree);
        }
        // No vector within a real says anything of the vector around it.
        let spell = std::mem::take(&mut self.spell);
        self.shape(tree)?;
        self.spell = spell;
        Ok(())
    }

    fn shape(&mut self, tree: &Tree) -> fmt::Result {
        use Binding::{Atom, Power, Product, Sum};
        match tree.node() {
            Node::Number(value) => self.f.write_str(&decimal(value)),
            Node::Size => self.f.write_str("K"),
            Node::Ones => self.literal("1", "ones"),
            Node::Zeros => self.literal("0", "zeros"),
            Node::Variable(name, _) => self.f.write_str(name),
            Node::Unit(action) => write!(self.f, "e[{action}]"),
            Node::Entries(items) => self.call("[", items, "]"),
            Node::Apply(op, items) => match op {
                Op::Neg => {
                    self.f.write_char('-')?;
                    self.operand(&items[0], Product)
                }
                Op::Add => self.infix(" + ", items, Sum, Product),
                Op::Sub => self.infix(" - ", items, Sum, Product),
                Op::Mul => self.infix("*", items, Product, Power),
                Op::Div => self.infix("/", items, Product, Power),
                Op::Hadamard => self.infix(".*", items, Product, Power),
                Op::Inner => {
                    self.f.write_char('<')?;
                    self.tree(&items[0])?;
                    self.f.write_char(',')?;
                    self.tree(&items[1])?;
                    self.f.write_char('>')
                }
                Op::Norm => self.bars(&items[0], "|"),
                Op::NormSquared => self.bars(&items[0], "|^2"),
                Op::Abs if items[0].ty() == Type::Real => self.bars(&items[0], "|"),
                named => {
                    self.f.write_str(named.info().name.expect("operations without a sign have a name"))?;
                    self.call("(", items, ")")
                }
            },
            Node::At(vector, action) => {
                self.operand(vector, Atom)?;
                write!(self.f, "[{action}]")
            }
            Node::Others(vector, action) => {
                self.f.write_str("others(")?;
                self.tree(vector)?;
                write!(self.f, ", {action})")
            }
            // The square of a norm is not the squared norm: the same value, but another expression.
            Node::Power(base, 2) if matches!(base.node(), Node::Apply(Op::Norm, _)) => {
                self.call("(", std::slice::from_ref(base), ")^2")
            }
            Node::Power(base, n) => {
                self.operand(base, Atom)?;
                write!(self.f, "^{n}")
            }
            Node::Expect { action, over, body } => {
                write!(self.f, "E[{action} ~ ")?;
                let spell = std::mem::take(&mut self.spell);
                self.tree(over)?;
                self.spell = spell;
                self.call("](", std::slice::from_ref(body), ")")
            }
            Node::Gradient { of, at } => {
                self.f.write_str("D(")?;
                self.tree(of)?;
                write!(self.f, ", {at})")
            }
            Node::Derivative { of, at, along } => {
                self.f.write_str("D(")?;
                self.tree(of)?;
                write!(self.f, ", {at}, ")?;
                self.tree(along)?;
                self.f.write_char(')')
            }
        }
    }

    fn literal(&mut self, short: &str, spelt: &str) -> fmt::Result {
        self.f.write_str(if std::mem::take(&mut self.spell) { spelt } else { short })
    }

    fn operand(&mut self, child: &Tree, least: Binding) -> fmt::Result {
        if binding(child) >= least { self.tree(child) } else { self.call("(", std::slice::from_ref(child), ")") }
    }

    fn infix(&mut self, sign: &str, items: &[Tree], left: Binding, right: Binding) -> fmt::Result {
        self.operand(&items[0], left)?;
        self.f.write_str(sign)?;
        self.operand(&items[1], right)
    }

    /// Bars enclose a real or a vector, and do not say which.
    fn bars(&mut self, inner: &Tree, close: &str) -> fmt::Result {
        self.f.write_char('|')?;
        self.spell = inner.ty() == Type::Vector && ambiguous(inner);
        self.tree(inner)?;
        self.f.write_str(close)
    }

    fn call(&mut self, open: &str, items: &[Tree], close: &str) -> fmt::Result {
        self.f.write_str(open)?;
        for (k, item) in items.iter().enumerate() {
            self.f.write_str(if k == 0 { "" } else { ", " })?;
            self.tree(item)?;
        }
        self.f.write_str(close)
    }
}

/// The digits of a literal: an integer, or a finite decimal. Any other rational, which no literal has, as a fraction.
fn decimal(value: &BigRational) -> String {
    let mut rest = value.denom().clone();
    let twos = rest.trailing_zeros().unwrap_or(0);
    rest >>= twos;
    let mut fives = 0;
    while (&rest % 5_u32).is_zero() {
        rest /= 5_u32;
        fives += 1;
    }
    if !rest.is_one() {
        return format!("({}/{})", value.numer(), value.denom());
    }
    let places = twos.max(fives) as usize;
    let scaled = value * BigRational::from_integer(BigInt::from(10).pow(places as u32));
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
            Prop::Compare(relation, left, right) => {
                // One side that can only be a vector says so for both.
                if ambiguous(right) {
                    tree(left, f)?
                } else {
                    anchored(left, f)?
                }
                write!(f, " {} ", relation.sign())?;
                anchored(right, f)
            }
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
