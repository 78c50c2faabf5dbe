//! The confidence at which an update dies.

use crate::formulas::{Formula, Quantity};

use super::cases::{Cases, Confident};
use super::mode::Mode;
use super::noise::Noise;
use super::program::CaseBlock;
use super::run::{Plan, StudyError};

/// How far the search goes: 1 - P_c down to 2^-160, below what binary32 can hold.
const STEPS: u32 = 640;
/// Points for each factor of two.
const DENSITY: u32 = 4;

/// 1 - P_c of the points that are tried, in falling order.
pub fn grid() -> impl Iterator<Item = f64> {
    (DENSITY..=STEPS).map(|step| libm::exp2(-f64::from(step) / f64::from(DENSITY)))
}

/// The largest 1 - P_c of the grid at which the computed number is lost: NaN, or 0 or of the wrong sign where the
/// quantity has one; `None` if it never is. All other actions are equally likely.
///
/// # Errors
/// If the formula cannot be computed in the mode.
pub fn dies_at(plan: &Plan, mode: &Mode, formula: &Formula, k: usize) -> Result<Option<f64>, StudyError> {
    let program = plan.program(mode, formula, k, 0)?;
    let rests: Vec<f64> = grid().collect();
    let mut noise = Noise::new(plan.seed, 0);
    let mut block = CaseBlock::default();
    for rests in rests.chunks(program.lanes()) {
        let cases: Vec<Vec<f64>> =
            rests.iter().map(|&rest| Confident { k, rest, count: 1, seed: plan.seed }.case(0).logits).collect();
        let coordinates = program.tape().policies * k;
        let inputs: Vec<f64> = (0..coordinates).flat_map(|index| cases.iter().map(move |case| case[index])).collect();
        program.run(&inputs, rests.len(), &mut noise, &mut block);
        let results = block.register(program.tape().result);
        let dead = results.iter().position(|&x| is_lost(formula.quantity, x));
        if let Some(first) = dead {
            return Ok(Some(rests[first]));
        }
    }
    Ok(None)
}

/// Whether nothing of the quantity is left: not even its sign, where its values have one. A user's own is taken for
/// positive.
fn is_lost(quantity: Option<Quantity>, x: f64) -> bool {
    let wrong_sign = match quantity.map(Quantity::bounds) {
        None | Some((Some("0"), _)) => x <= 0.0,
        Some((_, Some("0"))) => x >= 0.0,
        Some(_) => false,
    };
    wrong_sign || x.is_nan()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_depends_on_the_sign_that_a_quantity_has() {
        let lost = |quantity, x| is_lost(Some(quantity), x);
        assert!(lost(Quantity::SquaredNorm, 0.0) && lost(Quantity::Ratio, -1.0) && !lost(Quantity::Norm, 1e-300));
        assert!(lost(Quantity::LogProbability, 0.0) && !lost(Quantity::LogProbability, -1e-300));
        assert!(!lost(Quantity::Lse, 0.0) && !lost(Quantity::Lse, -1.0) && lost(Quantity::Lse, f64::NAN));
        assert!(is_lost(None, 0.0) && !is_lost(None, 1.0));
    }
}
