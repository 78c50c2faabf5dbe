//! What is written for Coq about claims: statements held against theorems, and derivations.

use std::path::PathBuf;
use std::process::Command;

use crate::support;
use logitlab::claims::{Claim, Section, claims, find, parse};
use logitlab::coq::derivation::{self, Derived};
use logitlab::coq::pinned::{self, Pin, Unpinned, pins};
use logitlab::coq::{CompileError, Compiler, foreign_axioms};
use logitlab::expr::elaborate::value;
use logitlab::proof::script::Item;
use logitlab::recorded::recorded;
use rayon::prelude::*;

/// Shared by all tests that compile the development, and kept from run to run.
fn compiler(test: &str) -> Option<Compiler> {
    let coqc = support::tool("coqc", test)?;
    Some(Compiler::new(coqc, PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("logitlab/coq")).expect("a complete Coq"))
}

fn required() -> impl Iterator<Item = &'static Claim> {
    claims().iter().filter(|claim| matches!(claim.section, Some(Section::Paper | Section::Consequences)))
}

/// Where Coq rejects a file: the lemma.
fn rejected_in(compiler: &Compiler, module: &str, text: &str) -> String {
    match compiler.compile(module, text) {
        Err(CompileError::Rejected { lemma, .. }) => lemma.unwrap_or_default(),
        other => panic!("{module}: {other:?}\n{text}"),
    }
}

#[test]
fn every_claim_is_held_against_a_theorem() {
    let found: Vec<Pin> =
        required().flat_map(|claim| pins(claim).unwrap_or_else(|why| panic!("{}: {why}", claim.id))).collect();
    assert!(found.len() > required().count(), "those that start from logits have two");
    assert_eq!(pins(find("saturation").unwrap()), Err(Unpinned::NoTheorem));
    let Some(compiler) = compiler("every_claim_is_held_against_a_theorem") else { return };
    let compiled = compiler.compile("Pinned", &pinned::file(&found)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(foreign_axioms(&compiled.output), Some(vec![]), "{}", compiled.output);
}

#[test]
fn a_theorem_that_says_less_is_noticed() {
    let Some(compiler) = compiler("a_theorem_that_says_less_is_noticed") else { return };
    let found = pins(find("tail-form").unwrap()).unwrap();
    let file = pinned::file(&found);
    // The theorem with one more hypothesis, and with another constant, in the place of the development's.
    let theorem = |changed: &str| {
        let weaker = format!(
            "Theorem tail_form : {changed}.\nProof. intros; apply Consequences.tail_form; lra || assumption. Qed.\n"
        );
        file.replacen("\nTheorem pinned", &format!("\nFrom Logitlab Require Import Sums.\n{weaker}\nTheorem pinned"), 1)
    };
    let says = |more: &str| {
        format!(
            "forall (K : nat) (P : vec) (c : nat), (1 <= K)%nat -> distribution K P -> (c < K)%nat -> {more}\n  \
             sqnorm K (vsub (e c) P) = vsum K (others P c) ^ 2 + sqnorm K (others P c)"
        )
    };
    compiler.compile("Same", &theorem(&says(""))).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rejected_in(&compiler, "Weaker", &theorem(&says("P c < 1 ->"))), "pinned_tail_form");
    // A claim that says more than its theorem.
    let stronger = parse(
        "claim tail-form given P : vector, c : action \
         show |e[c] - P|^2 = sum(others(P, c))^2 + |others(P, c)|^2",
    );
    let file = pinned::file(&pins(&stronger.unwrap()).unwrap());
    assert_eq!(rejected_in(&compiler, "Stronger", &file), "pinned_tail_form");
}

#[test]
fn every_derivation_is_followed() {
    let Some(compiler) = compiler("every_derivation_is_followed") else { return };
    compiler.compile("Base", "From Logitlab Require Import Replay.\n").unwrap_or_else(|error| panic!("{error}"));
    let derived: Vec<&Claim> = claims().iter().filter(|claim| claim.proof.is_some()).collect();
    let complaint = |claim: &&Claim| {
        let text = derivation::of(&[claim]).unwrap_or_else(|why| panic!("{}: {why}", claim.id));
        match compiler.compile(&format!("Derived_{}", pinned::theorem_name(&claim.id)), &text) {
            Ok(compiled) if foreign_axioms(&compiled.output) == Some(vec![]) => None,
            Ok(compiled) => Some(format!("{}: {}", claim.id, compiled.output)),
            Err(error) => Some(format!("{}: {error}", claim.id)),
        }
    };
    let complaints: Vec<String> = derived.par_iter().filter_map(complaint).collect();
    assert!(derived.len() >= 85 && complaints.is_empty(), "{}", complaints.join("\n"));
}

/// A claim's derivation with the result of one step replaced, in that step and as the start of the next, and with what
/// the kernel wrote down of the right one.
fn mutated(claim: &Claim, chain: usize, step: usize, to: &str) -> String {
    let recorded = recorded(&[claim]).unwrap();
    let mut script = claim.proof.clone().unwrap();
    let Item::Chain(_, steps) = &mut script.items[chain] else { panic!("a chain") };
    steps.steps[step].to = value(to, &claim.statement).unwrap();
    let mut all: Vec<Derived<'_>> = recorded.into_iter().map(Derived::from).collect();
    all.last_mut().expect("the claim itself").script = &script;
    derivation::file(&all).unwrap_or_else(|why| panic!("{}: {why}", claim.id))
}

/// A false step is refused where it stands, whatever the kernel wrote down of the right one.
#[test]
fn a_changed_step_is_rejected_where_it_stands() {
    let Some(compiler) = compiler("a_changed_step_is_rejected_where_it_stands") else { return };
    let table = [
        ("norm-identity", 0, 2, "g^2*(<e[c],e[c]> - 3*<e[c],P> + <P,P>)", "step_1_3", "a coefficient"),
        ("norm-identity", 1, 2, "1 - 2*P[c] - <P,P>", "step_2_3", "a sign"),
        ("zero-sum", 0, 0, "g*(sum(e[c]) + sum(P))", "step_1_1", "a sign"),
        ("tail-form", 1, 0, "|(1 - P[c])*e[c] + (P - P[c]*e[c])|^2", "step_2_1", "a sign in a vector"),
        ("collision-renyi", 1, 2, "exp(H2(P))", "step_2_3", "a sign before a logarithm"),
        ("other-norms", 0, 2, "e[c] - P - (1 + P[c])*e[c]", "step_1_3", "an entry"),
        ("lse-tangent", 1, 0, "lse(z) + log(<softmax(z),exp(y + z)>)", "step_2_1", "another instance of an inequality"),
        ("shift-invariance", 0, 1, "exp(a)*exp(z)/sum(exp(z))", "step_1_2", "a divisor"),
        ("policy-gradient", 0, 0, "softmax(z).*r - <softmax(z),r>*ones", "step_1_1", "a vector in a gradient"),
        ("pinsker-inequality", 1, 1, "7", "step_2_2", "the mass of two distributions"),
    ];
    let complaint = |(id, chain, step, to, place, what): &(&str, usize, usize, &str, &str, &str)| {
        let text = mutated(find(id).unwrap(), *chain, *step, to);
        let rejected = rejected_in(&compiler, "Mutated", &text);
        (rejected.split(' ').next() != Some(*place)).then(|| format!("{id}, {what}: rejected in {rejected}"))
    };
    let complaints: Vec<String> = table.iter().filter_map(complaint).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn what_coq_would_read_otherwise_is_not_written() {
    let refused = |text: &str| {
        let claim = parse(&format!("claim other {text}")).unwrap();
        let script = claim.proof.as_ref().unwrap();
        let uses = vec![];
        let derived = Derived { id: &claim.id, statement: &claim.statement, script, uses };
        derivation::file(&[derived]).map_err(|why| why.to_string()).unwrap_err()
    };
    let why = refused("given z : masked logits show z - z = 0 proof z - z = 0 by vector qed");
    assert_eq!(why, "`z - z` may be -inf, and Coq would read its logits as real numbers");
    let why = refused("given v : vector show e[1][2] = 0 proof e[1][2] = 0 by algebra qed");
    assert_eq!(why, "`e[1][2]` names coordinate 2, and there may be fewer: give K >= 2");
}

/// A derivation that nobody here wrote: the user's own, and one that a search finds.
#[test]
fn a_claim_of_ones_own_is_followed() {
    let Some(coqc) = support::tool("coqc", "a_claim_of_ones_own_is_followed") else { return };
    let path = coqc.parent().unwrap().to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.proof");
    let text = "claim shifted\ngiven P : distribution, c : action, x : real\n\
                show |e[c] - P|^2 + x - x = 1 - 2*P[c] + C(P)\n\
                proof\n  show |e[c] - P|^2 + x - x = |e[c] - P|^2 by ring\n    = <e[c] - P,e[c] - P> by norm.square\n    \
                = 1 - 2*P[c] + C(P) by algebra\nqed\n\n\
                claim found given P : distribution, r : vector show <P,r - <P,r>*1> = 0\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let (code, out, err) = logitlab(path, &["export", "coq", file, "--check"]);
    assert!(code == Some(0) && out.starts_with("shifted: accepted"), "{out}{err}");
    let (code, out, err) = logitlab(path, &["verify", file, "--judge", "coq"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("derivation of 3 steps and statement as printed"), "{out}");
    assert!(out.matches("proved").count() >= 2, "{out}");
}

fn logitlab(path: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_logitlab"))
        .args(arguments)
        .env("PATH", path)
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_judge_is_asked_by_name_and_without_coq_nothing_passes() {
    let (code, out, _) = logitlab("/nonexistent", &["verify", "tail-form", "--judge", "coq"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("not run: coqc is not installed") && out.contains("coq libcoq-interval"), "{out}");
    let (_, out, _) = logitlab("/nonexistent", &["verify", "tail-form", "--judge", "script,coq"]);
    assert!(out.contains("coq: undecided"), "{out}");
    let Some(coqc) = support::tool("coqc", "the_judge_is_asked_by_name_and_without_coq_nothing_passes") else { return };
    let path = coqc.parent().unwrap().to_str().unwrap();
    let (code, out, _) = logitlab(path, &["verify", "tail-form", "--judge", "coq"]);
    assert_eq!(code, Some(0), "{out}");
    let says = ["machine-checked by Coq", "kept from 20"].map(|how| format!("theorem tail_form, {how}"));
    assert!(out.contains("proved") && says.iter().any(|how| out.contains(how)), "{out}");
}
