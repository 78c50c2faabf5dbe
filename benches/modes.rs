//! Roundings a second of simulated formats, fused in a formula, beside the same formula in the hardware's own f64.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logitlab::expr::elaborate;
use logitlab::formulas::{Formula, find, names};
use logitlab::policy::random::Rng;
use logitlab::study::noise::Noise;
use logitlab::study::{CaseBlock, Mode, Plan, Program, Reference};
use num_rational::BigRational;

const K: usize = 8;

/// The closed form on numbers as they are given, without the softmax: + - * only.
fn algebra() -> Formula {
    let tree = elaborate::value("1 - 2*z[c] + <z,z>", names()).unwrap();
    Formula { text: tree.to_string(), tree, definitions: Vec::new(), ..find("closed").unwrap().clone() }
}

fn program(mode: &str, formula: &str) -> Program {
    let mode: Mode = mode.parse().unwrap();
    let formula = find(formula).cloned().unwrap_or_else(algebra);
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
    // Additions and multiplications alone; and everything from the logits on, exponentials and divisions included.
    for formula in ["algebra", "tail"] {
        for mode in ["f64", "bf16", "fp16", "e4m3fn", "e5m2", "f32"] {
            let program = program(mode, formula);
            let lanes = program.lanes();
            let mut rng = Rng::new(3, 0);
            let inputs: Vec<f64> = (0..K * lanes).map(|_| rng.gaussian()).collect();
            let (mut noise, mut block) = (Noise::new(0, 0), CaseBlock::default());
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
