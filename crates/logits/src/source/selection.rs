//! Which rows a mask keeps.

use std::ops::Range;

/// Rows in ascending order, as runs of consecutive ones: masks keep long stretches. Places count the rows of the
/// selection from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    runs: Vec<Run>,
    kept: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    /// The place of its first row.
    place: u64,
    rows: Range<u64>,
}

impl Selection {
    /// All of a given number of rows.
    pub fn all(rows: u64) -> Selection {
        let mut selection = Selection::none();
        selection.keep(0..rows);
        selection
    }

    pub fn none() -> Selection {
        Selection { runs: Vec::new(), kept: 0 }
    }

    /// Adds rows behind all that are there.
    pub fn keep(&mut self, rows: Range<u64>) {
        let count = rows.end - rows.start;
        if count == 0 {
            return;
        }
        match self.runs.last_mut() {
            Some(last) if last.rows.end == rows.start => last.rows.end = rows.end,
            _ => self.runs.push(Run { place: self.kept, rows }),
        }
        self.kept += count;
    }

    /// How many rows are kept.
    pub fn len(&self) -> u64 {
        self.kept
    }

    /// The rows at these places, run by run.
    pub fn rows(&self, places: Range<u64>) -> impl Iterator<Item = Range<u64>> {
        let first = self.runs.partition_point(|run| run.place + (run.rows.end - run.rows.start) <= places.start);
        let within = self.runs[first..].iter().take_while(move |run| run.place < places.end).map(move |run| {
            let start = run.rows.start + places.start.saturating_sub(run.place);
            start..run.rows.end.min(run.rows.start + (places.end - run.place))
        });
        within.filter(|rows| !rows.is_empty())
    }

    /// The places of those of these rows that are kept.
    pub fn places(&self, rows: Range<u64>) -> Range<u64> {
        let place = |row: u64| match self.runs.partition_point(|run| run.rows.start < row) {
            0 => 0,
            after => {
                let run = &self.runs[after - 1];
                run.place + (row.min(run.rows.end) - run.rows.start)
            }
        };
        place(rows.start)..place(rows.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_selection_is_the_list_of_its_rows(
            mask in prop::collection::vec(any::<bool>(), 0..40), low in 0..41usize, high in 0..41usize,
        ) {
            let mut selection = Selection::none();
            for (row, _) in (0u64..).zip(&mask).filter(|(_, kept)| **kept) {
                selection.keep(row..row + 1);
            }
            let listed: Vec<u64> = (0u64..).zip(&mask).filter(|(_, kept)| **kept).map(|(row, _)| row).collect();
            prop_assert_eq!(selection.len(), listed.len() as u64);
            let within = |end: usize| low.min(high).min(end)..high.max(low).min(end);

            let places = within(listed.len());
            let rows: Vec<u64> = selection.rows(places.start as u64..places.end as u64).flatten().collect();
            prop_assert_eq!(rows, &listed[places]);

            let rows = within(mask.len());
            let kept = |range: Range<usize>| mask[range].iter().filter(|kept| **kept).count() as u64;
            let expected = kept(0..rows.start)..kept(0..rows.end);
            prop_assert_eq!(selection.places(rows.start as u64..rows.end as u64), expected);
        }
    }

    #[test]
    fn all_is_one_run() {
        let all = Selection::all(7);
        assert_eq!((all.rows(2..7).next(), all.rows(2..7).count()), (Some(2..7), 1));
        assert_eq!((all.rows(3..3).count(), all.places(1..4)), (0, 1..4));
        assert_eq!(Selection::all(0), Selection::none());
    }
}
