//! Which part of a difference float precision can explain: rounding of logits as a hypothesis that rows can refute.
//!
//! *Hypothesis.* Both sides have the same logits up to one number for the row: there are real numbers z_i and c with
//! a_i / s within A_i / s of z_i, and b_i / t within B_i / t of z_i + c. A_i is [`Hypothesis::ulps`] times the spacing
//! of A's format at |a_i|; with half a unit these are all numbers that round to a_i, and a little more below powers of
//! two.
//!
//! With x_i = b_i / t - a_i / s and R_i = A_i / s + B_i / t it says: some c has |x_i - c| <= R_i for every i. That is
//! so if and only if max (x_i - R_i) <= min (x_i + R_i), which is decided exactly.
//!
//! *What follows from it.* Let y_i = x_i - c, |y_i| <= R_i, and f(R) = e^R - 1 - R.
//!
//! - log q_c - log p_c = y_c - log sum p_j e^(y_j), so it is at most -log(1 - v), v = (1 - p_c) R_c + W, and at least
//!   -log(1 + (1 - p_c) (e^(R_c) - 1) + e^(R_c) W), W = sum over j != c of p_j (e^(R_j) - 1) = sum p_j (R_j + f(R_j)).
//! - KL(P || Q) = log E e^y - E y <= E (e^y - 1 - y) <= sum p_j f(R_j), E being the mean under P; and, with y_j - y_c
//!   for y_j, at most the sum over j != c of p_j f(R_j + R_c), f(R + S) = f(R) + f(S) + (e^R - 1) (e^S - 1), which is
//!   the smaller one where the action is likely. The other way with Q.
//! - Total variation is at most the root of half of either (Pinsker).
//!
//! f(R) <= R^2 (1/2 + R/5) for R <= 1/2. Where an action has R > 1/2, f(R) <= e^R is taken.
//!
//! A row that passes is *consistent* with rounding: nothing proves that rounding is what happened. A row that fails was
//! moved by something else as well, or by more units than were allowed.

use rug::Rational;

use crate::arith::elementary64::{LOG_ERROR, exp, log};
use crate::arith::simd::vectorized;
use crate::formats::Format;

use super::distances::Chosen;
use super::far::exp_of;
use super::kernel::{Prepared, Scratch, Temperatures};
use super::sums::{CHUNK, Chunk, Sum, chunk_sum};
use crate::arith::interval64::Interval64;

/// Half of the distance from 1 to the next f64.
const U: f64 = f64::EPSILON / 2.0;

/// The [`Hypothesis::ulps`] of one rounding to nearest.
pub const ONE_ROUNDING: f64 = 0.5;

/// How each side's logits were stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hypothesis {
    /// The format of A's logits.
    pub a: Format,
    /// The format of B's logits.
    pub b: Format,
    /// How far each stored logit may be from the true one, in units of the last place.
    pub ulps: f64,
}

/// What rounding of logits can do to a row, and whether it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Explanation {
    /// Whether some logits that both sides share round to both rows. Exact.
    pub consistent: bool,
    /// Where they do not: how many logits are beyond their rounding at the best shift found; another may leave fewer,
    /// but none leaves 0. Logits that one side masks are not counted.
    pub beyond: u64,
    /// Upper bounds on what rounding can do; none where f64 is not enough to tell.
    pub bounds: Option<Bounds>,
}

/// Upper bounds on distances between two rows of the same logits, each rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// On |log q_c - log p_c| of the chosen action.
    pub delta: f64,
    /// On KL(P || Q).
    pub kl_ab: f64,
    /// On KL(Q || P).
    pub kl_ba: f64,
    /// On the total variation.
    pub tv: f64,
}

/// Half-widths of boxes in one format: `ulps` times the spacing.
#[derive(Clone, Copy)]
struct Grid {
    /// The half-width at 1.
    unit: f64,
    /// The half-width at 0.
    least: f64,
}

impl Grid {
    fn new(format: Format, ulps: f64) -> Grid {
        Grid { unit: ulps * format.ulp(1.0), least: ulps * format.ulp(0.0).max(f64::from_bits(1)) }
    }

    /// The half-width at a finite number, rounded up.
    #[inline(always)]
    fn at(self, x: f64) -> f64 {
        const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
        let power = f64::from_bits(x.to_bits() & EXPONENT);
        let width = power * self.unit;
        if width > self.least { width } else { self.least }
    }
}

/// The two grids of a row, and its temperatures.
#[derive(Clone, Copy)]
struct Boxes {
    a: Grid,
    b: Grid,
    temperatures: Temperatures,
}

/// The ends of the shifts that a row allows, each between two numbers: the largest x - R and the smallest x + R.
#[derive(Clone, Copy)]
struct Shifts {
    lower: [f64; 2],
    upper: [f64; 2],
}

impl Boxes {
    /// R and a bound on the error of x - R and x + R, for two logits that are both finite.
    #[inline(always)]
    fn radius(self, a: f64, b: f64, x: f64) -> [f64; 2] {
        let Temperatures { a: s, b: t } = self.temperatures;
        let radius = self.a.at(a) / s + self.b.at(b) / t;
        let parts = if s == t { 0.0 } else { a.abs() / s + b.abs() / t };
        [radius, 4.0 * f64::EPSILON * (x.abs() + radius + parts)]
    }

    #[inline(always)]
    fn between(self, a: f64, b: f64) -> f64 {
        let Temperatures { a: s, b: t } = self.temperatures;
        if s == t { (b - a) / s } else { b / t - a / s }
    }

    /// x - R and x + R exactly.
    fn exact(self, a: f64, b: f64) -> Option<[Rational; 2]> {
        let of = |x: f64| Rational::from_f64(x);
        let (s, t) = (of(self.temperatures.a)?, of(self.temperatures.b)?);
        let x = of(b)? / &t - of(a)? / &s;
        let radius = of(self.a.at(a))? / s + of(self.b.at(b))? / t;
        Some([x.clone() - &radius, x + radius])
    }
}

fn both_finite(a: f64, b: f64) -> bool {
    a > f64::NEG_INFINITY && b > f64::NEG_INFINITY
}

/// Tests the hypothesis on the row that `scratch` was last used for, and says what it would allow.
pub(super) fn explain(
    hypothesis: &Hypothesis,
    temperatures: Temperatures,
    scratch: &Scratch,
    prepared: Option<&Prepared>,
    chosen: &Chosen,
    (action, logits): (usize, [f64; 2]),
    masks_agree: bool,
) -> Explanation {
    let grid = |format| Grid::new(format, hypothesis.ulps);
    let boxes = Boxes { a: grid(hypothesis.a), b: grid(hypothesis.b), temperatures };
    let shifts = vectorized((boxes, scratch), shifts);
    let fits = || {
        if shifts.lower[1] <= shifts.upper[0] {
            true
        } else if shifts.lower[0] > shifts.upper[1] {
            false
        } else {
            exactly(boxes, scratch, shifts)
        }
    };
    let consistent = masks_agree && fits();
    let beyond = if consistent { 0 } else { beyond(boxes, scratch, prepared.map_or(0.0, |row| row.sigma)) };
    let bounds = prepared.and_then(|prepared| bounds(boxes, scratch, prepared, chosen, (action, logits)));
    Explanation { consistent, beyond, bounds }
}

#[inline(always)]
fn shifts((boxes, scratch): (Boxes, &Scratch)) -> Shifts {
    let (mut lower, mut upper) = ([[f64::NEG_INFINITY; 16]; 2], [[f64::INFINITY; 16]; 2]);
    for [a, b, ..] in scratch.chunks() {
        for (a, b) in a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0) {
            for lane in 0..16 {
                let (a, b) = (a[lane], b[lane]);
                let x = boxes.between(a, b);
                let [radius, off] = boxes.radius(a, b, x);
                let finite = both_finite(a, b);
                let (low, high) = (x - radius, x + radius);
                let raise = |end: &mut f64, to: f64| *end = if finite && to > *end { to } else { *end };
                raise(&mut lower[0][lane], low - off);
                raise(&mut lower[1][lane], low + off);
                let lower_to = |end: &mut f64, to: f64| *end = if finite && to < *end { to } else { *end };
                lower_to(&mut upper[0][lane], high - off);
                lower_to(&mut upper[1][lane], high + off);
            }
        }
    }
    Shifts {
        lower: lower.map(|lanes| lanes.into_iter().fold(f64::NEG_INFINITY, f64::max)),
        upper: upper.map(|lanes| lanes.into_iter().fold(f64::INFINITY, f64::min)),
    }
}

/// Whether a shift exists, in rational arithmetic, over the actions that may set one of the ends.
fn exactly(boxes: Boxes, scratch: &Scratch, shifts: Shifts) -> bool {
    let (mut lower, mut upper): (Option<Rational>, Option<Rational>) = (None, None);
    for [a, b, ..] in scratch.chunks() {
        for (&a, &b) in a.iter().zip(b).filter(|&(&a, &b)| both_finite(a, b)) {
            let x = boxes.between(a, b);
            let [radius, off] = boxes.radius(a, b, x);
            // Not the opposite comparisons: what is NaN matters.
            if x - radius + off < shifts.lower[0] && x + radius - off > shifts.upper[1] {
                continue;
            }
            let Some([low, high]) = boxes.exact(a, b) else { continue };
            lower = Some(lower.map_or(low.clone(), |end| end.max(low)));
            upper = Some(upper.map_or(high.clone(), |end| end.min(high)));
        }
    }
    lower <= upper
}

/// How many boxes to look at for a shift.
const SAMPLE: usize = 1024;

/// How many logits are certainly outside of their boxes at the best of two shifts: `sigma`, and the one that is in most
/// boxes of a sample.
fn beyond(boxes: Boxes, scratch: &Scratch, sigma: f64) -> u64 {
    let at = |shift: f64| {
        vectorized(
            (boxes, scratch, shift),
            #[inline(always)]
            |(boxes, scratch, shift): (Boxes, &Scratch, f64)| {
                let mut outside = [0u64; 16];
                for [a, b, ..] in scratch.chunks() {
                    for i in 0..CHUNK {
                        let x = boxes.between(a[i], b[i]);
                        let [radius, off] = boxes.radius(a[i], b[i], x);
                        let is_out = (x - shift).abs() - off - 4.0 * U * shift.abs() > radius;
                        outside[i % 16] += u64::from(is_out && both_finite(a[i], b[i]));
                    }
                }
                outside.into_iter().sum::<u64>()
            },
        )
    };
    at(sigma).min(at(busiest(boxes, scratch).unwrap_or(sigma)))
}

/// A shift that is in as many boxes of a sample as any.
fn busiest(boxes: Boxes, scratch: &Scratch) -> Option<f64> {
    let finite = || {
        let pairs = scratch.chunks().flat_map(|[a, b, ..]| a.iter().zip(b));
        pairs.filter(|&(&a, &b)| both_finite(a, b))
    };
    let step = (scratch.chunks().count() * CHUNK).div_ceil(SAMPLE);
    // Where a box begins, and where it ends; at the same place the beginning comes first.
    let mut ends: Vec<(f64, i32)> = finite()
        .step_by(step)
        .flat_map(|(&a, &b)| {
            let x = boxes.between(a, b);
            let [radius, _] = boxes.radius(a, b, x);
            [(x - radius, -1), (x + radius, 1)]
        })
        .collect();
    ends.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
    let (mut open, mut most, mut best) = (0, 0, None);
    for (i, (at, end)) in ends.iter().enumerate() {
        open -= end;
        if open > most {
            let next = ends.get(i + 1).map_or(*at, |next| next.0);
            (most, best) = (open, Some(0.5 * (at + next)));
        }
    }
    best.filter(|shift| shift.is_finite())
}

/// Sums over actions of p R and p f(R), for P and for Q.
#[derive(Clone, Copy, Default)]
struct Moments {
    first: [Sum; 2],
    second: [Sum; 2],
    /// What actions with R > 1/2 add to each of these sums at most.
    wide: [f64; 2],
}

fn bounds(
    boxes: Boxes,
    scratch: &Scratch,
    prepared: &Prepared,
    chosen: &Chosen,
    (action, [a, b]): (usize, [f64; 2]),
) -> Option<Bounds> {
    let mut moments = Moments::default();
    vectorized(
        (&mut moments, scratch),
        #[inline(always)]
        |(moments, scratch)| {
            for chunks in scratch.chunks() {
                moments.add(boxes, prepared, chunks);
            }
        },
    );
    let sides = [(&prepared.a, chosen.p), (&prepared.b, chosen.q)];
    // Upper bounds of sums; actions with exponentials of no accuracy add less than 1e-250.
    let up = |x: f64, side: usize| x * (1.0 + 1.01 * sides[side].0.error + 64.0 * U) + 1e-250;
    let all = [0, 1].map(|side| up(moments.second[side].value(), side) + moments.wide[side]);
    let by_pinsker = |kl: f64| (0.5 * kl).sqrt().next_up().min(1.0);
    if !both_finite(a, b) {
        let [kl_ab, kl_ba] = all;
        return Some(Bounds { delta: f64::INFINITY, kl_ab, kl_ba, tv: by_pinsker(kl_ab.min(kl_ba)) });
    }
    let [radius, _] = boxes.radius(a, b, 0.0);
    let grown = exp_of(Interval64::point(radius)).hi();
    let is_narrow = radius <= 0.5;
    let f_own = if is_narrow { radius * radius * (0.5 + 0.2 * radius) } else { grown };
    // The sums without the action: its term is taken out as it was put in, or not at all where it was put in apart.
    let [_, _, ea, eb] = scratch.chunks().nth(action / CHUNK)?;
    let exponentials = [ea[action % CHUNK], eb[action % CHUNK]];
    let others = [0, 1].map(|side| {
        let own = if is_narrow { exponentials[side] * sides[side].0.inverse * radius } else { 0.0 };
        let rest = |sum: f64, own: f64| up(((sum - own) + 64.0 * U * sum).max(0.0), side) + moments.wide[side];
        let second = rest(moments.second[side].value(), own * (radius * (0.5 + 0.2 * radius)));
        (rest(moments.first[side].value(), own) + second, second)
    });
    let [kl_ab, kl_ba] = [0, 1].map(|side| {
        let ((w, f), rest) = (others[side], (1.0 - sides[side].1.lo()).next_up());
        all[side].min((f + rest * f_own + w * (grown - 1.0)) * (1.0 + 8.0 * U))
    });
    let tv = by_pinsker(kl_ab.min(kl_ba));
    let others = others[0].0;
    let rest = (1.0 - chosen.p.lo()).next_up();
    let v = (rest * radius + others.min(rest)) * (1.0 + 8.0 * U);
    let down = 1.0 + (rest * (grown - 1.0) + grown * others) * (1.0 + 8.0 * U);
    // log is off by LOG_ERROR, and 1 + and 1 - by u of their value, which is 2 u more where that is at least 1/2.
    let outward = |x: f64| x.abs() * (1.0 + 2.0 * LOG_ERROR) + 4.0 * U;
    let rise = if v < 0.5 { outward(log(1.0 - v)) } else { f64::INFINITY };
    // No probability exceeds 1.
    let rise = rise.min(outward(log(chosen.p.lo().max(f64::MIN_POSITIVE))));
    Some(Bounds { delta: rise.max(outward(log(down))), kl_ab, kl_ba, tv })
}

impl Moments {
    #[inline(always)]
    fn add(&mut self, boxes: Boxes, prepared: &Prepared, [a, b, ea, eb]: [&Chunk; 4]) {
        let mut radii = [0.0; CHUNK];
        let mut widest = [0.0_f64; 16];
        for i in 0..CHUNK {
            let [radius, _] = boxes.radius(a[i], b[i], 0.0);
            radii[i] = if both_finite(a[i], b[i]) { radius } else { 0.0 };
            widest[i % 16] = if radii[i] > widest[i % 16] { radii[i] } else { widest[i % 16] };
        }
        if widest.into_iter().fold(0.0, f64::max) > 0.5 {
            self.wide(prepared, [a, b], &mut radii);
        }
        for (side, (e, inverse)) in [(ea, prepared.a.inverse), (eb, prepared.b.inverse)].into_iter().enumerate() {
            let [mut first, mut second] = [[0.0; CHUNK]; 2];
            for i in 0..CHUNK {
                let part = e[i] * inverse * radii[i];
                first[i] = part;
                second[i] = part * (radii[i] * (0.5 + 0.2 * radii[i]));
            }
            self.first[side].add(chunk_sum(&first));
            self.second[side].add(chunk_sum(&second));
        }
    }

    /// Takes the actions with R > 1/2 out: e^(log p + R) bounds both p f(R) and p R.
    #[cold]
    #[inline(never)]
    fn wide(&mut self, prepared: &Prepared, [a, b]: [&Chunk; 2], radii: &mut Chunk) {
        for i in 0..CHUNK {
            if radii[i] > 0.5 {
                for (wide, log_p) in self.wide.iter_mut().zip([prepared.a.log_share(a[i]), prepared.b.log_share(b[i])])
                {
                    *wide += exp(log_p.hi() + radii[i]) * (1.0 + 1e-12) + 1e-300;
                }
                radii[i] = 0.0;
            }
        }
    }
}
