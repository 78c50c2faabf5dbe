//! One step of one run as a row of a table.

use serde::Serialize;

use crate::arith::Eval;
use crate::arith::scaled::Scaled;
use crate::certified::{self, Settings};

use super::run::Event;

/// A step: what was drawn, what the policy was before it, and how far the logits moved.
///
/// P is that of the logits as stored, told by certified enclosures, of which the middle stands here: its relative error
/// is below 2^-40. `closed` alone is from the policy as the arithmetic computed it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The run, from 0.
    pub run: u64,
    /// The step, from 0.
    pub step: u64,
    /// The chosen action, from 0; of the expected gradient, the best arm.
    pub action: usize,
    /// The reward; 0 of the expected gradient.
    pub reward: f64,
    /// g, learning rate times (reward less baseline); of the expected gradient the learning rate.
    pub gain: f64,
    /// P_c.
    pub p: f64,
    /// 1 - P_c.
    pub rest: f64,
    /// C(P).
    pub collision: f64,
    /// Shannon's entropy in nats.
    pub entropy: f64,
    /// |g| |e_c - P|, the size of the exact update.
    pub norm: f64,
    /// |g| sqrt(1 - 2 P_c + C) of the policy as computed; NaN where the root has none.
    pub closed: f64,
    /// The size of the difference between the stored logits after the step and before.
    pub moved: f64,
    /// Whether no stored logit changed though the exact update is not 0.
    pub dead: bool,
}

impl Row {
    /// Of a step from the logits `before` to `after`, as stored; `policy` is what was computed.
    ///
    /// # Errors
    /// If the logits have no policy.
    pub fn new(run: u64, step: u64, event: &Event, before: &[f64], after: &[f64], policy: &[f64]) -> Eval<Row> {
        let (seen, _) = certified::enclose(&Settings::default(), before, event.action)?;
        let gain = event.order.gain;
        let middle = |x: Scaled| x.middle();
        let collision: f64 = policy.iter().map(|p| p * p).sum();
        let closed = gain.abs() * (1.0 - 2.0 * policy[event.action] + collision).sqrt();
        // Times the gain before either leaves the range of f64 alone.
        let norm = Scaled { lo: gain.abs() * seen.norm.lo, hi: gain.abs() * seen.norm.hi, ..seen.norm };
        Ok(Row {
            run,
            step,
            action: event.action,
            reward: event.reward,
            gain,
            p: middle(seen.p),
            rest: middle(seen.rest),
            collision: middle(seen.collision),
            entropy: middle(seen.entropy),
            norm: middle(norm),
            closed,
            moved: distance(before, after),
            dead: before == after && gain != 0.0 && seen.norm.lo > 0.0,
        })
    }
}

/// The size of the difference between two vectors, without squares that overflow or underflow: in units of the largest
/// coordinate, and of halves where a difference may be too large. Masked logits, which do not move, are at no distance.
fn distance(before: &[f64], after: &[f64]) -> f64 {
    let off = |scale: f64| {
        let one = move |(y, z): (&f64, &f64)| if y == z { 0.0 } else { (y * scale - z * scale).abs() };
        after.iter().zip(before).map(one)
    };
    // What is subnormal may not have a half.
    let scale = if off(0.5).fold(0.0, f64::max) > 1.0 { 0.5 } else { 1.0 };
    let unit = off(scale).fold(0.0, f64::max);
    if unit == 0.0 || !unit.is_finite() {
        return unit;
    }
    let sum: f64 = off(scale).map(|x| x / unit).map(|x| x * x).sum();
    sum.sqrt() * unit / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::float::Told;

    #[test]
    fn distances_of_every_size() {
        for unit in [1.0, 1e-200, 1e-310, 5e-324, 1e200, 1e307] {
            assert_eq!(distance(&[1.0 * unit, 0.0], &[4.0 * unit, -4.0 * unit]), 5.0 * unit, "{unit:e}");
        }
        assert_eq!(distance(&[-1e308, 0.0], &[0.7e308, 0.0]), 1.7e308);
        assert_eq!(distance(&[f64::NEG_INFINITY, 1.0], &[f64::NEG_INFINITY, 1.0]), 0.0);
        assert_eq!(distance(&[0.0], &[f64::INFINITY]), f64::INFINITY);
    }

    #[test]
    fn a_step_that_moves_little_or_much_is_not_dead() {
        for gain in [1e-200, 1e200] {
            let event = Event { action: 0, reward: 1.0, order: Told { action: 0, gain, entropy: 0.0 } };
            let after = [gain * 0.5, gain * -0.5];
            let row = Row::new(0, 0, &event, &[0.0, 0.0], &after, &[0.5, 0.5]).unwrap();
            assert!(!row.dead && (row.moved / row.norm - 1.0).abs() < 1e-12, "{row:?}");
            assert!((row.closed / row.norm - 1.0).abs() < 1e-12);
            let dead = Row::new(0, 0, &event, &[0.0, 0.0], &[0.0, 0.0], &[0.5, 0.5]).unwrap();
            assert!(dead.dead && dead.moved == 0.0);
        }
    }
}
