//! The language of the claims: coordinate-free expressions over reals and vectors of an unspecified dimension K.
//!
//! Text goes through [`lexer`] and [`parse`] (grammar, places) to a [`surface`], and through [`typing`] and
//! [`elaborate`] (types, names) to a [`Tree`]; [`mod@print`] is the inverse, in any [`notation`]; what a tree is worth
//! in a number system is computed elsewhere. [`problem`] has everything that can be wrong with a text.
//!
//! # Grammar
//! ```text
//! proposition = implication ["<=>" implication]
//! implication = disjunction ["=>" disjunction]
//! disjunction = conjunction {"or" conjunction}
//! conjunction = chain {"and" chain}
//! chain       = value {("=" | "!=" | "<=" | "<" | ">=" | ">") value}
//! value       = ["-"] product {("+" | "-") product}
//! product     = power {("*" | "/" | ".*" | "./") power}
//! power       = indexed ["^" atom]
//! indexed     = atom {"[" action "]"}
//! atom        = number | name | name "(" value {"," value} ")" | "(" proposition ")" | "|" value "|"
//!             | "<" value "," value ">" | "[" value {"," value} "]" | "E" "[" name "~" value "]" "(" value ")"
//! action      = name | number
//! ```
//! A name is of ASCII letters, digits, `_` and `'`; `#` starts a comment that ends with the line. `e[c]` is a unit
//! vector and `D(f, z)` a derivative; [`OPS`] lists the functions. `1` and `0` are vectors where a vector is needed,
//! and reals where both would do; `ones` and `zeros` are always vectors. `|v|^2` is the squared norm, `(|v|)^2` the
//! square of the norm.

pub mod definition;
pub mod degree;
pub mod domain;
pub mod elaborate;
pub mod error;
pub mod function;
pub mod latex;
pub mod lexer;
pub mod mathml;
pub mod notation;
pub mod op;
pub mod parse;
pub mod print;
pub mod problem;
pub mod prop;
pub mod scope;
pub mod surface;
pub mod tree;
pub mod typing;

/// The source of what reads statements: from text to trees.
pub const READER: &[&str] = &[
    include_str!("lexer.rs"),
    include_str!("parse.rs"),
    include_str!("surface.rs"),
    include_str!("scope.rs"),
    include_str!("typing.rs"),
    include_str!("elaborate.rs"),
    include_str!("function.rs"),
    include_str!("definition.rs"),
    include_str!("op.rs"),
    include_str!("prop.rs"),
    include_str!("tree.rs"),
];

/// The source of what prints them.
pub const PRINTERS: &[&str] =
    &[include_str!("print.rs"), include_str!("notation.rs"), include_str!("latex.rs"), include_str!("mathml.rs")];

pub use error::{Problem, Span, SyntaxError};
pub use notation::{LATEX, MATHML, Notation, TEXT, UNICODE};
pub use op::{Derived, OPS, Op, Type};
pub use prop::{Prop, Relation, Sort, Statement};
pub use tree::{Action, Name, Node, Tree};
