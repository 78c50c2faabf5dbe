//! Rows for which something is so for certain, is not, and for which it cannot be told.

use serde::{Deserialize, Serialize};

use crate::arith::Truth;

/// How many rows there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// It is.
    pub yes: u64,
    /// It is not.
    pub no: u64,
    /// Unknown.
    pub undecided: u64,
}

impl Count {
    /// Counts a row.
    pub fn add(&mut self, is: Truth) {
        match is {
            Truth::True => self.yes += 1,
            Truth::False => self.no += 1,
            Truth::Unknown => self.undecided += 1,
        }
    }

    /// For how many rows it is so for certain, and for how many it may be.
    pub fn range(&self) -> [u64; 2] {
        [self.yes, self.yes + self.undecided]
    }
}

crate::merge_fields!(Count: yes, no, undecided);

/// Whether a number between two ends is above a limit.
///
/// ```
/// use logitlab_numbers::arith::Truth;
/// use logitlab_numbers::stats::count::above;
///
/// let above = [[0.6, 0.7], [0.4, 0.5], [0.4, 0.6]].map(|ends| above(ends, 0.5));
/// assert_eq!(above, [Truth::True, Truth::False, Truth::Unknown]);
/// ```
pub fn above([lo, hi]: [f64; 2], limit: f64) -> Truth {
    match () {
        () if lo > limit => Truth::True,
        () if hi <= limit => Truth::False,
        () => Truth::Unknown,
    }
}

/// Whether it is below.
pub fn below([lo, hi]: [f64; 2], limit: f64) -> Truth {
    above([-hi, -lo], -limit)
}
