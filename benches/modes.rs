//! Roundings a second of simulated formats, fused in a formula, beside the same formula in the hardware's own f64.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logitlab::formulas::find;
use logitlab::policy::random::Rng;
use logitlab::study::noise::Noise;
use logitlab::study::{Block, Mode, Plan, Program, Reference};
use num_rational::BigRational;

const K: usize = 8;

fn program(mode: &str, formula: &str) -> Program {
    let mode: Mode = mode.parse().unwrap();
    let formula = find(formula).unwrap().clone();
    let temperature = BigRational::from_integer(1.into());
    let plan = Plan {
        modes: vec![mode],
        formulas: vec![formula.clone()],
        temperature,
        reference: Reference::Stored,
        bounds: false,
        seed: 1,
    };
    plan.program(&mode, &formula, K, 0).unwrap()
}

fn roundings(c: &mut Criterion) {
    let mut group = c.benchmark_group("roundings");
    // The tail form of w from probabilities on: sums, products; and everything from the logits on.
    for formula in ["tail", "closed"] {
        for mode in ["f64", "bf16", "fp16", "e4m3fn", "e5m2", "f32"] {
            let program = program(mode, formula);
            let lanes = program.lanes();
            let mut rng = Rng::new(3, 0);
            let inputs: Vec<f64> = (0..K * lanes).map(|_| rng.gaussian()).collect();
            let (mut noise, mut block) = (Noise::new(0, 0), Block::default());
            group.throughput(Throughput::Elements((program.tape().roundings() * lanes) as u64));
            group.bench_function(format!("{formula}/{mode}"), |b| {
                b.iter(|| program.run(&inputs, lanes, &mut noise, &mut block));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, roundings);
criterion_main!(benches);
