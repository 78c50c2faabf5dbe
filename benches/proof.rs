//! Checking derivations: all that the crate ships, and chains of growing length, whose cost should grow with it.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logitlab::claims::{Claim, claims, parse};
use logitlab::proof::Library;

fn all(c: &mut Criterion) {
    let derived: Vec<&Claim> = claims().iter().filter(|claim| claim.proof.is_some()).collect();
    c.bench_function("check all derivations", |b| {
        b.iter(|| {
            let library = Library::new(claims().iter().map(Claim::entry));
            for claim in &derived {
                black_box(library.prove(&claim.id).expect("it has a proof").expect("it is accepted"));
            }
        });
    });
}

/// A claim whose proof goes back and forth between two forms of one value.
fn chain(steps: usize) -> Claim {
    let mut text = "claim chain\ngiven P : vector, c : action, g : real\n".to_string();
    text += "show |g*(e[c] - P)|^2 = g^2*|e[c] - P|^2\nproof\n|g*(e[c] - P)|^2\n= g^2*|e[c] - P|^2 by norm.scale\n";
    for _ in 0..steps / 2 {
        text += "= g^2*<e[c] - P,e[c] - P> by norm.square\n= g^2*|e[c] - P|^2 by norm.square\n";
    }
    parse(&(text + "qed\n")).expect("the claim is well formed")
}

fn growth(c: &mut Criterion) {
    let mut group = c.benchmark_group("check a chain");
    for steps in [10, 100, 1000] {
        let claim = chain(steps);
        group.throughput(Throughput::Elements(steps as u64));
        group.bench_function(BenchmarkId::from_parameter(steps), |b| {
            b.iter(|| {
                let library = Library::new([claim.entry()]);
                black_box(library.prove("chain").expect("it has a proof").expect("it is accepted"));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, all, growth);
criterion_main!(benches);
