//! The snapshots that the crate ships, embedded in the binary byte for byte.

use super::Fingerprint;

/// Id and bytes of every file `snapshots/<id>.txt`, sorted by id. `build.rs` writes the table.
pub const SNAPSHOTS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/snapshots.rs"));

/// Version, id and bytes of what earlier versions wrote: every file `snapshots/older/<version>/<id>.txt`.
pub const OLDER: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/older_snapshots.rs"));

/// Why bytes changed: version, id or `*`, and the reason.
const CHANGES: &str = include_str!("../../snapshots/CHANGES");

/// The text with a fingerprint, by this version or an earlier one.
pub fn text_of(fingerprint: &Fingerprint) -> Option<&'static [u8]> {
    let older = OLDER.iter().map(|(_, _, bytes)| *bytes);
    SNAPSHOTS.iter().map(|(_, bytes)| *bytes).chain(older).find(|bytes| Fingerprint::of(bytes) == *fingerprint)
}

/// Why the snapshot of a claim or a study has other bytes than those that a version wrote: what later versions changed,
/// the oldest first, each with its version.
pub fn reasons(id: &str, written_by: &str) -> Vec<(&'static str, &'static str)> {
    let change = |line: &'static str| {
        let mut fields = line.splitn(3, ' ');
        let (version, of, why) = (fields.next()?, fields.next()?, fields.next()?);
        (number(version) > number(written_by) && (of == "*" || of == id)).then_some((version, why))
    };
    CHANGES.lines().filter(|line| !line.starts_with('#')).filter_map(change).collect()
}

/// The parts of a version, to compare it by.
fn number(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

/// The stored snapshot of a claim or a study.
pub fn find(id: &str) -> Option<&'static [u8]> {
    SNAPSHOTS.iter().find(|(known, _)| *known == id).map(|(_, bytes)| *bytes)
}
