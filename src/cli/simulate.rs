//! `logitlab simulate`: softmax policy-gradient training, every step held against the claims.

use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;

use super::options::{self, Listed, named, once};
use super::outcome::{pretty, printed};
use super::simulate_state::{Checkpoint, Store};
use super::simulate_table::{About, Output};
use super::{Done, Ending, Failure, Forms, Outcome, Progress, interrupt};
use crate::document::Results;
use crate::dynamics::experiment::ALGORITHMS;
use crate::dynamics::firsts::{Checked, sum_up};
use crate::dynamics::outcome::Outcome as Outcomes;
use crate::dynamics::watch::WatchError;
use crate::dynamics::{Arms, Baseline, Experiment, Schedule, Session, Watched, watch};
use crate::report;
use crate::report::text::{Paint, plain};
use crate::study::Mode;

const AFTER_HELP: &str = "\
Examples:
  logitlab simulate                                       ten arms, REINFORCE, f32 and bf16
  logitlab simulate --arms bernoulli:0.3,0.5,0.9 --modes f32,bf16-stored --runs 100
  logitlab simulate --check --steps 200                   every step held against the claims
  logitlab simulate --algorithm expected --eta 0.4 --out run.parquet --every 10
  logitlab simulate --algorithm alternate --baseline mean
  logitlab simulate --steps 10000000 --checkpoint run.state
                                                          interrupted, the same command goes on
  logitlab simulate --baseline mean --plots figures       the first run in every mode, as SVG files

Environments: bernoulli:0.3,0.5 (means), gaussian:K=10,gap=0.1,sd=1 (one arm better by the gap),
fixed:K=10,seed=3 (means drawn from [0, 1], rewards without noise). Baselines: none, mean, optimal,
or a number. A learning rate falls as 0.5/t or 0.5/sqrt(t). Modes are those of `logitlab compare`;
`logitlab list` names them.

A table has a row for each step of each run. Beside FILE, FILE.about.json has the configuration, the
seed, the version, the columns and the table's hash. The same command writes the same bytes on any
number of threads, interrupted or not.

Exit codes: 0 done, 1 a claim was violated in the reference arithmetic, 2 unusable input,
130 interrupted.";

/// Train softmax policies on bandits, next to exact arithmetic
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
    #[arg(long, value_name = "BASELINE", default_value = "none", allow_negative_numbers = true)]
    baseline: Baseline,

    /// The learning rate: a decimal is taken for the f64 nearest to it, as training does
    #[arg(long, value_name = "RATE", default_value = "0.1", allow_negative_numbers = true)]
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
    #[arg(long, value_name = "MODES", value_delimiter = ',', default_value = "f32,bf16-stored,bf16")]
    modes: Vec<Mode>,

    /// Hold every step against the claims, beside a run in MPFR arithmetic
    #[arg(long)]
    check: bool,

    /// Precision of that run and of the checks, in bits
    #[arg(long, value_name = "N", default_value_t = 128, requires = "check", value_parser = options::bits())]
    bits: u32,

    /// Write a row for each step, in the format of the suffix: .csv, .jsonl, .npz or .parquet
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Rows of every N-th step only, and of the last
    #[arg(long, value_name = "N", default_value_t = 1, requires = "out",
          value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,

    /// Keep the state in this file, about once a second, and go on from it if it is there
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,

    /// Keep it after every N steps instead: with 1, even kill -9 loses the step in flight at most
    #[arg(long, value_name = "N", requires = "checkpoint", value_parser = clap::value_parser!(u64).range(1..))]
    checkpoint_every: Option<u64>,

    /// Draw the first run in every mode, as SVG files into this folder
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,

    #[command(flatten)]
    forms: Forms,
}

/// What training came to.
#[derive(Serialize)]
struct Trained {
    schema: u32,
    #[serde(flatten)]
    about: About,
    /// Whether all runs in all modes came to their end.
    complete: bool,
    modes: Vec<InMode>,
    checks: Option<Checked>,
    #[serde(skip)]
    experiment: Experiment,
}

/// What one mode came to.
#[derive(Serialize)]
struct InMode {
    mode: String,
    outcomes: Vec<Outcomes>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    arguments.forms.reported.check()?;
    let experiment = experiment(arguments)?;
    let about = About::new(&experiment, &arguments.modes, arguments.check.then_some(arguments.bits));
    let every = if arguments.out.is_some() { arguments.every } else { 0 };
    interrupt::watch();
    let (mut store, kept) = Store::open(arguments.checkpoint.as_deref(), arguments.checkpoint_every, &about, every)?;
    let Checkpoint { rows, progress, mut watched, .. } = kept;
    let spool = store.spool();
    let mut output = Output::open(arguments.out.as_deref(), spool.as_deref(), rows, &arguments.modes)?;
    let session = Session::new(&experiment, &arguments.modes, every, progress);
    let mut session = session.map_err(|error| store.unusable(&error))?;

    let total = experiment.steps.saturating_mul(experiment.runs).saturating_mul(arguments.modes.len() as u64);
    let bar = Progress::new(total, "steps");
    while !session.is_done() && !interrupt::asked() {
        let (mode, steps, rows) = session.advance(arguments.checkpoint_every.unwrap_or(u64::MAX))?;
        output.add(mode, &rows)?;
        bar.step(steps);
        store.keep(false, &mut output, || (session.progress(), watched.clone()))?;
    }
    bar.finish();
    if arguments.check && session.is_done() {
        check(arguments, &experiment, &mut watched, |watched| {
            store.keep(false, &mut output, || (session.progress(), watched.to_vec()))
        })?;
    }
    let is_complete = session.is_done() && (!arguments.check || watched.len() as u64 == experiment.runs);
    if !is_complete {
        store.keep(true, &mut output, || (session.progress(), watched.clone()))?;
        tell(&session, &about, watched.len(), &experiment, arguments.checkpoint.as_deref());
    }
    if is_complete || arguments.checkpoint.is_none() {
        output.finish(&about, every, is_complete)?;
    }
    if is_complete {
        store.remove();
    }
    if let Some(folder) = arguments.plots.as_deref().filter(|_| is_complete) {
        super::simulate_plots::write(folder, &experiment, &arguments.modes)?;
    }
    let checks = arguments.check.then(|| sum_up(&watched));
    let modes = about.modes().iter().cloned().zip(session.finished().to_vec());
    let modes = modes.map(|(mode, outcomes)| InMode { mode, outcomes }).collect();
    let trained = Trained { schema: 2, about, complete: is_complete, modes, checks, experiment };
    Ok(Done::new(trained).forms(&arguments.forms, "logitlab simulate"))
}

impl Trained {
    fn table(&self, paint: Paint<'_>) -> String {
        let modes: Vec<(&str, &[Outcomes])> =
            self.modes.iter().map(|one| (one.mode.as_str(), one.outcomes.as_slice())).collect();
        report::simulation::text(&self.experiment, &modes, self.checks.as_ref(), paint)
    }
}

impl Outcome for Trained {
    fn text(&self, paint: Paint<'_>) -> String {
        if self.modes.is_empty() { String::new() } else { self.table(paint) }
    }

    fn json(&self) -> Result<String, Failure> {
        pretty(self)
    }

    /// A violated claim is worse news than an interruption.
    fn ending(&self) -> Ending {
        ending(self.checks.as_ref(), self.complete)
    }

    fn results(&self, title: &str) -> Results<'_> {
        let note = if self.complete { "" } else { "Interrupted: this is about the runs that were finished.\n" };
        printed(title, format!("{note}{}", self.table(&plain)))
    }
}

fn ending(checked: Option<&Checked>, is_complete: bool) -> Ending {
    let is_violated = checked.is_some_and(|checked| !checked.violations.is_empty());
    Ending::of(is_complete || is_violated, !is_violated)
}

/// Says on standard error where an interruption was, and what can be done.
fn tell(
    session: &Session<'_>,
    about: &About,
    watched: usize,
    experiment: &Experiment,
    checkpoint: Option<&std::path::Path>,
) {
    let (step, runs) = session.place();
    let place = match about.modes().get(session.mode()) {
        None => format!("after the checks of {watched} of {} runs", experiment.runs),
        Some(mode) if runs.is_empty() => format!("before the next runs in {mode}"),
        Some(mode) => {
            format!("in {mode}, runs {} to {}, at step {step} of {}", runs.start, runs.end - 1, experiment.steps)
        }
    };
    let next = match checkpoint {
        Some(path) => format!("{} has the state: the same command goes on from there", path.display()),
        None => "with --checkpoint FILE the same command would go on from there".to_string(),
    };
    eprintln!("interrupted {place}; {next}");
}

fn experiment(arguments: &Arguments) -> Result<Experiment, Failure> {
    let table = ALGORITHMS.iter().map(|(name, algorithm, _)| (*name, *algorithm));
    let algorithm = named("algorithm", &arguments.algorithm, table, Listed::Here)?;
    once("--modes", &arguments.modes)?;
    let experiment = Experiment {
        arms: arguments.arms.clone(),
        algorithm,
        baseline: arguments.baseline,
        schedule: arguments.eta,
        entropy: arguments.entropy,
        start: arguments.start.clone(),
        steps: arguments.steps,
        runs: arguments.runs,
        seed: arguments.seed,
    };
    experiment.check()?;
    Ok(experiment)
}

/// Runs the reference, and all modes beside it, for the runs that `watched` does not have yet.
fn check(
    arguments: &Arguments,
    experiment: &Experiment,
    watched: &mut Vec<Watched>,
    mut keep: impl FnMut(&[Watched]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let bar = Progress::new(experiment.runs, "checked runs");
    bar.step(watched.len() as u64);
    let together = 2 * rayon::current_num_threads() as u64;
    while (watched.len() as u64) < experiment.runs && !interrupt::asked() {
        let start = watched.len() as u64;
        let one = |run: u64| {
            let watched = watch(experiment, &arguments.modes, run, arguments.bits, &interrupt::asked);
            bar.step(1);
            watched
        };
        let runs: Vec<_> = (start..experiment.runs.min(start + together)).into_par_iter().map(one).collect();
        for run in runs {
            match run {
                Ok(run) => watched.push(run),
                // What comes after it is computed again.
                Err(WatchError::Stopped) => break,
                Err(error) => return Err(error.into()),
            }
        }
        keep(watched)?;
    }
    bar.finish();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::firsts::Violating;
    use crate::dynamics::watch::Violation;

    #[test]
    fn a_violation_in_the_reference_is_a_negative_result() {
        let mut checked = sum_up(&[]);
        assert_eq!(ending(Some(&checked), true), Ending::Good);
        assert_eq!(ending(None, false), Ending::Interrupted);
        let violation = Violation {
            check: "norm".into(),
            claim: "norm-identity".into(),
            step: 3,
            sides: "1 and 2".into(),
            action: 1,
            gain: 0.5,
            logits: vec!["0".into()],
        };
        checked.violations.push(Violating { run: 0, violation });
        assert_eq!(ending(Some(&checked), true), Ending::Negative);
        assert_eq!(ending(Some(&checked), false), Ending::Negative);
    }
}
