//! `logitlab show`: what a claim says and how it is derived, what a study found; what all derivations rest on.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::verify::load;
use super::{Ending, Failure, paint, print, print_json};
use crate::cite::{Subject, stored};
use crate::expr::{TEXT, UNICODE};
use crate::report::{derivation, latex, trust};

/// Show a claim with its derivation, or the figures of a study
#[derive(Args)]
pub struct Arguments {
    /// The id of a claim or study (see `logitlab list`), a file with a claim, or - for standard input
    #[arg(required_unless_present = "trust")]
    claim: Option<String>,

    /// How to write it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Print one JSON document: the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Show instead what every derivation rests on: the trusted code and its axioms
    #[arg(long, conflicts_with_all = ["claim", "format", "json"])]
    trust: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The language of claim files
    Text,
    /// The same with mathematical signs
    Unicode,
    /// A paragraph of an article with amsmath and amssymb
    Latex,
    /// One JSON document
    Json,
}

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let Some(name) = &arguments.claim else {
        print(&trust::screen(&paint))?;
        return Ok(Ending::Good);
    };
    let format = if arguments.json { Format::Json } else { arguments.format };
    if let Some(study) = Subject::find(name).filter(|subject| subject.claim().is_none()) {
        return show_study(study, format);
    }
    let loaded = load(name)?;
    let claim = loaded.claim();
    match format {
        Format::Text => print(&derivation::plain(claim, &TEXT, &paint))?,
        Format::Unicode => print(&derivation::plain(claim, &UNICODE, &paint))?,
        Format::Latex => print(&latex::claim(claim))?,
        Format::Json => print_json(&derivation::document(claim))?,
    }
    Ok(Ending::Good)
}

/// A study with its stored figures.
#[derive(Serialize)]
struct Figures<'a> {
    schema: u32,
    study: &'a str,
    title: &'a str,
    parameters: String,
    /// The snapshot: what is cited.
    snapshot: &'a str,
}

/// What is stored of a study; `logitlab check` derives it again.
fn show_study(study: Subject<'_>, format: Format) -> Result<Ending, Failure> {
    let stored = stored::find(study.id()).map(String::from_utf8_lossy).unwrap_or_default();
    let parameters = study.statement();
    match format {
        Format::Text | Format::Unicode => {
            let text = stored.split_once('\n').map_or(parameters.as_str(), |(_, text)| text);
            print(text)?;
        }
        Format::Latex => print(&study.figures_as_latex(&stored).unwrap_or_default())?,
        Format::Json => {
            let (study, title) = (study.id(), study.title());
            print_json(&Figures { schema: 1, study, title, parameters, snapshot: &stored })?;
        }
    }
    Ok(Ending::Good)
}
