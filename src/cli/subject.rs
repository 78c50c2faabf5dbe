//! Claims, formulas and studies as users name them.

use std::path::Path;
use std::rc::Rc;

use super::Failure;
use super::claim_files::{ClaimFile, ENDING, Reader};
use super::options::{self, Listed};
use super::statement::{self, NAMED};
use crate::cite::Subject;
use crate::claims::{self, Claim, Stated, claims};
use crate::formulas::{self, Formula, formulas};
use crate::outcome::{Verdict, VerifyReport};

/// Where the names of claims and studies stand.
const LIST: Listed = Listed::By("`logitlab list` shows all of them");

/// The claim or study with this id.
pub fn find(id: &str) -> Result<Subject<'static>, Failure> {
    if id == "-" || id.ends_with(ENDING) || Path::new(id).is_file() {
        return Err(format!(
            "{id} is a file, and what is cited here is part of logitlab: give the id of a claim or study; \
             `logitlab report {id} --latex FOLDER` writes claims of yours as an appendix"
        )
        .into());
    }
    let all = Subject::all().map(|subject| (subject.id(), subject));
    options::named("claim or study", id, all, LIST)
}

/// A claim that was asked for.
pub enum Loaded {
    /// One of those that the crate ships.
    Shipped(&'static Claim),
    /// One from a file.
    Filed(Box<Claim>, Filed),
    /// A statement that was given as an argument.
    Given(Box<Claim>),
}

/// Where a claim of a user stands.
#[derive(Clone)]
pub struct Filed {
    /// Its file.
    pub file: Rc<ClaimFile>,
    /// Which of the file's claims it is.
    pub number: usize,
}

impl Filed {
    /// The claim with its places in the text.
    pub fn stated(&self) -> &Stated {
        &self.file.collection.claims[self.number]
    }
}

impl Loaded {
    /// The claim.
    pub fn claim(&self) -> &Claim {
        match self {
            Loaded::Shipped(claim) => claim,
            Loaded::Filed(claim, _) | Loaded::Given(claim) => claim,
        }
    }

    /// The same, to be changed, if it is a user's.
    pub fn own(&mut self) -> Option<&mut Claim> {
        match self {
            Loaded::Shipped(_) => None,
            Loaded::Filed(claim, _) | Loaded::Given(claim) => Some(claim),
        }
    }
}

/// Claims by id, those of files and standard input, and statements, in the order in which they are named. The claims of
/// all files that are named may cite each other. `given` declares the names of statements.
pub fn claims_of(names: &[String], given: Option<&str>) -> Result<Vec<Loaded>, Failure> {
    let mut reader = Reader::default();
    let mut named = Vec::new();
    for name in names {
        named.push(Named::read(name, &mut reader)?);
    }
    let others: Vec<Claim> = named.iter().filter_map(Named::file).flat_map(|file| file.all_claims()).collect();
    let statements = named.iter().filter(|named| matches!(named, Named::Statement(_))).count();
    if given.is_some() && statements == 0 {
        return Err("--given is for statements: a claim has its own `given` lines".into());
    }
    let mut loaded = Vec::new();
    let mut number = 0;
    for one in &named {
        match one {
            Named::Shipped(claim) => loaded.push(Loaded::Shipped(claim)),
            Named::Statement(text) => {
                number += 1;
                let id = if number == 1 { NAMED.to_string() } else { format!("{NAMED}-{number}") };
                loaded.push(Loaded::Given(Box::new(statement::claim(&id, text, given)?)));
            }
            Named::Claims(file, only) => {
                let claims = file.claims(&others).into_iter().enumerate();
                let asked = claims.filter(|(number, _)| only.is_none_or(|only| only == *number));
                let filed = |(number, claim)| Loaded::Filed(Box::new(claim), Filed { file: Rc::clone(file), number });
                loaded.extend(asked.map(filed));
            }
        }
    }
    Ok(loaded)
}

/// One claim by id, from a file, or from standard input, where one is all that can be used.
pub fn claim(name: &str) -> Result<Loaded, Failure> {
    let mut loaded = claims_of(&[name.to_string()], None)?;
    match loaded.len() {
        1 => Ok(loaded.remove(0)),
        many => {
            let ids: Vec<&str> = loaded.iter().map(|loaded| loaded.claim().id.as_str()).collect();
            let (first, ids) = (ids[0], ids.join(", "));
            Err(format!("{name} has {many} claims, and one is taken here: name it, as {name}#{first}; they are {ids}")
                .into())
        }
    }
}

/// Gives claims the derivations of all they show that were found for them.
pub fn take_found(loaded: &mut [Loaded], report: &VerifyReport) {
    for (one, judged) in loaded.iter_mut().zip(&report.claims) {
        let found = judged.judges.iter().filter(|judgement| judgement.shows.iter().all(is_proof));
        let text = found.filter_map(|judgement| judgement.derivation.as_ref()).next();
        let proof = text.and_then(|text| claims::parse(text).ok()?.proof);
        if let (Some(claim), Some(proof)) = (one.own(), proof) {
            claim.proof = Some(proof);
        }
    }
}

fn is_proof(show: &Verdict) -> bool {
    matches!(show, Verdict::Proved | Verdict::ProvedFor(_))
}

/// What a name on the command line means.
enum Named {
    Shipped(&'static Claim),
    /// All claims of a file, or the one of this number.
    Claims(Rc<ClaimFile>, Option<usize>),
    Statement(String),
}

impl Named {
    fn read(name: &str, reader: &mut Reader) -> Result<Named, Failure> {
        if let Some(claim) = claims::find(name) {
            return Ok(Named::Shipped(claim));
        }
        if name == "-" || Path::new(name).exists() {
            return Ok(Named::Claims(reader.read(name)?, None));
        }
        if statement::is_one(name) {
            return Ok(Named::Statement(name.to_string()));
        }
        if let Some((path, id)) = name.rsplit_once('#').filter(|(path, _)| is_file(path)) {
            let file = reader.read(path)?;
            let ids =
                file.collection.claims.iter().enumerate().map(|(number, stated)| (stated.claim.id.as_str(), number));
            let number = options::named("claim", id, ids, Listed::Here)?;
            return Ok(Named::Claims(file, Some(number)));
        }
        if is_file(name) {
            return Ok(Named::Claims(reader.read(name)?, None));
        }
        options::named("claim", name, claims().iter().map(|claim| (claim.id.as_str(), claim)), LIST).map(Named::Shipped)
    }

    fn file(&self) -> Option<&Rc<ClaimFile>> {
        match self {
            Named::Claims(file, _) => Some(file),
            _ => None,
        }
    }
}

/// A formula by name, from a file, or from standard input; `tail-norm` is the root of `tail`.
pub fn formula(name: &str) -> Result<Formula, Failure> {
    let root = || name.strip_suffix("-norm").and_then(formulas::find).and_then(Formula::root);
    if let Some(formula) = formulas::find(name).cloned().or_else(root) {
        return Ok(formula);
    }
    let path = name.rsplit_once('#').map_or(name, |(path, _)| path);
    if !is_file(name) && !is_file(path) {
        let all = formulas().iter().map(|formula| (formula.name.as_str(), formula));
        return options::named("formula", name, all, Listed::Here).cloned();
    }
    let loaded = claim(name)?;
    let claim = loaded.claim();
    let file = match &loaded {
        Loaded::Filed(_, filed) => &filed.file.text.file,
        Loaded::Shipped(_) | Loaded::Given(_) => name,
    };
    Formula::from_statement(&claim.id, &claim.statement).map_err(|error| format!("{file}: {error}").into())
}

/// Whether a name means a claim, or can be meant for a file of claims or a statement.
pub fn may_be_claims(name: &str) -> bool {
    let is_place = name == "-" || name.contains(['/', '#']) || name.ends_with(ENDING) || Path::new(name).exists();
    claims::find(name).is_some() || is_place || statement::is_one(name)
}

/// Whether a name that is not known looks like that of a file.
fn is_file(name: &str) -> bool {
    name == "-" || name.contains(['/', '.']) || Path::new(name).exists()
}
