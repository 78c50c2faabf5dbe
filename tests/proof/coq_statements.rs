//! What is written for Coq about claims: statements held against theorems, and derivations.

use std::path::PathBuf;
use std::process::Command;

use crate::support;
use logitlab::claims::{Claim, Section, claims, find};
use logitlab::coq::pinned::{self, Pin, Unpinned, pins};
use logitlab::coq::{CompileError, Compiler, derivation, foreign_axioms};
use logitlab::expr::elaborate::value;
use logitlab::proof::script::{Item, Script};

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
    let stronger = logitlab::claims::parse(
        "claim tail-form given P : vector, c : action \
         show |e[c] - P|^2 = sum(others(P, c))^2 + |others(P, c)|^2",
    );
    let file = pinned::file(&pins(&stronger.unwrap()).unwrap());
    assert_eq!(rejected_in(&compiler, "Stronger", &file), "pinned_tail_form");
}

fn derived(claim: &Claim, script: &Script) -> String {
    derivation::file(&pinned::theorem_name(&claim.id), &claim.statement, script)
        .unwrap_or_else(|why| panic!("{}: {why}", claim.id))
}

/// Claims whose derivations Coq follows step by step.
const FOLLOWED: [&str; 12] = [
    "norm-identity",
    "zero-sum",
    "collision-renyi",
    "limit-confident",
    "tail-form",
    "factored-form",
    "expected-norm",
    "expected-update",
    "label-smoothing",
    "shift-invariance",
    "optimal-baseline",
    "alternate-estimator",
];

#[test]
fn derivations_are_followed() {
    let Some(compiler) = compiler("derivations_are_followed") else { return };
    for id in FOLLOWED {
        let claim = find(id).unwrap();
        let text = derived(claim, claim.proof.as_ref().unwrap());
        let compiled = compiler.compile(&format!("Derived_{}", pinned::theorem_name(id)), &text);
        let compiled = compiled.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(foreign_axioms(&compiled.output), Some(vec![]), "{id}: {}", compiled.output);
    }
}

/// The script of a claim with the result of one step replaced, in that step and as the start of the next.
fn mutated(claim: &Claim, chain: usize, step: usize, to: &str) -> Script {
    let mut script = claim.proof.clone().unwrap();
    let Item::Chain(_, steps) = &mut script.items[chain] else { panic!("a chain") };
    steps.steps[step].to = value(to, &claim.statement).unwrap();
    script
}

#[test]
fn a_changed_coefficient_is_rejected_in_its_own_lemma() {
    let Some(compiler) = compiler("a_changed_coefficient_is_rejected_in_its_own_lemma") else { return };
    let table = [
        ("norm-identity", 0, 2, "g^2*(<e[c],e[c]> - 3*<e[c],P> + <P,P>)", "step_1_3"),
        ("norm-identity", 1, 2, "1 - 2*P[c] - <P,P>", "step_2_3"),
        ("zero-sum", 0, 0, "g*(sum(e[c]) + sum(P))", "step_1_1"),
    ];
    for (id, chain, step, to, lemma) in table {
        let claim = find(id).unwrap();
        let text = derived(claim, &mutated(claim, chain, step, to));
        assert_eq!(rejected_in(&compiler, "Mutated", &text), lemma, "{id}: {to}");
    }
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
