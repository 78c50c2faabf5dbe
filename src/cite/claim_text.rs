//! The canonical text of a claim: statement, derivation, fixed-seed evidence.

use std::fmt::Write as _;

use crate::claims::{Claim, claims};
use crate::judges::{self, Judge, Options};
use crate::outcome::{Judgement, Witness};
use crate::proof::Library;

/// The judges whose words are part of the text, by name: a new judge does not change the bytes.
pub const JUDGES: [&str; 2] = ["exact", "enclosure"];

/// How hard they try: fixed by the schema, whatever the defaults of `logitlab verify` become.
pub const OPTIONS: Options =
    Options { cases: 64, seed: 1, bits: 128, policy: None, formats: Vec::new(), fresh: false, search: None };

/// The judge of claims about floating-point formats, which the others do not look at, and the formats whose numbers
/// it tries: a new format does not change the bytes.
pub const OF_FORMATS: (&str, [&str; 9]) =
    ("exhaustive", ["e2m1", "e2m3", "e3m2", "e4m3fn", "e5m2", "e4m3fnuz", "e5m2fnuz", "e4m3", "e3m4"]);

/// The judges whose words are part of a claim's text.
pub fn judges_of(claim: &Claim) -> &'static [&'static str] {
    const EXHAUSTIVE: &[&str] = &[OF_FORMATS.0];
    if claim.statement.speaks_of_formats() { EXHAUSTIVE } else { &JUDGES }
}

/// The snapshots of claims, in the same order: runs the kernel, and all judges in parallel.
///
/// Derivations may cite the claims that the crate ships.
pub fn derive(wanted: &[&Claim]) -> Vec<String> {
    let library = Library::new(claims().iter().map(Claim::entry));
    let (of_formats, others): (Vec<&Claim>, Vec<&Claim>) =
        wanted.iter().copied().partition(|claim| claim.statement.speaks_of_formats());
    let ask = |claims: &[&Claim], names: &[&str], options: &Options| {
        let judges: Vec<&Judge> =
            names.iter().map(|name| judges::find(name).expect("these judges are always present")).collect();
        judges::verify(claims, &judges, options, &|_, _| {}).claims.into_iter()
    };
    let formats = OF_FORMATS.1.iter().map(|name| name.parse().expect("these formats are always present")).collect();
    let mut of_formats = ask(&of_formats, &[OF_FORMATS.0], &Options { formats, ..OPTIONS });
    let mut others = ask(&others, &JUDGES, &OPTIONS);
    let mut one = |claim: &&Claim| {
        let from = if claim.statement.speaks_of_formats() { &mut of_formats } else { &mut others };
        text(claim, &library, &from.next().expect("one report for each claim").judges)
    };
    wanted.iter().map(&mut one).collect()
}

fn text(claim: &Claim, library: &Library<'_>, judgements: &[Judgement]) -> String {
    let mut out = String::new();
    _ = writeln!(out, "claim  {}\ntitle  \"{}\"\nsource \"{}\"", claim.id, claim.title, claim.source);
    _ = write!(out, "{}", claim.statement);
    _ = writeln!(out, "expect {}\n", claim.expected.word());
    derivation(&mut out, claim, library);
    if claim.statement.speaks_of_formats() {
        _ = writeln!(out, "\nevidence every number of {}", OF_FORMATS.1.join(", "));
    } else {
        _ = writeln!(out, "\nevidence seed {}, {} cases, {} bits", OPTIONS.seed, OPTIONS.cases, OPTIONS.bits);
    }
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
    match &witness.format {
        None => _ = writeln!(out, "\nwitness\n  K = {}", witness.k),
        Some(format) => _ = writeln!(out, "\nwitness\n  format {format}"),
    }
    for binding in &witness.bindings {
        _ = writeln!(out, "  {} = {}", binding.name, binding.value);
    }
    if let Some(weights) = &witness.weights {
        _ = writeln!(out, "  weights {}", weights.join(", "));
    }
    match &witness.lack {
        None => _ = writeln!(out, "  false {}", witness.proposition),
        Some(lack) => _ = writeln!(out, "  undefined {}\n  lacks {lack}", witness.proposition),
    }
    if let Some(sides) = &witness.sides {
        _ = writeln!(out, "  sides {sides}");
    }
    _ = writeln!(out, "  smallest {}", if witness.smallest { "yes" } else { "not known" });
}
