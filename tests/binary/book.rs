//! The pages hang together: links lead somewhere, the book has every page in its contents, and every command has a page
//! with an example.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is written by people to be read in Markdown, besides the book.
const LOOSE: [&str; 6] =
    ["README.md", "CONTRIBUTING.md", "proofs/README.md", "proofs/coq/README.md", "docs/doctor.md", "fuzz/README.md"];

const BOOK: &str = "docs/book/src";

fn markdown(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(markdown(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The pages by their paths from the root, and their texts.
fn pages() -> Vec<(PathBuf, String)> {
    let loose = LOOSE.iter().map(|path| root().join(path)).filter(|path| path.exists());
    let paths = loose.chain(markdown(&root().join(BOOK)));
    paths.map(|path| (path.strip_prefix(root()).unwrap().into(), fs::read_to_string(&path).unwrap())).collect()
}

/// The lines of a page that stand in no block of code.
fn outside_of_code(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let fence = &line[..line.len() - line.trim_start_matches('`').len()];
        if fence.len() >= 3 {
            _ = lines.by_ref().find(|line| *line == fence);
        } else {
            found.push(line);
        }
    }
    found
}

/// The targets of the links and pictures of a page; what stands in backticks is none.
fn links(page: &str) -> Vec<String> {
    let lines = outside_of_code(page).join("\n");
    let prose: String = lines.split('`').step_by(2).collect();
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(str::to_owned).collect()
}

/// The anchors of a page: its headings, as GitHub and mdBook name them.
fn anchors(page: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    outside_of_code(page).into_iter().filter(|line| line.starts_with('#')).map(name).collect()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(plain.pop(), "{} leaves the repository", path.display()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// The files that `{{#include ...}}` of mdBook puts into a page.
fn included(path: &Path, page: &str) -> Vec<PathBuf> {
    // Behind a colon stands the part of the file.
    let names = page.split("{{#include ").skip(1).filter_map(|rest| rest.split([':', '}']).next());
    names.map(|name| plain(&path.with_file_name("").join(name))).collect()
}

/// What is wrong with the links of the page at `path`, from the root.
fn broken(path: &Path, page: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in included(path, page).into_iter().filter(|file| !root().join(file).is_file()) {
        complaints.push(format!("{}: includes {}, which is not there", path.display(), file.display()));
    }
    for link in links(page) {
        if ["http://", "https://", "mailto:"].iter().any(|scheme| link.starts_with(scheme)) {
            continue;
        }
        let (file, anchor) = link.split_once('#').map_or((link.as_str(), None), |(file, anchor)| (file, Some(anchor)));
        let target = if file.is_empty() { path.into() } else { plain(&path.with_file_name("").join(file)) };
        if target != path && !root().join(&target).exists() {
            complaints.push(format!("{}: {link} leads nowhere", path.display()));
        } else if path.starts_with(BOOK) && !target.starts_with(BOOK) {
            complaints.push(format!("{}: {link} leads out of the book, where it is not read", path.display()));
        } else if let Some(anchor) = anchor {
            let read = |file: &Path| fs::read_to_string(root().join(file)).unwrap_or_default();
            let text = if target == path { page.into() } else { read(&target) };
            let parts = included(&target, &text).into_iter().map(|file| read(&file));
            let mut anchors = parts.map(|part| anchors(&part)).fold(anchors(&text), |all, some| &all | &some);
            if !anchors.remove(anchor) {
                complaints.push(format!("{}: {link}: there is no such heading", path.display()));
            }
        }
    }
    complaints
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let complaints: Vec<String> = pages.iter().flat_map(|(path, page)| broken(path, page)).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    let count: usize = pages.iter().map(|(_, page)| links(page).len()).sum();
    assert!(count > 50, "{count} links");
}

#[test]
fn the_contents_name_every_page() {
    let summary = fs::read_to_string(root().join(BOOK).join("SUMMARY.md")).unwrap();
    let told: BTreeSet<PathBuf> = links(&summary).into_iter().map(PathBuf::from).collect();
    let there = markdown(&root().join(BOOK)).into_iter();
    let there: BTreeSet<PathBuf> = there.map(|path| path.strip_prefix(root().join(BOOK)).unwrap().into()).collect();
    let untold: Vec<_> = there.difference(&told).filter(|path| *path != Path::new("SUMMARY.md")).collect();
    assert!(untold.is_empty(), "SUMMARY.md does not name {untold:?}");
}

/// The commands that `logitlab help` lists.
fn commands(help: &str) -> Vec<&str> {
    // Groups of commands, each below a line that ends with a colon, up to the options.
    let list = help.split("\nOptions:\n").next().expect("a text has a beginning");
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).collect()
}

/// Of the commands of `help` those that have no page with an example; `page` finds the page of a command.
fn without_example(help: &str, page: impl Fn(&str) -> Option<String>) -> Vec<&str> {
    let has = |command: &str| {
        let prompts = [format!("\n$ logitlab {command} "), format!("\n$ logitlab {command}\n")];
        page(command).is_some_and(|page| {
            page.split("```console").skip(1).any(|block| {
                let block = block.split("\n```").next().unwrap_or_default().to_owned() + "\n";
                // That a command explains itself is no example of it.
                block.lines().map(|line| format!("\n{line}\n")).any(|line| {
                    !line.contains("--help") && prompts.iter().any(|prompt| line.starts_with(prompt.as_str()))
                })
            })
        })
    };
    commands(help).into_iter().filter(|command| !has(command)).collect()
}

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_logitlab")).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The commands of the blocks `sh` of a page, which are not run, with the options that each is given.
fn options(page: &str) -> Vec<(Vec<&str>, Vec<&str>)> {
    let mut found = Vec::new();
    for block in page.split("```sh").skip(1) {
        let lines = block.split("```").next().unwrap_or_default().lines();
        for line in lines.filter_map(|line| line.trim().strip_prefix("logitlab ")) {
            let line = line.split(" #").next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().collect();
            let command = words[..if words[0] == "export" { 2 } else { 1 }].to_vec();
            found.push((command, words.into_iter().filter(|word| word.starts_with("--")).collect()));
        }
    }
    found
}

/// What is wrong with the options of a page; `help` is what a command says of itself.
fn unknown_options(page: &str, help: impl Fn(&[&str]) -> String) -> Vec<String> {
    let mut complaints = Vec::new();
    for (command, options) in options(page) {
        let help = help(&command);
        let known: BTreeSet<&str> = help.split([' ', ',', '\n']).filter(|word| word.starts_with("--")).collect();
        let unknown = options.into_iter().filter(|option| !known.contains(option));
        complaints.extend(unknown.map(|option| format!("`logitlab {}` has no option {option}", command.join(" "))));
    }
    complaints
}

#[test]
fn the_examples_that_are_not_run_have_options_that_there_are() {
    let known: RefCell<BTreeMap<Vec<String>, String>> = RefCell::default();
    let help = |command: &[&str]| {
        let key = command.iter().map(|&word| word.into()).collect();
        known.borrow_mut().entry(key).or_insert_with(|| printed(&[command, &["--help"]].concat())).clone()
    };
    let pages = pages();
    for (path, page) in &pages {
        let complaints = unknown_options(page, help);
        assert!(complaints.is_empty(), "{}: {}", path.display(), complaints.join("; "));
    }
    assert!(pages.iter().map(|(_, page)| options(page).len()).sum::<usize>() > 50);
    let page = "```sh\nlogitlab export fpcore tail --k 3 --out f  # --none\n  logitlab measure x --oout f\n```\n--no";
    assert_eq!(unknown_options(page, help), ["`logitlab measure` has no option --oout"]);
}

#[test]
fn every_command_has_a_page_with_an_example() {
    let help = printed(&["help"]);
    let page =
        |command: &str| fs::read_to_string(root().join(BOOK).join(format!("reference/commands/{command}.md"))).ok();
    assert!(commands(&help).len() > 15, "{help}");
    assert_eq!(without_example(&help, page), [""; 0]);
}

#[test]
fn a_command_without_a_page_or_without_an_example_is_found() {
    let help = "My formula:\n  verify  Verify claims\n          and more\n\nMy logits:\n  list    List\n  rot     Turn\n\nOptions:\n  -h\n";
    let pages = |command: &str| match command {
        "verify" => Some("```console\n$ logitlab verify\nok\n```\n".to_owned()),
        "list" => Some("```console\n$ logitlab list --help\n```\n\n```sh\nlogitlab list\n```\n".to_owned()),
        _ => None,
    };
    assert_eq!(without_example(help, pages), ["list", "rot"]);
}

#[test]
fn a_broken_link_is_found() {
    let path = Path::new("docs/book/src/reference/page.md");
    let page = "[a](../SUMMARY.md) [b](nowhere.md) [c](#here) [d](#there) `[e](f)` [g](https://x)\n\
                [h](../SUMMARY.md#summary) ![i](../../../doctor.md)\n\n```\n[j](k)\n```\n# Here\n";
    let found = broken(path, page);
    assert_eq!(found.len(), 3, "{found:#?}");
    for (complaint, part) in found.iter().zip(["nowhere.md leads nowhere", "#there: there is no", "leads out of"]) {
        assert!(complaint.contains(part), "{complaint}");
    }
    let found: Vec<String> = anchors("## A page's `name`, with_it\n```\n# no\n```\n").into_iter().collect();
    assert_eq!(found, ["a-pages-name-with_it"]);
}

#[test]
fn no_line_of_prose_is_too_long() {
    // The others are embedded as they stand.
    let ours = |path: &Path| path.starts_with(BOOK) || LOOSE[..2].iter().any(|loose| path == Path::new(loose));
    for (path, page) in pages().into_iter().filter(|(path, _)| ours(path)) {
        let long = |line: &&str| line.chars().count() > 120 && !line.starts_with('|');
        let found = outside_of_code(&page).into_iter().find(long);
        assert!(found.is_none(), "{}: this line has more than 120 columns:\n{}", path.display(), found.unwrap_or(""));
    }
}
