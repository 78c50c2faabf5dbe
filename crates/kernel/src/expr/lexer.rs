//! Text to tokens, each with its place. What is read is what is shown: characters that nobody sees are refused wherever
//! they stand, and letters that look like others.

use super::error::{Problem, Span, SyntaxError};
use crate::text::characters::{hidden, look_alike, misread};

/// The longest text that is read, in bytes.
pub const MAX_LENGTH: usize = 1 << 18;

/// The most digits of a number: reading them takes time that grows with the square.
pub const MAX_DIGITS: usize = 1000;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// Digits, perhaps with a decimal part.
    Number,
    /// Text between double quotes.
    Text,
    /// An operator or a bracket.
    Symbol,
    /// After the last token.
    End,
}

/// A token: its kind and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// The byte order mark with which some editors start a file.
const MARK: char = '\u{feff}';

/// Symbols, longest first so that the first match is the right one.
const SYMBOLS: &[&str] = &[
    "<=>", "=>", "<=", ">=", "!=", ".*", "./", "+", "-", "*", "/", "^", "(", ")", "[", "]", "|", "<", ">", "=", ",",
    ":", "~", ".",
];

/// Splits a text into tokens, the last of which is [`Kind::End`]. `#` starts a comment that ends with the line. A line
/// ends with a line feed, alone or after a carriage return.
///
/// # Errors
/// At a character that nobody sees or that is taken for another, in comments and strings too; at one that the language
/// does not use; at an unclosed string; on a text beyond [`MAX_LENGTH`].
pub fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    if text.len() > MAX_LENGTH {
        let problem = Problem::TooLong { found: text.len(), max: MAX_LENGTH };
        return Err(SyntaxError::new(problem, Span::default()));
    }
    refuse_hidden(text)?;
    let mut tokens = Vec::new();
    let mut at = if text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if matches!(first, ' ' | '\t' | '\r' | '\n') {
            at += 1;
            continue;
        } else if first == '#' {
            let length = rest.find('\n').unwrap_or(rest.len());
            refuse_misread(&rest[..length], at)?;
            at += length;
            continue;
        } else if first.is_ascii_alphabetic() || first == '_' {
            let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '\'';
            let length = length_while(rest, in_name);
            push(&mut tokens, Kind::Word, at, length + subscript(rest, length))
        } else if first.is_ascii_digit() {
            let length = number_length(rest);
            if length > MAX_DIGITS {
                let problem = Problem::Digits { found: length, max: MAX_DIGITS };
                return Err(SyntaxError::new(problem, Span { start: at, end: at + length }));
            }
            push(&mut tokens, Kind::Number, at, length)
        } else if first == '"' {
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            match line[1..].find('"') {
                Some(end) => {
                    let quoted = &line[..end + 2];
                    refuse_misread(quoted, at)?;
                    push(&mut tokens, Kind::Text, at, quoted.len())
                }
                None => {
                    let end = at + line.trim_end().len();
                    return Err(SyntaxError::new(Problem::OpenString, Span { start: at, end }));
                }
            }
        } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            push(&mut tokens, Kind::Symbol, at, symbol.len())
        } else {
            return Err(character(first, at));
        };
        at += length;
    }
    // What is missing at the end is missing after the last word, not after the blank lines that follow.
    let end = tokens.last().map_or(0, |last| last.span.end);
    push(&mut tokens, Kind::End, end, 0);
    Ok(tokens)
}

/// The length of `{c}` after `P_`, which stands together with it.
fn subscript(rest: &str, name: usize) -> usize {
    let inside = rest[name..].strip_prefix('{').filter(|_| rest[..name].ends_with('_')).unwrap_or_default();
    match inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '\'') {
        Some(end) if end > 0 && inside[end..].starts_with('}') => end + 2,
        _ => 0,
    }
}

/// Refuses what nobody sees, but for a byte order mark at the start and carriage returns before line feeds.
fn refuse_hidden(text: &str) -> Result<(), SyntaxError> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let ends_line = c == '\r' && characters.peek().is_some_and(|(_, next)| *next == '\n');
        if hidden(c).is_some() && !ends_line && !(at == 0 && c == MARK) {
            return Err(problem_at(Problem::Hidden(c), c, at));
        }
    }
    Ok(())
}

/// Refuses prose, which starts at `at`, with letters that are taken for others.
fn refuse_misread(prose: &str, at: usize) -> Result<(), SyntaxError> {
    misread(prose).map_or(Ok(()), |(offset, c)| Err(problem_at(Problem::LookAlike(c), c, at + offset)))
}

fn character(c: char, at: usize) -> SyntaxError {
    problem_at(if look_alike(c).is_some() { Problem::LookAlike(c) } else { Problem::Character(c) }, c, at)
}

fn problem_at(problem: Problem, c: char, at: usize) -> SyntaxError {
    SyntaxError::new(problem, Span { start: at, end: at + c.len_utf8() })
}

fn push(tokens: &mut Vec<Token>, kind: Kind, start: usize, length: usize) -> usize {
    tokens.push(Token { kind, span: Span { start, end: start + length } });
    length
}

fn length_while(text: &str, test: impl Fn(char) -> bool) -> usize {
    text.find(|c| !test(c)).unwrap_or(text.len())
}

/// Digits, then a decimal part only if a digit follows the point: `1.*v` is `1 .* v`.
fn number_length(text: &str) -> usize {
    let whole = length_while(text, |c| c.is_ascii_digit());
    let decimals = match text[whole..].strip_prefix('.') {
        Some(rest) => length_while(rest, |c| c.is_ascii_digit()),
        None => 0,
    };
    if decimals > 0 { whole + 1 + decimals } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).unwrap().iter().map(|token| &text[token.span.start..token.span.end]).collect()
    }

    #[test]
    fn longest_symbol_wins() {
        assert_eq!(words("a<=>b<=c 1.*v 1.5 # end"), ["a", "<=>", "b", "<=", "c", "1", ".*", "v", "1.5", ""]);
    }

    #[test]
    fn skips_what_editors_add() {
        assert_eq!(words("\u{feff}a\r\n\tb # c\r\n\n"), ["a", "b", ""]);
    }

    #[test]
    fn the_end_follows_the_last_token() {
        assert_eq!(tokens("a b \n\n# c\n").unwrap().last().unwrap().span, Span { start: 3, end: 3 });
        assert_eq!(tokens(" \n").unwrap().last().unwrap().span, Span::default());
    }

    #[test]
    fn rejects_with_the_place() {
        let error = tokens("a + ?").unwrap_err();
        assert_eq!((error.problem, error.span), (Problem::Character('?'), Span { start: 4, end: 5 }));
        assert_eq!(tokens("title \"x\ny").unwrap_err().problem, Problem::OpenString);
    }

    #[test]
    fn what_nobody_sees_is_refused_wherever_it_stands() {
        let refused = |text: &str| {
            let error = tokens(text).expect_err(text);
            (error.problem, error.span.start)
        };
        for hidden in "\r\u{b}\u{c}\u{85}\u{2028}\u{2029}\u{202e}\u{2066}\u{200b}\u{ad}\u{fe0f}\u{feff}\0".chars() {
            for (before, after) in [("# ", " b\n"), ("\"", "\""), ("a", "b"), ("1", "2"), ("", ""), ("a\n", "b\n")] {
                let text = format!("x {before}{hidden}{after}");
                assert_eq!(refused(&text), (Problem::Hidden(hidden), 2 + before.len()), "{text:?}");
            }
        }
        assert_eq!(refused("a # b\r"), (Problem::Hidden('\r'), 5));
        assert_eq!(refused("\u{feff}\u{feff}a"), (Problem::Hidden('\u{feff}'), 3));
        assert_eq!(refused("# s\u{43e}ft"), (Problem::LookAlike('\u{43e}'), 3));
        assert_eq!(refused("\"\u{421}(P)\""), (Problem::LookAlike('\u{421}'), 1));
        assert_eq!(refused("a + \u{421}"), (Problem::LookAlike('\u{421}'), 4));
        assert_eq!(refused("a\u{a0}+ b"), (Problem::Character('\u{a0}'), 1));
        assert_eq!(words("\"Łojasiewicz, Böhning, ε\" # naïve ≤ β\n"), ["\"Łojasiewicz, Böhning, ε\"", ""]);
    }
}
