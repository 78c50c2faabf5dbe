//! A whole file, measured.

use std::ops::Range;

use super::measured::{How, Measured};
use super::modes::Modes;
use crate::certified::MeasureError;
use crate::source::{self, Block, InputError, Source, Watch};

/// Measures rows of a source, computes w in the modes, too, and hands the results to `each` in the order of the rows,
/// as [`source::stream`] does. Results do not depend on which other rows are measured.
///
/// # Errors
/// Input that cannot be read or measured, after all the rows before it were handed on but those of its own block; what
/// `each` says.
pub fn stream<E: From<InputError> + From<MeasureError> + Send>(
    source: &Source,
    how: &How,
    modes: &Modes,
    rows: Range<u64>,
    watch: Watch<'_>,
    each: impl FnMut(Vec<Measured>) -> Result<(), E>,
) -> Result<bool, E> {
    let meter = how.meter();
    let one = |_: &mut (), [block]: [&Block; 1], Range { start: i, .. }: Range<usize>| {
        let (row, logits, action) = (block.rows[i], block.row(i), block.actions[i]);
        let advantage = block.advantages.as_ref().map_or(1.0, |all| all[i]);
        let next = if i + 1 < block.rows.len() { block.row(i + 1) } else { &[] };
        let measured = meter.measure(row, logits, action, advantage, next)?;
        Ok(Measured { position: source.position(row), computed: modes.run(row, logits, action), ..measured })
    };
    source::stream([source], &rows.into(), 1, watch, one, each)
}
