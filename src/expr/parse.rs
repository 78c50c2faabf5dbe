//! The grammar: tokens to surface expressions, which know where they stand but nothing of names and types.

use super::error::{Problem, Span, SyntaxError};
use super::lexer::{Kind, Token, tokens};
use super::prop::Relation;
use super::tree::MAX_DEPTH;

/// How many brackets may be open at once. Each descends through some ten functions of the parser, so the limit is
/// tighter than [`MAX_DEPTH`].
const MAX_NESTING: usize = 64;

/// An expression or a proposition as written.
#[derive(Clone, Debug)]
pub struct Surface {
    /// Its shape.
    pub form: Form,
    /// Where it stands.
    pub span: Span,
    /// The number of levels.
    pub depth: usize,
}

/// A binary operator as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
    /// `.*`
    Elementwise,
}

/// The shapes that a text can have.
#[derive(Clone, Debug)]
pub enum Form {
    /// A literal; its text is at the span.
    Number(String),
    /// A name.
    Name(String),
    /// `f(x, y)`
    Call(String, Vec<Surface>),
    /// `x[c]`
    Index(Box<Surface>, Box<Surface>),
    /// `x + y` and the like
    Binary(Operator, Box<Surface>, Box<Surface>),
    /// `-x`
    Negative(Box<Surface>),
    /// `x^n`
    Power(Box<Surface>, Box<Surface>),
    /// `|x|`
    Bars(Box<Surface>),
    /// `<u,v>`
    Angle(Box<Surface>, Box<Surface>),
    /// `[x, y]`
    List(Vec<Surface>),
    /// `E[a ~ P](x)`
    Expect(String, Span, Box<Surface>, Box<Surface>),
    /// `x <= y < z`
    Chain(Vec<Surface>, Vec<Relation>),
    /// `p and q`
    And(Vec<Surface>),
    /// `p => q`
    Implies(Box<Surface>, Box<Surface>),
    /// `p <=> q`
    Iff(Box<Surface>, Box<Surface>),
}

impl Form {
    fn depth(&self) -> usize {
        let deepest = |items: &[Surface]| items.iter().map(|item| item.depth).max().unwrap_or(0);
        match self {
            Form::Number(_) | Form::Name(_) => 0,
            Form::Call(_, items) | Form::List(items) | Form::Chain(items, _) | Form::And(items) => deepest(items),
            Form::Negative(x) | Form::Bars(x) => x.depth,
            Form::Index(x, y)
            | Form::Binary(_, x, y)
            | Form::Power(x, y)
            | Form::Angle(x, y)
            | Form::Expect(_, _, x, y)
            | Form::Implies(x, y)
            | Form::Iff(x, y) => x.depth.max(y.depth),
        }
    }
}

/// Reads tokens; the grammar is its methods, from the loosest binding to the tightest.
pub struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
}

type Parsed = Result<Surface, SyntaxError>;

impl<'a> Parser<'a> {
    /// Starts at the beginning of a text.
    ///
    /// # Errors
    /// Those of [`tokens`].
    pub fn new(text: &'a str) -> Result<Parser<'a>, SyntaxError> {
        Ok(Parser { text, tokens: tokens(text)?, at: 0, nesting: 0 })
    }

    /// The whole source text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The next token, not consumed.
    pub fn peek(&self) -> Token {
        self.tokens[self.at]
    }

    /// The text of the next token, not consumed; empty at the end.
    pub fn peek_text(&self) -> &'a str {
        self.slice(self.peek().span)
    }

    /// The text at a place.
    pub fn slice(&self, span: Span) -> &'a str {
        &self.text[span.start..span.end]
    }

    /// Consumes the next token.
    pub fn next(&mut self) -> Token {
        let token = self.peek();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    /// Whether a declaration `name : ...` stands next.
    pub fn declares(&self) -> bool {
        let colon = self.tokens.get(self.at + 1).is_some_and(|token| self.slice(token.span) == ":");
        self.peek().kind == Kind::Word && colon
    }

    /// Consumes the next token if it is this symbol or word.
    pub fn accept(&mut self, text: &str) -> bool {
        let hit = matches!(self.peek().kind, Kind::Symbol | Kind::Word) && self.peek_text() == text;
        if hit {
            self.next();
        }
        hit
    }

    /// Consumes this symbol or word.
    ///
    /// # Errors
    /// If something else stands there.
    pub fn expect(&mut self, text: &str) -> Result<Span, SyntaxError> {
        let span = self.peek().span;
        if self.accept(text) { Ok(span) } else { Err(self.unexpected(&format!("`{text}`"))) }
    }

    /// Consumes a token of this kind and gives its text.
    ///
    /// # Errors
    /// If something else stands there; `what` says what was expected.
    pub fn take(&mut self, kind: Kind, what: &str) -> Result<(&'a str, Span), SyntaxError> {
        let token = self.peek();
        if token.kind == kind {
            self.next();
            Ok((self.slice(token.span), token.span))
        } else {
            Err(self.unexpected(what))
        }
    }

    /// A complaint about the next token.
    pub fn unexpected(&self, expected: &str) -> SyntaxError {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "the end of the text".to_string(),
            _ => format!("`{}`", shorten(self.slice(token.span))),
        };
        SyntaxError::new(Problem::Expected { expected: expected.to_string(), found }, token.span)
    }

    fn surface(&self, form: Form, span: Span) -> Parsed {
        let depth = 1 + form.depth();
        if depth > MAX_DEPTH {
            return Err(SyntaxError::new(Problem::TooDeep, span));
        }
        Ok(Surface { form, span, depth })
    }

    /// A proposition: `p <=> q`, `p => q`, `p and q`, or relations between values.
    ///
    /// # Errors
    /// Where the grammar is broken.
    pub fn proposition(&mut self) -> Parsed {
        let left = self.implication()?;
        if !self.accept("<=>") {
            return Ok(left);
        }
        let right = self.implication()?;
        let span = left.span.to(right.span);
        self.surface(Form::Iff(left.into(), right.into()), span)
    }

    fn implication(&mut self) -> Parsed {
        let left = self.conjunction()?;
        if !self.accept("=>") {
            return Ok(left);
        }
        let right = self.conjunction()?;
        let span = left.span.to(right.span);
        self.surface(Form::Implies(left.into(), right.into()), span)
    }

    fn conjunction(&mut self) -> Parsed {
        let mut parts = vec![self.chain()?];
        while self.accept("and") {
            parts.push(self.chain()?);
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        let span = parts[0].span.to(parts[parts.len() - 1].span);
        self.surface(Form::And(parts), span)
    }

    fn chain(&mut self) -> Parsed {
        let mut values = vec![self.value()?];
        let mut relations = Vec::new();
        while let Some(relation) = self.relation() {
            relations.push(relation);
            values.push(self.value()?);
        }
        if relations.is_empty() {
            return Ok(values.remove(0));
        }
        let span = values[0].span.to(values[values.len() - 1].span);
        self.surface(Form::Chain(values, relations), span)
    }

    /// The relation sign that stands next, consumed.
    pub fn relation(&mut self) -> Option<Relation> {
        if self.peek().kind != Kind::Symbol {
            return None;
        }
        let sign = self.peek_text();
        let relation = Relation::ALL.iter().find(|(_, known)| *known == sign).map(|(relation, _)| *relation);
        if relation.is_some() {
            self.next();
        }
        relation
    }

    /// A value: sums of products. No relation is read, so that `<u,v> < x` closes where it should.
    ///
    /// # Errors
    /// Where the grammar is broken.
    pub fn value(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(SyntaxError::new(Problem::TooDeep, self.peek().span));
        }
        let mut left = self.signed_product()?;
        loop {
            let operator = match self.peek_text() {
                "+" => Operator::Plus,
                "-" => Operator::Minus,
                _ => {
                    self.nesting -= 1;
                    return Ok(left);
                }
            };
            self.next();
            let right = self.product()?;
            left = self.binary(operator, left, right)?;
        }
    }

    fn binary(&self, operator: Operator, left: Surface, right: Surface) -> Parsed {
        let span = left.span.to(right.span);
        self.surface(Form::Binary(operator, left.into(), right.into()), span)
    }

    fn signed_product(&mut self) -> Parsed {
        let start = self.peek().span;
        if !self.accept("-") {
            return self.product();
        }
        let inner = self.product()?;
        let span = start.to(inner.span);
        self.surface(Form::Negative(inner.into()), span)
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.power()?;
        loop {
            let operator = match self.peek_text() {
                "*" => Operator::Times,
                "/" => Operator::Over,
                ".*" => Operator::Elementwise,
                _ => return Ok(left),
            };
            self.next();
            let right = self.power()?;
            left = self.binary(operator, left, right)?;
        }
    }

    fn power(&mut self) -> Parsed {
        let base = self.indexed()?;
        if !self.accept("^") {
            return Ok(base);
        }
        let exponent = self.atom()?;
        let span = base.span.to(exponent.span);
        self.surface(Form::Power(base.into(), exponent.into()), span)
    }

    fn indexed(&mut self) -> Parsed {
        let mut base = self.atom()?;
        while self.accept("[") {
            let index = self.value()?;
            let end = self.expect("]")?;
            let span = base.span.to(end);
            base = self.surface(Form::Index(base.into(), index.into()), span)?;
        }
        Ok(base)
    }

    fn atom(&mut self) -> Parsed {
        let token = self.peek();
        let text = self.slice(token.span);
        match (token.kind, text) {
            (Kind::Number, _) => {
                self.next();
                self.surface(Form::Number(text.to_string()), token.span)
            }
            (Kind::Word, "and") => Err(self.unexpected("a value")),
            (Kind::Word, "E") => self.expectation(),
            (Kind::Word, _) => self.named(),
            (Kind::Symbol, "(") => {
                self.next();
                let inner = self.proposition()?;
                self.expect(")")?;
                Ok(inner)
            }
            (Kind::Symbol, "|") => {
                self.next();
                let inner = self.value()?;
                let end = self.expect("|")?;
                self.surface(Form::Bars(inner.into()), token.span.to(end))
            }
            (Kind::Symbol, "<") => {
                self.next();
                let left = self.value()?;
                self.expect(",")?;
                let right = self.value()?;
                let end = self.expect(">")?;
                self.surface(Form::Angle(left.into(), right.into()), token.span.to(end))
            }
            (Kind::Symbol, "[") => {
                self.next();
                let items = self.list("]")?;
                let end = self.expect("]")?;
                self.surface(Form::List(items), token.span.to(end))
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    fn list(&mut self, close: &str) -> Result<Vec<Surface>, SyntaxError> {
        let mut items = Vec::new();
        if self.peek_text() == close {
            return Ok(items);
        }
        loop {
            items.push(self.proposition()?);
            if !self.accept(",") {
                return Ok(items);
            }
        }
    }

    fn named(&mut self) -> Parsed {
        let (name, span) = self.take(Kind::Word, "a name")?;
        if !self.accept("(") {
            return self.surface(Form::Name(name.to_string()), span);
        }
        let arguments = self.list(")")?;
        let end = self.expect(")")?;
        self.surface(Form::Call(name.to_string(), arguments), span.to(end))
    }

    fn expectation(&mut self) -> Parsed {
        let start = self.expect("E")?;
        self.expect("[")?;
        let (action, place) = self.take(Kind::Word, "a name for the action, as in E[a ~ P](...)")?;
        self.expect("~")?;
        let over = self.value()?;
        self.expect("]")?;
        self.expect("(")?;
        let body = self.proposition()?;
        let end = self.expect(")")?;
        self.surface(Form::Expect(action.to_string(), place, over.into(), body.into()), start.to(end))
    }
}

/// At most 40 characters of a text, on one line.
pub fn shorten(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 40 { line } else { line.chars().take(37).chain("...".chars()).collect() }
}
