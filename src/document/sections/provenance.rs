//! Provenance: which program found this, with which parameters, and the hashes by which claims and studies are cited.

use crate::cite::{Citation, Subject, VERSION};
use crate::document::model::{Block, Cell, Column, Inline, Kind, Number, Section, Table, code, text};
use crate::document::results::{Results, Verified};

pub fn section(results: &Results<'_>) -> Option<Section> {
    let mut blocks = vec![Block::List(program(results))];
    let citations = citations(results);
    if !citations.is_empty() {
        let about = "A snapshot is the canonical text of a claim with its derivation and evidence, or of a study. The \
                     hashes are those of the snapshots that this version ships; what a paper cites is the SHA-256, and ";
        blocks.push(Block::Paragraph(vec![
            text(about),
            code("logitlab check sha256:HASH"),
            text(" derives it again."),
        ]));
        blocks.push(Block::Table(snapshots(&citations)));
    }
    Some(Section {
        id: "provenance".into(),
        title: "Provenance".into(),
        blocks,
        numbers: vec![Number::new("version", VERSION, "version of logitlab")],
        ..Section::default()
    })
}

/// The citations of all that the document shows and the crate ships.
pub fn citations(results: &Results<'_>) -> Vec<Citation<'static>> {
    let shown = |subject: &Subject<'static>| match subject {
        Subject::Claim(claim) => results
            .verified
            .as_ref()
            // A claim from a file may have the id of one that is shipped.
            .is_some_and(|verified| verified.claims.iter().any(|shown| std::ptr::eq(*shown, *claim))),
        Subject::Study(_) | Subject::Training(_) => results.studies,
    };
    Subject::all().filter(shown).filter_map(Citation::of).collect()
}

fn program(results: &Results<'_>) -> Vec<Vec<Inline>> {
    let mut items = vec![
        vec![text(format!("logitlab {VERSION}"))],
        vec![text("command: "), code(&results.command)],
        vec![text("paper: arXiv:2506.12912, Logit Dynamics in Softmax Policy Gradient Methods")],
    ];
    if let Some(verified) = &results.verified {
        items.push(vec![text(options(verified))]);
    }
    for compared in &results.compared {
        let text_of = format!("comparison: K = {}, {} policies, seed {}", compared.k, compared.cases, compared.seed);
        items.push(vec![text(text_of)]);
    }
    items
}

fn options(verified: &Verified<'_>) -> String {
    let options = &verified.options;
    let policy = options.policy.as_ref().map_or(String::new(), |spec| format!(", policies {spec}"));
    let formats: Vec<String> = options.formats.iter().map(ToString::to_string).collect();
    let formats = if formats.is_empty() { String::new() } else { format!(", formats {}", formats.join(", ")) };
    format!(
        "judges: {} cases, seed {}, intervals from {} bits on{policy}{formats}",
        options.cases, options.seed, options.bits
    )
}

fn snapshots(citations: &[Citation<'_>]) -> Table {
    let row = |citation: &Citation<'_>| {
        vec![
            Cell::of(code(citation.id)),
            Cell::text(citation.kind),
            Cell::of(Inline::Hash(citation.sha256.clone())),
            Cell::of(Inline::Hash(citation.swhid.clone())),
        ]
    };
    Table {
        id: "snapshots".into(),
        caption: "Snapshots and their hashes".into(),
        columns: vec![
            Column::new("id", Kind::Word),
            Column::new("kind", Kind::Word),
            Column::new("SHA-256", Kind::Prose),
            Column::new("SWHID", Kind::Prose),
        ],
        rows: citations.iter().map(row).collect(),
        browsable: false,
    }
}
