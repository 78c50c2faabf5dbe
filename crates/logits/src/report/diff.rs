//! Two engines' distributions as a page for a terminal.

use std::fmt::Write as _;

use crate::diff::findings::{Severity, findings, plain};
use crate::diff::metrics::{FRAMEWORKS, Named};
use crate::diff::quantity::QUANTITIES;
use crate::diff::summary::{DiffSummary, QuantitySummary, RATIOS};
use crate::stats::bands::BANDS;
use crate::stats::spread::RowSpread;

use super::table::{grid, list};
use super::text::{Paint, Tone};
use super::wrap::{beside, paragraph};
use crate::text::{counted, percent};

/// Characters of a line of prose at most.
const WIDTH: usize = 100;

/// What was compared, in words.
pub struct Subject {
    /// The first dump, and how its logits are stored.
    pub a: String,
    /// The second.
    pub b: String,
    /// Rows, columns, temperatures and actions.
    pub lines: Vec<String>,
    /// What the rounding hypothesis is.
    pub hypothesis: String,
}

/// The whole page: what was compared, findings, tables.
pub fn text(subject: &Subject, summary: &DiffSummary, paint: Paint<'_>) -> String {
    let mut out = format!("A  {}\nB  {}\n", subject.a, subject.b);
    for line in &subject.lines {
        _ = writeln!(out, "{line}");
    }
    _ = write!(out, "\n{}\n\n", paint.mark(Tone::Strong, "Findings, worst first"));
    for finding in findings(summary) {
        let mark = match finding.severity {
            Severity::Bad => paint.mark(Tone::Bad, "!"),
            Severity::Note => paint.mark(Tone::Strong, "-"),
            Severity::Good => paint.mark(Tone::Good, "ok"),
        };
        let indent = if finding.severity == Severity::Good { " " } else { "  " };
        _ = writeln!(out, "{mark}{indent}{}", paragraph(&finding.text, 3, WIDTH, paint));
    }
    let sections = [
        ("Distances, in nats where there is a unit", spreads(summary, paint)),
        ("By confidence, P_c of the action under A: median / p99 / largest", confidences(summary, paint)),
        (
            "Largest |log P_B - log P_A| of any action in a row, by the action's probability under A",
            bands(summary, paint),
        ),
        ("Ratios P_B/P_A of the actions", ratios(summary, paint)),
        ("Actions", actions(summary, paint)),
        ("As training frameworks log it, from the sampled actions alone, A having sampled", frameworks(summary, paint)),
        ("What rounding can explain", explained(subject, summary, paint)),
    ];
    for (title, text) in sections {
        _ = write!(out, "\n{}\n\n{text}", paint.mark(Tone::Strong, title));
    }
    _ = write!(out, "\n{}", certainty(summary, paint));
    out
}

/// Top-1 and clip, in every case.
fn actions(summary: &DiffSummary, paint: Paint<'_>) -> String {
    let (high, low) = (summary.clipped.high, summary.clipped.low);
    let mut lines = vec![
        (summary.top_same, "rows with the same most likely action".to_string()),
        (summary.top_tied, "rows with a tie for it".to_string()),
        (summary.top_differs, "rows with another one".to_string()),
        (high.yes, format!("ratios above {} that a PPO clip stops", 1.0 + summary.limits.clip)),
        (low.yes, format!("ratios below {}", 1.0 - summary.limits.clip)),
    ];
    if high.undecided + low.undecided > 0 {
        lines.push((high.undecided + low.undecided, "ratios too close to one of these limits to tell".to_string()));
    }
    lines.iter().map(|(count, what)| counting(*count, what, paint)).collect()
}

/// A line about so many.
fn counting(count: u64, what: &str, paint: Paint<'_>) -> String {
    format!("{count:>8}  {}\n", beside(what, 10, paint))
}

fn frameworks(summary: &DiffSummary, paint: Paint<'_>) -> String {
    let row = |named: &Named| Some(vec![named.name.into(), plain((named.of)(summary)?), named.how.into()]);
    list(&FRAMEWORKS.iter().filter_map(row).collect::<Vec<_>>(), 0, paint)
}

const COLUMNS: [&str; 7] = ["median", "p95", "p99", "largest", "mean", "sum", "largest in rows"];

fn shown(summary: &DiffSummary) -> impl Iterator<Item = &QuantitySummary> {
    summary.quantities.iter().zip(QUANTITIES).filter(|(_, quantity)| quantity.shown).map(|(summary, _)| summary)
}

fn spreads(summary: &DiffSummary, paint: Paint<'_>) -> String {
    let cells = |quantity: &QuantitySummary| -> Vec<String> {
        let Some(spread) = quantity.all else { return vec!["-".to_string(); COLUMNS.len()] };
        let RowSpread { median, p95, p99, max, mean, sum, .. } = spread;
        let mut cells: Vec<String> = [median, p95, p99, max, mean, sum].map(plain).into();
        let worst: Vec<String> = quantity.worst.iter().map(|worst| worst.row.to_string()).collect();
        cells.push(worst.join(" "));
        cells
    };
    let rows: Vec<(&str, Vec<String>)> = shown(summary).map(|quantity| (quantity.title, cells(quantity))).collect();
    grid("", &COLUMNS, &rows, paint)
}

fn confidences(summary: &DiffSummary, paint: Paint<'_>) -> String {
    let cell = |spread: &Option<RowSpread>| match spread {
        None => "-".to_string(),
        Some(spread) => format!("{} / {} / {}", plain(spread.median), plain(spread.p99), plain(spread.max)),
    };
    let chosen = ["kl_ab", "tv", "abs_delta"];
    let quantities: Vec<&QuantitySummary> = shown(summary).filter(|quantity| chosen.contains(&quantity.name)).collect();
    let heads: Vec<&str> = std::iter::once("rows").chain(quantities.iter().map(|quantity| quantity.title)).collect();
    let cells = |band: usize| {
        let spreads = quantities.iter().map(|quantity| cell(&quantity.by_confidence[band]));
        std::iter::once(summary.confidences[band].to_string()).chain(spreads).collect()
    };
    let rows: Vec<(&str, Vec<String>)> =
        BANDS.iter().enumerate().map(|(index, band)| (band.name, cells(index))).collect();
    grid("P_c", &heads, &rows, paint)
}

fn bands(summary: &DiffSummary, paint: Paint<'_>) -> String {
    let cells = |band: &crate::diff::summary::ProbabilityBand| -> Vec<String> {
        let Some(spread) = band.largest else {
            return vec!["0".into(), "-".into(), "-".into(), "-".into(), "-".into()];
        };
        let worst = band.worst.map_or("-".to_string(), |worst| worst.row.to_string());
        let [median, p99, max] = [spread.median, spread.p99, spread.max].map(plain);
        vec![spread.rows.to_string(), median, p99, max, worst]
    };
    let rows: Vec<(&str, Vec<String>)> = summary.bands.iter().map(|band| (band.band, cells(band))).collect();
    grid("", &["rows", "median", "p99", "largest", "in row"], &rows, paint)
}

/// A line for each class, with a bar.
fn ratios(summary: &DiffSummary, paint: Paint<'_>) -> String {
    let all: u64 = summary.ratios.iter().sum::<u64>().max(1);
    // What stands before a bar takes 35 columns.
    let bar = paint.width().map_or(40, |width| width.saturating_sub(35).clamp(1, 40));
    let mut out = String::new();
    for (i, count) in summary.ratios.iter().enumerate() {
        let to = RATIOS.get(i + 1).map_or("...".to_string(), f64::to_string);
        let range = format!("{} to {to}", RATIOS[i]);
        let width = (u128::from(*count) * bar as u128).div_ceil(u128::from(all)) as usize;
        let percent = percent(*count as f64 / all as f64);
        _ = writeln!(out, "{}", format!("{range:<15} {count:>8}  {percent:>7}  {}", "#".repeat(width)).trim_end());
    }
    if summary.ratios_undecided > 0 {
        _ = writeln!(out, "on a border     {:>8}", summary.ratios_undecided);
    }
    out
}

fn explained(subject: &Subject, summary: &DiffSummary, paint: Paint<'_>) -> String {
    let explained = &summary.explained;
    let mut out = paragraph(&subject.hypothesis, 0, WIDTH, paint) + "\n";
    let line = |out: &mut String, count: u64, what: &str| *out += &counting(count, what, paint);
    line(&mut out, explained.consistent, "rows are consistent with it (nothing proves that rounding is what happened)");
    line(&mut out, explained.refuted, "rows are not: something else moved logits, or by more units");
    line(&mut out, explained.logits_beyond, "logits of these are beyond their rounding at the best shifts found");
    line(&mut out, explained.action_beyond, "of these rows moved the action further than rounding of all logits could");
    let identical = summary.identical;
    line(&mut out, identical, "rows are the same bits");
    out
}

fn certainty(summary: &DiffSummary, paint: Paint<'_>) -> String {
    let fast = summary.rows - summary.by_mpfr;
    paragraph(
        &format!(
            "Every number is certain to within one unit of the last digit shown, or to lie between two ends: {} {} enclosed in f64 with proved bounds, {} in MPFR. \
             Quantiles are exact order statistics, known to 0.1 %.",
            counted(fast, "row"),
            if fast == 1 { "was" } else { "were" },
            summary.by_mpfr
        ),
        0,
        WIDTH,
        paint,
    ) + "\n"
}
