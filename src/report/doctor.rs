//! What the doctor says, for a terminal: worst first, then what to do.

use std::fmt::Write as _;

use crate::doctor::{
    ADVICE, Advice, ClaimedFigures, FINDINGS, Finding, FindingKind, Offender, Report, Severity, Snippet, Unit, Value,
};

use super::table::grid;
use super::text::{Paint, Tone};

/// Heading and metric of each column of the table of modes; the last two are digits and stand in one.
const COLUMNS: [(&str, &str); 8] = [
    ("w <= 0", "nonpositive"),
    ("sum pi^2 > 1", "sum_pi_squared_above_one"),
    ("log P > 0", "logp_positive"),
    ("off by > 10 %", "off10"),
    ("no digit", "no_digit"),
    ("sum of w", "total"),
    ("P_c > 0.99", "total_confident"),
    ("digits left", "digits_median"),
];

/// For a terminal; `input` says what the rows are, `snippet` has the formulas to paste.
pub fn text(report: &Report, input: &str, snippet: &Snippet, paint: Paint<'_>) -> String {
    let share = |count: u64| percent(count as f64 / report.rows.max(1) as f64);
    let mut out = format!("{} rows of {} logits, {input}\n", report.rows, report.columns);
    _ = writeln!(out, "{} ({}) with P_c > 0.99", report.confident_rows, share(report.confident_rows));
    for claimed in &report.claimed {
        out += "\n";
        out += &column(claimed, paint);
    }
    out += "\n";
    out += &modes(report, paint);
    out += "\n";
    if report.findings.is_empty() {
        _ = writeln!(out, "{}", paint(Tone::Good, "Nothing to complain about"));
        return out;
    }
    for finding in &report.findings {
        out += &line(finding, paint);
    }
    out + "\n" + &advice(report, snippet, paint)
}

fn modes(report: &Report, paint: Paint<'_>) -> String {
    let heading = "w = 1 - 2 P_c + sum pi^2 as training code computes it, against the certified w";
    let mut out = format!("{}\n\n", paint(Tone::Strong, heading));
    let columns: Vec<Vec<Value>> = COLUMNS.iter().map(|(_, id)| report.values(kind(id))).collect();
    let cell = |mode: usize, column: usize| {
        let value = columns[column][mode].value;
        match COLUMNS[column].1 {
            "digits_median" => {
                let low = report.modes[mode].figures.digits_p5;
                [value, low].map(|digits| show(Unit::Digits, digits)).join("/")
            }
            id => show(kind(id).unit, value),
        }
    };
    let rows: Vec<(&str, Vec<String>)> = (report.modes.iter().enumerate())
        .map(|(index, mode)| (mode.name.as_str(), (0..COLUMNS.len()).map(|column| cell(index, column)).collect()))
        .collect();
    out += &grid("", &COLUMNS.map(|(heading, _)| heading), &rows, paint);
    let width = report.modes.iter().map(|mode| mode.name.len()).max().unwrap_or(0);
    out += "\n";
    for mode in &report.modes {
        let own = if mode.name == report.own { "; the type of the file" } else { "" };
        _ = writeln!(out, "{:width$}  {}", mode.name, paint(Tone::Faint, &format!("{}{own}", mode.note)));
    }
    out += "Sums are computed over true; digits left in the median and in all but the worst 5 %\n";
    out
}

fn line(finding: &Finding, paint: Paint<'_>) -> String {
    let (tone, word) = match finding.severity {
        Severity::Wrong => (Tone::Bad, "WRONG "),
        Severity::Notice => (Tone::Strong, "notice"),
    };
    let unit = kind(finding.id).unit;
    let values = finding.values.iter().filter(|value| value.severity.is_some());
    let values: Vec<String> = values.map(|value| format!("{} {}", value.subject, show(unit, value.value))).collect();
    let id = paint(Tone::Faint, &format!("[{}]", finding.id));
    format!("{} {}: {} {id}\n", paint(tone, word), finding.what, values.join(", "))
}

fn advice(report: &Report, snippet: &Snippet, paint: Paint<'_>) -> String {
    let wanted: Vec<&Advice> =
        ADVICE.iter().filter(|advice| report.findings.iter().any(|finding| finding.advice == advice.name)).collect();
    let mut out = format!("{}\n", paint(Tone::Strong, "What to do"));
    for (index, advice) in wanted.iter().enumerate() {
        _ = writeln!(out, "\n{}. {}", index + 1, advice.what);
        _ = writeln!(out, "   {}", paint(Tone::Faint, advice.why));
    }
    let mut shown: Vec<&str> = Vec::new();
    for function in wanted.iter().filter_map(|advice| advice.function) {
        if let Some(code) = snippet.function(function).filter(|_| !shown.contains(&function)) {
            shown.push(function);
            // What is imported stands above the first function only.
            let code = if shown.len() == 1 { code } else { code.split_once("\n\n").map_or("", |parts| parts.1).into() };
            _ = write!(out, "\n{code}");
        }
    }
    out
}

fn column(claimed: &ClaimedFigures, paint: Paint<'_>) -> String {
    let of = |value: Option<f64>| show(Unit::Share, value);
    let heading = format!("claimed {} ({}), certified", claimed.name, claimed.kind.name());
    let mut out = format!("{}\n\n", paint(Tone::Strong, &heading));
    let digits = |(digits, share): &(u32, Option<f64>)| format!("{digits}: {}", of(*share));
    let right: Vec<String> = claimed.right_to_digits.iter().map(digits).collect();
    _ = writeln!(out, "right to at least so many digits: {}", right.join(", "));
    let wrong = format!("{} with fewer than {}", of(claimed.wrong), claimed.digits);
    let tone = if claimed.wrong.is_some_and(|share| share > 0.0) { Tone::Bad } else { Tone::Good };
    let total = show(Unit::Ratio, claimed.total);
    _ = writeln!(out, "{}; the sum is {total} times the true sum", paint(tone, &wrong));
    if let Some(undecided) = claimed.undecided.filter(|share| *share > 0.0) {
        _ = writeln!(out, "{} could not be told", percent(undecided));
    }
    if !claimed.first_wrong.is_empty() {
        out += "the first of them:\n";
    }
    for Offender { row, action, claimed, low, high, exponent } in &claimed.first_wrong {
        let power = if *exponent == 0 { String::new() } else { format!(" * 2^{exponent}") };
        _ = writeln!(out, "  row {row}, action {action}: {claimed:e}, true in [{low:.12e}, {high:.12e}]{power}");
    }
    out
}

/// The table of metrics, as Markdown.
pub fn metrics() -> String {
    let mut out = String::from("| metric | how it is counted | in frameworks' logs beside it |\n|---|---|---|\n");
    for kind in FINDINGS {
        let beside = if kind.beside.is_empty() { "-" } else { kind.beside };
        _ = writeln!(out, "| `{}` | {} | {beside} |", kind.id, kind.counted);
    }
    out
}

fn kind(id: &str) -> &'static FindingKind {
    FindingKind::find(id).expect("a line of the registry")
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A value, rounded for people.
fn show(unit: Unit, value: Option<f64>) -> String {
    match (unit, value) {
        (_, None) => "-".to_string(),
        (Unit::Share, Some(share)) => percent(share),
        (Unit::Digits, Some(digits)) => format!("{digits:.1}"),
        (Unit::Ratio, Some(ratio)) if ratio.abs() >= 1e6 => format!("{ratio:.3e}"),
        (Unit::Ratio, Some(ratio)) if ratio.abs() >= 100.0 => format!("{ratio:.0}"),
        (Unit::Ratio, Some(ratio)) if ratio.abs() >= 10.0 => format!("{ratio:.1}"),
        (Unit::Ratio, Some(ratio)) => format!("{ratio:.3}"),
    }
}
