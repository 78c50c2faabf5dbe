//! Names and types: surface expressions to typed trees.
//!
//! The only ambiguity is in the literals `1` and `0`, which are vectors where a vector is needed: the types that an
//! expression can have are found from its parts ([`Scope::types`]), and the one that it has comes from the context.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Pow;

use super::error::{Problem, Span, SyntaxError};
use super::function::Argument;
use super::op::{Derived, Op, Type};
use super::parse::{Form, Operator, Parser, Surface, shorten};
use super::prop::{Prop, Relation, Sort, Statement};
pub use super::scope::Scope;
use super::scope::{Known, Subscripted};
use super::surface::Types;
use super::tree::{Action, BuildError, MAX_EXPONENT, Name, Node, Tree};
use super::typing::is_whole;

type Elaborated = Result<Tree, SyntaxError>;

/// Parses a value that uses the names of a statement, e.g. a formula.
///
/// # Errors
/// Syntax, names or types, with the place.
///
/// # Examples
/// ```
/// use logitlab_kernel::expr::elaborate::value;
///
/// let claim = logitlab_claims::claims::parse("claim x given v : vector, c : action show |v| >= 0")?;
/// let tree = value("(e[c] - v) + (1)", &claim.statement)?;
/// assert_eq!(tree.to_string(), "e[c] - v + 1");
/// assert_eq!(value("e[c] - v + 1", &claim.statement)?, tree);
///
/// let error = value("sum(v)*\nV", &claim.statement).unwrap_err();
/// assert_eq!(error.position("sum(v)*\nV"), (2, 1));
/// assert_eq!(error.to_string(), "unknown name `V`; did you mean `v`?");
/// # Ok::<(), logitlab_kernel::expr::SyntaxError>(())
/// ```
pub fn value(text: &str, statement: &Statement) -> Elaborated {
    let mut parser = Parser::new(text)?;
    let surface = parser.proposition()?;
    parser.end()?;
    Scope::new(statement, text).value(&surface, None)
}

/// Parses a proposition that uses the names of a statement.
///
/// # Errors
/// Syntax, names or types, with the place.
///
/// # Examples
/// ```
/// use logitlab_kernel::expr::elaborate::proposition;
///
/// let claim = logitlab_claims::claims::parse("claim x given P : distribution, c : action show sum(P) = 1")?;
/// let prop = proposition("0 <= P[c] <= 1 => C(P) <= 1", &claim.statement)?;
/// assert_eq!(prop.to_string(), "0 <= P[c] and P[c] <= 1 => C(P) <= 1");
///
/// let error = proposition("P = P[c]", &claim.statement).unwrap_err();
/// assert!(error.to_string().starts_with("`P` is a vector and `P[c]` is a real"));
/// # Ok::<(), logitlab_kernel::expr::SyntaxError>(())
/// ```
pub fn proposition(text: &str, statement: &Statement) -> Result<Prop, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let surface = parser.proposition()?;
    parser.end()?;
    Scope::new(statement, text).proposition(&surface)
}

impl Scope<'_> {
    fn excerpt(&self, surface: &Surface) -> String {
        let lines = self.text[surface.span.start..surface.span.end].lines();
        let code: Vec<&str> = lines.map(|line| line.split('#').next().unwrap_or_default()).collect();
        shorten(&code.join(" "))
    }

    fn mismatch(&self, surface: &Surface, expected: Type, found: Type) -> SyntaxError {
        SyntaxError::new(Problem::Mismatch { what: self.excerpt(surface), expected, found }, surface.span)
    }

    /// The types that two sides of an operator can share.
    fn agree(&mut self, sign: &'static str, left: &Surface, right: &Surface) -> Result<Types, SyntaxError> {
        if let Some(common) = self.types(left).common(self.types(right)) {
            return Ok(common);
        }
        let left_type = self.value(left, None)?.ty();
        self.value(right, None)?;
        let (left_text, right_text) = (self.excerpt(left), self.excerpt(right));
        let problem = Problem::Disagree { sign, left: left_text, left_type, right: right_text };
        Err(SyntaxError::new(problem, left.span.to(right.span)))
    }

    fn build(&self, node: Node, span: Span) -> Elaborated {
        Tree::new(node).map_err(|error| match error {
            BuildError::TooDeep => SyntaxError::new(Problem::TooDeep, span),
            BuildError::TooLarge => SyntaxError::new(Problem::TooLarge, span),
            other => SyntaxError::new(Problem::Build(other), span),
        })
    }

    fn apply(&self, op: Op, arguments: Vec<Tree>, span: Span) -> Elaborated {
        self.build(Node::Apply(op, arguments), span)
    }

    /// A typed tree from a surface; `expected` is the type that the context needs, if it needs one.
    ///
    /// # Errors
    /// Names or types, with the place.
    pub fn value(&mut self, surface: &Surface, expected: Option<Type>) -> Elaborated {
        let types = self.types(surface);
        let wanted = expected.unwrap_or(types.default());
        if !types.has(wanted) {
            // What is wrong inside comes first.
            let found = self.value(surface, None)?.ty();
            return Err(self.mismatch(surface, wanted, found));
        }
        let tree = self.shape(surface, wanted)?;
        if tree.ty() == wanted { Ok(tree) } else { Err(self.mismatch(surface, wanted, tree.ty())) }
    }

    fn shape(&mut self, surface: &Surface, wanted: Type) -> Elaborated {
        let span = surface.span;
        match &surface.form {
            Form::Number(digits) => match (digits.as_str(), wanted) {
                ("1", Type::Vector) => Ok(Tree::ones()),
                ("0", Type::Vector) => Ok(Tree::zeros()),
                _ => self.build(Node::Number(decimal(digits)), span),
            },
            Form::Name(name) if name == "K" => Ok(Tree::size()),
            Form::Name(name) if name == "ones" => Ok(Tree::ones()),
            Form::Name(name) if name == "zeros" => Ok(Tree::zeros()),
            Form::Name(name) => match self.lookup(name) {
                Some(Known::Value(ty)) => Ok(Tree::variable(name, ty)),
                Some(Known::Action) => Err(SyntaxError::new(Problem::ActionAsValue(name.clone()), span)),
                None => match self.subscript(name) {
                    Some(Subscripted::Unit(action)) => Ok(Tree::unit(action)),
                    Some(Subscripted::Coordinate(vector, action)) => {
                        self.build(Node::At(Tree::variable(&vector, Type::Vector), action), span)
                    }
                    None => Err(self.unknown(name, span)),
                },
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
            Form::Power(base, exponent) if is_whole(exponent) => self.power(base, exponent, span),
            Form::Power(base, exponent) => self.real_power(base, exponent, wanted, span),
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
            Form::Chain(..) | Form::And(_) | Form::Or(_) | Form::Implies(..) | Form::Iff(..) => {
                Err(SyntaxError::new(Problem::PropositionAsValue, span))
            }
        }
    }

    fn binary(&mut self, operator: Operator, left: &Surface, right: &Surface, wanted: Type, span: Span) -> Elaborated {
        let (real, vector) = (Type::Real, Type::Vector);
        let (op, types) = match operator {
            Operator::Plus | Operator::Minus => {
                let op = if operator == Operator::Plus { Op::Add } else { Op::Sub };
                self.agree(if op == Op::Add { "+" } else { "-" }, left, right)?;
                (op, (wanted, wanted))
            }
            Operator::Elementwise => (Op::Hadamard, (vector, vector)),
            Operator::ElementwiseOver => (Op::Quotient, (vector, vector)),
            Operator::Over if !self.types(right).has(real) => {
                let (numerator, divisor) = (self.excerpt(left), self.excerpt(right));
                let left_type = self.types(left).default();
                return Err(SyntaxError::new(Problem::VectorDivisor { numerator, left_type, divisor }, span));
            }
            Operator::Over => (Op::Div, (wanted, real)),
            Operator::Times => {
                let (x, y) = (self.types(left), self.types(right));
                match wanted {
                    Type::Real if x.has(real) && y.has(real) => (Op::Mul, (real, real)),
                    Type::Vector if x.has(real) && y.has(vector) => (Op::Mul, (real, vector)),
                    Type::Vector if x.has(vector) && y.has(real) => (Op::Mul, (vector, real)),
                    _ => {
                        let problem = Problem::VectorProduct { left: self.excerpt(left), right: self.excerpt(right) };
                        return Err(SyntaxError::new(problem, span));
                    }
                }
            }
        };
        let x = self.value(left, Some(types.0))?;
        let y = self.value(right, Some(types.1))?;
        // The real stands first in the tree, wherever it is written.
        let arguments = if op == Op::Mul && types.0 == vector { vec![y, x] } else { vec![x, y] };
        self.apply(op, arguments, span)
    }

    fn power(&mut self, base: &Surface, exponent: &Surface, span: Span) -> Elaborated {
        let n = match &exponent.form {
            Form::Number(digits) => digits.parse::<u32>().ok().filter(|n| *n <= MAX_EXPONENT),
            _ => None,
        };
        let Some(n) = n else {
            let problem = Problem::Exponent { found: self.excerpt(exponent), max: MAX_EXPONENT };
            return Err(SyntaxError::new(problem, exponent.span));
        };
        if let (Form::Bars(inner), 2, false) = (&base.form, n, base.bracketed) {
            let inner = self.value(inner, None)?;
            return match inner.ty() {
                Type::Vector => self.apply(Op::NormSquared, vec![inner], span),
                Type::Real => {
                    let inner = self.apply(Op::Abs, vec![inner], base.span)?;
                    self.build(Node::Power(inner, 2), span)
                }
            };
        }
        let tree = self.value(base, None)?;
        if tree.ty() == Type::Vector {
            return Err(SyntaxError::new(Problem::VectorPower(self.excerpt(base)), span));
        }
        self.build(Node::Power(tree, n), span)
    }

    /// A power with an exponent that is no numeral.
    fn real_power(&mut self, base: &Surface, exponent: &Surface, wanted: Type, span: Span) -> Elaborated {
        let tree = self.value(exponent, Some(Type::Real))?;
        if tree.is_whole() {
            let problem = Problem::Exponent { found: self.excerpt(exponent), max: MAX_EXPONENT };
            return Err(SyntaxError::new(problem, exponent.span));
        }
        let base = self.value(base, Some(wanted))?;
        self.apply(Op::Derived(Derived::Power), vec![base, tree], span)
    }

    fn call(&mut self, name: &str, arguments: &[Surface], wanted: Type, span: Span) -> Elaborated {
        let arity = |expected: &str, usage: &str| {
            let (name, expected, usage) = (name.to_string(), expected.to_string(), usage.to_string());
            SyntaxError::new(Problem::Arity { name, expected, found: arguments.len(), usage }, span)
        };
        match (name, arguments) {
            ("others", [vector, action]) => {
                let vector = self.value(vector, Some(Type::Vector))?;
                let action = self.action(action)?;
                self.build(Node::Others(vector, action), span)
            }
            ("others", _) => Err(arity("2 arguments", "`others(v, c)` is v without its coordinate c")),
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
            ("D", _) => Err(arity("2 or 3 arguments", "`D(f, z)` is a gradient, `D(f, z, v)` a derivative along v")),
            _ if self.function(name).is_some() => self.use_of(name, arguments, span),
            _ => {
                let op = Op::called(name, arguments.len()).ok_or_else(|| self.unknown_function(name, span))?;
                if op.arity() != arguments.len() {
                    let counts: Vec<String> = Op::named(name).map(|op| op.arity().to_string()).collect();
                    let plural = if counts == ["1"] { "" } else { "s" };
                    return Err(arity(&format!("{} argument{plural}", counts.join(" or ")), op.info().meaning));
                }
                // Elementwise functions follow their arguments, and the context where those can be either.
                let signatures = op.info().signatures;
                let gives = signatures.iter().filter(|(_, gives)| *gives == wanted);
                let fits = gives.chain(signatures).find(|(takes, _)| self.fit(arguments, takes));
                let by_first = || signatures.iter().find(|(takes, _)| self.types(&arguments[0]).has(takes[0]));
                let takes = fits.or_else(by_first).unwrap_or(&signatures[0]).0;
                let trees: Result<Vec<_>, _> =
                    arguments.iter().zip(takes).map(|(argument, ty)| self.value(argument, Some(*ty))).collect();
                self.apply(op, trees?, span)
            }
        }
    }

    /// A function of the statement's own on arguments.
    fn use_of(&mut self, name: &str, arguments: &[Surface], span: Span) -> Elaborated {
        let Some(function) = self.function(name) else { return Err(self.unknown(name, span)) };
        let count = function.parameters.len();
        if count != arguments.len() {
            let (name, usage) = (name.to_string(), "a function defined above".into());
            let expected = format!("{count} argument{}", if count == 1 { "" } else { "s" });
            return Err(SyntaxError::new(Problem::Arity { name, expected, found: arguments.len(), usage }, span));
        }
        let mut values = Vec::with_capacity(count);
        for (surface, (parameter, sort)) in arguments.iter().zip(&function.parameters) {
            let Some(ty) = sort.ty() else {
                values.push(Argument::Action(self.action(surface)?));
                continue;
            };
            let value = self.value(surface, Some(ty)).map_err(|error| match error.problem {
                Problem::Mismatch { what, expected, .. } if error.span == surface.span => {
                    let (function, parameter) = (name.to_string(), parameter.to_string());
                    SyntaxError::new(Problem::Parameter { function, parameter, what, expected }, error.span)
                }
                problem => SyntaxError::new(problem, error.span),
            })?;
            for (inner, point) in function.differentiated() {
                if inner == parameter && self.depends(&value, &point) {
                    let (function, parameter, point) = (name.to_string(), parameter.to_string(), point.to_string());
                    return Err(SyntaxError::new(Problem::Differentiated { function, parameter, point }, surface.span));
                }
            }
            values.push(Argument::Value(value));
        }
        let fresh = |bound: &Name, taken: &[Name]| {
            let mut name = bound.clone();
            while self.free(&name, span).is_err() || taken.contains(&name) {
                name = format!("{name}'").into();
            }
            name
        };
        function.applied(&values, &fresh).map_err(|error| match error {
            BuildError::TooDeep => SyntaxError::new(Problem::TooDeep, span),
            BuildError::TooLarge => SyntaxError::new(Problem::TooLarge, span),
            other => SyntaxError::new(Problem::Build(other), span),
        })
    }

    fn variable(&self, surface: &Surface) -> Result<Name, SyntaxError> {
        if let Form::Name(name) = &surface.form {
            match self.statement.sort(name) {
                Some(Sort::Vector | Sort::Logits | Sort::Masked) => return Ok(name.as_str().into()),
                None if self.lookup(name).is_none() => return Err(self.unknown(name, surface.span)),
                _ => {}
            }
        }
        Err(SyntaxError::new(Problem::NotAVariable(self.excerpt(surface)), surface.span))
    }

    fn action(&self, surface: &Surface) -> Result<Action, SyntaxError> {
        match &surface.form {
            Form::Name(name) => match self.lookup(name) {
                Some(Known::Action) => return Ok(Action::Name(name.as_str().into())),
                None if name != "K" => return Err(self.unknown(name, surface.span)),
                _ => {}
            },
            Form::Number(digits) => match digits.parse::<usize>() {
                Ok(index) if index >= 1 => return Ok(Action::Index(index)),
                _ => {}
            },
            _ => {}
        }
        Err(SyntaxError::new(Problem::NotAnAction(self.excerpt(surface)), surface.span))
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
            Form::Or(parts) => {
                let mut all = Vec::with_capacity(parts.len());
                for part in parts {
                    match self.proposition(part)? {
                        Prop::Or(inner) => all.extend(inner),
                        other => all.push(other),
                    }
                }
                Ok(Prop::Or(all))
            }
            Form::Implies(a, b) => Ok(Prop::Implies(self.proposition(a)?.into(), self.proposition(b)?.into())),
            Form::Iff(a, b) => Ok(Prop::Iff(self.proposition(a)?.into(), self.proposition(b)?.into())),
            _ => {
                // What is wrong inside comes first.
                self.value(surface, None)?;
                Err(SyntaxError::new(Problem::ValueAsProposition(self.excerpt(surface)), surface.span))
            }
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
                _ => Err(SyntaxError::new(Problem::ActionOrder, left.span.to(right.span))),
            };
        }
        let ty = self.agree(relation.sign(), left, right)?.default();
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
