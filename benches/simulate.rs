//! Training at speed, on one core: steps of ten arms in several modes, the cost of the checks, and steps of 32,768 arms
//! beside `certified::enclose` on rows of the same length.
//!
//! A step of a run computes the policy, draws an action and a reward, and moves all logits. Each rate is the best of
//! many short rounds, in which what is compared takes turns, since other work may disturb any.

use std::hint::black_box;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logitlab::certified::{self, Settings};
use logitlab::dynamics::{Experiment, Group, watch};
use logitlab::policy::random::Rng;
use logitlab::study::Mode;

const FEW: usize = 10;
const MANY: usize = 32_768;
const ROUNDS: usize = 400;
/// The modes of which ten arms are timed.
const MODES: [&str; 8] = ["f32", "bf16-stored", "fp16-stored", "fp8-stored", "bf16", "fp16", "e4m3fn", "f64"];
/// The modes of which many arms are timed.
const WIDE: [&str; 4] = ["f32", "f32+sum=f32:pairwise", "bf16-stored", "bf16"];

fn experiment(arms: usize, runs: u64) -> Experiment {
    let arms = format!("bernoulli:K={arms},gap=0.5").parse().expect("an environment");
    Experiment { runs, steps: u64::MAX, ..Experiment::new(arms) }
}

fn mode(text: &str) -> Mode {
    text.parse().expect("a mode")
}

/// Seconds.
fn time<T>(run: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(run());
    start.elapsed().as_secs_f64()
}

/// Prints the steps a second of ten arms, and what the checks cost.
fn few() {
    const RUNS: u64 = 64;
    let experiment = experiment(FEW, RUNS);
    println!("steps a second on one core, K = {FEW}, REINFORCE:");
    for text in MODES {
        let mode = mode(text);
        // The correctly rounded exponential of f64 is MPFR's.
        let steps = if text == "f64" { 1 } else { 20 };
        let mut group = Group::new(&experiment, &mode, 0..RUNS).expect("a mode that can be computed");
        let round = |_| time(|| group.advance(steps, 0).expect("no divergence"));
        let best = (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min);
        println!("  {text:12} {:8.3} million", (RUNS * steps) as f64 / best / 1e6);
    }
    const CHECKED: u64 = 1;
    let short = Experiment { steps: CHECKED, ..experiment.clone() };
    let modes = [mode("f32")];
    let watched = || watch(&short, &modes, 0, 128, &|| false).expect("no divergence");
    let checked = (0..20).map(|_| time(watched)).fold(f64::INFINITY, f64::min) / CHECKED as f64;
    let mut group = Group::new(&experiment, &modes[0], 0..RUNS).expect("a mode that can be computed");
    let round = |_| time(|| group.advance(20, 0).expect("no divergence"));
    let plain = (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min) / (20 * RUNS) as f64;
    println!(
        "the checks at 128 bits, f32 beside the reference: {:.3} ms a step, {:.0} times a step without them",
        checked * 1e3,
        checked / plain
    );
}

/// Prints the logits a second of steps of many arms, beside `certified::enclose`.
fn many() {
    let mut rng = Rng::new(1, 0);
    let rows: Vec<Vec<f32>> = (0..8).map(|_| (0..MANY).map(|_| (3.0 * rng.gaussian()) as f32).collect()).collect();
    let settings = Settings::default();
    let mut enclosed = f64::INFINITY;
    let experiment = experiment(MANY, 4);
    println!("million logits a second on one core, K = {MANY}, and the share of certified::enclose:");
    for text in WIDE {
        let mode = mode(text);
        let start = Experiment { start: rows[0].iter().map(|&z| f64::from(z)).collect(), ..experiment.clone() };
        for runs in [1, 4] {
            let mut group = Group::new(&start, &mode, 0..runs).expect("a mode that can be computed");
            let mut best = f64::INFINITY;
            for round in 0..ROUNDS {
                let row = &rows[round % rows.len()];
                let enclose = || certified::enclose(&settings, black_box(row), 0).expect("a row with a softmax");
                enclosed = enclosed.min(time(enclose));
                best = best.min(time(|| group.advance(1, 0).expect("no divergence")) / runs as f64);
            }
            let rate = |seconds: f64| MANY as f64 / seconds / 1e6;
            println!(
                "  {text:22} {runs} at a time: {:6.0} of {:6.0}: {:.2}",
                rate(best),
                rate(enclosed),
                enclosed / best
            );
        }
    }
}

fn all(criterion: &mut Criterion) {
    // Steps of different runs go to all threads; here to one.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    pool.install(|| {
        few();
        many();
    });
    let mut benches = criterion.benchmark_group("simulate");
    for (arms, text, runs) in [(FEW, "f32", 256), (FEW, "bf16", 256), (MANY, "f32", 1), (MANY, "bf16-stored", 1)] {
        let (experiment, mode) = (experiment(arms, runs), mode(text));
        let mut group = Group::new(&experiment, &mode, 0..runs).expect("a mode that can be computed");
        benches.throughput(Throughput::Elements(runs * arms as u64));
        benches.bench_function(BenchmarkId::new(text, arms), |bencher| {
            bencher.iter(|| pool.install(|| group.advance(1, 0).expect("no divergence")));
        });
    }
    benches.finish();
}

criterion_group!(benches, all);
criterion_main!(benches);
