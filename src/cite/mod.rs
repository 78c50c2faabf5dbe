//! Snapshots and citations: what a paper cites, and how a reader derives it again.
//!
//! A [`snapshot`] is the canonical text of a [`subject`]: a claim or a study. The texts of all that are shipped are
//! [`stored`] as raw files, and `snapshots/VERSIONS` holds a [`record`] of who wrote which bytes. Their
//! [`fingerprint`]s are what is cited; a [`citation`] puts them with [`bibtex`] entries, a [`latex`] snippet and the
//! command that derives the text again. [`check`] compares what was cited with what this version derives. What does not
//! belong into the hashed bytes goes into the [`provenance`].

pub mod bibtex;
pub mod check;
pub mod citation;
pub mod claim_text;
pub mod fingerprint;
pub mod latex;
pub mod markdown;
pub mod provenance;
pub mod record;
pub mod snapshot;
pub mod stored;
pub mod study_text;
pub mod subject;
pub mod training_text;

pub use check::Recheck;
pub use citation::Citation;
pub use fingerprint::Fingerprint;
pub use provenance::Provenance;
pub use record::{Record, Wanted, records};
pub use subject::Subject;

/// The version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
