//! Statements as Coq propositions over `proofs/coq/Definitions.v`, whose header says how each construct is read.

use std::fmt::Write as _;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::development;
use crate::expr::{Action, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};

/// How each operation is written: on reals, and on vectors; `_` is an argument, K the number of actions. A sign between
/// two arguments or before one binds as in Coq.
const SPELLINGS: &[(Op, &str, &str)] = &[
    (Op::Neg, "- _", "vopp _"),
    (Op::Add, "_ + _", "vadd _ _"),
    (Op::Sub, "_ - _", "vsub _ _"),
    (Op::Mul, "_ * _", "vscale _ _"),
    (Op::Div, "_ / _", "vdiv _ _"),
    (Op::Hadamard, "", "vmul _ _"),
    (Op::Inner, "dot K _ _", ""),
    (Op::Abs, "Rabs _", "vabs _"),
    (Op::Norm, "vnorm K _", ""),
    (Op::NormSquared, "sqnorm K _", ""),
    (Op::Sqrt, "sqrt _", "vsqrt _"),
    (Op::Exp, "exp _", "vexp _"),
    (Op::Log, "ln _", "vln _"),
    (Op::XlogX, "xlogx _", "vxlogx _"),
    (Op::XlogY, "xlogy _ _", "vxlogy _ _"),
    (Op::Sum, "vsum K _", ""),
    (Op::Max, "vmax K _", ""),
    (Op::Min, "vmin K _", ""),
    (Op::Lse, "lse K _", ""),
    (Op::Softmax, "", "softmax K _"),
    (Op::Collision, "C K _", ""),
    (Op::Entropy, "H K _", ""),
    (Op::CollisionEntropy, "H2 K _", ""),
    (Op::Divergence, "KL K _ _", ""),
];

/// Words of Coq, and names of its standard library that are written here, which no variable is called.
const RESERVED: &[&str] = &[
    "as", "at", "cofix", "else", "end", "exists", "fix", "for", "forall", "fun", "if", "in", "let", "match", "mod",
    "return", "then", "using", "where", "with", "Prop", "Set", "Type", "SProp", "K", "R", "INR", "nat", "vec", "ln",
    "Rabs", "S", "O",
];

/// Why there is no proposition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// A construct that the development has no name for.
    #[error("`{0}` has no counterpart in proofs/coq/Definitions.v")]
    Operation(String),
    /// Numbers of a floating-point format.
    #[error("it speaks of the numbers of floating-point formats")]
    Formats,
    /// A derivative where its existence cannot be stated beside it.
    #[error("a derivative stands where its existence cannot be said")]
    Derivative,
}

type Written = Result<String, Unsupported>;

/// How logits are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logits {
    /// As real numbers.
    Real,
    /// As real numbers with a vector of zeros and ones, which are 0 where the logit is -inf.
    Masked,
}

/// The binders of a statement with their types, hypotheses about them and given ones, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Name and type.
    pub binders: Vec<(String, &'static str)>,
    /// Name and body of each definition, in order.
    pub lets: Vec<(String, String)>,
    /// What follows from the sorts.
    pub sorts: Vec<String>,
    /// What is given.
    pub given: Vec<String>,
    /// What is to be shown.
    pub shows: Vec<String>,
}

impl Parts {
    /// The closed proposition.
    pub fn proposition(&self) -> String {
        let mut out = String::from("forall");
        for (name, ty) in &self.binders {
            _ = write!(out, " ({name} : {ty})");
        }
        out += ",\n";
        let arrows = |out: &mut String, props: &[String]| {
            for prop in props {
                _ = writeln!(out, "  {prop} ->");
            }
        };
        arrows(&mut out, &self.sorts);
        for (name, body) in &self.lets {
            _ = writeln!(out, "  let {name} := {body} in");
        }
        arrows(&mut out, &self.given);
        out + "  " + &self.shows.join(" /\\\n  ")
    }
}

/// A statement as a Coq proposition, for every K.
///
/// # Errors
/// If it speaks of what the development has no name for.
pub fn parts(statement: &Statement, logits: Logits) -> Result<Parts, Unsupported> {
    if statement.speaks_of_formats() {
        return Err(Unsupported::Formats);
    }
    let mut writer = Writer::new(logits);
    let mut binders = vec![("K".to_string(), "nat")];
    let mut sorts = vec!["(1 <= K)%nat".to_string()];
    if logits == Logits::Masked {
        binders.push((writer.mask.clone(), "vec"));
        sorts = vec![format!("weights K {}", writer.mask), format!("subset K {}", writer.mask)];
    }
    for (name, sort) in &statement.variables {
        let name = identifier(name);
        let (ty, hypothesis) = match sort {
            Sort::Real => ("R", None),
            Sort::Vector | Sort::Logits | Sort::Masked => ("vec", None),
            Sort::Distribution => ("vec", Some(format!("distribution K {name}"))),
            Sort::Subset => ("vec", Some(format!("subset K {name}"))),
            Sort::Action => ("nat", Some(format!("({name} < K)%nat"))),
            Sort::Float => return Err(Unsupported::Formats),
        };
        binders.push((name, ty));
        sorts.extend(hypothesis);
    }
    let lets = statement.definitions.iter().map(|(name, body)| Ok((identifier(name), writer.term(body)?.text)));
    let lets = lets.collect::<Result<_, _>>()?;
    let mut props = |props: &[Prop]| props.iter().map(|prop| writer.prop(prop)).collect::<Result<Vec<_>, _>>();
    let given = props(&statement.hypotheses)?;
    let shows: Vec<String> = props(&statement.shows)?;
    let several = shows.len() > 1;
    let shows = shows.into_iter().map(|show| if several { format!("({show})") } else { show }).collect();
    Ok(Parts { binders, lets, sorts, given, shows })
}

/// A name as Coq can have it.
pub fn identifier(name: &str) -> String {
    let defined = |text: &str| {
        let starts = ["Definition ", "Fixpoint "];
        text.lines()
            .filter_map(|line| starts.iter().find_map(|start| line.strip_prefix(start)))
            .any(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\'')).next() == Some(name))
    };
    let taken = RESERVED.contains(&name) || development::find("Definitions").is_some_and(defined);
    if taken || name.starts_with('\'') { format!("{name}_") } else { name.to_string() }
}

/// A term, and how tightly it binds: 0 an atom, 10 an application, 30 a power, 35 a sign, 40 a product, 50 a sum.
#[derive(Clone, Debug)]
pub struct Term {
    /// The term.
    pub text: String,
    level: u8,
}

impl Term {
    fn within(&self, level: u8) -> String {
        if self.level <= level { self.text.clone() } else { format!("({})", self.text) }
    }

    fn applied(text: String) -> Term {
        Term { text, level: 10 }
    }
}

/// Writes trees; derivatives that were introduced have names.
#[derive(Clone, Debug)]
pub struct Writer {
    logits: Logits,
    mask: String,
    introduced: Vec<(Tree, String)>,
}

impl Writer {
    /// A writer that knows of no derivative.
    pub fn new(logits: Logits) -> Writer {
        Writer { logits, mask: "mask".to_string(), introduced: vec![] }
    }

    /// A tree as a Coq term.
    ///
    /// # Errors
    /// If it has a part that the development has no name for.
    pub fn term(&self, tree: &Tree) -> Result<Term, Unsupported> {
        let atom = |text: String| Ok(Term { text, level: 0 });
        match tree.node() {
            Node::Number(value) => Ok(number(value)),
            Node::Size => Ok(Term::applied("INR K".to_string())),
            Node::Ones => atom("ones".to_string()),
            Node::Zeros => atom("zeros".to_string()),
            Node::Variable(name, _) => atom(identifier(name)),
            Node::Unit(a) => Ok(Term::applied(format!("e {}", action(a)))),
            Node::Entries(items) => {
                let items: Vec<String> =
                    items.iter().map(|item| Ok(self.term(item)?.within(50))).collect::<Result<_, _>>()?;
                Ok(Term::applied(format!("vlist ({} :: nil)", items.join(" :: "))))
            }
            Node::At(v, a) => Ok(Term::applied(format!("{} {}", self.term(v)?.within(10), action(a)))),
            Node::Others(v, a) => Ok(Term::applied(format!("others {} {}", self.argument(v)?, action(a)))),
            Node::Power(x, n) => Ok(Term { text: format!("{} ^ {n}", self.term(x)?.within(10)), level: 30 }),
            Node::Expect { action, over, body } => {
                let head = if tree.ty() == Type::Real { "expect" } else { "vexpect" };
                let body = self.term(body)?.text;
                Ok(Term::applied(format!("{head} K {} (fun {} => {body})", self.argument(over)?, identifier(action))))
            }
            Node::Gradient { .. } | Node::Derivative { .. } => {
                let known = self.introduced.iter().find(|(known, _)| known == tree);
                let level = |text: &str| if text.contains(' ') { 10 } else { 0 };
                known.map(|(_, text)| Term { text: text.clone(), level: level(text) }).ok_or(Unsupported::Derivative)
            }
            Node::Apply(op, arguments) => self.operation(*op, arguments, tree),
        }
    }

    fn argument(&self, tree: &Tree) -> Written {
        Ok(self.term(tree)?.within(0))
    }

    fn operation(&self, op: Op, arguments: &[Tree], tree: &Tree) -> Result<Term, Unsupported> {
        let unknown = || Unsupported::Operation(tree.to_string());
        let (_, real, vector) = SPELLINGS.iter().find(|(known, ..)| *known == op).ok_or_else(unknown)?;
        let spelling = if tree.ty() == Type::Real { *real } else { *vector };
        let masked = self.logits == Logits::Masked;
        let spelling = match (op, masked) {
            (Op::Softmax, true) => "softmax_on K MASK _",
            (Op::Lse, true) => "lse_on K MASK _",
            _ => spelling,
        };
        let arguments: Vec<Term> = arguments.iter().map(|argument| self.term(argument)).collect::<Result<_, _>>()?;
        if let [x, y] = &arguments[..]
            && let Some((left, level, right)) = infix(spelling)
        {
            let sign = spelling.trim_matches(['_', ' ']);
            return Ok(Term { text: format!("{} {sign} {}", x.within(left), y.within(right)), level });
        }
        if spelling == "- _" {
            return Ok(Term { text: format!("- {}", arguments[0].within(30)), level: 35 });
        }
        if spelling.is_empty() {
            return Err(unknown());
        }
        let mut next = arguments.iter();
        let words = spelling.split(' ').map(|word| match word {
            "_" => next.next().map(|argument| argument.within(0)).unwrap_or_default(),
            "MASK" => self.mask.clone(),
            word => word.to_string(),
        });
        Ok(Term::applied(words.collect::<Vec<_>>().join(" ")))
    }

    /// A proposition as Coq says it.
    ///
    /// # Errors
    /// If it has a part that the development has no name for.
    pub fn prop(&mut self, prop: &Prop) -> Written {
        let bracketed = |text: String| format!("({text})");
        match prop {
            Prop::Compare(relation, left, right) => self.comparison(*relation, left, right),
            Prop::SameAction(a, b, same) => {
                Ok(format!("{} {} {}", action(a), if *same { "=" } else { "<>" }, action(b)))
            }
            Prop::And(parts) => {
                let parts: Vec<String> =
                    parts.iter().map(|part| self.prop(part).map(bracketed)).collect::<Result<_, _>>()?;
                Ok(parts.join(" /\\ "))
            }
            Prop::Implies(a, b) => Ok(format!("({}) -> {}", self.prop(a)?, self.prop(b)?)),
            Prop::Iff(a, b) => Ok(format!("({}) <-> ({})", self.prop(a)?, self.prop(b)?)),
        }
    }

    fn comparison(&mut self, relation: Relation, left: &Tree, right: &Tree) -> Written {
        // The number of actions beside a whole number: a natural.
        if let (Node::Size, Node::Number(n)) = (left.node(), right.node())
            && n.is_integer()
        {
            let n = n.to_integer();
            return Ok(match relation {
                Relation::GreaterEqual => format!("({n} <= K)%nat"),
                Relation::Greater => format!("({n} < K)%nat"),
                Relation::NotEqual => format!("K <> {n}%nat"),
                _ => format!("(K {} {n})%nat", relation.sign()),
            });
        }
        let mut prefix = String::new();
        let direct = relation == Relation::Equal && is_derivative(left) && derivatives(right).is_empty();
        let start = self.introduced.len();
        let first = if direct { derivatives_within(left) } else { [derivatives(left), derivatives(right)].concat() };
        for derivative in first {
            prefix += &self.introduce(&derivative, direct)?;
        }
        let text = if direct {
            self.derivative(left, &self.term(right)?.within(0))?
        } else {
            match relation {
                Relation::GreaterEqual => self.ordered(Relation::LessEqual, right, left)?,
                Relation::Greater => self.ordered(Relation::Less, right, left)?,
                relation => self.ordered(relation, left, right)?,
            }
        };
        self.introduced.truncate(start);
        Ok(prefix + &text)
    }

    fn ordered(&self, relation: Relation, left: &Tree, right: &Tree) -> Written {
        let [a, b] = [self.term(left)?, self.term(right)?];
        if left.ty() == Type::Vector {
            let [a, b] = [a.within(0), b.within(0)];
            return Ok(match relation {
                Relation::NotEqual => format!("~ veq K {a} {b}"),
                Relation::LessEqual => format!("vle K {a} {b}"),
                Relation::Less => format!("vlt K {a} {b}"),
                _ => format!("veq K {a} {b}"),
            });
        }
        let sign = if relation == Relation::NotEqual { "<>" } else { relation.sign() };
        Ok(format!("{} {sign} {}", a.text, b.text))
    }

    /// `exists d, d is this derivative /\`; in a derivative of a derivative, at every point.
    fn introduce(&mut self, tree: &Tree, everywhere: bool) -> Written {
        let name = format!("d{}", self.introduced.len());
        let (at, value) = match tree.node() {
            Node::Gradient { at, .. } | Node::Derivative { at, .. } => (identifier(at), everywhere),
            _ => return Err(Unsupported::Derivative),
        };
        if !derivatives_within(tree).is_empty() {
            return Err(Unsupported::Derivative);
        }
        let called = if value { format!("{name} {at}") } else { name.clone() };
        let says = self.derivative(tree, &if value { format!("({called})") } else { called.clone() })?;
        self.introduced.push((tree.clone(), called));
        Ok(if value {
            format!("exists {name}, (forall {at}, {says}) /\\ ")
        } else {
            format!("exists {name}, {says} /\\ ")
        })
    }

    fn derivative(&self, tree: &Tree, value: &str) -> Written {
        match tree.node() {
            Node::Gradient { of, at } => {
                let at = identifier(at);
                Ok(format!("is_grad K (fun {at} => {}) {at} {value}", self.term(of)?.text))
            }
            Node::Derivative { of, at, along } => {
                let at = identifier(at);
                Ok(format!("is_along (fun {at} => {}) {at} {} {value}", self.term(of)?.text, self.argument(along)?))
            }
            _ => Err(Unsupported::Derivative),
        }
    }
}

fn is_derivative(tree: &Tree) -> bool {
    matches!(tree.node(), Node::Gradient { .. } | Node::Derivative { .. })
}

/// The outermost derivatives in a tree, each once.
fn derivatives(tree: &Tree) -> Vec<Tree> {
    if is_derivative(tree) {
        return vec![tree.clone()];
    }
    derivatives_within(tree)
}

fn derivatives_within(tree: &Tree) -> Vec<Tree> {
    let mut found: Vec<Tree> = tree.node().children().into_iter().flat_map(derivatives).collect();
    found.dedup();
    found
}

/// Left bound, own level and right bound of an infix spelling.
fn infix(spelling: &str) -> Option<(u8, u8, u8)> {
    match spelling {
        "_ + _" | "_ - _" => Some((50, 50, 40)),
        "_ * _" | "_ / _" => Some((40, 40, 30)),
        _ => None,
    }
}

/// An action by its name, or by its number from 0.
fn action(action: &Action) -> String {
    match action {
        Action::Name(name) => identifier(name),
        Action::Index(index) => format!("{}%nat", index.saturating_sub(1)),
    }
}

/// A literal as it was written: decimals over a power of ten.
fn number(value: &BigRational) -> Term {
    if value.is_integer() {
        return Term { text: value.to_integer().to_string(), level: 0 };
    }
    let mut power = BigInt::one();
    // A finite decimal, so this ends; the bound is that of its denominator.
    while !(value * BigRational::from_integer(power.clone())).is_integer() && power.bits() <= 4 * value.denom().bits() {
        power *= 10;
    }
    let scaled = value * BigRational::from_integer(power.clone());
    debug_assert!(!scaled.is_zero());
    let (numerator, denominator) =
        if scaled.is_integer() { (scaled.to_integer(), power) } else { (value.numer().clone(), value.denom().clone()) };
    Term { text: format!("{numerator} / {denominator}"), level: 40 }
}
