//! What can be wrong with a spec.

use thiserror::Error;

use logitlab_words::Unknown;

/// What is wrong with a spec, and where.
///
/// ```
/// use logitlab_values::policy::Spec;
///
/// let error = "integers:bits=5000".parse::<Spec>().unwrap_err();
/// assert_eq!((error.column, error.length), (15, 4));
/// assert_eq!(error.to_string(), "column 15: bits=5000 is out of range: expected 1 to 4096");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("column {column}: {problem}")]
pub struct SpecError {
    /// The first character of the text at fault, counted from 1.
    pub column: usize,
    /// Number of characters at fault; 0 where something is missing.
    pub length: usize,
    /// What is wrong.
    pub problem: SpecProblem,
}

/// What is wrong with a spec, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SpecProblem {
    /// No text at all.
    #[error("empty spec: expected NAME:KEY=VALUE,... with NAME one of {}", list(.names))]
    Empty {
        /// All names.
        names: Vec<&'static str>,
    },
    /// No generator and no form has this name.
    #[error(transparent)]
    UnknownGenerator(Unknown),
    /// The generator has no such key.
    #[error("unknown key `{key}`: {generator} takes {}", list(.keys))]
    UnknownKey {
        /// The generator's name.
        generator: &'static str,
        /// The key as typed.
        key: String,
        /// All keys of the generator.
        keys: Vec<&'static str>,
    },
    /// Text between commas that is no `KEY=VALUE`.
    #[error("expected KEY=VALUE instead of `{text}`: {generator} takes {}", list(.keys))]
    NotAPair {
        /// The generator's name.
        generator: &'static str,
        /// The text as typed.
        text: String,
        /// All keys of the generator.
        keys: Vec<&'static str>,
    },
    /// A key twice.
    #[error("key `{key}` is given twice")]
    Repeated {
        /// The key.
        key: &'static str,
    },
    /// A value of the wrong kind.
    #[error("{key}={text} is no value for {key}: expected {expected}")]
    NotAValue {
        /// The key.
        key: &'static str,
        /// The value as typed.
        text: String,
        /// What to type instead.
        expected: &'static str,
    },
    /// A value beyond the limits of its key.
    #[error("{key}={text} is out of range: expected {limits}")]
    OutOfRange {
        /// The key.
        key: &'static str,
        /// The value as typed.
        text: String,
        /// Smallest and largest value.
        limits: String,
    },
    /// An interval `LOW..HIGH` whose ends are in the wrong order.
    #[error("{key}={low}..{high} is empty: expected the smaller end first, {key}={high}..{low}")]
    EmptyInterval {
        /// The key.
        key: &'static str,
        /// The first end.
        low: usize,
        /// The second end.
        high: usize,
    },
    /// A chosen action beyond the number of actions.
    #[error("c={chosen} is no action of a policy with K={actions}: expected 1 to {actions}")]
    ChosenBeyondActions {
        /// The chosen action, counted from 1.
        chosen: usize,
        /// The (fewest) actions of the policy.
        actions: usize,
    },
    /// A policy that would take too much memory.
    #[error(
        "a policy of {actions} actions would take {megabytes} MB: expected at most {most} MB, lower K or the size of a weight"
    )]
    TooLarge {
        /// The (most) actions of the policy.
        actions: usize,
        /// The memory it would take, in units of 10^6 bytes.
        megabytes: u64,
        /// The most memory allowed, in the same unit.
        most: u64,
    },
    /// An explicit policy without actions.
    #[error("no {form}: expected at least one, such as {example}")]
    NoActions {
        /// `weights` or `logits`.
        form: &'static str,
        /// A spec that is right.
        example: &'static str,
    },
    /// An explicit policy with more actions than a policy can have.
    #[error("{actions} {form}: expected at most {most}")]
    TooManyActions {
        /// `weights` or `logits`.
        form: &'static str,
        /// How many are given.
        actions: usize,
        /// How many a policy can have.
        most: usize,
    },
    /// A `c=` that is not the last item of an explicit policy.
    #[error("c= comes last: expected no further {form} after it")]
    AfterChosen {
        /// `weights` or `logits`.
        form: &'static str,
    },
    /// Text that is no weight.
    #[error("`{text}` is no weight: expected a whole number below 2^{bits}")]
    NotAWeight {
        /// The text as typed.
        text: String,
        /// Most bits of a weight.
        bits: u64,
    },
    /// Text that is no logit.
    #[error("`{text}` is no logit: expected a finite decimal number, or -inf for a masked action")]
    NotALogit {
        /// The text as typed.
        text: String,
    },
    /// An explicit policy in which every action has probability zero.
    #[error("every action has probability 0: expected at least one {wanted}")]
    NothingPossible {
        /// `positive weight` or `finite logit`.
        wanted: &'static str,
    },
}

fn list(names: &[&str]) -> String {
    names.join(", ")
}
