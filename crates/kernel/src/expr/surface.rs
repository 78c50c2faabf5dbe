//! Expressions and propositions as written: they know where they stand, but nothing of names and types.

use std::cell::OnceCell;

use super::error::Span;
use super::op::Type;
use super::prop::Relation;

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
    /// `./`
    ElementwiseOver,
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
    /// `p or q`
    Or(Vec<Surface>),
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
            Form::Call(_, items) | Form::List(items) | Form::Chain(items, _) => deepest(items),
            Form::And(items) | Form::Or(items) => deepest(items),
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

/// A set of types. Where something is wrong in an expression it has every type, so that the complaint is about what
/// is wrong and not about what surrounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types {
    pub(super) real: bool,
    pub(super) vector: bool,
}

impl Types {
    pub(super) const REAL: Types = Types { real: true, vector: false };
    pub(super) const VECTOR: Types = Types { real: false, vector: true };
    pub(super) const ALL: Types = Types { real: true, vector: true };

    pub(super) fn only(ty: Type) -> Types {
        if ty == Type::Real { Types::REAL } else { Types::VECTOR }
    }

    /// Whether this type is among them.
    pub fn has(self, ty: Type) -> bool {
        if ty == Type::Real { self.real } else { self.vector }
    }

    /// The type of an expression about which the context says nothing: real if it can be.
    pub fn default(self) -> Type {
        if self.real { Type::Real } else { Type::Vector }
    }

    /// The types in both, if there are any.
    pub fn common(self, other: Types) -> Option<Types> {
        let both = Types { real: self.real && other.real, vector: self.vector && other.vector };
        (both.real || both.vector).then_some(both)
    }
}
