//! Cases made from policies and random numbers, some of them solved for.

use std::sync::Arc;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::case::{Case, Entries, Scalar, fixed_size, principal};
use super::search::choices::stands_under_exp;
use super::solve::{self, Target, WORK_OF_A_DRAW};
use crate::expr::{Action, Name, Node, Prop, Relation, Sort, Statement, Tree, Type};
use crate::policy::random::Rng;
use crate::policy::{Naturals, Policy, Scores, Spec};

/// How often the values beside the policy are drawn anew until the hypotheses hold.
pub const ATTEMPTS: u64 = 24;

/// Case number `index`: the policy of that number, and attempt number `attempt` at everything else. Where the
/// hypotheses have equations, they are solved for; every other case meets the premise of an implication, if there is
/// one with equations.
///
/// Beside the case whether it was solved for from equations that are affine, so that what is met stands for all that
/// can be.
pub fn draw(statement: &Statement, spec: &Spec, seed: u64, index: u64, attempt: u64) -> (Case, bool) {
    // Another key than the policy's, so that the two draw unrelated numbers.
    let mut rng = Rng::new(!seed, index * ATTEMPTS + attempt);
    let mut case = free(statement, &Policy::generate(spec, seed, index), index, attempt, &mut rng);
    repair(statement, &mut case);
    let premises = solve::premises(statement);
    let wanted = (index % 2 == 1 && !premises.is_empty()).then(|| premises[index as usize / 2 % premises.len()]);
    let given = Target::new(statement, &[]);
    let target = wanted.map_or_else(|| Target::new(statement, &[]), |premise| Target::new(statement, &[premise]));
    let asked = if target.has_equations() { target } else { given };
    if asked.has_equations() && attempt < SOLVED {
        let met = asked.meet(&case, WORK_OF_A_DRAW, &mut rng).or_else(|| simple(&asked, &case, &mut rng));
        if let Some(met) = met {
            let affine = asked.is_affine(&met, &mut rng);
            return (met, affine);
        }
    }
    (case, false)
}

/// The same with small weights in place of the policy: exact, where logits in f64 are not, and easier to solve for.
fn simple(target: &Target<'_>, case: &Case, rng: &mut Rng) -> Option<Case> {
    let mut case = case.clone();
    for (name, vector) in &mut case.vectors {
        let weights = Naturals::from_u64s((0..case.k).map(|_| 1 + rng.below(6)).collect());
        let scores = Arc::new(Scores::Integers(weights));
        let sort = target.statement().sort(name);
        match vector {
            Entries::Probabilities(own) => *own = scores,
            Entries::Logits(own) => *own = scores,
            // Under an exponential, logarithms are what stays exact.
            Entries::Numbers(_) if sort != Some(Sort::Distribution) && stands_under_exp(target.statement(), name) => {
                *vector = Entries::Logits(scores);
            }
            Entries::Numbers(_) => {}
        }
    }
    target.meet(&case, WORK_OF_A_DRAW, rng)
}

/// Values for everything, whatever the hypotheses say.
fn free(statement: &Statement, policy: &Policy, index: u64, attempt: u64, rng: &mut Rng) -> Case {
    let k = fixed_size(statement).unwrap_or(policy.actions());
    let scores = if k == policy.actions() {
        Arc::new(policy.scores.clone())
    } else {
        Arc::new(Scores::Integers(Naturals::from_u64s((0..k).map(|_| 1 + rng.below(9)).collect())))
    };
    let main = principal(statement).map(|(name, _)| name.clone());
    let mut case = Case { k, actions: vec![], reals: vec![], vectors: vec![] };
    for (name, sort) in &statement.variables {
        let is_main = main.as_ref() == Some(name);
        match sort {
            Sort::Action => {
                let index = if case.actions.is_empty() && policy.action < k { policy.action } else { rng.index(k) };
                case.actions.push((name.clone(), index));
            }
            // The judge `exhaustive` gives them values; no other has a format to take them from.
            Sort::Float => {}
            Sort::Real => case.reals.push((name.clone(), scalar(rng, principal(statement)))),
            Sort::Distribution if is_main => {
                case.vectors.push((name.clone(), Entries::Probabilities(scores.clone())));
            }
            Sort::Logits if is_main => {
                case.vectors.push((name.clone(), Entries::Logits(Arc::new(unmasked((*scores).clone())))));
            }
            Sort::Masked if is_main => case.vectors.push((name.clone(), Entries::Logits(scores.clone()))),
            Sort::Distribution => {
                let weights = (0..k).map(|_| rng.below(9)).collect::<Vec<_>>();
                let total: u64 = weights.iter().sum::<u64>() + 1;
                // The first takes one more, so that the weights are not all 0.
                let number = |(i, w): (usize, &u64)| ratio(*w as i64 + i64::from(i == 0), total as i64);
                case.vectors.push((name.clone(), Entries::Numbers(weights.iter().enumerate().map(number).collect())));
            }
            Sort::Subset => {
                let bits = (0..k).map(|_| ratio(rng.bits(1) as i64, 1)).collect();
                case.vectors.push((name.clone(), Entries::Numbers(bits)));
            }
            // A vector need not be a distribution: every other case takes it for what it may be.
            Sort::Vector if is_main && index.is_multiple_of(2) => {
                case.vectors.push((name.clone(), Entries::Probabilities(scores.clone())));
            }
            Sort::Vector | Sort::Logits | Sort::Masked => {
                let numbers = (0..k).map(|_| if attempt < MIXED { real(rng) } else { alike(rng, attempt) }).collect();
                case.vectors.push((name.clone(), Entries::Numbers(numbers)));
            }
        }
    }
    case
}

/// From this attempt on, all entries of a vector lie in one range: of many entries drawn one by one, hardly ever all
/// are what a hypothesis such as `r <= 1` wants.
const MIXED: u64 = 6;

/// The attempts at which equations are solved for.
const SOLVED: u64 = 2;

/// An entry in [0, 1], positive, or of either sign, by the number of the attempt.
fn alike(rng: &mut Rng, attempt: u64) -> BigRational {
    let d = 1 + rng.below(8) as i64;
    match attempt % 3 {
        0 => ratio(rng.below(d as u64 + 1) as i64, d),
        1 => ratio(1 + rng.below(16) as i64, d),
        _ => ratio(rng.below(33) as i64 - 16, d),
    }
}

/// The same policy with some mass on every action.
fn unmasked(mut scores: Scores) -> Scores {
    for index in 0..scores.len() {
        if scores.is_zero(index) {
            match &mut scores {
                Scores::Integers(weights) | Scores::Rationals { numerators: weights, .. } => {
                    weights.entry_mut(index)[0] = 1;
                }
                Scores::Logits(logits) => logits[index] = LEAST_LOGIT,
            }
        }
    }
    scores
}

/// What stands for the logit of an action without mass where every logit is finite: exp is normal there.
const LEAST_LOGIT: f64 = -700.0;

fn ratio(n: i64, d: i64) -> BigRational {
    BigRational::new(BigInt::from(n), BigInt::from(d))
}

/// Small rationals: half of the time within [0, 1], where many hypotheses want them, and 1/n now and then, at which
/// a temperature keeps exact policies exact.
fn real(rng: &mut Rng) -> BigRational {
    let d = 1 + rng.below(8) as i64;
    match rng.below(4) {
        0 | 1 => ratio(rng.below(d as u64 + 1) as i64, d),
        2 => ratio(rng.below(33) as i64 - 16, d),
        _ => ratio(1, d),
    }
}

/// A real; beside logits now and then a logarithm.
fn scalar(rng: &mut Rng, principal: Option<&(Name, Sort)>) -> Scalar {
    let beside_logits = matches!(principal, Some((_, Sort::Logits | Sort::Masked)));
    if beside_logits && rng.below(4) == 0 {
        Scalar::Logarithm(ratio(1 + rng.below(9) as i64, 1 + rng.below(9) as i64))
    } else {
        Scalar::Rational(real(rng))
    }
}

/// Makes hypotheses of the form `v[c] = 0` true, which random numbers hardly ever meet: mass moves off c.
fn repair(statement: &Statement, case: &mut Case) {
    for hypothesis in &statement.hypotheses {
        let Prop::Compare(Relation::Equal, left, right) = hypothesis else { continue };
        let (Node::At(vector, Action::Name(action)), true) = (left.node(), is_zero(right)) else { continue };
        let Node::Variable(name, Type::Vector) = vector.node() else { continue };
        let Some((_, index)) = case.actions.iter().find(|(known, _)| known == action) else { continue };
        if statement.sort(name) == Some(Sort::Distribution)
            && let Some((_, entries)) = case.vectors.iter_mut().find(|(known, _)| known == name)
        {
            clear(entries, *index);
        }
    }
}

fn is_zero(tree: &Tree) -> bool {
    matches!(tree.node(), Node::Number(value) if *value == ratio(0, 1))
}

/// Numbers are left to the solver: what is taken off one entry of a distribution has to go elsewhere.
fn clear(entries: &mut Entries, index: usize) {
    if let Entries::Probabilities(scores) | Entries::Logits(scores) = entries {
        let mut cleared = scores.clone();
        match Arc::make_mut(&mut cleared) {
            Scores::Integers(weights) | Scores::Rationals { numerators: weights, .. } => {
                weights.entry_mut(index).fill(0);
            }
            Scores::Logits(logits) => logits[index] = f64::NEG_INFINITY,
        }
        if (0..cleared.len()).any(|index| !cleared.is_zero(index)) {
            *scores = cleared;
        }
    }
}
