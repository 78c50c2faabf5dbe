//! The compiled part of the Python package `logitlab`: it takes arrays as bytes with a type and a shape, and hands
//! results back as bytes, text and JSON. The Python files beside it make arrays and objects of them.
//!
//! Unsafe code stands in `buffer` alone, where a buffer that Python holds is read without a copy.

mod buffer;
mod claims;
mod compare;
mod formats;
mod logits;
mod monitor;
mod threads;

use pyo3::prelude::*;

#[pymodule]
fn _logitlab(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(logits::measure_arrays, module)?)?;
    module.add_function(wrap_pyfunction!(logits::doctor_arrays, module)?)?;
    module.add_function(wrap_pyfunction!(logits::diff_arrays, module)?)?;
    module.add_function(wrap_pyfunction!(monitor::watch_arrays, module)?)?;
    module.add_function(wrap_pyfunction!(compare::compare_modes, module)?)?;
    module.add_class::<monitor::State>()?;
    module.add_function(wrap_pyfunction!(claims::verify, module)?)?;
    module.add_function(wrap_pyfunction!(claims::prove, module)?)?;
    module.add_function(wrap_pyfunction!(formats::round, module)?)?;
    module.add_function(wrap_pyfunction!(formats::formats, module)?)?;
    Ok(())
}
