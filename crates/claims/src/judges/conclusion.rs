//! From samples to a judgement: the smallest counterexample where there is one, and the evidence in words.

use std::time::Instant;

use super::case::Case;
use super::decide::Outcome;
use super::sampling::{Samples, overall};
use super::smallest::{self, Refuted};
use crate::claims::Claim;
use crate::expr::Statement;
use crate::expr::domain::Infinity;
use crate::outcome::{Evidence, Judgement, Scope, Verdict, Witness};
use crate::proof::Script;
use crate::proof::defined::{in_words, undischarged};

/// What a judge says of a claim of a kind that it does not look at.
pub fn not_applicable(claim: &Claim, judge: &str, why: &str) -> Judgement {
    let verdict = Verdict::NotApplicable(why.to_string());
    Judgement {
        judge: judge.to_string(),
        shows: vec![verdict.clone(); claim.statement.shows.len()],
        verdict,
        evidence: why.to_string(),
        seconds: 0.0,
        witness: None,
        details: Evidence::default(),
        libraries: vec![],
        rejected: None,
        derivation: None,
    }
}

/// What a judge says of a claim, given what it found case by case.
pub fn conclude(claim: &Claim, judge: &str, samples: Samples, decide: impl Fn(&Case) -> Outcome) -> Judgement {
    let Samples { evidence: mut details, mut shows, refutation, undefined, seconds } = samples;
    let mut witness = None;
    let start = Instant::now();
    let first = refutation.map(|(show, case, sides)| Refuted { show, case, sides });
    let search = smallest::search(&claim.statement, first, smallest::effort(claim), decide);
    let undefined =
        undefined.map(|(show, case, lack)| (show, smallest::undefined(&claim.statement, show, &case, lack)));
    details.searched = search.held;
    if let Some((show, found)) = search.refuted {
        shows[show] = Verdict::Refuted;
        witness = Some(found);
    } else if let Some((show, found)) = search.undefined.or(undefined) {
        shows[show] = Verdict::Undefined;
        witness = Some(found);
    }
    let seconds = seconds + start.elapsed().as_secs_f64();
    let verdict = overall(&shows);
    let evidence = match (&verdict, &witness) {
        (Verdict::Undecided(why), _) => format!("{why}; {details}").trim_end_matches("; ").to_string(),
        (_, Some(witness)) => found(witness),
        _ => details.to_string(),
    };
    let judge = judge.to_string();
    let (libraries, rejected, derivation) = Default::default();
    Judgement { judge, verdict, evidence, seconds, witness, details, libraries, shows, rejected, derivation }
}

/// What a witness shows, in words.
pub fn found(witness: &Witness) -> String {
    match (&witness.lack, witness.smallest) {
        (Some(_), _) => format!("undefined {witness}"),
        (None, true) => format!("smallest counterexample {witness}"),
        (None, false) => format!("counterexample {witness}"),
    }
}

/// What a proof for every K proves: everything, or what has a truth value. Where an infinite side settles an
/// inequality, the evidence says so.
pub fn proved(statement: &Statement, script: Option<&Script>, evidence: &mut String) -> Verdict {
    let (settled, left): (Vec<_>, Vec<_>) = undischarged(statement, script)
        .into_iter()
        .map(|guarded| guarded.condition)
        .partition(|condition| condition.allowed);
    for condition in settled {
        let value = if condition.infinite == Some(Infinity::Plus) { "+inf" } else { "-inf" };
        *evidence +=
            &format!(" where {condition}; elsewhere {} = {value}, which the inequality allows", condition.part);
    }
    let left = in_words(&left);
    if left.is_empty() { Verdict::Proved } else { Verdict::ProvedFor(Scope::defined(left)) }
}
