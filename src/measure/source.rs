//! Logits with one action per row, read and validated block by block.

use super::action::{Actions, Chosen, largest};
use super::dtype::Dtype;
use super::error::InputError;
use super::location::Role;
use super::npy;
use super::safetensors::Header;
use super::tensor::{Element, Tensor};
use std::path::Path;

/// What a block takes in memory, about: large enough for the system to read ahead, small enough for every thread to
/// hold one.
const BLOCK_BYTES: u64 = 4 << 20;
/// Bytes of one stored action.
const ACTION_BYTES: u64 = 8;

/// A matrix of logits `[rows, columns]` with one action per row, read block by block.
///
/// Opening one reads headers only. Reads go by position and share nothing, so blocks can be read from many threads.
#[derive(Debug)]
pub struct Source {
    /// How many rows there are: at least one.
    pub rows: u64,
    /// How many logits a row has, one per action: at least one.
    pub columns: u64,
    /// How the logits are stored.
    pub dtype: Dtype,
    logits: Tensor,
    actions: Actions,
}

/// Some rows of a [`Source`]. Every logit is finite or `-inf`, every row has a finite one, and every action is a column.
///
/// The action itself may be one that is masked: its probability is then zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The row of the source that is the first here.
    pub start: u64,
    /// How many logits a row has.
    pub columns: usize,
    /// The logits, row after row, each exactly as stored.
    pub logits: Vec<f64>,
    /// The action of each row.
    pub actions: Vec<usize>,
}

impl Block {
    /// The logits of row `i` of this block, the row `start + i` of the source.
    ///
    /// # Panics
    ///
    /// If the block has no row `i`.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.logits[i * self.columns..][..self.columns]
    }
}

impl Source {
    /// Opens a safetensors file that has a tensor named `logits`, `[rows, columns]` of F64, F32, F16 or BF16, and one
    /// named `actions`, `[rows]` of I64.
    pub fn open_safetensors(path: &Path, logits: &str, actions: &str) -> Result<Source, InputError> {
        let header = Header::open(path)?;
        Source::new(header.tensor(logits)?, Actions::Stored(header.tensor(actions)?))
    }

    /// Opens a safetensors file for its tensor named `logits` alone; actions are chosen.
    pub fn open_safetensors_logits(path: &Path, logits: &str, chosen: Chosen) -> Result<Source, InputError> {
        Source::new(Header::open(path)?.tensor(logits)?, Actions::Chosen(chosen))
    }

    /// Opens a pair of npy files: the logits, `(rows, columns)` of `<f8`, `<f4` or `<f2`, and the actions, `(rows,)` of
    /// `<i8`.
    pub fn open_npy(logits: &Path, actions: &Path) -> Result<Source, InputError> {
        Source::new(npy::open(logits)?, Actions::Stored(npy::open(actions)?))
    }

    /// Opens a npy file of logits, `(rows, columns)` of `<f8`, `<f4` or `<f2`, alone; actions are chosen.
    pub fn open_npy_logits(logits: &Path, chosen: Chosen) -> Result<Source, InputError> {
        Source::new(npy::open(logits)?, Actions::Chosen(chosen))
    }

    fn new(logits: Tensor, actions: Actions) -> Result<Source, InputError> {
        let Element::Float(dtype) = logits.element else {
            return Err(wrong_dtype(logits, Role::Logits));
        };
        let [rows, columns] = logits.shape[..] else {
            return Err(wrong_rank(logits, Role::Logits));
        };
        if rows == 0 || columns == 0 {
            return Err(InputError::Empty { location: logits.location, rows, columns });
        }
        let actions = check_actions(actions, &logits, rows, columns)?;
        Ok(Source { rows, columns, dtype, logits, actions })
    }

    /// How many rows make a block of a few MiB: at least one, at most all.
    pub fn block_rows(&self) -> usize {
        let row_bytes = self.columns.saturating_mul(size_of::<f64>() as u64).saturating_add(ACTION_BYTES);
        let rows = (BLOCK_BYTES / row_bytes).clamp(1, self.rows);
        // No more than BLOCK_BYTES, which every usize can hold.
        rows as usize
    }

    /// Reads and validates the `count` rows from row `start`.
    ///
    /// Every logit comes back exactly as stored. A logit that is NaN or `+inf`, a row that is `-inf` throughout and an
    /// action that is no column are errors; a single `-inf` is a masked action.
    pub fn read(&self, start: u64, count: usize) -> Result<Block, InputError> {
        let rows = count as u64;
        let end = start.saturating_add(rows);
        if end > self.rows {
            let location = self.logits.location.clone();
            return Err(InputError::RowsOutOfRange { location, start, end, rows: self.rows });
        }
        let columns = self.columns;
        let too_large = || InputError::BlockTooLarge { location: self.logits.location.clone(), rows, columns };
        let elements = rows.checked_mul(columns).ok_or_else(too_large)?;
        let width = usize::try_from(columns).map_err(|_| too_large())?;

        // The stored bytes are part of the file, and the values at most four times as long.
        let stored = self.logits.read(start.saturating_mul(columns), elements, self.dtype.size())?;
        let mut logits = Vec::new();
        logits.try_reserve_exact(stored.len() / self.dtype.size() as usize).map_err(|_| too_large())?;
        self.dtype.widen(&stored, &mut logits);
        drop(stored);

        for (row, logits) in (start..).zip(logits.chunks_exact(width)) {
            self.check_logits(row, logits)?;
        }
        let actions = match &self.actions {
            Actions::Stored(tensor) => {
                let stored = tensor.read(start, rows, ACTION_BYTES)?;
                let rows = (start..).zip(stored.as_chunks().0);
                let action = |(row, &bytes)| self.check_action(tensor, row, i64::from_le_bytes(bytes));
                rows.map(action).collect::<Result<_, _>>()?
            }
            Actions::Chosen(Chosen::Largest) => logits.chunks_exact(width).map(largest).collect(),
            // Less than the columns of a row, which is in memory.
            Actions::Chosen(Chosen::Always(action)) => vec![*action as usize; count],
        };
        Ok(Block { start, columns: width, logits, actions })
    }

    fn check_logits(&self, row: u64, logits: &[f64]) -> Result<(), InputError> {
        let location = || self.logits.location.clone();
        let mut masked = true;
        for (column, &value) in (0..).zip(logits) {
            if value.is_nan() || value == f64::INFINITY {
                return Err(InputError::BadLogit { location: location(), row, column, value });
            }
            masked &= value == f64::NEG_INFINITY;
        }
        if masked { Err(InputError::AllMasked { location: location(), row }) } else { Ok(()) }
    }

    fn check_action(&self, actions: &Tensor, row: u64, action: i64) -> Result<usize, InputError> {
        match usize::try_from(action) {
            Ok(column) if (column as u64) < self.columns => Ok(column),
            _ => {
                let location = actions.location.clone();
                Err(InputError::BadAction { location, row, action, columns: self.columns })
            }
        }
    }
}

/// That there is one action for each row of logits, and that an action for all of them is a column.
fn check_actions(actions: Actions, logits: &Tensor, rows: u64, columns: u64) -> Result<Actions, InputError> {
    match actions {
        Actions::Stored(tensor) => {
            let Element::Int64 = tensor.element else {
                return Err(wrong_dtype(tensor, Role::Actions));
            };
            let [action_rows] = tensor.shape[..] else {
                return Err(wrong_rank(tensor, Role::Actions));
            };
            if action_rows != rows {
                let (logits, actions) = (logits.location.clone(), tensor.location);
                return Err(InputError::RowMismatch { logits, rows, actions, action_rows });
            }
            Ok(Actions::Stored(tensor))
        }
        Actions::Chosen(Chosen::Always(action)) if action >= columns => {
            Err(InputError::NoSuchAction { location: logits.location.clone(), action, columns })
        }
        chosen => Ok(chosen),
    }
}

fn wrong_dtype(tensor: Tensor, role: Role) -> InputError {
    InputError::WrongDtype { location: tensor.location, role, stored: tensor.stored }
}

fn wrong_rank(tensor: Tensor, role: Role) -> InputError {
    InputError::WrongRank { location: tensor.location, role, shape: tensor.shape }
}
