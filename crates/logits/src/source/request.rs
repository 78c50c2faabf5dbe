//! What is to be read from which files.

use super::action::Chosen;
use super::dtype::Dtype;
use std::path::PathBuf;

/// Where the actions of a [`Source`](super::Source) come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actions {
    /// A tensor of this name; see [`Request`] for names.
    Named(String),
    /// No file.
    Chosen(Chosen),
}

/// What is to be read: logits, actions and further numbers for each row.
///
/// A *name* says which tensor of a .safetensors file, which array of an .npz archive, which column of a .parquet file
/// or which key of JSON lines is meant (where the name without its plural s will do, as a line has one action). As an
/// .npy file holds one array without a name, a name that ends in `.npy` is a file of its own instead, whatever the
/// format of the logits; it may be a pattern, too.
///
/// Several files are read as one, their rows one after the other. A path with `*`, `?` or `[` that is not itself a file
/// is a pattern, and stands for the files that it matches in the natural order of their names, `part2` before `part10`.
///
/// Logits have shape `[rows, V]` or `[batch, time, V]`, everything else the same without the last dimension. The rows
/// of the second kind are counted through, `row = b * time + t`.
///
/// ```
/// use logitlab_logits::source::{Actions, Chosen, Request};
///
/// let request = Request {
///     actions: Actions::Chosen(Chosen::Largest),
///     advantages: Some("advantages".to_string()),
///     ..Request::new(["dump-*.safetensors"])
/// };
/// assert_eq!((request.logits.as_str(), request.mask), ("logits", None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The files, at least one, each of the format that the end of its name says; `-` is JSON lines from standard
    /// input.
    pub files: Vec<PathBuf>,
    /// The name of the logits. In .npy files, which have no names, they are whatever is there.
    pub logits: String,
    /// Where actions come from.
    pub actions: Actions,
    /// The name of a mask: rows where it is 0 are left out as if the file did not have them, those where it is 1 stay,
    /// and any other value is an error. What a row that is left out holds does not matter.
    pub mask: Option<String>,
    /// The names of further numbers, one for each row, such as values that someone computed.
    pub columns: Vec<String>,
    /// The name of the advantages, one for each row, all of them finite.
    pub advantages: Option<String>,
    /// What the bits of logits and further numbers mean where the file does not say it: .npy files have no bfloat16
    /// and no 8-bit floats, which end up as unsigned integers (`<u2`, `|u1`) or bytes (`|V2`).
    pub dtype: Option<Dtype>,
    /// Whether rows of `logits` may have places without a number: NaN, infinities, and rows throughout of these are no
    /// errors then, and JSON lines may have lists of different lengths, which are filled up with NaN.
    pub padded: bool,
    /// What is believed of files whose rows look like parts of the same rows.
    pub join: Join,
}

/// What several files are to each other, where it looks as if each had a part of the vocabulary of the same rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Join {
    /// Such files are refused.
    #[default]
    Checked,
    /// Their rows follow one another, whatever they look like.
    Rows,
}

impl Request {
    /// Tensors named `logits` and `actions` of these files, and nothing more.
    pub fn new<P: Into<PathBuf>>(files: impl IntoIterator<Item = P>) -> Request {
        Request {
            files: files.into_iter().map(Into::into).collect(),
            logits: "logits".to_string(),
            actions: Actions::Named("actions".to_string()),
            mask: None,
            columns: Vec::new(),
            advantages: None,
            dtype: None,
            padded: false,
            join: Join::Checked,
        }
    }
}
