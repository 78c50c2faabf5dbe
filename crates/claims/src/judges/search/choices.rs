//! Small values for every name, by their height: the simplest first.

use std::sync::Arc;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Statement, Tree};
use crate::judges::case::{Case, Entries, Scalar, principal};
use crate::judges::coordinates::allows_masks;
use crate::judges::solve::holds_exactly;
use crate::policy::{Naturals, Scores};

/// A value for one name.
#[derive(Clone, Debug)]
pub enum Value {
    /// Of an action.
    Action(usize),
    /// Of a real.
    Real(Scalar),
    /// Of a vector.
    Vector(Entries),
}

/// The values for one name.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The name.
    pub name: Name,
    /// The values by their height, from 0 on.
    pub by_height: Vec<Vec<Value>>,
}

/// The largest height of a value.
pub const HIGHEST: usize = 20;

/// The largest K at which weights with zeros are tried.
const MOST_WITH_ZEROS: usize = 6;

/// The most values for one name.
const MOST: usize = 4000;

/// Reals with their heights, besides those at which the claim can turn.
const REALS: &[(i64, i64, usize)] = &[
    (1, 1, 0),
    (0, 1, 0),
    (-1, 1, 1),
    (2, 1, 1),
    (1, 2, 1),
    (-2, 1, 2),
    (3, 1, 2),
    (-1, 2, 3),
    (1, 3, 3),
    (3, 2, 3),
    (4, 1, 3),
    (-3, 1, 4),
    (1, 4, 4),
    (3, 4, 4),
    (5, 1, 4),
    (1, 10, 5),
    (10, 1, 5),
    (-4, 1, 5),
    (-10, 1, 6),
    (1, 100, 8),
    (100, 1, 8),
];

/// Entries of vectors with their heights.
const ENTRIES: &[(i64, i64, usize)] =
    &[(1, 1, 0), (0, 1, 0), (-1, 1, 1), (2, 1, 1), (1, 2, 2), (-2, 1, 2), (3, 1, 2), (3, 2, 3), (1, 3, 3), (-1, 2, 3)];

/// Of so many of a statement's numbers the entries of vectors lie beyond them.
const MOST_NUMBERS: usize = 4;

/// The height of a value at which the claim can turn.
const TURNING: usize = 2;

/// The values of all names at one K; the policy comes first, actions last.
pub fn choices(statement: &Statement, k: usize, turning: &[(Name, BigRational)]) -> Vec<Choice> {
    let main = principal(statement).map(|(name, _)| name);
    let mut names: Vec<&(Name, Sort)> = statement.variables.iter().filter(|(_, sort)| *sort != Sort::Float).collect();
    names.sort_by_key(|(name, sort)| match sort {
        _ if main == Some(name) => 0,
        Sort::Action => 2,
        _ => 1,
    });
    let one = |(name, sort): &&(Name, Sort)| {
        let logs = stands_under_exp(statement, name);
        let mut by_height: Vec<Vec<Value>> = vec![vec![]; HIGHEST + 1];
        match sort {
            Sort::Action => by_height[0] = (0..k).map(Value::Action).collect(),
            Sort::Float => {}
            Sort::Real => reals(name, turning, logs, &mut by_height),
            Sort::Subset => by_height[0] = (0..1_usize << k.min(10)).map(|bits| subset(bits, k)).collect(),
            Sort::Distribution => weights(k, true, &mut by_height, Entries::Probabilities),
            sort if allows_masks(*sort) => weights(k, true, &mut by_height, Entries::Logits),
            _ if logs || *sort == Sort::Logits => weights(k, false, &mut by_height, Entries::Logits),
            _ => {
                if main == Some(name) {
                    weights(k, false, &mut by_height, Entries::Probabilities);
                }
                vectors(k, &mut by_height);
                beyond(statement, k, &mut by_height[TURNING + 1]);
            }
        }
        // A name that nothing speaks of needs a value, but only one.
        if !is_mentioned(statement, name) {
            let first = by_height.iter().flatten().next().cloned();
            by_height = vec![vec![]; HIGHEST + 1];
            by_height[0].extend(first);
        }
        let alone = alone(statement, name);
        let mut left = MOST;
        for values in &mut by_height {
            values.retain(|value| {
                left > 0 && alone.iter().all(|hypothesis| may_hold(statement, hypothesis, name, value, k))
            });
            left = left.saturating_sub(values.len());
        }
        Choice { name: name.clone(), by_height }
    };
    names.iter().map(one).collect()
}

/// The hypotheses about one name alone: a value that contradicts one is never tried.
fn alone<'a>(statement: &'a Statement, name: &Name) -> Vec<&'a Prop> {
    let only = |tree: &&Tree| {
        !tree.any(&|node| match node {
            Node::Variable(other, _) => other != name,
            Node::At(_, Action::Name(_))
            | Node::Others(..)
            | Node::Unit(_)
            | Node::Gradient { .. }
            | Node::Derivative { .. } => true,
            _ => false,
        })
    };
    let about = |prop: &&Prop| matches!(prop, Prop::Compare(..)) && prop.trees().iter().all(only);
    // An equation is solved for, from values that do not meet it.
    let equation = |prop: &&Prop| matches!(prop, Prop::Compare(Relation::Equal, ..));
    statement.hypotheses.iter().filter(about).filter(|prop| !equation(prop)).collect()
}

fn may_hold(statement: &Statement, hypothesis: &Prop, name: &Name, value: &Value, k: usize) -> bool {
    let mut case = Case { k, actions: vec![], reals: vec![], vectors: vec![] };
    give(&mut case, name, value.clone());
    holds_exactly(statement, hypothesis, &case) != Some(false)
}

/// Whether anything is said of a name.
fn is_mentioned(statement: &Statement, name: &Name) -> bool {
    let is = |action: &Action| matches!(action, Action::Name(other) if other == name);
    let says = |node: &Node| match node {
        Node::Variable(other, _) => other == name,
        Node::Gradient { at, .. } | Node::Derivative { at, .. } => at == name,
        Node::Unit(action) | Node::At(_, action) | Node::Others(_, action) => is(action),
        _ => false,
    };
    fn actions(prop: &Prop, is: &dyn Fn(&Action) -> bool) -> bool {
        match prop {
            Prop::Compare(..) => false,
            Prop::SameAction(a, b, _) => is(a) || is(b),
            Prop::And(parts) | Prop::Or(parts) => parts.iter().any(|part| actions(part, is)),
            Prop::Implies(a, b) | Prop::Iff(a, b) => actions(a, is) || actions(b, is),
        }
    }
    statement.trees().iter().any(|tree| tree.any(&says))
        || statement.hypotheses.iter().chain(&statement.shows).any(|prop| actions(prop, &is))
}

/// Gives a name of a case its value.
pub fn give(case: &mut Case, name: &Name, value: Value) {
    match value {
        Value::Action(index) => case.actions.push((name.clone(), index)),
        Value::Real(value) => case.reals.push((name.clone(), value)),
        Value::Vector(entries) => case.vectors.push((name.clone(), entries)),
    }
}

/// Whether a name stands under an exponential, a softmax or a log-sum-exp, perhaps by way of a definition: logarithms
/// are then the simple values.
pub fn stands_under_exp(statement: &Statement, name: &Name) -> bool {
    fn mentions(statement: &Statement, tree: &Tree, name: &Name) -> bool {
        tree.any(&|node| match node {
            Node::Variable(other, _) if other == name => true,
            Node::Variable(other, _) => {
                let defined = statement.definitions.iter().find(|(known, _)| known == other);
                defined.is_some_and(|(_, tree)| mentions(statement, tree, name))
            }
            _ => false,
        })
    }
    let under = |node: &Node| match node {
        Node::Apply(Op::Exp | Op::Softmax | Op::Lse, arguments) => mentions(statement, &arguments[0], name),
        _ => false,
    };
    statement.trees().iter().any(|tree| tree.any(&under))
}

fn ratio(n: i64, d: i64) -> BigRational {
    BigRational::new(BigInt::from(n), BigInt::from(d))
}

fn reals(name: &Name, turning: &[(Name, BigRational)], logs: bool, by_height: &mut [Vec<Value>]) {
    let known = |x: &BigRational| REALS.iter().any(|(n, d, height)| *height < TURNING && ratio(*n, *d) == *x);
    for (n, d, height) in REALS {
        by_height[*height].push(Value::Real(Scalar::Rational(ratio(*n, *d))));
    }
    let turns = turning.iter().filter(|(other, x)| other == name && !known(x));
    by_height[TURNING].splice(0..0, turns.map(|(_, x)| Value::Real(Scalar::Rational(x.clone()))));
    if logs {
        for (n, d, height) in [(2, 1, 2), (1, 2, 3), (3, 1, 3), (1, 3, 4), (4, 1, 4), (3, 2, 5)] {
            by_height[height].push(Value::Real(Scalar::Logarithm(ratio(n, d))));
        }
    }
}

/// Whether a real is among those that are tried for every claim; others have no place in the order.
pub fn is_listed(value: &Scalar) -> bool {
    match value {
        Scalar::Rational(x) => REALS.iter().any(|(n, d, _)| ratio(*n, *d) == *x),
        Scalar::Logarithm(_) => true,
    }
}

fn subset(bits: usize, k: usize) -> Value {
    let bit =
        |place: usize| if bits >> (k - 1 - place).min(63) & 1 == 1 { BigRational::one() } else { BigRational::zero() };
    Value::Vector(Entries::Numbers((0..k).map(bit).collect()))
}

/// Integer weights without a common factor: the height is how far their sum exceeds its least value, and 2 for each 0.
fn weights(k: usize, zeros: bool, by_height: &mut [Vec<Value>], entries: impl Fn(Arc<Scores>) -> Entries) {
    let mut count = 0;
    for (height, values) in by_height.iter_mut().enumerate() {
        let most = if zeros && k <= MOST_WITH_ZEROS { (k - 1).min(height) } else { 0 };
        for zero in 0..=most {
            let Some(extra) = height.checked_sub(2 * zero) else { break };
            compositions(k, (k - zero + extra) as u64, u64::from(zero == 0), &mut |all| {
                let value = entries(Arc::new(Scores::Integers(Naturals::from_u64s(all.to_vec()))));
                // Another multiple is another vector of logits, but the same distribution.
                let new = matches!(value, Entries::Logits(_)) || is_lowest(all);
                if new && all.iter().filter(|weight| **weight == 0).count() == zero {
                    values.push(Value::Vector(value));
                    count += 1;
                }
                count < MOST
            });
        }
        if count >= MOST {
            break;
        }
    }
}

/// Whether weights have no common factor.
pub fn is_lowest(weights: &[u64]) -> bool {
    weights.iter().fold(0, |factor, weight| num_integer::gcd(factor, *weight)) <= 1
}

/// Vectors whose entries lie just beyond the whole numbers of the statement: all of them, or the first.
fn beyond(statement: &Statement, k: usize, values: &mut Vec<Value>) {
    let mut numbers: Vec<BigRational> = Vec::new();
    for tree in statement.trees() {
        tree.visit(&mut |part| match part.node() {
            Node::Number(x) if x.is_integer() && *x > BigRational::from_integer(3.into()) && !numbers.contains(x) => {
                numbers.push(x.clone());
            }
            _ => {}
        });
    }
    for number in numbers.iter().take(MOST_NUMBERS) {
        let next = number + BigRational::from_integer(1.into());
        for x in [next.clone(), -next] {
            let zero = BigRational::from_integer(0.into());
            let first = (0..k).map(|index| if index == 0 { x.clone() } else { zero.clone() });
            values.push(Value::Vector(Entries::Numbers(first.collect())));
            values.push(Value::Vector(Entries::Numbers(vec![x.clone(); k])));
        }
    }
}

fn vectors(k: usize, by_height: &mut [Vec<Value>]) {
    fn extend(prefix: &mut Vec<usize>, k: usize, left: usize, f: &mut dyn FnMut(&[usize]) -> bool) -> bool {
        if prefix.len() == k {
            return left > 0 || f(prefix);
        }
        for (place, (_, _, height)) in ENTRIES.iter().enumerate() {
            // The last entry takes what is left exactly.
            if *height > left || prefix.len() + 1 == k && *height != left {
                continue;
            }
            prefix.push(place);
            let go_on = extend(prefix, k, left - height, f);
            prefix.pop();
            if !go_on {
                return false;
            }
        }
        true
    }
    let mut count = 0;
    for (height, values) in by_height.iter_mut().enumerate() {
        extend(&mut Vec::new(), k, height, &mut |places| {
            let numbers = places.iter().map(|place| ratio(ENTRIES[*place].0, ENTRIES[*place].1)).collect();
            values.push(Value::Vector(Entries::Numbers(numbers)));
            count += 1;
            count < MOST
        });
        if count >= MOST {
            return;
        }
    }
}

/// Calls `f` with every way to write `sum` as `k` ordered weights of at least `least`, in lexicographic order, while
/// `f` answers true.
pub fn compositions(k: usize, sum: u64, least: u64, f: &mut dyn FnMut(&[u64]) -> bool) -> bool {
    fn extend(prefix: &mut Vec<u64>, left: usize, sum: u64, least: u64, f: &mut dyn FnMut(&[u64]) -> bool) -> bool {
        if left == 1 {
            prefix.push(sum);
            let go_on = f(prefix);
            prefix.pop();
            return go_on;
        }
        let rest = (left as u64 - 1) * least;
        for weight in least..=sum.saturating_sub(rest) {
            prefix.push(weight);
            let go_on = extend(prefix, left - 1, sum - weight, least, f);
            prefix.pop();
            if !go_on {
                return false;
            }
        }
        true
    }
    sum < k as u64 * least || extend(&mut Vec::new(), k, sum, least, f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judges::coordinates::coordinates;

    fn statement(given: &str) -> Statement {
        crate::claims::parse(&format!("claim x\ngiven {given}\nshow K >= 1")).unwrap().statement
    }

    fn first(given: &str, k: usize, count: usize) -> Vec<String> {
        let choices = choices(&statement(given), k, &[]);
        let text = |value: &Value| match value {
            Value::Action(index) => index.to_string(),
            Value::Real(value) => crate::judges::values::scalar(value),
            Value::Vector(entries) => {
                let all: Vec<String> = coordinates(entries).unwrap().iter().map(ToString::to_string).collect();
                all.join(" ")
            }
        };
        choices[0].by_height.iter().flatten().take(count).map(text).collect()
    }

    #[test]
    fn simple_values_come_first_and_those_that_a_hypothesis_excludes_never() {
        assert_eq!(first("P : distribution, C(P) > 0", 2, 4), ["1/2 1/2", "1/3 2/3", "2/3 1/3", "1/4 3/4"]);
        assert_eq!(first("x : real, x > 1", 2, 3), ["2", "3", "3/2"]);
        assert_eq!(first("z : logits, softmax(z)[1] > 0", 2, 2), ["1 1", "1 2"]);
        assert_eq!(first("x : real", 2, 5), ["1"], "nothing is said of x");
    }

    #[test]
    fn compositions_are_in_lexicographic_order() {
        let mut found = Vec::new();
        compositions(3, 4, 1, &mut |all| {
            found.push(all.to_vec());
            true
        });
        assert_eq!(found, [[1, 1, 2], [1, 2, 1], [2, 1, 1]]);
    }
}
