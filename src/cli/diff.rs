//! `logitlab diff`: how far two engines' distributions are apart.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::diff_input::{self, Dump};
use super::diff_table::{self, Row};
use super::logits::{self, watched};
use super::options::{self, Band, Listed, named};
use super::outcome::pretty;
use super::rows::Table;
use super::{Done, Ending, Failure, Forms, Outcome, paint};
use crate::arith::Truth;
use crate::certified::Given;
use crate::diff::findings::{Finding, findings, plain};
use crate::diff::quantity::QUANTITIES;
use crate::diff::stream::Pair;
use crate::diff::summary::{DiffSummary, DiffTally, Limits};
use crate::diff::{Hypothesis, ONE_ROUNDING, Settings, Temperatures, metrics};
use crate::formats::Format;
use crate::report;
use crate::report::table::list;
use crate::report::text::{Paint, Tone};
use crate::source::format_names;
use crate::stats::limit::MetricLimit;
use crate::stats::spread::Between;
use crate::text::counted;

const AFTER_HELP: &str = "\
Examples:
  logitlab diff rollout.safetensors trainer.safetensors      tensors `logits` and `actions` of both
  logitlab diff a.safetensors b.safetensors --json           one JSON document
  logitlab diff a.npy b.npy --actions actions.npy            .npy files hold one array each
  logitlab diff a.safetensors b.safetensors --action argmax  no actions: the most likely of A
  logitlab diff a.st b.st --formats bf16,f32 --ulps 2        what 2 units of the last place could explain
  logitlab diff a.st b.st --temperature 0.7,1                divide A's logits by 0.7, B's are divided already
  logitlab diff a.st b.st --out rows.parquet                 every row, columns by name (.csv, .jsonl, .npz)
  logitlab diff a.st b.st --fail-on 'outside_band>1%'        exit code 1 if that is so, or cannot be ruled out
  logitlab diff --metrics                                    the names that --fail-on knows

A is the side that sampled (rollout), B the one that trains: ratio = P_B / P_A, KL(A || B) = sum P_A log(P_A / P_B).
Quantiles cover all rows: the least number that so many rows do not exceed.

Exit codes: 0 done, 1 a threshold of --fail-on is passed, 2 unusable input or dumps that cannot be compared, 130 interrupted.";

/// Compare two engines' distributions over the whole vocabulary
///
/// Two dumps of logits of the same positions. For each row: both KL divergences, total variation, chi-squared both ways
/// and Jensen-Shannon over all actions, and the importance ratio of the chosen one, each enclosed with proved bounds;
/// and whether rounding of logits can have made the difference. The summary shows quantiles and worst rows, never a
/// mean alone.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    #[arg(value_name = "A", required_unless_present = "metrics",
          help = format!("The dump of the side that sampled: {}", format_names()))]
    a: Option<PathBuf>,

    /// The dump of the other side
    #[arg(value_name = "B", required_unless_present = "metrics")]
    b: Option<PathBuf>,

    #[command(flatten)]
    input: logits::Options,

    /// Tensor or .npy file of advantages, one for each row, with A: a clip then depends on their signs
    #[arg(long, value_name = "NAME")]
    advantages: Option<String>,

    /// What the stored logits are divided by, as the nearest f64: of both, or A's and B's [default: 1, refused where
    /// the files say otherwise]
    #[arg(long, value_name = "T|A,B", value_parser = options::temperatures)]
    temperature: Option<Temperatures>,

    /// Formats that the logits were rounded to: of both, or A's and B's [default: as stored]
    #[arg(long, value_name = "F|A,B", value_parser = options::stored_formats)]
    formats: Option<[Format; 2]>,

    /// How far a logit may be from the true one, in units of the last place of its format
    #[arg(long, value_name = "N", default_value_t = ONE_ROUNDING, value_parser = options::ulps)]
    ulps: f64,

    /// The epsilon of a PPO clip
    #[arg(long, value_name = "EPSILON", default_value_t = Limits::default().clip, value_parser = options::clip)]
    clip: f64,

    /// The band that ratios should stay in
    #[arg(long, value_name = "LOW,HIGH", default_value_t = Band(Limits::default().band), value_parser = options::band)]
    band: Band,

    /// Compare dumps that mask different actions throughout, as after top-k on one side
    #[arg(long)]
    accept_masks: bool,

    /// Write every row into a file, in the format of its suffix: .csv, .jsonl, .npz or .parquet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// End with exit code 1 if a metric is above or below a limit, e.g. 'tv/p99>0.01'; may be repeated
    #[arg(long, value_name = "METRIC>LIMIT")]
    fail_on: Vec<MetricLimit>,

    /// List the metrics
    #[arg(long)]
    metrics: bool,

    #[command(flatten)]
    forms: Forms,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    if arguments.metrics {
        return Ok(Done::new(list_of_metrics));
    }
    arguments.forms.reported.check()?;
    check_thresholds(&arguments.fail_on)?;
    let (Some(a), Some(b)) = (&arguments.a, &arguments.b) else { return Err("diff compares two files".into()) };
    let dump = diff_input::open([a, b], &arguments.input, arguments.advantages.as_deref(), arguments.temperature)?;
    let formats = arguments.formats.unwrap_or(dump.formats);
    let settings = Settings {
        temperatures: dump.temperatures,
        hypothesis: Hypothesis { a: formats[0], b: formats[1], ulps: arguments.ulps },
    };
    let limits = Limits { band: arguments.band.0, clip: arguments.clip };
    let (summary, complete) = compare(arguments, &dump, &settings, limits)?;
    let passed = verdict(&arguments.fail_on, &summary)?;
    let subject = subject(&dump, &settings, &summary);
    let done = Done::new(Apart { subject, settings, summary, complete, passed });
    Ok(done.forms(&arguments.forms, "logitlab diff"))
}

/// How far two dumps are apart.
struct Apart<'a> {
    subject: report::diff::Subject,
    settings: Settings,
    summary: DiffSummary,
    /// Whether all rows that were asked for are in it.
    complete: bool,
    /// The thresholds that are passed, or may be.
    passed: Vec<(&'a MetricLimit, Between, Truth)>,
}

impl Outcome for Apart<'_> {
    fn text(&self, paint: Paint<'_>) -> String {
        let note = if self.complete { "" } else { "\nStopped early: this is about the rows that were finished.\n" };
        report::diff::text(&self.subject, &self.summary, paint) + note
    }

    fn json(&self) -> Result<String, Failure> {
        let Settings { temperatures, hypothesis } = &self.settings;
        let frameworks = metrics::FRAMEWORKS.iter();
        pretty(&Document {
            schema: 1,
            a: &self.subject.a,
            b: &self.subject.b,
            temperatures: [temperatures.a, temperatures.b],
            formats: [hypothesis.a, hypothesis.b].map(|format| format.to_string()),
            ulps: hypothesis.ulps,
            complete: self.complete,
            findings: findings(&self.summary),
            frameworks: frameworks.filter_map(|named| Some((named.name, (named.of)(&self.summary)?))).collect(),
            summary: &self.summary,
        })
    }

    fn ending(&self) -> Ending {
        Ending::of(self.complete, self.passed.is_empty())
    }

    fn notes(&self) -> String {
        let line = |(threshold, value, passed): &(&MetricLimit, Between, Truth)| {
            let says = if *passed == Truth::True { "passed" } else { "not ruled out" };
            format!("{} {threshold}: it is {}\n", paint(Tone::Bad, says), plain(*value))
        };
        self.passed.iter().map(line).collect()
    }
}

/// The metrics that `--fail-on` knows, and what training frameworks call them.
fn list_of_metrics(paint: Paint<'_>) -> String {
    let line = |cells: [&str; 3]| cells.map(String::from).to_vec();
    let heads = line(["metric", "what", "in training frameworks, A having sampled"]);
    let mut shares = vec![heads.clone()];
    shares.extend(metrics::SHARES.iter().map(|share| line([share.name, share.title, share.frameworks])));
    let mut quantities = vec![heads];
    quantities.extend(QUANTITIES.iter().map(|quantity| line([quantity.name, quantity.title, quantity.frameworks])));
    let statistics: Vec<&str> = metrics::STATISTICS.iter().map(|one| one.name).collect();
    format!(
        "{}\n\n{}\n{}\n\n{}",
        paint.mark(Tone::Strong, "Shares of rows, 0 to 1"),
        list(&shares, 0, paint),
        paint.mark(Tone::Strong, &format!("Quantities, each with /{}", statistics.join(", /"))),
        list(&quantities, 0, paint)
    )
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    a: &'a str,
    b: &'a str,
    temperatures: [f64; 2],
    formats: [String; 2],
    ulps: f64,
    /// Whether all rows that were asked for are in it.
    complete: bool,
    findings: Vec<Finding>,
    /// As training frameworks log it.
    frameworks: BTreeMap<&'static str, Between>,
    #[serde(flatten)]
    summary: &'a DiffSummary,
}

fn check_thresholds(thresholds: &[MetricLimit]) -> Result<(), Failure> {
    let known: Vec<String> = metrics::names().collect();
    let lookup = |threshold: &MetricLimit| {
        let table = known.iter().map(|name| (name.as_str(), ()));
        let listed = Listed::By("`logitlab diff --metrics` lists them");
        named("metric", &threshold.metric, table, listed).map_err(|failure| format!("--fail-on: {failure}").into())
    };
    thresholds.iter().try_for_each(lookup)
}

/// The thresholds that are passed, or may be.
fn verdict<'a>(
    thresholds: &'a [MetricLimit],
    summary: &DiffSummary,
) -> Result<Vec<(&'a MetricLimit, Between, Truth)>, Failure> {
    let mut passed = Vec::new();
    for threshold in thresholds {
        let value = metrics::value(summary, &threshold.metric)
            .ok_or_else(|| format!("--fail-on: {} has no value: no row has that number", threshold.metric))?;
        let is = threshold.is_passed(value.lo, value.hi);
        if is != Truth::False {
            passed.push((threshold, value, is));
        }
    }
    Ok(passed)
}

/// Compares all rows; whether none was left out because of Ctrl-C.
fn compare(
    arguments: &Arguments,
    dump: &Dump,
    settings: &Settings,
    limits: Limits,
) -> Result<(DiffSummary, bool), Failure> {
    let pair = Pair {
        a: &dump.a,
        b: &dump.b,
        labels: dump.labels.clone(),
        check_actions: dump.check_actions,
        accept_masks: arguments.accept_masks,
    };
    pair.check_shapes()?;
    let rows = dump.rows.clone();
    let mut table = arguments.out.as_deref().map(|path| Table::open(path, diff_table::fields())).transpose()?;
    let mut tally = DiffTally::new(limits, arguments.advantages.is_some());
    let complete = watched(rows.end - rows.start, |watch| {
        pair.compare(settings, &limits.all(), rows, watch, |compared| -> Result<(), Failure> {
            tally.add(compared.row, compared.action, compared.advantage, &compared.comparison);
            Ok(table.as_mut().map_or(Ok(()), |table| table.append(&Row(&compared)))?)
        })
    })?;
    let summary = tally.summary();
    if summary.rows == 0 {
        let why = if complete { "no rows are left to compare" } else { "stopped before the first row was finished" };
        return Err(why.into());
    }
    table.map_or(Ok(()), Table::finish)?;
    Ok((summary, complete))
}

fn subject(dump: &Dump, settings: &Settings, summary: &DiffSummary) -> report::diff::Subject {
    let Settings { temperatures, hypothesis } = settings;
    let Hypothesis { a, b, ulps } = hypothesis;
    // Decimals that are no f64 are taken for the nearest.
    let named = |x: f64| match x.to_string().parse::<Given>() {
        Ok(given) if !given.is_float() => format!("{x} (the f64 nearest to it)"),
        _ => x.to_string(),
    };
    let temperature = if temperatures.a == temperatures.b {
        format!("temperature {}", named(temperatures.a))
    } else {
        format!("temperatures {} and {}", named(temperatures.a), named(temperatures.b))
    };
    let (rows, logits) = (counted(summary.rows, "row"), counted(dump.a.columns, "logit"));
    let rows = format!("{rows} of {logits}, {temperature}; actions: {}", dump.actions);
    let units = if *ulps == ONE_ROUNDING { "half a unit".to_string() } else { format!("{ulps} units") };
    let mut lines = vec![rows];
    lines.extend(dump.notes.iter().cloned());
    report::diff::Subject {
        a: format!("{} ({})", dump.labels.a, dump.a.dtype),
        b: format!("{} ({})", dump.labels.b, dump.b.dtype),
        lines,
        hypothesis: format!(
            "Hypothesis: both sides have the same logits, up to one number for each row; A's are within {units} of the last \
             place of {a}, B's of {b}."
        ),
    }
}
