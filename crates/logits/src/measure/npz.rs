//! Rows as an .npz archive: one array for each field.
//!
//! A member of a zip archive is written from its start to its end, and rows come with all fields at once. So each field
//! grows in a temporary file without a name, which goes with the process however it ends, and the archive is put
//! together at the end: the rows need not be known before, and memory holds some buffers only.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::cell::{Cell, Field, Kind, Rows};
use super::sink::Sink;

struct Npz {
    archive: File,
    columns: Vec<(Field, BufWriter<File>)>,
    rows: u64,
}

/// An archive that is empty; what is temporary goes into its folder.
pub(super) fn open(file: File, path: &Path, fields: Vec<Field>) -> io::Result<Box<dyn Sink>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let column = |field| Ok((field, BufWriter::new(tempfile::tempfile_in(folder)?)));
    let columns = fields.into_iter().map(column).collect::<io::Result<_>>()?;
    Ok(Box::new(Npz { archive: file, columns, rows: 0 }))
}

impl Sink for Npz {
    fn append(&mut self, rows: &dyn Rows) -> io::Result<()> {
        for row in 0..rows.count() {
            for (cell, (field, column)) in rows.cells(row).into_iter().zip(&mut self.columns) {
                column.write_all(&bytes(field.kind, &cell))?;
            }
        }
        self.rows += rows.count() as u64;
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let mut archive = ZipWriter::new(BufWriter::new(self.archive));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
        for (field, column) in self.columns {
            let mut column = column.into_inner()?;
            column.rewind()?;
            archive.start_file(format!("{}.npy", field.name), options)?;
            archive.write_all(&header(field.kind, self.rows))?;
            io::copy(&mut BufReader::new(column), &mut archive)?;
        }
        archive.finish()?.flush()
    }
}

/// Little-endian; numbers have 8 bytes, characters 4 each, and texts are as long as the longest.
fn bytes(kind: Kind, cell: &Cell) -> Vec<u8> {
    match cell {
        Cell::Count(n) => n.to_le_bytes().to_vec(),
        Cell::Whole(n) => n.to_le_bytes().to_vec(),
        Cell::Real(x) => x.to_le_bytes().to_vec(),
        Cell::Flag(yes) => vec![u8::from(*yes)],
        Cell::Text(text) => {
            let mut bytes: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
            if let Kind::Text { width } = kind {
                bytes.resize(4 * width, 0);
            }
            bytes
        }
    }
}

/// The header of a .npy file of version 1.0 with one dimension, up to a multiple of 64 bytes.
fn header(kind: Kind, rows: u64) -> Vec<u8> {
    let descr = match kind {
        Kind::Count => "<u8".to_string(),
        Kind::Whole => "<i8".to_string(),
        Kind::Real => "<f8".to_string(),
        Kind::Flag => "|b1".to_string(),
        Kind::Text { width } => format!("<U{width}"),
    };
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({rows},), }}");
    const PREAMBLE: usize = 10;
    let length = (PREAMBLE + text.len() + 1).next_multiple_of(64) - PREAMBLE;
    // The text is much shorter than a u16 can say.
    [b"\x93NUMPY\x01\x00", &(length as u16).to_le_bytes()[..], format!("{text:<0$}\n", length - 1).as_bytes()].concat()
}
