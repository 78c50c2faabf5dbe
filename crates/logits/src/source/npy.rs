//! The npy format: magic, version, header length, a header that is a Python dict, then one array.

use super::dtype::Dtype;
use super::error::InputError;
use super::file::DataFile;
use super::format::FileFormat;
use super::npy_error::NpyError;
use super::npy_header::{Fields, MAGIC, Problem};
use super::tensor::{Element, Tensor, extent};

/// The format.
pub(super) static FORMAT: FileFormat = FileFormat {
    name: "npy",
    suffixes: &["npy"],
    one_array: true,
    floats: FLOATS,
    convert: CONVERT,
    integers: INTEGERS,
    open: |path, wanted| wanted.iter().map(|_| array(DataFile::open(path)?)).collect(),
};

/// The element types of logits.
pub(super) const FLOATS: &str = "'<f8', '<f4' or '<f2' for logits (or 16 or 8 bits whose meaning --dtype says, such as \
     bfloat16's '|V2' or '<u2')";
/// How another float type becomes one of them.
pub(super) const CONVERT: &str = "convert with `arr.astype('<f4')`";
/// The element types of actions.
pub(super) const INTEGERS: &str = "an integer type for actions; convert with `arr.astype('<i8')`";

/// Where the header length stands: after the magic and two bytes of version.
const LENGTH_AT: u64 = 8;
/// The longest header read: what version 1 can have. A plain array's takes about a hundred bytes, only structured
/// dtypes need more.
const MAX_HEADER: u64 = u16::MAX as u64;

/// The array that these bytes are, checked against their length.
pub(super) fn array(file: DataFile) -> Result<Tensor, InputError> {
    let (start, claimed) = header_range(&file)?;
    let header = file.header(FORMAT.name, LENGTH_AT, start, claimed, MAX_HEADER)?;
    let fields = Fields::parse(&header).map_err(|problem| describe(problem, &file, start))?;
    tensor(file, start + claimed, fields)
}

/// Where the header starts and how long it claims to be.
fn header_range(file: &DataFile) -> Result<(u64, u64), InputError> {
    let [found @ .., major, minor] = file.preamble::<8>(FORMAT.name, 0)?;
    if found != MAGIC {
        return Err(NpyError::Magic { location: file.location.clone(), found }.into());
    }
    match (major, minor) {
        (1, 0) => Ok((LENGTH_AT + 2, u16::from_le_bytes(file.preamble(FORMAT.name, LENGTH_AT)?).into())),
        (2 | 3, 0) => Ok((LENGTH_AT + 4, u32::from_le_bytes(file.preamble(FORMAT.name, LENGTH_AT)?).into())),
        _ => Err(NpyError::Version { location: file.location.clone(), major, minor }.into()),
    }
}

/// What is wrong with the header that starts at byte `start`.
fn describe(problem: Problem, file: &DataFile, start: u64) -> NpyError {
    let location = file.location.clone();
    match problem {
        Problem::Unexpected { at, found, expected } => {
            NpyError::Header { location, at: start + at as u64, found, expected }
        }
        Problem::Structured { at } => NpyError::Structured { location, at: start + at as u64 },
    }
}

/// The array that the header describes, starting at byte `offset`.
fn tensor(file: DataFile, offset: u64, fields: Fields) -> Result<Tensor, InputError> {
    let Fields { descr, fortran_order, shape } = fields;
    let location = file.location.clone();
    if descr.starts_with('>') {
        return Err(NpyError::BigEndian { location, descr }.into());
    }
    if fortran_order && shape.len() > 1 {
        return Err(NpyError::FortranOrder { location }.into());
    }
    let element = element(&descr);
    // An array of any other type has no use here, whatever its size: the source refuses it by its type.
    if let Some(size) = element.size() {
        let Some(end) = extent(&shape, 8 * size).and_then(|bytes| offset.checked_add(bytes)) else {
            return Err(InputError::ShapeOverflow { location, shape, stored: format!("'{descr}'") });
        };
        if end > file.length {
            return Err(InputError::Truncated { location, end, length: file.length });
        }
        if end < file.length {
            return Err(InputError::Trailing { location, end, length: file.length });
        }
    }
    Ok(Tensor { file, location, element, stored: format!("'{descr}'"), shape, offset, lines: false })
}

/// Types that ml_dtypes has a name for, where a writer keeps it.
const NAMED: [(&str, Dtype); 3] =
    [("bfloat16", Dtype::BF16), ("float8_e4m3fn", Dtype::F8E4M3), ("float8_e5m2", Dtype::F8E5M2)];

/// An element type as numpy writes it: byte order (none for single bytes), kind, bytes. ml_dtypes adds kinds of its
/// own, which numpy writes as bytes without a meaning, `V`, or as floats of one byte.
fn element(descr: &str) -> Element {
    let named = NAMED.iter().find(|(name, _)| *name == descr);
    if let Some(&(_, dtype)) = named {
        return Element::Float(dtype);
    }
    let ("<" | "|", code) = descr.split_at(descr.len().min(1)) else { return Element::Other };
    match code {
        "f8" => Element::Float(Dtype::F64),
        "f4" => Element::Float(Dtype::F32),
        "f2" => Element::Float(Dtype::F16),
        "b1" => Element::Bool,
        "f1" | "V1" => Element::Opaque(1),
        "V2" => Element::Opaque(2),
        "i1" => Element::Signed(1),
        "i2" => Element::Signed(2),
        "i4" => Element::Signed(4),
        "i8" => Element::Signed(8),
        "u1" => Element::Unsigned(1),
        "u2" => Element::Unsigned(2),
        "u4" => Element::Unsigned(4),
        "u8" => Element::Unsigned(8),
        _ => Element::Other,
    }
}
