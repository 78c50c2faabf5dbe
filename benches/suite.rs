//! The whole default suite: every claim, every default judge, on all cores.

use criterion::{Criterion, criterion_group, criterion_main};
use logitlab::claims::{Claim, claims};
use logitlab::judges::{JUDGES, Judge, Options, verify};

fn suite(c: &mut Criterion) {
    let claims: Vec<&Claim> = claims().iter().collect();
    let judges: Vec<&Judge> = JUDGES.iter().filter(|judge| judge.default).collect();
    let mut group = c.benchmark_group("verify");
    group.sample_size(10);
    group.bench_function("the default suite", |b| {
        b.iter(|| {
            let report = verify(&claims, &judges, &Options::default(), &|_, _| {});
            assert_eq!(report.summary.unexpected, 0);
        });
    });
    group.finish();
}

criterion_group!(benches, suite);
criterion_main!(benches);
