//! Thresholds: a report as a check.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::stats::limit::{BadLimit, Limit};
use logitlab_words::Unknown;

use super::findings::{FINDINGS, FindingKind, Read, Unit};
use super::report::Report;

/// What must not be: a metric above or below a limit.
///
/// ```
/// use logitlab_logits::doctor::Threshold;
///
/// let threshold: Threshold = "bf16/nonpositive>1%".parse().unwrap();
/// assert_eq!((threshold.metric.id, threshold.limit.limit), ("nonpositive", 0.01));
/// assert_eq!(threshold.to_string(), "bf16/nonpositive>0.01");
/// assert!("nonpositiv>1%".parse::<Threshold>().unwrap_err().to_string().contains("did you mean `nonpositive`"));
/// ```
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The mode, step size or column; `any` for every one; without it the mode of the file, every step size, every
    /// column.
    pub subject: Option<String>,
    /// The metric.
    pub metric: &'static FindingKind,
    /// What its value must not be.
    pub limit: Limit,
}

/// Why a text is no threshold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadThreshold {
    /// There is no comparison.
    #[error("`{0}` is no threshold: write a metric, > or <, and a number, such as nonpositive>1% or bf16/total>1.1")]
    Form(String),
    /// There is no such metric.
    #[error(transparent)]
    Metric(Unknown),
    /// The limit is no number.
    #[error("`{0}` is no number: a limit is a number such as 0.01 or, for shares, 1%")]
    Limit(String),
    /// Only shares have percentages.
    #[error("`{0}` is no share: write its limit without %")]
    Percent(&'static str),
}

impl FromStr for Threshold {
    type Err = BadThreshold;

    fn from_str(text: &str) -> Result<Threshold, BadThreshold> {
        let (name, limit) = Limit::split(text).map_err(|bad| match bad {
            BadLimit::Form => BadThreshold::Form(text.to_string()),
            BadLimit::Number(number) => BadThreshold::Limit(number),
        })?;
        let (subject, name) = match name.rsplit_once('/') {
            Some((subject, name)) => (Some(subject.trim().to_string()), name.trim()),
            None => (None, name),
        };
        if name.is_empty() {
            return Err(BadThreshold::Form(text.to_string()));
        }
        let metric = FindingKind::find(name).ok_or_else(|| {
            let ids = FINDINGS.iter().map(|kind| kind.id);
            BadThreshold::Metric(Unknown::new("metric", name, ids, "`logitlab doctor --metrics` lists them"))
        })?;
        if limit.is_percentage && metric.unit != Unit::Share {
            return Err(BadThreshold::Percent(metric.id));
        }
        Ok(Threshold { subject, metric, limit })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(subject) = &self.subject {
            write!(f, "{subject}/")?;
        }
        write!(f, "{}{}", self.metric.id, self.limit)
    }
}

/// A value that passed a threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exceeded {
    /// The threshold.
    pub threshold: String,
    /// The mode, step size or column.
    pub subject: String,
    /// The value; `None` where it is not finite.
    pub value: Option<f64>,
}

/// A threshold that speaks of something that the report does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--fail-on {threshold}: {} (there are: {})", .why, if .known.is_empty() { "none".into() } else { .known.join(", ") })]
pub struct NoSuchSubject {
    /// The threshold.
    pub threshold: String,
    /// What is missing.
    pub why: &'static str,
    /// What there is.
    pub known: Vec<String>,
}

impl Threshold {
    /// The values of a report that pass it. A value that is not a number passes every threshold; one that there are no
    /// rows for passes none.
    ///
    /// # Errors
    /// If the report has nothing that the threshold speaks of: a check that cannot fail is none.
    pub fn exceeded(&self, report: &Report) -> Result<Vec<Exceeded>, NoSuchSubject> {
        let values = report.values(self.metric);
        let wanted = match (&self.subject, self.metric.read) {
            (Some(subject), _) if subject == "any" => None,
            (Some(subject), _) => Some(subject.as_str()),
            (None, Read::Mode(_)) => Some(report.own.as_str()),
            (None, Read::Step(_) | Read::Claimed(_)) => None,
        };
        let known: Vec<String> = values.iter().map(|value| value.subject.clone()).collect();
        let asked: Vec<_> =
            values.into_iter().filter(|value| wanted.is_none_or(|name| name == value.subject)).collect();
        if asked.is_empty() {
            let why = match self.metric.read {
                Read::Mode(_) => "no such mode is emulated, add it with --modes",
                Read::Step(_) => {
                    "no such step size is asked for: where logits are parameters, add --parameters, and the size \
                                  with --steps or --eta"
                }
                Read::Claimed(_) => "no such column is claimed, add it with --claimed",
            };
            return Err(NoSuchSubject { threshold: self.to_string(), why, known });
        }
        let passed = asked.into_iter().filter(|value| value.value.is_some_and(|value| self.limit.is_passed(value)));
        let exceeded = |value: super::report::MetricValue| Exceeded {
            threshold: self.to_string(),
            subject: value.subject,
            value: value.value.filter(|value| value.is_finite()),
        };
        Ok(passed.map(exceeded).collect())
    }
}
