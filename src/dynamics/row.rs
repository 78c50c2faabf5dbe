//! One step of one run as a row of a table.

use serde::Serialize;

use crate::arith::Eval;
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
        let middle = |x: crate::arith::scaled::Scaled| x.middle();
        let collision: f64 = policy.iter().map(|p| p * p).sum();
        let closed = gain.abs() * (1.0 - 2.0 * policy[event.action] + collision).sqrt();
        let moved = after.iter().zip(before).map(|(y, z)| (y - z) * (y - z)).sum::<f64>().sqrt();
        let norm = gain.abs() * middle(seen.norm);
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
            norm,
            closed,
            moved,
            dead: moved == 0.0 && gain != 0.0 && seen.norm.lo > 0.0,
        })
    }
}
