//! The text of a claim: `claim`, `title`, `source`, `given`, `let`, `show` and `expect` lines, and the proof.

use crate::expr::elaborate::Scope;
use crate::expr::error::{Problem, Span, SyntaxError};
use crate::expr::lexer::Kind;
use crate::expr::parse::Parser;
use crate::expr::prop::{Sort, Statement};
use crate::proof::script;

use super::{Claim, Expected};

/// The words that start a line of a claim.
const KEYWORDS: &[&str] = &["claim", "title", "source", "given", "let", "show", "expect", "proof"];

/// Reads a claim from its text.
///
/// # Errors
/// Syntax, names or types, with the place in the text.
///
/// # Examples
/// ```
/// let claim = logitlab::claims::parse(
///     "claim  norm-identity
///      given  P : vector, c : action, g : real
///      show   |g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))",
/// )?;
/// assert_eq!(claim.id, "norm-identity");
/// assert_eq!(claim.statement.shows[0].to_string(), "|g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))");
/// # Ok::<(), logitlab::expr::SyntaxError>(())
/// ```
pub fn parse(text: &str) -> Result<Claim, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let mut reader = Reader { parser: &mut parser, statement: Statement::default() };
    reader.parser.expect("claim")?;
    let id = reader.hyphenated("an id: lower-case words joined by hyphens")?;
    let (mut title, mut source, mut expected, mut proof) = (None, None, None, None);
    loop {
        let token = reader.parser.peek();
        let word = reader.parser.peek_text();
        if token.kind == Kind::End {
            break;
        }
        if !KEYWORDS.contains(&word) || word == "claim" {
            let lines = KEYWORDS[1..].join("`, `");
            return Err(reader.parser.unexpected(&format!("a line that starts with `{lines}`")));
        }
        if word == "proof" {
            let script = script::parse(reader.parser, &reader.statement)?;
            once(&mut proof, script, token.span, word)?;
            continue;
        }
        reader.parser.next();
        match word {
            "title" => once(&mut title, reader.text()?, token.span, word)?,
            "source" => once(&mut source, reader.text()?, token.span, word)?,
            "expect" => once(&mut expected, reader.expectation()?, token.span, word)?,
            "given" => reader.list(Reader::given)?,
            "let" => reader.list(Reader::definition)?,
            _ => reader.list(Reader::show)?,
        }
    }
    if reader.statement.shows.is_empty() {
        return Err(reader.parser.unexpected("a `show` line: the proposition that is claimed"));
    }
    Ok(Claim {
        title: title.unwrap_or_else(|| id.clone()),
        id,
        source: source.unwrap_or_default(),
        statement: reader.statement,
        expected: expected.unwrap_or(Expected::Holds),
        section: None,
        proof,
    })
}

fn once<T>(slot: &mut Option<T>, value: T, span: Span, word: &str) -> Result<(), SyntaxError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(SyntaxError::new(Problem::Claim(format!("a second `{word}` line; one is enough")), span)),
    }
}

struct Reader<'p, 'a> {
    parser: &'p mut Parser<'a>,
    statement: Statement,
}

impl Reader<'_, '_> {
    /// Words joined by hyphens, with nothing between.
    fn hyphenated(&mut self, what: &str) -> Result<String, SyntaxError> {
        let (_, first) = self.parser.take(Kind::Word, what)?;
        let mut span = first;
        while self.parser.peek_text() == "-" && self.parser.peek().span.start == span.end {
            span = span.to(self.parser.next().span);
            let next = self.parser.peek();
            if next.span.start != span.end || !matches!(next.kind, Kind::Word | Kind::Number) {
                return Err(self.parser.unexpected("the rest of the id after the hyphen"));
            }
            span = span.to(self.parser.next().span);
        }
        let id = self.parser.slice(span);
        let proper = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.chars().all(proper) {
            Ok(id.to_string())
        } else {
            let found = format!("`{id}`");
            Err(SyntaxError::new(Problem::Expected { expected: what.to_string(), found }, span))
        }
    }

    fn text(&mut self) -> Result<String, SyntaxError> {
        let (quoted, _) = self.parser.take(Kind::Text, "a text in double quotes")?;
        Ok(quoted[1..quoted.len() - 1].to_string())
    }

    fn expectation(&mut self) -> Result<Expected, SyntaxError> {
        for expected in [Expected::Holds, Expected::Refuted] {
            if self.parser.accept(expected.word()) {
                return Ok(expected);
            }
        }
        Err(self.parser.unexpected("`holds` or `refuted`"))
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), SyntaxError>) -> Result<(), SyntaxError> {
        item(self)?;
        while self.parser.accept(",") {
            item(self)?;
        }
        Ok(())
    }

    /// `name : sort` or a hypothesis.
    fn given(&mut self) -> Result<(), SyntaxError> {
        if !self.parser.declares() {
            let hypothesis = self.proposition()?;
            self.statement.hypotheses.push(hypothesis);
            return Ok(());
        }
        let (name, span) = self.parser.take(Kind::Word, "a name")?;
        Scope::new(&self.statement, self.parser.text()).free(name, span)?;
        self.parser.expect(":")?;
        let sorts = Sort::ALL.iter().map(|(_, word)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let known = Sort::by_word(self.parser.peek_text());
        let sort = known.ok_or_else(|| self.parser.unexpected(&format!("one of {sorts}")))?;
        self.parser.next();
        self.statement.variables.push((name.into(), sort));
        Ok(())
    }

    fn definition(&mut self) -> Result<(), SyntaxError> {
        let (name, span) = self.parser.take(Kind::Word, "a name to define")?;
        Scope::new(&self.statement, self.parser.text()).free(name, span)?;
        self.parser.expect("=")?;
        let surface = self.parser.value()?;
        let tree = Scope::new(&self.statement, self.parser.text()).value(&surface, None)?;
        self.statement.definitions.push((name.into(), tree));
        Ok(())
    }

    fn show(&mut self) -> Result<(), SyntaxError> {
        let prop = self.proposition()?;
        self.statement.shows.push(prop);
        Ok(())
    }

    fn proposition(&mut self) -> Result<crate::expr::Prop, SyntaxError> {
        let surface = self.parser.proposition()?;
        Scope::new(&self.statement, self.parser.text()).proposition(&surface)
    }
}
