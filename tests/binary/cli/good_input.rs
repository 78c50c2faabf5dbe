//! What the commands print when all is well.

use serde_json::Value;

use crate::cli::run::{folder, run, transcript};
use crate::support::logits::{f32s, i64s, npy, pair};

const OWN: &[u8] = b"claim  mine\ngiven  P : distribution, c : action\nshow   |e[c] - P|^2 <= 2*(1 - P[c])\n";

#[test]
fn every_shipped_claim_is_as_expected() {
    let folder = folder(&[]);
    insta::assert_snapshot!(transcript(folder.path(), &["verify"]));
}

#[test]
fn list_and_show() {
    let folder = folder(&[("mine.proof", OWN)]);
    let show = |claim: &str| transcript(folder.path(), &["show", claim]);
    insta::assert_snapshot!("list", transcript(folder.path(), &["list"]));
    insta::assert_snapshot!("show", ["two-sided", "false-unit-bound", "mine.proof"].map(show).join("\n"));
    let formats = ["unicode", "latex", "json"]
        .map(|format| transcript(folder.path(), &["show", "norm-identity", "--format", format]))
        .join("\n");
    insta::assert_snapshot!("show_formats", formats);
    let document = |arguments: &[&str]| run(folder.path(), arguments, b"").1;
    assert_eq!(document(&["show", "step-kl", "--json"]), document(&["show", "step-kl", "--format", "json"]));
}

#[test]
fn the_trusted_base_on_one_screen() {
    let folder = folder(&[]);
    let screen = transcript(folder.path(), &["show", "--trust"]);
    assert!(screen.lines().count() <= 50, "{screen}");
    assert!(screen.lines().all(|line| line.chars().count() <= 120), "{screen}");
    // The numbers of lines change with every touch of the code.
    let stable: Vec<&str> = screen.lines().skip_while(|line| !line.starts_with("Theorems")).collect();
    insta::assert_snapshot!(stable.join("\n"));
}

#[test]
fn one_claim_one_judge_one_policy() {
    let folder = folder(&[("mine.proof", OWN)]);
    let runs: &[&[&str]] = &[
        &["verify", "norm-identity", "--judge", "exact"],
        &["verify", "norm-identity", "--judge", "exact:num-bigint", "--policy", "weights:1,2,3"],
        &["verify", "two-sided", "--policy", "logits:0,1.5,-inf,3", "--cases", "3"],
        &["verify", "mine.proof", "false-unit-bound"],
    ];
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn a_claim_from_standard_input() {
    let folder = folder(&[]);
    let (code, out, err) = run(folder.path(), &["verify", "-"], OWN);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("ok   mine"), "{out}");
}

#[test]
fn a_false_claim_that_should_hold_ends_with_1_and_a_counterexample() {
    let folder =
        folder(&[("wrong.proof", b"claim wrong\ngiven P : distribution, c : action\nshow |e[c] - P|^2 <= 1\n")]);
    insta::assert_snapshot!(transcript(folder.path(), &["verify", "wrong.proof"]));
}

#[test]
fn a_true_claim_that_should_be_refuted_ends_with_1() {
    let text = b"claim right\ngiven P : distribution\nshow C(P) <= 1\nexpect refuted\n";
    let folder = folder(&[("right.proof", text)]);
    insta::assert_snapshot!(transcript(folder.path(), &["verify", "right.proof"]));
}

const DERIVED: &str = "claim  derived
given  P : vector, c : action, g : real
show   |g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))
proof
  |g*(e[c] - P)|^2
    = g^2*|e[c] - P|^2                          by norm.scale
    = g^2*<e[c] - P, e[c] - P>                  by norm.square
    = g^2*(<e[c],e[c]> - 2*<e[c],P> + <P,P>)    by inner.bilinear
    = g^2*(1 - 2*P[c] + <P,P>)                  by inner.unit
    = g^2*(1 - 2*P[c] + C(P))                   by collision.definition
qed
";

#[test]
fn a_derivation_is_checked_and_a_wrong_step_is_shown_with_its_place() {
    let wrong = DERIVED.replace("1 - 2*P[c] + <P,P>)  ", "1 - 3*P[c] + <P,P>)  ");
    let misspelt = DERIVED.replace("norm.square", "norm.sqare");
    let unfinished = DERIVED.replace("    = g^2*(1 - 2*P[c] + C(P))                   by collision.definition\n", "");
    let files: &[(&str, &[u8])] = &[
        ("derived.proof", DERIVED.as_bytes()),
        ("wrong.proof", wrong.as_bytes()),
        ("misspelt.proof", misspelt.as_bytes()),
        ("unfinished.proof", unfinished.as_bytes()),
    ];
    let folder = folder(files);
    let text: Vec<String> =
        files.iter().map(|(name, _)| transcript(folder.path(), &["verify", name, "--judge", "script"])).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn a_wrong_step_is_shown_in_its_own_file_whatever_its_claim_is_called() {
    let wrong = DERIVED.replace("1 - 2*P[c] + <P,P>)  ", "1 - 3*P[c] + <P,P>)  ");
    let folder = folder(&[("derived.proof", DERIVED.as_bytes()), ("wrong.proof", wrong.as_bytes())]);
    let (code, out, _) = run(folder.path(), &["verify", "derived.proof", "wrong.proof", "--judge", "script"], b"");
    assert_eq!(code, 1);
    assert!(out.contains("--> wrong.proof:") && !out.contains("--> derived.proof:"), "{out}");
}

#[test]
fn json_is_one_document_with_the_promised_fields() {
    let folder = folder(&[]);
    let (code, out, _) = run(folder.path(), &["verify", "tail-form", "false-unit-bound", "--json"], b"");
    assert_eq!(code, 0);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["schema"], 1);
    assert_eq!(document["summary"], serde_json::json!({ "as_expected": 2, "unexpected": 0 }));
    for claim in document["claims"].as_array().unwrap() {
        for key in ["id", "title", "expected", "verdict", "as_expected", "judges"] {
            assert!(!claim[key].is_null(), "{key}");
        }
        for judge in claim["judges"].as_array().unwrap() {
            for key in ["judge", "verdict", "evidence", "seconds"] {
                assert!(!judge[key].is_null(), "{key}");
            }
        }
    }
    let refuted = &document["claims"][1];
    assert_eq!((&refuted["expected"], &refuted["verdict"]), (&"refuted".into(), &"refuted".into()));
    let exact = refuted["judges"].as_array().unwrap().iter().find(|judge| judge["judge"] == "exact").unwrap();
    assert_eq!(exact["witness"]["weights"], serde_json::json!(["1", "3"]));
}

#[test]
fn results_do_not_depend_on_threads() {
    let folder = folder(&[]);
    let mut outputs = ["1", "2", "5"].map(|threads| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_logitlab"))
            .args(["verify", "norm-identity", "finite-step", "false-entropy-order", "--json"])
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        let mut document: Value = serde_json::from_slice(&output.stdout).unwrap();
        forget_times(&mut document);
        document
    });
    outputs.sort_by_key(ToString::to_string);
    assert_eq!(outputs[0], outputs[2]);
}

fn forget_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("seconds");
            fields.values_mut().for_each(forget_times);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_times),
        _ => {}
    }
}

#[test]
fn completions_and_the_manual_page_name_the_commands() {
    let folder = folder(&[]);
    for arguments in [&["completions", "bash"][..], &["man"][..]] {
        let (code, out, _) = run(folder.path(), arguments, b"");
        assert_eq!(code, 0);
        assert!(out.contains("verify"), "{arguments:?}");
    }
}

#[test]
fn no_colour_in_a_pipe() {
    let folder = folder(&[]);
    let (_, out, err) = run(folder.path(), &["verify", "zero-sum"], b"");
    assert!(!out.contains('\u{1b}') && err.is_empty());
}

#[test]
fn measure_prints_rows_and_a_summary() {
    // Confident, masked, and so confident that f32 holds P_c = 1.
    let logits = [0.0, 1.0, 2.0, 5.5, f32::NEG_INFINITY, 0.0, 700.0, 0.0, -10.0];
    let pair = pair(&logits, &[2, 0, 0]);
    let npy_logits = npy("<f4", "(3, 3)", &f32s(&logits));
    let npy_actions = npy("<i8", "(3,)", &i64s(&[2, 0, 0]));
    let files: &[(&str, &[u8])] = &[("dump.safetensors", &pair), ("z.npy", &npy_logits), ("c.npy", &npy_actions)];
    let folder = folder(files);
    let runs: &[&[&str]] = &[
        &["measure", "dump.safetensors"],
        &["measure", "dump.safetensors", "--rows", "1", "--bits", "64", "--json"],
        &["measure", "z.npy", "c.npy", "--summary"],
        &["measure", "z.npy", "c.npy", "--summary", "--json", "--bits", "40"],
    ];
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn the_same_rows_from_both_formats() {
    let logits = [0.25, -1.0, 2.0, 5.5, 1.0, 0.0];
    let npy_logits = npy("<f4", "(2, 3)", &f32s(&logits));
    let npy_actions = npy("<i8", "(2,)", &i64s(&[1, 0]));
    let folder = folder(&[("d.safetensors", &pair(&logits, &[1, 0])), ("z.npy", &npy_logits), ("c.npy", &npy_actions)]);
    let (_, tensors, _) = run(folder.path(), &["measure", "d.safetensors", "--json"], b"");
    let (_, arrays, _) = run(folder.path(), &["measure", "z.npy", "c.npy", "--json"], b"");
    assert_eq!(tensors.lines().count(), 2);
    assert_eq!(tensors, arrays);
}

#[test]
fn formats_are_listed() {
    let folder = folder(&[]);
    insta::assert_snapshot!(transcript(folder.path(), &["formats"]));
    let (code, out, _) = run(folder.path(), &["formats", "--json"], b"");
    let document: Value = serde_json::from_str(&out).unwrap();
    let listed = document["formats"].as_array().unwrap();
    assert_eq!((code, listed.len()), (0, logitlab::formats::FORMATS.len()));
    assert_eq!(listed[3]["largest"], "0x1.cp8");
}

#[test]
fn a_number_is_rounded() {
    let folder = folder(&[]);
    let runs: &[&[&str]] = &[
        &["round", "0.1"],
        &["round", "0.1", "--format", "bf16"],
        &["round", "1/3", "--format", "fp16,bf16", "--format", "p8e5", "--rounding", "up"],
        &["round", "465", "--format", "e4m3fn"],
        &["round", "465", "--format", "e4m3fn", "--overflow", "saturate"],
        &["round", "-1e-6", "--format", "fp16"],
        &["round", "-1e-6", "--format", "fp16", "--flush"],
        &["round", "1", "--format", "e2m1"],
        &["round", "0x1.8p-3", "--format", "f128", "--json"],
        &["round", "inf", "--format", "e5m2,e4m3fn,e2m1"],
        &["round", "0.3", "--format", "e4m3fn", "--rounding", "stochastic4", "--noise", "15"],
        &["round", "1e99999", "--format", "p256e19"],
        &["round", "--format", "bf16", "--", "-0"],
    ];
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn numbers_from_standard_input() {
    let folder = folder(&[]);
    let (code, out, err) = run(folder.path(), &["round", "-", "--format", "fp16"], b"0.1\n\n 1/3 \nnan\n");
    assert_eq!((code, err.as_str(), out.lines().count()), (0, "", 4), "{out}");
}
