//! Which conditions of definedness the kernel's facts discharge: a proof of a proposition is one of the cases in which
//! it has a truth value, and says which those are.
//!
//! It is asked about what is proved already; unknown never passes for discharged.

use super::facts::Facts;
use crate::arith::Truth;
use crate::expr::domain::{Condition, Guarded, of_prop};
use crate::expr::{Prop, Statement};

/// The conditions of what is to be shown that do not follow from what is given, in reading order.
pub fn undischarged(statement: &Statement) -> Vec<Guarded> {
    let mut left: Vec<Guarded> = Vec::new();
    for guarded in statement.shows.iter().flat_map(|show| of_prop(show, statement)) {
        let props: Vec<Prop> = statement.hypotheses.iter().chain(&guarded.premises).cloned().collect();
        let facts = Facts::new(&statement.variables, &statement.definitions, props);
        if !is_known(&guarded.condition, &facts) && !left.contains(&guarded) {
            left.push(guarded);
        }
    }
    left
}

/// Whether a condition is known to hold.
pub fn is_known(condition: &Condition, facts: &Facts<'_>) -> bool {
    match condition.everywhere.split_first() {
        None => follows(&condition.holds, facts),
        Some((name, rest)) => {
            let inner = Condition { everywhere: rest.to_vec(), ..condition.clone() };
            is_known(&inner, &facts.without(name))
        }
    }
}

fn follows(prop: &Prop, facts: &Facts<'_>) -> bool {
    match prop {
        // y = 0 => x = 0 where y is never 0, or x always.
        Prop::Implies(premise, conclusion) => {
            facts.holds(premise) == Truth::False || facts.holds(conclusion) == Truth::True
        }
        prop => facts.holds(prop) == Truth::True,
    }
}
