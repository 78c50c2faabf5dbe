//! Real logits, read from files and enclosed rigorously.
//!
//! The files are assumed hostile: nothing in them is believed before it is checked against the file's own length, and
//! what is wrong with one comes back as an [`InputError`] that says where and what to do.
//!
//! A [`Request`] says what to read, [`Source::open`] opens it, and [`stream`] goes through it; the module `survey` measures
//! what is in it. [`enclose`] makes a [`Measurement`] of one row by three formulas in interval arithmetic, another way than the certified one.
//! [`partial`] says what follows where only the largest log-probabilities are known.

mod enclosure;
mod failure;
mod file_cases;
mod input;
mod known_bits;
pub mod partial;

pub use crate::arith::decimal::{
    about, at_most, certain, certain_digits, decimals, digits_of, ends, shortest, significant_digits, within_unit,
};
pub use enclosure::{Measurement, enclose};
pub use failure::MeasureError;
pub use file_cases::FileCases;
pub use input::{
    Actions, Block, Chosen, Dtype, FORMATS, Format, InputError, Join, Location, MAX_BLOCK_ROWS, NpyError, Picked,
    Place, Request, Role, Source, TensorSummary, VocabularyParts, Watch, Within, check, format_names, one_array,
    safetensors_metadata, stream,
};
pub use known_bits::known_bits;
