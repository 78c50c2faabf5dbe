//! Enclosures in MPFR intervals, at any precision.

use rug::Float;
use rug::float::Round;

use crate::arith::interval::{Interval, Intervals};
use crate::arith::scaled::Scaled;
use crate::arith::{Arithmetic, Eval, Fault, Function};

use super::Enclosures;

/// The fewest bits with which logits are held: the difference of two `f64` is then exact unless their magnitudes are a
/// factor 2^75 apart.
const LOGIT_BITS: u32 = 128;

/// An action, d = (z - max z) / tau and e^d.
type Term = (usize, Interval, Interval);

/// Encloses one row at `bits` bits. Logits are finite or -inf (a masked action), at least one of them finite; the
/// temperature is positive.
///
/// # Errors
/// If there is no softmax: all logits are -inf, or one is NaN or +inf.
///
/// # Panics
/// If there is no action `action`.
pub fn enclose(bits: u32, logits: &[f64], action: usize, temperature: f64) -> Eval<Enclosures> {
    let s = Intervals::new(bits);
    let wide = Intervals::new(bits.max(LOGIT_BITS));
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() || logits.iter().any(|z| z.is_nan() || *z == f64::INFINITY) {
        return Err(Fault::Undefined("a softmax without a finite largest logit"));
    }
    let top = logits.iter().position(|&z| z == largest).unwrap_or(0);
    // d = (z - max) / tau and e^d, of the actions that are not masked.
    let [shift, tau] = [largest, temperature].map(|x| wide.float(x));
    let mut terms: Vec<Term> = Vec::with_capacity(logits.len());
    for (index, &z) in logits.iter().enumerate().filter(|(_, z)| z.is_finite()) {
        let d = wide.div(wide.sub(wide.float(z), &shift)?, &tau)?;
        let e = s.function(Function::Exp, d.clone())?;
        terms.push((index, d, e));
    }
    let sum = |of: &dyn Fn(&Term) -> Eval<Interval>, without: Option<usize>| {
        let kept = terms.iter().filter(|term| Some(term.0) != without);
        kept.map(of).try_fold(s.integer(0), |total, x| s.add(total, &x?))
    };
    let total = sum(&|(_, _, e)| Ok(e.clone()), None)?;
    // log sum e^d; near 0 from what is beside the largest term, so that it keeps its digits.
    let beside = sum(&|(_, _, e)| Ok(e.clone()), Some(top))?;
    let log_total = log1p(&s, &beside)?;
    let share = |x: Interval| s.div(x, &total);
    let probability = |(_, _, e): &Term| share(e.clone());
    let square = |term: &Term| s.power(&probability(term)?, 2);

    let chosen = terms.iter().find(|term| term.0 == action);
    let p = chosen.map_or(Ok(s.integer(0)), probability)?;
    let rest = sum(&probability, Some(action))?;
    let squares = sum(&square, Some(action))?;
    let collision = s.add(s.power(&p, 2)?, &squares)?;
    let w = s.add(s.power(&rest, 2)?, &squares)?;
    let norm = s.function(Function::Sqrt, w.clone())?;
    let surprisal = match chosen {
        None => Scaled::point(f64::INFINITY),
        Some((_, d, _)) => Scaled::from_interval(&s.sub(log_total.clone(), d)?),
    };
    // H = log sum e^d - sum P d: all terms are at least 0.
    let mean = sum(&|term| s.mul(probability(term)?, &term.1), None)?;
    let entropy = s.sub(log_total.clone(), &mean)?;
    // log P_i + H = d_i - mean
    let excess = |term: &Term| s.sub(term.1.clone(), &mean);
    let own = match chosen {
        None => s.integer(0),
        Some(term) => s.mul(s.mul(p.clone(), &rest)?, &excess(term)?)?,
    };
    let others = sum(&|term| s.mul(square(term)?, &excess(term)?), Some(action))?;
    let entropy_slope = s.sub(others, &own)?;
    // The variance of what e_c - P is above its value at the most likely action: nothing cancels where P is confident.
    let anchor = if top == action { rest.clone() } else { s.neg(probability(&terms[place(&terms, top)])?)? };
    let above = |term: &Term| {
        let here = if term.0 == action { rest.clone() } else { s.neg(probability(term)?)? };
        s.sub(here, &anchor)
    };
    let second = sum(&|term| s.mul(probability(term)?, &s.power(&above(term)?, 2)?), Some(top))?;
    let first = sum(&|term| s.mul(probability(term)?, &above(term)?), Some(top))?;
    let variance = s.sub(second, &s.power(&first, 2)?)?;
    let scaled = Scaled::from_interval;
    Ok(Enclosures {
        p: scaled(&p),
        rest: scaled(&rest),
        collision: scaled(&collision),
        w: scaled(&w),
        norm: scaled(&norm),
        surprisal,
        entropy: scaled(&entropy),
        top: scaled(&share(s.integer(1))?),
        entropy_slope: scaled(&entropy_slope),
        variance: scaled(&variance),
    })
}

fn place(terms: &[Term], index: usize) -> usize {
    terms.iter().position(|term| term.0 == index).unwrap_or(0)
}

/// log(1 + x) for x >= 0, with all its digits where x is small.
fn log1p(s: &Intervals, x: &Interval) -> Eval<Interval> {
    let lo = Float::with_val_round(s.bits(), x.lo().ln_1p_ref(), Round::Down).0;
    let hi = Float::with_val_round(s.bits(), x.hi().ln_1p_ref(), Round::Up).0;
    Ok(s.ends(&lo, &hi))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(x: Scaled, value: f64) -> bool {
        let scale = libm::exp2(x.exponent as f64);
        x.lo * scale <= value + 1e-15 && value - 1e-15 <= x.hi * scale && x.relative_width() < 1e-15
    }

    #[test]
    fn worked_by_hand() {
        // P = (1/4, 3/4), c the first.
        let z = [0.0, libm::log(3.0)];
        let found = enclose(128, &z, 0, 1.0).unwrap();
        let entropy = 0.25 * libm::log(4.0) + 0.75 * libm::log(4.0 / 3.0);
        let slope = 0.25 * 0.75 * (libm::log(4.0) - entropy) + 0.5625 * (libm::log(0.75) + entropy);
        let expected = [0.25, 0.75, 0.625, 1.125, libm::sqrt(1.125), libm::log(4.0), entropy, 0.75, slope, 0.421875];
        for ((name, found), expected) in found.named().into_iter().zip(expected) {
            assert!(near(found, expected), "{name}: {found:?} {expected}");
        }
        // Half the logits at half the temperature: the same policy.
        let halved = enclose(128, &[0.0, z[1] / 2.0], 0, 0.5).unwrap();
        assert!(near(halved.w, 1.125));
    }

    #[test]
    fn a_masked_action_and_a_confident_one() {
        let found = enclose(64, &[f64::NEG_INFINITY, 1.0], 0, 1.0).unwrap();
        assert_eq!((found.p, found.w.lo, found.surprisal.lo), (Scaled::point(0.0), 0.5, f64::INFINITY));
        assert_eq!(found.w.exponent, 2);
        let sure = enclose(64, &[3000.0, 0.0], 0, 1.0).unwrap();
        assert!(sure.w.exponent < -8000 && sure.w.lo > 0.0 && sure.w.relative_width() < 1e-15);
        assert!(sure.surprisal.lo > 0.0 && sure.entropy.lo > 0.0 && sure.variance.lo > 0.0);
        assert!(enclose(64, &[f64::NEG_INFINITY; 2], 0, 1.0).is_err());
    }
}
