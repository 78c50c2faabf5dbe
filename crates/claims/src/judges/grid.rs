//! Proofs for one K from finitely many points.
//!
//! A polynomial of degree d_v in each variable v that vanishes on a product of sets of d_v + 1 points each is zero
//! (induction over the variables). An equality between rational functions is such a statement about the numerator of
//! its difference, whose degrees [`crate::expr::degree`] bounds; so finitely many exact cases prove it for this K,
//! for all values of the variables at which it is defined.

use std::sync::Arc;

use num_rational::BigRational;
use rayon::prelude::*;

use super::case::{Case, Entries, Scalar};
use super::decide::{Decision, Outcome, Question};
use crate::arith::exact::Exact;
use crate::arith::rational::Rational;
use crate::expr::degree::{Degrees, of_equality};
use crate::expr::{Name, Sort, Statement};
use crate::outcome::Grid;
use crate::policy::{Naturals, Scores};

/// The most points of one grid.
const MOST_POINTS: usize = 4000;

/// The largest K for which a grid is tried.
const MOST_ACTIONS: usize = 6;

/// For each proposition to be shown, the grids that prove it.
pub fn prove<R: Rational>(statement: &Statement) -> Vec<Option<Grid>> {
    let one = |show: usize| {
        let degrees = of_equality(&statement.shows[show], statement)?;
        let only = Statement { shows: vec![statement.shows[show].clone()], ..statement.clone() };
        let mut grid = Grid { ks: vec![], points: 0 };
        for k in 1..=MOST_ACTIONS {
            if let Some(points) = prove_for::<R>(&only, &degrees, k) {
                grid.ks.push(k);
                grid.points += points;
            }
        }
        (!grid.ks.is_empty()).then_some(grid)
    };
    (0..statement.shows.len()).map(one).collect()
}

/// The grids of all propositions taken together: the K for which each has one.
pub fn together(grids: &[Option<Grid>]) -> Option<Grid> {
    let all: Option<Vec<&Grid>> = grids.iter().map(Option::as_ref).collect();
    let (first, rest) = all.as_ref()?.split_first()?;
    let ks: Vec<usize> = first.ks.iter().copied().filter(|k| rest.iter().all(|grid| grid.ks.contains(k))).collect();
    let points = first.points + rest.iter().map(|grid| grid.points).sum::<usize>();
    (!ks.is_empty()).then_some(Grid { ks, points })
}

/// One direction of the grid: a coordinate of a variable, or an action.
struct Axis<'a> {
    name: &'a Name,
    sort: Sort,
    points: usize,
}

/// The number of points if all of them hold; `None` where the grid would be too large or a point is outside of the
/// hypotheses or undecided.
fn prove_for<R: Rational>(statement: &Statement, degrees: &Degrees, k: usize) -> Option<usize> {
    let mut axes = Vec::new();
    for (name, sort) in &statement.variables {
        let points = match sort {
            Sort::Action => k,
            _ => degrees.get(name).map_or(1, |degree| *degree as usize + 1),
        };
        let coordinates = if matches!(sort, Sort::Real | Sort::Action) { 1 } else { k };
        axes.extend((0..coordinates).map(|_| Axis { name, sort: *sort, points }));
    }
    let total = axes.iter().try_fold(1_usize, |total, axis| total.checked_mul(axis.points))?;
    if total > MOST_POINTS {
        return None;
    }
    let system = Exact::<R>::new();
    let question = Question::new(statement);
    let holds = |point: usize| match question.decide(&system, &case(&axes, k, point)) {
        Outcome::Inside(found) => found.iter().all(|one| one.decision == Decision::Holds),
        _ => false,
    };
    (0..total).into_par_iter().all(holds).then_some(total)
}

/// The case at one point of the grid; the point's number in mixed radix picks a value on every axis.
fn case(axes: &[Axis<'_>], k: usize, mut point: usize) -> Case {
    let mut case = Case { k, actions: vec![], reals: vec![], vectors: vec![] };
    let mut weights: Vec<u64> = Vec::with_capacity(k);
    for axis in axes {
        let choice = point % axis.points;
        point /= axis.points;
        match axis.sort {
            Sort::Action => case.actions.push((axis.name.clone(), choice)),
            Sort::Real => {
                // Within (0, 1), where hypotheses about reals are most often met.
                let value = BigRational::new((choice as i64 + 1).into(), (axis.points as i64 + 1).into());
                case.reals.push((axis.name.clone(), Scalar::Rational(value)));
            }
            // Positive, so that no denominator vanishes where a hypothesis excludes one-hot policies.
            _ => {
                weights.push(choice as u64 + 1);
                if weights.len() == k {
                    let entries = vector(axis.sort, std::mem::take(&mut weights));
                    case.vectors.push((axis.name.clone(), entries));
                }
            }
        }
    }
    case
}

fn vector(sort: Sort, weights: Vec<u64>) -> Entries {
    let scores = || Arc::new(Scores::Integers(Naturals::from_u64s(weights.clone())));
    match sort {
        Sort::Distribution => Entries::Probabilities(scores()),
        Sort::Logits => Entries::Logits(scores()),
        _ => Entries::Numbers(weights.iter().map(|w| BigRational::from_integer((*w).into())).collect()),
    }
}
