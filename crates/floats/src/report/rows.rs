//! What is left of the rows of a file, as a table: for a terminal and as CSV.

use std::fmt::Write as _;

use crate::stats::sample::OFF;
use crate::study::rows::{ALL, BANDS, BandSummary, CONFIDENT, RowsComparison, RowsLine};

use super::comparison::room;
use super::table::{grid, quoted};
use super::text::{Paint, Tone};
use crate::text::{counted, percent, rounded};

/// A table that is printed: its heading, and its cell for a line.
type Table = (String, fn(&RowsLine) -> String);

/// For a terminal: one table for each question.
pub fn text(comparison: &RowsComparison, paint: Paint<'_>) -> String {
    let (rows, logits) = (counted(comparison.rows, "row"), counted(comparison.columns, "logit"));
    let mut out = format!("{rows} of {logits}");
    if let Some(actions) = &comparison.actions {
        _ = write!(out, "; actions: {actions}");
    }
    out.push('\n');
    let confident = comparison.lines.first().map_or(0, |line| line.bands[CONFIDENT].rows);
    let bands: Vec<&str> = bands().map(|index| BANDS[index].name).collect();
    let tables: [Table; 5] = [
        ("Rows with a result of 0 or less where the truth is positive".into(), |line| {
            share(line.bands[ALL].not_positive, &line.bands[ALL])
        }),
        (format!("Rows off by more than {} %", OFF * 100.0), |line| share(line.bands[ALL].off, &line.bands[ALL])),
        ("Decimal digits left: in the median, and in the worst 5 % of the rows at most".into(), |line| {
            digits(&line.bands[ALL], line)
        }),
        (format!("The same by confidence, P_c in {}", bands.join(", ")), |line| {
            bands_of(line).map(|band| digits(band, line)).collect::<Vec<_>>().join("  ")
        }),
        (
            format!(
                "Sum over the rows with P_c {} ({confident} in the first mode), computed by true",
                BANDS[CONFIDENT].name
            ),
            |line| ratio(line.bands[CONFIDENT].sum_ratio),
        ),
    ];
    for (heading, cell) in tables {
        _ = write!(out, "\n{}\n\n{}", paint.mark(Tone::Strong, &heading), modes(comparison, paint, cell));
    }
    out + &remarks(comparison)
}

/// The indices of the bands that together are all rows.
fn bands() -> std::ops::Range<usize> {
    ALL + 1..CONFIDENT
}

fn bands_of(line: &RowsLine) -> impl Iterator<Item = &BandSummary> {
    line.bands[bands()].iter()
}

fn modes(comparison: &RowsComparison, paint: Paint<'_>, cell: fn(&RowsLine) -> String) -> String {
    let first = comparison.lines.first().map(|line| line.mode_text.as_str());
    let of_first = comparison.lines.iter().take_while(|line| Some(line.mode_text.as_str()) == first);
    let formulas: Vec<&str> = of_first.map(|line| line.formula.as_str()).collect();
    let lines = comparison.lines.chunks(formulas.len().max(1));
    let rows: Vec<(&str, Vec<String>)> =
        lines.map(|lines| (lines[0].mode.as_str(), lines.iter().map(cell).collect())).collect();
    grid("mode", &formulas, &rows, paint)
}

fn share(count: u64, of: &BandSummary) -> String {
    if of.rows == 0 { "-".into() } else { percent(count as f64 / of.rows as f64) }
}

/// Digits in the median and in the worst rows, no more than the mode has.
fn digits(band: &BandSummary, line: &RowsLine) -> String {
    let [median, low] = [band.median_digits, band.low_digits].map(|digits| digits.min(room(&line.mode_text)));
    if band.rows == 0 { "-".into() } else { format!("{median:.1}/{low:.1}") }
}

/// Four significant digits.
fn ratio(x: f64) -> String {
    if x.is_nan() { "-".into() } else { rounded(x, 4) }
}

/// What happened beside rounding.
fn remarks(comparison: &RowsComparison) -> String {
    let mut out = String::new();
    for line in &comparison.lines {
        let all = &line.bands[ALL];
        let parts = [(all.nan, "NaN"), (all.infinite, "infinite"), (line.unclear, "of unclear truth")];
        let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        if !parts.is_empty() {
            _ = writeln!(out, "{} in {}: {}", line.formula, line.mode, parts.join(", "));
        }
    }
    if out.is_empty() { out } else { format!("\n{out}") }
}

/// One line for each mode, formula and band of confidence.
pub fn csv(comparison: &RowsComparison) -> String {
    let mut out = String::from(
        "mode,formula,quantity,p_c,rows,not_positive,off,nan,infinite,digits_median,digits_p5,sum_ratio,unclear\n",
    );
    for line in &comparison.lines {
        for band in &line.bands {
            _ = writeln!(
                out,
                "{},{},{},{},{},{},{},{},{},{:.2},{:.2},{:e},{}",
                quoted(&line.mode_text),
                quoted(&line.formula),
                quoted(&line.quantity),
                band.band.name,
                band.rows,
                band.not_positive,
                band.off,
                band.nan,
                band.infinite,
                band.median_digits,
                band.low_digits,
                band.sum_ratio,
                line.unclear,
            );
        }
    }
    out
}
