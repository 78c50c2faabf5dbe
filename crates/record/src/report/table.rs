//! Tables of short cells, and the fields of CSV.

use std::fmt::Write as _;

use super::text::{Paint, Tone};

/// Rows with a name each, and columns that are as wide as they have to be.
pub fn grid(corner: &str, columns: &[&str], rows: &[(&str, Vec<String>)], paint: Paint<'_>) -> String {
    let first = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(corner.len());
    let width = |(index, head): (usize, &&str)| {
        let own = rows.iter().filter_map(|(_, cells)| cells.get(index)).map(String::len);
        own.max().unwrap_or(0).max(head.len())
    };
    let widths: Vec<usize> = columns.iter().enumerate().map(width).collect();
    let line = |name: &str, cells: &mut dyn Iterator<Item = &str>| {
        let mut line = format!("{name:first$}");
        for (cell, width) in cells.zip(&widths) {
            line += &format!("  {cell:>width$}");
        }
        line
    };
    let mut out = String::new();
    _ = writeln!(out, "{}", paint(Tone::Faint, &line(corner, &mut columns.iter().copied())));
    for (name, cells) in rows {
        _ = writeln!(out, "{}", line(name, &mut cells.iter().map(String::as_str)).trim_end());
    }
    out
}

/// A CSV field: quoted where it has to be, and never a formula to a spreadsheet.
pub fn quoted(text: &str) -> String {
    let special = text.contains([',', '"', '\n', '\r']);
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_string() };
    if special { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
