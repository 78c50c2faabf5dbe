//! The habits of the source tree, checked: short files that say what they are for, no unsafe code, nothing left to
//! do, modules that import only from the layers below them, and tests that are run.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate, lowest layer first. A module may import from itself and from those before it.
const LAYERS: [&str; 24] = [
    "text",
    "parallel",
    "outcome",
    "formats",
    "arith",
    "policy",
    "expr",
    "formulas",
    "certified",
    "proof",
    "claims",
    "derive",
    "coq",
    "judges",
    "measure",
    "study",
    "survey",
    "doctor",
    "diff",
    "dynamics",
    "report",
    "cite",
    "document",
    "cli",
];

const MAX_LINES: usize = 500;

/// What only a draft contains. The last is looked for in string literals too.
const UNFINISHED: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "panic!(\"TODO"];

#[test]
fn the_source_is_tidy() {
    let files = rust_files(&root().join("src"));
    assert!(!files.is_empty(), "there is no source in {}", root().display());
    let mut complaints = Vec::new();
    for file in files {
        let path = file.strip_prefix(root()).expect("the file is in the crate").to_str().expect("a UTF-8 path");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"));
        complaints.extend(check(&path.replace('\\', "/"), &text));
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn unsafe_code_is_forbidden() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest is read");
    assert!(forbids_unsafe_code(&manifest), "Cargo.toml: [lints.rust] must have unsafe_code = \"forbid\"");
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
        section == "[lints.rust]" && line.replace(' ', "").starts_with("unsafe_code=\"forbid\"")
    })
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
    let (code, code_and_strings) = (blank(text, Literals::Blank), blank(text, Literals::Keep));
    for word in UNFINISHED {
        let searched = if word.contains('"') { &code_and_strings } else { &code };
        complaints.extend(
            words(searched, word).map(|at| format!("{path}:{}: {word} has no place in src", line_of(searched, at))),
        );
    }
    complaints.extend(check_layers(path, &code));
    complaints
}

/// Checks each `crate::…` in `code`, which is that of the file at `path`, against [`LAYERS`].
fn check_layers(path: &str, code: &str) -> Vec<String> {
    let module = path.trim_start_matches("src/").split('/').next().unwrap_or_default().trim_end_matches(".rs");
    if path == "src/lib.rs" || path == "src/main.rs" {
        return Vec::new();
    }
    let layer = |name: &str| LAYERS.iter().position(|&module| module == name);
    let Some(own) = layer(module) else {
        return vec![format!(
            "{path}: the module `{module}` is not in the table LAYERS of tests/tidy.rs: add it there"
        )];
    };
    let mut complaints = Vec::new();
    for (at, name) in imports(code) {
        let place = format!("{path}:{}", line_of(code, at));
        match layer(&name) {
            Some(imported) if imported <= own => {}
            Some(_) => complaints.push(format!(
                "{place}: imports crate::{name}, which lies above `{module}`: a module imports only from itself and \
                 from those before it in {}",
                LAYERS.join(", ")
            )),
            None => complaints.push(format!(
                "{place}: imports crate::{name}, which is not in the table LAYERS of tests/tidy.rs: add the module \
                 there, or name the item by the module that defines it"
            )),
        }
    }
    complaints
}

/// The names that directly follow `crate::` in `code`, groups `crate::{a, b::{c, d}}` included, and where each is.
/// Macros that the crate exports (`crate::name!`) are of no module and left out.
fn imports(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in words(code, "crate") {
        let Some(after) = code[at + "crate".len()..].trim_start().strip_prefix("::") else { continue };
        let after = after.trim_start();
        let start = code.len() - after.len();
        if !after.starts_with('{') {
            found.extend(name_at(code, start));
            continue;
        }
        let mut depth = 0;
        for (offset, byte) in after.bytes().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            if depth == 1 && matches!(byte, b'{' | b',') {
                found.extend(name_at(code, start + offset + 1));
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

/// The identifier (or `*`) at `at`, after blanks, unless it is that of a macro or there is none.
fn name_at(code: &str, at: usize) -> Option<(usize, String)> {
    let rest = code[at..].trim_start();
    let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    let name = if rest.starts_with('*') { "*" } else { &rest[..length] };
    let is_macro = rest[length..].starts_with('!');
    (!name.is_empty() && !is_macro).then(|| (code.len() - rest.len(), name.to_owned()))
}

/// Where `word` occurs in `code` as a word of its own.
fn words(code: &str, word: &str) -> impl Iterator<Item = usize> {
    let is_whole = move |at: usize| {
        let (before, after) = (code[..at].chars().next_back(), code[at + word.len()..].chars().next());
        let open_ended = !word.ends_with(is_word) || word.contains('"');
        !before.is_some_and(is_word) && (open_ended || !after.is_some_and(is_word))
    };
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| is_whole(at))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[derive(Clone, Copy, PartialEq)]
enum Literals {
    Keep,
    Blank,
}

/// `text` with its comments, and on demand the contents of its string literals, overwritten with blanks. Line ends stay.
fn blank(text: &str, literals: Literals) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let (length, keep) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if rest.starts_with("/*") {
            (block_comment(rest), false)
        } else if let Some(length) = string_literal(rest).filter(|_| !after_word) {
            (length, literals == Literals::Keep)
        } else {
            (char_literal(rest).unwrap_or(first.len_utf8()), true)
        };
        let (token, tail) = rest.split_at(length);
        if keep {
            out.push_str(token);
        } else {
            out.extend(token.chars().map(|c| if c == '\n' { c } else { ' ' }));
        }
        after_word = token.ends_with(is_word);
        rest = tail;
    }
    out
}

/// The length of the block comment that `text` starts with; such comments nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let step = match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (1, 2),
            [b'*', b'/', ..] => (-1, 2),
            _ => (0, 1),
        };
        depth += step.0;
        at += step.1;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of the string literal that `text` starts with, if it does: `"…"` or `r#"…"#`, maybe with a prefix b or c.
fn string_literal(text: &str) -> Option<usize> {
    let body = text.strip_prefix(['b', 'c']).unwrap_or(text);
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let content = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(content.find(&end).map_or(text.len(), |at| text.len() - content.len() + at + end.len()));
    }
    let content = body.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in content.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(text.len() - content.len() + at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

/// The length of the character literal that `text` starts with, if it does; a lifetime is none.
fn char_literal(text: &str) -> Option<usize> {
    let content = text.strip_prefix('\'')?;
    let mut chars = content.char_indices();
    let (_, first) = chars.next()?;
    let close = if first == '\\' {
        chars.next()?;
        chars.find(|&(_, c)| c == '\'')?.0
    } else {
        chars.next().filter(|&(_, c)| c == '\'')?.0
    };
    Some(1 + close + 1)
}

/// The checks themselves, on samples: each must be able to fail.
mod checker {
    use super::{LAYERS, Literals, MAX_LINES, blank, check, forbids_unsafe_code, imports};

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
    fn rejects_imports_from_above() {
        assert_complains(
            "src/arith/mod.rs",
            "\nuse crate::cli::Args;",
            &[
                "src/arith/mod.rs:3: imports crate::cli, which lies above `arith`: a module imports only from itself and \
             from those before it in text, parallel, outcome, formats, arith, policy, expr,",
            ],
        );
        assert_complains(
            "src/policy.rs",
            "fn f() { crate::judges::judge() }",
            &["src/policy.rs:2: imports crate::judges"],
        );
        assert_complains(
            "src/expr/parse/lexer.rs",
            "use crate::{\n    arith::{Ball, proof},\n    claims::Claim,\n};",
            &["src/expr/parse/lexer.rs:4: imports crate::claims"],
        );
        assert_complains(
            "src/proof.rs",
            "macro_rules! m { () => { $crate::report::line() } }",
            &["src/proof.rs:2: imports crate::report"],
        );
    }

    #[test]
    fn rejects_what_is_in_no_layer() {
        assert_complains("src/gadgets/mod.rs", "", &["src/gadgets/mod.rs: the module `gadgets` is not in the table"]);
        assert_complains(
            "src/arith.rs",
            "use crate::gadgets::Gadget;",
            &["src/arith.rs:2: imports crate::gadgets, which is not in"],
        );
        assert_complains("src/arith.rs", "use crate::*;", &["src/arith.rs:2: imports crate::*, which is not in"]);
    }

    #[test]
    fn accepts_imports_from_below_and_from_the_module_itself() {
        for (own, path) in LAYERS.iter().map(|module| format!("src/{module}/sub.rs")).enumerate() {
            for module in &LAYERS[..=own] {
                assert_complains(&path, &format!("use crate::{module}::Item;"), &[]);
            }
            for module in &LAYERS[own + 1..] {
                assert_complains(&path, &format!("use crate::{module}::Item;"), &[&format!("{path}:2: imports")]);
            }
        }
        assert_complains("src/arith.rs", "pub(crate) fn f() { my_crate::cli(); crate::ensure!(true) }", &[]);
        assert_complains("src/lib.rs", "use crate::cli::Args;\nuse crate::gadgets::Gadget;", &[]);
        assert_complains("src/main.rs", "use crate::cli::Args;", &[]);
    }

    #[test]
    fn ignores_what_is_no_code() {
        let code = "//! [`crate::cli`]\n/// crate::cli, dbg!\n// todo!()\n/* crate::cli /* dbg!(1) */ todo!() */\n\
                    const S: &str = \"\\\"crate::cli todo!()\"; const R: &str = r#\"\"crate::cli\"#; const B: &[u8] = b\"dbg!\";";
        assert_complains("src/arith.rs", code, &[]);
        let code = "fn f<'a>(c: &'a str) { let q = ['\"', '\\'', '\\u{22}']; crate::cli::f('\"') }";
        assert_complains("src/arith.rs", code, &["src/arith.rs:2: imports crate::cli"]);
        assert_complains(
            "src/arith.rs",
            "const URL: &str = \"https://x\"; use crate::cli::f;",
            &["src/arith.rs:2: imports"],
        );
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
        assert!(forbids_unsafe_code("[lints.rust]\nmissing_docs = \"deny\"\nunsafe_code = \"forbid\"\n"));
        assert!(!forbids_unsafe_code("[lints.rust]\nunsafe_code = \"deny\"\n"));
        assert!(!forbids_unsafe_code("[lints.clippy]\nunsafe_code = \"forbid\"\n"));
        assert!(!forbids_unsafe_code("[lints.rust]\n# unsafe_code = \"forbid\"\n"));
    }

    #[test]
    fn keeps_the_places_of_what_it_scans() {
        let text = "a /* é\n */ \"ü\" crate::arith";
        let code = blank(text, Literals::Blank);
        assert_eq!(code, "a     \n        crate::arith");
        assert_eq!(imports(&code), [(code.len() - "arith".len(), "arith".to_owned())]);
    }
}
