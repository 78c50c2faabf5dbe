//! Real logits, read from files and enclosed rigorously.
//!
//! The files are assumed hostile: nothing in them is believed before it is checked against the file's own length, and
//! what is wrong with one comes back as an [`InputError`] that says where and what to do.
//!
//! [`measure`] goes through a [`Source`] and gives a [`Measurement`] for every row; [`enclose`] makes one from logits in
//! memory. [`Row`] is its form in JSON, and [`Tally`] counts up many to a [`Summary`].

mod action;
mod decimal;
mod dtype;
mod enclosure;
mod error;
mod failure;
mod file;
mod json;
mod location;
mod npy;
mod npy_header;
mod quote;
mod safetensors;
mod source;
mod stream;
mod summary;
mod tensor;

pub use action::Chosen;
pub use decimal::{certain_digits, decimals, significant_digits};
pub use dtype::Dtype;
pub use enclosure::{Measurement, enclose};
pub use error::InputError;
pub use failure::MeasureError;
pub use json::Row;
pub use location::{Format, Location, Role, TensorSummary};
pub use source::{Block, Source};
pub use stream::{check, measure};
pub use summary::{Confident, Loss, Quantiles, Summary, Tally, known_bits};
