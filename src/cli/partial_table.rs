//! Rows that log-probabilities enclose, as a table and as lines of JSON.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::arith::decimal::decimals;
use crate::certified::partial::{PartialEnclosures, Slack};
use crate::measure::{Cell, Field, Kind, Rows};

/// The quantities of a row.
const QUANTITIES: [&str; 5] = ["p", "tail", "collision", "w", "norm"];

/// What the numbers of an engine may be off by, behind the quantities of a row.
const SLACK: [&str; 2] = ["slack_absolute", "slack_relative"];

/// The fields of a row: an enclosure has two, `NAME_lo` and `NAME_hi`.
pub fn fields() -> Vec<Field> {
    let real = |name: String| Field { name, kind: Kind::Real };
    let ends = QUANTITIES.iter().flat_map(|name| ["lo", "hi"].map(|end| format!("{name}_{end}")));
    let row = Field { name: "row".to_string(), kind: Kind::Count };
    std::iter::once(row).chain(ends.chain(SLACK.map(String::from)).map(real)).collect()
}

/// Some rows, and what the numbers of all may be off by.
pub struct Enclosed<'a> {
    pub rows: &'a [(u64, PartialEnclosures)],
    pub slack: Slack,
}

impl Rows for Enclosed<'_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn cells(&self, index: usize) -> Vec<Cell> {
        let (row, found) = &self.rows[index];
        let ends = found.named().into_iter().flat_map(|(_, x)| x.outward());
        let slack = [self.slack.absolute, self.slack.relative];
        std::iter::once(Cell::Count(*row)).chain(ends.chain(slack).map(Cell::Real)).collect()
    }

    /// Both ends of everything as decimals, rounded outward.
    fn line(&self, index: usize) -> String {
        let (row, found) = &self.rows[index];
        serde_json::to_string(&Line { row: *row, found, slack: &self.slack }).expect("strings and numbers") + "\n"
    }
}

struct Line<'a> {
    row: u64,
    found: &'a PartialEnclosures,
    slack: &'a Slack,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("row", &self.row)?;
        for (name, x) in self.found.named() {
            for (end, decimal) in ["lo", "hi"].iter().zip(decimals(&x.to_interval())) {
                map.serialize_entry(&format!("{name}_{end}"), &decimal)?;
            }
        }
        for (name, nats) in SLACK.iter().zip([self.slack.absolute, self.slack.relative]) {
            map.serialize_entry(name, &nats)?;
        }
        map.end()
    }
}
