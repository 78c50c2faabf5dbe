//! Two files in step: block by block, rows in parallel, results in order.

use std::ops::{ControlFlow, Range};

use rayon::prelude::*;

use super::kernel::Scratch;
use super::refuse::{DiffError, Kept, Labels, check_masks};
use super::row::{Comparison, Settings, compare};
use crate::measure::{Block, Source};

/// Rows of a block at least, so that all threads have work where rows are long.
const LEAST_ROWS: u64 = 8;

/// How many of the first rows are looked at for masks that differ throughout.
const PROBED: u64 = 32;

/// Two sources of the same positions.
pub struct Pair<'a> {
    /// The first.
    pub a: &'a Source,
    /// The second.
    pub b: &'a Source,
    /// How messages name them.
    pub labels: Labels,
    /// Whether B has actions of its own, which must be those of A.
    pub check_actions: bool,
    /// Whether the first of A's further numbers are advantages.
    pub advantages: bool,
    /// Whether masks may differ throughout.
    pub accept_masks: bool,
}

/// A row of both, compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The row, from 0.
    pub row: u64,
    /// The chosen action.
    pub action: usize,
    /// Its advantage, where advantages are known.
    pub advantage: Option<f64>,
    /// What was found.
    pub comparison: Comparison,
}

impl Pair<'_> {
    /// Checks that both have as many rows and columns as each other, of the same batches and times.
    ///
    /// # Errors
    /// If they have not.
    pub fn check_shapes(&self) -> Result<(), DiffError> {
        let (a, b, labels) = (self.a, self.b, &self.labels);
        if a.columns != b.columns {
            return Err(DiffError::Columns { labels: labels.clone(), a: a.columns, b: b.columns });
        }
        if a.rows != b.rows {
            return Err(DiffError::Rows { labels: labels.clone(), a: a.rows, b: b.rows });
        }
        if let (Some(a), Some(b)) = (a.positions(), b.positions())
            && a != b
        {
            return Err(DiffError::Positions { labels: labels.clone(), a, b });
        }
        Ok(())
    }

    /// Compares rows of both and hands the results to `each` in the order of the rows, until it breaks. The next block is
    /// read while one is compared; in memory are two blocks of each file. Results do not depend on the number of threads.
    ///
    /// # Errors
    /// Dumps that cannot be read, or that disagree so that a comparison would mean nothing.
    pub fn compare<B: Send>(
        &self,
        settings: &Settings,
        limits: &[f64],
        rows: Range<u64>,
        mut each: impl FnMut(Compared) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, DiffError> {
        self.check_shapes()?;
        if !self.accept_masks {
            self.probe(&rows)?;
        }
        let step = (self.a.block_rows().min(self.b.block_rows()) as u64).max(LEAST_ROWS);
        let read = |start: u64| self.read(start, (rows.end - start).min(step));
        let mut start = rows.start;
        let mut next = if rows.is_empty() { None } else { Some(read(rows.start)?) };
        while let Some([a, b]) = next.take() {
            start += a.actions.len() as u64;
            let after = start;
            let ahead = || (after < rows.end).then(|| read(after)).transpose();
            let (read, compared) = rayon::join(ahead, || self.block(settings, limits, &a, &b));
            for compared in compared {
                if let ControlFlow::Break(value) = each(compared?) {
                    return Ok(ControlFlow::Break(value));
                }
            }
            next = read?;
        }
        Ok(ControlFlow::Continue(()))
    }

    fn block(&self, settings: &Settings, limits: &[f64], a: &Block, b: &Block) -> Vec<Result<Compared, DiffError>> {
        let one = |scratch: &mut Scratch, i: usize| {
            let (row, action) = (a.rows[i], a.actions[i]);
            if b.rows[i] != row {
                return Err(DiffError::LeftOut { labels: self.labels.clone(), a: row, b: b.rows[i] });
            }
            if self.check_actions && b.actions[i] != action {
                return Err(DiffError::Actions { labels: self.labels.clone(), row, a: action, b: b.actions[i] });
            }
            let advantage = self.advantages.then(|| a.named[0][i]);
            if let Some(value) = advantage.filter(|advantage| !advantage.is_finite()) {
                return Err(self.a.refuse(0, row, value, "a finite advantage").into());
            }
            let compared = compare(settings, [a.row(i), b.row(i)], action, limits, scratch);
            let comparison = compared.map_err(|fault| DiffError::Undefined { row, fault })?;
            Ok(Compared { row, action, advantage, comparison })
        };
        (0..a.actions.len()).into_par_iter().map_init(Scratch::default, one).collect()
    }

    fn read(&self, start: u64, rows: u64) -> Result<[Block; 2], DiffError> {
        // A block has no more rows than fit into memory.
        let count = rows as usize;
        Ok([self.a.read(start, count)?, self.b.read(start, count)?])
    }

    /// Looks at the masks of the first rows.
    fn probe(&self, rows: &Range<u64>) -> Result<(), DiffError> {
        let mut kept = Vec::new();
        let end = rows.end.min(rows.start + PROBED);
        let step = (self.a.block_rows().min(self.b.block_rows()) as u64).max(1);
        for start in (rows.start..end).step_by(step as usize) {
            let [a, b] = self.read(start, (end - start).min(step))?;
            kept.extend((0..a.actions.len()).map(|i| {
                let is_kept = |z: &f64| *z > f64::NEG_INFINITY;
                let count = |row: &[f64]| row.iter().filter(|z| is_kept(z)).count() as u64;
                let differ = a.row(i).iter().zip(b.row(i)).any(|(x, y)| is_kept(x) != is_kept(y));
                Kept { row: a.rows[i], a: count(a.row(i)), b: count(b.row(i)), differ }
            }));
        }
        check_masks(&self.labels, self.a.columns, &kept)
    }
}
