//! Derivations put into the files of their claims: where a proof stands or would stand, and nothing else changes.

use std::fs;
use std::rc::Rc;

use super::Failure;
use super::claim_files::ClaimFile;
use super::diagnostic::Text;
use super::output;
use super::subject::{Filed, Loaded};
use crate::claims::{Claim, Collection};

/// The claims into whose files a derivation is to be put, and the ids of those that have one that stays.
///
/// # Errors
/// If a claim stands in no file that can be written, or all of them have a proof and `replace` is not given.
pub fn to_be_written(loaded: Vec<Loaded>, replace: bool) -> Result<(Vec<Loaded>, Vec<String>), Failure> {
    let (mut wanted, mut left) = (Vec::new(), Vec::new());
    let mut refusal = None;
    for one in loaded {
        let id = one.claim().id.clone();
        let filed = match &one {
            Loaded::Filed(_, filed) if filed.file.text.file != Text::STANDARD_INPUT => filed.clone(),
            _ => {
                return Err(format!(
                    "--write puts a derivation into the file of its claim, and `{id}` is in none: \
                     print it instead, with > my.proof"
                )
                .into());
            }
        };
        match filed.stated().proof.filter(|_| !replace) {
            None => wanted.push(one),
            Some(proof) => {
                let message = format!("`{id}` has a proof: with --replace the one that is found comes in its place");
                let start = crate::expr::Span { start: proof.start, end: proof.start + "proof".len() };
                refusal.get_or_insert_with(|| filed.file.text.at(start, &message));
                left.push(id);
            }
        }
    }
    match refusal {
        Some(refusal) if wanted.is_empty() => Err(Failure::Diagnosed(refusal)),
        _ => Ok((wanted, left)),
    }
}

/// Puts derivations into files, each as a whole; `found` has the text of a claim with its derivation, for the number
/// of a claim. For each claim the file that has its derivation now.
///
/// # Errors
/// If a file changed meanwhile or cannot be written, or would not be what it was but for the proofs.
pub fn write<'f>(loaded: &[Loaded], found: impl Fn(usize) -> Option<&'f str>) -> Result<Vec<Option<String>>, Failure> {
    let mut written = vec![None; loaded.len()];
    let mut edits: Vec<(Rc<ClaimFile>, Vec<Edit<'_>>)> = Vec::new();
    for (number, one) in loaded.iter().enumerate() {
        let (Loaded::Filed(claim, filed), Some(text)) = (one, found(number)) else { continue };
        let proof = text.find("\nproof\n").map(|at| &text[at + 1..]).expect("a derivation has a proof");
        match edits.iter_mut().find(|(file, _)| Rc::ptr_eq(file, &filed.file)) {
            Some((_, edits)) => edits.push(Edit { claim, filed, proof }),
            None => edits.push((filed.file.clone(), vec![Edit { claim, filed, proof }])),
        }
        written[number] = Some(filed.file.text.file.clone());
    }
    for (file, edits) in edits {
        rewrite(&file, edits)?;
    }
    Ok(written)
}

/// A proof for a claim of a file.
struct Edit<'a> {
    claim: &'a Claim,
    filed: &'a Filed,
    proof: &'a str,
}

fn rewrite(file: &ClaimFile, mut edits: Vec<Edit<'_>>) -> Result<(), Failure> {
    let (name, old) = (&file.text.file, &file.text.text);
    // From the last to the first, so that the places before stay where they are.
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.filed.number));
    let mut new = old.clone();
    for Edit { filed, proof, .. } in &edits {
        put(&mut new, filed, proof);
    }
    is_the_same(file, &new, &edits).map_err(|why| {
        format!("{name} is left as it is: with what was found it {why}, which is a fault of logitlab")
    })?;
    let path = fs::canonicalize(name).map_err(|error| format!("cannot write {name}: {error}"))?;
    if fs::read(&path).ok().as_deref() != Some(old.as_bytes()) {
        return Err(format!(
            "{name} changed while a derivation was searched for, and is left as it is: prove it again"
        )
        .into());
    }
    output::write_bytes(&path, new.as_bytes())
}

/// Puts a proof where the claim has one, or below its last line, with line ends as the text has them.
fn put(text: &mut String, filed: &Filed, proof: &str) {
    let stated = filed.stated();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let proof = proof.trim_end().replace('\n', end);
    if let Some(place) = stated.proof {
        text.replace_range(place.start..place.end, &proof);
        return;
    }
    let from = stated.statement.end;
    match text[from..].find('\n') {
        Some(line) => text.insert_str(from + line + 1, &format!("{proof}{end}")),
        None => text.push_str(&format!("{end}{proof}{end}")),
    }
}

/// Whether a text states the same claims, and the kernel accepts the proofs that were put in.
fn is_the_same(file: &ClaimFile, new: &str, edits: &[Edit<'_>]) -> Result<(), String> {
    let read = Collection::read(new).map_err(|error| format!("cannot be read: {error}"))?;
    let same = |(old, new): (&crate::claims::Stated, &crate::claims::Stated)| {
        let (old, new) = (&old.claim, &new.claim);
        old.id == new.id && old.statement == new.statement && old.title == new.title && old.expected == new.expected
    };
    let count = read.claims.len() == file.collection.claims.len();
    if !count || !file.collection.claims.iter().zip(&read.claims).all(same) || read.uses != file.collection.uses {
        return Err("would state something else".to_string());
    }
    for edit in edits {
        let stated = &read.claims[edit.filed.number].claim;
        let claim = Claim { beside: edit.claim.beside.clone(), ..stated.clone() };
        let script = claim.proof.as_ref().ok_or("has no proof there")?;
        claim
            .library()
            .prove_script(&claim.id, &claim.statement, script)
            .map_err(|why| format!("is refused: {why}"))?;
    }
    Ok(())
}
