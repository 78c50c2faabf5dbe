//! Formulas as users name them.

use std::path::Path;

use super::verify::read;
use super::{Failure, diagnostic};
use crate::claims;
use crate::formulas::{Formula, find, formulas};
use logitlab_words::Unknown;

/// A formula by name, from a file, or from standard input; `tail-norm` is the root of `tail`.
pub fn load(name: &str) -> Result<Formula, Failure> {
    if let Some(formula) = find(name) {
        return Ok(formula.clone());
    }
    if let Some(norm) = name.strip_suffix("-norm").and_then(find).and_then(Formula::root) {
        return Ok(norm);
    }
    let looks_like_a_file = name == "-" || name.contains(['/', '.']) || Path::new(name).exists();
    if !looks_like_a_file {
        return Err(unknown(name));
    }
    let (file, text) = read(name)?;
    let claim = claims::parse(&text).map_err(|error| Failure::Diagnostic(diagnostic::syntax(&file, &text, &error)))?;
    Formula::from_statement(&claim.id, &claim.statement).map_err(|error| Failure::Unusable(format!("{file}: {error}")))
}

fn unknown(name: &str) -> Failure {
    Unknown::among("formula", name, formulas().iter().map(|formula| formula.name.as_str())).into()
}
