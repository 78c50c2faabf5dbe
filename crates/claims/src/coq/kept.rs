//! What is written beside a file that Coq accepted: when and by which Coq, and hashes of all that is used again, so
//! that an entry that is damaged or incomplete is noticed, and is checked again like one that is not there.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

/// The file with all of this.
const NOTE: &str = "kept.txt";

/// The file with what Coq printed.
pub(super) const OUTPUT: &str = "output.txt";

/// When a file was accepted, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Date and time, as `2026-11-30 21:05 UTC`.
    pub when: String,
    /// The version of `coqc`.
    pub version: String,
}

/// An entry as it stands on the disk.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub kept: Kept,
    /// What Coq printed.
    pub output: String,
    /// The hash of the compiled file.
    pub compiled: String,
}

/// The files of an entry that are used again: the text, the compiled file, what was printed.
fn names(module: &str) -> [String; 3] {
    [format!("{module}.v"), format!("{module}.vo"), OUTPUT.to_string()]
}

/// The first 32 hexadecimal digits of a SHA-256.
pub(super) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Completes a folder with the module that was accepted just now.
pub(super) fn note(folder: &Path, module: &str, version: &str) -> io::Result<()> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut text = format!("accepted {}\ncoqc {version}\n", date(seconds));
    for name in names(module) {
        _ = writeln!(text, "{} {name}", digest(&fs::read(folder.join(&name))?));
    }
    fs::write(folder.join(NOTE), text)
}

/// The entry in a folder, if it is all there, undamaged, and of this text.
pub(super) fn read(folder: &Path, module: &str, text: &str) -> Option<Entry> {
    let note = fs::read_to_string(folder.join(NOTE)).ok()?;
    let mut lines = note.lines();
    let when = lines.next()?.strip_prefix("accepted ")?.to_string();
    let version = lines.next()?.strip_prefix("coqc ")?.to_string();
    let mut files = Vec::new();
    for name in names(module) {
        let bytes = fs::read(folder.join(&name)).ok()?;
        let hash = digest(&bytes);
        if lines.next()? != format!("{hash} {name}") {
            return None;
        }
        files.push((hash, bytes));
    }
    let [(_, source), (compiled, _), (_, output)] = <[_; 3]>::try_from(files).ok()?;
    let output = String::from_utf8(output).ok()?;
    (source == text.as_bytes()).then_some(Entry { kept: Kept { when, version }, output, compiled })
}

/// Seconds since 1970 as a date and a time of day.
fn date(seconds: u64) -> String {
    // Years of 365 days that start in March, so that the day that is put in now and then is the last.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, turn) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let (year, minute) = (era * 400 + year + turn, seconds / 60 % 1440);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_dates() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_399, "2000-02-28 23:59 UTC"),
            (951_868_800, "2000-03-01 00:00 UTC"),
            (1_709_208_000, "2024-02-29 12:00 UTC"),
            (4_107_542_399, "2100-02-28 23:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00 UTC"),
            (1_796_072_965, "2026-11-30 21:09 UTC"),
        ] {
            assert_eq!(date(seconds), expected);
        }
    }

    #[test]
    fn what_is_damaged_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let write = |name: &str, text: &str| fs::write(path.join(name), text).unwrap();
        for (name, text) in [("M.v", "text"), ("M.vo", "compiled"), (OUTPUT, "said")] {
            assert!(read(path, "M", "text").is_none());
            write(name, text);
        }
        assert!(read(path, "M", "text").is_none());
        note(path, "M", "8.16.1").unwrap();
        let entry = read(path, "M", "text").unwrap();
        assert_eq!((entry.output.as_str(), entry.kept.version.as_str()), ("said", "8.16.1"));
        assert!(read(path, "M", "another text").is_none());
        for (name, text) in [("M.v", "text"), ("M.vo", "compiled"), (OUTPUT, "said")] {
            write(name, "");
            assert!(read(path, "M", "text").is_none(), "{name}");
            write(name, text);
            assert!(read(path, "M", "text").is_some());
        }
        write(NOTE, "accepted today\n");
        assert!(read(path, "M", "text").is_none());
    }
}
