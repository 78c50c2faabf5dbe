//! Derivations with what justifies every step, each behind those that it cites: for whoever checks them anew.

use crate::claims::{Claim, claims};
use crate::proof::check::names;
use crate::proof::record::Use;
use crate::proof::script::{Item, Script, Step};

/// A claim whose derivation the kernel accepts.
#[derive(Clone, Debug)]
pub struct Recorded<'c> {
    /// The claim.
    pub claim: &'c Claim,
    /// Its derivation.
    pub script: &'c Script,
    /// What justifies each step, in the order in which the steps stand.
    pub uses: Vec<Vec<Use>>,
}

/// Some claims and all that they cite.
///
/// # Errors
/// Which claim has no derivation that the kernel accepts, and why.
pub fn recorded<'c>(claims: &[&'c Claim]) -> Result<Vec<Recorded<'c>>, String> {
    let mut all = Vec::new();
    for claim in claims {
        add(claim, claim, &mut all)?;
    }
    Ok(all)
}

/// Adds a claim behind those that it cites. `from` is the claim beside which others are looked for.
fn add<'c>(claim: &'c Claim, from: &'c Claim, all: &mut Vec<Recorded<'c>>) -> Result<(), String> {
    if all.iter().any(|before| before.claim.id == claim.id) {
        return Ok(());
    }
    let id = &claim.id;
    let script = claim.proof.as_ref().ok_or_else(|| format!("{id}: there is no derivation to write"))?;
    let uses = from
        .library()
        .record_script(id, &claim.statement, script)
        .map_err(|rejection| format!("{id}: the kernel does not accept its derivation: {rejection}"))?;
    let mut known: Vec<&str> = names().collect();
    labels(script, &mut known);
    for name in script.chains().into_iter().flat_map(|chain| &chain.steps).flat_map(Step::rule_names) {
        let cited = || from.beside.iter().chain(claims()).find(|other| other.id == name);
        if !known.contains(&name)
            && let Some(other) = cited()
        {
            add(other, from, all)?;
        }
    }
    all.push(Recorded { claim, script, uses });
    Ok(())
}

/// The names of lemmas.
fn labels<'s>(script: &'s Script, found: &mut Vec<&'s str>) {
    for item in &script.items {
        if let Item::Chain(Some(label), _) | Item::Goal(Some(label), ..) = item {
            found.push(label);
        }
        if let Item::Goal(_, _, _, inner) = item {
            labels(inner, found);
        }
    }
    script.cases.iter().chain(&script.assumptions).for_each(|branch| labels(&branch.script, found));
}
