//! Logits and actions as a safetensors file, as other commands read it.

use rug::Float;
use safetensors::tensor::{Dtype, TensorView, serialize};

use crate::formats::Format;

use super::characters::Positions;

/// The element types that have a format of their own, by its name.
const DTYPES: [(&str, Dtype); 6] = [
    ("f32", Dtype::F32),
    ("bf16", Dtype::BF16),
    ("fp16", Dtype::F16),
    ("e4m3fn", Dtype::F8_E4M3),
    ("e5m2", Dtype::F8_E5M2),
    ("f64", Dtype::F64),
];

/// The type in which logits of this format are written: its own, or the first that holds all of its numbers.
fn dtype(format: &Format) -> (Format, Dtype) {
    let known = || DTYPES.map(|(name, dtype)| (name.parse::<Format>().expect("a format of the registry"), dtype));
    let own = known().into_iter().find(|(known, _)| known == format);
    own.or_else(|| known().into_iter().find(|(known, _)| known.contains(format))).unwrap_or(known()[5])
}

/// A file with `logits` of shape `[rows, V]`, in the type of their format, and `actions` of shape `[rows]`, I64; `note`
/// is its metadata, under `logitlab`. Returned with the name of the type.
///
/// # Panics
/// If a logit is no number of the format.
pub fn safetensors(positions: &Positions, format: &Format, note: &str) -> (Vec<u8>, String) {
    let (stored, dtype) = dtype(format);
    let size = stored.bits() as usize / 8;
    let mut logits = Vec::with_capacity(positions.logits.len() * size);
    for &z in &positions.logits {
        let pattern = stored.encode(&Float::with_val(53, z)).expect("a logit of the format");
        logits.extend_from_slice(&pattern.to_le_bytes()[..size]);
    }
    let actions: Vec<u8> = positions.actions.iter().flat_map(|&action| (action as i64).to_le_bytes()).collect();
    let rows = positions.actions.len();
    let fits = "the shape has as many elements as there are";
    let tensors = [
        ("logits", TensorView::new(dtype, vec![rows, positions.width()], &logits).expect(fits)),
        ("actions", TensorView::new(Dtype::I64, vec![rows], &actions).expect(fits)),
    ];
    // With one entry alone the order of a map does not matter.
    let metadata = [("logitlab".to_string(), note.to_string())].into_iter().collect();
    (serialize(tensors, Some(metadata)).expect("two tensors of their own names"), format!("{dtype:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_type_that_holds_its_numbers() {
        let positions = Positions { logits: vec![0.5, -1.0, 2.0, 0.25], actions: vec![1, 0] };
        for record in crate::formats::FORMATS.iter().filter(|record| record.format.precision <= 53) {
            let (bytes, name) = safetensors(&positions, &record.format, "{}");
            let read = safetensors::SafeTensors::deserialize(&bytes).unwrap();
            let logits = read.tensor("logits").unwrap();
            assert_eq!((logits.shape(), read.tensor("actions").unwrap().data()[0]), (&[2, 2][..], 1), "{name}");
            let (stored, _) = dtype(&record.format);
            let size = stored.bits() as usize / 8;
            let read: Vec<f64> = logits
                .data()
                .chunks_exact(size)
                .map(|bytes| {
                    let mut pattern = [0; 8];
                    pattern[..size].copy_from_slice(bytes);
                    stored.decode(u64::from_le_bytes(pattern)).to_f64()
                })
                .collect();
            assert_eq!(read, positions.logits, "{}", record.name);
        }
        assert_eq!(dtype(&"bf16".parse().unwrap()).1, Dtype::BF16);
        assert_eq!(dtype(&"tf32".parse().unwrap()).1, Dtype::F32);
    }
}
