//! What may be found about a statement in one case.

use crate::arith::Fault;
use crate::outcome::Lack;

/// What is found about one proposition in one case.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// It holds.
    Holds,
    /// Its sides are enclosed by overlapping intervals; they agree to 2^-b of their scale, this being b.
    Agrees(i64),
    /// It is an implication whose premise does not hold here, which is no evidence for it.
    Unmet,
    /// It is false; the sides, where it is a relation between reals.
    Fails(Option<String>),
    /// It has no truth value, for this reason.
    Undefined(Lack),
    /// The judge cannot tell, for this reason.
    Unclear(String),
}

/// A decision, and whether more precision could make it firmer.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What is found.
    pub decision: Decision,
    /// Whether more precision could help.
    pub retry: bool,
}

impl Found {
    pub(super) fn firm(decision: Decision) -> Found {
        Found { decision, retry: false }
    }

    pub(super) fn unclear(reason: &str, retry: bool) -> Found {
        Found { decision: Decision::Unclear(reason.to_string()), retry }
    }

    pub(super) fn fault(fault: Fault) -> Found {
        match fault {
            Fault::Undefined(why) => Found::firm(Decision::Undefined(Lack { of: why.to_string(), add: None })),
            Fault::Unresolved(why) => Found::unclear(why, true),
            Fault::Unrepresentable(why) => Found::unclear(why, false),
        }
    }

    pub(super) fn and(self, other: Found) -> Found {
        use Decision::{Agrees, Fails, Holds, Unclear, Undefined, Unmet};
        let retry = self.retry || other.retry;
        match (self.decision, other.decision) {
            // False whatever the other is, and whether or not it has a value: the order of conjuncts does not matter.
            (Fails(sides), _) | (_, Fails(sides)) => Found::firm(Fails(sides)),
            // What is unclear may be false.
            (Unclear(why), _) | (_, Unclear(why)) => Found { decision: Unclear(why), retry },
            (Undefined(lack), _) | (_, Undefined(lack)) => Found::firm(Undefined(lack)),
            (Agrees(a), Agrees(b)) => Found { decision: Agrees(a.min(b)), retry },
            (Agrees(a), _) | (_, Agrees(a)) => Found { decision: Agrees(a), retry },
            (Unmet, Unmet) => Found::firm(Unmet),
            _ => Found::firm(Holds),
        }
    }
}

impl Found {
    pub(super) fn or(self, other: Found) -> Found {
        use Decision::{Agrees, Fails, Holds, Unclear, Undefined, Unmet};
        let retry = self.retry || other.retry;
        match (self.decision, other.decision) {
            // True whatever the other is, and whether or not it has a value.
            (Holds, _) | (_, Holds) => Found::firm(Holds),
            (Unmet, _) | (_, Unmet) => Found::firm(Unmet),
            (Agrees(a), Agrees(b)) => Found { decision: Agrees(a.max(b)), retry },
            (Agrees(a), _) | (_, Agrees(a)) => Found { decision: Agrees(a), retry },
            // What is unclear may hold.
            (Unclear(why), _) | (_, Unclear(why)) => Found { decision: Unclear(why), retry },
            (Undefined(lack), _) | (_, Undefined(lack)) => Found::firm(Undefined(lack)),
            (Fails(sides), Fails(_)) => Found::firm(Fails(sides)),
        }
    }
}

/// What is found about a statement in one case.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A hypothesis is false: the statement says nothing here.
    Outside,
    /// The case or a hypothesis cannot be decided, for this reason; whether more precision could help.
    Unknown(String, bool),
    /// The hypotheses hold; one entry for each proposition to be shown.
    Inside(Vec<Found>),
}
