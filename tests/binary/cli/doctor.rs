//! `doctor`: findings on rows whose answer is known, thresholds, and input that cannot be used.

use std::path::Path;
use std::process::Command;

use logitlab::arith::elementary64::exp;
use serde_json::Value;

use crate::cli::run::{folder, run, transcript};
use crate::support;
use crate::support::logits::{f32s, i64s, npy, pair, safetensors, tour};

fn files() -> tempfile::TempDir {
    let inf = f32::NEG_INFINITY;
    let one =
        safetensors(&[("logits", "F32", &[3, 1], f32s(&[0.0, 5.0, -2.0])), ("actions", "I64", &[3], i64s(&[0; 3]))]);
    folder(&[
        ("dump.safetensors", &tour()),
        ("even.safetensors", &pair(&[0.0; 12], &[0, 1, 2, 0])),
        ("one.safetensors", &one),
        ("masked.safetensors", &pair(&[1.0, inf, inf, inf, 2.0, 2.0, 3.0, inf, 0.5], &[0, 0, 2])),
        ("claims.safetensors", &claims()),
        ("nats.safetensors", &nats()),
        ("z.npy", &npy("<f4", "(2, 3)", &f32s(&[20.0, 0.0, 1.0, 0.5, 0.0, 0.0]))),
        ("half.npy", &npy("<f2", "(1, 2)", &[0x00, 0x49, 0x00, 0x00])),
        ("nan.npy", &npy("<f4", "(1, 2)", &f32s(&[0.0, f32::NAN]))),
        ("truncated.safetensors", &tour()[..90]),
    ])
}

/// Four rows of three logits, actions, advantages and a framework's own numbers, of which some are wrong.
fn claims() -> Vec<u8> {
    let logits = [0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 30.0, 0.0, 1.0, 1.0, 2.0, 3.0];
    let column = |values: &[f32]| ("F32", f32s(values));
    // 2/3, 1 - 2 P + C with P = (e^2, 1, 1)/(e^2 + 2), and what f32 makes of w = 8.8e-26; the last has its sign wrong.
    let columns = [
        ("w", column(&[0.6666667, 0.06801313, 0.0, -0.51])),
        ("logp", column(&[-1.0986123, -0.23954472, 1e-7, -0.4076059])),
        ("squares", column(&[0.33333334, 0.6420164, 1.0, f32::NAN])),
        ("advantages", column(&[1.0, -1.0, 1.0, 0.0])),
        ("unusable", column(&[1.0, f32::INFINITY, 1.0, 0.0])),
    ];
    let mut tensors =
        vec![("logits", "F32", &[4, 3][..], f32s(&logits)), ("actions", "I64", &[4][..], i64s(&[0, 0, 0, 2]))];
    tensors.extend(columns.into_iter().map(|(name, (dtype, bytes))| (name, dtype, &[4][..], bytes)));
    safetensors(&tensors)
}

/// Logits [batch, time, V] of two batches of three, and log-probabilities of an engine that has them in bf16, of one
/// that computes a log-softmax in f32, and entropies, all with the action masked in the last row.
fn nats() -> Vec<u8> {
    let inf = f32::NEG_INFINITY;
    let logits = [20.0, 0.0, -3.0, 0.0, 1.5, -2.25, 9.0, 0.25, 0.0, -4.0, 0.0, 4.0, 1.0, 1.0, 1.0, inf, 2.0, 3.0];
    let actions = [0, 2, 0, 0, 1, 0];
    let settings = logitlab::certified::Settings::default();
    let truth = |row: usize| {
        let z: Vec<f64> = logits[3 * row..3 * row + 3].iter().map(|z| f64::from(*z)).collect();
        logitlab::certified::enclose(&settings, &z, actions[row] as usize).unwrap().0
    };
    let logp: Vec<f64> = (0..6).map(|row| -truth(row).surprisal.middle()).collect();
    let coarse: Vec<f32> = logp.iter().map(|x| half::bf16::from_f64(*x).to_f32()).collect();
    // Near P_c = 1, where log P_c is -2e-9, half a unit of f32 at 1 is all of it.
    let fine: Vec<f32> = logp.iter().map(|x| if *x > -1e-6 { 6e-8 } else { *x as f32 }).collect();
    let entropy: Vec<f32> = (0..6).map(|row| truth(row).entropy.middle() as f32 + 0.25).collect();
    let column = |values: Vec<f32>| ("F32", f32s(&values));
    let mut tensors =
        vec![("logits", "F32", &[2, 3, 3][..], f32s(&logits)), ("actions", "I64", &[2, 3][..], i64s(&actions))];
    let columns = [("coarse", column(coarse)), ("fine", column(fine)), ("entropy", column(entropy))];
    tensors.extend(columns.into_iter().map(|(name, (dtype, bytes))| (name, dtype, &[2, 3][..], bytes)));
    safetensors(&tensors)
}

fn document(folder: &Path, arguments: &[&str]) -> Value {
    let (code, out, err) = run(folder, &[&["doctor"], arguments, &["--json"]].concat(), b"");
    assert!(code < 2 && err.is_empty(), "{arguments:?}: {code} {err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn what_it_says() {
    let folder = files();
    let runs: &[&[&str]] = &[
        &["doctor", "dump.safetensors", "--modes", "bf16-lse,f32"],
        &[
            "doctor",
            "even.safetensors",
            "--framework",
            "jax",
            "--modes",
            "bf16-stored,f64",
            "--parameters",
            "--steps",
            "0.5",
        ],
        &["doctor", "masked.safetensors", "--modes", "f32"],
        &["doctor", "one.safetensors", "--modes", "f32,bf16-eager", "--parameters", "--steps", "1"],
        &["doctor", "dump.safetensors", "--modes", "bf16", "--rows", "0..3", "--fail-on", "bf16/off10>5%"],
        &[
            "doctor",
            "dump.safetensors",
            "--modes",
            "f32",
            "--rows",
            "0..1",
            "--fail-on",
            "off10>5%",
            "--temperature",
            "2",
        ],
        &["doctor", "claims.safetensors", "--modes", "f32", "--claimed", "w=w", "--claimed", "logp=logp"],
        &[
            "doctor",
            "claims.safetensors",
            "--modes",
            "f32",
            "--parameters",
            "--eta",
            "0.001",
            "--advantages",
            "advantages",
        ],
        &["doctor", "nats.safetensors", "--modes", "f32", "--claimed", "logp=coarse", "--claimed", "entropy=entropy"],
        &["doctor", "nats.safetensors", "--modes", "f32", "--claimed", "logp=fine"],
        &["doctor", "--metrics"],
    ];
    for arguments in runs {
        let text = transcript(folder.path(), arguments);
        assert!(!text.ends_with("[exit code 2]\n"), "{text}");
    }
}

/// Of the tour's six rows, P_c = 0.45, 0.63, 0.91, 0.9992, 1 - 3e-9 and 1 - 1e-130 with c the first of three.
#[test]
fn figures_of_rows_whose_answer_is_known() {
    let folder = files();
    let found = document(folder.path(), &["dump.safetensors", "--modes", "f32", "--parameters"]);
    let metric = |name: &str| found["metrics"][name].as_f64().unwrap();
    assert_eq!((&found["rows"], &found["columns"], &found["confident_rows"]), (&6.into(), &3.into(), &3.into()));
    // In the last two rows pi rounds to 1 and so does sum pi^2.
    assert_eq!(metric("f32/dead"), 2.0 / 6.0);
    assert_eq!(metric("f32/nonpositive"), 2.0 / 6.0);
    assert_eq!(metric("f32/no_digit"), 2.0 / 6.0);
    assert_eq!(metric("f32/sum_pi_squared_above_one"), 0.0);
    assert!((metric("f32/total") - 1.0).abs() < 1e-6);
    // In f32 half the gap above 20 is 2^-20 and above 300 it is 2^-16; there 1 - P_c is 3e-9 and 1e-130.
    assert_eq!(metric("g=1/stalled"), 2.0 / 6.0);

    let even = document(folder.path(), &["even.safetensors", "--modes", "f64,f32"]);
    assert!(even["metrics"]["f32/digits_p5"].as_f64().unwrap() > 6.0);
    assert_eq!(even["findings"], Value::Array(Vec::new()));

    // With one action P_c = 1: w is 0, which is right, and there is nothing to compare sums with.
    let one = document(folder.path(), &["one.safetensors", "--modes", "f32"]);
    assert_eq!((&one["metrics"]["f32/off10"], &one["metrics"]["f32/total"]), (&0.0.into(), &Value::Null));

    // In fp16, 10 is a number; a logit of the file's own type is not rounded.
    let half = document(folder.path(), &["half.npy", "--modes", "fp16-lse,bf16-lse"]);
    assert_eq!((&half["own"], &half["metrics"]["fp16-lse/coarse_logits"]), (&"fp16-lse".into(), &0.0.into()));
}

#[test]
fn claimed_columns_are_certified() {
    let folder = files();
    let all = ["--claimed", "w=w", "--claimed", "logp=logp", "--claimed", "sum_pi_squared=squares"];
    let found = document(folder.path(), &[&["claims.safetensors", "--modes", "f32"], &all[..]].concat());
    let claimed = found["claimed"].as_array().unwrap();
    let wrong: Vec<f64> = claimed.iter().map(|column| column["wrong"].as_f64().unwrap()).collect();
    // Of w the third is 0 and the fourth negative; of log P_c the third is positive, but by 1e-7 nats; of sum pi^2 the
    // fourth is NaN.
    assert_eq!(wrong, [0.5, 0.0, 0.25]);
    let first = &claimed[0]["first_wrong"][0];
    assert_eq!((&first["row"], &first["action"], &first["claimed"]), (&2.into(), &0.into(), &0.0.into()));
    let (low, high) = (first["low"].as_f64().unwrap(), first["high"].as_f64().unwrap());
    let (x, y) = (exp(-30.0), exp(-29.0));
    let w = (x + y) * (x + y) + x * x + y * y;
    assert!(low <= high && (low / w - 1.0).abs() < 1e-11 && (high / w - 1.0).abs() < 1e-11, "{low:e} {high:e} {w:e}");
    assert_eq!(found["metrics"]["w/claimed_wrong"], 0.5);
    // Six digits are more than f32 leaves of the second w, which is right to two.
    let strict = document(folder.path(), &["claims.safetensors", "--claimed", "w=w", "--digits", "9"]);
    assert_eq!(strict["claimed"][0]["wrong"], 1.0);
    let fails = |limit: &str| {
        let threshold = format!("claimed_wrong>{limit}");
        let arguments = ["doctor", "claims.safetensors", "--claimed", "w=w", "--fail-on", &threshold, "--modes", "f32"];
        run(folder.path(), &arguments, b"").1.contains("no threshold is passed")
    };
    assert_eq!((fails("49%"), fails("50%")), (false, true));
}

/// Probabilities, norms and sums of a softmax in f32 are right to six digits; rounded to bf16 they have two, not four.
#[test]
fn probabilities_norms_and_sums_are_certified() {
    let folder = tempfile::tempdir().unwrap();
    // P = (1/3, ...) and e^2/(e^2 + 2) = 0.78698604; the norm is the root of 3/2 times 1 - P_c.
    let p = [1.0 / 3.0, 0.786_986_04_f32];
    let norm = [0.816_496_6_f32, 0.260_887_75];
    let narrow = p.map(|p| half::bf16::from_f32(p).to_f32());
    let sums = [3.0 * narrow[0], 0.875];
    let columns = [("p", p), ("norm", norm), ("narrow", narrow), ("sums", sums), ("negative", [-0.1, f32::NAN])];
    let mut tensors = vec![
        ("logits", "F32", &[2, 3][..], f32s(&[0.0, 0.0, 0.0, 2.0, 0.0, 0.0])),
        ("actions", "I64", &[2][..], i64s(&[0, 0])),
    ];
    tensors.extend(columns.iter().map(|(name, values)| (*name, "F32", &[2][..], f32s(values))));
    std::fs::write(folder.path().join("p.safetensors"), safetensors(&tensors)).unwrap();
    let wrong = |claim: &str, digits: &str| {
        let arguments = ["p.safetensors", "--modes", "f32", "--claimed", claim, "--digits", digits];
        document(folder.path(), &arguments)["claimed"][0]["wrong"].as_f64().unwrap()
    };
    assert_eq!([wrong("p=p", "6"), wrong("norm=norm", "6")], [0.0, 0.0]);
    assert_eq!([wrong("p=narrow", "2"), wrong("p=narrow", "4")], [0.0, 1.0]);
    assert_eq!([wrong("norm=p", "2"), wrong("p=norm", "2"), wrong("p=negative", "1")], [1.0, 1.0, 1.0]);
    // The sum of the second row lacks an eighth; that of the first is off by the rounding of 1/3.
    assert_eq!([wrong("sum_p=sums", "2"), wrong("sum_p=sums", "4")], [0.5, 1.0]);
}

#[test]
fn a_temperature_is_the_decimal_that_it_is() {
    let temperature = |text: &str| {
        let arguments = ["dump.safetensors", "--modes", "f32", "--temperature", text];
        document(files().path(), &arguments)["temperature"].clone()
    };
    // What no f64 prints as is told as text, in JSON.
    assert_eq!(temperature("0.3333333333333333333"), "0.3333333333333333333");
    assert_eq!([temperature("0.1"), temperature("2")], [Value::from(0.1), Value::from(2.0)]);
}

#[test]
fn what_is_not_finite_counts_where_the_true_value_is() {
    let line = |logits: &str, claimed: &str| format!("{{\"logits\": {logits}, \"action\": 1, \"logp\": {claimed}}}\n");
    let masked = "[0, -Infinity, 1]";
    let rows = [
        line(masked, "NaN"),
        line(masked, "-Infinity"),
        line("[0, 1, 2]", "NaN"),
        line("[0, 1, 2]", "-1.4076059644443804"),
    ];
    let folder = folder(&[("rows.jsonl", rows.concat().as_bytes())]);
    let found = document(folder.path(), &["rows.jsonl", "--claimed", "logp=logp", "--modes", "f32"]);
    let column = &found["claimed"][0];
    assert_eq!([&column["wrong"], &column["not_finite"]], [&Value::from(0.5), &0.25.into()]);
    assert_eq!(column["masked"], 1);
}

/// exp(difference) is what is used: two right digits of a log-probability may be a ratio off by some percent, and none
/// right one that is off by nothing.
#[test]
fn log_probabilities_are_judged_in_nats() {
    let folder = files();
    let of = |arguments: &[&str]| {
        let arguments = [&["doctor", "nats.safetensors", "--modes", "f32"], arguments].concat();
        let (code, out, _) = run(folder.path(), &arguments, b"");
        (code, out)
    };
    let (code, text) = of(&["--claimed", "logp=coarse"]);
    assert!(code == 1 && text.contains("WRONG  claimed log-probabilities are wrong"), "{text}");
    let (code, text) = of(&["--claimed", "logp=fine"]);
    assert!(code == 0 && text.contains("right to 6.3e-8 nats") && !text.contains("claimed_"), "{text}");
    // Whoever asks for digits gets them, too.
    assert_eq!(of(&["--claimed", "logp=fine", "--digits", "2"]).0, 1);
    assert_eq!(
        (of(&["--claimed", "logp=coarse", "--nats", "0.1"]).0, of(&["--claimed", "logp=fine", "--nats", "1e-9"]).0),
        (0, 1)
    );
    // The true value is -inf where the action is masked, and so is what is claimed.
    assert!(text.contains("-inf in 1 row whose action is masked, which is right"), "{text}");
    let found = document(folder.path(), &["nats.safetensors", "--modes", "f32", "--claimed", "logp=fine"]);
    assert!(found["metrics"]["fine/claimed_total"].is_f64() && found["claimed"][0]["not_finite"] == 0.0);
    assert!(found["metrics"]["fine/claimed_nats"].as_f64().unwrap() < 1e-7);
}

#[test]
fn what_was_claimed_comes_first_and_the_worst_of_it_before_the_rest() {
    let folder = files();
    let arguments = ["doctor", "nats.safetensors", "--claimed", "logp=coarse"];
    let (_, text, _) = run(folder.path(), &arguments, b"");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no `{part}` in {text}"));
    assert!(at("claimed coarse (log P_c), certified") < at("w = 1 - 2 P_c + sum pi^2 as training code"), "{text}");
    assert!(at("claimed log-probabilities are wrong") < at("[no_digit]"), "{text}");
    assert!(at("the worst of them:\n  row 3 [1, 0], action 0:") < at("What to do"), "{text}");
    let found = document(folder.path(), &arguments[1..]);
    let column = &found["claimed"][0];
    let rows = |name: &str| {
        column[name].as_array().unwrap().iter().map(|row| row["row"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let errors: Vec<f64> =
        column["worst_wrong"].as_array().unwrap().iter().map(|row| row["error"][0].as_f64().unwrap()).collect();
    assert!(errors.is_sorted_by(|x, y| x >= y) && rows("first_wrong").is_sorted(), "{column}");
    assert_eq!(column["worst_wrong"][0]["position"], serde_json::json!([1, 0]));
}

/// Each kind has its own advice and its own code.
#[test]
fn advice_is_for_what_was_wrong() {
    let folder = files();
    let cases = [
        ("nats.safetensors", "logp=coarse", "log_probability"),
        ("nats.safetensors", "entropy=entropy", "entropy"),
        ("claims.safetensors", "sum_pi_squared=squares", "sum_pi_squared"),
        ("claims.safetensors", "w=w", "score_norm_squared"),
    ];
    for (file, claim, function) in cases {
        // In f64 nothing that is emulated is wrong in these rows, or its advice is that of w.
        let arguments = ["doctor", file, "--modes", "f64", "--rows", "1..4", "--claimed", claim];
        let (_, text, _) = run(folder.path(), &arguments, b"");
        let (_, shown) = text.split_once("What to do").unwrap();
        let first = shown.split("def ").nth(1).unwrap();
        assert!(first.starts_with(&format!("{function}(")), "{claim}: {shown}");
    }
}

/// A step of what a network puts out moves no logit alone, and a masked logit stays what it is.
#[test]
fn steps_are_told_of_parameters_only() {
    let folder = files();
    let found = document(folder.path(), &["dump.safetensors"]);
    assert!(found["steps"].as_array().unwrap().is_empty(), "{found}");
    let ids = |found: &Value| {
        found["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    assert!(!ids(&found).iter().any(|id| id == "stalled" || id == "frozen"), "{found}");
    assert!(ids(&document(folder.path(), &["dump.safetensors", "--parameters"])).contains(&"stalled".to_string()));
    let masked = document(folder.path(), &["nats.safetensors", "--parameters", "--rows", "5", "--modes", "f32"]);
    assert_eq!(masked["metrics"]["g=1/stalled"], Value::Null);
    assert!(!ids(&masked).iter().any(|id| id == "stalled"), "{masked}");
}

#[test]
fn thresholds_are_exit_codes() {
    let folder = files();
    let code = |thresholds: &[&str]| {
        let mut arguments = vec!["doctor", "dump.safetensors", "--modes", "bf16-lse,f32", "--parameters"];
        thresholds.iter().for_each(|threshold| arguments.extend(["--fail-on", threshold]));
        let (code, _, err) = run(folder.path(), &arguments, b"");
        assert_eq!(err.is_empty(), code != 2, "{err}");
        code
    };
    assert_eq!(code(&[]), 0);
    // Without a mode that of the file is meant: f32, in which a third of the rows are 0.
    assert_eq!(code(&["nonpositive>30%"]), 1);
    assert_eq!(code(&["nonpositive>34%"]), 0);
    assert_eq!(code(&["bf16-lse/nonpositive>34%"]), 1);
    assert_eq!(code(&["nonpositive > 34%", "dead>=0.3"]), 1);
    assert_eq!(code(&["any/nonpositive>34%"]), 1);
    assert_eq!(code(&["total<0.9", "total>1.1"]), 0);
    assert_eq!(code(&["g=1/stalled>0"]), 1);
    assert_eq!(code(&["stalled>99%"]), 0);
    for bad in ["fp16/nonpositive>1%", "nonpositiv>1%", "total>5%", "off10", "off10>lots", "claimed_wrong>0", ">1"] {
        assert_eq!(code(&[bad]), 2, "{bad}");
    }
}

#[test]
fn what_cannot_be_used() {
    let folder = files();
    let runs: &[&[&str]] = &[
        &["doctor"],
        &["doctor", "absent.npy"],
        &["doctor", "nan.npy"],
        &["doctor", "truncated.safetensors"],
        &["doctor", "dump.safetensors", "--modes", "bf15"],
        &["doctor", "dump.safetensors", "--temperature", "0"],
        &["doctor", "dump.safetensors", "--parameters", "--steps", "inf"],
        &["doctor", "dump.safetensors", "--steps", "0.1"],
        &["doctor", "dump.safetensors", "--fail-on", "stalled>0"],
        &["doctor", "dump.safetensors", "--nats", "0"],
        &["doctor", "dump.safetensors", "--framework", "tensorflow"],
        &["doctor", "dump.safetensors", "--rows", "5..9"],
        &["doctor", "dump.safetensors", "--sample", "0"],
        &["doctor", "claims.safetensors", "--claimed", "w"],
        &["doctor", "claims.safetensors", "--claimed", "surprise=w"],
        &["doctor", "claims.safetensors", "--claimed", "w=ww"],
        &["doctor", "claims.safetensors", "--advantages", "advantages"],
        &["doctor", "claims.safetensors", "--parameters", "--eta", "1", "--advantages", "unusable"],
        &["doctor", "dump.safetensors", "--fail-on", "nonpositiv>1%"],
        &["doctor", "dump.safetensors", "--fail-on", "fp8/total>1.1"],
    ];
    let one = |arguments: &&[&str]| {
        let text = transcript(folder.path(), arguments);
        assert!(text.ends_with("[exit code 2]\n"), "{text}");
        text
    };
    runs.iter().map(one).for_each(drop);
}

#[test]
fn a_sample_is_some_of_the_rows_and_all_of_them_is_everything() {
    let folder = files();
    let of =
        |arguments: &[&str]| document(folder.path(), &[&["dump.safetensors", "--modes", "bf16"], arguments].concat());
    let all = of(&[]);
    assert_eq!(of(&["--sample", "6"]), all);
    assert_eq!(of(&["--sample", "99", "--seed", "3"]), all);
    let some = of(&["--sample", "2"]);
    assert_eq!((&some["rows"], &some), (&2.into(), &of(&["--sample", "2", "--seed", "0"])));
}

#[test]
fn results_do_not_depend_on_threads() {
    let folder = files();
    let outputs = ["1", "3"].map(|threads| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logitlab"));
        command.args(["doctor", "dump.safetensors", "--json"]).current_dir(folder.path());
        command.env("RAYON_NUM_THREADS", threads).output().unwrap().stdout
    });
    assert_eq!(outputs[0], outputs[1]);
}

#[test]
fn the_documentation_has_an_entry_for_every_finding() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/doctor.md");
    let page = std::fs::read_to_string(path).unwrap();
    for kind in logitlab::doctor::FINDINGS {
        assert!(page.contains(&format!("### {}\n", kind.id)), "docs/doctor.md has no entry `### {}`", kind.id);
        assert!(logitlab::doctor::Advice::find(kind.advice).is_some(), "{}: {}", kind.id, kind.advice);
    }
    let entries = page.lines().filter_map(|line| line.strip_prefix("### "));
    for entry in entries {
        assert!(logitlab::doctor::FindingKind::find(entry).is_some(), "docs/doctor.md: {entry} is no finding");
    }
    let (_, out, _) = run(Path::new("."), &["doctor", "--metrics"], b"");
    assert!(page.contains(&out), "docs/doctor.md: the table of metrics is not what `doctor --metrics` prints:\n{out}");
}

/// The code that is shown, run with what it needs, where that is installed.
#[test]
fn the_code_to_paste_is_right() {
    let Some(python) = support::tool("python3", "the_code_to_paste_is_right") else { return };
    for snippet in logitlab::doctor::SNIPPETS {
        let module = snippet.name;
        let found = Command::new(&python).args(["-c", &format!("import {module}")]).output().unwrap();
        if !found.status.success() {
            support::not_run(&format!("NOT RUN: the_code_to_paste_is_right: python3 has no module {module}"));
            continue;
        }
        let arrays = match module {
            "torch" => "z, c = torch.tensor(z), torch.tensor(c)",
            "jax" => "z, c = jnp.array(z, dtype=jnp.float32), jnp.array(c)",
            _ => "z, c = np.array(z, dtype=np.float32), np.array(c)",
        };
        let check = format!(
            "{}\n\n\nimport math\nz = [[30.0, 0.0, -1.5], [1.0, -math.inf, -math.inf], [0.0, 0.0, 0.0], [3.0, 20.0, 19.5]]\n\
             c = [0, 0, 1, 1]\n{arrays}\n\
             for f in (score_norm_squared, score_norm, log_probability):\n    print(*[float(x) for x in f(z, c)])\n\
             for f in (sum_pi_squared, entropy):\n    print(*[float(x) for x in f(z)])\n",
            snippet.code
        );
        let output = Command::new(&python).args(["-c", &check]).output().unwrap();
        assert!(output.status.success(), "{module}: {}", String::from_utf8_lossy(&output.stderr));
        let out = String::from_utf8(output.stdout).unwrap();
        let found: Vec<f64> = out.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let rows: [(&[f64], usize); 4] = [
            (&[30.0, 0.0, -1.5], 0),
            (&[1.0, f64::NEG_INFINITY, f64::NEG_INFINITY], 0),
            (&[0.0, 0.0, 0.0], 1),
            (&[3.0, 20.0, 19.5], 1),
        ];
        for (row, (logits, action)) in rows.into_iter().enumerate() {
            let settings = logitlab::certified::Settings::default();
            let (truth, _) = logitlab::certified::enclose(&settings, logits, action).unwrap();
            let truths = [
                (truth.w, 1.0),
                (truth.norm, 1.0),
                (truth.surprisal, -1.0),
                (truth.collision, 1.0),
                (truth.entropy, 1.0),
            ];
            for (function, (truth, sign)) in truths.into_iter().enumerate() {
                let computed = sign * found[4 * function + row];
                let [_, error] = logitlab::study::relative::relative(computed, &truth);
                assert!(error < 1e-5, "{module}, function {function}, row {row}: {computed:e}, error {error:e}");
            }
        }
    }
}
