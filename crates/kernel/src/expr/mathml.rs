//! Names and numbers in MathML, and the one place where text is escaped for HTML and MathML.

use super::latex::GREEK;
use crate::text::is_invisible;

/// Text without any meaning to HTML or MathML, for use between tags and between double quotes. What has no width,
/// changes the direction or is no character is written as `\u{…}`, so that what is read is what is there.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            c if is_invisible(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// A name: a Greek letter where it is one. An underscore is written as such: a subscript is a coordinate.
pub(super) fn name(name: &str) -> String {
    let (word, primes) = name.split_at(name.trim_end_matches('\'').len());
    let sign = GREEK.iter().find(|(known, ..)| *known == word).map_or(word, |(_, _, sign)| sign);
    let letter = format!("<mi>{}</mi>", escape(sign));
    if primes.is_empty() { letter } else { format!("<msup>{letter}<mo>{}</mo></msup>", "′".repeat(primes.len())) }
}

/// Digits of a number.
pub(super) fn number(digits: &str) -> String {
    format!("<mn>{}</mn>", escape(digits))
}

/// A function's name before its arguments.
pub(super) fn function(name: &str) -> String {
    match name {
        "H2" => "<msub><mi>H</mi><mn>2</mn></msub>".to_string(),
        "chi2" => "<msup><mi>χ</mi><mn>2</mn></msup>".to_string(),
        other => format!("<mi>{}</mi>", escape(other)),
    }
}

/// A formula cut where a line may end: before relations, arrows and signs of sums that stand outside of everything
/// else. Browsers break no formula by themselves, but they break lines between formulas.
pub fn pieces(mathml: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(open) = mathml[at..].find('<') {
        let start = at + open;
        let Some(length) = mathml[start..].find('>') else { break };
        let tag = &mathml[start..=start + length];
        at = start + tag.len();
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
            continue;
        }
        if depth == 0 && start > 0 && tag == BREAKABLE {
            cuts.push(start);
        }
        depth += 1;
    }
    cuts.push(mathml.len());
    cuts.windows(2).map(|ends| mathml[ends[0]..ends[1]].trim()).filter(|piece| !piece.is_empty()).collect()
}

/// The tag of every sign before which a line may end.
pub(super) const BREAKABLE: &str = r#"<mo form="infix">"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_inert() {
        let shown = escape("<script>&'\"\u{202e}\0");
        assert_eq!(shown, "&lt;script&gt;&amp;&#39;&quot;\\u{202e}\\u{0}");
        assert_eq!(name("<b>_x'"), "<msup><mi>&lt;b&gt;_x</mi><mo>′</mo></msup>");
    }

    #[test]
    fn formulas_are_cut_outside_of_everything_else() {
        let plus = format!("{BREAKABLE}+</mo>");
        let text = format!("<mi>a</mi>{plus}<mrow><mi>b</mi>{plus}<mi>c</mi></mrow>");
        assert_eq!(pieces(&text), ["<mi>a</mi>", &text["<mi>a</mi>".len()..]]);
        for text in ["", "<", "<mo", "</mo></mo>", "<mi>a", BREAKABLE] {
            pieces(text);
        }
    }
}
