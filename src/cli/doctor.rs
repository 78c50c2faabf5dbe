//! `logitlab doctor`: how wrong a framework's numbers are, and why.

use std::ops::Range;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::logits::{self, Actions, is_npy, parse_rows};
use super::{Ending, Failure, Progress, paint, print, print_json};
use crate::doctor::{self, Batch, Examination, Exceeded, Report, SNIPPETS, Snippet, StepSize, Threshold};
use crate::formats::Target;
use crate::measure::{Chosen, InputError, Source};
use crate::policy::random::Rng;
use crate::report;
use crate::report::text::Tone;
use crate::text::{did_you_mean, nearest};

const AFTER_HELP: &str = "\
Examples:
  logitlab doctor dump.safetensors                         tensors `logits` and `actions`
  logitlab doctor logits.npy --modes bf16,f32              the most likely action of every row, two precisions
  logitlab doctor dump.safetensors --steps 1e-3            is a step of that size lost in the stored logits?
  logitlab doctor dump.safetensors --fail-on 'bf16/nonpositive>1%' --fail-on 'total>1.1'
  logitlab doctor --metrics                                the metrics that --fail-on knows
  logitlab doctor dump.safetensors --framework jax --json

--fail-on takes a metric, > < >= or <=, and a number. MODE/ before the metric says of which mode; without it that of
the type of the file is meant. A value that is no number passes every threshold.
docs/doctor.md says what to do about each finding.

Exit codes: 0 no threshold was passed, 1 one was, 2 unusable input.";

/// How wrong is my framework's number, and why?
///
/// Training code computes w = |e_c - P|^2 as 1 - 2 P_c + sum pi^2, with sum pi^2 = exp(lse(2z) - 2 lse(z)), in low
/// precision. Every row is computed so in several precisions, one correctly rounded operation after the other, and held
/// against the certified value for the logits as that precision stores them. What is wrong is told worst first, with
/// what to do.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// A .safetensors file, or a .npy file with logits, possibly followed by one with actions
    #[arg(value_name = "FILE", required_unless_present = "metrics", num_args = 1..=2)]
    files: Vec<PathBuf>,

    /// Tensor that holds the logits
    #[arg(long, value_name = "NAME", default_value = "logits")]
    logits: String,

    /// Tensor that holds the chosen actions
    #[arg(long, value_name = "NAME", default_value = "actions")]
    actions: String,

    /// Rows to examine, e.g. 0..100 or 7 [default: all]
    #[arg(long, value_name = "RANGE", value_parser = parse_rows)]
    rows: Option<Range<u64>>,

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

    /// Sizes g of a step g (e_c - P)
    #[arg(long, value_name = "G", value_delimiter = ',', default_values_t = [1.0, 0.1, 0.01], value_parser = parse_finite)]
    steps: Vec<f64>,

    /// What logits are divided by
    #[arg(long, value_name = "T", default_value_t = 1.0, value_parser = parse_temperature)]
    temperature: f64,

    /// End with exit code 1 if a metric passes a limit, such as nonpositive>1%; can be given more than once
    #[arg(long, value_name = "THRESHOLD")]
    fail_on: Vec<Threshold>,

    /// Whose code is shown: torch, jax or numpy
    #[arg(long, value_name = "NAME", default_value = "torch", value_parser = parse_framework)]
    framework: &'static str,

    /// List the metrics and how they are counted
    #[arg(long)]
    metrics: bool,

    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// The document that `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    report: &'a Report,
    failed: &'a [Exceeded],
}

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    if arguments.metrics {
        print(&report::doctor::metrics())?;
        return Ok(Ending::Good);
    }
    let (source, words) = open(arguments)?;
    let rows = logits::rows(&source, &arguments.rows)?;
    let picked = Picked { rows, sample: arguments.sample, seed: arguments.seed };
    let examination = examination(arguments, &source)?;
    let report = examine(&examination, &source, &picked)?;
    let mut failed = Vec::new();
    for threshold in &arguments.fail_on {
        failed.extend(threshold.exceeded(&report).map_err(|error| Failure::Unusable(error.to_string()))?);
    }
    if arguments.json {
        print_json(&Document { report: &report, failed: &failed })?;
    } else {
        let snippet = snippet(arguments.framework).expect("checked where it was read");
        let input = format!("{}; actions: {words}", source.dtype);
        print(&report::doctor::text(&report, &input, snippet, &paint))?;
        print(&failures(&failed, !arguments.fail_on.is_empty()))?;
    }
    Ok(if failed.is_empty() { Ending::Good } else { Ending::Negative })
}

fn failures(failed: &[Exceeded], asked: bool) -> String {
    if failed.is_empty() {
        return if asked { format!("\n{}\n", paint(Tone::Good, "no threshold is passed")) } else { String::new() };
    }
    let line = |one: &Exceeded| {
        let value = one.value.map_or("no finite number".to_string(), |value| value.to_string());
        format!("{} {}: {} is {value}\n", paint(Tone::Bad, "passed"), one.threshold, one.subject)
    };
    "\n".to_string() + &failed.iter().map(line).collect::<String>()
}

fn open(arguments: &Arguments) -> Result<(Source, String), Failure> {
    let (actions, words) = match arguments.files.as_slice() {
        [path] if is_npy(path) => (Actions::Chosen(Chosen::Largest), "that of the largest logit in each row"),
        _ => (Actions::Tensor(&arguments.actions), "from the file"),
    };
    let source = logits::open("doctor", &arguments.files, &arguments.logits, actions)?;
    Ok((source, words.to_string()))
}

fn examination(arguments: &Arguments, source: &Source) -> Result<Examination, Failure> {
    let unusable = |error: String| Failure::Unusable(error);
    let own = doctor::own(source.dtype);
    let modes = doctor::chosen(&arguments.modes, source.dtype).map_err(|error| unusable(error.to_string()))?;
    let stored: Target = doctor::stored(source.dtype).parse().expect("a format of ours");
    Ok(Examination {
        modes,
        own: own.to_string(),
        stored: stored.format,
        steps: arguments.steps.iter().map(|&g| StepSize::Fixed(g)).collect(),
        claimed: Vec::new(),
        digits: 2,
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

fn examine(examination: &Examination, source: &Source, picked: &Picked) -> Result<Report, Failure> {
    let count = picked.count();
    let step = Examination::batch_rows(source.columns) as u64;
    let bar = Progress::new(count, "rows");
    let starts = (0..count).step_by(step as usize);
    let batches = starts.map(|start| read(source, &picked.runs(start..count.min(start + step))));
    let report = doctor::examine(examination, source.columns, batches, &|rows| bar.step(rows));
    bar.finish();
    report.map_err(|error| Failure::Unusable(error.to_string()))
}

fn read(source: &Source, runs: &[(u64, usize)]) -> Result<Batch, InputError> {
    let mut batch = Batch::default();
    for &(start, count) in runs {
        let block = source.read(start, count)?;
        batch.columns = block.columns;
        batch.rows.extend(start..start + count as u64);
        batch.logits.extend(block.logits);
        batch.actions.extend(block.actions);
    }
    Ok(batch)
}

fn snippet(name: &str) -> Option<&'static Snippet> {
    SNIPPETS.iter().find(|snippet| snippet.name == name)
}

fn parse_framework(text: &str) -> Result<&'static str, String> {
    let names = || SNIPPETS.iter().map(|snippet| snippet.name);
    snippet(text).map(|snippet| snippet.name).ok_or_else(|| match nearest(text, names()).as_slice() {
        [] => format!("they are {}", names().collect::<Vec<_>>().join(", ")),
        near => did_you_mean(near),
    })
}

fn parse_finite(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|x: &f64| x.is_finite()).ok_or_else(|| "expected a finite number".to_string())
}

fn parse_temperature(text: &str) -> Result<f64, String> {
    let positive = |x: &f64| x.is_finite() && *x > 0.0;
    text.parse().ok().filter(positive).ok_or_else(|| "expected a number above 0".to_string())
}
