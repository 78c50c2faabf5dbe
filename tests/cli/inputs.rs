//! Logits in every kind of file give the same results.

use crate::run::{folder, run};
use crate::support::logits::{f32s, i64s, npy, safetensors};

const LOGITS: [f32; 6] = [0.5, -1.0, 2.0, f32::NEG_INFINITY, 0.25, 3.0];
const LINES: &str = "{\"logits\": [0.5, -1.0, 2.0], \"action\": 2}\n{\"logits\": [null, 0.25, 3.0], \"action\": 1}\n";

fn files() -> tempfile::TempDir {
    let tensors = |rows: std::ops::Range<usize>| {
        let n = rows.len() as u64;
        let actions = i64s(&[2, 1][rows.clone()]);
        let logits = f32s(&LOGITS[3 * rows.start..3 * rows.end]);
        safetensors(&[
            ("logits", "F32", &[n, 3], logits),
            ("actions", "I64", &[n], actions),
            ("none", "BOOL", &[n], vec![0; n as usize]),
            ("last", "U8", &[n], (0..n).map(|i| u8::from(i + 1 == n)).collect()),
        ])
    };
    let batch = safetensors(&[
        ("logits", "F32", &[1, 2, 3], f32s(&LOGITS)),
        ("actions", "I32", &[1, 2], [2i32, 1].iter().flat_map(|n| n.to_le_bytes()).collect()),
    ]);
    folder(&[
        ("dump.safetensors", &tensors(0..2)),
        ("part-9.safetensors", &tensors(0..1)),
        ("part-10.safetensors", &tensors(1..2)),
        ("batch.safetensors", &batch),
        ("z.npy", &npy("<f4", "(2, 3)", &f32s(&LOGITS))),
        ("c.npy", &npy("<i8", "(2,)", &i64s(&[2, 1]))),
        ("rows.jsonl", LINES.as_bytes()),
    ])
}

#[test]
fn every_kind_of_file_gives_the_same() {
    let folder = files();
    let measured = |arguments: &[&str], input: &[u8]| {
        let (code, out, err) = run(folder.path(), &[&["measure", "--json"], arguments].concat(), input);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        // Where there are batches, a row says its own.
        (0..2).fold(out, |out, time| out.replace(&format!("\"batch\":0,\"time\":{time},"), ""))
    };
    let expected = measured(&["dump.safetensors"], b"");
    assert_eq!(expected.lines().count(), 2);
    for arguments in [
        &["part-*.safetensors"][..],
        &["part-9.safetensors", "part-10.safetensors"],
        &["batch.safetensors"],
        &["z.npy", "c.npy"],
        &["z.npy", "--actions", "c.npy"],
        &["dump.safetensors", "--actions", "c.npy"],
        &["rows.jsonl"],
    ] {
        assert_eq!(measured(arguments, b""), expected, "{arguments:?}");
    }
    assert_eq!(measured(&["-"], LINES.as_bytes()), expected);
    let last = measured(&["dump.safetensors", "--mask", "last"], b"");
    assert_eq!(Some(last.trim_end()), expected.lines().last());
}

#[test]
fn an_empty_mask_is_no_rows() {
    let folder = files();
    let runs: [&[&str]; 3] = [
        &["measure", "dump.safetensors", "--mask", "none"],
        &["measure", "dump.safetensors", "--mask", "last", "--rows", "0"],
        &["compare", "--input", "dump.safetensors", "--mask", "none", "--modes", "bf16", "--formulas", "tail"],
    ];
    for arguments in runs {
        let (code, out, err) = run(folder.path(), arguments, b"");
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        assert!(out.contains("0 rows") && !out.contains("NaN"), "{arguments:?}: {out}");
    }
    let (code, out, _) = run(folder.path(), &["measure", "dump.safetensors", "--mask", "none", "--json"], b"");
    assert_eq!((code, out.as_str()), (0, ""));
}
