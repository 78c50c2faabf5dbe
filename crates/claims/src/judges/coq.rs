//! The judge `coq`: the claim's theorem in `proofs/coq`, or its derivation, checked by Coq for every K.
//!
//! The claim's statement is printed from its tree and held against the theorem, so that what Coq checked is what the
//! claim says. A claim without a theorem is proved by its derivation, step by step ([`crate::coq::derivation`]); where
//! it has none, one is searched for. What Coq accepted is kept ([`crate::coq::compiler`]), and what is kept is said to
//! be. A statement that the theorem of its name does not have is not decided. Without Coq nothing is said, and never a
//! pass.

use std::sync::LazyLock;
use std::time::Instant;

use super::Options;
use super::conclusion::{not_applicable, proved};
use crate::claims::Claim;
use crate::coq::derivation;
use crate::coq::pinned::{self, Pin, Unpinned};
use crate::coq::{CompileError, Compiled, Compiler, Unavailable, foreign_axioms};
use crate::expr::Sort;
use crate::outcome::{Judgement, Verdict};
use crate::proof::script::Script;
use crate::prove::{Citable, Derivation, prove};
use crate::text::counted;

static COMPILER: LazyLock<Result<Compiler, Unavailable>> = LazyLock::new(Compiler::find);

/// Has the theorem of a claim checked.
pub fn decide(claim: &Claim, options: &Options) -> Judgement {
    let start = Instant::now();
    let mut judgement = match pinned::pins(claim) {
        Ok(pins) => match &*COMPILER {
            Ok(compiler) => checked(claim, &compiler.clone().fresh(options.fresh), &pins),
            Err(why) => said(claim, Verdict::Undecided("coqc was not run".to_string()), format!("not run: {why}")),
        },
        Err(Unpinned::NoTheorem) => followed(claim, options),
        Err(why @ Unpinned::Unsupported(_)) => not_applicable(claim, "coq", &why.to_string()),
        Err(why) => said(claim, Verdict::Undecided("it has no theorem".to_string()), why.to_string()),
    };
    judgement.seconds = start.elapsed().as_secs_f64();
    judgement
}

/// Has the derivation of a claim checked, or one that a search finds.
fn followed(claim: &Claim, options: &Options) -> Judgement {
    let none = || not_applicable(claim, "coq", "proofs/coq has no theorem of this name, and there is no derivation");
    let searched;
    let claim = match (&claim.proof, &options.search) {
        (Some(_), _) => claim,
        (None, Some(limits)) => {
            let found = prove(&claim.id, &claim.statement, &Citable::by(claim), limits).found;
            let whole = |found: &Derivation| found.theorems.len() == claim.statement.shows.len();
            let Some(found) = found.filter(whole) else { return none() };
            searched = Claim { proof: Some(found.script), ..claim.clone() };
            &searched
        }
        (None, None) => return none(),
    };
    let steps: usize = claim.proof.iter().flat_map(Script::chains).map(|chain| chain.steps.len()).sum();
    let text = match derivation::of(&[claim]) {
        Ok(text) => text,
        Err(why) => return not_applicable(claim, "coq", &why),
    };
    let compiler = match &*COMPILER {
        Ok(compiler) => compiler.clone().fresh(options.fresh),
        Err(why) => return said(claim, Verdict::Undecided("coqc was not run".to_string()), format!("not run: {why}")),
    };
    let steps = format!("derivation of {}", counted(steps as u64, "step"));
    match compiler.compile(&format!("Derived_{}", pinned::theorem_name(&claim.id)), &text) {
        Ok(compiled) if foreign_axioms(&compiled.output).is_some_and(|foreign| foreign.is_empty()) => {
            let mut evidence = format!("{steps} and statement as printed, {}", accepted(&compiler, &compiled));
            if claim.statement.variables.iter().any(|(_, sort)| *sort == Sort::Masked) {
                let why = "Coq follows it for logits that are all real".to_string();
                return said(claim, Verdict::Undecided(why), evidence);
            }
            let verdict = proved(&claim.statement, claim.proof.as_ref(), &mut evidence);
            said(claim, verdict, evidence)
        }
        Ok(compiled) => {
            let why = "its derivation rests on other axioms".to_string();
            said(claim, Verdict::Undecided(why), compiled.output.trim().to_string())
        }
        Err(error) => {
            said(claim, Verdict::Undecided("Coq does not follow it".to_string()), format!("{steps}: {error}"))
        }
    }
}

/// What a compiler says of theorems and what they are to say.
pub fn checked(claim: &Claim, compiler: &Compiler, pins: &[Pin]) -> Judgement {
    let module = format!("Pinned_{}", pinned::theorem_name(&claim.id));
    let names: Vec<&str> = pins.iter().map(|pin| pin.theorem.as_str()).collect();
    let theorems = format!("theorem{} {}", if names.len() == 1 { "" } else { "s" }, names.join(" and "));
    match compiler.compile(&module, &pinned::file(pins)) {
        Ok(compiled) => match foreign_axioms(&compiled.output).as_deref() {
            Some([]) => {
                let mut evidence = format!("{theorems}, {}", accepted(compiler, &compiled));
                let verdict = proved(&claim.statement, claim.proof.as_ref(), &mut evidence);
                said(claim, verdict, evidence)
            }
            _ => said(
                claim,
                Verdict::Undecided("its theorem rests on other axioms".to_string()),
                format!("{theorems} rest on more than the axioms of the real numbers: {}", compiled.output.trim()),
            ),
        },
        Err(CompileError::Rejected { lemma: Some(lemma), message, .. }) if differs(&lemma, &message) => {
            not_applicable(claim, "coq", &format!("the statement differs from the {theorems}"))
        }
        Err(error) => {
            said(claim, Verdict::Undecided("Coq does not accept it".to_string()), format!("{theorems}: {error}"))
        }
    }
}

/// Whether Coq read what the claim says, and that is not what the theorem says.
fn differs(lemma: &str, message: &str) -> bool {
    let unread = ["Syntax error", "Lexical error", "The reference", "Unknown"];
    lemma.starts_with("pinned_") && !unread.iter().any(|start| message.starts_with(start))
}

/// Who accepted it, and when if that was not now.
pub fn accepted(compiler: &Compiler, compiled: &Compiled) -> String {
    match &compiled.kept {
        Some(kept) => format!("kept from {}, coqc {}; --fresh checks it again", kept.when, kept.version),
        None => format!("machine-checked by Coq {}", compiler.version),
    }
}

fn said(claim: &Claim, verdict: Verdict, evidence: String) -> Judgement {
    Judgement {
        shows: vec![verdict.clone(); claim.statement.shows.len()],
        verdict,
        evidence,
        ..not_applicable(claim, "coq", "")
    }
}
