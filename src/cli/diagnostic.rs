//! Texts that users give, and errors in them with the line and a caret.

use std::io::Read;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::Failure;
use crate::expr::lexer::MAX_LENGTH;
use crate::expr::{Span, SyntaxError};
use crate::text::is_invisible;

/// Lines longer than this are cut around the error.
const LONG_LINE: usize = 200;

/// A text that a user gave and what it is called, so that every place in it can be shown.
pub struct Text {
    /// Its file, or what else people call it.
    pub file: String,
    /// The text.
    pub text: String,
}

impl Text {
    /// What standard input is called.
    pub const STANDARD_INPUT: &str = "standard input";

    /// The text of a file or, as `-`, of standard input, cut beyond the longest text that is read.
    pub fn read(name: &str) -> Result<Text, Failure> {
        Text::read_most(name, MAX_LENGTH as u64 + 1)
    }

    /// The same, cut beyond so many bytes.
    pub fn read_most(name: &str, limit: u64) -> Result<Text, Failure> {
        let mut bytes = Vec::new();
        let (file, result) = if name == "-" {
            (Text::STANDARD_INPUT, std::io::stdin().lock().take(limit).read_to_end(&mut bytes))
        } else {
            (name, std::fs::File::open(name).and_then(|file| file.take(limit).read_to_end(&mut bytes)))
        };
        result.map_err(|error| format!("cannot read {file}: {error}"))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Text { file: file.to_string(), text }),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(format!("{file} is not a text in UTF-8: byte {at} (counted from 0) is not valid").into())
            }
        }
    }

    /// What was given as an argument.
    pub fn given(what: &str, text: &str) -> Text {
        Text { file: what.to_string(), text: text.to_string() }
    }

    /// An error in it: what, file, line, column, the line itself with a caret.
    pub fn refuse(&self, error: &SyntaxError) -> Failure {
        self.refuse_with(error, "")
    }

    /// The same, and below it what can be done.
    pub fn refuse_with(&self, error: &SyntaxError, help: &str) -> Failure {
        Failure::Diagnosed(self.at(error.span, &error.problem.to_string()) + help)
    }

    /// A message about a place in it.
    pub fn at(&self, span: Span, message: &str) -> String {
        at(&self.file, &self.text, span, message)
    }
}

/// A message about a place in a text.
fn at(file: &str, text: &str, span: Span, message: &str) -> String {
    let (line, column) = span.position(text);
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    // Only the line itself is shown, and of a very long one what stands around the error.
    let from = if end - start > LONG_LINE { boundary(text, span.start.saturating_sub(60).max(start)) } else { start };
    let to = boundary(text, end.min(from + LONG_LINE));
    let line_end = from + text[from..to].trim_end_matches('\r').len();
    let shown = visible(&text[from..line_end]);
    // What stands before a place may be wider where it is shown.
    let shown_at = |at: usize| visible(&text[from..boundary(text, at.clamp(from, line_end))]).len();
    let low = shown_at(span.start);
    let high = shown_at(span.end).max(low);
    let snippet = Snippet::source(shown.as_str())
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(low..high).label("here"));
    let report = [Level::ERROR.primary_title(message).element(snippet)];
    let renderer = Renderer::styled();
    let rendered = renderer.render(&report);
    // The path with the position stands in a line of its own, as compilers write it.
    let (head, body) = rendered.split_once('\n').unwrap_or((&rendered, ""));
    format!("{head}\n  --> {file}:{line}:{column}\n{body}")
}

/// A part of a line in which nothing is hidden: what nobody sees is a sign of its own.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if is_invisible(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// The nearest character boundary at or before a byte.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
