//! `logitlab measure`: rigorous enclosures of what updates of real logits do.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::options::{self, once};
use super::outcome::{pretty, printed};
use super::reported::Reported;
use super::rows::{Destination, Shown};
use super::terminal::Terminal;
use super::{Done, Ending, Failure, Outcome, interrupt, logits};
use crate::certified::Given;
use crate::document::Results;
use crate::measure::{self, Enclosed, How, MeasureSummary, MeasureTally, Modes, Numbers, Precision, Schema};
use crate::report;
use crate::report::text::{Paint, plain};
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
    #[arg(long, value_name = "T", default_value = "1", value_parser = options::positive_as_given)]
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
    #[arg(long, value_name = "X", default_value = "2^-40", value_parser = options::tolerance, conflicts_with = "bits")]
    tolerance: f64,

    /// Compute everything in MPFR at so many bits, and print all digits
    #[arg(long, value_name = "N", value_parser = options::bits())]
    bits: Option<u32>,

    #[command(flatten)]
    shown: Shown,

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

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    arguments.reported.check()?;
    // Before anything is written: from here on Ctrl-C leaves what is finished.
    interrupt::watch();
    let how = arguments.how();
    let advantages = arguments.advantages.as_deref();
    let logits::Opened { source, rows, .. } = arguments.input.open(&arguments.files, advantages)?;
    let modes = modes(arguments)?;
    let schema = Schema::new(&how, &modes, &source);
    let (asked, json) = (rows.end - rows.start, arguments.shown.json);
    let mut destination = arguments.shown.destination(schema.fields(), asked, arguments.input.names_rows())?;
    let is_printed = destination.is_printed();
    if is_printed {
        // What is printed cannot be taken back; a file can, and is not read twice.
        source::check(&source, &rows)?;
    }
    let mut tally = MeasureTally::new(&how, &modes);
    let mut head = !json;
    logits::watched_beside(asked, |watch, bar| {
        measure::stream(&source, &how, &modes, rows, watch, |rows| -> Result<(), Failure> {
            rows.iter().for_each(|row| tally.add(row));
            let numbers = || schema.all_numbers(&how, &rows);
            match &mut destination {
                Destination::Nowhere => Ok(()),
                Destination::Printed => {
                    let numbers = numbers()?;
                    bar.beside(|| print_rows(&schema, &numbers, json, std::mem::take(&mut head)))
                }
                Destination::File(table) => Ok(table.append(&Enclosed { schema: &schema, rows: &numbers()? })?),
            }
        })
    })?;
    destination.finish()?;
    let measured = Measured { summary: tally.summary(asked), is_printed };
    Ok(Done::new(measured).json(json).report(&arguments.reported, "logitlab measure"))
}

/// What rows came to that were printed or not.
struct Measured {
    summary: MeasureSummary,
    is_printed: bool,
}

#[derive(Serialize)]
struct SummaryDocument<'a> {
    schema: u32,
    #[serde(flatten)]
    summary: &'a MeasureSummary,
}

impl Outcome for Measured {
    fn text(&self, paint: Paint<'_>) -> String {
        match self.is_printed {
            true => format!("\n{}", report::measured::brief(&self.summary, paint)),
            false => report::measured::summary(&self.summary, paint),
        }
    }

    fn json(&self) -> Result<String, Failure> {
        // The lines of rows are all that a reader of rows expects.
        if self.is_printed { Ok(String::new()) } else { pretty(&SummaryDocument { schema: 2, summary: &self.summary }) }
    }

    fn ending(&self) -> Ending {
        Ending::of(self.summary.rows == self.summary.asked, true)
    }

    fn results(&self, title: &str) -> Results<'_> {
        printed(title, report::measured::summary(&self.summary, &plain))
    }
}

/// The formulas in the modes that were asked for.
fn modes(arguments: &Arguments) -> Result<Modes, Failure> {
    let mode = |text: &String| Ok((text.clone(), text.parse::<Mode>()?));
    let modes = arguments.modes.iter().map(mode).collect::<Result<Vec<_>, Failure>>()?;
    if modes.is_empty() {
        return Ok(Modes::default());
    }
    once("--modes", &arguments.modes)?;
    once("--formulas", &arguments.formulas)?;
    let formulas = arguments.formulas.iter().map(|name| options::w_formula(name)).collect::<Result<Vec<_>, _>>()?;
    Ok(Modes::new(&modes, &formulas, arguments.temperature)?)
}

fn print_rows(schema: &Schema, rows: &[Numbers], json: bool, head: bool) -> Result<(), Failure> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    let terminal = Terminal::output();
    if head {
        out.write_all(report::measured::head(schema, &terminal).as_bytes())?;
    }
    for row in rows {
        let line = if json { measure::line(schema, row) } else { report::measured::row(schema, row, &terminal) };
        out.write_all(line.as_bytes())?;
    }
    Ok(out.flush()?)
}
