//! Cases: a value for every name that a claim declares.
//!
//! A case is plain data, the same for every judge; [`mod@super::draw`] makes them from policies and random numbers, and
//! [`super::values`] brings them into a number system.

use std::sync::Arc;

use num_rational::BigRational;

use crate::arith::exact::Exact;
use crate::arith::number::Number;
use crate::eval::Evaluator;
use crate::expr::{Name, Node, Prop, Relation, Sort, Statement, Tree};
use crate::policy::Scores;

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

/// The number of actions that the hypotheses fix, as in `given K = 4`. What is no number of actions, as in
/// `given K = 0`, fixes none: no case will meet it.
pub fn fixed_size(statement: &Statement) -> Option<usize> {
    statement.hypotheses.iter().find_map(|hypothesis| size_in(hypothesis, statement))?.ok()
}

/// The K that a hypothesis fixes, or what it fixes K to that is none.
fn size_in(prop: &Prop, statement: &Statement) -> Option<Result<usize, BigRational>> {
    let (left, right) = match prop {
        Prop::Compare(Relation::Equal, left, right) => (left, right),
        Prop::And(parts) => return parts.iter().find_map(|part| size_in(part, statement)),
        _ => return None,
    };
    let other = match (left.node(), right.node()) {
        (Node::Size, _) => right,
        (_, Node::Size) => left,
        _ => return None,
    };
    if other.any(&|node| matches!(node, Node::Size | Node::Variable(..) | Node::At(..) | Node::Unit(_))) {
        return None;
    }
    let system = Exact::<rug::Rational>::new();
    match Evaluator::new(&system, 1, &statement.definitions).real(other) {
        Ok(Number::Rational(value)) if value.is_integer() && value > 0 => {
            Some(Ok(value.numer().to_usize().unwrap_or(usize::MAX)))
        }
        Ok(Number::Rational(value)) => Some(Err(crate::arith::rational::Rational::to_big(&value))),
        _ => None,
    }
}

/// The most work that a case may take: K to the power of [`cost_exponent`], where a hypothesis fixes K.
const MOST_WORK: u64 = 1 << 17;

/// Why no case of this statement is tried, where a hypothesis fixes K to what is too large or no number of actions.
pub fn untried(statement: &Statement) -> Option<String> {
    let k = match statement.hypotheses.iter().find_map(|hypothesis| size_in(hypothesis, statement))? {
        Ok(k) => k,
        Err(value) => return Some(format!("no number of actions is K = {value}")),
    };
    let work = (k as u64).saturating_pow(cost_exponent(statement));
    let most = (1..=MOST_WORK).take_while(|k| k.saturating_pow(cost_exponent(statement)) <= MOST_WORK).count();
    let why = || format!("K = {k} is too large to be tried: this statement is tried up to K = {most}");
    (work > MOST_WORK).then(why)
}

/// The names whose values come from the policy itself: the first distribution or logits, else the first vector.
pub fn principal(statement: &Statement) -> Option<&(Name, Sort)> {
    let policy = |(_, sort): &&(Name, Sort)| matches!(sort, Sort::Distribution | Sort::Logits | Sort::Masked);
    let vector = |(_, sort): &&(Name, Sort)| *sort == Sort::Vector;
    statement.variables.iter().find(policy).or_else(|| statement.variables.iter().find(vector))
}

impl Case {
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
