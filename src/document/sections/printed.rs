//! What further commands found, as they print it.

use crate::document::model::{Block, Section};
use crate::document::results::{Printed, Results};

pub fn section(results: &Results<'_>) -> Option<Section> {
    let one = |(place, printed): (usize, &Printed)| Section {
        id: format!("result-{}", place + 1),
        title: printed.title.clone(),
        blocks: vec![Block::Listing { caption: String::new(), language: "text", text: printed.text.clone() }],
        ..Section::default()
    };
    let parts: Vec<Section> = results.printed.iter().enumerate().map(one).collect();
    (!parts.is_empty()).then(|| Section {
        id: "results".into(),
        title: "Results".into(),
        sections: parts,
        ..Section::default()
    })
}
