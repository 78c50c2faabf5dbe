//! Results as plain public data: verdicts, how strong the evidence is, witnesses, reports.
//!
//! Nothing here computes; judges fill these in, and reports only render them.

pub mod evidence;
pub mod report;
pub mod verdict;
pub mod witness;

pub use evidence::{Evidence, Grid};
pub use report::{ClaimReport, Judgement, LibraryTime, Rejected, Summary, VerifyReport};
pub use verdict::{Scope, Verdict};
pub use witness::{Binding, Lack, Witness};
