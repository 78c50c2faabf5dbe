//! `logitlab show`: what a claim says and how it is derived; what all derivations rest on.

use clap::{Args, ValueEnum};

use super::verify::load;
use super::{Ending, Failure, paint, print, print_json};
use crate::expr::{TEXT, UNICODE};
use crate::report::{derivation, latex, trust};

/// Show what a claim says and how it is derived
#[derive(Args)]
pub struct Arguments {
    /// A claim's id (see `logitlab list`), a file, or - for standard input
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
    let loaded = load(name)?;
    let claim = loaded.claim();
    match if arguments.json { Format::Json } else { arguments.format } {
        Format::Text => print(&derivation::plain(claim, &TEXT, &paint))?,
        Format::Unicode => print(&derivation::plain(claim, &UNICODE, &paint))?,
        Format::Latex => print(&latex::claim(claim))?,
        Format::Json => print_json(&derivation::document(claim))?,
    }
    Ok(Ending::Good)
}
