//! One array in one file, whatever the format: the view that every reader comes down to.

use super::dtype::Dtype;
use super::error::InputError;
use super::file::DataFile;
use super::location::{Location, Role};
use std::borrow::Cow;
use std::ops::Range;

/// What one element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Float(Dtype),
    /// Integers of a given number of bytes, at most 8.
    Signed(u64),
    Unsigned(u64),
    /// A byte that is 0 or 1.
    Bool,
    /// Something of a given number of bytes that means nothing here, unless the user says what it is.
    Opaque(u64),
    /// Something of another kind.
    Other,
}

impl Element {
    /// Bytes that one element takes, where known.
    pub fn size(self) -> Option<u64> {
        match self {
            Element::Float(dtype) => Some(dtype.size()),
            Element::Signed(size) | Element::Unsigned(size) | Element::Opaque(size) => Some(size),
            Element::Bool => Some(1),
            Element::Other => None,
        }
    }

    /// Whether it can be read as what a tensor is for.
    pub fn suits(self, role: Role) -> bool {
        match role {
            Role::Logits => matches!(self, Element::Float(_)),
            Role::Actions => matches!(self, Element::Signed(_) | Element::Unsigned(_)),
            Role::Mask | Role::Column => !matches!(self, Element::Opaque(_) | Element::Other),
        }
    }
}

/// The integers that little-endian bytes are.
fn integers(bytes: &[u8], size: u64, signed: bool) -> impl Iterator<Item = i128> {
    bytes.chunks_exact(size as usize).map(move |chunk| {
        let negative = signed && chunk.last().is_some_and(|byte| byte >> 7 == 1);
        let mut wide = [if negative { 0xff } else { 0 }; 16];
        wide[..chunk.len()].copy_from_slice(chunk);
        i128::from_le_bytes(wide)
    })
}

/// Little-endian elements in row-major order from byte `offset` of the file. Whoever makes one has checked that the
/// whole array lies within the file.
#[derive(Debug)]
pub(super) struct Tensor {
    pub file: DataFile,
    pub location: Location,
    pub element: Element,
    /// The element type as the file spells it.
    pub stored: String,
    pub shape: Vec<u64>,
    pub offset: u64,
    /// Whether every row was a line of a text.
    pub lines: bool,
}

impl Tensor {
    /// The same bits as elements of another type, if they have none of their own.
    pub fn viewed(mut self, dtype: Dtype) -> Result<Tensor, InputError> {
        match self.element {
            Element::Unsigned(size) | Element::Opaque(size) if size == dtype.size() => {
                self.element = Element::Float(dtype);
                Ok(self)
            }
            Element::Float(stored) if stored == dtype => Ok(self),
            _ => Err(InputError::View { location: self.location, stored: self.stored, dtype }),
        }
    }

    /// Appends elements, which are numbers, as numbers. Integers beyond 2^53 are rounded, everything else is exact.
    pub fn numbers(&self, elements: Range<u64>, values: &mut Vec<f64>) -> Result<(), InputError> {
        let bytes = self.bytes(elements)?;
        match self.element {
            Element::Float(dtype) => dtype.widen(&bytes, values),
            Element::Signed(size) => values.extend(integers(&bytes, size, true).map(|n| n as f64)),
            Element::Unsigned(size) => values.extend(integers(&bytes, size, false).map(|n| n as f64)),
            Element::Bool => values.extend(bytes.iter().map(|&byte| f64::from(byte))),
            Element::Opaque(_) | Element::Other => unreachable!("refused when the source was opened"),
        }
        Ok(())
    }

    /// Appends elements, which are integers.
    pub fn integers(&self, elements: Range<u64>, values: &mut Vec<i128>) -> Result<(), InputError> {
        let bytes = self.bytes(elements)?;
        match self.element {
            Element::Signed(size) => values.extend(integers(&bytes, size, true)),
            Element::Unsigned(size) => values.extend(integers(&bytes, size, false)),
            _ => unreachable!("refused when the source was opened"),
        }
        Ok(())
    }

    fn bytes(&self, elements: Range<u64>) -> Result<Cow<'_, [u8]>, InputError> {
        let size = self.element.size().expect("of a type that can be read");
        // Elements beyond the array are beyond u64 at worst: saturated, they are beyond the end of any file.
        let offset = self.offset.saturating_add(elements.start.saturating_mul(size));
        self.file.bytes(offset, (elements.end - elements.start).saturating_mul(size))
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

    #[test]
    fn integers_of_every_width() {
        let read = |bytes: &[u8], size, signed| integers(bytes, size, signed).collect::<Vec<_>>();
        assert_eq!(read(&[0xff, 0x7f], 1, true), [-1, 127]);
        assert_eq!(read(&[0xff, 0x7f], 1, false), [255, 127]);
        assert_eq!(read(&[0, 0x80, 1, 2], 2, true), [-32768, 513]);
        assert_eq!(read(&[0xfe, 0xff, 0xff, 0xff], 4, true), [-2]);
        assert_eq!(read(&[0xff; 8], 8, false), [i128::from(u64::MAX)]);
        assert_eq!(read(&i64::MIN.to_le_bytes(), 8, true), [i128::from(i64::MIN)]);
    }
}
