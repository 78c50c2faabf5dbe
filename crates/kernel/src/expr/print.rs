//! Trees, propositions and statements in any notation; as text, the inverse of the parser.

use std::fmt::{self, Display, Formatter, Write};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

use super::notation::{Notation, TEXT};
use super::op::{Derived, Op, Type};
use super::prop::{Function, Prop, Statement};
use super::tree::{Action, Node, Tree};

/// How tightly an expression binds; brackets stand where a looser one is put into a tighter place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Power,
    Indexed,
    Atom,
    /// What no expression is: a place where brackets always stand.
    Brackets,
}

/// A part of an expression, to be put into a spelling.
enum Part<'t> {
    /// An expression that has to bind at least so tightly.
    Tree(&'t Tree, Binding),
    /// An expression of which the type of the whole says nothing.
    Aside(&'t Tree),
    /// Expressions with commas between them.
    List(&'t [Tree]),
    Word(String),
}

/// Whether the text could be read as a real, too: it is made of `1` and `0` only, which are vectors where a vector is
/// needed.
fn ambiguous(tree: &Tree) -> bool {
    match tree.node() {
        Node::Ones | Node::Zeros => true,
        Node::Apply(Op::Hadamard | Op::Quotient | Op::Softmax, _) => false,
        Node::Apply(_, items) => vectors(items).next().is_some() && vectors(items).all(ambiguous),
        Node::Expect { body, .. } => body.ty() == Type::Vector && ambiguous(body),
        _ => false,
    }
}

fn vectors(items: &[Tree]) -> impl Iterator<Item = &Tree> {
    items.iter().filter(|item| item.ty() == Type::Vector)
}

/// Writes trees.
struct Printer<'n, 'o> {
    out: &'o mut dyn Write,
    notation: &'n Notation,
    /// Whether the next `1` or `0` that is a vector has to be written as `ones` or `zeros`, since nothing else says so.
    spell: bool,
    /// How many more fractions may stand in each other.
    fractions: u8,
}

impl<'n, 'o> Printer<'n, 'o> {
    fn new(notation: &'n Notation, out: &'o mut dyn Write, spell: bool) -> Self {
        Printer { out, notation, spell, fractions: notation.fractions }
    }

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

    fn binding(&self, tree: &Tree) -> Binding {
        let scripted = self.notation.scripted;
        match tree.node() {
            Node::Apply(Op::Add | Op::Sub | Op::Neg, _) => Binding::Sum,
            Node::Apply(Op::Div, _) if self.fractions > 0 => Binding::Power,
            Node::Apply(Op::Mul | Op::Div | Op::Hadamard | Op::Quotient, _) => Binding::Product,
            Node::Apply(Op::NormSquared, _) | Node::Power(..) => Binding::Power,
            Node::Apply(Op::Derived(Derived::Power), items) if !items[1].is_whole() => Binding::Power,
            Node::Gradient { .. } | Node::Derivative { .. } if scripted => Binding::Power,
            Node::Unit(_) | Node::At(..) | Node::Others(..) if scripted => Binding::Indexed,
            _ => Binding::Atom,
        }
    }

    fn shape(&mut self, tree: &Tree) -> fmt::Result {
        use Binding::{Atom, Brackets, Indexed, Power, Product, Sum};
        use Part::{Aside, List, Word};
        let n = self.notation;
        match tree.node() {
            Node::Number(value) => self.out.write_str(&(n.number)(&decimal(value))),
            Node::Size => self.out.write_str(n.size),
            Node::Ones => self.literal(n.ones),
            Node::Zeros => self.literal(n.zeros),
            Node::Variable(name, _) => self.out.write_str(&n.name(name)),
            Node::Unit(action) => self.fill(n.unit, &[Word(n.action(action))]),
            Node::Entries(items) => self.fill(n.entries, &[List(items)]),
            Node::Apply(op, items) => match op {
                Op::Neg => self.fill(n.neg, &[Part::Tree(&items[0], Product)]),
                Op::Add => self.infix(n.add, items, Sum, Product),
                Op::Sub => self.infix(n.sub, items, Sum, Product),
                // Side by side, `(1/K) x` must not read as `1/(K x)`.
                Op::Mul if n.scripted && self.fractions == 0 && matches!(items[0].node(), Node::Apply(Op::Div, _)) => {
                    self.infix(n.mul, items, Power, Power)
                }
                Op::Mul if self.collides(&items[0], &items[1]) => self.infix(n.dot, items, Product, Power),
                Op::Mul => self.infix(n.mul, items, Product, Power),
                Op::Div if self.fractions > 0 => {
                    self.fractions -= 1;
                    self.infix(n.fraction, items, Sum, Sum)?;
                    self.fractions += 1;
                    Ok(())
                }
                Op::Div => self.infix(n.div, items, Product, Power),
                Op::Hadamard => self.infix(n.hadamard, items, Product, Power),
                Op::Quotient => self.infix(n.quotient, items, Product, Power),
                Op::Inner => self.infix(n.inner, items, Sum, Sum),
                Op::Norm => self.bars(n.norm, &items[0]),
                Op::NormSquared => self.bars(n.norm_squared, &items[0]),
                Op::Abs if items[0].ty() == Type::Real => self.bars(n.abs, &items[0]),
                // A whole exponent would be read as that of a product of so many factors.
                Op::Derived(Derived::Power) if !items[1].is_whole() => {
                    let is_atom = matches!(items[1].node(), Node::Number(_) | Node::Variable(..) | Node::Size);
                    let least = if is_atom { Atom } else { Brackets };
                    self.fill(n.real_power, &[Part::Tree(&items[0], Indexed), Part::Tree(&items[1], least)])
                }
                Op::Sqrt => self.fill(n.sqrt, &[List(items)]),
                named => {
                    let name = named.info().name.expect("operations without a sign have a name");
                    self.out.write_str(&(n.function)(name))?;
                    self.fill(n.brackets, &[List(items)])
                }
            },
            Node::At(vector, action) => self.fill(n.at, &[Part::Tree(vector, Atom), Word(n.action(action))]),
            Node::Others(vector, action) => self.fill(n.others, &[Part::Tree(vector, Atom), Word(n.action(action))]),
            // The square of a norm is not the squared norm: the same value, but another expression.
            Node::Power(base, 2) if matches!(base.node(), Node::Apply(Op::Norm, _)) => {
                self.fill(n.power, &[Part::Tree(base, Brackets), Word((n.exponent)(2))])
            }
            Node::Power(base, exponent) => {
                self.fill(n.power, &[Part::Tree(base, Indexed), Word((n.exponent)(*exponent))])
            }
            Node::Expect { action, over, body } => {
                self.fill(n.expect, &[Word(n.name(action)), Aside(over), Part::Tree(body, Sum)])
            }
            Node::Gradient { of, at } => self.fill(n.gradient, &[Part::Tree(of, Atom), Word(n.name(at))]),
            Node::Derivative { of, at, along } => {
                self.fill(n.derivative, &[Part::Tree(of, Atom), Word(n.name(at)), Part::Tree(along, Sum)])
            }
        }
    }

    /// Writes a spelling with its parts put in.
    fn fill(&mut self, spelling: &str, parts: &[Part<'_>]) -> fmt::Result {
        let mut rest = spelling;
        let tall = spelling.contains('‹') && parts.iter().any(|part| self.is_tall(part));
        while let Some(at) = rest.find(['$', '!', '‹', '›']) {
            self.out.write_str(&rest[..at])?;
            let mark = rest[at..].chars().next().expect("found above");
            rest = &rest[at + mark.len_utf8()..];
            match mark {
                '‹' if tall => self.out.write_str(self.notation.tall.0)?,
                '›' if tall => self.out.write_str(self.notation.tall.1)?,
                '‹' => self.out.write_str(self.notation.flat.0)?,
                '›' => self.out.write_str(self.notation.flat.1)?,
                _ => {
                    let index = usize::from(rest.as_bytes()[0] - b'0');
                    rest = &rest[1..];
                    self.part(&parts[index], mark == '!')?;
                }
            }
        }
        self.out.write_str(rest)
    }

    fn part(&mut self, part: &Part<'_>, enclosed: bool) -> fmt::Result {
        match part {
            Part::Word(word) => self.out.write_str(word),
            Part::Tree(tree, least) if enclosed || self.binding(tree) >= *least => self.tree(tree),
            Part::Tree(tree, _) => self.fill(self.notation.brackets, &[Part::Tree(tree, Binding::Sum)]),
            Part::Aside(tree) => {
                let spell = std::mem::take(&mut self.spell);
                self.tree(tree)?;
                self.spell = spell;
                Ok(())
            }
            Part::List(items) => {
                for (k, item) in items.iter().enumerate() {
                    self.out.write_str(if k == 0 { "" } else { self.notation.comma })?;
                    self.tree(item)?;
                }
                Ok(())
            }
        }
    }

    /// Whether delimiters around it have to grow.
    fn is_tall(&self, part: &Part<'_>) -> bool {
        let tall = |tree: &Tree| self.fractions > 0 && tree.any(&|node| matches!(node, Node::Apply(Op::Div, _)));
        match part {
            Part::Tree(tree, _) | Part::Aside(tree) => tall(tree),
            Part::List(items) => items.iter().any(tall),
            Part::Word(_) => false,
        }
    }

    /// Whether two factors side by side would read as one number, or as a function with its argument.
    fn collides(&self, left: &Tree, right: &Tree) -> bool {
        let digits = |tree: &Tree| matches!(tree.node(), Node::Number(_));
        let begins = match right.node() {
            Node::Power(base, _) => digits(base),
            Node::Apply(Op::Derived(Derived::Power), items) if !items[1].is_whole() => digits(&items[0]),
            Node::Apply(Op::Div, _) => digits(left),
            _ => digits(right),
        };
        let last = match left.node() {
            Node::Apply(Op::Mul, items) => &items[1],
            _ => left,
        };
        let callable = matches!(last.node(), Node::Variable(..) | Node::Size | Node::At(..) | Node::Others(..));
        begins || (callable && self.binding(right) < Binding::Power)
    }

    fn literal(&mut self, (short, spelt): (&str, &str)) -> fmt::Result {
        self.out.write_str(if std::mem::take(&mut self.spell) { spelt } else { short })
    }

    fn infix(&mut self, spelling: &str, items: &[Tree], left: Binding, right: Binding) -> fmt::Result {
        self.fill(spelling, &[Part::Tree(&items[0], left), Part::Tree(&items[1], right)])
    }

    /// Bars enclose a real or a vector, and do not say which.
    fn bars(&mut self, spelling: &str, inner: &Tree) -> fmt::Result {
        self.spell = inner.ty() == Type::Vector && ambiguous(inner);
        self.fill(spelling, &[Part::Tree(inner, Binding::Sum)])
    }
}

/// The digits of a number that is not negative: an integer, or a finite decimal. Any other rational, which no literal
/// has, as a fraction.
pub fn decimal(value: &BigRational) -> String {
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

/// An expression, a proposition or a statement in a notation, to be formatted.
#[derive(Clone, Copy, Debug)]
pub struct In<'a, T>(pub &'a Notation, pub &'a T);

impl Notation {
    /// What `value` looks like in this notation.
    pub fn print<'a, T>(&'a self, value: &'a T) -> String
    where
        In<'a, T>: Display,
    {
        In(self, value).to_string()
    }

    /// An action: a name, or a number.
    fn action(&self, action: &Action) -> String {
        match action {
            Action::Name(name) => self.name(name),
            Action::Index(index) => (self.number)(&index.to_string()),
        }
    }
}

/// Writes an expression so that as text, parsing it gives the same tree again.
impl Display for In<'_, Tree> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let In(notation, tree) = self;
        Printer::new(notation, f, ambiguous(tree) && tree.ty() == Type::Vector).tree(tree)
    }
}

impl Display for In<'_, Prop> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let In(n, prop) = self;
        let bracket = |prop: &Prop, f: &mut Formatter<'_>| match prop {
            Prop::Compare(..) | Prop::SameAction(..) => write!(f, "{}", In(n, prop)),
            _ => write!(f, "{}{}{}", n.round.0, In(n, prop), n.round.1),
        };
        // A conjunction or a disjunction binds tighter than an arrow and needs no brackets beside one.
        let side = |prop: &Prop, f: &mut Formatter<'_>| match prop {
            Prop::Implies(..) | Prop::Iff(..) => write!(f, "{}{}{}", n.round.0, In(n, prop), n.round.1),
            _ => write!(f, "{}", In(n, prop)),
        };
        match prop {
            Prop::Compare(relation, left, right) => {
                // One side that can only be a vector says so for both.
                let spell = ambiguous(right) && ambiguous(left) && left.ty() == Type::Vector;
                Printer::new(n, f, spell).tree(left)?;
                write!(f, " {} ", n.relation(*relation))?;
                Printer::new(n, f, false).tree(right)
            }
            Prop::SameAction(a, b, same) => {
                let relation = if *same { super::Relation::Equal } else { super::Relation::NotEqual };
                write!(f, "{} {} {}", n.action(a), n.relation(relation), n.action(b))
            }
            Prop::And(parts) | Prop::Or(parts) => {
                let word = if matches!(prop, Prop::And(_)) { n.and } else { n.or };
                for (k, part) in parts.iter().enumerate() {
                    f.write_str(if k == 0 { "" } else { word })?;
                    bracket(part, f)?;
                }
                Ok(())
            }
            Prop::Implies(a, b) => {
                side(a, f)?;
                f.write_str(n.implies)?;
                side(b, f)
            }
            Prop::Iff(a, b) => {
                side(a, f)?;
                f.write_str(n.iff)?;
                side(b, f)
            }
        }
    }
}

/// Writes `f(x : real, c : action) = ...`.
impl Display for In<'_, Function> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let In(notation, function) = self;
        let parameters: Vec<String> = function
            .parameters
            .iter()
            .map(|(name, sort)| format!("{} : {}", notation.name(name), sort.word()))
            .collect();
        write!(f, "{}({}) = {}", notation.name(&function.name), parameters.join(", "), In(notation, &function.body))
    }
}

/// Writes the `given`, `let` and `show` lines of a statement. A hypothesis stands after the definitions that it
/// may use.
impl Display for In<'_, Statement> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let In(n, statement) = self;
        if !statement.variables.is_empty() {
            let declared: Vec<String> =
                statement.variables.iter().map(|(name, sort)| format!("{} : {}", n.name(name), sort.word())).collect();
            writeln!(f, "given  {}", declared.join(", "))?;
        }
        for (name, tree) in &statement.definitions {
            writeln!(f, "let    {} = {}", n.name(name), In(n, tree))?;
        }
        for function in &statement.functions {
            writeln!(f, "let    {}", In(n, function))?;
        }
        for hypothesis in &statement.hypotheses {
            writeln!(f, "given  {}", In(n, hypothesis))?;
        }
        for show in &statement.shows {
            writeln!(f, "show   {}", In(n, show))?;
        }
        Ok(())
    }
}

impl Display for Prop {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        In(&TEXT, self).fmt(f)
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        In(&TEXT, self).fmt(f)
    }
}

impl Display for Tree {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        In(&TEXT, self).fmt(f)
    }
}
