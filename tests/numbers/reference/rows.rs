//! Rows of every kind, each from its seed and its number alone.

use logitlab::certified::Settings;
use logitlab::formats::{Narrow, Target};
use logitlab::policy::random::Rng;

const MASKED: f64 = f64::NEG_INFINITY;

/// The types that logits are stored in, commonest first.
const TYPES: [&str; 6] = ["f32", "bf16", "fp16", "f64", "e4m3fn", "e5m2"];

/// What logits look like, before they are stored, and where the chosen action is if that is part of it.
type Kind = (&'static str, fn(&mut Rng, usize) -> (Vec<f64>, Option<usize>));

/// Every kind of row.
pub const KINDS: &[Kind] = &[
    ("gaussian", |rng, k| (gaussian(rng, k), None)),
    ("near-one-hot", near_one_hot),
    ("head and tail", |rng, k| {
        let mut logits = gaussian(rng, k);
        let head = rng.log_uniform(1, 20) as usize;
        logits.iter_mut().take(head).for_each(|z| *z += 5.0 + 20.0 * rng.unit());
        (logits, None)
    }),
    ("masked", |rng, k| {
        let mut logits = gaussian(rng, k);
        let share = rng.unit();
        let kept = rng.index(k);
        (0..k).filter(|&i| i != kept).for_each(|i| logits[i] = if rng.unit() < share { MASKED } else { logits[i] });
        (logits, None)
    }),
    ("tied", |rng, k| {
        let values: Vec<f64> = gaussian(rng, 1 + k.min(4));
        ((0..k).map(|_| values[rng.index(values.len())]).collect(), None)
    }),
    ("even", |rng, k| (vec![10.0 * rng.gaussian(); k], None)),
    ("subnormal", |rng, k| {
        // In f32 and in f64, with a few that are not.
        let scale = [1e-40, 1e-310, 1e-20][rng.index(3)];
        let logit = |rng: &mut Rng| if rng.below(20) == 0 { rng.gaussian() } else { scale * rng.gaussian() };
        ((0..k).map(|_| logit(rng)).collect(), None)
    }),
    ("huge", |rng, k| {
        let scale = [1e3, 1e5, 1e10, 1e30, 1e300][rng.index(5)];
        ((0..k).map(|_| scale * rng.gaussian()).collect(), None)
    }),
];

/// Gaussian logits of some scale, with some offset.
fn gaussian(rng: &mut Rng, k: usize) -> Vec<f64> {
    let scale = [0.1, 1.0, 3.0, 3.0, 10.0, 100.0][rng.index(6)];
    let offset = 10.0 * rng.gaussian();
    (0..k).map(|_| offset + scale * rng.gaussian()).collect()
}

/// 1 - P_c from 1/2 down to 1e-300, log-uniformly.
fn near_one_hot(rng: &mut Rng, k: usize) -> (Vec<f64>, Option<usize>) {
    let mut logits = gaussian(rng, k);
    let chosen = rng.index(k);
    let largest = logits.iter().copied().fold(MASKED, f64::max);
    let others: f64 = logits.iter().map(|z| libm::exp(z - largest)).sum();
    logits[chosen] = largest + libm::log(others) + rng.unit() * 300.0 * std::f64::consts::LN_10;
    (logits, Some(chosen))
}

/// One row of a campaign.
pub struct Row {
    /// Its kind, size, stored type and temperature in words.
    pub words: String,
    pub kind: &'static str,
    pub logits: Vec<f64>,
    pub action: usize,
    pub settings: Settings,
}

/// Row number `index` under `seed`, of up to `largest` actions, their number log-uniform.
pub fn row(seed: u64, index: u64, largest: u64) -> Row {
    let mut rng = Rng::new(seed, index);
    let k = rng.log_uniform(1, largest) as usize;
    let (kind, make) = KINDS[rng.index(KINDS.len())];
    let stored = TYPES[rng.index(TYPES.len())];
    let temperature = match rng.below(2) {
        0 => 1.0,
        _ => [0.5, 0.6, 0.7, 1.3, 2.0, 0.1, 10.0][rng.index(7)],
    };
    let (mut logits, own) = make(&mut rng, k);
    // Beyond the largest number, the largest number: infinite logits are no logits.
    let target: Target = format!("{stored}/saturate").parse().expect("a target");
    let narrow = Narrow::new(target).expect("a narrow format");
    let finite = logits.iter_mut().filter(|z| z.is_finite());
    finite.for_each(|z| *z = narrow.round(*z, 0));
    let most_likely = (0..k).fold(0, |best, i| if logits[i] > logits[best] { i } else { best });
    let drawn = rng.index(k);
    let action = own.unwrap_or(if rng.below(2) == 0 { most_likely } else { drawn });
    let words = format!("{kind}, K = {k}, {stored}, temperature {temperature}, action {action}");
    Row { words, kind, logits, action, settings: Settings { temperature: temperature.into(), ..Settings::default() } }
}

#[test]
fn rows_are_what_they_are_called() {
    let mut kinds = std::collections::BTreeSet::new();
    let mut tiny = false;
    for index in 0..400 {
        let Row { kind, logits, action, words, .. } = row(3, index, 300);
        assert!(action < logits.len() && logits.iter().any(|z| z.is_finite()), "{words}");
        assert!(logits.iter().all(|z| *z < f64::INFINITY), "{words}");
        assert!(logits == row(3, index, 300).logits);
        kinds.insert(kind);
        let gap = logits.iter().enumerate().filter(|&(i, _)| i != action).map(|(_, z)| logits[action] - z);
        tiny |= kind == "near-one-hot" && logits.len() > 1 && gap.fold(f64::INFINITY, f64::min) > 600.0;
    }
    assert!(kinds.len() == KINDS.len() && tiny);
}
