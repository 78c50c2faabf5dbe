//! Files of certificates, received from anybody: taken apart, and refused if they are not what [`Certificates::text`]
//! writes, byte by byte. What a file says then is known without Coq's language being read here: an axiom, a
//! redefinition, another import or a command has no place in it.

use rug::Integer;

use super::closeness::Closeness;
use super::file::{CHECK, Certificates, HEAD, comment};
use super::row::{Certificate, Dyadic, MAX_ACTIONS};

/// The most bits of a logit, in units of the row: the range of f64.
const MOST_BITS: u32 = 2100;

/// The units that f64 has.
const UNITS: std::ops::RangeInclusive<i64> = -1074..=1023;

/// Why a file is not one of certificates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected {expected}, found {found}")]
pub struct Refused {
    /// The line, from 1.
    pub line: usize,
    /// What stands there in a file that `logitlab certify` writes.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl Certificates {
    /// The rows and the ends that a file states.
    ///
    /// # Errors
    /// If it is not, in every byte, what [`Certificates::text`] writes of some rows.
    pub fn read(text: &str) -> Result<Certificates, Refused> {
        let mut lines = Lines::new(text);
        let certificates = certificates(&mut lines)?;
        let written = certificates.text();
        if written == text {
            return Ok(certificates);
        }
        // The first line that differs; what is left then is an end of line.
        let mut written = written.split('\n');
        for (k, found) in text.split('\n').enumerate() {
            let expected = written.next();
            if expected != Some(found) {
                let expected = expected.map_or_else(|| "the end".to_string(), quoted);
                return Err(Refused { line: k + 1, expected, found: quoted(found) });
            }
        }
        let line = text.split('\n').count();
        Err(Refused { line, expected: "more lines".to_string(), found: "the end".to_string() })
    }
}

/// What a line is, short and without anything that a terminal obeys.
fn quoted(line: &str) -> String {
    const MOST: usize = 70;
    let shown: String =
        line.chars().take(MOST).map(|c| if c == '\'' { c.to_string() } else { c.escape_debug().to_string() }).collect();
    format!("`{shown}{}`", if line.chars().count() > MOST { "..." } else { "" })
}

/// The lines of a file, from the first to the last.
struct Lines<'a> {
    lines: std::iter::Peekable<std::str::Split<'a, char>>,
    /// How many were taken.
    taken: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Lines<'a> {
        Lines { lines: text.split('\n').peekable(), taken: 0 }
    }

    fn next(&mut self) -> Option<&'a str> {
        let line = self.lines.next()?;
        self.taken += 1;
        Some(line)
    }

    /// The next line, if it is one of these.
    fn skip(&mut self, is_one: impl Fn(&str) -> bool) -> Option<&'a str> {
        let line = *self.lines.peek()?;
        if is_one(line) { self.next() } else { None }
    }

    /// That the next line is not what it should be.
    fn refused(&mut self, expected: impl Into<String>) -> Refused {
        let found = self.lines.peek().map_or_else(|| "the end".to_string(), |line| quoted(line));
        Refused { line: self.taken + 1, expected: expected.into(), found }
    }

    /// What stands between two texts in the next line.
    fn between(&mut self, before: &str, after: &str) -> Result<&'a str, Refused> {
        let part = self.lines.peek().and_then(|line| line.strip_prefix(before)?.strip_suffix(after));
        match part {
            Some(part) => {
                self.next();
                Ok(part)
            }
            None => Err(self.refused(format!("`{before}...{after}`"))),
        }
    }

    /// All the lines of a text.
    fn exactly(&mut self, text: &str) -> Result<(), Refused> {
        for line in text.lines() {
            if self.skip(|found| found == line).is_none() {
                return Err(self.refused(quoted(line)));
            }
        }
        Ok(())
    }

    /// What a text means to `meaning`, of the line that was taken last.
    fn meant<T>(&self, text: &str, what: &str, meaning: impl Fn(&str) -> Option<T>) -> Result<T, Refused> {
        let refused = || Refused { line: self.taken, expected: what.to_string(), found: quoted(text) };
        meaning(text).ok_or_else(refused)
    }
}

fn certificates(lines: &mut Lines) -> Result<Certificates, Refused> {
    lines.exactly(HEAD)?;
    let mut about = Vec::new();
    let says_check = CHECK.lines().nth(1).unwrap_or_default();
    if lines.lines.clone().nth(1) != Some(says_check) {
        lines.exactly("\n")?;
        while let Some(line) = lines.skip(|line| line.starts_with("   ")) {
            about.push(line[3..].to_string());
        }
    }
    lines.exactly(CHECK)?;
    // What is required and shared is compared when the rows are known.
    while lines.skip(|line| !line.starts_with("Definition closeness ")).is_some() {}
    let closeness = lines.between("Definition closeness := Precision ", ".")?;
    let closeness = lines.meant(closeness, "four numbers, not beyond 10000", Closeness::read)?;
    while lines.skip(|line| line.starts_with("Definition shared_")).is_some() {}
    let mut rows = Vec::new();
    while lines.lines.clone().nth(1).is_some_and(|line| line != "Definition all_norms : True :=") {
        lines.exactly("\n")?;
        rows.push(row(lines)?);
    }
    if rows.is_empty() {
        return Err(lines.refused("a row"));
    }
    Ok(Certificates { about, rows, closeness })
}

fn row(lines: &mut Lines) -> Result<Certificate, Refused> {
    let about = words(lines)?;
    let mut logits = Vec::new();
    let name = loop {
        if let Some(line) = lines.skip(|line| line.starts_with("Definition ") && line.ends_with(" : list Z :=")) {
            while lines.skip(|line| line.starts_with("  row_")).is_some() {}
            break line["Definition ".len()..].trim_end_matches(" : list Z :=");
        }
        let name = lines.between("Definition ", " : list Z := [")?;
        numbers(lines, &mut logits)?;
        if lines.lines.peek() == Some(&"") {
            break name;
        }
    };
    let number = name.strip_prefix("row_").and_then(|number| number.parse().ok());
    let number = lines.meant(name, "a name `row_NUMBER`", |_| number)?;
    lines.exactly("\n")?;
    lines.exactly(&format!("Theorem norm_{number} :"))?;
    let lo = lines.between("  dyadic ", " <=")?;
    let lo = lines.meant(lo, "a number `m u`", dyadic)?;
    let action = lines.between(&format!("  vnorm (length row_{number}) (vsub (e (Z.to_nat "), "))")?;
    let below = |text: &str| text.parse().ok().filter(|action: &usize| *action < logits.len());
    let action = lines.meant(action, &format!("an action below {}", logits.len()), below)?;
    let unit = lines.between(&format!("    (softmax (length row_{number}) (logits "), &format!(" row_{number})))"))?;
    let unit =
        lines.meant(unit, "an exponent that f64 has", |text| integer(text).filter(|unit| UNITS.contains(unit)))?;
    let hi = lines.between("  <= dyadic ", ".")?;
    let hi = lines.meant(hi, "a number `m u`", dyadic)?;
    // The proof follows from all of this.
    while lines.skip(|line| !line.is_empty()).is_some() {}
    Ok(Certificate { number, about, logits, unit, action, ends: [lo, hi] })
}

/// The lines of a comment that stands before a row.
fn words(lines: &mut Lines) -> Result<Vec<String>, Refused> {
    let mut about = Vec::new();
    let mut start = "(* ";
    loop {
        let Some(line) = lines.skip(|line| line.starts_with(start)) else {
            return Err(lines.refused("a comment that says what the next row is"));
        };
        let rest = &line[3..];
        let (says, is_last) = rest.strip_suffix(" *)").map_or((rest, false), |says| (says, true));
        // What could end a comment, or open another, is not written.
        lines.meant(line, "a comment without quotes, stars and unusual characters", |_| {
            (comment(says) == says).then_some(())
        })?;
        about.push(says.to_string());
        if is_last {
            return Ok(about);
        }
        start = "   ";
    }
}

/// The logits of a list, up to its end.
fn numbers(lines: &mut Lines, logits: &mut Vec<Integer>) -> Result<(), Refused> {
    loop {
        let Some(line) = lines.next() else { return Err(lines.refused("the end of a list of logits")) };
        let (all, is_last) = line.strip_suffix("]%Z.").map_or((line, false), |all| (all, true));
        for text in all.split(';').map(str::trim).filter(|text| !text.is_empty()) {
            let logit = |text: &str| {
                let short = text.len() < MOST_BITS as usize;
                let number = short.then(|| text.parse::<Integer>().ok()).flatten();
                number.filter(|number| number.significant_bits() <= MOST_BITS)
            };
            logits.push(lines.meant(text, "an integer, of logits that f64 has", logit)?);
        }
        if logits.len() > MAX_ACTIONS {
            let (expected, found) = (format!("at most {MAX_ACTIONS} logits"), "more".to_string());
            return Err(Refused { line: lines.taken, expected, found });
        }
        if is_last {
            return Ok(());
        }
    }
}

fn dyadic(text: &str) -> Option<Dyadic> {
    let (m, e) = text.split_once(' ')?;
    // f64 has no more digits.
    let m = integer(m).filter(|m| m.unsigned_abs() < 1 << 53)?;
    Some(Dyadic { m, e: integer(e)? })
}

fn integer(text: &str) -> Option<i64> {
    text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::scaled::Scaled;

    fn written() -> Certificates {
        let norm = Scaled { lo: 0.5, hi: 0.75, exponent: -3 };
        let new = |number, about: &[&str], logits: &[f64], action| {
            let about = about.iter().map(|line| line.to_string()).collect();
            Certificate::new(number, about, logits, action, norm).unwrap()
        };
        let long: Vec<f64> = (0..1200).map(|i| f64::from(i) / 16.0).collect();
        let rows = vec![
            new(0, &["Row 0."], &[f64::NEG_INFINITY, -0.25, 3.0], 2),
            new(7, &["Row 7.", "Twice."], &[1e300, 5e-324, -2.0], 0),
            new(12, &[], &long, 1100),
            new(13, &["Alone."], &[0.0], 0),
        ];
        Certificates::new(vec!["From somewhere.".to_string()], rows)
    }

    #[test]
    fn what_is_written_is_read() {
        let all = written();
        assert_eq!(Certificates::read(&all.text()), Ok(all.clone()));
        let one = Certificates::new(vec![], all.rows[2..3].to_vec());
        assert_eq!(Certificates::read(&one.text()), Ok(one.clone()));
    }

    #[test]
    fn comments_hold_nothing_that_ends_them() {
        let mut all = written();
        all.rows[0].about[0] = "from \"a *) Axiom x (*\u{1b}[31m \u{202e} é".to_string();
        let text = all.text();
        assert!(text.contains("(* from _a _) Axiom x (__[31m _ é\n"), "{text}");
        assert!(Certificates::read(&text).is_ok());
    }

    #[test]
    fn every_other_byte_is_refused() {
        let mut all = written();
        all.rows.remove(2);
        let text = all.text();
        let bytes = text.as_bytes();
        let (mut same, mut refused) = (0, 0);
        for place in (0..text.len()).filter(|place| text.is_char_boundary(*place)) {
            for inserted in ["", "(", "*", "\"", "9", "\n", " ", "."] {
                let end = if inserted.is_empty() { place + 1 } else { place };
                let changed = [&bytes[..place], inserted.as_bytes(), &bytes[end..]].concat();
                let changed = String::from_utf8(changed).unwrap();
                // Another number, or another word of a comment, makes another file of the same shape.
                match Certificates::read(&changed) {
                    Ok(read) => {
                        assert_eq!(read.text(), changed);
                        same += 1;
                    }
                    Err(Refused { line, .. }) => {
                        assert!((1..=changed.split('\n').count() + 1).contains(&line), "{line}: {changed}");
                        refused += 1;
                    }
                }
            }
        }
        assert!(same > 100 && refused > 10_000, "{same} {refused}");
    }
}
