//! What can be said of a measured row: the registry of columns.

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval};

use super::measured::{How, Measured};
use crate::certified::reference::Precise;

/// One enclosed quantity of a row.
#[derive(Debug)]
pub struct Column {
    /// Its name; fields of files are called `NAME_lo` and `NAME_hi`.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it is, in words.
    pub what: &'static str,
    /// Its heading in a table for a terminal, where such a table shows it.
    pub heading: Option<&'static str>,
    /// Whether it may be too small for an `f64`, so that files have it with an exponent of its own, too.
    pub scaled: bool,
    /// Whether it needs g = learning rate x advantage.
    pub step: bool,
    /// Its enclosure.
    pub of: fn(&Terms<'_>) -> Eval<Interval>,
}

const fn column(
    name: &'static str,
    unit: &'static str,
    what: &'static str,
    of: fn(&Terms<'_>) -> Eval<Interval>,
) -> Column {
    Column { name, unit, what, heading: None, scaled: false, step: false, of }
}

impl Column {
    const fn headed(self, heading: &'static str) -> Column {
        Column { heading: Some(heading), ..self }
    }

    const fn scaled(self) -> Column {
        Column { scaled: true, ..self }
    }

    const fn of_step(self) -> Column {
        Column { step: true, ..self }
    }
}

/// Every column, in the order in which files have them. P = softmax(z / tau), c the chosen action; a step moves the
/// logits by dz = g (e_c - P) / tau, the gradient of g log P_c, and z / tau by h (e_c - P) with h = g / tau^2.
pub const COLUMNS: &[Column] = &[
    column("p", "probability", "P_c", |t| Ok(t.found.p.clone())).headed("P_c"),
    column("rest", "probability", "1 - P_c, the sum of the others", |t| Ok(t.found.rest.clone())),
    column("collision", "probability", "C(P) = sum P_i^2", |t| Ok(t.found.collision.clone())).headed("C"),
    column("w", "1", "w = |e_c - P|^2", |t| Ok(t.found.w.clone())).headed("w").scaled(),
    column("norm", "1", "|e_c - P|", |t| Ok(t.found.norm.clone())).headed("norm").scaled(),
    column("logp", "nats", "log P_c; -inf where c is masked", |t| t.system.neg(t.found.surprisal.clone())),
    column("entropy", "nats", "H(P) = -sum P_i log P_i", |t| Ok(t.found.entropy.clone())),
    column("top", "probability", "the largest P_i", |t| Ok(t.found.top.clone())),
    column("update", "logits", "|dz| = |g| |e_c - P| / tau", |t| {
        t.system.div(t.system.mul(t.found.norm.clone(), &t.size()?)?, &t.tau())
    })
    .headed("|dz|")
    .of_step(),
    // Claim learned-logprob; claim temperature for h.
    column("logp_change", "nats", "first order of the change of log P_c: h w", |t| t.system.mul(t.h()?, &t.found.w))
        .headed("d log P_c")
        .of_step(),
    // Claim entropy-change.
    column("entropy_change", "nats", "first order of the change of H: h times its slope along e_c - P", |t| {
        t.system.mul(t.h()?, &t.found.entropy_slope)
    })
    .headed("d H")
    .of_step(),
    // Claim step-variance.
    column("kl_second", "nats", "second order of KL(P || P'): h^2 Var_P(e_c - P) / 2", |t| {
        let s = t.system;
        s.div(s.mul(s.power(&t.h()?, 2)?, &t.found.variance)?, &s.integer(2))
    })
    .headed("KL")
    .of_step(),
    // Claim step-kl: R = |h| (1 - P_c + max_o P_o), and no other action has more than the top one, nor than all others.
    column("kl", "nats", "KL(P || P') of the whole step, certainly: 0 to |h|^2 (1 - P_c + max_o P_o)^2 / 8", |t| {
        let s = t.system;
        let rest = t.found.rest.clone();
        let other = s.min(rest.clone(), &t.found.top)?;
        let range = s.mul(t.h()?, &s.add(rest, &other)?)?;
        let most = s.div(s.power(&range, 2)?, &s.integer(8))?;
        Ok(s.ends(s.integer(0).lo(), most.hi()))
    })
    .of_step(),
];

/// What columns are computed from.
pub struct Terms<'a> {
    /// The number system to compute in.
    pub system: Intervals,
    /// The quantities of the row.
    pub found: Precise,
    /// g, 1 where no step was asked for.
    pub g: Interval,
    /// How the row was measured.
    pub how: &'a How,
}

impl Terms<'_> {
    /// Those of a row.
    pub fn new<'a>(how: &'a How, row: &Measured) -> Terms<'a> {
        let system = how.system();
        let g = row.g.clone().unwrap_or_else(|| system.integer(1));
        Terms { system, found: row.intervals(), g, how }
    }

    fn tau(&self) -> Interval {
        self.how.temperature.interval(&self.system)
    }

    /// |g|
    fn size(&self) -> Eval<Interval> {
        self.system.max(self.g.clone(), &self.system.neg(self.g.clone())?)
    }

    /// h = g / tau^2
    fn h(&self) -> Eval<Interval> {
        self.system.div(self.g.clone(), &self.system.power(&self.tau(), 2)?)
    }
}
