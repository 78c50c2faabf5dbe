//! Rows of whole distributions, and what engines would hand out of them.

use logitlab::certified::reference::Reference;
use logitlab::certified::{Enclosures, Settings, enclose};
use logitlab::policy::random::Rng;

/// How an engine computes and hands out log-probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arithmetic {
    F32,
    F64,
    /// f32 logits, log-sum-exp in bf16 with f32 sums.
    Bf16Lse,
}

impl Arithmetic {
    pub const ALL: [Arithmetic; 3] = [Arithmetic::F32, Arithmetic::F64, Arithmetic::Bf16Lse];

    /// The mode that a user names.
    pub fn mode(self) -> &'static str {
        match self {
            Arithmetic::F32 => "f32",
            Arithmetic::F64 => "f64",
            Arithmetic::Bf16Lse => "bf16-lse",
        }
    }
}

/// A row as an engine hands it out, and what is true of it.
pub struct Row {
    pub top: Vec<f64>,
    pub own: f64,
    pub truth: Enclosures,
}

fn bf16(x: f32) -> f32 {
    half::bf16::from_f32(x).to_f32()
}

/// A sum of f32 in blocks, or by halves.
fn sum32(terms: &[f32], block: Option<usize>) -> f32 {
    let plain = |terms: &[f32]| terms.iter().fold(0.0f32, |sum, term| sum + term);
    match block {
        Some(block) => plain(&terms.chunks(block).map(plain).collect::<Vec<_>>()),
        None if terms.len() <= 2 => plain(terms),
        None => {
            let (left, right) = terms.split_at(terms.len() / 2);
            sum32(left, None) + sum32(right, None)
        }
    }
}

/// The log-probabilities of all actions, as an engine computes them.
pub fn logprobs(rng: &mut Rng, arithmetic: Arithmetic, z: &[f64]) -> Vec<f64> {
    let block = [Some(128), Some(256), Some(512), Some(1024), None][rng.index(5)];
    let max = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if arithmetic == Arithmetic::F64 {
        let terms: Vec<f64> = z.iter().map(|z| libm::exp(z - max)).collect();
        let sums: Vec<f64> = terms.chunks(block.unwrap_or(128)).map(|block| block.iter().sum()).collect();
        let total: f64 = sums.iter().sum();
        return match rng.index(2) {
            0 => z.iter().map(|z| (z - max) - libm::log(total)).collect(),
            _ => z.iter().map(|z| z - (max + libm::log(total))).collect(),
        };
    }
    let z: Vec<f32> = z.iter().map(|&z| z as f32).collect();
    let max = max as f32;
    if arithmetic == Arithmetic::Bf16Lse {
        let terms: Vec<f32> = z.iter().map(|z| bf16(libm::expf(bf16(z - max)))).collect();
        let lse = bf16(bf16(libm::logf(bf16(sum32(&terms, block)))) + max);
        return z.iter().map(|z| f64::from(z - lse)).collect();
    }
    let terms: Vec<f32> = z.iter().map(|z| libm::expf(z - max)).collect();
    let total = sum32(&terms, block);
    let each = |f: &dyn Fn(f32, f32) -> f32| z.iter().zip(&terms).map(|(&z, &term)| f64::from(f(z, term))).collect();
    match rng.index(3) {
        0 => each(&|z, _| (z - max) - libm::logf(total)),
        1 => each(&|z, _| z - (max + libm::logf(total))),
        _ => each(&|_, term| libm::logf(term / total)),
    }
}

/// Logits as engines have them: of all shapes, from even to certain, within 2^6, in f32 or bf16, and of f64 in f64.
pub fn logits(rng: &mut Rng, arithmetic: Arithmetic, actions: usize) -> Vec<f64> {
    let scale = [0.1, 1.0, 2.5, 5.0][rng.index(4)];
    let narrow = rng.index(3) == 0;
    let (offset, lift) = ((rng.unit() - 0.5) * 30.0, if rng.index(2) == 0 { 0.0 } else { 45.0 * rng.unit() });
    let lifted = rng.index(actions);
    let one = |index: usize| {
        let z = (rng.gaussian() * scale + offset + if index == lifted { lift } else { 0.0 }).clamp(-64.0, 64.0);
        match arithmetic {
            Arithmetic::F64 => z,
            _ if narrow => f64::from(bf16(z as f32)),
            _ => f64::from(z as f32),
        }
    };
    (0..actions).map(one).collect()
}

/// A row of a given number of actions, of which the k most probable are handed out, and the sampled one whatever it is.
pub fn row(rng: &mut Rng, arithmetic: Arithmetic, actions: usize, most: usize) -> Row {
    let mut z = logits(rng, arithmetic, actions);
    if rng.index(5) == 0 {
        let kept = rng.index(actions);
        z.iter_mut().enumerate().filter(|(i, _)| *i != kept && i % 3 == 0).for_each(|(_, z)| *z = f64::NEG_INFINITY);
    }
    let all = logprobs(rng, arithmetic, &z);
    let mut order: Vec<usize> = (0..actions).collect();
    order.sort_by(|&i, &j| all[j].total_cmp(&all[i]));
    let possible = z.iter().filter(|z| z.is_finite()).count();
    let k = 1 + rng.index(most.min(possible));
    // The most probable, one of the most probable, or any that is possible.
    let action = match rng.index(4) {
        0 => order[0],
        1 => order[rng.index(k)],
        _ => order[rng.index(possible)],
    };
    let mut top: Vec<f64> = order[..k].iter().map(|&i| all[i]).collect();
    if !order[..k].contains(&action) {
        match rng.index(3) {
            0 => top.push(all[action]),
            1 if k > 0 => top.insert(0, all[action]),
            _ => {}
        }
    }
    let truth = match arithmetic {
        Arithmetic::F64 => Reference::shared(96, 1.0).enclose(&z, action).unwrap(),
        _ => enclose(&Settings::default(), &z, action).unwrap().0,
    };
    Row { top, own: all[action], truth }
}
