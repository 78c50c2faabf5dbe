//! The Coq development of `proofs/coq`: it has a theorem for every claim, it builds, and it rests on nothing but the
//! axioms that it may rest on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support;
use logitlab::claims::{Section, claims};

const README: &str = include_str!("../../proofs/coq/README.md");
const ASSUMPTIONS: &str = include_str!("../../proofs/coq/Assumptions.v");

/// What a development must not contain: ways to have a theorem without a proof.
const UNPROVED: [&str; 9] =
    ["Admitted", "admit", "give_up", "Axiom", "Axioms", "Parameter", "Parameters", "Conjecture", "bypass_check"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/coq")
}

/// The Coq files of the development: name and text.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(source()).expect("proofs/coq is read") {
        let path = entry.expect("proofs/coq is read").path();
        if path.extension().is_some_and(|extension| extension == "v") {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a UTF-8 name").to_string();
            files.insert(name, fs::read_to_string(&path).expect("a Coq file is text"));
        }
    }
    files
}

/// The words of a text: identifiers, with `_` and `'`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\'')).filter(|word| !word.is_empty())
}

/// The file that has the theorem `name`.
fn file_of<'a>(files: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    let starts = [format!("Theorem {name} :"), format!("Theorem {name}:")];
    let has = |text: &str| text.lines().any(|line| starts.iter().any(|start| line.starts_with(start.as_str())));
    files.iter().find(|(_, text)| has(text)).map(|(file, _)| file.as_str())
}

/// What is missing of the theorem of a claim: itself, its place among those whose axioms are printed, its line in the
/// README.
fn missing(files: &BTreeMap<String, String>, assumptions: &str, readme: &str, id: &str) -> Vec<String> {
    let name = id.replace('-', "_");
    let mut complaints = Vec::new();
    match file_of(files, &name) {
        None => complaints.push(format!("{id}: there is no Theorem {name} in proofs/coq")),
        Some(file) => {
            let row = format!("| {id} | `{name}` | {file} | ");
            if !readme.lines().any(|line| line.starts_with(&row)) {
                complaints.push(format!("{id}: proofs/coq/README.md has no line that starts {row}"));
            }
        }
    }
    if !words(assumptions).any(|word| word == name) {
        complaints.push(format!("{id}: Assumptions.v does not list {name}"));
    }
    complaints
}

/// The ids of the claims that must have a theorem.
fn required() -> Vec<&'static str> {
    let of = |section| claims().iter().filter(move |claim| claim.section == Some(section));
    of(Section::Paper).chain(of(Section::Consequences)).map(|claim| claim.id.as_str()).collect()
}

#[test]
fn every_claim_has_its_theorem() {
    let ids = required();
    assert!(ids.len() >= 32, "{ids:?}");
    let files = files();
    let complaints: Vec<String> = ids.iter().flat_map(|id| missing(&files, ASSUMPTIONS, README, id)).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn a_theorem_that_is_missing_is_noticed() {
    let files = files();
    let id = "norm-identity";
    assert_eq!(missing(&files, ASSUMPTIONS, README, id), Vec::<String>::new());
    assert_eq!(missing(&files, "", README, id), ["norm-identity: Assumptions.v does not list norm_identity"]);
    assert!(missing(&files, ASSUMPTIONS, "", id)[0].contains("README.md has no line that starts | norm-identity |"));
    let without =
        files.into_iter().map(|(name, text)| (name, text.replace("Theorem norm_identity ", "Lemma norm_"))).collect();
    assert_eq!(
        missing(&without, ASSUMPTIONS, README, id),
        ["norm-identity: there is no Theorem norm_identity in proofs/coq"]
    );
}

/// The theorems that the README names besides those of claims exist, where it says.
#[test]
fn the_readme_names_theorems_that_exist() {
    let files = files();
    let mut seen = 0;
    for line in README.lines().filter(|line| line.starts_with("| ") && line.contains("`")) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let at = cells.iter().position(|cell| cell.contains('`')).expect("a cell with a theorem");
        for name in cells[at].split('`').skip(1).step_by(2) {
            assert_eq!(file_of(&files, name), Some(cells[at + 1]), "{line}");
            assert!(words(ASSUMPTIONS).any(|word| word == name), "Assumptions.v does not list {name}");
            seen += 1;
        }
    }
    assert!(seen > required().len(), "{seen}");
}

#[test]
fn nothing_is_left_unproved() {
    for (name, text) in files() {
        for word in words(&text) {
            assert!(!UNPROVED.contains(&word), "proofs/coq/{name} contains {word}");
        }
    }
}

/// Runs `scripts/proofs.sh` on the development in the folder `source`, in a folder of its own.
fn build(source: &Path) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/proofs.sh"))
        .args([source, folder.path()])
        .output()
        .expect("the script is run")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_development_builds_on_allowed_axioms() {
    let Some(_) = support::tool("coqc", "the_development_builds_on_allowed_axioms") else { return };
    let output = build(&source());
    let (said, complaints) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{said}\n{complaints}");
    assert!(said.ends_with("proofs: accepted; the theorems rest on 4 axioms, all of them allowed\n"), "{said}");
}

/// A development of one file, `text`, with the command `print` in Assumptions.v, which may rest on what is `allowed`.
fn small(text: &str, print: &str, allowed: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("the file is written");
    write("Small.v", text);
    write("Assumptions.v", &format!("From Logitlab Require Import Small.\n{print}\n"));
    write("_CoqProject", "-Q . Logitlab\nSmall.v\nAssumptions.v\n");
    write("allowed-axioms.txt", allowed);
    folder
}

#[test]
fn what_coq_or_the_list_of_axioms_refuses_is_refused() {
    let Some(_) = support::tool("coqc", "what_coq_or_the_list_of_axioms_refuses_is_refused") else { return };
    let proved = "Theorem claim : 1 + 1 = 2. Proof. reflexivity. Qed.\n";
    let false_claim = "Theorem claim : 1 + 1 = 3. Proof. reflexivity. Qed.\n";
    let assumed = "Axiom easy : 1 + 1 = 3.\nTheorem claim : 1 + 1 = 3. Proof. exact easy. Qed.\n";
    let admitted = "Theorem claim : 1 + 1 = 3. Proof. Admitted.\n";
    let print = "Print Assumptions claim.";
    let table = [
        (proved, print, "# none\n", Some(0), ""),
        (false_claim, print, "# none\n", Some(1), "proofs: Coq does not accept the development"),
        (
            assumed,
            print,
            "# none\n",
            Some(1),
            "proofs: the theorems rest on what allowed-axioms.txt does not allow: easy",
        ),
        (
            admitted,
            print,
            "# none\n",
            Some(1),
            "proofs: the theorems rest on what allowed-axioms.txt does not allow: claim",
        ),
        (assumed, print, "easy\n", Some(0), ""),
        (proved, "Check claim.", "# none\n", Some(1), "proofs: Assumptions.v prints no axioms"),
        (
            proved,
            print,
            "easy\n",
            Some(1),
            "proofs: allowed-axioms.txt allows what no theorem needs; take it out: easy",
        ),
    ];
    for (theorem, print, allowed, code, complaint) in table {
        let output = build(small(theorem, print, allowed).path());
        let complaints = text(&output.stderr);
        assert_eq!(output.status.code(), code, "{theorem}{complaints}");
        assert!(complaints.contains(complaint), "{theorem}{complaints}");
    }
}
