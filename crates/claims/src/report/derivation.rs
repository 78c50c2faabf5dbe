//! A claim with its derivation: as lines in a plain notation, and as data for JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::text::{Paint, Tone};
use crate::claims::{Claim, Section};
use crate::expr::{Notation, TEXT};
use crate::proof::Script;
use crate::proof::script::{self, Item};

/// The claim as its file has it. In the notation [`TEXT`] it reads back as the same claim.
pub fn plain(claim: &Claim, notation: &Notation, paint: Paint<'_>) -> String {
    let mut out = String::new();
    _ = writeln!(out, "claim  {}", paint.mark(Tone::Strong, &claim.id));
    _ = writeln!(out, "title  \"{}\"", claim.title);
    if !claim.source.is_empty() {
        _ = writeln!(out, "source \"{}\"", claim.source);
    }
    out += &notation.print(&claim.statement);
    _ = writeln!(out, "expect {}", claim.expected.word());
    if let Some(script) = &claim.proof {
        out += &notation.print(script);
    }
    out
}

/// A claim as data; every expression is text of the language.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    schema: u32,
    id: &'a str,
    title: &'a str,
    source: &'a str,
    section: Option<Section>,
    expected: &'static str,
    given: Vec<String>,
    definitions: Vec<String>,
    show: Vec<String>,
    /// Empty where the claim has no derivation.
    proof: Vec<Part<'a>>,
}

/// A part of a derivation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Part<'a> {
    Chain {
        #[serde(skip_serializing_if = "Option::is_none")]
        lemma: Option<&'a str>,
        start: String,
        steps: Vec<Step<'a>>,
    },
    Goal {
        #[serde(skip_serializing_if = "Option::is_none")]
        lemma: Option<&'a str>,
        show: String,
        proof: Vec<Part<'a>>,
    },
    Choose {
        action: &'a str,
        with: String,
    },
    Case(Branch<'a>),
    Assume(Branch<'a>),
}

#[derive(Debug, Serialize)]
struct Branch<'a> {
    proposition: String,
    proof: Vec<Part<'a>>,
}

#[derive(Debug, Serialize)]
struct Step<'a> {
    relation: &'static str,
    to: String,
    by: Vec<&'a str>,
}

/// The claim as data.
pub fn document(claim: &Claim) -> Document<'_> {
    let statement = &claim.statement;
    let declared = statement.variables.iter().map(|(name, sort)| format!("{name} : {}", sort.word()));
    Document {
        schema: 1,
        id: &claim.id,
        title: &claim.title,
        source: &claim.source,
        section: claim.section,
        expected: claim.expected.word(),
        given: declared.chain(statement.hypotheses.iter().map(ToString::to_string)).collect(),
        definitions: statement.definitions.iter().map(|(name, tree)| format!("{name} = {tree}")).collect(),
        show: statement.shows.iter().map(ToString::to_string).collect(),
        proof: claim.proof.as_ref().map(parts).unwrap_or_default(),
    }
}

fn parts(script: &Script) -> Vec<Part<'_>> {
    let items = script.items.iter().map(|item| match item {
        Item::Chain(label, chain) => Part::Chain {
            lemma: label.as_deref(),
            start: chain.start.to_string(),
            steps: chain
                .steps
                .iter()
                .map(|step| Step {
                    relation: TEXT.relation(step.relation),
                    to: step.to.to_string(),
                    by: step.rule_names(),
                })
                .collect(),
        },
        Item::Goal(label, goal, _, script) => {
            Part::Goal { lemma: label.as_deref(), show: goal.to_string(), proof: parts(script) }
        }
        Item::Choose(name, property, _) => Part::Choose { action: name, with: property.to_string() },
    });
    let cases = script.cases.iter().map(|branch| Part::Case(branched(branch)));
    let assumptions = script.assumptions.iter().map(|branch| Part::Assume(branched(branch)));
    items.chain(cases).chain(assumptions).collect()
}

fn branched(branch: &script::Branch) -> Branch<'_> {
    Branch { proposition: branch.prop.to_string(), proof: parts(&branch.script) }
}
