//! Mutants of true claims: what a numerical search finds false must not pass.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use logitlab::claims::{Claim, Section, claims, find};
use logitlab::judges::{JUDGES, Judge, Options, verify};
use logitlab::outcome::{ClaimReport, Verdict};
use logitlab::policy::random::Rng;
use rayon::prelude::*;

use crate::campaign::agreement::check_witness;
use crate::campaign::attack::{Effort, attack};
use crate::campaign::mutate::{Kind, Mutant, mutants};
use crate::campaign::{all, draft, published, say};

/// Of each hundred mutants that are false, so many may pass.
const MISSES_PER_CENT: usize = 1;

/// The claims that are proved for every K.
fn true_claims() -> Vec<Claim> {
    let section =
        |claim: &&Claim| matches!(claim.section, Some(Section::Paper | Section::Consequences | Section::Library));
    let mut found: Vec<Claim> = claims().iter().filter(section).cloned().collect();
    found.push(find("cancellation").expect("a claim that is shipped").clone());
    found.extend(published());
    found
}

/// Of each claim and each kind so many mutants, chosen by a seed.
pub fn chosen(claims: &[Claim], of_each: usize) -> Vec<(String, Mutant)> {
    let mut chosen = Vec::new();
    for (number, claim) in claims.iter().enumerate() {
        let mut rng = Rng::new(0x6d75, number as u64);
        let mut of_kind: BTreeMap<Kind, Vec<Mutant>> = BTreeMap::new();
        for mutant in mutants(&claim.statement) {
            of_kind.entry(mutant.kind).or_default().push(mutant);
        }
        for mut mutants in of_kind.into_values() {
            for _ in 0..of_each.min(mutants.len()) {
                chosen.push((claim.id.clone(), mutants.swap_remove(rng.index(mutants.len()))));
            }
        }
    }
    chosen
}

struct Tried<'a> {
    id: &'a str,
    mutant: &'a Mutant,
    /// How false it is, and where, if the search found that.
    violation: Option<(f64, String)>,
    report: Option<ClaimReport>,
    /// Witnesses in which the evaluator of this test finds something else.
    wrong: Vec<String>,
}

fn passes(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Proved | Verdict::ProvedFor(_) | Verdict::Consistent)
}

/// The first attack, and the one on what passes.
const EFFORT: Effort = Effort { starts: 200, steps: 500, climbs: 3 };
const HARD: Effort = Effort { starts: 800, steps: 2500, climbs: 4 };

fn attempt<'a>(number: usize, (id, mutant): &'a (String, Mutant), judges: &[&Judge]) -> Tried<'a> {
    let statement = &mutant.statement;
    let found = attack(statement, number as u64, EFFORT, false);
    // In a campaign all are judged, and what passes is attacked harder than what is refuted anyway.
    if found.is_none() && !all() {
        return Tried { id, mutant, violation: None, report: None, wrong: vec![] };
    }
    let claim = draft("mutant", statement.clone());
    let mut run = verify(&[&claim], judges, &Options::default(), &|_, _| {});
    let report = run.claims.remove(0);
    let witnesses = report.judges.iter().filter_map(|judge| judge.witness.as_ref());
    let wrong = |witness| Some(format!("{witness}: {}", check_witness(statement, witness)?.err()?));
    let wrong = witnesses.filter_map(wrong).collect();
    let worst = if passes(&report.verdict) { attack(statement, number as u64, HARD, true) } else { None };
    let violation = worst.or(found).map(|found| (found.degree, found.at));
    Tried { id, mutant, violation, report: Some(report), wrong }
}

/// Tries mutants and tells what came of them: how many were false, and which of these passed.
fn run(chosen: &[(String, Mutant)], title: &str) {
    let judges: Vec<&Judge> = JUDGES.iter().filter(|judge| judge.default).collect();
    let start = Instant::now();
    let done = AtomicUsize::new(0);
    let each = |(number, one)| {
        let tried = attempt(number, one, &judges);
        let done = 1 + done.fetch_add(1, Ordering::Relaxed);
        if all() {
            let verdict = tried.report.as_ref().map_or("not judged", |report| report.verdict.word());
            let falsity = if tried.violation.is_some() { "false" } else { "not found false" };
            let (id, kind, change) = (tried.id, one.1.kind, &one.1.change);
            say(&format!("{done} of {}: {falsity}: {verdict}: {id} ({kind}): {change}\n", chosen.len()));
        }
        tried
    };
    let tried: Vec<Tried<'_>> = chosen.par_iter().enumerate().map(each).collect();
    let mut text = format!("{title}: {} mutants, {:.0} s\n", chosen.len(), start.elapsed().as_secs_f64());
    let false_ones: Vec<&Tried<'_>> = tried.iter().filter(|one| one.violation.is_some()).collect();
    let missed = |one: &&&Tried<'_>| one.report.as_ref().is_some_and(|report| passes(&report.verdict));
    writeln!(
        text,
        "{:28} {:>6} {:>6} {:>7} {:>9} {:>9} {:>7}",
        "kind", "made", "false", "refuted", "undefined", "undecided", "passed"
    )
    .expect("a string");
    for kind in Kind::ALL {
        let of_kind = |one: &&&Tried<'_>| one.mutant.kind == kind;
        let found: Vec<&&Tried<'_>> = false_ones.iter().filter(of_kind).collect();
        let said = |word: &str| {
            let verdict = |one: &&&&Tried<'_>| one.report.as_ref().is_some_and(|report| report.verdict.word() == word);
            found.iter().filter(verdict).count()
        };
        writeln!(
            text,
            "{kind:28} {:>6} {:>6} {:>7} {:>9} {:>9} {:>7}",
            tried.iter().filter(|one| one.mutant.kind == kind).count(),
            found.len(),
            said("refuted"),
            said("undefined"),
            said("undecided"),
            found.iter().filter(|one| missed(one)).count(),
        )
        .expect("a string");
    }
    let misses: Vec<&&Tried<'_>> = false_ones.iter().filter(missed).collect();
    for one in &misses {
        let (degree, at) = one.violation.as_ref().expect("it is false");
        let judges = one.report.iter().flat_map(|report| &report.judges);
        let evidence: Vec<String> = judges.map(|judge| format!("{}: {}", judge.judge, judge.evidence)).collect();
        writeln!(
            text,
            "passed: {} ({}): {}\n  false by {degree:.2e} at {at}\n  {}",
            one.id,
            one.mutant.kind,
            one.mutant.change,
            evidence.join(" | ")
        )
        .expect("a string");
    }
    let seconds = |one: &&&Tried<'_>| one.report.as_ref().map_or(0.0, |report| report.seconds);
    let slowest = false_ones.iter().max_by(|a, b| seconds(a).total_cmp(&seconds(b)));
    if let Some(one) = slowest {
        writeln!(text, "slowest: {:.1} s: {}: {}", seconds(&one), one.id, one.mutant.change).expect("a string");
    }
    let others: Vec<&Tried<'_>> = tried.iter().filter(|one| one.violation.is_none() && one.report.is_some()).collect();
    let of = |word: &str| {
        let verdict = |one: &&&Tried<'_>| one.report.as_ref().is_some_and(|report| report.verdict.word() == word);
        others.iter().filter(verdict).count()
    };
    let (refuted, undefined, undecided) = (of("refuted"), of("undefined"), of("undecided"));
    let rest = others.len() - refuted - undefined - undecided;
    if all() {
        writeln!(
            text,
            "not found false here: {refuted} refuted, {undefined} undefined, {undecided} undecided, {rest} passed"
        )
        .expect("a string");
    }
    for one in &tried {
        one.wrong
            .iter()
            .for_each(|wrong| writeln!(text, "{} ({}): {wrong}", one.id, one.mutant.change).expect("a string"));
    }
    say(&text);
    assert!(tried.iter().all(|one| one.wrong.is_empty()), "a witness is none");
    let contradicted = |one: &&&Tried<'_>| {
        one.report.as_ref().is_some_and(|report| matches!(report.verdict, Verdict::Contradicted(_)))
    };
    assert!(!false_ones.iter().any(|one| contradicted(&one)), "judges contradict each other");
    assert!(false_ones.len() * 2 > chosen.len(), "the search finds too few of the mutants false to tell anything");
    assert!(
        misses.len() * 100 <= MISSES_PER_CENT * false_ones.len(),
        "{} of {} false statements passed:\n{text}",
        misses.len(),
        false_ones.len()
    );
}

#[test]
fn false_mutants_do_not_pass() {
    let mut some = chosen(&true_claims(), 1);
    // A slice through all claims and kinds.
    let mut kept = Vec::new();
    let mut rng = Rng::new(0x736c, 0);
    while kept.len() < 30 && !some.is_empty() {
        kept.push(some.swap_remove(rng.index(some.len())));
    }
    run(&kept, "a slice");
}

#[test]
fn no_false_mutant_passes_when_asked() {
    if all() {
        run(&chosen(&true_claims(), 2), "all claims");
    }
}
