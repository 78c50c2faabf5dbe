//! Floating-point formats, and rounding to them.

use logitlab::formats::{Big, FORMATS, Target};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rug::Float;

/// Name, other names, bits, precision, largest number and unit roundoff of each format.
#[pyfunction]
pub fn formats() -> Vec<(String, Vec<String>, u32, u32, f64, f64)> {
    let one = |record: &logitlab::formats::NamedFormat| {
        let format = &record.format;
        let others = record.aliases.iter().map(ToString::to_string).collect();
        let (largest, unit) = (format.largest().to_f64(), format.unit_roundoff().to_f64());
        (record.name.to_string(), others, format.bits(), format.precision, largest, unit)
    };
    FORMATS.iter().map(one).collect()
}

/// Numbers rounded once to a format, or to a target as the command line has it; an f64 in, the nearest f64 out.
#[pyfunction]
pub fn round(values: Vec<f64>, target: &str) -> PyResult<Vec<f64>> {
    let target: Target = target.parse().map_err(|error| PyValueError::new_err(format!("{error}")))?;
    let big = Big::new(target);
    Ok(values.into_iter().map(|x| big.round(&Float::with_val(53, x), 0).to_f64()).collect())
}
