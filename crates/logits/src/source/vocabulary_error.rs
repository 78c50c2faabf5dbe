//! That files have parts of the vocabulary of the same rows.

use super::location::Location;

/// Files that look like parts of the vocabulary of the same rows.
#[derive(Debug, thiserror::Error)]
#[error(
    "{first} and {second}: {sign}: these look like parts of one vocabulary (tensor parallelism), {columns} columns each, \
     rather than further rows; join them along the last dimension and save the whole, as in `torch.cat(parts, dim=-1)`, \
     or say with --join rows that they are different rows"
)]
pub struct VocabularyParts {
    /// The logits of the first of two.
    pub first: Location,
    /// Those of the second.
    pub second: Location,
    /// How many columns each has.
    pub columns: u64,
    /// What says so.
    pub sign: &'static str,
}
