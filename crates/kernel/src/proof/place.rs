//! What is known at a place of a script: what was shown, assumed and chosen before it, read off the script. Not
//! trusted.

use super::script::{Branch, Chain, Item, Script};
use crate::expr::error::Span;
use crate::expr::{Prop, Relation};

/// Something that is known at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What makes it known: `shown`, `assumed`, `case`, `chosen`, the name of a lemma, or `so far` for the steps of a
    /// chain up to the place.
    pub by: String,
    /// What is known.
    pub prop: Prop,
}

/// What is known at a place of a script, and what is to be shown there; `None` where the place is not in it.
pub fn known_at(script: &Script, goal: &Prop, place: Span) -> Option<(Vec<Known>, Prop)> {
    let mut known = Vec::new();
    let goal = find(script, goal, place, &mut known)?;
    Some((known, goal))
}

/// The goal at the place, if it lies in the script.
fn find(script: &Script, goal: &Prop, place: Span, known: &mut Vec<Known>) -> Option<Prop> {
    let within = |span: Span| span.start <= place.start && place.start < span.end;
    for item in &script.items {
        match item {
            Item::Chain(label, chain) => {
                if let Some(step) = chain.steps.iter().position(|step| step_range(step).is_some_and(within)) {
                    known.extend(so_far(chain, step).map(|prop| Known { by: "so far".to_string(), prop }));
                    return Some(goal.clone());
                }
                let prop = so_far(chain, chain.steps.len())?;
                known.push(Known { by: label.as_deref().unwrap_or("shown").to_string(), prop });
            }
            Item::Goal(label, inner, _, script) => {
                let before = known.len();
                if let Some(goal) = find(script, inner, place, known) {
                    return Some(goal);
                }
                known.truncate(before);
                known.push(Known { by: label.as_deref().unwrap_or("shown").to_string(), prop: inner.clone() });
            }
            Item::Choose(_, property, span) => {
                if within(*span) {
                    return Some(goal.clone());
                }
                known.push(Known { by: "chosen".to_string(), prop: property.clone() });
            }
        }
    }
    let kinds = [("case", &script.cases), ("assumed", &script.assumptions)];
    for (by, branch) in kinds.into_iter().flat_map(|(by, branches)| branches.iter().map(move |branch| (by, branch))) {
        if within(branch.span) {
            return Some(goal.clone());
        }
        let before = known.len();
        known.push(Known { by: by.to_string(), prop: branch.prop.clone() });
        if let Some(goal) = find(&branch.script, &under(branch, by, goal), place, known) {
            return Some(goal);
        }
        known.truncate(before);
    }
    (script.end.start == place.start).then(|| goal.clone())
}

/// What is to be shown in a branch.
fn under(branch: &Branch, by: &str, goal: &Prop) -> Prop {
    match goal {
        Prop::Implies(a, b) if by == "assumed" && **a == branch.prop => (**b).clone(),
        Prop::Iff(a, b) if by == "assumed" && **a == branch.prop => (**b).clone(),
        Prop::Iff(a, b) if by == "assumed" && **b == branch.prop => (**a).clone(),
        other => other.clone(),
    }
}

/// From the relation of a step to its last rule.
fn step_range(step: &super::script::Step) -> Option<Span> {
    Some(Span { start: step.span.start, end: step.rules.last()?.1.end })
}

/// What the first steps of a chain show together.
fn so_far(chain: &Chain, steps: usize) -> Option<Prop> {
    let steps = &chain.steps[..steps];
    let strength = |relation: &Relation| match relation {
        Relation::Equal => 0,
        Relation::LessEqual | Relation::GreaterEqual => 1,
        Relation::Less | Relation::Greater | Relation::NotEqual => 2,
    };
    let relation = steps.iter().map(|step| step.relation).max_by_key(strength)?;
    Some(Prop::Compare(relation, chain.start.clone(), steps.last()?.to.clone()))
}
