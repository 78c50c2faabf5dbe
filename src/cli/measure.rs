//! `logitlab measure`: rigorous enclosures of the update norm for real logits.

use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::logits;
use super::{Ending, Failure, Progress, paint};
use crate::arith::interval::{MAX_BITS, MIN_BITS};
use crate::measure::{self, Measurement, Row, Summary, Tally, certain_digits};
use crate::report;
use crate::report::text::Tone;

const AFTER_HELP: &str = "\
Examples:
  logitlab measure dump.safetensors                          tensors `logits` and `actions`
  logitlab measure dump.safetensors --actions sampled        another choice of actions
  logitlab measure logits.npy actions.npy --summary          a pair of .npy files, only the totals
  logitlab measure dump.safetensors --mask response_mask     rows of the response only
  logitlab measure 'dump-*.safetensors'                      several files as one, in natural order
  logitlab measure dump.npz --dtype bf16 --action argmax     bfloat16 as numpy stores it
  serve | logitlab measure - --json                          JSON, a row a line
  logitlab measure dump.safetensors --bits 256 --json        one JSON document a line, for every row

Files are .safetensors, .npy, .npz, .parquet or .jsonl. Logits have shape [rows, V] or [batch, time, V] and are floats of 64 to 8 bits; actions are integers of the same shape
without V and count from 0. A logit of -inf masks its action. Decimals in JSON are strings, rounded outward.

Exit codes: 0 done, 2 unusable input.";

/// Enclose the update norm of real logits, row by row
///
/// For each row: P_c of the chosen action, the collision probability C, the squared norm w = |e_c - P|^2 and the norm,
/// each as an interval that certainly contains it. w is enclosed by the closed form, the direct expansion and the tail
/// form; that they agree is checked, and their intersection is reported. The digits shown are certain.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Files of logits, read as one; of two .npy files, the second holds the actions; - for JSON lines
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Working precision in bits
    #[arg(long, value_name = "N", default_value_t = 128,
          value_parser = clap::value_parser!(u32).range(MIN_BITS as i64..=MAX_BITS as i64))]
    bits: u32,

    /// Print the summary only
    #[arg(long)]
    summary: bool,

    /// Print one JSON document a line: every row, or the summary with --summary
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    input: logits::Options,
}

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let logits::Opened { source, rows, .. } = arguments.input.open(&arguments.files, &[])?;
    let mut out = BufWriter::new(anstream::stdout().lock());
    let bar = Progress::new(rows.end - rows.start, "rows");
    let mut tally = Tally::new(arguments.bits);
    // Above the first row and not before: with unusable input nothing is written.
    let mut head = (!arguments.json && !arguments.summary).then(headings);
    let flow = measure::measure(&source, arguments.bits, rows, |measured| {
        tally.add(&measured);
        bar.step(1);
        let mut write = || {
            if let Some(head) = head.take() {
                writeln!(out, "{head}")?;
            }
            if arguments.summary { Ok(()) } else { write_row(&mut out, &measured, arguments.json) }
        };
        match write() {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    });
    bar.finish();
    match flow.map_err(|error| Failure::Unusable(error.to_string()))? {
        ControlFlow::Break(error) => return Err(Failure::Output(error)),
        ControlFlow::Continue(()) => {}
    }
    write_summary(&mut out, &tally.summary(), arguments)?;
    out.flush()?;
    Ok(Ending::Good)
}

/// How many certain digits are shown on a terminal.
const DIGITS: usize = 12;

fn headings() -> String {
    let head = format!("{:>8} {:>8}  {}", "row", "action", columns(["P_c", "C", "w", "norm"].map(String::from)));
    paint(Tone::Strong, head.trim_end())
}

fn columns(cells: [String; 4]) -> String {
    cells.map(|cell| format!("{cell:<18}")).join(" ")
}

fn write_row(out: &mut impl Write, measured: &Measurement, json: bool) -> std::io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, &Row::from(measured))?;
        return writeln!(out);
    }
    let cells = [&measured.p, &measured.collision, &measured.w, &measured.norm].map(|x| certain_digits(x, DIGITS));
    writeln!(out, "{:>8} {:>8}  {}", measured.row, measured.action, columns(cells).trim_end())
}

#[derive(Serialize)]
struct SummaryDocument<'a> {
    schema: u32,
    #[serde(flatten)]
    summary: &'a Summary,
}

fn write_summary(out: &mut impl Write, summary: &Summary, arguments: &Arguments) -> std::io::Result<()> {
    match (arguments.json, arguments.summary) {
        // The lines of rows are all that a reader of rows expects.
        (true, false) => Ok(()),
        (true, true) => {
            serde_json::to_writer_pretty(&mut *out, &SummaryDocument { schema: 1, summary })?;
            writeln!(out)
        }
        (false, only) => {
            let gap = if only { "" } else { "\n" };
            write!(out, "{gap}{}", report::text::measure(summary, &paint))
        }
    }
}
