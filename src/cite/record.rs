//! Who wrote which bytes: `snapshots/VERSIONS`, and how a hash that someone cites is found in it.
//!
//! The version stands here and not in the snapshots, so that a release does not change what is cited.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use super::fingerprint::{Fingerprint, SWHID_PREFIX};

/// The text of the file.
pub const VERSIONS: &str = include_str!("../../snapshots/VERSIONS");

/// A snapshot that some version of logitlab wrote; a line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The version that first wrote these bytes.
    pub version: String,
    /// What is cited.
    pub fingerprint: Fingerprint,
    /// The id of the claim or study.
    pub id: String,
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Record { version, fingerprint, id } = self;
        write!(f, "{version} {} {} {id}", fingerprint.sha256_name(), fingerprint.swhid())
    }
}

static RECORDS: LazyLock<Vec<Record>> =
    LazyLock::new(|| parse(VERSIONS).unwrap_or_else(|line| panic!("snapshots/VERSIONS: not a record: {line}")));

/// Every snapshot that a version wrote, up to this one; of one claim the newest comes last.
pub fn records() -> &'static [Record] {
    &RECORDS
}

/// The version that first wrote the bytes with this fingerprint.
pub fn version_of(fingerprint: &Fingerprint) -> Option<&'static str> {
    records().iter().find(|record| record.fingerprint == *fingerprint).map(|record| record.version.as_str())
}

/// Reads the text of such a file.
///
/// # Errors
/// The first line that is neither a comment nor a record.
pub fn parse(text: &str) -> Result<Vec<Record>, String> {
    let one = |line: &str| {
        let fields: Vec<&str> = line.split(' ').collect();
        let [version, sha256, swhid, id] = fields.as_slice() else { return None };
        let sha256 = sha256.strip_prefix("sha256:").filter(|digits| is_hex(digits) && digits.len() == 64)?;
        let blob = swhid.strip_prefix(SWHID_PREFIX).filter(|digits| is_hex(digits) && digits.len() == 40)?;
        let fingerprint = Fingerprint { sha256: sha256.to_string(), blob: blob.to_string() };
        Some(Record { version: version.to_string(), fingerprint, id: id.to_string() })
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| one(line).ok_or_else(|| line.to_string())).collect()
}

/// A hash as someone cites it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The first digits of a SHA-256, at least [`Wanted::LEAST_DIGITS`].
    Sha256(String),
    /// All digits of a Software Heritage identifier.
    Blob(String),
}

/// What is wrong with a text that should be a hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAHash {
    /// It does not look like one.
    #[error("expected sha256: with at least {} hexadecimal digits, or {SWHID_PREFIX} with 40", Wanted::LEAST_DIGITS)]
    Other,
    /// It has another number of digits than this.
    #[error("it has {found} hexadecimal digits, and {expected} are needed")]
    Digits {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: String,
    },
}

impl Wanted {
    /// Fewer digits than this are too likely to be those of several snapshots.
    pub const LEAST_DIGITS: usize = 8;

    /// Whether this is (the start of) the fingerprint.
    pub fn matches(&self, fingerprint: &Fingerprint) -> bool {
        match self {
            Wanted::Sha256(digits) => fingerprint.sha256.starts_with(digits),
            Wanted::Blob(digits) => fingerprint.blob == *digits,
        }
    }

    /// The records that it may stand for.
    pub fn among<'r>(&self, records: &'r [Record]) -> Vec<&'r Record> {
        records.iter().filter(|record| self.matches(&record.fingerprint)).collect()
    }

    /// The record whose hash starts with the most of the same digits, and how many they are, if too many for chance.
    pub fn nearest<'r>(&self, records: &'r [Record]) -> Option<(&'r Record, usize)> {
        let common = |record: &Record| {
            let (mine, theirs) = match self {
                Wanted::Sha256(digits) => (digits, &record.fingerprint.sha256),
                Wanted::Blob(digits) => (digits, &record.fingerprint.blob),
            };
            mine.bytes().zip(theirs.bytes()).take_while(|(a, b)| a == b).count()
        };
        records
            .iter()
            .map(|record| (record, common(record)))
            .filter(|(_, same)| *same >= 4)
            .max_by_key(|(_, same)| *same)
    }
}

impl FromStr for Wanted {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Wanted, NotAHash> {
        let lower = text.to_ascii_lowercase();
        let digits_of = |digits: &str, least: usize, most: usize| {
            let found = digits.len();
            let expected = if least == most { format!("{least}") } else { format!("{least} to {most}") };
            match digits {
                _ if !is_hex(digits) => Err(NotAHash::Other),
                _ if (least..=most).contains(&found) => Ok(digits.to_string()),
                _ => Err(NotAHash::Digits { found, expected }),
            }
        };
        if let Some(rest) = lower.strip_prefix(SWHID_PREFIX) {
            // Software Heritage appends qualifiers such as `;origin=...`, which do not change what is meant.
            let digits = rest.split(';').next().unwrap_or(rest);
            return digits_of(digits, 40, 40).map(Wanted::Blob);
        }
        let digits = lower.strip_prefix("sha256:").unwrap_or(&lower);
        digits_of(digits, Wanted::LEAST_DIGITS, 64).map(Wanted::Sha256)
    }
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(digits: &str, id: &str) -> Record {
        let fingerprint = Fingerprint { sha256: format!("{digits:0<64}"), blob: format!("{digits:0<40}") };
        Record { version: "0.1.0".into(), fingerprint, id: id.into() }
    }

    #[test]
    fn records_print_as_what_they_parse_to() {
        let records = vec![record("12345678a", "one"), record("12345678b", "two")];
        let text: String = records.iter().map(|record| format!("{record}\n")).collect();
        assert_eq!(parse(&format!("# a comment\n{text}")), Ok(records));
        assert_eq!(parse("0.1.0 sha256:12 swh:1:cnt:12 one\n"), Err("0.1.0 sha256:12 swh:1:cnt:12 one".into()));
    }

    #[test]
    fn a_prefix_finds_all_that_it_may_stand_for() {
        let records = [record("12345678a", "one"), record("12345678b", "two"), record("ff", "three")];
        let found = |text: &str| {
            let wanted: Wanted = text.parse().unwrap();
            wanted.among(&records).iter().map(|record| record.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(found("12345678"), ["one", "two"]);
        assert_eq!(found("sha256:12345678B"), ["two"]);
        assert_eq!(found(&records[2].fingerprint.swhid()), ["three"]);
        assert_eq!(found(&format!("{};origin=x", records[2].fingerprint.swhid())), ["three"]);
        assert!(found("123456789").is_empty());
        let wanted: Wanted = "12345678ac".parse().unwrap();
        assert_eq!(wanted.nearest(&records), Some((&records[0], 9)));
    }

    #[test]
    fn what_is_no_hash_is_told() {
        let problem = |text: &str| text.parse::<Wanted>().unwrap_err();
        assert_eq!(problem("norm-identity"), NotAHash::Other);
        assert_eq!(problem(""), NotAHash::Other);
        assert_eq!(problem("1234567"), NotAHash::Digits { found: 7, expected: "8 to 64".into() });
        assert_eq!(problem("swh:1:cnt:1234"), NotAHash::Digits { found: 4, expected: "40".into() });
        assert_eq!(problem("swh:1:rev:1234"), NotAHash::Other);
    }
}
