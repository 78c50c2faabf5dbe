//! Kinds of cases: whether hypotheses are met by values that make most statements true.

use num_traits::{One, Zero};

use super::case::{Case, Entries, Scalar};
use super::coordinates::coordinates;
use crate::expr::{Sort, Statement};
use crate::policy::Scores;

/// What is special about a case, the most special first. All but the last are trivial: a claim whose hypotheses only
/// such cases met has hardly been tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// There is one action.
    OneAction,
    /// Some vector is 0, or without vectors every real.
    Zero,
    /// Some distribution has all of its mass on one action.
    OneHot,
    /// Some vector has equal entries; of a distribution, a uniform one.
    Equal,
    /// None of these.
    Generic,
}

impl Kind {
    /// Whether most statements hold in cases of this kind whatever they say.
    pub fn is_trivial(self) -> bool {
        self != Kind::Generic
    }

    /// The cases of this kind, in a sentence: `met by uniform policies`.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::OneAction => "K = 1",
            Kind::Zero => "zeros",
            Kind::OneHot => "one-hot policies",
            Kind::Equal => "vectors of equal entries",
            Kind::Generic => "cases of no special form",
        }
    }
}

/// The kind of a case: the most special of its vectors' kinds. Subsets do not count: zeros and ones are their nature.
pub fn kind(statement: &Statement, case: &Case) -> Kind {
    // Without a vector, K and single actions are no special case of anything.
    let vectors = || case.vectors.iter().filter(|(name, _)| statement.sort(name) != Some(Sort::Subset));
    if case.k == 1 && vectors().next().is_some() {
        return Kind::OneAction;
    }
    let zero = |value: &Scalar| matches!(value, Scalar::Rational(value) if value.is_zero());
    let of_reals = match case.reals.iter().all(|(_, value)| zero(value)) && !case.reals.is_empty() {
        true => Kind::Zero,
        false => Kind::Generic,
    };
    vectors().map(|(_, entries)| of_vector(entries)).min().unwrap_or(of_reals)
}

fn of_vector(entries: &Entries) -> Kind {
    let policy = !matches!(entries, Entries::Numbers(_));
    if let Entries::Probabilities(scores) | Entries::Logits(scores) = entries
        && let Scores::Logits(logits) = &**scores
    {
        let finite = logits.iter().filter(|z| z.is_finite()).count();
        return match logits.windows(2).all(|pair| pair[0] == pair[1]) {
            true => Kind::Equal,
            false if finite == 1 => Kind::OneHot,
            false => Kind::Generic,
        };
    }
    let Some(numbers) = coordinates(entries) else { return Kind::Generic };
    if numbers.iter().all(Zero::is_zero) {
        Kind::Zero
    } else if numbers.windows(2).all(|pair| pair[0] == pair[1]) {
        Kind::Equal
    } else if numbers.iter().filter(|x| !x.is_zero()).count() == 1 && (policy || numbers.iter().any(|x| x.is_one())) {
        Kind::OneHot
    } else {
        Kind::Generic
    }
}

#[cfg(test)]
mod tests {
    use num_rational::BigRational;

    use super::*;
    use crate::judges::coordinates::probabilities;

    fn numbers(all: &[i64]) -> Vec<BigRational> {
        all.iter().map(|x| BigRational::from_integer((*x).into())).collect()
    }

    fn of(policy: &[i64], vector: &[i64]) -> Kind {
        let statement = Statement {
            variables: vec![("P".into(), Sort::Distribution), ("v".into(), Sort::Vector)],
            ..Statement::default()
        };
        let policy = probabilities(&numbers(policy)).unwrap();
        let vectors = vec![("P".into(), policy), ("v".into(), Entries::Numbers(numbers(vector)))];
        kind(&statement, &Case { k: vector.len(), actions: vec![], reals: vec![], vectors })
    }

    #[test]
    fn the_most_special_vector_tells() {
        assert_eq!(of(&[1, 2], &[3, 4]), Kind::Generic);
        assert_eq!(of(&[1, 1], &[3, 4]), Kind::Equal);
        assert_eq!(of(&[1, 2], &[3, 3]), Kind::Equal);
        assert_eq!(of(&[0, 2], &[3, 4]), Kind::OneHot);
        assert_eq!(of(&[1, 2], &[0, 0]), Kind::Zero);
        assert_eq!(of(&[1], &[3]), Kind::OneAction);
    }
}
