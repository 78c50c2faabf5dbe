//! What can be wrong with a text in the language, and where.

use super::op::Type;
use super::tree::{BuildError, MAX_DEPTH};

/// A range of bytes of the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From the start of one span to the end of another.
    pub fn to(self, end: Span) -> Span {
        Span { start: self.start, end: end.end }
    }
}

/// What is wrong, in words for the author of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A character that the language does not use.
    #[error("the character `{0}` is not used in this language")]
    Character(char),
    /// A string without its closing quote.
    #[error("this string is not closed: a `\"` is missing before the end of the line")]
    OpenString,
    /// Something other than what the grammar needs here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What would be right.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// A name that nothing declares.
    #[error("unknown name `{name}`{}", hint(.nearest))]
    UnknownName {
        /// The name.
        name: String,
        /// Known names that look like it.
        nearest: Vec<String>,
    },
    /// A name that is taken.
    #[error("the name `{0}` is already taken; choose another")]
    NameTaken(String),
    /// A vector where a real is needed, or the other way round.
    #[error("{what} is a {found}, but a {expected} is needed here{}", cure(*.expected, *.found))]
    Mismatch {
        /// The text in question, shortened.
        what: String,
        /// The type needed.
        expected: Type,
        /// The type found.
        found: Type,
    },
    /// Two vectors multiplied with `*`.
    #[error("the product of two vectors needs to say which: `u.*v` (elementwise) or `<u,v>` (inner product)")]
    VectorProduct,
    /// Another type error of an operation.
    #[error("{0}")]
    Build(BuildError),
    /// A function called with the wrong number of arguments.
    #[error("`{name}` takes {expected} argument(s), {found} given")]
    Arity {
        /// The function.
        name: String,
        /// How many it takes.
        expected: String,
        /// How many were given.
        found: usize,
    },
    /// An action where a value is needed.
    #[error("`{0}` is an action, not a value; write `e[{0}]` for its unit vector or `v[{0}]` for a coordinate")]
    ActionAsValue(String),
    /// A value where an action is needed.
    #[error("an action is needed here: a name declared `: action`, or a number from 1 on")]
    NotAnAction,
    /// A relation or connective inside an expression.
    #[error("a value is needed here, not a proposition")]
    PropositionAsValue,
    /// A value where a proposition is needed.
    #[error("a proposition is needed here, such as `x = y` or `x <= y`, not a value")]
    ValueAsProposition,
    /// A derivative with respect to something else than a declared vector.
    #[error("`D(f, z)` needs the name of a declared vector or logits as its second argument")]
    NotAVariable,
    /// An exponent that is not a small literal.
    #[error("an exponent must be a whole number from 0 to {max}, written as a literal")]
    Exponent {
        /// The largest one allowed.
        max: u32,
    },
    /// A literal with too many digits.
    #[error("a number of {found} digits; at most {max} may be written")]
    Digits {
        /// How many it has.
        found: usize,
        /// The largest number allowed.
        max: usize,
    },
    /// Nested too deeply.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Longer than a text may be.
    #[error("the text is {found} bytes long; at most {max} are read")]
    TooLong {
        /// Its length.
        found: usize,
        /// The limit.
        max: usize,
    },
    /// A line of a claim that must be there.
    #[error("{0}")]
    Claim(String),
}

fn hint(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        names => format!("; did you mean {}?", names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" or ")),
    }
}

fn cure(expected: Type, found: Type) -> &'static str {
    match (expected, found) {
        (Type::Vector, Type::Real) => " (x*1 is the vector with x in every coordinate)",
        (Type::Real, Type::Vector) => " (sum(v), v[c] or |v| give a real)",
        _ => "",
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
    /// A problem at a place.
    pub fn new(problem: Problem, span: Span) -> SyntaxError {
        SyntaxError { problem, span }
    }

    /// Line and column (both 1-based, the column in characters) of its start in the text that it came from.
    pub fn position(&self, text: &str) -> (usize, usize) {
        let before = &text[..self.span.start.min(text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// The known names closest to an unknown one, best first, at most two.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut scored: Vec<(usize, &str)> = known
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4 && *distance < candidate.len())
        .collect();
    scored.sort_unstable();
    scored.into_iter().take(2).map(|(_, candidate)| candidate.to_string()).collect()
}
