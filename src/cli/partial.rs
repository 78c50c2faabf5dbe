//! `logitlab partial`: what follows from the log-probabilities that serving engines hand out.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::logits::{Files, watched_beside};
use super::outcome::pretty;
use super::partial_table::{self, Enclosed};
use super::rows::{Destination, Shown};
use super::{Done, Ending, Failure, Outcome, interrupt, options, output};
use crate::arith::decimal::{at_most, certain_digits, ends};
use crate::certified::partial::{PartialEnclosures, PartialError, Slack, enclose_unplaced, sampled};
use crate::measure::Rows;
use crate::report::table::list;
use crate::report::text::{Paint, Tone};
use crate::source::{Actions, Block, Chosen, Request, Source, format_names, stream};
use crate::study::bounds::logprobs::{self, BLOCKS, Engine, FORMULAS};
use crate::study::mode_text::UnknownMode;
use crate::study::{Mode, Order};
use crate::text::{counted, percent};

const AFTER_HELP: &str = "\
Examples:
  logitlab partial rollout.jsonl --vocabulary 50257          {\"top_logprobs\": [-0.1, -2.5], \"logprobs\": -0.1} a line
  logitlab partial rollout.npz --vocabulary 151936 --summary
  logitlab partial rollout.npz --vocabulary 151936 --out rows.parquet
                                                             every row into a file, columns by name
  logitlab partial rollout.parquet --top top5 --logprob sampled --vocabulary 50257 --json
  logitlab partial rollout.npz --vocabulary 50257 --engine f32+sum=f32:pairwise --formula logp-shifted --range 32
                                                             what computed the numbers, as far as it is known
  logitlab partial rollout.npz --vocabulary 50257 --missing -9999
  logitlab partial rollout.npz --top logprobs --sampled --vocabulary 50257
                                                             that of the sampled token alone, shape [rows, 1]

A row has the k largest log-probabilities (natural logarithms) and that of the chosen token, which may be one of them, or
have been appended to them, even if it is one; a single one in a file of more is the chosen token's. null, NaN, -inf and
what --missing names are no entries; lists of a .jsonl file may differ in length. The rest of the vocabulary has what is
left, of which only the size is known: [a, b] is what every distribution that agrees shares (claims tail-bound and
two-sided).

Numbers agree within their slack: what computed them may have been off by so many nats. That of --engine is proved for its
mode, its order of summation (without one in the mode: blocks of any size from 128 to 1024), every formula for a
log-probability unless --formula names one, logits as far from 0 as --range says, exponentials and logarithms within two
units in the last place, and the rounding of the file's type.

Exit codes: 0 done, 2 unusable input, 130 interrupted: what was printed is complete.";

/// Enclose updates from top-k or sampled log-probabilities
///
/// For each row: P_c of the chosen action, the mass of the actions that are not given, the collision probability C, the
/// squared norm w = |e_c - P|^2 and the norm, each as an interval that contains it whatever the rest of the
/// distribution.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    #[arg(value_name = "FILE", required = true,
          help = format!("Files of log-probabilities: {}; - for JSON lines", format_names()))]
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

    /// Mode in which an engine computed the numbers, e.g. f32, f64, bf16-lse or f32+sum=f32:pairwise (`logitlab list`)
    #[arg(long, value_name = "MODE", default_value = "f32")]
    engine: String,

    /// How far from 0 the engine's logits were, as a number or as 2^N
    #[arg(long, value_name = "X", default_value = "2^6", value_parser = options::distance)]
    range: f64,

    /// The engine's formula: logp-shifted (a log-softmax), logp-logits (z - lse z) or logp-softmax [default: any]
    #[arg(long, value_name = "FORMULA", value_parser = clap::builder::PossibleValuesParser::new(FORMULAS))]
    formula: Option<String>,

    /// How far a log-probability may be from the true one, in nats, instead of what follows from --engine
    #[arg(long, value_name = "X", allow_negative_numbers = true, conflicts_with_all = ["engine", "range", "formula"])]
    slack: Option<f64>,

    /// A number that stands for an entry that is not there, e.g. -9999; may be given several times
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    missing: Vec<f64>,

    #[command(flatten)]
    input: Files,

    #[command(flatten)]
    shown: Shown,
}

/// What is believed of the numbers.
struct Assumed {
    slack: Slack,
    /// A log-probability below this cannot be one of the engine's: it stands for one that is not there.
    least: f64,
    missing: Vec<f64>,
    /// In words, with the nats.
    words: String,
}

impl Assumed {
    fn new(arguments: &Arguments, source: &Source) -> Result<Assumed, Failure> {
        let missing = arguments.missing.clone();
        if let Some(nats) = arguments.slack {
            let slack = Slack::uniform(nats);
            let words = format!("log-probabilities are taken to be within {nats:e} nats of the true ones");
            return Ok(Assumed { slack, least: f64::NEG_INFINITY, missing, words });
        }
        let unusable = |why: String| format!("--engine {}: {why}", arguments.engine);
        let mode: Mode = arguments.engine.parse().map_err(|error: UnknownMode| unusable(error.to_string()))?;
        let blocked = mode.order == Order::Recursive && !arguments.engine.contains(":recursive");
        let formula = FORMULAS.into_iter().find(|name| arguments.formula.as_deref() == Some(*name));
        let engine = Engine { mode, blocked, actions: arguments.vocabulary, range: arguments.range, formula };
        let bound = logprobs::bound(&engine).map_err(|why| {
            unusable(format!("{why}; give another mode, such as f32, or with --slack the nats that you know of"))
        })?;
        // What the types of the file have room for: that of the largest, and that of the chosen one's if it is another.
        let own = if arguments.sampled { None } else { source.named_dtype(&arguments.logprob) };
        let slack =
            Slack { absolute: bound.absolute, relative: bound.relative, floor: bound.floor }.stored(source.dtype);
        let slack = own.filter(|own| *own != source.dtype).map_or(slack, |own| slack.stored(own));
        let most = 2.0 * arguments.range + libm::log(arguments.vocabulary as f64);
        let order = match blocked {
            true => format!("blocks of {} to {}", BLOCKS[0], BLOCKS[1]),
            false => format!("{} order", mode.order),
        };
        let words = format!(
            "log-probabilities are taken to be those of {} over {} logits within {} of 0, by {}, sums in {order}: \
             within {} + {} |log P| nats of the true ones",
            arguments.engine,
            arguments.vocabulary,
            arguments.range,
            formula.unwrap_or("any formula"),
            raised(slack.absolute),
            raised(slack.relative),
        );
        Ok(Assumed { slack, least: -(most + slack.of(most)) * (1.0 + 1e-9), missing, words })
    }

    /// Whether a number is no entry.
    fn is_missing(&self, logprob: f64) -> bool {
        logprob.is_nan() || logprob == f64::NEG_INFINITY || self.missing.contains(&logprob) || self.is_beyond(logprob)
    }

    /// Whether a number is none of the engine's.
    fn is_beyond(&self, logprob: f64) -> bool {
        logprob < self.least && logprob > f64::NEG_INFINITY
    }
}

/// A few digits, rounded upward.
fn raised(x: f64) -> String {
    let digits = format!("{x:.2e}");
    // The digits are as far off as half of their last place.
    let up = || format!("{:.2e}", x * (1.0 + 0.005));
    if digits.parse().is_ok_and(|shown: f64| shown >= x) { digits } else { up() }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    interrupt::watch();
    let source = open(arguments)?;
    if source.rows == 0 {
        let mask = arguments.input.mask.as_deref().unwrap_or_default();
        return Err(super::logits::no_rows(mask, "every row").into());
    }
    let assumed = Assumed::new(arguments, &source)?;
    let (asked, json) = (source.rows, arguments.shown.json);
    let mut destination = arguments.shown.destination(partial_table::fields(), asked, false)?;
    let mut tally = PartialTally::default();
    let mut lines = Vec::new();
    let one = |_: &mut (), [block]: [&Block; 1], Range { start: i, .. }: Range<usize>| {
        let own = block.named.get(&arguments.logprob).map(|numbers| numbers[i]);
        let beyond = block.row(i).iter().chain(&own).filter(|x| assumed.is_beyond(**x) && !assumed.missing.contains(x));
        let found = enclose(arguments, &assumed, block.row(i), own);
        let found = found.map_err(|error| impossible(&source, block.rows[i], &error))?;
        Ok::<_, Failure>(((block.rows[i], found), beyond.count() as u64))
    };
    watched_beside(asked, |watch, bar| {
        stream([&source], &(0..asked).into(), 1, watch, one, |found| {
            let (found, beyond): (Vec<_>, Vec<u64>) = found.into_iter().unzip();
            found.iter().zip(beyond).for_each(|((_, row), beyond)| tally.add(row, beyond));
            let rows = Enclosed { rows: &found, slack: assumed.slack };
            match &mut destination {
                Destination::Nowhere => {}
                Destination::Printed if json => {
                    let lines: String = (0..rows.count()).map(|row| rows.line(row)).collect();
                    bar.beside(|| output::print(&lines))?;
                }
                Destination::Printed => lines.extend(found.iter().map(|(row, found)| cells(*row, found))),
                Destination::File(table) => table.append(&rows)?,
            }
            Ok(())
        })
    })?;
    let is_printed = destination.is_printed();
    destination.finish()?;
    Ok(Done::new(Known { asked, tally, assumed, is_printed, lines }).json(json))
}

/// What rows came to that were printed or not.
struct Known {
    asked: u64,
    tally: PartialTally,
    assumed: Assumed,
    is_printed: bool,
    /// Cells of those that are printed as a table.
    lines: Vec<Vec<String>>,
}

impl Outcome for Known {
    fn text(&self, paint: Paint<'_>) -> String {
        let head = std::iter::once(NAMES.map(String::from).to_vec());
        let rows = || list(&head.chain(self.lines.iter().cloned()).collect::<Vec<_>>(), 0, paint) + "\n";
        let rows = if self.is_printed { rows() } else { String::new() };
        rows + &self.tally.text(self.asked, &self.assumed, paint)
    }

    fn json(&self) -> Result<String, Failure> {
        // The lines of rows are all that a reader of rows expects.
        if self.is_printed {
            return Ok(String::new());
        }
        let Slack { absolute, relative, .. } = self.assumed.slack;
        let (asked, tally, assumed) = (self.asked, &self.tally, &self.assumed.words);
        pretty(&Document { schema: 2, asked, tally, assumed, slack: [absolute, relative] })
    }

    fn ending(&self) -> Ending {
        Ending::of(self.tally.rows == self.asked, true)
    }
}

fn open(arguments: &Arguments) -> Result<Source, Failure> {
    let source = Source::open(&Request {
        logits: arguments.top.clone(),
        actions: Actions::Chosen(Chosen::Largest),
        mask: arguments.input.mask.clone(),
        columns: if arguments.sampled { vec![] } else { vec![arguments.logprob.clone()] },
        dtype: arguments.input.dtype,
        padded: true,
        join: arguments.input.join.unwrap_or_default(),
        ..Request::new(arguments.files.clone())
    })?;
    if arguments.sampled && source.columns != 1 {
        let k = source.columns;
        let name = &arguments.top;
        return Err(format!(
            "--sampled: `{name}` has {k} log-probabilities a row, expected that of the chosen action alone; leave \
             --sampled out if these are the largest"
        )
        .into());
    }
    Ok(source)
}

fn enclose(
    arguments: &Arguments,
    assumed: &Assumed,
    logits: &[f64],
    own: Option<f64>,
) -> Result<PartialEnclosures, PartialError> {
    let known = |x: &f64| !assumed.is_missing(*x);
    let top: Vec<f64> = logits.iter().copied().filter(known).collect();
    let own = own.filter(known);
    let (actions, slack) = (arguments.vocabulary, assumed.slack);
    match (top.as_slice(), own) {
        (&[alone], None) if arguments.sampled => sampled(alone, actions, slack),
        // Nothing but the chosen one's; nor where other rows have more, as of requests for no others.
        ([], Some(own)) => sampled(own, actions, slack),
        (&[alone], Some(own)) if logits.len() > 1 && (alone - own).abs() <= slack.of(alone) + slack.of(own) => {
            sampled(own, actions, slack)
        }
        (top, own) => enclose_unplaced(top, own, actions, slack),
    }
}

fn impossible(source: &Source, row: u64, error: &PartialError) -> Failure {
    let advice = match error {
        PartialError::Nothing => "; leave such rows out with a --mask that is 0 there",
        _ => "",
    };
    format!("{}: {error}{advice}", source.place(row)).into()
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

/// Relative widths of w that are counted, with their names.
const WIDTHS: [(&str, f64); 4] = [("1e-6", 1e-6), ("0.01", 0.01), ("0.1", 0.1), ("a factor of 2", 1.0)];

/// How well w is known in many rows.
#[derive(Default, Serialize)]
struct PartialTally {
    rows: u64,
    /// Rows whose w is enclosed as tightly as each of [`WIDTHS`], relatively.
    within: [u64; WIDTHS.len()],
    /// The largest mass of a tail.
    largest_tail: f64,
    /// Numbers that no log-probability of the engine can be, which were taken for entries that are not there.
    beyond: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    asked: u64,
    #[serde(flatten)]
    tally: &'a PartialTally,
    /// What is believed of the numbers, in words.
    assumed: &'a str,
    /// The nats that log-probabilities may be off, and what is added for each nat of their size.
    slack: [f64; 2],
}

impl PartialTally {
    /// Takes a row, and how many of its numbers no log-probability of the engine can be.
    fn add(&mut self, row: &PartialEnclosures, beyond: u64) {
        self.rows += 1;
        self.beyond += beyond;
        let width = row.w.relative_width();
        for (count, (_, most)) in self.within.iter_mut().zip(WIDTHS) {
            *count += u64::from(width <= most);
        }
        self.largest_tail = self.largest_tail.max(row.tail.outward()[1]);
    }

    fn text(&self, asked: u64, assumed: &Assumed, paint: Paint<'_>) -> String {
        let mut out = paint.mark(Tone::Strong, &counted(self.rows, "row")) + "\n";
        if self.rows < asked {
            _ = writeln!(
                out,
                "  {}",
                paint.mark(Tone::Bad, &format!("interrupted after {} of {}", self.rows, counted(asked, "row")))
            );
        }
        let share = |count: u64| percent(count as f64 / self.rows.max(1) as f64);
        for ((name, _), &count) in WIDTHS.iter().zip(&self.within) {
            _ = writeln!(out, "  w is known to {name}: {}, {}", counted(count, "row"), share(count));
        }
        _ = writeln!(out, "  the largest mass that is not given: at most {}", at_most(self.largest_tail, 4));
        if self.beyond > 0 {
            let (least, numbers) = (assumed.least, counted(self.beyond, "number"));
            let (verb, entries) =
                if self.beyond == 1 { ("is", "an entry that is") } else { ("are", "entries that are") };
            _ = writeln!(out, "  {numbers} below {least:.1} {verb} taken for {entries} not there");
        }
        _ = writeln!(out, "  {}", assumed.words);
        out
    }
}
