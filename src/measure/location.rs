//! What a message is about: which array of which file, playing which part.

use super::quote::{File, Shape, Text};
use std::fmt;
use std::path::PathBuf;

/// A file format that logits are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Named tensors after a JSON header.
    Safetensors,
    /// One numpy array after a header that is a Python dict.
    Npy,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Safetensors => "safetensors",
            Format::Npy => "npy",
        })
    }
}

/// An array in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// One of the named tensors of a safetensors file.
    Tensor {
        /// The file.
        path: PathBuf,
        /// The tensor's name.
        name: String,
    },
    /// The one array of an npy file.
    Array {
        /// The file.
        path: PathBuf,
    },
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Tensor { path, name } => write!(f, "{}, tensor `{}`", File(path), Text(name)),
            Location::Array { path } => File(path).fmt(f),
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
}

impl Role {
    /// The shape this part needs, as a message writes it.
    pub(super) fn wanted_shape(self) -> &'static str {
        match self {
            Role::Logits => "[rows, columns]",
            Role::Actions => "[rows]",
        }
    }

    /// The element types this part can have in the format at `location`, and how to get one.
    pub(super) fn wanted_dtype(self, location: &Location) -> &'static str {
        match (self, location) {
            (Role::Logits, Location::Tensor { .. }) => {
                "F64, F32, F16 or BF16 for logits; convert with `tensor.to(torch.float32)`"
            }
            (Role::Actions, Location::Tensor { .. }) => "I64 for actions; convert with `tensor.to(torch.int64)`",
            (Role::Logits, Location::Array { .. }) => {
                "'<f8', '<f4' or '<f2' for logits; convert with `arr.astype('<f4')`"
            }
            (Role::Actions, Location::Array { .. }) => {
                "'<i8' (int64, no other width) for actions; convert with `arr.astype('<i8')`"
            }
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Logits => "logits",
            Role::Actions => "actions",
        })
    }
}

/// A tensor that a safetensors file does have, to choose from when the one asked for is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorSummary {
    /// Its name.
    pub name: String,
    /// Its element type, as the file spells it.
    pub dtype: String,
    /// Its shape.
    pub shape: Vec<u64>,
}

impl fmt::Display for TensorSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {} {}", Text(&self.name), Text(&self.dtype), Shape(&self.shape))
    }
}

/// The tensors to choose from, as one phrase; a model's hundreds are cut to the first few.
pub(super) struct Choice<'a>(pub &'a [TensorSummary]);

impl fmt::Display for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LIMIT: usize = 12;
        if self.0.is_empty() {
            return f.write_str("the file has no tensors at all");
        }
        f.write_str("choose one that the file has: ")?;
        for (i, tensor) in self.0.iter().take(LIMIT).enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{tensor}")?;
        }
        match self.0.len().checked_sub(LIMIT) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, " and {more} more"),
        }
    }
}
