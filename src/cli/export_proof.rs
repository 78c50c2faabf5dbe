//! `logitlab export proof`: derivations as proof objects, which another program checks.

use std::path::PathBuf;

use clap::Args;

use super::{Done, Failure, subject};
use crate::claims::{Claim, claims};
use crate::object;

const AFTER_HELP: &str = "\
Examples:
  logitlab export proof norm-identity -o identity.json    what justifies each step
  logitlab export proof my.proof -o my.json               your own claims
  logitlab export proof --all -o all.json                 every derivation
  logitlab export proof --laws -o laws.json               the laws, as data
  python3 proofs/checker/check.py --laws laws.json identity.json

check.py is a program of its own and uses nothing of logitlab. The book
describes both formats: docs/book/src/reference/proof-object.md.

Exit codes: 0 done, 2 unusable input.";

/// Write derivations as proof objects: JSON for a second checker
///
/// An object says, for each step, the place, the law, what its variables stand for and the conditions that were met.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// A claim by id (see `logitlab list`), a file with some, or - for standard input
    #[arg(value_name = "CLAIM or FILE", required_unless_present_any = ["all", "laws"])]
    claim: Option<String>,

    /// Every shipped derivation
    #[arg(long, conflicts_with_all = ["claim", "laws"])]
    all: bool,

    /// Write instead the table of laws
    #[arg(long, conflicts_with = "claim")]
    laws: bool,

    /// A file for the result, replaced as a whole [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let out = arguments.out.as_deref();
    if arguments.laws {
        return Ok(Done::new(object::laws()).code(true).out(out));
    }
    let text = if let Some(name) = &arguments.claim {
        let loaded = subject::claims_of(std::slice::from_ref(name), None)?;
        let all: Vec<&Claim> = loaded.iter().map(|loaded| loaded.claim()).collect();
        let derived: Vec<&Claim> = all.iter().copied().filter(|claim| claim.proof.is_some()).collect();
        object::of(if derived.is_empty() { &all } else { &derived })?
    } else {
        object::of(&claims().iter().filter(|claim| claim.proof.is_some()).collect::<Vec<_>>())?
    };
    Ok(Done::new(text).code(true).out(out))
}
