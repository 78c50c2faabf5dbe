//! `logitlab partial`: what follows from the log-probabilities that serving engines hand out.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Ending, Failure, Progress, interrupt, paint, print, print_json, table};
use crate::measure::partial::{PartialEnclosures, PartialError, enclose_unplaced, sampled};
use crate::measure::{Actions, Block, Chosen, Dtype, Request, Source, at_most, certain_digits, decimals, ends};
use crate::parallel::in_order;
use crate::report::text::Tone;
use crate::text::{counted, percent};

const AFTER_HELP: &str = "\
Examples:
  logitlab partial rollout.jsonl --vocabulary 50257          {\"top_logprobs\": [-0.1, -2.5], \"logprobs\": -0.1} a line
  logitlab partial rollout.npz --vocabulary 151936 --summary
  logitlab partial rollout.parquet --top top5 --logprob sampled --vocabulary 50257 --json
  logitlab partial rollout.npz --top logprobs --sampled --vocabulary 50257
                                                             that of the sampled token alone, shape [rows, 1]

A row has the k largest log-probabilities (natural logarithms, -inf or null for 0) and that of the chosen token, which may
be one of them. The rest of the vocabulary has what is left, of which only the size is known: [a, b] is what every
distribution that agrees shares (claims tail-bound and two-sided).

Exit codes: 0 done, 2 unusable input, 130 interrupted: what was printed is complete.";

/// Rows that are printed without being asked for.
const FEW: u64 = 50;

/// Enclose updates from top-k or sampled log-probabilities, where logits are not to be had
///
/// For each row: P_c of the chosen action, the mass of the actions that are not given, the collision probability C, the
/// squared norm w = |e_c - P|^2 and the norm, each as an interval that contains it whatever the rest of the distribution.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Files of log-probabilities: .safetensors, .npy, .npz, .parquet or .jsonl; - for JSON lines
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// How many actions there are in all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    vocabulary: u64,

    /// Tensor of the largest log-probabilities, [rows, k] or [batch, time, k]
    #[arg(long, value_name = "NAME", default_value = "top_logprobs")]
    top: String,

    /// Tensor or .npy file of the chosen action's log-probability, shaped as the others without k
    #[arg(long, value_name = "NAME", default_value = "logprobs")]
    logprob: String,

    /// --top has k = 1, and it is the chosen action's log-probability rather than the largest
    #[arg(long, conflicts_with = "logprob")]
    sampled: bool,

    /// How far a log-probability may be from the true one [default: half a unit of its last place in the file's type]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    slack: Option<f64>,

    /// Tensor or .npy file that is 0 where a row is left out and 1 where it stays
    #[arg(long, value_name = "NAME")]
    mask: Option<String>,

    /// What 8 or 16 bits without a type mean, as .npy has no bfloat16: bf16, f16, f8_e4m3, f8_e5m2
    #[arg(long, value_name = "TYPE")]
    dtype: Option<Dtype>,

    /// Print the summary only
    #[arg(long)]
    summary: bool,

    /// Print one JSON document a line: every row, or the summary with --summary
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    interrupt::watch();
    let source = open(arguments)?;
    let rows = !arguments.summary && (arguments.json || source.rows <= FEW);
    let bar = Progress::new(source.rows, "rows");
    let mut tally = Tally::default();
    let mut lines = vec![NAMES.map(String::from).to_vec()];
    for start in (0..source.rows).step_by(source.block_rows()) {
        if interrupt::asked() {
            break;
        }
        let count = (source.rows - start).min(source.block_rows() as u64) as usize;
        let block = source.read(start, count).map_err(|error| Failure::Unusable(error.to_string()))?;
        let one = |i: usize| {
            let found = enclose(arguments, &source, &block, i);
            found.map(|found| (block.rows[i], found)).map_err(|error| impossible(&source, block.rows[i], &error))
        };
        let found = in_order((0..count).into_par_iter().map(one))?;
        found.iter().for_each(|(_, row)| tally.add(row));
        if rows && arguments.json {
            let text = found.iter().map(|(row, found)| line(*row, found)).collect::<String>();
            print(&text)?;
        } else if rows {
            lines.extend(found.iter().map(|(row, found)| cells(*row, found)));
        }
        bar.step(count as u64);
    }
    bar.finish();
    match (rows, arguments.json) {
        (true, true) => {}
        (false, true) => print_json(&Document { schema: 1, asked: source.rows, tally: &tally })?,
        (true, false) => print(&format!("{}\n{}", table(&lines), tally.text(source.rows)))?,
        (false, false) => print(&tally.text(source.rows))?,
    }
    Ok(if tally.rows < source.rows { Ending::Interrupted } else { Ending::Good })
}

fn open(arguments: &Arguments) -> Result<Source, Failure> {
    let source = Source::open(&Request {
        logits: arguments.top.clone(),
        actions: Actions::Chosen(Chosen::Largest),
        mask: arguments.mask.clone(),
        columns: if arguments.sampled { vec![] } else { vec![arguments.logprob.clone()] },
        dtype: arguments.dtype,
        ..Request::new(arguments.files.clone())
    });
    let source = source.map_err(|error| Failure::Unusable(error.to_string()))?;
    if arguments.sampled && source.columns != 1 {
        let k = source.columns;
        let name = &arguments.top;
        return Err(Failure::Unusable(format!(
            "--sampled: `{name}` has {k} log-probabilities a row, expected that of the chosen action alone; leave \
             --sampled out if these are the largest"
        )));
    }
    Ok(source)
}

fn enclose(arguments: &Arguments, source: &Source, block: &Block, i: usize) -> Result<PartialEnclosures, PartialError> {
    let top = block.row(i);
    let own = block.named.first().map(|numbers| numbers[i]);
    let finite = top.iter().chain(&own).filter(|x| x.is_finite());
    let largest = finite.fold(0.0_f64, |most, x| most.max(x.abs()));
    // Rounded to nearest: half a unit of the last place is at most this much of the number.
    let slack = arguments.slack.unwrap_or(largest * libm::exp2(-f64::from(source.dtype.precision())));
    match own {
        None => sampled(top[0], arguments.vocabulary, slack),
        Some(own) => enclose_unplaced(top, own, arguments.vocabulary, slack),
    }
}

fn impossible(source: &Source, row: u64, error: &PartialError) -> Failure {
    Failure::Unusable(format!("{}: {error}", source.place(row)))
}

/// The headings of a table of rows.
const NAMES: [&str; 6] = ["row", "P_c", "tail", "C", "w", "norm"];

fn cells(row: u64, found: &PartialEnclosures) -> Vec<String> {
    // What is known well by its digits, else by its ends.
    let digits = found.named().map(|(_, x)| match x.relative_width() {
        0.0..1e-5 => certain_digits(&x.to_interval(), 6),
        _ => ends(&x.to_interval(), 4),
    });
    std::iter::once(row.to_string()).chain(digits).collect()
}

/// A row as a line of JSON: both ends of everything as decimals, rounded outward.
fn line(row: u64, found: &PartialEnclosures) -> String {
    struct Object<'a>(u64, &'a PartialEnclosures);
    impl Serialize for Object<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("row", &self.0)?;
            for (name, x) in self.1.named() {
                for (end, decimal) in ["lo", "hi"].iter().zip(decimals(&x.to_interval())) {
                    map.serialize_entry(&format!("{name}_{end}"), &decimal)?;
                }
            }
            map.end()
        }
    }
    serde_json::to_string(&Object(row, found)).expect("a map of strings and numbers") + "\n"
}

/// Relative widths of w that are counted, with their names.
const WIDTHS: [(&str, f64); 4] = [("1e-6", 1e-6), ("0.01", 0.01), ("0.1", 0.1), ("a factor of 2", 1.0)];

/// How well w is known in many rows.
#[derive(Default, Serialize)]
struct Tally {
    rows: u64,
    /// Rows whose w is enclosed as tightly as each of [`WIDTHS`], relatively.
    within: [u64; WIDTHS.len()],
    /// The largest mass of a tail.
    largest_tail: f64,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    asked: u64,
    #[serde(flatten)]
    tally: &'a Tally,
}

impl Tally {
    fn add(&mut self, row: &PartialEnclosures) {
        self.rows += 1;
        let width = row.w.relative_width();
        for (count, (_, most)) in self.within.iter_mut().zip(WIDTHS) {
            *count += u64::from(width <= most);
        }
        self.largest_tail = self.largest_tail.max(row.tail.outward()[1]);
    }

    fn text(&self, asked: u64) -> String {
        let mut out = paint(Tone::Strong, &counted(self.rows, "row")) + "\n";
        if self.rows < asked {
            _ = writeln!(
                out,
                "  {}",
                paint(Tone::Bad, &format!("interrupted after {} of {}", self.rows, counted(asked, "row")))
            );
        }
        let share = |count: u64| percent(count as f64 / self.rows.max(1) as f64);
        for ((name, _), &count) in WIDTHS.iter().zip(&self.within) {
            _ = writeln!(out, "  w is known to {name}: {}, {}", counted(count, "row"), share(count));
        }
        _ = writeln!(out, "  the largest mass that is not given: at most {}", at_most(self.largest_tail, 4));
        out
    }
}
