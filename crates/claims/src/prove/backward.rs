//! Backwards from a goal: a law whose conclusion is the goal, and whose conditions are then to be shown.

use super::problem::{Link, Problem};
use crate::expr::{Name, Prop, Relation, Tree};
use crate::proof::rules;
use crate::proof::term::Binding;
use logitlab_words::Truth;

/// Laws that say nothing without an inequality among their conditions.
const CONCLUDING: &[&str] = &[
    "abs.least",
    "norm.least",
    "order.square",
    "order.root",
    "order.divide",
    "order.exp",
    "order.log",
    "max.least",
    "min.greatest",
];

/// A step by a law, after lemmas for those of its conditions that are not known.
pub fn backward(problem: &mut Problem<'_>, relation: Relation, small: &Tree, big: &Tree) -> Option<Link> {
    if problem.level >= 2 {
        return None;
    }
    for name in CONCLUDING {
        for law in rules::laws(name)? {
            if law.relation != relation || law.conditions.is_empty() {
                continue;
            }
            let mut binding = Binding::default();
            if !binding.matches(&law.left, small) || !binding.matches(&law.right, big) {
                continue;
            }
            let Some(conditions) =
                law.conditions.iter().map(|prop| binding.instantiate_prop(prop)).collect::<Option<Vec<_>>>()
            else {
                continue;
            };
            let before = problem.clone();
            if conditions.iter().all(|condition| holds(problem, condition, [small, big])) {
                let link = Link { relation, to: big.clone(), rules: vec![Name::from(*name)] };
                if problem.step(small, &link).is_some() {
                    return Some(link);
                }
            }
            *problem = before;
        }
    }
    None
}

/// Whether a condition is known, or can be shown in a lemma; the goal itself is no condition of it.
fn holds(problem: &mut Problem<'_>, condition: &Prop, goal: [&Tree; 2]) -> bool {
    if let Prop::And(parts) = condition {
        return parts.iter().all(|part| holds(problem, part, goal));
    }
    if problem.facts().holds(condition) == Truth::True {
        return true;
    }
    let sides = condition.trees();
    if problem.is_over() || sides.as_slice() == goal || sides.iter().rev().copied().eq(goal) {
        return false;
    }
    problem.aside(condition, 1).is_some() && problem.facts().holds(condition) == Truth::True
}
