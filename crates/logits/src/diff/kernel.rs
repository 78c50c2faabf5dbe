//! Distances between two rows in hardware f64, with a proved bound on every error.
//!
//! Write u = 2^-53, P = softmax(a / s), Q = softmax(b / t), d_i = log q_i - log p_i, K the number of columns.
//!
//! 1. *Exponentials.* The argument (a_i - max a) / s is rounded twice, so e^argument is off by 2 u |argument| + 2 u
//!    (`EXP_ERROR`) relative, where it is at least `TINY` = 3e-300; smaller ones are off by less than that, which
//!    `SLACK` covers in all sums.
//! 2. *Their sum S* adds 12 roundings in a chunk and 3 for the compensated sum of chunks. As sum p |argument| = H - log
//!    S <= log K, the errors of step 1 are 2 u log K + 2 u of S together: rho = u (2 log K + 18).
//! 3. *p* = e S^-1: eta = rho + u (2 D + 5) relative, D the largest |argument| not below that of `TINY`.
//! 4. *d_i* = x_i - sigma, x_i = b_i / t - a_i / s, sigma one number for the row. Its error is one common to all
//!    actions, |error of sigma| = `common`, and one of its own: `own` = u (2 X + |d|) where both temperatures are the
//!    same, X the largest |x_i|, else u (|a_i / s| + |b_i / t| + X + |d|).
//! 5. *Terms* are those of `series.rs`, with relative errors stated there.
//!
//! All terms are at least 0, so relative errors of factors and sums pass through: the factor 1 + eta + 15 u + the
//! term's. What remains is the error e_i of d_i, |e_i| <= own + common = z:
//!
//! - KL: sum p g(d + e) - sum p g(d) = sum p (e^d - 1) e_i + sum q g(e_i), so at most 2 TV own + g(z): the common error
//!   is multiplied by sum p (e^d - 1) = 0. Where some actions are enclosed apart that sum is not 0: 2 TV z + g(z).
//! - Total variation: half of sum q |e^(e_i) - 1|, at most (e^z - 1) / 2.
//! - Chi-squared: w -> w + (1 + w) k, |k| <= e^z - 1, with sum p w^2 = X2: 2 k (2 TV + X2) + k^2 (1 + X2).
//! - Jensen-Shannon: its derivative in d is at most |p - q| / 4 per action: TV z / 2, and z^2 for the second order.
//!
//! z < 1e-6 is checked, so that e^z - 1 <= 1.01 z and g(z) <= z^2. Actions with |d| > `LARGE` = 32, and those that one
//! side masks, are enclosed one by one (`far.rs`). Everything of second order is below 1 % of the first, and
//! covered by that factor.

use crate::arith::elementary64::{EXP_ERROR, LOG_ERROR, exp, log};
use crate::arith::interval64::Interval64;
use crate::arith::simd::vectorized;

use super::distances::{BANDS, Chosen, Distances, PROBABILITIES};
use super::far::{self, Far, Side};
use super::series::{self, LARGE, LARGE_ERROR, SMALL, SMALL_ERROR, Term};
use super::sums::{CHUNK, Chunk, Sum, chunk_sum};

/// Half of the distance from 1 to the next f64.
const U: f64 = f64::EPSILON / 2.0;

/// At least |log| of `TINY`.
const TINY_LOG: f64 = 690.0;

/// More than all actions with exponentials below `TINY` can add to any sum over terms with |d| <= `LARGE`: 2^40 e^64
/// `TINY`.
const SLACK: f64 = 1e-250;

/// The temperatures that logits are divided by: positive, finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Temperatures {
    /// Of A.
    pub a: f64,
    /// Of B.
    pub b: f64,
}

/// Memory that one row after the other uses.
#[derive(Debug, Default)]
pub struct Scratch {
    a: Vec<Chunk>,
    b: Vec<Chunk>,
    /// The exponentials of both.
    ea: Vec<Chunk>,
    eb: Vec<Chunk>,
}

impl Scratch {
    /// Exponentials of the chunks of the last row, and 1 / their sums.
    pub(super) fn chunks(&self) -> impl Iterator<Item = [&Chunk; 4]> {
        let both = self.a.iter().zip(&self.b).zip(self.ea.iter().zip(&self.eb));
        both.map(|((a, b), (ea, eb))| [a, b, ea, eb])
    }
}

/// What is known of a row after its exponentials are summed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prepared {
    pub a: Side,
    pub b: Side,
    /// The number that x_i exceeds d_i by, and how far off it is.
    pub sigma: f64,
    pub common: f64,
    pub temperatures: Temperatures,
}

/// The largest, and the least that is not masked.
#[derive(Clone, Copy)]
struct Range {
    max: f64,
    min: f64,
}

/// Encloses all distances of two rows of the same length, `action` being the chosen one; `None` where f64 is not
/// enough: logits beyond 2^40 at different temperatures, or a bound that came out too wide.
pub(super) fn enclose(
    a: &[f64],
    b: &[f64],
    action: usize,
    temperatures: Temperatures,
    scratch: &mut Scratch,
) -> Option<(Distances, Prepared)> {
    fill(a, &mut scratch.a);
    fill(b, &mut scratch.b);
    let ranges = [range(&scratch.a), range(&scratch.b)];
    let scale = |range: Range, tau: f64| (range.max.abs() / tau).max(range.min.abs() / tau);
    let same = temperatures.a == temperatures.b;
    let scales = scale(ranges[0], temperatures.a) + scale(ranges[1], temperatures.b);
    if !(same || scales < 1.1e12) || !scales.is_finite() {
        return None;
    }
    let columns = a.len();
    let side_a = side(&scratch.a, &mut scratch.ea, ranges[0], temperatures.a, columns);
    let side_b = side(&scratch.b, &mut scratch.eb, ranges[1], temperatures.b, columns);
    let prepared = Prepared::new(side_a, side_b, ranges, temperatures);
    let mut walk = Walk::new(&prepared);
    vectorized(
        (&mut walk, &*scratch),
        #[inline(always)]
        |(walk, scratch)| {
            for chunks in scratch.chunks() {
                walk.chunk(chunks);
            }
        },
    );
    let own = walk.own(if same { 0.0 } else { scales });
    let distances = walk.distances(own, prepared.chosen(a, b, action, [&scratch.ea, &scratch.eb]))?;
    Some((distances, prepared))
}

/// The row in chunks, padded with masked actions.
fn fill(row: &[f64], chunks: &mut Vec<Chunk>) {
    chunks.clear();
    chunks.extend(row.chunks(CHUNK).map(|part| {
        let mut chunk = [f64::NEG_INFINITY; CHUNK];
        chunk[..part.len()].copy_from_slice(part);
        chunk
    }));
}

fn range(chunks: &[Chunk]) -> Range {
    vectorized(
        chunks,
        #[inline(always)]
        |chunks: &[Chunk]| {
            let (mut max, mut min) = ([f64::NEG_INFINITY; 16], [f64::INFINITY; 16]);
            for part in chunks.iter().flat_map(|chunk| chunk.as_chunks::<16>().0) {
                for ((max, min), &z) in max.iter_mut().zip(&mut min).zip(part) {
                    *max = if z > *max { z } else { *max };
                    *min = if z < *min && z > f64::NEG_INFINITY { z } else { *min };
                }
            }
            let max = max.into_iter().fold(f64::NEG_INFINITY, f64::max);
            Range { max, min: min.into_iter().fold(f64::INFINITY, f64::min) }
        },
    )
}

/// Steps 1 to 3.
fn side(chunks: &[Chunk], exponentials: &mut Vec<Chunk>, range: Range, tau: f64, columns: usize) -> Side {
    exponentials.resize(chunks.len(), [0.0; CHUNK]);
    let sum = vectorized(
        (chunks, &mut exponentials[..]),
        #[inline(always)]
        |(chunks, exponentials): (&[Chunk], &mut [Chunk])| {
            let mut sum = Sum::default();
            for (chunk, out) in chunks.iter().zip(exponentials) {
                for (e, &z) in out.iter_mut().zip(chunk) {
                    *e = exp((z - range.max) / tau);
                }
                sum.add(chunk_sum(out));
            }
            sum.value()
        },
    );
    // log K <= 0.7 log2 K
    let log_columns = 0.7 * f64::from(usize::BITS - columns.leading_zeros());
    let rho = U * (2.0 * log_columns + 18.0) * 1.01;
    let depth = ((range.max - range.min) / tau).min(TINY_LOG) + 1.0;
    let computed = log(sum);
    let off = LOG_ERROR * computed + 1.01 * rho;
    let log_sum = Interval64::ends((computed - off).next_down().max(0.0), (computed + off).next_up());
    Side { max: range.max, tau, inverse: 1.0 / sum, error: (rho + U * (2.0 * depth + 5.0)) * 1.01 + EXP_ERROR, log_sum }
}

impl Prepared {
    /// Step 4: sigma = max b / t - max a / s + log S_b - log S_a.
    fn new(a: Side, b: Side, ranges: [Range; 2], temperatures: Temperatures) -> Prepared {
        let [max_a, max_b] = ranges.map(|range| range.max);
        let (between, off) = if temperatures.a == temperatures.b {
            let between = (max_b - max_a) / temperatures.a;
            (between, 2.0 * U * between.abs())
        } else {
            let (a, b) = (max_a / temperatures.a, max_b / temperatures.b);
            (b - a, U * (a.abs() + b.abs() + (b - a).abs()))
        };
        let middle = |x: Interval64| 0.5 * (x.lo() + x.hi());
        let radius = |x: Interval64| (0.5 * (x.hi() - x.lo())).next_up() + U * x.hi();
        let logs = middle(b.log_sum) - middle(a.log_sum);
        let sigma = between + logs;
        let rounded = U * (logs.abs() + sigma.abs());
        let common = (off + radius(a.log_sum) + radius(b.log_sum) + rounded) * 1.01;
        Prepared { a, b, sigma, common, temperatures }
    }

    /// x_i, of two logits that are not both masked.
    #[inline(always)]
    pub fn between(&self, a: f64, b: f64) -> f64 {
        let Temperatures { a: s, b: t } = self.temperatures;
        if s == t { (b - a) / s } else { b / t - a / s }
    }

    /// A bound on the error of x_i.
    pub fn between_error(&self, a: f64, b: f64, x: f64) -> f64 {
        let Temperatures { a: s, b: t } = self.temperatures;
        if s == t { 2.01 * U * x.abs() } else { 1.01 * U * (a.abs() / s + b.abs() / t + x.abs()) }
    }

    /// d of two logits that are both finite, enclosed.
    pub fn delta(&self, a: f64, b: f64) -> Interval64 {
        let x = self.between(a, b);
        let d = x - self.sigma;
        let off = (self.between_error(a, b, x) + self.common + U * d.abs()) * 1.01;
        Interval64::ends((d - off).next_down(), (d + off).next_up())
    }

    fn chosen(&self, a: &[f64], b: &[f64], action: usize, exponentials: [&[Chunk]; 2]) -> Chosen {
        let of = |side: &Side, exponentials: &[Chunk]| side.share(exponentials[action / CHUNK][action % CHUNK]);
        let (mut p, mut q) = (of(&self.a, exponentials[0]), of(&self.b, exponentials[1]));
        let masked = f64::NEG_INFINITY;
        let (delta, ratio) = match (a[action] == masked, b[action] == masked) {
            (true, true) => (None, None),
            (true, false) => (Some(f64::INFINITY), Some(f64::INFINITY)),
            (false, true) => (Some(masked), Some(0.0)),
            (false, false) => {
                let delta = self.delta(a[action], b[action]);
                return Chosen { p, q, delta: Some(delta), ratio: Some(far::exp_of(delta)) };
            }
        };
        let point = |x: f64| Interval64::point(x);
        if a[action] == masked {
            p = point(0.0);
        }
        if b[action] == masked {
            q = point(0.0);
        }
        Chosen { p, q, delta: delta.map(point), ratio: ratio.map(point) }
    }
}

/// Sums over the chunks of a row.
struct Walk<'a> {
    prepared: &'a Prepared,
    sums: [Sum; 6],
    far: Far,
    /// The largest |x| and |d| of the actions in `sums`.
    x: f64,
    d: f64,
    term_error: f64,
    /// For each band the largest |d| of the actions that are certainly in it, and of those that may be.
    bands: [[f64; 2]; BANDS],
    far_bands: [[f64; 2]; BANDS],
}

impl<'a> Walk<'a> {
    fn new(prepared: &'a Prepared) -> Walk<'a> {
        let empty = [[f64::NEG_INFINITY; 2]; BANDS];
        Walk {
            prepared,
            sums: Default::default(),
            far: Far::default(),
            x: 0.0,
            d: 0.0,
            term_error: SMALL_ERROR,
            bands: empty,
            far_bands: empty,
        }
    }

    #[inline(always)]
    fn chunk(&mut self, [a, b, ea, eb]: [&Chunk; 4]) {
        let prepared = self.prepared;
        let mut d = [0.0; CHUNK];
        let [mut p, mut q] = [[0.0; CHUNK]; 2];
        let [mut widest, mut farthest, mut likeliest] = [[0.0_f64; 16]; 3];
        let sigma = prepared.sigma;
        for i in 0..CHUNK {
            let both = a[i] == f64::NEG_INFINITY && b[i] == f64::NEG_INFINITY;
            let x = if both { sigma } else { prepared.between(a[i], b[i]) };
            d[i] = x - sigma;
            p[i] = ea[i] * prepared.a.inverse;
            q[i] = eb[i] * prepared.b.inverse;
            let lane = i % 16;
            widest[lane] = if x.abs() > widest[lane] { x.abs() } else { widest[lane] };
            farthest[lane] = if d[i].abs() > farthest[lane] { d[i].abs() } else { farthest[lane] };
            likeliest[lane] = if p[i] > likeliest[lane] { p[i] } else { likeliest[lane] };
        }
        let most = |lanes: [f64; 16]| lanes.into_iter().fold(0.0, f64::max);
        let (widest, farthest, likeliest) = (most(widest), most(farthest), most(likeliest));
        if farthest <= SMALL {
            self.add(&p, &q, &d, series::small);
        } else if farthest <= LARGE {
            self.term_error = LARGE_ERROR;
            self.add(&p, &q, &d, series::large);
        } else {
            return self.one_by_one([a, b], [ea, eb], [&p, &q, &d]);
        }
        self.x = self.x.max(widest);
        self.d = self.d.max(farthest);
        if likeliest * (1.0 + prepared.a.error) < PROBABILITIES[BANDS - 2].1 && likeliest > 0.0 {
            let [certain, possible] = &mut self.bands[BANDS - 1];
            (*certain, *possible) = (certain.max(farthest), possible.max(farthest));
        } else {
            for i in (0..CHUNK).filter(|&i| a[i] > f64::NEG_INFINITY && b[i] > f64::NEG_INFINITY) {
                into_bands(&mut self.bands, prepared.a.share(ea[i]), [d[i].abs(); 2]);
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, p: &Chunk, q: &Chunk, d: &Chunk, term: impl Fn(f64, f64, f64) -> Term) {
        let mut terms = [[0.0; CHUNK]; 6];
        let [kl_ab, kl_ba, tv2, chi2_ba, chi2_ab, js4] = &mut terms;
        for i in 0..CHUNK {
            let term = term(p[i], q[i], d[i]);
            kl_ab[i] = term.kl_ab;
            kl_ba[i] = term.kl_ba;
            tv2[i] = term.tv2;
            chi2_ba[i] = term.chi2_ba;
            chi2_ab[i] = term.chi2_ab;
            js4[i] = term.js4;
        }
        for (sum, terms) in self.sums.iter_mut().zip(&terms) {
            sum.add(chunk_sum(terms));
        }
    }

    /// A chunk in which some action is masked on one side, or far more likely on one than on the other.
    #[cold]
    #[inline(never)]
    fn one_by_one(&mut self, [a, b]: [&Chunk; 2], [ea, eb]: [&Chunk; 2], [p, q, d]: [&Chunk; 3]) {
        let prepared = self.prepared;
        let masked = f64::NEG_INFINITY;
        let (mut near_p, mut near_q, mut near_d) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
        for i in 0..CHUNK {
            let shares = [prepared.a.share(ea[i]), prepared.b.share(eb[i])];
            match (a[i] == masked, b[i] == masked) {
                (true, true) => {}
                (true, false) => self.far.only_b(shares[1]),
                (false, true) => self.far.only_a(shares[0]),
                _ if d[i].abs() <= LARGE => {
                    (near_p[i], near_q[i], near_d[i]) = (p[i], q[i], d[i]);
                    self.x = self.x.max(prepared.between(a[i], b[i]).abs());
                    self.d = self.d.max(d[i].abs());
                    into_bands(&mut self.bands, shares[0], [d[i].abs(); 2]);
                }
                _ => {
                    let delta = prepared.delta(a[i], b[i]);
                    let logs = [prepared.a.log_share(a[i]), prepared.b.log_share(b[i])];
                    self.far.add(shares, logs, delta);
                    let (near, far) = (delta.lo().abs().min(delta.hi().abs()), delta.lo().abs().max(delta.hi().abs()));
                    into_bands(&mut self.far_bands, shares[0], [near, far]);
                }
            }
        }
        self.term_error = LARGE_ERROR;
        self.add(&near_p, &near_q, &near_d, series::large);
    }

    /// The bound `own` of step 4; `scales` is that on |a / s| + |b / t|, or 0 where it is not needed.
    fn own(&self, scales: f64) -> f64 {
        U * (2.0 * self.x + self.d + scales) * 1.01
    }

    fn distances(&self, own: f64, chosen: Chosen) -> Option<Distances> {
        let Prepared { a, b, common, .. } = *self.prepared;
        let both = own + common;
        // NaN is no bound.
        if both >= 1e-6 || both.is_nan() {
            return None;
        }
        let k = 1.01 * both;
        let far = &self.far;
        let [kl_ab, kl_ba, tv2, chi2_ba, chi2_ab, js4] = self.sums.map(|sum| sum.value());
        let (p_error, q_error) = (a.error, b.error);
        let enclosed = |sum: f64, factor: f64, off: f64, far: [f64; 2], most: f64| {
            let relative = (factor + self.term_error + 16.0 * U) * 1.01;
            let slack = off * 1.01 + SLACK;
            let lo = (sum * (1.0 - relative) - slack).max(0.0) * (1.0 - 4.0 * U) + far[0];
            let hi = (sum * (1.0 + relative) + slack) * (1.0 + 4.0 * U) + far[1];
            Interval64::ends(lo.next_down().max(0.0).min(most), hi.next_up().min(most))
        };
        let tv2 = enclosed(tv2, p_error, k, far.lo_hi(|term| term.tv2), 2.0);
        // sum |p - q| times what the error of d multiplies.
        let first = if far.is_empty { own } else { both };
        let kl_off = tv2.hi() * first + k * k;
        let chi_off = |x: f64| 2.0 * k * (tv2.hi() + 1.01 * x) + k * k * (1.0 + 1.01 * x);
        let all = f64::INFINITY;
        let infinite = |condition: bool, x: Interval64| if condition { Interval64::point(all) } else { x };
        let js4 = enclosed(js4, p_error.max(q_error), tv2.hi() * both + 4.0 * k * k, far.lo_hi(|term| term.js4), 3.0);
        let half = |x: Interval64, by: f64| Interval64::ends(x.lo() * by, x.hi() * by);
        let ended = |[certain, possible]: [f64; 2], [far_certain, far_possible]: [f64; 2]| {
            let most = possible.max(far_possible);
            let hi = (possible + k).next_up().max(far_possible);
            let lo = (certain - k).next_down().max(far_certain).max(0.0);
            (most > f64::NEG_INFINITY).then(|| Interval64::ends(lo, hi.max(lo)))
        };
        let mut bands = [None; BANDS];
        for (band, (near, far)) in bands.iter_mut().zip(self.bands.iter().zip(&self.far_bands)) {
            *band = ended(*near, *far);
        }
        Some(Distances {
            kl_ab: infinite(far.only_in_a, enclosed(kl_ab, p_error, kl_off, far.lo_hi(|term| term.kl_ab), all)),
            kl_ba: infinite(far.only_in_b, enclosed(kl_ba, q_error, kl_off, far.lo_hi(|term| term.kl_ba), all)),
            tv: half(tv2, 0.5),
            chi2_ba: infinite(
                far.only_in_b,
                enclosed(chi2_ba, p_error, chi_off(chi2_ba), far.lo_hi(|term| term.chi2_ba), all),
            ),
            chi2_ab: infinite(
                far.only_in_a,
                enclosed(chi2_ab, q_error, chi_off(chi2_ab), far.lo_hi(|term| term.chi2_ab), all),
            ),
            js: half(js4, 0.25),
            bands,
            chosen,
        })
    }
}

/// Counts an action with |d| between two bounds into every band that its probability may be in.
fn into_bands(bands: &mut [[f64; 2]; BANDS], p: Interval64, [least, most]: [f64; 2]) {
    let mut upper = f64::INFINITY;
    for (band, (_, lower)) in bands.iter_mut().zip(PROBABILITIES) {
        if p.lo() >= lower && p.hi() < upper {
            band[0] = band[0].max(least);
        }
        if p.hi() >= lower && p.lo() < upper {
            band[1] = band[1].max(most);
        }
        upper = lower;
    }
}
