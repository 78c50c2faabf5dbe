//! The snapshots that the crate ships, embedded in the binary byte for byte.

/// Id and bytes of every file `snapshots/<id>.txt`, sorted by id. `build.rs` writes the table.
pub const SNAPSHOTS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/snapshots.rs"));

/// The stored snapshot of a claim or a study.
pub fn find(id: &str) -> Option<&'static [u8]> {
    SNAPSHOTS.iter().find(|(known, _)| *known == id).map(|(_, bytes)| *bytes)
}
