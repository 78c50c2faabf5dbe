//! `logitlab list`: every claim, judge, formula, mode, study and policy generator by name.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::outcome::pretty;
use super::{Done, Failure, Json};
use crate::claims::{Section, claims};
use crate::coq::pinned;
use crate::dynamics::studies::TRAINING_STUDIES;
use crate::formulas::{POLICY, formulas};
use crate::judges::JUDGES;
use crate::policy::registry::{FORMS, GENERATORS};
use crate::report::rules::{self, Cited};
use crate::report::table::list;
use crate::report::text::{Paint, Tone};
use crate::study::algorithms::ALGORITHMS;
use crate::study::{PRESETS, STUDIES};

const AFTER_HELP: &str = "\
Examples:
  logitlab list                                          what other commands take by name
  logitlab list --rules                                  what a step of a derivation may cite
  logitlab show log.product                              one of these rules, with examples";

/// List claims, judges, formulas, modes, studies, policies, rules
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// List instead the rules that a step may cite: laws with their conditions, why they hold, which are taken on trust
    #[arg(long)]
    rules: bool,

    #[command(flatten)]
    json: Json,
}

#[derive(Serialize)]
struct Rules {
    schema: u32,
    rules: Vec<rules::Document>,
}

#[derive(Serialize)]
struct Listing {
    schema: u32,
    claims: Vec<ClaimEntry>,
    judges: Vec<Entry>,
    formulas: Vec<Entry>,
    modes: Vec<Entry>,
    studies: Vec<Entry>,
    algorithms: Vec<Entry>,
    policies: Vec<Entry>,
}

#[derive(Serialize)]
struct ClaimEntry {
    id: &'static str,
    title: &'static str,
    section: Section,
    expected: &'static str,
    source: &'static str,
    /// The theorem of proofs/coq that is held against the claim, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    theorem: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    summary: String,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    if arguments.rules {
        let all = rules::names().filter_map(Cited::find).map(|cited| rules::document(cited, false)).collect();
        let told = Done::told(Rules { schema: 1, rules: all }, |_, paint| rules::all(paint), pretty);
        return Ok(told.json(arguments.json.json));
    }
    Ok(Done::told(listing(), text, pretty).json(arguments.json.json))
}

fn text(listing: &Listing, paint: Paint<'_>) -> String {
    let mut out = String::new();
    let width = listing.claims.iter().map(|claim| claim.id.len()).max().unwrap_or(0);
    for section in Section::ALL {
        _ = writeln!(out, "{}", paint.mark(Tone::Strong, section.title()));
        let claims = listing.claims.iter().filter(|claim| claim.section == *section).map(|claim| {
            let theorem = if claim.theorem.is_some() { "Coq" } else { "   " };
            vec![format!("{:width$}", claim.id), theorem.to_string(), claim.title.to_string()]
        });
        out += &list(&claims.collect::<Vec<_>>(), 2, paint);
        out.push('\n');
    }
    let parts = [
        ("Judges (--judge)", &listing.judges),
        ("Formulas (compare --formulas, export)", &listing.formulas),
        ("Modes (compare --modes), beside every format", &listing.modes),
        ("Studies (show, cite, check)", &listing.studies),
        ("Algorithms (compare --input FILE --algorithm)", &listing.algorithms),
        ("Policies (--policy)", &listing.policies),
    ];
    out + &parts.map(|(title, entries)| part(title, entries, paint)).join("\n")
}

fn listing() -> Listing {
    let claim = |claim: &'static crate::claims::Claim| ClaimEntry {
        id: &claim.id,
        title: &claim.title,
        section: claim.section.expect("shipped claims have a section"),
        expected: claim.expected.word(),
        source: &claim.source,
        theorem: pinned::pins(claim).ok().and_then(|pins| Some(pins.first()?.theorem.clone())),
    };
    let judges = JUDGES.iter().map(|judge| Entry { name: judge.name.into(), summary: judge.summary.into() });
    let formulas = formulas().iter().map(|formula| {
        let own = formula.definitions.iter().filter(|(name, _)| &**name != POLICY);
        let own: String = own.map(|(name, tree)| format!(", {name} = {tree}")).collect();
        Entry { name: formula.name.clone(), summary: format!("{} = {}{own}", formula.label(), formula.text) }
    });
    let modes = PRESETS
        .iter()
        .map(|preset| Entry { name: preset.name.into(), summary: format!("{}: {}", preset.text, preset.note) });
    let compared = STUDIES.iter().map(|study| Entry { name: study.id.into(), summary: study.title.into() });
    let trained = TRAINING_STUDIES.iter().map(|study| Entry { name: study.id.into(), summary: study.title.into() });
    let algorithms =
        ALGORITHMS.iter().map(|algorithm| Entry { name: algorithm.name.into(), summary: algorithm.note.into() });
    let generators = GENERATORS.iter().map(|generator| {
        let keys: Vec<String> = generator.keys().map(|key| format!("{}=", key.name)).collect();
        Entry { name: format!("{}:{}", generator.name, keys.join(",")), summary: generator.summary.into() }
    });
    let forms = FORMS.iter().map(|form| Entry { name: form.example.into(), summary: form.summary.into() });
    Listing {
        schema: 1,
        claims: claims().iter().map(claim).collect(),
        judges: judges.collect(),
        formulas: formulas.collect(),
        modes: modes.collect(),
        studies: compared.chain(trained).collect(),
        algorithms: algorithms.collect(),
        policies: generators.chain(forms).collect(),
    }
}

/// A heading, and a line for each entry.
fn part(title: &str, entries: &[Entry], paint: Paint<'_>) -> String {
    let rows: Vec<_> = entries.iter().map(|entry| vec![entry.name.clone(), entry.summary.clone()]).collect();
    format!("{}\n{}", paint.mark(Tone::Strong, title), list(&rows, 2, paint))
}
