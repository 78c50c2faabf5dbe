//! Snapshots and citations: what a paper cites, and how a reader derives it again.
//!
//! A [`snapshot`] is the canonical text of a claim. The texts of all shipped claims are [`stored`] as raw files, and
//! `snapshots/VERSIONS` holds a [`record`] of who wrote which bytes. Their [`fingerprint`]s are what is cited; a
//! [`citation`] puts them with [`bibtex`] entries, a [`latex`] snippet and the command that derives the text again.
//! [`check`] compares what was
//! cited with what this version derives. What does not belong into the hashed bytes goes into the [`provenance`].

pub mod bibtex;
pub mod check;
pub mod citation;
pub mod fingerprint;
pub mod latex;
pub mod markdown;
pub mod provenance;
pub mod record;
pub mod snapshot;
pub mod stored;

pub use check::Check;
pub use citation::Citation;
pub use fingerprint::Fingerprint;
pub use provenance::Provenance;
pub use record::{Record, Wanted, records};

/// The version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
