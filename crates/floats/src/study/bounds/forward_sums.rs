//! A-priori bounds of whole sums: by theorems, and by the identities of compensated sums.

use crate::study::order::Order;

use super::compensated::Layout;
use super::enclose::RealValues;
use super::errors::SoFar;
use super::plan::{Analysis, Group, Local, UP};

/// Takes the theorem's bound where it is smaller and no partial sum can overflow.
pub(super) fn by_theorem(
    known: &SoFar<'_, RealValues>,
    coefficient: f64,
    largest: f64,
    group: &Group,
    out: &mut [f64],
) {
    let n = group.terms.len() as f64;
    let slack = (1.0 + n * f64::EPSILON) * UP;
    for (lane, out) in out.iter_mut().enumerate() {
        let terms = group.terms.iter().map(|&term| known.cell(term, lane));
        let sizes: f64 = terms.clone().map(|term| term.most() + term.error).sum();
        let errors: f64 = terms.map(|term| term.error).sum();
        let own = coefficient * sizes + n * group.eta;
        let bound = (own + errors) * slack;
        if (sizes + own) * slack <= largest && bound < *out {
            *out = bound;
        }
    }
}

/// Follows the identities of [`super::compensated`] with bounds on the sizes of all that occurs in them.
pub(super) fn compensated(known: &SoFar<'_, RealValues>, analysis: &Analysis, group: &Group, out: &mut [f64]) {
    let Some(layout) = Layout::new(analysis.order, &group.sum.steps, group.terms.len()) else { return };
    for (lane, out) in out.iter_mut().enumerate() {
        let terms = group.terms.iter().map(|&term| known.cell(term, lane));
        let sizes = terms.clone().map(|term| (term.most() + term.error) * UP);
        let errors: f64 = terms.map(|term| term.error).sum();
        let own = match analysis.order {
            Order::Kahan => kahan(analysis, &layout, sizes),
            _ => neumaier(analysis, group, &layout, sizes),
        };
        let bound = (own + errors) * (1.0 + 8.0 * group.terms.len() as f64 * f64::EPSILON) * UP;
        *out = if bound.is_nan() { f64::INFINITY } else { bound };
    }
}

/// The size of what is rounded, after the rounding; infinite beyond the largest number.
fn after(local: &Local, size: f64, loss: &mut f64) -> f64 {
    *loss = (local.unit_exact * size).max(local.eta).max(local.at_zero);
    if size <= local.largest { (size + *loss) * UP } else { f64::INFINITY }
}

fn kahan(analysis: &Analysis, layout: &Layout, mut sizes: impl Iterator<Item = f64>) -> f64 {
    let (mut loss, mut bound) = (0.0, 0.0);
    let mut total = after(&analysis.locals[layout.first], sizes.next().unwrap_or(0.0), &mut loss);
    bound += loss;
    let (mut carry, mut last) = (0.0, (0.0, 0.0));
    for (part, size) in layout.kahan().zip(sizes) {
        let term = after(&analysis.locals[part.term], size + carry, &mut loss);
        // The steps before this one were not the last: what they lost in their corrections counts.
        bound += loss + last.1;
        total = after(&analysis.locals[part.total], total + term, &mut loss);
        let rounding = loss;
        let taken = after(&analysis.locals[part.taken], term + rounding, &mut loss);
        let corrections = loss;
        carry = after(&analysis.locals[part.carry], rounding + corrections, &mut loss);
        last = (rounding, corrections + loss);
        if taken == f64::INFINITY {
            return f64::INFINITY;
        }
    }
    if total < f64::INFINITY { bound + last.0 } else { f64::INFINITY }
}

fn neumaier(analysis: &Analysis, group: &Group, layout: &Layout, mut sizes: impl Iterator<Item = f64>) -> f64 {
    let (mut loss, mut bound) = (0.0, 0.0);
    let mut total = after(&analysis.locals[layout.first], sizes.next().unwrap_or(0.0), &mut loss);
    bound += loss;
    let mut errors = 0.0;
    for (part, size) in layout.neumaier().zip(sizes) {
        total = after(&analysis.locals[part.total], total + size, &mut loss);
        let rounding = loss;
        let mut inexact = 0.0;
        if !(analysis.exact_errors && group.fits) {
            // No number inside exceeds the totals by more than a few roundings.
            for step in part.inner {
                after(&analysis.locals[step], 4.0 * total + 4.0 * size, &mut loss);
                inexact += loss;
            }
        }
        errors = after(&analysis.locals[part.errors], errors + rounding + inexact, &mut loss);
        bound += inexact + loss;
    }
    let result = after(&analysis.locals[layout.last], total + errors, &mut loss);
    // Four times the total stays below the largest number, so that nothing inside overflows either.
    if 8.0 * result <= analysis.locals[layout.last].largest { bound + loss } else { f64::INFINITY }
}
