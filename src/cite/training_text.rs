//! The canonical text of a study of training: its parameters, and tables of what was counted, with fixed decimals.
//!
//! As for other studies nothing on the way to the figures depends on the machine: draws come from a seeded generator,
//! every operation of a mode is correctly rounded, and sums are added in the order of the runs.

use std::fmt::Write as _;

use crate::dynamics::experiment::ALGORITHMS;
use crate::dynamics::studies::{Found, TrainingStudy};
use crate::dynamics::tally::{BINS, Bin, CONCENTRATED, Outcome};
use crate::expr::latex::escape;
use crate::stats::bins;
use crate::study::Mode;

/// What a table begins with.
const TABLE: &str = "table  ";

/// The text after the first line: runs the study.
///
/// # Panics
/// If the study cannot be run, which its snapshot rules out for every study of the registry.
pub fn derive(study: &TrainingStudy) -> String {
    let found = study.run().unwrap_or_else(|error| panic!("{}: {error}", study.id));
    let mut out = format!("study  {}\ntitle  \"{}\"\n{}", study.id, study.title, parameters(study));
    for (title, head, rows) in tables(study, &found) {
        _ = writeln!(out, "\n{TABLE}{title}");
        for line in aligned(head, &rows) {
            _ = writeln!(out, "{line}");
        }
    }
    out
}

/// All that decides the figures.
pub fn parameters(study: &TrainingStudy) -> String {
    let mut out = format!("arms   {}\nfrom   logits of 0\nrates  eta = {}, ", study.arms, study.eta);
    _ = writeln!(
        out,
        "baseline {}\nruns   {} of {} steps, seed {}",
        study.baseline, study.runs, study.steps, study.seed
    );
    for algorithm in study.algorithms {
        let meaning = ALGORITHMS.iter().find(|(_, known, _)| known == algorithm).map_or("", |(.., meaning)| meaning);
        _ = writeln!(out, "update {algorithm}: {meaning}, times eta");
    }
    for name in study.modes {
        let mode: Mode = name.parse().unwrap_or_else(|error| panic!("{}: {error}", study.id));
        _ = writeln!(out, "mode   {name} = {mode}");
    }
    out
}

type Table = (String, &'static [&'static str], Vec<Vec<String>>);

fn tables(study: &TrainingStudy, found: &[Found]) -> Vec<Table> {
    let algorithms = &found[..study.algorithms.len()];
    let modes: Vec<&Found> = found.iter().filter(|one| one.algorithm == study.algorithms[0]).collect();
    let first = study.modes[0];
    vec![
        (
            format!("size |dz|/|g| of the update by confidence, in {first}; its ratio to 1 - P[c]"),
            &["update", "1 - P[c]", "updates", "mean size", "least ratio", "largest ratio", "share of sum |dz|^2"],
            algorithms.iter().flat_map(sizes).collect(),
        ),
        (
            format!(
                "policies of low entropy, C(P) >= {CONCENTRATED}, in {first}: the likeliest action drawn, or another one"
            ),
            &["update", "drawn", "updates", "share", "mean size", "share of sum |dz|", "share of sum |dz|^2"],
            algorithms.iter().flat_map(jumps).collect(),
        ),
        (
            format!("share of the updates of {} that move no stored logit, by 1 - P[c]", study.algorithms[0]),
            DEAD,
            modes.into_iter().map(dead).collect(),
        ),
        (
            "what runs came to; in exact arithmetic the sum of z stays 0 but for alternate".to_string(),
            &["mode", "update", "1 - P of the best arm, median", "runs with another arm above 1/2", "sum z, median"],
            found.iter().map(ends).collect(),
        ),
    ]
}

/// The columns of the table of dead updates; as many shares as there are bins.
const DEAD: &[&str] = &["mode", ">= 0.5", ">= 0.1", ">= 1e-2", ">= 1e-3", ">= 1e-4", ">= 1e-5", "below"];

/// The bin from a lower end on.
fn from(place: usize) -> String {
    match BINS[place] {
        0.0 => "below".to_string(),
        low if low >= 0.1 => format!(">= {low}"),
        low => format!(">= {low:e}"),
    }
}

fn percent(part: f64, whole: f64) -> String {
    if whole == 0.0 { "-".to_string() } else { format!("{:.2} %", 100.0 * part / whole) }
}

/// Three significant digits.
fn short(x: f64) -> String {
    let text = format!("{x:.2e}");
    let exponent = text.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    match exponent {
        Some(exponent @ -3..=2) => format!("{x:.0$}", (2 - exponent) as usize),
        _ => text,
    }
}

fn mean(sum: f64, count: u64) -> String {
    if count == 0 { "-".to_string() } else { short(sum / count as f64) }
}

fn sizes(found: &Found) -> Vec<Vec<String>> {
    let total: f64 = found.tally.bins.iter().map(|bin| bin.squares).sum();
    let ratio = |bin: &Bin, ratio: f64| if bin.updates == 0 { "-".to_string() } else { short(ratio) };
    let row = |(place, bin): (usize, &Bin)| {
        vec![
            found.algorithm.to_string(),
            from(place),
            bin.updates.to_string(),
            mean(bin.sizes, bin.updates),
            ratio(bin, bin.least),
            ratio(bin, bin.most),
            percent(bin.squares, total),
        ]
    };
    found.tally.bins.iter().enumerate().map(row).collect()
}

fn jumps(found: &Found) -> Vec<Vec<String>> {
    let all = &found.tally.concentrated;
    let total = |of: fn(&Bin) -> f64| all.iter().map(of).sum::<f64>();
    let row = |(name, bin): (&str, &Bin)| {
        vec![
            found.algorithm.to_string(),
            name.to_string(),
            bin.updates.to_string(),
            percent(bin.updates as f64, total(|bin| bin.updates as f64)),
            mean(bin.sizes, bin.updates),
            percent(bin.path, total(|bin| bin.path)),
            percent(bin.squares, total(|bin| bin.squares)),
        ]
    };
    ["likeliest", "another"].into_iter().zip(all).map(row).collect()
}

fn ends(found: &Found) -> Vec<String> {
    let astray = found.outcomes.iter().filter(|outcome| outcome.astray).count();
    vec![
        found.mode.to_string(),
        found.algorithm.to_string(),
        median(found, |outcome| outcome.rest),
        format!("{astray} of {}", found.outcomes.len()),
        median(found, |outcome| outcome.sum),
    ]
}

fn median(found: &Found, of: fn(&Outcome) -> f64) -> String {
    short(bins::median(found.outcomes.iter().map(of)).expect("a study has runs"))
}

fn dead(found: &Found) -> Vec<String> {
    let shares = found.tally.bins.iter().map(|bin| percent(bin.dead as f64, bin.updates as f64));
    [found.mode.to_string()].into_iter().chain(shares).collect()
}

/// Columns two blanks or more apart: the names of a row to the left, figures to the right.
fn aligned(head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let head: Vec<String> = head.iter().map(|name| name.to_string()).collect();
    let lines: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let cell = |(column, text): (usize, &String)| match column {
        0 => format!("{text:0$}", width(column)),
        _ => format!("{text:>0$}", width(column)),
    };
    lines.iter().map(|line| line.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ")).collect()
}

/// The tables of a snapshot for an article with booktabs and longtable: no study is run for it.
pub fn latex(study: &TrainingStudy, snapshot: &str) -> String {
    let mut out = String::new();
    for table in snapshot.split(&format!("\n{TABLE}")).skip(1) {
        let mut lines = table.lines().take_while(|line| !line.is_empty());
        let caption = lines.next().unwrap_or_default();
        let cells = |line: &str| {
            let cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
            cells.map(escape).collect::<Vec<_>>().join(" & ")
        };
        let head = cells(lines.next().unwrap_or_default());
        let columns = "r".repeat(head.matches(" & ").count());
        _ = writeln!(
            out,
            "\\begin{{longtable}}{{l{columns}}}\n\\caption{{{}: {}.}}\\\\\n\\toprule\n{head} \\\\\n\\midrule\n\\endfirsthead",
            escape(study.title),
            escape(caption)
        );
        for line in lines {
            _ = writeln!(out, "{} \\\\", cells(line));
        }
        out += "\\bottomrule\n\\end{longtable}\n";
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::studies::TRAINING_STUDIES;

    #[test]
    fn the_parameters_say_everything_that_decides_the_figures() {
        let study = TRAINING_STUDIES[0];
        let text = parameters(&study);
        for change in [
            TrainingStudy { arms: "fixed:0,1", ..study },
            TrainingStudy { baseline: crate::dynamics::Baseline::None, ..study },
            TrainingStudy { eta: 0.25, ..study },
            TrainingStudy { steps: 1, ..study },
            TrainingStudy { runs: 1, ..study },
            TrainingStudy { seed: 2, ..study },
            TrainingStudy { algorithms: &[crate::dynamics::Algorithm::Alternate], ..study },
            TrainingStudy { modes: &["f64"], ..study },
        ] {
            assert_ne!(parameters(&change), text, "{change:?}");
        }
    }

    #[test]
    fn tables_become_latex() {
        let snapshot =
            "x\n\ntable  sizes by 1 - P[c]\nupdate  share\na_b      1 %\n\ntable  ends\nupdate   z\nc      1e2\n";
        let text = latex(&TRAINING_STUDIES[0], snapshot);
        assert_eq!(text.matches("\\begin{longtable}{lr}").count(), 2, "{text}");
        assert!(text.contains("a\\_b & 1 \\% \\\\"), "{text}");
    }

    #[test]
    fn three_digits() {
        let shown = [0.0, 1.0, -0.00123456, 12.345, 678.9, 5.7e39, 8.9e-8, f64::INFINITY].map(short);
        assert_eq!(shown, ["0.00", "1.00", "-0.00123", "12.3", "679", "5.70e39", "8.90e-8", "inf"]);
    }

    #[test]
    fn columns_name_the_bins() {
        let bins: Vec<String> = (0..BINS.len()).map(from).collect();
        assert_eq!(DEAD[1..=BINS.len()].to_vec(), bins);
    }
}
