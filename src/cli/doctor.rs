//! `logitlab doctor`: how wrong a framework's numbers are, and why.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::logits::{self, Opened, watched};
use super::outcome::{pretty, printed};
use super::{Done, Ending, Failure, Forms, Outcome, options};
use crate::arith::decimal::shortest;
use crate::certified::Given;
use crate::doctor::{
    self, ClaimedKind, DEFAULT_NATS, Examination, Exceeded, Finding, Report, Required, Snippet, StepSize, Threshold,
};
use crate::document::Results;
use crate::report;
use crate::report::text::{Paint, Tone, plain};
use crate::source::{Picked, Source, format_names};
use crate::text::counted;

const AFTER_HELP: &str = "\
Examples:
  logitlab doctor dump.safetensors                         tensors `logits` and `actions`
  logitlab doctor logits.npy --modes bf16-lse,f32          the most likely action of every row, two precisions
  logitlab doctor dump.safetensors --claimed logp=my_logp  certify the numbers of a tensor
  logitlab doctor table.npy --parameters --steps 1e-3      logits that are trained: is a step of that size lost in them?
  logitlab doctor dump.safetensors --fail-on 'bf16-lse/nonpositive>1%' --fail-on 'total>1.1'
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
    #[arg(value_name = "FILE", required_unless_present = "metrics",
          help = format!("Files with logits: {}; of two .npy files the second has the actions", format_names()))]
    files: Vec<PathBuf>,

    #[command(flatten)]
    input: logits::Options,

    /// Examine so many of the rows only, spread over all of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,

    /// Seed of --sample
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// Precisions to emulate, modes as `compare` has them (`logitlab list` names some), P_c by a log-softmax unless
    /// they say otherwise [default: bf16-lse,fp16-lse,f32,bf16-eager,bf16-stored; f64, too, for logits in f64]
    #[arg(long, value_name = "MODES", value_delimiter = ',')]
    modes: Vec<String>,

    /// The logits are parameters, as of a table or a bandit, and not what a network puts out: ask also whether a step
    /// moves them as they are stored
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

    /// Your framework's own numbers, certified: KIND is w, logp, sum_pi_squared, entropy, p, norm or sum_p;
    /// can be given more than once
    #[arg(long, value_name = "KIND=NAME", value_parser = options::claimed)]
    claimed: Vec<(ClaimedKind, String)>,

    /// How many digits of a claimed number must be right [default: 2]; of log P_c and entropies only where given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=15))]
    digits: Option<u32>,

    /// By how many nats a claimed log P_c or entropy may be off: exp(difference) is what is used, and 1e-3 is 0.1 % of
    /// a ratio
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
    let claimed: Vec<&str> = arguments.claimed.iter().map(|(_, name)| name.as_str()).collect();
    let advantages = arguments.advantages.as_deref();
    let Opened { source, rows, actions } =
        arguments.input.open_without_actions(&arguments.files, advantages, &claimed)?;
    let picked = match arguments.sample {
        Some(sample) => Picked::sample(rows, sample, arguments.seed),
        None => rows.into(),
    };
    let examination = examination(arguments, &source)?;
    let asked = picked.count();
    let report = watched(asked, |watch| doctor::examine(&examination, &source, &picked, watch))?;
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

fn examination(arguments: &Arguments, source: &Source) -> Result<Examination, Failure> {
    Ok(Examination {
        steps: match arguments.eta {
            _ if !arguments.parameters => Vec::new(),
            None => arguments.steps.iter().map(|&g| StepSize::Fixed(g)).collect(),
            Some(eta) => vec![StepSize::PerRow { eta }],
        },
        claimed: arguments.claimed.iter().map(|(kind, name)| (name.clone(), *kind)).collect(),
        required: Required { digits: arguments.digits, nats: arguments.nats },
        ..Examination::of(source, &arguments.modes, arguments.temperature)?
    })
}
