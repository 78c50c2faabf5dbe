//! What a summary comes to in words, worst first.

use serde::Serialize;

use super::quantiles::{Between, Spread};
use super::summary::Summary;

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
const RULES: &[fn(&Summary) -> Option<Finding>] =
    &[masks, unexplained, explained, outside, inside, clip, tops, tail, impossible];

/// All findings of a summary, the worst first.
pub fn findings(summary: &Summary) -> Vec<Finding> {
    let mut found: Vec<Finding> = RULES.iter().filter_map(|rule| rule(summary)).collect();
    // A stable sort: of equals the order of the rules.
    found.sort_by(|x, y| y.severity.cmp(&x.severity).then(y.share.total_cmp(&x.share)));
    found
}

fn finding(severity: Severity, rows: u64, summary: &Summary, text: String) -> Option<Finding> {
    Some(Finding { severity, share: rows as f64 / summary.rows.max(1) as f64, text })
}

/// `12 of 3000 rows (0.4 %)`.
fn of_rows(count: u64, summary: &Summary, what: &str) -> String {
    format!("{count} of {} {what} ({})", summary.rows, percent(count, summary.rows))
}

/// A share in percent; small ones are not shown as nothing.
pub fn percent(count: u64, all: u64) -> String {
    let percent = 100.0 * count as f64 / all.max(1) as f64;
    if percent > 0.0 && percent < 0.1 { format!("{} %", significant(percent, 1)) } else { format!("{percent:.1} %") }
}

fn listed(rows: &[u64], all: u64) -> String {
    let shown: Vec<String> = rows.iter().map(u64::to_string).collect();
    let word = if rows.len() == 1 { "row" } else { "rows" };
    let more = if all > rows.len() as u64 { ", ..." } else { "" };
    format!("{word} {}{more}", shown.join(", "))
}

fn masks(summary: &Summary) -> Option<Finding> {
    let first = summary.masks_first?;
    let mut text = format!(
        "In {} one side masks actions (logit -inf) that the other does not, first in row {first}: A alone masks {}, B alone {}. \
         There a divergence is infinite, one way or both; total variation and Jensen-Shannon stay finite.",
        of_rows(summary.masks_differ, summary, "rows"),
        summary.masked_by_a,
        summary.masked_by_b
    );
    if summary.action_masked > 0 {
        text += &format!(" In {} of them that is the chosen action.", summary.action_masked);
    }
    finding(Severity::Bad, summary.masks_differ, summary, text)
}

fn unexplained(summary: &Summary) -> Option<Finding> {
    let explained = &summary.explained;
    let first = explained.first?;
    let mut text = format!(
        "{} cannot come from rounding the same logits, whatever the shift, first row {first}",
        of_rows(explained.refuted, summary, "rows")
    );
    if let Some((row, most)) = explained.most.filter(|(_, most)| *most > 0) {
        text +=
            &format!("; in row {row}, which has most, {most} logits are beyond their rounding at the best shift found");
    }
    text += &match explained.action_beyond {
        0 => ". No chosen action moved further than rounding alone could have moved it.".to_string(),
        n => format!(". In {n} the chosen action moved further than rounding of all logits could have moved it."),
    };
    finding(Severity::Bad, explained.refuted, summary, text)
}

fn explained(summary: &Summary) -> Option<Finding> {
    let explained = &summary.explained;
    if explained.refuted > 0 || summary.rows == 0 {
        return None;
    }
    let text = if summary.identical == summary.rows {
        "All rows are the same bits on both sides.".to_string()
    } else {
        format!(
            "All {} rows are consistent with rounding: some logits shared by both sides round to both. That nothing else \
             happened does not follow.",
            summary.rows
        )
    };
    finding(Severity::Good, summary.rows, summary, text)
}

fn outside(summary: &Summary) -> Option<Finding> {
    let count = summary.outside.yes;
    if count + summary.outside.undecided == 0 {
        return None;
    }
    let [low, high] = summary.limits.band;
    let mut text = format!("{} have a ratio P_B/P_A outside [{low}, {high}]", of_rows(count, summary, "tokens"));
    if summary.outside.undecided > 0 {
        text += &format!(", {} more may", summary.outside.undecided);
    }
    if count > 0 {
        text += &format!(" ({})", listed(&summary.outside_rows, count));
    }
    if let Some(spread) = summary.spread("delta") {
        text += &format!("; the mean of log P_B - log P_A is {}, which does not show it", plain(spread.mean));
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

fn inside(summary: &Summary) -> Option<Finding> {
    let spread = summary.spread("ratio")?;
    if summary.outside.yes + summary.outside.undecided > 0 || summary.identical == summary.rows {
        return None;
    }
    let [low, high] = summary.limits.band;
    let text =
        format!("Every ratio P_B/P_A is within [{low}, {high}]: from {} to {}.", plain(spread.min), plain(spread.max));
    finding(Severity::Good, summary.rows, summary, text)
}

fn clip(summary: &Summary) -> Option<Finding> {
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
        of_rows(high.yes + low.yes, summary, "tokens"),
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

fn tops(summary: &Summary) -> Option<Finding> {
    let (differs, ties) = (summary.top_differs, summary.top_tied);
    let tied = format!("In {ties} rows several actions share the largest logit as stored, on one side or both");
    let rows = &summary.top_rows;
    let text = match (differs, ties) {
        (0, 0) => return None,
        (0, _) => format!("{tied}; in all others the most likely action is the same."),
        _ => {
            let differ = of_rows(differs, summary, "rows");
            let differ = format!("{differ} have another most likely action ({}).", listed(rows, differs));
            if ties == 0 { differ } else { format!("{differ} {tied}.") }
        }
    };
    finding(Severity::Note, differs, summary, text)
}

/// A distribution of KL that its mean does not show.
fn tail(summary: &Summary) -> Option<Finding> {
    let spread: Spread = summary.spread("kl_ab")?;
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

fn impossible(summary: &Summary) -> Option<Finding> {
    if summary.action_impossible == 0 {
        return None;
    }
    let rows = of_rows(summary.action_impossible, summary, "rows");
    let text = format!("In {rows} both sides mask the chosen action: check the actions, or drop padding rows.");
    finding(Severity::Note, summary.action_impossible, summary, text)
}

/// A number as far as its enclosure tells it, to three digits.
pub fn plain(x: Between) -> String {
    if x.lo == x.hi && x.lo == 0.0 {
        return "0".to_string();
    }
    if x.lo == x.hi && x.lo.is_infinite() {
        return if x.lo > 0.0 { "inf" } else { "-inf" }.to_string();
    }
    let common = [3, 2, 1].into_iter().find_map(|digits| {
        let [lo, hi] = [x.lo, x.hi].map(|x| significant(x, digits));
        (lo == hi).then_some(lo)
    });
    common.unwrap_or_else(|| match x.lo <= 0.0 && x.hi >= 0.0 && x.hi.max(-x.lo) < 1e-9 {
        true => format!("below {}", significant(x.hi.max(-x.lo), 1)),
        false => format!("{} to {}", significant(x.lo, 2), significant(x.hi, 2)),
    })
}

/// A finite number to so many significant digits: as a plain decimal where that is short.
fn significant(x: f64, digits: usize) -> String {
    let text = format!("{x:.*e}", digits - 1);
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    match exponent {
        -4..=4 => {
            // The rounded number, so that 9.996 to three digits is 10.0.
            let places = (digits as i32 - 1 - exponent).max(0) as usize;
            let rounded: f64 = text.parse().unwrap_or(x);
            format!("{rounded:.places$}")
        }
        _ => format!("{mantissa}e{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_what_is_known() {
        let between = |lo: f64, hi: f64| plain(Between { lo, hi });
        assert_eq!(between(0.12345, 0.12346), "0.123");
        assert_eq!(between(0.1234, 0.1241), "0.12");
        assert_eq!(between(1.2345e-9, 1.2345e-9), "1.23e-9");
        assert_eq!(between(9.996, 9.996), "10.0");
        assert_eq!(between(0.0, 0.0), "0");
        assert_eq!(between(0.0, 1e-15), "below 1e-15");
        assert_eq!(between(1.0, 2.0), "1.0 to 2.0");
        assert_eq!(between(f64::INFINITY, f64::INFINITY), "inf");
        assert_eq!(between(-0.00151, -0.00151), "-0.00151");
        assert_eq!(between(123456.0, 123456.0), "1.23e5");
    }
}
