//! How wrong the numbers of a training framework are on real logits, and why.
//!
//! Training code computes w = 1 - 2 P_c + sum pi^2 in low precision. [`examine`] emulates that on every row in several
//! modes, holds every result against the certified value, asks whether steps still move the logits as they are
//! stored, and certifies numbers that a framework claims. What comes out is a [`Report`]: plain data, its [findings]
//! worst first. [`Threshold`]s turn it into a check.
//!
//! [findings]: FINDINGS

mod advice;
mod claimed;
mod error;
mod examination;
mod examine;
mod figures;
mod findings;
mod kinds;
mod modes;
mod report;
mod step;
mod threshold;

pub use advice::{ADVICE, Advice, SNIPPETS, Snippet};
pub use claimed::{ClaimedFigures, DEFAULT_DIGITS, DEFAULT_NATS, Required};
pub use error::Offender;
pub use examination::Examination;
pub use examine::{DoctorError, examine};
pub use figures::ModeFigures;
pub use findings::{FINDINGS, FindingKind, Read, Severity, Unit};
pub use kinds::{ClaimedKind, KINDS, KindLine, Measure};
pub use modes::{MODES, ProductionMode, chosen, own};
pub use report::{Finding, MetricValue, ModeReport, Report};
pub use step::{StepFigures, StepSize};
pub use threshold::{BadThreshold, Exceeded, NoSuchSubject, Threshold};
