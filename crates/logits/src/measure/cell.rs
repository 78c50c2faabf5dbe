//! What a table is made of: fields, and a cell of each in every row.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number, 0 or more.
    Count,
    /// A whole number.
    Whole,
    /// A real number; an end of an enclosure is rounded outward.
    Real,
    /// Yes or no.
    Flag,
    /// ASCII text.
    Text {
        /// The most characters that one has.
        width: usize,
    },
}

/// One value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// See [`Kind::Count`].
    Count(u64),
    /// See [`Kind::Whole`].
    Whole(i64),
    /// See [`Kind::Real`].
    Real(f64),
    /// See [`Kind::Flag`].
    Flag(bool),
    /// See [`Kind::Text`].
    Text(Arc<str>),
}

/// One field of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// Rows that are ready to be written.
pub trait Rows: Sync {
    /// How many there are.
    fn count(&self) -> usize;
    /// The cells of a row, one for each field of the table, of its kind.
    fn cells(&self, index: usize) -> Vec<Cell>;
    /// A row as a line of JSON, with its end.
    fn line(&self, index: usize) -> String;
}

/// A row as a line of JSON with its end: an object of its cells by the names of their fields. What is no number, JSON
/// has as null.
pub fn object(fields: &[Field], cells: &[Cell]) -> String {
    serde_json::to_string(&Object { fields, cells }).expect("a map of names and values") + "\n"
}

struct Object<'a> {
    fields: &'a [Field],
    cells: &'a [Cell],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (field, cell) in self.fields.iter().zip(self.cells) {
            match cell {
                Cell::Count(n) => map.serialize_entry(&field.name, n)?,
                Cell::Whole(n) => map.serialize_entry(&field.name, n)?,
                Cell::Real(x) => map.serialize_entry(&field.name, x)?,
                Cell::Flag(yes) => map.serialize_entry(&field.name, yes)?,
                Cell::Text(text) => map.serialize_entry(&field.name, &**text)?,
            }
        }
        map.end()
    }
}
