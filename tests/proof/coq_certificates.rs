//! Certificates of norms: Coq proves what was computed, and nothing else.

use std::path::PathBuf;
use std::process::Command;

use crate::support;
use crate::support::logits::{f32s, i64s, safetensors};
use logitlab::arith::scaled::Scaled;
use logitlab::certified::{self, Settings};
use logitlab::coq::{Certificate, CompileError, Compiler, foreign_axioms};

/// Shared by all tests that compile the development, and kept from run to run.
fn compiler(test: &str) -> Option<Compiler> {
    let coqc = support::tool("coqc", test)?;
    Some(Compiler::new(coqc, PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("logitlab/coq")).expect("a complete Coq"))
}

/// 20 logits, the action 3 far above the others, and two masked ones.
fn row() -> Vec<f32> {
    let mut row: Vec<f32> = (0..20u8).map(|i| f32::from(i) * 0.37 - 40.0).collect();
    row[3] = 17.5;
    row[0] = f32::NEG_INFINITY;
    row[11] = f32::NEG_INFINITY;
    row
}

fn norm() -> (Vec<f64>, Scaled) {
    let row: Vec<f64> = row().into_iter().map(f64::from).collect();
    let (found, _) = certified::enclose(&Settings::default(), &row, 3).unwrap();
    // Confident: f64's closed form has no digit of this norm.
    let size = found.norm.lo * libm::exp2(found.norm.exponent as f64);
    assert!(size < 1e-20 && size > 0.0 && found.norm.relative_width() < 1e-12, "{:?}", found.norm);
    (row, found.norm)
}

#[test]
fn coq_proves_an_enclosure_and_rejects_a_false_one() {
    let Some(compiler) = compiler("coq_proves_an_enclosure_and_rejects_a_false_one") else { return };
    let (row, norm) = norm();
    let text = |norm| Certificate::new(&row, 3, norm).unwrap().text(&["A row of a test.".to_string()]);
    let accepted = compiler.compile("Row", &text(norm)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(foreign_axioms(&accepted.output), Some(vec![]), "{}", accepted.output);
    // One part in 2^40 beside the truth, on either side; and a single number.
    let width = norm.hi * libm::exp2(-40.0);
    let above = Scaled { lo: norm.hi, hi: norm.hi + width, ..norm };
    let below = Scaled { lo: norm.lo - width, hi: norm.lo, ..norm };
    for wrong in [above, below, Scaled { hi: norm.lo, ..norm }] {
        match compiler.compile("Row", &text(wrong)) {
            Err(CompileError::Rejected { lemma, .. }) => assert_eq!(lemma.as_deref(), Some("certificate")),
            other => panic!("{wrong:?}: {other:?}"),
        }
    }
    // Another logit: not the row that the norm belongs to.
    let other = text(norm).replacen("row : list Z := [\n  ", "row : list Z := [\n  1", 1);
    assert!(matches!(compiler.compile("Row", &other), Err(CompileError::Rejected { .. })));
}

#[test]
fn the_command_certifies_a_row() {
    let Some(coqc) = support::tool("coqc", "the_command_certifies_a_row") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = safetensors(&[("logits", "F32", &[1, 20], f32s(&row())), ("actions", "I64", &[1], i64s(&[3]))]);
    std::fs::write(folder.path().join("row.safetensors"), file).unwrap();
    let run = |path: &str, arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_logitlab"))
            .args(["certify", "row.safetensors"])
            .args(arguments)
            .current_dir(folder.path())
            .env("PATH", path)
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    // Without Coq: never a pass.
    let (code, out, err) = run("/nonexistent", &["--row", "0", "--check"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("coqc is not installed") && err.contains("coq libcoq-interval"), "{err}");
    let (code, _, err) = run("/nonexistent", &["--row", "1"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("there is no row 1: the file has rows 0..1"), "{err}");

    let path = coqc.parent().unwrap().to_str().unwrap();
    let (code, out, err) = run(path, &["--row", "0", "--check", "--out", "row.v"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("proved by Coq"), "{out}");
    let written = std::fs::read_to_string(folder.path().join("row.v")).unwrap();
    assert!(written.contains("vnorm 18 (vsub (e 2) (softmax 18 (logits "), "{written}");
    assert!(written.contains("2 more are masked"), "{written}");
}

/// The ten rows of a campaign, of a file of real logits with up to 512 actions that LOGITLAB_LOGITS names: the five
/// with the least 1 - P_c, and five that lie evenly.
#[test]
fn real_rows_when_asked() {
    let Ok(path) = std::env::var("LOGITLAB_LOGITS") else { return };
    let compiler = compiler("real_rows_when_asked").expect("coqc is installed");
    let source = logitlab::source::Source::open(&logitlab::source::Request::new([path])).unwrap();
    let enclosed = |row: u64| {
        let block = source.read(row, 1).unwrap();
        let (found, _) = certified::enclose(&Settings::default(), block.row(0), block.actions[0]).unwrap();
        (block, found)
    };
    let rest = |row: u64| enclosed(row).1.rest.outward()[1];
    let mut rows: Vec<(f64, u64)> = (0..source.rows).map(|row| (rest(row), row)).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let evenly = (0..5).map(|part| rows[rows.len() / 5 * part + rows.len() / 10]);
    let chosen: Vec<(f64, u64)> = rows[..5].iter().copied().chain(evenly).collect();
    for &(rest, row) in &chosen {
        let (block, found) = enclosed(row);
        let width = found.norm.relative_width();
        assert!(width < 1e-12, "row {row}: {width:e}");
        let certificate = Certificate::new(block.row(0), block.actions[0], found.norm).unwrap();
        let start = std::time::Instant::now();
        compiler.compile("Row", &certificate.text(&[])).unwrap_or_else(|error| panic!("row {row}: {error}"));
        println!("row {row}: 1 - P_c {rest:.1e}, relative width {width:.1e}, {:.1} s", start.elapsed().as_secs_f64());
    }
    let confident = chosen.iter().filter(|(rest, _)| *rest < 1e-9).count();
    println!("{confident} of {} rows with 1 - P_c below 1e-9", chosen.len());
}
