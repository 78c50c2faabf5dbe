//! Equations that are affine in some unknowns together, solved exactly.

use num_rational::BigRational;
use num_traits::{One, Zero};
use rug::Rational;

use super::{FEW_ACTIONS, Target, Unknown, big, mentions, moved, unknowns, value};
use crate::arith::rational::Rational as _;
use crate::expr::{Name, Op, Sort};
use crate::judges::case::{Case, Entries};
use crate::policy::random::Rng;

/// How many orders of the unknowns are tried for one block: which of them give way decides what keeps its sign.
const ORDERS: usize = 4;

/// Residuals at a case, and how they change along each unknown.
pub struct Jacobian {
    /// The residuals at the case.
    pub at: Vec<Rational>,
    /// For each unknown, the change of the residuals when it grows by 1.
    pub columns: Vec<Vec<Rational>>,
}

/// The residuals of those equations that are rational here, and, of distributions and of logits under a softmax, what
/// their sum lacks of 1; `None` where an equation has no value after a step.
pub fn jacobian(target: &Target<'_>, case: &Case, block: &[Unknown], only: &dyn Fn(usize) -> bool) -> Option<Jacobian> {
    let sums = sums(target, case, block);
    let known: Vec<bool> =
        target.residuals(case).iter().enumerate().map(|(index, one)| one.is_some() && only(index)).collect();
    let all = |case: &Case| -> Option<Vec<Rational>> {
        let mut all = Vec::new();
        for (one, known) in target.residuals(case).into_iter().zip(&known) {
            if *known {
                all.extend(one?);
            }
        }
        for name in &sums {
            let total: BigRational = super::coordinates(case.entries(name)?)?.iter().sum();
            all.push(Rational::from_big(&(total - BigRational::one())));
        }
        Some(all)
    };
    let at = all(case)?;
    let column = |index: usize| -> Option<Vec<Rational>> {
        let mut by = vec![BigRational::zero(); block.len()];
        by[index] = BigRational::one();
        let there = all(&moved(case, block, &by)?)?;
        Some(there.into_iter().zip(&at).map(|(there, here)| there - here).collect())
    };
    let columns = (0..block.len()).map(column).collect::<Option<Vec<_>>>()?;
    Some(Jacobian { at, columns })
}

/// The distributions in a block, and the weights of logits where only their ratios are asked for.
fn sums(target: &Target<'_>, case: &Case, block: &[Unknown]) -> Vec<Name> {
    let softmax = mentions(target, Op::Softmax);
    let has_sum = |unknown: &&Unknown| {
        unknown.sort == Sort::Distribution || softmax && matches!(case.entries(&unknown.name), Some(Entries::Logits(_)))
    };
    let mut names: Vec<Name> = block.iter().filter(has_sum).map(|unknown| unknown.name.clone()).collect();
    names.dedup();
    names
}

/// Cases that solve what is affine in one variable, in two of them, in all: candidates, which may fail elsewhere.
pub fn solutions(target: &Target<'_>, case: &Case, rng: &mut Rng) -> Vec<Case> {
    let mut found = Vec::new();
    for block in blocks(target, case) {
        let Some(jacobian) = jacobian(target, case, &block, &|_| true) else { continue };
        let values: Vec<BigRational> = block.iter().filter_map(|unknown| value(case, unknown)).collect();
        for order in orders(&values, rng) {
            let Some(by) = step(&jacobian, &order) else { break };
            found.extend(moved(case, &block, &by));
        }
    }
    found
}

/// Each variable by itself, then every two, then all.
pub fn blocks(target: &Target<'_>, case: &Case) -> Vec<Vec<Unknown>> {
    let one = |(name, _): &(Name, Sort)| {
        let block = unknowns(target.statement, case, name);
        (!block.is_empty() && block.iter().all(|unknown| value(case, unknown).is_some())).then_some(block)
    };
    let single: Vec<Vec<Unknown>> = target.statement.variables.iter().filter_map(one).collect();
    let mut blocks = single.clone();
    if case.k > FEW_ACTIONS {
        return blocks;
    }
    for (index, first) in single.iter().enumerate() {
        blocks.extend(single[index + 1..].iter().map(|second| [first.clone(), second.clone()].concat()));
    }
    if single.len() > 2 {
        blocks.push(single.concat());
    }
    blocks
}

/// Which unknowns give way first: the largest, the smallest, any.
fn orders(values: &[BigRational], rng: &mut Rng) -> Vec<Vec<usize>> {
    let mut largest: Vec<usize> = (0..values.len()).collect();
    largest.sort_by(|a, b| values[*b].cmp(&values[*a]));
    let mut smallest = largest.clone();
    smallest.reverse();
    let mut all = vec![largest, smallest];
    while all.len() < ORDERS {
        let mut order: Vec<usize> = (0..values.len()).collect();
        for index in (1..order.len()).rev() {
            order.swap(index, rng.index(index + 1));
        }
        all.push(order);
    }
    all
}

/// The rows of a system in echelon form: for each pivot its row and its unknown.
struct Echelon {
    rows: Vec<Vec<Rational>>,
    pivots: Vec<(usize, usize)>,
}

/// Eliminates by rows; the last column is the right-hand side. `None` for equations that contradict each other.
fn eliminate(jacobian: &Jacobian, order: &[usize]) -> Option<Echelon> {
    let unknowns = jacobian.columns.len();
    let row = |index: usize| -> Vec<Rational> {
        let right = Rational::from(-&jacobian.at[index]);
        jacobian.columns.iter().map(|column| column[index].clone()).chain([right]).collect()
    };
    let mut rows: Vec<Vec<Rational>> = (0..jacobian.at.len()).map(row).collect();
    let mut pivots: Vec<(usize, usize)> = Vec::new();
    for unknown in order {
        let free = |row: &usize| pivots.iter().all(|(used, _)| used != row) && !rows[*row][*unknown].is_zero();
        let Some(pivot) = (0..rows.len()).find(free) else { continue };
        let factor = rows[pivot][*unknown].clone().recip();
        rows[pivot].iter_mut().for_each(|x| *x *= &factor);
        let lead = rows[pivot].clone();
        for (_, other) in rows.iter_mut().enumerate().filter(|(index, _)| *index != pivot) {
            let factor = other[*unknown].clone();
            if !factor.is_zero() {
                other.iter_mut().zip(&lead).for_each(|(x, lead)| *x -= Rational::from(lead * &factor));
            }
        }
        pivots.push((pivot, *unknown));
    }
    let consistent = |(index, row): (usize, &Vec<Rational>)| {
        pivots.iter().any(|(used, _)| *used == index) || row[unknowns].is_zero()
    };
    rows.iter().enumerate().all(consistent).then_some(Echelon { rows, pivots })
}

/// How far each unknown has to move, as few of them as there are equations.
fn step(jacobian: &Jacobian, order: &[usize]) -> Option<Vec<BigRational>> {
    let unknowns = jacobian.columns.len();
    let echelon = eliminate(jacobian, order)?;
    let mut by = vec![BigRational::zero(); unknowns];
    for (row, unknown) in &echelon.pivots {
        by[*unknown] = big(&echelon.rows[*row][unknowns]);
    }
    Some(by)
}

/// A direction along which no residual changes, in small random steps of the unknowns that are free.
pub fn direction(jacobian: &Jacobian, wish: &[i64], order: &[usize]) -> Option<Vec<Rational>> {
    let unknowns = jacobian.columns.len();
    let level = Jacobian { at: vec![Rational::new(); jacobian.at.len()], columns: jacobian.columns.clone() };
    let echelon = eliminate(&level, order)?;
    let mut along: Vec<Rational> = wish.iter().map(|step| Rational::from(*step)).collect();
    echelon.pivots.iter().for_each(|(_, unknown)| along[*unknown] = Rational::new());
    for (row, unknown) in &echelon.pivots {
        let sum: Rational = (0..unknowns)
            .filter(|other| echelon.pivots.iter().all(|(_, pivot)| pivot != other))
            .map(|other| Rational::from(&echelon.rows[*row][other] * &along[other]))
            .sum();
        along[*unknown] = -sum;
    }
    along.iter().any(|x| !x.is_zero()).then_some(along)
}
