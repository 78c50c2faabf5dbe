//! The grammar: tokens to surface expressions.

use std::cell::OnceCell;

use super::error::{Problem, Span, SyntaxError};
use super::lexer::{Kind, Token, tokens};
use super::op::LINES;
use super::prop::Relation;
use super::tree::{MAX_DEPTH, MAX_EXPONENT};

pub use super::surface::{Form, Operator, Surface};

/// How many brackets may be open at once: as many as the deepest tree needs when it is printed, so that whatever is
/// printed parses back. Each takes some 3 KB of stack.
const MAX_NESTING: usize = MAX_DEPTH;

const PRODUCTS: &[(&str, Operator)] =
    &[("*", Operator::Times), ("/", Operator::Over), (".*", Operator::Elementwise), ("./", Operator::ElementwiseOver)];

/// Reads tokens; the grammar is its methods, from the loosest binding to the tightest.
pub struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
}

/// Boxed, since what the parser holds while it descends decides how deep it can.
type Parsed = Result<Box<Surface>, SyntaxError>;

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

    /// Consumes the next token; at the end it stays there.
    #[expect(clippy::should_implement_trait, reason = "this never ends, so it is no iterator")]
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
        if self.accept(text) {
            return Ok(span);
        }
        // What closes something could also come after more of it.
        let more = if [")", "]", "|", ">", ","].contains(&text) { "an operator or " } else { "" };
        Err(self.unexpected(&format!("{more}`{text}`")))
    }

    /// Consumes the `>` that closes an inner product, which may touch an equality sign: `<u,v>=1`.
    fn close_angle(&mut self) -> Result<Span, SyntaxError> {
        let Token { kind, span } = self.peek();
        if kind == Kind::Symbol && self.slice(span) == ">=" {
            self.tokens[self.at].span.start += 1;
            return Ok(Span { start: span.start, end: span.start + 1 });
        }
        self.expect(">")
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

    /// Ends the text.
    ///
    /// # Errors
    /// If something is left of it.
    pub fn end(&self) -> Result<(), SyntaxError> {
        if self.peek().kind == Kind::End { Ok(()) } else { Err(self.unexpected("an operator or the end of the text")) }
    }

    /// Whether the next token is the first on its line.
    pub fn at_line_start(&self) -> bool {
        let before = self.at.checked_sub(1).map_or(0, |previous| self.tokens[previous].span.end);
        self.at == 0 || self.text[before..self.peek().span.start].contains('\n')
    }

    /// The place of the token that was consumed last; at the start, that of the next one.
    pub fn last(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    /// A complaint about the next token.
    pub fn unexpected(&self, expected: &str) -> SyntaxError {
        let token = self.peek();
        let found = match token.kind {
            Kind::End if self.at == 0 => "a text without words".to_string(),
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
        Ok(Box::new(Surface { form, span, depth, bracketed: false, types: OnceCell::new() }))
    }

    /// A proposition: `p <=> q`, `p => q`, `p or q`, `p and q`, or relations between values.
    ///
    /// # Errors
    /// Where the grammar is broken.
    pub fn proposition(&mut self) -> Result<Surface, SyntaxError> {
        self.equivalence().map(|surface| *surface)
    }

    fn equivalence(&mut self) -> Parsed {
        let mut whole = self.implication()?;
        if self.accept("<=>") {
            let right = self.implication()?;
            let span = whole.span.to(right.span);
            whole = self.surface(Form::Iff(whole, right), span)?;
        }
        match self.peek_text() {
            "=>" | "<=>" => Err(SyntaxError::new(Problem::ChainedArrows, self.peek().span)),
            _ => Ok(whole),
        }
    }

    fn implication(&mut self) -> Parsed {
        let left = self.disjunction()?;
        if !self.accept("=>") {
            return Ok(left);
        }
        let right = self.disjunction()?;
        let span = left.span.to(right.span);
        self.surface(Form::Implies(left, right), span)
    }

    fn disjunction(&mut self) -> Parsed {
        let first = self.conjunction()?;
        if self.peek_text() == "or" { self.joined(*first, "or", Parser::conjunction, Form::Or) } else { Ok(first) }
    }

    fn conjunction(&mut self) -> Parsed {
        let first = self.chain()?;
        if self.peek_text() == "and" { self.joined(*first, "and", Parser::chain, Form::And) } else { Ok(first) }
    }

    /// The parts that stand after the first one, each behind a word.
    #[inline(never)]
    fn joined(
        &mut self,
        first: Surface,
        word: &str,
        part: fn(&mut Self) -> Parsed,
        form: fn(Vec<Surface>) -> Form,
    ) -> Parsed {
        let mut parts = vec![first];
        while self.accept(word) {
            parts.push(*part(self)?);
        }
        let span = parts[0].span.to(parts[parts.len() - 1].span);
        self.surface(form(parts), span)
    }

    fn chain(&mut self) -> Parsed {
        let first = self.sum()?;
        let Some(relation) = self.relation() else { return Ok(first) };
        let (mut values, mut relations) = (vec![*first, *self.sum()?], vec![relation]);
        while let Some(relation) = self.relation() {
            relations.push(relation);
            values.push(*self.sum()?);
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
    pub fn value(&mut self) -> Result<Surface, SyntaxError> {
        self.sum().map(|surface| *surface)
    }

    fn sum(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(SyntaxError::new(Problem::TooManyBrackets { max: MAX_NESTING }, self.peek().span));
        }
        let minus = self.peek().span;
        let negative = self.accept("-");
        let mut whole = self.product()?;
        if negative {
            let span = minus.to(whole.span);
            whole = self.surface(Form::Negative(whole), span)?;
        }
        while let Some(operator) = self.operator(&[("+", Operator::Plus), ("-", Operator::Minus)]) {
            let right = self.product()?;
            whole = self.binary(operator, whole, right)?;
        }
        self.nesting -= 1;
        Ok(whole)
    }

    fn product(&mut self) -> Parsed {
        let mut whole = self.power()?;
        while let Some(operator) = self.operator(PRODUCTS) {
            let right = self.power()?;
            whole = self.binary(operator, whole, right)?;
        }
        if self.continues() { Err(self.unexpected(self.instead_of_a_product())) } else { Ok(whole) }
    }

    /// The operator that stands next if it is one of these, consumed.
    fn operator(&mut self, among: &[(&str, Operator)]) -> Option<Operator> {
        let sign = self.peek_text();
        let (_, operator) = among.iter().find(|(known, _)| *known == sign)?;
        self.next();
        Some(*operator)
    }

    #[inline(never)]
    fn binary(&self, operator: Operator, left: Box<Surface>, right: Box<Surface>) -> Parsed {
        let span = left.span.to(right.span);
        self.surface(Form::Binary(operator, left, right), span)
    }

    /// Whether a value stands next on the same line, with no operator before it.
    fn continues(&self) -> bool {
        let starts = match (self.peek().kind, self.peek_text()) {
            (Kind::Word, word) => !["and", "or"].contains(&word) && !LINES.contains(&word),
            (Kind::Number, _) | (Kind::Symbol, "(") => true,
            _ => false,
        };
        starts && !self.at_line_start()
    }

    fn instead_of_a_product(&self) -> &'static str {
        match self.peek_text() {
            "not" => "an operator (propositions are joined with `and`, `or`, `=>` and `<=>` only)",
            word if word.starts_with('_') => "an operator (a coordinate is written in brackets, as in `v[c]`)",
            _ => "an operator (a product is written with `*`)",
        }
    }

    fn power(&mut self) -> Parsed {
        let mut base = self.atom()?;
        while self.accept("[") {
            let index = self.sum()?;
            let span = base.span.to(self.expect("]")?);
            base = self.surface(Form::Index(base, index), span)?;
        }
        if !self.accept("^") {
            return Ok(base);
        }
        if self.peek_text() == "-" {
            let problem = Problem::Exponent { found: "-".to_string(), max: MAX_EXPONENT };
            return Err(SyntaxError::new(problem, self.peek().span));
        }
        let exponent = self.atom()?;
        if self.peek_text() == "^" {
            return Err(SyntaxError::new(Problem::ChainedPowers, self.peek().span));
        }
        let span = base.span.to(exponent.span);
        self.surface(Form::Power(base, exponent), span)
    }

    fn atom(&mut self) -> Parsed {
        let token = self.peek();
        let text = self.slice(token.span);
        match (token.kind, text) {
            (Kind::Number, _) => {
                self.next();
                self.surface(Form::Number(text.to_string()), token.span)
            }
            (Kind::Word, word) if ["and", "or"].contains(&word) || LINES.contains(&word) => {
                Err(self.unexpected("a value"))
            }
            (Kind::Word, "E") => self.expectation(),
            (Kind::Word, _) => self.named(),
            (Kind::Symbol, "(") => {
                self.next();
                let mut inner = self.equivalence()?;
                inner.span = token.span.to(self.expect(")")?);
                inner.bracketed = true;
                Ok(inner)
            }
            (Kind::Symbol, "|") => {
                self.next();
                let inner = self.sum()?;
                let end = self.expect("|")?;
                self.surface(Form::Bars(inner), token.span.to(end))
            }
            (Kind::Symbol, "<") => {
                self.next();
                let left = self.sum()?;
                self.expect(",")?;
                let right = self.sum()?;
                let end = self.close_angle()?;
                self.surface(Form::Angle(left, right), token.span.to(end))
            }
            (Kind::Symbol, "[") => {
                self.next();
                let items = self.list()?;
                let end = self.expect("]")?;
                self.surface(Form::List(items), token.span.to(end))
            }
            (Kind::Symbol, "-") => Err(self.unexpected("a value; a negative one needs brackets here, as in `x*(-y)`")),
            (Kind::Symbol, "=") if self.at > 0 && self.slice(self.tokens[self.at - 1].span) == "=" => {
                Err(self.unexpected("a value (equality is written with one `=`)"))
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    fn list(&mut self) -> Result<Vec<Surface>, SyntaxError> {
        let mut items = vec![*self.equivalence()?];
        while self.accept(",") {
            items.push(*self.equivalence()?);
        }
        Ok(items)
    }

    fn named(&mut self) -> Parsed {
        let (name, span) = self.take(Kind::Word, "a name")?;
        if !self.accept("(") {
            return self.surface(Form::Name(name.to_string()), span);
        }
        let arguments = if self.peek_text() == ")" { Vec::new() } else { self.list()? };
        let end = self.expect(")")?;
        self.surface(Form::Call(name.to_string(), arguments), span.to(end))
    }

    fn expectation(&mut self) -> Parsed {
        let start = self.expect("E")?;
        if !self.accept("[") {
            return Err(self.unexpected("`[`, as in `E[a ~ P](...)`"));
        }
        let (action, place) = self.take(Kind::Word, "a name for the action, as in `E[a ~ P](...)`")?;
        self.expect("~")?;
        let over = self.sum()?;
        self.expect("]")?;
        self.expect("(")?;
        let body = self.equivalence()?;
        let end = self.expect(")")?;
        self.surface(Form::Expect(action.to_string(), place, over, body), start.to(end))
    }
}

/// At most 40 characters of a text, on one line.
pub fn shorten(text: &str) -> String {
    let mut line = String::new();
    for (k, word) in text.split_whitespace().enumerate() {
        let separator = if k == 0 { "" } else { " " };
        let left = 41_usize.saturating_sub(line.chars().count());
        line.extend(separator.chars().chain(word.chars()).take(left));
    }
    if line.chars().count() <= 40 { line } else { line.chars().take(37).chain("...".chars()).collect() }
}
