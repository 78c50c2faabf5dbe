//! The studies that can be cited, as their snapshots have them: nothing is run for it.

use crate::cite::{Subject, stored, study_text};
use crate::document::model::{Block, Cell, Column, Kind, Section, Table, code, text};
use crate::document::results::Results;
use crate::study::Study;

use super::precision::{at, lost};

pub fn section(results: &Results<'_>) -> Option<Section> {
    let studies: Vec<Section> = Subject::all().filter(|_| results.studies).filter_map(study).collect();
    (!studies.is_empty()).then(|| Section {
        id: "studies".into(),
        title: "Studies that can be cited".into(),
        blocks: vec![Block::Paragraph(vec![
            text("As their stored snapshots have them; the hashes stand under Provenance. "),
            code("logitlab check HASH"),
            text(" runs a study again and compares the bytes."),
        ])],
        sections: studies,
        ..Section::default()
    })
}

fn study(subject: Subject<'_>) -> Option<Section> {
    if subject.claim().is_some() {
        return None;
    }
    let snapshot = String::from_utf8_lossy(stored::find(subject.id())?);
    let listing = |caption: &str, text: String| Block::Listing { caption: caption.into(), language: "text", text };
    let blocks = match subject {
        Subject::Study(study) => {
            vec![listing("All that decides the figures", subject.statement()), Block::Table(figures(study, &snapshot))]
        }
        // Its figures have a form of their own.
        _ => vec![listing("The snapshot", snapshot.to_string())],
    };
    Some(Section { id: subject.id().into(), title: subject.title().into(), blocks, ..Section::default() })
}

fn figures(study: &Study, snapshot: &str) -> Table {
    let cell = |(column, word): (usize, String)| match column {
        0 | 1 => Cell::of(code(word)),
        _ => {
            let value = word.parse().unwrap_or(0.0);
            Cell::number(word, value)
        }
    };
    Table {
        id: format!("figures-{}", study.id),
        caption: format!("{}: decimal digits left in the worst case; last, where the result is lost", study.title),
        columns: [Column::new("mode", Kind::Word), Column::new("formula", Kind::Word)]
            .into_iter()
            .chain(study.rests.iter().map(|&rest| at(rest)))
            .chain([lost()])
            .collect(),
        rows: study_text::figures(snapshot)
            .map(|row| row.into_iter().map(str::to_string).enumerate().map(cell).collect())
            .collect(),
        browsable: true,
    }
}
