//! The judges' verdicts held against an independent search: mutants of true claims, and random statements.
//!
//! A slice runs with the other tests; all of it where `LOGITLAB_CAMPAIGN` is set (`make campaign`).

mod agreement;
mod attack;
mod degree;
mod evaluator;
mod mutants;
mod mutate;
mod number;
mod operations;
mod point;
mod random;
mod variants;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use logitlab::claims::{Claim, Expected, parse};
use logitlab::expr::Statement;

/// Whether all of it is asked for.
fn all() -> bool {
    std::env::var_os("LOGITLAB_CAMPAIGN").is_some()
}

/// Not `println!`: of a test that passes, the harness would swallow that.
fn say(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).expect("standard error can be written to");
}

/// A claim without a derivation that is expected to hold, as the author of a draft writes it.
fn draft(id: &str, statement: Statement) -> Claim {
    let (title, source) = (String::new(), String::new());
    Claim {
        id: id.to_string(),
        title,
        source,
        statement,
        expected: Expected::Holds,
        section: None,
        proof: None,
        beside: Default::default(),
    }
}

/// The claims of `published/` below the folder that `LOGITLAB_CASES` names, by their files' names; none where it is
/// not set.
fn published() -> Vec<Claim> {
    let Some(folder) = std::env::var_os("LOGITLAB_CASES") else { return vec![] };
    read_folder(&Path::new(&folder).join("published")).into_iter().map(|(_, claim)| claim).collect()
}

/// The claims of a folder with their files, by the files' names.
fn read_folder(folder: &Path) -> Vec<(PathBuf, Claim)> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry of a folder").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "proof"));
    files.sort();
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).expect("a file that is listed can be read");
        let claim = parse(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        (file, claim)
    };
    files.into_iter().map(read).collect()
}
