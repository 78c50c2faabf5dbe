//! Files of claims, with the files that they use: each is read once, none uses itself by way of others, and all of it
//! stays within limits.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::Failure;
use super::diagnostic::Text;
use crate::claims::{Claim, Collection, Use};

/// The most files that one run reads for what is named.
const MAX_FILES: usize = 1000;

/// The most bytes of all of them.
const MAX_BYTES: usize = 1 << 24;

/// How deep files may use files.
const MAX_DEPTH: usize = 32;

/// How the names of files of claims end.
pub const ENDING: &str = ".proof";

/// A file of claims that was read.
pub struct ClaimFile {
    /// What it says, and what it is called.
    pub text: Text,
    /// What was read from it.
    pub collection: Collection,
    /// The files that it uses.
    used: Vec<Rc<ClaimFile>>,
}

impl ClaimFile {
    /// Its claims, each with the claims that it may cite: those of the file, then of what it uses, then others.
    pub fn claims(&self, others: &[Claim]) -> Vec<Claim> {
        let mut beside = self.all_claims();
        let known: BTreeSet<String> = beside.iter().map(|claim| claim.id.clone()).collect();
        beside.extend(others.iter().filter(|claim| !known.contains(&claim.id)).cloned());
        let beside = Arc::new(beside);
        let with = |claim: &Claim| Claim { beside: beside.clone(), ..claim.clone() };
        self.collection.claims.iter().map(|stated| with(&stated.claim)).collect()
    }

    /// Its claims and those of all files that it uses.
    pub fn all_claims(&self) -> Vec<Claim> {
        self.all().iter().flat_map(|file| file.collection.claims.iter().map(|stated| stated.claim.clone())).collect()
    }

    /// The names of the files that it rests on, its own first.
    pub fn files(&self) -> Vec<String> {
        self.all().into_iter().map(|file| file.text.file.clone()).collect()
    }

    /// The file and all that it uses, each once.
    fn all(&self) -> Vec<&ClaimFile> {
        let mut found: Vec<&ClaimFile> = vec![self];
        let mut next = 0;
        while next < found.len() {
            for used in &found[next].used {
                if !found.iter().any(|known| std::ptr::eq(*known, &**used)) {
                    found.push(used);
                }
            }
            next += 1;
        }
        found
    }

    /// That no two of the files have a claim of one id, by which neither could be cited.
    fn is_unambiguous(&self) -> Result<(), Failure> {
        let mut places: BTreeMap<&str, &ClaimFile> = BTreeMap::new();
        for file in self.all() {
            for stated in &file.collection.claims {
                if let Some(other) = places.insert(&stated.claim.id, file) {
                    let (id, other) = (&stated.claim.id, &other.text.file);
                    let message =
                        format!("`{id}` is a claim of {other} too, which is read beside it: rename one of them");
                    return Err(Failure::Diagnosed(file.text.at(stated.id, &message)));
                }
            }
        }
        Ok(())
    }
}

/// Reads files of claims and remembers them.
#[derive(Default)]
pub struct Reader {
    known: BTreeMap<PathBuf, Rc<ClaimFile>>,
    /// The files that are being read, each used by the one before it.
    open: Vec<(PathBuf, String)>,
    bytes: usize,
}

impl Reader {
    /// The file of this name, or standard input as `-`, with all that it uses.
    pub fn read(&mut self, name: &str) -> Result<Rc<ClaimFile>, Failure> {
        let file = self.file(name, || Text::read(name))?;
        file.is_unambiguous()?;
        Ok(file)
    }

    fn file(&mut self, name: &str, text: impl FnOnce() -> Result<Text, Failure>) -> Result<Rc<ClaimFile>, Failure> {
        let place = if name == "-" { None } else { fs::canonicalize(name).ok() };
        if let Some(known) = place.as_ref().and_then(|place| self.known.get(place)) {
            return Ok(known.clone());
        }
        let text = text()?;
        self.bytes += text.text.len();
        let collection = Collection::read(&text.text).map_err(|error| text.refuse(&error))?;
        self.open.push((place.clone().unwrap_or_default(), text.file.clone()));
        let folder = if name == "-" { Path::new("") } else { Path::new(name).parent().unwrap_or(Path::new("")) };
        let mut used = Vec::new();
        for one in &collection.uses {
            used.extend(self.used(&text, folder, one)?);
        }
        self.open.pop();
        let file = Rc::new(ClaimFile { text, collection, used });
        if let Some(place) = place {
            self.known.insert(place, file.clone());
        }
        Ok(file)
    }

    /// What a line `use` of a text brings.
    fn used(&mut self, text: &Text, folder: &Path, one: &Use) -> Result<Vec<Rc<ClaimFile>>, Failure> {
        let refuse = |message: &str| Failure::Diagnosed(text.at(one.span, message));
        let path = folder.join(&one.path);
        let shown = path.display();
        let found = fs::metadata(&path).map_err(|error| refuse(&format!("cannot use {shown}: {error}")))?;
        let paths = match (found.is_dir(), one.is_folder()) {
            (true, true) => {
                files_of(&path).map_err(|error| refuse(&format!("cannot read the folder {shown}: {error}")))?
            }
            (true, false) => return Err(refuse(&format!("{shown} is a folder: write `use \"{}/\"`", one.path))),
            (false, true) => return Err(refuse(&format!("{shown} is no folder: leave out the slash at the end"))),
            (false, false) if !found.is_file() => {
                return Err(refuse(&format!("{shown} is neither a file nor a folder")));
            }
            (false, false) => vec![path.clone()],
        };
        if paths.is_empty() {
            return Err(refuse(&format!("no file in the folder {shown} ends with `{ENDING}`")));
        }
        let mut files = Vec::new();
        for path in paths {
            let place = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            let own = self.open.last().is_some_and(|(open, _)| *open == place);
            // A file may lie in the folder whose other files it uses.
            if own && one.is_folder() {
                continue;
            }
            if let Some(start) = self.open.iter().position(|(open, _)| *open == place) {
                let circle: Vec<&str> = self.open[start..].iter().map(|(_, name)| name.as_str()).collect();
                let (first, circle) = (circle[0], circle.join(" uses "));
                return Err(refuse(&format!("a circle of files: {circle} uses {first}")));
            }
            if self.known.len() + self.open.len() >= MAX_FILES || self.bytes > MAX_BYTES {
                let megabytes = MAX_BYTES >> 20;
                return Err(refuse(&format!("more than {MAX_FILES} files or {megabytes} MiB of claims are used")));
            }
            if self.open.len() >= MAX_DEPTH {
                return Err(refuse(&format!("files use each other more than {MAX_DEPTH} deep")));
            }
            let name = path.to_string_lossy().into_owned();
            files.push(self.file(&name, || Text::read(&name))?);
        }
        Ok(files)
    }
}

/// The files of claims in a folder, by name.
fn files_of(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(ENDING) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
