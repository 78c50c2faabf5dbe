//! The canonical text of what can be cited: of a [claim](super::claim_text), of a
//! [study](super::study_text), of a [study of training](super::training_text).
//!
//! The text is the same on every machine and for any number of threads. It holds no time, path, version, or word of
//! a judge that is not always present: those go into the [`provenance`](super::provenance).

use super::{Subject, claim_text, study_text, training_text};
use crate::claims::Claim;

/// The version of the layout; the first line of every snapshot names it.
pub const SCHEMA: u32 = 1;

/// The snapshots, in the same order: runs the kernel and the judges on claims, all in parallel, and studies.
pub fn derive(wanted: &[Subject<'_>]) -> Vec<String> {
    let claims: Vec<&Claim> = wanted.iter().copied().filter_map(Subject::claim).collect();
    let mut claims = claim_text::derive(&claims).into_iter();
    let one = |subject: &Subject<'_>| match subject {
        Subject::Claim(_) => claims.next().expect("a text for every claim"),
        Subject::Study(study) => study_text::derive(study),
        Subject::Training(study) => training_text::derive(study),
    };
    wanted.iter().map(one).map(|body| format!("logitlab snapshot {SCHEMA}\n{body}")).collect()
}

/// The kind and the id of what a text in the layout of [`SCHEMA`] is the snapshot of; its first two lines say both.
///
/// # Errors
/// What those lines should be.
pub fn head(text: &str) -> Result<(&'static str, &str), String> {
    let mut lines = text.lines();
    let schema = lines.next().and_then(|line| line.strip_prefix("logitlab snapshot "));
    match schema {
        None => return Err(format!("its first line is not `logitlab snapshot {SCHEMA}`")),
        Some(schema) if schema != SCHEMA.to_string() => {
            let shown: String = schema.chars().take(20).collect();
            return Err(format!("it has schema {shown:?}, and this version writes schema {SCHEMA}"));
        }
        Some(_) => {}
    }
    let second = lines.next().unwrap_or_default();
    let named = |(kind, prefix): (&'static str, &str)| second.strip_prefix(prefix).map(|id| (kind, id));
    let found = [("claim", "claim  "), ("study", "study  ")].into_iter().find_map(named);
    found.ok_or_else(|| "its second line is not `claim` or `study` with an id".to_string())
}
