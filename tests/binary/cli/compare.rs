//! `logitlab compare`: tables, data, figures, studies, and what it refuses.

use serde_json::Value;

use crate::cli::run::{folder, run, transcript};

const SMALL: &[&str] = &["compare", "--modes", "bf16,f32+logits=bf16", "--formulas", "closed,tail", "--cases", "8"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [SMALL, more].concat()
}

fn print(arguments: &[&str]) -> String {
    let (code, out, err) = run(folder(&[]).path(), arguments, b"");
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    out
}

#[test]
fn tables_for_people_and_programs() {
    let folder = folder(&[]);
    let formats = ["text", "csv", "latex"];
    let text = formats.map(|format| transcript(folder.path(), &with(&["--p", "0.5,1-1e-3", "--format", format])));
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn json_has_the_promised_fields() {
    let document: Value = serde_json::from_str(&print(&with(&["--format", "json"]))).unwrap();
    assert_eq!((&document["schema"], &document["k"], &document["cases"]), (&1.into(), &10.into(), &8.into()));
    let lines = document["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 4);
    for line in lines {
        for key in ["mode", "mode_text", "formula", "quantity"] {
            assert!(line[key].is_string(), "{key}");
        }
        let cells = line["cells"].as_array().unwrap();
        assert_eq!(cells.len(), document["rests"].as_array().unwrap().len());
        for key in ["digits", "median_digits", "relative", "ulps", "counts", "worst"] {
            assert!(!cells[0][key].is_null(), "{key}");
        }
    }
}

#[test]
fn figures_are_the_same_on_every_run_and_go_into_files() {
    for plot in [&[][..], &["--plot", "thresholds"], &["--plot", "digits", "--k", "2,10"]] {
        let arguments = with(&[&["--format", "svg"], plot].concat());
        let figure = print(&arguments);
        assert!(figure.starts_with("<svg ") && roxmltree::Document::parse(&figure).is_ok(), "{plot:?}");
        let folder = folder(&[("old.svg", b"old")]);
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_logitlab"))
            .args([&arguments[..], &["-o", "old.svg"]].concat())
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", "1")
            .output()
            .unwrap();
        assert!(output.status.success() && output.stdout.is_empty());
        assert_eq!(std::fs::read_to_string(folder.path().join("old.svg")).unwrap(), figure, "{plot:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    }
}

#[test]
fn a_plot_shows_every_mode_and_formula() {
    let figure = print(&with(&["--format", "svg"]));
    for name in ["bf16", "bf16-stored", "closed", "tail", "relative error"] {
        assert!(figure.contains(&format!(">{name}</text>")), "{name}");
    }
}

#[test]
fn the_default_table_is_a_study() {
    assert_eq!(print(&["compare"]), print(&["compare", "--study", "study-modes"]));
}

#[test]
fn a_study_is_shown_cited_and_checked() {
    let folder = folder(&[]);
    let shown = print(&["show", "study-thresholds"]);
    assert!(shown.starts_with("study  study-thresholds\n"), "{shown}");
    let document: Value = serde_json::from_str(&print(&["show", "study-thresholds", "--json"])).unwrap();
    assert_eq!(document["snapshot"], format!("logitlab snapshot 1\n{shown}"));
    let cited: Value = serde_json::from_str(&print(&["cite", "study-thresholds", "--format", "json"])).unwrap();
    assert_eq!((&cited["kind"], &cited["file"]), (&"study".into(), &"snapshots/study-thresholds.txt".into()));
    let hash = format!("sha256:{}", cited["sha256"].as_str().unwrap());
    assert!(print(&["check", &hash]).starts_with("same study-thresholds"));
    let table = print(&["cite", "study-thresholds", "--format", "latex"]);
    let rows = shown.lines().skip_while(|line| !line.starts_with("figures")).skip(1);
    assert_eq!(
        table.lines().filter(|line| line.starts_with(['&', ' ']) || line.contains(" & closed & ")).count(),
        rows.count()
    );
    // A figure that was changed is found out.
    let tampered = format!("logitlab snapshot 1\n{}", shown.replacen("never", "1e-30", 1));
    std::fs::write(folder.path().join("tampered.txt"), tampered).unwrap();
    let (code, out, _) = run(folder.path(), &["check", "tampered.txt"], b"");
    assert_eq!(code, 1);
    assert!(out.lines().any(|line| line.starts_with("- ") && line.contains("1e-30")), "{out}");
}

#[test]
fn what_cannot_be_compared() {
    let folder = folder(&[]);
    let runs: &[&[&str]] = &[
        &["--modes", "bfloat17"],
        &["--modes", "f32+logit=bf16"],
        &["--formulas", "tial"],
        &["--study", "study-mode"],
        &["--study", "something"],
        &["--k", "0"],
        &["--k", "1"],
        &["--k", "2,3"],
        &["--k", "99999999999"],
        &["--modes", "p300e5"],
        &["--p", "0"],
        &["--p", "1"],
        &["--p", "1.5"],
        &["--p", "1-0"],
        &["--p", "x"],
        &["--cases", "0"],
        &["--plot", "error"],
        &["--format", "svg", "--plot", "digits", "--modes", "f32,bf16,fp16,e5m2,e4m3fn,tf32"],
        &["--study", "study-modes", "--k", "3"],
        &["--rounding", "sideways"],
        &["--exhaustive", "--modes", "f32"],
        &["--exhaustive", "--modes", "e4m3fn", "--formulas", "ratio"],
        &["--exhaustive", "--modes", "e4m3fn", "--p", "0.5"],
        &["--yes"],
        &["--format", "svg", "--plot", "pie"],
        &["--modes", "bf16", "--cases", "1", "-o", "no-such-folder/x"],
    ];
    let one = |arguments: &&[&str]| {
        let text = transcript(folder.path(), &[&["compare"], *arguments].concat());
        assert!(text.ends_with("[exit code 2]\n"), "{text}");
        text
    };
    insta::assert_snapshot!(runs.iter().map(one).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_run_of_years_is_refused_and_every_pair_of_a_small_format_is_not() {
    let folder = folder(&[]);
    let exhaustive = ["compare", "--exhaustive", "--formulas", "tail", "--modes"];
    let (code, _, error) = run(folder.path(), &[&exhaustive[..], &["bf16", "--k", "4"]].concat(), b"");
    assert_eq!(code, 2, "{error}");
    assert!(
        error.contains("results would take about") && error.contains("years") && error.contains("--yes"),
        "{error}"
    );
    let (code, out, _) = run(folder.path(), &[&exhaustive[..], &["e2m1"]].concat(), b"");
    assert_eq!(code, 0);
    assert!(out.contains("all 225 cases: every pair of finite e2m1 logits"), "{out}");
}
