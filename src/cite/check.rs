//! Whether what was cited is what this version derives.

use super::record::{Record, version_of};
use super::{Fingerprint, Subject, snapshot, stored};

/// The outcome for one claim or study.
#[derive(Clone, Debug)]
pub struct Recheck {
    /// The id.
    pub id: String,
    /// The fingerprint of what was cited.
    pub cited: Fingerprint,
    /// Its text, unless only an older version has it.
    pub cited_text: Option<String>,
    /// The version that first wrote it, where that is known.
    pub written_by: Option<String>,
    /// What this version derives.
    pub derived_text: String,
    /// The fingerprint of that.
    pub derived: Fingerprint,
}

impl Recheck {
    /// Derives the snapshot of a subject and puts it beside a cited record.
    pub fn of_record(subject: Subject<'_>, record: &Record) -> Recheck {
        let text = stored::text_of(&record.fingerprint).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        Recheck::new(subject, record.fingerprint.clone(), text, Some(record.version.clone()))
    }

    /// Derives the snapshot of a subject and puts it beside a text that someone has.
    pub fn of_text(subject: Subject<'_>, text: &str) -> Recheck {
        let cited = Fingerprint::of(text.as_bytes());
        let written_by = version_of(&cited).map(String::from);
        Recheck::new(subject, cited, Some(text.to_string()), written_by)
    }

    fn new(
        subject: Subject<'_>,
        cited: Fingerprint,
        cited_text: Option<String>,
        written_by: Option<String>,
    ) -> Recheck {
        let derived_text = snapshot::derive(&[subject]).remove(0);
        let derived = Fingerprint::of(derived_text.as_bytes());
        Recheck { id: subject.id().to_string(), cited, cited_text, written_by, derived_text, derived }
    }

    /// Whether they are the same bytes.
    pub fn is_same(&self) -> bool {
        self.cited == self.derived
    }
}
