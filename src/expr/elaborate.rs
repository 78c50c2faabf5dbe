//! Names and types: surface expressions to typed trees.
//!
//! The only ambiguity is in the literals `1` and `0`, which are vectors where a vector is needed; types are
//! therefore pushed inwards from the context.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Pow;

use super::error::{Problem, Span, SyntaxError, nearest};
use super::op::{OPS, Op, RESERVED, Type};
use super::parse::{Form, Operator, Parser, Surface, shorten};
use super::prop::{Prop, Relation, Sort, Statement};
use super::tree::{Action, BuildError, Name, Node, Tree};

/// The largest exponent that may be written.
pub const MAX_EXPONENT: u32 = 64;

/// The most digits that a literal may have: reading and printing them takes quadratic time.
pub const MAX_DIGITS: usize = 4096;

/// The names in scope: declared variables and definitions of a statement, and actions bound by expectations.
pub struct Scope<'a> {
    statement: &'a Statement,
    bound: Vec<Name>,
    text: &'a str,
}

enum Known {
    Value(Type),
    Action,
}

type Elaborated = Result<Tree, SyntaxError>;

/// Parses a value that uses the names of a statement, e.g. a formula.
///
/// # Errors
/// Syntax, names or types, with the place.
pub fn value(text: &str, statement: &Statement) -> Elaborated {
    let mut parser = Parser::new(text)?;
    let surface = parser.value()?;
    end(&parser)?;
    Scope::new(statement, text).value(&surface, None)
}

/// Parses a proposition that uses the names of a statement.
///
/// # Errors
/// Syntax, names or types, with the place.
pub fn proposition(text: &str, statement: &Statement) -> Result<Prop, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let surface = parser.proposition()?;
    end(&parser)?;
    Scope::new(statement, text).proposition(&surface)
}

fn end(parser: &Parser<'_>) -> Result<(), SyntaxError> {
    if parser.peek_text().is_empty() { Ok(()) } else { Err(parser.unexpected("the end of the text")) }
}

impl<'a> Scope<'a> {
    /// The names of a statement; `text` is what the surfaces were parsed from.
    pub fn new(statement: &'a Statement, text: &'a str) -> Scope<'a> {
        Scope { statement, bound: Vec::new(), text }
    }

    fn lookup(&self, name: &str) -> Option<Known> {
        if self.bound.iter().any(|bound| &**bound == name) {
            return Some(Known::Action);
        }
        if let Some((_, tree)) = self.statement.definitions.iter().find(|(known, _)| &**known == name) {
            return Some(Known::Value(tree.ty()));
        }
        self.statement.sort(name).map(|sort| sort.ty().map_or(Known::Action, Known::Value))
    }

    fn unknown(&self, name: &str, span: Span) -> SyntaxError {
        let declared = self.statement.variables.iter().map(|(name, _)| &**name);
        let defined = self.statement.definitions.iter().map(|(name, _)| &**name);
        let functions = OPS.iter().filter_map(|row| row.name);
        let known = declared.chain(defined).chain(functions).chain(RESERVED.iter().copied());
        let nearest = nearest(name, known.chain(self.bound.iter().map(|bound| &**bound)));
        SyntaxError::new(Problem::UnknownName { name: name.to_string(), nearest }, span)
    }

    /// Whether a name may be declared or defined: neither a word of the language nor taken.
    ///
    /// # Errors
    /// If it may not.
    pub fn free(&self, name: &str, span: Span) -> Result<(), SyntaxError> {
        let taken = RESERVED.contains(&name) || Op::by_name(name).is_some() || self.lookup(name).is_some();
        if taken { Err(SyntaxError::new(Problem::NameTaken(name.to_string()), span)) } else { Ok(()) }
    }

    fn mismatch(&self, surface: &Surface, expected: Type, found: Type) -> SyntaxError {
        let what = format!("`{}`", shorten(&self.text[surface.span.start..surface.span.end]));
        SyntaxError::new(Problem::Mismatch { what, expected, found }, surface.span)
    }

    fn build(&self, node: Node, span: Span) -> Elaborated {
        Tree::new(node).map_err(|error| match error {
            BuildError::TooDeep => SyntaxError::new(Problem::TooDeep, span),
            other => SyntaxError::new(Problem::Build(other), span),
        })
    }

    fn apply(&self, op: Op, arguments: Vec<Tree>, span: Span) -> Elaborated {
        self.build(Node::Apply(op, arguments), span)
    }

    /// The type that a surface has by itself; `None` for one made of literals, which can be either.
    fn rigid(&self, surface: &Surface) -> Option<Type> {
        match &surface.form {
            Form::Number(_) => None,
            Form::Name(name) if name == "K" => Some(Type::Real),
            Form::Name(name) => match self.lookup(name) {
                Some(Known::Value(ty)) => Some(ty),
                _ => Some(Type::Real),
            },
            Form::Call(name, arguments) => match name.as_str() {
                "others" => Some(Type::Vector),
                "D" => Some(if arguments.len() == 2 { Type::Vector } else { Type::Real }),
                _ => {
                    let op = Op::by_name(name)?;
                    let first = arguments.first().and_then(|x| self.rigid(x));
                    let second = arguments.get(1).and_then(|x| self.rigid(x));
                    let signatures = op.info().signatures;
                    let fits = signatures.iter().find(|(takes, _)| takes.first().copied() == first.or(second));
                    Some(fits.unwrap_or(&signatures[0]).1)
                }
            },
            Form::Index(base, _) => match &base.form {
                Form::Name(name) if name == "e" => Some(Type::Vector),
                _ => Some(Type::Real),
            },
            Form::Binary(Operator::Plus | Operator::Minus, left, right) => {
                self.rigid(left).or_else(|| self.rigid(right))
            }
            Form::Binary(Operator::Elementwise, ..) | Form::List(_) => Some(Type::Vector),
            Form::Binary(Operator::Times, left, right) => match (self.rigid(left), self.rigid(right)) {
                (Some(Type::Vector), _) | (_, Some(Type::Vector)) => Some(Type::Vector),
                (None, None) => None,
                _ => Some(Type::Real),
            },
            Form::Binary(Operator::Over, left, right) => match self.rigid(left) {
                None if self.rigid(right).is_none() => None,
                left => left.or(Some(Type::Real)),
            },
            Form::Negative(inner) => self.rigid(inner),
            Form::Expect(action, _, _, body) => {
                let mut inner = Scope { bound: self.bound.clone(), ..*self };
                inner.bound.push(action.as_str().into());
                inner.rigid(body)
            }
            Form::Power(..) | Form::Bars(_) | Form::Angle(..) => Some(Type::Real),
            Form::Chain(..) | Form::And(_) | Form::Implies(..) | Form::Iff(..) => Some(Type::Real),
        }
    }

    /// A typed tree from a surface; `expected` is the type that the context needs, if it needs one.
    ///
    /// # Errors
    /// Names or types, with the place.
    pub fn value(&mut self, surface: &Surface, expected: Option<Type>) -> Elaborated {
        let wanted = expected.or_else(|| self.rigid(surface)).unwrap_or(Type::Real);
        let tree = self.shape(surface, wanted)?;
        if tree.ty() == wanted { Ok(tree) } else { Err(self.mismatch(surface, wanted, tree.ty())) }
    }

    fn shape(&mut self, surface: &Surface, wanted: Type) -> Elaborated {
        let span = surface.span;
        match &surface.form {
            Form::Number(digits) => match (digits.as_str(), wanted) {
                ("1", Type::Vector) => Ok(Tree::ones()),
                ("0", Type::Vector) => Ok(Tree::zeros()),
                _ if digits.len() > MAX_DIGITS => {
                    Err(SyntaxError::new(Problem::Digits { found: digits.len(), max: MAX_DIGITS }, span))
                }
                _ => self.build(Node::Number(decimal(digits)), span),
            },
            Form::Name(name) if name == "K" => Ok(Tree::size()),
            Form::Name(name) => match self.lookup(name) {
                Some(Known::Value(ty)) => Ok(Tree::variable(name, ty)),
                Some(Known::Action) => Err(SyntaxError::new(Problem::ActionAsValue(name.clone()), span)),
                None => Err(self.unknown(name, span)),
            },
            Form::Call(name, arguments) => self.call(name, arguments, wanted, span),
            Form::Index(base, index) => {
                let action = self.action(index)?;
                match &base.form {
                    Form::Name(name) if name == "e" => Ok(Tree::unit(action)),
                    _ => {
                        let vector = self.value(base, Some(Type::Vector))?;
                        self.build(Node::At(vector, action), span)
                    }
                }
            }
            Form::Binary(operator, left, right) => self.binary(*operator, left, right, wanted, span),
            Form::Negative(inner) => {
                let inner = self.value(inner, Some(wanted))?;
                self.apply(Op::Neg, vec![inner], span)
            }
            Form::Power(base, exponent) => self.power(base, exponent, span),
            Form::Bars(inner) => {
                let inner = self.value(inner, None)?;
                let op = if inner.ty() == Type::Vector { Op::Norm } else { Op::Abs };
                self.apply(op, vec![inner], span)
            }
            Form::Angle(left, right) => {
                let arguments = vec![self.value(left, Some(Type::Vector))?, self.value(right, Some(Type::Vector))?];
                self.apply(Op::Inner, arguments, span)
            }
            Form::List(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|item| self.value(item, Some(Type::Real))).collect();
                self.build(Node::Entries(items?), span)
            }
            Form::Expect(action, place, over, body) => {
                self.free(action, *place)?;
                let over = self.value(over, Some(Type::Vector))?;
                self.bound.push(action.as_str().into());
                let body = self.value(body, Some(wanted));
                self.bound.pop();
                self.build(Node::Expect { action: action.as_str().into(), over, body: body? }, span)
            }
            Form::Chain(..) | Form::And(_) | Form::Implies(..) | Form::Iff(..) => {
                Err(SyntaxError::new(Problem::PropositionAsValue, span))
            }
        }
    }

    fn binary(&mut self, operator: Operator, left: &Surface, right: &Surface, wanted: Type, span: Span) -> Elaborated {
        let (op, types) = match operator {
            Operator::Plus => (Op::Add, (wanted, wanted)),
            Operator::Minus => (Op::Sub, (wanted, wanted)),
            Operator::Elementwise => (Op::Hadamard, (Type::Vector, Type::Vector)),
            Operator::Over => (Op::Div, (wanted, Type::Real)),
            Operator::Times => match (self.rigid(left), self.rigid(right)) {
                (Some(Type::Vector), Some(Type::Vector)) => {
                    return Err(SyntaxError::new(Problem::VectorProduct, span));
                }
                (Some(Type::Vector), _) => (Op::Mul, (Type::Vector, Type::Real)),
                (_, Some(Type::Vector)) => (Op::Mul, (Type::Real, Type::Vector)),
                // Two reals where a vector is needed: `(1/K)*1`.
                _ if wanted == Type::Vector => (Op::Mul, (Type::Real, Type::Vector)),
                _ => (Op::Mul, (Type::Real, Type::Real)),
            },
        };
        let left = self.value(left, Some(types.0))?;
        let right = self.value(right, Some(types.1))?;
        let real_first =
            if types == (Type::Vector, Type::Real) && op == Op::Mul { [right, left] } else { [left, right] };
        self.apply(op, real_first.into(), span)
    }

    fn power(&mut self, base: &Surface, exponent: &Surface, span: Span) -> Elaborated {
        let n = match &exponent.form {
            Form::Number(digits) => digits.parse::<u32>().ok().filter(|n| *n <= MAX_EXPONENT),
            _ => None,
        };
        let n = n.ok_or(SyntaxError::new(Problem::Exponent { max: MAX_EXPONENT }, exponent.span))?;
        if let (Form::Bars(inner), 2) = (&base.form, n) {
            let inner = self.value(inner, None)?;
            return match inner.ty() {
                Type::Vector => self.apply(Op::NormSquared, vec![inner], span),
                Type::Real => {
                    let inner = self.apply(Op::Abs, vec![inner], base.span)?;
                    self.build(Node::Power(inner, 2), span)
                }
            };
        }
        let base = self.value(base, Some(Type::Real))?;
        self.build(Node::Power(base, n), span)
    }

    fn call(&mut self, name: &str, arguments: &[Surface], wanted: Type, span: Span) -> Elaborated {
        let arity = |expected: &str| {
            let (name, expected) = (name.to_string(), expected.to_string());
            SyntaxError::new(Problem::Arity { name, expected, found: arguments.len() }, span)
        };
        match (name, arguments) {
            ("others", [vector, action]) => {
                let vector = self.value(vector, Some(Type::Vector))?;
                let action = self.action(action)?;
                self.build(Node::Others(vector, action), span)
            }
            ("others", _) => Err(arity("2")),
            ("D", [of, at]) => {
                let at = self.variable(at)?;
                let of = self.value(of, Some(Type::Real))?;
                self.build(Node::Gradient { of, at }, span)
            }
            ("D", [of, at, along]) => {
                let at = self.variable(at)?;
                let of = self.value(of, Some(Type::Real))?;
                let along = self.value(along, Some(Type::Vector))?;
                self.build(Node::Derivative { of, at, along }, span)
            }
            ("D", _) => Err(arity("2 or 3")),
            _ => {
                let op = Op::by_name(name).ok_or_else(|| self.unknown(name, span))?;
                let signatures = op.info().signatures;
                if signatures[0].0.len() != arguments.len() {
                    return Err(arity(&signatures[0].0.len().to_string()));
                }
                let rigid = arguments.iter().find_map(|argument| self.rigid(argument));
                // Elementwise functions follow their arguments, and the context where those are literals.
                let fits = signatures.iter().find(|(takes, _)| Some(takes[0]) == rigid);
                let by_context = || signatures.iter().find(|(_, gives)| *gives == wanted);
                let takes = fits.or_else(by_context).unwrap_or(&signatures[0]).0;
                let trees: Result<Vec<_>, _> =
                    arguments.iter().zip(takes).map(|(argument, ty)| self.value(argument, Some(*ty))).collect();
                self.apply(op, trees?, span)
            }
        }
    }

    fn variable(&self, surface: &Surface) -> Result<Name, SyntaxError> {
        match &surface.form {
            Form::Name(name) => match self.statement.sort(name) {
                Some(Sort::Vector | Sort::Logits) => Ok(name.as_str().into()),
                None if self.lookup(name).is_none() => Err(self.unknown(name, surface.span)),
                _ => Err(SyntaxError::new(Problem::NotAVariable, surface.span)),
            },
            _ => Err(SyntaxError::new(Problem::NotAVariable, surface.span)),
        }
    }

    fn action(&self, surface: &Surface) -> Result<Action, SyntaxError> {
        match &surface.form {
            Form::Name(name) => match self.lookup(name) {
                Some(Known::Action) => Ok(Action::Name(name.as_str().into())),
                Some(Known::Value(_)) => Err(SyntaxError::new(Problem::NotAnAction, surface.span)),
                None => Err(self.unknown(name, surface.span)),
            },
            Form::Number(digits) => match digits.parse::<usize>() {
                Ok(index) if index >= 1 => Ok(Action::Index(index)),
                _ => Err(SyntaxError::new(Problem::NotAnAction, surface.span)),
            },
            _ => Err(SyntaxError::new(Problem::NotAnAction, surface.span)),
        }
    }

    /// A proposition from a surface.
    ///
    /// # Errors
    /// Names or types, with the place.
    pub fn proposition(&mut self, surface: &Surface) -> Result<Prop, SyntaxError> {
        match &surface.form {
            Form::Chain(values, relations) => {
                let mut links = Vec::with_capacity(relations.len());
                for (pair, relation) in values.windows(2).zip(relations) {
                    links.push(self.compare(*relation, &pair[0], &pair[1])?);
                }
                Ok(if links.len() == 1 { links.remove(0) } else { Prop::And(links) })
            }
            Form::And(parts) => {
                let mut all = Vec::with_capacity(parts.len());
                for part in parts {
                    match self.proposition(part)? {
                        Prop::And(inner) => all.extend(inner),
                        other => all.push(other),
                    }
                }
                Ok(Prop::And(all))
            }
            Form::Implies(a, b) => Ok(Prop::Implies(self.proposition(a)?.into(), self.proposition(b)?.into())),
            Form::Iff(a, b) => Ok(Prop::Iff(self.proposition(a)?.into(), self.proposition(b)?.into())),
            _ => Err(SyntaxError::new(Problem::ValueAsProposition, surface.span)),
        }
    }

    fn is_action(&self, surface: &Surface) -> bool {
        matches!(&surface.form, Form::Name(name) if matches!(self.lookup(name), Some(Known::Action)))
    }

    fn compare(&mut self, relation: Relation, left: &Surface, right: &Surface) -> Result<Prop, SyntaxError> {
        if self.is_action(left) || self.is_action(right) {
            let (a, b) = (self.action(left)?, self.action(right)?);
            return match relation {
                Relation::Equal => Ok(Prop::SameAction(a, b, true)),
                Relation::NotEqual => Ok(Prop::SameAction(a, b, false)),
                _ => Err(SyntaxError::new(Problem::NotAnAction, left.span.to(right.span))),
            };
        }
        let ty = self.rigid(left).or_else(|| self.rigid(right)).unwrap_or(Type::Real);
        Ok(Prop::Compare(relation, self.value(left, Some(ty))?, self.value(right, Some(ty))?))
    }
}

/// The exact value of a literal such as `12` or `0.25`.
fn decimal(digits: &str) -> BigRational {
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let parse = |text: &str| text.parse::<BigInt>().expect("the lexer lets only digits through");
    let scale = Pow::pow(BigInt::from(10), decimals.len());
    BigRational::new(parse(&format!("{whole}{decimals}")), scale)
}
