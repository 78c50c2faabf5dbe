//! Errors in texts, with the line and a caret.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::expr::SyntaxError;

/// Lines longer than this are cut around the error.
const LONG_LINE: usize = 200;

/// The error as a person wants it: what, file, line, column, the line itself with a caret.
pub fn syntax(file: &str, text: &str, error: &SyntaxError) -> String {
    let (line, column) = error.position(text);
    let start = text[..error.span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    // Only the line itself is shown, and of a very long one what stands around the error.
    let from =
        if end - start > LONG_LINE { boundary(text, error.span.start.saturating_sub(60).max(start)) } else { start };
    let to = boundary(text, end.min(from + LONG_LINE));
    let shown = text[from..to].trim_end_matches('\r').replace('\t', " ");
    let low = (error.span.start - from).min(shown.len());
    let high = (error.span.end.max(error.span.start) - from).clamp(low, shown.len());
    let snippet = Snippet::source(shown.as_str())
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(low..high).label("here"));
    let title = error.problem.to_string();
    let report = [Level::ERROR.primary_title(&title).element(snippet)];
    let renderer = Renderer::styled();
    let rendered = renderer.render(&report);
    // The path with the position stands in a line of its own, as compilers write it.
    let (head, body) = rendered.split_once('\n').unwrap_or((&rendered, ""));
    format!("{head}\n  --> {file}:{line}:{column}\n{body}")
}

/// The nearest character boundary at or before a byte.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
