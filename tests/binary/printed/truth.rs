//! What is true, at many more bits than anything prints.

use logitlab::arith::interval::{Interval, Intervals};
use logitlab::arith::{Arithmetic as _, Function};
use logitlab::certified::Given;
use logitlab::certified::reference::{Precise, Reference};
use rug::{Assign as _, Float};

/// Twice the most bits that a row is measured at by default, and more.
pub const BITS: u32 = 2048;

/// A true number, enclosed to some [`BITS`].
#[derive(Clone, Debug)]
pub struct Truth {
    pub lo: Float,
    pub hi: Float,
}

impl From<&Interval> for Truth {
    fn from(x: &Interval) -> Truth {
        Truth { lo: x.lo().clone(), hi: x.hi().clone() }
    }
}

/// A number within its own rounding, a few hundred bits below what it is compared to.
fn near(x: Float) -> Truth {
    let slack = Float::with_val(BITS, &x * 1e-200).abs();
    Truth { lo: Float::with_val(BITS, &x - &slack), hi: x + slack }
}

/// A decimal.
pub fn point(text: &str) -> Truth {
    let x = Float::with_val(BITS, Float::parse(text).unwrap());
    Truth { lo: x.clone(), hi: x }
}

/// The quantities of a row by the reference path.
pub fn row(logits: &[f64], action: usize, temperature: impl Into<Given>) -> Precise {
    Reference::new(BITS, temperature).enclose_precise(logits, action).expect("it has a softmax")
}

/// x times a power of a number of f64, divided by `by`.
pub fn times(x: &Interval, factor: f64, power: u32, by: i32) -> Truth {
    let s = Intervals::new(BITS);
    let mut product = x.clone();
    for _ in 0..power {
        product = s.mul(product, &s.float(factor)).unwrap();
    }
    Truth::from(&s.div(product, &s.integer(by.into())).unwrap())
}

/// |claimed - x|.
pub fn off(claimed: f64, x: &Interval) -> Truth {
    let s = Intervals::new(BITS);
    let off = s.sub(s.float(claimed), x).unwrap();
    Truth::from(&s.function(Function::Abs, off).unwrap())
}

/// -x.
pub fn negated(x: &Interval) -> Interval {
    Intervals::new(BITS).neg(x.clone()).unwrap()
}

/// Distances of two rows without masks, by their definitions in 2048-bit numbers, under the names of `diff`.
pub fn distances(a: &[f64], b: &[f64], action: usize) -> Vec<(&'static str, Float)> {
    let log = |z: &[f64]| {
        let z: Vec<Float> = z.iter().map(|z| Float::with_val(BITS, z)).collect();
        let sum = z.iter().fold(Float::new(BITS), |sum, z| sum + Float::with_val(BITS, z.exp_ref())).ln();
        z.into_iter().map(|z| z - &sum).collect::<Vec<Float>>()
    };
    let (p, q) = (log(a), log(b));
    let mut sums: [Float; 6] = std::array::from_fn(|_| Float::new(BITS));
    for (log_p, log_q) in p.iter().zip(&q) {
        let (p, q) = (Float::with_val(BITS, log_p.exp_ref()), Float::with_val(BITS, log_q.exp_ref()));
        let difference = Float::with_val(BITS, &q - &p);
        let square = Float::with_val(BITS, &difference * &difference);
        let log_middle = (Float::with_val(BITS, &p + &q) / 2u32).ln();
        let js = Float::with_val(BITS, log_p - &log_middle) * &p + Float::with_val(BITS, log_q - &log_middle) * &q;
        let terms = [
            Float::with_val(BITS, log_p - log_q) * &p,
            Float::with_val(BITS, log_q - log_p) * &q,
            difference.abs() / 2u32,
            Float::with_val(BITS, &square / &p),
            square / &q,
            js / 2u32,
        ];
        for (sum, term) in sums.iter_mut().zip(terms) {
            let total = Float::with_val(BITS, &*sum + &term);
            sum.assign(total);
        }
    }
    let delta = Float::with_val(BITS, &q[action] - &p[action]);
    let (abs, ratio) = (delta.clone().abs(), delta.clone().exp());
    let chosen = [("delta", delta), ("abs_delta", abs), ("ratio", ratio)];
    ["kl_ab", "kl_ba", "tv", "chi2_ba", "chi2_ab", "js"].into_iter().zip(sums).chain(chosen).collect()
}

/// Statistics of numbers, under the names that `diff` has for them.
pub fn statistics(mut numbers: Vec<Float>) -> Vec<(&'static str, Truth)> {
    numbers.sort_by(|x, y| x.partial_cmp(y).expect("no NaN"));
    let count = numbers.len();
    let sum = numbers.iter().fold(Float::new(BITS), |sum, x| sum + x);
    let at = |hundredths: usize| near(numbers[(count * hundredths).div_ceil(100).max(1) - 1].clone());
    let mean = near(Float::with_val(BITS, &sum / count as u32));
    let named = [("min", at(0)), ("median", at(50)), ("p95", at(95)), ("p99", at(99)), ("max", at(100))];
    named.into_iter().chain([("mean", mean), ("sum", near(sum))]).collect()
}
