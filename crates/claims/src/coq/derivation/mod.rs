//! Derivations as Coq files: one theorem for each claim, proved as its script goes.
//!
//! What the kernel wrote down of a step ([`Use`]) becomes tactics: congruence down to the place, and there the lemma
//! of the law (`proofs/coq/Laws.v`) for the same values. `proofs/coq/Replay.v` has the tactics for what is left:
//! conditions, and what the kernel's procedures say. Coq judges by itself. A step that it cannot follow fails in its
//! own assertion, which is named.

mod proof;
mod step;

use std::fmt::Write as _;

use super::pinned::theorem_name;
use super::statement::{Logits, Unsupported, Writer, parts, parts_by};
use crate::claims::Claim;
use crate::expr::{Node, Prop, Statement, Tree};
use crate::proof::facts::Facts;
use crate::proof::record::Use;
use crate::proof::script::Script;
use crate::proof::term::{map_prop, numbers, unfold};
use crate::recorded::{Recorded, recorded};

/// The word of Coq.
const THEOREM: &str = "Theorem";

/// A claim with its derivation.
#[derive(Clone, Debug)]
pub struct Derived<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it says.
    pub statement: &'a Statement,
    /// Its derivation.
    pub script: &'a Script,
    /// What justifies each step, in the order in which the steps stand.
    pub uses: Vec<Vec<Use>>,
}

/// Why a derivation has no Coq file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// There is no derivation.
    #[error("it has no derivation")]
    NoDerivation,
    /// Logits that may be -inf, where a real number is asked for.
    #[error("`{0}` may be -inf, and Coq would read its logits as real numbers")]
    Infinite(String),
    /// A coordinate that need not exist.
    #[error("`{0}` names coordinate {1}, and there may be fewer: give K >= {1}")]
    Numbered(String, usize),
    /// A part without a Coq counterpart.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

impl<'c> From<Recorded<'c>> for Derived<'c> {
    fn from(Recorded { claim, script, uses }: Recorded<'c>) -> Derived<'c> {
        Derived { id: &claim.id, statement: &claim.statement, script, uses }
    }
}

/// The derivations of some claims and of all that they cite as a Coq file.
///
/// # Errors
/// If the kernel does not accept one, or it speaks of what the development has no name for.
pub fn of(claims: &[&Claim]) -> Result<String, String> {
    let all: Vec<Derived<'_>> = recorded(claims)?.into_iter().map(Derived::from).collect();
    let names: Vec<&str> = claims.iter().map(|claim| claim.id.as_str()).collect();
    file(&all).map_err(|why| format!("{}: {why}", names.join(", ")))
}

/// The name of the theorem that a derivation becomes.
pub fn derived_name(id: &str) -> String {
    format!("derived_{}", theorem_name(id))
}

/// Derivations as a Coq file, each behind those that it cites; the last is the one that is asked about.
///
/// It is not asked whether the kernel accepts them: Coq judges by itself.
///
/// # Errors
/// If a derivation speaks of what the development has no name for.
pub fn file(claims: &[Derived<'_>]) -> Result<String, NotWritten> {
    let last = claims.last().ok_or(NotWritten::NoDerivation)?;
    let mut out = String::from("From Logitlab Require Import Replay.\n");
    for (index, claim) in claims.iter().enumerate() {
        out += &theorem(claim, &claims[..index])?;
    }
    _ = write!(out, "\nPrint Assumptions {}.\n", derived_name(last.id));
    Ok(out)
}

/// The theorem of one claim, which may cite those before it.
fn theorem(claim: &Derived<'_>, before: &[Derived<'_>]) -> Result<String, NotWritten> {
    let opened = opened(claim.statement);
    readable(&opened)?;
    let (name, says) = (derived_name(claim.id), parts(&opened, Logits::Real)?);
    let terms = parts_by(&opened, Writer::new(Logits::Real).with_derivatives())?;
    let proof = proof::written(claim, &opened, before, &terms)?;
    let lemma = cited_name(claim.id, claim.statement);
    if lemma == name {
        return Ok(format!("\n{THEOREM} {name} : {}.\nProof.\n{proof}Qed.\n", says.proposition()));
    }
    // First what the derivatives are, wherever they exist; then that they do.
    let given: String = says
        .binders
        .iter()
        .map(|(name, _)| format!(" {name}"))
        .chain(proof::given(&says).map(|name| format!(" {name}")))
        .collect();
    Ok(format!(
        "\nLemma {lemma} : {}.\nProof.\n{proof}Qed.\n\n{THEOREM} {name} : {}.\nProof.\n  intros{given}.\n  \
         pose proof ({lemma}{given}) as fact. take fact. conclude.\nQed.\n",
        terms.proposition(),
        says.proposition()
    ))
}

/// The name of what others cite of a claim: of derivatives as terms.
fn cited_name(id: &str, statement: &Statement) -> String {
    let derivative = |node: &Node| matches!(node, Node::Gradient { .. } | Node::Derivative { .. });
    let props = statement.shows.iter().chain(&statement.hypotheses);
    let bodies = statement.definitions.iter().map(|(_, body)| body);
    let has = props.flat_map(Prop::trees).chain(bodies).any(|tree| tree.any(&derivative));
    if has { format!("terms_{}", theorem_name(id)) } else { derived_name(id) }
}

/// Whether Coq reads what is shown as it is meant: there every function is total, and a vector has entries everywhere.
fn readable(opened: &Statement) -> Result<(), NotWritten> {
    let facts = Facts::new(&opened.variables, &[], opened.hypotheses.clone());
    for tree in opened.shows.iter().flat_map(Prop::trees) {
        if !facts.is_finite(tree) {
            return Err(NotWritten::Infinite(tree.to_string()));
        }
        if let Some(index) = numbers(tree).into_iter().find(|index| !facts.has_actions(*index)) {
            return Err(NotWritten::Numbered(tree.to_string(), index));
        }
    }
    Ok(())
}

/// A statement with its definitions written out.
pub fn opened(statement: &Statement) -> Statement {
    let all = |props: &[Prop]| props.iter().map(|prop| opened_prop(prop, statement)).collect();
    Statement {
        variables: statement.variables.clone(),
        hypotheses: all(&statement.hypotheses),
        definitions: vec![],
        shows: all(&statement.shows),
        ..Statement::default()
    }
}

/// A proposition with definitions written out.
fn opened_prop(prop: &Prop, statement: &Statement) -> Prop {
    let open = |tree: &Tree| Some(opened_tree(tree, statement));
    map_prop(prop, &open, &|action| Some(action.clone())).unwrap_or_else(|| prop.clone())
}

/// An expression with definitions written out.
fn opened_tree(tree: &Tree, statement: &Statement) -> Tree {
    unfold(tree, &statement.definitions).unwrap_or_else(|| tree.clone())
}
