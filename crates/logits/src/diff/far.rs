//! Actions that are far more likely on one side than on the other, or masked on one: enclosed one by one.

use crate::arith::elementary64::{EXP_ERROR, exp};
use crate::arith::interval64::Interval64;

use super::series::Term;

/// Exponentials below this may have lost their relative accuracy.
const TINY: f64 = 3e-300;

/// One of the two distributions of a row.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// The largest logit.
    pub max: f64,
    /// The temperature.
    pub tau: f64,
    /// 1 / sum of the exponentials of (z - max) / tau.
    pub inverse: f64,
    /// The relative error of an exponential times that.
    pub error: f64,
    /// log of the sum.
    pub log_sum: Interval64,
}

impl Side {
    /// The probability of an action, from its exponential.
    pub fn share(&self, exponential: f64) -> Interval64 {
        let p = exponential * self.inverse;
        let lost = if exponential < TINY { TINY } else { 0.0 };
        let (lo, hi) = (p * (1.0 - self.error) - lost, p * (1.0 + self.error) + lost);
        Interval64::ends(lo.next_down().max(0.0), hi.next_up().min(1.0).max(lo.next_down().max(0.0)))
    }

    /// The logarithm of the probability of an action, from its finite logit.
    pub fn log_share(&self, logit: f64) -> Interval64 {
        let d = (logit - self.max) / self.tau;
        let off = 1.01 * f64::EPSILON * d.abs();
        Interval64::ends((d - off - self.log_sum.hi()).next_down(), (d + off - self.log_sum.lo()).next_up())
    }
}

/// e^x, enclosed.
pub fn exp_of(x: Interval64) -> Interval64 {
    let error = 1.01 * EXP_ERROR;
    let lo = (exp(x.lo()) * (1.0 - error)).next_down().max(0.0);
    let hi = (exp(x.hi()) * (1.0 + error)).next_up();
    // An infinite result means a number beyond f64, not infinity.
    let lo = if exp(x.lo()) == f64::INFINITY && x.lo() < f64::INFINITY { f64::MAX } else { lo };
    Interval64::ends(if x.lo() == f64::INFINITY { f64::INFINITY } else { lo }, hi)
}

/// Sums of lower and of upper bounds.
#[derive(Clone, Copy, Debug)]
pub struct Far {
    lo: Term,
    hi: Term,
    /// Whether there is none.
    pub is_empty: bool,
    /// Whether B masks an action that A does not.
    pub only_in_a: bool,
    /// Whether A masks an action that B does not.
    pub only_in_b: bool,
}

/// Enclosures of what an action adds, in the order of [`Term`].
type Enclosed = [Interval64; 6];

impl Default for Far {
    fn default() -> Far {
        Far { lo: Term::default(), hi: Term::default(), is_empty: true, only_in_a: false, only_in_b: false }
    }
}

impl Far {
    /// An action with probability p under A that B masks.
    pub fn only_a(&mut self, p: Interval64) {
        self.only_in_a = true;
        let [_, kl_ba, tv2, chi2_ba, _, js4] = masked(p);
        let none = Interval64::point(0.0);
        self.push([none, kl_ba, tv2, chi2_ba, none, js4]);
    }

    /// An action with probability q under B that A masks.
    pub fn only_b(&mut self, q: Interval64) {
        self.only_in_b = true;
        let [kl_ab, _, tv2, _, chi2_ab, js4] = masked(q);
        let none = Interval64::point(0.0);
        self.push([kl_ab, none, tv2, none, chi2_ab, js4]);
    }

    /// An action with |d| > 32, d = log q - log p, and log p and log q.
    pub fn add(&mut self, [p, q]: [Interval64; 2], [log_p, log_q]: [Interval64; 2], d: Interval64) {
        if d.lo() > 0.0 {
            self.push(ahead(p, q, log_q, d));
        } else {
            let back = Interval64::ends(-d.hi(), -d.lo());
            let [kl_ba, kl_ab, tv2, chi2_ab, chi2_ba, js4] = ahead(q, p, log_p, back);
            self.push([kl_ab, kl_ba, tv2, chi2_ba, chi2_ab, js4]);
        }
    }

    fn push(&mut self, terms: Enclosed) {
        self.is_empty = false;
        let down = |sum: &mut f64, x: Interval64| *sum = (*sum + x.lo()).next_down().max(0.0);
        let up = |sum: &mut f64, x: Interval64| *sum = if x.hi() > 0.0 { (*sum + x.hi()).next_up() } else { *sum };
        for (x, (lo, hi)) in terms.into_iter().zip(fields(&mut self.lo).into_iter().zip(fields(&mut self.hi))) {
            down(lo, x);
            up(hi, x);
        }
    }

    /// Both bounds of one sum.
    pub fn lo_hi(&self, field: impl Fn(&Term) -> f64) -> [f64; 2] {
        [field(&self.lo), field(&self.hi)]
    }
}

fn fields(term: &mut Term) -> [&mut f64; 6] {
    let Term { kl_ab, kl_ba, tv2, chi2_ba, chi2_ab, js4 } = term;
    [kl_ab, kl_ba, tv2, chi2_ba, chi2_ab, js4]
}

/// An action of probability x on one side and 0 on the other: x in each finite sum, and 2 log 2 x for Jensen-Shannon.
fn masked(x: Interval64) -> Enclosed {
    let js4 = Interval64::ends((x.lo() * LN2_TWICE[0]).next_down().max(0.0), (x.hi() * LN2_TWICE[1]).next_up());
    [x, x, x, x, x, js4]
}

/// 2 log 2, enclosed.
const LN2_TWICE: [f64; 2] = [1.386_294_361_119_890_4, 1.386_294_361_119_890_8];

/// The terms of an action with q = p e^d, d > 32: e^-d < 1.3e-14.
fn ahead(p: Interval64, q: Interval64, log_q: Interval64, d: Interval64) -> Enclosed {
    let ends = |lo: f64, hi: f64| Interval64::ends(lo.next_down().max(0.0), hi.next_up());
    // p (1 + d) <= q e^-d (1 + d) <= q 2^-40
    let little = 1.0 - 1.0 / (1u64 << 40) as f64;
    // (q - p)^2 / p = q e^d (1 - e^-d)^2
    let square = exp_of(Interval64::ends((log_q.lo() + d.lo()).next_down(), (log_q.hi() + d.hi()).next_up()));
    [
        ends(q.lo() * little, q.hi()),
        ends(q.lo() * (d.lo() - 1.0).next_down(), (q.hi() * (d.hi() - 1.0).next_up()).next_up() + p.hi()),
        ends(q.lo() * little, q.hi()),
        ends(square.lo() * little, square.hi()),
        ends(q.lo() * little, q.hi()),
        // 2 q (log 2 - e), 0 <= e <= r (1 + |log r|) (1 + r) < 2^-41 with r = e^-d
        ends(q.lo() * (LN2_TWICE[0] - 1.0 / (1u64 << 40) as f64), q.hi() * LN2_TWICE[1]),
    ]
}
