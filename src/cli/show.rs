//! `logitlab show`: what a claim says and how it is derived, what a study found; what all derivations rest on.

use std::borrow::Cow;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::options::{self, Listed};
use super::outcome::pretty;
use super::subject::{self, Loaded};
use super::{Done, Failure};
use crate::cite::{Subject, stored};
use crate::claims::Claim;
use crate::expr::{TEXT, UNICODE};
use crate::report::rules::{self, Cited};
use crate::report::text::Paint;
use crate::report::{derivation, latex, trust};

/// Show a claim and its derivation, a study, or a rule
#[derive(Args)]
pub struct Arguments {
    /// The id of a claim or study (see `logitlab list`), a rule (see `logitlab list --rules`), a file with claims, or -
    /// for standard input
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
    let Some(name) = &arguments.claim else { return Ok(Done::new(trust::screen)) };
    let format = if arguments.json { Format::Json } else { arguments.format };
    if let Some(cited) = Cited::find(name).filter(|_| Subject::find(name).is_none()) {
        if !matches!(format, Format::Text | Format::Json) {
            return Err(format!("{name} is a rule, which is shown as text or, with --json, for programs").into());
        }
        let done =
            Done::told(cited, |cited, paint| rules::one(*cited, paint), |cited| pretty(&rules::document(*cited, true)));
        return Ok(done.json(format == Format::Json));
    }
    let done = match Subject::find(name).filter(|subject| subject.claim().is_none()) {
        Some(study) => shown_study(study, format),
        None if !subject::may_be_claims(name) => return Err(unknown(name)),
        None => shown(subject::claims_of(std::slice::from_ref(name), None)?, format),
    };
    Ok(done.json(format == Format::Json).code(format == Format::Latex))
}

/// What may have been meant by a name of nothing.
fn unknown(name: &str) -> Failure {
    let all = Subject::all().map(|subject| subject.id()).chain(rules::names()).map(|name| (name, ()));
    let listed = Listed::By("`logitlab list` and `logitlab list --rules` show all of them");
    options::named("claim, study or rule", name, all, listed).err().unwrap_or_else(|| name.into())
}

/// Claims, one after the other.
fn shown<'a>(claims: Vec<Loaded>, format: Format) -> Done<'a> {
    let one = move |claim: &Claim, paint: Paint<'_>| match format {
        Format::Latex => latex::claim(claim),
        Format::Unicode => derivation::plain(claim, &UNICODE, paint),
        Format::Text | Format::Json => derivation::plain(claim, &TEXT, paint),
    };
    let text = move |claims: &Vec<Loaded>, paint: Paint<'_>| {
        claims.iter().map(|loaded| one(loaded.claim(), paint)).collect::<Vec<_>>().join("\n")
    };
    Done::told(claims, text, |claims| match claims.as_slice() {
        [one] => pretty(&derivation::document(one.claim())),
        several => {
            let claims = several.iter().map(|loaded| derivation::document(loaded.claim())).collect();
            pretty(&Documents { schema: 1, claims })
        }
    })
}

/// The claims of a file with several.
#[derive(Serialize)]
struct Documents<'a> {
    schema: u32,
    claims: Vec<derivation::Document<'a>>,
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
fn shown_study(study: Subject<'static>, format: Format) -> Done<'static> {
    let stored = stored::find(study.id()).map(String::from_utf8_lossy).unwrap_or_default();
    let text = move |stored: &Cow<'_, str>, _: Paint<'_>| match format {
        Format::Latex => study.figures_as_latex(stored).unwrap_or_default(),
        _ => stored.split_once('\n').map_or_else(|| study.statement(), |(_, text)| text.to_string()),
    };
    Done::told(stored, text, move |stored| {
        let (id, title, parameters) = (study.id(), study.title(), study.statement());
        pretty(&Figures { schema: 1, study: id, title, parameters, snapshot: stored })
    })
}
