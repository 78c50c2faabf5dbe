//! Buffers that Python holds, read without a copy.

use logitlab::source::{Held, HeldArray};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Bytes of a buffer; Python keeps them in place while this is there.
struct Bytes(PyBuffer<u8>);

// SAFETY: the buffer is only read, and released by `PyBuffer`, which asks for the interpreter.
unsafe impl Send for Bytes {}
// SAFETY: as above.
unsafe impl Sync for Bytes {}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        if self.0.len_bytes() == 0 {
            return &[];
        }
        // SAFETY: the buffer is contiguous, which was checked, and its memory stays where it is while it is held. That
        // nobody writes to it meanwhile is what the documentation of the package asks for; numbers would be wrong
        // otherwise, but no memory but the buffer's would be read.
        unsafe { std::slice::from_raw_parts(self.0.buf_ptr().cast(), self.0.len_bytes()) }
    }
}

/// An array as Python gives it: its name, its bytes, its type and its shape.
pub type Given<'py> = (String, Bound<'py, PyAny>, String, Vec<u64>);

/// The same for a source.
pub fn held(arrays: Vec<Given<'_>>) -> PyResult<Vec<HeldArray>> {
    let one = |(name, bytes, dtype, shape): Given<'_>| {
        let buffer = PyBuffer::<u8>::get(&bytes)?;
        if !buffer.is_c_contiguous() {
            return Err(PyValueError::new_err(format!("the bytes of `{name}` are not contiguous")));
        }
        Ok(HeldArray { name, dtype, shape, bytes: Held::new(Bytes(buffer)) })
    };
    arrays.into_iter().map(one).collect()
}
