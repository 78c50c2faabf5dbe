//! The search for a small counterexample, which every claim gets.
//!
//! Cases have an order: K from 2 on and K = 1 last; then the sum of the policy's integer weights; then the weights,
//! lexicographically; then the height of all other values together (0 and 1 are low, 2 and -1 higher), then the values
//! in the order of `search/choices.rs`. Positive weights come before weights with zeros.
//!
//! Where a claim has a policy and actions alone, cases are tried in this order, up to the sums in [`SUMS`]: what is
//! found first is the smallest. Other values can be anything, so that no search tries all that is smaller; there a
//! *level* bounds K, the weights and the height of all values together, and what is found at the lowest level is a
//! counterexample. It is called smallest only where nothing smaller was left out: at K = 2, at the first weights, or
//! without a policy.
//!
//! f64 intervals, which are rigorous, decide most cases; what they leave open goes to exact arithmetic, and only a
//! case that the judge itself refutes counts. A case that does not meet an equation among the hypotheses is solved
//! for it ([`super::solve`]). When all levels that the budget allows hold, a climb from the narrowest small cases looks
//! for a near miss, and what it finds is made small again.

use std::sync::Arc;

use super::case::{Case, Entries, fixed_size, principal};
use super::coordinates::coordinates;
use super::decide::Outcome;
use super::search::choices::{Choice, HIGHEST, Value, choices, compositions, give, is_listed, is_lowest};
use super::search::climb::Climber;
pub use super::search::look::Refuted;
use super::search::look::{Look, Refuter, Turning};
use super::search::shrink::shrink;
use super::search::turning;
pub use super::search::witness::undefined;
use super::search::witness::witness;
pub use super::search::work::Effort;
use crate::claims::Claim;
use crate::expr::{Sort, Statement};
use crate::outcome::Witness;
use crate::policy::{Naturals, Scores};

/// What a search came to: for each find the number of the proposition, and the case.
pub struct Search {
    /// A case in which a proposition is false.
    pub refuted: Option<(usize, Witness)>,
    /// A case in which one has no truth value.
    pub undefined: Option<(usize, Witness)>,
    /// The cases in which the hypotheses held and the claim did.
    pub held: usize,
}

/// The sums of weights that are searched for each K from 2 on.
pub const SUMS: &[(usize, u64)] = &[(2, 64), (3, 24), (4, 14), (5, 11), (6, 10)];

/// The largest K besides that is tried, near whole numbers of the statement.
const MOST_ACTIONS: usize = 64;

/// What a further action adds to the level of a case.
const ACTION: usize = 3;

/// The part of the budget, in hundredths, that is kept for the climb.
const CLIMB: u64 = 30;

/// How hard a claim is searched: less where it has a derivation.
pub fn effort(claim: &Claim) -> Effort {
    if claim.proof.is_some() { Effort::LOW } else { Effort::FULL }
}

/// Looks for a small counterexample; where none lies within reach, makes the one given small.
pub fn search(
    statement: &Statement,
    first: Option<Refuted>,
    effort: Effort,
    decide: impl Fn(&Case) -> Outcome,
) -> Search {
    let mut refuter = Refuter::new(statement, effort, decide);
    let mut climber = Climber::new(statement);
    if !statement.variables.is_empty() {
        refuter.budget.reserve(CLIMB);
    }
    let found = match is_ordered(statement) {
        _ if fixed_size(statement).is_some_and(|k| k > MOST_ACTIONS) => None,
        true => in_order(&mut refuter, &mut climber),
        false => by_level(&mut refuter, &mut climber),
    };
    refuter.budget.release();
    let found = match found {
        // What was solved for is some number that meets an equation, and may be simpler.
        Some(Find { refuted, solved: true, .. }) => Some((shrink(&mut refuter, refuted), false)),
        Some(Find { refuted, first, .. }) => Some((refuted, first && !refuter.open)),
        None => {
            let start = first.or_else(|| climber.climb(&mut refuter));
            start.map(|start| (shrink(&mut refuter, start), false))
        }
    };
    let refuted = found.map(|(Refuted { show, case, sides }, smallest)| {
        (show, Witness { sides, smallest, ..witness(statement, show, &case) })
    });
    let lacking = refuter.undefined.take();
    let undefined = lacking.map(|(show, case, lack)| (show, undefined(statement, show, &case, lack)));
    Search { refuted, undefined, held: refuter.held }
}

/// What was found among the cases in their order.
struct Find {
    refuted: Refuted,
    /// Whether it was solved for, and is none of the cases in their order.
    solved: bool,
    /// Whether all cases before it were tried.
    first: bool,
}

/// Whether a claim has a policy, actions and subsets alone, so that weights put all its cases in order.
fn is_ordered(statement: &Statement) -> bool {
    let main = principal(statement).map(|(name, _)| name);
    statement.variables.iter().all(|(name, sort)| match sort {
        Sort::Action | Sort::Subset => true,
        Sort::Distribution | Sort::Logits | Sort::Masked => main == Some(name),
        _ => false,
    })
}

fn sizes(statement: &Statement) -> Vec<usize> {
    if let Some(k) = fixed_size(statement) {
        return vec![k];
    }
    let mut sizes: Vec<usize> = SUMS.iter().map(|(k, _)| *k).collect();
    sizes.extend(turning::sizes(statement, MOST_ACTIONS).into_iter().filter(|k| *k > SUMS.len() + 1));
    // K = 1 last: a statement that needs K >= 2 and does not say so fails there only.
    sizes.push(1);
    sizes
}

type Judged<'a, 'b, D> = &'b mut Refuter<'a, D>;

/// All cases in their order.
fn in_order<D: Fn(&Case) -> Outcome>(refuter: Judged<'_, '_, D>, climber: &mut Climber<'_>) -> Option<Find> {
    let statement = refuter.statement;
    let masks = principal(statement).is_some_and(|(_, sort)| *sort != Sort::Logits);
    for least in [1, 0] {
        if least == 0 && !masks {
            break;
        }
        for k in sizes(statement).into_iter().filter(|k| least == 1 || *k <= SUMS.len() + 1) {
            let mut rest = choices(statement, k, &[]);
            let main = principal(statement).map(|_| rest.remove(0));
            let most = match fixed_size(statement) {
                Some(k) => 4 * k as u64,
                None => SUMS.iter().find(|(size, _)| *size == k).map_or(k as u64, |(_, most)| *most),
            };
            let sums = if main.is_some() { (k as u64 * least).max(1)..=most } else { 1..=1 };
            for sum in sums {
                let mut found = None;
                let mut each = |case: Case| {
                    found = visit(refuter, climber, &case);
                    found.is_none() && refuter.budget.goes_on()
                };
                match &main {
                    Some(main) => weighted(main, statement, k, sum, least, &rest, &mut each),
                    None => complete(&rest, None, &mut empty(k), &mut each),
                };
                if let Some((refuted, solved)) = found {
                    return Some(Find { refuted, solved, first: true });
                }
                if !refuter.budget.goes_on() {
                    return None;
                }
            }
        }
    }
    None
}

fn empty(k: usize) -> Case {
    Case { k, actions: vec![], reals: vec![], vectors: vec![] }
}

/// Every policy with weights of this sum, with every value of the rest.
fn weighted(
    main: &Choice,
    statement: &Statement,
    k: usize,
    sum: u64,
    least: u64,
    rest: &[Choice],
    f: &mut dyn FnMut(Case) -> bool,
) -> bool {
    let sort = statement.sort(&main.name);
    compositions(k, sum, least, &mut |weights| {
        let masked = weights.contains(&0);
        // Those without zeros have been tried.
        let repeated = sort == Some(Sort::Distribution) && !is_lowest(weights);
        if least == 0 && !masked || repeated {
            return true;
        }
        let scores = Arc::new(Scores::Integers(Naturals::from_u64s(weights.to_vec())));
        let entries =
            if sort == Some(Sort::Distribution) { Entries::Probabilities(scores) } else { Entries::Logits(scores) };
        let mut case = empty(k);
        give(&mut case, &main.name, Value::Vector(entries));
        complete(rest, None, &mut case, f)
    })
}

/// Calls `f` with the case completed by all values whose heights add up to `height`, or by all, while it answers true.
fn complete(rest: &[Choice], height: Option<usize>, case: &mut Case, f: &mut dyn FnMut(Case) -> bool) -> bool {
    let Some((first, rest)) = rest.split_first() else { return height.is_some_and(|left| left > 0) || f(case.clone()) };
    let last = rest.iter().all(|choice| choice.by_height[1..].iter().all(Vec::is_empty));
    for (own, values) in first.by_height.iter().enumerate() {
        if height.is_some_and(|left| own > left || last && own < left) {
            continue;
        }
        for value in values {
            let mut next = case.clone();
            give(&mut next, &first.name, value.clone());
            if !complete(rest, height.map(|left| left - own), &mut next, f) {
                return false;
            }
        }
    }
    true
}

/// All cases level by level: the policy's height, the others' and that of K together.
fn by_level<D: Fn(&Case) -> Outcome>(refuter: Judged<'_, '_, D>, climber: &mut Climber<'_>) -> Option<Find> {
    let statement = refuter.statement;
    let sizes = sizes(statement);
    let mut known: Vec<Option<Vec<Choice>>> = vec![None; sizes.len()];
    let has_policy = principal(statement).is_some();
    for level in 0..=HIGHEST {
        for (place, k) in sizes.iter().enumerate() {
            let own = match (fixed_size(statement), *k) {
                (Some(_), _) => 0,
                // Last, when the levels of others are through.
                (None, 1) => 4,
                (None, k) => (ACTION * (k - 2)).min(HIGHEST / 2),
            };
            let Some(height) = level.checked_sub(own) else { continue };
            let choices = known[place].get_or_insert_with(|| choices(statement, *k, &turning_points(statement, *k)));
            let mut found = None;
            complete(choices, Some(height), &mut empty(*k), &mut |case| {
                found = visit(refuter, climber, &case);
                found.is_none() && refuter.budget.goes_on()
            });
            if let Some((refuted, solved)) = found {
                // An equation may ask for values of small height that are in no list.
                let listed = refuted.case.reals.iter().all(|(_, value)| is_listed(value));
                let first = place == 0 && !refuter.has_solved() && listed;
                let first = first && first_weights(has_policy, choices, &refuted.case);
                return Some(Find { refuted, solved, first });
            }
            if !refuter.budget.goes_on() {
                return None;
            }
        }
    }
    None
}

/// Whether the case has the first of all policies, so that only the rest could be smaller.
fn first_weights(has_policy: bool, choices: &[Choice], case: &Case) -> bool {
    let Some(Choice { name, by_height }) = choices.first().filter(|_| has_policy) else { return true };
    match (by_height[0].first(), case.entries(name)) {
        (Some(Value::Vector(Entries::Numbers(first))), Some(Entries::Numbers(own))) => first == own,
        (Some(Value::Vector(first)), Some(own)) => coordinates(first) == coordinates(own),
        _ => false,
    }
}

/// The points at which the claim can turn, around its simplest cases.
fn turning_points(statement: &Statement, k: usize) -> Turning {
    let mut found = Turning::new();
    if statement.variables.iter().all(|(_, sort)| *sort != Sort::Real) {
        return found;
    }
    let simple = choices(statement, k, &[]);
    for from in 0..2 {
        let mut case = empty(k);
        for choice in &simple {
            let mut values = choice.by_height.iter().flatten();
            if let Some(value) = values.clone().nth(from).or_else(|| values.next()) {
                give(&mut case, &choice.name, value.clone());
            }
        }
        for point in turning::points(statement, &case) {
            if !found.contains(&point) {
                found.push(point);
            }
        }
    }
    found
}

/// Looks at a case, and around it where the hypotheses are equations; a refutation, and whether it was solved for.
fn visit<D: Fn(&Case) -> Outcome>(
    refuter: Judged<'_, '_, D>,
    climber: &mut Climber<'_>,
    case: &Case,
) -> Option<(Refuted, bool)> {
    let look = refuter.look(case);
    if let Look::Holds = look {
        let unit = refuter.unit(case.k);
        refuter.budget.spend(unit * u64::from(climber.notes(case)));
    }
    match look {
        Look::Refuted(found) => Some((*found, false)),
        look => refuter.look_around(case, &look).map(|found| (found, true)),
    }
}
