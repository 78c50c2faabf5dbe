//! Claims, verified and proved.

use logitlab::judges::DEFAULT_SEARCH;
use logitlab::prove::{Citable, Limits};
use logitlab::{Claim, JUDGES, JudgeOptions, find_proof, parse_claim};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::threads::on_threads;

fn read(text: &str) -> PyResult<Claim> {
    parse_claim(text).map_err(|error| {
        let line = text.get(..error.span.start).map_or(1, |before| before.matches('\n').count() + 1);
        let near = text.get(error.span.start..error.span.end).unwrap_or_default();
        PyValueError::new_err(format!("{error} (line {line}, at `{near}`)"))
    })
}

/// What the judges say of a claim, as JSON; a derivation is looked for where it has none and nothing refutes it.
#[pyfunction]
#[pyo3(signature = (text, cases, seed))]
pub fn verify(py: Python<'_>, text: &str, cases: usize, seed: u64) -> PyResult<String> {
    let claim = read(text)?;
    let judges: Vec<_> = JUDGES.iter().filter(|judge| judge.default).collect();
    let search = Some(Limits::seconds(DEFAULT_SEARCH));
    let options = JudgeOptions { cases, seed, search, ..Default::default() };
    let report = on_threads(py, None, |_| Ok(logitlab::verify(&[&claim], &judges, &options, &|_, _| {})))?;
    serde_json::to_string(&report.claims[0]).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// A claim with a derivation that the kernel checked, the number of its steps, and what was not found.
#[pyfunction]
#[pyo3(signature = (text, seconds))]
pub fn prove(py: Python<'_>, text: &str, seconds: u32) -> PyResult<(Option<String>, usize, Vec<String>)> {
    let claim = read(text)?;
    let limits = Limits::seconds(seconds);
    let outcome = on_threads(py, None, |_| Ok(find_proof(&claim.id, &claim.statement, &Citable::by(&claim), &limits)))?;
    let missing = outcome.missing.iter().map(ToString::to_string).collect();
    let (text, steps) = outcome.found.map_or((None, 0), |found| (Some(found.text), found.steps));
    Ok((text, steps, missing))
}
