//! `logitlab measure`: files that it writes, and what is left after Ctrl-C.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::run::{folder, run, transcript};
use crate::support::logits::{f32s, i64s, pair, safetensors};

/// So many rows of so many logits, confident ones.
fn dump(rows: u64, columns: u64) -> Vec<u8> {
    let logits: Vec<f32> = (0..rows * columns).map(|n| if n % columns == 0 { (n % 31) as f32 } else { 0.5 }).collect();
    let actions = vec![0; rows as usize];
    safetensors(&[("logits", "F32", &[rows, columns], f32s(&logits)), ("actions", "I64", &[rows], i64s(&actions))])
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn many_rows_are_summarised() {
    let dump = dump(60, 3);
    let folder = folder(&[("dump.safetensors", &dump)]);
    insta::assert_snapshot!(transcript(folder.path(), &["measure", "dump.safetensors", "--temperature", "0.5"]));
    let (code, printed, _) = run(folder.path(), &["measure", "dump.safetensors", "--rows", "0..55"], b"");
    // A heading, the rows, and the summary.
    assert_eq!((code, printed.lines().take_while(|line| !line.is_empty()).count()), (0, 56));
    let (_, printed, _) = run(folder.path(), &["measure", "dump.safetensors", "--json", "--eta", "1"], b"");
    assert_eq!(printed.lines().filter(|line| line.starts_with("{\"row\":")).count(), 60);
}

#[test]
fn rows_go_into_files() {
    let dump = dump(60, 3);
    let folder = folder(&[("dump.safetensors", &dump)]);
    for name in ["rows.csv", "rows.jsonl", "rows.npz"] {
        let arguments = ["measure", "dump.safetensors", "--out", name, "--json"];
        let (code, printed, error) = run(folder.path(), &arguments, b"");
        assert_eq!((code, error.as_str()), (0, ""));
        let summary: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!((&summary["schema"], &summary["rows"]), (&2.into(), &60.into()));
    }
    assert_eq!(names(folder.path()), ["dump.safetensors", "rows.csv", "rows.jsonl", "rows.npz"]);
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!((text("rows.csv").lines().count(), text("rows.jsonl").lines().count()), (61, 60));
    insta::assert_snapshot!(text("rows.csv").lines().next().unwrap());
}

#[test]
fn nothing_is_left_of_a_file_that_cannot_be_finished() {
    let mut logits = vec![0.25; 3 * 700];
    logits[3 * 699] = f32::NAN;
    let bad = pair(&logits, &[0; 700]);
    let folder = folder(&[("bad.safetensors", &bad), ("rows.csv", b"from before")]);
    let arguments: [&[&str]; 4] = [
        &["measure", "bad.safetensors", "--out", "rows.csv"],
        &["measure", "bad.safetensors", "--out", "rows.npz"],
        &["measure", "bad.safetensors", "--out", "rows.xlsx"],
        &["measure", "bad.safetensors", "--out", "absent/rows.csv"],
    ];
    let printed: Vec<String> = arguments.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    insta::assert_snapshot!(printed.join("\n"));
    assert_eq!(names(folder.path()), ["bad.safetensors", "rows.csv"]);
    assert_eq!(std::fs::read(folder.path().join("rows.csv")).unwrap(), b"from before");
}

#[test]
fn ctrl_c_leaves_the_finished_rows() {
    const ROWS: u64 = 60_000;
    let dump = dump(ROWS, 40);
    for name in ["rows.csv", "rows.npz", "rows.jsonl"] {
        let folder = folder(&[("dump.safetensors", &dump)]);
        let child = Command::new(env!("CARGO_BIN_EXE_logitlab"))
            // Slow enough that it would take minutes.
            .args(["measure", "dump.safetensors", "--bits", "2000", "--out", name])
            .current_dir(folder.path())
            .env_remove("CLICOLOR_FORCE")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // From the time that the draft has grown there are finished rows.
        let started = Instant::now();
        let draft = || names(folder.path()).into_iter().find(|own| own.starts_with('.'));
        let has_grown = |name: String| std::fs::metadata(folder.path().join(name)).is_ok_and(|found| found.len() > 0);
        while !draft().is_some_and(|draft| has_grown(draft) || name.ends_with("npz")) {
            assert!(started.elapsed() < Duration::from_secs(120), "nothing is written");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(500));
        let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
        assert!(killed.success());
        let output = child.wait_with_output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(130), "{printed}");
        let said = printed.lines().find(|line| line.contains("interrupted after")).unwrap();
        let rows: u64 = said.split_whitespace().nth(2).unwrap().parse().unwrap();
        assert!(said.ends_with(&format!("of {ROWS} rows")) && rows < ROWS, "{said}");
        assert_eq!(names(folder.path()), ["dump.safetensors", name]);
        assert_eq!(rows_of(&folder.path().join(name)), rows, "{name}");
    }
}

/// How many rows a file has, every one of them complete.
fn rows_of(path: &PathBuf) -> u64 {
    match path.extension().unwrap().to_str().unwrap() {
        "csv" => csv::Reader::from_path(path).unwrap().records().filter(|record| record.is_ok()).count() as u64,
        "npz" => {
            let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
            let sizes: Vec<u64> =
                (0..archive.len()).map(|at| (archive.by_index(at).unwrap().size() - 128) / 8).collect();
            assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
            sizes[0]
        }
        _ => {
            let text = std::fs::read_to_string(path).unwrap();
            text.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).count() as u64
        }
    }
}
