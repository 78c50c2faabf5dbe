//! `logitlab export coq`: derivations and statements as Coq files.

use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;

use super::{Done, Ending, Failure, Progress, output, subject};
use crate::claims::{Claim, Expected, claims};
use crate::coq::derivation;
use crate::coq::{Compiled, Compiler, Kept, development, pinned};
use crate::report::table::list;
use crate::report::text::{Paint, Tone};

const AFTER_HELP: &str = "\
Examples:
  logitlab export coq norm-identity                   its derivation, step by step
  logitlab export coq norm-identity --check           have coqc check that
  logitlab export coq my.proof --check                your own claims
  logitlab export coq --all                           every claim: which derivations coqc accepts, which not, why
  logitlab export coq --pinned -o Pinned.v            what each claim says, held against its theorem
  logitlab export coq --development proofs            the development itself, to compile such files against:
  coqc -Q proofs Logitlab Pinned.v                    after coqc -Q proofs Logitlab proofs/FILE.v for what it requires

Only derivations that the kernel accepts are written. Coq judges by itself: the kernel is not trusted.

Exit codes: 0 done, 1 coqc does not accept it, 2 unusable input or no Coq.";

/// Write derivations as a Coq file, with an assertion for each step
///
/// A step says at which place which law is used. Coq proves it by the lemma of that law (proofs/coq/Laws.v).
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// A claim by id (see `logitlab list`), a file with some, or - for standard input
    #[arg(value_name = "CLAIM or FILE", required_unless_present_any = ["all", "pinned", "development"])]
    claim: Option<String>,

    /// Have coqc check it
    #[arg(long, requires = "claim")]
    check: bool,

    /// Have coqc check the derivations of all claims, and list what becomes of them
    #[arg(long, conflicts_with_all = ["claim", "pinned", "development"])]
    all: bool,

    /// Check again what coqc accepted before, all that it rests on included (minutes)
    #[arg(long)]
    fresh: bool,

    /// Write instead what every claim says, held against the theorem of its name in proofs/coq
    #[arg(long, conflicts_with_all = ["claim", "development"])]
    pinned: bool,

    /// Write the development proofs/coq into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "claim")]
    development: Option<PathBuf>,

    /// A file for the result, replaced as a whole [default: standard output, or none with --check]
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["all", "development"])]
    out: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    if arguments.fresh && !arguments.check && !arguments.all {
        return Err("--fresh is about what coqc checks: give --check or --all with it".into());
    }
    if arguments.all {
        let derived: Vec<&Claim> = claims().iter().filter(|claim| claim.proof.is_some()).collect();
        return Ok(checked(&derived, &Compiler::find()?.fresh(arguments.fresh)));
    }
    if let Some(folder) = &arguments.development {
        std::fs::create_dir_all(folder)?;
        for (module, text) in development::FILES {
            output::write(Some(&folder.join(format!("{module}.v"))), text)?;
        }
        return Ok(Done::new(String::new()));
    }
    let out = arguments.out.as_deref();
    if arguments.pinned {
        return Ok(Done::new(pinned_file()).code(true).out(out));
    }
    let name = arguments.claim.clone().unwrap_or_default();
    let loaded = subject::claims_of(std::slice::from_ref(&name), None)?;
    let all: Vec<&Claim> = loaded.iter().map(|loaded| loaded.claim()).collect();
    let derived: Vec<&Claim> = all.iter().copied().filter(|claim| claim.proof.is_some()).collect();
    let claims = if derived.is_empty() { all } else { derived };
    let text = derivation::of(&claims)?;
    if !arguments.check {
        return Ok(Done::new(text).code(true).out(out));
    }
    if out.is_some() {
        output::write(out, &text)?;
    }
    let compiler = Compiler::find()?.fresh(arguments.fresh);
    let [claim] = claims.as_slice() else { return Ok(checked(&claims, &compiler)) };
    let id = claim.id.clone();
    let answer = compiler.compile(&module(claim), &text);
    let ending = Ending::of(true, answer.is_ok());
    let says = move |paint: Paint<'_>| {
        let (accepted, rejected) = (paint.mark(Tone::Good, "accepted"), paint.mark(Tone::Bad, "not accepted"));
        match &answer {
            Ok(Compiled { kept: None, .. }) => format!("{id}: {accepted} by Coq {}\n", compiler.version),
            Ok(Compiled { kept: Some(Kept { when, version }), .. }) => {
                format!("{id}: {accepted} before, kept from {when}, coqc {version}; --fresh checks again\n")
            }
            Err(error) => format!("{id}: {rejected} by Coq {}: {error}\n", compiler.version),
        }
    };
    Ok(Done::new(says).ending(ending))
}

fn module(claim: &Claim) -> String {
    format!("Derived_{}", pinned::theorem_name(&claim.id))
}

/// What each claim says, and above it the claims that no theorem is held against.
fn pinned_file() -> String {
    let (mut pins, mut without) = (Vec::new(), String::new());
    for claim in claims().iter().filter(|claim| claim.expected == Expected::Holds) {
        match pinned::pins(claim) {
            Ok(found) => pins.extend(found),
            Err(why) => without += &format!("   {}: {why}\n", claim.id),
        }
    }
    let head = if without.is_empty() { String::new() } else { format!("(* Not pinned:\n{without}*)\n") };
    head + &pinned::file(&pins)
}

/// Derivations, and what coqc says of each.
fn checked(claims: &[&Claim], compiler: &Compiler) -> Done<'static> {
    let bar = Progress::new(claims.len() as u64, "derivations");
    // What all rest on is compiled once, before they are.
    let base = compiler.compile("Base", "From Logitlab Require Import Replay.\n");
    let row = |claim: &&Claim| {
        let written = derivation::of(&[claim]);
        let result =
            written.map(|text| compiler.compile(&module(claim), &text).and_then(|done| base.clone().map(|_| done)));
        bar.step(1);
        let (word, why) = match result {
            Ok(Ok(compiled)) => {
                ("accepted", compiled.kept.map_or_else(String::new, |kept| format!("kept from {}", kept.when)))
            }
            Ok(Err(error)) => ("not accepted", error.to_string().lines().next().unwrap_or_default().to_string()),
            Err(why) => ("not written", why),
        };
        vec![claim.id.clone(), word.to_string(), why]
    };
    let rows: Vec<Vec<String>> = claims.par_iter().map(row).collect();
    bar.finish();
    let accepted = rows.iter().filter(|row| row[1] == "accepted").count();
    let (derived, version) = (claims.len(), compiler.version.clone());
    Done::new(move |paint: Paint<'_>| {
        format!("{}\n{accepted} of {derived} derivations accepted by Coq {version}\n", list(&rows, 0, paint))
    })
    .ending(Ending::of(true, accepted == derived))
}
