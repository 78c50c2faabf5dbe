//! What a search is asked: an equation and all that may be used for it, how long it may go on, and why it stops.

use std::time::Duration;

use super::moves::Move;
use crate::expr::{Name, Prop, Relation, Statement, Tree};
use crate::proof::Context;
use crate::proof::facts::Facts;

/// An equation to be derived, and all that may be used for it.
pub struct Problem<'a> {
    /// The left side.
    pub left: &'a Tree,
    /// The right side.
    pub right: &'a Tree,
    /// Declared names and definitions.
    pub statement: &'a Statement,
    /// What is assumed, no conjunction among it.
    pub assumed: Vec<Prop>,
    /// The same for the kernel, which decides on whole steps.
    pub context: Context,
    /// What may be done.
    pub moves: Vec<Move>,
}

impl<'a> Problem<'a> {
    /// The equation `left = right` under some assumptions beside those of the statement.
    pub fn new(statement: &'a Statement, assumptions: &[Prop], left: &'a Tree, right: &'a Tree) -> Problem<'a> {
        let mut context = Context::new(statement);
        for prop in assumptions {
            context = context.assume(prop);
        }
        let mut assumed = Vec::new();
        for prop in statement.hypotheses.iter().chain(assumptions) {
            match prop {
                Prop::And(parts) => assumed.extend(parts.iter().cloned()),
                other => assumed.push(other.clone()),
            }
        }
        let moves = Move::all(&statement.definitions, &assumed);
        Problem { left, right, statement, assumed, context, moves }
    }

    /// What is known where the equation stands.
    pub fn facts(&self) -> Facts<'_> {
        Facts::new(&self.statement.variables, &self.statement.definitions, self.assumed.clone())
    }

    /// Whether the kernel accepts a step by these rules.
    pub fn accepts(&self, from: &Tree, to: &Tree, names: &[Name]) -> bool {
        self.context.step(from, Relation::Equal, to, names, &[]).is_ok()
    }
}

/// How long a search may go on, for each equation.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time.
    pub time: Duration,
    /// The number of expressions; with this one alone, the same is found on every machine.
    pub expressions: usize,
}

impl Limits {
    /// So many seconds, and no more expressions than can be expected to be tried in them on a slow machine.
    pub fn seconds(seconds: u32) -> Limits {
        Limits { time: Duration::from_secs(seconds.into()), expressions: 500 * seconds as usize }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::seconds(10)
    }
}

/// Why a search stopped without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The time was over.
    #[error("the time is over")]
    Time,
    /// The largest number of expressions was reached.
    #[error("the limit of expressions is reached")]
    Expressions,
    /// More than [`MAX_SIZE`](super::moves::MAX_SIZE) nodes on a side, or very many in what its definitions stand for.
    #[error("the equation is too long for a search")]
    TooLong,
    /// No rule leads any further.
    #[error("no rule leads any further")]
    Exhausted,
    /// What was found is not accepted by the kernel: a mistake of the search.
    #[error("the kernel does not accept what was found")]
    Rejected,
}
