//! What prints, whatever the subject: text with tones, tables, widths of characters, plots.

pub mod plot;
mod style;
pub mod table;
pub mod text;
pub mod width;
pub mod wrap;
