//! Real logits, read from files and enclosed rigorously.
//!
//! The files are assumed hostile: nothing in them is believed before it is checked against the file's own length, and
//! what is wrong with one comes back as an [`InputError`] that says where and what to do.
//!
//! A [`Request`] says what to read, and [`Source::open`] opens it. [`measure`] goes through a [`Source`] and gives a [`Measurement`] for every row; [`enclose`] makes one from logits in
//! memory. [`Row`] is its form in JSON, and [`Tally`] counts up many to a [`Summary`]. [`partial`] says
//! what follows where only the largest log-probabilities are known.

mod decimal;
mod enclosure;
mod failure;
mod input;
mod json;
pub mod partial;
mod stream;
mod summary;

pub use decimal::{about, certain_digits, decimals, significant_digits};
pub use enclosure::{Measurement, enclose};
pub use failure::MeasureError;
pub use input::{
    Actions, Block, Chosen, Dtype, FORMATS, Format, InputError, Location, Place, Request, Role, Source, TensorSummary,
    Within, safetensors_metadata,
};
pub use json::Row;
pub use stream::{check, measure};
pub use summary::{Confident, Loss, Quantiles, Summary, Tally, known_bits};
