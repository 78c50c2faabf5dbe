//! What a formula is compiled for, and why it may not be.

use num_rational::BigRational;

use crate::expr::{Name, Tree};

use super::mode::Mode;

/// What a formula is compiled for.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The number of actions.
    pub k: usize,
    /// The chosen action, from 0.
    pub action: usize,
    /// The mode.
    pub mode: &'a Mode,
    /// What logits are divided by.
    pub temperature: &'a BigRational,
}

/// What a formula reads.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The logits, in the order of the tape's policies.
    pub logits: &'a [Name],
    /// The chosen action.
    pub action: &'a Name,
    /// Definitions that the formula may use.
    pub definitions: &'a [(Name, Tree)],
}

/// Why a formula is not computed in floating point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotComputed {
    /// A construct of the language that is no computation.
    #[error("`{0}` is not computed in floating point: {1}")]
    Construct(String, &'static str),
    /// A derivative.
    #[error("`{0}` is not computed in floating point: it has no algorithm")]
    Derivative(String),
    /// A vector by its entries of another length than K.
    #[error("`{text}` is not computed in floating point: the number of its entries is not K")]
    Entries {
        /// The vector.
        text: String,
        /// How many entries it has.
        found: usize,
    },
    /// A name without a value.
    #[error("`{0}` has no value here")]
    Name(String),
    /// An action beyond K.
    #[error("action {0} of K = {1}")]
    Action(usize, usize),
    /// More parts than a back end has room for.
    #[error("it has more than {0} parts")]
    TooLarge(usize),
    /// A division by what is 0 for every value of the logits.
    #[error("it divides by 0, whatever the logits are")]
    DivisionByZero,
}

/// A result, or why there is none.
pub type Compiled<T> = Result<T, NotComputed>;
