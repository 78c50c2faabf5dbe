//! An error in a text of the language: what is wrong, and where.

pub use super::problem::Problem;

/// A range of bytes of the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Line and column (both 1-based, the column in characters) of its start in the text that it came from.
    pub fn position(self, text: &str) -> (usize, usize) {
        let before = &text[..self.start.min(text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }

    /// From the start of one span to the end of another.
    pub fn to(self, end: Span) -> Span {
        Span { start: self.start, end: end.end }
    }
}

/// A problem and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SyntaxError {
    /// What is wrong.
    pub problem: Problem,
    /// Where in the text.
    pub span: Span,
}

impl SyntaxError {
    /// A problem with a claim as a whole, in words.
    pub fn claim(problem: impl Into<String>, span: Span) -> SyntaxError {
        SyntaxError::new(Problem::Claim(problem.into()), span)
    }

    /// A problem at a place.
    pub fn new(problem: Problem, span: Span) -> SyntaxError {
        SyntaxError { problem, span }
    }

    /// Line and column (both 1-based, the column in characters) of its start in the text that it came from.
    pub fn position(&self, text: &str) -> (usize, usize) {
        self.span.position(text)
    }
}
