//! One row of each side, compared.

use crate::arith::Eval;

use super::distances::Distances;
use super::explain::{Explanation, Hypothesis, explain};
use super::kernel::{Scratch, Temperatures};
use super::{kernel, reference};

/// The precision of rows for which f64 is not enough, in bits.
const BITS: u32 = 192;

/// What is asked of every row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// What logits are divided by.
    pub temperatures: Temperatures,
    /// How logits were stored.
    pub hypothesis: Hypothesis,
}

/// A row of A and the same row of B.
#[derive(Clone, Debug, PartialEq)]
pub struct RowDiff {
    /// The distances.
    pub distances: Distances,
    /// Whether the most likely action is the same.
    pub top: Top,
    /// Actions that one side masks and the other does not.
    pub masks: Masks,
    /// What rounding can explain.
    pub explanation: Explanation,
    /// What computed the distances.
    pub path: Path,
}

/// Whether the largest logits of two rows are those of the same action, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Top {
    /// One action is the most likely on both sides.
    Same,
    /// Several share the largest logit on one side or both, and some action has it on both sides.
    Tie,
    /// No action has the largest logit on both sides.
    Differs,
}

/// How many actions are masked (logit -inf) on one side alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    /// Masked by A, possible under B.
    pub by_a: u64,
    /// Masked by B, possible under A.
    pub by_b: u64,
    /// Possible under A.
    pub kept_a: u64,
    /// Possible under B.
    pub kept_b: u64,
}

/// What computed a row's distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// The rows are the same bits: every distance is 0.
    Identical,
    /// Hardware f64 with a proved error bound.
    Fast,
    /// MPFR intervals.
    Reference,
}

/// Compares a row of A and a row of B, of the same length, `action` being the chosen one. Logits are finite or -inf, at
/// least one of each row finite. A distance that f64 cannot enclose narrowly, and a ratio that it cannot tell from one
/// of `limits`, goes to MPFR.
///
/// # Errors
/// If one of the rows has no softmax.
///
/// # Panics
/// If the lengths differ, or if there is no action `action`.
pub fn compare(
    settings: &Settings,
    [a, b]: [&[f64]; 2],
    action: usize,
    limits: &[f64],
    scratch: &mut Scratch,
) -> Eval<RowDiff> {
    assert_eq!(a.len(), b.len(), "rows have as many logits as each other");
    let Settings { temperatures, hypothesis } = settings;
    let found = kernel::enclose(a, b, action, *temperatures, scratch);
    let is_enough = |distances: &Distances| {
        let undecided =
            |limit: &f64| distances.chosen.ratio.is_some_and(|ratio| ratio.lo() <= *limit && ratio.hi() >= *limit);
        distances.are_narrow() && !limits.iter().any(undecided)
    };
    let identical = temperatures.a == temperatures.b && a == b;
    let (distances, path) = match &found {
        Some((distances, _)) if identical => (Distances::identical(distances.bands, distances.chosen), Path::Identical),
        Some((distances, _)) if is_enough(distances) => (*distances, Path::Fast),
        _ => (reference::enclose(BITS, a, b, action, *temperatures)?, Path::Reference),
    };
    let (top, masks) = (top(a, b), masks(a, b));
    let prepared = found.as_ref().map(|(_, prepared)| prepared);
    let (chosen, logits) = (&distances.chosen, [a[action], b[action]]);
    let agree = masks.by_a == 0 && masks.by_b == 0;
    let explanation = explain(hypothesis, *temperatures, scratch, prepared, chosen, (action, logits), agree);
    Ok(RowDiff { distances, top, masks, explanation, path })
}

fn top(a: &[f64], b: &[f64]) -> Top {
    let largest = |row: &[f64]| row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (most_a, most_b) = (largest(a), largest(b));
    let (mut with_a, mut with_b, mut with_both) = (0u64, 0u64, 0u64);
    for (&x, &y) in a.iter().zip(b) {
        let (is_a, is_b) = (u64::from(x == most_a), u64::from(y == most_b));
        with_a += is_a;
        with_b += is_b;
        with_both += is_a & is_b;
    }
    match (with_both, with_a, with_b) {
        (0, ..) => Top::Differs,
        (1, 1, 1) => Top::Same,
        _ => Top::Tie,
    }
}

fn masks(a: &[f64], b: &[f64]) -> Masks {
    let mut masks = Masks::default();
    for (&x, &y) in a.iter().zip(b) {
        let (is_a, is_b) = (u64::from(x == f64::NEG_INFINITY), u64::from(y == f64::NEG_INFINITY));
        masks.by_a += is_a & !is_b & 1;
        masks.by_b += is_b & !is_a & 1;
        masks.kept_a += 1 - is_a;
        masks.kept_b += 1 - is_b;
    }
    masks
}
