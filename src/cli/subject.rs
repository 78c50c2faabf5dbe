//! Claims, formulas and studies as users name them.

use std::path::Path;

use super::Failure;
use super::diagnostic::Text;
use super::options::{self, Listed};
use crate::cite::Subject;
use crate::claims::{self, Claim, claims};
use crate::formulas::{self, Formula, formulas};

/// Where the names of claims and studies stand.
const LIST: Listed = Listed::By("`logitlab list` shows all of them");

/// The claim or study with this id.
pub fn find(id: &str) -> Result<Subject<'static>, Failure> {
    let all = Subject::all().map(|subject| (subject.id(), subject));
    options::named("claim or study", id, all, LIST)
}

/// A claim that was asked for.
pub enum Loaded {
    /// One of those that the crate ships.
    Shipped(&'static Claim),
    /// One from a text.
    Own(Box<Claim>, Text),
}

impl Loaded {
    /// The claim.
    pub fn claim(&self) -> &Claim {
        match self {
            Loaded::Shipped(claim) => claim,
            Loaded::Own(claim, _) => claim,
        }
    }
}

/// A claim by id, from a file, or from standard input.
pub fn claim(name: &str) -> Result<Loaded, Failure> {
    if let Some(claim) = claims::find(name) {
        return Ok(Loaded::Shipped(claim));
    }
    if !is_file(name) {
        return options::named("claim", name, claims().iter().map(|claim| (claim.id.as_str(), claim)), LIST)
            .map(Loaded::Shipped);
    }
    let text = Text::read(name)?;
    match claims::parse(&text.text) {
        Ok(claim) => Ok(Loaded::Own(Box::new(claim), text)),
        Err(error) => Err(text.refuse(&error)),
    }
}

/// A formula by name, from a file, or from standard input; `tail-norm` is the root of `tail`.
pub fn formula(name: &str) -> Result<Formula, Failure> {
    let root = || name.strip_suffix("-norm").and_then(formulas::find).and_then(Formula::root);
    if let Some(formula) = formulas::find(name).cloned().or_else(root) {
        return Ok(formula);
    }
    if !is_file(name) {
        let all = formulas().iter().map(|formula| (formula.name.as_str(), formula));
        return options::named("formula", name, all, Listed::Here).cloned();
    }
    let text = Text::read(name)?;
    let claim = claims::parse(&text.text).map_err(|error| text.refuse(&error))?;
    Formula::from_statement(&claim.id, &claim.statement).map_err(|error| format!("{}: {error}", text.file).into())
}

/// Whether a name that is not known looks like that of a file.
fn is_file(name: &str) -> bool {
    name == "-" || name.contains(['/', '.']) || Path::new(name).exists()
}
