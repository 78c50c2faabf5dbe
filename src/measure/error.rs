//! What can be wrong with an input file.

use super::location::{Choice, Format, Location, Role, TensorSummary};
use super::quote::{File, Json, Shape, Text};
use std::io;
use std::path::PathBuf;

/// An input that cannot be measured: which file, what is wrong, where, what was expected and what to do about it.
///
/// Rows, columns and bytes count from 0. The message is complete in itself: an underlying error is part of it, and a
/// field, rather than a `source()` that would be printed a second time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file cannot be opened.
    #[error("{}: cannot open the file: {cause}; check its path and permissions", File(path))]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },

    /// A directory, a pipe or a device.
    #[error("{}: not a regular file, but logits are read by position; save them to a file first", File(path))]
    NotAFile {
        /// What was to be opened.
        path: PathBuf,
    },

    /// Bytes that should be there cannot be read.
    #[error(
        "{}: cannot read {length} bytes from byte {offset}: {cause}; check the disk, and that nothing changes the file \
         while it is measured",
        File(path)
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// The first byte.
        offset: u64,
        /// How many bytes.
        length: u64,
        /// What the system says.
        cause: io::Error,
    },

    /// The file ends before its header starts.
    #[error(
        "{}: only {length} bytes long, expected at least the {needed} that precede a header in {format} format; check \
         that this is the right file and complete",
        File(path)
    )]
    TooShort {
        /// The file.
        path: PathBuf,
        /// The format it was read as.
        format: Format,
        /// Its length in bytes.
        length: u64,
        /// The length at which a header can begin.
        needed: u64,
    },

    /// The header claims more bytes than it can have.
    #[error(
        "{}: the header length at byte {at} claims {claimed} bytes, expected at most {most} here; check that the file is \
         in {format} format and complete",
        File(path)
    )]
    HeaderLength {
        /// The file.
        path: PathBuf,
        /// The format it was read as.
        format: Format,
        /// The byte at which the header's length stands.
        at: u64,
        /// The length it claims.
        claimed: u64,
        /// The length of the rest of the file or of the longest header that is read, whichever is less.
        most: u64,
    },

    /// The header of a safetensors file is not the JSON it should be.
    #[error(
        "{}: the header from byte 8 does not describe tensors at {}; write the file again, say with \
         `safetensors.torch.save_file`",
        File(path),
        Json(cause)
    )]
    HeaderJson {
        /// The file.
        path: PathBuf,
        /// What is wrong with the JSON, and its line and column in the header.
        cause: serde_json::Error,
    },

    /// An npy file that does not start as one.
    #[error(
        "{}: the file starts with bytes {found:02x?}, expected {:02x?} (\"\\x93NUMPY\"); save the array with \
         `numpy.save`, and unpack an .npz archive first",
        File(path),
        super::npy::MAGIC
    )]
    NpyMagic {
        /// The file.
        path: PathBuf,
        /// Its first bytes.
        found: [u8; 6],
    },

    /// A version of the npy format that does not exist yet.
    #[error(
        "{}: npy format version {major}.{minor} at byte 6, expected 1.0, 2.0 or 3.0; save the array with `numpy.save`",
        File(path)
    )]
    NpyVersion {
        /// The file.
        path: PathBuf,
        /// The version's first number.
        major: u8,
        /// The version's second number.
        minor: u8,
    },

    /// The header of an npy file is not the Python dict it should be.
    #[error(
        "{}: the header has {} at byte {at} of the file, expected {expected}; save the array with `numpy.save`",
        File(path), found.map_or("its end".to_owned(), |byte| format!("'{}'", byte.escape_ascii()))
    )]
    NpyHeader {
        /// The file.
        path: PathBuf,
        /// The byte at which it goes wrong.
        at: u64,
        /// What stands there, unless the header ends.
        found: Option<u8>,
        /// What should.
        expected: &'static str,
    },

    /// An npy array stored by columns.
    #[error(
        "{}: stored column by column ('fortran_order': True), expected row by row; convert with \
         `numpy.ascontiguousarray(arr)` and save again",
        File(path)
    )]
    FortranOrder {
        /// The file.
        path: PathBuf,
    },

    /// An npy array stored with the other byte order.
    #[error(
        "{}: stored big-endian ('descr': '{}'), expected little-endian; convert with `arr.astype('{}')` and save again",
        File(path), Text(descr), Text(&descr.replacen('>', "<", 1))
    )]
    BigEndian {
        /// The file.
        path: PathBuf,
        /// The element type as the file spells it.
        descr: String,
    },

    /// An npy array of records.
    #[error(
        "{}: the header has a structured dtype at byte {at} of the file, expected a plain number type; save one field \
         by itself, as in `numpy.save(file, arr['field'])`",
        File(path)
    )]
    Structured {
        /// The file.
        path: PathBuf,
        /// The byte at which the dtype stands.
        at: u64,
    },

    /// No tensor has this name.
    #[error("{}: no tensor is named `{}`; {}", File(path), Text(name), Choice(available))]
    MissingTensor {
        /// The file.
        path: PathBuf,
        /// The name asked for.
        name: String,
        /// The tensors there are, by name.
        available: Vec<TensorSummary>,
    },

    /// A shape whose size is no 64-bit number.
    #[error(
        "{location}: shape {} of {} takes more bytes than any file can hold; the header is damaged, write the file \
         again",
        Shape(shape),
        Text(stored)
    )]
    ShapeOverflow {
        /// The array.
        location: Location,
        /// Its shape.
        shape: Vec<u64>,
        /// Its element type as the file spells it.
        stored: String,
    },

    /// Data offsets that do not follow on from the tensor before.
    #[error(
        "{location}: data_offsets [{begin}, {end}], expected them to start at {expected} (tensors leave no gaps and do not \
         overlap) and not to run backwards; the header is damaged, write the file again"
    )]
    Offsets {
        /// The tensor.
        location: Location,
        /// Where its data starts, from the end of the header.
        begin: u64,
        /// Where its data ends.
        end: u64,
        /// Where it should start.
        expected: u64,
    },

    /// Shape and element type say one size, the data offsets another.
    #[error(
        "{location}: shape {} of {} takes {needed} bytes, but its data_offsets span {span}; the header is damaged, \
         write the file again",
        Shape(shape),
        Text(stored)
    )]
    ShapeMismatch {
        /// The tensor.
        location: Location,
        /// Its shape.
        shape: Vec<u64>,
        /// Its element type as the file spells it.
        stored: String,
        /// The bytes these take.
        needed: u64,
        /// The bytes between its data offsets.
        span: u64,
    },

    /// The file ends before the data does.
    #[error(
        "{location}: the data ends at byte {end}, but the file is only {length} bytes long; it is truncated, copy or \
         write it again"
    )]
    Truncated {
        /// The array.
        location: Location,
        /// Where its data ends in the file.
        end: u64,
        /// The length of the file.
        length: u64,
    },

    /// The data ends before the file does.
    #[error(
        "{}: the data ends at byte {end}, but the file is {length} bytes long; the header does not describe all of it, \
         write the file again",
        File(path)
    )]
    Trailing {
        /// The file.
        path: PathBuf,
        /// Where the data ends in the file.
        end: u64,
        /// The length of the file.
        length: u64,
    },

    /// Elements of a type that cannot be read as what they should be.
    #[error("{location}: elements of type {}, expected {} and save again", Text(stored), role.wanted_dtype(location))]
    WrongDtype {
        /// The array.
        location: Location,
        /// What it was to be read as.
        role: Role,
        /// Its element type as the file spells it.
        stored: String,
    },

    /// A shape that is not one of logits or actions.
    #[error("{location}: shape {}, expected {} for {role}; reshape it and save again", Shape(shape), role.wanted_shape())]
    WrongRank {
        /// The array.
        location: Location,
        /// What it was to be read as.
        role: Role,
        /// Its shape.
        shape: Vec<u64>,
    },

    /// Logits without rows or without columns.
    #[error(
        "{location}: shape [{rows}, {columns}] has nothing to measure, expected at least one row and one column; check \
         how the logits were saved"
    )]
    Empty {
        /// The logits.
        location: Location,
        /// How many rows they have.
        rows: u64,
        /// How many columns they have.
        columns: u64,
    },

    /// Logits and actions of different lengths.
    #[error(
        "{actions}: {action_rows} actions, expected one for each of the {rows} rows of logits in {logits}; check that \
         both come from the same run"
    )]
    RowMismatch {
        /// The logits.
        logits: Location,
        /// How many rows they have.
        rows: u64,
        /// The actions.
        actions: Location,
        /// How many there are.
        action_rows: u64,
    },

    /// A block beyond the last row was asked for.
    #[error("{location}: rows {start} up to {end} were asked for, but there are only {rows}; stop at the last row")]
    RowsOutOfRange {
        /// The logits.
        location: Location,
        /// The first row asked for.
        start: u64,
        /// The row to stop before.
        end: u64,
        /// How many rows there are.
        rows: u64,
    },

    /// A block that does not fit in memory was asked for.
    #[error("{location}: {rows} rows of {columns} columns do not fit in memory as one block; read fewer rows at once")]
    BlockTooLarge {
        /// The logits.
        location: Location,
        /// How many rows the block has.
        rows: u64,
        /// How many columns.
        columns: u64,
    },

    /// A logit that is NaN or positive infinity.
    #[error(
        "{location}: the logit in row {row}, column {column} (from 0) is {value:+}, expected a finite number or -inf for a masked \
         action; look for the overflow or the 0/0 that produced it"
    )]
    BadLogit {
        /// The logits.
        location: Location,
        /// Its row.
        row: u64,
        /// Its column.
        column: u64,
        /// Its value.
        value: f64,
    },

    /// A row in which no action is possible.
    #[error(
        "{location}: every logit in row {row} (from 0) is -inf, expected at least one finite logit; a row that masks every \
         action has no softmax, drop it or repair its mask"
    )]
    AllMasked {
        /// The logits.
        location: Location,
        /// The row.
        row: u64,
    },

    /// An action for which there is no logit.
    #[error(
        "{location}: the action in row {row} (from 0) is {action}, expected 0 to {last}, a column of the logits; drop padding \
         rows, and check that the actions count from 0",
        last = columns - 1
    )]
    BadAction {
        /// The actions.
        location: Location,
        /// Its row.
        row: u64,
        /// Its value.
        action: i64,
        /// How many columns of logits there are.
        columns: u64,
    },

    /// An action for all rows that is no column of the logits.
    #[error("{location}: no action {action}: the logits have {columns} columns, so that actions are 0 to {}", columns - 1)]
    NoSuchAction {
        /// The logits.
        location: Location,
        /// The action that was asked for.
        action: u64,
        /// How many columns of logits there are.
        columns: u64,
    },
}
