//! The judge `exact`: rational arithmetic, on two libraries that must agree.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use num_rational::BigRational;

use super::case::{Case, fixed_size};
use super::conclusion::{conclude, not_applicable};
use super::decide::{Decision, Found, OF_A_FORMAT, Outcome, Question};
use super::sampling::{self, Samples};
use super::{Options, closed, grid};
use crate::arith::exact::Exact;
use crate::arith::rational::Rational;
use crate::claims::Claim;
use crate::expr::Statement;
use crate::outcome::{Grid, Judgement, LibraryTime, Scope, Verdict};
use crate::proof::defined::{in_words, undischarged};

/// Decides on both libraries.
pub fn both(claim: &Claim, options: &Options) -> Judgement {
    if claim.statement.speaks_of_formats() {
        return not_applicable(claim, "exact", OF_A_FORMAT);
    }
    let question = Question::new(&claim.statement);
    let mut rug = sample::<rug::Rational>(&question, options);
    let num = sample::<BigRational>(&question, options);
    let seconds = [rug.seconds, num.seconds];
    let agree = rug.evidence == num.evidence
        && rug.shows == num.shows
        && rug.refutation.as_ref().map(|(show, _, sides)| (show, sides))
            == num.refutation.as_ref().map(|(show, _, sides)| (show, sides))
        && rug.undefined.as_ref().map(|(show, _, lack)| (show, lack))
            == num.undefined.as_ref().map(|(show, _, lack)| (show, lack));
    rug.seconds += num.seconds;
    // One search for both: what it finds on one library the other has to find, too.
    let systems = (Exact::<rug::Rational>::new(), Exact::<BigRational>::new());
    let denied = AtomicBool::new(false);
    let decide = |case: &Case| {
        let found = decide(&systems.0, &question, case);
        let is_wrong = |one: &Found| matches!(one.decision, Decision::Fails(_) | Decision::Undefined(_));
        if matches!(&found, Outcome::Inside(shows) if shows.iter().any(is_wrong)) {
            denied.fetch_or(decide(&systems.1, &question, case) != found, Ordering::Relaxed);
        }
        found
    };
    let mut judgement = conclude(claim, "exact", rug, decide);
    if !agree || denied.into_inner() {
        let why = "the two rational libraries disagree: this is a bug of the workbench".to_string();
        judgement.shows = judgement.shows.iter().map(|_| Verdict::Undecided(why.clone())).collect();
        judgement.verdict = Verdict::Undecided(why);
        judgement.witness = None;
    }
    let names = [rug::Rational::LIBRARY, BigRational::LIBRARY];
    let library = |(name, seconds): (&str, f64)| LibraryTime { name: name.to_string(), seconds };
    judgement.libraries = names.into_iter().zip(seconds).map(library).collect();
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
    let judge = format!("exact:{}", R::LIBRARY);
    if claim.statement.speaks_of_formats() {
        return not_applicable(claim, &judge, OF_A_FORMAT);
    }
    let question = Question::new(&claim.statement);
    let samples = sample::<R>(&question, options);
    let system = Exact::<R>::new();
    conclude(claim, &judge, samples, |case: &Case| decide(&system, &question, case))
}

/// What random cases and grids say on one library.
fn sample<R: Rational>(question: &Question<'_>, options: &Options) -> Samples {
    let system = Exact::<R>::new();
    let statement = question.statement;
    let decide = |case: &Case| decide(&system, question, case);
    let mut samples = sampling::run(statement, options, decide);
    let start = Instant::now();
    if statement.variables.is_empty() {
        prove_closed(statement, &mut samples, decide);
    } else if options.policy.is_none() {
        prove_by_grid::<R>(statement, &mut samples);
    }
    samples.seconds += start.elapsed().as_secs_f64();
    samples
}

/// A statement without variables is a computation: done exactly, it is a proof.
fn prove_closed(statement: &Statement, samples: &mut Samples, decide: impl Fn(&Case) -> Outcome) {
    let proved = closed::proved(statement, decide, |_, found| found.decision == Decision::Holds);
    for (show, ks) in samples.shows.iter_mut().zip(proved) {
        if *show == Verdict::Consistent && !ks.is_empty() {
            *show = Verdict::ProvedFor(Scope::actions(ks));
        }
    }
}

fn prove_by_grid<R: Rational>(statement: &Statement, samples: &mut Samples) {
    let grids = grid::prove::<R>(statement);
    // A grid proves that polynomials are equal, whether or not they are divided by.
    let left = |show: usize| {
        let only = Statement { shows: vec![statement.shows[show].clone()], ..statement.clone() };
        in_words(undischarged(&only, None).iter().map(|guarded| &guarded.condition))
    };
    for (index, (show, proved)) in samples.shows.iter_mut().zip(&grids).enumerate() {
        // What holds for one action alone is hardly a proof of a claim about K of them.
        let alone =
            |grid: &Grid| grid.ks == [1] && !statement.hypotheses.is_empty() && fixed_size(statement) != Some(1);
        if let (Some(grid), Verdict::Consistent) = (proved.as_ref().filter(|grid| !alone(grid)), &*show) {
            *show = Verdict::ProvedFor(Scope { defined: left(index), ..Scope::actions(grid.ks.clone()) });
        }
    }
    samples.evidence.grid = grid::together(&grids);
}

fn decide<R: Rational>(system: &Exact<R>, question: &Question<'_>, case: &Case) -> Outcome {
    if !case.is_rational() {
        return Outcome::Unknown("floating-point logits have irrational probabilities".to_string(), false);
    }
    let outcome = question.decide(system, case);
    debug_assert!(!matches!(&outcome, Outcome::Inside(found)
        if found.iter().any(|one| matches!(one.decision, Decision::Agrees(_)))));
    outcome
}
