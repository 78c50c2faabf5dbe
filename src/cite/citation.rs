//! All that a citation says, as plain data.

use serde::Serialize;

use super::record::version_of;
use super::{Fingerprint, Provenance, Subject, VERSION, bibtex, latex, snapshot, stored};

/// When the Software Heritage identifier can be looked up.
pub const SWHID_NOTE: &str =
    "the SWHID names exactly these bytes; it resolves once a release of logitlab is archived at Software Heritage";

/// How to cite a claim or a study and to derive it again.
#[derive(Clone, Debug, Serialize)]
pub struct Citation<'a> {
    /// The version of this layout.
    pub schema: u32,
    /// `claim` or `study`.
    pub kind: &'static str,
    /// The id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its statement, as the language prints it; of a study its parameters.
    pub statement: String,
    /// The version of the snapshot's layout.
    pub snapshot_schema: u32,
    /// Where the snapshot stands in the repository.
    pub file: String,
    /// SHA-256 of the snapshot's bytes.
    pub sha256: String,
    /// Its Software Heritage identifier.
    pub swhid: String,
    /// When that identifier can be looked up.
    pub swhid_note: &'static str,
    /// The version of logitlab that cites.
    pub version: &'static str,
    /// The version that first wrote the snapshot.
    pub written_by: &'static str,
    /// The command that derives the snapshot again and compares the bytes.
    pub command: String,
    /// The BibTeX entries.
    pub bibtex: String,
    /// The LaTeX snippet.
    pub latex: String,
    /// What is no part of the snapshot.
    pub provenance: Provenance,
}

impl Citation<'_> {
    /// The citation of a subject by its stored snapshot; `None` where there is none.
    pub fn of(subject: Subject<'_>) -> Option<Citation<'_>> {
        let bytes = stored::find(subject.id())?;
        let fingerprint = Fingerprint::of(bytes);
        let command = format!("logitlab check {}", fingerprint.sha256_name());
        Some(Citation {
            schema: 1,
            kind: subject.kind(),
            id: subject.id(),
            title: subject.title(),
            statement: subject.statement(),
            snapshot_schema: snapshot::SCHEMA,
            file: format!("snapshots/{}.txt", subject.id()),
            bibtex: bibtex::entries(subject, &fingerprint),
            latex: latex::snippet(subject, &String::from_utf8_lossy(bytes), &command),
            swhid: fingerprint.swhid(),
            written_by: version_of(&fingerprint).unwrap_or(VERSION),
            swhid_note: SWHID_NOTE,
            sha256: fingerprint.sha256,
            version: VERSION,
            command,
            provenance: Provenance::of(subject),
        })
    }
}
