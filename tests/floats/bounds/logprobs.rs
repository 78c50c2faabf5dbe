//! Bounds on log-probabilities from the number and the range of logits, against what modes compute.

use logitlab::formats::{Format, Rounding};
use logitlab::formulas::find;
use logitlab::policy::random::Rng;
use logitlab::study::bounds::logprobs::{Engine, FORMULAS, bound};
use logitlab::study::bounds::{RealValues, Reference};
use logitlab::study::noise::Noise;
use logitlab::study::{CaseBlock, Mode, Place};

use super::cases::{compiled, mode};

const RANGE: f64 = 20.0;
const LANES: usize = 16;

#[test]
fn no_log_probability_is_further_off() {
    let mut rng = Rng::new(77, 0);
    let (mut block, mut real) = (CaseBlock::default(), RealValues::default());
    let (mut held, mut refused, mut closest) = (0, 0, 0.0_f64);
    for round in 0..3000 {
        let mode: Mode = match round % 3 {
            0 => mode(&mut rng),
            1 => "f32".parse().unwrap(),
            _ => "bf16-lse".parse().unwrap(),
        };
        // logp-shifted multiplies the largest logit by a vector of ones, which no engine does: exactly.
        let mode = mode.with(Place::Product, Format::ieee(53, 11));
        // What is stored at random is no logit that could be told again.
        if matches!(mode.target(Place::Logits).rounding, Rounding::Stochastic(_)) {
            continue;
        }
        let k = 1 + rng.index(if round % 10 == 0 { 300 } else { 12 });
        let formula = FORMULAS[rng.index(3)];
        let engine = Engine { mode, blocked: false, actions: k as u64, range: RANGE, formula: Some(formula) };
        let Ok(bound) = bound(&engine) else {
            refused += 1;
            continue;
        };
        let program = compiled(find(formula).unwrap(), &mode, k, rng.index(k));
        let scale = 5.0 * rng.unit();
        let z: Vec<f64> = (0..k * LANES).map(|_| (rng.gaussian() * scale).clamp(-18.0, 18.0)).collect();
        program.run(&z, LANES, &mut Noise::new(rng.word(), 0), &mut block);
        real.enclose(&program, &block, Reference::Stored);
        let result = program.tape().result;
        for lane in 0..LANES {
            let (computed, lo, hi) = (block.register(result)[lane], real.lo(result)[lane], real.hi(result)[lane]);
            if lo.is_nan() || computed < bound.floor {
                assert!(lo.is_nan() || lo <= bound.floor + bound.absolute, "{formula} in {mode}: {computed} for {lo}");
                continue;
            }
            let most = bound.absolute + bound.relative * computed.abs();
            // Between the ends of what is true, there is a number as near as this.
            // A logit that storing has made -inf has a log-probability of -inf, too, which is off by nothing.
            let error = if lo == hi && computed == lo { 0.0 } else { (computed - hi).max(lo - computed) };
            assert!(error <= most, "{formula} in {mode}, K = {k}: {computed} is off by {error:e}, more than {most:e}");
            held += 1;
            closest = closest.max(error / most);
        }
    }
    println!("{held} held, {refused} modes without a bound, closest {closest}");
    assert!(held > 20_000 && closest > 0.1);
}
