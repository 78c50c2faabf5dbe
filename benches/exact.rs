//! `norm-identity` decided exactly, both sides by themselves, as a ratio to PARI/GP on the same numbers.
//!
//! PARI computes the two sides once element by element on its rationals and once on a common denominator, in one run
//! of `gp` that reads the numbers from a file and reports its own time; where `gp` is not installed, NOT RUN.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use logitlab::arith::Truth;
use logitlab::arith::exact::Exact;
use logitlab::arith::rational::Rational;
use logitlab::claims::find;
use logitlab::expr::{Prop, Statement};
use logitlab::judges::case::Case;
use logitlab::judges::draw::draw;
use logitlab::judges::values::evaluator;
use logitlab::policy::{Naturals, Scores, Spec};
use num_bigint::BigInt;
use num_rational::BigRational;

/// The two kinds of policies: a common denominator, and unrelated ones.
const POLICIES: &[&str] = &["integers:K=1000000,bits=64", "rationals:K=1000,bits=32"];

fn statement() -> &'static Statement {
    &find("norm-identity").expect("the claim is registered").statement
}

fn case(spec: &str) -> Case {
    let spec: Spec = spec.parse().expect("a valid spec");
    draw(statement(), &spec, 1, 0, 0).0
}

/// Evaluates both sides of the first line, from the policy's weights on.
fn decide<R: Rational>(case: &Case) -> Truth {
    let system = Exact::<R>::new();
    let statement = statement();
    let mut evaluator = evaluator(&system, case, &statement.definitions).expect("the policy is rational");
    let Prop::Compare(relation, left, right) = &statement.shows[0] else {
        unreachable!("the first line is an equality")
    };
    evaluator.compare(*relation, left, right, &mut |_, _, truth| truth).expect("both sides are rational")
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..7)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn digits(numbers: &Naturals) -> String {
    let one = |limbs: &[u64]| <BigInt as logitlab::arith::integer::Integer>::from_limbs(limbs).to_string();
    numbers.iter().map(one).collect::<Vec<_>>().join(",")
}

/// What PARI is asked: P element by element (unrelated rationals), and by numerators on one denominator.
fn pari_program(case: &Case) -> String {
    let (_, entries) = &case.vectors[0];
    let logitlab::judges::case::Entries::Probabilities(scores) = entries else { unreachable!("a policy") };
    let mut program = String::from("default(parisizemax, 4*10^9);\n");
    let weights = match &**scores {
        Scores::Integers(weights) => format!("w = [{}];\n", digits(weights)),
        Scores::Rationals { numerators, denominators } => {
            let (n, d) = (digits(numerators), digits(denominators));
            format!("n = [{n}]; d = [{d}]; w = vector(#n, i, n[i]/d[i]);\n")
        }
        Scores::Logits(_) => unreachable!("a rational policy"),
    };
    program += &weights;
    _ = writeln!(program, "c = {}; g = 3/7; s = vecsum(w); P = w/s;", case.actions[0].1 + 1);
    program += "t = getwalltime(); e = vector(#P, i, i == c); v = g*(e - P); left = sum(i = 1, #v, v[i]^2);\n";
    program +=
        "right = g^2*(1 - 2*P[c] + sum(i = 1, #P, P[i]^2)); print(getwalltime() - t); if (left != right, error(1));\n";
    program += "q = denominator(P); N = P*q;\n";
    program += "t = getwalltime(); v = -N; v[c] += q; v = numerator(g)*v; left = (v*v~)/(denominator(g)*q)^2;\n";
    program += "right = g^2*(q^2 - 2*N[c]*q + N*N~)/q^2; print(getwalltime() - t); if (left != right, error(2));\n";
    program
}

/// Milliseconds that PARI reports: element by element, and on a common denominator.
fn pari(case: &Case) -> Option<[f64; 2]> {
    let file = std::env::temp_dir().join(format!("logitlab-bench-{}.gp", std::process::id()));
    std::fs::write(&file, pari_program(case)).expect("a temporary file can be written");
    let output = Command::new("gp").args(["-q", "-f"]).arg(&file).stdin(std::process::Stdio::null()).output();
    std::fs::remove_file(&file).expect("the temporary file is ours");
    let text = String::from_utf8(output.ok()?.stdout).ok()?;
    let mut times = text.lines().filter_map(|line| line.trim().parse().ok());
    Some([times.next()?, times.next()?])
}

fn norm_identity(c: &mut Criterion) {
    for spec in POLICIES {
        let case = case(spec);
        assert_eq!(decide::<rug::Rational>(&case), Truth::True);
        let mut group = c.benchmark_group(format!("norm-identity {spec}"));
        group.sample_size(10);
        group.bench_function("rug", |b| b.iter(|| decide::<rug::Rational>(black_box(&case))));
        group.bench_function("num-bigint", |b| b.iter(|| decide::<BigRational>(black_box(&case))));
        group.finish();
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let rug = ms(median(|| _ = black_box(decide::<rug::Rational>(&case))));
        let num = ms(median(|| _ = black_box(decide::<BigRational>(&case))));
        let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        let alone = one_thread.install(|| ms(median(|| _ = black_box(decide::<rug::Rational>(&case)))));
        println!(
            "{spec}: rug {rug:.1} ms ({alone:.1} ms on one thread), num-bigint {num:.1} ms = {:.1} x rug",
            num / rug
        );
        match pari(&case) {
            Some([elements, common]) => println!(
                "{spec}: PARI element-wise {elements:.0} ms = {:.1} x rug; on a common denominator {common:.0} ms = {:.2} x rug ({:.2} x on one thread)",
                elements / rug,
                common / rug,
                common / alone
            ),
            None => println!("NOT RUN: the comparison with PARI/GP: gp is not installed (apt-get install pari-gp)"),
        }
    }
}

criterion_group!(benches, norm_identity);
criterion_main!(benches);
