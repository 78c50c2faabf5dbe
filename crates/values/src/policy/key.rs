//! The keys that a generator takes, and their values.

use std::fmt;

use crate::arith::Decimal;

/// The numbers of actions that a spec allows, both ends included.
///
/// Printed as `4`, or as `2..100` where the ends differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Actions {
    /// Fewest actions, at least 1.
    pub low: usize,
    /// Most actions, at least `low`.
    pub high: usize,
}

impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actions { low, high } if low == high => write!(f, "{low}"),
            Actions { low, high } => write!(f, "{low}..{high}"),
        }
    }
}

/// A value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A number of actions, or an interval of them.
    Actions(Actions),
    /// A whole number.
    Integer(u64),
    /// A decimal number.
    Decimal(Decimal),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Actions(actions) => actions.fmt(f),
            Value::Integer(n) => n.fmt(f),
            Value::Decimal(x) => x.fmt(f),
        }
    }
}

/// The kind of value that a key takes, and its smallest and largest value (both allowed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limits {
    /// One number of actions, or an interval `LOW..HIGH` of them.
    Actions {
        /// Fewest actions.
        low: usize,
        /// Most actions.
        high: usize,
    },
    /// A whole number.
    Integer {
        /// Smallest value.
        low: u64,
        /// Largest value.
        high: u64,
    },
    /// A decimal number.
    Decimal {
        /// Smallest value.
        low: Decimal,
        /// Largest value.
        high: Decimal,
    },
}

impl Limits {
    /// What to type, in words.
    pub fn expected(&self) -> &'static str {
        match self {
            Limits::Actions { .. } => "a whole number or an interval LOW..HIGH of them",
            Limits::Integer { .. } => "a whole number",
            Limits::Decimal { .. } => "a decimal number such as 0.5 or 1e-300",
        }
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limits::Actions { low, high } => write!(f, "{low} to {high}"),
            Limits::Integer { low, high } => write!(f, "{low} to {high}"),
            Limits::Decimal { low, high } => write!(f, "{low} to {high}"),
        }
    }
}

/// One `KEY=VALUE` that a generator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The name before `=`.
    pub name: &'static str,
    /// The value of a spec that leaves the key out; none if its absence means something else.
    pub default: Option<Value>,
    /// The kind of value, and its range.
    pub limits: Limits,
    /// What the key sets, in one line.
    pub meaning: &'static str,
}

/// Most actions of a policy.
pub const MOST_ACTIONS: usize = 10_000_000;
/// Most bits of a weight.
pub const MOST_BITS: u64 = 4096;

/// `K`, which every generator takes: the number of actions.
pub const K: Key = Key {
    name: "K",
    default: Some(Value::Actions(Actions { low: 2, high: 100 })),
    limits: Limits::Actions { low: 1, high: MOST_ACTIONS },
    meaning: "number of actions, or an interval LOW..HIGH (ends included) from which it is drawn log-uniformly",
};

/// `c`, which every generator takes: the chosen action.
pub const C: Key = Key {
    name: "c",
    default: None,
    limits: Limits::Integer { low: 1, high: MOST_ACTIONS as u64 },
    meaning: "the chosen action, counted from 1; drawn if left out",
};

/// `bits`, for generators of exact weights, with the default given.
pub const fn bits(default: u64) -> Key {
    Key {
        name: "bits",
        default: Some(Value::Integer(default)),
        limits: Limits::Integer { low: 1, high: MOST_BITS },
        meaning: "positive weights are below 2^bits",
    }
}

/// `scale`, for generators of logits, with the default given.
pub const fn scale(default: Decimal, meaning: &'static str) -> Key {
    Key {
        name: "scale",
        default: Some(Value::Decimal(default)),
        limits: Limits::Decimal { low: Decimal::new(1, -300), high: Decimal::new(1, 6) },
        meaning,
    }
}

/// `gap`, for generators of confident policies: default 1e-300, at least `low`.
pub const fn gap(low: Decimal) -> Key {
    Key {
        name: "gap",
        default: Some(Value::Decimal(Decimal::new(1, -300))),
        limits: Limits::Decimal { low, high: Decimal::new(5, -1) },
        meaning: "about 1 - P of the most probable action",
    }
}
