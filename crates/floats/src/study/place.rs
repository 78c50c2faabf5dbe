//! The places at which a computation rounds.

/// A place at which a computation rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The logits as they are stored.
    Logits,
    /// Their division by the temperature.
    Temperature,
    /// The subtraction of the largest logit, and what else is done to logits elementwise.
    Shift,
    /// The exponentials of a softmax.
    Exp,
    /// Accumulators.
    Sum,
    /// The sum of a softmax's exponentials once it is formed, and its logarithm.
    Total,
    /// The log-probabilities of a log-softmax.
    Logprob,
    /// The probabilities.
    Probability,
    /// Log-sum-exps: their shifts, exponentials, logarithms.
    Lse,
    /// Elementwise products and quotients of probabilities.
    Product,
    /// C(P), however it is formed.
    Collision,
    /// All that remains: the last few operations on single numbers.
    Combine,
}

/// Every place, with its name in the text of a mode.
pub const PLACES: [(Place, &str); 12] = [
    (Place::Logits, "logits"),
    (Place::Temperature, "temperature"),
    (Place::Shift, "shift"),
    (Place::Exp, "exp"),
    (Place::Sum, "sum"),
    (Place::Total, "total"),
    (Place::Logprob, "logprob"),
    (Place::Probability, "probability"),
    (Place::Lse, "lse"),
    (Place::Product, "product"),
    (Place::Collision, "collision"),
    (Place::Combine, "combine"),
];
