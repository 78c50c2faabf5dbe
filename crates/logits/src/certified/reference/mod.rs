//! Enclosures at any precision: the truth that other computations are held against.
//!
//! A row's quantities are made of a few sums over its exponentials by formulas without cancellation (`assemble.rs`).
//! There are two ways to the sums: in fixed point with tables of exponentials, up to 280 bits, at millions of logits a
//! second (`fixed.rs`, on the arithmetic of `words.rs`); and in MPFR intervals, at any precision and for every row
//! (`sums.rs`), a hundred times slower. Where a result is wider than asked, because what is subtracted agrees in many
//! digits, the row is done again in MPFR with twice the bits.
//!
//! Many rows: make a [`Reference`] once and ask it for [`Reference::enclose_precise`], whose ends have all the bits, or
//! for [`Reference::enclose`], whose ends are `f64`.

mod assemble;
mod fixed;
mod sums;
mod words;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use rug::Float;
use rug::float::Round;

use crate::arith::interval::{Interval, Intervals, MAX_BITS, MIN_BITS};
use crate::arith::scaled::Scaled;
use crate::arith::{Eval, Fault};

use super::{Enclosures, Given, Quantities};
use assemble::{Chosen, assemble};
use fixed::RowSums;
use sums::{Frame, Sums};

const NO_SOFTMAX: Fault = Fault::Undefined("a softmax without a finite largest logit");

/// MPFR intervals of the quantities of one row.
pub type Precise = Quantities<Interval>;

/// Bits that are computed beyond those that are asked for, besides those that a sum over the row loses.
const GUARD_BITS: u32 = 24;

/// How often a row is computed, each time with twice the bits. A row ends here unresolved only by the rate of entropy,
/// which can be as near to 0 as it likes.
const ATTEMPTS: u32 = 4;

/// Encloses rows at one precision and one temperature.
///
/// What depends on these two alone is computed once, so keep it for all rows; threads may share it.
///
/// ```
/// use logitlab_logits::certified::reference::Reference;
///
/// let reference = Reference::new(256, 1.0);
/// let row = reference.enclose_precise(&[3.0, 3.0, f64::NEG_INFINITY], 1)?;
/// assert_eq!((row.p.lo().to_f64(), row.w.lo().to_f64()), (0.5, 0.5));
/// assert!(row.w.is_point() && *row.norm.lo() < *row.norm.hi());
/// // 1 - P_c = 1e-434 and a little, with all its digits.
/// let row = reference.enclose(&[1000.0, 0.0], 0)?;
/// assert!(row.rest.exponent < -1400 && row.rest.relative_width() < 1e-15);
/// # Ok::<(), logitlab_numbers::arith::Fault>(())
/// ```
#[derive(Debug)]
pub struct Reference {
    bits: u32,
    temperature: Given,
    tables: Option<Box<dyn RowSums>>,
}

impl Reference {
    /// Intervals whose ends have `bits` bits, for P = softmax(z / temperature).
    ///
    /// # Panics
    /// If `bits` is outside [`MIN_BITS`]..=[`MAX_BITS`], or the temperature is not positive and finite.
    pub fn new(bits: u32, temperature: impl Into<Given>) -> Reference {
        let temperature = temperature.into();
        let nearest = temperature.nearest();
        assert!((MIN_BITS..=MAX_BITS).contains(&bits), "precision is from {MIN_BITS} to {MAX_BITS} bits");
        assert!(nearest > 0.0 && nearest.is_finite(), "a temperature is positive and finite: {nearest}");
        Reference { bits, temperature, tables: fixed::tables(bits, temperature) }
    }

    /// The context for a precision and a temperature, from the few that were asked for last.
    ///
    /// # Panics
    /// As [`Reference::new`].
    pub fn shared(bits: u32, temperature: impl Into<Given>) -> Arc<Reference> {
        let temperature = temperature.into();
        static RECENT: Mutex<VecDeque<Arc<Reference>>> = Mutex::new(VecDeque::new());
        const KEPT: usize = 8;
        let recent = || RECENT.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |r: &&Arc<Reference>| r.bits == bits && r.temperature == temperature;
        if let Some(found) = recent().iter().find(is_it) {
            return found.clone();
        }
        // Nobody waits while tables are made.
        let made = Arc::new(Reference::new(bits, temperature));
        let mut recent = recent();
        recent.push_front(made.clone());
        recent.truncate(KEPT);
        made
    }

    /// Encloses one row, in `f64` with an exponent of its own; see [`Reference::enclose_precise`].
    ///
    /// # Errors
    /// If there is no softmax: all logits are -inf, or one is NaN or +inf.
    ///
    /// # Panics
    /// If there is no action `action`.
    pub fn enclose(&self, logits: &[f64], action: usize) -> Eval<Enclosures> {
        Ok(self.enclose_precise(logits, action)?.as_ref().map(Scaled::from_interval))
    }

    /// Encloses one row. Logits are finite or -inf (a masked action), at least one of them finite.
    ///
    /// Every interval is relatively no wider than 2^(3 - bits), with two exceptions: numbers below 2^(-2^30), which
    /// MPFR does not have, are told as lying between 0 and a bound of that size; and the rate of entropy of an action
    /// other than the most likely one may be wider where its terms cancel in more than 7 times as many bits.
    ///
    /// # Errors
    /// If there is no softmax: all logits are -inf, or one is NaN or +inf.
    ///
    /// # Panics
    /// If there is no action `action`.
    pub fn enclose_precise(&self, logits: &[f64], action: usize) -> Eval<Precise> {
        assert!(action < logits.len(), "action {action} of {}", logits.len());
        let row = Row::new(logits, action, self.temperature)?;
        let first = self.bits + GUARD_BITS + logits.len().ilog2();
        let mut attempt = 1;
        let found = loop {
            let tables = self.tables.as_deref().filter(|_| attempt == 1);
            let found = row.enclose(Intervals::between(first << (attempt - 1)), action, tables)?;
            if attempt == ATTEMPTS || found.as_ref().named().iter().all(|(_, x)| is_resolved(x, self.bits)) {
                break found;
            }
            attempt += 1;
        };
        let rounded = Intervals::new(self.bits);
        Ok(found.map(|x| rounded.ends(x.lo(), x.hi())))
    }
}

/// Encloses one row at `bits` bits: [`Reference::enclose`], for a single row.
///
/// # Errors
/// If there is no softmax: all logits are -inf, or one is NaN or +inf.
///
/// # Panics
/// If there is no action `action`; if `bits` or the temperature is out of range, see [`Reference::new`].
pub fn enclose(bits: u32, logits: &[f64], action: usize, temperature: impl Into<Given>) -> Eval<Enclosures> {
    Reference::shared(bits, temperature).enclose(logits, action)
}

/// A row, with its two largest logits.
struct Row<'a> {
    logits: &'a [f64],
    temperature: Given,
    /// An action of largest logit: the chosen one, if its logit is.
    top: usize,
    /// How many other actions have the same logit.
    ties: usize,
    /// The largest logit below it, if an action has one.
    second: Option<f64>,
}

impl Row<'_> {
    fn new(logits: &[f64], action: usize, temperature: Given) -> Eval<Row<'_>> {
        let (mut largest, mut second, mut top, mut count) = (f64::NEG_INFINITY, f64::NEG_INFINITY, 0, 0);
        for (index, &z) in logits.iter().enumerate() {
            if z.is_nan() || z == f64::INFINITY {
                return Err(NO_SOFTMAX);
            }
            if z > largest {
                (second, largest, top, count) = (largest, z, index, 1);
            } else if z == largest {
                count += 1;
            } else {
                second = second.max(z);
            }
        }
        if largest.is_infinite() {
            return Err(NO_SOFTMAX);
        }
        // Among equals the chosen action: what it does not share with the others then shows without a difference.
        if logits[action] == largest {
            top = action;
        }
        Ok(Row { logits, temperature, top, ties: count - 1, second: second.is_finite().then_some(second) })
    }

    /// The quantities of the row, computed with the bits of `system`.
    fn enclose(&self, system: Intervals, action: usize, tables: Option<&dyn RowSums>) -> Eval<Precise> {
        let largest = self.logits[self.top];
        // Where all are equal the sums over the others are 0, and the gap is nobody's.
        let frame = Frame::new(system, self.temperature, largest, self.second.unwrap_or(largest))?;
        let chosen = if action == self.top {
            Chosen::Top
        } else if self.logits[action].is_infinite() {
            Chosen::Masked
        } else {
            let gap = frame.gap(self.logits[action])?;
            Chosen::Other { weight: frame.weight(&gap)?, gap }
        };
        let below = self.logits.iter().copied().filter(|&z| z < largest && z.is_finite());
        let sums = match tables {
            _ if self.second.is_none() => Sums::empty(&system),
            Some(tables) => tables.sums(&frame, self.logits)?,
            None => Sums::empty(&system).extend(&frame, below)?,
        };
        assemble(&frame, self.ties, &sums, &chosen)
    }
}

/// Whether an interval is relatively no wider than 2^-(bits + 1), or below all numbers that MPFR has.
fn is_resolved(x: &Interval, bits: u32) -> bool {
    let (lo, hi) = (x.lo(), x.hi());
    if lo == hi {
        return true;
    }
    if *lo <= 0 && *hi >= 0 {
        let least = rug::float::exp_min() / 2;
        return [lo, hi].iter().all(|end| end.is_zero() || end.get_exp().is_some_and(|exponent| exponent < least));
    }
    let width = Float::with_val_round(MIN_BITS, hi - lo, Round::Up).0;
    let least = if *lo > 0 { lo.clone() } else { hi.clone().abs() };
    width <= least >> (bits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    #[test]
    fn a_context_is_shared() {
        let one = Reference::shared(100, 1.5);
        assert!(Arc::ptr_eq(&one, &Reference::shared(100, 1.5)));
        assert!(!Arc::ptr_eq(&one, &Reference::shared(101, 1.5)));
    }

    /// Rows with and without tables: both contain the truth, so they meet, and both are narrow.
    fn check_both(bits: u32, logits: &[f64], action: usize, tau: Given) {
        let with = Reference::new(bits, tau);
        let without = Reference { tables: None, ..Reference::new(bits, tau) };
        assert_eq!(with.tables.is_some(), bits <= 280);
        let [with, without] = [with, without].map(|r| r.enclose_precise(logits, action).unwrap().named());
        for ((name, x), (_, y)) in with.iter().zip(&without) {
            assert!(x.lo() <= y.hi() && y.lo() <= x.hi(), "{name} {x:?} {y:?} {logits:?} {action}");
            assert!(is_resolved(x, bits - 4) && is_resolved(y, bits - 4), "{name} {x:?} {y:?} {logits:?} {action}");
        }
    }

    /// Logits of an order of magnitude, some of them equal and some masked.
    fn logits() -> impl Strategy<Value = Vec<f64>> {
        let magnitude = prop_oneof![Just(1e-300), Just(1e-9), Just(1.0), Just(30.0), Just(1e3), Just(1e7), Just(1e30)];
        let logit = prop_oneof![
            6 => -1.0..1.0f64,
            6 => (-1.0..1.0f32).prop_map(f64::from),
            2 => Just(0.75),
            1 => Just(f64::NEG_INFINITY),
        ];
        (magnitude, prop::collection::vec(logit, 0..20), any::<prop::sample::Index>()).prop_map(
            |(scale, mut logits, at)| {
                logits.insert(at.index(logits.len() + 1), 0.75);
                logits.iter().map(|z| z * scale).collect()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn tables_and_intervals_agree(
            bits in 24..300u32,
            logits in logits(),
            action in any::<prop::sample::Index>(),
            tau in prop_oneof![Just(Given::from(1.0)), Just("0.7".parse().unwrap()), Just(Given::from(1e-2)), Just(Given::from(2.0))],
        ) {
            check_both(bits, &logits, action.index(logits.len()), tau);
        }
    }

    #[test]
    fn the_two_largest_logits() {
        const MASKED: f64 = f64::NEG_INFINITY;
        let two = |logits: &[f64]| Row::new(logits, 0, 1.0.into()).map(|row| (row.top, row.ties, row.second)).ok();
        assert_eq!(two(&[1.0, 3.0, 2.0]), Some((1, 0, Some(2.0))));
        assert_eq!(two(&[3.0, 1.0, 3.0]), Some((0, 1, Some(1.0))));
        assert_eq!(two(&[1.0, 3.0, 3.0, 2.0, 3.0]), Some((1, 2, Some(2.0))));
        assert_eq!(two(&[MASKED, MASKED, 3.0]), Some((2, 0, None)));
        assert_eq!(two(&[MASKED, 1.0, 3.0]), Some((2, 0, Some(1.0))));
        assert_eq!(two(&[5.0]), Some((0, 0, None)));
        for wrong in [f64::NAN, f64::INFINITY] {
            assert_eq!(two(&[wrong, 0.0]), None);
            assert_eq!(two(&[0.0, wrong]), None);
        }
        assert_eq!(two(&[MASKED]), None);
        let chosen = Row::new(&[1.0, 3.0, 3.0], 2, 1.0.into()).unwrap();
        assert_eq!((chosen.top, chosen.ties, chosen.second), (2, 1, Some(1.0)));
    }
}
