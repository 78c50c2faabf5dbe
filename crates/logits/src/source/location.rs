//! What a message is about: which array of which file, playing which part.

use super::quote::{File, Shape, Text};
use std::fmt;
use std::path::{Path, PathBuf};

/// An array in a file, or the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file; empty of an array in memory.
    pub path: PathBuf,
    /// Which of the arrays in it, unless it has only one: what its format calls an array, and its name.
    pub array: Option<Box<(&'static str, String)>>,
}

impl Location {
    pub(super) fn file(path: &Path) -> Location {
        Location { path: path.to_owned(), array: None }
    }

    pub(super) fn array(path: &Path, kind: &'static str, name: &str) -> Location {
        Location { path: path.to_owned(), array: Some(Box::new((kind, name.to_owned()))) }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_memory = self.path.as_os_str().is_empty();
        if !in_memory {
            File(&self.path).fmt(f)?;
        }
        match self.array.as_deref() {
            Some((kind, name)) => write!(f, "{}{kind} `{}`", if in_memory { "" } else { ", " }, Text(name)),
            None => Ok(()),
        }
    }
}

/// The part an array plays in a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// One row of logits per decision.
    Logits,
    /// The action taken at each decision.
    Actions,
    /// Which rows count.
    Mask,
    /// Another number for each row.
    Column,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Logits => "logits",
            Role::Actions => "actions",
            Role::Mask => "a mask",
            Role::Column => "a number for each row",
        })
    }
}

/// A tensor that a file does have, to choose from when the one asked for is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorSummary {
    /// Its name.
    pub name: String,
    /// Its element type, as the file spells it; empty where that is not known before it is read.
    pub dtype: String,
    /// Its shape, where that is known.
    pub shape: Option<Vec<u64>>,
}

impl fmt::Display for TensorSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", Text(&self.name))?;
        if !self.dtype.is_empty() {
            write!(f, " {}", Text(&self.dtype))?;
        }
        self.shape.as_ref().map_or(Ok(()), |shape| write!(f, " {}", Shape(shape)))
    }
}

/// The tensors to choose from, as one phrase; a model's hundreds are cut to the first few.
pub(super) struct Choice<'a>(pub &'static str, pub &'a [TensorSummary]);

impl fmt::Display for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LIMIT: usize = 12;
        if self.1.is_empty() {
            return write!(f, "the file has no {}s at all", self.0);
        }
        f.write_str("choose one that the file has: ")?;
        for (i, tensor) in self.1.iter().take(LIMIT).enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{tensor}")?;
        }
        match self.1.len().checked_sub(LIMIT) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, " and {more} more"),
        }
    }
}
