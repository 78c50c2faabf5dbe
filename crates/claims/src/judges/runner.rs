//! Asks every judge about every claim.

use std::time::Instant;

use rayon::prelude::*;

use super::sampling::overall;
use super::{Judge, Options, script};
use crate::claims::{Claim, Expected};
use crate::outcome::{ClaimReport, Judgement, Summary, Verdict, VerifyReport};

/// Told whenever a judge is done with a claim; may be called from several threads at once.
pub type OnJudgement<'a> = &'a (dyn Fn(&Claim, &Judgement) + Sync);

/// Asks the judges about the claims, and looks for derivations of those that have none where the options say so. The
/// result does not depend on the number of threads, unless a search runs out of time.
pub fn verify(claims: &[&Claim], judges: &[&Judge], options: &Options, progress: OnJudgement<'_>) -> VerifyReport {
    let pairs: Vec<(&Claim, &Judge)> =
        claims.iter().flat_map(|claim| judges.iter().map(move |judge| (*claim, *judge))).collect();
    let is_open = |claim: &Claim, judge: &Judge| {
        options.search.is_some() && judge.name == script::NAME && script::may_search(claim)
    };
    let judgements: Vec<(Instant, Judgement, Instant)> = pairs
        .par_iter()
        .map(|(claim, judge)| {
            let start = Instant::now();
            let judgement = (judge.decide)(claim, options);
            if !is_open(claim, judge) {
                progress(claim, &judgement);
            }
            (start, judgement, Instant::now())
        })
        .collect();
    let mut judgements = judgements.into_iter();
    let mut one = || {
        let own: Vec<_> = judgements.by_ref().take(judges.len()).collect();
        let start = own.iter().map(|(start, _, _)| *start).min();
        let end = own.iter().map(|(_, _, end)| *end).max();
        let seconds = start.zip(end).map_or(0.0, |(start, end)| (end - start).as_secs_f64());
        (own.into_iter().map(|(_, judgement, _)| judgement).collect::<Vec<_>>(), seconds)
    };
    let mut judged: Vec<(&Claim, (Vec<Judgement>, f64))> = claims.iter().map(|claim| (*claim, one())).collect();
    // What is false has no derivation, so that this comes last.
    judged.par_iter_mut().for_each(|(claim, (own, seconds))| {
        let Some(place) = judges.iter().position(|judge| is_open(claim, judge)) else { return };
        if let Some(limits) = options.search.filter(|_| !own.iter().any(denies)) {
            own[place] = script::find(claim, &limits);
            *seconds += own[place].seconds;
        }
        progress(claim, &own[place]);
    });
    let report = |(claim, (own, seconds))| report(claim, own, seconds);
    let reports: Vec<ClaimReport> = judged.into_iter().map(report).collect();
    let as_expected = reports.iter().filter(|report| report.as_expected).count();
    let summary = Summary { as_expected, unexpected: reports.len() - as_expected };
    VerifyReport { schema: 1, claims: reports, summary }
}

/// Whether a judge says that some line is not so.
fn denies(judgement: &Judgement) -> bool {
    judgement.shows.iter().any(|show| matches!(show, Verdict::Refuted | Verdict::Undefined))
}

fn report(claim: &Claim, judges: Vec<Judgement>, seconds: f64) -> ClaimReport {
    let verdict = together(&judges);
    let rejected = judges.iter().any(|judgement| judgement.rejected.is_some());
    let as_expected = match (claim.expected, &verdict) {
        _ if rejected => false,
        (Expected::Holds, Verdict::Proved | Verdict::Consistent) => true,
        // A proof of the part that has a value is shown as such, and no more than that.
        (Expected::Holds, Verdict::ProvedFor(scope)) => scope.defined.is_empty(),
        (Expected::Refuted, Verdict::Refuted) | (Expected::Undefined, Verdict::Undefined) => true,
        _ => false,
    };
    ClaimReport {
        id: claim.id.clone(),
        title: claim.title.clone(),
        expected: claim.expected.word(),
        verdict,
        as_expected,
        seconds,
        judges,
    }
}

/// For each proposition the judge that says most; for the claim the proposition that is known least.
fn together(judges: &[Judgement]) -> Verdict {
    let shows = judges.iter().map(|judgement| judgement.shows.len()).max().unwrap_or(0);
    let best = |show: usize| {
        if let Some(why) = contradiction(judges, show) {
            return Verdict::Contradicted(why);
        }
        let said = judges.iter().filter_map(|judgement| judgement.shows.get(show).cloned());
        said.reduce(Verdict::or).unwrap_or_else(|| Verdict::Undecided("no judge was asked".to_string()))
    };
    let best: Vec<Verdict> = (0..shows).map(best).collect();
    overall(&best)
}

/// Which judge proves a proposition that another refutes, or for which it finds no truth value.
fn contradiction(judges: &[Judgement], show: usize) -> Option<String> {
    let said = |judgement: &'_ Judgement| judgement.shows.get(show).cloned();
    let denies = |proof: &Judgement, other: &Judgement| {
        let k = other.witness.as_ref().map(|witness| witness.k);
        match (said(proof), said(other)?) {
            (Some(Verdict::Proved), Verdict::Refuted) => Some("refutes it"),
            (Some(Verdict::Proved), Verdict::Undefined) => Some("finds it without a truth value"),
            (Some(Verdict::ProvedFor(scope)), Verdict::Refuted) if scope.formats.is_none() => {
                let covers = scope.actions.is_none_or(|ks| k.is_some_and(|k| ks.contains(&k)));
                covers.then_some("refutes it")
            }
            _ => None,
        }
    };
    let pair = |proof: &Judgement, other: &Judgement| {
        let does = denies(proof, other)?;
        Some(format!("{} proves it and {} {does}: one of them is wrong", proof.judge, other.judge))
    };
    judges.iter().find_map(|proof| judges.iter().find_map(|other| pair(proof, other)))
}
