//! What the judges share that decide a claim case by case.

use std::collections::BTreeSet;
use std::time::Instant;

use rayon::prelude::*;

use super::Options;
use super::case::{Case, cost_exponent, fixed_size, principal, untried};
use super::closed;
use super::decide::{Decision, Outcome};
use super::draw::{ATTEMPTS, draw};
use super::kind::{Kind, kind};
use crate::expr::{Prop, Statement};
use crate::outcome::{Evidence, Lack, Verdict};
use crate::policy::{Spec, suite};
use crate::proof::defined::contradiction;
use crate::text::counted;

/// All that sampling found.
pub struct Samples {
    /// How much was tried.
    pub evidence: Evidence,
    /// What follows for each proposition to be shown.
    pub shows: Vec<Verdict>,
    /// The first case in which one of them is false: its number among the shows, the case, the sides.
    pub refutation: Option<(usize, Case, Option<String>)>,
    /// The first case in which one of them has no truth value: its number among the shows, the case, the reason.
    pub undefined: Option<(usize, Case, Lack)>,
    /// Seconds of deciding, added over the cases.
    pub seconds: f64,
}

#[derive(Clone, Default)]
struct CaseTally {
    decided: usize,
    kinds: BTreeSet<Kind>,
    solved: bool,
    unmet: usize,
    unclear: usize,
    reason: Option<String>,
    agreement: Option<i64>,
}

/// The policies on which a statement is tried: those asked for, or of the default suite those whose K it can afford.
pub fn specs(statement: &Statement, options: &Options) -> Vec<Spec> {
    if let Some(spec) = &options.policy {
        return vec![spec.clone(); options.cases];
    }
    // A statement about given numbers has one case for each K.
    if statement.variables.is_empty() {
        return closed::specs(statement);
    }
    let affordable = |spec: &Spec| (spec.actions().high as u64).saturating_pow(cost_exponent(statement)) <= MOST_WORK;
    suite(8 * options.cases).into_iter().filter(affordable).take(options.cases).collect()
}

/// K to the power of a statement's cost may be this large in the default suite.
const MOST_WORK: u64 = 1100;

/// Decides a statement in many cases.
pub fn run(statement: &Statement, options: &Options, decide: impl Fn(&Case) -> Outcome + Sync) -> Samples {
    let untried = untried(statement);
    let specs = if untried.is_some() { vec![] } else { specs(statement, options) };
    let only_policy = statement.variables.iter().all(|declared| Some(declared) == principal(statement));
    let attempts = if only_policy { 1 } else { ATTEMPTS };
    let one = |(index, spec): (usize, &Spec)| {
        let start = Instant::now();
        let mut last = (None, Outcome::Outside);
        let mut solved = false;
        for attempt in 0..attempts {
            let case;
            (case, solved) = draw(statement, spec, options.seed, index as u64, attempt);
            if !case.is_proper(statement) {
                continue;
            }
            let outcome = decide(&case);
            let again = outcome == Outcome::Outside;
            last = (Some(case), outcome);
            if !again {
                break;
            }
        }
        (last, solved, start.elapsed().as_secs_f64())
    };
    let results: Vec<_> = specs.par_iter().enumerate().map(one).collect();
    let mut samples = collect(statement, results);
    if let Some(why) = untried {
        samples.shows.fill(Verdict::Undecided(why));
    }
    samples
}

/// A case, what was found in it, whether it was solved for, and the seconds that it took.
type Tried = ((Option<Case>, Outcome), bool, f64);

fn collect(statement: &Statement, results: Vec<Tried>) -> Samples {
    let mut evidence = Evidence { tried: results.len(), ..Evidence::default() };
    let mut tallies = vec![CaseTally::default(); statement.shows.len()];
    let mut refutation = None;
    let mut undefined = None;
    let mut nowhere = None;
    let mut seconds = 0.0;
    let mut kinds = BTreeSet::new();
    let (mut outside, mut unknown) = (0, 0);
    for ((case, outcome), solved, time) in results {
        seconds += time;
        let (Some(case), outcome) = (case, outcome) else { continue };
        let found = match outcome {
            Outcome::Outside => {
                outside += 1;
                continue;
            }
            Outcome::Unknown(why, _) => {
                unknown += 1;
                nowhere.get_or_insert(why);
                continue;
            }
            Outcome::Inside(found) => found,
        };
        evidence.k_min = if evidence.cases == 0 { case.k } else { evidence.k_min.min(case.k) };
        evidence.k_max = evidence.k_max.max(case.k);
        evidence.cases += 1;
        let kind = kind(statement, &case);
        // Without a vector, cases differ in no kind.
        if !case.vectors.is_empty() {
            kinds.insert(kind);
        }
        evidence.undecided += usize::from(found.iter().any(|one| matches!(one.decision, Decision::Unclear(_))));
        for (show, one) in found.into_iter().enumerate() {
            let tally = &mut tallies[show];
            match one.decision {
                Decision::Unclear(why) => {
                    tally.unclear += 1;
                    tally.reason.get_or_insert(why);
                    continue;
                }
                Decision::Agrees(bits) => tally.agreement = Some(tally.agreement.map_or(bits, |least| least.min(bits))),
                Decision::Holds => {}
                // Where its premise does not hold, a case is no evidence for an implication.
                Decision::Unmet => {
                    tally.unmet += 1;
                    continue;
                }
                Decision::Undefined(lack) => {
                    undefined.get_or_insert_with(|| (show, case.clone(), lack));
                }
                Decision::Fails(sides) if refutation.is_none() => refutation = Some((show, case.clone(), sides)),
                Decision::Fails(_) => {}
            }
            tally.decided += 1;
            tally.kinds.insert(kind);
            tally.solved |= solved;
        }
    }
    evidence.kinds = kinds.len();
    evidence.decided = tallies.iter().map(|tally| tally.decided).collect();
    evidence.agreement = tallies.iter().filter_map(|tally| tally.agreement).min();
    let refuted = refutation.as_ref().map(|(show, _, _)| *show);
    let lacking = undefined.as_ref().map(|(show, _, _)| *show);
    let cases = evidence.cases;
    let verdict = |(show, tally): (usize, &CaseTally)| match () {
        () if refuted == Some(show) => Verdict::Refuted,
        () if lacking == Some(show) => Verdict::Undefined,
        () if is_trivial(statement, show, tally) => Verdict::Undecided(trivially(tally)),
        () if tally.decided > 0 => Verdict::Consistent,
        () if tally.unmet == cases && cases > 0 => Verdict::Undecided(format!("0 of {cases} cases met the premise")),
        () => {
            let none = || match &nowhere {
                Some(why) if contradiction(statement).is_none() => {
                    let cases = counted(unknown as u64, "case");
                    match counted(outside as u64, "case") {
                        _ if outside == 0 => {
                            format!("no case is known to meet the hypotheses; of {cases} it cannot be told: {why}")
                        }
                        fail => format!(
                            "{}: they fail in {fail}, and of {cases} it cannot be told: {why}",
                            no_case(statement)
                        ),
                    }
                }
                _ => no_case(statement),
            };
            Verdict::Undecided(tally.reason.clone().unwrap_or_else(none))
        }
    };
    let shows = tallies.iter().enumerate().map(verdict).collect();
    Samples { evidence, shows, refutation, undefined, seconds }
}

/// Whether a line was decided in cases of trivial kinds alone, though its hypotheses or its premise may allow others:
/// where these were solved for from a case of any kind, they do not.
fn is_trivial(statement: &Statement, show: usize, tally: &CaseTally) -> bool {
    let conditional = !statement.hypotheses.is_empty() || matches!(statement.shows[show], Prop::Implies(..));
    conditional
        && tally.decided > 0
        && !tally.solved
        && tally.kinds.iter().all(|kind| kind.is_trivial())
        && fixed_size(statement) != Some(1)
}

fn trivially(tally: &CaseTally) -> String {
    let nouns: Vec<&str> = tally.kinds.iter().map(|kind| kind.noun()).collect();
    format!("the hypotheses were met only trivially, by {}", nouns.join(", "))
}

/// Why no case met the hypotheses: they contradict each other, where the kernel knows that, or nobody knows.
pub fn no_case(statement: &Statement) -> String {
    match contradiction(statement) {
        Some(hypothesis) => format!("the hypotheses contradict each other: the others say that {hypothesis} is false"),
        None => "no case met the hypotheses".to_string(),
    }
}

/// What is said of the claim as a whole, with the propositions named that keep it undecided.
pub fn overall(shows: &[Verdict]) -> Verdict {
    let all = shows.iter().cloned().reduce(Verdict::and).expect("a claim shows something");
    match all {
        Verdict::Undecided(why) if shows.len() > 1 => {
            let open: Vec<usize> =
                (1..=shows.len()).filter(|k| matches!(shows[k - 1], Verdict::Undecided(_))).collect();
            if open.len() == shows.len() {
                return Verdict::Undecided(why);
            }
            let numbers = open.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            Verdict::Undecided(format!("line {numbers} of {}: {why}", shows.len()))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::parse;

    #[test]
    fn trivial_cases_are_no_evidence_unless_the_hypotheses_allow_no_others() {
        let trivial = |text: &str, kinds: &[Kind], solved: bool| {
            let statement = parse(&format!("claim x {text}")).unwrap().statement;
            let tally =
                CaseTally { decided: 5, kinds: kinds.iter().copied().collect(), solved, ..CaseTally::default() };
            is_trivial(&statement, 0, &tally).then(|| trivially(&tally))
        };
        let given = "given P : distribution, |P|^2 = 1 show max(P) = 1";
        let said = "the hypotheses were met only trivially, by K = 1, one-hot policies";
        assert_eq!(trivial(given, &[Kind::OneAction, Kind::OneHot], false).as_deref(), Some(said));
        assert_eq!(trivial(given, &[Kind::OneAction, Kind::Generic], false), None);
        assert_eq!(trivial(given, &[Kind::OneAction, Kind::OneHot], true), None);
        assert_eq!(trivial("given P : distribution, K = 1 show max(P) = 1", &[Kind::OneAction], false), None);
        assert_eq!(trivial("given P : distribution show max(P) <= 1", &[Kind::OneHot], false), None);
        let premise = "given P : distribution show |P|^2 = 1 => max(P) = 1";
        assert!(trivial(premise, &[Kind::OneHot], false).is_some());
    }
}
