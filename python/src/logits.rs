//! Logits measured, examined and compared.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use logitlab::certified::{Given, MeasureError};
use logitlab::diff::stream::Pair;
use logitlab::diff::summary::{DiffTally, Limits};
use logitlab::diff::{DiffError, Hypothesis, Labels, Settings, Temperatures};
use logitlab::doctor::{self, Examination, Required};
use logitlab::measure::{self, Cell, How, Kind, MeasureTally, Modes, Precision, Schema};
use logitlab::report::text::plain;
use logitlab::source::{Actions, Chosen, InputError, Request, Source, Watch};
use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::buffer::{self, held};

/// What goes wrong with logits; Python sees the message.
#[derive(Debug)]
enum Failure {
    Input(InputError),
    Measure(MeasureError),
    Diff(DiffError),
    Other(String),
}

macro_rules! from {
    ($($error:ty => $variant:ident),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Failure {
                Failure::$variant(error)
            }
        })*
    };
}

from!(InputError => Input, MeasureError => Measure, DiffError => Diff, String => Other);

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> PyErr {
        PyValueError::new_err(match failure {
            Failure::Input(error) => error.to_string(),
            Failure::Measure(error) => error.to_string(),
            Failure::Diff(error) => error.to_string(),
            Failure::Other(error) => error,
        })
    }
}

/// The source of some arrays.
fn source(arrays: Vec<buffer::Given<'_>>, columns: Vec<String>) -> PyResult<Source> {
    let arrays = held(arrays)?;
    let has = |name: &str| arrays.iter().any(|array| array.name == name).then(|| name.to_string());
    let request = Request {
        actions: has("actions").map_or(Actions::Chosen(Chosen::Largest), Actions::Named),
        mask: has("mask"),
        advantages: has("advantages"),
        columns,
        ..Request::new(Vec::<String>::new())
    };
    Ok(Source::held(&arrays, &request).map_err(Failure::from)?)
}

fn temperature(text: &str) -> Result<Given, Failure> {
    let given: Given = text.parse().map_err(|error| format!("temperature: {error}"))?;
    if given.nearest() > 0.0 { Ok(given) } else { Err(format!("temperature: expected a number above 0, not {text}").into()) }
}

/// How long a caller that waits for other threads does not look for Ctrl-C.
const SIGNALS: Duration = Duration::from_millis(5);

/// Runs something on so many threads, without the interpreter; whether Ctrl-C stopped it.
fn on_threads<T: Send>(
    py: Python<'_>,
    threads: Option<usize>,
    run: impl FnOnce(Watch<'_>) -> Result<T, Failure> + Send,
) -> PyResult<T> {
    // A pool of its own costs more than a small measurement: only where a number of threads is asked for.
    let pool = threads.map(|count| rayon::ThreadPoolBuilder::new().num_threads(count).build()).transpose();
    let pool = pool.map_err(|error| PyValueError::new_err(format!("threads: {error}")))?;
    let interrupted = AtomicBool::new(false);
    let result = py.detach(|| {
        // Signals come to the thread that called.
        let signals = || {
            if Python::attach(|py| py.check_signals().is_err()) {
                interrupted.store(true, Ordering::Relaxed);
            }
        };
        let stop = || interrupted.load(Ordering::Relaxed);
        let Some(pool) = pool else { return run(Watch { stop: &stop, done: &|_| signals() }) };
        thread::scope(|scope| {
            let worker = scope.spawn(|| pool.install(|| run(Watch { stop: &stop, done: &|_| {} })));
            while !worker.is_finished() {
                thread::park_timeout(SIGNALS);
                signals();
            }
            worker.join().unwrap_or_else(|_| Err("a thread panicked".to_string().into()))
        })
    });
    if interrupted.into_inner() {
        return Err(PyKeyboardInterrupt::new_err("stopped before all rows were measured"));
    }
    Ok(result?)
}

/// The columns of one measurement: the bytes of each, by name, and whether they are integers.
type Columns = Vec<(String, bool, Vec<u8>)>;

#[pyfunction]
#[pyo3(name = "measure", signature = (arrays, temperature, eta, tolerance, bits, threads))]
pub fn measure_arrays<'py>(
    py: Python<'py>,
    arrays: Vec<buffer::Given<'py>>,
    temperature: &str,
    eta: Option<String>,
    tolerance: f64,
    bits: Option<u32>,
    threads: Option<usize>,
) -> PyResult<Bound<'py, PyDict>> {
    let source = source(arrays, Vec::new())?;
    let eta = match eta {
        Some(text) => Some(text.parse::<Given>().map_err(|error| PyValueError::new_err(format!("eta: {error}")))?),
        None => None,
    };
    let precision = bits.map_or(Precision::Tolerance(tolerance), Precision::Bits);
    let how = How { temperature: self::temperature(temperature)?, precision, eta };
    let modes = Modes::default();
    let (columns, summary, text) = on_threads(py, threads, |watch| measured(&source, &how, &modes, watch))?;
    let result = PyDict::new(py);
    let table = PyDict::new(py);
    for (name, whole, bytes) in columns {
        table.set_item(name, (whole, PyBytes::new(py, &bytes)))?;
    }
    result.set_item("columns", table)?;
    result.set_item("summary", summary)?;
    result.set_item("text", text)?;
    Ok(result)
}

fn measured(
    source: &Source,
    how: &How,
    modes: &Modes,
    watch: Watch<'_>,
) -> Result<(Columns, String, String), Failure> {
    let schema = Schema::new(how, modes, source);
    let fields = schema.fields();
    let mut columns: Columns = fields
        .iter()
        .map(|field| (field.name.clone(), !matches!(field.kind, Kind::Real), Vec::new()))
        .collect();
    let mut tally = MeasureTally::new(how, modes);
    let rows: Range<u64> = 0..source.rows;
    measure::stream(source, how, modes, rows, watch, |rows| -> Result<(), Failure> {
        rows.iter().for_each(|row| tally.add(row));
        for numbers in schema.all_numbers(how, &rows)? {
            for ((_, _, bytes), cell) in columns.iter_mut().zip(schema.cells(&numbers)) {
                match cell {
                    Cell::Count(n) => bytes.extend((n as i64).to_le_bytes()),
                    Cell::Whole(n) => bytes.extend(n.to_le_bytes()),
                    Cell::Real(x) => bytes.extend(x.to_le_bytes()),
                    Cell::Flag(_) | Cell::Text(_) => return Err("a column of a kind that is not expected".to_string().into()),
                }
            }
        }
        Ok(())
    })?;
    let summary = tally.summary(source.rows);
    let json = serde_json::to_string(&summary).map_err(|error| error.to_string())?;
    Ok((columns, json, logitlab::report::measured::summary(&summary, &plain)))
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
    let kind = |(kind, name): &(String, String)| {
        let known = doctor::KINDS.iter().find(|(known, ..)| known == kind);
        let names = || doctor::KINDS.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ");
        known.map(|(_, known, _)| (name.clone(), *known)).ok_or_else(|| format!("claimed: unknown `{kind}`, expected one of {}", names()))
    };
    let claimed = claimed.iter().map(kind).collect::<Result<Vec<_>, _>>().map_err(Failure::from)?;
    let modes = doctor::chosen(&modes, source.dtype).map_err(|error| Failure::from(error.to_string()))?;
    let examination = Examination {
        modes,
        own: doctor::own(source.dtype).to_string(),
        stored: source.dtype.format(),
        steps: Vec::new(),
        claimed,
        required: Required { digits, nats },
        temperature: self::temperature(temperature)?,
    };
    let snippet = doctor::SNIPPETS.iter().find(|snippet| snippet.name == framework);
    let snippet = snippet.ok_or_else(|| Failure::from(format!("framework: `{framework}` is not torch, jax or numpy")))?;
    on_threads(py, threads, |watch| {
        let rows = (0..source.rows).into();
        let report = doctor::examine(&examination, &source, &rows, watch).map_err(|error| error.to_string())?;
        let json = serde_json::to_string(&report).map_err(|error| error.to_string())?;
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
    let given = self::temperature(temperature)?;
    on_threads(py, threads, |watch| diffed(&a, &b, clip, given, watch))
}

/// What the command line assumes of rounding where nothing is said: logits were rounded once.
const HALF_ULP: f64 = 0.5;

/// The band that ratios should stay in where nothing is said.
const BAND: [f64; 2] = [0.9, 1.1];

fn diffed(a: &Source, b: &Source, clip: f64, temperature: Given, watch: Watch<'_>) -> Result<String, Failure> {
    let temperature = temperature.nearest();
    let settings = Settings {
        temperatures: Temperatures { a: temperature, b: temperature },
        hypothesis: Hypothesis { a: a.dtype.format(), b: b.dtype.format(), ulps: HALF_ULP },
    };
    let limits = Limits { band: BAND, clip };
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
