//! How a message repeats what it was given: a file's own words may hold terminal escapes or be megabytes long.

use std::fmt;
use std::path::Path;

/// Characters of a name from a file that a message repeats.
const TEXT_LIMIT: usize = 80;
/// Characters of a parser's complaint, which may repeat any part of the file.
const COMPLAINT_LIMIT: usize = 300;
/// Dimensions of a shape that a message repeats.
const SHAPE_LIMIT: usize = 8;

/// Text from a file: unprintable characters escaped, the end cut off when it is long.
pub(super) struct Text<'a>(pub &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        shorten(self.0, TEXT_LIMIT, f)
    }
}

/// What is wrong with a JSON header: first the place, which must not be cut off, then the parser's complaint.
pub(super) struct Json<'a>(pub &'a serde_json::Error);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.0.line(), self.0.column(), Complaint(&complaint(self.0)))
    }
}

/// What is wrong with JSON, without the place.
pub(super) fn complaint(error: &serde_json::Error) -> String {
    let complaint = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    complaint.strip_suffix(&place).unwrap_or(&complaint).to_string()
}

/// What a parser says of a file: unprintable characters escaped, the end cut off when it is very long.
pub(super) struct Complaint<'a>(pub &'a str);

impl fmt::Display for Complaint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        shorten(self.0, COMPLAINT_LIMIT, f)
    }
}

/// A path in backquotes: unprintable characters escaped, never cut, because the user has to find the file.
pub(super) struct File<'a>(pub &'a Path);

impl fmt::Display for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == Path::new("-") {
            return f.write_str("standard input");
        }
        f.write_str("`")?;
        escape(self.0.to_string_lossy().chars(), f)?;
        f.write_str("`")
    }
}

/// A shape as `[3, 4]`, cut off when a hostile one has thousands of dimensions.
pub(super) struct Shape<'a>(pub &'a [u64]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (i, dimension) in self.0.iter().take(SHAPE_LIMIT).enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{dimension}")?;
        }
        match self.0.len().checked_sub(SHAPE_LIMIT) {
            None | Some(0) => f.write_str("]"),
            Some(more) => write!(f, ", ... {more} more]"),
        }
    }
}

fn shorten(text: &str, limit: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    escape(text.chars().take(limit), f)?;
    if text.chars().nth(limit).is_some() { f.write_str("...") } else { Ok(()) }
}

fn escape(characters: impl Iterator<Item = char>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for c in characters {
        // Quotes and backslashes are harmless on a terminal and would only make a path unrecognisable.
        if matches!(c, '\'' | '"' | '\\') { write!(f, "{c}")? } else { write!(f, "{}", c.escape_debug())? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_are_spelled_out() {
        assert_eq!(Text("a\u{1b}[2J\u{202e}'b'\n").to_string(), r"a\u{1b}[2J\u{202e}'b'\n");
        assert_eq!(File(Path::new("-")).to_string(), "standard input");
        assert_eq!(File(Path::new("d\\ir/\u{7}.npy")).to_string(), r"`d\ir/\u{7}.npy`");
    }

    #[test]
    fn long_text_is_cut() {
        let exact = "é".repeat(TEXT_LIMIT);
        assert_eq!(Text(&exact).to_string(), exact);
        assert_eq!(Text(&format!("{exact}é")).to_string(), format!("{exact}..."));
    }

    #[test]
    fn json_places_come_first() {
        let error = serde_json::from_str::<u8>("\n\"\u{7f}a\"").unwrap_err();
        assert_eq!(Json(&error).to_string(), r#"line 2, column 4: invalid type: string "\u{7f}a", expected u8"#);
    }

    #[test]
    fn long_shapes_are_cut() {
        assert_eq!(Shape(&[]).to_string(), "[]");
        assert_eq!(Shape(&[1; 8]).to_string(), "[1, 1, 1, 1, 1, 1, 1, 1]");
        assert_eq!(Shape(&[1; 10]).to_string(), "[1, 1, 1, 1, 1, 1, 1, 1, ... 2 more]");
    }
}
