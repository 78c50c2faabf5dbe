//! The sections of a document, one file each. A new one is a file, and a line in [`SECTIONS`].

mod claims;
mod precision;
mod printed;
mod provenance;
mod studies;
mod summary;

pub use provenance::citations;

use super::model::Section;
use super::results::Results;

/// Makes a section of results, if they have anything for it.
pub type Make = fn(&Results<'_>) -> Option<Section>;

/// Every section, in the order in which they stand.
pub const SECTIONS: &[Make] =
    &[summary::section, claims::section, precision::section, printed::section, studies::section, provenance::section];
