//! Rows as JSON lines; of a measured row both ends of every enclosure, as decimals rounded outward.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use rayon::prelude::*;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::cell::{Field, Rows};
use super::schema::{Numbers, POSITION, Schema};
use super::sink::Sink;
use crate::measure::decimals;

struct JsonLines {
    out: BufWriter<File>,
}

/// A file that is empty.
pub(super) fn open(file: File, _: &Path, _: Vec<Field>) -> io::Result<Box<dyn Sink>> {
    Ok(Box::new(JsonLines { out: BufWriter::new(file) }))
}

/// A row as a JSON object: `NAME_lo` and `NAME_hi` for each column.
struct Object<'a> {
    schema: &'a Schema,
    numbers: &'a Numbers,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("row", &self.numbers.row)?;
        for (name, value) in POSITION.iter().zip(self.numbers.position.iter().flatten()) {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("action", &self.numbers.action)?;
        for ((name, _), value) in self.schema.names().zip(&self.numbers.values) {
            for (end, decimal) in ["lo", "hi"].iter().zip(decimals(value)) {
                map.serialize_entry(&format!("{name}_{end}"), &decimal)?;
            }
        }
        map.end()
    }
}

/// A row as a line of JSON, with its end. Decimals are strings, as a JSON reader would round a number to an `f64`, and
/// have any exponent; see [`decimals`].
///
/// # Panics
/// Never: names and strings are all that there is.
pub fn line(schema: &Schema, numbers: &Numbers) -> String {
    serde_json::to_string(&Object { schema, numbers }).expect("a map of strings and numbers") + "\n"
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
