//! What a terminal shows: no line is wider than it, and no word or number is broken.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::run::{folder, run};
use crate::support::logits::{f32s, i64s, safetensors};

/// What a command prints on a terminal of a given number of columns, without colours.
fn shown(folder: &Path, columns: usize, arguments: &[&str]) -> String {
    let quoted: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
    let command = format!("stty cols {columns}; '{}' {} 2>errors", env!("CARGO_BIN_EXE_logitlab"), quoted.join(" "));
    let text = on_terminal(folder, &command);
    let errors = std::fs::read_to_string(folder.join("errors")).unwrap_or_default();
    assert!(!text.is_empty(), "{arguments:?}: {errors}");
    text
}

/// What a command of the shell prints on a terminal.
fn on_terminal(folder: &Path, command: &str) -> String {
    let output = Command::new("script")
        .args(["-qec", command, "/dev/null"])
        .current_dir(folder)
        .env_remove("COLUMNS")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .expect("`script` of util-linux gives programs a terminal");
    String::from_utf8(output.stdout).unwrap().replace('\r', "")
}

/// The words of a text, without times, bars and what says that a line goes on.
fn words(text: &str) -> HashSet<String> {
    let all: Vec<&str> = text.split_whitespace().collect();
    let is_time = |at: usize| all.get(at + 1) == Some(&"s");
    let kept = all.iter().enumerate().filter(|(at, word)| !is_time(*at) && !word.chars().all(|c| "#\\".contains(c)));
    kept.map(|(_, word)| word.to_string()).collect()
}

/// Rows of logits, confident and not, with 40 actions.
fn dump(rows: u64, shift: f32) -> Vec<u8> {
    let z = |n: u64| ((n * 7919 % 101) as f32 - 50.0) / 8.0 + if n % 40 == 3 { 9.0 + shift } else { 0.0 };
    let logits: Vec<f32> = (0..rows * 40).map(z).collect();
    let (actions, ones) = (vec![3; rows as usize], vec![0.5; rows as usize]);
    safetensors(&[
        ("logits", "F32", &[rows, 40], f32s(&logits)),
        ("actions", "I64", &[rows], i64s(&actions)),
        ("advantages", "F32", &[rows], f32s(&ones)),
    ])
}

const WRONG: &[u8] = b"claim  wrong-step
title  \"A derivation with a step that is none\"
given  P : distribution, c : action, g : real
show   |g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))
proof
  |g*(e[c] - P)|^2
    = g^2*|e[c] - P|^2 by norm.square
    = g^2*(1 - 2*P[c] + C(P)) by ring
qed
";

const TOP: &[u8] = b"{\"top_logprobs\": [-0.105360515657826, -2.81341071676004], \"logprob\": -0.105360515657826}
{\"top_logprobs\": [-0.693147180559945, -1.6094379124341], \"logprob\": -4.60517018598809}\n";

#[test]
fn lines_fit_and_no_word_or_number_is_broken() {
    let folder = folder(&[
        ("few.safetensors", &dump(4, 0.0)),
        ("many.safetensors", &dump(60, 0.0)),
        ("other.safetensors", &dump(60, 0.01)),
        ("wrong.proof", WRONG),
        ("top.jsonl", TOP),
    ]);
    let commands: &[&[&str]] = &[
        &["--help"],
        &["list"],
        &["formats"],
        &["show", "two-sided"],
        &["show", "study-modes"],
        &["show", "--trust"],
        &["verify", "norm-identity", "two-sided", "false-unit-bound"],
        &["verify", "wrong.proof", "--judge", "script,exact"],
        &["prove", "tail-form"],
        &["prove", "sum(P) = 2", "--given", "P : distribution", "--seconds", "1"],
        &["measure", "many.safetensors"],
        &["partial", "top.jsonl", "--vocabulary", "50000"],
        &["certify", "few.safetensors", "--row", "1", "--out", "row.v"],
        &["doctor", "many.safetensors", "--modes", "bf16,f32"],
        &["doctor", "--metrics"],
        &["diff", "many.safetensors", "other.safetensors"],
        &["diff", "--metrics"],
        &["compare", "--modes", "bf16,f32+logits=bf16+sum=f32:pairwise", "--cases", "2"],
        &["compare", "--exhaustive", "--modes", "e4m3fn", "--formulas", "tail"],
        &["compare", "--input", "many.safetensors", "--modes", "bf16"],
        &["compare", "--input", "many.safetensors", "--algorithm", "lse-naive,lse-shifted", "--modes", "fp16"],
        &["simulate", "--runs", "2", "--steps", "40", "--check", "--modes", "bf16,f32"],
        &["stalls", "--formats", "bf16,fp16", "--g", "1,0.1,0.01"],
        &["rates", "--k", "2,3", "--bandits", "2", "--steps", "10000"],
        &["text-policy", "--out", "p.safetensors", "--steps", "20", "--rows", "9"],
        &["round", "0.1"],
        &["round", "0.1", "--format", "bf16"],
        &["cite", "norm-identity"],
    ];
    for arguments in commands {
        let (_, piped, _) = run(folder.path(), arguments, b"");
        let known = words(&piped);
        for columns in [60, 80, 120] {
            let text = shown(folder.path(), columns, arguments);
            // A word that is wider than the terminal stands in a line of its own.
            let is_wide = |line: &&str| line.chars().count() > columns && line.trim().contains(' ');
            let wide: Vec<&str> = text.lines().filter(is_wide).collect();
            assert!(wide.is_empty(), "{arguments:?} at {columns}:\n{}", wide.join("\n"));
            let broken: Vec<String> = words(&text).difference(&known).cloned().collect();
            // A table in place of Markdown has no bars.
            let is_table = *arguments == ["doctor", "--metrics"];
            assert!(broken.is_empty() || is_table, "{arguments:?} at {columns}: {broken:?}\n{text}");
        }
    }
}

#[test]
fn rows_have_as_many_digits_as_fit() {
    let folder = folder(&[("few.safetensors", &dump(4, 0.0))]);
    for (more, at_80) in [(&[][..], 5), (&["--advantages", "advantages"], 5 + 5)] {
        let arguments = [&["measure", "few.safetensors"], more].concat();
        let (_, piped, _) = run(folder.path(), &arguments, b"");
        let first = |text: &str| text.lines().nth(1).unwrap().split_whitespace().nth(2).unwrap().to_string();
        for columns in [60, 80, 120] {
            let text = shown(folder.path(), columns, &arguments);
            assert!(text.lines().all(|line| line.chars().count() <= columns), "{columns}:\n{text}");
            if columns == 80 {
                assert_eq!(text.lines().take_while(|line| !line.is_empty()).count(), at_80, "{text}");
            }
        }
        assert_eq!(first(&shown(folder.path(), 120, &[&["measure", "few.safetensors"][..]].concat())), first(&piped));
    }
}

#[test]
fn errors_fit_too() {
    let folder = folder(&[("few.safetensors", &dump(4, 0.0))]);
    for more in [["--out", "rows.xlsx"], ["--tolerance", "2^64"]] {
        let arguments = [&["measure", "few.safetensors"], &more[..]].concat();
        let (_, _, piped) = run(folder.path(), &arguments, b"");
        assert!(piped.lines().any(|line| line.chars().count() > 60), "{piped}");
        let command = format!("stty cols 60; '{}' {}", env!("CARGO_BIN_EXE_logitlab"), arguments.join(" "));
        let text = on_terminal(folder.path(), &command);
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        assert_eq!(words(&text), words(&piped));
    }
}

#[test]
fn what_programs_read_is_never_broken() {
    let folder = folder(&[]);
    let commands: [&[&str]; 4] = [
        &["show", "two-sided", "--json"],
        &["cite", "norm-identity", "--format", "latex"],
        &["export", "fpcore", "closed", "--k", "5"],
        &["export", "coq", "norm-identity"],
    ];
    for arguments in commands {
        let (_, piped, _) = run(folder.path(), arguments, b"");
        assert_eq!(shown(folder.path(), 60, arguments), piped, "{arguments:?}");
    }
}
