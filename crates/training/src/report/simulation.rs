//! What training came to, for a terminal.

use std::fmt::Write as _;

use crate::dynamics::Experiment;
use crate::dynamics::firsts::{Checked, Failing, OfMode};
use crate::dynamics::outcome::Outcome;
use crate::stats::bins;

use super::table::grid;
use super::text::{Paint, Tone};
use crate::text::{counted, percent};

/// A mode, and what its runs came to.
pub type InMode<'a> = (&'a str, &'a [Outcome]);

/// Tables of what became of the runs in each mode, and of the checks where they were made.
pub fn text(experiment: &Experiment, modes: &[InMode<'_>], checked: Option<&Checked>, paint: Paint<'_>) -> String {
    let mut out = format!(
        "{} on {} arms, {} of {}, learning rate {}\n\n",
        experiment.algorithm,
        experiment.arms.len(),
        counted(experiment.runs, "run"),
        counted(experiment.steps, "step"),
        experiment.schedule,
    );
    let head = ["P of the best arm", "reward a step", "dead steps", "last move", "drift of sum z"];
    let rows: Vec<(&str, Vec<String>)> =
        modes.iter().map(|(mode, outcomes)| (*mode, cells(experiment, outcomes))).collect();
    out += &paint.mark(Tone::Strong, "In the median over the runs; dead steps are a share of all steps");
    _ = write!(out, "\n\n{}", grid("mode", &head, &rows, paint));
    if let Some(checked) = checked {
        out += &checks(checked, paint);
    }
    out
}

fn cells(experiment: &Experiment, outcomes: &[Outcome]) -> Vec<String> {
    let median = |of: &dyn Fn(&Outcome) -> f64| bins::median(outcomes.iter().map(of)).unwrap_or(f64::NAN);
    let steps = experiment.steps as f64;
    let dead: u64 = outcomes.iter().map(|outcome| outcome.dead).sum();
    let last = median(&|outcome| outcome.last_move.map_or(-1.0, |step| step as f64));
    let reward = median(&|outcome| outcome.reward / steps);
    vec![
        format!("{:.4}", median(&|outcome| outcome.best)),
        // The expected gradient draws nothing.
        if experiment.algorithm.draws() { format!("{reward:.4}") } else { "-".to_string() },
        percent(dead as f64 / (steps * outcomes.len() as f64)),
        if last < 0.0 { "never".to_string() } else { format!("step {last}") },
        match median(&|outcome| outcome.drift.abs()) {
            0.0 => "0".to_string(),
            drift => format!("{drift:.2e}"),
        },
    ]
}

/// What became of the checks: in the reference, and in each mode.
fn checks(checked: &Checked, paint: Paint<'_>) -> String {
    let mut out = String::from("\n");
    let Checked { runs, steps, statements, unclear, violations, modes } = checked;
    if *runs == 0 {
        return out + "No run was checked to its end.\n";
    }
    if *statements == 0 {
        return out + "No check speaks of this experiment.\n";
    }
    if violations.is_empty() {
        let what = paint.mark(Tone::Good, "In exact arithmetic no claim is violated");
        _ = writeln!(
            out,
            "{what}: {} about {} of {}, {unclear} of them unclear.",
            counted(*statements, "statement"),
            counted(*steps, "step"),
            counted(*runs, "run")
        );
    }
    for found in violations {
        let violation = &found.violation;
        let what = paint.mark(Tone::Bad, &format!("{} is violated in exact arithmetic", violation.claim));
        _ = writeln!(
            out,
            "{what}: check {}, run {}, step {}, action {}, g = {}\n  {}\n  logits before, in hexadecimal: {}",
            violation.check,
            found.run,
            violation.step,
            violation.action,
            violation.gain,
            violation.sides,
            violation.logits.join(" ")
        );
    }
    for mode in modes {
        _ = write!(out, "\n{}\n\n", paint.mark(Tone::Strong, &format!("Where the checks first fail in {}", mode.mode)));
        out += &in_mode(mode, *runs, paint);
    }
    out
}

fn in_mode(mode: &OfMode, runs: u64, paint: Paint<'_>) -> String {
    let head = ["claim", "as it stands", "runs", "by more than 1 %", "runs"];
    let cells = |failing: &Failing| match &failing.first {
        None => ["never".to_string(), String::new()],
        Some(place) => [format!("step {} of run {}", place.step, place.run), failing.runs.to_string()],
    };
    let rows: Vec<(&str, Vec<String>)> = mode
        .checks
        .iter()
        .map(|check| {
            let [exactly, runs] = cells(&check.exactly);
            let [by_one, runs_by_one] = check.by_one_percent.as_ref().map_or(["-".to_string(), String::new()], cells);
            (check.check.as_str(), vec![check.claim.clone(), exactly, runs, by_one, runs_by_one])
        })
        .collect();
    let mut out = grid("check", &head, &rows, paint);
    let worst = mode.checks.iter().filter_map(|check| Some((check, check.by_one_percent.as_ref()?.first.as_ref()?)));
    for (check, place) in worst {
        _ = writeln!(
            out,
            "  {} at step {} of run {}, by more than 1 %: not {}",
            check.check, place.step, place.run, place.sides
        );
    }
    match mode.parted {
        None => out += "Every action is that of exact arithmetic.\n",
        Some(step) => {
            _ = writeln!(
                out,
                "Another action than in exact arithmetic is chosen in {} of {runs} runs, first at step {step}.",
                mode.runs_parted
            );
        }
    }
    out
}
