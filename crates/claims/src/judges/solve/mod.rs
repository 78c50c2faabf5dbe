//! Cases that meet hypotheses on purpose: random numbers hardly ever meet an equation.
//!
//! What stands linearly is solved for exactly (`linear.rs`); one quadratic equation along a line that keeps the others
//! (`lines.rs`); and what is neither is tried by swapping entries and copying vectors (`moves.rs`). Whatever comes out
//! is evaluated anew: a case is returned only where every hypothesis holds in exact arithmetic and every value is of
//! its declared sort.

mod linear;
mod lines;
mod moves;

pub use lines::roots;

use std::cell::Cell;

use num_rational::BigRational;
use rug::Rational;

use super::case::Case;
use super::coordinates::{coordinates, entries, probabilities};
use super::kind::kind;
use super::search::work::cost;
use super::values::evaluator;
use crate::arith::exact::Exact;
use crate::arith::number::Number;
use crate::arith::rational::Rational as _;
use crate::arith::{Arithmetic as _, Eval, Fault, Truth};
use crate::expr::{Name, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use crate::judges::case::Entries;
use crate::policy::random::Rng;

/// The largest K at which equations are solved: each unknown costs an evaluation.
const MOST_ACTIONS: usize = 24;

/// Up to this K all blocks of unknowns are tried, beyond it single variables from one start.
pub const FEW_ACTIONS: usize = 5;

/// The most work for one random case and for one case of a search, in the units of
/// [`Effort`](super::smallest::Effort).
pub const WORK_OF_A_DRAW: u64 = 150_000;
/// See [`WORK_OF_A_DRAW`].
pub const WORK_OF_A_SEARCH: u64 = 1_200_000;

/// The most evaluations for one case; where fewer than the fewest would do, none is begun.
const MOST_EVALUATIONS: u64 = 3000;
const FEWEST_EVALUATIONS: u64 = 12;

/// The longest numbers for which equations are solved, in bits.
const MOST_BITS: u64 = 128;

/// The number system in which hypotheses are solved and checked.
type System = Exact<Rational>;

/// What is to be met: the hypotheses of a statement, and of its implications perhaps a premise.
pub struct Target<'a> {
    statement: &'a Statement,
    hypotheses: Vec<&'a Prop>,
    equations: Vec<(&'a Tree, &'a Tree)>,
    /// Evaluations since a case was last asked for, and how many there may be.
    spent: Cell<u64>,
    most: Cell<u64>,
}

impl<'a> Target<'a> {
    /// The hypotheses and the given premises.
    pub fn new(statement: &'a Statement, premises: &[&'a Prop]) -> Target<'a> {
        let hypotheses: Vec<&Prop> = statement.hypotheses.iter().chain(premises.iter().copied()).collect();
        let mut equations = Vec::new();
        for hypothesis in &hypotheses {
            collect(hypothesis, &mut equations);
        }
        Target { statement, hypotheses, equations, spent: Cell::new(0), most: Cell::new(0) }
    }

    /// The statement.
    pub fn statement(&self) -> &'a Statement {
        self.statement
    }

    /// Whether there is an equation among them, other than for K: without one there is nothing to solve.
    pub fn has_equations(&self) -> bool {
        !self.equations.is_empty()
    }

    /// How many evaluations the last case took.
    pub fn evaluations(&self) -> u64 {
        self.spent.get()
    }

    /// Counts an evaluation; whether there may be one more.
    fn spend(&self) -> bool {
        self.spent.set(self.spent.get() + 1);
        self.spent.get() <= self.most.get()
    }

    /// Whether the case is proper and all of it holds, exactly.
    fn holds(&self, case: &Case) -> bool {
        if !self.spend() {
            return false;
        }
        let all = |evaluator: &mut crate::eval::Evaluator<'_, System>| {
            self.hypotheses.iter().all(|hypothesis| evaluator.holds(hypothesis) == Ok(Truth::True))
        };
        let system = System::new();
        case.is_proper(self.statement)
            && evaluator(&system, case, &self.statement.definitions).is_ok_and(|mut evaluator| all(&mut evaluator))
    }

    /// For each equation its residuals, left - right, one for each coordinate; `None` for those that are not rational.
    fn residuals(&self, case: &Case) -> Vec<Option<Vec<Rational>>> {
        let system = System::new();
        let evaluator = evaluator(&system, case, &self.statement.definitions);
        let (true, Ok(mut evaluator)) = (self.spend(), evaluator) else { return vec![None; self.equations.len()] };
        let one = |(left, right): &(&Tree, &Tree)| -> Option<Vec<Rational>> {
            if left.ty() == Type::Real {
                return Some(vec![difference(&system, &evaluator.real(left).ok()?, &evaluator.real(right).ok()?)?]);
            }
            let (u, v) = (evaluator.vector(left).ok()?, evaluator.vector(right).ok()?);
            let entry = |index| difference(&system, &u.at(&system, index).ok()?, &v.at(&system, index).ok()?);
            (0..case.k).map(entry).collect()
        };
        self.equations.iter().map(one).collect()
    }

    /// A case near the given one that meets all of it, of no trivial kind where one is found; the same `rng` gives the
    /// same case. It takes so much work at most.
    pub fn meet(&self, case: &Case, work: u64, rng: &mut Rng) -> Option<Case> {
        self.spent.set(0);
        self.most.set((work / cost(self.statement, case.k)).min(MOST_EVALUATIONS));
        if case.k > MOST_ACTIONS || self.most.get() < FEWEST_EVALUATIONS {
            return None;
        }
        let start = rational(case)?;
        let short = |x: &BigRational| x.numer().bits().max(x.denom().bits()) <= MOST_BITS;
        if !start.vectors.iter().filter_map(|(_, entries)| coordinates(entries)).all(|all| all.iter().all(short)) {
            return None;
        }
        let mut best: Option<Case> = None;
        let mut keep = |found: Case| -> bool {
            if !self.holds(&found) {
                return false;
            }
            let generic = !kind(self.statement, &found).is_trivial();
            if generic || best.is_none() {
                best = Some(self.tidy(found));
            }
            generic
        };
        if keep(start.clone()) {
            return best;
        }
        for from in self.starts(&start, rng) {
            let done = keep(from.clone())
                || moves::around(self.statement, &from).into_iter().any(&mut keep)
                || linear::solutions(self, &from, rng).into_iter().any(&mut keep)
                || lines::solutions(self, &from, rng).into_iter().any(&mut keep);
            if done {
                break;
            }
        }
        best
    }

    /// Whether every equation is affine in the unknowns, so that solving it linearly reaches all of its solutions:
    /// along a random line, no second difference differs from 0.
    pub fn is_affine(&self, case: &Case, rng: &mut Rng) -> bool {
        let Some(start) = rational(case) else { return false };
        self.most.set(self.spent.get() + 4);
        let unknowns: Vec<Unknown> =
            self.statement.variables.iter().flat_map(|(name, _)| unknowns(self.statement, &start, name)).collect();
        // Short and none of them 0: every unknown moves, and weights stay positive.
        let slopes: Vec<BigRational> =
            unknowns.iter().map(|_| BigRational::new((1 + rng.below(9) as i64).into(), 1000.into())).collect();
        let at = |t: i64| {
            let by: Vec<BigRational> = slopes.iter().map(|slope| slope * BigRational::from_integer(t.into())).collect();
            self.residuals(&moved(&start, &unknowns, &by)?).into_iter().collect::<Option<Vec<_>>>()
        };
        let Some(points) = (0..3).map(at).collect::<Option<Vec<_>>>() else { return false };
        let flat = |point: &Vec<Vec<Rational>>| point.concat();
        let [a, b, c] = [0, 1, 2].map(|t| flat(&points[t]));
        a.iter().zip(&b).zip(&c).all(|((a, b), c)| Rational::from(a + c) == Rational::from(b * 2))
    }

    /// Where the search begins: the case itself, then with uniform and with other small distributions.
    fn starts(&self, case: &Case, rng: &mut Rng) -> Vec<Case> {
        let mut starts = vec![case.clone()];
        let small = |weights: &dyn Fn(usize) -> i64| {
            let mut next = case.clone();
            for (name, sort) in &self.statement.variables {
                if *sort == Sort::Distribution {
                    let all: Vec<BigRational> =
                        (0..case.k).map(|i| BigRational::from_integer(weights(i).into())).collect();
                    next.put(name, Entries::Numbers(normalised(&all)));
                }
            }
            next
        };
        if self.statement.variables.iter().any(|(_, sort)| *sort == Sort::Distribution) {
            let offset = rng.index(case.k);
            starts.push(small(&|i| 1 + ((i + offset) % case.k) as i64));
            if case.k <= FEW_ACTIONS {
                starts.push(small(&|i| i64::from(i < 2)));
                starts.push(small(&|_| 1));
            }
        }
        starts
    }

    /// Distributions as weights in lowest terms, which are what people read and exact arithmetic likes.
    fn tidy(&self, mut case: Case) -> Case {
        for (name, sort) in &self.statement.variables {
            if *sort == Sort::Distribution
                && let Some(tidy) = case.entries(name).and_then(coordinates).and_then(|all| probabilities(&all))
            {
                case.put(name, tidy);
            }
        }
        case
    }
}

/// Probabilities in the ratio of weights whose sum is not 0.
fn normalised(weights: &[BigRational]) -> Vec<BigRational> {
    let total: BigRational = weights.iter().sum();
    weights.iter().map(|weight| weight / &total).collect()
}

/// Whether a hypothesis holds, exactly; `None` where exact arithmetic cannot tell. Intervals can never tell that an
/// equation holds, and ask here.
pub fn holds_exactly(statement: &Statement, hypothesis: &Prop, case: &Case) -> Option<bool> {
    if !case.is_rational() {
        return None;
    }
    let system = System::new();
    let mut evaluator = evaluator(&system, case, &statement.definitions).ok()?;
    match evaluator.holds(hypothesis) {
        Ok(Truth::True) => Some(true),
        Ok(Truth::False) | Err(Fault::Undefined(_)) => Some(false),
        _ => None,
    }
}

/// The premises of the implications that are to be shown, those with equations in them.
pub fn premises(statement: &Statement) -> Vec<&Prop> {
    fn walk<'a>(prop: &'a Prop, found: &mut Vec<&'a Prop>) {
        match prop {
            Prop::Implies(premise, conclusion) => {
                let mut equations = Vec::new();
                collect(premise, &mut equations);
                if !equations.is_empty() {
                    found.push(premise);
                }
                walk(conclusion, found);
            }
            Prop::And(parts) => parts.iter().for_each(|part| walk(part, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    statement.shows.iter().for_each(|show| walk(show, &mut found));
    found
}

/// The equations that a proposition asks for, other than those for K.
fn collect<'a>(prop: &'a Prop, equations: &mut Vec<(&'a Tree, &'a Tree)>) {
    match prop {
        Prop::Compare(Relation::Equal, left, right) => {
            let is_size = |tree: &Tree| matches!(tree.node(), Node::Size);
            if !is_size(left) && !is_size(right) {
                equations.push((left, right));
            }
        }
        Prop::And(parts) => parts.iter().for_each(|part| collect(part, equations)),
        _ => {}
    }
}

/// left - right; where both are roots or rational and not negative, of their squares.
fn difference(system: &System, left: &Number<Rational>, right: &Number<Rational>) -> Option<Rational> {
    let rational = |x: Eval<Number<Rational>>| match x {
        Ok(Number::Rational(x)) => Some(x),
        _ => None,
    };
    match (left, right) {
        (Number::Rational(x), Number::Rational(y)) => Some(Rational::from(x - y)),
        (Number::Rational(_) | Number::Root(false, _), Number::Rational(_) | Number::Root(false, _)) => {
            let [x, y] = [left, right].map(|side| rational(system.power(side, 2)));
            Some(x? - y?)
        }
        // Logarithms are in line where their arguments are: log x - log y is 0 where x - y is.
        (x @ Number::Log { offset, .. }, y) if offset.is_zero() => Some(rational(x.exp())? - rational(y.exp())?),
        (x, y @ Number::Log { offset, .. }) if offset.is_zero() => Some(rational(x.exp())? - rational(y.exp())?),
        _ => None,
    }
}

/// The same case with all distributions as plain numbers; `None` if some value is not rational.
fn rational(case: &Case) -> Option<Case> {
    let mut next = case.clone();
    for (_, vector) in &mut next.vectors {
        if let Entries::Probabilities(_) = vector {
            *vector = Entries::Numbers(coordinates(vector)?);
        } else {
            coordinates(vector)?;
        }
    }
    Some(next)
}

/// One unknown: a real, or an entry of a vector.
#[derive(Clone, Debug)]
struct Unknown {
    name: Name,
    sort: Sort,
    entry: usize,
}

/// The unknowns of a variable; none for actions, subsets and vectors that are not rational.
fn unknowns(statement: &Statement, case: &Case, name: &Name) -> Vec<Unknown> {
    let sort = statement.sort(name).unwrap_or(Sort::Action);
    let count = match sort {
        Sort::Action | Sort::Subset | Sort::Float => 0,
        Sort::Real => 1,
        _ => case.k,
    };
    (0..count).map(|entry| Unknown { name: name.clone(), sort, entry }).collect()
}

fn value(case: &Case, unknown: &Unknown) -> Option<BigRational> {
    if unknown.sort == Sort::Real {
        return case.reals.iter().find(|(name, _)| *name == unknown.name).and_then(|(_, value)| match value {
            super::case::Scalar::Rational(value) => Some(value.clone()),
            super::case::Scalar::Logarithm(_) => None,
        });
    }
    coordinates(case.entries(&unknown.name)?).map(|all| all[unknown.entry].clone())
}

/// The case moved by these amounts along the unknowns; `None` where a value does not exist, as a negative weight.
fn moved(case: &Case, unknowns: &[Unknown], by: &[BigRational]) -> Option<Case> {
    let mut next = case.clone();
    let mut from = 0;
    while from < unknowns.len() {
        let name = &unknowns[from].name;
        let count = unknowns[from..].iter().take_while(|other| other.name == *name).count();
        let (block, amounts) = (&unknowns[from..from + count], &by[from..from + count]);
        if block[0].sort == Sort::Real {
            next.put_real(name, value(case, &block[0])? + &amounts[0]);
        } else {
            let like = case.entries(name)?;
            let mut all = coordinates(like)?;
            block.iter().zip(amounts).for_each(|(unknown, amount)| all[unknown.entry] += amount);
            next.put(name, entries(like, &all)?);
        }
        from += count;
    }
    Some(next)
}

fn big(x: &Rational) -> BigRational {
    x.to_big()
}

/// Whether some operation of a kind stands in the equations.
fn mentions(target: &Target<'_>, op: Op) -> bool {
    let has = |tree: &Tree| tree.any(&|node| matches!(node, Node::Apply(other, _) if *other == op));
    target.equations.iter().any(|(left, right)| has(left) || has(right))
        || target.statement.definitions.iter().any(|(_, tree)| has(tree))
}
