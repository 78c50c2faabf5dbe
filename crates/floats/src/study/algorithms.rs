//! Algorithms for log-sum-exp and softmax of a vector. A new one is a line here.

use super::mode::Softmax;

/// What an algorithm computes of a vector z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The sum of the exponentials.
    ExpSum,
    /// Its logarithm.
    Lse,
    /// All probabilities.
    Softmax,
}

/// An algorithm.
#[derive(Clone, Copy, Debug)]
pub struct Algorithm {
    /// The name.
    pub name: &'static str,
    /// What it computes.
    pub function: Function,
    /// What is computed, over the logits z and P = softmax(z): a real, or of a softmax a vector.
    pub text: &'static str,
    /// How exponentials are formed in it.
    pub softmax: Softmax,
    /// What it is, in one line.
    pub note: &'static str,
}

const fn line(
    name: &'static str,
    function: Function,
    text: &'static str,
    softmax: Softmax,
    note: &'static str,
) -> Algorithm {
    Algorithm { name, function, text, softmax, note }
}

/// Every algorithm.
pub const ALGORITHMS: &[Algorithm] = &[
    line("exp-sum", Function::ExpSum, "sum(exp(z))", Softmax::Naive, "the sum of the exponentials as they are"),
    line("lse-naive", Function::Lse, "lse(z)", Softmax::Naive, "the logarithm of that sum"),
    line("lse-shifted", Function::Lse, "lse(z)", Softmax::Shifted, "shifted by the largest logit"),
    line("softmax-naive", Function::Softmax, "P", Softmax::Naive, "exponentials by their sum"),
    line("softmax-shifted", Function::Softmax, "P", Softmax::Shifted, "the same, shifted by the largest logit"),
    line("softmax-online", Function::Softmax, "P", Softmax::Online, "the same, its sum formed in one pass"),
    line("softmax-log", Function::Softmax, "P", Softmax::Log, "the exponential of a log-softmax"),
    line(
        "softmax-lse",
        Function::Softmax,
        "exp(z - lse(z)*1)",
        Softmax::Naive,
        "division-free: the exponential of z - lse",
    ),
    line(
        "softmax-lse-shifted",
        Function::Softmax,
        "exp(z - lse(z)*1)",
        Softmax::Shifted,
        "division-free, by the shifted log-sum-exp",
    ),
];

/// The algorithm of this name.
pub fn find(name: &str) -> Option<&'static Algorithm> {
    ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
}
