//! Rows as JSON lines.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use rayon::prelude::*;

use super::cell::{Field, Rows};
use super::sink::Sink;

struct JsonLines {
    out: BufWriter<File>,
}

/// A file that is empty.
pub(super) fn open(file: File, _: &Path, _: Vec<Field>) -> io::Result<Box<dyn Sink>> {
    Ok(Box::new(JsonLines { out: BufWriter::new(file) }))
}

impl Sink for JsonLines {
    fn append(&mut self, rows: &dyn Rows) -> io::Result<()> {
        let lines: Vec<String> = (0..rows.count()).into_par_iter().map(|row| rows.line(row)).collect();
        lines.iter().try_for_each(|line| self.out.write_all(line.as_bytes()))
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}
