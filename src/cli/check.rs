//! `logitlab check`: derives again what someone cited, and compares the bytes.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::diagnostic::Text;
use super::outcome::pretty;
use super::{Done, Ending, Failure, Json, subject};
use crate::cite::fingerprint::SWHID_PREFIX;
use crate::cite::record::{NotAHash, version_of};
use crate::cite::{Fingerprint, Recheck, Record, Subject, VERSION, Wanted, records, snapshot, stored};
use crate::expr::lexer::MAX_LENGTH;
use crate::report::text::{Paint, Tone, plain};

const AFTER_HELP: &str = "\
Examples:
  logitlab check sha256:0123456789ab                     the first digits are enough, if there are 8 or more
  logitlab check swh:1:cnt:0123456789abcdef0123456789abcdef01234567
  logitlab check norm-identity.txt                       a snapshot that you were given

Exit codes: 0 the same bytes, 1 others (the difference is shown), 2 an unknown hash or unusable input.";

/// Derive a cited snapshot again and compare the bytes
///
/// Runs the kernel on a claim's derivation and the judges on its statement, or the comparison of a study, prints what
/// they say as a snapshot again, and compares it with what was cited, byte by byte.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// sha256:... or its first digits, swh:1:cnt:..., a file with a snapshot, or - for standard input
    #[arg(value_name = "HASH or FILE")]
    cited: String,

    #[command(flatten)]
    json: Json,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    id: &'a str,
    same: bool,
    version: &'static str,
    written_by: Option<&'a str>,
    cited: Hashes,
    derived: Hashes,
    /// Why they differ: what versions since then changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<String>,
}

#[derive(Serialize)]
struct Hashes {
    sha256: String,
    swhid: String,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let check = match arguments.cited.parse::<Wanted>() {
        Ok(wanted) => of_hash(&arguments.cited, record(&arguments.cited, &wanted, records())?)?,
        Err(problem) => of_file(&arguments.cited, &problem)?,
    };
    let ending = Ending::of(true, check.is_same());
    let done = Done::told(check, text, |check| pretty(&document(check)));
    Ok(done.json(arguments.json.json).ending(ending))
}

/// The one record that a hash stands for.
fn record<'r>(cited: &str, wanted: &Wanted, records: &'r [Record]) -> Result<&'r Record, Failure> {
    let list = |found: &[&Record]| {
        found.iter().fold(String::new(), |mut out, record| {
            _ = write!(out, "\n  {} {}", record.fingerprint.sha256_name(), record.id);
            out
        })
    };
    match wanted.among(records).as_slice() {
        [one] => Ok(one),
        [] => {
            let known = records.len();
            let mut why = format!(
                "unknown hash `{cited}`: none of the {known} snapshots that logitlab knows up to version {VERSION} has \
                 it; `logitlab cite ID` shows the hash of a claim or study"
            );
            if let Some((record, same)) = wanted.nearest(records) {
                _ = write!(why, "\nnearest, its first {same} digits are the same:{}", list(&[record]));
            }
            Err(why.into())
        }
        several => {
            let many = several.len();
            Err(format!("`{cited}` is the start of {many} hashes: give more digits{}", list(several)).into())
        }
    }
}

fn of_hash(cited: &str, record: &Record) -> Result<Recheck, Failure> {
    let subject = Subject::find(&record.id).ok_or_else(|| {
        let Record { id, version, .. } = record;
        format!("`{cited}` is {id} as logitlab {version} wrote it; {VERSION} has no such claim or study")
    })?;
    Ok(Recheck::of_record(subject, record))
}

fn of_file(cited: &str, problem: &NotAHash) -> Result<Recheck, Failure> {
    let like_a_hash = cited.starts_with("sha256:") || cited.starts_with(&SWHID_PREFIX[..4]);
    if cited != "-" && !Path::new(cited).exists() {
        let mut why = if like_a_hash || *problem != NotAHash::Other {
            format!("`{cited}` is not a hash: {problem}")
        } else {
            format!("`{cited}` is neither a file nor a hash: {problem}")
        };
        if let Some(subject) = Subject::find(cited) {
            _ = write!(why, "\n`logitlab cite {cited}` shows the hash of that {}", subject.kind());
        }
        return Err(why.into());
    }
    let Text { file, text } = Text::read(cited)?;
    if text.len() > MAX_LENGTH {
        return Err(format!("{file} is longer than {MAX_LENGTH} bytes: it is no snapshot").into());
    }
    let (_, id) = snapshot::head(&text).map_err(|why| format!("{file} is no snapshot: {why}"))?;
    Ok(Recheck::of_text(subject::find(&printable(id))?, &text))
}

fn document(check: &Recheck) -> Document<'_> {
    let hashes = |of: &Fingerprint| Hashes { sha256: of.sha256.clone(), swhid: of.swhid() };
    Document {
        schema: 1,
        id: &check.id,
        same: check.is_same(),
        version: VERSION,
        written_by: check.written_by.as_deref(),
        cited: hashes(&check.cited),
        derived: hashes(&check.derived),
        reasons: reasons(check).iter().map(|(version, why)| format!("{version}: {why}")).collect(),
        difference: difference(check, &plain),
    }
}

fn text(check: &Recheck, paint: Paint<'_>) -> String {
    let Recheck { id, cited, derived, derived_text, .. } = check;
    let id = paint.mark(Tone::Strong, id);
    let name = |mark: &str, of: &Fingerprint| format!("{mark:9} {}\n          {}\n", of.sha256_name(), of.swhid());
    if check.is_same() {
        let same = paint.mark(Tone::Good, "same");
        let bytes = derived_text.len();
        return format!(
            "{same} {id}: logitlab {VERSION} derives the same {bytes} bytes\n{}{}",
            name("cited", cited),
            author(check.written_by.as_deref())
        );
    }
    let mut out = format!("{} {id}: logitlab {VERSION} derives other bytes\n", paint.mark(Tone::Bad, "DIFFERS"));
    out += &name("cited", cited);
    out += &author(check.written_by.as_deref());
    out += &name("derived", derived);
    out += &author(version_of(derived));
    for (version, why) in reasons(check) {
        _ = writeln!(out, "{:9} {version}: {why}", "why");
    }
    match difference(check, paint) {
        Some(lines) => _ = write!(out, "\n{lines}"),
        None => {
            let version = check.written_by.as_deref().unwrap_or("that version");
            _ = writeln!(
                out,
                "\nthe cited text is not part of logitlab {VERSION}; with snapshots/{}.txt of {version}, \
                 `logitlab check FILE` shows the difference",
                check.id
            );
        }
    }
    out
}

/// What versions since the one that wrote the cited bytes changed.
fn reasons(check: &Recheck) -> Vec<(&'static str, &'static str)> {
    let version = check.written_by.as_deref().filter(|_| !check.is_same());
    version.map_or(vec![], |version| stored::reasons(&check.id, version))
}

/// Who wrote the bytes, as a line.
fn author(version: Option<&str>) -> String {
    match version {
        Some(version) => format!("          first written by logitlab {version}\n"),
        None => format!("          written by no version of logitlab up to {VERSION}\n"),
    }
}

/// The lines that differ, `-` cited and `+` derived, with the lines around them; `None` where the cited text is not
/// at hand or is the same.
fn difference(check: &Recheck, paint: Paint<'_>) -> Option<String> {
    let cited = check.cited_text.as_ref().filter(|_| !check.is_same())?;
    if cited.replace("\r\n", "\n") == check.derived_text {
        return Some("only the line ends differ: those of the cited text are CR LF, those of a snapshot LF\n".into());
    }
    let diff = TextDiff::configure()
        // A hostile text could take long; the result is then correct but not the shortest.
        .timeout(Duration::from_secs(2))
        .diff_lines(cited.as_str(), check.derived_text.as_str());
    let mut out = String::new();
    for (number, group) in diff.grouped_ops(2).iter().enumerate() {
        out += if number == 0 { "" } else { "  ...\n" };
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, tone) = match change.tag() {
                ChangeTag::Delete => ('-', Tone::Bad),
                ChangeTag::Insert => ('+', Tone::Good),
                ChangeTag::Equal => (' ', Tone::Faint),
            };
            let line = format!("{sign} {}", printable(change.value().trim_end_matches('\n')));
            _ = writeln!(out, "{}", paint.mark(tone, &line));
            if change.missing_newline() {
                _ = writeln!(out, "  (no line end)");
            }
        }
    }
    Some(out)
}

/// What a stranger's file says, without what would command the terminal.
fn printable(text: &str) -> String {
    let show = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record_of(text: &str, id: &str, version: &str) -> Record {
        Record { version: version.into(), fingerprint: Fingerprint::of(text.as_bytes()), id: id.into() }
    }

    #[test]
    fn an_ambiguous_prefix_lists_what_it_may_mean() {
        let mut records = [record_of("a", "one", "0.1.0"), record_of("b", "two", "0.1.0")];
        for (record, last) in records.iter_mut().zip(["1", "2"]) {
            record.fingerprint.sha256 = format!("{}{last}", "5".repeat(63));
        }
        let cited = "sha256:55555555";
        let error = record(cited, &cited.parse().unwrap(), &records).unwrap_err();
        assert!(matches!(error, Failure::Unusable(_)));
        let text = error.to_string();
        assert!(text.starts_with("`sha256:55555555` is the start of 2 hashes: give more digits\n"), "{text}");
        assert!(text.contains("51 one") && text.contains("52 two"), "{text}");
    }

    #[test]
    fn a_snapshot_of_an_older_version_is_named_as_such() {
        let old = record_of("what an older version derived", "zero-sum", "0.0.9");
        let check = of_hash("x", &old).map_err(|failure| failure.to_string()).unwrap();
        assert!(!check.is_same());
        let text = anstream::adapter::strip_str(&text(&check, &plain)).to_string();
        assert!(text.starts_with("DIFFERS zero-sum: "), "{text}");
        assert!(text.contains("first written by logitlab 0.0.9") && text.contains("zero-sum.txt of 0.0.9"), "{text}");
        let gone = record_of("", "no-such-claim", "0.0.9");
        assert!(of_hash("x", &gone).is_err_and(|failure| failure.to_string().contains("has no such claim or study")));
    }

    #[test]
    fn the_stored_text_is_compared_where_it_is_at_hand() {
        let stored = stored::find("zero-sum").expect("it is stored");
        let check = Recheck {
            derived_text: String::from_utf8_lossy(stored).replace("expect holds", "expect refuted"),
            derived: Fingerprint::of(b"other"),
            ..Recheck::of_text(Subject::find("zero-sum").expect("it is shipped"), &String::from_utf8_lossy(stored))
        };
        let lines = difference(&check, &plain).unwrap();
        assert!(lines.contains("- expect holds\n+ expect refuted\n"), "{lines}");
    }
}
