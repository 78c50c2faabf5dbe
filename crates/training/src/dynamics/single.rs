//! Runs in hardware f32, whose vectors go over the actions: the same bits as the mode has them, and several times as
//! fast.
//!
//! f32 addition, subtraction, multiplication and division of f32 numbers are the mode's operations. Its exponential is
//! the correctly rounded one: e^x is computed in f64 within 2^-51 (`certified::fast`), and where both ends of that
//! round to one f32, so does e^x (Ziv's test); elsewhere it is computed anew, exactly.

use crate::arith::simd::vectorized;
use crate::certified::fast::{EXP_ERROR, LEAST, exps};
use crate::formats::{Format, Narrow, Operation};
use crate::study::summation::{Adder, sum};
use crate::study::{Mode, Order, Place, matrix_unit};

use super::draws::choose;
use super::experiment::Algorithm;
use super::told::Told;

/// Actions that are computed together.
const LANES: usize = 16;

/// How logits are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stored {
    Single,
    Bfloat,
}

/// Runs of one experiment; the logits of a run follow each other.
#[derive(Debug)]
pub(super) struct Single {
    actions: usize,
    stored: Stored,
    order: Order,
    /// What decides exponentials that are too close to call.
    exact: Narrow,
    z: Vec<f32>,
    p: Vec<f32>,
    /// The largest logit of each run.
    largest: Vec<f32>,
}

/// What a step did to the logits of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    /// Whether one changed.
    pub any: bool,
    /// Whether one left the numbers of the format.
    pub lost: bool,
}

impl Single {
    /// Runs that start from these logits, where everything is f32 and logits are f32 or bf16, all of it rounded to
    /// nearest; `None` of any other mode.
    pub fn new(mode: &Mode, start: &[f64], lanes: usize) -> Option<Single> {
        let single = Format::ieee(24, 8);
        let mut plain = Mode::uniform(single);
        (plain.order, plain.exact_products) = (mode.order, mode.exact_products);
        let stored = match () {
            () if *mode == plain => Stored::Single,
            () if *mode == plain.with(Place::Logits, Format::ieee(8, 8)) => Stored::Bfloat,
            () => return None,
        };
        let exact = Narrow::new(single.into())?;
        let one = |&z: &f64| match stored {
            // Two roundings would not do for bf16.
            Stored::Bfloat => Narrow::new(Format::ieee(8, 8).into()).map_or(0.0, |bf16| bf16.round(z, 0)) as f32,
            Stored::Single => z as f32,
        };
        let row: Vec<f32> = start.iter().map(one).collect();
        let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let (z, largest) = (row.repeat(lanes), vec![top; lanes]);
        Some(Single { actions: row.len(), stored, order: mode.order, exact, p: vec![0.0; z.len()], z, largest })
    }

    /// The logits of a run.
    pub fn stored(&self, lane: usize) -> &[f32] {
        &self.z[lane * self.actions..][..self.actions]
    }

    /// The policy of a run.
    pub fn policy(&self, lane: usize) -> &[f32] {
        &self.p[lane * self.actions..][..self.actions]
    }

    /// Puts the logits of a run to numbers of the format that they are stored in.
    pub fn restore(&mut self, lane: usize, stored: impl Iterator<Item = f64>) {
        let row = &mut self.z[lane * self.actions..][..self.actions];
        row.iter_mut().zip(stored).for_each(|(own, z)| *own = z as f32);
        self.largest[lane] = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    }

    /// The action of a run that a uniform number chooses.
    pub fn choose(&self, lane: usize, choice: f64) -> usize {
        choose(self.policy(lane), choice)
    }

    /// Computes the policies of all runs.
    pub fn policies(&mut self) {
        let Single { actions, order, exact, z, p, largest, .. } = self;
        for ((z, p), &top) in z.chunks_exact(*actions).zip(p.chunks_exact_mut(*actions)).zip(&*largest) {
            let (settled, in_order) = weigh(z, top, p);
            if !settled {
                settle(z, top, p, exact);
            }
            let total = if settled && *order == Order::Recursive { in_order } else { sum(*order, Hardware(exact), p) };
            divide(p, total);
        }
    }

    /// Moves the logits of all runs; see [`super::float::FloatRuns::step`].
    pub fn step(&mut self, algorithm: Algorithm, told: &[Told], moved: &mut [Moved]) {
        let Single { actions, stored, z, p, largest, .. } = self;
        let rows = z.chunks_exact_mut(*actions).zip(p.chunks_exact_mut(*actions));
        for ((((z, p), order), moved), top) in rows.zip(told).zip(moved).zip(largest) {
            let gain = order.gain as f32;
            match algorithm {
                Algorithm::Alternate => {
                    let before = z[order.action];
                    z[order.action] = store(*stored, before, gain);
                    let after = z[order.action];
                    *moved = Moved { any: after != before, lost: !after.is_finite() };
                    *top = z.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                }
                _ => {
                    // 0 - x is 1 - P_c for this x, so that all actions are moved alike.
                    let own = p[order.action];
                    p[order.action] = -(1.0 - own);
                    (*top, *moved) = match stored {
                        Stored::Single => shift(z, p, gain, |z, d| z + d),
                        Stored::Bfloat => shift(z, p, gain, bfloat_sum),
                    };
                    p[order.action] = own;
                }
            }
        }
    }

    /// The move of an action at a step that was told so, before it was added.
    pub fn moved(&self, algorithm: Algorithm, order: &Told, lane: usize, action: usize) -> f64 {
        let unit = if order.action == action { 1.0 } else { 0.0 };
        let gain = order.gain as f32;
        f64::from(match algorithm {
            Algorithm::Alternate => gain * unit,
            _ => gain * (unit - self.policy(lane)[action]),
        })
    }
}

fn store(stored: Stored, z: f32, d: f32) -> f32 {
    match stored {
        Stored::Single => z + d,
        Stored::Bfloat => bfloat_sum(z, d),
    }
}

/// z + d rounded to bf16: the f32 sum, rounded to odd, keeps what a second rounding needs (see `formats::odd`).
#[inline(always)]
fn bfloat_sum(z: f32, d: f32) -> f32 {
    let total = z + d;
    let part = total - z;
    let rest = (z - (total - part)) + (d - part);
    let bits = total.to_bits();
    let moves = u32::from((rest > 0.0) | (rest < 0.0)) & !bits & 1;
    let outward = u32::from((rest > 0.0) == (total > 0.0));
    let odd = bits.wrapping_add(moves * outward).wrapping_sub(moves * (1 - outward));
    // To nearest, ties to even; beyond the largest number the carry makes infinity.
    let rounded = odd.wrapping_add(0x7fff + (odd >> 16 & 1)) & 0xffff_0000;
    f32::from_bits(if total.is_finite() { rounded } else { bits })
}

/// Goes over two rows, chunk by chunk. The last chunk repeats the last action, so that it is as long as the others.
#[inline(always)]
fn chunks(z: &mut [f32], p: &[f32], mut each: impl FnMut(&mut [f32; LANES], &[f32; LANES])) {
    let (whole, rest) = z.as_chunks_mut::<LANES>();
    let (whole_p, rest_p) = p.as_chunks::<LANES>();
    for (z, p) in whole.iter_mut().zip(whole_p) {
        each(z, p);
    }
    if let (Some(&last), Some(&last_p)) = (rest.last(), rest_p.last()) {
        let (mut own, mut own_p) = ([last; LANES], [last_p; LANES]);
        own[..rest.len()].copy_from_slice(rest);
        own_p[..rest.len()].copy_from_slice(rest_p);
        each(&mut own, &own_p);
        rest.copy_from_slice(&own[..rest.len()]);
    }
}

/// What a step came to, in each place of a chunk: the largest logit, whether one changed, and whether one is not
/// finite.
#[derive(Clone, Copy)]
struct Fold {
    top: [f32; LANES],
    changed: [u32; LANES],
    lost: [u32; LANES],
}

/// z_i becomes `sum` of z_i and g (0 - P_i). The largest of them, and what happened.
#[inline(always)]
fn shift(z: &mut [f32], p: &[f32], gain: f32, sum: impl Fn(f32, f32) -> f32 + Copy) -> (f32, Moved) {
    let mut fold = Fold { top: [f32::NEG_INFINITY; LANES], changed: [0; LANES], lost: [0; LANES] };
    vectorized(
        (z, p, &mut fold),
        #[inline(always)]
        |(z, p, fold): (&mut [f32], &[f32], &mut Fold)| {
            let mut own = *fold;
            chunks(
                z,
                p,
                #[inline(always)]
                |z, p| {
                    for i in 0..LANES {
                        let after = sum(z[i], gain * (0.0 - p[i]));
                        own.changed[i] |= u32::from(after != z[i]);
                        own.lost[i] |= u32::from(!after.is_finite());
                        own.top[i] = if after > own.top[i] { after } else { own.top[i] };
                        z[i] = after;
                    }
                },
            );
            *fold = own;
        },
    );
    let any = |flags: [u32; LANES]| flags.iter().any(|&flag| flag != 0);
    let moved = Moved { any: any(fold.changed), lost: any(fold.lost) };
    (fold.top.into_iter().fold(f32::NEG_INFINITY, f32::max), moved)
}

/// exp(z_i - top) into `out`: whether Ziv's test settles all of them, and their sum one after the other.
fn weigh(z: &[f32], top: f32, out: &mut [f32]) -> (bool, f32) {
    vectorized(
        (z, out),
        #[inline(always)]
        |(z, out): (&[f32], &mut [f32])| {
            let (whole, rest) = z.as_chunks::<LANES>();
            let (whole_out, rest_out) = out.as_chunks_mut::<LANES>();
            let mut unsettled = [0u32; LANES];
            let mut total = 0.0;
            // One behind, so that the sum, each addition of which waits for the one before, goes beside the
            // exponentials.
            let mut before: &[f32; LANES] = &[0.0; LANES];
            for (z, out) in whole.iter().zip(whole_out) {
                weights(z, top, out, &mut unsettled);
                for &weight in before {
                    total += weight;
                }
                before = out;
            }
            for &weight in before {
                total += weight;
            }
            if let Some(&last) = rest.last() {
                let (mut own, mut weighed) = ([last; LANES], [0.0; LANES]);
                own[..rest.len()].copy_from_slice(rest);
                weights(&own, top, &mut weighed, &mut unsettled);
                rest_out.copy_from_slice(&weighed[..rest.len()]);
                for &weight in &*rest_out {
                    total += weight;
                }
            }
            (unsettled.iter().all(|&flag| flag == 0), total)
        },
    )
}

#[inline(always)]
fn weights(z: &[f32; LANES], top: f32, out: &mut [f32; LANES], unsettled: &mut [u32; LANES]) {
    // Twice the error that is proved, for the rounding of the ends.
    const LOW: f64 = 1.0 - 2.0 * EXP_ERROR;
    const HIGH: f64 = 1.0 + 2.0 * EXP_ERROR;
    let (mut d, mut near) = ([0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        let shifted = f64::from(z[i] - top);
        // Far below what f32 can tell from 0; in this form, NaN is taken for it and `unsettled`.
        d[i] = if shifted > LEAST { shifted } else { LEAST };
    }
    exps(&d, &mut near);
    for i in 0..LANES {
        let (low, high) = ((near[i] * LOW) as f32, (near[i] * HIGH) as f32);
        out[i] = high;
        unsettled[i] |= u32::from(low.to_bits() != high.to_bits()) | u32::from(z[i].is_nan());
    }
}

/// Computes those weights anew that Ziv's test did not settle, exactly and rounded once.
#[cold]
fn settle(z: &[f32], top: f32, out: &mut [f32], exact: &Narrow) {
    for (out, &z) in out.iter_mut().zip(z) {
        let (mut weight, mut unsettled) = ([0.0; LANES], [0; LANES]);
        weights(&[z; LANES], top, &mut weight, &mut unsettled);
        if unsettled[0] != 0 {
            *out = exact.apply(Operation::Exp, [f64::from(z - top); 3], 0) as f32;
        }
    }
}

fn divide(p: &mut [f32], total: f32) {
    vectorized(
        p,
        #[inline(always)]
        |p: &mut [f32]| p.iter_mut().for_each(|p| *p /= total),
    );
}

/// Adds up hardware numbers.
struct Hardware<'m>(&'m Narrow);

impl Adder for Hardware<'_> {
    type Item = f32;
    type Number = f32;

    fn zero(&mut self) -> f32 {
        0.0
    }

    fn round(&mut self, term: &[f32]) -> f32 {
        term[0]
    }

    fn add(&mut self, x: &f32, y: &f32) -> f32 {
        x + y
    }

    fn sub(&mut self, x: &f32, y: &f32) -> f32 {
        x - y
    }

    fn add_term(&mut self, x: &f32, term: &[f32]) -> f32 {
        x + term[0]
    }

    fn sub_from_term(&mut self, term: &[f32], x: &f32) -> f32 {
        term[0] - x
    }

    fn block(&mut self, x: &f32, terms: &[f32]) -> f32 {
        let terms: Vec<f64> = std::iter::once(x).chain(terms).copied().map(f64::from).collect();
        matrix_unit::add(&terms, self.0).0 as f32
    }

    fn pairs(&mut self, terms: &[f32]) -> Option<f32> {
        // Halves of a power of two are halves down to neighbours.
        let terms = <&[f32; LANES]>::try_from(terms).ok()?;
        let eight: [f32; 8] = std::array::from_fn(|i| terms[2 * i] + terms[2 * i + 1]);
        let four: [f32; 4] = std::array::from_fn(|i| eight[2 * i] + eight[2 * i + 1]);
        Some((four[0] + four[1]) + (four[2] + four[3]))
    }
}
