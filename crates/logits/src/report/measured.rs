//! Measured rows for a terminal: a table of certain digits, and what they come to.

use std::fmt::Write as _;

use crate::arith::decimal::{about, certain_digits, shortest};
use crate::measure::{
    ConfidentSum, DigitsLeft, MeasureSummary, Numbers, Quantile, Quantiles, SHARES, SaturationShare, Schema,
};

use super::table::grid;
use super::text::{Paint, Tone};
use super::wrap::fitted;
use crate::text::{counted, percent};

/// How many certain digits a row shows.
const DIGITS: usize = 12;

/// How a row is set.
struct Layout {
    /// Characters of a line at most, if there is such a number.
    width: Option<usize>,
    /// Certain digits of each number.
    digits: usize,
    /// Numbers side by side.
    beside: usize,
}

/// Columns of a number's sign, point and exponent.
const AROUND: usize = 6;

/// Columns of the row and its action, and the blanks behind them.
const NAMES: usize = 19;

impl Layout {
    /// All numbers side by side, with fewer digits where that is enough; else some below the others.
    fn new(schema: &Schema, paint: Paint<'_>) -> Layout {
        let count = shown(schema).count();
        let Some(width) = paint.width() else { return Layout { width: None, digits: DIGITS, beside: count } };
        let beside = |digits: usize| (width.saturating_sub(NAMES) + 1) / (digits + AROUND + 1);
        let digits = (3..=DIGITS).rev().find(|&digits| beside(digits) >= count).unwrap_or(DIGITS / 2);
        Layout { width: Some(width), digits, beside: beside(digits).clamp(1, count.max(1)) }
    }

    fn line(&self, names: String, cells: impl Iterator<Item = String>) -> String {
        let width = self.digits + AROUND;
        let cells: Vec<String> = cells.map(|cell| format!("{cell:<width$}")).collect();
        let lines: Vec<String> = cells.chunks(self.beside).map(|cells| cells.join(" ")).collect();
        let line = format!("{names}  {}", lines.join(&format!("\n{}", " ".repeat(NAMES))));
        let lines: String = line.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        // An interval is longer than a number.
        self.width.map_or(lines.clone(), |width| fitted(&lines, width))
    }
}

/// The headings of [`row`].
pub fn head(schema: &Schema, paint: Paint<'_>) -> String {
    let shown = shown(schema).map(|(_, heading)| heading.to_string());
    let lines = Layout::new(schema, paint).line(format!("{:>8} {:>8}", "row", "action"), shown);
    paint.mark(Tone::Strong, lines.trim_end()) + "\n"
}

/// A line for a row, or several on a narrow terminal: digits that are certain.
pub fn row(schema: &Schema, numbers: &Numbers, paint: Paint<'_>) -> String {
    let layout = Layout::new(schema, paint);
    let digits = shown(schema).map(|(place, _)| certain_digits(&numbers.values[place], layout.digits));
    layout.line(format!("{:>8} {:>8}", numbers.row, numbers.action), digits)
}

/// The places of the columns that are shown, in the schema, and their headings.
fn shown(schema: &Schema) -> impl Iterator<Item = (usize, &'static str)> {
    schema.columns.iter().enumerate().filter_map(|(place, column)| Some((place, column.heading?)))
}

/// What many measured rows come to.
pub fn summary(summary: &MeasureSummary, paint: Paint<'_>) -> String {
    let mut out = brief(summary, paint);
    if summary.rows > 0 {
        out += &quantiles(summary, paint);
        out += &shares(summary, paint);
    }
    out
}

/// How many rows were measured and how well, without what they come to: for below a table of them.
pub fn brief(summary: &MeasureSummary, paint: Paint<'_>) -> String {
    let mut out = format!("{}\n", paint.mark(Tone::Strong, &headline(summary)));
    if summary.rows < summary.asked {
        let text = format!("interrupted after {} of {}", summary.rows, rows(summary.asked));
        _ = writeln!(out, "  {}", paint.mark(Tone::Bad, &text));
    }
    if let (Some(least), Some(median)) = (summary.known_bits, summary.known_bits_median) {
        _ = writeln!(out, "  w is known to {} or more, {median} in the median", counted(least.into(), "bit"));
    }
    if summary.bits.is_none() {
        _ = writeln!(out, "  decided in f64: {}; by MPFR: {}", rows(summary.fast), rows(summary.mpfr));
    }
    out
}

fn headline(summary: &MeasureSummary) -> String {
    let how = match (summary.bits, summary.tolerance) {
        (Some(bits), _) => format!("at {bits} bits"),
        (None, Some(tolerance)) => format!("to a relative width of {}", power_of_two(tolerance)),
        (None, None) => String::new(),
    };
    let temperature =
        if summary.temperature.is_one() { String::new() } else { format!(", temperature {}", summary.temperature) };
    let eta = summary.eta.map(|eta| format!(", eta {eta}")).unwrap_or_default();
    format!("{} {how}{temperature}{eta}", rows(summary.rows))
}

/// A power of two as such, another number as it is.
fn power_of_two(x: f64) -> String {
    let (significand, exponent) = libm::frexp(x);
    if significand == 0.5 { format!("2^{}", exponent - 1) } else { shortest(x) }
}

fn rows(count: u64) -> String {
    counted(count, "row")
}

fn quantiles(summary: &MeasureSummary, paint: Paint<'_>) -> String {
    let heads: Vec<&str> = SHARES.iter().map(|(name, _)| *name).collect();
    let cells = |of: &Quantiles| of.at.iter().map(|one| about(&one.value.to_interval(), 3)).collect();
    let lines: Vec<(&str, Vec<String>)> = summary.quantiles.iter().map(|of| (of.name, cells(of))).collect();
    let heading = paint.mark(Tone::Strong, "Quantiles, each within 1 %");
    let mut out = format!("\n{heading}\n\n{}", grid("", &heads, &lines, paint));
    if !summary.digits.is_empty() {
        let names: Vec<String> = summary.digits.iter().map(|of| format!("{} {}", of.mode, of.formula)).collect();
        // Those that are left for sure.
        let digit = |one: &Quantile| format!("{:.1}", (10.0 * one.value.outward()[0]).floor() / 10.0);
        let cells = |of: &DigitsLeft| of.at.iter().map(digit).collect();
        let lines: Vec<(&str, Vec<String>)> =
            names.iter().map(String::as_str).zip(summary.digits.iter().map(cells)).collect();
        let heading = paint.mark(Tone::Strong, "Decimal digits of w that are left");
        _ = write!(out, "\n{heading}\n\n{}", grid("", &heads, &lines, paint));
    }
    out
}

fn shares(summary: &MeasureSummary, paint: Paint<'_>) -> String {
    let count = |count: u64| [count.to_string(), percent(count as f64 / summary.rows as f64)];
    // A column only where some rows are.
    let undecided = |counts: &[u64]| (counts.iter().any(|count| *count > 0)).then_some("undecided");
    let mut out = String::new();
    let mut table = |heading: &str, corner: &str, columns: &[&str], lines: Vec<(String, Vec<String>)>| {
        let lines: Vec<(&str, Vec<String>)> =
            lines.iter().map(|(name, cells)| (name.as_str(), cells.clone())).collect();
        _ = write!(out, "\n{}\n\n{}", paint.mark(Tone::Strong, heading), grid(corner, columns, &lines, paint));
    };

    let mut lines: Vec<_> =
        summary.bands.iter().map(|band| (band.band.to_string(), count(band.rows).to_vec())).collect();
    if summary.bands_undecided > 0 {
        lines.push(("undecided".into(), count(summary.bands_undecided).to_vec()));
    }
    table("Rows by confidence", "P_c", &["rows", "share"], lines);

    let open = undecided(&summary.saturation.iter().map(|share| share.undecided).collect::<Vec<_>>());
    let line = |share: &SaturationShare| {
        let mut cells = vec![format!("1 - 2^-{}", share.precision + 1)];
        cells.extend(count(share.rows));
        cells.extend(open.map(|_| share.undecided.to_string()));
        (share.formats.join(", "), cells)
    };
    let lines = summary.saturation.iter().map(line).collect();
    let columns: Vec<&str> = ["from P_c =", "rows", "share"].into_iter().chain(open).collect();
    table("Rows whose P_c becomes 1 when it is rounded", "to", &columns, lines);

    let open = undecided(&summary.sums.iter().map(|sum| sum.undecided).collect::<Vec<_>>());
    let line = |sum: &ConfidentSum| {
        let [rows, share] = count(sum.rows);
        let name = if sum.above == "0" { "all".to_string() } else { format!("> {}", sum.above) };
        let mut cells = vec![rows, share, certain_digits(&sum.w, DIGITS)];
        cells.extend(open.map(|_| sum.undecided.to_string()));
        (name, cells)
    };
    let lines = summary.sums.iter().map(line).collect();
    let columns: Vec<&str> = ["rows", "share", "sum of w"].into_iter().chain(open).collect();
    table("Sum of w over confident rows", "P_c", &columns, lines);
    out
}
