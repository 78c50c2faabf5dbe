//! Finding derivations: every equation of the suite of statements from papers, which was written down before the prover
//! was run on them. The whole is to be compared with checking all that ships (`cargo bench --bench proof`).

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use logitlab::claims::{Claim, parse};
use logitlab::expr::{Prop, Relation};
use logitlab::prove::{Citable, Limits, prove};

/// The claims of the suite that show equations only.
fn equations() -> Vec<Claim> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/proof/suite");
    let mut paths: Vec<_> =
        folder.read_dir().expect("the suite").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|suffix| suffix == "proof"));
    paths.sort();
    let read = |path: &std::path::PathBuf| parse(&std::fs::read_to_string(path).expect("a file")).expect("a claim");
    let is_equation = |prop: &Prop| matches!(prop, Prop::Compare(Relation::Equal, ..));
    paths.iter().map(read).filter(|claim| claim.statement.shows.iter().all(is_equation)).collect()
}

fn search(claim: &Claim) -> bool {
    let limits = Limits { time: Duration::from_secs(10), steps: 2_000 };
    prove(&claim.id, &claim.statement, &Citable::default(), &limits).missing.is_empty()
}

fn suite(c: &mut Criterion) {
    let claims = equations();
    let mut times: Vec<(Duration, bool, &str)> = Vec::new();
    for claim in &claims {
        let start = Instant::now();
        let found = search(claim);
        times.push((start.elapsed(), found, &claim.id));
    }
    times.sort();
    for (time, found, id) in &times {
        println!("{id:28} {:8.1} ms  {}", time.as_secs_f64() * 1e3, if *found { "found" } else { "not found" });
    }
    let found = times.iter().filter(|(_, found, _)| *found).count();
    println!("{found} of {} found, median {:.1} ms", times.len(), times[times.len() / 2].0.as_secs_f64() * 1e3);
    let mut group = c.benchmark_group("prove");
    group.sample_size(10);
    group.bench_function("the equations of the suite", |b| {
        b.iter(|| claims.iter().filter(|c| black_box(search(c))).count())
    });
    group.finish();
}

criterion_group!(benches, suite);
criterion_main!(benches);
