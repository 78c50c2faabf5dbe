//! `logitlab prove`: searches for derivations, which the kernel checks before they are shown, and writes them into
//! files.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use super::outcome::pretty;
use super::proofs_written;
use super::subject;
use super::{Done, Ending, Failure, Json, Outcome, Progress};
use crate::claims::Claim;
use crate::expr::Statement;
use crate::judges::{self, Options, conclusion};
use crate::outcome::Verdict;
use crate::prove::{Citable, Derivation, Limits, Outcome as Search, prove};
use crate::report::text::Paint;
use crate::text::counted;

const AFTER_HELP: &str = "\
Examples:
  logitlab prove 'sum(g*(e[c] - P)) = 0' --given 'P : distribution, c : action, g : real'
  logitlab prove my.proof                                every claim of a file
  logitlab prove my.proof --write                        the same, and the derivations into the file
  logitlab prove my.proof#second --write --replace       another proof of one of its claims
  logitlab prove tail-form > found.proof                 a shipped claim, without its own proof

Exit codes: 0 found and checked, 1 not found or not defined, 2 unusable input.";

/// Prove claims: search for derivations by rules of the kernel
///
/// What is printed is a claim with its derivation, which a person can read and the kernel has read and checked;
/// whatever else is said stands in comments, so that the whole is a file of claims. Where nothing is found, a
/// counterexample is looked for; that neither is found does not make a claim true or false.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Claims by id, by file or as FILE#ID, - for standard input, or statements
    #[arg(required = true, value_name = "STATEMENT, CLAIM or FILE")]
    goals: Vec<String>,

    /// Names and hypotheses for statements, as on the `given` line of a claim
    #[arg(long, value_name = "DECLARATIONS")]
    given: Option<String>,

    /// How long to search for each line that is to be shown, at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: u32,

    /// Put each derivation into the file of its claim, of which all else stays as it is
    #[arg(long)]
    write: bool,

    /// With --write, put it in the place of a proof that the claim has
    #[arg(long, requires = "write")]
    replace: bool,

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
    /// Where alone it is proved, if that is not everywhere.
    defined: Option<&'a str>,
    counterexample: Option<&'a str>,
    /// The file that has the derivation now.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<&'a str>,
}

#[derive(Serialize)]
struct ShownAll<'a> {
    schema: u32,
    claims: Vec<Shown<'a>>,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let mut loaded = subject::claims_of(&arguments.goals, arguments.given.as_deref())?;
    let mut left = Vec::new();
    if arguments.write {
        (loaded, left) = proofs_written::to_be_written(loaded, arguments.replace)?;
    }
    let limits = Limits::seconds(arguments.seconds);
    let many = loaded.len();
    let mut proved: Vec<Proved> = Vec::new();
    for (index, one) in loaded.iter().enumerate() {
        proved.push(Proved::of(one.claim(), &limits, &format!("claim {} of {many}", index + 1)));
    }
    if arguments.write {
        let scripts = |number: usize| proved[number].whole().map(|found| found.text.as_str());
        let written = proofs_written::write(&loaded, scripts)?;
        for (proved, file) in proved.iter_mut().zip(written) {
            proved.written = file;
        }
    }
    Ok(Done::new(All { proved, left }).json(arguments.json.json))
}

/// What came of all claims.
struct All {
    proved: Vec<Proved>,
    /// The ids of those that have a proof and were left as they are.
    left: Vec<String>,
}

/// What a search came to.
struct Proved {
    id: String,
    /// Its `title` and `source` lines.
    head: String,
    outcome: Search,
    /// Where alone it is proved, if that is not everywhere: elsewhere it has no truth value.
    defined: Option<String>,
    counterexample: Option<String>,
    written: Option<String>,
    /// The claims of the user's that the derivation cites.
    cites: Vec<String>,
}

impl Proved {
    fn of(claim: &Claim, limits: &Limits, which: &str) -> Proved {
        let waiting = Progress::waiting(format!("{which}: searching for a derivation of {}", claim.id));
        let outcome = prove(&claim.id, &claim.statement, &Citable::by(claim), limits);
        waiting.finish();
        let defined = outcome.found.as_ref().and_then(|found| where_defined(claim, found));
        let counterexample = if outcome.missing.is_empty() && defined.is_none() {
            None
        } else {
            let waiting = Progress::waiting(format!("{which}: looking for a counterexample of {}", claim.id));
            let found = counterexample(claim);
            waiting.finish();
            found
        };
        let mut head = String::new();
        if claim.title != claim.id {
            _ = writeln!(head, "title  \"{}\"", claim.title);
        }
        if !claim.source.is_empty() {
            _ = writeln!(head, "source \"{}\"", claim.source);
        }
        let cites = cited(claim, &outcome);
        Proved { id: claim.id.clone(), head, outcome, defined, counterexample, written: None, cites }
    }

    /// The derivation, if it is one of all that the claim shows.
    fn whole(&self) -> Option<&Derivation> {
        self.outcome.found.as_ref().filter(|_| self.outcome.missing.is_empty())
    }

    /// The claim with its derivation, and with its title and source.
    fn claim(&self) -> Option<String> {
        let found = self.outcome.found.as_ref()?;
        let (first, rest) = found.text.split_once('\n')?;
        Some(format!("{first}\n{}{rest}", self.head))
    }

    fn steps(&self) -> usize {
        self.outcome.found.as_ref().map_or(0, |found| found.steps)
    }

    /// What was found, as a claim; all else in comments, so that the whole can be read as a claim again.
    fn text(&self) -> String {
        let mut out = String::new();
        for missing in &self.outcome.missing {
            _ = writeln!(out, "# not found: {missing}");
        }
        if let Some(defined) = &self.defined {
            _ = writeln!(out, "# {defined}");
        }
        match &self.counterexample {
            Some(case) if self.outcome.missing.is_empty() => _ = writeln!(out, "# elsewhere: {case}"),
            Some(counterexample) => _ = writeln!(out, "# it is false: {counterexample}"),
            None if self.outcome.missing.is_empty() => {}
            None => out += "# no counterexample was found either: it may be true or false\n",
        }
        if let Some(claim) = self.claim() {
            let steps = counted(self.steps() as u64, "step");
            _ = writeln!(out, "# found by a search, {steps}; checked by the kernel");
            if let Some(file) = &self.written {
                _ = writeln!(out, "# written into {file}");
            }
            if !self.cites.is_empty() {
                _ = writeln!(out, "# cites claims of yours, with which it is to be checked: {}", self.cites.join(", "));
            }
            out += &claim;
        }
        out
    }

    fn shown<'a>(&'a self, claim: Option<&'a str>) -> Shown<'a> {
        Shown {
            schema: 1,
            id: &self.id,
            found: claim,
            steps: self.steps(),
            missing: self.outcome.missing.iter().map(ToString::to_string).collect(),
            defined: self.defined.as_deref(),
            counterexample: self.counterexample.as_deref(),
            written: self.written.as_deref(),
        }
    }
}

impl Outcome for All {
    fn text(&self, _: Paint<'_>) -> String {
        let mut parts: Vec<String> = self.proved.iter().map(Proved::text).collect();
        parts.extend(
            self.left.iter().map(|id| format!("# {id} has a proof, which stays: --replace looks for another\n")),
        );
        parts.join("\n")
    }

    fn json(&self) -> Result<String, Failure> {
        let claims: Vec<Option<String>> = self.proved.iter().map(Proved::claim).collect();
        let mut shown: Vec<Shown<'_>> =
            self.proved.iter().zip(&claims).map(|(proved, claim)| proved.shown(claim.as_deref())).collect();
        match shown.len() {
            1 => pretty(&shown.remove(0)),
            _ => pretty(&ShownAll { schema: 1, claims: shown }),
        }
    }

    fn ending(&self) -> Ending {
        let whole = |proved: &Proved| proved.outcome.missing.is_empty() && proved.defined.is_none();
        Ending::of(true, self.proved.iter().all(whole))
    }
}

/// What a derivation proves, as the judge of derivations says it, if that is not all that it shows.
fn where_defined(claim: &Claim, found: &Derivation) -> Option<String> {
    let shows = found.theorems.iter().map(|theorem| theorem.conclusion().clone()).collect();
    let statement = Statement { shows, ..claim.statement.clone() };
    let verdict = conclusion::proved(&statement, Some(&found.script), &mut String::new());
    (verdict != Verdict::Proved).then(|| verdict.to_string())
}

/// The claims of the user's that a derivation cites.
fn cited(claim: &Claim, outcome: &Search) -> Vec<String> {
    let chains = outcome.found.iter().flat_map(|found| found.script.chains());
    let names: Vec<&str> = chains.flat_map(|chain| chain.steps.iter().flat_map(|step| step.rule_names())).collect();
    let own = claim.beside.iter().map(|claim| claim.id.clone());
    own.filter(|id| names.contains(&id.as_str())).collect()
}

/// A case in which the claim is false or has no truth value, if a judge soon finds one.
fn counterexample(claim: &Claim) -> Option<String> {
    let options = Options { cases: 16, ..Options::default() };
    // What it is to be found, whatever the claim's file expects.
    let claim = Claim { proof: None, ..claim.clone() };
    ["exact", "enclosure", "exhaustive"].iter().find_map(|name| {
        let judgement = (judges::find(name)?.decide)(&claim, &options);
        matches!(judgement.verdict, Verdict::Refuted | Verdict::Undefined).then_some(judgement.evidence)
    })
}
