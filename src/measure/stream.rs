//! A whole file: block by block, rows in parallel, results in order.

use std::ops::{ControlFlow, Range};

use rayon::prelude::*;

use super::enclosure::{Measurement, enclose};
use super::failure::MeasureError;
use super::input::InputError;
use super::input::Source;
use crate::arith::interval::Intervals;

/// How many rows are measured before their results are handed on: enough for every thread, few enough that results
/// of the highest precision take some tens of MB.
const BATCH: usize = 256;

/// Measures rows of a source at `bits` bits and hands the results to `each` in the order of the rows, until it breaks.
///
/// All of the rows are read and checked before the first is measured: that costs next to nothing, and nobody gets
/// half of a result because of a NaN in the last row. Results do not depend on the number of threads, nor on which
/// other rows are measured. In memory are one block of the file, a batch of results, and for each thread some 4 K
/// numbers of `bits` bits, for K columns.
///
/// # Errors
/// Input that cannot be read or measured, or rows that the source does not have, before anything is handed to `each`.
///
/// # Panics
/// If `bits` is outside [`MIN_BITS`](crate::arith::interval::MIN_BITS)..=[`MAX_BITS`](crate::arith::interval::MAX_BITS).
pub fn measure<B>(
    source: &Source,
    bits: u32,
    rows: Range<u64>,
    mut each: impl FnMut(Measurement) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, MeasureError> {
    let system = Intervals::new(bits);
    check(source, &rows)?;
    for (start, count) in blocks(source, &rows) {
        let block = source.read(start, count)?;
        let one = |i: usize| enclose(system, block.rows[i], block.row(i), block.actions[i]);
        for first in (0..count).step_by(BATCH) {
            let batch: Vec<_> = (first..count.min(first + BATCH)).into_par_iter().map(one).collect();
            for measured in batch {
                if let ControlFlow::Break(value) = each(measured?) {
                    return Ok(ControlFlow::Break(value));
                }
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

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
