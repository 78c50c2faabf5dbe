//! Rust source as text: comments and strings left out, places kept.

/// Where `word` occurs in `code` as a word of its own.
pub fn words(code: &str, word: &str) -> impl Iterator<Item = usize> {
    let is_whole = move |at: usize| {
        let (before, after) = (code[..at].chars().next_back(), code[at + word.len()..].chars().next());
        let open_ended = !word.ends_with(is_word) || word.contains('"');
        !before.is_some_and(is_word) && (open_ended || !after.is_some_and(is_word))
    };
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| is_whole(at))
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[derive(Clone, Copy, PartialEq)]
pub enum Literals {
    Keep,
    Blank,
}

/// `text` with its comments, and on demand the contents of its string literals, overwritten with blanks. Line ends
/// stay.
pub fn blank(text: &str, literals: Literals) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let (length, keep) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if rest.starts_with("/*") {
            (block_comment(rest), false)
        } else if let Some(length) = string_literal(rest).filter(|_| !after_word) {
            (length, literals == Literals::Keep)
        } else {
            (char_literal(rest).unwrap_or(first.len_utf8()), true)
        };
        let (token, tail) = rest.split_at(length);
        if keep {
            out.push_str(token);
        } else {
            out.extend(token.chars().map(|c| if c == '\n' { c } else { ' ' }));
        }
        after_word = token.ends_with(is_word);
        rest = tail;
    }
    out
}

/// The length of the block comment that `text` starts with; such comments nest.
pub fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let step = match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (1, 2),
            [b'*', b'/', ..] => (-1, 2),
            _ => (0, 1),
        };
        depth += step.0;
        at += step.1;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of the string literal that `text` starts with, if it does: `"…"` or `r#"…"#`, maybe with a prefix b or c.
pub fn string_literal(text: &str) -> Option<usize> {
    let body = text.strip_prefix(['b', 'c']).unwrap_or(text);
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let content = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(content.find(&end).map_or(text.len(), |at| text.len() - content.len() + at + end.len()));
    }
    let content = body.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in content.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(text.len() - content.len() + at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

/// The length of the character literal that `text` starts with, if it does; a lifetime is none.
pub fn char_literal(text: &str) -> Option<usize> {
    let content = text.strip_prefix('\'')?;
    let mut chars = content.char_indices();
    let (_, first) = chars.next()?;
    let close = if first == '\\' {
        chars.next()?;
        chars.find(|&(_, c)| c == '\'')?.0
    } else {
        chars.next().filter(|&(_, c)| c == '\'')?.0
    };
    Some(1 + close + 1)
}
