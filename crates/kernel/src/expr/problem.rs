//! What can be wrong with a text in the language, in words for its author.

use super::op::Type;
use super::tree::{BuildError, MAX_DEPTH, MAX_PARTS};
use crate::text::characters::{blank, hidden, look_alike};
use logitlab_words::Unknown;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A character that the language does not use.
    #[error("the character {} is not used in this language{}", visible(*.0), instead(*.0))]
    Character(char),
    /// A character that nobody sees for what it is.
    #[error("{}", unseen(*.0))]
    Hidden(char),
    /// A letter that looks like another.
    #[error("{}", mistaken(*.0))]
    LookAlike(char),
    /// A string without its closing quote.
    #[error("this string is not closed: a `\"` is missing before the end of the line")]
    OpenString,
    /// A number that is too long.
    #[error("a number of {found} digits; at most {max} are read")]
    Digits {
        /// How many it has.
        found: usize,
        /// The limit.
        max: usize,
    },
    /// Something other than what the grammar needs here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What would be right.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// `p => q => r`
    #[error("`=>` and `<=>` do not chain: put brackets around one of them, as in `p => (q => r)`")]
    ChainedArrows,
    /// `x^2^3`
    #[error("`^` does not chain: put brackets around the first power, as in `(x^2)^3`")]
    ChainedPowers,
    /// A name that nothing declares.
    #[error("{0:#}")]
    UnknownName(Unknown),
    /// A function or `e` without its argument.
    #[error("`{name}` needs its arguments: write `{usage}`")]
    Incomplete {
        /// The name.
        name: String,
        /// How it is used.
        usage: String,
    },
    /// A value that is called.
    #[error("`{0}` is not a function: a product is written `{0}*(x)`, a coordinate of a vector `{0}[c]`")]
    NotAFunction(String),
    /// A word of the language that is declared.
    #[error("`{name}` is a word of the language{}; choose another name", bracketed(.meaning))]
    Reserved {
        /// The word.
        name: String,
        /// What it means, if it is a function.
        meaning: String,
    },
    /// A name that is taken.
    #[error("the name `{0}` already stands for something above; choose another")]
    NameTaken(String),
    /// More names than a statement may have.
    #[error("more than {max} names are declared and defined")]
    TooManyNames {
        /// The limit.
        max: usize,
    },
    /// A vector where a real is needed, or the other way round.
    #[error("`{what}` is a {found}, but a {expected} is needed here; {}", cure(*.expected))]
    Mismatch {
        /// The text in question, shortened.
        what: String,
        /// The type needed.
        expected: Type,
        /// The type found.
        found: Type,
    },
    /// Two sides of a sum or a relation, one a real, one a vector.
    #[error(
        "`{left}` is a {left_type} and `{right}` is a {}, but both sides of `{sign}` must be of one type; {}; {}",
        other(*.left_type), cure(Type::Vector), cure(Type::Real)
    )]
    Disagree {
        /// The operator or relation.
        sign: &'static str,
        /// The text of the left side, shortened.
        left: String,
        /// The type of the left side.
        left_type: Type,
        /// The text of the right side, shortened.
        right: String,
    },
    /// Two vectors multiplied with `*`.
    #[error(
        "`{left}` and `{right}` are vectors: write `u.*v` for their elementwise product, `<u,v>` for the inner one"
    )]
    VectorProduct {
        /// The text of the first, shortened.
        left: String,
        /// The text of the second, shortened.
        right: String,
    },
    /// A vector as the divisor of `/`.
    #[error("`{divisor}` is a vector, and `/` divides by a real: {}", elementwise(.numerator, *.left_type, .divisor))]
    VectorDivisor {
        /// The text of what is divided, shortened.
        numerator: String,
        /// Its type.
        left_type: Type,
        /// The text of the divisor, shortened.
        divisor: String,
    },
    /// A power of a vector.
    #[error("`{0}` is a vector and has no power: write `|v|^2` for its squared norm, `v.*v` for its squared entries")]
    VectorPower(String),
    /// Another type error of an operation.
    #[error("{0}")]
    Build(BuildError),
    /// A function called with the wrong number of arguments.
    #[error("`{name}` takes {expected} and is given {found} ({usage})")]
    Arity {
        /// The function.
        name: String,
        /// How many it takes.
        expected: String,
        /// How many were given.
        found: usize,
        /// What the function means.
        usage: String,
    },
    /// A real where a function of one's own takes a vector, or the other way round.
    #[error(
        "`{what}` is a {}, but `{parameter}` is a {expected} in `{function}`: declare it there as what is meant, as in \
         `let {function}({parameter} : {})`", other(*.expected), other(*.expected)
    )]
    Parameter {
        /// The function.
        function: String,
        /// Its parameter.
        parameter: String,
        /// The argument, shortened.
        what: String,
        /// The type of the parameter.
        expected: Type,
    },
    /// An argument that would be differentiated where it is put.
    #[error(
        "`{parameter}` stands under a derivative with respect to `{point}` in `{function}`, so that its argument must not \
         depend on `{point}`: write the derivative out here"
    )]
    Differentiated {
        /// The function.
        function: String,
        /// Its parameter.
        parameter: String,
        /// The variable of the derivative.
        point: String,
    },
    /// `P_c`, where that is no coordinate.
    #[error("`{name}` is not declared; a coordinate of `{base}` is written `{base}[{index}]`{}", declared(.index))]
    Subscript {
        /// What was written.
        name: String,
        /// The vector.
        base: String,
        /// What should be an action.
        index: String,
    },
    /// A name with braces that is declared.
    #[error("`{0}` is no name: braces stand in coordinates only, as in `P_{{c}}`, which is `P[c]`")]
    Braces(String),
    /// An action where a value is needed.
    #[error("`{0}` is an action, not a value: write `e[{0}]` for its unit vector, `v[{0}]` for a coordinate")]
    ActionAsValue(String),
    /// A value where an action is needed.
    #[error("`{0}` is not an action: a name declared `: action` is needed here, or a number from 1 on")]
    NotAnAction(String),
    /// `a < b` of actions.
    #[error("actions have no order: they are compared with `=` or `!=` only")]
    ActionOrder,
    /// A relation or connective inside an expression.
    #[error("a value is needed here, not a proposition")]
    PropositionAsValue,
    /// A value where a proposition is needed.
    #[error("`{0}` is a value, but a proposition is needed here, such as `x = y` or `x <= y`")]
    ValueAsProposition(String),
    /// A derivative with respect to something else than a declared vector.
    #[error("`D(f, z)` needs a name declared `: vector` or `: logits` as its second argument, not `{0}`")]
    NotAVariable(String),
    /// An exponent that is not a small literal.
    #[error(
        "a whole exponent is from 0 to {max} and written in digits, not `{found}` (a negative power is `1/x^n`; any other \
         exponent stands in brackets, as in `x^(a - 1)`)"
    )]
    Exponent {
        /// What was written.
        found: String,
        /// The largest one allowed.
        max: u32,
    },
    /// Too many levels.
    #[error(
        "more than {MAX_DEPTH} levels, and each operator after another is one: name a part of it in a `let`, or put \
         brackets around half of it"
    )]
    TooDeep,
    /// Too many parts, functions written out.
    #[error(
        "more than {MAX_PARTS} parts, with what its functions stand for written out: name the arguments of the inner ones \
         in a `let`"
    )]
    TooLarge,
    /// Too many open brackets.
    #[error("more than {max} brackets are open here: name a part of it in a `let`")]
    TooManyBrackets {
        /// The limit.
        max: usize,
    },
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

/// What people type, and what they should.
const INSTEAD: &[(&str, &str)] = &[
    ("≤", "<="),
    ("≥", ">="),
    ("≠!", "!="),
    ("−–", "-"),
    ("·×⋅", "*"),
    ("÷", "/"),
    ("⊙∘", ".*"),
    ("⊘", "./"),
    ("⟨", "<"),
    ("⟩", ">"),
    ("‖", "|"),
    ("“”„", "\""),
    ("’′", "'"),
    ("⇒→", "=>"),
    ("⇔↔", "<=>"),
    ("∧&", "and"),
    ("∨", "or"),
    ("∼", "~"),
    ("²", "^2"),
    ("³", "^3"),
    ("{", "("),
    ("}", ")"),
    (";", ","),
];

/// What is wrong with a character that nobody sees, and what to do.
fn unseen(c: char) -> String {
    let Some(found) = hidden(c) else { return Problem::Character(c).to_string() };
    let cure = match c {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
            "end the line with a line feed, alone or after a carriage return, or delete it"
        }
        _ => "delete it",
    };
    format!("U+{:04X} ({}) {}, so that what is shown is not what is read: {cure}", c as u32, found.name, found.effect)
}

/// What is wrong with a letter that looks like another, and what to do.
fn mistaken(c: char) -> String {
    let Some(found) = look_alike(c) else {
        return format!(
            "`{c}` (U+{:04X}) stands among Latin letters and is none: write the word in one alphabet",
            c as u32
        );
    };
    match found.like {
        Some(like) => {
            format!("`{c}` (U+{:04X}, {}) looks like `{like}` and is not: write `{like}`", c as u32, found.name)
        }
        None => {
            let name = found.name;
            format!("`{c}` (U+{:04X}, {name}) looks like a letter of ASCII and is not: write that letter", c as u32)
        }
    }
}

fn instead(c: char) -> String {
    match INSTEAD.iter().find(|(typed, _)| typed.contains(c)) {
        Some((_, right)) => format!("; write `{right}`"),
        None if blank(c).is_some() => "; write an ordinary space".to_string(),
        None if c.is_alphanumeric() => "; names are of ASCII letters, digits, `_` and `'`".to_string(),
        None => String::new(),
    }
}

/// A character that shows even where it has no shape of its own.
fn visible(c: char) -> String {
    match c {
        ' '..='~' => format!("`{c}`"),
        _ if c.is_alphanumeric() || INSTEAD.iter().any(|(typed, _)| typed.contains(c)) => {
            format!("`{c}` (U+{:04X})", c as u32)
        }
        _ => match blank(c) {
            Some(name) => format!("U+{:04X} ({name})", c as u32),
            None => format!("U+{:04X}", c as u32),
        },
    }
}

fn bracketed(meaning: &str) -> String {
    if meaning.is_empty() { String::new() } else { format!(" ({meaning})") }
}

/// What a coordinate needs.
fn declared(index: &str) -> String {
    if index.bytes().all(|byte| byte.is_ascii_digit()) {
        "; coordinates are counted from 1".to_string()
    } else {
        format!(", where `{index}` is declared `: action`, or a number")
    }
}

/// How to divide by a vector, entry by entry.
fn elementwise(numerator: &str, left_type: Type, divisor: &str) -> String {
    match left_type {
        Type::Vector => format!("the elementwise quotient is written `{numerator}./{divisor}`"),
        Type::Real if numerator == "1" => format!("its elementwise inverse is written `1./{divisor}`"),
        Type::Real => {
            format!("its elementwise inverse is written `1./{divisor}`, as in `({numerator})*(1./{divisor})`")
        }
    }
}

fn cure(expected: Type) -> &'static str {
    match expected {
        Type::Vector => "`x*1` is the vector with x in every coordinate",
        Type::Real => "`sum(v)`, `v[c]` and `|v|` are reals",
    }
}

fn other(ty: Type) -> Type {
    match ty {
        Type::Real => Type::Vector,
        Type::Vector => Type::Real,
    }
}
