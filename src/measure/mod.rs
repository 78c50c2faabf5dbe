//! Real logits, read from files and enclosed rigorously.
//!
//! The files are assumed hostile: nothing in them is believed before it is checked against the file's own length, and
//! what is wrong with one comes back as an [`InputError`] that says where and what to do.

mod dtype;
mod error;
mod file;
mod location;
mod npy;
mod npy_header;
mod quote;
mod safetensors;
mod source;
mod tensor;

pub use dtype::Dtype;
pub use error::InputError;
pub use location::{Format, Location, Role, TensorSummary};
pub use source::{Block, Source};
