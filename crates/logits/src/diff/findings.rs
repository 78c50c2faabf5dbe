//! What a summary comes to in words, worst first.

use serde::Serialize;

use super::summary::DiffSummary;
use crate::arith::decimal::within_unit;
use crate::stats::spread::{Between, RowSpread};
use crate::text::{counted, percent};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing to do.
    Good,
    /// Worth knowing.
    Note,
    /// Training on this differs from what was sampled.
    Bad,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The share of rows that it is about, 0 to 1.
    pub share: f64,
    /// What was found, in sentences.
    pub text: String,
}

/// Every rule that may have something to say; a new finding is a line here.
const RULES: &[fn(&DiffSummary) -> Option<Finding>] =
    &[masks, unexplained, explained, outside, inside, clip, tops, tail, impossible];

/// All findings of a summary, the worst first.
pub fn findings(summary: &DiffSummary) -> Vec<Finding> {
    let mut found: Vec<Finding> = RULES.iter().filter_map(|rule| rule(summary)).collect();
    // A stable sort: of equals the order of the rules.
    found.sort_by(|x, y| y.severity.cmp(&x.severity).then(y.share.total_cmp(&x.share)));
    found
}

fn finding(severity: Severity, rows: u64, summary: &DiffSummary, text: String) -> Option<Finding> {
    Some(Finding { severity, share: rows as f64 / summary.rows.max(1) as f64, text })
}

/// `12 of 3000 rows (0.4 %)`, of a noun in the singular.
fn of_rows(count: u64, summary: &DiffSummary, what: &str) -> String {
    let share = count as f64 / summary.rows.max(1) as f64;
    format!("{count} of {} ({})", counted(summary.rows, what), percent(share))
}

/// `1 logit is`, `2 logits are`.
fn are(count: u64) -> String {
    format!("{} {}", counted(count, "logit"), if count == 1 { "is" } else { "are" })
}

/// The verb of so many.
fn have(count: u64) -> &'static str {
    if count == 1 { "has" } else { "have" }
}

fn listed(rows: &[u64], all: u64) -> String {
    let shown: Vec<String> = rows.iter().map(u64::to_string).collect();
    let word = if rows.len() == 1 { "row" } else { "rows" };
    let more = if all > rows.len() as u64 { ", ..." } else { "" };
    format!("{word} {}{more}", shown.join(", "))
}

fn masks(summary: &DiffSummary) -> Option<Finding> {
    let first = summary.masks_first?;
    let mut text = format!(
        "In {} one side masks actions (logit -inf) that the other does not, first in row {first}: A alone masks {}, B alone {}. \
         There a divergence is infinite, one way or both; total variation and Jensen-Shannon stay finite.",
        of_rows(summary.masks_differ, summary, "row"),
        summary.masked_by_a,
        summary.masked_by_b
    );
    if summary.action_masked > 0 {
        text += &format!(" In {} of them that is the chosen action.", summary.action_masked);
    }
    finding(Severity::Bad, summary.masks_differ, summary, text)
}

fn unexplained(summary: &DiffSummary) -> Option<Finding> {
    let explained = &summary.explained;
    let first = explained.first?;
    let mut text = format!(
        "{} cannot come from rounding the same logits, whatever the shift, first row {first}",
        of_rows(explained.refuted, summary, "row")
    );
    if let Some((row, most)) = explained.most.filter(|(_, most)| *most > 0) {
        text += &format!("; in row {row}, which has most, {} beyond their rounding at the best shift found", are(most));
    }
    text += &match explained.action_beyond {
        0 => ". No chosen action moved further than rounding alone could have moved it.".to_string(),
        n => format!(". In {n} the chosen action moved further than rounding of all logits could have moved it."),
    };
    finding(Severity::Bad, explained.refuted, summary, text)
}

fn explained(summary: &DiffSummary) -> Option<Finding> {
    let explained = &summary.explained;
    if explained.refuted > 0 || summary.rows == 0 {
        return None;
    }
    let text = if summary.identical == summary.rows {
        "All rows are the same bits on both sides.".to_string()
    } else {
        let rows = if summary.rows == 1 { "The row is".to_string() } else { format!("All {} rows are", summary.rows) };
        format!(
            "{rows} consistent with rounding: some logits shared by both sides round to both. That nothing else happened \
             does not follow."
        )
    };
    finding(Severity::Good, summary.rows, summary, text)
}

fn outside(summary: &DiffSummary) -> Option<Finding> {
    let count = summary.outside.yes;
    if count + summary.outside.undecided == 0 {
        return None;
    }
    let [low, high] = summary.limits.band;
    let mut text =
        format!("{} {} a ratio P_B/P_A outside [{low}, {high}]", of_rows(count, summary, "token"), have(count));
    if summary.outside.undecided > 0 {
        text += &format!(", {} more may", summary.outside.undecided);
    }
    if count > 0 {
        text += &format!(" ({})", listed(&summary.outside_rows, count));
    }
    if let Some(spread) = summary.spread("delta") {
        text += &format!("; the mean of log P_B - log P_A is {}", plain(spread.mean));
        // An infinite mean does.
        if spread.mean.lo.is_finite() && spread.mean.hi.is_finite() {
            text += ", which does not show it";
        }
    }
    let explained = &summary.explained;
    if count > 0 {
        text += &format!(
            ". Of these tokens {} may come from rounding; in {} other logits moved too far for that, and in {} the action itself \
             moved further than rounding of all logits could have moved it.",
            explained.outside_consistent, explained.outside_refuted, explained.outside_beyond
        );
    } else {
        text += ".";
    }
    finding(Severity::Bad, count + summary.outside.undecided, summary, text)
}

fn inside(summary: &DiffSummary) -> Option<Finding> {
    let spread = summary.spread("ratio")?;
    if summary.outside.yes + summary.outside.undecided > 0 || summary.identical == summary.rows {
        return None;
    }
    let [low, high] = summary.limits.band;
    let text =
        format!("Every ratio P_B/P_A is within [{low}, {high}]: from {} to {}.", plain(spread.min), plain(spread.max));
    finding(Severity::Good, summary.rows, summary, text)
}

fn clip(summary: &DiffSummary) -> Option<Finding> {
    let (high, low) = (summary.clipped.high, summary.clipped.low);
    let count = high.yes + low.yes + high.undecided + low.undecided;
    if count == 0 {
        return None;
    }
    let epsilon = summary.limits.clip;
    let when = match summary.clipped.by_advantage {
        true => "by the signs of their advantages",
        false => "if their advantages have the sign that it needs",
    };
    let mut text = format!(
        "A PPO clip with epsilon {epsilon} stops {} before the first update, {when}: {} above {}, {} below {}",
        of_rows(high.yes + low.yes, summary, "token"),
        high.yes,
        1.0 + epsilon,
        low.yes,
        1.0 - epsilon
    );
    if high.undecided + low.undecided > 0 {
        text += &format!("; {} more may be", high.undecided + low.undecided);
    }
    finding(Severity::Bad, count, summary, text + ".")
}

fn tops(summary: &DiffSummary) -> Option<Finding> {
    let (differs, ties) = (summary.top_differs, summary.top_tied);
    let tied =
        format!("In {} several actions share the largest logit as stored, on one side or both", counted(ties, "row"));
    let rows = &summary.top_rows;
    let text = match (differs, ties) {
        (0, 0) => return None,
        (0, _) => format!("{tied}; in all others the most likely action is the same."),
        _ => {
            let differ = of_rows(differs, summary, "row");
            let differ = format!("{differ} {} another most likely action ({}).", have(differs), listed(rows, differs));
            if ties == 0 { differ } else { format!("{differ} {tied}.") }
        }
    };
    finding(Severity::Note, differs, summary, text)
}

/// A distribution of KL that its mean does not show.
fn tail(summary: &DiffSummary) -> Option<Finding> {
    let spread: RowSpread = summary.spread("kl_ab")?;
    if !(spread.max.lo > 100.0 * spread.mean.hi && spread.mean.lo > 0.0) {
        return None;
    }
    let worst = summary.quantities.iter().find(|quantity| quantity.name == "kl_ab")?.worst.first()?;
    let text = format!(
        "KL(A || B) is {} in the mean but {} in row {}: a few rows are far worse than the rest.",
        plain(spread.mean),
        plain(spread.max),
        worst.row
    );
    finding(Severity::Note, 1, summary, text)
}

fn impossible(summary: &DiffSummary) -> Option<Finding> {
    if summary.action_impossible == 0 {
        return None;
    }
    let rows = of_rows(summary.action_impossible, summary, "row");
    let text = format!("In {rows} both sides mask the chosen action: check the actions, or drop padding rows.");
    finding(Severity::Note, summary.action_impossible, summary, text)
}

/// A number as far as its enclosure tells it, to three digits, the last of them within one unit.
pub fn plain(x: Between) -> String {
    within_unit(x.lo, x.hi, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_what_is_known() {
        let between = |lo: f64, hi: f64| plain(Between { lo, hi });
        assert_eq!(between(0.12345, 0.12346), "0.123");
        assert_eq!(between(0.1234, 0.1241), "0.124");
        assert_eq!(between(0.1234, 0.1264), "0.12");
        assert_eq!(between(1.2345e-9, 1.2345e-9), "1.23e-9");
        assert_eq!(between(9.996, 9.9961), "10.0");
        assert_eq!(between(0.0, 0.0), "0");
        assert_eq!(between(0.0, 1.35e-15), "[0, 1.4e-15]");
        // Both ends outward: to nearest the first would be 0.95, above the number.
        assert_eq!(between(0.9451, 1.551), "[0.94, 1.6]");
        assert_eq!(between(f64::INFINITY, f64::INFINITY), "inf");
        assert_eq!(between(-0.00151, -0.00151), "-0.00151");
        assert_eq!(between(123456.0, 123456.0), "1.23e5");
    }
}
