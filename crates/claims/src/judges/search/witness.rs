//! A case as a counterexample that people read.

use num_bigint::BigInt;

use crate::expr::{Sort, Statement};
use crate::judges::case::{Case, Entries};
use crate::judges::closed::depends_on_size;
use crate::judges::values::{scalar, text};
use crate::outcome::{Binding, Lack, Witness};
use crate::policy::Scores;

/// A case as a counterexample to one of the propositions to be shown.
pub fn witness(statement: &Statement, show: usize, case: &Case) -> Witness {
    Witness {
        k: case.k,
        format: None,
        bindings: bindings(statement, case),
        weights: weights(case),
        proposition: statement.shows[show].to_string(),
        sides: None,
        lack: None,
        smallest: false,
    }
}

/// A case in which a proposition has no truth value.
pub fn undefined(statement: &Statement, show: usize, case: &Case, lack: Lack) -> Witness {
    Witness { lack: Some(lack), ..witness(statement, show, case) }
}

fn weights(case: &Case) -> Option<Vec<String>> {
    case.vectors.iter().find_map(|(_, entries)| match entries {
        Entries::Probabilities(scores) | Entries::Logits(scores) => match &**scores {
            Scores::Integers(weights) => Some(weights.iter().map(natural).collect()),
            _ => None,
        },
        Entries::Numbers(_) => None,
    })
}

fn natural(limbs: &[u64]) -> String {
    integer(limbs).to_string()
}

fn integer(limbs: &[u64]) -> BigInt {
    <BigInt as crate::arith::integer::Integer>::from_limbs(limbs)
}

/// How many entries of a vector a witness shows.
const SHOWN: usize = 12;

fn list(items: impl Iterator<Item = String>, k: usize) -> String {
    let mut shown: Vec<String> = items.take(SHOWN).collect();
    if k > SHOWN {
        shown.push(format!("... {k} entries"));
    }
    format!("({})", shown.join(", "))
}

fn bindings(statement: &Statement, case: &Case) -> Vec<Binding> {
    let value = |name: &str| -> Option<String> {
        if let Some((_, index)) = case.actions.iter().find(|(known, _)| &**known == name) {
            return Some((index + 1).to_string());
        }
        if let Some((_, value)) = case.reals.iter().find(|(known, _)| &**known == name) {
            return Some(scalar(value));
        }
        let (_, entries) = case.vectors.iter().find(|(known, _)| &**known == name)?;
        Some(match entries {
            Entries::Numbers(numbers) => list(numbers.iter().map(text), case.k),
            Entries::Probabilities(scores) => policy(scores, ""),
            Entries::Logits(scores) => policy(scores, "log "),
        })
    };
    let binding = |(name, _): &(crate::expr::Name, Sort)| Some(Binding { name: name.to_string(), value: value(name)? });
    // Without a vector whose entries could be counted, K is said.
    let counted = !case.vectors.is_empty() || !depends_on_size(statement);
    let size = (!counted).then(|| Binding { name: "K".to_string(), value: case.k.to_string() });
    size.into_iter().chain(statement.variables.iter().filter_map(binding)).collect()
}

/// `(1, 2)/3`, or what fixes P otherwise.
fn policy(scores: &Scores, prefix: &str) -> String {
    let k = scores.len();
    match scores {
        Scores::Integers(weights) => {
            let items = list(weights.iter().map(natural), k);
            if prefix.is_empty() {
                let total: BigInt = weights.iter().map(integer).sum();
                if total == BigInt::from(1) { items } else { format!("{items}/{total}") }
            } else {
                format!("{prefix}{items}")
            }
        }
        Scores::Rationals { numerators, denominators } => {
            let items = numerators.iter().zip(denominators).map(|(n, d)| format!("{}/{}", natural(n), natural(d)));
            // Only the ratios of weights matter to probabilities; logits are their logarithms as they are.
            format!("{prefix}{}{}", list(items, k), if prefix.is_empty() { " up to scale" } else { "" })
        }
        Scores::Logits(logits) => {
            let items = list(logits.iter().map(|z| format!("{z:e}")), k);
            if prefix.is_empty() { format!("softmax{items}") } else { items }
        }
    }
}
