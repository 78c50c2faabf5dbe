//! Inputs so small or so even that numbers are 0, 1, infinite or none: what is printed are words and plurals then.

use std::path::Path;
use std::process::Command;

use crate::support::logits::{f32s, i64s, safetensors};

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_logitlab")).args(arguments).current_dir(folder).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// Files: name, columns, logits, actions.
fn files() -> Vec<(&'static str, u64, Vec<f32>, Vec<i64>)> {
    let inf = f32::NEG_INFINITY;
    vec![
        ("one-row", 3, vec![0.5, 1.0, -2.0], vec![1]),
        ("one-action", 1, vec![0.0, 7.0, -3.0], vec![0, 0, 0]),
        ("one-of-each", 1, vec![4.0], vec![0]),
        ("even", 4, vec![0.0; 12], vec![0, 3, 1]),
        ("one-hot", 2, vec![1e4, 0.0, 1e4, 0.0, 1e4, 0.0], vec![0, 0, 0]),
        ("one-hot-missed", 2, vec![1e4, 0.0], vec![1]),
        ("masked", 3, vec![1.0, inf, inf, 2.0, inf, 2.0], vec![1, 0]),
        ("all-masked-but-one", 3, vec![1.0, inf, inf, inf, inf, 2.0], vec![0, 2]),
    ]
}

/// What no text may have: counts without a plural, numbers that are 0 in an odd way, and no number where a word is
/// meant.
const WRONG: [&str; 9] = ["-0.0", "-0 ", "0e0", "NaN nats", "inf nats", "inf times", "NaN times", "is NaN", "is inf"];

fn check(text: &str, arguments: &[&str]) {
    for wrong in WRONG {
        // A digit before makes it a part of another number, and one behind it a small one.
        let found = text.match_indices(wrong).find(|(at, _)| {
            let before = text[..*at].chars().next_back().unwrap_or(' ');
            let after = text[at + wrong.len()..].chars().next().unwrap_or(' ');
            !before.is_ascii_digit() && before != '.' && !after.is_ascii_digit()
        });
        assert!(found.is_none(), "{arguments:?}: `{wrong}` in\n{text}");
    }
    for noun in ["rows", "logits", "bits", "tokens", "digits"] {
        let singular = format!("1 {noun}");
        let found = text
            .match_indices(&singular)
            .find(|(at, _)| !text[..*at].ends_with(|c: char| c.is_ascii_digit() || c == '.' || c == '-'));
        assert!(found.is_none(), "{arguments:?}: `{singular}` in\n{text}");
    }
}

#[test]
fn small_inputs_read_as_sentences() {
    let folder = tempfile::tempdir().unwrap();
    for (name, columns, z, actions) in files() {
        let rows = actions.len() as u64;
        let column = |x: f32| f32s(&vec![x; actions.len()]);
        let tensors = [
            ("logits", "F32", &[rows, columns][..], f32s(&z)),
            ("actions", "I64", &[rows][..], i64s(&actions)),
            ("zeros", "F32", &[rows][..], column(-0.0)),
            ("none", "F32", &[rows][..], column(f32::NAN)),
            ("masked", "F32", &[rows][..], column(f32::NEG_INFINITY)),
        ];
        let file = format!("{name}.safetensors");
        std::fs::write(folder.path().join(&file), safetensors(&tensors)).unwrap();
        let runs: &[&[&str]] = &[
            &["measure", &file],
            &["measure", &file, "--summary", "--modes", "bf16,f32", "--formulas", "production,tail"],
            &["doctor", &file],
            &[
                "doctor",
                &file,
                "--parameters",
                "--claimed",
                "logp=zeros",
                "--claimed",
                "w=zeros",
                "--claimed",
                "entropy=zeros",
            ],
            &["doctor", &file, "--claimed", "logp=none", "--claimed", "w=none", "--claimed", "sum_pi_squared=none"],
            &["doctor", &file, "--claimed", "logp=masked", "--claimed", "entropy=masked"],
            &["diff", &file, &file],
            &["compare", "--input", &file, "--modes", "bf16,f32"],
        ];
        for arguments in runs {
            check(&run(folder.path(), arguments), arguments);
        }
    }
}

/// -log10 of an error that is 0 is no number of digits that a result can have.
#[test]
fn no_more_digits_are_told_than_the_format_has() {
    let folder = tempfile::tempdir().unwrap();
    let tensors = [("logits", "F32", &[2u64, 4][..], f32s(&[0.0; 8])), ("actions", "I64", &[2u64][..], i64s(&[0, 1]))];
    std::fs::write(folder.path().join("even.safetensors"), safetensors(&tensors)).unwrap();
    let doctor = run(folder.path(), &["doctor", "even.safetensors", "--modes", "bf16-eager,f32", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&doctor).unwrap();
    for (mode, bits) in [("bf16-eager", 8), ("f32", 24)] {
        let digits = document["metrics"][format!("{mode}/digits_median")].as_f64().unwrap();
        assert!(digits <= logitlab::arith::decimal::digits_of(bits), "{mode}: {digits}");
    }
    for command in [
        &["measure", "even.safetensors", "--summary", "--modes", "bf16", "--formulas", "tail"][..],
        &["compare", "--input", "even.safetensors", "--modes", "bf16"],
    ] {
        let text = run(folder.path(), command);
        assert!(!text.contains("17.0"), "{text}");
    }
}
