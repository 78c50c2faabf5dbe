//! Whether one step `left relation right` follows by the given rules. (trusted)
//!
//! The two sides are compared from the outside in. Where they differ, a rule must lead from one subexpression to
//! the other; where none does, both must be the same operation, and their arguments are compared: equal arguments
//! give equal values, and ordered ones give ordered values where the operation is monotone.

use super::facts::Facts;
use super::gradient::derivative;
use super::lift::summed;
use super::normal::{Expand, Normalizer};
use super::reason::Reason;
use super::rules::Law;
use super::smooth::is_smooth;
use super::term::{Binding, alike, same_shape};
use crate::expr::{Name, Node, Op, Prop, Relation, Sort, Tree, Type};
use logitlab_words::Truth;

/// What justifies a step.
#[derive(Clone, Debug)]
pub enum Justification {
    /// Laws, any of which may be used.
    Laws(Vec<Law>),
    /// Equality of normal forms of values of a type.
    Normal(Expand, Type),
    /// Equality of normal forms of values of both types, all sums multiplied out.
    Algebra,
    /// A derivative, written out.
    Gradient,
    /// An expectation as a sum.
    Expectation,
    /// What is known of signs, from the structure of the expressions and the assumptions.
    Order,
}

/// `left relation right`, the relation being `=`, `<=` or `<`.
#[derive(Clone, Copy)]
pub struct Goal<'a> {
    /// The relation.
    pub relation: Relation,
    /// The left side.
    pub left: &'a Tree,
    /// The right side.
    pub right: &'a Tree,
}

impl Goal<'_> {
    fn mismatch(self, expected: Option<Tree>) -> Reason {
        let Goal { relation, left, right } = self;
        Reason::Mismatch { relation, left: left.clone(), right: right.clone(), expected }
    }
}

/// Whether a goal follows.
///
/// # Errors
/// The reason that says most of why not.
pub fn follows(rules: &[Justification], facts: &Facts<'_>, goal: Goal<'_>) -> Result<(), Reason> {
    let Goal { relation, left, right } = goal;
    if left == right && relation != Relation::Less {
        return Ok(());
    }
    let mut best = goal.mismatch(None);
    for (index, rule) in rules.iter().enumerate() {
        match applies(rule, facts, goal) {
            Ok(()) => return super::record::found(&facts.record, index),
            Err(reason) if reason.weight() > best.weight() => best = reason,
            Err(_) => {}
        }
    }
    if !same_shape(left, right) {
        return Err(best);
    }
    match congruent(rules, facts, goal) {
        // Inside, a reason is nearer to the place where the two sides differ.
        Err(inner) if inner.weight() < best.weight() => Err(best),
        result => result,
    }
}

fn applies(rule: &Justification, facts: &Facts<'_>, goal: Goal<'_>) -> Result<(), Reason> {
    let Goal { relation, left, right } = goal;
    let mut best = goal.mismatch(None);
    match rule {
        Justification::Laws(laws) => {
            for (number, law) in laws.iter().enumerate().filter(|(_, law)| implies(law.relation, relation)) {
                let turned = (law.relation == Relation::Equal).then_some((right, left));
                for (reversed, (from, to)) in [Some((left, right)), turned].into_iter().flatten().enumerate() {
                    match law_applies(law, facts, from, to) {
                        Ok(binding) => return super::record::law(&facts.record, law, (number, reversed), &binding),
                        Err(Some(reason)) if reason.weight() > best.weight() => best = reason,
                        Err(_) => {}
                    }
                }
            }
        }
        Justification::Normal(expand, ty) => {
            let finite = facts.is_finite(left) && facts.is_finite(right);
            let normal = Normalizer { known: facts, binders: vec![], expand: *expand, effort: &facts.effort };
            let equal = || normal.equal(left, right);
            let too_large = || Reason::too_large(left, right);
            if relation == Relation::Equal && left.ty() == *ty && finite && equal().ok_or_else(too_large)? {
                return Ok(());
            }
        }
        Justification::Algebra if relation == Relation::Equal => {
            if algebra(left, right, facts).ok_or_else(|| Reason::too_large(left, right))? {
                return Ok(());
            }
        }
        Justification::Gradient | Justification::Expectation if relation == Relation::Equal => {
            let written = |tree: &Tree| match rule {
                Justification::Gradient => derivative(tree, facts),
                _ => summed(tree),
            };
            for (from, to) in [(left, right), (right, left)] {
                let Some(computed) = written(from) else { continue };
                if facts.is_finite(from) && algebra(&computed, to, facts) == Some(true) {
                    return Ok(());
                }
                best = goal.mismatch(Some(computed).filter(|_| from == left));
            }
        }
        Justification::Algebra | Justification::Gradient | Justification::Expectation => {}
        Justification::Order => {
            if facts.holds(&Prop::Compare(relation, left.clone(), right.clone())) == Truth::True {
                return Ok(());
            }
        }
    }
    Err(best)
}

/// Whether two values have one normal form; `None` if they are too long.
fn algebra(left: &Tree, right: &Tree, facts: &Facts<'_>) -> Option<bool> {
    let normal = Normalizer { known: facts, binders: vec![], expand: Expand::All, effort: &facts.effort };
    let comparable = left.ty() == right.ty() && facts.is_finite(left) && facts.is_finite(right);
    if comparable { normal.equal(left, right) } else { Some(false) }
}

/// Whether a known relation gives the wanted one.
pub fn implies(known: Relation, wanted: Relation) -> bool {
    match wanted {
        Relation::LessEqual => matches!(known, Relation::Equal | Relation::LessEqual | Relation::Less),
        Relation::GreaterEqual => matches!(known, Relation::Equal | Relation::GreaterEqual | Relation::Greater),
        Relation::NotEqual => matches!(known, Relation::NotEqual | Relation::Less | Relation::Greater),
        other => known == other,
    }
}

/// Whether an instance of a law is `from relation to`; no reason where it does not even match.
fn law_applies(law: &Law, facts: &Facts<'_>, from: &Tree, to: &Tree) -> Result<Binding, Option<Reason>> {
    facts.effort.spend(1).ok_or(None)?;
    let mut binding = Binding::default();
    if law.variables.is_empty() {
        // About given values, which under a binder of one of their names would be others.
        let bound = |tree: &Tree| facts.blocked.iter().any(|name| facts.depends(tree, name));
        if !alike(&law.left, from) || !alike(&law.right, to) || !law.everywhere && (bound(from) || bound(to)) {
            return Err(None);
        }
    } else {
        if !binding.matches(&law.left, from) {
            return Err(None);
        }
        let expected = binding.instantiate(&law.right);
        if !binding.matches(&law.right, to) {
            return Err(Some(Goal { relation: law.relation, left: from, right: to }.mismatch(expected)));
        }
        sorts(law, facts, &binding)?;
        differentiable(law, facts, &binding)?;
    }
    for condition in &law.conditions {
        let ground = law.variables.is_empty().then(|| condition.clone());
        let Some(condition) = ground.or_else(|| binding.instantiate_prop(condition)) else {
            let reason = if binding.captures(condition) { Reason::Captured } else { Reason::Undetermined };
            return Err(Some(reason(condition.to_string())));
        };
        match facts.holds(&condition) {
            Truth::True => {}
            truth => return Err(Some(Reason::Condition { condition, truth })),
        }
    }
    Ok(binding)
}

/// Whether the values of the variables are of their sorts.
fn sorts(law: &Law, facts: &Facts<'_>, binding: &Binding) -> Result<(), Reason> {
    for (name, sort) in &law.variables {
        let Some(value) = binding.trees.get(name) else { continue };
        let (fits, needed) = match sort {
            Sort::Real | Sort::Vector | Sort::Logits => (facts.is_finite(value), "finite"),
            // What holds for the numbers of a format is not cited: no value is known to be one.
            Sort::Float => (false, "a number of the format"),
            Sort::Distribution => (facts.is_finite(value) && facts.is_distribution(value), "a distribution"),
            Sort::Masked => (facts.is_logits(value), "a vector of logits"),
            Sort::Subset => (facts.is_subset(value), "a vector of zeros and ones"),
            Sort::Action => (false, "an action"),
        };
        if !fits {
            return Err(Reason::Sort { value: value.to_string(), needed });
        }
    }
    Ok(())
}

/// What a law with a derivative in z needs: the functions f and h of the table have one, and every other value is
/// the same for all z; only the direction v of the table may be anything.
fn differentiable(law: &Law, facts: &Facts<'_>, binding: &Binding) -> Result<(), Reason> {
    let mut points: Vec<Name> = Vec::new();
    // A derivative in a condition alone would otherwise become one of a value that was constant there.
    for side in law.conditions.iter().flat_map(Prop::trees).chain([&law.left, &law.right]) {
        side.visit(&mut |tree| match tree.node() {
            Node::Gradient { at, .. } | Node::Derivative { at, .. } => points.push(at.clone()),
            _ => {}
        });
    }
    for point in points {
        let Some(Node::Variable(z, _)) = binding.trees.get(&point).map(Tree::node) else { continue };
        for (name, value) in binding.trees.iter().filter(|(name, _)| **name != point) {
            let (fits, needed) = match &**name {
                "f" | "h" if law.of_table => (is_smooth(value, z, facts), "differentiable"),
                "v" if law.of_table => (true, "a direction"),
                _ => (!facts.depends(value, z), "constant under the derivative"),
            };
            if !fits {
                return Err(Reason::Sort { value: value.to_string(), needed });
            }
        }
    }
    Ok(())
}

/// Compares the arguments of one operation.
fn congruent(rules: &[Justification], facts: &Facts<'_>, goal: Goal<'_>) -> Result<(), Reason> {
    let Goal { relation, left, right } = goal;
    let (from, to) = (left.node().children(), right.node().children());
    let mut strict = false;
    for index in (0..from.len()).filter(|index| from[*index] != to[*index]) {
        let (left, right) = (from[index], to[index]);
        let inner = binder(goal.left.node(), index).map(|name| facts.without(name));
        let inside = inner.as_deref().unwrap_or(facts);
        let prove = |goal: Goal<'_>| super::record::at(&facts.record, index, || follows(rules, inside, goal));
        let equal = Goal { relation: Relation::Equal, left, right };
        if relation == Relation::Equal {
            prove(equal)?;
            continue;
        }
        // One argument after the other: those before are changed already, those after not yet.
        let others: Vec<&Tree> = to[..index].iter().chain(&from[index..]).copied().collect();
        let Some(way) = monotone(goal.left.node(), index, &others, right, facts) else {
            prove(equal).map_err(|reason| match reason.weight() {
                2 => reason,
                _ => Reason::NotMonotone { relation, left: left.clone(), right: right.clone() },
            })?;
            continue;
        };
        let (left, right) = if way.rising { (left, right) } else { (right, left) };
        if relation == Relation::Less && way.strict && prove(Goal { relation, left, right }).is_ok() {
            strict = true;
        } else {
            prove(Goal { relation: Relation::LessEqual, left, right })?;
        }
    }
    if relation == Relation::Less && !strict { Err(Reason::NotStrict) } else { Ok(()) }
}

/// The name that is bound in an argument of an operation.
fn binder(node: &Node, index: usize) -> Option<&Name> {
    match (node, index) {
        (Node::Expect { action, .. }, 1) => Some(action),
        (Node::Gradient { at, .. } | Node::Derivative { at, .. }, 0) => Some(at),
        _ => None,
    }
}

/// How an operation depends on one argument.
struct Way {
    rising: bool,
    strict: bool,
}

/// How an operation depends on its argument `index` between `all[index]` and `to`, the others being fixed.
fn monotone(node: &Node, index: usize, all: &[&Tree], to: &Tree, facts: &Facts<'_>) -> Option<Way> {
    const RISING: Way = Way { rising: true, strict: true };
    const FALLING: Way = Way { rising: false, strict: true };
    let weakly = |way: Way| Way { strict: false, ..way };
    let within =
        |tree: &Tree, relation: Relation| facts.signs(tree).within(super::facts::Signs::of_difference(relation));
    let nonnegative = |tree: &Tree| within(tree, Relation::LessEqual);
    let positive = |tree: &Tree| within(tree, Relation::Less);
    let both = |test: &dyn Fn(&Tree) -> bool| test(all[index]) && test(to);
    let factor = |other: &Tree| match () {
        () if positive(other) => Some(RISING),
        () if nonnegative(other) => Some(weakly(RISING)),
        () if within(other, Relation::GreaterEqual) => Some(weakly(FALLING)),
        () => None,
    };
    match node {
        // With -inf on both sides, `<` would not be preserved.
        _ if !all.iter().chain([&to]).all(|tree| facts.is_finite(tree)) => None,
        Node::Apply(Op::Add, _) => Some(RISING),
        Node::Apply(Op::Sub, _) => Some(if index == 0 { RISING } else { FALLING }),
        Node::Apply(Op::Neg, _) => Some(FALLING),
        Node::Apply(Op::Mul | Op::Hadamard, _) => factor(all[1 - index]),
        Node::Apply(Op::Inner, _) => factor(all[1 - index]).map(weakly),
        Node::Apply(Op::Div, _) if index == 0 => positive(all[1]).then_some(RISING),
        Node::Apply(Op::Div, _) if both(&positive) && nonnegative(all[0]) => {
            Some(if positive(all[0]) { FALLING } else { weakly(FALLING) })
        }
        Node::Power(_, n) if *n > 0 && (n % 2 == 1 || both(&nonnegative)) => Some(RISING),
        Node::Apply(Op::Sqrt, _) if both(&nonnegative) => Some(RISING),
        Node::Apply(Op::Log, _) if both(&positive) => Some(RISING),
        Node::Apply(Op::Exp, _) if facts.is_finite(all[0]) && facts.is_finite(to) => Some(RISING),
        Node::Apply(Op::Sum | Op::Max | Op::Min, _) | Node::At(..) => Some(RISING),
        Node::Others(..) => Some(weakly(RISING)),
        Node::Expect { .. } if index == 1 && nonnegative(all[0]) => Some(weakly(RISING)),
        _ => None,
    }
}
