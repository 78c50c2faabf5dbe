//! Unusable input: one clear error, where it is, what was expected, and exit code 2.

use crate::cli::run::{folder, transcript};
use crate::support::logits::{f32s, i64s, npy, pair, safetensors, with_header};

fn both(files: &[(&str, &[u8])], runs: &[&[&str]]) -> String {
    let folder = folder(files);
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    for one in &text {
        assert!(one.ends_with("[exit code 2]\n"), "{one}");
    }
    text.join("\n")
}

#[test]
fn claims() {
    let files: &[(&str, &[u8])] = &[
        ("syntax.proof", b"claim  broken\ngiven  P : distribution, c : action\nshow   |e[c] - P|^2 = 1 - * P[c]\n"),
        (
            "name.proof",
            b"claim  unknown-name\ngiven  P : distribution, c : action\nshow   |e[c] - Q|^2 = 1 - 2*P[c] + C(P)\n",
        ),
        ("type.proof", b"claim  type-error\ngiven  P : distribution, c : action\nshow   1 + P = C(P)\n"),
        ("bytes.proof", b"claim \xff\xfe\n"),
        ("empty.proof", b""),
        ("long.proof", &[b'('; 3000]),
    ];
    let runs: &[&[&str]] = &[
        &["verify", "syntax.proof"],
        &["verify", "name.proof"],
        &["verify", "type.proof"],
        &["verify", "bytes.proof"],
        &["verify", "empty.proof"],
        &["verify", "long.proof"],
        &["verify", "no-such-file.proof"],
        &["verify", "norm-identty"],
        &["show", "nothing-of-the-kind"],
        &["show"],
        &["show", "norm-identity", "--trust"],
        &["show", "norm-identity", "--format", "html"],
    ];
    insta::assert_snapshot!(both(files, runs));
}

#[test]
fn options() {
    let runs: &[&[&str]] = &[
        &["verify", "factored-form", "--policy", "uniform:K=1"],
        &["verify", "paper-table", "--policy", "uniform:K=5"],
        &["verify", "--policy", "integer:K=3"],
        &["verify", "--policy", "integers:K=0"],
        &["verify", "--judge", "oracle"],
        &["verify", "--bits", "3"],
        &["verify", "--cases", "many"],
        &["verfy"],
    ];
    insta::assert_snapshot!(both(&[], runs));
}

#[test]
fn numbers_and_formats() {
    let runs: &[&[&str]] = &[
        &["round", "0.1", "--format", "bf61"],
        &["round", "0.1", "--format", "p1e5"],
        &["round", "0.1", "--rounding", "nearest"],
        &["round", "0.1", "--rounding", "stochastic25"],
        &["round", "0.1", "--overflow", "wrap"],
        &["round", "0,1"],
        &["round", "1/0"],
        &["round", "1e999999999"],
        &["round", "-"],
        &["round"],
    ];
    insta::assert_snapshot!(both(&[], runs));
}

#[test]
fn logits() {
    let nan = pair(&[0.0, 1.0, 2.0, 0.0, f32::NAN, 1.0], &[0, 1]);
    let infinite = pair(&[0.0, 1.0, 2.0, f32::INFINITY, 0.0, 1.0], &[0, 1]);
    let masked = pair(&[0.0, 1.0, 2.0, f32::NEG_INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY], &[0, 1]);
    let action = pair(&[0.0, 1.0, 2.0, 0.0, 1.0, 2.0], &[0, 3]);
    let good = pair(&[0.0, 1.0, 2.0], &[0]);
    let truncated = good[..good.len() - 4].to_vec();
    let dtype = safetensors(&[("logits", "I64", &[1, 3], i64s(&[1, 2, 3])), ("actions", "I64", &[1], i64s(&[0]))]);
    let shape = safetensors(&[("logits", "F32", &[3], f32s(&[1.0, 2.0, 3.0])), ("actions", "I64", &[1], i64s(&[0]))]);
    let rows = safetensors(&[("logits", "F32", &[1, 2], f32s(&[1.0, 2.0])), ("actions", "I64", &[2], i64s(&[0, 1]))]);
    let huge =
        with_header(r#"{"logits":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,12]}}"#, &[0; 12]);
    let beyond = with_header(r#"{"logits":{"dtype":"F32","shape":[1,300],"data_offsets":[0,1200]}}"#, &[0; 12]);
    let length = [0xff; 16].to_vec();
    let fortran = npy("<f4", "(1, 3)", &f32s(&[0.0, 1.0, 2.0]));
    let files: &[(&str, &[u8])] = &[
        ("nan.safetensors", &nan),
        ("infinite.safetensors", &infinite),
        ("masked.safetensors", &masked),
        ("action.safetensors", &action),
        ("good.safetensors", &good),
        ("truncated.safetensors", &truncated),
        ("dtype.safetensors", &dtype),
        ("shape.safetensors", &shape),
        ("rows.safetensors", &rows),
        ("huge.safetensors", &huge),
        ("beyond.safetensors", &beyond),
        ("length.safetensors", &length),
        ("empty.safetensors", b""),
        ("logits.npy", &fortran),
        ("actions.npy", &npy("<f4", "(1,)", &[0; 4])),
    ];
    let names =
        files.iter().map(|(name, _)| *name).filter(|name| !name.starts_with("good") && name.ends_with("tensors"));
    let alone: Vec<[&str; 2]> = names.map(|name| ["measure", name]).collect();
    let mut runs: Vec<&[&str]> = alone.iter().map(|run| run.as_slice()).collect();
    let more: &[&[&str]] = &[
        &["measure", "good.safetensors", "--logits", "logit"],
        &["measure", "good.safetensors", "--rows", "0..2"],
        &["measure", "good.safetensors", "--rows", "5..2"],
        &["measure", "logits.npy"],
        &["measure", "logits.npy", "actions.npy"],
        &["measure", "absent.safetensors"],
        &["measure", "-"],
        &["measure", "nan.safetensors", "--json"],
    ];
    runs.extend(more);
    insta::assert_snapshot!(both(files, &runs));
}
