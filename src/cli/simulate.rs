//! `logitlab simulate`: softmax policy-gradient training, every step held against the claims.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;

use super::{Ending, Failure, Progress, interrupt, output, print, print_json};
use crate::arith::interval::{MAX_BITS, MIN_BITS};
use crate::dynamics::experiment::ALGORITHMS;
use crate::dynamics::train::{Outcome, TrainError, train};
use crate::dynamics::{Arms, Baseline, Experiment, Row, Schedule, Watched, watch};
use crate::report;
use crate::study::Mode;
use crate::text::{did_you_mean, nearest};

const AFTER_HELP: &str = "\
Examples:
  logitlab simulate                                       ten arms, REINFORCE, f32 and bf16
  logitlab simulate --arms bernoulli:0.3,0.5,0.9 --modes f32,bf16-stored --runs 100
  logitlab simulate --check --steps 200                   every step held against the claims
  logitlab simulate --algorithm expected --eta 0.4 --out run.csv --every 10
  logitlab simulate --algorithm alternate --baseline mean
  logitlab simulate --baseline mean --plots figures       the first run in every mode, as SVG files

Environments: bernoulli:0.3,0.5 (means), gaussian:K=10,gap=0.1,sd=1 (one arm better by the gap), fixed:K=10,seed=3 (means
drawn from [0, 1], rewards without noise). Baselines: none, mean, optimal, or a number. A learning rate falls as 0.5/t or
0.5/sqrt(t). Modes are those of `logitlab compare`; `logitlab list` names them.

Exit codes: 0 done, 1 a claim was violated in the reference arithmetic, 2 unusable input.";

/// Train softmax policies on bandits in float modes, next to exact arithmetic
///
/// The same random draws in every mode, so that what differs is rounding alone. With --check a run in MPFR arithmetic
/// goes beside each, and every step of both is held against the claims.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// The environment
    #[arg(long, value_name = "ARMS", default_value = "bernoulli:K=10,gap=0.5")]
    arms: Arms,

    /// reinforce, expected or alternate
    #[arg(long, value_name = "NAME", default_value = "reinforce")]
    algorithm: String,

    /// What is taken off rewards
    #[arg(long, value_name = "BASELINE", default_value = "none")]
    baseline: Baseline,

    /// The learning rate
    #[arg(long, value_name = "RATE", default_value = "0.1")]
    eta: Schedule,

    /// The coefficient of an entropy bonus
    #[arg(long, value_name = "X", default_value_t = 0.0, allow_negative_numbers = true)]
    entropy: f64,

    /// Logits at the start, separated by commas [default: zeros]
    #[arg(long, value_name = "LOGITS", value_delimiter = ',', allow_negative_numbers = true)]
    start: Vec<f64>,

    /// Steps of a run
    #[arg(long, value_name = "N", default_value_t = 1000)]
    steps: u64,

    /// Number of runs
    #[arg(long, value_name = "N", default_value_t = 16)]
    runs: u64,

    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Float modes, separated by commas
    #[arg(long, value_name = "MODES", value_delimiter = ',', default_values = ["f32", "bf16-stored", "bf16"])]
    modes: Vec<Mode>,

    /// Hold every step against the claims, beside a run in MPFR arithmetic
    #[arg(long)]
    check: bool,

    /// Precision of that run and of the checks, in bits
    #[arg(long, value_name = "N", default_value_t = 128, requires = "check",
          value_parser = clap::value_parser!(u32).range(MIN_BITS as i64..=MAX_BITS as i64))]
    bits: u32,

    /// Write a row for each step (.csv or .jsonl)
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Of which only each so-manieth
    #[arg(long, value_name = "N", default_value_t = 1, requires = "out",
          value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,

    /// Draw the first run in every mode, as SVG files into this folder
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,

    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// What one mode came to.
#[derive(Serialize)]
pub struct InMode {
    /// The mode as text.
    mode: String,
    /// What its runs came to.
    outcomes: Vec<Outcome>,
    /// What became of the checks, where they were asked for.
    watched: Vec<Watched>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    experiment: Described,
    modes: &'a [InMode],
}

#[derive(Serialize)]
struct Described {
    arms: String,
    algorithm: String,
    baseline: String,
    eta: String,
    entropy: f64,
    start: Vec<f64>,
    steps: u64,
    runs: u64,
    seed: u64,
    version: &'static str,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let experiment = experiment(arguments)?;
    let table = arguments.out.as_deref().map(Table::new).transpose()?;
    interrupt::watch();
    let mut text = table.as_ref().map_or(String::new(), |table| table.head());
    let mut all = Vec::new();
    for mode in &arguments.modes {
        let bar = Progress::new(experiment.steps * experiment.runs, "steps");
        let mut outcomes = Vec::new();
        let every = if table.is_some() { arguments.every } else { 0 };
        let each = |outcome: Outcome, rows: Vec<Row>| {
            outcomes.push(outcome);
            if let Some(table) = &table {
                rows.iter().for_each(|row| table.add(&mut text, mode, row));
            }
            ControlFlow::Continue(())
        };
        let trained = train(&experiment, mode, every, &interrupt::asked, &|steps| bar.step(steps), each);
        bar.finish();
        match trained {
            Ok(()) => {}
            Err(TrainError::Stopped) => eprintln!("interrupted: {} runs in {mode} were finished", outcomes.len()),
            Err(error) => return Err(Failure::Unusable(error.to_string())),
        }
        let watched =
            if arguments.check && !interrupt::asked() { watched(arguments, &experiment, mode)? } else { vec![] };
        all.push(InMode { mode: mode.to_string(), outcomes, watched });
        if interrupt::asked() {
            break;
        }
    }
    if let Some(path) = &arguments.out {
        output::write(Some(path), &text)?;
    }
    if let Some(folder) = arguments.plots.as_deref().filter(|_| !interrupt::asked()) {
        super::simulate_plots::write(folder, &experiment, &arguments.modes)?;
    }
    if arguments.json {
        print_json(&Document { schema: 1, experiment: described(&experiment), modes: &all })?;
    } else {
        let modes: Vec<(&str, &[Outcome], &[Watched])> =
            all.iter().map(|one| (one.mode.as_str(), one.outcomes.as_slice(), one.watched.as_slice())).collect();
        print(&report::simulation::text(&experiment, &modes, &super::paint))?;
    }
    let violated = all.iter().flat_map(|one| &one.watched).any(|watched| watched.violation.is_some());
    Ok(if violated { Ending::Negative } else { Ending::Good })
}

fn experiment(arguments: &Arguments) -> Result<Experiment, Failure> {
    let name = arguments.algorithm.as_str();
    let Some((_, algorithm, _)) = ALGORITHMS.iter().find(|(known, ..)| *known == name) else {
        let names = || ALGORITHMS.iter().map(|(name, ..)| *name);
        let hint = match nearest(name, names()).as_slice() {
            [] => format!("they are {}", names().collect::<Vec<_>>().join(", ")),
            near => did_you_mean(near),
        };
        return Err(Failure::Unusable(format!("unknown algorithm `{name}`; {hint}")));
    };
    let experiment = Experiment {
        arms: arguments.arms.clone(),
        algorithm: *algorithm,
        baseline: arguments.baseline,
        schedule: arguments.eta,
        entropy: arguments.entropy,
        start: arguments.start.clone(),
        steps: arguments.steps,
        runs: arguments.runs,
        seed: arguments.seed,
    };
    experiment.check().map_err(|error| Failure::Unusable(error.to_string()))?;
    Ok(experiment)
}

fn described(experiment: &Experiment) -> Described {
    Described {
        arms: experiment.arms.to_string(),
        algorithm: experiment.algorithm.to_string(),
        baseline: experiment.baseline.to_string(),
        eta: experiment.schedule.to_string(),
        entropy: experiment.entropy,
        start: experiment.start.clone(),
        steps: experiment.steps,
        runs: experiment.runs,
        seed: experiment.seed,
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// Runs the reference beside each run of a mode.
fn watched(arguments: &Arguments, experiment: &Experiment, mode: &Mode) -> Result<Vec<Watched>, Failure> {
    let bar = Progress::new(experiment.runs, "checked runs");
    let one = |run: u64| {
        if interrupt::asked() {
            return Ok(None);
        }
        let watched = watch(experiment, mode, run, arguments.bits).map(Some);
        bar.step(1);
        watched
    };
    let all: Result<Vec<_>, _> = (0..experiment.runs).into_par_iter().map(one).collect();
    bar.finish();
    Ok(all.map_err(|error| Failure::Unusable(error.to_string()))?.into_iter().flatten().collect())
}

/// The form of a table of steps.
enum Table {
    Csv,
    JsonLines,
}

impl Table {
    fn new(path: &std::path::Path) -> Result<Table, Failure> {
        match path.extension().and_then(|suffix| suffix.to_str()) {
            Some("csv") => Ok(Table::Csv),
            Some("jsonl") => Ok(Table::JsonLines),
            _ => Err(Failure::Unusable(format!("{}: give a file that ends in .csv or .jsonl", path.display()))),
        }
    }

    fn head(&self) -> String {
        match self {
            Table::Csv => {
                "mode,run,step,action,reward,gain,p,rest,collision,entropy,norm,closed,moved,dead\n".to_string()
            }
            Table::JsonLines => String::new(),
        }
    }

    fn add(&self, text: &mut String, mode: &Mode, row: &Row) {
        match self {
            Table::Csv => {
                let Row { run, step, action, reward, gain, p, rest, collision, entropy, norm, closed, moved, dead } =
                    row;
                _ = writeln!(
                    text,
                    "{mode},{run},{step},{action},{reward:e},{gain:e},{p:e},{rest:e},{collision:e},{entropy:e},{norm:e},{closed:e},{moved:e},{dead}"
                );
            }
            Table::JsonLines => {
                #[derive(Serialize)]
                struct Line<'a> {
                    mode: String,
                    #[serde(flatten)]
                    row: &'a Row,
                }
                let line = serde_json::to_string(&Line { mode: mode.to_string(), row }).expect("a row is plain data");
                _ = writeln!(text, "{line}");
            }
        }
    }
}
