//! An array in a file, whatever the format: the view that both formats come down to.

use super::dtype::Dtype;
use super::error::InputError;
use super::file::DataFile;
use super::location::Location;
use std::sync::Arc;

/// What one element is, as far as the readers care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Float(Dtype),
    Int64,
    /// Nothing that logits or actions can be read from.
    Other,
}

impl Element {
    /// Bytes that one element takes, where known.
    pub fn size(self) -> Option<u64> {
        match self {
            Element::Float(dtype) => Some(dtype.size()),
            Element::Int64 => Some(8),
            Element::Other => None,
        }
    }
}

/// Little-endian elements in row-major order from byte `offset` of the file. Whoever makes one has checked that the
/// whole array lies within the file.
#[derive(Debug)]
pub(super) struct Tensor {
    pub file: Arc<DataFile>,
    pub location: Location,
    pub element: Element,
    /// The element type as the file spells it.
    pub stored: String,
    pub shape: Vec<u64>,
    pub offset: u64,
}

impl Tensor {
    /// The bytes of `count` elements of `size` bytes each, from element `first`.
    pub fn read(&self, first: u64, count: u64, size: u64) -> Result<Vec<u8>, InputError> {
        // Elements beyond the array are beyond u64 at worst: saturated, they are beyond the end of any file.
        let offset = self.offset.saturating_add(first.saturating_mul(size));
        self.file.read(offset, count.saturating_mul(size))
    }
}

/// Bytes that an array of this shape takes at `bits` per element, if that is a number of bytes a file can have.
pub(super) fn extent(shape: &[u64], bits: u64) -> Option<u64> {
    let elements = shape.iter().try_fold(1u64, |product, &dimension| product.checked_mul(dimension))?;
    Some(elements.checked_mul(bits)?.div_ceil(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_do_not_wrap() {
        assert_eq!(extent(&[3, 4], 16), Some(24));
        assert_eq!(extent(&[], 64), Some(8));
        assert_eq!(extent(&[3], 4), Some(2), "elements of less than a byte are packed");
        assert_eq!(extent(&[1 << 40, 1 << 40], 8), None);
        assert_eq!(extent(&[1 << 61], 64), None);
        assert_eq!(extent(&[0, 1 << 63], 64), Some(0));
    }
}
