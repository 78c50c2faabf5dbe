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

/// Why a proposition has no truth value in a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// What has no value there: `1/x`, or in words, `the logarithm of 0`.
    pub of: String,
    /// The hypothesis that excludes such cases, where one is known: `x != 0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no value", self.of)?;
        self.add.iter().try_for_each(|add| write!(f, "; add {add}"))
    }
}

/// A case in which a proposition is false, or has no truth value.
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
    /// The proposition.
    pub proposition: String,
    /// What its two sides are, where it is a relation: `9/8 <= 1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sides: Option<String>,
    /// Why the proposition has no truth value, where it is not false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lack: Option<Lack>,
    /// Whether an exhaustive search found nothing smaller, in the order K, sum of the weights, weights; in formats, the
    /// order width of the format, then magnitude of each value.
    pub smallest: bool,
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bindings: Vec<String> =
            self.bindings.iter().map(|binding| format!("{} = {}", binding.name, binding.value)).collect();
        let format = self.format.iter().map(|format| format!("{format}, ")).collect::<String>();
        let place = format!("{format}{}", bindings.join(", "));
        if !place.is_empty() {
            write!(f, "at {place}: ")?;
        }
        match (&self.lack, &self.sides) {
            (Some(lack), _) => write!(f, "{lack}"),
            (None, Some(sides)) => write!(f, "{sides} is false"),
            (None, None) => write!(f, "{} is false", self.proposition),
        }
    }
}
