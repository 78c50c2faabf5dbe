//! Logits and what belongs to them, read from files, and gone through.
//!
//! The files are assumed hostile: nothing in them is believed before it is checked against the file's own length, and
//! what is wrong with one comes back as an [`InputError`] that says where and what to do.
//!
//! A [`Request`] says what to read, [`Source::open`] opens it, and [`stream`] goes through it, for every command alike.
//!
//! A file of any [`FileFormat`] comes down to tensors that are read by position: [`Source::open`] asks the file's
//! format for the tensors that a [`Request`] names, joins those of several files along the rows and checks that they
//! fit together. What cannot be read by position (standard input, compressed members, JSON) is unpacked once into a
//! temporary file that has no name and goes away with the source. Arrays that are in memory already ([`HeldArray`]) are
//! read in the same way, by [`Source::held`].

mod action;
mod advice;
mod array;
mod dtype;
mod error;
mod file;
mod file_cases;
mod format;
mod gather;
mod json_lines;
mod json_row;
mod location;
mod memory;
mod metadata;
mod npy;
mod npy_error;
mod npy_header;
mod npz;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "parquet")]
mod parquet_bytes;
#[cfg(feature = "parquet")]
mod parquet_headers;
#[cfg(feature = "parquet")]
mod parquet_pages;
#[cfg(feature = "parquet")]
mod parquet_panics;
mod picked;
mod place;
mod quote;
mod registry;
mod request;
mod rows;
mod safetensors;
mod selection;
mod shards;
mod spool;
mod stream;
mod tensor;
mod vocabulary;
mod vocabulary_error;

pub use action::Chosen;
pub use dtype::Dtype;
pub use error::InputError;
pub use file_cases::FileCases;
pub use format::FileFormat;
pub use location::{Location, Role, TensorSummary};
pub use memory::{Held, HeldArray};
pub use metadata::safetensors_metadata;
pub use npy_error::NpyError;
pub use picked::Picked;
pub use place::{RowPlace, Within};
pub use registry::{FORMATS, format_names, one_array};
pub use request::{Actions, Join, Request};
pub use rows::{Block, Source};
pub use stream::{MAX_BLOCK_ROWS, Watch, check, stream};
pub use vocabulary_error::VocabularyParts;
