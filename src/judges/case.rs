//! Cases: a value for every name that a claim declares, made from a policy and from random numbers.
//!
//! A case is plain data, the same for every judge; [`super::values`] brings it into a number system.

use std::sync::Arc;

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::expr::{Action, Name, Node, Prop, Relation, Sort, Statement, Tree, Type};
use crate::policy::random::Rng;
use crate::policy::{Policy, Scores, Spec};

/// Values for all names of a statement at one K.
#[derive(Clone, Debug)]
pub struct Case {
    /// The number of actions.
    pub k: usize,
    /// Actions, 0-based.
    pub actions: Vec<(Name, usize)>,
    /// Reals.
    pub reals: Vec<(Name, Scalar)>,
    /// Vectors of any sort.
    pub vectors: Vec<(Name, Entries)>,
}

/// The value of a real.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// A rational number.
    Rational(BigRational),
    /// The logarithm of a positive rational number: a shift of logits that keeps exact policies exact.
    Logarithm(BigRational),
}

/// The value of a vector.
#[derive(Clone, Debug)]
pub enum Entries {
    /// P of a policy: weights over their sum, or the softmax of logits.
    Probabilities(Arc<Scores>),
    /// The logits of a policy: the logarithms of weights, or logits as they are.
    Logits(Arc<Scores>),
    /// Given numbers.
    Numbers(Vec<BigRational>),
}

/// How often the values beside the policy are drawn anew until the hypotheses hold.
pub const ATTEMPTS: u64 = 24;

/// The number of actions that the hypotheses fix, as in `given K = 4`.
pub fn fixed_size(statement: &Statement) -> Option<usize> {
    statement.hypotheses.iter().find_map(|hypothesis| match hypothesis {
        Prop::Compare(Relation::Equal, left, right) if matches!(left.node(), Node::Size) => match right.node() {
            Node::Number(value) => usize::try_from(value.to_integer()).ok(),
            _ => None,
        },
        _ => None,
    })
}

/// The names whose values come from the policy itself: the first distribution or logits, else the first vector.
pub fn principal(statement: &Statement) -> Option<&(Name, Sort)> {
    let policy = |(_, sort): &&(Name, Sort)| matches!(sort, Sort::Distribution | Sort::Logits | Sort::Masked);
    let vector = |(_, sort): &&(Name, Sort)| *sort == Sort::Vector;
    statement.variables.iter().find(policy).or_else(|| statement.variables.iter().find(vector))
}

/// Case number `index`: the policy of that number, and attempt number `attempt` at everything else.
pub fn draw(statement: &Statement, spec: &Spec, seed: u64, index: u64, attempt: u64) -> Case {
    let policy = Policy::generate(spec, seed, index);
    // Another key than the policy's, so that the two draw unrelated numbers.
    let mut rng = Rng::new(!seed, index * ATTEMPTS + attempt);
    let k = fixed_size(statement).unwrap_or(policy.actions());
    let scores = Arc::new(policy.scores);
    let main = principal(statement).map(|(name, _)| name.clone());
    let mut case = Case { k, actions: vec![], reals: vec![], vectors: vec![] };
    for (name, sort) in &statement.variables {
        let is_main = main.as_ref() == Some(name) && k == scores.len();
        match sort {
            Sort::Action => {
                let index = if case.actions.is_empty() && policy.action < k { policy.action } else { rng.index(k) };
                case.actions.push((name.clone(), index));
            }
            // The judge `exhaustive` gives them values; no other has a format to take them from.
            Sort::Float => {}
            Sort::Real => case.reals.push((name.clone(), scalar(&mut rng, principal(statement)))),
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
                let numbers = (0..k).map(|_| real(&mut rng)).collect();
                case.vectors.push((name.clone(), Entries::Numbers(numbers)));
            }
        }
    }
    repair(statement, &mut case);
    case
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
        let Some((_, entries)) = case.vectors.iter_mut().find(|(known, _)| known == name) else { continue };
        clear(entries, *index);
    }
}

fn is_zero(tree: &Tree) -> bool {
    matches!(tree.node(), Node::Number(value) if *value == ratio(0, 1))
}

fn clear(entries: &mut Entries, index: usize) {
    match entries {
        Entries::Probabilities(scores) | Entries::Logits(scores) => match Arc::make_mut(scores) {
            Scores::Integers(weights) | Scores::Rationals { numerators: weights, .. } => {
                weights.entry_mut(index).fill(0);
            }
            Scores::Logits(logits) => logits[index] = f64::NEG_INFINITY,
        },
        Entries::Numbers(numbers) => numbers[index] = ratio(0, 1),
    }
}

/// Whether a policy still has an action with positive probability.
fn has_mass(scores: &Scores) -> bool {
    (0..scores.len()).any(|index| !scores.is_zero(index))
}

impl Case {
    /// Whether all vectors are what their sorts promise: a repair may have taken the last action away.
    pub fn is_proper(&self) -> bool {
        self.vectors.iter().all(|(_, entries)| match entries {
            Entries::Probabilities(scores) | Entries::Logits(scores) => has_mass(scores),
            Entries::Numbers(_) => true,
        })
    }

    /// Whether its policy has rational weights, so that it exists in exact arithmetic.
    pub fn is_rational(&self) -> bool {
        self.vectors.iter().all(|(_, entries)| match entries {
            Entries::Probabilities(scores) | Entries::Logits(scores) => !matches!(**scores, Scores::Logits(_)),
            Entries::Numbers(_) => true,
        })
    }
}

/// How the cost of evaluating a statement grows: K to this power. Expectations and gradients walk all actions.
pub fn cost_exponent(statement: &Statement) -> u32 {
    fn depth(tree: &Tree) -> u32 {
        let own = u32::from(matches!(tree.node(), Node::Expect { .. } | Node::Gradient { .. }));
        own + tree.node().children().into_iter().map(depth).max().unwrap_or(0)
    }
    // A directional derivative re-evaluates on numbers with derivatives: costlier, but not by a power of K.
    1 + statement.trees().into_iter().map(depth).max().unwrap_or(0)
}
