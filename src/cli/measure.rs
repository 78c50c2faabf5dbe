//! `logitlab measure`: rigorous enclosures of what updates of real logits do.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::logits;
use super::output::{Draft, cannot_write};
use super::reported::Reported;
use super::{Ending, Failure, interrupt, once, paint, print, print_json};
use crate::arith::interval::{MAX_BITS, MIN_BITS};
use crate::certified::Given;
use crate::formulas::{Formula, Quantity, formulas};
use crate::measure::{
    self, Enclosed, How, MeasureSummary, MeasureTally, Measured, Modes, Numbers, Precision, Schema, Sink,
};
use crate::report;
use crate::source;
use crate::study::Mode;

const AFTER_HELP: &str = "\
Examples:
  logitlab measure dump.safetensors                          tensors `logits` and `actions`
  logitlab measure dump.safetensors --actions sampled        another choice of actions
  logitlab measure logits.npy actions.npy --summary          a pair of .npy files, only the totals
  logitlab measure dump.safetensors --mask response_mask     rows of the response only
  logitlab measure 'dump-*.safetensors' --out rows.npz       several files as one; every row into a file
  logitlab measure dump.npz --dtype bf16 --action argmax     bfloat16 as numpy stores it
  serve | logitlab measure - --json                          JSON, a row a line
  logitlab measure dump.safetensors --eta 1e-3 --advantages advantages
                                                             what steps do, too
  logitlab measure dump.safetensors --modes bf16,f32 --formulas production,tail --summary
                                                             digits of w that are left
  logitlab measure dump.safetensors --bits 256 --rows 7      all digits of one row

Files are {formats}. Logits have shape [rows, V] or [batch, time, V] and are floats of
64 to 8 bits; actions are integers of the same shape without V and count from 0. A logit of -inf masks its action. Decimals in JSON are strings, rounded outward.

A temperature and a learning rate given as decimals are those decimals: 0.1 is 1/10. What files hold is what they store; a
decimal in JSON lines is the f64 nearest to it. A quantile is the least number that so many rows do not exceed.

Exit codes: 0 done, 2 unusable input, 130 interrupted: what was finished is complete.";

/// Rows that are printed without being asked for.
const FEW: u64 = 50;

/// Enclose what updates of real logits do, row by row
///
/// For each row: P_c of the chosen action, the collision probability C, the squared norm w = |e_c - P|^2, the norm,
/// log P_c, the entropy and more, each as an interval that certainly contains it. The digits shown are certain.
#[derive(Args)]
#[command(after_help = AFTER_HELP.replace("{formats}", &source::format_names()))]
pub struct Arguments {
    /// Files of logits, read as one; of two .npy files, the second holds the actions; - for JSON lines
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Temperature tau: P = softmax(z / tau)
    #[arg(long, value_name = "T", default_value = "1", value_parser = parse_positive)]
    temperature: Given,

    /// Learning rate: also tell what the step g (e_c - P) / tau does, g = eta x advantage [default with advantages: 1]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    eta: Option<Given>,

    /// Tensor or .npy file, shaped as the actions, that holds the advantages [default with --eta: 1 for every row]
    #[arg(long, value_name = "NAME")]
    advantages: Option<String>,

    /// Also tell how many decimal digits of w these precision modes leave, e.g. bf16,fp16 (`logitlab list`)
    #[arg(long, value_name = "MODES", value_delimiter = ',')]
    modes: Vec<String>,

    /// Formulas that are computed in the modes
    #[arg(long, value_name = "FORMULAS", value_delimiter = ',', default_value = "production", requires = "modes")]
    formulas: Vec<String>,

    /// Relative width that an enclosure may have, as a number or as 2^-N
    #[arg(long, value_name = "X", default_value = "2^-40", value_parser = parse_tolerance, conflicts_with = "bits")]
    tolerance: f64,

    /// Compute everything in MPFR at so many bits, and print all digits
    #[arg(long, value_name = "N",
          value_parser = clap::value_parser!(u32).range(MIN_BITS as i64..=MAX_BITS as i64))]
    bits: Option<u32>,

    /// Write every row into a file, in the format of its suffix: .csv, .jsonl, .npz or .parquet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Print the summary only
    #[arg(long)]
    summary: bool,

    /// Print one JSON document a line: every row, or the summary with --summary or --out
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    input: logits::Options,

    #[command(flatten)]
    reported: Reported,
}

impl Arguments {
    fn how(&self) -> How {
        let precision = self.bits.map_or(Precision::Tolerance(self.tolerance), Precision::Bits);
        let eta = self.eta.or(self.advantages.as_ref().map(|_| 1.0.into()));
        How { temperature: self.temperature, precision, eta }
    }
}

/// Where rows go.
enum Destination {
    /// Nowhere: only the summary counts.
    Nowhere,
    /// To standard output, as a table or as JSON lines.
    Printed { json: bool },
    /// Into a file.
    File(Draft, Box<dyn Sink>),
}

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    arguments.reported.check()?;
    // Before anything is written: from here on Ctrl-C leaves what is finished.
    interrupt::watch();
    let how = arguments.how();
    let advantages = arguments.advantages.as_deref();
    let logits::Opened { source, rows, .. } = arguments.input.open(&arguments.files, advantages)?;
    let modes = modes(arguments)?;
    let schema = Schema::new(&how, &modes, &source);
    let asked = rows.end - rows.start;
    let mut destination = destination(arguments, &schema, asked)?;
    if matches!(destination, Destination::Printed { .. }) {
        // What is printed cannot be taken back; a file can, and is not read twice.
        source::check(&source, &rows)?;
    }
    let mut tally = MeasureTally::new(&how, &modes);
    let mut head = true;
    logits::watched(asked, |watch| {
        measure::stream(&source, &how, &modes, rows, watch, |rows| {
            rows.iter().for_each(|row| tally.add(row));
            write(&mut destination, &schema, &how, &rows, &mut head)
        })
    })?;
    let summary = tally.summary(asked);
    let printed = matches!(destination, Destination::Printed { .. });
    if let (Destination::File(draft, sink), Some(path)) = (destination, &arguments.out) {
        let finished = sink.finish().and_then(|()| draft.commit());
        finished.map_err(|error| cannot_write(path, &error))?;
    }
    print_summary(&summary, arguments.json, printed)?;
    let text = || report::measured::summary(&summary, &report::text::plain);
    arguments.reported.write_printed("logitlab measure", text)?;
    Ok(if summary.rows < asked { Ending::Interrupted } else { Ending::Good })
}

/// The formulas in the modes that were asked for.
fn modes(arguments: &Arguments) -> Result<Modes, Failure> {
    let unusable = |error: String| Failure::Unusable(error);
    let mode = |text: &String| Ok((text.clone(), text.parse::<Mode>().map_err(|error| unusable(error.to_string()))?));
    let modes = arguments.modes.iter().map(mode).collect::<Result<Vec<_>, Failure>>()?;
    if modes.is_empty() {
        return Ok(Modes::default());
    }
    once("--modes", &arguments.modes)?;
    once("--formulas", &arguments.formulas)?;
    let formulas = arguments.formulas.iter().map(|name| w_formula(name)).collect::<Result<Vec<_>, Failure>>()?;
    Modes::new(&modes, &formulas, arguments.temperature).map_err(|error| unusable(error.to_string()))
}

/// A formula for w.
fn w_formula(name: &str) -> Result<&'static Formula, Failure> {
    let of_w = || formulas().iter().filter(|formula| formula.quantity == Some(Quantity::SquaredNorm));
    of_w().find(|formula| formula.name == name).ok_or_else(|| {
        let names: Vec<&str> = of_w().map(|formula| formula.name.as_str()).collect();
        Failure::Unusable(format!("--formulas {name}: no such formula for w; they are {}", names.join(", ")))
    })
}

fn destination(arguments: &Arguments, schema: &Schema, asked: u64) -> Result<Destination, Failure> {
    if let Some(path) = &arguments.out {
        let writer = measure::writer(path).map_err(|error| Failure::Unusable(error.to_string()))?;
        let opened = Draft::beside(path).and_then(|(draft, file)| {
            let sink = (writer.open)(file, path, schema.fields())?;
            Ok(Destination::File(draft, sink))
        });
        return opened.map_err(|error| cannot_write(path, &error));
    }
    let wanted = arguments.json || arguments.input.names_rows() || asked <= FEW;
    Ok(match wanted && !arguments.summary {
        true => Destination::Printed { json: arguments.json },
        false => Destination::Nowhere,
    })
}

/// Hands rows on.
fn write(
    destination: &mut Destination,
    schema: &Schema,
    how: &How,
    rows: &[Measured],
    head: &mut bool,
) -> Result<(), Failure> {
    let numbers = || schema.all_numbers(how, rows);
    match destination {
        Destination::Nowhere => Ok(()),
        Destination::Printed { json } => print_rows(schema, &numbers()?, *json, std::mem::take(head)),
        Destination::File(_, sink) => Ok(sink.append(&Enclosed { schema, rows: &numbers()? })?),
    }
}

fn print_rows(schema: &Schema, rows: &[Numbers], json: bool, head: bool) -> Result<(), Failure> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    if head && !json {
        out.write_all(report::measured::head(schema, &paint).as_bytes())?;
    }
    for row in rows {
        let line = if json { measure::line(schema, row) } else { report::measured::row(schema, row) };
        out.write_all(line.as_bytes())?;
    }
    Ok(out.flush()?)
}

#[derive(Serialize)]
struct SummaryDocument<'a> {
    schema: u32,
    #[serde(flatten)]
    summary: &'a MeasureSummary,
}

fn print_summary(summary: &MeasureSummary, json: bool, printed: bool) -> Result<(), Failure> {
    match (json, printed) {
        // The lines of rows are all that a reader of rows expects.
        (true, true) => Ok(()),
        (true, false) => print_json(&SummaryDocument { schema: 2, summary }),
        (false, true) => print(&format!("\n{}", report::measured::brief(summary, &paint))),
        (false, false) => print(&report::measured::summary(summary, &paint)),
    }
}

/// A number such as `0.7`.
fn parse_finite(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if number.is_finite() { Ok(number) } else { Err("expected a finite number".to_string()) }
}

/// A number above 0, as it is given.
pub(super) fn parse_positive(text: &str) -> Result<Given, String> {
    match text.parse::<Given>()? {
        number if number.nearest() > 0.0 => Ok(number),
        _ => Err("expected a number above 0".to_string()),
    }
}

/// `1e-12`, or `2^-40`.
fn parse_tolerance(text: &str) -> Result<f64, String> {
    let power = text.strip_prefix("2^").and_then(|exponent| exponent.parse::<i32>().ok());
    let number = match power {
        Some(exponent) => libm::ldexp(1.0, exponent),
        None => parse_finite(text)?,
    };
    if number > 0.0 && number < 1.0 {
        Ok(number)
    } else {
        Err("expected a width between 0 and 1, such as 1e-12 or 2^-40".to_string())
    }
}
