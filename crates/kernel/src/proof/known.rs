//! What a normal form may use of what is known where it is computed. (trusted)

use crate::expr::{Action, Name, Tree};
use logitlab_words::Truth;

/// What is known; of what is not answered, nothing is.
pub trait Known {
    /// Whether a real, or every entry of a vector, is other than zero under some binders.
    fn excludes_zero(&self, _tree: &Tree, _binders: &[Name]) -> bool {
        false
    }

    /// Whether a real is not negative.
    fn is_nonnegative(&self, _tree: &Tree) -> bool {
        false
    }

    /// Whether a value is certainly finite.
    fn is_finite(&self, _tree: &Tree) -> bool {
        false
    }

    /// Whether entries are >= 0 and sum to 1.
    fn is_distribution(&self, _tree: &Tree) -> bool {
        false
    }

    /// Whether entries are zeros and ones.
    fn is_subset(&self, _tree: &Tree) -> bool {
        false
    }

    /// Whether two actions are the same.
    fn same(&self, left: &Action, right: &Action) -> Truth {
        if left == right { Truth::True } else { Truth::Unknown }
    }

    /// One of the actions that are known to be the same as this one: the same for all of them.
    fn representative(&self, action: &Action) -> Action {
        action.clone()
    }

    /// The number of actions, if it is given.
    fn size(&self) -> Option<usize> {
        None
    }
}

/// No knowledge: divisors are other than zero only as literals.
pub struct Nothing;

impl Known for Nothing {}
