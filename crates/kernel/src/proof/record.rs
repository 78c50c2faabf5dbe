//! What justified a step, written down while it is checked. Not trusted: nothing is accepted because of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::law::Law;
use super::reason::Reason;
use super::term::Binding;
use crate::expr::{Action, Name, Prop, Tree};

/// One use of a rule within a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The place in both sides of the step: at each level the child, counted from 0.
    pub path: Vec<usize>,
    /// Which of the names of the step justifies it, counted from 0.
    pub rule: usize,
    /// The instance of a law; `None` of a procedure.
    pub law: Option<Instance>,
}

/// An instance of a law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Which of the laws of the rule, counted from 0.
    pub number: usize,
    /// Whether an equation leads from its right side to its left one.
    pub reversed: bool,
    /// What its reals and vectors stand for.
    pub values: Vec<(Name, Tree)>,
    /// What its actions stand for.
    pub actions: Vec<(Name, Action)>,
    /// The conditions that were known to hold, instantiated.
    pub conditions: Vec<Prop>,
}

/// The uses of one step, in the order in which they were found.
#[derive(Debug, Default)]
pub struct Record(Mutex<Notes>);

#[derive(Debug, Default)]
struct Notes {
    uses: Vec<Use>,
    path: Vec<usize>,
    law: Option<Instance>,
}

impl Record {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A rule led from the one side to the other at the present place: by the law that was found last, or as a
    /// procedure.
    pub fn found(&self, rule: usize) {
        let mut notes = self.notes();
        let (path, law) = (notes.path.clone(), notes.law.take());
        notes.uses.push(Use { path, rule, law });
    }

    /// A law leads from the one side to the other.
    pub fn law(&self, law: &Law, number: usize, reversed: bool, binding: &Binding) {
        let ground = law.variables.is_empty();
        let instance = |prop: &Prop| if ground { Some(prop.clone()) } else { binding.instantiate_prop(prop) };
        let found = Instance {
            number,
            reversed,
            values: binding.trees.iter().map(|(name, tree)| (name.clone(), tree.clone())).collect(),
            actions: binding.actions.iter().map(|(name, action)| (name.clone(), action.clone())).collect(),
            conditions: law.conditions.iter().filter_map(instance).collect(),
        };
        self.notes().law = Some(found);
    }

    /// What is found at a child; nothing of it where the child is refused.
    ///
    /// # Errors
    /// Those of `prove`.
    pub fn at(&self, child: usize, prove: impl FnOnce() -> Result<(), Reason>) -> Result<(), Reason> {
        let before = self.notes().uses.len();
        self.notes().path.push(child);
        let result = prove();
        self.notes().path.pop();
        if result.is_err() {
            self.notes().uses.truncate(before);
        }
        result
    }

    /// What was written down.
    pub fn uses(&self) -> Vec<Use> {
        self.notes().uses.clone()
    }
}
