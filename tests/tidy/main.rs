//! The habits of the source tree, checked: short files that say what they are for, no unsafe code, nothing left to
//! do, a kernel that stands on little, and files that import each other in no circle. Every test
//! file is run. That crates import only from those below them, cargo holds.

use std::fs;
use std::path::{Path, PathBuf};

mod circles;
mod names;
mod scan;

use scan::{Literals, blank, line_of, words};

const MAX_LINES: usize = 500;
const MAX_COLUMNS: usize = 120;

/// What only a draft contains. The last is looked for in string literals too.
const UNFINISHED: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "panic!(\"TODO"];

#[test]
fn the_source_is_tidy() {
    let files: Vec<PathBuf> = crates().iter().flat_map(|folder| rust_files(&folder.join("src"))).collect();
    assert!(files.len() > 300, "{} files of source in {}", files.len(), root().display());
    let mut complaints = Vec::new();
    for file in files {
        let path = file.strip_prefix(root()).expect("the file is in the crate").to_str().expect("a UTF-8 path");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"));
        complaints.extend(check(&path.replace('\\', "/"), &text));
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn unsafe_code_is_forbidden_in_every_crate() {
    let manifest = |folder: &Path| fs::read_to_string(folder.join("Cargo.toml")).expect("the manifest is read");
    assert!(
        forbids_unsafe_code(&manifest(root())),
        "Cargo.toml: [workspace.lints.rust] must have unsafe_code = \"forbid\""
    );
    for folder in crates() {
        assert!(takes_lints(&manifest(&folder)), "{}: [lints] must have workspace = true", folder.display());
    }
}

/// What is trusted does not rest on libraries that nobody here reads, but for big rational numbers and words of errors.
#[test]
fn the_kernel_stands_on_little() {
    let manifest = fs::read_to_string(root().join("crates/kernel/Cargo.toml")).expect("the manifest is read");
    let table = manifest.split("[dependencies]\n").nth(1).expect("it has dependencies").split("\n[").next();
    let names: Vec<&str> =
        table.into_iter().flat_map(str::lines).filter_map(|line| line.split(['.', ' ']).next()).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty() && *name != "#").collect();
    assert_eq!(names, ["logitlab-words", "num-bigint", "num-rational", "num-traits", "thiserror"]);
}

/// A file that nobody declares is compiled by nobody, and its tests pass in silence.
#[test]
fn every_test_file_belongs_to_a_binary() {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let tests = root().join("tests");
    for file in rust_files(&tests) {
        // The folder of `mod.rs` is the module; what lies in tests itself is a binary, and two crates name
        // `support/fuzz` by its path.
        let module = if file.ends_with("mod.rs") { file.parent().expect("it is in tests") } else { &file };
        let (name, folder) = (module.file_stem().expect("it has a name"), module.parent().expect("it is in tests"));
        if file.ends_with("main.rs") || folder == tests || module.ends_with("support/fuzz") {
            continue;
        }
        let line = format!("mod {};", name.display());
        let parents = ["main.rs", "mod.rs"].map(|parent| read(&folder.join(parent))).concat();
        let declared = parents.lines().any(|found| found.trim_start_matches("pub ") == line);
        assert!(declared, "{}: no `{line}` beside it", file.display());
    }
    let page = read(&root().join("CONTRIBUTING.md"));
    for main in rust_files(&tests).iter().filter(|file| file.ends_with("main.rs")) {
        let subject = main.parent().and_then(Path::file_name).expect("it is in a folder").display();
        assert!(page.contains(&format!("\n| `{subject}` |")), "CONTRIBUTING.md has no row of `--test {subject}`");
    }
}

#[test]
fn files_import_each_other_in_no_circle() {
    let mut found = Vec::new();
    for folder in crates() {
        let source = folder.join("src");
        let files = rust_files(&source).into_iter().map(|path| {
            let text = fs::read_to_string(&path).expect("a file of source is read");
            (path.strip_prefix(&source).expect("it is below").to_str().expect("UTF-8").replace('\\', "/"), text)
        });
        let name =
            if folder == root() { "root".into() } else { folder.file_name().unwrap_or_default().to_string_lossy() };
        found.extend(circles::of(&files.collect::<Vec<_>>()).into_iter().map(|circle| format!("{name}: {circle}")));
    }
    assert!(found.is_empty(), "circles of imports:\n{}", found.join("\n"));
}

/// The folders of the crates, the root first.
fn crates() -> Vec<PathBuf> {
    let below = fs::read_dir(root().join("crates")).expect("the folder crates/ is read");
    let mut folders: Vec<PathBuf> = below.map(|entry| entry.expect("the folder is read").path()).collect();
    folders.sort();
    folders.insert(0, root().to_path_buf());
    folders
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())) {
        let path = entry.expect("the directory is read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn forbids_unsafe_code(manifest: &str) -> bool {
    let mut section = "";
    manifest.lines().map(str::trim).any(|line| {
        if line.starts_with('[') {
            section = line;
        }
        section == "[workspace.lints.rust]" && line.replace(' ', "").starts_with("unsafe_code=\"forbid\"")
    })
}

/// Whether a crate's manifest takes the lints of the workspace.
fn takes_lints(manifest: &str) -> bool {
    manifest.contains("\n[lints]\nworkspace = true\n")
}

/// What is wrong with the file at `path` (from the root of the crate, with `/`) that contains `text`.
fn check(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        complaints.push(format!("{path}: {lines} lines, and a file has {MAX_LINES} at most: split it"));
    }
    if !text.starts_with("//!") {
        complaints.push(format!("{path}:1: the file does not start with a //! comment that says what it is for"));
    }
    for (line, text) in text.lines().enumerate() {
        // Rows of tables and examples stand as they are.
        let prose = text.trim_start().starts_with("//") && !text.contains("//! |");
        if prose && text.chars().count() > MAX_COLUMNS {
            complaints.push(format!("{path}:{}: a comment of more than {MAX_COLUMNS} columns", line + 1));
        }
    }
    let (code, code_and_strings) = (blank(text, Literals::Blank), blank(text, Literals::Keep));
    for word in UNFINISHED {
        let searched = if word.contains('"') { &code_and_strings } else { &code };
        complaints.extend(
            words(searched, word).map(|at| format!("{path}:{}: {word} has no place in src", line_of(searched, at))),
        );
    }
    complaints
}

/// The checks themselves, on samples: each must be able to fail.
mod checker {
    use super::{Literals, MAX_LINES, blank, check, circles, forbids_unsafe_code, takes_lints};

    /// The complaints about `code` in the file at `path`, which has a first line that is in order.
    fn complaints(path: &str, code: &str) -> Vec<String> {
        check(path, &format!("//! A sample.\n{code}"))
    }

    fn assert_complains(path: &str, code: &str, expected: &[&str]) {
        let complaints = complaints(path, code);
        assert_eq!(complaints.len(), expected.len(), "{code}\n{complaints:#?}");
        for (complaint, start) in complaints.iter().zip(expected) {
            assert!(complaint.starts_with(start), "{complaint}\ndoes not start with\n{start}");
        }
    }

    #[test]
    fn ignores_what_is_no_code() {
        let code = "//! dbg!\n/// dbg!\n// todo!()\n/* /* dbg!(1) */ todo!() */\n\
                    const S: &str = \"\\\"todo!()\"; const R: &str = r#\"\"todo!()\"#; const B: &[u8] = b\"dbg!\";";
        assert_complains("src/arith.rs", code, &[]);
        let code = "fn f<'a>(c: &'a str) { let q = ['\"', '\\'', '\\u{22}']; dbg!('\"') }";
        assert_complains("src/arith.rs", code, &["src/arith.rs:2: dbg!"]);
    }

    #[test]
    fn rejects_long_comments() {
        let words = "word ".repeat(30);
        assert_complains("src/arith.rs", &format!("/// {words}\nfn f() {{}}"), &["src/arith.rs:2: a comment of more"]);
        assert_complains("src/arith.rs", &format!("//! | {words} |\nconst S: &str = \"{words}\";"), &[]);
    }

    #[test]
    fn rejects_what_is_unfinished() {
        for code in ["todo!()", "unimplemented!(\"later\")", "dbg!(x)", "panic!(\"TODO: the other case\")"] {
            let word = code.split_inclusive('!').next().unwrap_or_default();
            assert_complains(
                "src/arith.rs",
                &format!("fn f() {{\n    {code}\n}}"),
                &[&format!("src/arith.rs:3: {word}")],
            );
        }
        assert_complains("src/arith.rs", "fn f() { panic!(\"a bug\"); my_dbg!(x) }", &[]);
    }

    #[test]
    fn rejects_long_files_and_files_without_a_first_line() {
        let text = |lines: usize| format!("//! A sample.\n{}", "\n".repeat(lines - 1));
        assert_eq!(check("src/arith.rs", &text(MAX_LINES)), Vec::<String>::new());
        assert_eq!(
            check("src/arith.rs", &text(MAX_LINES + 1)),
            ["src/arith.rs: 501 lines, and a file has 500 at most: split it",]
        );
        assert_eq!(
            check("src/lib.rs", "// A sample.\n"),
            ["src/lib.rs:1: the file does not start with a //! comment that says what it is for",]
        );
    }

    #[test]
    fn finds_the_lint_in_its_section_only() {
        assert!(forbids_unsafe_code("[workspace.lints.rust]\nmissing_docs = \"deny\"\nunsafe_code = \"forbid\"\n"));
        assert!(!forbids_unsafe_code("[workspace.lints.rust]\nunsafe_code = \"deny\"\n"));
        assert!(!forbids_unsafe_code("[workspace.lints.clippy]\nunsafe_code = \"forbid\"\n"));
        assert!(!forbids_unsafe_code("[workspace.lints.rust]\n# unsafe_code = \"forbid\"\n"));
    }

    #[test]
    fn keeps_the_places_of_what_it_scans() {
        let text = "a /* é\n */ \"ü\" crate::arith";
        let code = blank(text, Literals::Blank);
        assert_eq!(code, "a     \n        crate::arith");
    }

    #[test]
    fn finds_whether_lints_are_taken() {
        assert!(takes_lints("[dependencies]\n\n[lints]\nworkspace = true\n"));
        assert!(!takes_lints("[dependencies]\nworkspace = true\n"));
    }

    /// The circles among files, each a path and a text.
    fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
        circles::of(&files.iter().map(|(path, text)| ((*path).to_string(), (*text).to_string())).collect::<Vec<_>>())
    }

    #[test]
    fn finds_circles() {
        let two =
            [("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::{self, B};"), ("b.rs", "fn f() { crate::a::f() }")];
        assert_eq!(circles_of(&two), ["a.rs, b.rs"]);
        let through_names = [
            ("m/mod.rs", "mod a;\nmod b;\npub use b::{B as C, D};"),
            ("m/a.rs", "use super::C;"),
            ("m/b.rs", "use super::{\n    a::{A, F},\n    G,\n};"),
        ];
        assert_eq!(circles_of(&through_names), ["m/a.rs, m/b.rs"]);
        let of_three = [("a.rs", "use crate::b::B;"), ("b.rs", "use crate::c::C;"), ("c.rs", "use crate::a::A;")];
        assert_eq!(circles_of(&of_three), ["a.rs, b.rs, c.rs"]);
        let with_the_folder = [("m/mod.rs", "mod a;\nuse a::A;"), ("m/a.rs", "use super::M;")];
        assert_eq!(circles_of(&with_the_folder), ["m/mod.rs, m/a.rs"]);
    }

    #[test]
    fn accepts_what_is_no_circle() {
        // A registry names its entries, and they take from it what they are entries of.
        let registry =
            [("m/mod.rs", "mod a;\npub const ALL: &[M] = &[a::A];\npub use a::X;"), ("m/a.rs", "use super::M;")];
        assert_eq!(circles_of(&registry), Vec::<String>::new());
        let in_tests = [("a.rs", "use crate::b::B;"), ("b.rs", "#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}")];
        assert_eq!(circles_of(&in_tests), Vec::<String>::new());
        let only_seen = [("m/mod.rs", "mod a;\nuse a::A;"), ("m/a.rs", "pub(super) struct A;\npub(crate) struct B;")];
        assert_eq!(circles_of(&only_seen), Vec::<String>::new());
        let in_words = [("a.rs", "use crate::b::B;"), ("b.rs", "//! [`crate::a::A`]\n// use crate::a::A;")];
        assert_eq!(circles_of(&in_words), Vec::<String>::new());
    }
}
