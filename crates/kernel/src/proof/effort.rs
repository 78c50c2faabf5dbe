//! How much work a step may take. Not trusted: what is not computed stays unknown, which can only lose a theorem.

use std::cell::Cell;

/// The work that one step may still take, in terms, facts and expressions looked at: a step is refused in a moment
/// rather than accepted in hours.
#[derive(Debug)]
pub struct Effort(Cell<u64>);

impl Effort {
    /// What a step may take: a second's work; the longest step of the shipped proofs takes a hundredth of it.
    const STEP: u64 = 1 << 19;

    /// All the work of a new step.
    pub fn renew(&self) {
        self.0.set(Effort::STEP);
    }

    /// Takes some units; `None` once there are not enough left.
    pub fn spend(&self, units: usize) -> Option<()> {
        let left = self.0.get().checked_sub(units as u64);
        self.0.set(left.unwrap_or(0));
        left.map(|_| ())
    }

    /// Whether nothing is left.
    pub fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}

impl Default for Effort {
    fn default() -> Effort {
        Effort(Cell::new(Effort::STEP))
    }
}
