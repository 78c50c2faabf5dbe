//! Why two dumps cannot be compared: what disagrees, where first, and what to do.

use crate::arith::Fault;
use crate::source::InputError;

/// How a dump is named in messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// The first.
    pub a: String,
    /// The second.
    pub b: String,
}

/// Why two dumps were not compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// One of them cannot be read.
    #[error(transparent)]
    Input(Box<InputError>),

    /// Different numbers of rows.
    #[error(
        "A and B are not of the same positions: A ({}) has {a} rows of logits and B ({}) has {b}; dump the same \
         positions on both sides, in the same order", labels.a, labels.b
    )]
    Rows {
        /// The dumps.
        labels: Labels,
        /// Rows of A.
        a: u64,
        /// Rows of B.
        b: u64,
    },

    /// As many rows, of other batches and times.
    #[error(
        "A and B are not of the same positions: the logits of A ({}) are of {} of batch and time, those of B ({}) of {}, so \
         that the same row is another token; save both with the same dimensions in the same order, or, where rows do \
         belong together one by one, as [rows, V]", labels.a, positions(a), labels.b, positions(b)
    )]
    Positions {
        /// The dumps.
        labels: Labels,
        /// Batches and times of A, of each of its files that follow one another.
        a: Vec<[u64; 2]>,
        /// The same of B.
        b: Vec<[u64; 2]>,
    },

    /// Different numbers of columns.
    #[error(
        "A and B are not over the same vocabulary: A ({}) has {a} logits in a row and B ({}) has {b}; if one of them pads \
         its vocabulary, cut the padding off before saving", labels.a, labels.b
    )]
    Columns {
        /// The dumps.
        labels: Labels,
        /// Columns of A.
        a: u64,
        /// Columns of B.
        b: u64,
    },

    /// Masks of rows that leave out different ones.
    #[error(
        "A and B leave out different rows: A ({}) goes on with row {a} (from 0) where B ({}) has row {b}; give both the \
         same mask of rows", labels.a, labels.b
    )]
    LeftOut {
        /// The dumps.
        labels: Labels,
        /// A's next row.
        a: u64,
        /// B's.
        b: u64,
    },

    /// Different actions in a row.
    #[error(
        "A and B do not have the same actions: the first row that differs is {row} (from 0), where A ({}) has action {a} and \
         B ({}) has {b}; dump both sides for the same tokens, or choose one action for both with --action", labels.a, labels.b
    )]
    Actions {
        /// The dumps.
        labels: Labels,
        /// The first row that differs.
        row: u64,
        /// A's action there.
        a: usize,
        /// B's.
        b: usize,
    },

    /// Masks that differ in most of the first rows.
    #[error(
        "A and B are not truncated alike: in {differing} of the first {probed} rows one side masks actions (logit -inf) that \
         the other does not; in row {row}, the first of them, A ({}) keeps {a} of {columns} actions and B ({}) keeps \
         {b}; {guess}. Save both before truncation, or, to compare them as they are, give --accept-masks",
        labels.a, labels.b
    )]
    Truncation {
        /// The dumps.
        labels: Labels,
        /// How many rows were looked at.
        probed: u64,
        /// How many of them have masks that differ.
        differing: u64,
        /// The first of those.
        row: u64,
        /// Actions that A keeps there.
        a: u64,
        /// Actions that B keeps there.
        b: u64,
        /// Of so many.
        columns: u64,
        /// What the masks look like.
        guess: String,
    },

    /// Temperatures in the files that do not agree.
    #[error(
        "A and B are not at the same temperature: {}; what counts is what the stored logits still have to be divided by: \
         give --temperature 1,1 if that was done before they were saved, else --temperature with A's and B's",
        temperatures(labels, a, b)
    )]
    Temperatures {
        /// The dumps.
        labels: Labels,
        /// What A says.
        a: Option<String>,
        /// What B says.
        b: Option<String>,
    },

    /// A row without probabilities. Those of a [`Block`](crate::source::Block) have them.
    #[error("row {row} (from 0): {fault}")]
    Undefined {
        /// The row.
        row: u64,
        /// What has no value.
        fault: Fault,
    },
}

impl From<InputError> for DiffError {
    fn from(error: InputError) -> DiffError {
        DiffError::Input(Box::new(error))
    }
}

fn positions(all: &[[u64; 2]]) -> String {
    let texts: Vec<String> = all.iter().map(|[batch, time]| format!("[{batch}, {time}]")).collect();
    match texts.as_slice() {
        [one] => one.clone(),
        [first, .., last] if texts.len() > 3 => format!("{first}, ..., {last}"),
        all => all.join(", "),
    }
}

fn temperatures(labels: &Labels, a: &Option<String>, b: &Option<String>) -> String {
    let says = |label: &str, side: &str, text: &Option<String>| match text {
        Some(text) => format!("the metadata of {side} ({label}) says `temperature` {text:?}"),
        None => format!("that of {side} ({label}) says nothing, which is 1"),
    };
    let first = says(&labels.a, "A", a).replacen("that of A", "the metadata of A", 1);
    format!("{first}, and {}", says(&labels.b, "B", b))
}

/// Checks what two files say of the temperature: agreement, or that neither says anything but 1.
///
/// # Errors
/// If they disagree.
pub fn check_temperatures(labels: &Labels, a: Option<String>, b: Option<String>) -> Result<(), DiffError> {
    let number = |text: &Option<String>| text.as_ref().map_or(Some(1.0), |text| text.trim().parse::<f64>().ok());
    let agree = match (number(&a), number(&b)) {
        (Some(x), Some(y)) => x == y,
        _ => a == b,
    };
    if agree { Ok(()) } else { Err(DiffError::Temperatures { labels: labels.clone(), a, b }) }
}

/// How many actions each of some rows keeps, and whether the masks are the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    pub row: u64,
    pub a: u64,
    pub b: u64,
    pub differ: bool,
}

/// Refuses masks that differ in more than half of the rows.
pub(super) fn check_masks(labels: &Labels, columns: u64, rows: &[Kept]) -> Result<(), DiffError> {
    let differing: Vec<&Kept> = rows.iter().filter(|kept| kept.differ).collect();
    let Some(first) = differing.first().filter(|_| 2 * differing.len() > rows.len()) else { return Ok(()) };
    let side = |name: &str, of: fn(&Kept) -> u64| {
        let counts: Vec<u64> = differing.iter().map(|kept| of(kept)).collect();
        let (least, most) = (counts.iter().min().copied()?, counts.iter().max().copied()?);
        match (least, most) {
            _ if most == columns && least == columns => None,
            _ if least == most => Some(format!("{name} keeps {least} in each of them, as top-k with k = {least} does")),
            _ => Some(format!("{name} keeps {least} to {most} in them, as top-p and min-p do")),
        }
    };
    let guesses: Vec<String> = [side("A", |kept| kept.a), side("B", |kept| kept.b)].into_iter().flatten().collect();
    Err(DiffError::Truncation {
        labels: labels.clone(),
        probed: rows.len() as u64,
        differing: differing.len() as u64,
        row: first.row,
        a: first.a,
        b: first.b,
        columns,
        guess: guesses.join("; "),
    })
}
