//! `logitlab simulate`: what it prints and writes, and that an interrupted run ends as one that was not.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::cli::run::{folder, run, transcript};

const SMALL: [&str; 8] =
    ["simulate", "--arms", "bernoulli:0.3,0.6", "--steps", "40", "--runs", "3", "--modes=f32,bf16"];

fn with<'a>(base: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [base, more].concat()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn help_teaches() {
    let folder = folder(&[]);
    insta::assert_snapshot!(transcript(folder.path(), &["simulate", "--help"]));
}

#[test]
fn what_it_prints() {
    let folder = folder(&[]);
    let runs: [&[&str]; 4] = [
        &SMALL,
        &with(&SMALL, &["--check"]),
        &["simulate", "--algorithm=expected", "--eta=0.4", "--steps=20", "--runs=1", "--modes=f32", "--check"],
        &["simulate", "--algorithm=alternate", "--steps=20", "--runs=2", "--modes=bf16", "--check"],
    ];
    let printed: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    insta::assert_snapshot!(printed.join("\n"));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn bad_configuration_gives_one_clear_error() {
    let folder = folder(&[("other", b"{}"), ("text", b"no state")]);
    let runs: [&[&str]; 20] = [
        &["--arms", "bernoulli:0.3"],
        &["--arms", "0.3,0.5"],
        &["--arms", "bernoulli:0.3,1.5"],
        &["--algorithm", "reinfroce"],
        &["--baseline", "median"],
        &["--algorithm=expected", "--baseline=mean"],
        &["--eta", "-1"],
        &["--eta", "0.1/log(t)"],
        &["--entropy", "inf"],
        &["--arms=fixed:1,2", "--start=0,1,2"],
        &["--steps", "0"],
        &["--runs", "0"],
        &["--modes", "bf17"],
        &["--modes", "f32,f32"],
        &["--bits", "64"],
        &["--out", "run.xlsx"],
        &["--out", "absent/run.csv"],
        &["--every", "5"],
        &["--checkpoint", "text"],
        &["--arms=gaussian:1,2", "--eta=1e30", "--modes=fp16"],
    ];
    let printed: Vec<String> = runs
        .iter()
        .map(|arguments| {
            let text = transcript(folder.path(), &with(&["simulate"], arguments));
            assert!(text.ends_with("[exit code 2]\n"), "{text}");
            assert_eq!(text.matches("error:").count(), 1, "{text}");
            text
        })
        .collect();
    insta::assert_snapshot!(printed.join("\n"));
    assert_eq!(names(folder.path()), ["other", "text"]);
}

#[test]
fn json_has_configuration_outcomes_and_the_first_failures_of_each_format() {
    let folder = folder(&[]);
    let (code, printed, error) = run(folder.path(), &with(&SMALL, &["--check", "--json"]), b"");
    assert_eq!((code, error.as_str()), (0, ""));
    let document: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(
        (&document["schema"], &document["complete"], &document["check_bits"]),
        (&2.into(), &true.into(), &128.into())
    );
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        (&document["experiment"]["arms"], &document["experiment"]["seed"]),
        (&"bernoulli:0.3,0.6".into(), &1.into())
    );
    let modes = document["modes"].as_array().unwrap();
    assert_eq!(modes.iter().map(|mode| mode["mode"].as_str().unwrap()).collect::<Vec<_>>(), ["f32", "bf16"]);
    assert_eq!(modes[1]["outcomes"].as_array().unwrap().len(), 3);
    let checks = &document["checks"];
    assert_eq!(
        (&checks["runs"], &checks["steps"], &checks["violations"]),
        (&3.into(), &120.into(), &serde_json::json!([]))
    );
    assert_eq!(checks["statements"], 9 * 120);
    let bf16 = &checks["modes"][1];
    let norm = bf16["checks"].as_array().unwrap().iter().find(|check| check["check"] == "norm").unwrap();
    assert_eq!((&bf16["mode"], &norm["claim"]), (&"bf16".into(), &"norm-identity".into()));
    assert!(norm["exactly"]["runs"] == 3 && norm["exactly"]["first"]["step"].is_u64(), "{norm}");
    assert!(!norm["exactly"]["first"]["sides"].as_str().unwrap().is_empty());
}

#[test]
fn tables_have_every_step_whatever_the_format_and_the_threads() {
    let folder = folder(&[]);
    let formats = ["run.csv", "run.jsonl", "run.npz", "run.parquet"];
    for name in formats {
        let (code, _, error) = run(folder.path(), &with(&SMALL, &["--out", name, "--every", "7"]), b"");
        assert_eq!((code, error.as_str()), (0, ""), "{name}");
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        let about = std::fs::read_to_string(folder.path().join(format!("{name}.about.json"))).unwrap();
        let about: serde_json::Value = serde_json::from_str(&about).unwrap();
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            (&about["sha256"], &about["file"], &about["complete"]),
            (&digest.into(), &name.into(), &true.into())
        );
        // Steps 0, 7, ..., 35 and 39 of three runs in two modes.
        assert_eq!((&about["rows"], &about["every"], &about["experiment"]["seed"]), (&42.into(), &7.into(), &1.into()));
        assert_eq!(about["columns"].as_array().unwrap().len(), 14);
    }
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    insta::assert_snapshot!(text("run.csv").lines().take(5).collect::<Vec<_>>().join("\n"));
    // The lines of JSON say the same as the fields of CSV.
    let csv = text("run.csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head = reader.headers().unwrap().clone();
    let lines = text("run.jsonl");
    let mut count = 0;
    for (record, line) in reader.records().map(Result::unwrap).zip(lines.lines()) {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        for (name, field) in head.iter().zip(&record) {
            match &object[name] {
                serde_json::Value::String(text) => assert_eq!(text, field),
                serde_json::Value::Bool(flag) => assert_eq!(flag.to_string(), field),
                number => assert_eq!(number.as_f64(), field.parse().ok(), "{name}"),
            }
        }
        count += 1;
    }
    assert_eq!((count, lines.lines().count()), (42, 42));
    let one_thread = Command::new(env!("CARGO_BIN_EXE_logitlab"))
        .args(with(&SMALL, &["--out", "again.csv", "--every", "7"]))
        .current_dir(folder.path())
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .unwrap();
    assert!(one_thread.status.success());
    assert_eq!(text("again.csv"), csv);
}

#[test]
fn a_state_of_something_else_is_refused() {
    let folder = folder(&[]);
    let state =
        with(&LONG, &["--steps=6000", "--checkpoint", "run.state", "--checkpoint-every", "100", "--out", "run.csv"]);
    let mut child = start(folder.path(), &state);
    wait_for(folder.path(), "run.state");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let other = with(&state, &["--seed", "2", "--eta", "0.2"]);
    let (code, _, error) = run(folder.path(), &other, b"");
    assert_eq!(code, 2);
    assert!(error.contains("eta is 0.1 there and 0.2 here, seed is 1 there and 2 here"), "{error}");
    // Damaged ones.
    let path = folder.path().join("run.state");
    let kept = std::fs::read(&path).unwrap();
    for (rows, expected) in [
        (serde_json::json!([u64::MAX, u64::MAX]), "18446744073709551615 rows should wait there"),
        (serde_json::json!([1, 1, 1, 1, 1, 1, 1]), "does not fit the experiment"),
    ] {
        let mut state_of_rows: serde_json::Value = serde_json::from_slice(&kept).unwrap();
        state_of_rows["rows"] = rows;
        std::fs::write(&path, state_of_rows.to_string()).unwrap();
        let (code, _, error) = run(folder.path(), &state, b"");
        assert!(code == 2 && error.contains(expected) && error.contains("to start anew"), "{error}");
    }
    std::fs::write(&path, &kept[..kept.len() / 2]).unwrap();
    let (code, _, error) = run(folder.path(), &state, b"");
    assert!(code == 2 && error.contains("damaged") && error.contains("to start anew"), "{error}");
}

/// With 6000 steps, some seconds of work.
const LONG: [&str; 6] = [
    "simulate",
    "--arms=gaussian:0.3,0.6,0.1",
    "--runs=40",
    "--modes=f32,bf16,bf16/stochastic8",
    "--baseline=optimal",
    "--json",
];

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_logitlab"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait_for(folder: &Path, name: &str) {
    let started = Instant::now();
    while !folder.join(name).exists() {
        assert!(started.elapsed() < Duration::from_secs(120), "no {name} is written");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn interrupt(child: &Child) {
    let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(killed.success());
}

/// How a process is ended from outside.
type End = fn(&mut Child);

/// Starts it, ends it by `end` once there is a state, over and over until it comes to its end by itself.
fn with_interruptions(folder: &Path, arguments: &[&str], end: End) -> (usize, Vec<u8>) {
    for count in 0.. {
        let mut child = start(folder, arguments);
        let started = Instant::now();
        let state = folder.join("run.state");
        let before = std::fs::read(&state).unwrap_or_default();
        // Until the state is another one, or all is done.
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return (count, child.wait_with_output().unwrap().stdout);
            }
            let now = std::fs::read(&state).unwrap_or_default();
            if !now.is_empty() && now != before && count < 3 {
                break;
            }
            assert!(started.elapsed() < Duration::from_secs(300), "it takes too long");
            std::thread::sleep(Duration::from_millis(50));
        }
        end(&mut child);
        // It may have been done just before.
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            return (count, output.stdout);
        }
    }
    unreachable!("it comes to its end")
}

#[test]
fn interrupted_runs_end_with_the_bytes_of_one_that_was_not() {
    let whole = folder(&[]);
    for (name, every) in [("run.csv", "500"), ("run.parquet", "3000")] {
        let arguments = with(&LONG, &["--steps=6000", "--out", name, "--every", every]);
        let (code, printed, error) = run(whole.path(), &arguments, b"");
        assert_eq!((code, error.as_str()), (0, ""));
        let ends: [(&str, End); 2] = [
            ("--checkpoint-every=900", |child| interrupt(child)),
            ("--checkpoint-every=700", |child| child.kill().unwrap()),
        ];
        for (often, end) in ends {
            let parts = folder(&[]);
            let options = with(&arguments, &["--checkpoint=run.state", often]);
            let (count, again) = with_interruptions(parts.path(), &options, end);
            assert!(count > 0, "it was never interrupted");
            assert_eq!(String::from_utf8(again).unwrap(), printed, "{often}");
            for name in [name.to_string(), format!("{name}.about.json")] {
                let bytes = |folder: &Path| std::fs::read(folder.join(&name)).unwrap();
                assert!(bytes(parts.path()) == bytes(whole.path()), "{name} {often}");
            }
            // Neither the state nor a draft is left, but for what kill -9 could not clean up.
            assert!(!names(parts.path()).iter().any(|name| name.starts_with("run.state")));
        }
    }
}

#[test]
fn interrupted_checks_go_on() {
    let arguments: [&str; 7] =
        ["simulate", "--arms=bernoulli:0.3,0.6", "--steps=30", "--runs=90", "--modes=f32,bf16", "--check", "--json"];
    let (code, printed, error) = run(folder(&[]).path(), &arguments, b"");
    assert_eq!((code, error.as_str()), (0, ""));
    let parts = folder(&[]);
    let options = ["--checkpoint=run.state", "--checkpoint-every=30"];
    let (count, again) = with_interruptions(parts.path(), &with(&arguments, &options), |child| interrupt(child));
    assert!(count > 0, "it was never interrupted");
    assert_eq!(String::from_utf8(again).unwrap(), printed);
    assert!(names(parts.path()).is_empty());
}

#[test]
fn ctrl_c_without_a_state_leaves_the_finished_rows() {
    let folder = folder(&[]);
    let child = start(folder.path(), &with(&LONG, &["--out", "run.csv", "--every", "100", "--steps=100000000"]));
    std::thread::sleep(Duration::from_millis(1500));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{error}");
    assert!(
        error.starts_with("interrupted in f32, runs 0 to 39, at step ") && error.contains("--checkpoint"),
        "{error}"
    );
    let text = std::fs::read_to_string(folder.path().join("run.csv")).unwrap();
    let rows = text.lines().count() - 1;
    assert!(rows >= 40 && rows.is_multiple_of(40), "{rows}");
    let about = std::fs::read_to_string(folder.path().join("run.csv.about.json")).unwrap();
    let about: serde_json::Value = serde_json::from_str(&about).unwrap();
    assert_eq!((&about["complete"], &about["rows"]), (&false.into(), &rows.into()));
    assert_eq!(names(folder.path()), ["run.csv", "run.csv.about.json"]);
}

#[test]
fn no_claim_is_violated_in_the_reference() {
    let folder = folder(&[]);
    let modes = "--modes=f32,bf16,f32+logits=bf16,fp16,e4m3fn";
    for more in [&["--runs=12", "--steps=25"][..], &["--runs=6", "--steps=25", "--algorithm=expected", "--eta=0.4"]] {
        let arguments = with(&["simulate", "--check", "--json", modes], more);
        let (code, printed, error) = run(folder.path(), &arguments, b"");
        assert_eq!((code, error.as_str()), (0, ""));
        let document: serde_json::Value = serde_json::from_str(&printed).unwrap();
        let checks = &document["checks"];
        assert!(checks["violations"] == serde_json::json!([]) && checks["statements"].as_u64().unwrap() > 250);
        // Steps with g = 0 compare 0 with an enclosure of 0.
        assert!(checks["unclear"].as_u64().unwrap() * 10 < checks["statements"].as_u64().unwrap(), "{checks}");
        assert_eq!(checks["modes"].as_array().unwrap().len(), 5);
    }
}
