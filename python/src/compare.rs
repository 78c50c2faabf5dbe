//! Float precision modes compared.

use logitlab::formulas;
use logitlab::report::plot::{Width, svg};
use logitlab::report::text::plain;
use logitlab::report::{comparison, comparison_plots};
use logitlab::study::comparison::{Comparison, ComparisonRequest, DEFAULT_RESTS, parse_rest};
use logitlab::study::registry::{FORMULAS, MODES};
use logitlab::study::{Mode, Plan, Reference};
use num_rational::BigRational;
use pyo3::prelude::*;

use crate::logits::refused;
use crate::threads::on_threads;

/// What modes leave, formula by formula.
#[pyclass(frozen)]
pub struct Compared(Comparison);

#[pymethods]
impl Compared {
    fn json(&self) -> PyResult<String> {
        serde_json::to_string(&self.0).map_err(refused)
    }

    fn text(&self) -> String {
        comparison::text(&self.0, &plain)
    }

    /// Relative errors over 1 - P_c, as a figure.
    fn svg(&self) -> String {
        svg(&comparison_plots::error(&self.0), Width::Full)
    }
}

#[pyfunction]
#[pyo3(name = "compare", signature = (modes, names, k, p, cases, seed, threads))]
#[expect(clippy::too_many_arguments, reason = "Python gives them names")]
pub fn compare_modes(
    py: Python<'_>,
    modes: Vec<String>,
    names: Vec<String>,
    k: usize,
    p: Vec<String>,
    cases: u64,
    seed: u64,
    threads: Option<usize>,
) -> PyResult<Compared> {
    let or = |given: Vec<String>, default: &[&str]| {
        if given.is_empty() { default.iter().map(ToString::to_string).collect() } else { given }
    };
    let mode = |text: String| text.parse::<Mode>().map_err(|error| refused(format!("modes: {error}")));
    let formula = |name: String| {
        let known = formulas::formulas().iter().map(|formula| formula.name.as_str());
        let all = || known.collect::<Vec<_>>().join(", ");
        formulas::find(&name).cloned().ok_or_else(|| refused(format!("formulas: no `{name}`, only {}", all())))
    };
    let rest = |text: String| parse_rest(&text).map_err(|error| refused(format!("p: {error}, not {text}")));
    let rests = p.into_iter().map(rest).collect::<PyResult<Vec<_>>>()?;
    let plan = Plan {
        modes: or(modes, MODES).into_iter().map(mode).collect::<PyResult<_>>()?,
        formulas: or(names, FORMULAS).into_iter().map(formula).collect::<PyResult<_>>()?,
        temperature: BigRational::from_integer(1.into()),
        reference: Reference::Stored,
        bounds: true,
        seed,
    };
    let rests = if rests.is_empty() { DEFAULT_RESTS.to_vec() } else { rests };
    let request = ComparisonRequest { plan, k, rests, cases, search: 0 };
    on_threads(py, threads, |_| Ok(Compared(request.run(&|_| {})?)))
}
