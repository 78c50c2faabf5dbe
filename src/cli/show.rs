//! `logitlab show`: what a claim says and how it is derived, what a study found; what all derivations rest on.

use std::borrow::Cow;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::outcome::pretty;
use super::subject::{self, Loaded};
use super::{Done, Failure, Outcome};
use crate::cite::{Subject, stored};
use crate::expr::{TEXT, UNICODE};
use crate::report::text::Paint;
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

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let Some(name) = &arguments.claim else { return Ok(Done::new(Trust)) };
    let format = if arguments.json { Format::Json } else { arguments.format };
    let done = match Subject::find(name).filter(|subject| subject.claim().is_none()) {
        Some(study) => Done::new(ShownStudy { study, format }),
        None => Done::new(Shown { claim: subject::claim(name)?, format }),
    };
    Ok(done.json(format == Format::Json).code(format == Format::Latex))
}

/// What every derivation rests on.
struct Trust;

impl Outcome for Trust {
    fn text(&self, paint: Paint<'_>) -> String {
        trust::screen(paint)
    }
}

/// A claim.
struct Shown {
    claim: Loaded,
    format: Format,
}

impl Outcome for Shown {
    fn text(&self, paint: Paint<'_>) -> String {
        let claim = self.claim.claim();
        match self.format {
            Format::Latex => latex::claim(claim),
            Format::Unicode => derivation::plain(claim, &UNICODE, paint),
            Format::Text | Format::Json => derivation::plain(claim, &TEXT, paint),
        }
    }

    fn json(&self) -> Result<String, Failure> {
        pretty(&derivation::document(self.claim.claim()))
    }
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

/// A study, of which what is stored is shown; `logitlab check` derives it again.
struct ShownStudy<'a> {
    study: Subject<'a>,
    format: Format,
}

impl ShownStudy<'_> {
    fn stored(&self) -> Cow<'static, str> {
        stored::find(self.study.id()).map(String::from_utf8_lossy).unwrap_or_default()
    }
}

impl Outcome for ShownStudy<'_> {
    fn text(&self, _: Paint<'_>) -> String {
        let stored = self.stored();
        match self.format {
            Format::Latex => self.study.figures_as_latex(&stored).unwrap_or_default(),
            _ => stored.split_once('\n').map_or_else(|| self.study.statement(), |(_, text)| text.to_string()),
        }
    }

    fn json(&self) -> Result<String, Failure> {
        let (study, title) = (self.study.id(), self.study.title());
        let parameters = self.study.statement();
        pretty(&Figures { schema: 1, study, title, parameters, snapshot: &self.stored() })
    }
}
