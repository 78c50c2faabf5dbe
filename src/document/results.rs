//! What documents are made from: the plain results of what was run.

use crate::claims::Claim;
use crate::judges::Options;
use crate::outcome::VerifyReport;
use crate::study::comparison::Comparison;

/// Results of a run; what was not run is left out.
#[derive(Clone, Debug, Default)]
pub struct Results<'a> {
    /// The title of the document.
    pub title: String,
    /// The command that was run, as a user types it, without anything of the machine.
    pub command: String,
    /// Claims and what judges found.
    pub verified: Option<Verified<'a>>,
    /// Comparisons of precision modes.
    pub compared: Vec<Comparison>,
    /// What further commands found, as they print it.
    pub printed: Vec<Printed>,
    /// Whether the studies that can be cited are to be shown, as they are stored.
    pub studies: bool,
}

/// Claims that were verified.
#[derive(Clone, Debug)]
pub struct Verified<'a> {
    /// The claims, in the order of the report's.
    pub claims: Vec<&'a Claim>,
    /// What was found of them.
    pub report: VerifyReport,
    /// How hard the judges tried.
    pub options: Options,
}

/// What a command printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// What it is, in one line.
    pub title: String,
    /// The text.
    pub text: String,
}
