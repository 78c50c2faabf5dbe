//! Lines no wider than a terminal: broken at blanks, never within a word or a number.

use super::style::Paint;

/// Characters that a column of text needs at least; with less, it goes on at the left.
pub const LEAST: usize = 24;

/// The columns that a text takes where it is shown; what colours it takes none.
pub fn columns(text: &str) -> usize {
    let mut count = 0;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            // A sequence ends with its first letter.
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            count += 1;
        }
    }
    count
}

/// A text behind `at` columns in lines of at most `width`, each after the first behind `lead`; those before the last
/// end with `tail`.
fn broken(text: &str, at: usize, width: usize, tail: &str, lead: &str) -> String {
    let mut out = String::new();
    let mut used = at;
    let mut words = text.split(' ').peekable();
    let mut is_first = true;
    while let Some(first) = words.next() {
        let mut word = first.to_string();
        // A unit stands with its number.
        while let Some(unit) = words.next_if(|next| next.starts_with('%') && !word.is_empty()) {
            word = word + " " + unit;
        }
        let size = columns(&word);
        if is_first {
            is_first = false;
        } else if used + 1 + size + tail.len() > width {
            out.truncate(out.trim_end_matches(' ').len());
            out = out + tail + "\n" + lead;
            used = lead.len();
        } else {
            out.push(' ');
            used += 1;
        }
        out += &word;
        used += size;
    }
    out
}

/// Text in lines of at most `most` characters or those of the terminal, each after the first indented.
pub fn paragraph(text: &str, indent: usize, most: usize, paint: Paint<'_>) -> String {
    let width = paint.width().map_or(most, |width| width.min(most));
    broken(text, indent, width, "", &" ".repeat(indent))
}

/// Lines that are set for a page of any width: on a terminal set again as one paragraph, those after the first
/// indented.
pub fn note(lines: &str, indent: usize, paint: Paint<'_>) -> String {
    let Some(width) = paint.width() else { return lines.to_string() };
    let words: Vec<&str> = lines.split_whitespace().collect();
    broken(&words.join(" "), 0, width, "", &" ".repeat(indent))
}

/// Text for the rest of a line, `at` columns of which are taken: it goes on below itself, if there is room.
pub fn beside(text: &str, at: usize, paint: Paint<'_>) -> String {
    let Some(width) = paint.width() else { return text.to_string() };
    let indent = if at + LEAST <= width { at } else { 4 };
    broken(text, at, width, "", &" ".repeat(indent))
}

/// A text whose lines fit a terminal; one that is too wide goes on in the next, further right.
pub fn fitted(text: &str, width: usize) -> String {
    let line = |line: &str| {
        if columns(line) <= width {
            return line.to_string();
        }
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let further = " ".repeat(indent + 2);
        let (tail, lead) = match content {
            // A comment stays one, and a command can be copied.
            _ if content.starts_with("# ") => ("", "#   "),
            _ if content.starts_with("$ ") => (" \\", further.as_str()),
            _ => ("", further.as_str()),
        };
        " ".repeat(indent) + &broken(content, indent, width, tail, lead)
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_alone() {
        assert_eq!(fitted("  alpha beta 0.123456 gamma", 16), "  alpha beta\n    0.123456\n    gamma");
        assert_eq!(fitted("# found by a search", 12), "# found by a\n#   search");
        assert_eq!(fitted("0.12345678901234567890", 10), "0.12345678901234567890");
        assert_eq!(fitted("$ logitlab check sha256:0", 20), "$ logitlab check \\\n  sha256:0");
        assert_eq!(fitted("in the worst 5 % of all", 15), "in the worst\n  5 % of all");
        assert_eq!(fitted("short\n\nlines\n", 5), "short\n\nlines\n");
    }

    #[test]
    fn colours_take_no_room() {
        let coloured = "\u{1b}[1mbold\u{1b}[0m text";
        assert_eq!((columns(coloured), fitted(coloured, 9)), (9, coloured.to_string()));
    }
}
