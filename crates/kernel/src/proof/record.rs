//! What justified a step, written down while it is checked. Not trusted: nothing is accepted because of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// Where what justifies a step is written down; nothing where it is not asked for.
pub type Asked = Option<Arc<Record>>;

/// A rule led from the one side to the other at the present place: by the law that was found last, or as a
/// procedure.
///
/// # Errors
/// None: it is the answer of a step that is justified.
pub fn found(asked: &Asked, rule: usize) -> Result<(), Reason> {
    if let Some(record) = asked {
        let mut notes = record.notes();
        let (path, law) = (notes.path.clone(), notes.law.take());
        notes.uses.push(Use { path, rule, law });
    }
    Ok(())
}

/// The law of this number leads from the one side to the other, `reversed` being 1 where it is read from right to left.
///
/// # Errors
/// None: it is the answer of a law that applies.
pub fn law(asked: &Asked, law: &Law, (number, reversed): (usize, usize), binding: &Binding) -> Result<(), Reason> {
    if let Some(record) = asked {
        let ground = law.variables.is_empty();
        let instance = |prop: &Prop| if ground { Some(prop.clone()) } else { binding.instantiate_prop(prop) };
        record.notes().law = Some(Instance {
            number,
            reversed: reversed == 1,
            values: binding.trees.iter().map(|(name, tree)| (name.clone(), tree.clone())).collect(),
            actions: binding.actions.iter().map(|(name, action)| (name.clone(), action.clone())).collect(),
            conditions: law.conditions.iter().filter_map(instance).collect(),
        });
    }
    Ok(())
}

/// What is found at a child; nothing of it where the child is refused.
///
/// # Errors
/// Those of `prove`.
pub fn at(asked: &Asked, child: usize, prove: impl FnOnce() -> Result<(), Reason>) -> Result<(), Reason> {
    let Some(record) = asked else { return prove() };
    let before = record.notes().uses.len();
    record.notes().path.push(child);
    let result = prove();
    record.notes().path.pop();
    if result.is_err() {
        record.notes().uses.truncate(before);
    }
    result
}

impl Record {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was written down.
    pub fn uses(&self) -> Vec<Use> {
        self.notes().uses.clone()
    }
}
