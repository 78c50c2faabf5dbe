//! Random statements: number systems, libraries, judges and the evaluator of this test must not contradict each other.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use logitlab::arith::exact::Exact;
use logitlab::arith::interval::Intervals;
use logitlab::arith::interval64::Intervals64;
use logitlab::claims::{Claim, parse};
use logitlab::expr::{Prop, Statement};
use logitlab::judges::case::{Case, Entries};
use logitlab::judges::decide::{Decision, Outcome, Question};
use logitlab::judges::draw::draw;
use logitlab::judges::{JUDGES, Judge, Options, verify};
use logitlab::outcome::{ClaimReport, Judgement, Verdict, Witness};
use logitlab::policy::{Scores, Spec, suite};
use logitlab::proof::script::Script;
use logitlab::prove::{Citable, Limits, prove};
use num_rational::BigRational;
use rayon::prelude::*;
use rug::Float;

use crate::campaign::evaluator::{Lack, Machine, Point, is_proper};
use crate::campaign::point::{of_case, of_witness};
use crate::campaign::random::statement;
use crate::campaign::{all, draft, say};

/// The precision of the evaluator, in bits: numbers near 0 are told from 0.
const BITS: u32 = 2000;

/// Logits beyond these are left to the judges: they or their weights are below what the precision resolves.
const LOGITS: std::ops::RangeInclusive<f64> = 1e-100..=300.0;

/// Weights of more limbs are left to the judges for the same reason.
const LIMBS: usize = 4;

/// How much was compared, and what was found.
#[derive(Default)]
struct Tally {
    statements: usize,
    cases: usize,
    /// Decisions that two number systems or more made in one case.
    decisions: usize,
    /// Decisions that the evaluator confirmed.
    confirmed: usize,
    /// Witnesses that the evaluator confirmed.
    witnesses: usize,
    derived: usize,
    proved: usize,
    refuted: usize,
    undefined: usize,
    contradictions: Vec<String>,
}

impl Tally {
    fn and(mut self, other: Tally) -> Tally {
        self.statements += other.statements;
        self.cases += other.cases;
        self.decisions += other.decisions;
        self.confirmed += other.confirmed;
        self.witnesses += other.witnesses;
        self.derived += other.derived;
        self.proved += other.proved;
        self.refuted += other.refuted;
        self.undefined += other.undefined;
        self.contradictions.extend(other.contradictions);
        self
    }
}

/// What a number system says of a line, where that can contradict something.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Word {
    Holds,
    Fails,
    Undefined,
    /// The hypotheses do not hold.
    Outside,
}

fn word(decision: &Decision) -> Option<Word> {
    match decision {
        Decision::Holds | Decision::Unmet => Some(Word::Holds),
        Decision::Fails(_) => Some(Word::Fails),
        Decision::Undefined(_) => Some(Word::Undefined),
        Decision::Agrees(_) | Decision::Unclear(_) => None,
    }
}

/// For each line what is said of it.
fn words(outcome: &Outcome, shows: usize) -> Vec<Option<Word>> {
    match outcome {
        Outcome::Outside => vec![Some(Word::Outside); shows],
        Outcome::Unknown(..) => vec![None; shows],
        Outcome::Inside(found) => found.iter().map(|one| word(&one.decision)).collect(),
    }
}

/// The evaluator's word on each line; `None` where rounding hides it.
fn own_words(statement: &Statement, point: &Point<Float>) -> Vec<Option<Word>> {
    let mut machine = Machine::new(statement, point, BITS);
    match machine.outside() {
        Err(_) => return vec![None; statement.shows.len()],
        Ok(outside) if outside > 0.0 => return vec![Some(Word::Outside); statement.shows.len()],
        Ok(_) => {}
    }
    let mut of = |show: &Prop| match machine.degree(show) {
        Ok(degree) => Some(if degree > 0.0 { Word::Fails } else { Word::Holds }),
        Err(Lack::Undefined) => Some(Word::Undefined),
        Err(Lack::Unsure) => None,
    };
    statement.shows.iter().map(&mut of).collect()
}

fn describe(statement: &Statement) -> String {
    let mut text = String::new();
    let declared = |(name, sort): &(logitlab::expr::Name, logitlab::expr::Sort)| format!("{name} : {}", sort.word());
    let mut given: Vec<String> = statement.variables.iter().map(declared).collect();
    given.extend(statement.hypotheses.iter().map(Prop::to_string));
    if !given.is_empty() {
        writeln!(text, "given {}", given.join(", ")).expect("a string");
    }
    statement.definitions.iter().for_each(|(name, body)| writeln!(text, "let {name} = {body}").expect("a string"));
    statement.shows.iter().for_each(|show| writeln!(text, "show {show}").expect("a string"));
    text
}

fn is_moderate(case: &Case) -> bool {
    case.vectors.iter().all(|(_, entries)| match entries {
        Entries::Probabilities(scores) | Entries::Logits(scores) => match &**scores {
            Scores::Logits(logits) => logits.iter().all(|z| !z.is_finite() || *z == 0.0 || LOGITS.contains(&z.abs())),
            Scores::Integers(weights) => weights.width() <= LIMBS,
            Scores::Rationals { numerators, denominators } => numerators.width().max(denominators.width()) <= LIMBS,
        },
        Entries::Numbers(_) => true,
    })
}

/// Compares what is found in one case.
fn compare(question: &Question<'_>, case: &Case, tally: &mut Tally) {
    let statement = question.statement;
    let mut found: Vec<(&str, Outcome)> = Vec::new();
    if case.is_rational() {
        found.push(("exact on rug", question.decide(&Exact::<rug::Rational>::new(), case)));
        found.push(("exact on num-bigint", question.decide(&Exact::<BigRational>::new(), case)));
        if found[0].1 != found[1].1 {
            tally.contradictions.push(format!("libraries differ: {:?}\n{case:?}\n{}", found, describe(statement)));
        }
    }
    found.push(("intervals of 128 bits", question.decide(&Intervals::new(128), case)));
    found.push(("intervals in f64", question.decide(&Intervals64, case)));
    let mut said: Vec<(&str, Vec<Option<Word>>)> =
        found.iter().map(|(system, outcome)| (*system, words(outcome, statement.shows.len()))).collect();
    if is_moderate(case) {
        let point = of_case::<Float>(statement, case, BITS).expect("a case has a value for every name");
        if is_proper(statement, &point, BITS) {
            said.push(("the evaluator of this test", own_words(statement, &point)));
        }
    }
    tally.cases += 1;
    for show in 0..statement.shows.len() {
        let words: Vec<(&str, Word)> =
            said.iter().filter_map(|(system, words)| Some((*system, words[show]?))).collect();
        let Some(((_, first), rest)) = words.split_first() else { continue };
        tally.decisions += 1;
        tally.confirmed += usize::from(words.len() > 1 && rest.last().is_some_and(|(who, _)| who.contains("test")));
        if rest.iter().any(|(_, word)| word != first) {
            tally.contradictions.push(format!("line {}: {words:?}\n{case:?}\n{}", show + 1, describe(statement)));
        }
    }
}

/// Compares what judges say of a whole claim.
fn compare_judges(claim: &Claim, report: &ClaimReport, tally: &mut Tally) {
    let mut complain = |what: String| {
        let judges =
            report.judges.iter().map(|judge| format!("  {}: {:?}: {}\n", judge.judge, judge.shows, judge.evidence));
        tally.contradictions.push(format!("{what}\n{}{}", judges.collect::<String>(), describe(&claim.statement)));
    };
    if let Verdict::Contradicted(why) = &report.verdict {
        complain(format!("announced: {why}"));
    }
    for judge in &report.judges {
        if matches!(&judge.verdict, Verdict::Undecided(why) if why.contains("disagree")) {
            complain(format!("{}: {:?}", judge.judge, judge.verdict));
        }
        if judge.rejected.is_some() {
            complain("a derivation that the search found is rejected".to_string());
        }
        for other in &report.judges {
            let denied = (0..claim.statement.shows.len()).any(|show| denies(judge, other, show));
            if denied && !matches!(report.verdict, Verdict::Contradicted(_)) {
                complain(format!("not announced: {} and {}", judge.judge, other.judge));
            }
        }
    }
    for (judge, witness) in report.judges.iter().filter_map(|judge| Some((judge, judge.witness.as_ref()?))) {
        match check_witness(&claim.statement, witness) {
            Some(Ok(())) => tally.witnesses += 1,
            Some(Err(what)) => {
                let statement = describe(&claim.statement);
                tally.contradictions.push(format!("{}: {witness}: {what}\n{statement}", judge.judge));
            }
            None => {}
        }
    }
    match report.verdict {
        Verdict::Proved | Verdict::ProvedFor(_) => tally.proved += 1,
        Verdict::Refuted => tally.refuted += 1,
        Verdict::Undefined => tally.undefined += 1,
        _ => {}
    }
}

/// Whether one judge proves a line that the other refutes.
fn denies(judge: &Judgement, other: &Judgement, show: usize) -> bool {
    let k = other.witness.as_ref().map(|witness| witness.k);
    match (judge.shows.get(show), other.shows.get(show)) {
        (Some(Verdict::Proved), Some(Verdict::Refuted | Verdict::Undefined)) => true,
        (Some(Verdict::ProvedFor(scope)), Some(Verdict::Refuted)) => {
            scope.actions.as_ref().is_none_or(|ks| k.is_some_and(|k| ks.contains(&k)))
        }
        _ => false,
    }
}

/// Whether the evaluator finds in a witness what it is for; `None` where it cannot tell.
pub fn check_witness(statement: &Statement, witness: &Witness) -> Option<Result<(), String>> {
    let point = of_witness::<Float>(statement, witness, BITS)?;
    if !is_proper(statement, &point, BITS) {
        return Some(Err("its vectors are not of their sorts".to_string()));
    }
    let show = statement.shows.iter().position(|show| show.to_string() == witness.proposition)?;
    let word = own_words(statement, &point)[show]?;
    let right = if witness.lack.is_some() { Word::Undefined } else { Word::Fails };
    Some(if word == right { Ok(()) } else { Err(format!("the evaluator of this test finds {word:?}")) })
}

/// One statement in so many is given to the judges as a whole, who search for a counterexample; all are decided in
/// cases.
const JUDGED: u64 = 10;

fn one(index: u64, specs: &[Spec], judges: &[&Judge]) -> Tally {
    let mut tally = Tally { statements: 1, ..Tally::default() };
    let statement = statement(index);
    let question = Question::new(&statement);
    for number in 0..6 {
        let number = index * 7 + number;
        let spec = &specs[number as usize % specs.len()];
        for attempt in [0, 1, 7] {
            let (case, _) = draw(&statement, spec, 1, number, attempt);
            compare(&question, &case, &mut tally);
        }
    }
    if !index.is_multiple_of(JUDGED) {
        return tally;
    }
    let mut claim = draft("random", statement);
    // A claim with a derivation is searched with less effort; this one proves nothing, and nobody is asked about it.
    claim.proof = Some(Script::default());
    let mut judges: Vec<&Judge> = judges.to_vec();
    let limits = Limits { time: Duration::from_millis(200), steps: 40 };
    if let Some(found) = prove("random", &claim.statement, &Citable::default(), &limits).found {
        tally.derived += 1;
        claim = parse(&found.text).unwrap_or_else(|error| panic!("{error}\n{}", found.text));
    } else {
        judges.retain(|judge| judge.name != "script");
    }
    let options = Options { cases: 16, ..Options::default() };
    let run = verify(&[&claim], &judges, &options, &|_, _| {});
    compare_judges(&claim, &run.claims[0], &mut tally);
    tally
}

fn run(count: u64, title: &str) {
    let judges: Vec<&Judge> = JUDGES.iter().filter(|judge| judge.default || judge.name == "enclosure:f64").collect();
    // Small K: what is wrong in large ones is wrong in small ones.
    let specs: Vec<Spec> = suite(300).into_iter().filter(|spec| spec.actions().high <= 5).collect();
    let start = Instant::now();
    let each = |index: u64| {
        let tally = one(index, &specs, &judges);
        // At once: a campaign is long.
        tally.contradictions.iter().for_each(|what| say(&format!("statement {index}: {what}\n")));
        tally
    };
    let tally = (0..count).into_par_iter().map(each).reduce(Tally::default, Tally::and);
    say(&format!(
        "{title}: {} statements ({} proved, {} refuted, {} undefined, {} derived), {} cases, {} decisions of lines, {} \
         held against the evaluator of this test, {} witnesses confirmed, {} contradictions, {:.0} s\n",
        tally.statements,
        tally.proved,
        tally.refuted,
        tally.undefined,
        tally.derived,
        tally.cases,
        tally.decisions,
        tally.confirmed,
        tally.witnesses,
        tally.contradictions.len(),
        start.elapsed().as_secs_f64()
    ));
    assert_eq!(tally.contradictions.len(), 0, "{title}");
    assert!(tally.confirmed as u64 > count && tally.witnesses as u64 > count / JUDGED / 2, "too little is compared");
}

#[test]
fn judges_agree_on_random_statements() {
    run(300, "a slice");
}

#[test]
fn judges_agree_on_ten_thousand_random_statements_when_asked() {
    if all() {
        run(10_000, "all");
    }
}
