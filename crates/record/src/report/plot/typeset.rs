//! Text on the page: raised and lowered parts, how wide it will be, and where to break or cut it.

use super::style::SIZE;
use super::svg::{Element, number, visible};

/// Which point of a text its position is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text with its look.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    content: &'a str,
    anchor: Anchor,
    bold: bool,
    fill: Option<&'a str>,
    size: f64,
    turned: f64,
}

impl<'a> Text<'a> {
    pub fn new(content: &'a str) -> Self {
        Text { content, anchor: Anchor::Start, bold: false, fill: None, size: SIZE, turned: 0.0 }
    }

    pub fn anchor(self, anchor: Anchor) -> Self {
        Text { anchor, ..self }
    }

    pub fn bold(self) -> Self {
        Text { bold: true, ..self }
    }

    pub fn fill(self, fill: &'a str) -> Self {
        Text { fill: Some(fill), ..self }
    }

    pub fn size(self, size: f64) -> Self {
        Text { size, ..self }
    }

    /// Turned about its position, in degrees clockwise.
    pub fn turned(self, turned: f64) -> Self {
        Text { turned, ..self }
    }

    /// The element whose baseline is at `y`.
    pub fn on(self, x: f64, y: f64) -> Element {
        let mut element = Element::new("text").at([("x", x), ("y", y)]);
        element = match self.anchor {
            Anchor::Start => element,
            Anchor::Middle => element.set("text-anchor", "middle"),
            Anchor::End => element.set("text-anchor", "end"),
        };
        if self.size != SIZE {
            element = element.at([("font-size", self.size)]);
        }
        if self.bold {
            element = element.set("font-weight", "bold");
        }
        if let Some(fill) = self.fill {
            element = element.set("fill", fill);
        }
        if self.turned != 0.0 {
            element = element.set("transform", format!("rotate({} {} {})", number(self.turned), number(x), number(y)));
        }
        spans(element, &parts(self.content), self.size)
    }

    /// The element whose small letters are centred on the height `y`.
    pub fn centred(self, x: f64, y: f64) -> Element {
        let drop = 0.35 * self.size;
        self.on(x, y + drop)
    }
}

/// How a part of a text stands to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Line,
    Lowered,
    Raised,
}

impl Level {
    /// Down from the line, in parts of the size of the font.
    fn drop(self) -> f64 {
        match self {
            Level::Line => 0.0,
            Level::Lowered => 0.22,
            Level::Raised => -0.38,
        }
    }
}

/// How large raised and lowered parts are.
const SMALL: f64 = 0.75;

fn spans(element: Element, parts: &[(Level, &str)], size: f64) -> Element {
    let plain_start = parts.first().filter(|(level, _)| *level == Level::Line);
    let element = element.text(plain_start.map_or("", |(_, text)| text));
    let mut level = Level::Line;
    let spans = parts.iter().skip(usize::from(plain_start.is_some())).map(|&(next, text)| {
        let mut span = Element::new("tspan").at([("dy", size * (next.drop() - level.drop()))]);
        if next != Level::Line {
            span = span.at([("font-size", size * SMALL)]);
        }
        level = next;
        span.text(text)
    });
    element.with(spans.collect::<Vec<_>>())
}

/// A text cut at its `_{…}` and `^{…}`.
fn parts(text: &str) -> Vec<(Level, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest[from..].find("_{").into_iter().chain(rest[from..].find("^{")).min() {
        let at = from + at;
        let Some(end) = rest[at..].find('}').filter(|&end| end > 2) else {
            from = at + 2;
            continue;
        };
        if at > 0 {
            parts.push((Level::Line, &rest[..at]));
        }
        let level = if rest[at..].starts_with('_') { Level::Lowered } else { Level::Raised };
        parts.push((level, &rest[at + 2..at + end]));
        (rest, from) = (&rest[at + end + 1..], 0);
    }
    if !rest.is_empty() {
        parts.push((Level::Line, rest));
    }
    parts
}

/// The text for those who cannot see levels.
pub fn plain(text: &str) -> String {
    let word = |&(level, part): &(Level, &str)| match level {
        Level::Line => part.to_owned(),
        Level::Lowered => format!("_{part}"),
        Level::Raised => format!("^{part}"),
    };
    parts(text).iter().map(word).collect()
}

/// How wide a text is at a size of font, in its unit.
pub fn width(text: &str, size: f64) -> f64 {
    let of = |&(level, part): &(Level, &str)| {
        let units: u32 = visible(part).chars().map(advance).sum();
        f64::from(units) / 1000.0 * if level == Level::Line { size } else { size * SMALL }
    };
    parts(text).iter().map(of).sum()
}

/// Advance widths of the characters from blank to tilde in thousandths of the size: the metrics of Helvetica (Adobe's
/// AFM file for the Core 14 fonts), which Arial, Liberation Sans and Nimbus Sans share.
const ADVANCES: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

fn advance(c: char) -> u32 {
    let listed = (c as usize).checked_sub(usize::from(b' ')).and_then(|k| ADVANCES.get(k));
    match (listed, c) {
        (Some(&width), _) => u32::from(width),
        (None, '\u{b7}') => 278,
        (None, '\u{2014}' | '\u{2026}' | '\u{2190}'..='\u{21ff}') => 1000,
        (None, '\0'..'\u{2e80}') => 600,
        (None, _) => 1000,
    }
}

/// The text, cut with an ellipsis if it is wider than `room`.
pub fn fit(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    // Cutting inside a raised part would leave its brace open, and show it.
    let flat = plain(text);
    let ends = flat.char_indices().map(|(at, _)| at).rev();
    let cut = |end: usize| format!("{}\u{2026}", flat[..end].trim_end());
    ends.map(cut).find(|shorter| width(shorter, size) <= room).unwrap_or_else(|| "\u{2026}".to_owned())
}

/// The text in lines of at most `room`, broken between words.
pub fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fit(word, size, room)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raises_and_lowers() {
        let check = |text: &str, expected: &str| assert_eq!(Text::new(text).on(0.0, 0.0).render(), expected, "{text}");
        check("1 - P_{c}", "<text x=\"0\" y=\"0\">1 - P<tspan dy=\"1.76\" font-size=\"6\">c</tspan></text>");
        check(
            "10^{-4}s",
            "<text x=\"0\" y=\"0\">10<tspan dy=\"-3.04\" font-size=\"6\">-4</tspan><tspan dy=\"3.04\">s</tspan></text>",
        );
        for literal in ["", "_", "_{", "x^{", "a_b^c", "_{}", "^{}}", "{}"] {
            assert!(parts(literal).iter().all(|(level, _)| *level == Level::Line), "{literal}");
        }
        assert_eq!(plain("P_{c}^{2}"), "P_c^2");
    }

    #[test]
    fn knows_widths() {
        // 10 is 2 * 556 thousandths.
        assert!((width("10", 10.0) - 11.12).abs() < 1e-9);
        assert!((width("10^{10}", 10.0) - 11.12 * 1.75).abs() < 1e-9);
        assert!(["\u{4e2d}", "\u{2026}", "\u{2192}"].iter().all(|wide| width(wide, 10.0) == 10.0));
        assert!(width("\u{1b}", 10.0) > 20.0);
    }

    #[test]
    fn cuts_and_wraps() {
        assert_eq!(fit("short", 8.0, 100.0), "short");
        assert_eq!(fit("a rather long name", 8.0, width("a rather\u{2026}", 8.0)), "a rather\u{2026}");
        assert_eq!(fit("name", 8.0, 0.0), "\u{2026}");
        let text = "one two three four";
        assert_eq!(wrap(text, 8.0, width("one two", 8.0)), ["one two", "three", "four"]);
        assert!(wrap("  ", 8.0, 50.0).is_empty());
    }
}
