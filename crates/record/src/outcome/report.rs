//! What a verification run found.

use serde::Serialize;

use super::{Evidence, Verdict, Witness};

/// What one judge found about one claim.
#[derive(Clone, Debug, Serialize)]
pub struct Judgement {
    /// The judge's name.
    pub judge: String,
    /// What it says of the claim as a whole.
    pub verdict: Verdict,
    /// Why, in one line.
    pub evidence: String,
    /// Seconds of deciding, added over the cases.
    pub seconds: f64,
    /// The counterexample, where the claim is refuted; where it is undefined, a case in which it has no truth value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    /// The evidence in numbers.
    pub details: Evidence,
    /// Seconds by library, where several decided the same cases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub libraries: Vec<LibraryTime>,
    /// What it says of each proposition that is to be shown.
    #[serde(skip)]
    pub shows: Vec<Verdict>,
    /// Why the claim's derivation is not accepted, where it has one and is not. That is never as expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<Rejected>,
    /// A derivation that a search found where the claim has none: a claim with its proof, as its file would have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derivation: Option<String>,
}

/// What is wrong with a derivation, and where in the claim's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// What is wrong.
    pub message: String,
    /// The first byte of the place.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// The time that one arithmetic library took.
#[derive(Clone, Debug, Serialize)]
pub struct LibraryTime {
    /// Its name.
    pub name: String,
    /// Seconds, added over the cases.
    pub seconds: f64,
}

/// What all judges found about one claim.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimReport {
    /// The claim's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `holds`, `refuted` or `undefined`.
    pub expected: &'static str,
    /// What the judges together say.
    pub verdict: Verdict,
    /// Whether that is what was expected.
    pub as_expected: bool,
    /// Seconds by the clock from the start of the first judge to the end of the last.
    pub seconds: f64,
    /// What each judge says.
    pub judges: Vec<Judgement>,
}

/// How many claims came out as expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// As expected.
    pub as_expected: usize,
    /// Not as expected.
    pub unexpected: usize,
}

/// A whole run.
#[derive(Clone, Debug, Serialize)]
pub struct VerifyReport {
    /// The version of this layout.
    pub schema: u32,
    /// One entry for each claim, in the order asked for.
    pub claims: Vec<ClaimReport>,
    /// The totals.
    pub summary: Summary,
}
