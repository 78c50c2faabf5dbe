//! The judge `script`: the claim's own derivation, checked by the kernel for every K.

use std::time::Instant;

use super::conclusion::proved;
use super::decide::Question;
use super::{Options, smallest};
use crate::arith::exact::Exact;
use crate::claims::{Claim, Expected, claims};
use crate::expr::{Action, Node, Prop, Statement};
use crate::outcome::{Evidence, Judgement, Rejected, Verdict, Witness};
use crate::proof::library::Library;
use crate::proof::script::{Branch, Item, Script};

/// Checks a claim's derivation; it may cite the claims that the crate ships.
pub fn decide(claim: &Claim, _: &Options) -> Judgement {
    let start = Instant::now();
    let mut judgement = Judgement {
        judge: "script".to_string(),
        verdict: Verdict::NotApplicable("it has no derivation".to_string()),
        evidence: String::new(),
        seconds: 0.0,
        witness: None,
        details: Evidence::default(),
        libraries: vec![],
        shows: vec![],
        rejected: None,
    };
    match (&claim.proof, claim.expected) {
        (Some(script), _) => check(claim, script, &mut judgement),
        (None, Expected::Refuted) => judgement.evidence = "false claims have no derivation".to_string(),
        (None, Expected::Undefined) => judgement.evidence = "it has no derivation".to_string(),
        (None, Expected::Holds) => judgement.evidence = "it has no derivation".to_string(),
    }
    judgement.shows = vec![judgement.verdict.clone(); claim.statement.shows.len()];
    judgement.seconds = start.elapsed().as_secs_f64();
    judgement
}

fn check(claim: &Claim, script: &Script, judgement: &mut Judgement) {
    let library = Library::new(claims().iter().map(Claim::entry));
    match library.prove_script(&claim.id, &claim.statement, script) {
        Ok(theorems) => {
            let (statement, shows) = (&claim.statement, &claim.statement.shows);
            // Not taken on trust: each theorem is asked whether it says what was to be shown.
            let all = theorems.len() == shows.len()
                && theorems.iter().zip(shows).all(|(theorem, show)| theorem.proves(statement, show));
            assert!(all, "a checked script proves what the claim shows");
            let steps = steps(script);
            judgement.evidence = format!("derived in {steps} step{}", if steps == 1 { "" } else { "s" });
            judgement.verdict = proved(statement, Some(script), &mut judgement.evidence);
        }
        Err(rejection) => {
            let mut message = rejection.reason.to_string();
            if let Some(witness) = rejection.step.as_ref().and_then(|step| counterexample(claim, script, &step.prop)) {
                message += &format!("; the step is false {witness}");
            }
            judgement.verdict = Verdict::Undecided("its derivation is not accepted".to_string());
            judgement.evidence = format!("its derivation is not accepted: {message}");
            let (start, end) = (rejection.span.start, rejection.span.end);
            judgement.rejected = Some(Rejected { message, start, end });
        }
    }
}

/// An exact case in which a step is false. Only for scripts without cases and assumptions, which would have to be met,
/// and for steps about declared names.
fn counterexample(claim: &Claim, script: &Script, step: &Prop) -> Option<Witness> {
    // A rational case is none of a format's numbers.
    if has_branches(script) || claim.statement.speaks_of_formats() || !is_about(&claim.statement, step) {
        return None;
    }
    let statement = Statement { shows: vec![step.clone()], ..claim.statement.clone() };
    let system = Exact::<rug::Rational>::new();
    let question = Question::new(&statement);
    let search = smallest::search(&statement, None, smallest::Effort::LOW, |case| question.decide(&system, case));
    search.refuted.map(|(_, witness)| witness)
}

fn has_branches(script: &Script) -> bool {
    let nested = |item: &Item| matches!(item, Item::Goal(_, _, _, script) if has_branches(script));
    !script.cases.is_empty() || !script.assumptions.is_empty() || script.items.iter().any(nested)
}

fn is_about(statement: &Statement, step: &Prop) -> bool {
    let action = |action: &Action| match action {
        Action::Name(name) => statement.sort(name).is_some(),
        Action::Index(_) => true,
    };
    let known = |node: &Node| match node {
        Node::Unit(a) | Node::At(_, a) | Node::Others(_, a) => action(a),
        Node::Variable(name, _) => {
            statement.sort(name).is_some() || statement.definitions.iter().any(|(defined, _)| defined == name)
        }
        // It binds an action that is not declared; such a step is left without a counterexample.
        Node::Expect { .. } => false,
        _ => true,
    };
    step.trees().iter().all(|tree| !tree.any(&|node| !known(node)))
}

/// The number of justified steps.
fn steps(script: &Script) -> usize {
    let item = |item: &Item| match item {
        Item::Chain(_, chain) => chain.steps.len(),
        Item::Goal(_, _, _, script) => steps(script),
        Item::Choose(..) => 1,
    };
    let branch = |branch: &Branch| steps(&branch.script);
    script.items.iter().map(item).sum::<usize>()
        + script.cases.iter().chain(&script.assumptions).map(branch).sum::<usize>()
}
