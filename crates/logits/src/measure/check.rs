//! Whether rows are good, before the first of them is measured.

use std::ops::Range;

use super::input::{InputError, Source};

/// Reads and checks rows of a source block by block, and keeps nothing.
///
/// # Errors
/// What is wrong with the first row that is.
pub fn check(source: &Source, rows: &Range<u64>) -> Result<(), InputError> {
    blocks(source, rows).try_for_each(|(start, count)| source.read(start, count).map(drop))
}

/// The first row and the number of rows of each block.
fn blocks(source: &Source, rows: &Range<u64>) -> impl Iterator<Item = (u64, usize)> + use<> {
    let (end, step) = (rows.end, source.block_rows());
    // A block has no more rows than a usize can hold, and the last one no more than the others.
    (rows.start..end).step_by(step).map(move |start| (start, (end - start).min(step as u64) as usize))
}
