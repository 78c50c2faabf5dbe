//! What is found about a statement in one case: false, undefined, held, or unclear.
//!
//! The discipline of definedness is that of [`crate::expr::domain`], strict in every part. A hypothesis or a premise
//! without a truth value is not met. Of several propositions joined by `and`, one that is false counts before one that
//! is undefined, whatever their order; of several joined by `or`, one that holds counts before one that is undefined.

use std::collections::HashMap;

use super::case::Case;
pub use super::found::{Decision, Found, Outcome};
use super::values::{System, evaluator};
use crate::arith::exact::Exact;
use crate::arith::{Eval, Fault, Truth};
use crate::eval::Evaluator;
use crate::expr::domain::{Condition, Infinity, of_comparison, whole};
use crate::expr::parse::shorten;
use crate::expr::{Action, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use crate::outcome::Lack;
use crate::proof::defined::Known;

/// Overlapping intervals say nothing of an equality unless they are this many bits narrower than its scale, or half of
/// the working precision.
const LEAST_AGREEMENT: i64 = 64;

/// What a judge without a floating-point format says of a statement about its numbers.
pub const OF_A_FORMAT: &str =
    "it speaks of the numbers of a floating-point format, which the judge `exhaustive` decides";

/// A statement, prepared to be decided in many cases: with the conditions under which its relations have truth values,
/// as far as the kernel does not know them to hold.
#[derive(Clone, Debug)]
pub struct Question<'s> {
    /// The statement.
    pub statement: &'s Statement,
    open: HashMap<Prop, Vec<Condition>>,
}

impl<'s> Question<'s> {
    /// Prepares a statement.
    pub fn new(statement: &'s Statement) -> Question<'s> {
        let mut question = Question { statement, open: HashMap::new() };
        // A hypothesis has to have a value by itself; a line that is to be shown may rest on all of them.
        let bare = Known::new(statement, vec![]);
        let given = Known::new(statement, statement.hypotheses.clone());
        statement.shows.iter().for_each(|prop| question.prepare(prop, &given));
        statement.hypotheses.iter().for_each(|prop| question.prepare(prop, &bare));
        question
    }

    fn prepare(&mut self, prop: &Prop, known: &Known<'_>) {
        match prop {
            Prop::Compare(relation, left, right) => {
                let is_open = |condition: &Condition| !known.gives(condition);
                let conditions = of_comparison(*relation, left, right, self.statement);
                let conditions: Vec<Condition> = conditions.into_iter().filter(is_open).collect();
                if !conditions.is_empty() {
                    self.open.insert(prop.clone(), conditions);
                }
            }
            Prop::SameAction(..) => {}
            Prop::And(parts) | Prop::Or(parts) => parts.iter().for_each(|part| self.prepare(part, known)),
            Prop::Implies(left, right) | Prop::Iff(left, right) => {
                self.prepare(left, known);
                self.prepare(right, known);
            }
        }
    }

    fn conditions(&self, prop: &Prop) -> &[Condition] {
        // Most statements have none: a hash of every relation in every case would cost more than the rest.
        if self.open.is_empty() {
            return &[];
        }
        self.open.get(prop).map_or(&[], Vec::as_slice)
    }

    /// Decides the statement in one case.
    pub fn decide<A: System>(&self, system: &A, case: &Case) -> Outcome {
        if self.statement.variables.iter().any(|(_, sort)| *sort == Sort::Float) {
            return Outcome::Unknown(OF_A_FORMAT.to_string(), false);
        }
        match evaluator(system, case, &self.statement.definitions) {
            // What exact arithmetic decides for itself need not be asked of it again.
            Ok(mut evaluator) if system.bits().is_none() => self.decide_assigned(system, &mut evaluator),
            Ok(mut evaluator) => self.decide_given(system, &mut evaluator, &|prop| self.exactly(prop, case)),
            Err(fault) => unknown(fault),
        }
    }

    /// Whether a proposition holds in exact arithmetic; `None` where that cannot tell. Intervals never see that an
    /// equation among the hypotheses holds.
    fn exactly(&self, prop: &Prop, case: &Case) -> Option<bool> {
        if !case.is_rational() {
            return None;
        }
        let system = Exact::<rug::Rational>::new();
        let mut evaluator = evaluator(&system, case, &self.statement.definitions).ok()?;
        match self.truth(&system, &mut evaluator, prop) {
            Ok(Truth::True) => Some(true),
            Ok(Truth::False) | Err(Fault::Undefined(_)) => Some(false),
            _ => None,
        }
    }

    /// Decides the statement with the values that its names have been given.
    pub fn decide_assigned<A: System>(&self, system: &A, evaluator: &mut Evaluator<'_, A>) -> Outcome {
        self.decide_given(system, evaluator, &|_| None)
    }

    /// The same; `exactly` is asked whether a hypothesis or a premise holds that this number system cannot resolve.
    fn decide_given<A: System>(&self, system: &A, evaluator: &mut Evaluator<'_, A>, exactly: Exactly<'_>) -> Outcome {
        for hypothesis in &self.statement.hypotheses {
            match self.resolved(system, evaluator, hypothesis, exactly) {
                Ok(Truth::True) => {}
                Ok(Truth::False) | Err(Fault::Undefined(_)) => return Outcome::Outside,
                Ok(Truth::Unknown) => return Outcome::Unknown("a hypothesis is not resolved".to_string(), true),
                Err(fault) => return unknown(fault),
            }
        }
        Outcome::Inside(self.statement.shows.iter().map(|show| self.find(system, evaluator, show, exactly)).collect())
    }

    /// The truth value of a hypothesis or a premise.
    fn resolved<A: System>(
        &self,
        system: &A,
        evaluator: &mut Evaluator<'_, A>,
        prop: &Prop,
        exactly: Exactly<'_>,
    ) -> Eval<Truth> {
        if let Prop::And(parts) = prop {
            // One part that is false or has no value is enough, whatever is known of the others.
            let mut all = Ok(Truth::True);
            for part in parts {
                match self.resolved(system, evaluator, part, exactly) {
                    Ok(Truth::False) | Err(Fault::Undefined(_)) => return Ok(Truth::False),
                    Ok(truth) => all = all.map(|all: Truth| all.and(truth)),
                    Err(fault) => all = Err(fault),
                }
            }
            return all;
        }
        if let Prop::Or(parts) = prop {
            // One part that holds is enough; one without a value does not hold.
            let mut any = Ok(Truth::False);
            for part in parts {
                match self.resolved(system, evaluator, part, exactly) {
                    Ok(Truth::True) => return Ok(Truth::True),
                    Ok(Truth::False) | Err(Fault::Undefined(_)) => {}
                    Ok(truth) => any = any.map(|any: Truth| any.or(truth)),
                    Err(fault) => any = Err(fault),
                }
            }
            return any;
        }
        match self.truth(system, evaluator, prop) {
            open @ (Ok(Truth::Unknown) | Err(Fault::Unresolved(_) | Fault::Unrepresentable(_))) => {
                exactly(prop).map_or(open, |holds| Ok(holds.into()))
            }
            settled => settled,
        }
    }

    /// The truth value of a proposition.
    fn truth<A: System>(&self, system: &A, evaluator: &mut Evaluator<'_, A>, prop: &Prop) -> Eval<Truth> {
        match prop {
            Prop::Compare(relation, left, right) => match standing(evaluator, self.conditions(prop))? {
                Standing::Finite => evaluator.holds(prop),
                Standing::Unknown => Err(Fault::Unresolved(NOT_KNOWN)),
                Standing::Lacks(_) => Err(Fault::Undefined(NO_VALUE)),
                Standing::Infinite(_) => {
                    infinite(evaluator, self.statement, *relation, left, right).map(|(truth, _)| truth)
                }
            },
            Prop::SameAction(..) => evaluator.holds(prop),
            Prop::And(parts) => {
                let (mut all, mut fault) = (Truth::True, None);
                for part in parts {
                    match self.truth(system, evaluator, part) {
                        Ok(Truth::False) => return Ok(Truth::False),
                        Ok(truth) => all = all.and(truth),
                        // What is not resolved may be false, and then it does not matter that another has no value.
                        Err(why @ Fault::Undefined(_)) => fault = fault.or(Some(why)),
                        Err(why) => fault = Some(why),
                    }
                }
                match (fault, all) {
                    (Some(Fault::Undefined(_)), Truth::Unknown) => Ok(Truth::Unknown),
                    (fault, all) => fault.map_or(Ok(all), Err),
                }
            }
            Prop::Or(parts) => {
                let (mut any, mut fault) = (Truth::False, None);
                for part in parts {
                    match self.truth(system, evaluator, part) {
                        Ok(Truth::True) => return Ok(Truth::True),
                        Ok(truth) => any = any.or(truth),
                        Err(why @ Fault::Undefined(_)) => fault = fault.or(Some(why)),
                        Err(why) => fault = Some(why),
                    }
                }
                match (fault, any) {
                    // What is not resolved may hold.
                    (Some(Fault::Undefined(_)), Truth::Unknown) => Ok(Truth::Unknown),
                    (fault, any) => fault.map_or(Ok(any), Err),
                }
            }
            Prop::Implies(premise, conclusion) => match self.resolved(system, evaluator, premise, &|_| None) {
                Ok(Truth::False) | Err(Fault::Undefined(_)) => Ok(Truth::True),
                Ok(Truth::True) => self.truth(system, evaluator, conclusion),
                Ok(Truth::Unknown) => match self.truth(system, evaluator, conclusion) {
                    Ok(Truth::True) => Ok(Truth::True),
                    Ok(_) | Err(Fault::Undefined(_)) => Ok(Truth::Unknown),
                    Err(fault) => Err(fault),
                },
                Err(fault) => Err(fault),
            },
            Prop::Iff(left, right) => {
                Ok(match (self.truth(system, evaluator, left)?, self.truth(system, evaluator, right)?) {
                    (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                    (left, right) => (left == right).into(),
                })
            }
        }
    }

    fn find<A: System>(
        &self,
        system: &A,
        evaluator: &mut Evaluator<'_, A>,
        prop: &Prop,
        exactly: Exactly<'_>,
    ) -> Found {
        match prop {
            Prop::Compare(relation, left, right) => match standing(evaluator, self.conditions(prop)) {
                Ok(Standing::Finite) => compare(system, evaluator, *relation, left, right),
                Ok(Standing::Unknown) => Found::unclear(NOT_KNOWN, true),
                Ok(Standing::Lacks(condition)) => Found::firm(Decision::Undefined(lack(condition))),
                Ok(Standing::Infinite(condition)) => {
                    match infinite(evaluator, self.statement, *relation, left, right) {
                        Ok((Truth::True, _)) => Found::firm(Decision::Holds),
                        Ok((Truth::False, sides)) => Found::firm(Decision::Fails(Some(sides))),
                        Ok((Truth::Unknown, _)) => Found::unclear("the intervals of both sides overlap", true),
                        Err(Fault::Undefined(_)) => Found::firm(Decision::Undefined(lack(condition))),
                        Err(fault) => Found::fault(fault),
                    }
                }
                Err(fault) => Found::fault(fault),
            },
            Prop::SameAction(..) => match evaluator.holds(prop) {
                Ok(truth) => Found::firm(if truth == Truth::True { Decision::Holds } else { Decision::Fails(None) }),
                Err(fault) => Found::fault(fault),
            },
            Prop::And(parts) => {
                let found = parts.iter().map(|part| self.find(system, evaluator, part, exactly));
                found.reduce(Found::and).unwrap_or(Found::firm(Decision::Holds))
            }
            Prop::Or(parts) => {
                let found = parts.iter().map(|part| self.find(system, evaluator, part, exactly));
                match found.reduce(Found::or).unwrap_or(Found::firm(Decision::Holds)) {
                    Found { decision: Decision::Fails(_), .. } => Found::firm(Decision::Fails(Some(prop.to_string()))),
                    found => found,
                }
            }
            Prop::Implies(premise, conclusion) => match self.resolved(system, evaluator, premise, exactly) {
                Ok(Truth::False) | Err(Fault::Undefined(_)) => Found::firm(Decision::Unmet),
                Ok(Truth::True) => self.find(system, evaluator, conclusion, exactly),
                Ok(Truth::Unknown) => match self.find(system, evaluator, conclusion, exactly) {
                    Found { decision: Decision::Holds, .. } => Found::firm(Decision::Unmet),
                    _ => Found::unclear("the premise of an implication is not resolved", true),
                },
                Err(fault) => Found::fault(fault),
            },
            Prop::Iff(left, right) => {
                let [of_left, of_right] = [left, right].map(|side| self.truth(system, evaluator, side));
                // A side that is false whatever one of its parts is has a value.
                let lacking = [(left, of_left), (right, of_right)].into_iter().find_map(|(side, truth)| match truth {
                    Err(fault @ Fault::Undefined(_)) => Some((side, fault)),
                    _ => None,
                });
                if let Some((side, fault)) = lacking {
                    return self.undefined_side(system, evaluator, side).unwrap_or(Found::fault(fault));
                }
                match (of_left, of_right) {
                    (Err(fault), _) | (_, Err(fault)) => Found::fault(fault),
                    (Ok(Truth::Unknown), _) | (_, Ok(Truth::Unknown)) => Found::unclear(
                        "intervals cannot tell whether both sides of an equivalence are equalities",
                        true,
                    ),
                    (Ok(left), Ok(right)) if left == right => Found::firm(Decision::Holds),
                    (Ok(left), Ok(_)) => {
                        let (yes, no) = if left == Truth::True { ("left", "right") } else { ("right", "left") };
                        let sides = format!("the {yes} side holds and the {no} side does not: {prop}");
                        Found::firm(Decision::Fails(Some(sides)))
                    }
                }
            }
        }
    }

    /// The first relation in a proposition that has no truth value, with what is lacking.
    fn undefined_side<A: System>(&self, system: &A, evaluator: &mut Evaluator<'_, A>, prop: &Prop) -> Option<Found> {
        match prop {
            Prop::Compare(..) => match standing(evaluator, self.conditions(prop)) {
                Ok(Standing::Lacks(condition)) => Some(Found::firm(Decision::Undefined(lack(condition)))),
                _ => None,
            },
            Prop::SameAction(..) => None,
            Prop::And(parts) | Prop::Or(parts) => {
                parts.iter().find_map(|part| self.undefined_side(system, evaluator, part))
            }
            // A premise without a value is not met, and what follows from one that is not met asks for nothing.
            Prop::Implies(premise, conclusion) => match self.resolved(system, evaluator, premise, &|_| None) {
                Ok(Truth::True) => self.undefined_side(system, evaluator, conclusion),
                _ => None,
            },
            Prop::Iff(left, right) => {
                [left, right].into_iter().find_map(|side| self.undefined_side(system, evaluator, side))
            }
        }
    }
}

/// Whether a proposition holds in exact arithmetic, if that can tell.
type Exactly<'a> = &'a dyn Fn(&Prop) -> Option<bool>;

const NOT_KNOWN: &str = "whether a part has a value is not resolved";
const NO_VALUE: &str = "a part without a value";

/// Whether a relation has a truth value.
enum Standing<'c> {
    /// Both sides are finite.
    Finite,
    /// A side is infinite.
    Infinite(&'c Condition),
    /// It cannot be told.
    Unknown,
    /// This condition does not hold.
    Lacks(&'c Condition),
}

fn standing<'c, A: System>(evaluator: &mut Evaluator<'_, A>, conditions: &'c [Condition]) -> Eval<Standing<'c>> {
    let mut standing = Standing::Finite;
    for condition in conditions {
        match evaluator.holds_everywhere(&condition.everywhere, &condition.holds) {
            Ok(Truth::True) => {}
            // Without a value it asks for another condition, which stands before it.
            Ok(Truth::False) | Err(Fault::Undefined(_)) => match condition.infinite {
                None => return Ok(Standing::Lacks(condition)),
                Some(_) if matches!(standing, Standing::Finite) => standing = Standing::Infinite(condition),
                Some(_) => {}
            },
            Ok(Truth::Unknown) | Err(Fault::Unresolved(_)) => standing = Standing::Unknown,
            Err(fault) => return Err(fault),
        }
    }
    Ok(standing)
}

fn lack(condition: &Condition) -> Lack {
    Lack { of: shorten(&condition.part.to_string()), add: condition.mend().map(|mend| mend.to_string()) }
}

/// What a side of an inequality is.
enum Extended<R> {
    Infinite(Infinity),
    Finite(R),
}

/// The truth of an inequality of which a side may be infinite, in every coordinate of vectors; and where it is false,
/// its sides.
fn infinite<A: System>(
    evaluator: &mut Evaluator<'_, A>,
    statement: &Statement,
    relation: Relation,
    left: &Tree,
    right: &Tree,
) -> Eval<(Truth, String)> {
    let entries = match left.ty() {
        Type::Real => vec![(whole(left, statement).clone(), whole(right, statement).clone())],
        Type::Vector => (1..=evaluator.size())
            .map(|index| (entry(whole(left, statement), index), entry(whole(right, statement), index)))
            .collect(),
    };
    let mut all = Truth::True;
    for (left, right) in &entries {
        let conditions = of_comparison(relation, left, right, statement);
        let mut values = Vec::new();
        for side in [left, right] {
            values.push(extended(evaluator, side, &conditions)?);
        }
        let rank = |value: &Extended<A::Real>| match value {
            Extended::Infinite(Infinity::Minus) => -1,
            Extended::Finite(_) => 0,
            Extended::Infinite(Infinity::Plus) => 1,
        };
        let (x, y) = (rank(&values[0]), rank(&values[1]));
        let truth = match relation {
            _ if (x, y) == (0, 0) => evaluator.holds(&Prop::Compare(relation, left.clone(), right.clone()))?,
            Relation::LessEqual => (x <= y).into(),
            Relation::Less => (x < y).into(),
            Relation::GreaterEqual => (x >= y).into(),
            Relation::Greater => (x > y).into(),
            Relation::Equal | Relation::NotEqual => return Err(Fault::Undefined(NO_VALUE)),
        };
        if truth == Truth::False {
            let describe = |value: &Extended<A::Real>| match value {
                Extended::Infinite(Infinity::Minus) => "-inf".to_string(),
                Extended::Infinite(Infinity::Plus) => "+inf".to_string(),
                Extended::Finite(x) => evaluator.system().describe(x),
            };
            let sides = format!("{} {} {}", describe(&values[0]), relation.sign(), describe(&values[1]));
            return Ok((Truth::False, sides));
        }
        all = all.and(truth);
    }
    Ok((all, String::new()))
}

/// One coordinate of a vector, as a side that may be infinite by itself.
fn entry(tree: &Tree, index: usize) -> Tree {
    let at = |v: &Tree| Tree::new(Node::At(v.clone(), Action::Index(index))).expect("a coordinate of a vector");
    match tree.node() {
        Node::Apply(Op::Log, items) => Tree::apply(Op::Log, [at(&items[0])]).expect("the logarithm of a real"),
        _ => at(tree),
    }
}

fn extended<A: System>(
    evaluator: &mut Evaluator<'_, A>,
    side: &Tree,
    conditions: &[Condition],
) -> Eval<Extended<A::Real>> {
    for condition in conditions.iter().filter(|condition| condition.part == *side) {
        match (evaluator.holds_everywhere(&condition.everywhere, &condition.holds)?, condition.infinite) {
            (Truth::True, _) => {}
            (Truth::False, Some(infinity)) => return Ok(Extended::Infinite(infinity)),
            (Truth::False, None) => return Err(Fault::Undefined(NO_VALUE)),
            (Truth::Unknown, _) => return Err(Fault::Unresolved(NOT_KNOWN)),
        }
    }
    evaluator.real(side).map(Extended::Finite)
}

fn unknown(fault: Fault) -> Outcome {
    Outcome::Unknown(reason(fault).to_string(), matches!(fault, Fault::Unresolved(_)))
}

fn reason(fault: Fault) -> &'static str {
    match fault {
        Fault::Undefined(why) | Fault::Unresolved(why) | Fault::Unrepresentable(why) => why,
    }
}

fn compare<A: System>(
    system: &A,
    evaluator: &mut Evaluator<'_, A>,
    relation: Relation,
    left: &Tree,
    right: &Tree,
) -> Found {
    let overlap_counts = matches!(relation, Relation::Equal | Relation::LessEqual | Relation::GreaterEqual);
    let (mut magnitude, mut distance) = (i64::MIN, None);
    let mut sides = None;
    evaluator.take_magnitude();
    let truth = evaluator.compare(relation, left, right, &mut |x, y, truth| match (truth, system.spread(x, y)) {
        (Truth::Unknown, Some(spread)) if overlap_counts => {
            magnitude = magnitude.max(spread.magnitude);
            distance = distance.max(Some(spread.distance));
            Truth::True
        }
        (Truth::False, _) => {
            sides = Some(format!("{} {} {}", system.describe(x), relation.sign(), system.describe(y)));
            truth
        }
        _ => truth,
    });
    match (truth, distance) {
        (Err(fault), _) => Found::fault(fault),
        (Ok(Truth::False), _) => Found::firm(Decision::Fails(sides)),
        (Ok(Truth::Unknown), _) => Found::unclear("the intervals of both sides overlap", true),
        (Ok(Truth::True), None) => Found::firm(Decision::Holds),
        (Ok(Truth::True), Some(distance)) => {
            let scale = magnitude.max(evaluator.take_magnitude());
            let agreement = scale.saturating_sub(distance);
            // More precision can separate the sides of an inequality; it can never prove an equality.
            let retry = relation != Relation::Equal;
            if agreement >= LEAST_AGREEMENT.min(system.bits().map_or(0, |bits| i64::from(bits / 2))) {
                Found { decision: Decision::Agrees(agreement), retry }
            } else {
                Found::unclear("the intervals of both sides are too wide to compare", true)
            }
        }
    }
}
