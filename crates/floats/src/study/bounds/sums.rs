//! Theorems on the errors of sums.
//!
//! Each bounds |computed - exact| by a coefficient times the sum of the magnitudes of the terms, as they are added.

use crate::study::order::Order;

use super::plan::UP;

/// What a theorem supposes of an accumulator and of the terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hypotheses {
    /// The number of terms.
    pub terms: usize,
    /// The unit roundoff 2^-p.
    pub u: f64,
    /// Whether the accumulator rounds to nearest, ties either way.
    pub nearest: bool,
    /// Whether all terms are numbers of the accumulator's format.
    pub fits: bool,
    /// The order of summation.
    pub order: Order,
}

/// A theorem.
#[derive(Clone, Copy, Debug)]
pub struct SumBound {
    /// Its name.
    pub name: &'static str,
    /// Where it is proved.
    pub source: &'static str,
    /// What it supposes.
    pub supposes: &'static str,
    /// The coefficient; infinite where the theorem does not apply.
    pub coefficient: fn(&Hypotheses) -> f64,
}

/// The theorems on sums without corrections. All suppose that nothing overflows and that subnormal numbers are kept.
/// Those for compensated sums are in [`super::compensated`], since they need more than one coefficient.
pub const THEOREMS: &[SumBound] = &[
    SumBound {
        name: "recursive",
        source: "Rump, \"Error estimation of floating-point summation and dot product\", BIT 2012, Theorem 3.1",
        supposes: "to nearest, one after the other; every n",
        coefficient: recursive,
    },
    SumBound {
        name: "tree",
        source: "Higham, \"Accuracy and Stability of Numerical Algorithms\", 2nd ed., section 4.2, before (1 + u)^h - 1 \
                 is relaxed to gamma_h",
        supposes: "any order whose tree has height h; 2u for u in other directions than to nearest",
        coefficient: tree,
    },
];

/// The least coefficient of a theorem that applies.
pub fn coefficient(hypotheses: &Hypotheses) -> f64 {
    THEOREMS.iter().map(|theorem| (theorem.coefficient)(hypotheses)).fold(f64::INFINITY, f64::min)
}

/// How many roundings the term that meets most of them meets.
///
/// ```
/// use logitlab_floats::study::Order;
/// use logitlab_floats::study::bounds::sums::height;
///
/// assert_eq!(height(Order::Recursive, 8), Some(7));
/// assert_eq!(height(Order::Pairwise, 9), Some(4));
/// assert_eq!(height(Order::Blocked(4), 10), Some(5));
/// assert_eq!(height(Order::Kahan, 8), None);
/// ```
pub fn height(order: Order, terms: usize) -> Option<usize> {
    match order {
        Order::Recursive => Some(terms - 1),
        Order::Pairwise => Some(terms.next_power_of_two().trailing_zeros() as usize),
        Order::Blocked(block) => {
            let block = block as usize;
            Some(terms.min(block) - 1 + terms.div_ceil(block) - 1)
        }
        Order::Kahan | Order::Neumaier | Order::Tensor(_) => None,
    }
}

/// (n - 1) u. The proof uses that the accumulator is a number of the format and the terms are any numbers, so that a
/// first term that has to be rounded counts as one addition more.
fn recursive(hypotheses: &Hypotheses) -> f64 {
    if hypotheses.order != Order::Recursive || !hypotheses.nearest {
        return f64::INFINITY;
    }
    (hypotheses.terms - usize::from(hypotheses.fits)) as f64 * hypotheses.u * UP
}

/// (1 + u)^h - 1
fn tree(hypotheses: &Hypotheses) -> f64 {
    let unit = if hypotheses.nearest { hypotheses.u } else { 2.0 * hypotheses.u };
    match height(hypotheses.order, hypotheses.terms) {
        Some(height) => compound(unit, height + usize::from(!hypotheses.fits)),
        None => f64::INFINITY,
    }
}

/// More factors than these are not multiplied: it would take minutes and years.
const MOST_PRODUCTS: usize = 1 << 24;

/// (1 + u)^h - 1, rounded upward: by gamma_h = h u/(1 - h u) where that is as good or h is beyond 2^24, which
/// (1 + u)^h - 1 never exceeds; infinite where h u is then 1 or more.
pub fn compound(unit: f64, height: usize) -> f64 {
    let first_order = unit * height as f64;
    if first_order < 1e-6 {
        return first_order / (1.0 - first_order) * UP;
    }
    if height > MOST_PRODUCTS {
        return if first_order < 1.0 { first_order / (1.0 - first_order) * UP * UP } else { f64::INFINITY };
    }
    // Each factor is off by 2^-53 and each product rounds once.
    let power = (0..height).fold(1.0, |power, _| power * (1.0 + unit) * UP);
    (power - 1.0) * UP
}
