//! `logitlab certify`: the norms of rows of logits as theorems that Coq checks, and such theorems of others re-checked.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::diagnostic::Text;
use super::logits;
use super::outcome::pretty;
use super::{Done, Ending, Failure, Json, Progress, options, output};
use crate::arith::decimal::{at_most, certain_digits, decimals, ends};
use crate::arith::scaled::Scaled;
use crate::certified::{self, Settings, reference};
use crate::coq::{Certificate, Certificates, CompileError, Compiler, Kept, foreign_axioms};
use crate::report::table::headed;
use crate::report::text::{Paint, Tone};

const AFTER_HELP: &str = "\
Examples:
  logitlab certify dump.safetensors --row 7 --out row7.v       write the theorem
  logitlab certify dump.safetensors --row 7 --check            have Coq check it
  logitlab certify dump.safetensors --rows 0..100 --out all.v  one file, 100 theorems
  logitlab certify logits.npy actions.npy --row 0              print it
  logitlab certify --verify all.v                              re-check a file of anybody

The logits stand in the file exactly; a logit of -inf masks its action, which is then left out.
A row has at most 262144 actions that are not masked. Coq takes 2 s for a
file, and for each row of 465 actions 0.2 s, of 49152 actions 20 s, on one free core.

With --check, coqc compiles the part of the development that the theorems need, once, in
$XDG_CACHE_HOME/logitlab/coq, and then the theorems. --verify reads a file back first: it refuses
all but what certify writes, byte by byte, so that nothing is in it but the theorems that it then
prints. It needs coqc with the library Interval, on Debian:
apt-get install --no-install-recommends coq libcoq-interval

Exit codes: 0 done, 1 Coq does not accept it, 2 unusable input, a file that certify does not write,
or no Coq for --check or --verify.";

/// Write the norms |e_c - P| of rows as theorems for Coq
///
/// The two numbers of a row are the enclosure that `logitlab measure` computes, each one step of f64 further out. Coq
/// proves them from the logits alone: nothing of logitlab is trusted, beside that it wrote down the logits that are in
/// the file.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// A file with logits and actions, or a .npy file with logits followed by one with actions
    #[arg(value_name = "FILE", required_unless_present = "verify", num_args = 1..=2)]
    files: Vec<PathBuf>,

    /// The row, from 0; --rows takes several
    #[arg(long, value_name = "N", required_unless_present_any = ["rows", "verify"], conflicts_with = "rows")]
    row: Option<u64>,

    /// Certify the enclosure of MPFR intervals of so many bits, instead of the one that is computed by default
    #[arg(long, value_name = "N", value_parser = options::bits())]
    bits: Option<u32>,

    /// A file for the theorems, replaced as a whole [default: standard output, or none with --check]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Have coqc check the theorems
    #[arg(long)]
    check: bool,

    /// Re-check a file that certify wrote, here or elsewhere; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "row", "rows", "bits", "out", "check"])]
    verify: Option<String>,

    /// Check again what coqc accepted before, all that it rests on included (a minute)
    #[arg(long)]
    fresh: bool,

    #[command(flatten)]
    json: Json,

    #[command(flatten)]
    input: logits::Options,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let asks = arguments.check || arguments.verify.is_some();
    if arguments.fresh && !asks {
        return Err("--fresh is about what coqc checks: give --check or --verify with it".into());
    }
    if arguments.json.json && !asks && arguments.out.is_none() {
        return Err("--json says what became of the theorems: give --out, --check or --verify with it".into());
    }
    // Looked for before anything is computed.
    let compiler = asks.then(Compiler::find).transpose()?.map(|found| found.fresh(arguments.fresh));
    if let Some(name) = &arguments.verify {
        // More than any that was written.
        let Text { file, text } = Text::read_most(name, 1 << 30)?;
        let read = Certificates::read(&text);
        let read = read.map_err(|refused| format!("{file} is not what `logitlab certify` writes: {refused}"))?;
        let answer = compiler.map(|compiler| ask(compiler, &read, &text)).transpose()?;
        return Ok(told(Told { rows: read.rows, rest: Vec::new(), answer, out: None }, arguments));
    }
    let (certificates, rest) = enclose(arguments)?;
    let text = certificates.text();
    let out = arguments.out.as_deref();
    if out.is_none() && compiler.is_none() {
        return Ok(Done::new(text).code(true));
    }
    if let Some(path) = out {
        output::write(Some(path), &text)?;
    }
    let answer = compiler.map(|compiler| ask(compiler, &certificates, &text)).transpose()?;
    Ok(told(Told { rows: certificates.rows, rest, answer, out: out.map(Path::to_path_buf) }, arguments))
}

/// What Coq says to a file.
struct Answer {
    version: String,
    time: Duration,
    kept: Option<Kept>,
    /// Why it is not accepted.
    rejected: Option<String>,
}

fn ask(mut compiler: Compiler, certificates: &Certificates, text: &str) -> Result<Answer, Failure> {
    // Ten times what it takes.
    let actions: usize = certificates.rows.iter().map(Certificate::actions).sum();
    compiler.timeout = compiler.timeout.max(Duration::from_millis(5 * actions as u64));
    let rows = certificates.rows.len();
    let bar = Progress::waiting(format!("coqc checks {rows} row{}", if rows == 1 { "" } else { "s" }));
    let start = Instant::now();
    let result = compiler.compile(Certificates::MODULE, text);
    let time = start.elapsed();
    bar.finish();
    let (kept, rejected) = match result {
        Ok(compiled) => {
            if foreign_axioms(&compiled.output).is_none_or(|foreign| !foreign.is_empty()) {
                return Err(format!("it rests on more than the axioms of the real numbers: {}", compiled.output).into());
            }
            (compiled.kept, None)
        }
        Err(error @ CompileError::Rejected { .. }) => (None, Some(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    Ok(Answer { version: compiler.version, time, kept, rejected })
}

/// What there is to tell of theorems.
struct Told {
    rows: Vec<Certificate>,
    /// 1 - P_c of each, where the theorems were written just now.
    rest: Vec<Scaled>,
    answer: Option<Answer>,
    /// Where they were written to.
    out: Option<PathBuf>,
}

fn told<'a>(told: Told, arguments: &'a Arguments) -> Done<'a> {
    let accepted = told.answer.as_ref().is_none_or(|answer| answer.rejected.is_none());
    let done = Done::told(told, text, document);
    done.json(arguments.json.json).ending(Ending::of(true, accepted))
}

fn text(told: &Told, paint: Paint<'_>) -> String {
    const DIGITS: usize = 17;
    let mut lines = vec![["row", "action", "logits", "1 - P_c", "norm"].map(String::from).to_vec()];
    for (k, row) in told.rows.iter().enumerate() {
        let rest = told.rest.get(k).map(|rest| certain_digits(&rest.to_interval(), 7)).unwrap_or_default();
        let numbers = [row.number.to_string(), row.action().to_string(), row.actions().to_string()];
        lines.push([&numbers[..], &[rest, ends(&row.norm(), DIGITS)]].concat());
    }
    if told.rest.is_empty() {
        lines.iter_mut().for_each(|line| _ = line.remove(3));
    }
    headed(&lines, 1, Tone::Faint, paint) + &end(told, paint)
}

/// What became of the theorems, in words.
fn end(told: &Told, paint: Paint<'_>) -> String {
    let Some(answer) = &told.answer else {
        let out = told.out.as_deref().unwrap_or(Path::new("-"));
        return format!("written to {}, not checked\n", out.display());
    };
    let by = format!("Coq {}", answer.version);
    if let Some(error) = &answer.rejected {
        return format!("{} by {by}: {error}\n", paint.mark(Tone::Bad, "not accepted"));
    }
    let when = match &answer.kept {
        Some(Kept { when, version }) => format!("before (kept from {when}, coqc {version}; --fresh checks again)"),
        None => format!("in {:.1} s", answer.time.as_secs_f64()),
    };
    let proved = paint.mark(Tone::Good, &format!("proved by {by}"));
    format!("{proved} {when}, from the axioms of the real numbers alone\n")
}

fn document(told: &Told) -> Result<String, Failure> {
    let rows = told.rows.iter().enumerate().map(|(k, row)| {
        let [lo, hi] = decimals(&row.norm());
        let mut of = json!({
            "row": row.number, "action": row.action(), "logits": row.actions(), "unit": row.unit(),
            "norm_lo": lo, "norm_hi": hi,
        });
        if let Some(rest) = told.rest.get(k) {
            let [lo, hi] = decimals(&rest.to_interval());
            of["rest_lo"] = lo.into();
            of["rest_hi"] = hi.into();
        }
        of
    });
    let rows: Vec<_> = rows.collect();
    let coq = told.answer.as_ref().map(|answer| {
        json!({
            "accepted": answer.rejected.is_none(), "version": answer.version, "seconds": answer.time.as_secs_f64(),
            "kept": answer.kept.as_ref().map(|kept| &kept.when), "error": answer.rejected,
        })
    });
    pretty(&json!({ "schema": 1, "rows": rows, "coq": coq }))
}

/// The rows that were asked for with their enclosures, and 1 - P_c of each.
fn enclose(arguments: &Arguments) -> Result<(Certificates, Vec<Scaled>), Failure> {
    let logits::Opened { source, rows, .. } = arguments.input.open(&arguments.files, None)?;
    let rows = match arguments.row {
        None => rows,
        Some(row) => {
            let there = source.stored_rows();
            if row >= there {
                return Err(format!("there is no row {row}: the file has rows 0..{there}").into());
            }
            let place = source.among(row..row + 1);
            if place.is_empty() {
                return Err(format!("row {row} is left out by the mask").into());
            }
            place
        }
    };
    let file = arguments.files[0].file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (mut certificates, mut rest) = (Vec::new(), Vec::new());
    let bar = Progress::new(rows.end - rows.start, "rows");
    for place in rows {
        let block = source.read(place, 1)?;
        let (z, action, row) = (block.row(0), block.actions[0], block.rows[0]);
        let undefined = |fault| format!("row {row} has no softmax: {fault}");
        let (found, path) = match arguments.bits {
            None => certified::enclose(&Settings::default(), z, action).map_err(undefined)?,
            Some(bits) => {
                let found = reference::enclose(bits, z, action, 1.0).map_err(undefined)?;
                (found, certified::Path::Reference(bits))
            }
        };
        let by = match path {
            certified::Path::Fast => "hardware f64 with proved bounds".to_string(),
            certified::Path::Reference(bits) => format!("MPFR intervals of {bits} bits"),
        };
        let about = vec![
            format!("Row {row} of {file}, action {action}, both from 0."),
            // A relative width, to two digits.
            format!("Enclosed by {by} to a relative width of {}.", at_most(found.norm.relative_width(), 2)),
        ];
        let certificate = Certificate::new(row, about, z, action, found.norm);
        certificates.push(certificate.map_err(|error| format!("row {row}: {error}"))?);
        rest.push(found.rest);
        bar.step(1);
    }
    bar.finish();
    Ok((Certificates::new(Vec::new(), certificates), rest))
}
