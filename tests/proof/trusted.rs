//! What is trusted: how long it is, what it imports, and that it alone makes theorems.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The files of the trusted base.
static TRUSTED: LazyLock<Vec<&str>> =
    LazyLock::new(|| logitlab::proof::TRUSTED.iter().map(|(name, ..)| *name).collect());

fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/kernel/src").join(path)).unwrap()
}

#[test]
fn only_the_kernel_makes_theorems() {
    let mut makers = Vec::new();
    let mut folders =
        vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), Path::new(env!("CARGO_MANIFEST_DIR")).join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "rs")
                && fs::read_to_string(&path).unwrap().lines().any(makes)
            {
                makers.push(path.file_name().unwrap().to_str().unwrap().to_string());
            }
        }
    }
    assert_eq!(makers, ["kernel.rs"]);
    // The fields are private, so that the compiler says the same.
    assert!(source("proof/kernel.rs").contains("pub struct Theorem {\n    world: "));
}

/// Whether a line builds a theorem; its declaration and its methods do not.
fn makes(line: &str) -> bool {
    let declares = ["struct Theorem", "impl Theorem", "-> Theorem"].iter().any(|text| line.contains(text));
    line.contains("Theorem {") && !declares
}

#[test]
fn the_trusted_base_is_small() {
    let code = |line: &str| !line.trim().is_empty() && !line.trim().starts_with("//");
    let count = |file: &&str| source(&format!("proof/{file}.rs")).lines().filter(|line| code(line)).count();
    // The table of laws is counted by itself: each law stands there for a reader to judge, and is tried by the tests.
    let (laws, procedures): (Vec<&str>, Vec<&str>) = TRUSTED.iter().partition(|file| **file == "rules");
    let lines = |files: &[&str]| files.iter().map(&count).sum::<usize>();
    assert!(lines(&procedures) <= 2_200, "{} lines of code", lines(&procedures));
    assert!(lines(&laws) <= 520, "{} lines of laws", lines(&laws));
}

/// The book has the table that `logitlab show --trust` prints.
#[test]
fn the_book_has_the_table_of_layers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/book/src/explanation/trust.md");
    let page = fs::read_to_string(&path).unwrap();
    let rows: String = logitlab::report::trust::layers()
        .iter()
        .map(|layer| {
            let lines = layer.lines.map_or_else(|| "-".to_string(), |lines| lines.to_string());
            format!("| {} | {lines} | {} | `{}` |\n", layer.name, layer.checked, layer.yourself)
        })
        .collect();
    let head = "|---|---|---|---|\n";
    let start = page.find(head).expect("the page has a table") + head.len();
    let end = start + page[start..].find("\n\n").map_or(0, |end| end + 1);
    let there = if page[start..].starts_with('|') { &page[start..end] } else { "" };
    if std::env::var_os("LOGITLAB_UPDATE").is_some() {
        let tail = &page[start + there.len()..];
        fs::write(&path, format!("{}{rows}{tail}", &page[..start])).unwrap();
        return;
    }
    assert_eq!(there, rows, "LOGITLAB_UPDATE=1 cargo test --test proof the_book writes it again");
}

#[test]
fn the_trusted_base_imports_only_the_language() {
    for file in TRUSTED.iter() {
        for line in source(&format!("proof/{file}.rs"))
            .lines()
            .filter(|line| line.starts_with("use crate::") || line.starts_with("use logitlab"))
        {
            let allowed = line.starts_with("use crate::expr") || line == "use logitlab_words::Truth;";
            assert!(allowed, "{file}: {line}");
        }
        for line in source(&format!("proof/{file}.rs")).lines() {
            for untrusted in ["super::script", "super::check", "super::library"] {
                assert!(!line.contains(untrusted), "{file}: {line}");
            }
        }
    }
}
