//! The judge `exhaustive`: every number of floating-point formats, and finitely many points that stand for all reals.
//!
//! Claims about formats are about finitely many numbers, so that trying all of them is a proof for these formats.
//! Arithmetic and roundings are exact ([`crate::arith::format`]). `cells.rs` says why finitely many points are enough
//! for a variable that ranges over all reals; where a statement does not have the form that this needs, the judge says
//! `consistent` and no more.

mod cells;
mod plan;
mod search;

use std::time::Instant;

use num_rational::BigRational;
use num_traits::Signed;
use rug::Rational;

use self::plan::Plan;
use self::search::{Failure, Tried};
use super::Options;
use super::conclusion::not_applicable;
use super::sampling::overall;
use super::values::text;
use crate::arith::rational::Rational as _;
use crate::claims::Claim;
use crate::expr::print;
use crate::formats::{FORMATS, Format};
use crate::outcome::{Binding, Evidence, Judgement, Scope, Verdict, Witness};

/// The widest numbers in bits that are tried where no formats are asked for.
pub const DEFAULT_WIDTH: u32 = 8;

/// How many cases a second are taken for granted where a format is refused.
const CASES_A_SECOND: f64 = 1e5;

/// The formats that are tried where none are asked for.
pub fn default_formats() -> Vec<Format> {
    FORMATS.iter().map(|record| record.format).filter(|format| format.bits() <= DEFAULT_WIDTH).collect()
}

/// Decides a claim about formats by trying all that there is to try.
pub fn decide(claim: &Claim, options: &Options) -> Judgement {
    if !claim.statement.speaks_of_formats() {
        return not_applicable(claim, "exhaustive", "it does not speak of the numbers of a floating-point format");
    }
    let start = Instant::now();
    let mut judgement = match Plan::new(&claim.statement) {
        Ok(plan) => conclude(claim, &plan, &tried(&plan, &options.formats)),
        Err(why) => {
            let why = format!("not to be tried exhaustively: {why}");
            let shows = vec![Verdict::Undecided(why.clone()); claim.statement.shows.len()];
            judgement(shows, why, Evidence::default(), None)
        }
    };
    judgement.seconds = start.elapsed().as_secs_f64();
    judgement
}

/// What was found in each format, narrow formats first, up to the first in which a line is false.
fn tried(plan: &Plan, wanted: &[Format]) -> Vec<(Format, Result<Tried, f64>)> {
    let mut formats = if wanted.is_empty() { default_formats() } else { wanted.to_vec() };
    formats.sort_by_key(Format::bits);
    let mut found: Vec<(Format, Result<Tried, f64>)> = Vec::new();
    for format in formats {
        if found.iter().any(|(known, _)| *known == format) {
            continue;
        }
        let tried = search::run(plan, &format);
        let ends = tried.as_ref().is_ok_and(|tried| tried.failure.is_some());
        found.push((format, tried));
        if ends {
            break;
        }
    }
    found
}

fn conclude(claim: &Claim, plan: &Plan, found: &[(Format, Result<Tried, f64>)]) -> Judgement {
    let met = || found.iter().filter_map(|(format, tried)| Some((format, tried.as_ref().ok()?)));
    let inside = || met().filter(|(_, tried)| tried.cases > 0);
    let formats: Vec<String> = inside().map(|(format, _)| format.to_string()).collect();
    let details = Evidence {
        tried: inside().map(|(_, tried)| tried.cases).sum(),
        cases: inside().map(|(_, tried)| tried.cases).sum(),
        formats: formats.clone(),
        ..Evidence::default()
    };
    let lacks =
        |show: usize| met().any(|(_, tried)| tried.undefined.as_ref().is_some_and(|undefined| undefined.show == show));
    let verdict = |show: usize| {
        let unclear = || met().find_map(|(_, tried)| tried.unclear[show].clone());
        match () {
            () if met().any(|(_, tried)| tried.failure.as_ref().is_some_and(|failure| failure.show == show)) => {
                Verdict::Refuted
            }
            () if lacks(show) => Verdict::Undefined,
            () if unclear().is_some() => Verdict::Undecided(unclear().unwrap_or_default()),
            () if formats.is_empty() && met().next().is_some() => {
                Verdict::Undecided("no case met the hypotheses".to_string())
            }
            () if formats.is_empty() => Verdict::Undecided("too many cases".to_string()),
            () if met().all(|(_, tried)| tried.complete) => Verdict::ProvedFor(Scope::formats(formats.clone())),
            () => Verdict::Consistent,
        }
    };
    let shows: Vec<Verdict> = (0..claim.statement.shows.len()).map(verdict).collect();
    let failure = met().find_map(|(format, tried)| Some((format, tried, tried.failure.as_ref()?)));
    let failure =
        failure.or_else(|| met().find_map(|(format, tried)| Some((format, tried, tried.undefined.as_ref()?))));
    if let Some((format, tried, failure)) = failure {
        let all_before = found.iter().all(|(_, tried)| tried.is_ok());
        let smallest = all_before && plan.real.is_none() && tried.reduced.is_none();
        let witness = witness(claim, plan, format, failure, smallest);
        let evidence = super::conclusion::found(&witness);
        return judgement(shows, evidence, details, Some(witness));
    }
    let mut parts = match overall(&shows) {
        Verdict::Undecided(why) => vec![why],
        _ => vec![],
    };
    parts.push(details.to_string());
    parts.extend(notes(plan, found));
    parts.retain(|part| !part.is_empty());
    judgement(shows, parts.join("; "), details, None)
}

/// What else there is to know of what was tried.
fn notes(plan: &Plan, found: &[(Format, Result<Tried, f64>)]) -> Vec<String> {
    let met = || found.iter().filter_map(|(format, tried)| Some((format, tried.as_ref().ok()?)));
    let names = |test: &dyn Fn(&Tried) -> bool| {
        let names: Vec<String> = met().filter(|(_, one)| test(one)).map(|(format, _)| format.to_string()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let mut notes = Vec::new();
    if let (Some(real), true) = (&plan.real, met().any(|(_, tried)| !tried.complete)) {
        notes
            .push(format!("of {real} only some points: it is not only rounded and compared with what is linear in it"));
    }
    if let Some(at) = met().find_map(|(_, tried)| tried.reduced) {
        let (name, where_) = (&plan.floats[at], names(&|tried| tried.reduced.is_some()).unwrap_or_default());
        notes.push(format!("of {name} in {where_} the least and the greatest: each line is monotone in it"));
    }
    if let Some(names) = names(&|tried| tried.cases == 0) {
        notes.push(format!("no case met the hypotheses in {names}"));
    }
    notes.extend(found.iter().filter_map(|(format, tried)| Some(too_many(format, *tried.as_ref().err()?))));
    notes
}

fn too_many(format: &Format, cases: f64) -> String {
    let hours = cases / CASES_A_SECOND / 3600.0;
    let time = if hours < 48.0 { format!("{hours:.1} hours") } else { format!("{:.0e} years", hours / 8766.0) };
    format!("not {format}: about {cases:.0e} cases, some {time} at {CASES_A_SECOND:.0e} a second")
}

fn judgement(shows: Vec<Verdict>, evidence: String, details: Evidence, witness: Option<Witness>) -> Judgement {
    Judgement {
        judge: "exhaustive".to_string(),
        verdict: overall(&shows),
        evidence,
        seconds: 0.0,
        witness,
        details,
        libraries: vec![],
        shows,
        rejected: None,
        derivation: None,
    }
}

fn witness(claim: &Claim, plan: &Plan, format: &Format, failure: &Failure, smallest: bool) -> Witness {
    let names = plan.floats.iter().chain(&plan.real);
    let value = |name: &str| {
        let (_, value) = names.clone().zip(&failure.values).find(|(known, _)| &***known == name)?;
        Some(Binding { name: name.to_string(), value: describe(format, value) })
    };
    Witness {
        k: 1,
        format: Some(format.to_string()),
        bindings: claim.statement.variables.iter().filter_map(|(name, _)| value(name)).collect(),
        weights: None,
        proposition: claim.statement.shows[failure.show].to_string(),
        sides: failure.sides.clone(),
        lack: failure.lack.clone(),
        smallest,
    }
}

/// A value as a decimal where that is short, with its bit pattern where it is a number of the format.
fn describe(format: &Format, x: &Rational) -> String {
    let decimal = decimal(&x.to_big());
    if !format.is_number(x) || format.bits() > 64 {
        return decimal;
    }
    let pattern = format.encode(&rug::Float::with_val(format.precision, x)).unwrap_or_default();
    let digits = format.bits().div_ceil(4) as usize;
    format!("{decimal} (0x{pattern:0digits$x})")
}

/// Longer decimals are written as fractions.
const MOST_DIGITS: usize = 20;

fn decimal(x: &BigRational) -> String {
    let digits = print::decimal(&x.abs());
    let sign = if x.is_negative() { "-" } else { "" };
    if digits.starts_with('(') || digits.len() > MOST_DIGITS { text(x) } else { format!("{sign}{digits}") }
}
