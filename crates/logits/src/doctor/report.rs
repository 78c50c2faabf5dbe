//! What the doctor says, as plain data.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::certified::Given;

use super::claimed::ClaimedFigures;
use super::examination::Examination;
use super::figures::ModeFigures;
use super::findings::{FINDINGS, FindingKind, Read, Severity, Unit};
use super::kinds::{KINDS, KindLine};
use super::step::StepFigures;

/// A value of a metric, of a mode, a step size or a claimed column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricValue {
    /// The mode, the step size or the column.
    pub subject: String,
    /// The value; `None` where there are no rows to tell it from.
    pub value: Option<f64>,
    /// How bad it is; absent where it is no complaint.
    pub severity: Option<Severity>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Its id, see [`FINDINGS`].
    pub id: &'static str,
    /// How bad the worst value is.
    pub severity: Severity,
    /// What is wrong.
    pub what: String,
    /// How it is counted.
    pub counted: &'static str,
    /// The name of the advice that helps.
    pub advice: &'static str,
    /// The values, worst first, those included that are no complaint.
    pub values: Vec<MetricValue>,
}

impl Finding {
    /// Whether it is about a claimed column.
    pub fn is_claimed(&self) -> bool {
        FindingKind::find(self.id).is_some_and(|kind| matches!(kind.read, Read::Claimed(_)))
    }
}

/// A mode with what it does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModeReport {
    /// Its name.
    pub name: String,
    /// The mode as text.
    pub mode: String,
    /// In words.
    pub note: String,
    /// Shares of rows, ratios of sums, digits.
    #[serde(flatten)]
    pub figures: ModeFigures,
}

/// Everything.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The version of this document.
    pub schema: u32,
    /// How many rows there are.
    pub rows: u64,
    /// How many logits a row has.
    pub columns: u64,
    /// Rows with P_c > 0.99.
    pub confident_rows: u64,
    /// Rows whose true values took more precision than f64.
    pub rows_by_reference: u64,
    /// The mode that computes in the type of the file.
    pub own: String,
    /// What logits are divided by: the decimal that was given, or an f64.
    pub temperature: Given,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
    /// Every mode.
    pub modes: Vec<ModeReport>,
    /// Every step size.
    pub steps: Vec<StepFigures>,
    /// Every claimed column.
    pub claimed: Vec<ClaimedFigures>,
    /// Every metric as `subject/metric`; null where there are no rows to tell it from, or the value is not finite.
    pub metrics: BTreeMap<String, Option<f64>>,
}

/// What a report is made from.
pub(super) struct Parts {
    pub rows: u64,
    pub columns: u64,
    pub confident_rows: u64,
    pub rows_by_reference: u64,
    pub modes: Vec<ModeFigures>,
    pub steps: Vec<StepFigures>,
    pub claimed: Vec<ClaimedFigures>,
}

impl Report {
    pub(super) fn new(examination: &Examination, parts: Parts) -> Report {
        let named = examination.modes.iter().zip(parts.modes);
        let modes = named.map(|(mode, figures)| ModeReport {
            name: mode.name.clone(),
            mode: mode.mode.to_string(),
            note: mode.note.clone(),
            figures,
        });
        let mut report = Report {
            schema: 2,
            rows: parts.rows,
            columns: parts.columns,
            confident_rows: parts.confident_rows,
            rows_by_reference: parts.rows_by_reference,
            own: examination.own.clone(),
            temperature: examination.temperature,
            findings: Vec::new(),
            modes: modes.collect(),
            steps: parts.steps,
            claimed: parts.claimed,
            metrics: BTreeMap::new(),
        };
        report.findings = report.find();
        report.metrics = report.metrics();
        report
    }

    /// The values of a metric, in the order of modes, step sizes or columns.
    pub fn values(&self, kind: &FindingKind) -> Vec<MetricValue> {
        let value = |subject: &str, value: Option<f64>| MetricValue {
            subject: subject.to_string(),
            value,
            severity: value.and_then(|value| kind.severity(value)),
        };
        match kind.read {
            Read::Mode(read) => self.modes.iter().map(|mode| value(&mode.name, read(&mode.figures))).collect(),
            Read::Step(read) => self.steps.iter().map(|step| value(&step.name, read(step))).collect(),
            Read::Claimed(read) => self
                .claimed
                .iter()
                .map(|claimed| {
                    let mut value = value(&claimed.name, read(claimed));
                    // A factor of what is nearly 0 anyway is no complaint.
                    value.severity = value.severity.filter(|_| kind.unit != Unit::Ratio || claimed.total_matters());
                    value
                })
                .collect(),
        }
    }

    /// The findings of a kind: one, and of claimed columns one for each thing that they are meant to be, since what
    /// helps differs.
    fn findings_of(&self, kind: &FindingKind) -> Vec<Finding> {
        let finding = |mut values: Vec<MetricValue>, what: String, advice: &'static str| {
            let severity = values.iter().filter_map(|value| value.severity).max()?;
            let excess = |value: &MetricValue| value.value.map_or(-1.0, |value| kind.excess(value));
            values.sort_by(|x, y| excess(y).total_cmp(&excess(x)));
            let FindingKind { id, counted, .. } = *kind;
            Some(Finding { id, severity, what, counted, advice, values })
        };
        let values = self.values(kind);
        if !matches!(kind.read, Read::Claimed(_)) {
            return finding(values, kind.what.to_string(), kind.advice).into_iter().collect();
        }
        let of = |line: &KindLine| {
            let own = self.claimed.iter().zip(&values).filter(|(column, _)| column.kind == line.kind);
            let own = own.map(|(_, value)| value.clone()).collect();
            finding(own, kind.what.replace("claimed values", &format!("claimed {}", line.values)), line.advice)
        };
        KINDS.iter().filter_map(of).collect()
    }

    fn find(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = FINDINGS.iter().flat_map(|kind| self.findings_of(kind)).collect();
        // What was claimed comes before what is emulated; the registry has the worst kinds first.
        findings.sort_by_key(|finding| (!finding.is_claimed(), std::cmp::Reverse(finding.severity)));
        findings
    }

    fn metrics(&self) -> BTreeMap<String, Option<f64>> {
        let named = |kind: &FindingKind| {
            let values = self.values(kind).into_iter();
            let name = kind.id;
            let one = move |value: MetricValue| {
                (format!("{}/{name}", value.subject), value.value.filter(|value| value.is_finite()))
            };
            values.map(one).collect::<Vec<_>>()
        };
        FINDINGS.iter().flat_map(named).collect()
    }
}
