//! The reference for rows at 128 and 256 bits: 128 rows of 32,768 f32 logits, on one thread, against Arb.
//!
//! `arb_rows.c` is compiled with the C compiler that the build needs anyway; without Arb (Debian: libflint-arb-dev, or
//! FLINT 3) the comparison says NOT RUN. Arb computes w alone, the reference all ten quantities.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logitlab::certified::reference::Reference;
use logitlab::policy::random::Rng;

const ROWS: usize = 128;
const COLUMNS: usize = 32_768;
const BITS: [u32; 2] = [128, 256];
/// How often the two take turns.
const TURNS: usize = 4;

/// Gaussian logits of scale 3, as f32.
fn rows() -> Vec<Vec<f64>> {
    let row = |index| {
        let mut rng = Rng::new(1, index);
        (0..COLUMNS).map(|_| f64::from((3.0 * rng.gaussian()) as f32)).collect()
    };
    (0..ROWS as u64).map(row).collect()
}

/// Seconds of this thread on a processor since some moment, so that other work on the machine does not count; where
/// the system does not tell them, seconds since the start.
fn seconds() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let spent = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = spent.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    spent.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds as f64 * 1e-9)
}

/// The seconds that rows take here.
fn ours(reference: &Reference, rows: &[Vec<f64>]) -> f64 {
    let start = seconds();
    for row in rows {
        black_box(reference.enclose_precise(black_box(row), 0).expect("a row with a softmax"));
    }
    seconds() - start
}

/// Compiles the program that Arb's figures come from, against Arb 2 or FLINT 3.
fn arb_program(dir: &Path) -> Option<std::path::PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/arb_rows.c");
    let program = dir.join("arb_rows");
    let links: [&[&str]; 2] = [&["-lflint-arb", "-lflint"], &["-lflint"]];
    links.into_iter().find_map(|libraries| {
        let mut compiler = Command::new("cc");
        compiler.arg("-O2").arg(&source).arg("-o").arg(&program).args(libraries);
        compiler.output().is_ok_and(|output| output.status.success()).then(|| program.clone())
    })
}

/// The seconds that rows take Arb, and its w of the first.
fn arb(program: &Path, file: &Path, rows: usize, bits: u32) -> (f64, String) {
    let sizes = [rows, COLUMNS, bits as usize].map(|n| n.to_string());
    let output = Command::new(program).arg(file).args(sizes).output().expect("the program that was compiled runs");
    let line = String::from_utf8(output.stdout).expect("a line");
    let (seconds, w) = line.trim().split_once(' ').and_then(|(_, rest)| rest.split_once(' ')).expect("three columns");
    (seconds.parse().expect("seconds"), w.to_string())
}

/// Prints both rates and their ratio, of turns that the two take.
fn compare(rows: &[Vec<f64>]) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let Some(program) = arb_program(dir.path()) else {
        println!(
            "NOT RUN: the comparison with Arb: it is not installed (apt-get install libflint-arb-dev, or FLINT 3)"
        );
        return;
    };
    let part = ROWS / TURNS;
    let bytes: Vec<u8> = rows[..part].iter().flatten().flat_map(|&z| (z as f32).to_le_bytes()).collect();
    let file = dir.path().join("rows.f32");
    fs::write(&file, bytes).expect("the rows are written");
    for bits in BITS {
        let reference = Reference::new(bits, 1.0);
        let (mut here, mut there, mut w) = (0.0, 0.0, String::new());
        for turn in rows.chunks(part) {
            here += ours(&reference, turn);
            let (seconds, found) = arb(&program, &file, part, bits);
            (there, w) = (there + seconds, found);
        }
        let found = reference.enclose_precise(&rows[0], 0).expect("a row with a softmax").w;
        let [rate, arb_rate] = [here, there].map(|seconds| (ROWS * COLUMNS) as f64 / seconds / 1e6);
        let ratio = there / here;
        println!("{bits} bits: w of the first row is {:.29} here, {w} by Arb", found.lo());
        println!("{bits} bits: {rate:.2} million logits a second, Arb {arb_rate:.2}: {ratio:.1} times as fast");
    }
}

fn all(criterion: &mut Criterion) {
    let rows = rows();
    compare(&rows);
    let mut group = criterion.benchmark_group("reference");
    group.sample_size(20).throughput(Throughput::Elements(COLUMNS as u64));
    for bits in BITS {
        let reference = Reference::new(bits, 1.0);
        let mut next = rows.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter(bits), |bencher| {
            bencher.iter(|| reference.enclose_precise(next.next().expect("a cycle"), 0));
        });
    }
    group.finish();
}

criterion_group!(benches, all);
criterion_main!(benches);
