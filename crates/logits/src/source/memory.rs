//! Arrays that are in memory already, read as those of files are.

use super::error::InputError;
use super::file::DataFile;
use super::format::{FileFormat, Wanted};
use super::held::Held;
use super::location::{Location, TensorSummary};
use super::safetensors;
use super::tensor::{Element, Tensor, extent};
use ::safetensors::tensor::Dtype as Stored;
use serde::de::{Deserialize, IntoDeserializer, value};
use std::path::{Path, PathBuf};

/// An array in memory: little-endian elements in row-major order.
#[derive(Clone, Debug)]
pub struct HeldArray {
    /// What a [`Request`](super::Request) calls it.
    pub name: String,
    /// The type of its elements, as safetensors spells it: F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I8 to I64, U8 to U64
    /// or BOOL.
    pub dtype: String,
    /// How many elements there are in each dimension.
    pub shape: Vec<u64>,
    /// The elements.
    pub bytes: Held,
}

/// What messages say of arrays in memory; there are no files of this kind.
pub(super) static FORMAT: FileFormat = FileFormat {
    name: "memory",
    suffixes: &[],
    one_array: false,
    floats: "float64, float32, float16, bfloat16, float8_e4m3fn or float8_e5m2 for logits",
    convert: "convert them to float32",
    integers: "an integer type for actions; convert them to int64",
    open: |path, _| Err(InputError::NotAFile { path: path.to_owned() }),
};

/// What messages call an array.
const KIND: &str = "array";

/// The arrays that are wanted, as [`FileFormat::open`] gives those of a file.
pub(super) fn tensors(arrays: &[HeldArray], wanted: &[Wanted]) -> Result<Vec<Tensor>, InputError> {
    wanted.iter().map(|Wanted { name, .. }| tensor(arrays, name)).collect()
}

fn tensor(arrays: &[HeldArray], name: &str) -> Result<Tensor, InputError> {
    let Some(array) = arrays.iter().find(|array| array.name == name) else {
        let available = arrays.iter().map(summary).collect();
        return Err(InputError::MissingTensor { path: PathBuf::new(), kind: KIND, name: name.to_owned(), available });
    };
    let location = Location::array(Path::new(""), KIND, name);
    let (element, stored, shape) = (element(&array.dtype), array.dtype.clone(), array.shape.clone());
    let span = array.bytes.bytes().len() as u64;
    if let Some(size) = element.size() {
        let needed = extent(&shape, 8 * size);
        match needed {
            None => return Err(InputError::ShapeOverflow { location, shape, stored }),
            Some(needed) if needed != span => {
                return Err(InputError::ShapeMismatch { location, shape, stored, needed, span });
            }
            Some(_) => {}
        }
    }
    let file = DataFile::held(array.bytes.clone(), location.clone());
    Ok(Tensor { file, location, element, stored, shape, offset: 0, lines: false })
}

/// What elements of this type are, in safetensors' words for them.
fn element(dtype: &str) -> Element {
    let stored: Result<Stored, value::Error> = Stored::deserialize(dtype.into_deserializer());
    stored.map_or(Element::Other, safetensors::element)
}

fn summary(array: &HeldArray) -> TensorSummary {
    TensorSummary { name: array.name.clone(), dtype: array.dtype.clone(), shape: Some(array.shape.clone()) }
}
