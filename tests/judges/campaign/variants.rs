//! False variants of what is proved: a search for derivations finds none, and the judges show where they are false.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use logitlab::claims::{Claim, Expected, claims};
use logitlab::judges::{JUDGES, Judge, Options, verify};
use logitlab::outcome::Verdict;
use logitlab::policy::random::Rng;
use logitlab::prove::{Citable, Limits, prove};
use rayon::prelude::*;

use crate::campaign::attack::{Effort, attack};
use crate::campaign::mutants::chosen;
use crate::campaign::mutate::Mutant;
use crate::campaign::{all, draft, published, read_folder, say};

/// Of each hundred false variants, for so many a counterexample is shown.
const SHOWN_PER_CENT: usize = 95;

/// How hard a variant is attacked for which none is shown.
const EFFORT: Effort = Effort { starts: 400, steps: 1000, climbs: 3 };

/// The claims of a folder below the second suite.
fn suite(folder: &str) -> Vec<Claim> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/proof/suite").join(folder);
    let named = |(file, claim): (PathBuf, Claim)| {
        assert_eq!(file.file_stem().and_then(|stem| stem.to_str()), Some(claim.id.as_str()));
        claim
    };
    read_folder(&folder).into_iter().map(named).collect()
}

/// Claims that hold: those with a derivation, and the second suite.
fn provable() -> Vec<Claim> {
    let derived = claims().iter().filter(|claim| claim.proof.is_some()).cloned();
    derived.chain(suite("")).chain(published()).collect()
}

/// The judges that look for counterexamples.
fn judges() -> Vec<&'static Judge> {
    JUDGES.iter().filter(|judge| judge.default && judge.name != "script").collect()
}

fn is_refuted(claim: &Claim) -> bool {
    let run = verify(&[claim], &judges(), &Options::default(), &|_, _| {});
    run.claims[0].verdict == Verdict::Refuted
}

/// Whether everything that a claim shows is derived.
fn is_derived(claim: &Claim) -> bool {
    let time = Duration::from_millis(if all() { 2_000 } else { 300 });
    let outcome = prove("variant", &claim.statement, &Citable::by(claim), &Limits { time, ..Limits::default() });
    outcome.found.is_some() && outcome.missing.is_empty()
}

/// What became of a variant.
struct Tried<'a> {
    id: &'a str,
    mutant: &'a Mutant,
    /// Whether a counterexample is shown.
    shown: bool,
    /// Where it is false, if only the attack of these tests finds that.
    missed: Option<String>,
    derived: bool,
}

impl Tried<'_> {
    fn is_false(&self) -> bool {
        self.shown || self.missed.is_some()
    }
}

fn attempt<'a>(number: usize, (id, mutant): &'a (String, Mutant)) -> Tried<'a> {
    let claim = draft("variant", mutant.statement.clone());
    let shown = is_refuted(&claim);
    let missed = if shown { None } else { attack(&mutant.statement, number as u64, EFFORT, false) };
    let missed = missed.map(|found| format!("false by {:.2e} at {}", found.degree, found.at));
    let derived = (shown || missed.is_some()) && is_derived(&claim);
    Tried { id, mutant, shown, missed, derived }
}

fn run(chosen: &[(String, Mutant)], title: &str, at_least: usize) {
    let start = Instant::now();
    let tried: Vec<Tried<'_>> = chosen.par_iter().enumerate().map(|(number, one)| attempt(number, one)).collect();
    let of_false = |test: fn(&Tried<'_>) -> bool| tried.iter().filter(|one| one.is_false() && test(one)).count();
    let (count, shown, derived) = (of_false(|_| true), of_false(|one| one.shown), of_false(|one| one.derived));
    let mut text = format!(
        "{title}: {} variants, {count} false, a counterexample shown for {shown}, {derived} derived, {:.0} s\n",
        tried.len(),
        start.elapsed().as_secs_f64()
    );
    for one in tried.iter().filter(|one| one.derived || one.missed.is_some()) {
        let what = if one.derived { "derived" } else { "no counterexample shown" };
        let missed = one.missed.as_deref().unwrap_or("a counterexample is shown");
        writeln!(text, "{what}: {} ({}): {}: {missed}", one.id, one.mutant.kind, one.mutant.change).expect("a string");
    }
    say(&text);
    assert_eq!(derived, 0, "something false is derived:\n{text}");
    assert!(count >= at_least, "only {count} of {} variants are found to be false", tried.len());
    assert!(shown * 100 >= SHOWN_PER_CENT * count, "{text}");
}

/// So many of them, spread over claims and kinds.
fn some(count: usize) -> Vec<(String, Mutant)> {
    let mut left = chosen(&provable(), 1);
    let mut kept = Vec::new();
    let mut rng = Rng::new(0x7661, 0);
    while kept.len() < count && !left.is_empty() {
        kept.push(left.swap_remove(rng.index(left.len())));
    }
    kept
}

#[test]
fn false_variants_are_not_derived() {
    run(&some(12), "a few variants", 6);
}

#[test]
fn no_false_variant_is_derived_when_asked() {
    if all() {
        run(&some(320), "variants of all claims", 200);
    }
}

/// Statements that look like true ones: each is told to be false, and none is derived.
#[test]
fn look_alikes_are_refuted() {
    let false_ones = suite("false");
    assert!(false_ones.len() >= 10);
    let step = if all() { 1 } else { 3 };
    false_ones.par_iter().step_by(step).for_each(|claim| {
        assert_eq!(claim.expected, Expected::Refuted, "{}", claim.id);
        assert!(is_refuted(claim), "{}", claim.id);
        assert!(!is_derived(claim), "{}", claim.id);
    });
}

/// The second suite is what it says: claims with a source and without a derivation, each in the table of its README.
#[test]
fn the_second_suite_is_listed() {
    let claims = suite("");
    assert!(claims.len() >= 45);
    let readme = include_str!("../../proof/suite/README.md");
    for claim in &claims {
        assert!(claim.proof.is_none() && claim.expected == Expected::Holds, "{}", claim.id);
        let row = format!("| {} | {} | ", claim.id, claim.source);
        assert!(readme.contains(&row), "README.md has no line that starts {row}");
    }
    assert_eq!(readme.lines().filter(|line| line.starts_with("| ")).count(), claims.len() + 1);
}
