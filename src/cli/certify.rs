//! `logitlab certify`: the norm of a row of logits as a theorem that Coq checks.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::logits;
use super::{Done, Ending, Failure, options, output};
use crate::arith::decimal::{at_most, certain_digits};
use crate::arith::scaled::Scaled;
use crate::certified::{self, Enclosures, Settings, reference};
use crate::coq::{Certificate, CompileError, Compiler, foreign_axioms};
use crate::report::text::{Paint, Tone};

const AFTER_HELP: &str = "\
Examples:
  logitlab certify dump.safetensors --row 7 --out row7.v     write the theorem
  logitlab certify dump.safetensors --row 7 --check          have Coq check it
  logitlab certify logits.npy actions.npy --row 0            print it

The logits stand in the file exactly; a logit of -inf masks its action, which is then left out. With --check, coqc
compiles the part of the development that the theorem needs, once, in $XDG_CACHE_HOME/logitlab/coq, and then the
theorem: about 12 ms for each action. It needs coqc with the library Interval, on Debian:
apt-get install --no-install-recommends coq libcoq-interval

Exit codes: 0 done, 1 Coq does not accept it, 2 unusable input or no Coq for --check.";

/// Write the norm |e_c - P| of a row as a theorem for Coq
///
/// The two numbers are the enclosure that `logitlab measure` computes. Coq (with its library Interval) proves it from
/// the logits alone: nothing of logitlab is trusted, beside that it wrote down the logits that are in the file.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// A file with logits and actions, or a .npy file with logits followed by one with actions
    #[arg(value_name = "FILE", required = true, num_args = 1..=2)]
    files: Vec<PathBuf>,

    /// The row, from 0
    #[arg(long, value_name = "N")]
    row: u64,

    /// Certify the enclosure of MPFR intervals of so many bits, instead of the one that is computed by default
    #[arg(long, value_name = "N", value_parser = options::bits())]
    bits: Option<u32>,

    /// A file for the theorem, replaced as a whole [default: standard output, or none with --check]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Have coqc check the theorem
    #[arg(long)]
    check: bool,

    /// Check again what coqc accepted before, all that it rests on included (minutes)
    #[arg(long, requires = "check")]
    fresh: bool,

    #[command(flatten)]
    input: logits::Options,
}

/// What was computed about the row.
struct Found {
    /// Where the row is from, in words.
    about: Vec<String>,
    enclosures: Enclosures,
    certificate: Certificate,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    // Looked for before anything is computed.
    let compiler = arguments.check.then(Compiler::find).transpose()?;
    let compiler = compiler.map(|found| found.fresh(arguments.fresh));
    let found = enclose(arguments)?;
    let text = found.certificate.text(&found.about);
    let out = arguments.out.as_deref();
    if out.is_none() && compiler.is_none() {
        return Ok(Done::new(text).code(true));
    }
    if let Some(path) = out {
        output::write(Some(path), &text)?;
    }
    let Some(compiler) = compiler else {
        let end = format!("written to {}, not checked", out.unwrap_or(Path::new("-")).display());
        return Ok(Done::new(summary(&found, &end)));
    };
    let start = Instant::now();
    let by = format!("Coq {}", compiler.version);
    let (accepted, what) = match compiler.compile("Row", &text) {
        Ok(compiled) => {
            if foreign_axioms(&compiled.output).is_none_or(|foreign| !foreign.is_empty()) {
                return Err(format!("it rests on more than the axioms of the real numbers: {}", compiled.output).into());
            }
            let when = match compiled.kept {
                Some(kept) => format!("before (kept from {}, coqc {}; --fresh checks again)", kept.when, kept.version),
                None => format!("in {:.1} s", start.elapsed().as_secs_f64()),
            };
            (true, format!(" {when}, from the axioms of the real numbers alone"))
        }
        Err(error @ CompileError::Rejected { .. }) => (false, format!(" by {by}: {error}")),
        Err(error) => return Err(error.into()),
    };
    let text = move |paint: Paint<'_>| {
        let proved = format!("proved by {by}");
        let (tone, word) = if accepted { (Tone::Good, proved.as_str()) } else { (Tone::Bad, "not accepted") };
        summary(&found, &(paint.mark(tone, word) + &what))
    };
    Ok(Done::new(text).ending(Ending::of(true, accepted)))
}

fn summary(found: &Found, end: &str) -> String {
    let decimal = |x: &Scaled| certain_digits(&x.to_interval(), 7);
    let Enclosures { rest, norm, .. } = &found.enclosures;
    let about: String = found.about.iter().map(|line| format!("{line}\n")).collect();
    format!("{about}1 - P_c is {}, the norm {}, to the digits shown.\n{end}\n", decimal(rest), decimal(norm))
}

fn enclose(arguments: &Arguments) -> Result<Found, Failure> {
    let logits::Opened { source, .. } = arguments.input.open(&arguments.files, None)?;
    let (row, there) = (arguments.row, source.stored_rows());
    if row >= there {
        return Err(format!("there is no row {row}: the file has rows 0..{there}").into());
    }
    let place = source.among(row..row + 1);
    if place.is_empty() {
        return Err(format!("row {row} is left out by the mask").into());
    }
    let block = source.read(place.start, 1)?;
    let (z, action) = (block.row(0), block.actions[0]);
    let undefined = |fault| format!("row {row} has no softmax: {fault}");
    let (enclosures, path) = match arguments.bits {
        None => certified::enclose(&Settings::default(), z, action).map_err(undefined)?,
        Some(bits) => {
            let found = reference::enclose(bits, z, action, 1.0).map_err(undefined)?;
            (found, certified::Path::Reference(bits))
        }
    };
    let certificate = Certificate::new(z, action, enclosures.norm)?;
    let by = match path {
        certified::Path::Fast => "hardware f64 with proved bounds".to_string(),
        certified::Path::Reference(bits) => format!("MPFR intervals of {bits} bits"),
    };
    let file = arguments.files[0].file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let about = vec![
        format!("Row {row} of {file}, action {action}, both from 0."),
        format!("Enclosed by {by} to a relative width of {}.", width(&enclosures.norm)),
    ];
    Ok(Found { about, enclosures, certificate })
}

/// A relative width, to two digits.
fn width(x: &Scaled) -> String {
    at_most(x.relative_width(), 2)
}
