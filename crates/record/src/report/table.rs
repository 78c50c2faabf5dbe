//! Tables of short cells, as wide as a terminal at most, and the fields of CSV.

use std::ops::Range;

use super::text::{Paint, Tone};
use super::wrap::{LEAST, beside};

/// Blanks between columns.
const GAP: usize = 2;

/// Rows with a name each, and columns that are as wide as they have to be.
pub fn grid(corner: &str, columns: &[&str], rows: &[(&str, Vec<String>)], paint: Paint<'_>) -> String {
    let head = std::iter::once(corner).chain(columns.iter().copied()).map(String::from).collect();
    let rows =
        rows.iter().map(|(name, cells)| std::iter::once(name.to_string()).chain(cells.iter().cloned()).collect());
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    // In bytes, of which `±` has two: a blank more is no harm.
    Table { rows: &rows, names: 1, size: str::len, is_right: true, head: Some(Tone::Faint), indent: 0 }.text(paint)
}

/// Rows of words, the first one their headings; the first `names` columns together name a row.
pub fn headed(rows: &[Vec<String>], names: usize, head: Tone, paint: Paint<'_>) -> String {
    Table { rows, names, size: characters, is_right: false, head: Some(head), indent: 0 }.text(paint)
}

/// Rows of words without headings, all of them so far to the right.
pub fn list(rows: &[Vec<String>], indent: usize, paint: Paint<'_>) -> String {
    Table { rows, names: 1, size: characters, is_right: false, head: None, indent }.text(paint)
}

fn characters(cell: &str) -> usize {
    cell.chars().count()
}

struct Table<'a> {
    rows: &'a [Vec<String>],
    /// How many of the first columns stand before the others wherever these go on below.
    names: usize,
    /// How wide a cell is.
    size: fn(&str) -> usize,
    /// Whether all cells but those of the first column stand at the right of their columns.
    is_right: bool,
    /// How the first row stands out, if it has the headings.
    head: Option<Tone>,
    indent: usize,
}

impl Table<'_> {
    fn text(&self, paint: Paint<'_>) -> String {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| self.cells(column).map(self.size).max().unwrap_or(0);
        let widths: Vec<usize> = (0..count).map(width).collect();
        let parts: Vec<String> =
            self.parts(&widths, paint.width()).into_iter().map(|part| self.part(part, &widths, paint)).collect();
        parts.join("\n")
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| row.get(column)).map(String::as_str)
    }

    /// The columns beside the names that stand side by side: all that fit, or so many that the last one can be set in
    /// several lines.
    fn parts(&self, widths: &[usize], available: Option<usize>) -> Vec<Range<usize>> {
        let (count, names) = (widths.len(), self.names.min(widths.len()));
        let all = || std::iter::once(names..count).collect();
        let Some(available) = available else { return all() };
        // The first column has no gap before it.
        let size = |columns: Range<usize>| {
            let all = (0..names).chain(columns).map(|column| widths[column] + GAP).sum::<usize>();
            (self.indent + all).saturating_sub(GAP)
        };
        let word =
            |column: usize| self.cells(column).flat_map(|cell| cell.split(' ')).map(characters).max().unwrap_or(0);
        let flows = |columns: Range<usize>| {
            let (last, before) = (columns.end - 1, columns.start..columns.end - 1);
            let room = available.saturating_sub(size(before) + GAP);
            !self.is_right && widths[last] > LEAST && room >= LEAST.max(word(last))
        };
        let mut parts = Vec::new();
        let mut start = names;
        while start < count {
            let end = (start + 1..=count).rev().find(|&end| size(start..end) <= available || flows(start..end));
            let end = end.unwrap_or(start + 1);
            parts.push(start..end);
            start = end;
        }
        if parts.is_empty() { all() } else { parts }
    }

    /// The names and some other columns.
    fn part(&self, columns: Range<usize>, widths: &[usize], paint: Paint<'_>) -> String {
        let names = 0..self.names.min(widths.len());
        let mut out = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            // Of what went on below, a row without words says nothing.
            let is_blank = columns.clone().all(|column| row.get(column).is_none_or(String::is_empty));
            if is_blank && !self.is_right && columns.start > names.end {
                continue;
            }
            let mut line = " ".repeat(self.indent);
            for column in names.clone().chain(columns.clone()) {
                let Some(cell) = row.get(column) else { break };
                let width = widths[column];
                if column > 0 {
                    line += &" ".repeat(GAP);
                }
                line += &match self.is_right && column > 0 {
                    true => format!("{cell:>width$}"),
                    false if column + 1 == columns.end => beside(cell, characters(&line), paint),
                    false => format!("{cell:width$}"),
                };
            }
            match self.head.filter(|_| index == 0) {
                // Of right columns the last one ends with its heading.
                Some(tone) if self.is_right => out += &paint.mark(tone, &line),
                Some(tone) => out += &paint.mark(tone, line.trim_end()),
                None => out += line.trim_end(),
            }
            out.push('\n');
        }
        out
    }
}

/// A CSV field: quoted where it has to be, and never a formula to a spreadsheet.
pub fn quoted(text: &str) -> String {
    let special = text.contains([',', '"', '\n', '\r']);
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_string() };
    if special { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::{Style, plain};

    struct Narrow(usize);

    impl Style for Narrow {
        fn mark(&self, tone: Tone, text: &str) -> String {
            plain(tone, text)
        }

        fn width(&self) -> Option<usize> {
            Some(self.0)
        }
    }

    #[test]
    fn columns_that_do_not_fit_stand_below() {
        let rows = [("bf16", vec!["0.123".to_string(), "0.456".into()]), ("f32", vec!["1".into(), "2".into()])];
        let all = grid("mode", &["one", "two"], &rows, &plain);
        assert_eq!(all, "mode    one    two\nbf16  0.123  0.456\nf32       1      2\n");
        assert_eq!(grid("mode", &["one", "two"], &rows, &Narrow(18)), all);
        let below = "mode    one\nbf16  0.123\nf32       1\n\nmode    two\nbf16  0.456\nf32       2\n";
        assert_eq!(grid("mode", &["one", "two"], &rows, &Narrow(17)), below);
        // What fits nowhere is not cut.
        assert_eq!(grid("mode", &["one", "two"], &rows, &Narrow(5)), below);
    }

    #[test]
    fn names_stand_before_what_goes_on_below() {
        let row = |cells: [&str; 4]| cells.map(String::from).to_vec();
        let rows = [row(["value", "format", "result", "flags"]), row(["0.1", "bf16", "0.10009765625", "inexact"])];
        let set = headed(&rows, 2, Tone::Strong, &Narrow(30));
        assert_eq!(
            set,
            "value  format  result\n0.1    bf16    0.10009765625\n\nvalue  format  flags\n0.1    bf16    inexact\n"
        );
    }

    #[test]
    fn a_last_column_of_words_goes_on_below_itself() {
        let rows = [vec!["a".to_string(), "one two three four five six seven".into()], vec!["bb".into(), "x".into()]];
        assert_eq!(list(&rows, 2, &plain), "  a   one two three four five six seven\n  bb  x\n");
        assert_eq!(list(&rows, 2, &Narrow(30)), "  a   one two three four five\n      six seven\n  bb  x\n");
    }
}
