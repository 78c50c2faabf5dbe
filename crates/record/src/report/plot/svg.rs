//! SVG as text: elements, escaping, and numbers of a fixed short form, so that the same figure is the same bytes.

use std::fmt::Write as _;

use crate::text::is_invisible;

/// An element with its attributes in the order in which they were set.
#[derive(Clone, Debug)]
pub struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    pub fn new(name: &'static str) -> Self {
        Element { name, attributes: Vec::new(), text: String::new(), children: Vec::new() }
    }

    /// Sets an attribute, in the place of an earlier one of this name; it is escaped.
    pub fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        match self.attributes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value.into(),
            None => self.attributes.push((name, value.into())),
        }
        self
    }

    /// Sets attributes that are lengths or coordinates.
    pub fn at<const N: usize>(self, numbers: [(&'static str, f64); N]) -> Self {
        numbers.into_iter().fold(self, |element, (name, value)| element.set(name, number(value)))
    }

    /// Puts text before the children; it is escaped.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub fn with(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children);
        self
    }

    /// The element as text, each child on its own line unless there is text, in which blanks would show.
    pub fn render(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        _ = write!(out, "<{}", self.name);
        for (name, value) in &self.attributes {
            _ = write!(out, " {name}=\"{}\"", escape(value));
        }
        if self.text.is_empty() && self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        out.push_str(&escape(&self.text));
        // Blanks within a text would be seen.
        let inline = matches!(self.name, "text" | "tspan");
        for child in &self.children {
            if !inline {
                _ = write!(out, "\n{:width$}", "", width = depth + 1);
            }
            child.write(out, depth + 1);
        }
        if !inline && !self.children.is_empty() {
            _ = write!(out, "\n{:depth$}", "");
        }
        _ = write!(out, "</{}>", self.name);
    }
}

/// Elements moved together.
pub fn group(x: f64, y: f64, children: Vec<Element>) -> Element {
    Element::new("g").set("transform", format!("translate({} {})", number(x), number(y))).with(children)
}

pub fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64), stroke: &str, width: f64) -> Element {
    Element::new("line")
        .at([("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)])
        .set("stroke", stroke)
        .at([("stroke-width", width)])
}

pub fn rectangle((x, y): (f64, f64), (width, height): (f64, f64), fill: &str) -> Element {
    Element::new("rect").at([("x", x), ("y", y), ("width", width), ("height", height)]).set("fill", fill)
}

/// What `points` of a polygon or polyline are written as.
pub fn points(points: &[(f64, f64)]) -> String {
    let pairs: Vec<String> = points.iter().map(|&(x, y)| format!("{},{}", number(x), number(y))).collect();
    pairs.join(" ")
}

/// A coordinate with at most two decimals. What is far outside any page is brought nearer, so that every reader of SVG
/// can take it.
pub fn number(value: f64) -> String {
    const FAR: f64 = 30_000.0;
    let value = if value.is_nan() { 0.0 } else { value.clamp(-FAR, FAR) };
    let text = format!("{value:.2}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_owned(),
        short => short.to_owned(),
    }
}

/// Text whose every character is seen: control characters, which XML forbids, and those that change the direction or
/// have no width are written as `\u{…}`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match is_invisible(c) {
            true => out.extend(c.escape_default()),
            false => out.push(c),
        }
    }
    out
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_strange() {
        let check = |value: f64, expected: &str| assert_eq!(number(value), expected, "{value}");
        check(0.0, "0");
        check(-0.001, "0");
        check(1.0, "1");
        check(100.0, "100");
        check(1.0 / 3.0, "0.33");
        check(-2.50, "-2.5");
        check(f64::NAN, "0");
        check(f64::INFINITY, "30000");
        check(-1e300, "-30000");
    }

    #[test]
    fn hostile_text_is_inert() {
        let hostile = "<script>alert('1')</script> \"&|%\" \u{1b}[31m\0\n\u{202e}\u{ffff}";
        let text = Element::new("text").set("aria-label", hostile).text(hostile).render();
        let shown = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;|%&quot; \
                     \\u{1b}[31m\\u{0}\\n\\u{202e}\\u{ffff}";
        assert_eq!(text, format!("<text aria-label=\"{shown}\">{shown}</text>"));
    }

    #[test]
    fn text_gets_no_blanks() {
        let text = Element::new("text").text("10").with([Element::new("tspan").text("-4")]);
        assert_eq!(text.render(), "<text>10<tspan>-4</tspan></text>");
        let nested = Element::new("g").with([Element::new("g").with([Element::new("rect")])]);
        assert_eq!(nested.render(), "<g>\n <g>\n  <rect/>\n </g>\n</g>");
    }
}
