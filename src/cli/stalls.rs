//! `logitlab stalls`: where training stops in narrow formats, predicted and observed.

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;

use super::options::{self, Listed, named};
use super::outcome::pretty;
use super::{Done, Ending, Failure, Json, Progress};
use crate::dynamics::stall::{HELD, Held, Trial, narrow_formats};
use crate::formats::Format;
use crate::report;
use crate::report::text::Paint;
use logitlab_numbers::parallel::in_order;

const AFTER_HELP: &str = "\
Examples:
  logitlab stalls                                    every format of 16 bits or less
  logitlab stalls --formats bf16 --g 1,0.1,0.01,1e-3
  logitlab stalls --held logits --formats p9e5       a format of your own, by its sizes
  logitlab stalls --formats f32 --g 1 --steps 10000000
  logitlab stalls --json

Two actions, REINFORCE from even logits, reward 1 for the one and 0 for the other. A logit stops
where g (1 - P_c) is at most half the gap above it (stagnation), or where P_c rounds to 1
(saturation), whichever comes first; the prediction is a formula, the observation a run.
`logitlab show stagnation` and `logitlab show saturation` state the claims.

Exit codes: 0 all runs stopped where predicted, 1 one did not, 2 unusable input.";

/// Predict at which confidence narrow formats stop training
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Formats, separated by commas (see `logitlab formats`) [default: all of 16 bits or less]
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', value_parser = options::format)]
    formats: Vec<Format>,

    /// Learning rates times advantage, separated by commas
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_values = ["1", "0.1", "0.01"],
          allow_negative_numbers = true, value_parser = options::positive)]
    g: Vec<f64>,

    /// What is held in the format: logits, probabilities or both, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_values = ["logits", "probabilities"])]
    held: Vec<String>,

    /// The most steps of a run
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,

    #[command(flatten)]
    json: Json,
}

#[derive(Serialize)]
struct Tried {
    schema: u32,
    /// The most steps of a run.
    steps: u64,
    trials: Vec<Trial>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let table = || HELD.iter().map(|(name, held, _)| (*name, *held));
    let held = arguments.held.iter().map(|name| named("--held", name, table(), Listed::Here));
    let held: Vec<Held> = held.collect::<Result<_, _>>()?;
    let mut formats = arguments.formats.clone();
    if formats.is_empty() {
        formats.extend(narrow_formats());
    }
    let mut wanted = Vec::new();
    for &held in &held {
        wanted.extend(formats.iter().flat_map(|&format| arguments.g.iter().map(move |&g| (held, format, g))));
    }
    let bar = Progress::new(wanted.len() as u64, "runs");
    let one = |&(held, format, g): &(Held, Format, f64)| {
        let trial = Trial::new(held, format, g, arguments.steps);
        bar.step(1);
        trial
    };
    let trials = in_order(wanted.par_iter().map(one));
    bar.finish();
    let trials = trials.map_err(|error| format!("--formats: {error}"))?;
    let good = trials.iter().all(|trial| trial.agrees != Some(false));
    let text = |tried: &Tried, paint: Paint<'_>| report::stalls::text(&tried.trials, paint);
    let done = Done::told(Tried { schema: 1, steps: arguments.steps, trials }, text, pretty);
    Ok(done.json(arguments.json.json).ending(Ending::of(true, good)))
}
