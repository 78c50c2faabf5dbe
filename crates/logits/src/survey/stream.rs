//! A whole file: read ahead block by block, rows in parallel, results in order.

use std::ops::{ControlFlow, Range};
use std::sync::mpsc::sync_channel;
use std::thread;

use rayon::prelude::*;

use super::measured::{How, Measured, Meter};
use super::modes::Modes;
use crate::measure::{Block, InputError, MeasureError, Source, Within};

/// What a batch of logits takes in memory, about. Three are there at most: one that is measured, one that waits, and one
/// that is read.
const BATCH_BYTES: u64 = 16 << 20;

/// The most rows of a batch: of short rows the results take more than the logits, and Ctrl-C gives up what is not yet
/// handed on of a batch.
pub const MAX_BATCH_ROWS: u64 = 512;

/// Measured rows that follow each other.
#[derive(Debug)]
pub struct Batch {
    /// The rows.
    pub rows: Vec<Measured>,
    /// Whether the run was asked to stop: some rows of the batch, and all after it, were not measured.
    pub stopped: bool,
}

/// Measures rows of a source, whose first further numbers are the advantages if it has any, computes w in the modes, too, and hands the results to `each` in the order of the rows, until it breaks or `stop` says
/// so.
///
/// Every row is read once, and checked when it is read: what `each` was given stays right if a later row is bad. While a
/// batch is measured the next one is read. Results do not depend on the number of threads, nor on which other rows are
/// measured. Memory does not grow with the file.
///
/// # Errors
/// Input that cannot be read or measured, after all the rows before it were handed on but those of its own batch.
pub fn stream<B>(
    source: &Source,
    how: &How,
    modes: &Modes,
    rows: Range<u64>,
    stop: &(dyn Fn() -> bool + Sync),
    mut each: impl FnMut(Batch) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, MeasureError> {
    let meter = how.meter();
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Result<Block, InputError>>(0);
        scope.spawn(move || {
            for (start, count) in batches(source, &rows) {
                let read = source.read(start, count);
                let last = read.is_err();
                // Where nobody waits for it any more, nothing more is read.
                if sender.send(read).is_err() || last {
                    return;
                }
            }
        });
        for block in receiver {
            let block = block?;
            let batch = measure(source, &block, &meter, modes, stop)?;
            let stopped = batch.stopped;
            if let ControlFlow::Break(value) = each(batch) {
                return Ok(ControlFlow::Break(value));
            }
            if stopped {
                break;
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// Measures the rows of a block; at a stop, those up to the first that was not begun.
fn measure(
    source: &Source,
    block: &Block,
    meter: &Meter,
    modes: &Modes,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Batch, MeasureError> {
    let one = |i: usize| {
        let row = block.rows[i];
        let advantage = advantage(source, block, i)?;
        let next = if i + 1 < block.rows.len() { block.row(i + 1) } else { &[] };
        let measured = meter.measure(row, block.row(i), block.actions[i], advantage, next)?;
        let position = match source.place(row).within {
            Within::Position(position) => Some(position),
            _ => None,
        };
        Ok(Measured { position, computed: modes.run(row, block.row(i), block.actions[i]), ..measured })
    };
    let count = block.actions.len();
    let measured: Vec<_> = (0..count).into_par_iter().map(|i| (!stop()).then(|| one(i))).collect();
    let rows = measured.into_iter().map_while(|row| row).collect::<Result<Vec<_>, MeasureError>>()?;
    Ok(Batch { stopped: rows.len() < count, rows })
}

/// The advantage of a row: the first of the further numbers of the source, 1 without one.
fn advantage(source: &Source, block: &Block, i: usize) -> Result<f64, InputError> {
    match block.named.first().map(|numbers| numbers[i]) {
        Some(number) if !number.is_finite() => {
            Err(source.refuse(0, block.rows[i], number, "a finite advantage; look for the division by 0 that made it"))
        }
        number => Ok(number.unwrap_or(1.0)),
    }
}

/// The first row and the number of rows of each batch.
fn batches(source: &Source, rows: &Range<u64>) -> impl Iterator<Item = (u64, usize)> + use<> {
    let row_bytes = source.columns.saturating_mul(size_of::<f64>() as u64);
    let step = (BATCH_BYTES / row_bytes.max(1)).clamp(1, MAX_BATCH_ROWS);
    let end = rows.end;
    (rows.start..end).step_by(step as usize).map(move |start| (start, (end - start).min(step) as usize))
}
