//! The derivations that the crate ships: every claim of the paper and its consequences has one, and it is accepted.

use std::fmt::Write as _;

use logitlab::claims::{Claim, Expected, Section, claims, parse};
use logitlab::expr::Prop;
use logitlab::proof::check::names;
use logitlab::proof::defined::undischarged;
use logitlab::proof::{Library, Theorem};

fn library() -> Library<'static> {
    Library::new(claims().iter().map(Claim::entry))
}

#[test]
fn every_derivation_is_accepted() {
    let library = library();
    let mut complaints = Vec::new();
    for claim in claims() {
        match library.prove(&claim.id) {
            None => {}
            Some(Ok(theorems)) => assert!(covers(&theorems, claim), "{}", claim.id),
            Some(Err(rejection)) => {
                let step = rejection.step.map_or(String::new(), |step| format!("\n   in `{}`", step.prop));
                complaints.push(format!("{}: {:?}: {}{step}", claim.id, rejection.span, rejection.reason));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// One theorem for each `show`, which says just that under the hypotheses of the claim.
fn covers(theorems: &[Theorem], claim: &Claim) -> bool {
    let statement = &claim.statement;
    theorems.len() == statement.shows.len()
        && theorems.iter().zip(&statement.shows).all(|(theorem, show)| theorem.proves(statement, show))
}

#[test]
fn every_true_claim_about_every_k_has_a_derivation() {
    for claim in claims() {
        let about_numbers = claim.id == "paper-table";
        let derived =
            matches!(claim.section, Some(Section::Paper | Section::Consequences | Section::Library)) && !about_numbers;
        assert!(claim.proof.is_some() || !derived, "{} has no derivation", claim.id);
        assert!(claim.proof.is_none() || claim.expected == Expected::Holds, "{} is false", claim.id);
    }
}

/// Whatever a shipped derivation is about has a value wherever its claim is given.
#[test]
fn shipped_claims_are_defined_where_they_are_proved() {
    let mut left = String::new();
    for claim in claims().iter().filter(|claim| claim.proof.is_some()) {
        for guarded in undischarged(&claim.statement, claim.proof.as_ref()) {
            writeln!(left, "{}: {} for {}", claim.id, guarded.condition, guarded.condition.part)
                .expect("a string takes all");
        }
    }
    assert_eq!(left, "");
}

/// No rule proves a false claim in one step, nor do all of them together; nor do laws prove a true one of the paper or
/// its consequences in one step, which would make one of them the claim in disguise. What computes whatever it is given
/// may; and of the standard facts, some are laws.
#[test]
fn no_rule_is_a_claim_in_disguise() {
    let all: Vec<&str> = names().collect();
    let computing = ["algebra", "gradient", "expect.sum"];
    let laws: Vec<&str> = all.iter().copied().filter(|name| !computing.contains(name)).collect();
    let library = library();
    let mut complaints = Vec::new();
    let told = |claim: &&Claim| claim.id != "paper-table" && claim.section != Some(Section::Library);
    for claim in claims().iter().filter(told) {
        let rules = if claim.expected == Expected::Holds { &laws } else { &all };
        for show in &claim.statement.shows {
            let Prop::Compare(relation, left, right) = show else { continue };
            let given = parse(&format!("claim {}\n{}", claim.id, claim.statement)).unwrap().statement.to_string();
            let given: String =
                given.lines().filter(|line| !line.starts_with("show")).map(|l| format!("{l}\n")).collect();
            let step = format!("show {left} {} {right} by {}", relation.sign(), rules.join(", "));
            let text = format!("claim {}\n{given}show {show}\nproof\n  {step}\nqed\n", claim.id);
            let single = parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            let accepted = library.prove_script(&single.id, &single.statement, single.proof.as_ref().unwrap()).is_ok();
            let obvious = ["0 <= <P.*P,s.*s>"].contains(&show.to_string().as_str());
            if accepted && !obvious {
                complaints.push(format!("{}: {show}", claim.id));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// How long the derivations are: a table for the eye of a reviewer, who sees when one grows.
#[test]
fn lengths() {
    let mut lines: Vec<String> = Vec::new();
    for claim in claims() {
        let Some(script) = &claim.proof else { continue };
        let (chains, steps) =
            (script.chains().len(), script.chains().iter().map(|chain| chain.steps.len()).sum::<usize>());
        lines.push(format!("{:28} {chains:>3} chains {steps:>4} steps", claim.id));
    }
    insta::assert_snapshot!("lengths", lines.join("\n"));
}
