//! The hypothesis that rounding made the difference: what was rounded passes, what was moved does not, and nothing that
//! passes exceeds the bounds.

use half::{bf16, f16};
use logitlab::diff::{Hypothesis, RowDiff, Scratch, Settings, Temperatures, compare};
use logitlab::formats::Format;
use logitlab::policy::random::Rng;
use proptest::prelude::*;

fn settings(a: &str, b: &str, ulps: f64) -> Settings {
    let format = |name: &str| name.parse::<Format>().unwrap();
    let hypothesis = Hypothesis { a: format(a), b: format(b), ulps };
    Settings { temperatures: Temperatures { a: 1.0, b: 1.0 }, hypothesis }
}

fn run(settings: &Settings, a: &[f64], b: &[f64], action: usize) -> RowDiff {
    compare(settings, [a, b], action, &[], &mut Scratch::default()).unwrap()
}

fn row(rng: &mut Rng, columns: usize, spread: f64) -> Vec<f64> {
    (0..columns).map(|_| f64::from((spread * rng.gaussian()) as f32)).collect()
}

/// Of f32 numbers: `from_f64` of the crate half looks at 20 of the 52 bits behind the point, and takes 134.5 + 2^-14
/// for a tie.
fn to_bf16(row: &[f64]) -> Vec<f64> {
    row.iter().map(|z| bf16::from_f32(*z as f32).to_f64()).collect()
}

proptest! {
    #[test]
    fn what_is_rounded_is_explained(seed in any::<u64>(), columns in 1..400usize, spread in 0..4usize, wide in any::<bool>()) {
        let mut rng = Rng::new(seed, 0);
        let a = row(&mut rng, columns, [0.01, 1.0, 10.0, 400.0][spread]);
        let action = rng.index(columns);
        let (format, b) = if wide {
            ("fp16", a.iter().map(|z| f16::from_f32(*z as f32).to_f64()).collect())
        } else {
            ("bf16", to_bf16(&a))
        };
        let found = run(&settings("f32", format, 0.5), &a, &b, action);
        prop_assert!(found.explanation.consistent && found.explanation.beyond == 0);
        // All that follows from the hypothesis.
        let bounds = found.explanation.bounds.unwrap();
        let distances = found.distances;
        let delta = distances.chosen.delta.unwrap();
        prop_assert!(delta.lo() <= bounds.delta && -delta.hi() <= bounds.delta, "{delta:?} {bounds:?}");
        prop_assert!(distances.kl_ab.lo() <= bounds.kl_ab && distances.kl_ba.lo() <= bounds.kl_ba);
        prop_assert!(distances.tv.lo() <= bounds.tv);
    }

    #[test]
    fn the_worst_rounding_stays_within_the_bounds(seed in any::<u64>(), columns in 2..40usize) {
        // Every logit at an end of its box, those beside the action on the other side of it.
        let mut rng = Rng::new(seed, 1);
        let a = to_bf16(&row(&mut rng, columns, 6.0));
        let spacing = |z: f64| libm::ldexp(1.0, (libm::ilogb(z).max(-126)) - 7);
        for up in [1.0, -1.0] {
            let moved = |i: usize, z: f64| z + if i == 0 { up } else { -up } * 0.999 * spacing(z);
            let b: Vec<f64> = a.iter().enumerate().map(|(i, z)| moved(i, *z)).collect();
            let found = run(&settings("bf16", "f64", 1.0), &a, &b, 0);
            prop_assert!(found.explanation.consistent);
            let (bounds, distances) = (found.explanation.bounds.unwrap(), found.distances);
            let delta = distances.chosen.delta.unwrap();
            prop_assert!(delta.lo() <= bounds.delta && -delta.hi() <= bounds.delta);
            // No looser than three times what happened.
            let moved = delta.lo().abs().max(delta.hi().abs());
            prop_assert!(bounds.delta <= 3.0 * moved || bounds.delta > 0.5 || bounds.delta < 1e-9, "{bounds:?} {moved}");
            prop_assert!(distances.kl_ab.lo() <= bounds.kl_ab && distances.kl_ba.lo() <= bounds.kl_ba);
        }
    }

    #[test]
    fn another_temperature_is_not(seed in any::<u64>(), columns in 50..400usize) {
        let mut rng = Rng::new(seed, 2);
        let a = row(&mut rng, columns, 5.0);
        let b = to_bf16(&a.iter().map(|z| z / 0.9).collect::<Vec<_>>());
        let found = run(&settings("f32", "bf16", 0.5), &a, &b, 0);
        prop_assert!(!found.explanation.consistent);
        // Most logits are moved by a tenth, which is fifty of their spacings.
        prop_assert!(found.explanation.beyond > columns as u64 / 2, "{} of {columns}", found.explanation.beyond);
    }
}

#[test]
fn a_tie_at_the_ends_of_two_boxes_is_decided_exactly() {
    // The spacing of bf16 between 1 and 2 is 2^-7: half of it for either side's rounding, met exactly by a shift of 0.
    let settings = settings("bf16", "bf16", 0.5);
    let spacing = libm::exp2(-7.0);
    let consistent = |ulps: f64, a: &[f64], b: &[f64]| {
        let hypothesis = Hypothesis { ulps, ..settings.hypothesis };
        run(&Settings { hypothesis, ..settings }, a, b, 0).explanation.consistent
    };
    let b = [1.25, 1.25, 1.5];
    assert!(consistent(0.5, &[1.25 + spacing, 1.25 - spacing, 1.5], &b));
    assert!(!consistent(0.5, &[1.25 + spacing, 1.25 - spacing - libm::exp2(-45.0), 1.5], &b));
    // Without any rounding, shifts alone are left.
    assert!(consistent(0.0, &[0.5, 0.25, 0.75], &[3.5, 3.25, 3.75]));
    assert!(!consistent(0.0, &[0.5, 0.25], &[0.5, 0.25 + libm::exp2(-50.0)]));
    // Sums of f64 that round: the exact ones differ in the last place.
    let (tiny, large) = (libm::exp2(-60.0), libm::exp2(40.0));
    assert!(!consistent(0.0, &[tiny, 0.0], &[large, large]));
    assert!(consistent(0.0, &[tiny, tiny], &[large, large]));
}

#[test]
fn a_logit_beyond_its_box_is_counted() {
    let a: Vec<f64> = (0..200).map(|i| f64::from(i) / 16.0).collect();
    let mut b = a.clone();
    let settings = settings("bf16", "bf16", 0.5);
    assert_eq!(run(&settings, &a, &b, 0).explanation.beyond, 0);
    (b[7], b[9]) = (b[7] + 1.0, b[9] - 1.0);
    let found = run(&settings, &a, &b, 0);
    assert_eq!((found.explanation.consistent, found.explanation.beyond), (false, 2));
    // A shift of all takes nothing away, and is no difference.
    let shifted: Vec<f64> = b.iter().map(|z| z + 64.0).collect();
    let found = run(&settings, &a, &shifted, 0);
    assert_eq!(found.explanation.beyond, 2);
    assert!(found.distances.tv.lo() > 0.0);
}
