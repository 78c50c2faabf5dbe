//! `doctor`: findings on rows whose answer is known, thresholds, and input that cannot be used.

use std::path::Path;
use std::process::Command;

use logitlab::arith::elementary64::exp;
use serde_json::Value;

use crate::run::{folder, run, transcript};
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

fn document(folder: &Path, arguments: &[&str]) -> Value {
    let (code, out, err) = run(folder, &[&["doctor"], arguments, &["--json"]].concat(), b"");
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn what_it_says() {
    let folder = files();
    let runs: &[&[&str]] = &[
        &["doctor", "dump.safetensors", "--modes", "bf16,f32"],
        &["doctor", "even.safetensors", "--framework", "jax", "--modes", "bf16-logits,f64", "--steps", "0.5"],
        &["doctor", "masked.safetensors", "--modes", "f32"],
        &["doctor", "one.safetensors", "--modes", "f32,bf16-all", "--steps", "1"],
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
        &["doctor", "claims.safetensors", "--modes", "f32", "--eta", "0.001", "--advantages", "advantages"],
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
    let found = document(folder.path(), &["dump.safetensors", "--modes", "f32"]);
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
    let half = document(folder.path(), &["half.npy", "--modes", "fp16,bf16"]);
    assert_eq!((&half["own"], &half["metrics"]["fp16/coarse_logits"]), (&"fp16".into(), &0.0.into()));
}

#[test]
fn claimed_columns_are_certified() {
    let folder = files();
    let all = ["--claimed", "w=w", "--claimed", "logp=logp", "--claimed", "sum_pi_squared=squares"];
    let found = document(folder.path(), &[&["claims.safetensors", "--modes", "f32"], &all[..]].concat());
    let claimed = found["claimed"].as_array().unwrap();
    let wrong: Vec<f64> = claimed.iter().map(|column| column["wrong"].as_f64().unwrap()).collect();
    // Of w the third is 0 and the fourth negative; of log P_c the third is positive; of sum pi^2 the fourth is NaN.
    assert_eq!(wrong, [0.5, 0.25, 0.25]);
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
        run(folder.path(), &arguments, b"").0
    };
    assert_eq!((fails("49%"), fails("50%")), (1, 0));
}

#[test]
fn thresholds_are_exit_codes() {
    let folder = files();
    let code = |thresholds: &[&str]| {
        let mut arguments = vec!["doctor", "dump.safetensors", "--modes", "bf16,f32"];
        thresholds.iter().for_each(|threshold| arguments.extend(["--fail-on", threshold]));
        let (code, _, err) = run(folder.path(), &arguments, b"");
        assert_eq!(err.is_empty(), code != 2, "{err}");
        code
    };
    assert_eq!(code(&[]), 0);
    // Without a mode that of the file is meant: f32, in which a third of the rows are 0.
    assert_eq!(code(&["nonpositive>30%"]), 1);
    assert_eq!(code(&["nonpositive>34%"]), 0);
    assert_eq!(code(&["bf16/nonpositive>34%"]), 1);
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
        &["doctor", "dump.safetensors", "--steps", "inf"],
        &["doctor", "dump.safetensors", "--framework", "tensorflow"],
        &["doctor", "dump.safetensors", "--rows", "5..9"],
        &["doctor", "dump.safetensors", "--sample", "0"],
        &["doctor", "claims.safetensors", "--claimed", "w"],
        &["doctor", "claims.safetensors", "--claimed", "entropy=w"],
        &["doctor", "claims.safetensors", "--claimed", "w=ww"],
        &["doctor", "claims.safetensors", "--advantages", "advantages"],
        &["doctor", "claims.safetensors", "--eta", "1", "--advantages", "unusable"],
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
            eprintln!("NOT RUN: the_code_to_paste_is_right: python3 has no module {module}");
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
             for f in (score_norm_squared, score_norm, log_probability):\n    print(*[float(x) for x in f(z, c)])\n",
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
            for (function, (truth, sign)) in
                [(truth.w, 1.0), (truth.norm, 1.0), (truth.surprisal, -1.0)].into_iter().enumerate()
            {
                let computed = sign * found[4 * function + row];
                let [_, error] = logitlab::study::relative::relative(computed, &truth);
                assert!(error < 1e-5, "{module}, function {function}, row {row}: {computed:e}, error {error:e}");
            }
        }
    }
}
