//! From samples to a judgement: the smallest counterexample where there is one, and the evidence in words.

use std::time::Instant;

use super::case::Case;
use super::sampling::{Outcome, Samples, overall};
use super::smallest::{self, Refuted};
use crate::claims::Claim;
use crate::outcome::{Evidence, Judgement, Verdict};

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
    }
}

/// What a judge says of a claim, given what it found case by case.
pub fn conclude(claim: &Claim, judge: &str, samples: Samples, decide: impl Fn(&Case) -> Outcome) -> Judgement {
    let Samples { evidence: details, mut shows, refutation, seconds } = samples;
    let mut verdict = overall(&shows);
    let mut witness = None;
    let start = Instant::now();
    let first = refutation.map(|(show, case, sides)| Refuted { show, case, sides });
    if let Some(found) = smallest::search(&claim.statement, first, smallest::effort(claim), decide) {
        shows[found.show] = Verdict::Refuted;
        verdict = Verdict::Refuted;
        witness = Some(found.witness);
    }
    let seconds = seconds + start.elapsed().as_secs_f64();
    let evidence = match (&verdict, &witness) {
        (Verdict::Undecided(why), _) => format!("{why}; {details}").trim_end_matches("; ").to_string(),
        (Verdict::Refuted, Some(witness)) => {
            let which = if witness.smallest { "smallest counterexample" } else { "counterexample" };
            format!("{which} {witness}")
        }
        _ => details.to_string(),
    };
    let judge = judge.to_string();
    Judgement { judge, verdict, evidence, seconds, witness, details, libraries: vec![], shows, rejected: None }
}
