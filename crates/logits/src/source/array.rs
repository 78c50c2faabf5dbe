//! Tensors of several files as one array of rows.

use super::dtype::Dtype;
use super::error::InputError;
use super::place::{RowPlace, Within};
use super::tensor::{Element, Tensor};
use std::ops::Range;

/// Tensors whose rows follow one another, with the same number of elements a row.
#[derive(Debug)]
pub(super) struct Array {
    parts: Vec<Part>,
    /// Elements a row.
    width: u64,
    /// How many dimensions a row has; those before them count rows.
    trailing: usize,
}

/// The tensor of one file.
#[derive(Debug)]
pub(super) struct Part {
    pub tensor: Tensor,
    /// The rows that it has, of all together.
    pub rows: Range<u64>,
}

impl Array {
    /// Tensors whose shapes are dimensions of rows, `trailing` of them left out at the end, which have `width` elements
    /// together. Nothing if the rows are more than a u64.
    pub fn new(tensors: Vec<Tensor>, trailing: usize, width: u64) -> Option<Array> {
        let mut end = 0u64;
        let parts = tensors.into_iter().map(|tensor| {
            let leading = &tensor.shape[..tensor.shape.len() - trailing];
            let rows = leading.iter().try_fold(1u64, |product, &dimension| product.checked_mul(dimension))?;
            let start = end;
            end = start.checked_add(rows)?;
            Some(Part { tensor, rows: start..end })
        });
        Some(Array { parts: parts.collect::<Option<_>>()?, width, trailing })
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.parts.last().map_or(0, |part| part.rows.end)
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether all of it is in memory.
    pub fn is_held(&self) -> bool {
        self.parts.iter().all(|part| part.tensor.file.is_held())
    }

    /// The part that has a row; the last one if none has.
    pub fn part(&self, row: u64) -> &Part {
        let index = self.parts.partition_point(|part| part.rows.end <= row);
        &self.parts[index.min(self.parts.len() - 1)]
    }

    /// The float type of its elements; of the first part's, if they differ.
    pub fn dtype(&self) -> Option<Dtype> {
        match self.parts.first()?.tensor.element {
            Element::Float(dtype) => Some(dtype),
            _ => None,
        }
    }

    /// Where a row is.
    pub fn place(&self, row: u64) -> RowPlace {
        let Part { tensor, rows } = self.part(row);
        let own = row - rows.start.min(row);
        let within = match tensor.shape[..tensor.shape.len() - self.trailing] {
            _ if tensor.lines => Within::Line(own + 1),
            [_, time] if time > 0 => Within::Position([own / time, own % time]),
            _ if self.parts.len() > 1 => Within::File(own),
            _ => Within::Nothing,
        };
        RowPlace { row, within }
    }

    /// Appends the elements of rows as numbers.
    pub fn numbers(&self, rows: Range<u64>, values: &mut Vec<f64>) -> Result<(), InputError> {
        self.each(rows, |tensor, elements| tensor.numbers(elements, values))
    }

    /// Appends the elements of rows as integers.
    pub fn integers(&self, rows: Range<u64>, values: &mut Vec<i128>) -> Result<(), InputError> {
        self.each(rows, |tensor, elements| tensor.integers(elements, values))
    }

    fn each(
        &self,
        rows: Range<u64>,
        mut read: impl FnMut(&Tensor, Range<u64>) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        let first = self.parts.partition_point(|part| part.rows.end <= rows.start);
        for part in self.parts[first..].iter().take_while(|part| part.rows.start < rows.end) {
            let own = |row: u64| row.clamp(part.rows.start, part.rows.end) - part.rows.start;
            // The tensor lies within its file, so that its elements are counted by a u64.
            read(&part.tensor, own(rows.start) * self.width..own(rows.end) * self.width)?;
        }
        Ok(())
    }
}
