//! Writers of rows into files: the registry, by suffix.

use std::fs::File;
use std::io;
use std::path::Path;

use super::cell::Field;
#[cfg(feature = "parquet")]
use super::parquet;
use super::sink::Sink;
use super::{csv, json, npz};

/// Makes a sink for rows of these fields of an empty file. The path is that of the file at last; what is temporary goes
/// beside it.
pub type Open = fn(File, &Path, Vec<Field>) -> io::Result<Box<dyn Sink>>;

/// A format that rows are written in.
pub struct Writer {
    /// The suffix of its files, without the point.
    pub suffix: &'static str,
    /// What it is.
    pub what: &'static str,
    /// How to write it.
    pub open: Open,
}

/// Every format; one line each.
pub const WRITERS: &[Writer] = &[
    Writer { suffix: "csv", what: "comma-separated values", open: csv::open },
    Writer { suffix: "jsonl", what: "JSON lines, decimals as strings", open: json::open },
    Writer { suffix: "npz", what: "numpy arrays", open: npz::open },
    #[cfg(feature = "parquet")]
    Writer { suffix: "parquet", what: "row groups of columns", open: parquet::open },
];

/// A file name that no writer is for.
#[derive(Debug, thiserror::Error)]
#[error(
    "{path}: no format has the suffix of this name; choose one of {}",
    WRITERS.iter().map(|writer| format!(".{} ({})", writer.suffix, writer.what)).collect::<Vec<_>>().join(", ")
)]
pub struct UnknownSuffix {
    /// The name.
    pub path: String,
}

/// The writer for a file of this name.
///
/// # Errors
/// If there is none.
pub fn writer(path: &Path) -> Result<&'static Writer, UnknownSuffix> {
    let suffix = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let unknown = || UnknownSuffix { path: path.display().to_string() };
    WRITERS.iter().find(|writer| writer.suffix == suffix).ok_or_else(unknown)
}
