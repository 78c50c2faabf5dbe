//! `logitlab stalls`, `rates` and `text-policy`.

use serde_json::Value;

use crate::cli::run::{folder, run, transcript};

fn json(arguments: &[&str]) -> (i32, Value) {
    let (code, out, err) = run(folder(&[]).path(), &[arguments, &["--json"]].concat(), b"");
    assert_eq!(err, "", "{arguments:?}");
    (code, serde_json::from_str(&out).unwrap())
}

#[test]
fn help_teaches() {
    let folder = folder(&[]);
    let help = |command: &str| transcript(folder.path(), &[command, "--help"]);
    insta::assert_snapshot!(["stalls", "rates", "text-policy"].map(help).join("\n"));
}

#[test]
fn stalls_come_where_they_are_predicted() {
    let folder = folder(&[]);
    let arguments = ["stalls", "--formats", "bf16,e4m3fn,e2m1", "--g", "1,0.1", "--held", "logits,probabilities,both"];
    insta::assert_snapshot!(transcript(folder.path(), &arguments));
    let (code, document) = json(&["stalls", "--formats", "bf16", "--held", "logits"]);
    assert_eq!(code, 0);
    let places = |of: &str| -> Vec<f64> {
        let trials = document["trials"].as_array().unwrap();
        trials.iter().map(|trial| (trial[of]["p"].as_f64().unwrap() * 1000.0).round() / 1000.0).collect()
    };
    assert_eq!((places("predicted"), places("observed")), (vec![0.992, 0.961, 0.806], vec![0.992, 0.961, 0.806]));
}

#[test]
fn a_run_that_is_ended_before_it_stops_agrees_with_nothing() {
    let (code, document) = json(&["stalls", "--formats", "f32", "--g", "1", "--held", "logits", "--steps", "50"]);
    let trial = &document["trials"][0];
    assert_eq!((code, &trial["agrees"], &trial["observed"]), (0, &Value::Null, &Value::Null));
    assert!(trial["predicted"]["p"].as_f64().unwrap() > 0.999_999);
}

#[test]
fn rates_are_fitted_against_theory() {
    let folder = folder(&[]);
    let arguments = ["rates", "--k", "2,5", "--bandits", "6", "--steps", "10000"];
    insta::assert_snapshot!(transcript(folder.path(), &arguments));
    let (code, document) = json(&["rates", "--k", "2", "--bandits", "6", "--steps", "10000"]);
    let windows = document["rates"][0]["windows"].as_array().unwrap();
    let exponent = windows.last().unwrap()["exponent"].as_f64().unwrap();
    assert!(code == 0 && windows.len() == 3 && exponent < -0.8 && exponent > -1.2, "{document}");
}

/// The file is the same again, and the other commands find confident rows in it.
#[test]
fn a_text_policy_can_be_measured_and_examined() {
    let folder = folder(&[]);
    let arguments = ["text-policy", "--out", "policy.safetensors", "--steps", "400", "--rows", "500"];
    let first = transcript(folder.path(), &arguments);
    insta::assert_snapshot!(first);
    let bytes = || std::fs::read(folder.path().join("policy.safetensors")).unwrap();
    let before = bytes();
    assert_eq!(transcript(folder.path(), &arguments), first);
    assert!(before == bytes(), "the same bytes");
    let (code, out, err) = run(folder.path(), &["measure", "policy.safetensors", "--json"], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    let least = |line: &str| -> f64 {
        let row: Value = serde_json::from_str(line).unwrap();
        row["p_lo"].as_str().unwrap().parse().unwrap()
    };
    let confident = out.lines().filter(|line| least(line) > 0.9).count();
    assert!(out.lines().count() == 500 && confident > 20, "{confident} of {}", out.lines().count());
    let (code, out, err) = run(folder.path(), &["doctor", "policy.safetensors"], b"");
    assert_eq!(err, "");
    assert!(code == 0 && out.contains("500 rows"), "{code}: {out}");
    let (code, out, _) =
        run(folder.path(), &["compare", "--input", "policy.safetensors", "--modes", "bf16", "--formulas", "tail"], b"");
    assert!(code == 0 && out.contains("500"), "{code}: {out}");
}

#[test]
fn a_text_policy_by_reinforce_in_bf16() {
    let folder = folder(&[]);
    let arguments =
        ["text-policy", "--out", "rl.safetensors", "--train", "reinforce", "--mode", "bf16-stored", "--steps"];
    let (code, out, err) = run(folder.path(), &[&arguments[..], &["100", "--rows", "9", "--json"]].concat(), b"");
    assert_eq!((code, err.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&document["dtype"], &document["rows"]), (&"BF16".into(), &9.into()));
    let (code, out, _) = run(folder.path(), &["measure", "rl.safetensors"], b"");
    assert!(code == 0 && out.contains("9 rows"), "{out}");
}

#[test]
fn what_cannot_be_run_gets_one_clear_error() {
    let folder = folder(&[]);
    let runs: [&[&str]; 12] = [
        &["stalls", "--formats", "bf61"],
        &["stalls", "--g", "0"],
        &["stalls", "--g", "x"],
        &["stalls", "--held", "logit"],
        &["stalls", "--formats", "f128", "--g", "1"],
        &["rates", "--k", "1"],
        &["rates", "--eta", "0.8"],
        &["rates", "--steps", "10"],
        &["rates", "--bandits", "1"],
        &["text-policy", "--out", "policy.npy"],
        &["text-policy", "--out", "p.safetensors", "--train", "xnet"],
        &["text-policy", "--out", "nowhere/p.safetensors", "--steps", "1", "--rows", "1"],
    ];
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    assert!(text.iter().all(|one| one.ends_with("[exit code 2]\n")), "{}", text.join("\n"));
    insta::assert_snapshot!(text.join("\n"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no file is left");
}

#[test]
fn a_study_of_training_is_shown_and_cited() {
    let folder = folder(&[]);
    let id = "study-self-regulation";
    let show = |format: &str| transcript(folder.path(), &["show", id, "--format", format]);
    insta::assert_snapshot!("study_of_training", ["text", "latex"].map(show).join("\n"));
    let (code, out, err) = run(folder.path(), &["cite", id], b"");
    assert!(code == 0 && err.is_empty() && out.contains("logitlab check sha256:"), "{out}{err}");
    let (code, _, err) = run(folder.path(), &["compare", "--study", id], b"");
    assert!(code == 2 && err.contains(&format!("logitlab show {id}")), "{err}");
}

#[test]
fn a_run_is_drawn() {
    let folder = folder(&[]);
    let arguments =
        ["simulate", "--steps", "50", "--runs", "2", "--baseline", "mean", "--modes", "f32,bf16", "--plots", "figures"];
    let drawn = || {
        let (code, _, err) = run(folder.path(), &arguments, b"");
        assert_eq!((code, err.as_str()), (0, ""));
        let files = std::fs::read_dir(folder.path().join("figures")).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<(String, String)> = files
            .map(|path| {
                (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
            })
            .collect();
        files.sort();
        files
    };
    let first = drawn();
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["band.svg", "modes-collision.svg", "modes-entropy.svg", "modes-move.svg", "norm.svg", "policy.svg"]
    );
    assert!(first.iter().all(|(_, text)| text.starts_with("<svg ") && text.contains("bf16")));
    assert!(first == drawn(), "the same bytes");
    std::fs::write(folder.path().join("file"), "").unwrap();
    let (code, _, err) = run(folder.path(), &["simulate", "--steps", "5", "--plots", "file/figures"], b"");
    assert!(code == 2 && err.contains("--plots file/figures"), "{err}");
}
