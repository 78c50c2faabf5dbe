//! Rows gone through once: read ahead block by block, measured in parallel, handed on in order.

use std::array;
use std::ops::Range;
use std::sync::mpsc::sync_channel;
use std::thread;

use rayon::prelude::*;

use super::error::InputError;
use super::picked::Picked;
use super::rows::{Block, Source};

/// What a block takes in memory, about, of all sources together. Two are there at most: one that is measured, and one
/// that is read meanwhile.
const BLOCK_BYTES: u64 = 16 << 20;

/// The most rows of a block: of short rows the results take more than the logits, and a stop gives up what is not yet
/// handed on of a block.
pub const MAX_BLOCK_ROWS: u64 = 512;

/// Pieces of a block at least, so that several threads have work where rows are long.
const LEAST_PIECES: u64 = 4;

/// How whoever waits for rows hears of them.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Whether to stop: asked from any thread, before each piece.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Told how many more rows were handed on.
    pub done: &'a dyn Fn(u64),
}

impl Watch<'_> {
    /// Nobody asks and nobody is told.
    pub const NONE: Watch<'static> = Watch { stop: &|| false, done: &|_| {} };
}

/// Measures rows of sources in step, in pieces of `together` rows that one thread measures with a scratch of its own,
/// and hands the results of each block on in the order of the rows. Whether all were: not after a stop, when those are
/// handed on that come before the first that was not begun.
///
/// `measure` is given a block of each source and the rows of a piece, as places in the blocks. Every row is read once,
/// and checked when it is read: what was handed on stays right if a later row is bad. While a block of files is
/// measured the next one is read; what is in memory, each thread reads by the piece. Results depend neither on the
/// number of threads nor on the size of blocks, which have whole pieces. Memory does not grow with the files.
///
/// # Errors
/// What cannot be read, and what `measure` and `each` say, after the blocks before it were handed on.
pub fn stream<const N: usize, S: Default, T: Send, E: From<InputError> + Send>(
    sources: [&Source; N],
    rows: &Picked,
    together: usize,
    watch: Watch<'_>,
    measure: impl Fn(&mut S, [&Block; N], Range<usize>) -> Result<T, E> + Sync,
    mut each: impl FnMut(Vec<T>) -> Result<(), E>,
) -> Result<bool, E> {
    let bytes = sources.iter().fold(0, |sum: u64, source| sum.saturating_add(source.row_bytes()));
    let step = (BLOCK_BYTES / bytes).clamp(1, MAX_BLOCK_ROWS).next_multiple_of(LEAST_PIECES * together as u64);
    let count = rows.count();
    let runs = (0..count).step_by(step as usize).map(|start| start..count.min(start.saturating_add(step)));
    if sources.iter().all(|source| source.is_held()) {
        for run in runs {
            let one = |own: &mut Own<N, S>, piece: Range<usize>| {
                let [start, end] = [piece.start, piece.end].map(|place| run.start + place as u64);
                own.read(sources, &rows.runs(start..end))?;
                measure(&mut own.scratch, own.blocks.each_ref(), 0..piece.len())
            };
            if !pieces((run.end - run.start) as usize, together, watch, one, &mut each)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(0);
        scope.spawn(move || {
            for run in runs {
                let mut own = Own::<N, ()>::default();
                let read = own.read(sources, &rows.runs(run)).map(|()| own.blocks);
                let last = read.is_err();
                // Where nobody waits for it any more, nothing more is read.
                if sender.send(read).is_err() || last {
                    return;
                }
            }
        });
        for blocks in receiver {
            let blocks = blocks?;
            let one = |scratch: &mut S, piece: Range<usize>| measure(scratch, blocks.each_ref(), piece);
            if !pieces(blocks[0].rows.len(), together, watch, one, &mut each)? {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

/// What one thread reads into, of each source, and measures with.
struct Own<const N: usize, S> {
    blocks: [Block; N],
    scratch: S,
}

impl<const N: usize, S: Default> Default for Own<N, S> {
    fn default() -> Own<N, S> {
        Own { blocks: array::from_fn(|_| Block::default()), scratch: S::default() }
    }
}

impl<const N: usize, S> Own<N, S> {
    fn read(&mut self, sources: [&Source; N], runs: &[Range<u64>]) -> Result<(), InputError> {
        sources.iter().zip(&mut self.blocks).try_for_each(|(source, block)| source.read_runs(runs, block))
    }
}

/// Measures the pieces of a block of `count` rows, in parallel, and hands them on. Whether all were.
fn pieces<S: Default, T: Send, E: Send>(
    count: usize,
    together: usize,
    watch: Watch<'_>,
    one: impl Fn(&mut S, Range<usize>) -> Result<T, E> + Sync,
    each: &mut impl FnMut(Vec<T>) -> Result<(), E>,
) -> Result<bool, E> {
    let starts: Vec<usize> = (0..count).step_by(together).collect();
    let stop = watch.stop;
    let piece = |scratch: &mut S, &start: &usize| (!stop()).then(|| one(scratch, start..count.min(start + together)));
    let found: Vec<_> = match starts.as_slice() {
        // To wake another thread takes longer than a short piece.
        [start] => vec![piece(&mut S::default(), start)],
        starts => starts.par_iter().map_init(S::default, piece).collect(),
    };
    let begun = found.into_iter().map_while(|piece| piece).collect::<Result<Vec<T>, E>>()?;
    let begun_pieces = begun.len();
    if begun_pieces > 0 {
        each(begun)?;
        (watch.done)(count.min(begun_pieces * together) as u64);
    }
    Ok(begun_pieces == starts.len())
}

/// Reads and checks rows of a source, and keeps nothing.
///
/// # Errors
/// What is wrong with the first row that is.
pub fn check(source: &Source, rows: &Range<u64>) -> Result<(), InputError> {
    let nothing = |_: &mut (), _: [&Block; 1], _: Range<usize>| Ok(());
    stream([source], &rows.clone().into(), 1, Watch::NONE, nothing, |_| Ok(())).map(drop)
}
