//! The judge `enclosure`: rigorous intervals, with more precision where that can decide.

use super::Options;
use super::case::Case;
use super::sampling::{self, Outcome, overall};
use super::smallest::{self, Refuted};
use crate::arith::interval::Intervals;
use crate::claims::{Claim, Expected};
use crate::expr::{Prop, Relation, Statement};
use crate::outcome::{Judgement, Verdict};
use std::sync::atomic::{AtomicU32, Ordering};

/// The precision at which intervals give up, in bits, unless they started beyond it.
pub const MOST_BITS: u32 = 4096;

/// Decides a claim by enclosing both sides.
pub fn decide(claim: &Claim, options: &Options) -> Judgement {
    let statement = &claim.statement;
    let highest = AtomicU32::new(options.bits);
    let in_case = |case: &Case| {
        let (outcome, bits) = climb(statement, case, options.bits);
        highest.fetch_max(bits, Ordering::Relaxed);
        outcome
    };
    let samples = sampling::run(statement, options, in_case);
    let mut shows = samples.shows;
    if statement.variables.is_empty() {
        for (show, verdict) in statement.shows.iter().zip(&mut shows) {
            // A strict inequality between enclosed numbers is settled; an equality is not.
            if *verdict == Verdict::Consistent && is_strict(show) {
                *verdict = Verdict::ProvedFor(vec![samples.evidence.k_max]);
            }
        }
    }
    let verdict = overall(&shows);
    let mut evidence = samples.evidence;
    evidence.bits = Some(highest.load(Ordering::Relaxed));
    let searches = verdict == Verdict::Refuted || claim.expected == Expected::Refuted;
    let first = samples.refutation.map(|(show, case, sides)| Refuted { show, case, sides });
    let found = if searches { smallest::search(statement, first, in_case) } else { None };
    let mut judgement = Judgement {
        judge: "enclosure".to_string(),
        verdict,
        evidence: String::new(),
        seconds: samples.seconds,
        witness: None,
        details: evidence,
        libraries: vec![],
        shows,
    };
    judgement.conclude(found);
    judgement
}

fn is_strict(prop: &Prop) -> bool {
    match prop {
        Prop::Compare(relation, ..) => matches!(relation, Relation::Less | Relation::Greater | Relation::NotEqual),
        Prop::And(parts) => parts.iter().all(is_strict),
        _ => false,
    }
}

/// Doubles the precision while something stays open that more precision could decide.
fn climb(statement: &Statement, case: &Case, start: u32) -> (Outcome, u32) {
    let mut bits = start;
    loop {
        let outcome = sampling::decide(&Intervals::new(bits), statement, case);
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
