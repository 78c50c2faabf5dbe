//! Formulas: the ways to compute the size of a step, each written once in the language of the claims.
//!
//! w = |e_c - P|^2 can be computed in several ways that are equal on paper and not at all equal in finite precision.
//! Each stands in [`registry`] as text, so that one and the same formula is evaluated exactly, in intervals of any
//! precision, and wherever else a number system is added.

pub mod registry;

use std::sync::LazyLock;

use crate::expr::{Prop, Sort, Statement, Tree};

pub use registry::{find, formulas};

/// What a formula computes, for a distribution P and an action c.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// w = |e_c - P|^2, between 0 and 2.
    SquaredNorm,
    /// The square root of w, between 0 and the root of 2.
    Norm,
}

impl Quantity {
    /// Its definition, over the names of [`names`]; the formulas for it are equal to this, and better or worse to
    /// compute with.
    pub fn definition(self) -> &'static str {
        match self {
            Quantity::SquaredNorm => "|e[c] - P|^2",
            Quantity::Norm => "|e[c] - P|",
        }
    }
}

/// A named way to compute a [`Quantity`].
///
/// ```
/// use logitlab::formulas::{Quantity, find};
///
/// let tail = find("tail").unwrap();
/// assert_eq!(tail.quantity, Quantity::SquaredNorm);
/// assert_eq!(tail.tree.to_string(), tail.text);
/// ```
#[derive(Clone, Debug)]
pub struct Formula {
    /// One lower-case word, unique.
    pub name: &'static str,
    /// What it computes.
    pub quantity: Quantity,
    /// The formula over the names of [`names`].
    pub text: &'static str,
    /// What P and c must satisfy for it to have a value; `None` where it has one for every distribution.
    pub requires: Option<Prop>,
    /// Where it stands numerically, in one line.
    pub note: &'static str,
    /// The text as a tree: a real.
    pub tree: Tree,
}

/// The name of the distribution in every formula.
pub const POLICY: &str = "P";
/// The name of the chosen action in every formula.
pub const ACTION: &str = "c";

/// What the formulas are written over: the distribution [`POLICY`] and the action [`ACTION`].
pub fn names() -> &'static Statement {
    static NAMES: LazyLock<Statement> = LazyLock::new(|| Statement {
        variables: vec![(POLICY.into(), Sort::Distribution), (ACTION.into(), Sort::Action)],
        ..Statement::default()
    });
    &NAMES
}
