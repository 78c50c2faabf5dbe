//! The enclosures of real values contain them.

use logitlab::policy::random::Rng;
use logitlab::study::bounds::{RealValues, Reference};

use super::cases::{Study, study};

/// Whether an enclosure and the true value of a case meet, and whether the enclosure is a useful one.
fn check(study: &Study, real: &RealValues, lane: usize, stored: bool, meaning: bool) -> Option<f64> {
    let result = study.program.tape().result;
    let (lo, hi) = (real.lo(result)[lane], real.hi(result)[lane]);
    if study.logits(lane, 0, stored).iter().any(|z| *z == f64::INFINITY || z.is_nan()) {
        return None;
    }
    let truth = study.truth(lane, stored, 200, meaning).ok()?;
    assert!(
        lo.is_nan() || (*truth.hi() >= lo && *truth.lo() <= hi),
        "{}: {:?} is not in {lo:e}..{hi:e}",
        study.describe(lane),
        truth
    );
    let scale = truth.hi().to_f64().abs().max(1.0);
    if lo.is_nan() { Some(f64::INFINITY) } else { Some((hi - lo) / scale) }
}

#[test]
fn the_real_value_is_inside() {
    let mut rng = Rng::new(41, 0);
    let mut real = RealValues::default();
    let (mut cases, mut useful) = (0, 0);
    for round in 0..1500 {
        let study = study(&mut rng, if round % 10 == 0 { 50 } else { 8 }, 3);
        for (reference, stored) in [(Reference::Stored, true), (Reference::Given, false)] {
            real.enclose(&study.program, &study.block, reference);
            for lane in 0..study.lanes {
                for meaning in [false, true] {
                    if let Some(width) = check(&study, &real, lane, stored, meaning) {
                        cases += 1;
                        useful += usize::from(width < 1e-9);
                    }
                }
            }
        }
    }
    assert!(cases > 10_000 && useful * 10 > cases * 9, "{useful} of {cases} enclosures are useful");
}
