//! Rows that a command enclosed: printed one by one, written into a table, or summed up.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::output::{Draft, cannot_write};
use crate::measure::{self, Field, Rows, Sink, Writer};

/// Rows that are printed without being asked for.
const FEW: u64 = 50;

/// What commands that enclose rows can be told of them.
#[derive(Args)]
pub struct Shown {
    /// Write every row into a file, in the format of its suffix: .csv, .jsonl, .npz or .parquet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Print the summary only
    #[arg(long)]
    summary: bool,

    /// Print one JSON document a line: every row, or the summary with --summary or --out
    #[arg(long)]
    pub json: bool,
}

/// Where rows go.
pub enum Destination {
    /// Nowhere: only the summary counts.
    Nowhere,
    /// To standard output.
    Printed,
    /// Into a file.
    File(Table),
}

impl Shown {
    /// Where so many rows of these fields go; `named` are those that were asked for one by one.
    ///
    /// # Errors
    /// If the file has no format, or cannot be opened.
    pub fn destination(&self, fields: Vec<Field>, rows: u64, named: bool) -> Result<Destination, Failure> {
        if let Some(path) = &self.out {
            return Table::open(path, fields).map(Destination::File);
        }
        let wanted = self.json || named || rows <= FEW;
        Ok(if wanted && !self.summary { Destination::Printed } else { Destination::Nowhere })
    }
}

impl Destination {
    /// Whether rows are printed.
    pub fn is_printed(&self) -> bool {
        matches!(self, Destination::Printed)
    }

    /// Completes the file, if there is one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<(), Failure> {
        if let Destination::File(table) = self { table.finish() } else { Ok(()) }
    }
}

/// A table that is being written by one of [`measure::WRITERS`], and takes its name once it is complete.
pub struct Table {
    path: PathBuf,
    draft: Draft,
    sink: Box<dyn Sink>,
}

impl Table {
    /// A table of these fields without rows.
    ///
    /// # Errors
    /// If no format has the suffix of the path, or the file cannot be opened.
    pub fn open(path: &Path, fields: Vec<Field>) -> Result<Table, Failure> {
        let Writer { open, .. } = measure::writer(path)?;
        let opened =
            Draft::beside(path).and_then(|(draft, file): (Draft, File)| Ok((draft, open(file, path, fields)?)));
        let (draft, sink) = opened.map_err(|error| cannot_write(path, &error))?;
        Ok(Table { path: path.to_owned(), draft, sink })
    }

    /// Writes some more rows.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn append(&mut self, rows: &dyn Rows) -> io::Result<()> {
        self.sink.append(rows)
    }

    /// Completes the file and puts it in its place.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<(), Failure> {
        let finished = self.sink.finish().and_then(|()| self.draft.commit());
        finished.map_err(|error| cannot_write(&self.path, &error))
    }
}
