//! Rows as comma-separated values: every cell as the shortest decimal that reads back as the same number.

use std::fs::File;
use std::io;
use std::path::Path;

use csv::Writer;
use rayon::prelude::*;

use super::cell::{Cell, Field, Rows};
use super::sink::Sink;

struct Csv {
    out: Writer<File>,
}

/// A file with a line of names.
pub(super) fn open(file: File, _: &Path, fields: Vec<Field>) -> io::Result<Box<dyn Sink>> {
    let mut out = Writer::from_writer(file);
    out.write_record(fields.iter().map(|field| &field.name))?;
    Ok(Box::new(Csv { out }))
}

impl Sink for Csv {
    fn append(&mut self, rows: &dyn Rows) -> io::Result<()> {
        let records: Vec<Vec<String>> =
            (0..rows.count()).into_par_iter().map(|row| rows.cells(row).into_iter().map(text).collect()).collect();
        for record in records {
            self.out.write_record(record)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

fn text(cell: Cell) -> String {
    match cell {
        Cell::Count(n) => n.to_string(),
        Cell::Whole(n) => n.to_string(),
        // Shortest with an exponent where it is long: 1e-300, not 300 zeros.
        Cell::Real(x) => format!("{x:?}"),
        Cell::Flag(yes) => yes.to_string(),
        Cell::Text(text) => text.to_string(),
    }
}
