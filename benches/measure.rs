//! Certified rows at speed: 128 rows of 32,768 f32 logits in memory, all ten quantities of each, on one core and on
//! two.
//!
//! Beside the rate stand NumPy's (`numpy_closed.py`: w alone, the closed form in float64, not certified), that of a
//! bare read of the same memory, and the rate at which this processor does fused multiply-adds over the number that one
//! logit takes. Each is a row's best time of several rounds, in which they take turns, since other work may disturb
//! any.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logitlab::arith::simd::Vectors;
use logitlab::certified::{self, Enclosures, Settings, fast};
use logitlab::policy::random::Rng;
use rayon::prelude::*;

const ROWS: usize = 128;
const COLUMNS: usize = 32_768;
/// How often each row is timed: by so many turns of so many rounds.
const TURNS: usize = 5;
const ROUNDS: usize = 12;
/// Fused multiply-adds that the sums and the exponential of one logit take; there are nine other operations.
const MULTIPLY_ADDS: f64 = 17.0;

/// Gaussian logits of scale 3.
fn logits() -> Vec<f32> {
    let mut rng = Rng::new(1, 0);
    (0..ROWS * COLUMNS).map(|_| (3.0 * rng.gaussian()) as f32).collect()
}

/// A row, and the next one: after the last, nothing.
fn pair(logits: &[f32], index: usize) -> (&[f32], &[f32]) {
    let mut rows = logits.chunks(COLUMNS).skip(index);
    (rows.next().expect("a row of this index"), rows.next().unwrap_or_default())
}

/// The best times of each row, in seconds.
struct Best([f64; ROWS]);

impl Best {
    fn new() -> Best {
        Best([f64::INFINITY; ROWS])
    }

    fn time<T>(&mut self, logits: &[f32], run: impl Fn(usize, &[f32], &[f32]) -> T) {
        for _ in 0..ROUNDS {
            for (index, best) in self.0.iter_mut().enumerate() {
                let (row, next) = pair(logits, index);
                let start = Instant::now();
                black_box(run(index, black_box(row), next));
                *best = best.min(start.elapsed().as_secs_f64());
            }
        }
    }

    /// Million logits a second.
    fn rate(&self) -> f64 {
        (ROWS * COLUMNS) as f64 / self.0.iter().sum::<f64>() / 1e6
    }
}

/// The largest number of a row: a bare read of it.
fn read(row: &[f32]) -> f32 {
    Vectors::Widest.run(
        row,
        #[inline(always)]
        |row| {
            let mut most = [f32::NEG_INFINITY; 64];
            for chunk in row.as_chunks::<64>().0 {
                for lane in 0..64 {
                    most[lane] = if chunk[lane] > most[lane] { chunk[lane] } else { most[lane] };
                }
            }
            most[0]
        },
    )
}

/// Million fused multiply-adds a second, independent of each other and in registers.
fn multiply_adds(vectors: Vectors) -> f64 {
    const LANES: usize = 64;
    const REPEATS: usize = 2000;
    let batch = || {
        let (mut sums, x) = ([1.0; LANES], black_box(0.999f64));
        let start = Instant::now();
        vectors.run(
            &mut sums,
            #[inline(always)]
            |sums: &mut [f64; LANES]| {
                let mut own = *sums;
                for _ in 0..REPEATS {
                    for sum in &mut own {
                        *sum = x.mul_add(*sum, 0.001);
                    }
                }
                *sums = own;
            },
        );
        black_box(sums);
        start.elapsed().as_secs_f64()
    };
    let best = (0..1000).map(|_| batch()).fold(f64::INFINITY, f64::min);
    (LANES * REPEATS) as f64 / best / 1e6
}

/// NumPy's rate, or nothing where it is not installed.
fn numpy(file: &Path) -> Option<f64> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/numpy_closed.py");
    let mut python = Command::new("python3");
    python.arg(script).arg(file).args([ROWS, COLUMNS, 6].map(|n| n.to_string()));
    let output = python.env_remove("OPENBLAS_CORETYPE").env_remove("OPENBLAS_L2_SIZE").output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).ok()?.trim().parse().ok())?
}

fn enclosed(vectors: Vectors) -> impl Fn(usize, &[f32], &[f32]) -> Enclosures {
    move |index, row, next| fast::enclose_before(vectors, row, index, 1.0, next).expect("a row with a softmax")
}

/// Prints the rates on one core beside NumPy's and the limits.
fn compare(logits: &[f32]) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("rows.f32");
    let bytes: Vec<u8> = logits.iter().flat_map(|z| z.to_le_bytes()).collect();
    std::fs::write(&file, bytes).expect("the rows are written");
    let (mut widest, mut avx2, mut bare) = (Best::new(), Best::new(), Best::new());
    let mut peer: Option<f64> = None;
    for _ in 0..TURNS {
        widest.time(logits, enclosed(Vectors::Widest));
        if Vectors::Avx2.available() {
            avx2.time(logits, enclosed(Vectors::Avx2));
        }
        bare.time(logits, |_, row, _| read(row));
        peer = numpy(&file).map(|rate| rate.max(peer.unwrap_or(0.0)));
    }
    let (bare, peer) = (
        bare.rate(),
        peer.map_or("NumPy NOT RUN: there is none".to_string(), |peer| {
            println!("NumPy, float64, w alone and not certified: {peer:.0} million logits a second");
            format!("{:.2} times NumPy", widest.rate() / peer)
                + &if Vectors::Avx2.available() {
                    format!(" ({:.2} times with AVX2)", avx2.rate() / peer)
                } else {
                    String::new()
                }
        }),
    );
    println!("all ten enclosures: {:.0} million logits a second: {peer}", widest.rate());
    println!("  a bare read of the memory: {bare:.0}; the share reached: {:.2}", widest.rate() / bare);
    for (name, vectors, rate) in
        [("widest vectors", Vectors::Widest, widest.rate()), ("AVX2", Vectors::Avx2, avx2.rate())]
    {
        if vectors.available() {
            let limit = multiply_adds(vectors) / MULTIPLY_ADDS;
            println!(
                "  {name}: {rate:.0}; {MULTIPLY_ADDS} multiply-adds a logit and nothing else: {limit:.0}; the share \
                 reached: {:.2}",
                rate / limit
            );
        }
    }
}

/// Prints how wide the enclosures are and how many rows MPFR had to take: none may be.
fn quality(logits: &[f32]) {
    let settings = Settings::default();
    let mut widest = 0.0_f64;
    for (index, row) in logits.chunks(COLUMNS).enumerate() {
        let (found, path) = certified::enclose(&settings, row, index).expect("a row with a softmax");
        assert_eq!(path, certified::Path::Fast, "row {index} was handed over");
        widest = found.named().iter().map(|(_, x)| x.relative_width()).fold(widest, f64::max);
    }
    println!("rows handed to MPFR: 0 of {ROWS}; the widest enclosure of all quantities: 2^{:.1}", libm::log2(widest));
}

/// Prints what two threads are worth.
fn scaling(logits: &[f32]) {
    let pools = [1, 2].map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("a pool of threads"));
    let mut best = [f64::INFINITY; 2];
    for _ in 0..TURNS * ROUNDS {
        for (pool, best) in pools.iter().zip(&mut best) {
            let start = Instant::now();
            pool.install(|| {
                (0..ROWS).into_par_iter().for_each(|index| {
                    let (row, next) = pair(logits, index);
                    black_box(enclosed(Vectors::Widest)(index, row, next));
                });
            });
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    println!("two threads: {:.2} times as fast as one", best[0] / best[1]);
}

fn all(criterion: &mut Criterion) {
    let logits = logits();
    quality(&logits);
    compare(&logits);
    scaling(&logits);
    let mut group = criterion.benchmark_group("measure");
    group.throughput(Throughput::Elements(COLUMNS as u64));
    for (name, vectors) in [("widest", Vectors::Widest), ("avx2", Vectors::Avx2)] {
        let run = enclosed(vectors);
        let mut indices = (0..ROWS).cycle();
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                let index = indices.next().expect("a cycle");
                let (row, next) = pair(&logits, index);
                run(index, row, next)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, all);
criterion_main!(benches);
