//! Rows as fields of a table.

use std::iter;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::arith::interval::Interval;
use crate::arith::scaled::{Scaled, outward};

use super::cell::{Cell, Field, Kind, Rows};
use super::column::{COLUMNS, Column, Terms};
use super::measured::{How, Measured};
use super::modes::{Modes, digits_left};
use crate::arith::decimal::decimals;
use crate::certified::MeasureError;
use crate::parallel::each_in_order;
use crate::source::Source;

/// The numbers of one row, ready to be written.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// The row, from 0.
    pub row: u64,
    /// Batch and time of the row in its file, from 0, where logits have shape [batch, time, V].
    pub position: Option<[u64; 2]>,
    /// The chosen action, from 0.
    pub action: u64,
    /// One enclosure for each column of the schema.
    pub values: Vec<Interval>,
}

/// The names of the two parts of a position.
const POSITION: [&str; 2] = ["batch", "time"];

/// The columns that a table has.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Whether rows have a batch and a time.
    pub position: bool,
    /// Which of [`COLUMNS`].
    pub columns: Vec<&'static Column>,
    /// The mode and the formula of each further column: the decimal digits that they leave of w.
    pub modes: Vec<[String; 2]>,
}

impl Schema {
    /// The columns of rows of this source that are measured so: those of steps only where there is a g.
    pub fn new(how: &How, modes: &Modes, source: &Source) -> Schema {
        let position = source.position(0).is_some();
        let columns = COLUMNS.iter().filter(|column| how.eta.is_some() || !column.step).collect();
        Schema { position, columns, modes: modes.names.clone() }
    }

    /// The name of each enclosed number of a row, and whether it has an exponent of its own.
    fn names(&self) -> impl Iterator<Item = (String, bool)> {
        let digits = self.modes.iter().map(|[mode, formula]| (format!("digits_{mode}_{formula}"), false));
        self.columns.iter().map(|column| (column.name.to_string(), column.scaled)).chain(digits)
    }

    /// Row, batch and time where there are such, action, then two ends of each column; of those that may be too small
    /// for an `f64` also the ends as significands, and the exponent: the end is significand x 2^exponent.
    pub fn fields(&self) -> Vec<Field> {
        let field = |name: String, kind| Field { name, kind };
        let names = ["row"].into_iter().chain(POSITION.into_iter().filter(|_| self.position)).chain(["action"]);
        let mut fields: Vec<Field> = names.map(|name| field(name.into(), Kind::Count)).collect();
        for (name, scaled) in self.names() {
            let ends = ["lo", "hi"].map(|end| field(format!("{name}_{end}"), Kind::Real));
            fields.extend(ends);
            if scaled {
                let significands = ["lo", "hi"].map(|end| field(format!("{name}_{end}_significand"), Kind::Real));
                fields.extend(significands);
                fields.push(field(format!("{name}_exponent"), Kind::Whole));
            }
        }
        fields
    }

    /// The numbers of a row.
    ///
    /// # Errors
    /// [`MeasureError::Undefined`] where a column has no value, which none has where the logits have a softmax.
    pub fn numbers(&self, how: &How, row: &Measured) -> Result<Numbers, MeasureError> {
        let terms = Terms::new(how, row);
        let columns = self.columns.iter().map(|column| (column.of)(&terms));
        let digits = row.computed.iter().map(|computed| digits_left(*computed, &terms.found.w));
        let values: Result<_, _> = columns.chain(digits).collect();
        let values = values.map_err(|fault| MeasureError::Undefined { row: row.row, fault })?;
        Ok(Numbers { row: row.row, position: row.position, action: row.action as u64, values })
    }

    /// The numbers of many rows, computed in parallel.
    ///
    /// # Errors
    /// As [`Schema::numbers`].
    pub fn all_numbers(&self, how: &How, rows: &[Measured]) -> Result<Vec<Numbers>, MeasureError> {
        each_in_order(rows, |row| self.numbers(how, row))
    }

    /// The cells of a row, one for each field.
    pub fn cells(&self, numbers: &Numbers) -> Vec<Cell> {
        let position = self.position.then(|| numbers.position.unwrap_or_default());
        let counts = [numbers.row].into_iter().chain(position.into_iter().flatten()).chain([numbers.action]);
        let mut cells: Vec<Cell> = counts.map(Cell::Count).collect();
        let scaled = self.columns.iter().map(|column| column.scaled).chain(iter::repeat(false));
        for (scaled, value) in scaled.zip(&numbers.values) {
            cells.extend(outward(value).map(Cell::Real));
            if scaled {
                let Scaled { lo, hi, exponent } = Scaled::from_interval(value);
                cells.extend([Cell::Real(lo), Cell::Real(hi), Cell::Whole(exponent)]);
            }
        }
        cells
    }
}

/// A row as a JSON object: `NAME_lo` and `NAME_hi` for each column, as decimals rounded outward.
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

/// Measured rows, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Enclosed<'a> {
    /// Their columns.
    pub schema: &'a Schema,
    /// Their numbers.
    pub rows: &'a [Numbers],
}

impl Rows for Enclosed<'_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn cells(&self, index: usize) -> Vec<Cell> {
        self.schema.cells(&self.rows[index])
    }

    fn line(&self, index: usize) -> String {
        line(self.schema, &self.rows[index])
    }
}
