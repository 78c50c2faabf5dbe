//! `logitlab verify`: decides claims and says whether they come out as expected.

use std::io::Read;
use std::path::Path;

use clap::Args;
use num_traits::ToPrimitive;

use super::reported::{Reported, command};
use super::{Ending, Failure, Progress, diagnostic, paint, print, print_json};
use crate::arith::Truth;
use crate::arith::exact::Exact;
use crate::arith::interval::{MAX_BITS, MIN_BITS};
use crate::claims::{self, Claim, claims, find};
use crate::document::{Results, Verified};
use crate::eval::Evaluator;
use crate::expr::{Node, Prop, Span};
use crate::formats::{Format, UnknownFormat};
use crate::judges::{self, DEFAULT_BITS, DEFAULT_CASES, JUDGES, Judge, Options};
use crate::outcome::VerifyReport;
use crate::policy::Spec;
use crate::report;
use logitlab_words::Unknown;

const AFTER_HELP: &str = "\
Examples:
  logitlab verify                                        every claim, every default judge
  logitlab verify norm-identity --judge exact            one claim, one judge
  logitlab verify my.proof --cases 1000 --seed 7         a claim of your own, tried harder
  logitlab verify norm-identity --policy integers:K=1000000,bits=64
  logitlab verify two-sided --policy weights:1,2,3       one policy, by hand
  logitlab verify saturation --format bf16,fp16          all numbers of these formats
  logitlab verify --judge coq                            the theorems in Coq, checked by coqc
  logitlab verify --judge coq --fresh                    the same, whatever was kept of earlier runs
  logitlab verify --json | jq '.summary'
  logitlab verify my.proof --report my.html              the same as a page for a browser

Exit codes: 0 every claim is as expected, 1 one is not, 2 unusable input.";

/// Verify claims: prove, try or refute them
///
/// Prints one line for each claim: whether it is as expected, its id, the verdict, what each judge found, the time.
/// `proved` rests on a derivation that the kernel checked, for every K; `proved for K = ...` on a full grid of exact
/// cases, `proved for ... formats` on all of their numbers; `consistent` means that it held in every case tried, which is
/// evidence and no proof; `refuted` comes with a counterexample, `undefined` with a case in which the claim has no truth
/// value; `contradicted` means that one judge proves what another refutes.
///
/// The judge `coq` is asked only by name: coqc takes minutes the first time, and what it
/// accepted is kept in $XDG_CACHE_HOME/logitlab/coq. What is kept is said to be; --fresh has all of it checked again.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Claims by id (see `logitlab list`), files, or - for standard input; all claims if none is given
    #[arg(value_name = "CLAIM or FILE")]
    claims: Vec<String>,

    /// Judges to ask, separated by commas [default: script,exact,enclosure,exhaustive]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    judge: Vec<String>,

    /// Policies to try for each claim and judge [default: 64, or 1 with --policy]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    cases: Option<u32>,

    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Working precision at which intervals start, in bits; they double it where that can decide
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BITS,
          value_parser = clap::value_parser!(u32).range(MIN_BITS as i64..=MAX_BITS as i64))]
    bits: u32,

    /// Policies to try instead of the default mixture, e.g. integers:K=1000,bits=64 (see `logitlab list`)
    #[arg(long, value_name = "SPEC")]
    policy: Option<String>,

    /// Floating-point formats of which the judge `exhaustive` tries every number, separated by commas, e.g. bf16,fp16
    /// or p8e5 [default: all with a name and at most 8 bits]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    format: Vec<String>,

    /// Have Coq check again what it accepted before, all that it rests on included (minutes)
    #[arg(long)]
    fresh: bool,

    /// Print one JSON document
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    reported: Reported,
}

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    arguments.reported.check()?;
    let judges = chosen_judges(&arguments.judge)?;
    let policy = arguments.policy.as_deref().map(parse_policy).transpose()?;
    let formats = arguments.format.iter().map(|name| parse_format(name)).collect::<Result<_, _>>()?;
    let loaded = arguments.claims.iter().map(|name| load(name)).collect::<Result<Vec<_>, _>>()?;
    let mut selected: Vec<&Claim> = match loaded.as_slice() {
        [] => claims().iter().collect(),
        loaded => loaded.iter().map(Loaded::claim).collect(),
    };
    let texts: Vec<(&str, &str, &str)> = loaded.iter().filter_map(Loaded::text).collect();
    if let Some(spec) = &policy {
        if loaded.is_empty() {
            // Of the whole suite, what the policy does not concern is left out.
            selected.retain(|claim| fits(claim, spec).is_ok());
        } else {
            selected.iter().try_for_each(|claim| fits(claim, spec))?;
        }
    }
    let default_cases = if policy.is_some() { 1 } else { DEFAULT_CASES };
    let cases = arguments.cases.map_or(default_cases, |cases| cases as usize);
    let options =
        Options { cases, seed: arguments.seed, bits: arguments.bits, policy, formats, fresh: arguments.fresh };
    let bar = Progress::new((selected.len() * judges.len()) as u64, "claims and judges");
    let report = judges::verify(&selected, &judges, &options, &|_, _| bar.step(1));
    bar.finish();
    if arguments.json {
        print_json(&report)?;
    } else {
        print(&report::text::verify(&report, &paint))?;
        print(&rejections(&report, &texts))?;
    }
    arguments.reported.write(|| Results {
        title: "logitlab: claims, verified".into(),
        command: command(),
        verified: Some(Verified { claims: selected.clone(), report: report.clone(), options: options.clone() }),
        ..Results::default()
    })?;
    Ok(if report.summary.unexpected == 0 { Ending::Good } else { Ending::Negative })
}

/// The judges of these names, or the default ones.
pub fn chosen_judges(names: &[String]) -> Result<Vec<&'static Judge>, Failure> {
    if names.is_empty() {
        return Ok(JUDGES.iter().filter(|judge| judge.default).collect());
    }
    let one = |name: &String| {
        judges::find(name).ok_or_else(|| {
            let known: Vec<&str> = JUDGES.iter().map(|judge| judge.name).collect();
            Failure::Unusable(format!("unknown judge `{name}`; the judges are {}", known.join(", ")))
        })
    };
    names.iter().map(one).collect()
}

fn parse_format(name: &str) -> Result<Format, Failure> {
    name.parse().map_err(|error: UnknownFormat| Failure::Unusable(format!("--format: {error}")))
}

fn parse_policy(text: &str) -> Result<Spec, Failure> {
    text.parse().map_err(|error: crate::policy::SpecError| {
        let caret = " ".repeat(error.column.saturating_sub(1)) + &"^".repeat(error.length.max(1));
        Failure::Unusable(format!("--policy {text}\n                {caret}\n{error}"))
    })
}

/// What is wrong with derivations, each with its place in the file.
fn rejections(report: &VerifyReport, texts: &[(&str, &str, &str)]) -> String {
    let mut out = String::new();
    for claim in &report.claims {
        let Some((_, file, text)) = texts.iter().find(|(id, _, _)| *id == claim.id) else { continue };
        for rejected in claim.judges.iter().filter_map(|judgement| judgement.rejected.as_ref()) {
            let span = Span { start: rejected.start, end: rejected.end };
            out += &format!("\n{}\n", diagnostic::at(file, text, span, &rejected.message));
        }
    }
    out
}

/// A claim that was asked for.
pub enum Loaded {
    /// One of those that the crate ships.
    Shipped(&'static Claim),
    /// One from a file: its name and text.
    Own(Box<Claim>, String, String),
}

impl Loaded {
    /// The claim.
    pub fn claim(&self) -> &Claim {
        match self {
            Loaded::Shipped(claim) => claim,
            Loaded::Own(claim, ..) => claim,
        }
    }

    /// Its id, file and text.
    fn text(&self) -> Option<(&str, &str, &str)> {
        match self {
            Loaded::Shipped(_) => None,
            Loaded::Own(claim, file, text) => Some((&claim.id, file, text)),
        }
    }
}

/// A claim by id, from a file, or from standard input.
pub fn load(name: &str) -> Result<Loaded, Failure> {
    if let Some(claim) = find(name) {
        return Ok(Loaded::Shipped(claim));
    }
    let looks_like_a_file = name == "-" || name.contains(['/', '.']) || Path::new(name).exists();
    if !looks_like_a_file {
        return Err(unknown(name));
    }
    let (file, text) = read(name)?;
    match claims::parse(&text) {
        Ok(claim) => Ok(Loaded::Own(Box::new(claim), file, text)),
        Err(error) => Err(Failure::Diagnostic(diagnostic::syntax(&file, &text, &error))),
    }
}

/// That no shipped claim has this id, and which one may have been meant.
pub fn unknown(name: &str) -> Failure {
    let ids = claims().iter().map(|claim| claim.id.as_str());
    Unknown::new("claim", name, ids, "`logitlab list` shows all of them").into()
}

/// The name for people and the text of a file or of standard input, cut beyond the longest text that is read.
pub fn read(name: &str) -> Result<(String, String), Failure> {
    let limit = crate::expr::lexer::MAX_LENGTH as u64 + 1;
    let mut bytes = Vec::new();
    let (file, result) = if name == "-" {
        ("standard input", std::io::stdin().lock().take(limit).read_to_end(&mut bytes))
    } else {
        (name, std::fs::File::open(name).and_then(|file| file.take(limit).read_to_end(&mut bytes)))
    };
    result.map_err(|error| Failure::Unusable(format!("cannot read {file}: {error}")))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((file.to_string(), text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(Failure::Unusable(format!("{file} is not a text in UTF-8: byte {at} (counted from 0) is not valid")))
        }
    }
}

/// Whether the hypotheses about K alone can hold for the policies asked for.
fn fits(claim: &Claim, spec: &Spec) -> Result<(), Failure> {
    let about_size = |prop: &&Prop| {
        let has = |test: fn(&Node) -> bool| prop.trees().iter().any(|tree| tree.any(&test));
        has(|node| matches!(node, Node::Size)) && !has(|node| matches!(node, Node::Variable(..) | Node::Unit(_)))
    };
    let range = spec.actions();
    for hypothesis in claim.statement.hypotheses.iter().filter(about_size) {
        let system = Exact::<rug::Rational>::new();
        // What exact numbers do not decide, such as exp(K) != 0, is left to the judges.
        let fails = |k: usize| Evaluator::new(&system, k, &[]).holds(hypothesis) == Ok(Truth::False);
        // Hypotheses about K are bounds or a single value, so the ends and the numbers that they name decide.
        let mut named: Vec<usize> = (2..=16).collect();
        for tree in hypothesis.trees() {
            tree.visit(&mut |part| {
                if let Node::Number(value) = part.node() {
                    let around = value
                        .to_integer()
                        .to_usize()
                        .into_iter()
                        .flat_map(|n| n.saturating_sub(1)..=n.saturating_add(1));
                    named.extend(around);
                }
            });
        }
        let mut candidates = [range.low, range.high].into_iter().chain(named);
        let possible = candidates.any(|k| (range.low..=range.high).contains(&k) && !fails(k));
        if !possible {
            let id = &claim.id;
            return Err(Failure::Unusable(format!(
                "claim {id} needs {hypothesis}, but the policy {spec} has K = {range}"
            )));
        }
    }
    Ok(())
}
