//! The language of the claims: coordinate-free expressions over reals and vectors of an unspecified dimension K.
//!
//! Text goes through [`lexer`] and [`parse`] (grammar, positions) and [`elaborate`] (names and types) to a
//! [`Tree`]; [`mod@print`] is the inverse; [`eval`] gives a tree its value in any number system of [`crate::arith`].

pub mod degree;
pub mod elaborate;
pub mod error;
pub mod eval;
pub mod lexer;
pub mod op;
pub mod parse;
pub mod print;
pub mod prop;
pub mod tree;

pub use error::{Problem, Span, SyntaxError};
pub use op::{OPS, Op, Type};
pub use prop::{Prop, Relation, Sort, Statement};
pub use tree::{Action, Name, Node, Tree};
