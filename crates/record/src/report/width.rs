//! How wide a formula in LaTeX will be, about, and where to break one that is too wide.
//!
//! This knows only what the printer of expressions writes; the widths are those of Computer Modern at 11pt.

/// A place where a formula may be broken: before the byte `at`, which `width` points stand before.
struct Break {
    at: usize,
    width: f64,
    /// Breaks within brackets and between factors are worse.
    cost: i32,
}

/// The width of a formula in points.
pub fn width(latex: &str) -> f64 {
    scan(latex).0
}

/// The formula in pieces of at most `available` points, of which those after the first are a bit narrower; `None`
/// where that cannot be done without a look ahead. A piece may start with the sign between it and the one before,
/// which is `\,` for a product.
pub fn lines(latex: &str, available: f64) -> Option<Vec<&str>> {
    let (total, breaks) = scan(latex);
    if total <= available {
        return Some(vec![latex]);
    }
    // A first line with hardly anything on it is no good, if there is a choice.
    let usable = |least: f64| breaks.iter().filter(move |one| one.width > least && one.width <= available);
    let best = |least: f64| usable(least).min_by_key(|one| (one.cost, std::cmp::Reverse(one.at)));
    let chosen = best(available / 4.0).or_else(|| best(0.0)).filter(|one| one.at > 0)?;
    let (head, rest) = latex.split_at(chosen.at);
    let mut pieces = vec![head.trim_end()];
    pieces.extend(lines(rest, available.min(CONTINUED))?);
    Some(pieces)
}

/// What is left of a line for a piece that continues another.
const CONTINUED: f64 = 300.0;

const RELATION: i32 = 0;
const SUM: i32 = 1;
const PRODUCT: i32 = 3;
const QUOTIENT: i32 = 4;

/// The width, and the places to break.
fn scan(latex: &str) -> (f64, Vec<Break>) {
    let mut breaks = Vec::new();
    let (mut at, mut width, mut depth) = (0, 0.0, 0);
    while let Some(c) = latex[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        let mut breakable = |kind: i32, points: f64| {
            breaks.push(Break { at: start, width, cost: 10 * depth + kind });
            points
        };
        width += match c {
            '\\' => {
                let rest = &latex[at..];
                let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                let length = letters.max(rest.chars().next().map_or(0, char::len_utf8));
                let command = &rest[..length];
                at += length;
                match command {
                    "frac" => {
                        let (above, below) = (group(latex, &mut at), group(latex, &mut at));
                        self::width(above).max(self::width(below)) + 2.5
                    }
                    "sqrt" => self::width(group(latex, &mut at)) + 10.0,
                    "text" => breakable(RELATION, 5.6 * group(latex, &mut at).len() as f64),
                    "operatorname" => 5.6 * group(latex, &mut at).len() as f64 + 1.8,
                    "mathit" | "mathbf" => 5.6 * group(latex, &mut at).len() as f64,
                    "mathbb" => 7.5 * group(latex, &mut at).len() as f64,
                    "langle" | "lVert" | "lvert" => {
                        depth += 1;
                        5.0
                    }
                    "rangle" | "rVert" | "rvert" => {
                        depth -= 1;
                        5.0
                    }
                    "le" | "ge" | "ne" | "Rightarrow" | "Leftrightarrow" => breakable(RELATION, 16.0),
                    "odot" => breakable(PRODUCT, 13.5),
                    "cdot" => breakable(PRODUCT, 8.0),
                    "Bigl" | "Bigr" => 3.0,
                    "," => breakable(PRODUCT, 1.9),
                    "log" | "exp" | "max" | "min" => 19.0,
                    _ => 8.5,
                }
            }
            '_' | '^' if latex[at..].starts_with('{') => 0.75 * self::width(group(latex, &mut at)),
            '_' | '^' => 0.0,
            '=' | '<' | '>' => breakable(RELATION, 14.5),
            '+' => breakable(SUM, 13.5),
            '-' if latex[at..].starts_with(' ') => breakable(SUM, 13.5),
            '-' => 8.5,
            '(' | '[' => {
                depth += 1;
                4.5
            }
            ')' | ']' => {
                depth -= 1;
                4.5
            }
            '/' => breakable(QUOTIENT, 5.7),
            ' ' | '{' | '}' => 0.0,
            '\'' => 3.0,
            'A'..='Z' => 8.5,
            _ => 5.7,
        };
    }
    (width, breaks)
}

/// The contents of the group that starts at `at`, which is moved behind it.
fn group<'a>(latex: &'a str, at: &mut usize) -> &'a str {
    let rest = &latex[*at..];
    let mut depth = 0;
    for (k, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            *at += k + c.len_utf8();
            return rest[..k].strip_prefix('{').unwrap_or("");
        }
    }
    *at = latex.len();
    ""
}

#[cfg(test)]
mod tests {
    use super::{lines, width};

    #[test]
    fn breaks_outside_brackets_first() {
        let text = r"(a + b)\,(c - d) + \frac{x + y}{z}\,u - v";
        assert_eq!(lines(text, 1000.0), Some(vec![text]));
        assert_eq!(lines(text, width(text) - 1.0), Some(vec![r"(a + b)\,(c - d) + \frac{x + y}{z}\,u", "- v"]));
        assert_eq!(lines(r"\frac{aaaaaaaaaa + b}{c}", 20.0), None);
    }

    #[test]
    fn ends_on_anything() {
        for text in ["", "\\", "{", "}", "\\frac", "\\frac{a", "_", "^{", "é + ü", "\\é"] {
            for available in [0.0, 5.0, 100.0] {
                lines(text, available);
            }
        }
    }
}
