//! Derivations as Coq files: one closed lemma for each step, chained in term mode.
//!
//! A step's lemma has the binders and hypotheses of its claim and both sides in full, with definitions written out. Its
//! proof is the tactic `leaf` of `proofs/coq/Prelude.v`; nothing else is automatic, so that a step that Coq cannot
//! follow fails in its own lemma, and two steps that do not fit together do not type-check.

use std::fmt::Write as _;

use super::statement::{Logits, Parts, Unsupported, Writer, parts};
use crate::expr::{Action, Name, Node, Prop, Relation, Statement, Tree, Type};
use crate::proof::script::{Chain, Item, Script};
use crate::proof::term::{map_prop, unfold};

/// Why a derivation has no Coq file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// There is no derivation.
    #[error("it has no derivation")]
    NoDerivation,
    /// A proof by cases, under assumptions, or with a chosen action.
    #[error("its derivation argues by cases, under assumptions or with a chosen action")]
    Branches,
    /// A chain that is not written.
    #[error("a chain of steps with {0} is not written")]
    Chain(&'static str),
    /// A line that no chain shows by itself.
    #[error("no chain alone shows {0}")]
    Shown(String),
    /// A part without a Coq counterpart.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

/// Something shown: the name of its lemma, the label that it is cited by, and what it says.
struct Known {
    lemma: String,
    label: Option<Name>,
    relation: Relation,
    start: Tree,
    end: Tree,
}

struct File {
    /// Binders and hypotheses, for every lemma.
    head: String,
    /// The same as arguments.
    arguments: String,
    known: Vec<Known>,
    out: String,
}

/// The derivation of a statement as a Coq file with the theorem `derived_<name>`.
///
/// It is not asked whether the kernel accepts the derivation: Coq judges by itself.
///
/// # Errors
/// If the derivation has a shape that is not written.
pub fn file(name: &str, statement: &Statement, script: &Script) -> Result<String, NotWritten> {
    if !script.cases.is_empty() || !script.assumptions.is_empty() {
        return Err(NotWritten::Branches);
    }
    // Definitions are written out everywhere, in what is shown as well.
    let open = |tree: &Tree| unfold(tree, &statement.definitions).unwrap_or_else(|| tree.clone());
    let opened_prop = |prop: &Prop| {
        let same = |action: &Action| Some(action.clone());
        map_prop(prop, &|tree| Some(open(tree)), &same).unwrap_or_else(|| prop.clone())
    };
    let opened = Statement {
        variables: statement.variables.clone(),
        hypotheses: statement.hypotheses.iter().map(opened_prop).collect(),
        definitions: vec![],
        shows: statement.shows.iter().map(opened_prop).collect(),
        ..Statement::default()
    };
    let parts = parts(&opened, Logits::Real)?;
    let mut file = File::new(&parts);
    for (index, item) in script.items.iter().enumerate() {
        match item {
            Item::Chain(label, chain) => file.chain(index + 1, label.as_ref(), chain, &open)?,
            Item::Goal(..) | Item::Choose(..) => return Err(NotWritten::Branches),
        }
    }
    let shown: Vec<String> = opened.shows.iter().map(|show| file.shows(show)).collect::<Result<_, _>>()?;
    let proof = shown.into_iter().rev().reduce(|rest, one| format!("conj {one}\n    ({rest})")).unwrap_or_default();
    let File { arguments, out, .. } = file;
    let lambda = if arguments.is_empty() { String::new() } else { format!("fun{arguments} =>\n    ") };
    Ok(format!(
        "From Logitlab Require Import Prelude.\n{out}\nTheorem derived_{name} : {}.\nProof.\n  exact ({lambda}{proof}).\nQed.\n\n\
         Print Assumptions derived_{name}.\n",
        parts.proposition()
    ))
}

impl File {
    fn new(parts: &Parts) -> File {
        let (mut head, mut arguments) = (String::from("forall"), String::new());
        for (name, ty) in &parts.binders {
            _ = write!(head, " ({name} : {ty})");
            _ = write!(arguments, " {name}");
        }
        for (k, hypothesis) in parts.sorts.iter().chain(&parts.given).enumerate() {
            _ = write!(head, " (given{k} : {hypothesis})");
            _ = write!(arguments, " given{k}");
        }
        File { head, arguments, known: vec![], out: String::new() }
    }

    fn chain(
        &mut self,
        number: usize,
        label: Option<&Name>,
        chain: &Chain,
        open: &dyn Fn(&Tree) -> Tree,
    ) -> Result<(), NotWritten> {
        let start = open(&chain.start);
        let mut from = start.clone();
        let mut whole: Option<(Relation, String)> = None;
        for (index, step) in chain.steps.iter().enumerate() {
            let to = open(&step.to);
            let lemma = format!("step_{number}_{}", index + 1);
            let rules: Vec<&str> = step.rules.iter().map(|(name, _)| &**name).collect();
            let says = self.relation(step.relation, &from, &to)?;
            self.lemma(&lemma, &says, &rules);
            let applied = format!("({lemma}{})", self.arguments);
            whole = Some(match whole {
                None => (step.relation, applied),
                Some((relation, before)) => join(from.ty(), relation, &before, step.relation, &applied)?,
            });
            from = to;
        }
        let (relation, proof) = whole.ok_or(NotWritten::Chain("no step"))?;
        let lemma = format!("chain_{number}");
        let says = self.relation(relation, &start, &from)?;
        _ = write!(
            self.out,
            "\nLemma {lemma} : {},\n  {says}.\nProof.\n  exact (fun{} =>\n    {proof}).\nQed.\n",
            self.head, self.arguments
        );
        self.known.push(Known { lemma, label: label.cloned(), relation, start, end: from });
        Ok(())
    }

    /// A step: what it cites of what was shown before stands among the hypotheses of its proof.
    fn lemma(&mut self, lemma: &str, says: &str, rules: &[&str]) {
        _ = write!(
            self.out,
            "\n(* by {} *)\nLemma {lemma} : {},\n  {says}.\nProof.\n  intros.\n",
            rules.join(", "),
            self.head
        );
        let cited = |known: &&Known| match &known.label {
            Some(label) => rules.contains(&&**label),
            None => rules.contains(&"shown"),
        };
        for known in self.known.iter().filter(cited) {
            _ = writeln!(self.out, "  pose proof ({}{}) as fact_{}.", known.lemma, self.arguments, known.lemma);
        }
        self.out += "  leaf.\nQed.\n";
    }

    fn relation(&self, relation: Relation, left: &Tree, right: &Tree) -> Result<String, NotWritten> {
        let derived = |node: &Node| matches!(node, Node::Gradient { .. } | Node::Derivative { .. });
        if left.any(&derived) || right.any(&derived) {
            return Err(Unsupported::Derivative.into());
        }
        let compared = Prop::Compare(relation, left.clone(), right.clone());
        match relation {
            Relation::Equal | Relation::LessEqual | Relation::Less => {}
            _ => return Err(NotWritten::Chain(">=, > or !=")),
        }
        Ok(Writer::new(Logits::Real).prop(&compared)?)
    }

    /// A term that proves a line.
    fn shows(&self, show: &Prop) -> Result<String, NotWritten> {
        match show {
            Prop::And(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.shows(part)).collect::<Result<_, _>>()?;
                Ok(parts.into_iter().rev().reduce(|rest, one| format!("(conj {one} {rest})")).unwrap_or_default())
            }
            Prop::Compare(relation, a, b) => {
                let arguments = &self.arguments;
                let found = self.known.iter().find_map(|known| match (known.relation, relation) {
                    _ if known.start != *a || known.end != *b => None,
                    (found, wanted) if found == *wanted => Some(format!("({}{arguments})", known.lemma)),
                    (found @ (Relation::Equal | Relation::Less), Relation::LessEqual) => {
                        let weaker = match (found, a.ty()) {
                            (Relation::Equal, Type::Real) => "Req_le _ _",
                            (Relation::Equal, Type::Vector) => "veq_le _ _ _",
                            (_, Type::Real) => "Rlt_le _ _",
                            (_, Type::Vector) => "vlt_le _ _ _",
                        };
                        Some(format!("({weaker} ({}{arguments}))", known.lemma))
                    }
                    _ => None,
                });
                found.ok_or_else(|| NotWritten::Shown(show.to_string()))
            }
            _ => Err(NotWritten::Branches),
        }
    }
}

/// One proof after the other.
fn join(
    ty: Type,
    first: Relation,
    before: &str,
    second: Relation,
    after: &str,
) -> Result<(Relation, String), NotWritten> {
    let word = |relation| match relation {
        Relation::Equal => Ok("eq"),
        Relation::LessEqual => Ok("le"),
        Relation::Less => Ok("lt"),
        _ => Err(NotWritten::Chain(">=, > or !=")),
    };
    let relation = match (first, second) {
        (Relation::Equal, other) | (other, Relation::Equal) => other,
        (Relation::LessEqual, Relation::LessEqual) => Relation::LessEqual,
        _ => Relation::Less,
    };
    let (first, second) = (word(first)?, word(second)?);
    let proof = match ty {
        Type::Vector => format!("v{first}_v{second} _ _ _ _ {before}\n    {after}"),
        Type::Real => format!("{first}_{second} _ _ _ {before}\n    {after}"),
    };
    Ok((relation, format!("({proof})")))
}
