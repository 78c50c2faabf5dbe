//! Asks every judge about every claim.

use rayon::prelude::*;

use super::sampling::overall;
use super::{Judge, Options};
use crate::claims::{Claim, Expected};
use crate::outcome::{ClaimReport, Judgement, Summary, Verdict, VerifyReport};

/// Told whenever a judge is done with a claim; may be called from several threads at once.
pub type Progress<'a> = &'a (dyn Fn(&Claim, &Judgement) + Sync);

/// Asks the judges about the claims. The result does not depend on the number of threads.
pub fn verify(claims: &[&Claim], judges: &[&Judge], options: &Options, progress: Progress<'_>) -> VerifyReport {
    let pairs: Vec<(&Claim, &Judge)> =
        claims.iter().flat_map(|claim| judges.iter().map(move |judge| (*claim, *judge))).collect();
    let judgements: Vec<Judgement> = pairs
        .par_iter()
        .map(|(claim, judge)| {
            let judgement = (judge.decide)(claim, options);
            progress(claim, &judgement);
            judgement
        })
        .collect();
    let mut judgements = judgements.into_iter();
    let reports: Vec<ClaimReport> =
        claims.iter().map(|claim| report(claim, judgements.by_ref().take(judges.len()).collect())).collect();
    let as_expected = reports.iter().filter(|report| report.as_expected).count();
    let summary = Summary { as_expected, unexpected: reports.len() - as_expected };
    VerifyReport { schema: 1, claims: reports, summary }
}

fn report(claim: &Claim, judges: Vec<Judgement>) -> ClaimReport {
    let verdict = together(&judges);
    let rejected = judges.iter().any(|judgement| judgement.rejected.is_some());
    let as_expected = match claim.expected {
        _ if rejected => false,
        Expected::Holds => !matches!(verdict, Verdict::Refuted | Verdict::Undecided(_) | Verdict::NotApplicable(_)),
        // A judge that proved it while another refuted it would be a contradiction, not a success.
        Expected::Refuted => {
            let proved = |judgement: &Judgement| matches!(judgement.verdict, Verdict::Proved | Verdict::ProvedFor(_));
            verdict == Verdict::Refuted && !judges.iter().any(proved)
        }
    };
    ClaimReport {
        id: claim.id.clone(),
        title: claim.title.clone(),
        expected: claim.expected.word(),
        verdict,
        as_expected,
        judges,
    }
}

/// For each proposition the judge that says most; for the claim the proposition that is known least.
fn together(judges: &[Judgement]) -> Verdict {
    let shows = judges.iter().map(|judgement| judgement.shows.len()).max().unwrap_or(0);
    let best = |show: usize| {
        let said = judges.iter().filter_map(|judgement| judgement.shows.get(show).cloned());
        said.reduce(Verdict::or).unwrap_or_else(|| Verdict::Undecided("no judge was asked".to_string()))
    };
    let best: Vec<Verdict> = (0..shows).map(best).collect();
    overall(&best)
}
