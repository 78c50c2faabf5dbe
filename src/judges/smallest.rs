//! The smallest counterexample: by K from 2 on, then the sum of the integer weights, then the weights in order, then
//! the other values and the actions.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::case::{Case, Entries, Scalar, fixed_size, principal};
use super::decide::{Decision, Outcome};
use super::values::{scalar, text};
use crate::expr::{Sort, Statement};
use crate::outcome::{Binding, Lack, Witness};
use crate::policy::{Naturals, Scores};
use std::sync::Arc;

/// A case in which a proposition is false.
pub struct Refuted {
    /// Which of the propositions to be shown.
    pub show: usize,
    /// The case.
    pub case: Case,
    /// Its two sides.
    pub sides: Option<String>,
}

/// What a search came to.
pub struct Search {
    /// The propositions' number and the counterexample.
    pub show: usize,
    /// The counterexample.
    pub witness: Witness,
}

/// The sums of weights that are searched for each K from 2 on.
const SUMS: &[(usize, u64)] = &[(2, 64), (3, 24), (4, 14), (5, 11), (6, 10)];

/// The most cases that are looked at.
const BUDGET: usize = 60_000;

/// Small values for reals, in the order in which they are tried.
const REALS: &[(i64, i64)] = &[(1, 1), (0, 1), (-1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (-2, 1), (3, 2)];

/// Looks for the smallest counterexample; where none lies within reach, keeps the one given.
pub fn search(statement: &Statement, first: Option<Refuted>, decide: impl Fn(&Case) -> Outcome) -> Option<Search> {
    let mut budget = BUDGET;
    // Positive weights first: a statement that fails at a masked action only is shown there when nothing else fails.
    for least in [1, 0] {
        for (k, most) in sizes(statement) {
            for sum in (k as u64 * least).max(1)..=most {
                let mut found = None;
                compositions(k, sum, least, &mut |weights| {
                    let weights = Arc::new(Scores::Integers(Naturals::from_u64s(weights.to_vec())));
                    each_completion(statement, k, &weights, &mut |case| {
                        budget = budget.saturating_sub(1);
                        if let Some((show, sides)) = refutes(&decide, &case) {
                            found = Some(Refuted { show, case, sides });
                        }
                        found.is_none() && budget > 0
                    })
                });
                if let Some(found) = found {
                    return Some(found.into_search(statement, true));
                }
            }
        }
    }
    first.map(|found| found.into_search(statement, false))
}

fn sizes(statement: &Statement) -> Vec<(usize, u64)> {
    match fixed_size(statement) {
        Some(k) => vec![(k, 4 * k as u64)],
        // K = 1 last: a statement that needs K >= 2 and does not say so fails there only.
        None => SUMS.iter().copied().chain([(1, 1)]).collect(),
    }
}

fn refutes(decide: &impl Fn(&Case) -> Outcome, case: &Case) -> Option<(usize, Option<String>)> {
    match decide(case) {
        Outcome::Inside(found) => found.into_iter().enumerate().find_map(|(show, one)| match one.decision {
            Decision::Fails(sides) => Some((show, sides)),
            _ => None,
        }),
        _ => None,
    }
}

/// Calls `f` with every way to write `sum` as `k` ordered weights of at least `least`, in lexicographic order, while
/// `f` answers true.
fn compositions(k: usize, sum: u64, least: u64, f: &mut dyn FnMut(&[u64]) -> bool) {
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
    if sum >= k as u64 * least {
        extend(&mut Vec::new(), k, sum, least, f);
    }
}

/// Calls `f` with the policy of the given weights completed by all small values of everything else, while it answers
/// true.
fn each_completion(statement: &Statement, k: usize, weights: &Arc<Scores>, f: &mut dyn FnMut(Case) -> bool) -> bool {
    let main = principal(statement).map(|(name, _)| name.clone());
    let mut case = Case { k, actions: vec![], reals: vec![], vectors: vec![] };
    // The actions vary fastest, so that the first action is tried first for every choice of the rest.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (index, (name, sort)) in statement.variables.iter().enumerate() {
        match sort {
            Sort::Distribution | Sort::Vector if main.as_ref() == Some(name) => {
                case.vectors.push((name.clone(), Entries::Probabilities(weights.clone())));
            }
            Sort::Logits if main.as_ref() == Some(name) && (0..k).any(|index| weights.is_zero(index)) => return true,
            Sort::Logits | Sort::Masked if main.as_ref() == Some(name) => {
                case.vectors.push((name.clone(), Entries::Logits(weights.clone())));
            }
            Sort::Float => {}
            Sort::Real => open.push((index, REALS.len())),
            Sort::Action => open.push((index, k)),
            Sort::Subset => open.push((index, 1 << k.min(8))),
            Sort::Vector | Sort::Logits | Sort::Masked | Sort::Distribution => {
                open.push((index, 3_usize.pow(k.min(6) as u32)))
            }
        }
    }
    open.sort_by_key(|(index, _)| (statement.variables[*index].1 == Sort::Action, *index));
    choose(statement, &open, case, f)
}

fn choose(statement: &Statement, open: &[(usize, usize)], case: Case, f: &mut dyn FnMut(Case) -> bool) -> bool {
    let Some(((index, count), rest)) = open.split_first() else { return f(case) };
    let (name, sort) = &statement.variables[*index];
    for choice in 0..*count {
        let mut next = case.clone();
        match sort {
            Sort::Action => next.actions.push((name.clone(), choice)),
            // Never open.
            Sort::Float => {}
            Sort::Real => next.reals.push((name.clone(), small_real(choice))),
            Sort::Subset => next.vectors.push((name.clone(), digits(choice, 2, case.k, &[0, 1]))),
            Sort::Distribution => {
                let Some(entries) = distribution(choice, case.k) else { continue };
                next.vectors.push((name.clone(), entries));
            }
            Sort::Vector | Sort::Logits | Sort::Masked => {
                next.vectors.push((name.clone(), digits(choice, 3, case.k, &[0, 1, -1])))
            }
        }
        if !choose(statement, rest, next, f) {
            return false;
        }
    }
    true
}

fn small_real(choice: usize) -> Scalar {
    Scalar::Rational(ratio(REALS[choice]))
}

fn ratio((n, d): (i64, i64)) -> BigRational {
    BigRational::new(BigInt::from(n), BigInt::from(d))
}

/// The digits of a number in a base, as entries: the first coordinate varies slowest.
fn digits(number: usize, base: usize, k: usize, values: &[i64]) -> Entries {
    let digit = |place: usize| number / base.pow((k - 1 - place).min(16) as u32) % base;
    Entries::Numbers((0..k).map(|place| ratio((values[digit(place)], 1))).collect())
}

fn distribution(choice: usize, k: usize) -> Option<Entries> {
    let Entries::Numbers(weights) = digits(choice, 3, k, &[0, 1, 2]) else { return None };
    let total: BigRational = weights.iter().sum();
    if total == ratio((0, 1)) {
        return None;
    }
    Some(Entries::Numbers(weights.into_iter().map(|weight| weight / &total).collect()))
}

impl Refuted {
    fn into_search(self, statement: &Statement, smallest: bool) -> Search {
        let witness = witness(statement, self.show, &self.case);
        Search { show: self.show, witness: Witness { sides: self.sides, smallest, ..witness } }
    }
}

fn witness(statement: &Statement, show: usize, case: &Case) -> Witness {
    Witness {
        k: case.k,
        format: None,
        bindings: bindings(statement, case),
        weights: weights(case),
        proposition: statement.shows[show].to_string(),
        sides: None,
        lack: None,
        smallest: false,
    }
}

/// A case in which a proposition has no truth value.
pub fn undefined(statement: &Statement, show: usize, case: &Case, lack: Lack) -> Witness {
    Witness { lack: Some(lack), ..witness(statement, show, case) }
}

fn weights(case: &Case) -> Option<Vec<String>> {
    case.vectors.iter().find_map(|(_, entries)| match entries {
        Entries::Probabilities(scores) | Entries::Logits(scores) => match &**scores {
            Scores::Integers(weights) => Some(weights.iter().map(natural).collect()),
            _ => None,
        },
        Entries::Numbers(_) => None,
    })
}

fn natural(limbs: &[u64]) -> String {
    integer(limbs).to_string()
}

fn integer(limbs: &[u64]) -> BigInt {
    <BigInt as crate::arith::integer::Integer>::from_limbs(limbs)
}

/// How many entries of a vector a witness shows.
const SHOWN: usize = 12;

fn list(items: impl Iterator<Item = String>, k: usize) -> String {
    let mut shown: Vec<String> = items.take(SHOWN).collect();
    if k > SHOWN {
        shown.push(format!("... {k} entries"));
    }
    format!("({})", shown.join(", "))
}

fn bindings(statement: &Statement, case: &Case) -> Vec<Binding> {
    let value = |name: &str| -> Option<String> {
        if let Some((_, index)) = case.actions.iter().find(|(known, _)| &**known == name) {
            return Some((index + 1).to_string());
        }
        if let Some((_, value)) = case.reals.iter().find(|(known, _)| &**known == name) {
            return Some(scalar(value));
        }
        let (_, entries) = case.vectors.iter().find(|(known, _)| &**known == name)?;
        Some(match entries {
            Entries::Numbers(numbers) => list(numbers.iter().map(text), case.k),
            Entries::Probabilities(scores) => policy(scores, ""),
            Entries::Logits(scores) => policy(scores, "log "),
        })
    };
    let binding = |(name, _): &(crate::expr::Name, Sort)| Some(Binding { name: name.to_string(), value: value(name)? });
    statement.variables.iter().filter_map(binding).collect()
}

/// `(1, 2)/3`, or what fixes P otherwise.
fn policy(scores: &Scores, prefix: &str) -> String {
    let k = scores.len();
    match scores {
        Scores::Integers(weights) => {
            let items = list(weights.iter().map(natural), k);
            if prefix.is_empty() {
                let total: BigInt = weights.iter().map(integer).sum();
                format!("{items}/{total}")
            } else {
                format!("{prefix}{items}")
            }
        }
        Scores::Rationals { numerators, denominators } => {
            let items = numerators.iter().zip(denominators).map(|(n, d)| format!("{}/{}", natural(n), natural(d)));
            format!("{prefix}{} up to scale", list(items, k))
        }
        Scores::Logits(logits) => {
            let items = list(logits.iter().map(|z| format!("{z:e}")), k);
            if prefix.is_empty() { format!("softmax{items}") } else { items }
        }
    }
}
