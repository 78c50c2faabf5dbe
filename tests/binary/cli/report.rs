//! `report` and `--report`: which files are written, and what is said.

use std::fs;

use crate::cli::run::{folder, run, transcript};
use crate::support::logits::tour;

const FALSE: &[u8] = b"claim  mine\ngiven  P : distribution, c : action\nshow   |e[c] - P|^2 <= 1\n";

#[test]
fn help() {
    let folder = folder(&[]);
    insta::assert_snapshot!(transcript(folder.path(), &["report", "--help"]));
}

#[test]
fn what_cannot_be_written() {
    let folder = folder(&[("file", b"")]);
    let runs: &[&[&str]] = &[
        &["report"],
        &["report", "no-such-claim", "--html", "x.html"],
        &["report", "zero-sum", "--html", "no/such/folder/x.html"],
        &["report", "zero-sum", "--latex", "file"],
        &["verify", "zero-sum", "--report", "x.pdf"],
        &["doctor", "no-such-file", "--report", "x"],
        &["compare", "--exhaustive", "--report", "x.html"],
    ];
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    insta::assert_snapshot!(text.join("\n"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
}

#[test]
fn all_forms_of_a_claim() {
    let folder = folder(&[("mine.proof", FALSE)]);
    let arguments = ["report", "zero-sum", "--html", "a.html", "--markdown", "a.md", "--latex", "a"];
    let (code, out, err) = run(folder.path(), &arguments, b"");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.lines().map(|line| line.split(':').next().unwrap()).collect::<Vec<_>>(), ["a.html", "a.md", "a"]);
    insta::assert_snapshot!("markdown", fs::read_to_string(folder.path().join("a.md")).unwrap());
    let mut files: Vec<String> = fs::read_dir(folder.path().join("a"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["SNAPSHOTS.json", "logitlab.bib", "logitlab.tex", "main.tex", "numbers.tex"]);

    // To standard output, and the same bytes whatever the file is called.
    let (_, page, _) = run(folder.path(), &["report", "zero-sum", "--html", "-"], b"");
    assert_eq!(page, fs::read_to_string(folder.path().join("a.html")).unwrap());
    // What is false and should not be is reported and ends with 1.
    let (code, page, _) = run(folder.path(), &["report", "mine.proof", "--html", "-"], b"");
    assert!(code == 1 && page.contains("not as expected"), "{code}");
}

#[test]
fn what_other_commands_ran() {
    let folder = folder(&[("a.safetensors", &tour())]);
    let runs: &[(&[&str], &str)] = &[
        (&["verify", "false-unit-bound"], "The smallest counterexample"),
        (&["compare", "--modes", "f32", "--formulas", "tail", "--cases", "2"], "Digits left of"),
        (&["measure", "a.safetensors"], "Quantiles, each within"),
        (&["doctor", "a.safetensors"], "logitlab doctor"),
        (&["diff", "a.safetensors", "a.safetensors"], "Findings, worst first"),
        (&["simulate", "--steps", "20", "--runs", "2"], "dead steps"),
    ];
    for (arguments, expected) in runs {
        for name in ["r.html", "r.md"] {
            let (code, _, err) = run(folder.path(), &[arguments, &["--report", name][..]].concat(), b"");
            let text = fs::read_to_string(folder.path().join(name)).unwrap_or_default();
            assert!(code <= 1 && text.contains(expected), "{arguments:?}: {code} {err}");
            // What was run, without where the report went.
            assert!(
                text.contains(&format!("logitlab {}", arguments.join(" "))) && !text.contains("--report"),
                "{text}"
            );
        }
    }
}
