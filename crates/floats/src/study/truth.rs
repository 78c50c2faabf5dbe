//! The real value of a formula's meaning, enclosed rigorously.

use num_rational::BigRational;
use num_traits::One;
use rug::Float;
use rug::float::Round;

use crate::arith::interval::{Interval, Intervals};
use crate::arith::vector::Shape;
use crate::arith::{Arithmetic, Fault, Function, Vector};
use crate::eval::{Evaluator, Value};
use crate::formulas::{ACTION, Formula, LOGITS, OTHER};

/// A real number x, enclosed: x / 2^exponent lies between two f64, and between two ends told from the lower one with
/// as many digits again. f64 alone has no room for the w of a very confident policy, nor the precision to tell how far
/// a result of binary64 is off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrueValue {
    /// The lower end; the larger end in magnitude is between 1/2 and 1 unless the number is 0.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The power of two that both are scaled by.
    pub exponent: i32,
    /// How far the ends are above [`TrueValue::low`].
    above: [f64; 2],
}

/// The relative width at which an enclosure is good enough to measure the error of binary64 against.
const SHARP: f64 = 1e-24;

/// Where precision is not raised further, in bits.
const MOST_BITS: u32 = 1 << 14;

impl TrueValue {
    /// A number between two f64.
    pub fn between(low: f64, high: f64) -> TrueValue {
        TrueValue { low, high, exponent: 0, above: [0.0, if low == high { 0.0 } else { (high - low).next_up() }] }
    }

    /// Whether its ends are not further apart than this, relative to it.
    pub fn is_within(&self, width: f64) -> bool {
        // Where f64 is subnormal its ends say little, unless they agree.
        let room = self.least() > f64::MIN_POSITIVE;
        let [low, high] = self.above;
        low == high || (room && high - low <= width * self.least())
    }

    /// Whether it is so narrow that errors of any format against it mean something.
    pub fn is_sharp(&self) -> bool {
        self.is_within(SHARP)
    }

    fn of(interval: &Interval) -> TrueValue {
        let magnitude = |x: &Float| x.get_exp().unwrap_or(if x.is_zero() { i32::MIN } else { i32::MAX });
        let exponent = magnitude(interval.lo()).max(magnitude(interval.hi()));
        let exponent =
            if exponent.unsigned_abs() == i32::MAX.unsigned_abs() || exponent == i32::MIN { 0 } else { exponent };
        let scaled = |x: &Float| {
            let mut x = x.clone();
            x >>= exponent;
            x
        };
        let (lo, hi) = (scaled(interval.lo()), scaled(interval.hi()));
        let low = lo.to_f64_round(Round::Down);
        let above = |x: &Float, round: Round| {
            let apart = Float::with_val_round(x.prec(), x - low, round).0.to_f64_round(round);
            if low.is_finite() { apart } else { 0.0 }
        };
        let above = [above(&lo, Round::Down), above(&hi, Round::Up)];
        TrueValue { low, high: hi.to_f64_round(Round::Up), exponent, above }
    }

    /// How far a computed number is from it at least and at most, scaled as [`TrueValue::low`] is.
    pub fn distances(&self, computed: f64) -> [f64; 2] {
        // Near the truth this difference is exact (Sterbenz), further away its rounding does not matter.
        let apart = scale(computed, -self.exponent) - self.low;
        let [low, high] = self.above;
        let least = if apart < low { low - apart } else { (apart - high).max(0.0) };
        [least, (apart - low).abs().max((apart - high).abs())]
    }

    /// How far a computed number is from it at most, scaled as [`TrueValue::low`] is.
    pub fn distance(&self, computed: f64) -> f64 {
        self.distances(computed)[1]
    }

    /// The least magnitude that it can have, scaled.
    pub fn least(&self) -> f64 {
        if self.low <= 0.0 && self.high >= 0.0 { 0.0 } else { self.low.abs().min(self.high.abs()) }
    }

    /// The nearest f64, 0 or infinite where there is none.
    pub fn to_f64(&self) -> f64 {
        scale(self.low / 2.0 + self.high / 2.0, self.exponent)
    }
}

/// x * 2^exponent, rounded once where it is subnormal.
pub fn scale(x: f64, exponent: i32) -> f64 {
    libm::ldexp(x, exponent)
}

/// Encloses the meaning of a formula for these logits, both policies' one after the other, and this action.
///
/// # Errors
/// If the meaning has no value here, or none that could be told from the limit of precision.
pub fn truth(formula: &Formula, logits: &[f64], action: usize, temperature: &BigRational) -> Result<TrueValue, Fault> {
    let k = logits.len() / super::plan::policies(formula);
    let mut bits = 128;
    loop {
        let found = enclose(formula, logits, k, action, temperature, bits);
        let again = match &found {
            Ok(truth) => !truth.is_sharp(),
            Err(fault) => matches!(fault, Fault::Unresolved(_)),
        };
        if !again || 2 * bits > MOST_BITS {
            return found;
        }
        bits *= 2;
    }
}

fn enclose(
    formula: &Formula,
    logits: &[f64],
    k: usize,
    action: usize,
    temperature: &BigRational,
    bits: u32,
) -> Result<TrueValue, Fault> {
    let system = Intervals::new(bits);
    let mut evaluator = Evaluator::new(&system, k, &formula.definitions);
    for (name, logits) in [LOGITS, OTHER].iter().zip(logits.chunks(k)) {
        let given = Vector::dense(&system, logits.iter().map(|&z| system.float(z)).collect());
        let divided = if temperature.is_one() {
            given
        } else {
            system.store(&Shape::Over(given, system.rational(temperature)).into(), k)?
        };
        evaluator.assign(&(*name).into(), Value::Vector(divided));
    }
    evaluator.choose(&ACTION.into(), action);
    Ok(TrueValue::of(&evaluator.real(&formula.meaning)?))
}

/// The real log-sum-exp and softmax of a vector, enclosed.
#[derive(Clone, Debug)]
pub struct VectorTruth {
    /// The sum of the exponentials.
    pub sum: TrueValue,
    /// Its logarithm.
    pub lse: TrueValue,
    /// The probabilities.
    pub probabilities: Vec<TrueValue>,
    /// What published bounds depend on.
    pub facts: super::published::Vector,
}

/// Encloses log-sum-exp and softmax of a vector, all of them sharply.
///
/// # Errors
/// If they have no value (no number above -inf, or one that is +inf or NaN), or one of them is too close to 0 to be
/// told.
pub fn vector_truth(logits: &[f64]) -> Result<VectorTruth, Fault> {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !max.is_finite() || logits.iter().any(|z| z.is_nan()) {
        return Err(Fault::Undefined("the softmax of such logits"));
    }
    let mut bits = 128;
    loop {
        let found = enclose_vector(logits, max, bits)?;
        if [&found.sum, &found.lse].into_iter().chain(&found.probabilities).all(TrueValue::is_sharp) {
            return Ok(found);
        }
        if 2 * bits > MOST_BITS {
            return Err(Fault::Unresolved("the log-sum-exp"));
        }
        bits *= 2;
    }
}

fn enclose_vector(logits: &[f64], max: f64, bits: u32) -> Result<VectorTruth, Fault> {
    let system = Intervals::new(bits);
    let shift = system.float(max);
    let weight = |&z: &f64| system.function(Function::Exp, system.sub(system.float(z), &shift)?);
    let weights = logits.iter().map(weight).collect::<Result<Vec<_>, _>>()?;
    let total = weights.iter().try_fold(system.integer(0), |total, weight| system.add(total, weight))?;
    let lse = system.add(system.function(Function::Log, total.clone())?, &shift)?;
    let sum = system.mul(system.function(Function::Exp, shift)?, &total)?;
    let probability = |weight: Interval| system.div(weight, &total).map(|p| TrueValue::of(&p));
    let probabilities = weights.into_iter().map(probability).collect::<Result<_, _>>()?;
    let lse = TrueValue::of(&lse);
    Ok(VectorTruth {
        sum: TrueValue::of(&sum),
        facts: super::published::Vector::new(logits, lse.to_f64()),
        lse,
        probabilities,
    })
}
