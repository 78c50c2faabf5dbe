//! The judge `enclosure`: rigorous intervals, with more precision where that can decide.

use std::sync::atomic::{AtomicU32, Ordering};

use super::case::Case;
use super::conclusion::{conclude, not_applicable};
use super::decide::{Decision, Found, OF_A_FORMAT, Outcome, Question};
use super::sampling;
use super::{Options, closed};
use crate::arith::interval::Intervals;
use crate::arith::interval64::Intervals64;
use crate::claims::Claim;
use crate::expr::{Prop, Relation};
use crate::outcome::{Judgement, Scope, Verdict};

/// The precision at which intervals give up, in bits, unless they started beyond it.
pub const MOST_BITS: u32 = 4096;

/// Decides a claim by enclosing both sides in MPFR intervals.
pub fn decide(claim: &Claim, options: &Options) -> Judgement {
    let question = Question::new(&claim.statement);
    enclose(claim, "enclosure", options, |case| climb(&question, case, options.bits))
}

/// Decides a claim by enclosing both sides in f64 intervals, whose precision is what it is.
pub fn in_f64(claim: &Claim, options: &Options) -> Judgement {
    let question = Question::new(&claim.statement);
    let in_case = |case: &Case| (question.decide(&Intervals64, case), f64::MANTISSA_DIGITS);
    enclose(claim, "enclosure:f64", options, in_case)
}

/// Decides by what is found in each case, and with which precision.
fn enclose(
    claim: &Claim,
    judge: &str,
    options: &Options,
    in_case: impl Fn(&Case) -> (Outcome, u32) + Sync,
) -> Judgement {
    let statement = &claim.statement;
    if statement.speaks_of_formats() {
        return not_applicable(claim, judge, OF_A_FORMAT);
    }
    let highest = AtomicU32::new(0);
    let decide = |case: &Case| {
        let (outcome, bits) = in_case(case);
        highest.fetch_max(bits, Ordering::Relaxed);
        outcome
    };
    let mut samples = sampling::run(statement, options, decide);
    samples.evidence.bits = Some(highest.load(Ordering::Relaxed));
    if statement.variables.is_empty() {
        // A strict inequality between enclosed numbers is settled; an equality is not.
        let settles = |show: &Prop, found: &Found| is_strict(show) && found.decision == Decision::Holds;
        for (verdict, ks) in samples.shows.iter_mut().zip(closed::proved(statement, decide, settles)) {
            if *verdict == Verdict::Consistent && !ks.is_empty() {
                *verdict = Verdict::ProvedFor(Scope::actions(ks));
            }
        }
    }
    conclude(claim, judge, samples, decide)
}

fn is_strict(prop: &Prop) -> bool {
    match prop {
        Prop::Compare(relation, ..) => matches!(relation, Relation::Less | Relation::Greater | Relation::NotEqual),
        Prop::And(parts) => parts.iter().all(is_strict),
        _ => false,
    }
}

/// Doubles the precision while something stays open that more precision could decide.
fn climb(question: &Question<'_>, case: &Case, start: u32) -> (Outcome, u32) {
    let mut bits = start;
    loop {
        let outcome = question.decide(&Intervals::new(bits), case);
        let retry = match &outcome {
            Outcome::Outside => false,
            Outcome::Unknown(_, retry) => *retry,
            Outcome::Inside(found) => found.iter().any(|one| one.retry),
        };
        if !retry || 2 * bits > MOST_BITS {
            return (outcome, bits);
        }
        bits *= 2;
    }
}
