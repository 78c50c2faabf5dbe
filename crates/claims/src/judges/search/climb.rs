//! The climb to a near miss: from the small cases in which an inequality holds most narrowly, small steps of one value
//! at a time toward a violation, finer where none helps.
//!
//! Margins are midpoints of f64 intervals and prove nothing; what they lead to is judged like any other case.

use std::sync::Arc;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::look::{Look, Refuted, Refuter};
use crate::arith::Truth;
use crate::arith::interval64::{Interval64, Intervals64};
use crate::eval::Evaluator;
use crate::expr::{Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use crate::judges::case::{Case, Entries, Scalar};
use crate::judges::decide::Outcome;
use crate::judges::values::evaluator;
use crate::policy::{Naturals, Scores};

/// How many of the narrowest cases are climbed from.
const STARTS: usize = 6;

/// How often steps are halved before a climb ends.
const HALVINGS: u32 = 9;

/// The most steps of one climb.
const STEPS: usize = 80;

/// Cases by how narrowly they hold.
pub struct Climber<'a> {
    statement: &'a Statement,
    inequalities: bool,
    narrowest: Vec<(f64, Case)>,
}

impl<'a> Climber<'a> {
    /// For a statement, with no cases yet.
    pub fn new(statement: &'a Statement) -> Climber<'a> {
        let inequalities = statement.shows.iter().any(has_inequality);
        Climber { statement, inequalities, narrowest: vec![] }
    }

    /// Remembers a case in which the claim holds, if it is among the narrowest; whether that took an evaluation.
    pub fn notes(&mut self, case: &Case) -> bool {
        if !self.inequalities {
            return false;
        }
        if let Some(margin) = margin(self.statement, case) {
            // One start for each margin: cases that differ by a permutation climb alike.
            let like = |(other, _): &(f64, Case)| (other - margin).abs() < 1e-9;
            if margin < 0.0 && !self.narrowest.iter().any(like) {
                let place = self.narrowest.partition_point(|(other, _)| *other >= margin);
                self.narrowest.insert(place, (margin, case.clone()));
                self.narrowest.truncate(STARTS);
            }
        }
        true
    }

    /// Climbs from the narrowest cases until the judge refutes the claim somewhere.
    pub fn climb<D: Fn(&Case) -> Outcome>(&mut self, refuter: &mut Refuter<'_, D>) -> Option<Refuted> {
        let starts = std::mem::take(&mut self.narrowest);
        starts.into_iter().find_map(|(margin, case)| self.from(refuter, margin, case))
    }

    fn from<D: Fn(&Case) -> Outcome>(
        &self,
        refuter: &mut Refuter<'_, D>,
        mut best: f64,
        mut case: Case,
    ) -> Option<Refuted> {
        let mut halvings = 0;
        for _ in 0..STEPS {
            let mut next: Option<(f64, Case)> = None;
            for step in steps(self.statement, &case, halvings) {
                if !refuter.budget.goes_on() {
                    return None;
                }
                let unit = refuter.unit(step.k);
                refuter.budget.spend(unit);
                let step = if refuter.solves_given() { refuter.meet(&step) } else { Some(step) };
                let Some(step) = step else { continue };
                let Some(there) = margin(self.statement, &step) else { continue };
                if there > next.as_ref().map_or(best, |(margin, _)| *margin) {
                    if there > 0.0
                        && let Look::Refuted(found) = refuter.look(&step)
                    {
                        return Some(*found);
                    }
                    if matches!(refuter.look(&step), Look::Holds) {
                        next = Some((there, step));
                    }
                }
            }
            match next {
                Some((margin, step)) if margin - best > 1e-4 * best.abs() => (best, case) = (margin, step),
                _ if halvings == HALVINGS => return None,
                other => {
                    if let Some((margin, step)) = other {
                        (best, case) = (margin, step);
                    }
                    halvings += 1;
                    double(&mut case);
                }
            }
        }
        None
    }
}

fn has_inequality(prop: &Prop) -> bool {
    match prop {
        Prop::Compare(relation, ..) => !matches!(relation, Relation::Equal | Relation::NotEqual),
        Prop::And(parts) => parts.iter().any(has_inequality),
        Prop::Or(parts) => parts.iter().all(has_inequality),
        Prop::Implies(_, conclusion) => has_inequality(conclusion),
        Prop::SameAction(..) | Prop::Iff(..) => false,
    }
}

/// By how much, relative to the size of its terms, an inequality is violated at most; negative where all hold, `None`
/// where there is none or nothing to compare.
pub fn margin(statement: &Statement, case: &Case) -> Option<f64> {
    let mut evaluator = evaluator(&Intervals64, case, &statement.definitions).ok()?;
    statement.shows.iter().filter_map(|show| of_prop(&mut evaluator, case.k, show)).reduce(f64::max)
}

fn of_prop(evaluator: &mut Evaluator<'_, Intervals64>, k: usize, prop: &Prop) -> Option<f64> {
    match prop {
        Prop::Compare(Relation::LessEqual | Relation::Less, left, right) => of_sides(evaluator, k, left, right),
        Prop::Compare(Relation::GreaterEqual | Relation::Greater, left, right) => of_sides(evaluator, k, right, left),
        Prop::And(parts) => parts.iter().filter_map(|part| of_prop(evaluator, k, part)).reduce(f64::max),
        // False where all of them are.
        Prop::Or(parts) => {
            let margins: Option<Vec<f64>> = parts.iter().map(|part| of_prop(evaluator, k, part)).collect();
            margins?.into_iter().reduce(f64::min)
        }
        Prop::Implies(premise, conclusion) => {
            (evaluator.holds(premise) == Ok(Truth::True)).then(|| of_prop(evaluator, k, conclusion))?
        }
        _ => None,
    }
}

/// How far left exceeds right, relative to their terms.
fn of_sides(evaluator: &mut Evaluator<'_, Intervals64>, k: usize, left: &Tree, right: &Tree) -> Option<f64> {
    let relative =
        |difference: f64, scale: f64| (scale > 0.0 && (difference / scale).is_finite()).then(|| difference / scale);
    if left.ty() == Type::Real {
        let (mut total, mut scale) = (0.0, 0.0);
        for (side, sign) in [(left, 1.0), (right, -1.0)] {
            for (term, own) in terms(side) {
                let value = sign * own * middle(evaluator.real(term).ok()?);
                total += value;
                scale += value.abs();
            }
        }
        return relative(total, scale);
    }
    let (u, v) = (evaluator.vector(left).ok()?, evaluator.vector(right).ok()?);
    let entry = |index: usize| {
        let [x, y] = [u.at(&Intervals64, index).ok()?, v.at(&Intervals64, index).ok()?].map(middle);
        relative(x - y, x.abs() + y.abs())
    };
    (0..k).filter_map(entry).reduce(f64::max)
}

/// The summands of a real with their signs.
fn terms(tree: &Tree) -> Vec<(&Tree, f64)> {
    match tree.node() {
        Node::Apply(Op::Neg, x) => terms(&x[0]).into_iter().map(|(term, sign)| (term, -sign)).collect(),
        Node::Apply(Op::Add, x) => x.iter().flat_map(terms).collect(),
        Node::Apply(Op::Sub, x) => {
            let right = terms(&x[1]).into_iter().map(|(term, sign)| (term, -sign));
            terms(&x[0]).into_iter().chain(right).collect()
        }
        _ => vec![(tree, 1.0)],
    }
}

fn middle(x: Interval64) -> f64 {
    (x.lo() + x.hi()) / 2.0
}

/// All cases one step away: a weight one more or less, a number by 2^-halvings.
fn steps(statement: &Statement, case: &Case, halvings: u32) -> Vec<Case> {
    let mut found = Vec::new();
    let step = BigRational::new(BigInt::from(1), BigInt::from(1) << halvings);
    for (name, sort) in &statement.variables {
        match sort {
            Sort::Real => {
                let Some((_, Scalar::Rational(value))) = case.reals.iter().find(|(known, _)| known == name) else {
                    continue;
                };
                for value in [value + &step, value - &step] {
                    let mut next = case.clone();
                    next.put_real(name, value);
                    found.push(next);
                }
            }
            Sort::Action | Sort::Float | Sort::Subset => {}
            _ => {
                let Some(entries) = case.entries(name) else { continue };
                for other in around(entries, &step) {
                    let mut next = case.clone();
                    next.put(name, other);
                    found.push(next);
                }
            }
        }
    }
    found
}

fn around(entries: &Entries, step: &BigRational) -> Vec<Entries> {
    match entries {
        Entries::Numbers(numbers) => {
            let moved = |(index, up): (usize, bool)| {
                let mut next = numbers.clone();
                if up {
                    next[index] += step
                } else {
                    next[index] -= step
                };
                Entries::Numbers(next)
            };
            (0..numbers.len()).flat_map(|index| [(index, true), (index, false)]).map(moved).collect()
        }
        Entries::Probabilities(scores) | Entries::Logits(scores) => {
            let Some(weights) = small(scores) else { return vec![] };
            let mut found = Vec::new();
            for index in 0..weights.len() {
                for weight in [weights[index] + 1, weights[index].saturating_sub(1)] {
                    // A weight stays positive, or 0.
                    if weight > 0 && weights[index] > 0 {
                        let mut next = weights.clone();
                        next[index] = weight;
                        found.push(with(entries, next));
                    }
                }
            }
            found
        }
    }
}

/// The weights, if they are small integers.
fn small(scores: &Scores) -> Option<Vec<u64>> {
    match scores {
        Scores::Integers(weights) if weights.width() == 1 && weights.limbs().iter().all(|w| *w < 1 << 40) => {
            Some(weights.limbs().to_vec())
        }
        _ => None,
    }
}

fn with(like: &Entries, weights: Vec<u64>) -> Entries {
    let scores = Arc::new(Scores::Integers(Naturals::from_u64s(weights)));
    if matches!(like, Entries::Logits(_)) { Entries::Logits(scores) } else { Entries::Probabilities(scores) }
}

/// Doubles all weights, so that a step of one is half as large.
fn double(case: &mut Case) {
    for (_, entries) in &mut case.vectors {
        if let Entries::Probabilities(scores) | Entries::Logits(scores) = &*entries
            && let Some(weights) = small(scores)
        {
            *entries = with(entries, weights.into_iter().map(|weight| 2 * weight).collect());
        }
    }
}
