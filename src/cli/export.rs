//! `logitlab export`: formulas, derivations and statements in the languages of other tools.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use num_rational::BigRational;

use super::{Done, Failure, export_coq, export_proof, options, subject};
use crate::report::fpcore::{Options, Precision, Softmax, fpcore};

/// Export formulas, derivations and statements to other tools
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    target: Target,
}

#[derive(Subcommand)]
enum Target {
    Fpcore(Fpcore),
    Coq(export_coq::Arguments),
    Proof(export_proof::Arguments),
}

const AFTER_HELP: &str = "\
Examples:
  logitlab export fpcore tail --k 3
  logitlab export fpcore closed --k 2 --precision bfloat16 --range -10:10
  logitlab export fpcore logp-logits --k 4 --softmax naive -o logp.fpcore
  logitlab export fpcore my.proof --k 3 --action 2       a formula of your own: show MEANING = WHAT IS COMPUTED

Exit codes: 0 done, 2 unusable input.";

/// Write a formula as FPCore 2.0, for Herbie, FPTaylor, Gappa and whatever else reads it
///
/// FPCore has no vectors of unspecified length, so the formula is written out for K logits z0, z1, ... and one action.
/// Its real meaning stands in :spec, what it requires and the range of the logits in :pre.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
struct Fpcore {
    /// A formula by name, a file with one, or - for standard input
    #[arg(value_name = "FORMULA or FILE")]
    formula: String,

    /// The number of actions
    #[arg(long, value_name = "N")]
    k: usize,

    /// The chosen action, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    action: usize,

    /// In which every operation is rounded: binary16, binary32, binary64, binary128, bfloat16, tf32, e5m2, e4m3 or e3m4
    /// as IEEE 754 would have them, or "(float E N)" with E bits of exponent and N in all
    #[arg(long, value_name = "FORMAT", default_value_t = Precision::BINARY32)]
    precision: Precision,

    /// The range of every logit, for the precondition
    #[arg(long, value_name = "LO:HI", allow_hyphen_values = true, value_parser = options::decimals)]
    range: Option<(BigRational, BigRational)>,

    /// How a softmax and a log-sum-exp are computed
    #[arg(long, value_enum, default_value_t = Shift::Shifted)]
    softmax: Shift,

    /// A file for the result, replaced as a whole [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shift {
    /// The exponentials of the logits as they are, which overflow
    Naive,
    /// The exponentials of the logits minus the largest
    Shifted,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let arguments = match &arguments.target {
        Target::Fpcore(arguments) => arguments,
        Target::Coq(arguments) => return export_coq::run(arguments),
        Target::Proof(arguments) => return export_proof::run(arguments),
    };
    let formula = subject::formula(&arguments.formula)?;
    let options = Options {
        k: arguments.k,
        action: arguments.action,
        precision: arguments.precision,
        range: arguments.range.clone(),
        softmax: match arguments.softmax {
            Shift::Naive => Softmax::Naive,
            Shift::Shifted => Softmax::Shifted,
        },
    };
    let text = fpcore(&formula, &options).map_err(|error| format!("{}: {error}", formula.name))?;
    Ok(Done::new(text).code(true).out(arguments.out.as_deref()))
}
