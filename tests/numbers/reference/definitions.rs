//! The quantities of a row by their definitions, in so many digits that cancellation does not matter: no tail form,
//! no shared sums, nothing of the crate's own but the names.

use logitlab::certified::{Given, Quantities};
use rug::Float;

/// Digits: what cancels in a test is at most the fourth power of a probability of e^-700, some 4,000 bits.
pub const BITS: u32 = 6000;

fn sum(terms: impl Iterator<Item = Float>) -> Float {
    terms.fold(Float::new(BITS), |total, x| total + x)
}

/// P = softmax(z / tau), and what follows.
pub fn defined(logits: &[f64], action: usize, temperature: Given) -> Quantities<Float> {
    let tau = Float::with_val(BITS, temperature.rational());
    let number = |x: f64| Float::with_val(BITS, x);
    let masked = |i: usize| logits[i] == f64::NEG_INFINITY;
    // Exact: the digits of all f64 have room.
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weight = |i: usize| ((number(logits[i]) - number(largest)) / &tau).exp();
    let weights: Vec<Float> = (0..logits.len()).map(weight).collect();
    let total = sum(weights.iter().cloned());
    let p: Vec<Float> = weights.into_iter().map(|weight| weight / &total).collect();
    let step = |i: usize| number(f64::from(u8::from(i == action))) - &p[i];
    let all = || 0..p.len();
    let possible = || all().filter(|&i| !masked(i));

    let entropy = -sum(possible().map(|i| p[i].clone().ln() * &p[i]));
    let mean = sum(all().map(|i| step(i) * &p[i]));
    let w = sum(all().map(|i| step(i).square()));
    Quantities {
        p: p[action].clone(),
        rest: sum(all().filter(|&i| i != action).map(|i| p[i].clone())),
        collision: sum(p.iter().map(|p| p.clone().square())),
        norm: w.clone().sqrt(),
        w,
        surprisal: if masked(action) { number(f64::INFINITY) } else { -p[action].clone().ln() },
        entropy_slope: -sum(possible().map(|i| (p[i].clone().ln() + &entropy) * &p[i] * step(i))),
        entropy,
        top: p.iter().cloned().reduce(|a, b| a.max(&b)).expect("an action"),
        variance: sum(all().map(|i| (step(i) - &mean).square() * &p[i])),
    }
}
