//! Changes without numbers to solve for: another action, two entries swapped, one vector a rearrangement of another.
//!
//! They meet what is no polynomial: `r[c] = max(r)`, `P[a] = max(others(P, c))`, `KL(P, Q) = KL(Q, P)`.

use num_rational::BigRational;

use crate::expr::{Sort, Statement};
use crate::judges::case::Case;
use crate::judges::coordinates::{coordinates, entries};

/// The largest K at which all pairs of entries are swapped, or all pairs of actions tried.
const MOST_PAIRS: usize = 8;

/// All cases that are one such change away, or an action and one of the others.
pub fn around(statement: &Statement, case: &Case) -> Vec<Case> {
    let mut found = actions(statement, case);
    found.extend(swaps(statement, case));
    found.extend(copies(statement, case));
    if case.k <= MOST_PAIRS {
        let other = swaps(statement, case);
        found.extend(other.iter().flat_map(|swapped| actions(statement, swapped)));
    }
    found
}

fn actions(statement: &Statement, case: &Case) -> Vec<Case> {
    let names: Vec<_> = statement.variables.iter().filter(|(_, sort)| *sort == Sort::Action).collect();
    let with = |case: &Case, number: usize, index: usize| {
        let mut next = case.clone();
        next.put_action(&names[number].0, index);
        next
    };
    let mut found = Vec::new();
    for number in 0..names.len() {
        for index in 0..case.k {
            let next = with(case, number, index);
            if case.k <= MOST_PAIRS {
                for other in number + 1..names.len() {
                    found.extend((0..case.k).map(|index| with(&next, other, index)));
                }
            }
            found.push(next);
        }
    }
    found
}

fn swaps(statement: &Statement, case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    for (name, _) in &statement.variables {
        let Some(all) = case.entries(name).and_then(coordinates) else { continue };
        let like = case.entries(name).expect("it has just been read");
        let mut swap = |i: usize, j: usize| {
            let mut swapped = all.clone();
            swapped.swap(i, j);
            if swapped != all
                && let Some(entries) = entries(like, &swapped)
            {
                let mut next = case.clone();
                next.put(name, entries);
                found.push(next);
            }
        };
        if case.k <= MOST_PAIRS {
            (0..case.k).for_each(|i| (i + 1..case.k).for_each(|j| swap(i, j)));
        } else {
            // An action's entry becomes the largest or the smallest.
            let ends = [largest(&all, 1), largest(&all, -1)];
            case.actions.iter().for_each(|(_, index)| ends.iter().for_each(|end| swap(*index, *end)));
        }
    }
    found
}

fn largest(all: &[BigRational], sign: i64) -> usize {
    let key = |index: &usize| &all[*index] * BigRational::from_integer(sign.into());
    (0..all.len()).max_by_key(key).unwrap_or(0)
}

/// Each vector as a rotation of each other one of its sort; the vector as it is comes last.
fn copies(statement: &Statement, case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    for (name, sort) in &statement.variables {
        for (from, other) in &statement.variables {
            if name == from || sort != other || matches!(sort, Sort::Subset) {
                continue;
            }
            let (Some(like), Some(all)) = (case.entries(name), case.entries(from).and_then(coordinates)) else {
                continue;
            };
            for turn in (0..case.k.min(MOST_PAIRS)).rev() {
                let turned: Vec<BigRational> = (0..case.k).map(|i| all[(i + turn) % case.k].clone()).collect();
                if let Some(entries) = entries(like, &turned) {
                    let mut next = case.clone();
                    next.put(name, entries);
                    found.push(next);
                }
            }
        }
    }
    found
}
