//! Circles of imports among the files of one crate.
//!
//! A file imports another if a path in its code leads to it: one that starts with `crate`, `super` or `self`, or a
//! private `use` of a module below. What a module hands on (`pub use`) is followed to where it is, and is no import
//! itself; nor is a registry's mention of its entries (`entry::NAME`), nor what `pub(super)` says of who may see. Unit
//! tests, at the end of a file, may import what they like.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::{Literals, blank, is_word, words};

/// The circles, each as the names of its files in order; `files` has paths below `src` and texts.
pub fn of(files: &[(String, String)]) -> Vec<String> {
    let modules: BTreeMap<Vec<String>, usize> =
        files.iter().enumerate().map(|(index, (path, _))| (module(path), index)).collect();
    let code: Vec<String> = files.iter().map(|(_, text)| without_tests(&blank(text, Literals::Blank))).collect();
    let house = House { modules, uses: code.iter().map(|code| uses(code)).collect() };
    let arrows: Vec<BTreeSet<usize>> =
        (0..files.len()).map(|index| house.imports(index, &module(&files[index].0), &code[index])).collect();
    circles(&arrows)
        .into_iter()
        .map(|circle| circle.into_iter().map(|index| files[index].0.as_str()).collect::<Vec<_>>().join(", "))
        .collect()
}

/// The path of the module that is in a file: none for `lib.rs`.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    if path == "lib" || path == "main" { Vec::new() } else { path.split('/').map(String::from).collect() }
}

/// The code up to its unit tests.
fn without_tests(code: &str) -> String {
    code.split("#[cfg(test)]\nmod ").next().unwrap_or_default().to_string()
}

/// A `use`: whether it is public, its path, and the name that it gives.
struct Use {
    public: bool,
    path: Vec<String>,
    name: String,
}

/// Every `use` of a code, groups taken apart.
fn uses(code: &str) -> Vec<Use> {
    let mut found = Vec::new();
    for at in words(code, "use") {
        let Some(end) = code[at..].find(';') else { continue };
        let public = code[..at].trim_end().rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with("pub"));
        let tree: String = code[at + "use".len()..at + end].split_whitespace().collect::<Vec<_>>().join(" ");
        flatten(&[], tree.trim(), public, &mut found);
    }
    found
}

/// Takes a tree of a `use` apart, below a path.
fn flatten(above: &[String], tree: &str, public: bool, found: &mut Vec<Use>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let (path, renamed) = tree.split_once(" as ").unwrap_or((tree, ""));
        let mut full = above.to_vec();
        full.extend(
            path.split("::").map(|part| part.trim().to_string()).filter(|part| part != "self" || above.is_empty()),
        );
        let name =
            if renamed.is_empty() { full.last().cloned().unwrap_or_default() } else { renamed.trim().to_string() };
        if !tree.is_empty() {
            found.push(Use { public, path: full, name });
        }
        return;
    };
    let mut below = above.to_vec();
    below.extend(tree[..open].split("::").map(|part| part.trim().to_string()).filter(|part| !part.is_empty()));
    let inside = tree[open + 1..].strip_suffix('}').unwrap_or(&tree[open + 1..]);
    let (mut depth, mut start) = (0, 0);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                flatten(&below, &inside[start..at], public, found);
                start = at + 1;
            }
            _ => {}
        }
    }
    flatten(&below, &inside[start..], public, found);
}

/// All files of a crate.
struct House {
    modules: BTreeMap<Vec<String>, usize>,
    uses: Vec<Vec<Use>>,
}

impl House {
    /// The files that the one at `index`, with the module `own`, imports.
    fn imports(&self, index: usize, own: &[String], code: &str) -> BTreeSet<usize> {
        let mut paths: Vec<Vec<String>> =
            self.uses[index].iter().filter(|one| !one.public).map(|one| one.path.clone()).collect();
        for word in ["crate", "super"] {
            let paths_of = words(code, word).filter(|&at| !code[..at].ends_with("pub("));
            paths.extend(paths_of.map(|at| path_at(&code[at..])));
        }
        let resolved = paths.iter().filter_map(|path| self.resolve(own, path, 0));
        resolved.filter(|&file| file != index).collect()
    }

    /// The file where what a path names is.
    fn resolve(&self, own: &[String], path: &[String], hops: usize) -> Option<usize> {
        let mut at = own.to_vec();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &path[1..];
            }
            "self" => rest = &path[1..],
            "super" => {}
            first => {
                at.push(first.to_string());
                self.modules.get(&at)?;
                rest = &path[1..];
            }
        }
        while rest.first().is_some_and(|part| part == "super") {
            at.pop()?;
            rest = &rest[1..];
        }
        while let Some(part) = rest.first() {
            let mut below = at.clone();
            below.push(part.clone());
            if !self.modules.contains_key(&below) {
                break;
            }
            (at, rest) = (below, &rest[1..]);
        }
        let file = *self.modules.get(&at)?;
        let handed_on =
            rest.first().and_then(|name| self.uses[file].iter().find(|one| one.public && one.name == *name));
        match handed_on {
            Some(one) if hops < 8 => self.resolve(&at, &one.path, hops + 1),
            _ => Some(file),
        }
    }
}

/// The path that a text starts with, up to what follows its last `::`.
fn path_at(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        if length == 0 {
            return parts;
        }
        parts.push(rest[..length].to_string());
        let Some(next) = rest[length..].strip_prefix("::") else { return parts };
        rest = next;
    }
}

/// The groups of files that reach each other, by how far each reaches.
fn circles(arrows: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let reach: Vec<BTreeSet<usize>> = (0..arrows.len()).map(|from| reached(arrows, from)).collect();
    let mut found: Vec<Vec<usize>> = Vec::new();
    for one in 0..arrows.len() {
        if reach[one].contains(&one) && !found.iter().any(|circle| circle.contains(&one)) {
            found.push(reach[one].iter().copied().filter(|&other| reach[other].contains(&one)).collect());
        }
    }
    found
}

fn reached(arrows: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<usize> = arrows[from].iter().copied().collect();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(&arrows[next]);
        }
    }
    seen
}
