//! `logitlab derive`: searches for a derivation, which the kernel checks before it is shown.

use std::fmt::Write as _;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::diagnostic::Text;
use super::outcome::pretty;
use super::{Done, Ending, Failure, Json, Outcome, subject};
use crate::claims::{self, Claim, Expected, find};
use crate::expr::{Problem, Sort, Statement, SyntaxError, elaborate};
use crate::judges::{self, Options};
use crate::outcome::Verdict;
use crate::prove::{Limits, Missing, Outcome as Search, prove};
use crate::report::text::Paint;
use crate::text::counted;
use logitlab_words::Unknown;

const AFTER_HELP: &str = "\
Examples:
  logitlab derive 'sum(g*(e[c] - P)) = 0' --given 'P : distribution, c : action, g : real'
  logitlab derive 'a != c => |e[c] - e[a]|^2 = 2' --given 'a : action, c : action'
  logitlab derive tail-form                              what a claim shows, without its own proof
  logitlab derive tail-form > found.proof                to go on with, or for `logitlab verify`

Exit codes: 0 found and checked, 1 not found, 2 unusable input.";

/// The id in the text of a derivation of an equation.
const ID: &str = "derived";

/// Search for a derivation: a chain of steps by rules of the kernel
///
/// Both sides are taken apart by the rules that `by` can cite until they meet. What is printed is a claim with its
/// proof, which the kernel has read and checked. That nothing is found does not mean that the equation is false.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// An equation, or a claim by its id or file
    #[arg(value_name = "EQUATION or CLAIM")]
    goal: String,

    /// Names and hypotheses for an equation, as on the `given` line of a claim
    #[arg(long, value_name = "DECLARATIONS")]
    given: Option<String>,

    /// How long to search for each equation, at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: u32,

    #[command(flatten)]
    json: Json,
}

#[derive(Serialize)]
struct Shown<'a> {
    schema: u32,
    id: &'a str,
    /// The text of a claim with its proof.
    found: Option<&'a str>,
    steps: usize,
    missing: Vec<String>,
    counterexample: Option<&'a str>,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let (id, statement) = goal(arguments)?;
    let outcome = prove(&id, &statement, &Limits::seconds(arguments.seconds));
    let equations = outcome.missing.iter().any(|missing| matches!(missing, Missing::NotFound { .. }));
    if let (None, false, Some(first)) = (&outcome.found, equations, outcome.missing.first()) {
        return Err(first.to_string().into());
    }
    let counterexample = if equations { counterexample(&id, &statement) } else { None };
    Ok(Done::new(Derived { id, outcome, equations, counterexample }).json(arguments.json.json))
}

/// What a search came to.
struct Derived {
    id: String,
    outcome: Search,
    /// Whether some were searched for in vain.
    equations: bool,
    counterexample: Option<String>,
}

impl Outcome for Derived {
    /// What was found, as a claim; all else in comments, so that the whole can be read as a claim again.
    fn text(&self, _: Paint<'_>) -> String {
        let mut out = String::new();
        for missing in &self.outcome.missing {
            _ = writeln!(out, "# not found: {missing}");
        }
        if self.equations {
            let tried = "every rule that `by` can cite, in both directions and from both sides, no other claims";
            _ = writeln!(out, "# tried: {tried}");
        }
        if let Some(counterexample) = &self.counterexample {
            _ = writeln!(out, "# it is false: {counterexample}");
        }
        if let Some(found) = &self.outcome.found {
            let steps = counted(found.steps as u64, "step");
            _ = writeln!(out, "# found by a search, {steps}; checked by the kernel");
            out += &found.text;
        }
        out
    }

    fn json(&self) -> Result<String, Failure> {
        let found = self.outcome.found.as_ref();
        pretty(&Shown {
            schema: 1,
            id: &self.id,
            found: found.map(|found| found.text.as_str()),
            steps: found.map_or(0, |found| found.steps),
            missing: self.outcome.missing.iter().map(ToString::to_string).collect(),
            counterexample: self.counterexample.as_deref(),
        })
    }

    fn ending(&self) -> Ending {
        Ending::of(true, self.outcome.missing.is_empty())
    }
}

/// What is to be derived, and its id.
fn goal(arguments: &Arguments) -> Result<(String, Statement), Failure> {
    let text = arguments.goal.as_str();
    let is_equation = find(text).is_none() && !Path::new(text).exists() && text.contains(['=', ' ', '(', '|']);
    if is_equation {
        return Ok((ID.to_string(), equation(text, arguments.given.as_deref())?));
    }
    if arguments.given.is_some() {
        return Err("--given is for equations: the claim has its own `given` lines".into());
    }
    let loaded = subject::claim(text)?;
    let claim = loaded.claim();
    Ok((claim.id.clone(), claim.statement.clone()))
}

fn equation(text: &str, given: Option<&str>) -> Result<Statement, Failure> {
    let mut statement = given.map_or(Ok(Statement::default()), declarations)?;
    let show = elaborate::proposition(text, &statement)
        .map_err(|error| Text::given("the equation", text).refuse_with(&error, &how_to_declare(text, &statement)))?;
    statement.shows = vec![show];
    Ok(statement)
}

/// The statement of `--given`.
fn declarations(given: &str) -> Result<Statement, Failure> {
    let before = "claim derived given ";
    match claims::parse(&format!("{before}{given}\nshow 0 = 0")) {
        Ok(claim) if claim.statement.shows.len() == 1 => Ok(claim.statement),
        Ok(_) => Err("--given takes declarations and hypotheses, no `show`".into()),
        Err(mut error) => {
            let own = |at: usize| at.saturating_sub(before.len()).min(given.len());
            (error.span.start, error.span.end) = (own(error.span.start), own(error.span.end));
            Err(Text::given("--given", given).refuse(&error))
        }
    }
}

/// What to add to `--given`, if names are missing there.
fn how_to_declare(text: &str, statement: &Statement) -> String {
    let mut known = statement.clone();
    let mut missing = Vec::new();
    // One name after the other is reported; each is declared as what it looks like, to see the next.
    while let Err(SyntaxError { problem: Problem::UnknownName(Unknown { name, .. }), .. }) =
        elaborate::proposition(text, &known)
    {
        let sort = match () {
            () if text.contains(&format!("[{name}]")) => Sort::Action,
            () if text.contains(&format!("{name}[")) => Sort::Vector,
            () => Sort::Real,
        };
        missing.push(format!("{name} : {}", sort.word()));
        known.variables.push((name.into(), sort));
    }
    if missing.is_empty() {
        return String::new();
    }
    let sorts: Vec<&str> = Sort::ALL.iter().map(|(_, word)| *word).collect();
    let (names, sorts) = (missing.join(", "), sorts.join(", "));
    format!("\n  = help: declare names, for example with --given \"{names}\"; the sorts are {sorts}")
}

/// A case in which the statement is false, if the exact judge soon finds one.
fn counterexample(id: &str, statement: &Statement) -> Option<String> {
    let claim = Claim {
        id: id.to_string(),
        title: id.to_string(),
        source: String::new(),
        statement: statement.clone(),
        expected: Expected::Holds,
        section: None,
        proof: None,
    };
    let judgement = (judges::find("exact")?.decide)(&claim, &Options { cases: 16, ..Options::default() });
    (judgement.verdict == Verdict::Refuted).then_some(judgement.evidence)
}
