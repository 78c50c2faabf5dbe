//! The judge `smt`: polynomial claims at one K at a time, decided by a solver that nobody here wrote.
//!
//! z3 or cvc5 is asked for values at which the hypotheses hold and a line does not ([`term`]); where there are none,
//! the line is proved for this K. What it finds is tried in exact arithmetic before anything is believed. A line must
//! have a truth value wherever the hypotheses hold; that is asked, too.

pub mod solver;
pub mod term;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive};

use super::Options;
use super::case::{Case, Entries, Scalar};
use super::conclusion::{found, not_applicable};
use super::decide::{Decision, Outcome, Question};
use super::sampling::overall;
use super::smallest::{self, Refuted};
use crate::arith::exact::Exact;
use crate::claims::Claim;
use crate::coq::derivation::opened;
use crate::expr::domain::of_prop;
use crate::expr::{Name, Prop, Sort, Statement};
use crate::outcome::{Judgement, Scope, Verdict};
use crate::policy::{Naturals, Scores};
use crate::proof::term::prop_mentions;
use solver::{Answer, Solver};
use term::Writer;

/// The name of the judge.
pub const NAME: &str = "smt";

/// The numbers of actions that are tried.
const SIZES: [usize; 3] = [2, 3, 4];

/// How many seconds one question may take.
const SECONDS: u32 = 5;

static SOLVER: LazyLock<Option<Solver>> = LazyLock::new(Solver::find);

/// Asks a solver about each line at each K.
pub fn decide(claim: &Claim, _: &Options) -> Judgement {
    let start = Instant::now();
    let statement = opened(&claim.statement);
    if let Err(why) = written(&statement, SIZES[0], &HashMap::new(), None) {
        return not_applicable(claim, NAME, &format!("it is no polynomial claim: {why}"));
    }
    let mut judgement = match &*SOLVER {
        Some(solver) => asked(claim, &statement, solver),
        None => {
            let why = Verdict::Undecided("no solver was run".to_string());
            Judgement {
                shows: vec![why.clone(); claim.statement.shows.len()],
                verdict: why,
                evidence: format!("not run: {}", solver::INSTALL),
                ..not_applicable(claim, NAME, "")
            }
        }
    };
    judgement.seconds = start.elapsed().as_secs_f64();
    judgement
}

/// What is found of one line at one K.
enum Line {
    /// There are no values at which it fails, and there are some at which the hypotheses hold.
    Holds,
    /// No values meet the hypotheses.
    Empty,
    /// It is false here, as exact arithmetic says.
    Fails(Case, Option<String>),
    /// Nothing is known, for this reason.
    Open(String),
}

fn asked(claim: &Claim, statement: &Statement, solver: &Solver) -> Judgement {
    let mut shows = Vec::new();
    let mut refuted = None;
    for show in 0..statement.shows.len() {
        let (mut ks, mut why) = (Vec::new(), String::new());
        for k in SIZES {
            match line(claim, statement, solver, show, k) {
                Line::Holds => ks.push(k),
                Line::Empty => {}
                Line::Open(reason) => why = format!("K = {k}: {reason}"),
                Line::Fails(case, sides) if refuted.is_none() => refuted = Some(Refuted { show, case, sides }),
                Line::Fails(..) => {}
            }
        }
        shows.push(match &refuted {
            Some(Refuted { show: at, .. }) if *at == show => Verdict::Refuted,
            _ if ks.is_empty() => {
                let why = if why.is_empty() { "no K of 2 to 4 meets the hypotheses".to_string() } else { why };
                Verdict::Undecided(why)
            }
            _ => Verdict::ProvedFor(Scope::actions(ks)),
        });
    }
    let question = Question::new(&claim.statement);
    let system = Exact::<rug::Rational>::new();
    let witness = refuted.and_then(|first| {
        let decide = |case: &Case| question.decide(&system, case);
        smallest::search(&claim.statement, Some(first), smallest::effort(claim), decide).refuted
    });
    let witness = witness.map(|(_, witness)| witness);
    let verdict = overall(&shows);
    let evidence = match (&witness, &verdict) {
        (Some(witness), _) => format!("{}, found by {}", found(witness), solver.version),
        (None, Verdict::Undecided(why)) => why.clone(),
        _ => format!("for all values at each K, by {}", solver.version),
    };
    Judgement { verdict, shows, evidence, witness, ..not_applicable(claim, NAME, "") }
}

/// One line at one K, for each value of the actions.
fn line(claim: &Claim, statement: &Statement, solver: &Solver, show: usize, k: usize) -> Line {
    let props = || statement.hypotheses.iter().chain([&statement.shows[show]]);
    let counts = |name: &Name| props().any(|prop| prop_mentions(prop, &[name]));
    let actions = statement.variables.iter().filter(|(_, sort)| *sort == Sort::Action).map(|(name, _)| name);
    let names: Vec<&Name> = actions.filter(|name| counts(name)).collect();
    let mut is_met = false;
    for number in 0..k.pow(names.len() as u32) {
        let digit = |place: usize| number / k.pow(place as u32) % k;
        let actions: HashMap<Name, usize> =
            names.iter().enumerate().map(|(place, name)| ((*name).clone(), digit(place))).collect();
        match at(claim, statement, solver, show, k, &actions) {
            Line::Holds => is_met = true,
            Line::Empty => {}
            other => return other,
        }
    }
    if is_met { Line::Holds } else { Line::Empty }
}

fn at(
    claim: &Claim,
    statement: &Statement,
    solver: &Solver,
    show: usize,
    k: usize,
    actions: &HashMap<Name, usize>,
) -> Line {
    let ask = |what: Option<Asked>| match written(statement, k, actions, what) {
        Ok(writer) => (solver.ask(writer.text(), &writer.symbols(), SECONDS), writer.symbols()),
        Err(why) => (Answer::Failed(why), vec![]),
    };
    let open = |answer: Answer| {
        Line::Open(match answer {
            Answer::Failed(why) => why,
            _ => format!("{} says nothing in {SECONDS} s", solver.version),
        })
    };
    match ask(Some(Asked::False(show))).0 {
        Answer::None => {}
        Answer::Values(values) => return tried(claim, show, k, actions, &values),
        other => return open(other),
    }
    match ask(Some(Asked::Undefined(show))).0 {
        Answer::None => {}
        Answer::Values(_) => return Line::Open("there are values at which it has no truth value".to_string()),
        other => return open(other),
    }
    match ask(None).0 {
        Answer::None => Line::Empty,
        Answer::Values(_) => Line::Holds,
        other => open(other),
    }
}

/// What a solver is asked for, beside the hypotheses.
#[derive(Clone, Copy)]
enum Asked {
    /// Values at which a line is false.
    False(usize),
    /// Values at which it has no truth value.
    Undefined(usize),
}

/// The text of a question. A hypothesis without a value is not met.
fn written<'s>(
    statement: &'s Statement,
    k: usize,
    actions: &HashMap<Name, usize>,
    asked: Option<Asked>,
) -> term::Written<Writer<'s>> {
    let declared = statement.variables.iter().filter(|(_, sort)| *sort == Sort::Action);
    let mut all: HashMap<Name, usize> = declared.map(|(name, _)| (name.clone(), 0)).collect();
    all.extend(actions.clone());
    let mut writer = Writer::new(statement, k, all)?;
    for hypothesis in &statement.hypotheses {
        for guarded in of_prop(hypothesis, statement) {
            let holds = writer.condition(&guarded.condition)?;
            writer.assert(&holds);
        }
        let holds = writer.prop(hypothesis)?;
        writer.assert(&holds);
    }
    let lines: Vec<usize> = match asked {
        Some(Asked::False(show) | Asked::Undefined(show)) => vec![show],
        None => vec![],
    };
    for show in lines {
        let prop: &Prop = &statement.shows[show];
        let mut conditions = Vec::new();
        for guarded in of_prop(prop, statement) {
            let premises: Vec<String> =
                guarded.premises.iter().map(|premise| writer.prop(premise)).collect::<term::Written<_>>()?;
            let holds = writer.condition(&guarded.condition)?;
            conditions.push(format!("(=> (and true {}) {holds})", premises.join(" ")));
        }
        let defined = format!("(and true {})", conditions.join(" "));
        let says = writer.prop(prop)?;
        writer.assert(&match asked {
            Some(Asked::False(_)) => format!("(and {defined} (not {says}))"),
            _ => format!("(not {defined})"),
        });
    }
    // Every line must be a polynomial one, whatever is asked.
    if asked.is_none() {
        statement.shows.iter().try_for_each(|prop| writer.prop(prop).map(|_| ()))?;
    }
    Ok(writer)
}

/// What a solver found, in exact arithmetic.
fn tried(claim: &Claim, show: usize, k: usize, actions: &HashMap<Name, usize>, values: &[Option<BigRational>]) -> Line {
    let Some(case) = case(&claim.statement, k, actions, values) else {
        return Line::Open("what was found to refute it is no rational number".to_string());
    };
    let question = Question::new(&claim.statement);
    match question.decide(&Exact::<rug::Rational>::new(), &case) {
        Outcome::Inside(found) => match &found[show].decision {
            Decision::Fails(sides) => Line::Fails(case, sides.clone()),
            _ => Line::Open("what was found to refute it does not".to_string()),
        },
        _ => Line::Open("what was found to refute it does not meet the hypotheses".to_string()),
    }
}

fn case(
    statement: &Statement,
    k: usize,
    actions: &HashMap<Name, usize>,
    values: &[Option<BigRational>],
) -> Option<Case> {
    let mut values = values.iter().cloned();
    let mut case = Case { k, actions: vec![], reals: vec![], vectors: vec![] };
    for (name, sort) in &statement.variables {
        match sort {
            Sort::Action => case.actions.push((name.clone(), actions.get(name).copied().unwrap_or(0))),
            Sort::Real => case.reals.push((name.clone(), Scalar::Rational(values.next()??))),
            _ => {
                let entries: Vec<BigRational> = values.by_ref().take(k).collect::<Option<_>>()?;
                let entries =
                    if *sort == Sort::Distribution { probabilities(&entries)? } else { Entries::Numbers(entries) };
                case.vectors.push((name.clone(), entries));
            }
        }
    }
    Some(case)
}

/// Probabilities as weights; `None` where they are too large.
fn probabilities(entries: &[BigRational]) -> Option<Entries> {
    let common = entries.iter().fold(BigInt::one(), |common, x| common.lcm(x.denom()));
    let weight = |x: &BigRational| (x * BigRational::from_integer(common.clone())).to_integer().to_u64();
    let weights: Vec<u64> = entries.iter().map(weight).collect::<Option<_>>()?;
    Some(Entries::Probabilities(Arc::new(Scores::Integers(Naturals::from_u64s(weights)))))
}
