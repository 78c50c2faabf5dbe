//! Logits in every kind of file give the same results.

use crate::cli::run::{folder, run, transcript};
use crate::support;
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
fn a_mask_that_leaves_no_rows_is_no_success() {
    let folder = files();
    let runs: [&[&str]; 7] = [
        &["measure", "dump.safetensors", "--mask", "none"],
        &["measure", "dump.safetensors", "--mask", "none", "--json"],
        &["measure", "dump.safetensors", "--mask", "last", "--rows", "0"],
        &["doctor", "dump.safetensors", "--mask", "none", "--fail-on", "nonpositive>1%"],
        &["diff", "dump.safetensors", "dump.safetensors", "--mask", "none"],
        &["compare", "--input", "dump.safetensors", "--mask", "none", "--modes", "bf16", "--formulas", "tail"],
        &[
            "partial",
            "dump.safetensors",
            "--top",
            "logits",
            "--vocabulary",
            "9",
            "--slack",
            "99",
            "--logprob",
            "none",
            "--mask",
            "none",
        ],
    ];
    for arguments in runs {
        let (code, out, err) = run(folder.path(), arguments, b"");
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        let mask = if arguments.contains(&"last") {
            "last` is 0 in every row that --rows"
        } else {
            "none` is 0 in every row;"
        };
        assert!(err.contains(&format!("no rows are left: the mask `{mask}")), "{arguments:?}: {err}");
    }
}

/// A step of advice: what is run, what it says where it fails, and what is to be done before the next one.
struct Step<'a> {
    run: &'a [&'a str],
    /// Words of the error, or nothing where it succeeds.
    says: &'a str,
}

/// Every piece of advice in an error, followed until it succeeds.
fn follow(folder: &std::path::Path, steps: &[Step<'_>]) {
    for (index, step) in steps.iter().enumerate() {
        let (code, _, err) = run(folder, step.run, b"");
        let expected = if step.says.is_empty() { 0 } else { 2 };
        assert_eq!(code, expected, "{:?}: {err}", step.run);
        assert!(err.contains(step.says), "{:?} does not say {}: {err}", step.run, step.says);
        assert_eq!(step.says.is_empty(), index + 1 == steps.len(), "advice ends in success: {:?}", step.run);
    }
}

#[test]
fn advice_leads_to_success() {
    let folder = files();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let bf16: Vec<u8> = LOGITS.iter().flat_map(|&z| half::bf16::from_f32(z).to_le_bytes()).collect();
    write("bits.npy", &npy("<u2", "(2, 3)", &bf16));
    write("named.npy", &npy("bfloat16", "(2, 3)", &bf16));
    write("keep.npy", &npy("|u1", "(2,)", &[1, 0]));
    let mut weights = vec![("logits", "F32", &[2, 3][..], f32s(&LOGITS)), ("actions", "I64", &[2], i64s(&[2, 1]))];
    weights.push(("weights", "F32", &[2], f32s(&[0.5, 0.0])));
    weights.push(("keep", "BOOL", &[2, 3], vec![1; 6]));
    write("weights.safetensors", &safetensors(&weights));
    let same = |shift: f32| {
        let logits: Vec<f32> = (0..12).map(|i| shift + i as f32 / 8.0).collect();
        safetensors(&[("logits", "F32", &[6, 2], f32s(&logits)), ("actions", "I64", &[6], i64s(&[1, 0, 1, 1, 0, 1]))])
    };
    write("tp_rank0.safetensors", &same(0.0));
    write("tp_rank1.safetensors", &same(1.0));
    write("top.jsonl", b"{\"top_logprobs\": [-0.1, -2.9], \"logprob\": -0.1}\n{\"top_logprobs\": [null, null], \"logprob\": null, \"mask\": 0}\n");
    write("kept.jsonl", b"{\"top_logprobs\": [-0.1, -2.9], \"logprob\": -0.1, \"mask\": 1}\n{\"top_logprobs\": [null, null], \"logprob\": null, \"mask\": 0}\n");
    let failing = |run, says| Step { run, says };
    let good = |run| Step { run, says: "" };
    let chains: &[&[Step<'_>]] = &[
        // Actions of a .npy file: from a second one, or chosen.
        &[
            failing(&["measure", "z.npy"], "as in `z.npy actions.npy`, or choose them, as in `--action argmax`"),
            good(&["measure", "z.npy", "c.npy"]),
        ],
        &[failing(&["measure", "z.npy"], "--action argmax"), good(&["measure", "z.npy", "--action", "argmax"])],
        // Another array in a .npy file: one of its own.
        &[
            failing(&["measure", "z.npy", "c.npy", "--mask", "keep"], "as in `keep.npy`"),
            good(&["measure", "z.npy", "c.npy", "--mask", "keep.npy"]),
        ],
        // Bits without a type.
        &[
            failing(&["measure", "bits.npy", "c.npy"], "whose meaning --dtype says"),
            good(&["measure", "bits.npy", "c.npy", "--dtype", "bf16"]),
        ],
        // A type where the file has its own.
        &[
            failing(&["measure", "z.npy", "c.npy", "--dtype", "bf16"], "leave --dtype out"),
            good(&["measure", "z.npy", "c.npy"]),
        ],
        &[good(&["measure", "named.npy", "c.npy"])],
        &[good(&["measure", "named.npy", "c.npy", "--dtype", "bf16"])],
        // A tensor by another name.
        &[
            failing(
                &["measure", "weights.safetensors", "--actions", "sampled"],
                "choose one that the file has: `actions` I64",
            ),
            good(&["measure", "weights.safetensors", "--actions", "actions"]),
        ],
        &[
            failing(&["measure", "weights.safetensors", "--logits", "policy"], "choose one that the file has"),
            failing(&["measure", "weights.safetensors", "--logits", "keep"], "expected F64, F32"),
            good(&["measure", "weights.safetensors", "--logits", "logits"]),
        ],
        // Masks of other kinds.
        &[
            failing(&["measure", "weights.safetensors", "--mask", "weights"], "expected 0 for a row to leave out or 1"),
            failing(&["measure", "weights.safetensors", "--mask", "keep"], "and leave --mask out"),
            good(&["measure", "weights.safetensors"]),
        ],
        // Parts of a vocabulary.
        &[
            failing(&["measure", "tp_rank0.safetensors", "tp_rank1.safetensors"], "or say with --join rows"),
            good(&["measure", "tp_rank0.safetensors", "tp_rank1.safetensors", "--join", "rows"]),
        ],
        // Top-k log-probabilities.
        &[
            failing(&["partial", "top.jsonl", "--vocabulary", "100", "--sampled"], "leave --sampled out"),
            failing(
                &["partial", "top.jsonl", "--vocabulary", "100"],
                "leave such rows out with a --mask that is 0 there",
            ),
            good(&["partial", "kept.jsonl", "--vocabulary", "100", "--mask", "mask"]),
        ],
        &[
            failing(
                &["partial", "kept.jsonl", "--vocabulary", "100", "--mask", "mask", "--engine", "bf16"],
                "give another mode, such as f32",
            ),
            good(&["partial", "kept.jsonl", "--vocabulary", "100", "--mask", "mask", "--engine", "f32"]),
        ],
    ];
    chains.iter().for_each(|steps| follow(folder.path(), steps));
}

#[test]
fn a_packed_file_is_unpacked_as_the_error_says() {
    let folder = folder(&[("rows.jsonl", LINES.as_bytes())]);
    let gzip = |arguments: &[&str]| {
        std::process::Command::new("sh").args(["-c", arguments[0]]).current_dir(folder.path()).status()
    };
    if !gzip(&["gzip rows.jsonl"]).is_ok_and(|status| status.success()) {
        support::not_run("NOT RUN: a_packed_file_is_unpacked_as_the_error_says: there is no gzip");
        return;
    }
    let (code, _, err) = run(folder.path(), &["measure", "rows.jsonl.gz"], b"");
    assert_eq!(code, 2);
    let line = err.split("with `").nth(1).and_then(|rest| rest.split('`').next()).unwrap_or_default();
    assert_eq!(line, "gunzip -k \"rows.jsonl.gz\"", "{err}");
    assert!(gzip(&[line]).is_ok_and(|status| status.success()), "{line}");
    assert_eq!(run(folder.path(), &["measure", "rows.jsonl"], b"").0, 0);
}

#[test]
fn a_temperature_and_a_rate_are_the_decimals_that_they_are() {
    let folder = folder(&[("rows.jsonl", b"{\"logits\": [3.0, 0.0], \"action\": 0}\n")]);
    let w = |temperature: &str, eta: &str| {
        let arguments =
            ["measure", "rows.jsonl", "--bits", "128", "--json", "--temperature", temperature, "--eta", eta];
        let (code, out, err) = run(folder.path(), &arguments, b"");
        assert_eq!((code, err.as_str()), (0, ""));
        let row: serde_json::Value = serde_json::from_str(&out).unwrap();
        ["logp_lo", "logp_hi", "update_lo"].map(|name| row[name].as_str().unwrap().to_string())
    };
    // log P_c = -log(1 + e^-30) = -9.3576229688396e-14 at 1/10: that of the f64 next to it differs in the 15th digit.
    let [lo, hi, _] = w("0.1", "1");
    let shared = lo.chars().zip(hi.chars()).take_while(|(x, y)| x == y).count();
    assert!(shared > 30, "{lo} {hi}");
    assert!(lo.starts_with(TENTH), "{lo}");
    assert!(!w("0.1000000000000000055", "1")[0].starts_with(TENTH));
    // The update at rate 1/10 is a tenth of that at rate 1, in all digits.
    let digits = |text: &str| text.split('e').next().unwrap().replace('.', "")[..30].to_string();
    assert_eq!(digits(&w("1", "0.1")[2]), digits(&w("1", "1")[2]));
    let said = transcript(folder.path(), &["measure", "rows.jsonl", "--temperature", "0.10", "--eta", "1e-1"]);
    assert!(said.contains("temperature 0.1, eta 0.1"), "{said}");
    assert!(
        transcript(folder.path(), &["measure", "rows.jsonl", "--temperature", "0"])
            .contains("expected a number above 0")
    );
}

/// -10^14 log(1 + e^-30), from its power series e^-30 - e^-60/2 + e^-90/3 - ... in decimals.
const TENTH: &str = "-9.3576229688397367793776974246751577";
