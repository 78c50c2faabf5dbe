//! The judge `coq`: the claim's theorem in `proofs/coq`, checked by Coq for every K.
//!
//! The claim's statement is printed from its tree and held against the theorem, so that what Coq checked is what the
//! claim says. What Coq accepted is kept ([`crate::coq::compiler`]). Without Coq nothing is said, and never a pass.

use std::sync::LazyLock;
use std::time::Instant;

use super::Options;
use super::conclusion::{not_applicable, proved};
use crate::claims::Claim;
use crate::coq::pinned::{self, Pin, Unpinned};
use crate::coq::{Compiler, Unavailable, foreign_axioms};
use crate::outcome::{Judgement, Verdict};

static COMPILER: LazyLock<Result<Compiler, Unavailable>> = LazyLock::new(Compiler::find);

/// Has the theorem of a claim checked.
pub fn decide(claim: &Claim, _: &Options) -> Judgement {
    let start = Instant::now();
    let mut judgement = match pinned::pins(claim) {
        Ok(pins) => match &*COMPILER {
            Ok(compiler) => checked(claim, compiler, &pins),
            Err(why) => said(claim, Verdict::Undecided("coqc was not run".to_string()), format!("not run: {why}")),
        },
        Err(why @ (Unpinned::NoTheorem | Unpinned::Unsupported(_))) => not_applicable(claim, "coq", &why.to_string()),
        Err(why) => said(claim, Verdict::Undecided("it has no theorem".to_string()), why.to_string()),
    };
    judgement.seconds = start.elapsed().as_secs_f64();
    judgement
}

/// What a compiler says of theorems and what they are to say.
pub fn checked(claim: &Claim, compiler: &Compiler, pins: &[Pin]) -> Judgement {
    let module = format!("Pinned_{}", pinned::theorem_name(&claim.id));
    let names: Vec<&str> = pins.iter().map(|pin| pin.theorem.as_str()).collect();
    let theorems = format!("theorem{} {}", if names.len() == 1 { "" } else { "s" }, names.join(" and "));
    match compiler.compile(&module, &pinned::file(pins)) {
        Ok(compiled) => match foreign_axioms(&compiled.output).as_deref() {
            Some([]) => {
                let mut evidence = format!("{theorems}, machine-checked by Coq {}", compiler.version);
                let verdict = proved(&claim.statement, claim.proof.as_ref(), &mut evidence);
                said(claim, verdict, evidence)
            }
            _ => said(
                claim,
                Verdict::Undecided("its theorem rests on other axioms".to_string()),
                format!("{theorems} rest on more than the axioms of the real numbers: {}", compiled.output.trim()),
            ),
        },
        Err(error) => {
            said(claim, Verdict::Undecided("Coq does not accept it".to_string()), format!("{theorems}: {error}"))
        }
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
