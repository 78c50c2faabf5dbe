//! What can be wrong with an input file.

use super::advice::{Bytes, convert, misaligned, no_such_column};
use super::dtype::Dtype;
use super::location::{Choice, Location, Role, TensorSummary};
use super::npy_error::NpyError;
use super::place::RowPlace;
use super::quote::{Complaint, File, Json, Shape, Text};
use super::vocabulary_error::VocabularyParts;
use std::io;
use std::path::PathBuf;

/// An input that cannot be measured: which file, what is wrong, where, what was expected and what to do about it.
///
/// Rows, columns and bytes count from 0. The message is complete in itself: an underlying error is part of it, and a
/// field, rather than a `source()` that would be printed a second time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// No file was given.
    #[error("no file was given, expected at least one")]
    NoFiles,

    /// A pattern that stands for no file.
    #[error(
        "{}: {}; a name with *, ? or [ that is no file is a pattern for files: check it, and the folder it is read in",
        File(pattern),
        Text(why)
    )]
    Pattern {
        /// The pattern.
        pattern: PathBuf,
        /// What is wrong with it.
        why: String,
    },

    /// A name that does not say what format the file has.
    #[error("{}: unknown kind of file, expected a name that ends in one of {}; {}", File(path), known, convert(path))]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// The ends of names that are known.
        known: String,
    },

    /// Something beside the logits in a format that holds one array without a name.
    #[error(
        "{}: a .{suffix} file holds one array, so {role} cannot be the tensor `{}` in it; save it in a file of its own and \
         give its name, as in `{}.{suffix}`",
        File(path),
        Text(name),
        Text(name)
    )]
    OneArray {
        /// The file.
        path: PathBuf,
        /// The suffix of its format.
        suffix: &'static str,
        /// What was to be read from it.
        role: Role,
        /// Under which name.
        name: String,
    },

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
        "{location}: cannot read {length} bytes from byte {offset}: {cause}; check the disk, and that nothing changes the file \
         while it is measured"
    )]
    Read {
        /// The file or the array in it.
        location: Location,
        /// The first byte.
        offset: u64,
        /// How many bytes.
        length: u64,
        /// What the system says.
        cause: io::Error,
    },

    /// The file ends before its header starts.
    #[error(
        "{location}: only {length} bytes long, expected at least the {needed} that precede a header in {format} format; check \
         that this is the right file and complete"
    )]
    TooShort {
        /// The file or the array in it.
        location: Location,
        /// The format it was read as.
        format: &'static str,
        /// Its length in bytes.
        length: u64,
        /// The length at which a header can begin.
        needed: u64,
    },

    /// The header claims more bytes than it can have.
    #[error(
        "{location}: the header length at byte {at} claims {claimed} bytes, expected at most {most} here; check that the file is \
         in {format} format and complete"
    )]
    HeaderLength {
        /// The file or the array in it.
        location: Location,
        /// The format it was read as.
        format: &'static str,
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

    /// A line that is no row.
    #[error(
        "{}, line {line}, column {column}: {}; a line is one row, such as {}",
        File(path),
        Complaint(what),
        Complaint(example)
    )]
    JsonLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The byte in it, from 1.
        column: u64,
        /// What is wrong there.
        what: String,
        /// A row as it is read.
        example: String,
    },

    /// An archive or a member of one that is not as it should be.
    #[error("{location}: {}; write the archive again, with `numpy.savez` or `numpy.savez_compressed`", Complaint(what))]
    Archive {
        /// The archive or the array in it.
        location: Location,
        /// What is wrong.
        what: String,
    },

    /// A Parquet file or a column of one that is not as it should be.
    #[error("{location}: {}", Complaint(what))]
    Parquet {
        /// The file or the column.
        location: Location,
        /// What is wrong.
        what: String,
    },

    /// A temporary file for what cannot be read by position cannot be written.
    #[error(
        "{location}: cannot unpack it into a temporary file: {cause}; make space in the folder for those, or name another one \
         in the environment as TMPDIR"
    )]
    Spool {
        /// What was to be unpacked.
        location: Location,
        /// What the system says.
        cause: io::Error,
    },

    /// A header of an npy file that says nothing readable.
    #[error(transparent)]
    Npy(#[from] NpyError),

    /// No tensor has this name.
    #[error("{}: no {kind} is named `{}`; {}", File(path), Text(name), Choice(kind, available))]
    MissingTensor {
        /// The file.
        path: PathBuf,
        /// What its format calls an array.
        kind: &'static str,
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
        "{location}: the data ends at byte {end}, but the file is {length} bytes long; the header does not describe all of it, \
         write the file again"
    )]
    Trailing {
        /// The file or the array in it.
        location: Location,
        /// Where the data ends in the file.
        end: u64,
        /// The length of the file.
        length: u64,
    },

    /// Elements of a type that cannot be read as what they should be.
    #[error("{location}: elements of type {}, expected {expected} and save again", Text(stored))]
    WrongDtype {
        /// The array.
        location: Location,
        /// Its element type as the file spells it.
        stored: String,
        /// The types that it can have, and how to get one.
        expected: String,
    },

    /// Elements that are not bits without a meaning, which `--dtype` could give.
    #[error(
        "{location}: elements of type {} are not {dtype} in disguise, expected unsigned integers or untyped bytes of {} \
         each; leave --dtype out if the file says its type itself",
        Text(stored), Bytes(dtype.size())
    )]
    View {
        /// The array.
        location: Location,
        /// Its element type as the file spells it.
        stored: String,
        /// The type that it was to be taken for.
        dtype: Dtype,
    },

    /// A shape that is not one of logits.
    #[error(
        "{location}: shape {}, expected [rows, columns] or [batch, time, columns] for logits; reshape it and save again",
        Shape(shape)
    )]
    WrongRank {
        /// The array.
        location: Location,
        /// Its shape.
        shape: Vec<u64>,
    },

    /// Logits without rows or without columns.
    #[error(
        "{location}: shape {} has nothing to measure, expected at least one row and one column; check how the logits \
         were saved",
        Shape(shape)
    )]
    Empty {
        /// The logits.
        location: Location,
        /// Their shape.
        shape: Vec<u64>,
    },

    /// A shape that is not that of the logits without their columns.
    #[error(
        "{location}: shape {} for {role}, expected {}, as the logits in {logits} have shape {}; {}",
        Shape(shape), Shape(&logits_shape[..logits_shape.len() - 1]), Shape(logits_shape), misaligned(*role, shape, logits_shape)
    )]
    Misaligned {
        /// The array.
        location: Location,
        /// What it is for.
        role: Role,
        /// Its shape.
        shape: Vec<u64>,
        /// The logits.
        logits: Box<Location>,
        /// Their shape.
        logits_shape: Vec<u64>,
    },

    /// Several files of logits, and something else with another number of rows.
    #[error(
        "{location}: {found} rows in all for {role}, expected {rows}, as many as all of the logits have; check that both \
         come from the same run and that no file is missing"
    )]
    RowMismatch {
        /// The first array.
        location: Location,
        /// What it is for.
        role: Role,
        /// How many rows there are.
        found: u64,
        /// How many rows of logits there are.
        rows: u64,
    },

    /// Logits in several files that do not belong together.
    #[error(
        "{location}: {columns} columns of {stored}, but {first} has {first_columns} of {first_stored}; files that are read \
         as one have the same columns and the same type: check that all come from the same run",
        stored = Text(stored), first_stored = Text(first_stored)
    )]
    Shards {
        /// The logits that differ.
        location: Location,
        /// How many columns they have.
        columns: u64,
        /// Their type as the file spells it.
        stored: String,
        /// Those of the first file.
        first: Box<Location>,
        /// How many columns it has.
        first_columns: u64,
        /// Its type.
        first_stored: String,
    },

    /// Several files that look like parts of the vocabulary of the same rows.
    #[error(transparent)]
    Vocabulary(#[from] Box<VocabularyParts>),

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
        "{location}: the logit in {place}, column {column} (from 0) is {value:+}, expected a finite number or -inf for a masked \
         action; look for the overflow or the 0/0 that produced it, or leave such rows out with a --mask that is 0 there"
    )]
    BadLogit {
        /// The logits.
        location: Location,
        /// Its row.
        place: RowPlace,
        /// Its column.
        column: u64,
        /// Its value.
        value: f64,
    },

    /// A row in which no action is possible.
    #[error(
        "{location}: every logit in {place} (from 0) is -inf, expected at least one finite logit; a row that masks every \
         action has no softmax, drop it or repair its mask"
    )]
    AllMasked {
        /// The logits.
        location: Location,
        /// The row.
        place: RowPlace,
    },

    /// An action for which there is no logit.
    #[error(
        "{location}: the action in {place} (from 0) is {action}, expected 0 to {last}, a column of the logits; {}",
        no_such_column(*action, *columns, *files),
        last = columns - 1
    )]
    BadAction {
        /// The actions.
        location: Location,
        /// Its row.
        place: RowPlace,
        /// Its value.
        action: i128,
        /// How many columns of logits there are.
        columns: u64,
        /// How many files of logits there are.
        files: usize,
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

    /// A value that the column of a file cannot have.
    #[error("{location}: the value in {place} (from 0) is {value:+}, expected {expected}")]
    BadValue {
        /// The column.
        location: Location,
        /// Its row.
        place: RowPlace,
        /// The value.
        value: f64,
        /// What it could be, and what to do.
        expected: String,
    },
}
