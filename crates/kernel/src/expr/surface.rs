//! Expressions and propositions as written: they know where they stand, but nothing of names and types.

use std::cell::OnceCell;

use super::error::Span;
use super::prop::Relation;
use super::typing::Types;

/// An expression or a proposition as written.
#[derive(Clone, Debug)]
pub struct Surface {
    /// Its shape.
    pub form: Form,
    /// Where it stands.
    pub span: Span,
    /// The number of levels.
    pub depth: usize,
    /// Whether it stands in round brackets of its own: `(|v|)^2` is the square of a norm, `|v|^2` the squared norm.
    pub bracketed: bool,
    /// The types that it can have, once somebody asked: an outer expression asks again for all of its parts.
    pub(super) types: OnceCell<Types>,
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
    pub(super) fn depth(&self) -> usize {
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
