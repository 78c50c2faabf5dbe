//! Logits measured, examined and compared.

use std::error::Error;

use logitlab::certified::Given;
use logitlab::diff::stream::Pair;
use logitlab::diff::summary::{DiffTally, Limits};
use logitlab::diff::{Hypothesis, Labels, ONE_ROUNDING, Settings, Temperatures};
use logitlab::doctor::{self, ClaimedKind, Examination, Required};
use logitlab::measure::{self, Cell, Field, How, Kind, MeasureSummary, MeasureTally, Modes, Precision, Schema};
use logitlab::report::text::plain;
use logitlab::source::{Actions, Chosen, Request, Source, Watch};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::buffer::{self, held};
use crate::threads::on_threads;

/// What goes wrong with logits; Python sees the message.
pub type Failure = Box<dyn Error + Send + Sync>;

pub fn refused(failure: impl Into<Failure>) -> PyErr {
    PyValueError::new_err(failure.into().to_string())
}

/// The source of some arrays.
pub fn source(arrays: Vec<buffer::Given<'_>>, columns: Vec<String>) -> PyResult<Source> {
    let arrays = held(arrays)?;
    let has = |name: &str| arrays.iter().any(|array| array.name == name).then(|| name.to_string());
    let request = Request {
        actions: has("actions").map_or(Actions::Chosen(Chosen::Largest), Actions::Named),
        mask: has("mask"),
        advantages: has("advantages"),
        columns,
        ..Request::new(Vec::<String>::new())
    };
    Source::held(&arrays, &request).map_err(refused)
}

/// A number as the command line reads it.
pub fn given(name: &str, text: &str) -> PyResult<Given> {
    text.parse().map_err(|error| refused(format!("{name}: {error}")))
}

pub fn temperature(text: &str) -> PyResult<Given> {
    let number = given("temperature", text)?;
    let positive = number.nearest() > 0.0;
    positive.then_some(number).ok_or_else(|| refused(format!("temperature: expected a number above 0, not {text}")))
}

/// Kinds of claimed numbers by name, each with the array of its numbers: those, and what they are.
pub fn claimed_kinds(claimed: Vec<(String, String)>) -> PyResult<Vec<(String, ClaimedKind)>> {
    let kind = |(kind, name): (String, String)| {
        let known = doctor::KINDS.iter().find(|line| line.name == kind);
        let names = || doctor::KINDS.iter().map(|line| line.name).collect::<Vec<_>>().join(", ");
        let unknown = || refused(format!("claimed: unknown `{kind}`, expected one of {}", names()));
        known.map(|line| (name, line.kind)).ok_or_else(unknown)
    };
    claimed.into_iter().map(kind).collect()
}

/// One column of a measurement.
struct Column {
    name: String,
    /// Whether it has integers.
    whole: bool,
    /// Eight bytes a row.
    bytes: Vec<u8>,
}

/// A measurement, of which Python is given what it asks for: to write everything down would take longer than to measure
/// a short row.
#[pyclass(frozen)]
pub struct Found {
    columns: Vec<Column>,
    summary: MeasureSummary,
}

#[pymethods]
impl Found {
    fn rows(&self) -> u64 {
        self.summary.rows
    }

    /// The name of each column, and whether it has integers.
    fn columns(&self) -> Vec<(&str, bool)> {
        self.columns.iter().map(|column| (column.name.as_str(), column.whole)).collect()
    }

    fn bytes<'py>(&self, py: Python<'py>, index: usize) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.columns[index].bytes)
    }

    fn json(&self) -> PyResult<String> {
        serde_json::to_string(&self.summary).map_err(refused)
    }

    fn text(&self) -> String {
        logitlab::report::measured::summary(&self.summary, &plain)
    }
}

#[pyfunction]
#[pyo3(name = "measure", signature = (arrays, temperature, eta, tolerance, bits, threads))]
pub fn measure_arrays(
    py: Python<'_>,
    arrays: Vec<buffer::Given<'_>>,
    temperature: &str,
    eta: Option<&str>,
    tolerance: f64,
    bits: Option<u32>,
    threads: Option<usize>,
) -> PyResult<Found> {
    let source = source(arrays, Vec::new())?;
    let eta = eta.map(|text| given("eta", text)).transpose()?;
    let precision = bits.map_or(Precision::Tolerance(tolerance), Precision::Bits);
    let how = How { temperature: self::temperature(temperature)?, precision, eta };
    on_threads(py, threads, |watch| measured(&source, &how, watch))
}

fn measured(source: &Source, how: &How, watch: Watch<'_>) -> Result<Found, Failure> {
    let modes = Modes::default();
    let schema = Schema::new(how, &modes, source);
    let bytes = || Vec::with_capacity(8 * source.rows as usize);
    let column = |Field { name, kind }| Column { name, whole: kind != Kind::Real, bytes: bytes() };
    let mut columns: Vec<Column> = schema.fields().into_iter().map(column).collect();
    let mut tally = MeasureTally::new(how, &modes);
    measure::stream(source, how, &modes, 0..source.rows, watch, |rows| -> Result<(), Failure> {
        rows.iter().for_each(|row| tally.add(row));
        for numbers in schema.all_numbers(how, &rows)? {
            for (Column { bytes, .. }, cell) in columns.iter_mut().zip(schema.cells(&numbers)) {
                match cell {
                    Cell::Count(n) => bytes.extend(i64::try_from(n)?.to_le_bytes()),
                    Cell::Whole(n) => bytes.extend(n.to_le_bytes()),
                    Cell::Real(x) => bytes.extend(x.to_le_bytes()),
                    Cell::Flag(_) | Cell::Text(_) => return Err("a column of a kind that is not expected".into()),
                }
            }
        }
        Ok(())
    })?;
    Ok(Found { columns, summary: tally.summary(source.rows) })
}

#[pyfunction]
#[pyo3(name = "doctor", signature = (arrays, claimed, modes, temperature, digits, nats, framework, threads))]
#[expect(clippy::too_many_arguments, reason = "Python gives them names")]
pub fn doctor_arrays<'py>(
    py: Python<'py>,
    arrays: Vec<buffer::Given<'py>>,
    claimed: Vec<(String, String)>,
    modes: Vec<String>,
    temperature: &str,
    digits: Option<u32>,
    nats: f64,
    framework: &str,
    threads: Option<usize>,
) -> PyResult<(String, String, bool)> {
    let source = source(arrays, claimed.iter().map(|(_, name)| name.clone()).collect())?;
    let examination = Examination {
        claimed: claimed_kinds(claimed)?,
        required: Required { digits, nats },
        ..Examination::of(&source, &modes, self::temperature(temperature)?).map_err(refused)?
    };
    let snippet = doctor::SNIPPETS.iter().find(|snippet| snippet.name == framework);
    let snippet = snippet.ok_or_else(|| refused(format!("framework: `{framework}` is not torch, jax or numpy")))?;
    on_threads(py, threads, |watch| {
        let rows = (0..source.rows).into();
        let report = doctor::examine(&examination, &source, &rows, watch)?;
        let json = serde_json::to_string(&report)?;
        let text = logitlab::report::doctor::text(&report, &source.dtype.to_string(), snippet, &plain);
        Ok((json, text, !report.findings.iter().any(doctor::Finding::is_claimed)))
    })
}

#[pyfunction]
#[pyo3(name = "diff", signature = (a, b, clip, temperature, threads))]
pub fn diff_arrays<'py>(
    py: Python<'py>,
    a: Vec<buffer::Given<'py>>,
    b: Vec<buffer::Given<'py>>,
    clip: f64,
    temperature: &str,
    threads: Option<usize>,
) -> PyResult<String> {
    let (a, b) = (source(a, Vec::new())?, source(b, Vec::new())?);
    let temperature = self::temperature(temperature)?.nearest();
    on_threads(py, threads, |watch| diffed(&a, &b, clip, temperature, watch))
}

fn diffed(a: &Source, b: &Source, clip: f64, temperature: f64, watch: Watch<'_>) -> Result<String, Failure> {
    let settings = Settings {
        temperatures: Temperatures { a: temperature, b: temperature },
        hypothesis: Hypothesis { a: a.dtype.format(), b: b.dtype.format(), ulps: ONE_ROUNDING },
    };
    let limits = Limits { clip, ..Limits::default() };
    let labels = Labels { a: "a_logits".to_string(), b: "b_logits".to_string() };
    let pair = Pair { a, b, labels, check_actions: true, accept_masks: false };
    pair.check_shapes()?;
    let mut tally = DiffTally::new(limits, false);
    pair.compare(&settings, &limits.all(), 0..a.rows, watch, |one| -> Result<(), Failure> {
        tally.add(one.row, one.action, one.advantage, &one.comparison);
        Ok(())
    })?;
    let summary = tally.summary();
    let findings = logitlab::diff::findings::findings(&summary);
    let document = serde_json::json!({ "findings": findings, "summary": summary });
    Ok(document.to_string())
}
