//! `logitlab doctor`: how wrong a framework's numbers are, and why.

use std::ops::Range;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::logits::{self, Opened};
use super::outcome::{pretty, printed};
use super::{Done, Ending, Failure, Forms, Outcome, Progress, interrupt, options};
use crate::certified::Given;
use crate::doctor::{
    self, Batch, ClaimedKind, DEFAULT_NATS, Examination, Exceeded, Finding, Report, Required, Snippet, StepSize,
    Threshold,
};
use crate::document::Results;
use crate::formats::Target;
use crate::measure::{InputError, Source, Within, shortest};
use crate::policy::random::Rng;
use crate::report;
use crate::report::text::{Paint, Tone, plain};
use crate::text::counted;

const AFTER_HELP: &str = "\
Examples:
  logitlab doctor dump.safetensors                         tensors `logits` and `actions`
  logitlab doctor logits.npy --modes bf16,f32              the most likely action of every row, two precisions
  logitlab doctor dump.safetensors --claimed logp=my_logp  certify the numbers of a tensor
  logitlab doctor table.npy --parameters --steps 1e-3      logits that are trained: is a step of that size lost in them?
  logitlab doctor dump.safetensors --fail-on 'bf16/nonpositive>1%' --fail-on 'total>1.1'
  logitlab doctor --metrics                                the metrics that --fail-on knows
  logitlab doctor dump.safetensors --framework jax --json

--fail-on takes a metric, > < >= or <=, and a number. MODE/ before the metric says of which mode; without it that of
the type of the file is meant. A value that is no number passes every threshold.
docs/doctor.md says what to do about each finding.

Exit codes: 0 no threshold was passed and no claimed column is wrong, 1 one was or is, 2 unusable input, 130 interrupted:
what was examined is reported.";

/// How wrong is my framework's number, and why?
///
/// Training code computes w = |e_c - P|^2 as 1 - 2 P_c + sum pi^2, with sum pi^2 = exp(lse(2z) - 2 lse(z)), in low
/// precision. Every row is computed so in several precisions, one correctly rounded operation after the other, and held
/// against the certified value for the logits as that precision stores them. What is wrong is told worst first, with
/// what to do.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Files with logits: .safetensors, .npy, .npz; of two .npy files the second has the actions
    #[arg(value_name = "FILE", required_unless_present = "metrics")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    input: logits::Options,

    /// Examine so many of the rows only, spread over all of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,

    /// Seed of --sample
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// Precisions to emulate: bf16, fp16, f32, f64, bf16-all, bf16-logits, or any mode that `compare` knows
    /// [default: all but f64]
    #[arg(long, value_name = "MODES", value_delimiter = ',')]
    modes: Vec<String>,

    /// The logits are parameters, as of a table or a bandit, and not what a network puts out: ask also whether a step moves
    /// them as they are stored
    #[arg(long)]
    parameters: bool,

    /// Sizes g of a step g (e_c - P) of logits that are parameters
    #[arg(long, value_name = "G", value_delimiter = ',', default_values_t = [1.0, 0.1, 0.01], value_parser = options::finite,
          requires = "parameters")]
    steps: Vec<f64>,

    /// Advantages, one for each row; with --eta the steps are eta times the advantage
    #[arg(long, value_name = "NAME", requires = "eta")]
    advantages: Option<String>,

    /// Learning rate: steps are of this size, or this times the advantage
    #[arg(long, value_name = "ETA", conflicts_with = "steps", value_parser = options::finite, requires = "parameters")]
    eta: Option<f64>,

    /// Your framework's own numbers, certified: w=NAME, logp=NAME, sum_pi_squared=NAME or entropy=NAME; can be given more
    /// than once
    #[arg(long, value_name = "KIND=NAME", value_parser = options::claimed)]
    claimed: Vec<(ClaimedKind, String)>,

    /// How many digits of a claimed w or sum pi^2 must be right [default: 2]; where given, of log P_c and entropies, too
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=15))]
    digits: Option<u32>,

    /// By how many nats a claimed log P_c or entropy may be off: exp(difference) is what is used, and 1e-3 is 0.1 % of a
    /// ratio
    #[arg(long, value_name = "X", default_value_t = DEFAULT_NATS, value_parser = options::positive)]
    nats: f64,

    /// What logits are divided by; a decimal is that decimal
    #[arg(long, value_name = "T", default_value = "1", value_parser = options::positive_as_given)]
    temperature: Given,

    /// End with exit code 1 if a metric passes a limit, such as nonpositive>1%; can be given more than once
    #[arg(long, value_name = "THRESHOLD")]
    fail_on: Vec<Threshold>,

    /// Whose code is shown: torch, jax or numpy
    #[arg(long, value_name = "NAME", default_value = "torch", value_parser = options::framework)]
    framework: &'static Snippet,

    /// List the metrics and how they are counted
    #[arg(long)]
    metrics: bool,

    #[command(flatten)]
    forms: Forms,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    if arguments.metrics {
        return Ok(Done::new(report::doctor::metrics));
    }
    arguments.forms.reported.check()?;
    let columns: Vec<&str> = arguments.columns().collect();
    let Opened { source, rows, actions } = arguments.input.open_without_actions(&arguments.files, &columns)?;
    let picked = Picked { rows, sample: arguments.sample, seed: arguments.seed };
    let report = examine(arguments, &examination(arguments, &source)?, &source, &picked)?;
    let asked = picked.count();
    if report.rows == 0 && asked > 0 {
        return Err("stopped before the first rows were examined".into());
    }
    let mut failed = Vec::new();
    for threshold in &arguments.fail_on {
        failed.extend(threshold.exceeded(&report)?);
    }
    let input = format!("{}; actions: {actions}", source.dtype);
    let done = Done::new(Examined { asked, report, failed, arguments, input });
    Ok(done.forms(&arguments.forms, "logitlab doctor"))
}

/// What was examined, as `--json` prints it.
#[derive(Serialize)]
struct Examined<'a> {
    /// How many rows were to be examined: more than were, after Ctrl-C.
    asked: u64,
    #[serde(flatten)]
    report: Report,
    failed: Vec<Exceeded>,
    #[serde(skip)]
    arguments: &'a Arguments,
    /// What the rows are.
    #[serde(skip)]
    input: String,
}

impl Examined<'_> {
    /// Without the thresholds.
    fn examined(&self, paint: Paint<'_>) -> String {
        let (rows, asked) = (self.report.rows, counted(self.asked, "row"));
        let note = format!("interrupted after {rows} of {asked}: this is about those");
        let note = if rows < self.asked { paint.mark(Tone::Bad, &note) + "\n" } else { String::new() };
        note + &report::doctor::text(&self.report, &self.input, self.arguments.framework, paint)
    }
}

impl Outcome for Examined<'_> {
    fn text(&self, paint: Paint<'_>) -> String {
        self.examined(paint) + &failures(&self.failed, !self.arguments.fail_on.is_empty(), paint)
    }

    fn json(&self) -> Result<String, Failure> {
        pretty(self)
    }

    fn ending(&self) -> Ending {
        let right = self.failed.is_empty() && !self.report.findings.iter().any(Finding::is_claimed);
        Ending::of(self.report.rows == self.asked, right)
    }

    fn results(&self, title: &str) -> Results<'_> {
        printed(title, self.examined(&plain))
    }
}

fn failures(failed: &[Exceeded], asked: bool, paint: Paint<'_>) -> String {
    if failed.is_empty() {
        return if asked { format!("\n{}\n", paint.mark(Tone::Good, "no threshold is passed")) } else { String::new() };
    }
    let line = |one: &Exceeded| {
        let value = one.value.map_or("no finite number".to_string(), shortest);
        format!("{} {}: {} is {value}\n", paint.mark(Tone::Bad, "passed"), one.threshold, one.subject)
    };
    "\n".to_string() + &failed.iter().map(line).collect::<String>()
}

impl Arguments {
    /// The further columns that are read: those that are claimed, and advantages after them.
    fn columns(&self) -> impl Iterator<Item = &str> {
        self.claimed.iter().map(|(_, name)| name.as_str()).chain(self.advantages.as_deref())
    }
}

fn examination(arguments: &Arguments, source: &Source) -> Result<Examination, Failure> {
    let own = doctor::own(source.dtype);
    let modes = doctor::chosen(&arguments.modes, source.dtype)?;
    let stored: Target = doctor::stored(source.dtype).parse().expect("a format of ours");
    Ok(Examination {
        modes,
        own: own.to_string(),
        stored: stored.format,
        steps: match arguments.eta {
            _ if !arguments.parameters => Vec::new(),
            None => arguments.steps.iter().map(|&g| StepSize::Fixed(g)).collect(),
            Some(eta) => vec![StepSize::PerRow { eta }],
        },
        claimed: arguments.claimed.iter().map(|(kind, name)| (name.clone(), *kind)).collect(),
        required: Required { digits: arguments.digits, nats: arguments.nats },
        temperature: arguments.temperature,
    })
}

/// The rows that are examined.
struct Picked {
    rows: Range<u64>,
    sample: Option<u64>,
    seed: u64,
}

impl Picked {
    fn count(&self) -> u64 {
        let all = self.rows.end - self.rows.start;
        self.sample.map_or(all, |sample| sample.min(all))
    }

    /// The row of this number: each stands for as many rows as any other, and is drawn from those.
    fn row(&self, index: u64) -> u64 {
        let all = self.rows.end - self.rows.start;
        let count = self.count();
        let from = |index: u64| (u128::from(index) * u128::from(all) / u128::from(count)) as u64;
        let (start, end) = (from(index), from(index + 1));
        self.rows.start + start + Rng::new(self.seed, index).below(end - start)
    }

    /// Runs of rows that can be read in one go: first row and number of rows.
    fn runs(&self, indices: Range<u64>) -> Vec<(u64, usize)> {
        let mut runs: Vec<(u64, usize)> = Vec::new();
        for index in indices {
            let row = self.row(index);
            match runs.last_mut() {
                Some((start, count)) if *start + *count as u64 == row => *count += 1,
                _ => runs.push((row, 1)),
            }
        }
        runs
    }
}

fn examine(
    arguments: &Arguments,
    examination: &Examination,
    source: &Source,
    picked: &Picked,
) -> Result<Report, Failure> {
    let count = picked.count();
    let step = Examination::batch_rows(source.columns) as u64;
    let bar = Progress::new(count, "rows");
    let starts = (0..count).step_by(step as usize);
    let advantages = arguments.advantages.is_some();
    interrupt::watch();
    let starts = starts.take_while(|_| !interrupt::asked());
    let batches = starts.map(|start| read(source, &picked.runs(start..count.min(start + step)), advantages));
    let report = doctor::examine(examination, source.columns, batches, &|rows| bar.step(rows));
    bar.finish();
    Ok(report?)
}

/// Some rows with their further columns, the last of which may be advantages.
fn read(source: &Source, runs: &[(u64, usize)], advantages: bool) -> Result<Batch, InputError> {
    let mut batch = Batch::default();
    for &(start, count) in runs {
        let block = source.read(start, count)?;
        batch.columns = block.columns;
        let position = |row: &u64| match source.place(*row).within {
            Within::Position(position) => Some(position),
            _ => None,
        };
        batch.positions.extend(block.rows.iter().map(position));
        batch.rows.extend(block.rows);
        batch.logits.extend(block.logits);
        batch.actions.extend(block.actions);
        batch.claimed.resize(block.named.len(), Vec::new());
        batch.claimed.iter_mut().zip(block.named).for_each(|(all, more)| all.extend(more));
    }
    if advantages {
        batch.advantages = batch.claimed.pop();
        let index = batch.claimed.len();
        let values = batch.advantages.iter().flatten();
        if let Some((row, value)) = batch.rows.iter().zip(values).find(|(_, value)| !value.is_finite()) {
            return Err(source.refuse(index, *row, *value, "a finite advantage"));
        }
    }
    Ok(batch)
}
