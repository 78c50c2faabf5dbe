//! Pins: the statement of each claim, printed from its tree, held against the theorem of its name in the development.
//!
//! `Theorem pinned_x : <the claim's statement>. Proof. exact x. Qed.`: if the theorem said anything else, up to
//! unfolding definitions, Coq would not accept it.

use std::fmt::Write as _;

use super::development;
use super::statement::{Logits, Unsupported, parts};
use crate::claims::Claim;
use crate::expr::{Sort, Statement};

/// A theorem that is to say what a claim says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The theorem's name.
    pub theorem: String,
    /// The module that has it.
    pub module: &'static str,
    /// `Theorem pinned_… Proof. … Qed.`
    pub text: String,
}

/// Why no theorem is held against a claim.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unpinned {
    /// There is none.
    #[error("proofs/coq has no theorem of this name")]
    NoTheorem,
    /// The claim starts from logits, and there is none for masked actions.
    #[error("proofs/coq has no theorem for masked actions, `{0}_masked`")]
    NoMasked(String),
    /// The statement is not a Coq proposition.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

/// The name of the theorem of a claim.
pub fn theorem_name(id: &str) -> String {
    id.replace('-', "_")
}

/// The module of the development that has a theorem.
pub fn module_of(theorem: &str) -> Option<&'static str> {
    let is_it = |rest: &str| rest.strip_prefix(theorem).is_some_and(|rest| rest.starts_with([' ', ':']));
    let has = |text: &str| text.lines().filter_map(|line| line.strip_prefix("Theorem ")).any(is_it);
    development::FILES.iter().find(|(_, text)| has(text)).map(|(module, _)| *module)
}

/// The theorems of a claim: one, and where it starts from logits a second one, in which some are -inf.
///
/// # Errors
/// If there is no theorem of its name, or its statement cannot be printed.
pub fn pins(claim: &Claim) -> Result<Vec<Pin>, Unpinned> {
    let theorem = theorem_name(&claim.id);
    let module = module_of(&theorem).ok_or(Unpinned::NoTheorem)?;
    let proof = format!("exact {theorem}.");
    let mut pins = vec![pin(&claim.statement, Logits::Real, &theorem, module, &proof)?];
    if claim.statement.variables.iter().any(|(_, sort)| *sort == Sort::Masked) {
        let theorem = format!("{theorem}_masked");
        let module = module_of(&theorem).ok_or_else(|| Unpinned::NoMasked(theorem.clone()))?;
        let names: Vec<String> =
            parts(&claim.statement, Logits::Masked)?.binders.into_iter().map(|(name, _)| name).collect();
        // Most hold for weights of any size, which is more than the claim says.
        let names = names.join(" ");
        let proof = format!(
            "intros {names} given0 given1. first [exact ({theorem} {names} given0) | exact ({theorem} {names} given0 given1)]."
        );
        pins.push(pin(&claim.statement, Logits::Masked, &theorem, module, &proof)?);
    }
    Ok(pins)
}

fn pin(
    statement: &Statement,
    logits: Logits,
    theorem: &str,
    module: &'static str,
    proof: &str,
) -> Result<Pin, Unsupported> {
    let proposition = parts(statement, logits)?.proposition();
    let text = format!("Theorem pinned_{theorem} : {proposition}.\nProof. {proof} Qed.\n");
    Ok(Pin { theorem: theorem.to_string(), module, text })
}

/// A file that holds these theorems against what their claims say, and prints the axioms behind them.
pub fn file(pins: &[Pin]) -> String {
    let mut modules: Vec<&str> = pins.iter().map(|pin| pin.module).collect();
    modules.sort_unstable();
    modules.dedup();
    let mut out = String::from("From Logitlab Require Import Definitions.\n");
    for module in modules {
        _ = writeln!(out, "From Logitlab Require {module}.\nImport {module}.");
    }
    for pin in pins {
        _ = write!(out, "\n{}", pin.text);
    }
    let names: Vec<String> = pins.iter().map(|pin| format!("pinned_{}", pin.theorem)).collect();
    _ = write!(out, "\nDefinition all_pinned := ({}, I).\nPrint Assumptions all_pinned.\n", names.join(", "));
    out
}
