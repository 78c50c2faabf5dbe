//! What the judges share that decide a claim case by case.

use std::time::Instant;

use rayon::prelude::*;

use super::Options;
use super::case::{ATTEMPTS, Case, cost_exponent, draw, principal};
use super::values::{System, evaluator};
use crate::arith::{Fault, Truth};
use crate::expr::eval::Evaluator;
use crate::expr::{Prop, Relation, Sort, Statement};
use crate::outcome::{Evidence, Verdict};
use crate::policy::{Spec, suite};

/// What is found about one proposition in one case.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// It holds.
    Holds,
    /// Its sides are enclosed by overlapping intervals; they agree to 2^-b of their scale, this being b.
    Agrees(i64),
    /// It is false; the sides, where it is a relation between reals.
    Fails(Option<String>),
    /// The judge cannot tell, for this reason.
    Unclear(String),
}

/// A decision, and whether more precision could make it firmer.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What is found.
    pub decision: Decision,
    /// Whether more precision could help.
    pub retry: bool,
}

impl Found {
    fn firm(decision: Decision) -> Found {
        Found { decision, retry: false }
    }

    fn unclear(reason: &str, retry: bool) -> Found {
        Found { decision: Decision::Unclear(reason.to_string()), retry }
    }

    fn fault(fault: Fault) -> Found {
        match fault {
            // A statement has to make sense wherever its hypotheses hold.
            Fault::Undefined(why) => Found::firm(Decision::Fails(Some(format!("undefined ({why})")))),
            Fault::Unresolved(why) => Found::unclear(why, true),
            Fault::Unrepresentable(why) => Found::unclear(why, false),
        }
    }

    fn and(self, other: Found) -> Found {
        use Decision::{Agrees, Fails, Unclear};
        let retry = self.retry || other.retry;
        match (self.decision, other.decision) {
            (Fails(sides), _) | (_, Fails(sides)) => Found::firm(Fails(sides)),
            (Unclear(why), _) | (_, Unclear(why)) => Found { decision: Unclear(why), retry },
            (Agrees(a), Agrees(b)) => Found { decision: Agrees(a.min(b)), retry },
            (Agrees(a), _) | (_, Agrees(a)) => Found { decision: Agrees(a), retry },
            _ => Found::firm(Decision::Holds),
        }
    }
}

/// What is found about a statement in one case.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A hypothesis is false: the statement says nothing here.
    Outside,
    /// The case or a hypothesis cannot be decided, for this reason; whether more precision could help.
    Unknown(String, bool),
    /// The hypotheses hold; one entry for each proposition to be shown.
    Inside(Vec<Found>),
}

/// Overlapping intervals say nothing of an equality unless they are this many bits narrower than its scale, or half of
/// the working precision.
const LEAST_AGREEMENT: i64 = 64;

/// What a judge without a floating-point format says of a statement about its numbers.
pub const OF_A_FORMAT: &str =
    "it speaks of the numbers of a floating-point format, which the judge `exhaustive` decides";

/// Decides a statement in one case.
pub fn decide<A: System>(system: &A, statement: &Statement, case: &Case) -> Outcome {
    if statement.variables.iter().any(|(_, sort)| *sort == Sort::Float) {
        return Outcome::Unknown(OF_A_FORMAT.to_string(), false);
    }
    let mut evaluator = match evaluator(system, case, &statement.definitions) {
        Ok(evaluator) => evaluator,
        Err(fault) => return Outcome::Unknown(reason(fault).to_string(), matches!(fault, Fault::Unresolved(_))),
    };
    decide_assigned(system, &mut evaluator, statement)
}

/// Decides a statement with the values that its names have been given.
pub fn decide_assigned<A: System>(system: &A, evaluator: &mut Evaluator<'_, A>, statement: &Statement) -> Outcome {
    for hypothesis in &statement.hypotheses {
        match evaluator.holds(hypothesis) {
            Ok(Truth::True) => {}
            Ok(Truth::False) | Err(Fault::Undefined(_)) => return Outcome::Outside,
            Ok(Truth::Unknown) => return Outcome::Unknown("a hypothesis is not resolved".to_string(), true),
            Err(fault) => return Outcome::Unknown(reason(fault).to_string(), matches!(fault, Fault::Unresolved(_))),
        }
    }
    Outcome::Inside(statement.shows.iter().map(|show| find(system, evaluator, show)).collect())
}

fn reason(fault: Fault) -> &'static str {
    match fault {
        Fault::Undefined(why) | Fault::Unresolved(why) | Fault::Unrepresentable(why) => why,
    }
}

fn find<A: System>(system: &A, evaluator: &mut Evaluator<'_, A>, prop: &Prop) -> Found {
    match prop {
        Prop::Compare(relation, left, right) => compare(system, evaluator, *relation, left, right),
        Prop::SameAction(..) => match evaluator.holds(prop) {
            Ok(truth) => Found::firm(if truth == Truth::True { Decision::Holds } else { Decision::Fails(None) }),
            Err(fault) => Found::fault(fault),
        },
        Prop::And(parts) => {
            parts.iter().map(|part| find(system, evaluator, part)).fold(Found::firm(Decision::Holds), Found::and)
        }
        Prop::Implies(premise, conclusion) => match evaluator.holds(premise) {
            Ok(Truth::False) => Found::firm(Decision::Holds),
            Ok(Truth::True) => find(system, evaluator, conclusion),
            Ok(Truth::Unknown) => match find(system, evaluator, conclusion) {
                held @ Found { decision: Decision::Holds, .. } => held,
                _ => Found::unclear("the premise of an implication is not resolved", true),
            },
            Err(fault) => Found::fault(fault),
        },
        Prop::Iff(left, right) => match (evaluator.holds(left), evaluator.holds(right)) {
            (Err(fault), _) | (_, Err(fault)) => Found::fault(fault),
            (Ok(Truth::Unknown), _) | (_, Ok(Truth::Unknown)) => {
                Found::unclear("intervals cannot tell whether both sides of an equivalence are equalities", true)
            }
            (Ok(left), Ok(right)) if left == right => Found::firm(Decision::Holds),
            (Ok(left), Ok(_)) => {
                let (yes, no) = if left == Truth::True { ("left", "right") } else { ("right", "left") };
                Found::firm(Decision::Fails(Some(format!("the {yes} side holds and the {no} side does not: {prop}"))))
            }
        },
    }
}

fn compare<A: System>(
    system: &A,
    evaluator: &mut Evaluator<'_, A>,
    relation: Relation,
    left: &crate::expr::Tree,
    right: &crate::expr::Tree,
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

/// All that sampling found.
pub struct Samples {
    /// How much was tried.
    pub evidence: Evidence,
    /// What follows for each proposition to be shown.
    pub shows: Vec<Verdict>,
    /// The first case in which one of them is false: its number among the shows, the case, the sides.
    pub refutation: Option<(usize, Case, Option<String>)>,
    /// Seconds of deciding, added over the cases.
    pub seconds: f64,
}

#[derive(Clone, Default)]
struct Tally {
    decided: usize,
    unclear: usize,
    reason: Option<String>,
    agreement: Option<i64>,
}

/// The policies on which a statement is tried: those asked for, or of the default suite those whose K it can afford.
pub fn specs(statement: &Statement, options: &Options) -> Vec<Spec> {
    if let Some(spec) = &options.policy {
        return vec![spec.clone(); options.cases];
    }
    // A statement about given numbers has one case.
    if statement.variables.is_empty() {
        return suite(1);
    }
    let affordable = |spec: &Spec| (spec.actions().high as u64).saturating_pow(cost_exponent(statement)) <= MOST_WORK;
    suite(8 * options.cases).into_iter().filter(affordable).take(options.cases).collect()
}

/// K to the power of a statement's cost may be this large in the default suite.
const MOST_WORK: u64 = 1100;

/// Decides a statement in many cases.
pub fn run(statement: &Statement, options: &Options, decide: impl Fn(&Case) -> Outcome + Sync) -> Samples {
    let specs = specs(statement, options);
    let only_policy = statement.variables.iter().all(|declared| Some(declared) == principal(statement));
    let attempts = if only_policy { 1 } else { ATTEMPTS };
    let one = |(index, spec): (usize, &Spec)| {
        let start = Instant::now();
        let mut last = (None, Outcome::Outside);
        for attempt in 0..attempts {
            let case = draw(statement, spec, options.seed, index as u64, attempt);
            if !case.is_proper(statement) {
                continue;
            }
            let outcome = decide(&case);
            let again = outcome == Outcome::Outside;
            last = (Some(case), outcome);
            if !again {
                break;
            }
        }
        (last, start.elapsed().as_secs_f64())
    };
    let results: Vec<_> = specs.par_iter().enumerate().map(one).collect();
    collect(statement, results)
}

type Tried = ((Option<Case>, Outcome), f64);

fn collect(statement: &Statement, results: Vec<Tried>) -> Samples {
    let mut evidence = Evidence { tried: results.len(), ..Evidence::default() };
    let mut tallies = vec![Tally::default(); statement.shows.len()];
    let mut refutation = None;
    let mut nowhere = None;
    let mut seconds = 0.0;
    for ((case, outcome), time) in results {
        seconds += time;
        let (Some(case), outcome) = (case, outcome) else { continue };
        let found = match outcome {
            Outcome::Outside => continue,
            Outcome::Unknown(why, _) => {
                nowhere.get_or_insert(why);
                continue;
            }
            Outcome::Inside(found) => found,
        };
        evidence.k_min = if evidence.cases == 0 { case.k } else { evidence.k_min.min(case.k) };
        evidence.k_max = evidence.k_max.max(case.k);
        evidence.cases += 1;
        evidence.undecided += usize::from(found.iter().any(|one| matches!(one.decision, Decision::Unclear(_))));
        for (show, one) in found.into_iter().enumerate() {
            let tally = &mut tallies[show];
            match one.decision {
                Decision::Unclear(why) => {
                    tally.unclear += 1;
                    tally.reason.get_or_insert(why);
                    continue;
                }
                Decision::Agrees(bits) => tally.agreement = Some(tally.agreement.map_or(bits, |least| least.min(bits))),
                Decision::Holds => {}
                Decision::Fails(sides) if refutation.is_none() => refutation = Some((show, case.clone(), sides)),
                Decision::Fails(_) => {}
            }
            tally.decided += 1;
        }
    }
    evidence.decided = tallies.iter().map(|tally| tally.decided).collect();
    evidence.agreement = tallies.iter().filter_map(|tally| tally.agreement).min();
    let refuted = refutation.as_ref().map(|(show, _, _)| *show);
    let verdict = |(show, tally): (usize, &Tally)| {
        if refuted == Some(show) {
            Verdict::Refuted
        } else if tally.decided > 0 {
            Verdict::Consistent
        } else {
            let vacuous = || "vacuous: no case met the hypotheses".to_string();
            Verdict::Undecided(tally.reason.clone().or_else(|| nowhere.clone()).unwrap_or_else(vacuous))
        }
    };
    let shows = tallies.iter().enumerate().map(verdict).collect();
    Samples { evidence, shows, refutation, seconds }
}

/// What is said of the claim as a whole, with the propositions named that keep it undecided.
pub fn overall(shows: &[Verdict]) -> Verdict {
    let all = shows.iter().cloned().reduce(Verdict::and).expect("a claim shows something");
    match all {
        Verdict::Undecided(why) if shows.len() > 1 => {
            let open: Vec<usize> =
                (1..=shows.len()).filter(|k| matches!(shows[k - 1], Verdict::Undecided(_))).collect();
            if open.len() == shows.len() {
                return Verdict::Undecided(why);
            }
            let numbers = open.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            Verdict::Undecided(format!("line {numbers} of {}: {why}", shows.len()))
        }
        other => other,
    }
}
