//! Statements as Coq propositions over `proofs/coq/Definitions.v`, whose header says how each construct is read.
//!
//! Two statements are printed alike only if they say the same: `a >= b` is printed as `b <= a`, a decimal as a
//! quotient, real logits as a vector. Every part of a proposition stands in brackets, since `->` takes all that
//! follows.

use std::fmt::Write as _;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::names::identifier;
use super::spelling::{infix, spelling};
use crate::expr::definition::unfold;
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use crate::proof::term::mentions_action;

/// What the vector is called that says which actions are not masked.
const MASK: &str = "mask";

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
                _ = writeln!(out, "  ({prop}) ->");
            }
        };
        arrows(&mut out, &self.sorts);
        for (name, body) in &self.lets {
            _ = writeln!(out, "  let {name} := {body} in");
        }
        arrows(&mut out, &self.given);
        let shows: Vec<String> = self.shows.iter().map(|show| format!("({show})")).collect();
        out + "  " + &shows.join(" /\\\n  ")
    }
}

/// A statement as a Coq proposition, for every K.
///
/// # Errors
/// If it speaks of what the development has no name for.
pub fn parts(statement: &Statement, logits: Logits) -> Result<Parts, Unsupported> {
    parts_by(statement, Writer::new(logits))
}

/// The same by a writer of one's own.
///
/// # Errors
/// If it speaks of what the development has no name for.
pub fn parts_by(statement: &Statement, writer: Writer) -> Result<Parts, Unsupported> {
    if statement.speaks_of_formats() {
        return Err(Unsupported::Formats);
    }
    let logits = writer.logits;
    let mut writer = Writer { definitions: statement.definitions.clone(), ..writer };
    let mut binders = vec![("K".to_string(), "nat")];
    let mut sorts = vec!["(1 <= K)%nat".to_string()];
    if logits == Logits::Masked {
        binders.push((MASK.to_string(), "vec"));
        sorts = vec![format!("weights K {MASK}"), format!("subset K {MASK}")];
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
    let mut props =
        |props: &[Prop], shown: bool| props.iter().map(|prop| writer.said(prop, shown)).collect::<Result<Vec<_>, _>>();
    let given = props(&statement.hypotheses, false)?;
    let shows = props(&statement.shows, true)?;
    Ok(Parts { binders, lets, sorts, given, shows })
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

    /// The term as an argument.
    pub fn argument(&self) -> String {
        self.within(0)
    }

    fn applied(text: String) -> Term {
        Term { text, level: 10 }
    }
}

/// Writes trees; derivatives that were introduced have names.
#[derive(Clone, Debug)]
pub struct Writer {
    logits: Logits,
    /// Whether derivatives are terms wherever they stand, whether they exist or not.
    derivatives: bool,
    definitions: Vec<(Name, Tree)>,
    introduced: Vec<(Tree, String)>,
}

impl Writer {
    /// A writer that knows of no definition and no derivative.
    pub fn new(logits: Logits) -> Writer {
        Writer { logits, derivatives: false, definitions: vec![], introduced: vec![] }
    }

    /// The same, with derivatives as terms: `grad f z` is a vector even where f has no derivative.
    pub fn with_derivatives(self) -> Writer {
        Writer { derivatives: true, ..self }
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
            Node::Gradient { of, at } if self.derivatives => {
                Ok(Term::applied(format!("grad {} {}", self.function(of, at)?, identifier(at))))
            }
            Node::Derivative { of, at, along } if self.derivatives => {
                let along = self.argument(along)?;
                Ok(Term::applied(format!("along {} {} {along}", self.function(of, at)?, identifier(at))))
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
        let Some(spelling) = spelling(op, tree.ty()) else {
            return unfold(op, arguments).map_or_else(|| Err(unknown()), |meaning| self.term(&meaning));
        };
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
            "MASK" => MASK.to_string(),
            word => word.to_string(),
        });
        Ok(Term::applied(words.collect::<Vec<_>>().join(" ")))
    }

    /// A proposition as Coq says it.
    ///
    /// # Errors
    /// If it has a part that the development has no name for.
    pub fn prop(&mut self, prop: &Prop) -> Written {
        self.said(prop, false)
    }

    /// A proposition, which is `shown` where nothing follows from it: to say more there is no harm.
    fn said(&mut self, prop: &Prop, shown: bool) -> Written {
        match prop {
            Prop::Compare(relation, left, right) => self.comparison(*relation, left, right, shown),
            Prop::SameAction(a, b, same) => {
                Ok(format!("{} {} {}", action(a), if *same { "=" } else { "<>" }, action(b)))
            }
            Prop::And(parts) => {
                let parts = parts.iter().map(|part| Ok(format!("({})", self.said(part, shown)?)));
                Ok(parts.collect::<Result<Vec<_>, _>>()?.join(" /\\ "))
            }
            Prop::Or(parts) => {
                let parts = parts.iter().map(|part| Ok(format!("({})", self.said(part, shown)?)));
                Ok(parts.collect::<Result<Vec<_>, _>>()?.join(" \\/ "))
            }
            Prop::Implies(a, b) => Ok(format!("({}) -> ({})", self.said(a, false)?, self.said(b, shown)?)),
            Prop::Iff(a, b) => Ok(format!("({}) <-> ({})", self.said(a, false)?, self.said(b, false)?)),
        }
    }

    fn comparison(&mut self, relation: Relation, left: &Tree, right: &Tree, shown: bool) -> Written {
        // The number of actions beside a whole number: a natural.
        if let (Node::Size, Node::Number(n)) = (left.node(), right.node())
            && n.is_integer()
        {
            let n = n.to_integer();
            return Ok(match relation {
                Relation::GreaterEqual => format!("({n} <= K)%nat"),
                Relation::Greater => format!("({n} < K)%nat"),
                Relation::NotEqual => format!("(K <> {n})%nat"),
                _ => format!("(K {} {n})%nat", relation.sign()),
            });
        }
        if self.derivatives {
            return match relation {
                Relation::GreaterEqual => self.ordered(Relation::LessEqual, right, left),
                Relation::Greater => self.ordered(Relation::Less, right, left),
                relation => self.ordered(relation, left, right),
            };
        }
        let direct = relation == Relation::Equal && is_derivative(left) && derivatives(right)?.is_empty();
        let start = self.introduced.len();
        let (first, everywhere) = match left.node() {
            Node::Gradient { at, .. } | Node::Derivative { at, .. } if direct => (derivatives_within(left)?, Some(at)),
            _ => ([derivatives(left)?, derivatives(right)?].concat(), None),
        };
        // That a derivative exists everywhere is more than the statement says where it is used.
        if everywhere.is_some() && !first.is_empty() && !shown {
            return Err(Unsupported::Derivative);
        }
        let introduced = first.iter().map(|derivative| self.introduce(derivative, everywhere));
        let introduced: Vec<(String, String)> = introduced.collect::<Result<_, _>>()?;
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
        let exists = |text, (name, says): (String, String)| format!("exists {name}, ({says}) /\\ ({text})");
        Ok(introduced.into_iter().rev().fold(text, exists))
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

    /// A name for a derivative, and that it is that derivative; in a derivative with respect to `everywhere`, at every
    /// point.
    fn introduce(&mut self, tree: &Tree, everywhere: Option<&Name>) -> Result<(String, String), Unsupported> {
        let name = format!("d{}", self.introduced.len());
        let at = match tree.node() {
            // As a function of another vector it would have to be a function of both.
            Node::Gradient { at, .. } | Node::Derivative { at, .. } if everywhere.is_none_or(|outer| outer == at) => at,
            _ => return Err(Unsupported::Derivative),
        };
        if !derivatives_within(tree)?.is_empty() {
            return Err(Unsupported::Derivative);
        }
        let (called, says) = if everywhere.is_some() {
            let point = identifier(at);
            let called = format!("{name} {point}");
            let lets = match tree.node() {
                Node::Derivative { along, .. } => self.moving(at, along)?,
                _ => String::new(),
            };
            let says = format!("forall {point}, {lets}{}", self.derivative(tree, &format!("({called})"))?);
            (called, says)
        } else {
            (name.clone(), self.derivative(tree, &name)?)
        };
        self.introduced.push((tree.clone(), called));
        Ok((name, says))
    }

    fn derivative(&self, tree: &Tree, value: &str) -> Written {
        match tree.node() {
            Node::Gradient { of, at } => Ok(format!("is_grad K {} {} {value}", self.function(of, at)?, identifier(at))),
            Node::Derivative { of, at, along } => {
                let along = self.argument(along)?;
                Ok(format!("is_along {} {} {along} {value}", self.function(of, at)?, identifier(at)))
            }
            _ => Err(Unsupported::Derivative),
        }
    }

    /// A real as a function of a vector.
    fn function(&self, of: &Tree, at: &Name) -> Written {
        Ok(format!("(fun {} => {}{})", identifier(at), self.moving(at, of)?, self.term(of)?.text))
    }

    /// The definitions that a tree uses and that depend on a vector, once more: where the vector is bound anew, they
    /// are about the new one.
    fn moving(&self, at: &Name, tree: &Tree) -> Written {
        let mut moving: Vec<&Name> = vec![];
        for (name, body) in &self.definitions {
            if body.has_variable(at) || moving.iter().any(|moved| body.has_variable(moved)) {
                moving.push(name);
            }
        }
        let mut used: Vec<&(Name, Tree)> = vec![];
        for definition in self.definitions.iter().rev().filter(|(name, _)| moving.contains(&name)) {
            let (name, _) = definition;
            if tree.has_variable(name) || used.iter().any(|(_, body)| body.has_variable(name)) {
                used.push(definition);
            }
        }
        used.into_iter().rev().try_fold(String::new(), |mut out, (name, body)| {
            _ = write!(out, "let {} := {} in ", identifier(name), self.term(body)?.text);
            Ok(out)
        })
    }
}

fn is_derivative(tree: &Tree) -> bool {
    matches!(tree.node(), Node::Gradient { .. } | Node::Derivative { .. })
}

/// The outermost derivatives in a tree, each once.
///
/// # Errors
/// If one of them is about an action that is bound around it, so that no name outside can stand for it.
fn derivatives(tree: &Tree) -> Result<Vec<Tree>, Unsupported> {
    if is_derivative(tree) { Ok(vec![tree.clone()]) } else { derivatives_within(tree) }
}

fn derivatives_within(tree: &Tree) -> Result<Vec<Tree>, Unsupported> {
    let mut found: Vec<Tree> = vec![];
    for child in tree.node().children() {
        for derivative in derivatives(child)? {
            if let Node::Expect { action, .. } = tree.node()
                && mentions_action(&derivative, action)
            {
                return Err(Unsupported::Derivative);
            }
            if !found.contains(&derivative) {
                found.push(derivative);
            }
        }
    }
    Ok(found)
}

/// An action by its name, or by its number from 0.
pub(super) fn action(action: &Action) -> String {
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
