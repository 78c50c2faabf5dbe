//! `compare --input`: real logits by formula and as vectors, and input that cannot be used.

use serde_json::Value;

use crate::cli::run::{folder, run, transcript};
use crate::support::logits::{f32s, i64s, npy, pair, safetensors, tour};

/// Five rows over three actions: even, confident, masked, large, and one beyond what fp16 can exponentiate.
const ROWS: [f32; 15] = [0.0, 0.0, 0.0, 5.0, -1.0, 0.0, f32::NEG_INFINITY, 0.5, 2.5, 1.0, 14.0, 3.0, 2.0, 3.0, 11.5];

fn files() -> tempfile::TempDir {
    let nan = npy("<f4", "(2, 2)", &f32s(&[0.0, 1.0, f32::NAN, 0.0]));
    let alone = safetensors(&[("logits", "F32", &[5, 3], f32s(&ROWS))]);
    folder(&[
        ("dump.safetensors", &tour()),
        ("rows.safetensors", &pair(&ROWS, &[0, 0, 1, 1, 2])),
        ("alone.safetensors", &alone),
        ("z.npy", &npy("<f4", "(5, 3)", &f32s(&ROWS))),
        ("c.npy", &npy("<i8", "(5,)", &i64s(&[0, 0, 1, 1, 2]))),
        ("short.npy", &npy("<i8", "(2,)", &i64s(&[0, 0]))),
        ("integers.npy", &npy("<i8", "(2, 2)", &i64s(&[0, 1, 2, 3]))),
        ("nan.npy", &nan),
    ])
}

#[test]
fn tables() {
    let folder = files();
    let runs: &[&[&str]] = &[
        &["compare", "--input", "dump.safetensors", "--modes", "f32,bf16-lse", "--formulas", "production,tail"],
        &["compare", "--input", "z.npy", "--modes", "bf16,fp16", "--formulas", "closed,entropy"],
        &["compare", "--input", "z.npy", "--modes", "bf16", "--formulas", "entropy,lse"],
        &[
            "compare",
            "--input",
            "z.npy",
            "--action",
            "1",
            "--modes",
            "bf16",
            "--formulas",
            "probability",
            "--format",
            "csv",
        ],
        &["compare", "--input", "z.npy", "--algorithm", "lse-naive,lse-shifted,softmax-naive,softmax-shifted"],
        &[
            "compare",
            "--input",
            "z.npy",
            "--algorithm",
            "softmax-log,exp-sum",
            "--modes",
            "f32,bf16-sum32",
            "--format",
            "csv",
        ],
    ];
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn the_same_rows_from_every_kind_of_file() {
    let folder = files();
    let document = |input: &[&str]| -> Value {
        let fixed = ["--modes", "fp16-stored,f32", "--formulas", "closed,tail", "--format", "json"];
        let (code, out, err) = run(folder.path(), &[&["compare", "--input"], input, &fixed].concat(), b"");
        assert_eq!((code, err.as_str()), (0, ""), "{input:?}");
        serde_json::from_str(&out).unwrap()
    };
    let tensors = document(&["rows.safetensors"]);
    assert_eq!(document(&["z.npy", "c.npy"]), tensors);
    assert_eq!((&tensors["schema"], &tensors["rows"], &tensors["columns"]), (&1.into(), &5.into(), &3.into()));
    assert_eq!(tensors["lines"].as_array().unwrap().len(), 4);
    let chosen = document(&["z.npy"]);
    assert_eq!(document(&["z.npy", "--action", "argmax"]), chosen);
    assert_eq!(document(&["alone.safetensors", "--action", "argmax"])["lines"], chosen["lines"]);
    // The chosen action of row 3 is not the largest of these, and that of row 2 neither.
    assert_ne!(chosen["lines"], tensors["lines"]);
    let two = document(&["z.npy", "--rows", "0..2"]);
    assert_eq!(two["lines"][0]["bands"][0]["rows"], 2);
}

#[test]
fn results_do_not_depend_on_threads() {
    let folder = files();
    let outputs = ["1", "3"].map(|threads| {
        let arguments = ["compare", "--input", "z.npy", "--modes", "bf16/stochastic8,f32", "--format", "json"];
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_logitlab"))
            .args(arguments)
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert!(output.status.success());
        output.stdout
    });
    assert_eq!(outputs[0], outputs[1]);
}

#[test]
fn what_cannot_be_used() {
    let folder = files();
    let runs: &[&[&str]] = &[
        &["absent.npy"],
        &["integers.npy"],
        &["nan.npy"],
        &["alone.safetensors"],
        &["z.npy", "short.npy"],
        &["z.npy", "c.npy", "--action", "0"],
        &["z.npy", "--action", "3"],
        &["z.npy", "--action", "largest"],
        &["rows.safetensors", "--action", "argmax", "--actions", "actions"],
        &["rows.safetensors", "--logits", "logit"],
        &["z.npy", "--rows", "3..9"],
        &["z.npy", "--k", "3"],
        &["z.npy", "--p", "0.9"],
        &["z.npy", "--cases", "9"],
        &["z.npy", "--format", "latex"],
        &["z.npy", "--formulas", "ratio"],
        &["z.npy", "--algorithm", "lse-shfted"],
        &["z.npy", "--algorithm", "something"],
        &["z.npy", "--algorithm", "lse-naive", "--formulas", "tail"],
        &["z.npy", "c.npy", "--algorithm", "lse-naive"],
        &["nan.npy", "--algorithm", "lse-naive"],
        &["-"],
    ];
    let one = |arguments: &&[&str]| {
        let text = transcript(folder.path(), &[&["compare", "--input"], *arguments].concat());
        assert!(text.ends_with("[exit code 2]\n"), "{text}");
        text
    };
    let mut text: Vec<String> = runs.iter().map(one).collect();
    for arguments in [&["compare", "--algorithm", "lse-naive"][..], &["compare", "--rows", "0..2"]] {
        text.push(transcript(folder.path(), arguments));
        assert!(text.last().unwrap().ends_with("[exit code 2]\n"), "{text:?}");
    }
    insta::assert_snapshot!(text.join("\n"));
}
