//! e^x and the logarithm of `arith::elementary64`, scalar and over slices, in ns per number and against `libm`.

use std::hint::black_box;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logitlab::arith::elementary64::{exp, exp_slice, log, log_slice};
use logitlab::policy::random::Rng;

/// Fits into the first-level cache with its results.
const LEN: usize = 1024;

type Slice = fn(&[f64], &mut [f64]);

/// One scalar call for each number, compiled for the target's own instruction set.
#[inline(always)]
fn each(x: &[f64], out: &mut [f64], function: impl Fn(f64) -> f64) {
    for (y, &x) in out.iter_mut().zip(x) {
        *y = black_box(function(x));
    }
}

const EXP: [(&str, Slice); 3] =
    [("libm", |x, out| each(x, out, libm::exp)), ("scalar", |x, out| each(x, out, exp)), ("slice", exp_slice)];
const LOG: [(&str, Slice); 3] =
    [("libm", |x, out| each(x, out, libm::log)), ("scalar", |x, out| each(x, out, log)), ("slice", log_slice)];

fn numbers(from: f64, to: f64) -> Vec<f64> {
    let mut rng = Rng::new(64, 0);
    (0..LEN).map(|_| from + (to - from) * rng.unit()).collect()
}

/// The least time for one number in 200 batches, in ns.
fn nanoseconds(function: Slice, x: &[f64], out: &mut [f64]) -> f64 {
    let batch = |out: &mut [f64]| {
        let start = Instant::now();
        for _ in 0..50 {
            function(black_box(x), black_box(out));
        }
        start.elapsed().as_secs_f64() * 1e9 / (50.0 * x.len() as f64)
    };
    (0..200).map(|_| batch(out)).fold(f64::INFINITY, f64::min)
}

fn compare(c: &mut Criterion, name: &str, ways: &[(&str, Slice)], x: &[f64]) {
    let mut out = vec![0.0; x.len()];
    let reference = nanoseconds(ways[0].1, x, &mut out);
    for (way, function) in ways {
        let time = nanoseconds(*function, x, &mut out);
        println!("{name} {way}: {time:.2} ns per number, {:.2} times as fast as libm", reference / time);
    }
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(x.len() as u64));
    for (way, function) in ways {
        group.bench_function(BenchmarkId::from_parameter(way), |b| {
            b.iter(|| function(black_box(x), black_box(&mut out)));
        });
    }
    group.finish();
}

fn all(c: &mut Criterion) {
    compare(c, "exp", &EXP, &numbers(-40.0, 0.0));
    compare(c, "log", &LOG, &numbers(1e-6, 10.0));
}

criterion_group!(benches, all);
criterion_main!(benches);
