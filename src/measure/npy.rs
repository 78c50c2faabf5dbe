//! The npy format: magic, version, header length, a header that is a Python dict, then one array.

use super::dtype::Dtype;
use super::error::InputError;
use super::file::DataFile;
use super::location::{Format, Location};
use super::npy_header::{Fields, Problem};
use super::tensor::{Element, Tensor, extent};
use std::path::Path;
use std::sync::Arc;

/// The first bytes of every npy file.
pub(super) const MAGIC: [u8; 6] = *b"\x93NUMPY";
/// Where the header length stands: after the magic and two bytes of version.
const LENGTH_AT: u64 = 8;
/// The longest header read: what version 1 can have. A plain array's takes about a hundred bytes, only structured
/// dtypes need more.
const MAX_HEADER: u64 = u16::MAX as u64;

/// The array of an npy file, checked against the file's length.
pub(super) fn open(path: &Path) -> Result<Tensor, InputError> {
    let file = DataFile::open(path)?;
    let (start, claimed) = header_range(&file)?;
    let header = file.header(Format::Npy, LENGTH_AT, start, claimed, MAX_HEADER)?;
    let fields = Fields::parse(&header).map_err(|problem| describe(problem, &file, start))?;
    tensor(file, start + claimed, fields)
}

/// Where the header starts and how long it claims to be.
fn header_range(file: &DataFile) -> Result<(u64, u64), InputError> {
    let [found @ .., major, minor] = file.preamble::<8>(Format::Npy, 0)?;
    if found != MAGIC {
        return Err(InputError::NpyMagic { path: file.path.clone(), found });
    }
    match (major, minor) {
        (1, 0) => Ok((LENGTH_AT + 2, u16::from_le_bytes(file.preamble(Format::Npy, LENGTH_AT)?).into())),
        (2 | 3, 0) => Ok((LENGTH_AT + 4, u32::from_le_bytes(file.preamble(Format::Npy, LENGTH_AT)?).into())),
        _ => Err(InputError::NpyVersion { path: file.path.clone(), major, minor }),
    }
}

/// What is wrong with the header that starts at byte `start`.
fn describe(problem: Problem, file: &DataFile, start: u64) -> InputError {
    let path = file.path.clone();
    match problem {
        Problem::Unexpected { at, found, expected } => {
            InputError::NpyHeader { path, at: start + at as u64, found, expected }
        }
        Problem::Structured { at } => InputError::Structured { path, at: start + at as u64 },
    }
}

/// The array that the header describes, starting at byte `offset`.
fn tensor(file: DataFile, offset: u64, fields: Fields) -> Result<Tensor, InputError> {
    let Fields { descr, fortran_order, shape } = fields;
    let path = || file.path.clone();
    if descr.starts_with('>') {
        return Err(InputError::BigEndian { path: path(), descr });
    }
    if fortran_order {
        return Err(InputError::FortranOrder { path: path() });
    }
    let element = element(&descr);
    let location = Location::Array { path: path() };
    // An array of any other type has no use here, whatever its size: the source refuses it by its type.
    if let Some(size) = element.size() {
        let Some(end) = extent(&shape, 8 * size).and_then(|bytes| offset.checked_add(bytes)) else {
            return Err(InputError::ShapeOverflow { location, shape, stored: format!("'{descr}'") });
        };
        if end > file.length {
            return Err(InputError::Truncated { location, end, length: file.length });
        }
        if end < file.length {
            return Err(InputError::Trailing { path: path(), end, length: file.length });
        }
    }
    Ok(Tensor { file: Arc::new(file), location, element, stored: format!("'{descr}'"), shape, offset })
}

fn element(descr: &str) -> Element {
    match descr {
        "<f8" => Element::Float(Dtype::F64),
        "<f4" => Element::Float(Dtype::F32),
        "<f2" => Element::Float(Dtype::F16),
        "<i8" => Element::Int64,
        _ => Element::Other,
    }
}
