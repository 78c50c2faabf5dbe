//! Certificates of norms: Coq proves what was computed, and nothing else.

use std::path::PathBuf;
use std::process::Command;

use crate::support;
use crate::support::logits::{f32s, i64s, safetensors};
use logitlab::arith::scaled::Scaled;
use logitlab::certified::{self, Settings};
use logitlab::coq::{Certificate, Certificates, CompileError, Compiled, Compiler, foreign_axioms};

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

/// One theorem about a row of a test.
fn text(row: &[f64], action: usize, norm: Scaled) -> String {
    let about = vec!["A row of a test.".to_string()];
    let rows = vec![Certificate::new(0, about, row, action, norm).unwrap()];
    Certificates::new(vec![], rows).text()
}

fn compile(compiler: &Compiler, text: &str) -> Result<Compiled, CompileError> {
    compiler.compile(Certificates::MODULE, text)
}

fn enclosed(row: &[f64], action: usize) -> Scaled {
    certified::enclose(&Settings::default(), row, action).unwrap().0.norm
}

#[test]
fn coq_proves_an_enclosure_and_rejects_a_false_one() {
    let Some(compiler) = compiler("coq_proves_an_enclosure_and_rejects_a_false_one") else { return };
    let (row, norm) = norm();
    let accepted = compile(&compiler, &text(&row, 3, norm)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(foreign_axioms(&accepted.output), Some(vec![]), "{}", accepted.output);
    // One part in 2^40 beside the truth, on either side; and a single number.
    let width = norm.hi * libm::exp2(-40.0);
    let above = Scaled { lo: norm.hi, hi: norm.hi + width, ..norm };
    let below = Scaled { lo: norm.lo - width, hi: norm.lo, ..norm };
    for wrong in [above, below, Scaled { hi: norm.lo.next_down(), ..norm }] {
        match compile(&compiler, &text(&row, 3, wrong)) {
            Err(CompileError::Rejected { lemma, .. }) => assert_eq!(lemma.as_deref(), Some("norm_0")),
            other => panic!("{wrong:?}: {other:?}"),
        }
    }
    // Another logit: not the row that the norm belongs to.
    let other = text(&row, 3, norm).replacen("row_0 : list Z := [\n  ", "row_0 : list Z := [\n  1", 1);
    assert!(matches!(compile(&compiler, &other), Err(CompileError::Rejected { .. })));
}

/// Rows of every kind in one file, each with the enclosure that is computed for it.
#[test]
fn coq_proves_rows_of_every_kind() {
    let Some(compiler) = compiler("coq_proves_rows_of_every_kind") else { return };
    let inf = f64::NEG_INFINITY;
    let wide: Vec<f64> = (0..1300u32).map(|i| f64::from(i * 7919 % 1300) / -64.0).collect();
    let rows: [(&[f64], usize); 21] = [
        // One action, alone or since the others are masked.
        (&[2.5], 0),
        (&[inf, -3.0, inf], 1),
        // Ties, with and without the action among the largest.
        (&[0.0, 0.0], 1),
        (&[1.0, 1.0, 1.0, -2.0], 3),
        (&[1.0, 1.0, 1.0, -2.0], 0),
        (&[0.0; 40], 17),
        // The action far above all others, and far below.
        (&[0.0, 30.0, -1.0, inf], 1),
        (&[0.0, 700.5, -1.0], 1),
        (&[5000.0, 0.125, 0.0625], 0),
        (&[0.0, 30.0, -1.0], 2),
        (&[0.0, -5000.0], 1),
        (&[0.0, -1e300], 1),
        // Huge, tiny, and both.
        (&[1e15, 1e15 - 1.0, 1e15 + 2.0], 2),
        (&[1e-300, -1e-300, 3e-310], 1),
        (&[5e-324, 0.0, 1.0], 2),
        (&[1e-300, 0.0], 0),
        (&[1e-3, 1e-300], 0),
        (&[1e300, 1e300, 1.0], 0),
        (&[0.1, 0.2, 0.3, 0.7], 2),
        (&[1e-17, 2.0, 1.5], 0),
        // More than one list.
        (&wide, 1299),
    ];
    let certificate = |(k, &(row, action)): (usize, &(&[f64], usize))| {
        Certificate::new(k as u64, vec![], row, action, enclosed(row, action)).unwrap()
    };
    let all = Certificates::new(vec![], rows.iter().enumerate().map(certificate).collect());
    let text = all.text();
    assert_eq!(Certificates::read(&text), Ok(all));
    let compiled = compile(&compiler, &text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(foreign_axioms(&compiled.output), Some(vec![]), "{}", compiled.output);
}

/// A file that is refused before Coq sees it, and the line that it is refused for.
#[test]
fn what_is_not_a_certificate_is_refused() {
    let (row, norm) = norm();
    let good = text(&row, 3, norm);
    assert!(Certificates::read(&good).is_ok());
    let line = |place: &str| good.lines().position(|line| line.contains(place)).unwrap() + 1;
    let (theorem, required) = (line("Theorem norm_0"), line("From Logitlab"));
    let before = |place: &str, more: &str| good.replacen(place, &format!("{more}{place}"), 1);
    let hostile: Vec<(&str, String, usize)> = vec![
        ("an axiom", before("\nTheorem", "Axiom cheat : False.\n"), theorem - 1),
        ("an axiom at the end", format!("{good}Axiom cheat : False.\n"), good.lines().count() + 1),
        ("an axiom in the line of a list", good.replacen("]%Z.", "]%Z. Axiom cheat : False.", 1), 0),
        ("a redefinition", before("\nTheorem", "Definition softmax (K : nat) (z : vec) : vec := z.\n"), theorem - 1),
        ("another notation", before("\nTheorem", "Notation \"x <= y\" := True.\n"), theorem - 1),
        ("another import", before("From Coq Require", "From Coq Require Import Classical.\n"), required + 1),
        ("another module", good.replacen("Import Certificate", "Import Certificate Laws", 1), required),
        ("a plugin", before("From Coq", "Declare ML Module \"cheat\".\n"), required + 1),
        ("a file that is loaded", before("From Coq", "Load cheat.\n"), required + 1),
        ("a flag", before("From Coq", "Unset Guard Checking.\n"), required + 1),
        ("no proof", good.replacen("Qed.", "Admitted.", 1), line("Qed.")),
        ("another proof", good.replacen("vm_cast_no_check (eq_refl true)", "admit", 1), line("vm_cast")),
        ("another proposition", good.replacen("  vnorm (length", "  0 * vnorm (length", 1), theorem + 2),
        ("an end left out", good.replacen("  <= dyadic", "  <= 1 + dyadic", 1), line("  <= dyadic")),
        ("another variable", good.replacen("(e (Z.to_nat", "(e (Z.abs_nat", 1), theorem + 2),
        ("a comment that ends early", good.replacen("A row of a test.", "A *) Axiom x : False. (* row", 1), 0),
        ("a comment with a string", good.replacen("A row of a test.", "A \"row", 1), line("A row of a test.")),
        (
            "tables of another unit",
            good.replacen("make closeness (", "make closeness (1 + ", 1),
            line("make closeness"),
        ),
        ("bits in words", good.replacen("Precision ", "Precision 0", 1), line("Precision")),
        ("bits without end", good.replacen("Precision ", "Precision 99999", 1), line("Precision")),
        ("nothing printed", good.replacen("Print Assumptions all_norms.\n", "", 1), good.lines().count()),
        ("another way to write a number", good.replacen("list Z := [\n  ", "list Z := [\n  0x", 1), 0),
        ("a plus", good.replacen("(Z.to_nat 2)", "(Z.to_nat +2)", 1), theorem + 2),
        ("an action that is not there", good.replace("Z.to_nat 2)", "Z.to_nat 18)"), theorem + 2),
        ("ends of lines", good.replace('\n', "\r\n"), 1),
        ("a blank at the end", good.clone() + " ", good.lines().count() + 1),
        ("no end", good[..good.len() - 1].to_string(), good.lines().count()),
        ("half of it", good[..good.len() / 2].to_string(), 0),
        ("nothing", String::new(), 1),
        ("another file", "Theorem x : True.\nProof. exact I. Qed.\n".to_string(), 1),
    ];
    for (what, text, line) in hostile {
        assert_ne!(text, good, "{what}");
        let refused = Certificates::read(&text).expect_err(what);
        assert!(line == 0 || refused.line == line, "{what}: expected line {line}: {refused}");
        let said = refused.to_string();
        assert!(said.len() < 400 && !said.contains('\n'), "{said}");
    }
}

/// Runs the command on the dump of three rows that a folder has.
fn run(folder: &tempfile::TempDir, path: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_logitlab"))
        .arg("certify")
        .args(arguments)
        .current_dir(folder.path())
        .env("PATH", path)
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn dump() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let three: Vec<f32> = [row(), vec![0.5; 20], row()].concat();
    let tensors = [("logits", "F32", &[3, 20][..], f32s(&three)), ("actions", "I64", &[3], i64s(&[3, 19, 0]))];
    std::fs::write(folder.path().join("rows.safetensors"), safetensors(&tensors)).unwrap();
    folder
}

#[test]
fn the_command_certifies_rows_and_verifies_them() {
    let Some(coqc) = support::tool("coqc", "the_command_certifies_rows_and_verifies_them") else { return };
    let folder = dump();
    let path = coqc.parent().unwrap().to_str().unwrap();
    let run = |arguments: &[&str]| run(&folder, path, arguments);
    let (code, out, err) = run(&["rows.safetensors", "--rows", "0..2", "--check", "--out", "rows.v"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("proved by Coq"), "{out}");
    let file = folder.path().join("rows.v");
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("vnorm (length row_0) (vsub (e (Z.to_nat 2))"), "{written}");
    assert!(written.contains("2 more are masked") && written.contains("Theorem norm_1 :"), "{written}");

    // What it says of them again, and nothing of 1 - P_c, which no theorem is about.
    let (code, out, err) = run(&["--verify", "rows.v", "--json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    let number = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().parse::<f64>().unwrap();
    assert_eq!(said["coq"]["accepted"], true);
    let rows = said["rows"].as_array().unwrap();
    let sizes: Vec<_> = rows.iter().map(|row| (row["row"].as_u64(), row["logits"].as_u64())).collect();
    assert_eq!(sizes, [(Some(0), Some(18)), (Some(1), Some(20))]);
    assert!(number(&rows[0], "norm_lo") > 0.0 && number(&rows[0], "norm_hi") < 1e-20, "{out}");
    // 20 equal logits: the norm is sqrt(1 - 1/20).
    let truth = libm::sqrt(0.95);
    let [lo, hi] = ["norm_lo", "norm_hi"].map(|end| number(&rows[1], end));
    assert!(lo <= truth && truth <= hi && hi - lo < 1e-12, "{out}");

    // A number that is not true: Coq says so. A file that says more: nobody asks Coq.
    let false_end = written.replacen("  <= dyadic ", "  <= dyadic (-", 1).replacen(".\nProof", ").\nProof", 1);
    let ends: Vec<&str> = written.lines().filter_map(|line| line.strip_prefix("  <= dyadic ")).collect();
    let end = ends[0].trim_end_matches('.');
    let smaller = end.replacen(end.split(' ').next().unwrap(), "3", 1);
    for (what, text, code) in [
        ("damaged", written.replace(end, &smaller), 1),
        ("of another shape", false_end, 2),
        ("with an axiom", written.clone() + "Axiom cheat : False.\n", 2),
    ] {
        std::fs::write(&file, text).unwrap();
        let (ended, out, err) = run(&["--verify", "rows.v"]);
        assert_eq!(ended, Some(code), "{what}: {out}{err}");
        let (said, why) =
            if code == 1 { (out, "not accepted by Coq") } else { (err, "is not what `logitlab certify` writes") };
        assert!(said.contains(why), "{what}: {said}");
        assert!(code == 2 || said.contains("in norm_0"), "{what}: {said}");
    }
}

#[test]
fn the_command_refuses_what_it_cannot_certify() {
    let folder = dump();
    let run = |arguments: &[&str]| run(&folder, "/nonexistent", arguments);
    for (arguments, why) in [
        // Without Coq: never a pass.
        (&["rows.safetensors", "--row", "0", "--check"][..], "coqc is not installed"),
        (&["--verify", "rows.v"], "coqc is not installed"),
        (&["rows.safetensors", "--row", "3"], "there is no row 3: the file has rows 0..3"),
        (&["rows.safetensors", "--rows", "1..4"], "--rows 1..4 reaches beyond the file, which has rows 0..3"),
        (&["rows.safetensors", "--row", "2"], "row 2: the chosen action 0 is masked"),
        (&["rows.safetensors", "--rows", "0..3"], "row 2: the chosen action 0 is masked"),
        (&["rows.safetensors", "--row", "0", "--json"], "give --out, --check or --verify"),
        (&["rows.safetensors", "--row", "0", "--fresh"], "give --check or --verify"),
        (&["rows.safetensors", "--verify", "rows.v"], "cannot be used with"),
        (&["rows.safetensors", "--row", "0", "--rows", "1"], "cannot be used with"),
        (&["rows.safetensors"], "--row <N>"),
        (&[], "<FILE>"),
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {err}");
        assert!(err.contains(why), "{arguments:?}: {err}");
    }
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(out.contains(&logitlab::coq::certificate::MAX_ACTIONS.to_string()), "{out}");
}

/// The ten rows of a campaign, of a file of real logits with up to 512 actions that LOGITLAB_LOGITS names: the five
/// with the least 1 - P_c, and five that lie evenly.
#[test]
fn real_rows_when_asked() {
    let Ok(path) = std::env::var("LOGITLAB_LOGITS") else { return };
    let compiler = compiler("real_rows_when_asked").expect("coqc is installed");
    let source = logitlab::source::Source::open(&logitlab::source::Request::new([path])).unwrap();
    let found = |row: u64| {
        let block = source.read(row, 1).unwrap();
        let (found, _) = certified::enclose(&Settings::default(), block.row(0), block.actions[0]).unwrap();
        (block, found)
    };
    let rest = |row: u64| found(row).1.rest.outward()[1];
    let mut rows: Vec<(f64, u64)> = (0..source.rows).map(|row| (rest(row), row)).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let evenly = (0..5).map(|part| rows[rows.len() / 5 * part + rows.len() / 10]);
    let chosen: Vec<(f64, u64)> = rows[..5].iter().copied().chain(evenly).collect();
    for &(rest, row) in &chosen {
        let (block, found) = found(row);
        let width = found.norm.relative_width();
        assert!(width < 1e-12, "row {row}: {width:e}");
        let text = text(block.row(0), block.actions[0], found.norm);
        let start = std::time::Instant::now();
        compile(&compiler, &text).unwrap_or_else(|error| panic!("row {row}: {error}"));
        println!("row {row}: 1 - P_c {rest:.1e}, relative width {width:.1e}, {:.1} s", start.elapsed().as_secs_f64());
    }
    let confident = chosen.iter().filter(|(rest, _)| *rest < 1e-9).count();
    println!("{confident} of {} rows with 1 - P_c below 1e-9", chosen.len());
}
