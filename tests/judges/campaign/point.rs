//! The cases of the judges, and the witnesses that they print, as points of the evaluator.

use logitlab::expr::{Sort, Statement};
use logitlab::judges::case::{Case, Entries, Scalar};
use logitlab::outcome::Witness;
use logitlab::policy::{Naturals, Scores};
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::campaign::evaluator::{Item, Point};
use crate::campaign::number::Number;

/// The values of a case, rounded to a number of bits.
pub fn of_case<T: Number>(statement: &Statement, case: &Case, bits: u32) -> Option<Point<T>> {
    let item = |(name, sort): &(logitlab::expr::Name, Sort)| {
        Some(match sort {
            Sort::Action => Item::Action(case.actions.iter().find(|(known, _)| known == name)?.1),
            Sort::Real | Sort::Float => match &case.reals.iter().find(|(known, _)| known == name)?.1 {
                Scalar::Rational(x) => Item::Real(T::ratio(bits, x)),
                Scalar::Logarithm(x) => Item::Real(T::ratio(bits, x).log()),
            },
            _ => match &case.vectors.iter().find(|(known, _)| known == name)?.1 {
                Entries::Numbers(numbers) => Item::Vector(numbers.iter().map(|x| T::ratio(bits, x)).collect()),
                Entries::Probabilities(scores) => Item::Vector(shares(&weights(scores, bits))),
                Entries::Logits(scores) => Item::Vector(match &**scores {
                    Scores::Logits(logits) => logits.iter().map(|z| T::new(bits, *z)).collect(),
                    // The logarithm of 0 is the logit of a masked action.
                    scores => weights::<T>(scores, bits).iter().map(T::log).collect(),
                }),
            },
        })
    };
    let items = statement.variables.iter().map(item).collect::<Option<_>>()?;
    Some(Point { k: case.k, items })
}

fn shares<T: Number>(weights: &[T]) -> Vec<T> {
    let total = weights.iter().cloned().reduce(|total, w| total.add(&w)).expect("K >= 1");
    weights.iter().map(|w| w.div(&total)).collect()
}

fn weights<T: Number>(scores: &Scores, bits: u32) -> Vec<T> {
    let natural = |naturals: &Naturals, index: usize| {
        let digits: Vec<u32> =
            naturals.entry(index).iter().flat_map(|limb| [*limb as u32, (limb >> 32) as u32]).collect();
        BigInt::from_slice(Sign::Plus, &digits)
    };
    (0..scores.len())
        .map(|index| match scores {
            Scores::Integers(weights) => T::ratio(bits, &BigRational::from_integer(natural(weights, index))),
            Scores::Rationals { numerators, denominators } => {
                T::ratio(bits, &BigRational::new(natural(numerators, index), natural(denominators, index)))
            }
            Scores::Logits(logits) => T::new(bits, logits[index]).exp(),
        })
        .collect()
}

/// The values that a witness prints; `None` where it leaves some out.
pub fn of_witness<T: Number>(statement: &Statement, witness: &Witness, bits: u32) -> Option<Point<T>> {
    let item = |(name, sort): &(logitlab::expr::Name, Sort)| {
        let text = &witness.bindings.iter().find(|binding| *binding.name == **name)?.value;
        Some(match sort {
            Sort::Action => Item::Action(text.parse::<usize>().ok()?.checked_sub(1)?),
            Sort::Real | Sort::Float => Item::Real(real(text, bits)?),
            _ => Item::Vector(vector(text, bits)?),
        })
    };
    let items: Vec<Item<T>> = statement.variables.iter().map(item).collect::<Option<_>>()?;
    let whole = |item: &Item<T>| !matches!(item, Item::Vector(v) if v.len() != witness.k);
    items.iter().all(whole).then_some(Point { k: witness.k, items })
}

fn real<T: Number>(text: &str, bits: u32) -> Option<T> {
    if let Some(text) = text.strip_prefix("log(") {
        return Some(T::ratio(bits, &rational(text.strip_suffix(')')?)?).log());
    }
    if text == "-inf" {
        return Some(T::new(bits, f64::NEG_INFINITY));
    }
    match text.contains('e') {
        true => Some(T::new(bits, text.parse().ok()?)),
        false => Some(T::ratio(bits, &rational(text)?)),
    }
}

/// `-3`, `5/2` or `0.25`.
fn rational(text: &str) -> Option<BigRational> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let decimal = |text: &str| {
        let (whole, digits) = text.split_once('.').unwrap_or((text, ""));
        let scale = (0..digits.len()).fold(BigInt::one(), |scale, _| scale * 10);
        let number: BigInt = format!("{whole}{digits}").parse().ok()?;
        Some(BigRational::new(number, scale))
    };
    let denominator = decimal(denominator)?;
    (!denominator.is_zero()).then(|| Some(decimal(numerator)? / denominator))?
}

/// `(1, 2)`, `(1, 2)/3`, `log (1, 2)`, `softmax(0e0, 1e0)` or `(1/2, 1/3) up to scale`.
fn vector<T: Number>(text: &str, bits: u32) -> Option<Vec<T>> {
    let (prefix, rest) = text.split_once('(')?;
    let (inside, suffix) = rest.rsplit_once(')')?;
    let items: Vec<T> = inside.split(", ").map(|item| real(item, bits)).collect::<Option<_>>()?;
    let items = match prefix {
        "" => items,
        "log " => items.iter().map(T::log).collect(),
        "softmax" => shares(&items.iter().map(T::exp).collect::<Vec<_>>()),
        _ => return None,
    };
    match suffix {
        "" => Some(items),
        " up to scale" if prefix == "log " => Some(items),
        " up to scale" => Some(shares(&items)),
        over => {
            let total = T::ratio(bits, &rational(over.strip_prefix('/')?)?);
            Some(items.iter().map(|x| x.div(&total)).collect())
        }
    }
}
