//! Orders of summation.

use std::fmt;
use std::str::FromStr;

/// How n numbers are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// One after the other.
    Recursive,
    /// Halves, recursively: a tree of height ceil(log2 n).
    Pairwise,
    /// Blocks of this many one after the other, then the sums of the blocks.
    Blocked(u32),
    /// One after the other, each addition's error carried into the next term (Kahan 1965).
    Kahan,
    /// One after the other, the errors summed apart and added at the end (Neumaier 1974; Sum2 of Ogita, Rump and Oishi
    /// 2005).
    Neumaier,
    /// Blocks of this many terms as matrix units add them: the accumulator and the terms are aligned to the largest,
    /// cut to the accumulator's precision and added exactly; the sum is cut again (Fasi, Higham, Mikaitis and Pranesh,
    /// PeerJ Computer Science 2021).
    Tensor(u32),
}

/// The orders as a text names them; N is a number of terms.
pub const ORDERS: [&str; 6] = ["recursive", "pairwise", "blockedN", "kahan", "neumaier", "tensorN"];

/// The largest block.
pub const MAX_BLOCK: u32 = 1 << 20;

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Order::Recursive => f.write_str("recursive"),
            Order::Pairwise => f.write_str("pairwise"),
            Order::Blocked(block) => write!(f, "blocked{block}"),
            Order::Kahan => f.write_str("kahan"),
            Order::Neumaier => f.write_str("neumaier"),
            Order::Tensor(block) => write!(f, "tensor{block}"),
        }
    }
}

/// A text that is no order of summation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no order of summation: {list}, N from 2 to {MAX_BLOCK}", list = ORDERS.join(", "))]
pub struct UnknownOrder(pub String);

impl FromStr for Order {
    type Err = UnknownOrder;

    fn from_str(text: &str) -> Result<Order, UnknownOrder> {
        let block = |digits: &str| digits.parse().ok().filter(|block| (2..=MAX_BLOCK).contains(block));
        let blocked = text.strip_prefix("blocked").and_then(block).map(Order::Blocked);
        let tensor = text.strip_prefix("tensor").and_then(block).map(Order::Tensor);
        match text {
            "recursive" => Some(Order::Recursive),
            "pairwise" => Some(Order::Pairwise),
            "kahan" => Some(Order::Kahan),
            "neumaier" => Some(Order::Neumaier),
            _ => blocked.or(tensor),
        }
        .ok_or_else(|| UnknownOrder(text.to_string()))
    }
}
