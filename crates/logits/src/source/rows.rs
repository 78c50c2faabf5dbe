//! Logits with one action per row, read and validated block by block.

use super::action::{Chosen, largest};
use super::array::Array;
use super::dtype::Dtype;
use super::error::InputError;
use super::gather::Gathered;
use super::memory::HeldArray;
use super::place::{RowPlace, Within};
use super::request::{Actions, Request};
use super::selection::Selection;
use crate::arith::simd::vectorized;
use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes of an action or another number of a row.
const NUMBER_BYTES: u64 = 8;
/// Rows of a mask that are read at once.
const MASK_ROWS: usize = 1 << 16;

/// A matrix of logits `[rows, columns]` with one action per row, read block by block.
///
/// Opening one reads headers, and the mask if there is one. Rows that the mask leaves out are not there: rows are
/// counted without them, and [`Block::rows`] says what they are in the files. A mask may leave none, which is no error.
/// Reads go by position and share nothing, so blocks can be read from many threads.
#[derive(Debug)]
pub struct Source {
    /// How many rows there are.
    pub rows: u64,
    /// How many logits a row has, one per action: at least one.
    pub columns: u64,
    /// How the logits are stored.
    pub dtype: Dtype,
    logits: Array,
    actions: From,
    named: BTreeMap<String, Array>,
    advantages: Option<Array>,
    selection: Selection,
    /// Whether places of a row may have no number.
    padded: bool,
}

/// Where actions come from.
#[derive(Debug)]
enum From {
    Stored(Array),
    Chosen(Chosen),
}

/// Some rows of a [`Source`]. Every logit is finite or `-inf`, every row has a finite one (unless the request is for
/// padded rows), and every action is a column.
///
/// The action itself may be one that is masked: its probability is then zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// What each row is in the files, from 0 and including rows that a mask leaves out; ascending.
    pub rows: Vec<u64>,
    /// How many logits a row has.
    pub columns: usize,
    /// The logits, row after row, each exactly as stored.
    pub logits: Vec<f64>,
    /// The action of each row.
    pub actions: Vec<usize>,
    /// The further numbers that the request names, by name, each with one for every row, whatever they are: NaN
    /// and infinities included. Integers beyond 2^53 are rounded, everything else is exact.
    pub named: BTreeMap<String, Vec<f64>>,
    /// The advantage of each row, finite, where the request names them.
    pub advantages: Option<Vec<f64>>,
}

impl Block {
    /// The logits of row `i` of this block, the row `rows[i]` of the files.
    ///
    /// # Panics
    ///
    /// If the block has no row `i`.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.logits[i * self.columns..][..self.columns]
    }
}

impl Source {
    /// Opens files for what a request names.
    ///
    /// # Errors
    /// If a file cannot be read, is not what its name says, or lacks something, and if what is there does not fit
    /// together.
    pub fn open(request: &Request) -> Result<Source, InputError> {
        Source::of(Gathered::open(request)?, request)
    }

    /// The same of arrays in memory, by their names; the request's files do not matter.
    ///
    /// ```
    /// use logitlab_logits::source::{Actions, Chosen, Held, HeldArray, Request, Source};
    ///
    /// let bytes = Held::new([1.0f32, 2.0, 3.0].map(f32::to_le_bytes).concat());
    /// let logits = HeldArray { name: "logits".into(), dtype: "F32".into(), shape: vec![1, 3], bytes };
    /// let request = Request { actions: Actions::Chosen(Chosen::Largest), ..Request::new(Vec::<String>::new()) };
    /// let block = Source::held(&[logits], &request)?.read(0, 1)?;
    /// assert_eq!((block.row(0), block.actions.as_slice()), (&[1.0, 2.0, 3.0][..], &[2][..]));
    /// # Ok::<(), logitlab_logits::source::InputError>(())
    /// ```
    ///
    /// # Errors
    /// If an array is missing or not of the type or shape that it should be.
    pub fn held(arrays: &[HeldArray], request: &Request) -> Result<Source, InputError> {
        Source::of(Gathered::held(arrays, request)?, request)
    }

    fn of(gathered: Gathered, request: &Request) -> Result<Source, InputError> {
        let Gathered { logits, columns, dtype, actions, mask, named, advantages } = gathered;
        let actions = match (actions, &request.actions) {
            (Some(stored), _) => From::Stored(stored),
            (None, Actions::Chosen(Chosen::Always(action))) if *action >= columns => {
                let location = logits.part(0).tensor.location.clone();
                return Err(InputError::NoSuchAction { location, action: *action, columns });
            }
            (None, Actions::Chosen(chosen)) => From::Chosen(*chosen),
            (None, Actions::Named(_)) => unreachable!("what is wanted is found or an error"),
        };
        let selection = match mask {
            Some(mask) => select(&mask)?,
            None => Selection::all(logits.rows()),
        };
        let (rows, named, padded) = (selection.len(), named.into_iter().collect(), request.padded);
        Ok(Source { rows, columns, dtype, logits, actions, named, advantages, selection, padded })
    }

    /// How many rows the files have, those included that a mask leaves out: at least one.
    pub fn stored_rows(&self) -> u64 {
        self.logits.rows()
    }

    /// How many batches and times the logits have, of each of the files that follow one another; files of the same
    /// times count as one. Nothing where one has rows alone, or batches or times of 1, whose order is that of rows.
    pub fn positions(&self) -> Option<Vec<[u64; 2]>> {
        let mut found: Vec<[u64; 2]> = Vec::new();
        for part in self.logits.parts() {
            let &[batch, time, _] = part.tensor.shape.as_slice() else { return None };
            match found.last_mut() {
                Some([batches, times]) if *times == time => *batches += batch,
                _ => found.push([batch, time]),
            }
        }
        let rows_alone = found.iter().any(|[batch, time]| *batch == 1 || *time == 1);
        (!rows_alone).then_some(found)
    }

    /// The rows of this source that are among rows of the files.
    pub fn among(&self, rows: Range<u64>) -> Range<u64> {
        self.selection.places(rows)
    }

    /// Where a row of the files is, those included that a mask leaves out.
    pub fn place(&self, row: u64) -> RowPlace {
        self.logits.place(row)
    }

    /// The batch and the time of a row of the files, where the logits have them.
    pub fn position(&self, row: u64) -> Option<[u64; 2]> {
        match self.place(row).within {
            Within::Position(position) => Some(position),
            _ => None,
        }
    }

    /// How the further numbers of this name are stored, if as floats.
    ///
    /// # Panics
    /// If the request did not name them.
    pub fn named_dtype(&self, name: &str) -> Option<Dtype> {
        self.named[name].dtype()
    }

    /// Whether all of it is in memory.
    pub(super) fn is_held(&self) -> bool {
        let further = self.named.values().chain(&self.advantages);
        let stored = match &self.actions {
            From::Stored(stored) => Some(stored),
            From::Chosen(_) => None,
        };
        [&self.logits].into_iter().chain(stored).chain(further).all(Array::is_held)
    }

    /// What a row takes in memory.
    pub(super) fn row_bytes(&self) -> u64 {
        self.columns.saturating_add(1 + self.named.len() as u64).saturating_mul(NUMBER_BYTES)
    }

    /// Reads and validates the `count` rows from row `start`.
    ///
    /// Every logit comes back exactly as stored. A logit that is NaN or `+inf`, a row that is `-inf` throughout, an
    /// action that is no column and an advantage that is not finite are errors; a single `-inf` is a masked action.
    ///
    /// # Errors
    /// What is wrong with the first row that is.
    pub fn read(&self, start: u64, count: usize) -> Result<Block, InputError> {
        let mut block = Block::default();
        let run = start..start.saturating_add(count as u64);
        self.read_runs(&[run], &mut block)?;
        Ok(block)
    }

    /// Reads and validates runs of rows, in ascending order, into one block, whatever that had before; it has nothing
    /// that can be relied upon after an error.
    pub(super) fn read_runs(&self, runs: &[Range<u64>], block: &mut Block) -> Result<(), InputError> {
        let (start, end) = (runs.first().map_or(0, |run| run.start), runs.last().map_or(0, |run| run.end));
        let location = || self.logits.part(start).tensor.location.clone();
        if end > self.rows {
            return Err(InputError::RowsOutOfRange { location: location(), start, end, rows: self.rows });
        }
        let columns = self.columns;
        let count: u64 = runs.iter().map(|run| run.end - run.start).sum();
        let too_large = || InputError::BlockTooLarge { location: location(), rows: count, columns };
        let width = usize::try_from(columns).map_err(|_| too_large())?;
        let elements = usize::try_from(count).ok().and_then(|count| count.checked_mul(width)).ok_or_else(too_large)?;
        // All of them are in files: no more than eight times as long as those.
        let Block { rows, columns, logits, actions, named, advantages } = block;
        *columns = width;
        logits.clear();
        logits.try_reserve_exact(elements).map_err(|_| too_large())?;
        let stretches: Vec<Range<u64>> = runs.iter().flat_map(|run| self.selection.rows(run.clone())).collect();
        each(&stretches, |rows| self.logits.numbers(rows, logits))?;

        rows.clear();
        rows.extend(stretches.iter().cloned().flatten());
        let stored = match &self.actions {
            From::Stored(stored) => {
                let mut integers = Vec::new();
                each(&stretches, |rows| stored.integers(rows, &mut integers))?;
                Some((stored, integers))
            }
            From::Chosen(_) => None,
        };
        let numbers = |array: &Array| {
            let mut numbers = Vec::new();
            each(&stretches, |rows| array.numbers(rows, &mut numbers))?;
            Ok::<_, InputError>(numbers)
        };
        *advantages = self.advantages.as_ref().map(numbers).transpose()?;
        actions.clear();
        for (i, (&row, logits)) in rows.iter().zip(logits.chunks_exact(width)).enumerate() {
            if !self.padded {
                self.check_logits(row, logits)?;
            }
            actions.push(match (&self.actions, &stored) {
                (_, Some((array, integers))) => self.check_action(array, row, integers[i])?,
                // Less than the columns of a row, which is in memory.
                (From::Chosen(Chosen::Always(action)), _) => *action as usize,
                _ => largest(logits),
            });
            if let (Some(array), Some(advantages)) = (&self.advantages, &*advantages)
                && !advantages[i].is_finite()
            {
                let expected = "a finite advantage; look for the division by 0 that made it";
                return Err(refuse(array, row, advantages[i], expected));
            }
        }
        let all = self.named.iter().map(|(name, array)| Ok((name.clone(), numbers(array)?)));
        *named = all.collect::<Result<_, InputError>>()?;
        Ok(())
    }

    fn check_logits(&self, row: u64, logits: &[f64]) -> Result<(), InputError> {
        // Without a way out, the loop over a row becomes vector code.
        let fine = vectorized(
            logits,
            #[inline(always)]
            |logits| {
                let [mut bad, mut kept] = [false; 2];
                for &value in logits {
                    bad |= value.is_nan() | (value == f64::INFINITY);
                    kept |= value > f64::NEG_INFINITY;
                }
                kept && !bad
            },
        );
        if fine {
            return Ok(());
        }
        let (location, place) = (self.logits.part(row).tensor.location.clone(), self.logits.place(row));
        let is_bad = |(_, value): &(u64, f64)| value.is_nan() || *value == f64::INFINITY;
        match (0..).zip(logits.iter().copied()).find(is_bad) {
            Some((column, value)) => Err(InputError::BadLogit { location, place, column, value }),
            None => Err(InputError::AllMasked { location, place }),
        }
    }

    fn check_action(&self, actions: &Array, row: u64, action: i128) -> Result<usize, InputError> {
        match usize::try_from(action) {
            Ok(column) if (column as u64) < self.columns => Ok(column),
            _ => {
                let (location, place) = (actions.part(row).tensor.location.clone(), self.logits.place(row));
                let files = self.logits.parts().len();
                Err(InputError::BadAction { location, place, action, columns: self.columns, files })
            }
        }
    }
}

/// Reads stretches of rows of the files one after the other.
fn each(stretches: &[Range<u64>], read: impl FnMut(Range<u64>) -> Result<(), InputError>) -> Result<(), InputError> {
    stretches.iter().cloned().try_for_each(read)
}

/// The rows that a mask keeps.
fn select(mask: &Array) -> Result<Selection, InputError> {
    let mut selection = Selection::none();
    for start in (0..mask.rows()).step_by(MASK_ROWS) {
        let mut values = Vec::new();
        mask.numbers(start..mask.rows().min(start + MASK_ROWS as u64), &mut values)?;
        for (row, value) in (start..).zip(values) {
            match value {
                0.0 => {}
                1.0 => selection.keep(row..row + 1),
                _ => {
                    let expected = "0 for a row to leave out or 1 for one to keep; compare it with what it should be, \
                                    as in `mask = (weights > 0)`";
                    return Err(refuse(mask, row, value, expected));
                }
            }
        }
    }
    Ok(selection)
}

fn refuse(array: &Array, row: u64, value: f64, expected: &str) -> InputError {
    let location = array.part(row).tensor.location.clone();
    InputError::BadValue { location, place: array.place(row), value, expected: expected.to_string() }
}
