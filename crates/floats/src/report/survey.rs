//! Exhaustive runs as text.

use std::fmt::Write as _;

use crate::study::exhaustive::Survey;

use super::comparison::short;
use super::text::{Paint, Tone};

/// A paragraph for each mode and formula.
pub fn text(surveys: &[Survey], paint: Paint<'_>) -> String {
    let mut out = String::new();
    for survey in surveys {
        let head = format!("{} in {}, K = {}", survey.formula, survey.mode_text, survey.k);
        _ = writeln!(out, "{}", paint.mark(Tone::Strong, &head));
        out += &body(survey, paint);
    }
    out
}

fn body(survey: &Survey, paint: Paint<'_>) -> String {
    let Survey { cell, cases, .. } = survey;
    let count = cell.relative.count + cell.counts.unclear;
    let mut out = String::new();
    let extent = if survey.is_complete() {
        format!("all {cases} cases: every pair of finite {} logits", survey.logits).replace("pair", tuple(survey.k))
    } else {
        format!("{count} of {cases} cases: the run was ended")
    };
    _ = writeln!(out, "  {extent}");
    // The numbers take 26 columns.
    let most = paint.width().map_or(44, |width| width.saturating_sub(26).min(44));
    let share = |what: &str, number: u64| match number {
        0 => String::new(),
        number => format!("  {what:most$} {number:>12}  {:.4} %\n", 100.0 * number as f64 / count as f64),
    };
    let counts = &cell.counts;
    out += &share("not positive where the truth is", counts.not_positive);
    out += &share("0 where the truth is not", counts.dead);
    out += &share("NaN", counts.nan);
    out += &share("infinite", counts.infinite);
    out += &share("with underflow on the way", counts.underflow);
    out += &share("with overflow on the way", counts.overflow);
    out += &share("of unclear truth", counts.unclear);
    out += &share("beyond their error bound: a bug", cell.exceeded());
    out += &share("with an infinite error bound", cell.running.infinite);
    out += &share("with an error bound above 100 %", cell.running.empty);
    let relative = &cell.relative;
    _ = writeln!(
        out,
        "  relative error: median {}, p95 {}, p99 {}, max {}",
        short(relative.median),
        short(relative.p95),
        short(relative.p99),
        short(relative.max)
    );
    if cell.running.count > 0 {
        _ = writeln!(out, "  largest observed error / bound: {:.3}", cell.running.tightness);
    }
    if let Some(worst) = &cell.worst {
        let logits: Vec<String> = worst.logits.iter().map(|z| format!("{z:e}")).collect();
        _ = writeln!(
            out,
            "  worst: logits {}, action {}: computed {}, true {:e}",
            logits.join(", "),
            worst.action,
            worst.computed,
            worst.truth
        );
    }
    out
}

fn tuple(k: usize) -> &'static str {
    match k {
        2 => "pair",
        3 => "triple",
        _ => "tuple",
    }
}
