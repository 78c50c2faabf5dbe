//! `logitlab diff`: how far two engines' distributions are apart.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::diff_input::{self, Dump};
use super::logits::{Options, watched};
use super::reported::Reported;
use super::{Ending, Failure, output, paint, print, print_json, table};
use crate::arith::Truth;
use crate::certified::Given;
use crate::diff::findings::{Finding, findings, plain};
use crate::diff::quantity::QUANTITIES;
use crate::diff::stream::{Compared, Pair};
use crate::diff::summary::{DiffSummary, DiffTally, Limits};
use crate::diff::{Hypothesis, Settings, Temperatures, Top, metrics};
use crate::formats::Format;
use crate::report;
use crate::report::text::Tone;
use crate::source::format_names;
use crate::stats::limit::MetricLimit;
use crate::stats::spread::Between;
use crate::text::counted;
use logitlab_words::Unknown;

const AFTER_HELP: &str = "\
Examples:
  logitlab diff rollout.safetensors trainer.safetensors      tensors `logits` and `actions` of both
  logitlab diff a.safetensors b.safetensors --json           one JSON document
  logitlab diff a.npy b.npy --actions actions.npy            .npy files hold one array each
  logitlab diff a.safetensors b.safetensors --action argmax  no actions: the most likely of A
  logitlab diff a.st b.st --formats bf16,f32 --ulps 2        what 2 units of the last place could explain
  logitlab diff a.st b.st --temperature 0.7,1                divide A's logits by 0.7, B's are divided already
  logitlab diff a.st b.st --out rows.jsonl                   every row, one JSON document a line
  logitlab diff a.st b.st --fail-on 'outside_band>1%'        exit code 1 if that is so, or cannot be ruled out
  logitlab diff --metrics                                    the names that --fail-on knows

A is the side that sampled (rollout), B the one that trains: ratio = P_B / P_A, KL(A || B) = sum P_A log(P_A / P_B).
Quantiles cover all rows: the least number that so many rows do not exceed.

Exit codes: 0 done, 1 a threshold of --fail-on is passed, 2 unusable input or dumps that cannot be compared, 130 interrupted.";

/// Compare two engines' distributions over the whole vocabulary
///
/// Two dumps of logits of the same positions. For each row: both KL divergences, total variation, chi-squared both ways
/// and Jensen-Shannon over all actions, and the importance ratio of the chosen one, each enclosed with proved bounds;
/// and whether rounding of logits can have made the difference. The summary shows quantiles and worst rows, never a mean
/// alone.
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
    input: Options,

    /// Tensor or .npy file of advantages, one for each row, with A: a clip then depends on their signs
    #[arg(long, value_name = "NAME")]
    advantages: Option<String>,

    /// What the stored logits are divided by, as the nearest f64: of both, or A's and B's [default: 1, refused where the files
    /// say otherwise]
    #[arg(long, value_name = "T|A,B", value_parser = parse_temperatures)]
    temperature: Option<Temperatures>,

    /// Formats that the logits were rounded to: of both, or A's and B's [default: as stored]
    #[arg(long, value_name = "F|A,B", value_parser = parse_formats)]
    formats: Option<[Format; 2]>,

    /// How far a logit may be from the true one, in units of the last place of its format
    #[arg(long, value_name = "N", default_value_t = 0.5, value_parser = parse_ulps)]
    ulps: f64,

    /// The epsilon of a PPO clip
    #[arg(long, value_name = "EPSILON", default_value_t = 0.2, value_parser = parse_clip)]
    clip: f64,

    /// The band that ratios should stay in
    #[arg(long, value_name = "LOW,HIGH", default_value = "0.9,1.1", value_parser = parse_band)]
    band: Band,

    /// Compare dumps that mask different actions throughout, as after top-k on one side
    #[arg(long)]
    accept_masks: bool,

    /// Write every row to a file, one JSON document a line; it is there once the run is complete
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// End with exit code 1 if a metric is above or below a limit, e.g. 'tv/p99>0.01'; may be repeated
    #[arg(long, value_name = "METRIC>LIMIT")]
    fail_on: Vec<MetricLimit>,

    /// List the metrics
    #[arg(long)]
    metrics: bool,

    /// Print one JSON document
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    reported: Reported,
}

#[derive(Clone, Copy)]
struct Band([f64; 2]);

/// One number or two, separated by a comma.
fn pair<T: Copy>(text: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<[T; 2], String> {
    match text.split_once(',') {
        Some((a, b)) => Ok([one(a.trim())?, one(b.trim())?]),
        None => one(text.trim()).map(|both| [both; 2]),
    }
}

fn positive(text: &str) -> Result<f64, String> {
    let is_positive = |x: &f64| *x > 0.0 && x.is_finite();
    text.parse().ok().filter(is_positive).ok_or_else(|| format!("`{text}` is no positive number"))
}

fn parse_temperatures(text: &str) -> Result<Temperatures, String> {
    pair(text, positive).map(|[a, b]| Temperatures { a, b })
}

fn parse_formats(text: &str) -> Result<[Format; 2], String> {
    pair(text, |name| {
        let format: Format = name.parse().map_err(|error| format!("{error}"))?;
        let fits = format.precision <= 53 && format.exponent_bits <= 11;
        if fits { Ok(format) } else { Err(format!("{name} is wider than f64, which no logits are stored in")) }
    })
}

fn parse_ulps(text: &str) -> Result<f64, String> {
    let fits = |x: &f64| (0.0..=1e6).contains(x);
    text.parse().ok().filter(fits).ok_or_else(|| format!("`{text}` is no number from 0 to 1e6"))
}

fn parse_clip(text: &str) -> Result<f64, String> {
    positive(text).ok().filter(|x| *x < 1.0).ok_or_else(|| format!("`{text}` is no number between 0 and 1"))
}

fn parse_band(text: &str) -> Result<Band, String> {
    let [low, high] = pair(text, positive)?;
    if low < high { Ok(Band([low, high])) } else { Err("the band needs its lower end first".to_string()) }
}

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    if arguments.metrics {
        print(&list_of_metrics())?;
        return Ok(Ending::Good);
    }
    arguments.reported.check()?;
    check_thresholds(&arguments.fail_on)?;
    let (Some(a), Some(b)) = (&arguments.a, &arguments.b) else {
        return Err(Failure::Unusable("diff compares two files".to_string()));
    };
    let dump = diff_input::open([a, b], &arguments.input, arguments.advantages.as_deref(), arguments.temperature)?;
    let formats = arguments.formats.unwrap_or(dump.formats);
    let settings = Settings {
        temperatures: dump.temperatures,
        hypothesis: Hypothesis { a: formats[0], b: formats[1], ulps: arguments.ulps },
    };
    let limits = Limits { band: arguments.band.0, clip: arguments.clip };
    let (summary, complete) = compare(arguments, &dump, &settings, limits)?;
    let ending = verdict(&arguments.fail_on, &summary)?;
    let subject = subject(&dump, &settings, &summary);
    let note = if complete { "" } else { "\nStopped early: this is about the rows that were finished.\n" };
    if arguments.json {
        print_json(&Document {
            schema: 1,
            a: &subject.a,
            b: &subject.b,
            temperatures: [settings.temperatures.a, settings.temperatures.b],
            formats: formats.map(|format| format.to_string()),
            ulps: arguments.ulps,
            complete,
            findings: findings(&summary),
            frameworks: metrics::FRAMEWORKS
                .iter()
                .filter_map(|named| Some((named.name, (named.of)(&summary)?)))
                .collect(),
            summary: &summary,
        })?;
    } else {
        print(&format!("{}{note}", report::diff::text(&subject, &summary, &paint)))?;
    }
    let text = || format!("{}{note}", report::diff::text(&subject, &summary, &report::text::plain));
    arguments.reported.write_printed("logitlab diff", text)?;
    for (threshold, value, passed) in &ending {
        let says = match passed {
            Truth::True => "passed",
            _ => "not ruled out",
        };
        _ = writeln!(anstream::stderr(), "{} {threshold}: it is {}", paint(Tone::Bad, says), plain(*value));
    }
    Ok(match ending.is_empty() {
        _ if !complete => Ending::Interrupted,
        true => Ending::Good,
        false => Ending::Negative,
    })
}

/// The metrics that `--fail-on` knows, and what training frameworks call them.
fn list_of_metrics() -> String {
    let line = |cells: [&str; 3]| cells.map(String::from).to_vec();
    let heads = line(["metric", "what", "in training frameworks, A having sampled"]);
    let mut shares = vec![heads.clone()];
    shares.extend(metrics::SHARES.iter().map(|share| line([share.name, share.title, share.frameworks])));
    let mut quantities = vec![heads];
    quantities.extend(QUANTITIES.iter().map(|quantity| line([quantity.name, quantity.title, quantity.frameworks])));
    let statistics: Vec<&str> = metrics::STATISTICS.iter().map(|one| one.name).collect();
    format!(
        "{}\n\n{}\n{}\n\n{}",
        paint(Tone::Strong, "Shares of rows, 0 to 1"),
        table(&shares),
        paint(Tone::Strong, &format!("Quantities, each with /{}", statistics.join(", /"))),
        table(&quantities)
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
    let Some(threshold) = thresholds.iter().find(|threshold| !known.contains(&threshold.metric)) else { return Ok(()) };
    let name = &threshold.metric;
    let known = known.iter().map(String::as_str);
    let hint = Unknown::new("metric", name, known, "`logitlab diff --metrics` lists them").hint();
    Err(Failure::Unusable(format!("--fail-on: there is no metric `{name}`; {hint}")))
}

/// The thresholds that are passed, or may be.
fn verdict<'a>(
    thresholds: &'a [MetricLimit],
    summary: &DiffSummary,
) -> Result<Vec<(&'a MetricLimit, Between, Truth)>, Failure> {
    let mut passed = Vec::new();
    for threshold in thresholds {
        let value = metrics::value(summary, &threshold.metric).ok_or_else(|| {
            let why = "has no value: no row has that number";
            Failure::Unusable(format!("--fail-on: {} {why}", threshold.metric))
        })?;
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
    let mut lines = arguments.out.as_deref().map(Lines::create).transpose()?;
    let mut tally = DiffTally::new(limits, arguments.advantages.is_some());
    let complete = watched(rows.end - rows.start, |watch| {
        pair.compare(settings, &limits.all(), rows, watch, |compared| {
            tally.add(compared.row, compared.action, compared.advantage, &compared.comparison);
            lines.as_mut().map_or(Ok(()), |lines| lines.write(&compared))
        })
    })?;
    if let Some(lines) = lines {
        lines.finish()?;
    }
    let summary = tally.summary();
    if summary.rows == 0 {
        let why = if complete { "no rows are left to compare" } else { "stopped before the first row was finished" };
        return Err(Failure::Unusable(why.to_string()));
    }
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
    let units = if *ulps == 0.5 { "half a unit".to_string() } else { format!("{ulps} units") };
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

/// Rows as lines of JSON, in a file that takes its name once it is complete.
struct Lines {
    file: BufWriter<fs::File>,
    draft: output::Draft,
    path: PathBuf,
}

#[derive(Serialize)]
struct Line<'a> {
    row: u64,
    action: usize,
    #[serde(flatten)]
    numbers: serde_json::Map<String, serde_json::Value>,
    p_a: Between,
    p_b: Between,
    top1: &'a str,
    masked_by_a: u64,
    masked_by_b: u64,
    /// Whether rounding of shared logits can have made the row.
    consistent: bool,
    logits_beyond: u64,
    /// The largest |log P_B - log P_A| of the action that rounding could make.
    delta_bound: Option<Between>,
}

impl Lines {
    fn create(path: &Path) -> Result<Lines, Failure> {
        let (draft, file) = output::Draft::beside(path).map_err(|error| output::cannot_write(path, &error))?;
        Ok(Lines { file: BufWriter::new(file), draft, path: path.to_owned() })
    }

    fn write(&mut self, compared: &Compared) -> Result<(), Failure> {
        let Compared { row, action, comparison, .. } = compared;
        let mut numbers = serde_json::Map::new();
        for quantity in QUANTITIES.iter().filter(|quantity| quantity.shown) {
            let value = (quantity.of)(comparison).map(Between::from);
            let value = serde_json::to_value(value).map_err(|error| Failure::Output(error.into()))?;
            numbers.insert(quantity.name.to_string(), value);
        }
        let chosen = &comparison.distances.chosen;
        let line = Line {
            row: *row,
            action: *action,
            numbers,
            p_a: chosen.p.into(),
            p_b: chosen.q.into(),
            top1: match comparison.top {
                Top::Same => "same",
                Top::Tie => "tie",
                Top::Differs => "differs",
            },
            masked_by_a: comparison.masks.by_a,
            masked_by_b: comparison.masks.by_b,
            consistent: comparison.explanation.consistent,
            logits_beyond: comparison.explanation.beyond,
            delta_bound: comparison.explanation.bounds.map(|bounds| Between { lo: 0.0, hi: bounds.delta }),
        };
        serde_json::to_writer(&mut self.file, &line).map_err(|error| Failure::Output(error.into()))?;
        self.file.write_all(b"\n")?;
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        let written = self.file.into_inner().map_err(|error| error.into_error()).and_then(|_| self.draft.commit());
        written.map_err(|error| output::cannot_write(&self.path, &error))
    }
}
