//! Makes a counterexample small: fewer actions, weights and numbers rounded, the simplest value for each name.

use std::sync::Arc;

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};

use super::choices::{Value, choices};
use super::look::{Look, Refuted, Refuter};
use crate::expr::{Sort, Statement};
use crate::judges::case::{Case, Entries, Scalar, fixed_size};
use crate::judges::coordinates::{coordinates, entries, lowest, probabilities};
use crate::judges::decide::Outcome;
use crate::policy::{Naturals, Scores};

/// The numbers of actions to which a case is cut.
const SIZES: [usize; 9] = [2, 3, 4, 5, 6, 8, 12, 20, 40];

/// The sums of weights, and denominators, to which a case is rounded.
const ROUND: std::ops::RangeInclusive<u64> = 1..=100;

/// How many simple values are tried for each name.
const SIMPLE: usize = 60;

/// The smallest counterexample found near this one.
pub fn shrink<D: Fn(&Case) -> Outcome>(refuter: &mut Refuter<'_, D>, mut found: Refuted) -> Refuted {
    refuter.budget.extend();
    let statement = refuter.statement;
    if fixed_size(statement).is_none() {
        for k in SIZES.into_iter().filter(|k| *k < found.case.k) {
            if let Some(smaller) = cut(statement, &found.case, k).and_then(|case| refuted(refuter, &case)) {
                found = smaller;
                break;
            }
        }
    }
    for sum in ROUND {
        let rounded = round(&found.case, sum).and_then(|case| refuted(refuter, &case));
        if let Some(rounded) = rounded.filter(|rounded| size(&rounded.case) < size(&found.case)) {
            found = rounded;
            break;
        }
    }
    for choice in choices(statement, found.case.k, &[]) {
        for value in choice.by_height.iter().flatten().take(SIMPLE) {
            let mut case = found.case.clone();
            if !replace(&mut case, &choice.name, value) {
                break;
            }
            if let Some(simpler) = refuted(refuter, &case)
                && size(&simpler.case) < size(&found.case)
            {
                found = simpler;
                break;
            }
        }
    }
    in_lowest_terms(&mut found.case);
    found
}

/// The same distributions, with weights that have no common factor.
fn in_lowest_terms(case: &mut Case) {
    for (_, entries) in &mut case.vectors {
        if let Entries::Probabilities(_) = entries
            && let Some(lowest) = coordinates(entries).and_then(|all| probabilities(&all))
        {
            *entries = lowest;
        }
    }
}

/// How much there is to read: the digits of all values.
fn size(case: &Case) -> u64 {
    let bits = |x: &BigRational| x.numer().bits() + 2 * (x.denom().bits() - 1) + u64::from(x.is_negative());
    let vector = |entries: &Entries| match entries {
        Entries::Numbers(numbers) => numbers.iter().map(bits).sum(),
        Entries::Probabilities(_) => coordinates(entries)
            .and_then(|all| lowest(&all))
            .map_or(64 * case.k as u64, |weights| weights.iter().map(BigUint::bits).sum()),
        Entries::Logits(_) => coordinates(entries).map_or(64 * case.k as u64, |all| all.iter().map(bits).sum()),
    };
    let real = |value: &Scalar| match value {
        Scalar::Rational(x) => bits(x),
        Scalar::Logarithm(x) => 2 + bits(x),
    };
    case.vectors.iter().map(|(_, entries)| vector(entries)).sum::<u64>()
        + case.reals.iter().map(|(_, value)| real(value)).sum::<u64>()
        + case.actions.iter().map(|(_, index)| *index as u64).sum::<u64>()
}

fn refuted<D: Fn(&Case) -> Outcome>(refuter: &mut Refuter<'_, D>, case: &Case) -> Option<Refuted> {
    if !refuter.budget.goes_on() {
        return None;
    }
    let look = match refuter.look(case) {
        // Rounded, an equation no longer holds.
        Look::Outside if refuter.solves_given() => {
            let met = refuter.meet(case)?;
            refuter.look(&met)
        }
        look => look,
    };
    match look {
        Look::Refuted(found) => Some(*found),
        _ => None,
    }
}

/// Puts a value in the place of another; whether it is another.
fn replace(case: &mut Case, name: &crate::expr::Name, value: &Value) -> bool {
    match value {
        Value::Action(index) => {
            let same = case.actions.iter().any(|(known, own)| known == name && own == index);
            case.put_action(name, *index);
            !same
        }
        Value::Real(Scalar::Rational(x)) => {
            let same = |own: &Scalar| matches!(own, Scalar::Rational(own) if own == x);
            let same = case.reals.iter().any(|(known, own)| known == name && same(own));
            case.put_real(name, x.clone());
            !same
        }
        Value::Real(Scalar::Logarithm(_)) => true,
        Value::Vector(entries) => {
            let same = case.entries(name).and_then(coordinates) == coordinates(entries);
            case.put(name, entries.clone());
            !same
        }
    }
}

/// The actions that are named and those with the largest entries, `k` of them in their order.
fn cut(statement: &Statement, case: &Case, k: usize) -> Option<Case> {
    let named: Vec<usize> = case.actions.iter().map(|(_, index)| *index).collect();
    let first = case.vectors.first().map(|(_, entries)| about(entries));
    let mut order: Vec<usize> = (0..case.k).collect();
    let size = |index: &usize| first.as_ref().map_or(0.0, |all| all[*index]);
    order.sort_by(|a, b| (named.contains(b), size(b)).partial_cmp(&(named.contains(a), size(a))).expect("no NaN"));
    order.truncate(k);
    order.sort_unstable();
    let mut next = Case { k, actions: vec![], reals: case.reals.clone(), vectors: vec![] };
    for (name, index) in &case.actions {
        next.actions.push((name.clone(), order.iter().position(|kept| kept == index)?));
    }
    for (name, vector) in &case.vectors {
        let kept = match vector {
            Entries::Probabilities(scores) | Entries::Logits(scores) if matches!(**scores, Scores::Logits(_)) => {
                let Scores::Logits(logits) = &**scores else { return None };
                let scores = Arc::new(Scores::Logits(order.iter().map(|index| logits[*index]).collect()));
                let policy = matches!(vector, Entries::Probabilities(_));
                if policy { Entries::Probabilities(scores) } else { Entries::Logits(scores) }
            }
            vector => {
                let all = coordinates(vector)?;
                let all: Vec<BigRational> = order.iter().map(|index| all[*index].clone()).collect();
                match statement.sort(name) {
                    Some(Sort::Distribution) => probabilities(&all)?,
                    _ => entries(vector, &all)?,
                }
            }
        };
        next.vectors.push((name.clone(), kept));
    }
    Some(next)
}

/// The entries in f64, of logits e^z up to a factor.
fn about(entries: &Entries) -> Vec<f64> {
    if let Some(all) = coordinates(entries) {
        return all.iter().map(|x| x.to_f64().filter(|x| x.is_finite()).unwrap_or(0.0)).collect();
    }
    let (Entries::Probabilities(scores) | Entries::Logits(scores)) = entries else { return vec![] };
    let Scores::Logits(logits) = &**scores else { return vec![0.0; entries.len()] };
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logits.iter().map(|z| libm::exp(z - most)).collect()
}

/// The case with weights rounded to this sum and numbers to this denominator; `None` where nothing is left.
fn round(case: &Case, sum: u64) -> Option<Case> {
    let mut next = case.clone();
    for (_, vector) in &mut next.vectors {
        let values = about(vector);
        match vector {
            Entries::Numbers(numbers) => numbers.iter_mut().for_each(|x| *x = nearest(x, sum)),
            Entries::Probabilities(_) | Entries::Logits(_) => {
                let total: f64 = values.iter().sum();
                let weights: Vec<u64> = values.iter().map(|x| (x / total * sum as f64).round() as u64).collect();
                if weights.iter().all(|weight| *weight == 0) {
                    return None;
                }
                let policy = matches!(vector, Entries::Probabilities(_));
                let scores = Arc::new(Scores::Integers(Naturals::from_u64s(weights)));
                *vector = if policy { Entries::Probabilities(scores) } else { Entries::Logits(scores) };
            }
        }
    }
    for (_, value) in &mut next.reals {
        if let Scalar::Rational(x) = value {
            *x = nearest(x, sum);
        }
    }
    Some(next)
}

fn nearest(x: &BigRational, denominator: u64) -> BigRational {
    let d = BigInt::from(denominator);
    BigRational::new((x * BigRational::from_integer(d.clone())).round().to_integer(), d)
}
