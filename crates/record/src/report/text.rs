//! Outcomes as lines for a terminal.

use std::fmt::Write as _;

pub use super::style::{Paint, Style, Tone, plain};
use super::wrap::beside;
use crate::outcome::{ClaimReport, Judgement, Verdict, VerifyReport};

/// A verdict that is longer than this, in characters, does not set the width of its column.
const WIDEST_VERDICT: usize = 24;

/// One line for each claim: id, verdict, each judge's evidence, time; then the totals.
pub fn verify(report: &VerifyReport, paint: Paint<'_>) -> String {
    let id_width = report.claims.iter().map(|claim| claim.id.len()).max().unwrap_or(0);
    let widths = report.claims.iter().map(|claim| claim.verdict.to_string().len());
    let verdict_width = widths.filter(|width| *width <= WIDEST_VERDICT).max().unwrap_or(0);
    let mut out = String::new();
    for claim in &report.claims {
        let (tone, mark) = if claim.as_expected { (Tone::Good, "ok  ") } else { (Tone::Bad, "FAIL") };
        let verdict = format!("{:verdict_width$}", claim.verdict.to_string());
        let says = |judgement: &&Judgement| !matches!(judgement.verdict, Verdict::NotApplicable(_));
        let judges: Vec<String> = claim.judges.iter().filter(says).map(|judgement| judge(judgement, claim)).collect();
        let seconds = claim.seconds;
        let id = paint.mark(Tone::Strong, &format!("{:id_width$}", claim.id));
        let at = mark.len() + id_width + verdict.chars().count() + 5;
        let rest = beside(&format!("{} | {seconds:.2} s", judges.join(" | ")), at, paint);
        let rest = paint.mark(Tone::Faint, &rest);
        _ = writeln!(out, "{} {id}  {}  {rest}", paint.mark(tone, mark), paint.mark(tone, &verdict));
    }
    for claim in report.claims.iter().filter(|claim| !claim.as_expected) {
        _ = writeln!(out, "\n{}", unexpected(claim, paint));
    }
    _ = writeln!(out, "\n{}", summary(report, paint));
    out
}

/// A judge's name with what it says; its verdict only where it differs from the claim's.
fn judge(judgement: &Judgement, claim: &ClaimReport) -> String {
    // What is wrong with a derivation is told once, where it is shown.
    if judgement.rejected.is_some() {
        return format!("{}: its derivation is not accepted", judgement.judge);
    }
    let verdict = judgement.verdict.to_string();
    // What is undefined says so by itself.
    if verdict == claim.verdict.to_string() || judgement.evidence.starts_with(&verdict) {
        format!("{}: {}", judgement.judge, judgement.evidence)
    } else {
        format!("{}: {verdict}: {}", judgement.judge, judgement.evidence)
    }
}

fn unexpected(claim: &ClaimReport, paint: Paint<'_>) -> String {
    let mut out = format!("{} {}: ", paint.mark(Tone::Bad, "unexpected:"), claim.id);
    let expected = if claim.expected == "holds" { "holds".to_string() } else { format!("is {}", claim.expected) };
    match claim.judges.iter().any(|judgement| judgement.rejected.is_some()) {
        true => out += "its derivation is not accepted",
        false => _ = write!(out, "expected that it {expected}, but it is {}", claim.verdict),
    }
    for judgement in claim.judges.iter().filter(|judgement| judgement.rejected.is_none()) {
        _ = write!(out, "\n  {}: {}", judgement.judge, judgement.evidence);
        if let Some(witness) = judgement.witness.as_ref().filter(|witness| witness.sides.is_some()) {
            _ = write!(out, "\n    of: {}", witness.proposition);
        }
    }
    out
}

fn summary(report: &VerifyReport, paint: Paint<'_>) -> String {
    let count = |wanted: fn(&Verdict) -> bool| report.claims.iter().filter(|claim| wanted(&claim.verdict)).count();
    let kinds = [
        (count(|verdict| matches!(verdict, Verdict::Proved)), "proved"),
        (count(|verdict| matches!(verdict, Verdict::ProvedFor(scope) if scope.is_of_actions())), "proved for some K"),
        (
            count(|verdict| matches!(verdict, Verdict::ProvedFor(scope) if scope.is_of_formats())),
            "proved for some formats",
        ),
        (
            count(|verdict| matches!(verdict, Verdict::ProvedFor(scope) if !scope.defined.is_empty())),
            "proved where defined",
        ),
        (count(|verdict| matches!(verdict, Verdict::Consistent)), "consistent"),
        (count(|verdict| matches!(verdict, Verdict::Refuted)), "refuted"),
        (count(|verdict| matches!(verdict, Verdict::Undefined)), "undefined"),
        (count(|verdict| matches!(verdict, Verdict::Contradicted(_))), "CONTRADICTED"),
        (count(|verdict| matches!(verdict, Verdict::Undecided(_) | Verdict::NotApplicable(_))), "undecided"),
    ];
    let kinds: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")).collect();
    let unexpected = report.summary.unexpected;
    let (tone, total) = match unexpected {
        0 if report.claims.len() == 1 => (Tone::Good, "the claim is as expected".to_string()),
        0 => (Tone::Good, format!("all {} claims are as expected", report.claims.len())),
        1 => (Tone::Bad, format!("1 of {} claims is not as expected", report.claims.len())),
        n => (Tone::Bad, format!("{n} of {} claims are not as expected", report.claims.len())),
    };
    format!("{}: {}", paint.mark(tone, &total), kinds.join(", "))
}
