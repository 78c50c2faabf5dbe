//! What rows are written into.

use std::io;

use super::cell::Rows;

/// Writes rows in order; memory does not grow with their number.
pub trait Sink {
    /// Writes some more rows.
    ///
    /// # Errors
    /// If the file cannot be written.
    fn append(&mut self, rows: &dyn Rows) -> io::Result<()>;

    /// Completes the file: with the rows that were written it can be read, however many there are.
    ///
    /// # Errors
    /// If the file cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}
