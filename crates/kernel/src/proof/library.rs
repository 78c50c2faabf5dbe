//! Claims that cite each other, proved in the order in which they need each other. Not trusted.

use std::cell::RefCell;
use std::collections::HashMap;

use super::check::{Rejection, check, recorded};
use super::kernel::Theorem;
use super::reason::Reason;
use super::record::Use;
use super::script::Script;
use crate::expr::{Name, Statement};

/// A claim as the checker needs it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it says.
    pub statement: &'a Statement,
    /// Its proof, if it has one.
    pub script: Option<&'a Script>,
}

/// How many claims may be under proof at once, each for the one that cites it.
const MAX_DEPTH: usize = 64;

enum State {
    Running,
    Done(Result<Vec<Theorem>, Rejection>),
}

/// Claims and what has been proved of them so far.
pub struct Library<'a> {
    entries: Vec<Entry<'a>>,
    states: RefCell<HashMap<String, State>>,
    stack: RefCell<Vec<String>>,
}

impl<'a> Library<'a> {
    /// A library of claims, none of them proved yet.
    pub fn new(entries: impl IntoIterator<Item = Entry<'a>>) -> Library<'a> {
        let entries = entries.into_iter().collect();
        Library { entries, states: RefCell::default(), stack: RefCell::default() }
    }

    /// The theorems of a claim, one for each `show`; `None` where it is not known or has no proof.
    pub fn prove(&self, id: &str) -> Option<Result<Vec<Theorem>, Rejection>> {
        let entry = self.entries.iter().find(|entry| entry.id == id)?;
        if let Some(State::Done(result)) = self.states.borrow().get(id) {
            return Some(result.clone());
        }
        let result = self.prove_script(id, entry.statement, entry.script?);
        self.states.borrow_mut().insert(id.to_string(), State::Done(result.clone()));
        Some(result)
    }

    /// The theorems of a statement by a script that may cite the claims of the library; the id is that of the
    /// statement, which its own proof may not cite.
    ///
    /// # Errors
    /// The first thing in the script that is not accepted.
    pub fn prove_script(&self, id: &str, statement: &Statement, script: &Script) -> Result<Vec<Theorem>, Rejection> {
        self.running(id, || check(statement, script, &|name| self.cited(name)))
    }

    /// The same, with what justifies each step.
    ///
    /// # Errors
    /// The first thing in the script that is not accepted.
    pub fn record_script(&self, id: &str, statement: &Statement, script: &Script) -> Result<Vec<Vec<Use>>, Rejection> {
        self.running(id, || recorded(statement, script, &|name| self.cited(name))).map(|(_, uses)| uses)
    }

    /// What a proof gives while its own claim may not be cited.
    fn running<T>(&self, id: &str, prove: impl FnOnce() -> T) -> T {
        self.stack.borrow_mut().push(id.to_string());
        let previous = self.states.borrow_mut().insert(id.to_string(), State::Running);
        let result = prove();
        self.stack.borrow_mut().pop();
        match previous {
            Some(state) => self.states.borrow_mut().insert(id.to_string(), state),
            None => self.states.borrow_mut().remove(id),
        };
        result
    }

    fn cited(&self, name: &str) -> Result<Option<Vec<Theorem>>, Reason> {
        if matches!(self.states.borrow().get(name), Some(State::Running)) {
            let stack = self.stack.borrow();
            let start = stack.iter().position(|id| id == name).unwrap_or(0);
            return Err(Reason::Circular(stack[start..].iter().cloned().chain([name.to_string()]).collect()));
        }
        if self.stack.borrow().len() > MAX_DEPTH {
            return Err(Reason::CitedTooDeep { name: name.to_string(), max: MAX_DEPTH });
        }
        match self.prove(name) {
            Some(Ok(theorems)) => Ok(Some(theorems)),
            // A circle is told where it was closed and at every claim on the way.
            Some(Err(Rejection { reason: reason @ (Reason::Circular(_) | Reason::CitedTooDeep { .. }), .. })) => {
                Err(reason)
            }
            Some(Err(_)) => Err(Reason::Unproved(name.to_string())),
            None if self.entries.iter().any(|entry| entry.id == name) => Err(Reason::WithoutProof(name.to_string())),
            None => Ok(None),
        }
    }

    /// The ids of all claims.
    pub fn ids(&self) -> impl Iterator<Item = Name> {
        self.entries.iter().map(|entry| entry.id.into())
    }
}
