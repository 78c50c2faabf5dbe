//! The confidence at which an update dies.

use crate::formulas::Formula;

use super::cases::{Cases, Confident};
use super::mode::Mode;
use super::noise::Noise;
use super::program::Block;
use super::run::{Plan, StudyError};

/// How far the search goes: 1 - P_c down to 2^-160, below what binary32 can hold.
const STEPS: u32 = 640;
/// Points for each factor of two.
const DENSITY: u32 = 4;

/// 1 - P_c of the points that are tried, in falling order.
pub fn grid() -> impl Iterator<Item = f64> {
    (DENSITY..=STEPS).map(|step| libm::exp2(-f64::from(step) / f64::from(DENSITY)))
}

/// The largest 1 - P_c of the grid at which the computed number is 0, negative or NaN, all other actions being
/// equally likely; `None` if it is positive on the whole grid. For quantities that are positive.
///
/// # Errors
/// If the formula cannot be computed in the mode.
pub fn dies_at(plan: &Plan, mode: &Mode, formula: &Formula, k: usize) -> Result<Option<f64>, StudyError> {
    let program = plan.program(mode, formula, k, 0)?;
    let rests: Vec<f64> = grid().collect();
    let mut noise = Noise::new(plan.seed, 0);
    let mut block = Block::default();
    for rests in rests.chunks(program.lanes()) {
        let cases: Vec<Vec<f64>> =
            rests.iter().map(|&rest| Confident { k, rest, count: 1, seed: plan.seed }.case(0).logits).collect();
        let coordinates = program.tape().policies * k;
        let inputs: Vec<f64> = (0..coordinates).flat_map(|index| cases.iter().map(move |case| case[index])).collect();
        program.run(&inputs, rests.len(), &mut noise, &mut block);
        let results = block.register(program.tape().result);
        let dead = results.iter().position(|&x| x <= 0.0 || x.is_nan());
        if let Some(first) = dead {
            return Ok(Some(rests[first]));
        }
    }
    Ok(None)
}
