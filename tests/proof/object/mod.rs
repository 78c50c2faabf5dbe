//! Proof objects, and the second checker `proofs/checker/check.py`, which shares nothing with the kernel: it accepts every
//! shipped derivation, and refuses what was damaged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use logitlab::claims::{Claim, claims};
use logitlab::object;
use logitlab::proof::{Library, Script};
use serde_json::{Value, json};

use crate::instances::Dice;
use crate::mutations::{is_false, mutants, proved};
use crate::support;
use crate::support::statements::{Choices, Kinds, bytes};

mod damage;
mod holes;

/// How long the shipped derivations may take to check.
const MOST: Duration = Duration::from_secs(30);

fn checker(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/checker").join(file)
}

/// What the checker says of one object: whether it is accepted, and the reason where it is not.
type Answer = Result<(), String>;

/// What the checker says of each object; many are shared out among two of it.
pub(crate) fn check(python: &Path, objects: &[String]) -> Vec<Answer> {
    let half = if objects.len() > 100 { objects.len().div_ceil(2) } else { objects.len().max(1) };
    std::thread::scope(|scope| {
        let parts: Vec<_> = objects.chunks(half).map(|part| scope.spawn(move || run(python, part))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("the checker answers")).collect()
    })
}

/// Runs the checker once. It must answer in its own words, never by an exception.
fn run(python: &Path, objects: &[String]) -> Vec<Answer> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("objects.jsonl");
    // The first object is in no place of its own where it is alone: an empty one stands beside it.
    let lines: Vec<String> = objects.iter().map(|object| object.replace('\n', "")).chain(["{}".into()]).collect();
    fs::write(&path, lines.join("\n")).unwrap();
    let output = Command::new(python).arg("-B").arg(checker("check.py")).arg(&path).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert!(!complaints.contains("Traceback") && !said.contains("Traceback"), "{complaints}");
    assert_eq!(output.status.code(), Some(2), "the empty object is unusable\n{complaints}");
    let mut answers: Vec<Option<Answer>> = vec![None; objects.len() + 1];
    let prefix = format!("{}:", path.display());
    let complaints = complaints.lines().filter_map(|line| line.strip_prefix("check.py: ")).map(|line| (line, true));
    for (line, unusable) in said.lines().map(|line| (line, false)).chain(complaints) {
        let (number, rest) = line.strip_prefix(&prefix).and_then(|rest| rest.split_once(": ")).expect(line);
        let slot = &mut answers[number.parse::<usize>().unwrap() - 1];
        if unusable {
            *slot = Some(Err(rest.to_string()));
        } else if rest.contains(": accepted: ") {
            slot.get_or_insert(Ok(()));
        } else {
            *slot = Some(Err(rest.to_string()));
        }
    }
    assert!(matches!(answers.pop(), Some(Some(Err(_)))), "the empty object is refused");
    answers.into_iter().map(|answer| answer.expect("each object is answered")).collect()
}

/// The claims of an object, each as it is written there.
pub(crate) fn parts(object: &str) -> Vec<Value> {
    let whole: Value = serde_json::from_str(object).unwrap();
    whole["claims"].as_array().unwrap().clone()
}

pub(crate) fn joined(claims: &[Value]) -> String {
    object::whole(&claims.iter().map(Value::to_string).collect::<Vec<_>>())
}

#[test]
fn the_table_beside_the_checker_is_that_of_the_kernel() {
    if std::env::var_os("LOGITLAB_UPDATE").is_some() {
        fs::write(checker("laws.json"), object::laws()).unwrap();
    }
    let kept = fs::read_to_string(checker("laws.json")).unwrap();
    assert!(kept == object::laws(), "LOGITLAB_UPDATE=1 cargo test --test proof object:: writes it again");
}

#[test]
fn every_shipped_derivation_is_accepted() {
    let Some(python) = support::tool("python3", "every_shipped_derivation_is_accepted") else { return };
    let objects: Vec<String> = proved().map(|claim| object::of(&[claim]).unwrap()).collect();
    let all = object::of(&proved().collect::<Vec<_>>()).unwrap();
    let start = Instant::now();
    assert_eq!(check(&python, std::slice::from_ref(&all)), [Ok(())]);
    assert!(start.elapsed() < MOST, "{:?}", start.elapsed());
    for (claim, answer) in proved().zip(check(&python, &objects)) {
        assert_eq!(answer, Ok(()), "{}", claim.id);
    }
    assert_eq!(parts(&all).len(), proved().count());
}

#[test]
fn an_object_is_the_same_bytes_whenever_it_is_written() {
    let all = || object::of(&proved().collect::<Vec<_>>()).unwrap();
    assert!(all() == all());
    // What is read and written again by keys in order is the same, too.
    let whole: Value = serde_json::from_str(&all()).unwrap();
    assert_eq!(joined(whole["claims"].as_array().unwrap()), all());
}

/// What is written down does not change what is accepted.
#[test]
fn recording_accepts_and_refuses_as_the_kernel_does() {
    let library = Library::new(claims().iter().map(Claim::entry));
    let (mut refused, mut accepted) = (0, 0);
    for claim in proved().step_by(4) {
        let script = claim.proof.as_ref().unwrap();
        assert!(library.record_script(&claim.id, &claim.statement, script).is_ok());
        for mutant in mutants(claim) {
            let plain = library.prove_script(&claim.id, &mutant.statement, &mutant.script).map(|_| ());
            let recorded = library.record_script(&claim.id, &mutant.statement, &mutant.script).map(|_| ());
            assert_eq!(plain, recorded, "{}", claim.id);
            *(if plain.is_ok() { &mut accepted } else { &mut refused }) += 1;
        }
    }
    assert!(refused > 200 && accepted > 0, "{refused} refused, {accepted} accepted");
}

/// Every script that says something false, with what justified the true one: what a kernel that had accepted it would
/// have written.
#[test]
fn every_false_script_is_refused() {
    let Some(python) = support::tool("python3", "every_false_script_is_refused") else { return };
    let library = Library::new(claims().iter().map(Claim::entry));
    let (mut objects, mut says) = (Vec::new(), Vec::new());
    for claim in proved() {
        let cited = parts(&object::of(&[claim]).unwrap());
        let uses = library.record_script(&claim.id, &claim.statement, claim.proof.as_ref().unwrap()).unwrap();
        for mutant in mutants(claim) {
            if is_false(&mutant.statement, &mutant.script, &mutant.says) {
                let mut all = cited.clone();
                *all.last_mut().unwrap() =
                    object::written_claim(&claim.id, &mutant.statement, &mutant.script, uses.clone());
                objects.push(joined(&all));
                says.push(format!("{}: {}: {}", claim.id, mutant.kind, mutant.says.1));
            }
        }
    }
    let answers = check(&python, &objects);
    let accepted: Vec<&String> =
        says.iter().zip(&answers).filter(|(_, answer)| answer.is_ok()).map(|(s, _)| s).collect();
    assert!(accepted.is_empty(), "{accepted:#?}");
    assert!(answers.len() > 2_000, "{} mutants", answers.len());
    println!("{} false scripts refused", answers.len());
}

/// Objects with a path, a law, a binding, a condition, a side, a number or the statement changed.
#[test]
fn every_damaged_object_is_refused() {
    let Some(python) = support::tool("python3", "every_damaged_object_is_refused") else { return };
    let dice = &mut Dice::new(7);
    let (mut objects, mut kinds) = (Vec::new(), Vec::new());
    for claim in proved() {
        let claims = parts(&object::of(&[claim]).unwrap());
        for kind in damage::KINDS {
            let mut all = claims.clone();
            if damage::damage(all.last_mut().unwrap(), kind, dice) {
                objects.push(joined(&all));
                kinds.push((*kind, claim.id.as_str()));
            }
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let answers = check(&python, &objects);
    for ((kind, id), answer) in kinds.iter().zip(&answers) {
        assert!(answer.is_err(), "{id}: {kind} is accepted");
        *counts.entry(kind).or_default() += 1;
    }
    assert!(answers.len() >= 500, "{}", answers.len());
    assert!(damage::KINDS.iter().all(|kind| counts.contains_key(kind)), "{counts:?}");
    println!("{} damaged objects refused: {counts:?}", answers.len());
}

/// What the checker's own reader makes of a text is what the kernel's reader made of it: random statements, printed, with
/// their trees beside them. They have no derivation, so that nothing but that may be the complaint.
#[test]
fn the_second_reader_reads_what_is_printed() {
    let Some(python) = support::tool("python3", "the_second_reader_reads_what_is_printed") else { return };
    let kinds = Kinds { formats: false, derivatives: true, numbered: true };
    let statements: Vec<_> =
        (0..1_500).map(|index| Choices::whole(&bytes(index), kinds, 1 + (index % 4) as usize)).collect();
    let object = |statement| {
        let claim = object::written_claim("random", statement, &Script::default(), vec![]);
        object::whole(&[claim.to_string()])
    };
    let answers = check(&python, &statements.iter().map(object).collect::<Vec<_>>());
    for (statement, answer) in statements.iter().zip(answers) {
        let expected = "random: refused: what is to be shown is not among what was shown";
        assert_eq!(answer.err().as_deref(), Some(expected), "{statement}");
    }
    // A text that says another thing is noticed.
    let other: Vec<String> =
        statements.iter().map(|statement| object(statement).replacen("show   ", "show   0 = 1 or ", 1)).collect();
    let noticed = check(&python, &other);
    assert!(noticed.iter().all(|answer| answer.as_ref().is_err_and(|why| !why.contains("is not among"))));
}

/// What is no object at all is unusable, and said so.
#[test]
fn what_is_no_object_is_named() {
    let Some(python) = support::tool("python3", "what_is_no_object_is_named") else { return };
    let good = object::of(&[proved().next().unwrap()]).unwrap();
    let mut other: Value = serde_json::from_str(&good).unwrap();
    other["version"] = json!(2);
    let mut laws: Value = serde_json::from_str(&good).unwrap();
    laws["laws"] = json!("0".repeat(64));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bad = ["", "[", "[]", "null", "{\"format\":\"logitlab-proof\",\"version\":1}", &deep];
    let bad = bad.iter().map(|text| text.to_string()).chain([other.to_string(), laws.to_string()]);
    for answer in check(&python, &bad.collect::<Vec<_>>()) {
        assert!(answer.is_err());
    }
}
