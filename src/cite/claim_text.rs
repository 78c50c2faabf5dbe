//! The canonical text of a claim: statement, derivation, fixed-seed evidence.

use std::fmt::Write as _;

use crate::claims::{Claim, claims};
use crate::judges::{self, Judge, Options};
use crate::outcome::{Judgement, Witness};
use crate::proof::Library;

/// The judges whose words are part of the text, by name: a new judge does not change the bytes.
pub const JUDGES: [&str; 2] = ["exact", "enclosure"];

/// How hard they try: fixed by the schema, whatever the defaults of `logitlab verify` become.
pub const OPTIONS: Options = Options { cases: 64, seed: 1, bits: 128, policy: None };

/// The texts after the first line, in the same order: runs the kernel, and all judges in parallel.
///
/// Derivations may cite the claims that the crate ships.
pub fn derive(wanted: &[&Claim]) -> Vec<String> {
    let library = Library::new(claims().iter().map(Claim::entry));
    let judges: Vec<&Judge> =
        JUDGES.iter().map(|name| judges::find(name).expect("both judges are always present")).collect();
    let report = judges::verify(wanted, &judges, &OPTIONS, &|_, _| {});
    wanted.iter().zip(&report.claims).map(|(claim, found)| text(claim, &library, &found.judges)).collect()
}

fn text(claim: &Claim, library: &Library<'_>, judgements: &[Judgement]) -> String {
    let mut out = format!("claim  {}\ntitle  \"{}\"\nsource \"{}\"\n", claim.id, claim.title, claim.source);
    _ = write!(out, "{}", claim.statement);
    _ = writeln!(out, "expect {}\n", claim.expected.word());
    derivation(&mut out, claim, library);
    _ = writeln!(out, "\nevidence seed {}, {} cases, {} bits", OPTIONS.seed, OPTIONS.cases, OPTIONS.bits);
    for judgement in judgements {
        _ = writeln!(out, "judge {}: {}\n  {}", judgement.judge, judgement.verdict, judgement.evidence);
    }
    if let Some(found) = judgements.iter().find_map(|judgement| judgement.witness.as_ref()) {
        witness(&mut out, found);
    }
    out
}

/// The script, and `checked` only if the kernel accepts it now.
fn derivation(out: &mut String, claim: &Claim, library: &Library<'_>) {
    let Some(script) = &claim.proof else { return out.push_str("derivation none\n") };
    let shows = &claim.statement.shows;
    let accepted = library.prove_script(&claim.id, &claim.statement, script).is_ok_and(|theorems| {
        let mut pairs = theorems.iter().zip(shows);
        theorems.len() == shows.len() && pairs.all(|(theorem, show)| theorem.proves(&claim.statement, show))
    });
    _ = write!(out, "derivation {}\n{script}", if accepted { "checked" } else { "rejected" });
}

fn witness(out: &mut String, witness: &Witness) {
    _ = writeln!(out, "\nwitness\n  K = {}", witness.k);
    for binding in &witness.bindings {
        _ = writeln!(out, "  {} = {}", binding.name, binding.value);
    }
    if let Some(weights) = &witness.weights {
        _ = writeln!(out, "  weights {}", weights.join(", "));
    }
    _ = writeln!(out, "  false {}", witness.proposition);
    if let Some(sides) = &witness.sides {
        _ = writeln!(out, "  sides {sides}");
    }
    _ = writeln!(out, "  smallest {}", if witness.smallest { "yes" } else { "not known" });
}
