//! The claims: text files under `proofs/`, embedded in the binary, and files that a user writes.

pub mod collection;
pub mod file;
pub mod registry;

use std::sync::Arc;

use serde::Serialize;

use crate::expr::Statement;
use crate::proof::{Entry, Script};

pub use collection::{Collection, Use};
pub use file::{Stated, parse};
pub use registry::{Section, claims, find};

/// A claim: a statement with an id, a source, and the verdict that is expected of it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Lower-case words joined by hyphens, unique.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// Where it was stated, or what it follows from.
    pub source: String,
    /// What is given and what is to be shown.
    pub statement: Statement,
    /// What the judges should find.
    pub expected: Expected,
    /// Which part of the collection it belongs to; `None` for a user's own.
    pub section: Option<Section>,
    /// Its derivation, if it has one.
    pub proof: Option<Script>,
    /// A user's claims that its derivation may cite beside those that the crate ships; of several with one id the
    /// first.
    pub beside: Arc<Vec<Claim>>,
}

impl Claim {
    /// The claim as the checker of proofs needs it.
    pub fn entry(&self) -> Entry<'_> {
        Entry { id: &self.id, statement: &self.statement, script: self.proof.as_ref() }
    }
}

/// What the judges should find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// The claim is true.
    Holds,
    /// The claim is false, and a counterexample must be found.
    Refuted,
    /// There is a case in which the claim has no truth value, and one must be found.
    Undefined,
}

impl Expected {
    /// The word that stands in claim files and output.
    pub fn word(self) -> &'static str {
        match self {
            Expected::Holds => "holds",
            Expected::Refuted => "refuted",
            Expected::Undefined => "undefined",
        }
    }
}
