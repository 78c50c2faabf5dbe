//! `logitlab cite`: how to cite a claim.

use clap::{Args, ValueEnum};

use super::verify::unknown;
use super::{Ending, Failure, print, print_json};
use crate::cite::{Citation, markdown};
use crate::claims::find;

const AFTER_HELP: &str = "\
Examples:
  logitlab cite norm-identity                            hashes, BibTeX, and the command that derives it again
  logitlab cite norm-identity --format bibtex >> my.bib
  logitlab cite norm-identity --format latex             statement and derivation for an appendix

Exit codes: 0 done, 2 unusable input.";

/// Cite a claim: the hash of its snapshot, BibTeX, LaTeX
///
/// What is cited is the snapshot of the claim: a file with its statement, derivation and fixed-seed evidence, the same
/// to the byte on every machine. `logitlab check` derives it again from the hash.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// A claim's id (see `logitlab list`)
    claim: String,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// All of it, for people
    Markdown,
    /// The entries for a bibliography
    Bibtex,
    /// Statement, derivation and provenance
    Latex,
    /// All of it, for programs
    Json,
}

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let claim = find(&arguments.claim).ok_or_else(|| unknown(&arguments.claim))?;
    let citation = Citation::of(claim)
        .ok_or_else(|| Failure::Unusable(format!("claim {} has no snapshot in this build of logitlab", claim.id)))?;
    match arguments.format {
        Format::Markdown => print(&markdown::text(&citation))?,
        Format::Bibtex => print(&citation.bibtex)?,
        Format::Latex => print(&citation.latex)?,
        Format::Json => print_json(&citation)?,
    }
    Ok(Ending::Good)
}
