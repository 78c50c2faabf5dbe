//! States of many batches.

use logitlab::certified::Settings;
use logitlab::doctor::Required;
use logitlab::measure::{How, Precision};
use logitlab::monitor::{self, Asked};
use pyo3::prelude::*;

use crate::buffer;
use crate::logits::{claimed_kinds, given, refused, source, temperature};
use crate::threads::on_threads;

/// A row whose claimed number is wrong: what is claimed, id, action, claimed, true number, error.
type Ranked = (String, i64, u64, f64, [f64; 2], [f64; 2]);

/// What rows came to.
#[pyclass(frozen)]
pub struct State(monitor::State);

#[pymethods]
impl State {
    #[staticmethod]
    fn read(text: &str) -> PyResult<State> {
        monitor::State::from_text(text).map(State).map_err(refused)
    }

    fn text(&self) -> String {
        self.0.to_text()
    }

    fn merged(&self, other: &State) -> PyResult<State> {
        let mut both = self.0.clone();
        both.merge(other.0.clone()).map_err(refused)?;
        Ok(State(both))
    }

    fn rows(&self) -> u64 {
        self.0.rows()
    }

    fn metrics(&self) -> Vec<(String, f64)> {
        self.0.metrics()
    }

    /// The enclosures of how each quantity is spread, as JSON.
    fn spreads(&self) -> PyResult<String> {
        let spreads: std::collections::BTreeMap<_, _> =
            self.0.quantities().map(|name| (name, self.0.spread(name))).collect();
        serde_json::to_string(&spreads).map_err(refused)
    }

    fn worst(&self) -> Vec<Ranked> {
        let one = |name: &str, row: &monitor::Ranked| {
            (name.to_string(), row.id, row.action, row.claimed, row.truth, row.error)
        };
        self.0.worst_rows().flat_map(|(name, rows)| rows.iter().map(move |row| one(name, row))).collect()
    }
}

#[pyfunction]
#[pyo3(name = "watch", signature = (arrays, claimed, has, temperature, eta, clip, digits, nats, threads))]
#[expect(clippy::too_many_arguments, reason = "Python gives them names")]
pub fn watch_arrays(
    py: Python<'_>,
    arrays: Vec<buffer::Given<'_>>,
    claimed: Vec<(String, String)>,
    has: [bool; 2],
    temperature: &str,
    eta: Option<&str>,
    clip: f64,
    digits: Option<u32>,
    nats: f64,
    threads: Option<usize>,
) -> PyResult<State> {
    let [old_logp, id] = ["old_logp", "id"].map(String::from);
    let (old_logp, id) = (has[0].then_some(old_logp), has[1].then_some(id));
    let names = claimed.iter().map(|(_, name)| name.clone()).chain(old_logp.clone()).chain(id.clone());
    let source = source(arrays, names.collect())?;
    let eta = eta.map(|text| given("eta", text)).transpose()?;
    let precision = Precision::Tolerance(Settings::default().tolerance);
    let how = How { temperature: self::temperature(temperature)?, precision, eta };
    let required = Required { digits, nats };
    let asked = Asked { how, claimed: claimed_kinds(claimed)?, required, old_logp, clip, id };
    on_threads(py, threads, |watch| Ok(State(monitor::watch(&source, &asked, 0..source.rows, watch)?)))
}
