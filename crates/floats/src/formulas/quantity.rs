//! What formulas compute: the sizes of a step and what the same users compute from the same softmax.

use crate::expr::{Tree, elaborate};

use super::names;

/// What a formula computes, for logits z, an action c and, in a ratio, the logits y of another policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// w = |e_c - P|^2.
    SquaredNorm,
    /// The square root of w.
    Norm,
    /// P_c.
    Probability,
    /// log P_c, in nats.
    LogProbability,
    /// P_c over the probability of c under the policy with logits y: the importance ratio.
    Ratio,
    /// The Shannon entropy H(P), in nats.
    Entropy,
    /// log-sum-exp of the logits.
    Lse,
}

/// Name, definition, bounds.
type Row = (Quantity, &'static str, &'static str, Bounds);

/// The least and the largest value as reals of the language, over the names of [`names`]; `None` where there is none.
pub type Bounds = (Option<&'static str>, Option<&'static str>);

const ROWS: &[Row] = &[
    (Quantity::SquaredNorm, "w", "|e[c] - P|^2", (Some("0"), Some("2"))),
    (Quantity::Norm, "norm", "|e[c] - P|", (Some("0"), Some("sqrt(2)"))),
    (Quantity::Probability, "probability", "P[c]", (Some("0"), Some("1"))),
    (Quantity::LogProbability, "log-probability", "log(P[c])", (None, Some("0"))),
    (Quantity::Ratio, "ratio", "P[c]/softmax(y)[c]", (Some("0"), None)),
    (Quantity::Entropy, "entropy", "H(P)", (Some("0"), Some("log(K)"))),
    (Quantity::Lse, "lse", "log(sum(exp(z)))", (Some("max(z)"), Some("max(z) + log(K)"))),
];

impl Quantity {
    /// Every quantity, in the order in which they are shown.
    pub fn all() -> impl Iterator<Item = Quantity> {
        ROWS.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        ROWS.iter().find(|row| row.0 == self).expect("every quantity has a row")
    }

    /// Its name in options and output.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Its definition, over the names of [`names`]; the formulas for it are equal to this, and better or worse to
    /// compute with.
    pub fn definition(self) -> &'static str {
        self.row().2
    }

    /// Between which values it lies wherever it is defined.
    pub fn bounds(self) -> Bounds {
        self.row().3
    }

    /// The definition as a tree.
    pub fn meaning(self) -> Tree {
        elaborate::value(self.definition(), names()).unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }
}
