//! What training came to, for a terminal.

use std::fmt::Write as _;

use crate::dynamics::train::Outcome;
use crate::dynamics::{Experiment, Watched};

use super::table::grid;
use super::text::{Paint, Tone};

/// A mode, what its runs came to, and what became of the checks.
pub type InMode<'a> = (&'a str, &'a [Outcome], &'a [Watched]);

/// Tables of what became of the runs in each mode, and of the checks where they were made.
pub fn text(experiment: &Experiment, modes: &[InMode<'_>], paint: Paint<'_>) -> String {
    let mut out = format!(
        "{} on {} arms, {} runs of {} steps, learning rate {}\n\n",
        experiment.algorithm,
        experiment.arms.len(),
        experiment.runs,
        experiment.steps,
        experiment.schedule,
    );
    let head = ["P of the best arm", "reward a step", "dead steps", "last move", "drift of sum z"];
    let rows: Vec<(&str, Vec<String>)> =
        modes.iter().map(|(mode, outcomes, _)| (*mode, cells(experiment, outcomes))).collect();
    out += &paint(Tone::Strong, "In the median over the runs; dead steps are a share of all steps");
    _ = write!(out, "\n\n{}", grid("mode", &head, &rows, paint));
    if modes.iter().any(|(_, _, watched)| !watched.is_empty()) {
        out += &checks(modes, paint);
    }
    out
}

fn cells(experiment: &Experiment, outcomes: &[Outcome]) -> Vec<String> {
    if outcomes.is_empty() {
        return vec!["-".to_string(); 5];
    }
    let median = |of: &dyn Fn(&Outcome) -> f64| {
        let mut values: Vec<f64> = outcomes.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[(values.len() - 1) / 2]
    };
    let steps = experiment.steps as f64;
    let dead: u64 = outcomes.iter().map(|outcome| outcome.dead).sum();
    let last = median(&|outcome| outcome.last_move.map_or(-1.0, |step| step as f64));
    vec![
        format!("{:.4}", median(&|outcome| outcome.best)),
        format!("{:.4}", median(&|outcome| outcome.reward / steps)),
        format!("{:.1} %", 100.0 * dead as f64 / (steps * outcomes.len() as f64)),
        if last < 0.0 { "never".to_string() } else { format!("{last}") },
        format!("{:.2e}", median(&|outcome| outcome.drift.abs())),
    ]
}

/// The steps at which checks first fail, over all runs.
fn checks(modes: &[InMode<'_>], paint: Paint<'_>) -> String {
    let all = || modes.iter().flat_map(|(_, _, watched)| watched.iter());
    let (mut looked, mut unclear) = (0, 0);
    for watched in all() {
        looked += watched.checked[0];
        unclear += watched.checked[1];
    }
    let mut out = String::new();
    match all().find_map(|watched| watched.violation.as_ref().map(|violation| (watched.run, violation))) {
        None => {
            _ = writeln!(
                out,
                "\nIn exact arithmetic no claim is violated: {looked} statements about steps, {unclear} of them unclear."
            );
        }
        Some((run, (check, first))) => {
            let what = paint(Tone::Bad, &format!("{check} is violated"));
            _ = writeln!(out, "\n{what} in exact arithmetic, run {run}, step {}: {}", first.step, first.sides);
        }
    }
    let names: Vec<&str> = all().next().map_or(vec![], |watched| watched.float.iter().map(|b| b.check).collect());
    if names.is_empty() {
        return out + "No check speaks of this experiment.\n";
    }
    let rows: Vec<(&str, Vec<String>)> = names
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let cell = |(_, _, watched): &InMode<'_>| {
                let first = |of: fn(&crate::dynamics::watch::Broken) -> Option<u64>| {
                    let step = watched.iter().filter_map(|watched| of(&watched.float[place])).min();
                    step.map_or("never".to_string(), |step| step.to_string())
                };
                let exactly = first(|broken| broken.exactly.as_ref().map(|first| first.step));
                let by_one = first(|broken| broken.by_one_percent.as_ref().map(|first| first.step));
                format!("{exactly} / {by_one}")
            };
            (*name, modes.iter().map(cell).collect())
        })
        .collect();
    let head: Vec<&str> = modes.iter().map(|(mode, ..)| *mode).collect();
    out += "\n";
    out +=
        &paint(Tone::Strong, "First step of any run at which a check fails in a mode: as it stands / by more than 1 %");
    _ = write!(out, "\n\n{}", grid("check", &head, &rows, paint));
    let parted: Vec<String> = modes
        .iter()
        .map(|(mode, _, watched)| {
            let steps = watched.iter().filter_map(|watched| watched.parted).min();
            format!("{mode}: {}", steps.map_or("never".to_string(), |step| step.to_string()))
        })
        .collect();
    _ = writeln!(
        out,
        "\nFirst step of any run at which another action is chosen than in exact arithmetic: {}",
        parted.join(", ")
    );
    out
}
