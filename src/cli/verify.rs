//! `logitlab verify`: decides claims and says whether they come out as expected.

use clap::Args;
use num_traits::ToPrimitive;

use super::diagnostic::Text;
use super::outcome::pretty;
use super::reported::command;
use super::subject::{self, Filed, Loaded};
use super::terminal::Terminal;
use super::watch::{Checked, first_open, watch};
use super::{Done, Ending, Failure, Forms, Outcome, Progress, options};
use crate::arith::Truth;
use crate::arith::exact::Exact;
use crate::claims::{self, Claim};
use crate::document::{Results, Verified};
use crate::eval::Evaluator;
use crate::expr::{Node, Prop, Span};
use crate::formats::Format;
use crate::judges::{self, DEFAULT_BITS, DEFAULT_CASES, DEFAULT_SEARCH, Options};
use crate::outcome::{ClaimReport, VerifyReport};
use crate::policy::Spec;
use crate::prove::Limits;
use crate::report;
use crate::report::text::{Paint, Style as _};
use crate::report::wrap::fitted;

const AFTER_HELP: &str = "\
Examples:
  logitlab verify                                        every claim, every default judge
  logitlab verify norm-identity --judge exact            one claim, one judge
  logitlab verify my.proof --cases 1000 --seed 7         a claim of your own, tried harder
  logitlab verify 'C(P) <= 1' --given 'P : distribution' a statement
  logitlab verify lemmas.proof draft.proof               two files, whose claims may cite each other
  logitlab verify norm-identity --policy integers:K=1000000,bits=64
  logitlab verify two-sided --policy weights:1,2,3       one policy, by hand
  logitlab verify saturation --format bf16,fp16          all numbers of these formats
  logitlab verify --judge coq                            the theorems in Coq, checked by coqc
  logitlab verify --judge coq --fresh                    the same, whatever was kept of earlier runs
  logitlab verify --json | jq '.summary'
  logitlab verify my.proof --report my.html              the same as a page for a browser
  logitlab verify my.proof --watch                       again on every save

Exit codes: 0 every claim is as expected, 1 one is not, 2 unusable input.";

/// Verify claims: prove, try or refute them
///
/// Prints one line for each claim: whether it is as expected, its id, the verdict, what each judge found, the time.
/// `proved` rests on a derivation that the kernel checked, for every K: the claim's own, or one that a search of two
/// seconds found; `proved for K = ...` on a full grid of exact cases, `proved for ... formats` on all of their numbers;
/// `consistent` means that it held in every case tried, which is evidence and no proof; `refuted` comes with a
/// counterexample, `undefined` with a case in which the claim has no truth value; `contradicted` means that one judge
/// proves what another refutes.
///
/// The judge `coq` is asked only by name: coqc takes minutes the first time, and what it
/// accepted is kept in $XDG_CACHE_HOME/logitlab/coq. What is kept is said to be; --fresh has all of it checked again.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Claims by id (see `logitlab list`), by file or as FILE#ID, - for standard input, or statements; all claims that
    /// logitlab has if none is given
    #[arg(value_name = "CLAIM, FILE or STATEMENT")]
    claims: Vec<String>,

    /// Names and hypotheses for statements, as on the `given` line of a claim
    #[arg(long, value_name = "DECLARATIONS")]
    given: Option<String>,

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
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BITS, value_parser = options::bits())]
    bits: u32,

    /// Policies to try instead of the default mixture, e.g. integers:K=1000,bits=64 (see `logitlab list`)
    #[arg(long, value_name = "SPEC")]
    policy: Option<String>,

    /// Floating-point formats of which the judge `exhaustive` tries every number, separated by commas, e.g. bf16,fp16
    /// or p8e5 [default: all with a name and at most 8 bits]
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = options::format)]
    format: Vec<Format>,

    /// Have Coq check again what it accepted before, all that it rests on included (minutes)
    #[arg(long)]
    fresh: bool,

    /// Check again whenever a file is saved, and show the first open step with what is known there; Ctrl-C ends
    #[arg(long, requires = "claims", conflicts_with_all = ["json", "report"])]
    watch: bool,

    #[command(flatten)]
    forms: Forms,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    arguments.forms.reported.check()?;
    if arguments.watch {
        let ending = watch(&arguments.claims, || judged(arguments).map(|judged| judged.watched()))?;
        return Ok(Done::new(String::new()).ending(ending));
    }
    Ok(Done::new(judged(arguments)?).forms(&arguments.forms, "logitlab verify"))
}

fn judged(arguments: &Arguments) -> Result<Judged, Failure> {
    let judges = options::judges(&arguments.judge)?;
    let policy = arguments.policy.as_deref().map(options::policy).transpose()?;
    let mut claims = subject::claims_of(&arguments.claims, arguments.given.as_deref())?;
    let is_suite = claims.is_empty();
    if is_suite {
        claims.extend(claims::claims().iter().map(Loaded::Shipped));
    }
    if let Some(spec) = &policy {
        if is_suite {
            // Of the whole suite, what the policy does not concern is left out.
            claims.retain(|claim| fits(claim.claim(), spec).is_ok());
        } else {
            claims.iter().try_for_each(|claim| fits(claim.claim(), spec))?;
        }
    }
    let default_cases = if policy.is_some() { 1 } else { DEFAULT_CASES };
    let cases = arguments.cases.map_or(default_cases, |cases| cases as usize);
    let Arguments { seed, bits, fresh, .. } = *arguments;
    let search = Some(Limits::seconds(DEFAULT_SEARCH));
    let options = Options { cases, seed, bits, policy, formats: arguments.format.clone(), fresh, search };
    let selected: Vec<&Claim> = claims.iter().map(Loaded::claim).collect();
    let bar = Progress::new((selected.len() * judges.len()) as u64, "claims and judges");
    let report = judges::verify(&selected, &judges, &options, &|_, _| bar.step(1));
    bar.finish();
    subject::take_found(&mut claims, &report);
    Ok(Judged { claims, report, options })
}

/// Claims that were judged.
struct Judged {
    claims: Vec<Loaded>,
    report: VerifyReport,
    options: Options,
}

impl Judged {
    /// The verdicts and the first open step, for one that waits for the next change.
    fn watched(&self) -> Checked {
        let terminal = Terminal::output();
        let mut text = report::text::verify(&self.report, &terminal);
        let open = first_open(&self.claims, &self.report.claims);
        if !open.is_empty() {
            text += &format!("\n{open}");
        }
        let mut files: Vec<String> = Vec::new();
        for loaded in &self.claims {
            if let Loaded::Filed(_, filed) = loaded {
                files.extend(filed.file.files().into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>());
            }
        }
        let text = terminal.width().map_or(text.clone(), |width| fitted(&text, width));
        Checked { text, ending: self.ending(), files }
    }

    /// How to see the derivations that were found, if any were.
    fn how_to_see_found(&self) -> String {
        let found = |judged: &&ClaimReport| judged.judges.iter().any(|judgement| judgement.derivation.is_some());
        let mut files = Vec::new();
        let mut elsewhere = false;
        for (_, claim) in self.report.claims.iter().zip(&self.claims).filter(|(judged, _)| found(judged)) {
            match claim {
                Loaded::Filed(_, Filed { file, .. }) if file.text.file != Text::STANDARD_INPUT => {
                    if !files.contains(&file.text.file) {
                        files.push(file.text.file.clone());
                    }
                }
                _ => elsewhere = true,
            }
        }
        match (files.as_slice(), elsewhere) {
            ([], false) => String::new(),
            ([], true) => "`logitlab prove` instead of `logitlab verify` prints the derivation that was found\n".into(),
            (files, _) => format!("`logitlab prove {} --write` writes down what was found\n", files.join(" ")),
        }
    }
}

impl Outcome for Judged {
    /// The verdicts, then what is wrong with derivations, each with its place in the text.
    fn text(&self, paint: Paint<'_>) -> String {
        let mut out = report::text::verify(&self.report, paint);
        for (judged, claim) in self.report.claims.iter().zip(&self.claims) {
            for rejected in judged.judges.iter().filter_map(|judgement| judgement.rejected.as_ref()) {
                let span = Span { start: rejected.start, end: rejected.end };
                let told = match claim {
                    Loaded::Filed(_, Filed { file, .. }) => file.text.at(span, &rejected.message),
                    Loaded::Shipped(_) | Loaded::Given(_) => format!("{}: {}", judged.id, rejected.message),
                };
                out += &format!("\n{told}\n");
            }
        }
        out + &self.how_to_see_found()
    }

    fn json(&self) -> Result<String, Failure> {
        pretty(&self.report)
    }

    fn ending(&self) -> Ending {
        Ending::of(true, self.report.summary.unexpected == 0)
    }

    fn results(&self, _: &str) -> Results<'_> {
        let claims = self.claims.iter().map(Loaded::claim).collect();
        Results {
            title: "logitlab: claims, verified".into(),
            command: command(),
            verified: Some(Verified { claims, report: self.report.clone(), options: self.options.clone() }),
            ..Results::default()
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
            return Err(format!("claim {id} needs {hypothesis}, but the policy {spec} has K = {range}").into());
        }
    }
    Ok(())
}
