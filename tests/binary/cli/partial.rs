//! `logitlab partial`: what follows from top-k and sampled log-probabilities.

use crate::cli::engines::{Arithmetic, Row, row};
use crate::cli::run::{folder, run, transcript};
use crate::support::logits::{f32s, npy, safetensors};
use logitlab::arith::scaled::Scaled;
use logitlab::policy::random::Rng;
use std::fmt::Write as _;

const ROWS: &[u8] = br#"{"top_logprobs": [-0.105360515657826, -2.81341071676004], "logprob": -0.105360515657826}
{"top_logprobs": [-0.693147180559945, -1.6094379124341], "logprob": -4.60517018598809}
{"top_logprobs": [0, null], "logprob": 0}
"#;

#[test]
fn rows_are_enclosed_whatever_the_rest() {
    let folder = folder(&[("rows.jsonl", ROWS), ("alone.jsonl", b"{\"logprobs\": [-0.105]}\n{\"logprobs\": [-7]}\n")]);
    let commands: [&[&str]; 4] = [
        &["partial", "rows.jsonl", "--vocabulary", "50000"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--json", "--slack", "0"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--summary", "--json"],
        &["partial", "alone.jsonl", "--top", "logprobs", "--sampled", "--vocabulary", "50000"],
    ];
    insta::assert_snapshot!(commands.map(|command| transcript(folder.path(), command)).join("\n"));
}

#[test]
fn what_cannot_be_a_distribution_is_refused_with_its_row() {
    let more = b"{\"top_logprobs\": [-0.1], \"logprob\": -0.1}\n{\"top_logprobs\": [-0.1], \"logprob\": -0.2}\n";
    let folder = folder(&[
        ("rows.jsonl", ROWS),
        ("more.jsonl", more),
        ("logits.jsonl", b"{\"top_logprobs\": [3.5], \"logprob\": 3.5}\n"),
    ]);
    let commands: [&[&str]; 6] = [
        &["partial", "more.jsonl", "--vocabulary", "50000"],
        &["partial", "logits.jsonl", "--vocabulary", "50000"],
        &["partial", "rows.jsonl", "--vocabulary", "1"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--slack", "-1"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--sampled"],
        &["partial", "rows.jsonl", "--vocabulary", "50000", "--top", "top5"],
    ];
    insta::assert_snapshot!(commands.map(|command| transcript(folder.path(), command)).join("\n"));
    assert_eq!(run(folder.path(), &["partial", "rows.jsonl"], b"").0, 2);
}

#[test]
fn a_vocabulary_beyond_all_bounds_is_refused_at_once() {
    let folder = folder(&[("rows.jsonl", ROWS)]);
    for (engine, word) in [("f32", "--engine f32: "), ("f64", "--engine f64: ")] {
        let arguments = ["partial", "rows.jsonl", "--vocabulary", "18446744073709551615", "--engine", engine];
        let (code, out, err) = run(folder.path(), &arguments, b"");
        assert_eq!((code, out.as_str()), (2, ""), "{engine}");
        assert!(err.contains(word) && err.contains("18446744073709551615 exponentials"), "{err}");
    }
}

#[test]
fn a_single_entry_among_more_is_that_of_the_chosen_token() {
    // P_c = 0.2, of which the request asked for nothing else; one other token may have all of the rest.
    let rows = b"{\"top_logprobs\": [-0.5, -1.5], \"logprob\": -0.5}\n\
        {\"top_logprobs\": [-1.6094379124341003], \"logprob\": -1.6094379124341003}\n";
    let folder = folder(&[("rows.jsonl", rows)]);
    let (code, out, _) = run(folder.path(), &["partial", "rows.jsonl", "--vocabulary", "3", "--json"], b"");
    assert_eq!(code, 0, "{out}");
    let found: serde_json::Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
    assert!(meets(&found, "w", Scaled::point(1.28 - 1e-9)) && meets(&found, "w", Scaled::point(0.96 + 1e-9)));
    assert!(meets(&found, "p", Scaled::point(0.2)) && !meets(&found, "p", Scaled::point(0.21)));
}

#[test]
fn an_overflow_is_told_in_a_few_digits() {
    let folder = folder(&[("rows.jsonl", ROWS)]);
    let (code, _, err) = run(folder.path(), &["partial", "rows.jsonl", "--vocabulary", "9", "--range", "2^1000"], b"");
    assert_eq!(code, 2);
    assert!(err.contains("numbers of up to 2.143e301 may overflow at `shift`, whose largest is 3.403e38"), "{err}");
}

/// A file of rows whose places without an entry are filled in one of the ways that are met.
fn file(rng: &mut Rng, arithmetic: Arithmetic, rows: &[Row]) -> (&'static str, Vec<u8>) {
    let width = rows.iter().map(|row| row.top.len()).max().unwrap_or(1);
    let sentinel = [f64::NAN, f64::NEG_INFINITY, -9999.0][rng.index(3)];
    let padded = |row: &Row| {
        let mut top = row.top.clone();
        top.resize(width, sentinel);
        top
    };
    let text = |x: &f64| match x {
        x if x.is_nan() => "null".to_string(),
        x if x.is_infinite() => "-Infinity".to_string(),
        x => format!("{x:?}"),
    };
    let list = |top: &[f64]| top.iter().map(text).collect::<Vec<_>>().join(", ");
    let lines = |top: &dyn Fn(&Row) -> Vec<f64>| {
        rows.iter().fold(String::new(), |mut out, row| {
            writeln!(out, "{{\"top_logprobs\": [{}], \"logprob\": {}}}", list(&top(row)), text(&row.own)).unwrap();
            out
        })
    };
    match rng.index(3) {
        0 => ("ragged.jsonl", lines(&|row| row.top.clone()).into_bytes()),
        1 => ("padded.jsonl", lines(&padded).into_bytes()),
        _ => {
            let top: Vec<f64> = rows.iter().flat_map(padded).collect();
            let own: Vec<f64> = rows.iter().map(|row| row.own).collect();
            let bytes = |numbers: &[f64]| match arithmetic {
                Arithmetic::F64 => numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
                _ => f32s(&numbers.iter().map(|&x| x as f32).collect::<Vec<_>>()),
            };
            let dtype = if arithmetic == Arithmetic::F64 { "F64" } else { "F32" };
            let n = rows.len() as u64;
            let tensors =
                [("top_logprobs", dtype, &[n, width as u64][..], bytes(&top)), ("logprobs", dtype, &[n], bytes(&own))];
            ("rows.safetensors", safetensors(&tensors))
        }
    }
}

/// Whether what was found, as decimals rounded outward, has something in common with what is true.
fn meets(found: &serde_json::Value, name: &str, truth: Scaled) -> bool {
    let end = |end: &str| -> f64 { found[format!("{name}_{end}")].as_str().unwrap().parse().unwrap() };
    // Of decimals that were rounded to f64 here.
    let room = 1.0 + 4.0 * f64::EPSILON;
    let [lo, hi] = truth.outward();
    end("lo") <= hi * room && lo <= end("hi") * room
}

/// How many rows were drawn, and how many intervals did not contain the truth.
fn campaign(seed: u64, files: usize, rows: usize) -> (usize, Vec<String>) {
    let mut rng = Rng::new(seed, 0);
    let mut misses = Vec::new();
    for index in 0..files {
        let arithmetic = Arithmetic::ALL[index % 3];
        let actions = [2, 3, 5, 40, 700, 3000][rng.index(6)];
        let rows: Vec<Row> = (0..rows).map(|_| row(&mut rng, arithmetic, actions, 20)).collect();
        let (name, bytes) = file(&mut rng, arithmetic, &rows);
        let folder = folder(&[(name, &bytes)]);
        let vocabulary = actions.to_string();
        let arguments = ["partial", name, "--vocabulary", &vocabulary, "--engine", arithmetic.mode(), "--json"];
        let (code, out, err) = run(folder.path(), &arguments, b"");
        assert_eq!((code, err.as_str()), (0, ""), "{arithmetic:?} {actions} {name}");
        assert_eq!(out.lines().count(), rows.len());
        for (line, row) in out.lines().zip(&rows) {
            let found: serde_json::Value = serde_json::from_str(line).unwrap();
            let truth =
                [("p", row.truth.p), ("collision", row.truth.collision), ("w", row.truth.w), ("norm", row.truth.norm)];
            for (name, truth) in truth {
                if !meets(&found, name, truth) {
                    misses.push(format!("{arithmetic:?} {actions} {name} {truth:?} {line} {:?} {}", row.top, row.own));
                }
            }
        }
    }
    (files * rows, misses)
}

#[test]
fn intervals_contain_what_the_whole_distribution_says() {
    let campaigns = std::env::var("LOGITLAB_CAMPAIGN").is_ok();
    let (files, rows) = if campaigns { (250, 400) } else { (9, 60) };
    let (count, misses) = campaign(12, files, rows);
    println!("{count} rows, {} misses", misses.len());
    assert!(misses.is_empty(), "{} misses in {count} rows, the first:\n{}", misses.len(), misses[0]);
}

#[test]
fn numbers_of_an_f32_engine_contain_the_truth() {
    // P = 3/4 and the 1/4 that is left; P = 1 - 1.07e-7, which f32 calls certain; certain rows beside others.
    let rows = b"{\"top_logprobs\": [-0.28768208622932434], \"logprob\": -0.28768208622932434}\n\
        {\"top_logprobs\": [0.0, null], \"logprob\": 0.0}\n\
        {\"top_logprobs\": [0.0, -26.637191772460938], \"logprob\": 0.0}\n";
    let folder = folder(&[("rows.jsonl", rows)]);
    let (code, out, _) = run(folder.path(), &["partial", "rows.jsonl", "--vocabulary", "50257", "--json"], b"");
    assert_eq!(code, 0);
    let found: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let rest = 1.0717e-7;
    assert!(meets(&found[0], "p", Scaled::point(0.75)) && !meets(&found[0], "p", Scaled::point(0.751)));
    assert!(meets(&found[1], "p", Scaled::point(1.0 - rest)) && meets(&found[1], "w", Scaled::point(rest * rest)));
    assert!(meets(&found[2], "w", Scaled::point(1e-22)));
}

#[test]
fn an_engine_is_told_with_its_nats() {
    let folder = folder(&[("rows.jsonl", ROWS)]);
    let with = |more: &[&str]| {
        let arguments = [&["partial", "rows.jsonl", "--vocabulary", "50000", "--summary"], more].concat();
        transcript(folder.path(), &arguments)
    };
    let commands: [&[&str]; 9] = [
        &[],
        &["--engine", "f64"],
        &["--engine", "f32+sum=f32:pairwise", "--formula", "logp-shifted"],
        &["--engine", "bf16-lse", "--range", "2^5"],
        &["--slack", "1e-6"],
        &["--engine", "bf16"],
        &["--engine", "f32+sum=f32:kahan"],
        &["--engine", "f33"],
        &["--slack", "1e-6", "--engine", "f64"],
    ];
    insta::assert_snapshot!(commands.map(with).join("\n"));
}

#[test]
fn entries_that_are_not_there_are_none() {
    let given = [0.4750f32, 0.2881, 0.1].map(libm::logf);
    let array =
        |sentinel: f32| npy("<f4", "(2, 3)", &f32s(&[given[0], given[1], sentinel, given[0], given[1], given[2]]));
    let own = npy("<f4", "(2,)", &f32s(&[given[0], given[1]]));
    let files: Vec<(String, Vec<u8>)> =
        [("nan", f32::NAN), ("inf", f32::NEG_INFINITY), ("far", -9999.0), ("near", -3.0)]
            .map(|(name, sentinel)| (format!("{name}.npy"), array(sentinel)))
            .into_iter()
            .chain([("own.npy".to_string(), own)])
            .collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let folder = folder(&files);
    let found = |file: &str, more: &[&str]| {
        let arguments = [&["partial", file, "--logprob", "own.npy", "--vocabulary", "1000", "--json"], more].concat();
        let (code, out, err) = run(folder.path(), &arguments, b"");
        assert_eq!((code, err.as_str()), (0, ""), "{file}");
        out
    };
    let expected = found("nan.npy", &[]);
    for (file, more) in [
        ("inf.npy", &[][..]),
        ("far.npy", &[]),
        ("far.npy", &["--missing", "-9999"]),
        ("near.npy", &["--missing", "-3"]),
    ] {
        assert_eq!(found(file, more), expected, "{file}");
    }
    assert_ne!(found("near.npy", &[]), expected);
}
