//! Where in a source a row is.

use std::fmt;

/// A row, and how its file counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowPlace {
    /// The row, from 0; of all files together, and including those that a mask leaves out.
    pub row: u64,
    /// Where it is in its file.
    pub within: Within,
}

/// Where a row is in its file, if that is not said by the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// The row says it.
    Nothing,
    /// This row of the file, from 0; it is one of several.
    File(u64),
    /// This batch and time, from 0.
    Position([u64; 2]),
    /// This line, from 1.
    Line(u64),
}

impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.row)?;
        match self.within {
            Within::Nothing => Ok(()),
            Within::File(row) => write!(f, " (row {row} of this file)"),
            Within::Position([batch, time]) => write!(f, " ([{batch}, {time}] of [batch, time])"),
            Within::Line(line) => write!(f, " (line {line} of the file)"),
        }
    }
}
