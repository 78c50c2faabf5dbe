//! What can be said of a measured row: the registry of columns.

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval};

use super::measured::{How, Measured};

/// One enclosed quantity of a row.
#[derive(Debug)]
pub struct Column {
    /// Its name; fields of files are called `NAME_lo` and `NAME_hi`.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it is, in words.
    pub what: &'static str,
    /// Whether it may be too small for an `f64`, so that files have it with an exponent of its own, too.
    pub scaled: bool,
    /// Whether it needs g = learning rate x advantage.
    pub step: bool,
    /// Its enclosure.
    pub of: fn(&Terms<'_>) -> Eval<Interval>,
}

const fn of_policy(
    name: &'static str,
    unit: &'static str,
    what: &'static str,
    of: fn(&Terms<'_>) -> Eval<Interval>,
) -> Column {
    Column { name, unit, what, scaled: false, step: false, of }
}

const fn scaled(column: Column) -> Column {
    Column { scaled: true, ..column }
}

const fn of_step(
    name: &'static str,
    unit: &'static str,
    what: &'static str,
    of: fn(&Terms<'_>) -> Eval<Interval>,
) -> Column {
    Column { name, unit, what, scaled: false, step: true, of }
}

/// Every column, in the order in which files have them. P = softmax(z / tau), c the chosen action; a step moves the
/// logits by dz = g (e_c - P) / tau, the gradient of g log P_c, and z / tau by h (e_c - P) with h = g / tau^2.
pub const COLUMNS: &[Column] = &[
    of_policy("p", "probability", "P_c", |t| Ok(t.p())),
    of_policy("rest", "probability", "1 - P_c, the sum of the others", |t| Ok(t.found().rest.to_interval())),
    of_policy("collision", "probability", "C(P) = sum P_i^2", |t| Ok(t.collision())),
    scaled(of_policy("w", "1", "w = |e_c - P|^2", |t| Ok(t.w()))),
    scaled(of_policy("norm", "1", "|e_c - P|", |t| Ok(t.norm()))),
    of_policy("logp", "nats", "log P_c; -inf where c is masked", |t| t.system.neg(t.found().surprisal.to_interval())),
    of_policy("entropy", "nats", "H(P) = -sum P_i log P_i", |t| Ok(t.found().entropy.to_interval())),
    of_policy("top", "probability", "the largest P_i", |t| Ok(t.found().top.to_interval())),
    of_step("update", "logits", "|dz| = |g| |e_c - P| / tau", |t| {
        t.system.div(t.system.mul(t.norm(), &t.size()?)?, &t.tau())
    }),
    // Claim learned-logprob; claim temperature for h.
    of_step("logp_change", "nats", "first order of the change of log P_c: h w", |t| t.system.mul(t.h()?, &t.w())),
    // Claim entropy-change.
    of_step("entropy_change", "nats", "first order of the change of H: h times its slope along e_c - P", |t| {
        t.system.mul(t.h()?, &t.found().entropy_slope.to_interval())
    }),
    // Claim step-variance.
    of_step("kl_second", "nats", "second order of KL(P || P'): h^2 Var_P(e_c - P) / 2", |t| {
        let s = t.system;
        s.div(s.mul(s.power(&t.h()?, 2)?, &t.found().variance.to_interval())?, &s.integer(2))
    }),
    // Claim step-kl: R = |h| (1 - P_c + max_o P_o), and no other action has more than the top one, nor than all others.
    of_step("kl", "nats", "KL(P || P') of the whole step, certainly: 0 to |h|^2 (1 - P_c + max_o P_o)^2 / 8", |t| {
        let s = t.system;
        let rest = t.found().rest.to_interval();
        let other = s.min(rest.clone(), &t.found().top.to_interval())?;
        let range = s.mul(t.h()?, &s.add(rest, &other)?)?;
        let most = s.div(s.power(&range, 2)?, &s.integer(8))?;
        Ok(s.ends(s.integer(0).lo(), most.hi()))
    }),
];

/// What columns are computed from.
pub struct Terms<'a> {
    /// The number system to compute in.
    pub system: Intervals,
    /// The row.
    pub row: &'a Measured,
    /// How it was measured.
    pub how: &'a How,
}

impl Terms<'_> {
    fn found(&self) -> &crate::certified::Enclosures {
        &self.row.found
    }

    fn p(&self) -> Interval {
        self.row.pick(|full| &full.p, self.found().p)
    }

    fn collision(&self) -> Interval {
        self.row.pick(|full| &full.collision, self.found().collision)
    }

    pub(super) fn w(&self) -> Interval {
        self.row.pick(|full| &full.w, self.found().w)
    }

    fn norm(&self) -> Interval {
        self.row.pick(|full| &full.norm, self.found().norm)
    }

    fn tau(&self) -> Interval {
        self.system.float(self.how.temperature)
    }

    /// g, 1 where no step was asked for.
    fn g(&self) -> Interval {
        self.row.g.clone().unwrap_or_else(|| self.system.integer(1))
    }

    /// |g|
    fn size(&self) -> Eval<Interval> {
        self.system.max(self.g(), &self.system.neg(self.g())?)
    }

    /// h = g / tau^2
    fn h(&self) -> Eval<Interval> {
        self.system.div(self.g(), &self.system.power(&self.tau(), 2)?)
    }
}
