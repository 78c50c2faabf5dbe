//! What the doctor says, for a terminal: worst first, then what to do.

use std::fmt::Write as _;

use crate::arith::decimal::{at_most, certain, ends, shortest};
use crate::arith::scaled::Scaled;
use crate::doctor::{
    ADVICE, Advice, ClaimedFigures, ClaimedKind, FINDINGS, Finding, FindingKind, MetricValue, Offender, Report,
    Severity, Snippet, Unit,
};
use crate::text::{counted, percent, rounded};

use super::table::{grid, headed};
use super::text::{Paint, Tone};
use super::wrap::beside;

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

/// For a terminal: what was claimed first, then what is emulated, findings, and what to do. `input` says what the rows
/// are, `snippet` has the formulas to paste.
pub fn text(report: &Report, input: &str, snippet: &Snippet, paint: Paint<'_>) -> String {
    let share = |count: u64| percent(count as f64 / report.rows.max(1) as f64);
    let (rows, logits) = (counted(report.rows, "row"), counted(report.columns, "logit"));
    let mut out = format!("{rows} of {logits}, {input}\n");
    _ = writeln!(out, "{} ({}) with P_c > 0.99", report.confident_rows, share(report.confident_rows));
    for claimed in &report.claimed {
        let is_about = |value: &MetricValue| value.subject == claimed.name && value.severity.is_some();
        let complains = |finding: &Finding| finding.is_claimed() && finding.values.iter().any(is_about);
        out += "\n";
        out += &column(claimed, report.findings.iter().any(complains), paint);
    }
    out += "\n";
    out += &modes(report, paint);
    out += "\n";
    if report.findings.is_empty() {
        _ = writeln!(out, "{}", paint.mark(Tone::Good, "Nothing to complain about"));
        return out;
    }
    for finding in &report.findings {
        out += &line(finding, paint);
    }
    out + "\n" + &advice(report, snippet, paint)
}

fn modes(report: &Report, paint: Paint<'_>) -> String {
    let heading = "w = 1 - 2 P_c + sum pi^2 as training code computes it, against the certified w";
    let mut out = format!("{}\n\n", paint.mark(Tone::Strong, heading));
    let columns: Vec<Vec<MetricValue>> = COLUMNS.iter().map(|(_, id)| report.values(kind(id))).collect();
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
        let note = paint.mark(Tone::Faint, &format!("{}{own}", mode.note));
        _ = writeln!(out, "{:width$}  {}", mode.name, beside(&note, width + 2, paint));
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
    let id = paint.mark(Tone::Faint, &format!("[{}]", finding.id));
    format!("{} {}: {} {id}\n", paint.mark(tone, word), finding.what, values.join(", "))
}

fn advice(report: &Report, snippet: &Snippet, paint: Paint<'_>) -> String {
    let helps = |advice: &Advice, finding: &Finding| {
        finding.advice == advice.name || (finding.is_claimed() && advice.name == "claimed")
    };
    let is_wanted = |advice: &&Advice| report.findings.iter().any(|finding| helps(advice, finding));
    let mut wanted: Vec<&Advice> = ADVICE.iter().filter(is_wanted).collect();
    // What was claimed comes first here, too.
    wanted.sort_by_key(|advice| !report.findings.iter().any(|finding| finding.is_claimed() && helps(advice, finding)));
    let mut out = format!("{}\n", paint.mark(Tone::Strong, "What to do"));
    for (index, advice) in wanted.iter().enumerate() {
        _ = writeln!(out, "\n{}. {}", index + 1, beside(advice.what, 3, paint));
        _ = writeln!(out, "   {}", beside(&paint.mark(Tone::Faint, advice.why), 3, paint));
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

/// What certifying a column came to, of which a finding may have `complained`.
fn column(claimed: &ClaimedFigures, complained: bool, paint: Paint<'_>) -> String {
    let of = |value: Option<f64>| show(Unit::Share, value);
    let heading = format!("claimed {} ({}), certified", claimed.name, claimed.kind.line().title);
    let mut out = format!("{}\n\n", paint.mark(Tone::Strong, &heading));
    let digits = |(digits, share): &(u32, Option<f64>)| format!("{digits}: {}", of(*share));
    let nats = |(nats, share): &(f64, Option<f64>)| format!("{}: {}", shortest(*nats), of(*share));
    let wrong = claimed.wrong.is_some_and(|share| share > 0.0);
    let tone = if wrong { Tone::Bad } else { Tone::Good };
    if let Some(most) = claimed.nats_largest {
        let off = match (most.is_finite(), wrong) {
            (false, _) => "infinitely far off in some rows".to_string(),
            (true, true) => format!("off by up to {} nats", at_most(most, 2)),
            (true, false) => format!("right to {} nats", at_most(most, 2)),
        };
        let ratio = match claimed.kind {
            ClaimedKind::Logp if most.is_finite() => format!(": a ratio exp(difference) to {}", ratio_error(most)),
            _ => String::new(),
        };
        _ = writeln!(out, "{}{ratio}", paint.mark(tone, &off));
        let right: Vec<String> = claimed.right_to_nats.iter().map(nats).collect();
        _ = writeln!(out, "right to so many nats: {}", right.join(", "));
    } else {
        let right: Vec<String> = claimed.right_to_digits.iter().map(digits).collect();
        _ = writeln!(out, "right to at least so many digits: {}", right.join(", "));
    }
    let limits = [
        claimed.nats.map(|nats| format!("off by more than {} nats", shortest(nats))),
        claimed.digits.map(|digits| format!("with fewer than {}", counted(digits.into(), "digit"))),
    ];
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    let sum = match (claimed.nats_difference, claimed.total) {
        (Some(difference), _) => format!("; the mean is off by {} nats", rounded(difference, 2)),
        (None, Some(total)) if claimed.nats.is_none() => {
            format!("; the sum is {} times the true sum", show(Unit::Ratio, Some(total)))
        }
        _ => String::new(),
    };
    _ = writeln!(out, "{}{sum}", paint.mark(tone, &format!("{} {}", of(claimed.wrong), limits.join(" or "))));
    if let Some(undecided) = claimed.undecided.filter(|share| *share > 0.0) {
        _ = writeln!(out, "{} could not be told", percent(undecided));
    }
    if let Some(share) = claimed.not_finite.filter(|share| *share > 0.0) {
        _ = writeln!(out, "{} not a number or infinite, where the true value is finite", percent(share));
    }
    if claimed.masked > 0 {
        _ = writeln!(out, "-inf in {} whose action is masked, which is right", counted(claimed.masked, "row"));
    }
    if claimed.worst_wrong.is_empty() {
        if !complained {
            _ = writeln!(out, "{}", paint.mark(Tone::Good, "nothing to complain about in it"));
        }
        return out;
    }
    out += "the worst of them:\n";
    claimed.worst_wrong.iter().for_each(|row| out += &offender(row, claimed));
    if claimed.first_wrong.iter().any(|row| !claimed.worst_wrong.contains(row)) {
        out += "the first of them:\n";
        claimed.first_wrong.iter().for_each(|row| out += &offender(row, claimed));
    }
    out
}

/// A line for a row whose number is wrong.
fn offender(row: &Offender, claimed: &ClaimedFigures) -> String {
    let place = row.position.map_or(String::new(), |[batch, time]| format!(" [{batch}, {time}]"));
    let truth = Scaled { lo: row.low, hi: row.high, exponent: row.exponent }.to_interval();
    let [least, most] = row.error;
    let error = match claimed.nats {
        _ if !least.is_finite() => String::new(),
        Some(_) => format!(", off by {} nats", certain(least, most, 3)),
        None => format!(", off by {} of it", certain(least, most, 3)),
    };
    format!(
        "  row {}{place}, action {}: {}, true in {}{error}\n",
        row.row,
        row.action,
        shortest(row.claimed),
        ends(&truth, SHOWN_DIGITS)
    )
}

/// Digits of the ends of the enclosure of a true number.
const SHOWN_DIGITS: usize = 13;

/// exp(error) - 1, at most, in percent.
fn ratio_error(nats: f64) -> String {
    // More than libm's rounding takes away.
    let error = libm::expm1(nats) * (1.0 + 1e-12);
    if error >= 1e3 {
        "a factor of 1000 and more".to_string()
    } else {
        format!("{} %", at_most(100.0 * error, if error < 1.0 { 2 } else { 3 }))
    }
}

/// The table of metrics: as Markdown, which a terminal has no room for.
pub fn metrics(paint: Paint<'_>) -> String {
    const HEAD: [&str; 3] = ["metric", "how it is counted", "in frameworks' logs beside it"];
    let rows =
        FINDINGS.iter().map(|kind| [kind.id, kind.counted, if kind.beside.is_empty() { "-" } else { kind.beside }]);
    if paint.width().is_some() {
        let rows = std::iter::once(HEAD).chain(rows).map(|row| row.map(String::from).to_vec());
        return headed(&rows.collect::<Vec<_>>(), 1, Tone::Strong, paint);
    }
    let mut out = format!("| {} |\n|---|---|---|\n", HEAD.join(" | "));
    for [id, counted, beside] in rows {
        _ = writeln!(out, "| `{id}` | {counted} | {beside} |");
    }
    out
}

fn kind(id: &str) -> &'static FindingKind {
    FindingKind::find(id).expect("a line of the registry")
}

/// A value, rounded for people.
fn show(unit: Unit, value: Option<f64>) -> String {
    match (unit, value) {
        (_, None) => "-".to_string(),
        (Unit::Share, Some(share)) => percent(share),
        (Unit::Digits, Some(digits)) => format!("{digits:.1}"),
        (Unit::Nats, Some(nats)) => at_most(nats, 2),
        (Unit::Ratio, Some(ratio)) if (1e-3..10.0).contains(&ratio.abs()) => format!("{ratio:.3}"),
        (Unit::Ratio, Some(ratio)) if (10.0..100.0).contains(&ratio.abs()) => format!("{ratio:.1}"),
        (Unit::Ratio, Some(ratio)) if (100.0..1e6).contains(&ratio.abs()) => format!("{ratio:.0}"),
        (Unit::Ratio, Some(ratio)) => rounded(ratio, 4),
    }
}
