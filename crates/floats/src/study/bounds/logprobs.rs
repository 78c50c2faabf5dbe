//! How far an engine's log-probabilities can be from the true ones, where its logits are not to be had.
//!
//! Every other bound here is that of a tape with known logits. This one knows of the logits how many there are, N, and
//! that those which are not masked are within R of 0. Logits count as the engine stores them. With D_j = max z - z_j, S
//! the sum of e^-D_j (1 <= S <= N) and log P_i = -D_i - log S:
//!
//! 1. A shifted logit is off by s D_j, s being the unit of the subtraction. This changes S by at most the factor
//!    1 + s e^(2 s R) sum P_j D_j, and sum P_j D_j = H(P) - log S <= log N. With the errors of the exponentials, of the
//!    sum (a theorem of [`super::sums`]) and of what underflows, the computed sum is S (1 + r), |r| <= rho.
//! 2. Its logarithm is off by -log(1 - rho), and by a rounding of a number of at most log N - log(1 - rho).
//! 3. (z_i - max z) - log S is off by that, by s D_i <= s |log P_i|, and by a rounding of the result.
//! 4. z_i - lse z has, instead of s D_i, the rounding of lse z, which is at most R + log N.
//! 5. log of the softmax is off by s D_i, by the exponential, the sum, the quotient, and a rounding of the result, as
//!    long as the quotient is a normal number.
//!
//! Exponentials and logarithms of engines are not correctly rounded: each is taken to be within [`ELEMENTARY`] units u.

use crate::formats::{Narrow, Subnormals};
use crate::study::mode::{Mode, Place, Softmax};
use crate::study::order::Order;
use crate::text::rounded;

use super::plan::UP;
use super::sums::{Hypotheses, coefficient, height};

/// How far an exponential or a logarithm may be off, in units u = 2^-p of its result: 4 are two units in the last
/// place.
pub const ELEMENTARY: f64 = 4.0;

/// The blocks that sums are taken in where nothing is said: every size between these two is covered.
pub const BLOCKS: [u32; 2] = [128, 1024];

/// The ways to a log-probability, by the names of their formulas.
pub const FORMULAS: [&str; 3] = ["logp-shifted", "logp-logits", "logp-softmax"];

/// What is assumed of an engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Engine {
    /// Where it rounds, and how. Its order of summation counts unless `blocked`.
    pub mode: Mode,
    /// Whether sums are taken in blocks of some size between [`BLOCKS`].
    pub blocked: bool,
    /// N, how many logits a row has; at least 1.
    pub actions: u64,
    /// R: no logit that is not masked is further from 0.
    pub range: f64,
    /// The formula of [`FORMULAS`], or any of them.
    pub formula: Option<&'static str>,
}

/// How far log-probabilities can be off, in nats: |computed - log P| <= absolute + relative |computed|.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// What does not depend on the number.
    pub absolute: f64,
    /// What grows with it.
    pub relative: f64,
    /// A computed log-probability below this says no more than that the true one is at most this: the softmax may have
    /// underflowed. It is -inf where it cannot.
    pub floor: f64,
}

/// Why there is no bound.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoBound {
    /// A format that f64 has no room for.
    #[error("the format of `{0}` is too wide")]
    TooWide(&'static str),
    /// A softmax formed in one pass, which rescales as often as the logits say.
    #[error("a softmax in one pass (softmax=online) is rescaled as often as the logits say, which nobody knows here")]
    Online,
    /// An order of summation without a bound that depends on N alone.
    #[error("sums in the order `{0}` have no bound that depends on the number of terms alone")]
    Order(Order),
    /// Numbers that may exceed the largest of a format.
    #[error(
        "numbers of up to {} may overflow at `{place}`, whose largest is {}",
        rounded(*most, 4),
        rounded(*largest, 4)
    )]
    Overflow {
        /// The place.
        place: &'static str,
        /// What may come.
        most: f64,
        /// The largest number.
        largest: f64,
    },
    /// The sum of the exponentials can be anything.
    #[error(
        "a sum of {actions} exponentials may be off by {}, so that nothing is known of its logarithm; check that there are so \
         many actions",
        if percent.is_finite() { format!("{percent:.0} % of itself") } else { "all of itself and more".to_string() }
    )]
    Sum {
        /// N.
        actions: u64,
        /// The error, in percent; infinite where it is beyond the formulas.
        percent: f64,
    },
}

/// What the rounding at a place can do.
#[derive(Clone, Copy)]
struct PlaceUnit {
    /// Relative to the result.
    u: f64,
    /// Where the result is subnormal or flushed.
    tiny: f64,
    /// The largest number.
    largest: f64,
    /// The smallest normal one.
    normal: f64,
}

impl PlaceUnit {
    /// The worst of some places.
    fn of(mode: &Mode, places: &[(Place, &'static str)]) -> Result<PlaceUnit, NoBound> {
        let mut worst = PlaceUnit { u: 0.0, tiny: 0.0, largest: f64::INFINITY, normal: 0.0 };
        for &(place, name) in places {
            let target = mode.target(place);
            let machine = Narrow::new(target).ok_or(NoBound::TooWide(name))?;
            let quantum = target.format.ulp(0.0);
            let flushes = target.subnormals == Subnormals::Flush;
            worst = PlaceUnit {
                u: worst.u.max(target.unit_roundoff()),
                tiny: worst.tiny.max(if flushes { machine.smallest_normal() } else { quantum }),
                largest: worst.largest.min(machine.largest()),
                normal: worst.normal.max(machine.smallest_normal()),
            };
        }
        Ok(worst)
    }

    fn holds(&self, place: &'static str, most: f64) -> Result<(), NoBound> {
        let largest = self.largest;
        if most < largest { Ok(()) } else { Err(NoBound::Overflow { place, most, largest }) }
    }
}

/// A bound on the errors of log-probabilities.
///
/// ```
/// use logitlab_floats::study::bounds::logprobs::{Engine, bound};
///
/// let (blocked, actions, range, formula) = (true, 50_257, 64.0, None);
/// let engine = |mode: &str| Engine { mode: mode.parse().unwrap(), blocked, actions, range, formula };
/// let f32 = bound(&engine("f32"))?;
/// assert!(f32.absolute > 2e-5 && f32.absolute < 1e-4 && f32.relative < 1e-6);
/// assert!(bound(&engine("bf16")).is_err());
/// # Ok::<(), logitlab_floats::study::bounds::logprobs::NoBound>(())
/// ```
///
/// # Errors
/// If nothing can be said for the mode.
///
/// # Panics
/// If there is no action, or the range is not a finite number of at least 0.
pub fn bound(engine: &Engine) -> Result<Bound, NoBound> {
    assert!(engine.actions > 0 && engine.range >= 0.0 && engine.range.is_finite(), "N from 1, R from 0");
    let all = FORMULAS.into_iter().filter(|name| engine.formula.is_none_or(|formula| formula == *name));
    let mut worst = Bound { absolute: 0.0, relative: 0.0, floor: f64::NEG_INFINITY };
    for name in all {
        let found = by_formula(engine, name)?;
        worst = Bound {
            absolute: worst.absolute.max(found.absolute),
            relative: worst.relative.max(found.relative),
            floor: worst.floor.max(found.floor),
        };
    }
    Ok(worst)
}

fn by_formula(engine: &Engine, formula: &str) -> Result<Bound, NoBound> {
    const COMBINE: (Place, &str) = (Place::Combine, "combine");
    let Engine { mode, range, .. } = engine;
    let log_n = log_of(engine.actions);
    // log-softmax and softmax(z) have places of their own, lse(z) has one for all of it.
    let logits = formula == "logp-logits";
    let softmax = formula == "logp-softmax";
    let (shift, exp, log, last): (&[_], &[_], &[_], &[_]) = if logits {
        const LSE: &[(Place, &str)] = &[(Place::Lse, "lse")];
        (LSE, LSE, LSE, &[COMBINE, (Place::Logprob, "logprob")])
    } else {
        (
            &[(Place::Shift, "shift"), COMBINE],
            &[(Place::Exp, "exp")],
            &[(Place::Total, "total"), COMBINE],
            &[(Place::Logprob, "logprob"), COMBINE],
        )
    };
    let shifted = mode.softmax != Softmax::Naive || !(logits || softmax);
    if mode.softmax == Softmax::Online && softmax {
        return Err(NoBound::Online);
    }
    let [shift, exp, log, last] = [shift, exp, log, last].map(|places| PlaceUnit::of(mode, places));
    let (shift, exp, log, last) = (shift?, exp?, log?, last?);
    let lse = PlaceUnit::of(mode, &[(Place::Lse, "lse")])?;

    // 1. Relative to the largest weight, 1 where logits are shifted and at least e^-R where they are not.
    let n = engine.actions as f64;
    let scale = if shifted { 1.0 } else { libm::exp(*range) * UP };
    let widest = 2.0 * range + log_n + 1.0;
    shift.holds("shift", widest)?;
    exp.holds("exp", scale)?;
    last.holds("combine", widest)?;
    let sum = PlaceUnit::of(
        mode,
        &[(Place::Sum, "sum"), if logits { (Place::Lse, "lse") } else { (Place::Total, "total") }, COMBINE],
    )?;
    sum.holds("sum", 2.0 * n * scale)?;
    log.holds("total", 2.0 * n * scale)?;
    let moved = if shifted { shift.u * log_n * libm::exp(2.0 * range * shift.u) * UP } else { 0.0 };
    let gamma = total(engine)?;
    let elementary = ELEMENTARY * exp.u;
    // What underflows: an exponential, a term as it is taken up, and a shifted logit, whose exponential is near 1.
    let lost = n * (exp.tiny + sum.tiny) * scale + shift.tiny;
    let factors = (1.0 + moved) * (1.0 + elementary) * (1.0 + gamma) * (1.0 + sum.u) * (1.0 + sum.u);
    let rho = (factors - 1.0 + f64::EPSILON + 2.0 * lost) * UP;
    if rho >= 0.5 {
        return Err(NoBound::Sum { actions: engine.actions, percent: 100.0 * rho });
    }
    // 2. -log(1 - x) <= x / (1 - x)
    let off = |x: f64| x / (1.0 - x) * UP;
    let offset = if shifted { 0.0 } else { *range };
    let of_log = off(rho) + ELEMENTARY * log.u * (log_n + offset + off(rho)) + log.tiny;
    // s D_i <= s (|computed| + error), which is solved for the error.
    let solved = |absolute: f64, relative: f64, s: f64| Bound {
        absolute: (absolute + last.tiny) / (1.0 - s) * UP,
        relative: (relative + s) / (1.0 - s) * UP,
        floor: f64::NEG_INFINITY,
    };
    Ok(match formula {
        "logp-logits" => {
            // 4. Naive log-sum-exps have no addition at the end; one too many does no harm.
            let last_sum = lse.u * (1.0 + lse.u) * (range + log_n + of_log);
            solved(of_log + last_sum + lse.tiny, last.u, 0.0)
        }
        "logp-softmax" => {
            let probability =
                PlaceUnit::of(mode, &[(Place::Probability, "probability"), (Place::Exp, "exp"), COMBINE])?;
            // Of softmax=log the exponential of what 3. bounds; otherwise a quotient.
            let quotient = match mode.softmax {
                Softmax::Log => of_log + off(ELEMENTARY * probability.u),
                _ => off(elementary) + off(rho) + off(probability.u),
            };
            let s = last.u + if shifted { shift.u } else { 0.0 };
            let found = solved(quotient + log.tiny, ELEMENTARY * log.u, s);
            // A margin of 2 nats covers that the sum and the quotient are rounded.
            let floor = libm::log(probability.normal.max(exp.normal)) + 2.0;
            let floor = if shifted { floor } else { floor + range };
            Bound { floor, ..found }
        }
        _ => solved(of_log, last.u, shift.u),
    })
}

/// The coefficient of the error of a sum of all exponentials.
fn total(engine: &Engine) -> Result<f64, NoBound> {
    let target = engine.mode.target(Place::Sum);
    let hypotheses = |order| Hypotheses {
        terms: usize::try_from(engine.actions).unwrap_or(usize::MAX),
        u: target.format.unit_roundoff().to_f64(),
        nearest: target.rounding.is_nearest(),
        fits: false,
        order,
    };
    let orders = if engine.blocked { BLOCKS.map(Order::Blocked) } else { [engine.mode.order; 2] };
    // The number of roundings is convex in the size of a block, so that the worst size is at an end.
    let worst = orders.into_iter().map(|order| coefficient(&hypotheses(order))).fold(0.0, f64::max);
    match height(orders[0], 1) {
        _ if worst.is_finite() => Ok(worst),
        None => Err(NoBound::Order(engine.mode.order)),
        // Of so many terms that each of their roundings counts.
        Some(_) => Err(NoBound::Sum { actions: engine.actions, percent: f64::INFINITY }),
    }
}

/// log N, rounded upward.
fn log_of(actions: u64) -> f64 {
    libm::log(actions as f64) * UP
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(mode: &str) -> Engine {
        Engine { mode: mode.parse().unwrap(), blocked: true, actions: 151_936, range: 64.0, formula: None }
    }

    #[test]
    fn the_first_order_is_what_the_theorems_say() {
        let u = libm::exp2(-24.0);
        let alone = Engine { formula: Some("logp-shifted"), ..engine("f32") };
        // 127 + 1186 additions, one rounding of a first term, two of the total; exponentials, shifts, the logarithm.
        let expected = u * (1314.0 + 2.0 + 4.0 + 5.0 * libm::log(151_936.0));
        let found = bound(&alone).unwrap();
        assert!((found.absolute / expected - 1.0).abs() < 1e-3 && (found.relative / (2.0 * u) - 1.0).abs() < 1e-3);
        // lse z is rounded at its own size.
        let logits = bound(&Engine { formula: Some("logp-logits"), ..engine("f32") }).unwrap();
        let size = u * (64.0 + libm::log(151_936.0));
        assert!((logits.absolute - found.absolute - size).abs() < 1e-3 * size);
        assert!(logits.floor == f64::NEG_INFINITY && (bound(&engine("f32")).unwrap().floor + 85.3).abs() < 0.1);
        // f64, and trees.
        assert!(bound(&engine("f64")).unwrap().absolute < 1e-12);
        let tree = Engine { blocked: false, ..engine("f32+sum=f32:pairwise") };
        assert!(bound(&tree).unwrap().absolute < 1.2e-5);
    }

    #[test]
    fn where_there_is_no_bound_it_is_said_why() {
        assert!(matches!(bound(&engine("bf16")), Err(NoBound::Sum { .. })));
        assert!(matches!(bound(&engine("f32+softmax=online")), Err(NoBound::Online)));
        assert!(matches!(bound(&engine("fp16+sum=f32+softmax=naive")), Err(NoBound::Overflow { .. })));
        let kahan = Engine { blocked: false, ..engine("f32+sum=f32:kahan") };
        assert!(matches!(bound(&kahan), Err(NoBound::Order(Order::Kahan))));
        assert!(bound(&engine("bf16-lse")).is_ok_and(|found| found.absolute > 0.2));
    }
}
