//! `logitlab cite`: how to cite a claim or a study.

use clap::{Args, ValueEnum};

use super::outcome::pretty;
use super::{Done, Failure, subject};
use crate::cite::{Citation, markdown};
use crate::report::text::Paint;

const AFTER_HELP: &str = "\
Examples:
  logitlab cite norm-identity                            hashes, BibTeX, and the command that derives it again
  logitlab cite norm-identity --format bibtex >> my.bib
  logitlab cite norm-identity --format latex             statement and derivation for an appendix
  logitlab cite study-modes --format latex               the figures of a study as a table

Exit codes: 0 done, 2 unusable input.";

/// Cite a claim or a study: the hash of its snapshot, BibTeX, LaTeX
///
/// What is cited is a snapshot: of a claim a file with its statement, derivation and fixed-seed evidence, of a study
/// one with its parameters and figures, the same to the byte on every machine. `logitlab check` derives it again from
/// the hash.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// The id of a claim or study (see `logitlab list`)
    #[arg(value_name = "ID")]
    id: String,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// All of it, for people
    Markdown,
    /// The entries for a bibliography
    Bibtex,
    /// Statement and derivation, or the table of a study, and provenance
    Latex,
    /// All of it, for programs
    Json,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let subject = subject::find(&arguments.id)?;
    let citation = Citation::of(subject)
        .ok_or_else(|| format!("{} {} has no snapshot in this build of logitlab", subject.kind(), subject.id()))?;
    let format = arguments.format;
    let text = move |citation: &Citation<'_>, _: Paint<'_>| match format {
        Format::Bibtex => citation.bibtex.clone(),
        Format::Latex => citation.latex.clone(),
        Format::Markdown | Format::Json => markdown::text(citation),
    };
    let done = Done::told(citation, text, pretty);
    Ok(done.json(format == Format::Json).code(format != Format::Markdown))
}
