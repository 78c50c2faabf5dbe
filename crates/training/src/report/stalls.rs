//! Predicted and observed stalls, for a terminal.

use std::fmt::Write as _;

use crate::dynamics::stall::{Cause, HELD, Stall, Trial};
use crate::formats::Format;

use super::table::grid;
use super::text::{Paint, Tone};
use super::wrap::note;

/// A table for each way of holding numbers: P_c at which training should stop, and did, format by format and g by g.
pub fn text(trials: &[Trial], paint: Paint<'_>) -> String {
    let mut gains: Vec<f64> = Vec::new();
    for trial in trials {
        if !gains.contains(&trial.g) {
            gains.push(trial.g);
        }
    }
    let head = "P_c at which the logit of the chosen action stops moving: two actions, steps g (e_c - P) from even \
                   logits;\nfor each g the prediction, then what a run came to";
    let mut out = note(head, 0, paint) + "\n";
    for (name, held, what) in HELD {
        let of_held: Vec<&Trial> = trials.iter().filter(|trial| trial.held == held).collect();
        if !of_held.is_empty() {
            let head = format!("{name}: {what}");
            _ = write!(out, "\n{}\n\n{}", paint.mark(Tone::Strong, &head), table(&of_held, &gains, paint));
        }
    }
    out + "\n" + &legend(trials, paint) + &verdict(trials, paint)
}

fn table(trials: &[&Trial], gains: &[f64], paint: Paint<'_>) -> String {
    let mut formats: Vec<Format> = Vec::new();
    for trial in trials {
        if !formats.contains(&trial.format) {
            formats.push(trial.format);
        }
    }
    let names: Vec<String> = formats.iter().map(Format::to_string).collect();
    let cells = |format: &Format| {
        let find = |&g: &f64| trials.iter().find(|trial| trial.format == *format && trial.g == g);
        gains.iter().flat_map(|g| find(g).map_or([String::new(), String::new()], |trial| cell(trial))).collect()
    };
    let rows: Vec<(&str, Vec<String>)> = names.iter().map(String::as_str).zip(formats.iter().map(cells)).collect();
    let columns: Vec<String> = gains.iter().flat_map(|g| [format!("g = {g}"), "observed".to_string()]).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    grid("format", &columns, &rows, paint)
}

fn cell(trial: &Trial) -> [String; 2] {
    let mark = |cause: Cause| if cause == Cause::Saturation { "*" } else { "" };
    let wrong = if trial.agrees == Some(false) { " WRONG" } else { "" };
    let predicted = |stall: Stall| confidence(stall.rest) + mark(stall.cause);
    [
        trial.predicted.map_or("never".to_string(), predicted),
        trial.observed.map_or("not yet".to_string(), |seen| confidence(seen.rest) + mark(seen.cause) + wrong),
    ]
}

/// P_c to four places, as long as they say something.
fn confidence(rest: f64) -> String {
    if rest >= 1e-3 { format!("{:.4}", 1.0 - rest) } else { format!("1-{rest:.1e}") }
}

/// What the signs in the cells mean.
fn legend(trials: &[Trial], paint: Paint<'_>) -> String {
    let saturated: Vec<bool> = trials
        .iter()
        .filter_map(|trial| trial.observed)
        .filter(|seen| seen.cause == Cause::Saturation)
        .map(|seen| seen.other_moves)
        .collect();
    let mut out = "no sign: the logit is too coarse to move (claim stagnation)\n".to_string();
    if !saturated.is_empty() {
        let still = saturated.iter().filter(|&&still| still).count();
        let legend = format!(
            "*: P_c has become 1 (claim saturation), which stops the logit of c alone: in {still} of {} such runs\n   \
             -g P_o still moved the other one",
            saturated.len()
        );
        out += &(note(&legend, 3, paint) + "\n");
    }
    out
}

fn verdict(trials: &[Trial], paint: Paint<'_>) -> String {
    let count = |wanted: Option<bool>| trials.iter().filter(|trial| trial.agrees == wanted).count();
    let (good, wrong, open) = (count(Some(true)), count(Some(false)), count(None));
    let unfinished =
        if open > 0 { format!("; {open} runs did not stop in the steps that they had") } else { String::new() };
    let what = "stopped where predicted, within one representable logit or one step";
    match wrong {
        0 => format!("{}{unfinished}\n", paint.mark(Tone::Good, &format!("{good} runs {what}"))),
        _ => {
            let total = good + wrong;
            let short = |trial: &Trial| {
                let name = HELD.iter().find(|(_, held, _)| *held == trial.held).map_or("", |(name, ..)| name);
                format!("  {name} in {}, g = {}: {}", trial.format, trial.g, apart(trial))
            };
            let all: Vec<String> = trials.iter().filter(|trial| trial.agrees == Some(false)).map(short).collect();
            let head = paint.mark(Tone::Bad, &format!("{wrong} of {total} runs did not stop where predicted"));
            format!("{head}{unfinished}:\n{}\n", all.join("\n"))
        }
    }
}

fn apart(trial: &Trial) -> String {
    match (&trial.predicted, &trial.observed) {
        (Some(stall), Some(seen)) if stall.cause == seen.cause => {
            format!("the logit is {} instead of {}, {:.1} steps away", seen.logit, stall.logit, stall.distance(seen))
        }
        (Some(stall), Some(seen)) => format!("{:?} instead of {:?}", seen.cause, stall.cause).to_lowercase(),
        _ => "it stopped though it never should".to_string(),
    }
}
