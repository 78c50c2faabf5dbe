//! The judge `exact`: rational arithmetic, on two libraries that must agree.

use std::time::Instant;

use num_rational::BigRational;

use super::case::Case;
use super::sampling::{self, Decision, Outcome, overall};
use super::smallest::{self, Refuted};
use super::{Options, grid};
use crate::arith::exact::Exact;
use crate::arith::rational::Rational;
use crate::claims::Claim;
use crate::expr::Statement;
use crate::outcome::{Evidence, Judgement, Library, Verdict};

/// Decides on both libraries.
pub fn both(claim: &Claim, options: &Options) -> Judgement {
    let rug = on::<rug::Rational>(claim, options);
    let num = on::<BigRational>(claim, options);
    let libraries = [(&rug, rug::Rational::LIBRARY), (&num, BigRational::LIBRARY)]
        .map(|(judgement, name)| Library { name: name.to_string(), seconds: judgement.seconds });
    let agree = rug.verdict == num.verdict
        && rug.shows == num.shows
        && rug.details == num.details
        && rug.witness == num.witness;
    let mut judgement = rug;
    if !agree {
        let why = "the two rational libraries disagree: this is a bug of the workbench".to_string();
        judgement.shows = judgement.shows.iter().map(|_| Verdict::Undecided(why.clone())).collect();
        judgement.verdict = Verdict::Undecided(why);
        judgement.witness = None;
    }
    judgement.judge = "exact".to_string();
    judgement.seconds = libraries.iter().map(|library| library.seconds).sum();
    judgement.libraries = libraries.into();
    judgement
}

/// Decides on rug alone.
pub fn on_rug(claim: &Claim, options: &Options) -> Judgement {
    on::<rug::Rational>(claim, options)
}

/// Decides on num-bigint alone.
pub fn on_num_bigint(claim: &Claim, options: &Options) -> Judgement {
    on::<BigRational>(claim, options)
}

fn on<R: Rational>(claim: &Claim, options: &Options) -> Judgement {
    let system = Exact::<R>::new();
    let statement = &claim.statement;
    let decide = |case: &Case| decide(&system, statement, case);
    let samples = sampling::run(statement, options, decide);
    let mut evidence = samples.evidence;
    let mut shows = samples.shows;
    let start = Instant::now();
    if statement.variables.is_empty() {
        prove_closed(statement, &mut shows, &evidence);
    } else if options.policy.is_none() {
        let grids = grid::prove::<R>(statement);
        for (show, proved) in shows.iter_mut().zip(&grids) {
            if let (Some(grid), Verdict::Consistent) = (proved, &*show) {
                *show = Verdict::ProvedFor(grid.ks.clone());
            }
        }
        evidence.grid = grid::together(&grids);
    }
    let verdict = overall(&shows);
    let searches = verdict == Verdict::Refuted || claim.expected == crate::claims::Expected::Refuted;
    let first = samples.refutation.map(|(show, case, sides)| Refuted { show, case, sides });
    let found = if searches { smallest::search(statement, first, decide) } else { None };
    let mut judgement = Judgement {
        judge: format!("exact:{}", R::LIBRARY),
        verdict,
        evidence: String::new(),
        seconds: samples.seconds + start.elapsed().as_secs_f64(),
        witness: None,
        details: evidence,
        libraries: vec![],
        shows,
    };
    judgement.conclude(found);
    judgement
}

/// A statement without variables is a computation: done exactly, it is a proof.
fn prove_closed(statement: &Statement, shows: &mut [Verdict], evidence: &Evidence) {
    debug_assert!(statement.variables.is_empty());
    for show in shows {
        if *show == Verdict::Consistent {
            *show = Verdict::ProvedFor(vec![evidence.k_max]);
        }
    }
}

fn decide<R: Rational>(system: &Exact<R>, statement: &Statement, case: &Case) -> Outcome {
    if !case.is_rational() {
        return Outcome::Unknown("floating-point logits have irrational probabilities".to_string(), false);
    }
    let outcome = sampling::decide(system, statement, case);
    debug_assert!(!matches!(&outcome, Outcome::Inside(found)
        if found.iter().any(|one| matches!(one.decision, Decision::Agrees(_)))));
    outcome
}
