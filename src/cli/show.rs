//! `logitlab show`: what a claim says.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::verify::load;
use super::{Ending, Failure, paint, print, print_json};
use crate::claims::{Claim, Section};
use crate::report::text::Tone;

/// Show what a claim says
#[derive(Args)]
pub struct Arguments {
    /// A claim's id (see `logitlab list`), a file, or - for standard input
    claim: String,

    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    schema: u32,
    id: &'a str,
    title: &'a str,
    source: &'a str,
    section: Option<Section>,
    expected: &'static str,
    given: Vec<String>,
    definitions: Vec<String>,
    show: Vec<String>,
}

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let loaded = load(&arguments.claim)?;
    let claim = loaded.claim();
    if arguments.json {
        print_json(&shown(claim))?;
    } else {
        print(&text(claim))?;
    }
    Ok(Ending::Good)
}

fn shown(claim: &Claim) -> Shown<'_> {
    let statement = &claim.statement;
    let declared = statement.variables.iter().map(|(name, sort)| format!("{name} : {}", sort.word()));
    Shown {
        schema: 1,
        id: &claim.id,
        title: &claim.title,
        source: &claim.source,
        section: claim.section,
        expected: claim.expected.word(),
        given: declared.chain(statement.hypotheses.iter().map(ToString::to_string)).collect(),
        definitions: statement.definitions.iter().map(|(name, tree)| format!("{name} = {tree}")).collect(),
        show: statement.shows.iter().map(ToString::to_string).collect(),
    }
}

fn text(claim: &Claim) -> String {
    let mut out = String::new();
    _ = writeln!(out, "claim  {}", paint(Tone::Strong, &claim.id));
    _ = writeln!(out, "title  \"{}\"", claim.title);
    if !claim.source.is_empty() {
        _ = writeln!(out, "source \"{}\"", claim.source);
    }
    _ = write!(out, "{}", claim.statement);
    _ = writeln!(out, "expect {}", claim.expected.word());
    out
}
