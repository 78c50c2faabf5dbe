//! One word, one meaning: no two crates hand on different types by the same name.

use crate::scan::{Literals, blank, is_word, words};
use crate::{crates, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Names that two crates share on purpose, each with the reason.
const SHARED: [(&str, &str); 0] = [];

#[test]
fn no_two_crates_hand_on_types_of_the_same_name() {
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in crates() {
        let library = folder.join("src/lib.rs");
        let owner = folder.strip_prefix(root()).expect("it is below the root").display().to_string();
        for name in handed_on(&library) {
            owners.entry(name).or_default().insert(owner.clone());
        }
    }
    assert!(owners.len() > 200, "{} types", owners.len());
    let allowed = |name: &str| SHARED.iter().any(|(shared, _)| *shared == name);
    let twice: Vec<_> = owners.iter().filter(|(name, owners)| owners.len() > 1 && !allowed(name)).collect();
    assert!(twice.is_empty(), "types that share a name, give one of each a longer one: {twice:#?}");
    for (name, reason) in SHARED {
        assert!(owners.get(name).is_some_and(|owners| owners.len() > 1), "{name} is not shared: {reason}");
    }
}

/// The types that a crate and the modules that it names in its `lib.rs` have or re-export from their own files.
fn handed_on(library: &Path) -> BTreeSet<String> {
    let text = source(library);
    let folder = library.parent().expect("it is in a folder");
    let modules = statements(&text, "pub mod ").map(|name| module(folder, name));
    modules.flat_map(|file| types(&source(&file))).chain(types(&text)).collect()
}

fn source(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    blank(&text, Literals::Blank)
}

fn module(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(format!("{name}.rs"));
    if file.is_file() { file } else { folder.join(name).join("mod.rs") }
}

/// What follows a beginning at the start of a line, up to the semicolon.
fn statements<'t>(text: &'t str, start: &'t str) -> impl Iterator<Item = &'t str> {
    let at_start = move |&(at, _): &(usize, &str)| at == 0 || text[..at].ends_with('\n');
    let rest = text.match_indices(start).filter(at_start).map(move |(at, _)| &text[at + start.len()..]);
    rest.filter_map(|rest| rest.split_once([';', '{', '(']).filter(|(name, _)| !name.is_empty()).map(|(name, _)| name))
}

/// The types that a file has, and those that it re-exports from its own crate.
fn types(text: &str) -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    for kind in ["struct", "enum", "trait", "type"] {
        for at in words(text, &format!("pub {kind}")).filter(|&at| at == 0 || text[..at].ends_with('\n')) {
            let rest = text[at + "pub ".len() + kind.len()..].trim_start();
            types.extend(rest.split(|c| !is_word(c)).next().map(String::from));
        }
    }
    for at in words(text, "pub use").filter(|&at| at == 0 || text[..at].ends_with('\n')) {
        let (path, _) = text[at + "pub use".len()..].split_once(';').expect("a statement ends");
        // What comes from below is the type that the crate below has.
        if !path.trim_start().starts_with("logitlab_") && !path.trim_start().starts_with("crate::") {
            let is_type = |name: &&str| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
            types.extend(path.split(|c| !is_word(c)).filter(is_type).map(String::from));
        }
    }
    types
}

#[test]
fn types_are_found() {
    let text = "pub use a::{B, c::{Dd, e}, FF};\npub use logitlab_words::Truth;\npub struct Gg<T>(T);\npub(crate) struct Hh;\n    pub enum Ii {}\n";
    let expected = ["Dd", "Gg"];
    assert_eq!(types(text).into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(statements("pub mod ab;\n// pub mod c;\npub mod de;\n", "pub mod ").collect::<Vec<_>>(), ["ab", "de"]);
}
