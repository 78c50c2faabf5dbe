//! Witnesses: a counterexample that a person can check by hand.

use std::fmt;

use serde::Serialize;

/// A value given to a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Binding {
    /// The declared name.
    pub name: String,
    /// Its value as text: `(1, 2)/3`, `1`, `5/2`; actions are counted from 1.
    pub value: String,
}

/// A case in which a proposition is false.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// The number of actions.
    pub k: usize,
    /// The floating-point format, where the proposition speaks of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The values of all declared names.
    pub bindings: Vec<Binding>,
    /// Integer weights of the policy that it is built on, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<String>>,
    /// The proposition that is false.
    pub proposition: String,
    /// What its two sides are, where it is a relation: `9/8 <= 1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sides: Option<String>,
    /// Whether an exhaustive search found nothing smaller, in the order K, sum of the weights, weights; in formats, the
    /// order width of the format, then magnitude of each value.
    pub smallest: bool,
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bindings: Vec<String> =
            self.bindings.iter().map(|binding| format!("{} = {}", binding.name, binding.value)).collect();
        let format = self.format.iter().map(|format| format!("{format}, ")).collect::<String>();
        write!(f, "at {format}{}: ", bindings.join(", "))?;
        match &self.sides {
            Some(sides) => write!(f, "{sides} is false"),
            None => write!(f, "{} is false", self.proposition),
        }
    }
}
