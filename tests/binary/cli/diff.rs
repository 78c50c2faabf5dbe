//! `diff`: two dumps compared, refused, written out and held against limits.

use serde_json::Value;

use crate::cli::run::{folder, run, transcript};
use crate::support::logits::{engines, f32s, i64s, npy, pair, safetensors, tour, with_header};

const MASK: f32 = f32::NEG_INFINITY;

fn files() -> tempfile::TempDir {
    let [rollout, trainer] = engines();
    let rows = [0.0, 1.0, 2.0, 3.0, 1.0, 0.0];
    // What A keeps, after top-k with k = 2.
    let cut = [MASK, 1.0, 2.0, 3.0, 1.0, MASK];
    let at = |temperature: &str| {
        let metadata = format!(
            r#"{{"__metadata__":{{"temperature":"{temperature}"}},"logits":{{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}},"actions":{{"dtype":"I64","shape":[2],"data_offsets":[24,40]}}}}"#
        );
        with_header(&metadata, &[f32s(&rows), i64s(&[1, 1])].concat())
    };
    let wide = safetensors(&[("logits", "F32", &[2, 4], f32s(&[0.0; 8])), ("actions", "I64", &[2], i64s(&[0, 0]))]);
    folder(&[
        ("rollout.safetensors", &rollout),
        ("trainer.safetensors", &trainer),
        ("dump.safetensors", &tour()),
        ("rows.safetensors", &pair(&rows, &[1, 1])),
        ("other-actions.safetensors", &pair(&rows, &[1, 2])),
        ("alone.safetensors", &safetensors(&[("logits", "F32", &[2, 3], f32s(&rows))])),
        ("cut.safetensors", &pair(&cut, &[1, 1])),
        ("one-mask.safetensors", &pair(&[0.0, 1.0, 2.0, 3.0, 1.0, MASK], &[1, 1])),
        ("wide.safetensors", &wide),
        ("nan.safetensors", &pair(&[0.0, f32::NAN, 0.0, 0.0, 0.0, 0.0], &[1, 1])),
        ("hot.safetensors", &at("0.7")),
        ("cold.safetensors", &at("1.0")),
        ("z.npy", &npy("<f4", "(2, 3)", &f32s(&rows))),
        (
            "y.npy",
            &npy("<f8", "(2, 3)", &rows.iter().flat_map(|z| (f64::from(*z) + 0.25).to_le_bytes()).collect::<Vec<_>>()),
        ),
        ("c.npy", &npy("<i8", "(2,)", &i64s(&[1, 1]))),
    ])
}

#[test]
fn pages() {
    let folder = files();
    let page = |arguments: &[&str]| transcript(folder.path(), arguments);
    let engines = page(&["diff", "rollout.safetensors", "trainer.safetensors"]);
    for part in [
        "40 rows of 200 logits, temperature 1",
        "1 of 40 rows (2.5 %) cannot come from rounding the same logits",
        "1 of 40 tokens (2.5 %) has a ratio P_B/P_A outside [0.9, 1.1] (row 7)",
        "0 above 1.2, 1 below 0.8",
        "39  rows are consistent with it",
        "[exit code 0]",
    ] {
        assert!(engines.contains(part), "{part} is not in {engines}");
    }
    assert!(
        page(&["diff", "rows.safetensors", "rows.safetensors"]).contains("All rows are the same bits on both sides.")
    );
    let cut = page(&["diff", "rows.safetensors", "cut.safetensors", "--accept-masks"]);
    assert!(
        cut.contains("In 2 of 2 rows (100.0 %) one side masks actions (logit -inf) that the other does not"),
        "{cut}"
    );
    assert!(page(&["diff", "--metrics"]).contains("verl rollout_corr/chi2_token"));
}

#[test]
fn refusals() {
    let folder = files();
    let runs: &[&[&str]] = &[
        &["diff", "rows.safetensors", "dump.safetensors"],
        &["diff", "rows.safetensors", "wide.safetensors"],
        &["diff", "rows.safetensors", "other-actions.safetensors"],
        &["diff", "rows.safetensors", "cut.safetensors"],
        &["diff", "hot.safetensors", "rows.safetensors"],
        &["diff", "cold.safetensors", "hot.safetensors"],
        &["diff", "alone.safetensors", "alone.safetensors"],
        &["diff", "alone.safetensors", "rows.safetensors"],
        &["diff", "rows.safetensors", "nan.safetensors"],
        &["diff", "z.npy", "y.npy"],
        &["diff", "rows.safetensors", "missing.safetensors"],
        &["diff", "rows.safetensors"],
        &["diff", "rows.safetensors", "rows.safetensors", "--rows", "0..3"],
        &["diff", "rows.safetensors", "rows.safetensors", "--fail-on", "kl_ab/p98>1"],
        &["diff", "rows.safetensors", "rows.safetensors", "--fail-on", "kl_ab/p99"],
        &["diff", "rows.safetensors", "rows.safetensors", "--temperature", "0,1"],
        &["diff", "rows.safetensors", "rows.safetensors", "--formats", "f128"],
        &["diff", "rows.safetensors", "rows.safetensors", "--band", "1.1,0.9"],
        &["diff", "rows.safetensors", "rows.safetensors", "--out", "no/such/rows.jsonl"],
    ];
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn other_batches_and_times_are_other_positions() {
    let numbers: Vec<f32> = (0..24).map(|i| (i * 7 % 11) as f32).collect();
    let shaped = |shape: &[u64]| safetensors(&[("logits", "F32", shape, f32s(&numbers))]);
    let shapes = [
        ("bt", vec![2, 4, 3]),
        ("tb", vec![4, 2, 3]),
        ("rows", vec![8, 3]),
        ("one", vec![1, 8, 3]),
        ("each", vec![8, 1, 3]),
    ];
    let files: Vec<(String, Vec<u8>)> =
        shapes.iter().map(|(name, shape)| (format!("{name}.safetensors"), shaped(shape))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let folder = folder(&files);
    let found = |a: &str, b: &str| {
        let [a, b] = [a, b].map(|name| format!("{name}.safetensors"));
        run(folder.path(), &["diff", &a, &b, "--action", "argmax", "--json"], b"")
    };
    let (code, out, err) = found("bt", "tb");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("(bt.safetensors) are of [2, 4] of batch and time, those of B (tb.safetensors) of [4, 2]"),
        "{err}"
    );
    for (a, b) in [("bt", "bt"), ("bt", "rows"), ("rows", "tb"), ("one", "each"), ("one", "rows")] {
        assert_eq!(found(a, b).0, 0, "{a} {b}");
    }
}

#[test]
fn a_temperature_that_is_no_f64_is_said_to_be_the_nearest() {
    let folder = files();
    let page = |temperature: &str| {
        let (code, out, _) =
            run(folder.path(), &["diff", "z.npy", "y.npy", "--action", "argmax", "--temperature", temperature], b"");
        assert_eq!(code, 0);
        out
    };
    assert!(page("0.7").contains("temperature 0.7 (the f64 nearest to it)"));
    assert!(page("0.5").contains("temperature 0.5;"));
    assert!(page("0.5,0.7").contains("temperatures 0.5 and 0.7 (the f64 nearest to it)"));
}

fn document(folder: &std::path::Path, arguments: &[&str]) -> Value {
    let (code, out, err) = run(folder, &[&["diff"], arguments, &["--json"]].concat(), b"");
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn a_document_says_what_the_page_says() {
    let folder = files();
    let found = document(folder.path(), &["rollout.safetensors", "trainer.safetensors"]);
    assert_eq!((&found["schema"], &found["rows"], &found["complete"]), (&1.into(), &40.into(), &true.into()));
    let explained = &found["explained"];
    assert_eq!(
        (&explained["consistent"], &explained["refuted"], &explained["first"]),
        (&39.into(), &1.into(), &7.into())
    );
    assert_eq!(found["quantities"][0]["worst"][0]["row"], 7);
    let spread = &found["quantities"][0]["all"];
    assert!(spread["max"][0].as_f64() > spread["p95"][1].as_f64());
    // A temperature that is said for A alone makes up for it in row 7 and spoils the others.
    let other = document(folder.path(), &["rollout.safetensors", "trainer.safetensors", "--temperature", "0.8,1"]);
    assert_eq!((&other["explained"]["consistent"], &other["explained"]["refuted"]), (&1.into(), &39.into()));
}

#[test]
fn the_same_pair_from_every_kind_of_file() {
    let folder = files();
    let spreads = |arguments: &[&str]| document(folder.path(), arguments)["quantities"].clone();
    let expected = spreads(&["rows.safetensors", "alone.safetensors"]);
    assert_eq!(spreads(&["z.npy", "z.npy", "--actions", "c.npy"]), expected);
    assert_eq!(spreads(&["alone.safetensors", "alone.safetensors", "--action", "1"]), expected);
    let shifted = document(folder.path(), &["z.npy", "y.npy", "--actions", "c.npy"]);
    assert_eq!((&shifted["explained"]["consistent"], &shifted["identical"]), (&2.into(), &0.into()));
    // One row with a mask of its own is a finding, and no refusal.
    let masked = document(folder.path(), &["rows.safetensors", "one-mask.safetensors"]);
    assert_eq!((&masked["masks_differ"], &masked["masked_by_b"]), (&1.into(), &1.into()));
    assert_eq!(masked["quantities"][0]["all"]["max"], serde_json::json!(["inf", "inf"]));
    assert!(masked["findings"][0]["text"].as_str().unwrap().contains("masks actions"));
}

#[test]
fn rows_go_to_a_file() {
    let folder = files();
    let path = folder.path().join("rows.jsonl");
    let (code, ..) = run(
        folder.path(),
        &["diff", "rollout.safetensors", "trainer.safetensors", "--rows", "5..9", "--out", "rows.jsonl"],
        b"",
    );
    assert_eq!(code, 0);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let rows: Vec<u64> = lines.iter().map(|line| line["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [5, 6, 7, 8]);
    assert_eq!((&lines[1]["consistent"], &lines[2]["consistent"]), (&true.into(), &false.into()));
    assert!(lines[2]["kl_ab"][0].as_f64().unwrap() <= lines[2]["kl_ab"][1].as_f64().unwrap());
    // A refusal leaves what was there.
    let (code, ..) =
        run(folder.path(), &["diff", "rows.safetensors", "other-actions.safetensors", "--out", "rows.jsonl"], b"");
    assert_eq!((code, std::fs::read_to_string(&path).unwrap()), (2, text));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{left:?}");
}

#[test]
fn thresholds_decide_the_exit_code() {
    let folder = files();
    let run = |limit: &str| {
        run(folder.path(), &["diff", "rollout.safetensors", "trainer.safetensors", "--fail-on", limit], b"")
    };
    let (code, _, err) = run("unexplained>1%");
    assert_eq!((code, err.as_str()), (1, "passed unexplained>0.01: it is 0.025\n"));
    let (code, _, err) = run("unexplained>3%");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(run("kl_ab/max>10").0, 0);
    assert_eq!(run("kl_ab/max>1e-9").0, 1);
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let folder = files();
    let run = |threads: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_logitlab"))
            .args(["diff", "rollout.safetensors", "trainer.safetensors", "--json"])
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run("1"), run("3"));
}
