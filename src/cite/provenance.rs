//! The provenance record: what is true of the program that prints a citation, and no part of the hashed bytes.

use serde::Serialize;

use super::{Subject, VERSION, claim_text};
use crate::judges::JUDGES;

/// Who stands behind a citation. What optional judges say belongs here, because a reader who lacks them must
/// derive the same snapshot.
#[derive(Clone, Debug, Serialize)]
pub struct Provenance {
    /// The version of logitlab.
    pub logitlab: &'static str,
    /// The judges that it has.
    pub judges: Vec<Asked>,
}

/// A judge of this program.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// Its name.
    pub name: &'static str,
    /// Whether its words are in the snapshot.
    pub in_snapshot: bool,
}

impl Provenance {
    /// That of this program; no judge has a word in a study.
    pub fn of(subject: Subject<'_>) -> Provenance {
        let asked = subject.claim().map_or(&[] as &[_], claim_text::judges_of);
        let judge = |name| Asked { name, in_snapshot: asked.contains(&name) };
        Provenance { logitlab: VERSION, judges: JUDGES.iter().map(|known| judge(known.name)).collect() }
    }
}
