//! Two files in step, row by row.

use std::ops::Range;

use super::kernel::Scratch;
use super::refuse::{DiffError, Kept, Labels, check_masks};
use super::row::{RowDiff, Settings, compare};
use crate::source::{Block, InputError, Source, Watch, stream};

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
    pub comparison: RowDiff,
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

    /// Compares rows of both and hands the results to `each` in the order of the rows, as [`stream`] does.
    ///
    /// # Errors
    /// Dumps that cannot be read, or that disagree so that a comparison would mean nothing; what `each` says.
    pub fn compare<E: From<InputError> + From<DiffError> + Send>(
        &self,
        settings: &Settings,
        limits: &[f64],
        rows: Range<u64>,
        watch: Watch<'_>,
        mut each: impl FnMut(Compared) -> Result<(), E>,
    ) -> Result<bool, E> {
        self.check_shapes()?;
        if !self.accept_masks {
            self.probe(&rows)?;
        }
        let one = |scratch: &mut Scratch, blocks: [&Block; 2], rows: Range<usize>| {
            Ok(self.row(settings, limits, blocks, rows.start, scratch)?)
        };
        let each = |rows: Vec<Compared>| rows.into_iter().try_for_each(&mut each);
        stream([self.a, self.b], &rows.into(), 1, watch, one, each)
    }

    fn row(
        &self,
        settings: &Settings,
        limits: &[f64],
        [a, b]: [&Block; 2],
        i: usize,
        scratch: &mut Scratch,
    ) -> Result<Compared, DiffError> {
        let (row, action) = (a.rows[i], a.actions[i]);
        if b.rows[i] != row {
            return Err(DiffError::LeftOut { labels: self.labels.clone(), a: row, b: b.rows[i] });
        }
        if self.check_actions && b.actions[i] != action {
            return Err(DiffError::Actions { labels: self.labels.clone(), row, a: action, b: b.actions[i] });
        }
        let compared = compare(settings, [a.row(i), b.row(i)], action, limits, scratch);
        let comparison = compared.map_err(|fault| DiffError::Undefined { row, fault })?;
        Ok(Compared { row, action, advantage: a.advantages.as_ref().map(|all| all[i]), comparison })
    }

    /// Looks at the masks of the first rows.
    fn probe(&self, rows: &Range<u64>) -> Result<(), DiffError> {
        let mut kept = Vec::new();
        let first = rows.start..rows.end.min(rows.start + PROBED);
        let one = |_: &mut (), [a, b]: [&Block; 2], Range { start: i, .. }: Range<usize>| {
            let is_kept = |z: &f64| *z > f64::NEG_INFINITY;
            let count = |row: &[f64]| row.iter().filter(|z| is_kept(z)).count() as u64;
            let differ = a.row(i).iter().zip(b.row(i)).any(|(x, y)| is_kept(x) != is_kept(y));
            Ok::<_, DiffError>(Kept { row: a.rows[i], a: count(a.row(i)), b: count(b.row(i)), differ })
        };
        stream([self.a, self.b], &first.into(), 1, Watch::NONE, one, |more| {
            kept.extend(more);
            Ok(())
        })?;
        check_masks(&self.labels, self.a.columns, &kept)
    }
}
