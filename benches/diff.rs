//! Certified distances between pairs of rows, in logits a second (both sides counted), against a bare pass of
//! exponentials over the same memory and against the six sums written plainly, without any bound, with `libm`.

use std::hint::black_box;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logitlab::arith::elementary64::exp_slice;
use logitlab::diff::{Hypothesis, Scratch, Settings, Temperatures, compare};
use logitlab::formats::Format;
use logitlab::policy::random::Rng;

const COLUMNS: usize = 32_768;
const ROWS: usize = 16;

/// Rows of logits as two engines compute them: `noise` apart, stored in f32 and in bf16.
fn pairs(noise: f64) -> Vec<[Vec<f64>; 2]> {
    let mut rng = Rng::new(7, 0);
    let mut row = || {
        let a: Vec<f64> = (0..COLUMNS).map(|_| f64::from((3.0 * rng.gaussian()) as f32)).collect();
        let b = a.iter().map(|z| half::bf16::from_f64(z + noise * rng.gaussian()).to_f64()).collect();
        [a, b]
    };
    (0..ROWS).map(|_| row()).collect()
}

fn certified(pairs: &[[Vec<f64>; 2]], scratch: &mut Scratch) -> f64 {
    let [a, b]: [Format; 2] = ["f32", "bf16"].map(|name| name.parse().expect("a format"));
    let hypothesis = Hypothesis { a, b, ulps: 0.5 };
    let settings = Settings { temperatures: Temperatures { a: 1.0, b: 1.0 }, hypothesis };
    let one = |[a, b]: &[Vec<f64>; 2], scratch: &mut Scratch| {
        let found = compare(&settings, [a, b], 0, &[], scratch).expect("rows with a softmax");
        found.distances.kl_ab.hi() + found.explanation.beyond as f64
    };
    pairs.iter().map(|pair| one(pair, scratch)).sum()
}

fn exponentials(pairs: &[[Vec<f64>; 2]], out: &mut [f64]) -> f64 {
    let mut last = 0.0;
    for row in pairs.iter().flatten() {
        exp_slice(row, out);
        last += black_box(&*out)[0];
    }
    last
}

fn plain(pairs: &[[Vec<f64>; 2]]) -> f64 {
    let softmax = |row: &[f64]| {
        let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = row.iter().map(|z| libm::exp(z - max)).sum();
        let log = max + libm::log(sum);
        row.iter().map(|z| z - log).collect::<Vec<f64>>()
    };
    let mut total = 0.0;
    for [a, b] in pairs {
        for (x, y) in softmax(a).into_iter().zip(softmax(b)) {
            let (p, q) = (libm::exp(x), libm::exp(y));
            let m = libm::log(0.5 * (p + q));
            total += p * (x - y) + q * (y - x) + (p - q).abs() + (p - q) * (p - q) * (1.0 / p + 1.0 / q);
            total += p * (x - m) + q * (y - m);
        }
    }
    total
}

/// The least time of nine runs, in millions of logits a second.
fn rate(mut run: impl FnMut() -> f64) -> f64 {
    let one = |run: &mut dyn FnMut() -> f64| {
        let start = Instant::now();
        black_box(run());
        (2 * ROWS * COLUMNS) as f64 / start.elapsed().as_secs_f64() / 1e6
    };
    (0..9).map(|_| one(&mut run)).fold(0.0, f64::max)
}

fn all(c: &mut Criterion) {
    let mut group = c.benchmark_group("diff");
    group.throughput(Throughput::Elements((2 * ROWS * COLUMNS) as u64)).sample_size(10);
    let (mut scratch, mut out) = (Scratch::default(), vec![0.0; COLUMNS]);
    for (name, noise) in [("rounded", 0.0), ("noisy", 0.05), ("far", 2.0)] {
        let pairs = pairs(noise);
        let (ours, bare, plainly) =
            (rate(|| certified(&pairs, &mut scratch)), rate(|| exponentials(&pairs, &mut out)), rate(|| plain(&pairs)));
        println!(
            "{name}: {ours:.0} million logits a second certified; {:.2} of a bare pass of exponentials ({bare:.0}), {:.1} \
             times the plain sums ({plainly:.0})",
            ours / bare,
            ours / plainly
        );
        group.bench_with_input(BenchmarkId::new("certified", name), &pairs, |b, pairs| {
            b.iter(|| certified(black_box(pairs), &mut scratch));
        });
    }
    group.finish();
}

criterion_group!(benches, all);
criterion_main!(benches);
