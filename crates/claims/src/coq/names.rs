//! Names as Coq can have them. A name of a statement that is a word of Coq, or that the development or what is written
//! here uses, gets an underscore, and so do those that would then be the same: different names stay different.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::development;

/// Words of Coq and of the libraries that the development loads, and names of the standard library that are written
/// in statements and proofs.
const RESERVED: &[&str] = &[
    "as", "at", "cofix", "else", "end", "exists", "exists2", "fix", "for", "forall", "fun", "if", "IF", "in", "is",
    "isn't", "let", "match", "mod", "of", "return", "then", "using", "where", "with", "Prop", "Set", "SProp", "Type",
    "K", "R", "INR", "nat", "vec", "nil", "ln", "exp", "sqrt", "Rabs", "S", "O", "I", "conj", "Req_le", "Rlt_le",
];

/// How names start that are made up here, besides letters that are followed by digits only ([`COUNTED`]).
const MADE_UP: &[&str] = &[
    "step_",
    "fact_",
    "case_",
    "cases_",
    "assumed_",
    "chosen_",
    "lt_",
    "derived_",
    "law_",
    "pinned_",
    "all_pinned",
    "mask",
];

/// What names that are made up and numbered start with.
const COUNTED: &[&str] = &["d", "given"];

/// What starts the definition of a name in the development.
const STARTS: &[&str] = &["Definition ", "Fixpoint ", "Lemma ", "Theorem ", "Corollary ", "Ltac ", "Notation "];

/// Names that mean something where statements are read, without underscores at their ends.
static TAKEN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = development::FILES.iter().flat_map(|(_, text)| text.lines());
    let defined = lines.filter_map(|line| {
        let line = line.strip_prefix("Local ").unwrap_or(line);
        let rest = STARTS.iter().find_map(|start| line.strip_prefix(start))?;
        rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\'')).next()
    });
    let modules = development::FILES.iter().map(|(module, _)| *module);
    RESERVED.iter().copied().chain(modules).chain(defined).map(|name| name.trim_end_matches('_')).collect()
});

/// A name of a statement as Coq can have it: the same for no two names, and none that is made up here.
pub fn identifier(name: &str) -> String {
    // All names that differ only in underscores at the end are moved together, so that they stay different.
    let core = name.trim_end_matches('_');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let counted = COUNTED.iter().any(|start| core.strip_prefix(start).is_some_and(digits));
    let made_up = MADE_UP.iter().any(|start| core.starts_with(start.trim_end_matches('_')));
    let taken = core.is_empty() || TAKEN.contains(core) || made_up || counted;
    if taken { format!("{name}_") } else { name.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_different_and_none_is_taken() {
        let mut names: Vec<String> = TAKEN.iter().map(|name| name.to_string()).collect();
        names.extend(
            ["d", "d0", "d17", "given0", "mask", "step_1_1", "x", "x'", "P", "w_c", "", "d0'"].map(String::from),
        );
        let family = |name: &String| (0..4).map(|count| name.clone() + &"_".repeat(count)).collect::<Vec<_>>();
        let names: HashSet<String> = names.iter().flat_map(family).filter(|name| !name.is_empty()).collect();
        let written: HashSet<String> = names.iter().map(|name| identifier(name)).collect();
        assert_eq!(written.len(), names.len());
        assert!(written.iter().all(|name| name != "_" && !TAKEN.contains(name.as_str())));
        for (name, expected) in [
            ("S", "S_"),
            ("S_", "S__"),
            ("d0", "d0_"),
            ("d", "d"),
            ("vsum", "vsum_"),
            ("_", "__"),
            ("P", "P"),
            ("w_c", "w_c"),
        ] {
            assert_eq!(identifier(name), expected);
        }
    }
}
