//! From the sums over the rest of a row to its [`Enclosures`].
//!
//! t is the first most likely action, c the chosen one, the rest are all others. With d = (z - z_t) / tau, a = e^(d_c)
//! and, over the rest, S = sum e^d, Q = sum e^2d, R = sum e^3d, T = sum e^d |d|, U = sum e^2d |d|, everything is a
//! quotient of sums of non-negative terms by a power of Z = sum of all e^d; only what is a difference by its nature
//! (entropy_slope, the variance) is computed as one.

use super::wide::Wide;
use crate::arith::scaled::Scaled;
use crate::certified::Enclosures;

/// S, T, Q, U and R over the rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest {
    pub s: Wide,
    pub t: Wide,
    pub q: Wide,
    pub u: Wide,
    pub r: Wide,
}

impl Rest {
    /// Of no action that is not masked.
    pub(super) const NONE: Rest = Rest { s: Wide::ZERO, t: Wide::ZERO, q: Wide::ZERO, u: Wide::ZERO, r: Wide::ZERO };
}

/// The chosen action where it is not t: a and |d_c|, or nothing if it is masked.
pub(super) type Chosen = Option<(Wide, Wide)>;

/// The quantities in numbers that are at least 0; the slope is the first of its two numbers less the second.
struct Parts {
    p: Wide,
    rest: Wide,
    collision: Wide,
    w: Wide,
    surprisal: Option<Wide>,
    entropy: Wide,
    top: Wide,
    slope: (Wide, Wide),
    variance: Wide,
}

/// The enclosures where t is the chosen action.
pub(super) fn top_chosen(rest: Rest) -> Enclosures {
    let Rest { s, t, q, u, r } = rest;
    let z = Wide::ONE + s;
    let (z2, z3) = (z * z, z * z * z);
    let mean = t / z;
    let surprisal = s.log1p();
    let w = (s * s + q) / z2;
    // Above its value at t, e_c - P is -(P_i + 1 - P_c): nothing cancels where P is confident.
    let above = (r + s * q + s * q + s * s * s) / z3;
    let spread = (s * s + r) / z3;
    parts(Parts {
        p: Wide::ONE / z,
        rest: s / z,
        collision: (Wide::ONE + q) / z2,
        w,
        surprisal: Some(surprisal),
        entropy: surprisal + mean,
        top: Wide::ONE / z,
        slope: (mean * q / z2, (u + mean * s) / z2),
        variance: variance((above, w), (spread, s.distance(q) / z2)),
    })
}

/// The enclosures where another action is chosen.
pub(super) fn other_chosen(chosen: Chosen, rest: Rest) -> Enclosures {
    let Rest { s, t, q, u, r } = rest;
    let (a, distance) = chosen.unwrap_or((Wide::ZERO, Wide::ZERO));
    let beside = a + s;
    let z = Wide::ONE + beside;
    let (z2, z3) = (z * z, z * z * z);
    let mean = (a * distance + t) / z;
    let log_z = beside.log1p();
    let others = Wide::ONE + s;
    let two_more = others + Wide::ONE;
    let own = a * others;
    // e_c - P is 1 - P_c + P_t at c and P_t - P_i elsewhere, above its value at t.
    let above = (a * two_more * two_more + (s + r).less(q + q)) / z3;
    let first = (a * two_more + s.less(q)) / z2;
    let spread = (own * others + Wide::ONE + r) / z3;
    parts(Parts {
        p: a / z,
        rest: others / z,
        collision: (Wide::ONE + a * a + q) / z2,
        w: (others * others + Wide::ONE + q) / z2,
        surprisal: chosen.map(|(_, distance)| log_z + distance),
        entropy: log_z + mean,
        top: Wide::ONE / z,
        slope: ((mean + mean * q + own * distance) / z2, (u + own * mean) / z2),
        variance: variance((above, first), (spread, own.distance(Wide::ONE + q) / z2)),
    })
}

/// A variance from the second and the |first| moment, about one number and about another. It is at most 1: values
/// between -1 and 1.
fn variance(about_top: (Wide, Wide), about_zero: (Wide, Wide)) -> Wide {
    let [x, y] = [about_top, about_zero].map(|(second, first)| second.less(first * first));
    x.meet(y)
}

fn parts(parts: Parts) -> Enclosures {
    let Parts { p, rest, collision, w, surprisal, entropy, top, slope, variance } = parts;
    Enclosures {
        p: p.at_most(1.0).scaled(),
        rest: rest.at_most(1.0).scaled(),
        collision: collision.at_most(1.0).scaled(),
        w: w.at_most(2.0).scaled(),
        norm: w.at_most(2.0).sqrt().scaled(),
        surprisal: surprisal.map_or(Scaled::point(f64::INFINITY), Wide::scaled),
        entropy: entropy.scaled(),
        top: top.at_most(1.0).scaled(),
        entropy_slope: slope.0.difference(slope.1),
        variance: variance.at_most(1.0).scaled(),
    }
}
