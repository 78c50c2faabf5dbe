//! The safetensors format: 8 bytes of header length, a JSON header, then the tensors without gaps.

use super::dtype::Dtype;
use super::error::InputError;
use super::file::DataFile;
use super::format::{FileFormat, Wanted};
use super::location::{Location, TensorSummary};
use super::tensor::{Element, Tensor, extent};
use safetensors::tensor::{Dtype as Stored, TensorInfo};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::path::Path;

/// The format.
pub(super) static FORMAT: FileFormat = FileFormat {
    name: "safetensors",
    suffixes: &["safetensors"],
    one_array: false,
    floats: "F64, F32, F16, BF16, F8_E4M3 or F8_E5M2 for logits",
    convert: "convert with `tensor.to(torch.float32)`",
    integers: "an integer type for actions; convert with `tensor.to(torch.int64)`",
    open: |path, wanted| {
        let header = Header::open(path)?;
        wanted.iter().map(|tensor| header.tensor(tensor)).collect()
    },
};

/// What the format calls an array.
const KIND: &str = "tensor";
/// Bytes of header length at the start of the file.
pub(super) const PREFIX: u64 = 8;
/// The longest header read; the reference implementation has the same limit.
pub(super) const MAX_HEADER: u64 = 100_000_000;

/// The header of a file, checked as a whole: every tensor lies within the file and has the size its shape says.
///
/// What it takes in memory is a small multiple of the header, and so of the file: two bytes of a shape become an 8-byte
/// number in a vector that doubles as it grows, and the twenty bytes of the shortest entry some 200 in the map.
#[derive(Debug)]
struct Header {
    file: DataFile,
    tensors: BTreeMap<String, TensorInfo>,
    /// The byte at which the tensors start.
    data: u64,
}

impl Header {
    fn open(path: &Path) -> Result<Header, InputError> {
        let file = DataFile::open(path)?;
        let claimed = u64::from_le_bytes(file.preamble(FORMAT.name, 0)?);
        let json = file.header(FORMAT.name, 0, PREFIX, claimed, MAX_HEADER)?;
        let Tensors(tensors) =
            serde_json::from_slice(&json).map_err(|cause| InputError::HeaderJson { path: path.to_owned(), cause })?;
        let header = Header { file, tensors, data: PREFIX + claimed };
        header.check()?;
        Ok(header)
    }

    /// The format's own rules: the tensors, in the order of their offsets, fill the rest of the file exactly.
    ///
    /// The crate has this check too, but its errors name neither the tensor nor the numbers.
    fn check(&self) -> Result<(), InputError> {
        let mut in_order: Vec<_> = self.tensors.iter().collect();
        in_order.sort_by_key(|(_, info)| info.data_offsets);
        let mut expected = 0;
        for (name, info) in in_order {
            let location = self.location(name);
            let (begin, end) = (info.data_offsets.0 as u64, info.data_offsets.1 as u64);
            if begin != expected || end < begin {
                return Err(InputError::Offsets { location, begin, end, expected });
            }
            let (shape, stored, span) = (shape(info), info.dtype.to_string(), end - begin);
            let Some(needed) = extent(&shape, info.dtype.bitsize() as u64) else {
                return Err(InputError::ShapeOverflow { location, shape, stored });
            };
            if needed != span {
                return Err(InputError::ShapeMismatch { location, shape, stored, needed, span });
            }
            // Saturated, the end is still beyond the end of any file.
            let end_in_file = self.data.saturating_add(end);
            if end_in_file > self.file.length {
                return Err(InputError::Truncated { location, end: end_in_file, length: self.file.length });
            }
            expected = end;
        }
        let end = self.data + expected;
        if end != self.file.length {
            return Err(InputError::Trailing { location: self.file.location.clone(), end, length: self.file.length });
        }
        Ok(())
    }

    /// The tensor of this name.
    fn tensor(&self, &Wanted { name, .. }: &Wanted) -> Result<Tensor, InputError> {
        let Some(info) = self.tensors.get(name) else {
            let available = self.tensors.iter().map(|(name, info)| summary(name, info)).collect();
            let path = self.file.location.path.clone();
            return Err(InputError::MissingTensor { path, kind: KIND, name: name.to_owned(), available });
        };
        Ok(Tensor {
            file: self.file.clone(),
            location: self.location(name),
            element: element(info.dtype),
            stored: info.dtype.to_string(),
            shape: shape(info),
            offset: self.data + info.data_offsets.0 as u64,
            lines: false,
        })
    }

    fn location(&self, name: &str) -> Location {
        Location::array(&self.file.location.path, KIND, name)
    }
}

/// What elements of a type are.
pub(super) fn element(stored: Stored) -> Element {
    match stored {
        Stored::F64 => Element::Float(Dtype::F64),
        Stored::F32 => Element::Float(Dtype::F32),
        Stored::F16 => Element::Float(Dtype::F16),
        Stored::BF16 => Element::Float(Dtype::BF16),
        Stored::F8_E4M3 => Element::Float(Dtype::F8E4M3),
        Stored::F8_E5M2 => Element::Float(Dtype::F8E5M2),
        Stored::I8 => Element::Signed(1),
        Stored::I16 => Element::Signed(2),
        Stored::I32 => Element::Signed(4),
        Stored::I64 => Element::Signed(8),
        Stored::U8 => Element::Unsigned(1),
        Stored::U16 => Element::Unsigned(2),
        Stored::U32 => Element::Unsigned(4),
        Stored::U64 => Element::Unsigned(8),
        Stored::BOOL => Element::Bool,
        _ => Element::Other,
    }
}

fn shape(info: &TensorInfo) -> Vec<u64> {
    info.shape.iter().map(|&dimension| dimension as u64).collect()
}

fn summary(name: &str, info: &TensorInfo) -> TensorSummary {
    TensorSummary { name: name.to_owned(), dtype: info.dtype.to_string(), shape: Some(shape(info)) }
}

/// The tensors of a header. Not the crate's `Metadata`, which folds every failure into one line of text and lets the
/// second of two tensors of the same name replace the first.
struct Tensors(BTreeMap<String, TensorInfo>);

impl<'de> Deserialize<'de> for Tensors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tensors, D::Error> {
        deserializer.deserialize_map(TensorsVisitor)
    }
}

struct TensorsVisitor;

impl<'de> Visitor<'de> for TensorsVisitor {
    type Value = Tensors;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object with one entry per tensor")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tensors, A::Error> {
        let mut tensors = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "__metadata__" {
                // Free text about the file: nothing here depends on it, and it need not be held in memory.
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match tensors.entry(name) {
                Entry::Vacant(vacant) => drop(vacant.insert(map.next_value()?)),
                Entry::Occupied(twice) => {
                    let name = twice.key();
                    return Err(A::Error::custom(format_args!("the tensor name `{name}` appears twice")));
                }
            }
        }
        Ok(Tensors(tensors))
    }
}
