//! Documents that people look at: results as one plain [`Document`], and what is made of it: a page for a browser, a
//! folder for a paper, Markdown.
//!
//! [`Results`] go into [`document`], which asks every entry of [`SECTIONS`] for its section; [`html`], [`latex`] and
//! [`markdown`] render the same document. Each of them escapes text by a type of its own that can hold nothing else,
//! and none knows of the others. The same results give the same bytes: there is no time, path or duration in a
//! document.

pub mod html;
pub mod latex;
pub mod markdown;
pub mod model;
pub mod results;
pub mod sections;

pub use model::Document;
pub use results::{Printed, Results, Verified};
pub use sections::SECTIONS;

use model::{Block, code, text};

/// The document of these results.
pub fn document(results: &Results<'_>) -> Document {
    let lead = vec![
        text("What "),
        code(&results.command),
        text(" found. Every number here was computed by that command, or comes from a snapshot whose hash is given."),
    ];
    Document {
        title: results.title.clone(),
        lead: vec![Block::Paragraph(lead)],
        sections: SECTIONS.iter().filter_map(|section| section(results)).collect(),
    }
}
