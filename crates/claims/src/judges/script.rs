//! The judge `script`: the claim's own derivation, or one that a search finds, checked by the kernel for every K.

use std::time::Instant;

use super::conclusion::{not_applicable, proved};
use super::decide::Question;
use super::sampling::overall;
use super::{Options, smallest};
use crate::arith::exact::Exact;
use crate::claims::{Claim, Expected};
use crate::expr::{Action, Node, Prop, Statement};
use crate::outcome::{Judgement, Rejected, Verdict, Witness};
use crate::proof::defined::contradiction;
use crate::proof::script::{Branch, Item, Script};
use crate::prove::{Citable, Derivation, Limits, prove};
use crate::text::counted;

/// Its name.
pub const NAME: &str = "script";

/// Checks a claim's derivation; it may cite the claims that the crate ships.
pub fn decide(claim: &Claim, _: &Options) -> Judgement {
    let start = Instant::now();
    let mut judgement = not_applicable(claim, NAME, "it has no derivation");
    match &claim.proof {
        Some(script) => check(claim, script, &mut judgement),
        None if claim.expected == Expected::Refuted => {
            judgement.evidence = "false claims have no derivation".to_string()
        }
        None => {}
    }
    judgement.shows = vec![judgement.verdict.clone(); claim.statement.shows.len()];
    judgement.seconds = start.elapsed().as_secs_f64();
    judgement
}

/// Whether a derivation may be searched for: of a user's claim that should hold and has none. What is true of the
/// numbers of a format alone has no derivation, and from hypotheses that contradict each other everything would follow.
pub fn may_search(claim: &Claim) -> bool {
    claim.section.is_none()
        && claim.proof.is_none()
        && claim.expected == Expected::Holds
        && !claim.statement.speaks_of_formats()
        && contradiction(&claim.statement).is_none()
}

/// The second way of this judge: searches for a derivation of a claim that has none. The limits are for the claim as a
/// whole. What is not found says nothing.
pub fn find(claim: &Claim, limits: &Limits) -> Judgement {
    let start = Instant::now();
    let mut judgement = not_applicable(claim, NAME, "it has no derivation, and a short search found none");
    let lines = claim.statement.shows.len();
    let each = Limits { time: limits.time / lines as u32, steps: limits.steps.div_ceil(lines) };
    if let Some(found) = prove(&claim.id, &claim.statement, &Citable::by(claim), &each).found {
        says(claim, found, &mut judgement);
    }
    judgement.seconds = start.elapsed().as_secs_f64();
    judgement
}

/// What a derivation that was found proves: all lines, or some of them.
fn says(claim: &Claim, found: Derivation, judgement: &mut Judgement) {
    let statement = &claim.statement;
    let is_proved = |show: &Prop| found.theorems.iter().any(|theorem| theorem.proves(statement, show));
    let (shows, missing): (Vec<Prop>, Vec<Prop>) = statement.shows.iter().cloned().partition(is_proved);
    if shows.is_empty() {
        return;
    }
    judgement.evidence = format!("found by a search, {}", counted(found.steps as u64, "step"));
    let verdict = proved(&Statement { shows, ..statement.clone() }, Some(&found.script), &mut judgement.evidence);
    let open = || Verdict::Undecided("a short search found no derivation".to_string());
    let of = |show| if missing.contains(show) { open() } else { verdict.clone() };
    judgement.shows = statement.shows.iter().map(of).collect();
    judgement.verdict = overall(&judgement.shows);
    judgement.derivation = Some(found.text);
}

fn check(claim: &Claim, script: &Script, judgement: &mut Judgement) {
    match claim.library().prove_script(&claim.id, &claim.statement, script) {
        Ok(theorems) => {
            let (statement, shows) = (&claim.statement, &claim.statement.shows);
            // Not taken on trust: each theorem is asked whether it says what was to be shown.
            let all = theorems.len() == shows.len()
                && theorems.iter().zip(shows).all(|(theorem, show)| theorem.proves(statement, show));
            assert!(all, "a checked script proves what the claim shows");
            let steps = steps(script);
            judgement.evidence = format!("derived in {}", counted(steps as u64, "step"));
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
