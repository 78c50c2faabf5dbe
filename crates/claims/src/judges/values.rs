//! Cases as values of a number system.

use num_rational::BigRational;
use rayon::prelude::*;

use super::case::{Case, Entries, Scalar};
use crate::arith::decimal::{certain, certain_digits};
use crate::arith::exact::{Exact, on_common_denominator};
use crate::arith::integer::Integer as _;
use crate::arith::interval::{Interval, Intervals};
use crate::arith::interval64::{Interval64, Intervals64};
use crate::arith::number::Number;
use crate::arith::rational::Rational;
use crate::arith::vector::{PARALLEL, Vector};
use crate::arith::{Arithmetic, Eval, Fault, Function, Reduction};
use crate::eval::{Evaluator, Value};
use crate::expr::{Name, Tree};
use crate::policy::{Naturals, Scores};

/// A number system in which the vectors of a case have values.
pub trait System: Arithmetic {
    /// The value of a vector.
    ///
    /// # Errors
    /// If it has none in this number system.
    fn entries(&self, entries: &Entries) -> Eval<Vector<Self>>;

    /// A value as a person reads it.
    fn describe(&self, x: &Self::Real) -> String;

    /// The working precision in bits; `None` where reals are exact.
    fn bits(&self) -> Option<u32>;
}

/// An evaluator with all names of a case assigned.
///
/// # Errors
/// If a vector has no value in this number system.
pub fn evaluator<'a, A: System>(system: &'a A, case: &Case, definitions: &'a [(Name, Tree)]) -> Eval<Evaluator<'a, A>> {
    let mut evaluator = Evaluator::new(system, case.k, definitions);
    for (name, index) in &case.actions {
        evaluator.choose(name, *index);
    }
    for (name, value) in &case.reals {
        let value = match value {
            Scalar::Rational(value) => system.rational(value),
            Scalar::Logarithm(value) => system.function(Function::Log, system.rational(value))?,
        };
        evaluator.assign(name, Value::Real(value));
    }
    for (name, entries) in &case.vectors {
        evaluator.assign(name, Value::Vector(system.entries(entries)?));
    }
    Ok(evaluator)
}

/// Maps the indices of a vector, in order, on several threads where there are many.
fn collect<T: Send>(k: usize, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    if k < PARALLEL { (0..k).map(f).collect() } else { (0..k).into_par_iter().with_min_len(1024).map(f).collect() }
}

impl<R: Rational> System for Exact<R> {
    fn entries(&self, entries: &Entries) -> Eval<Vector<Self>> {
        const FLOATS: Fault = Fault::Unrepresentable("the softmax of floating-point logits");
        match entries {
            Entries::Probabilities(scores) => {
                let weights = match &**scores {
                    Scores::Integers(weights) => {
                        const EMPTY: Fault = Fault::Undefined("a distribution without mass");
                        return self.shares(weights.width(), weights.limbs()).ok_or(EMPTY);
                    }
                    Scores::Rationals { numerators, denominators } => {
                        let weight = |index| fraction::<R>(numerators, denominators, index);
                        // The common denominator cancels in P.
                        on_common_denominator(&collect(numerators.len(), weight)).0
                    }
                    Scores::Logits(_) => return Err(FLOATS),
                };
                let mut total = R::Integer::from_i64(0);
                weights.iter().for_each(|weight| total += weight);
                Ok(self.fractions(weights, total))
            }
            Entries::Logits(scores) => {
                let weight = |index: usize| match &**scores {
                    Scores::Integers(weights) => {
                        Ok(R::ratio(R::Integer::from_limbs(weights.entry(index)), R::Integer::from_i64(1)))
                    }
                    Scores::Rationals { numerators, denominators } => Ok(fraction(numerators, denominators, index)),
                    Scores::Logits(_) => Err(FLOATS),
                };
                let logit = |index: usize| {
                    let weight: R = weight(index)?;
                    if weight.signum() == 0 { Ok(Number::MinusInfinity) } else { Number::ln(&weight) }
                };
                let logits: Eval<Vec<_>> = (0..scores.len()).map(logit).collect();
                Ok(Vector::dense(self, logits?))
            }
            Entries::Numbers(numbers) => {
                Ok(Vector::dense(self, numbers.iter().map(|value| self.rational(value)).collect()))
            }
        }
    }

    fn describe(&self, x: &Number<R>) -> String {
        number(x)
    }

    fn bits(&self) -> Option<u32> {
        None
    }
}

/// Ten digits are enough to see what is what.
const DIGITS: usize = 10;

/// A number as a person reads it.
fn number<R: Rational>(x: &Number<R>) -> String {
    let text = |x: &R| text(&x.to_big());
    match x {
        Number::Rational(x) => text(x),
        Number::Root(negative, square) => format!("{}sqrt({})", if *negative { "-" } else { "" }, text(square)),
        Number::MinusInfinity => "-inf".to_string(),
        Number::Log { offset, times, base } => {
            let offset = if offset.signum() == 0 { String::new() } else { format!("{} + ", text(offset)) };
            // log(27/4)/3 rather than -log(4/27)/3
            let (times, base) = match *base < R::from_i64(1) {
                true => (-times.clone(), base.reciprocal()),
                false => (times.clone(), base.clone()),
            };
            let times = if times == R::from_i64(1) { String::new() } else { format!("{}*", text(&times)) };
            format!("{offset}{times}log({})", text(&base))
        }
    }
}

fn fraction<R: Rational>(numerators: &Naturals, denominators: &Naturals, index: usize) -> R {
    R::ratio(R::Integer::from_limbs(numerators.entry(index)), R::Integer::from_limbs(denominators.entry(index)))
}

/// Rigorous intervals of some kind: what a case needs of them.
pub trait Enclosing: Arithmetic {
    /// An f64 other than NaN; -inf is the logit of a masked action.
    fn float(&self, x: f64) -> Self::Real;
    /// A rational number.
    fn fraction(&self, x: &rug::Rational) -> Self::Real;
    /// Its digits, as far as they are certain, at most so many; or its ends.
    fn digits(&self, x: &Self::Real, most: usize) -> String;
    /// The number, where it is a single one of f64.
    fn point(&self, x: &Self::Real) -> Option<f64>;
    /// The working precision in bits.
    fn precision(&self) -> u32;

    /// A rational weight.
    fn weight(&self, scores: &Scores, index: usize) -> Self::Real {
        match scores {
            Scores::Integers(weights) => {
                self.fraction(&rug::Rational::from(rug::Integer::from_limbs(weights.entry(index))))
            }
            Scores::Rationals { numerators, denominators } => self.fraction(&fraction(numerators, denominators, index)),
            Scores::Logits(_) => unreachable!("logits are not weights"),
        }
    }
}

impl Enclosing for Intervals {
    fn float(&self, x: f64) -> Interval {
        Intervals::float(self, x)
    }

    fn fraction(&self, x: &rug::Rational) -> Interval {
        self.enclose(x)
    }

    fn digits(&self, x: &Interval, most: usize) -> String {
        certain_digits(x, most)
    }

    fn point(&self, x: &Interval) -> Option<f64> {
        Some(x.lo().to_f64()).filter(|lo| x.is_point() && x.lo() == lo)
    }

    fn precision(&self) -> u32 {
        self.bits()
    }
}

impl Enclosing for Intervals64 {
    fn float(&self, x: f64) -> Interval64 {
        Interval64::point(x)
    }

    fn fraction(&self, x: &rug::Rational) -> Interval64 {
        self.rational(&x.to_big())
    }

    fn digits(&self, x: &Interval64, most: usize) -> String {
        certain(x.lo(), x.hi(), most)
    }

    fn point(&self, x: &Interval64) -> Option<f64> {
        Some(x.lo()).filter(|lo| *lo == x.hi())
    }

    fn precision(&self) -> u32 {
        f64::MANTISSA_DIGITS
    }
}

impl<A: Enclosing> System for A {
    fn entries(&self, entries: &Entries) -> Eval<Vector<Self>> {
        match entries {
            Entries::Probabilities(scores) => {
                let weights: Vec<A::Real> = match &**scores {
                    Scores::Logits(logits) => {
                        let logits = Vector::dense(self, logits.iter().map(|z| self.float(*z)).collect());
                        let shift = self.shift(&logits, scores.len())?;
                        let weight =
                            |index: usize| self.function(Function::Exp, self.sub(logits.at(self, index)?, &shift)?);
                        collect(scores.len(), weight).into_iter().collect::<Eval<_>>()?
                    }
                    _ => collect(scores.len(), |index| self.weight(scores, index)),
                };
                let k = weights.len();
                let weights = Vector::dense(self, weights);
                let total = self.reduce(Reduction::Sum, &weights, k)?;
                weights.map(self, k, |_, weight| self.div(weight, &total))
            }
            Entries::Logits(scores) => {
                let logit = |index: usize| match &**scores {
                    Scores::Logits(logits) => Ok(self.float(logits[index])),
                    scores if scores.is_zero(index) => Ok(self.float(f64::NEG_INFINITY)),
                    scores => self.function(Function::Log, self.weight(scores, index)),
                };
                let logits: Eval<Vec<_>> = collect(scores.len(), logit).into_iter().collect();
                Ok(Vector::dense(self, logits?))
            }
            Entries::Numbers(numbers) => {
                Ok(Vector::dense(self, numbers.iter().map(|value| self.rational(value)).collect()))
            }
        }
    }

    fn describe(&self, x: &A::Real) -> String {
        let digits = self.digits(x, DIGITS);
        // One number may have more digits than are shown; what is an interval says so by its ends.
        let exact = self.point(x).is_some_and(|x| digits.parse() == Ok(x));
        if digits.starts_with('[') || exact { digits } else { format!("~{digits}") }
    }

    fn bits(&self) -> Option<u32> {
        Some(self.precision())
    }
}

/// A real of a case as text for a witness.
pub fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Rational(value) => text(value),
        Scalar::Logarithm(value) => format!("log({})", text(value)),
    }
}

/// A rational as text for a witness.
pub fn text(value: &BigRational) -> String {
    crate::expr::print::rational(value)
}
