//! Enclosures in f64 against MPFR, on rows made to be awkward, and against numbers worked by hand.

use logitlab::arith::interval64::Interval64;
use logitlab::diff::{Distances, Hypothesis, Path, Scratch, Settings, Temperatures, Top, compare, reference};
use logitlab::formats::Format;
use logitlab::policy::random::Rng;
use proptest::prelude::*;

const MASKED: f64 = f64::NEG_INFINITY;

pub fn settings(a: f64, b: f64) -> Settings {
    let f32: Format = "f32".parse().unwrap();
    Settings { temperatures: Temperatures { a, b }, hypothesis: Hypothesis { a: f32, b: f32, ulps: 0.5 } }
}

/// Where two enclosures of one number have nothing in common, one of them is wrong.
fn check(found: &Distances, exact: &Distances, row: &str) {
    let both = |name: &str, x: Interval64, y: Interval64| {
        assert!(x.lo() <= y.hi() && y.lo() <= x.hi(), "{name} of {row}: {x:?} against {y:?}");
        // The exact one is far narrower than what f64 can hold: it lies within the other up to its own ends' rounding.
        let slack = (y.hi() - y.lo()).max(f64::MIN_POSITIVE) + 4.0 * f64::EPSILON * y.hi().abs().min(f64::MAX);
        assert!(x.lo() <= y.lo() + slack && y.hi() <= x.hi() + slack, "{name} of {row}: {x:?} against {y:?}");
    };
    for ((name, x), (_, y)) in found.named().into_iter().zip(exact.named()) {
        both(name, x, y);
    }
    for (x, y) in found.bands.iter().zip(&exact.bands) {
        match (x, y) {
            (Some(x), Some(y)) => assert!(x.lo() <= y.hi() && y.hi() <= x.hi(), "band of {row}: {x:?} {y:?}"),
            // A band that may be empty.
            (Some(x), None) => assert_eq!(x.lo(), 0.0, "band of {row}"),
            (None, y) => assert!(y.is_none(), "band of {row}"),
        }
    }
    let (x, y) = (found.chosen, exact.chosen);
    both("p", x.p, y.p);
    both("q", x.q, y.q);
    for (name, x, y) in [("delta", x.delta, y.delta), ("ratio", x.ratio, y.ratio)] {
        assert_eq!(x.is_some(), y.is_some(), "{name} of {row}");
        if let (Some(x), Some(y)) = (x, y) {
            both(name, x, y);
        }
    }
}

/// Two rows that are about `noise` apart.
fn pair(rng: &mut Rng, columns: usize, spread: f64, noise: f64, odd: f64) -> [Vec<f64>; 2] {
    let mut a: Vec<f64> = (0..columns).map(|_| (spread * rng.gaussian()) as f32 as f64).collect();
    let shift = 10.0 * rng.gaussian();
    let mut b: Vec<f64> = a.iter().map(|z| (z + shift + noise * rng.gaussian()) as f32 as f64).collect();
    for i in 0..columns {
        if rng.unit() < odd {
            let other = [MASKED, -3.4e38, -1e4, -800.0, 90.0][rng.index(5)];
            let side = rng.index(3);
            if side != 0 {
                a[i] = other;
            }
            if side != 1 {
                b[i] = other;
            }
        }
    }
    let keep = rng.index(columns);
    (a[keep], b[keep]) = (rng.gaussian(), rng.gaussian());
    [a, b]
}

fn run(seed: u64, cases: u64, columns: u64) -> [u64; 3] {
    let mut scratch = Scratch::default();
    let mut paths = [0; 3];
    for case in 0..cases {
        let mut rng = Rng::new(seed, case);
        let k = rng.log_uniform(1, columns) as usize;
        let spread = [0.1, 1.0, 5.0, 20.0, 300.0][rng.index(5)];
        let noise = [1e-9, 1e-6, 1e-3, 0.1, 1.0, 30.0][rng.index(6)];
        let odd = [0.0, 0.0, 0.02, 0.3][rng.index(4)];
        let [a, b] = pair(&mut rng, k, spread, noise, odd);
        let (s, t) = [(1.0, 1.0), (0.7, 0.7), (1.0, 0.7), (3.0, 1.1)][rng.index(4)];
        let action = rng.index(k);
        let settings = settings(s, t);
        let found = compare(&settings, [&a, &b], action, &[], &mut scratch).unwrap();
        let exact = reference::enclose(400, &a, &b, action, settings.temperatures).unwrap();
        check(&found.distances, &exact, &format!("case {case} of seed {seed}, {k} columns, {found:?}"));
        paths[found.path as usize] += 1;
    }
    paths
}

#[test]
fn fast_enclosures_contain_what_mpfr_says() {
    let [_, fast, reference] = run(1, 600, 400);
    assert!(fast > 400 && reference > 0, "{fast} fast, {reference} by MPFR");
}

#[test]
fn long_rows_when_asked() {
    if std::env::var_os("LOGITLAB_CAMPAIGN").is_some() {
        println!("identical, fast, MPFR: {:?}", run(2, 20_000, 5000));
        println!("identical, fast, MPFR: {:?}", run(3, 50, 262_144));
    }
}

#[test]
fn worked_by_hand() {
    // P = (1/2, 1/2), Q = (3/4, 1/4).
    let (a, b) = ([0.0, 0.0], [libm::log(3.0), 0.0]);
    let found = compare(&settings(1.0, 1.0), [&a, &b], 0, &[], &mut Scratch::default()).unwrap();
    let log = libm::log;
    let kl_ab = 0.5 * log(2.0 / 3.0) + 0.5 * log(2.0);
    let kl_ba = 0.75 * log(1.5) + 0.25 * log(0.5);
    let js = 0.5 * (0.5 * log(0.8) + 0.5 * log(4.0 / 3.0) + 0.75 * log(1.2) + 0.25 * log(2.0 / 3.0));
    let expected = [kl_ab, kl_ba, 0.25, 0.25, 1.0 / 3.0, js];
    for ((name, x), expected) in found.distances.named().into_iter().zip(expected) {
        assert!(x.lo() <= expected + 1e-15 && expected - 1e-15 <= x.hi(), "{name}: {x:?} {expected}");
        assert!(x.hi() - x.lo() < 1e-12, "{name}: {x:?}");
    }
    let chosen = found.distances.chosen;
    let ratio = chosen.ratio.unwrap();
    assert!(ratio.lo() <= 1.5 && 1.5 <= ratio.hi() && ratio.hi() - ratio.lo() < 1e-13);
    assert_eq!((found.top, found.path), (Top::Tie, Path::Fast));
    assert!(found.distances.bands[0].is_some() && found.distances.bands[1..].iter().all(Option::is_none));
}

#[test]
fn an_action_masked_on_one_side_is_a_finding_not_a_nan() {
    // P = (1/2, 1/2, 0), Q = (1/2, 0, 1/2).
    let (a, b) = ([0.0, 0.0, MASKED], [0.0, MASKED, 0.0]);
    let compared = |action| compare(&settings(1.0, 1.0), [&a, &b], action, &[], &mut Scratch::default()).unwrap();
    let found = compared(0);
    let infinite = Interval64::point(f64::INFINITY);
    let distances = found.distances;
    assert_eq!([distances.kl_ab, distances.kl_ba, distances.chi2_ab, distances.chi2_ba], [infinite; 4]);
    assert!(distances.tv.lo() <= 0.5 && distances.tv.hi() >= 0.5 && distances.tv.hi() < 0.5 + 1e-14);
    assert!((distances.js.hi() - 0.5 * std::f64::consts::LN_2).abs() < 1e-14);
    assert_eq!((found.masks.by_a, found.masks.by_b, found.masks.kept_a, found.masks.kept_b), (1, 1, 2, 2));
    assert!(!found.explanation.consistent);
    assert_eq!(compared(1).distances.chosen.delta, Some(Interval64::point(MASKED)));
    assert_eq!(compared(1).distances.chosen.ratio, Some(Interval64::point(0.0)));
    assert_eq!(compared(2).distances.chosen.delta, Some(infinite));
    let both = compare(&settings(1.0, 1.0), [&[0.0, MASKED], &[1.0, MASKED]], 1, &[], &mut Scratch::default()).unwrap();
    assert_eq!((both.distances.chosen.delta, both.distances.tv.lo()), (None, 0.0));
    assert!(both.distances.tv.hi() < 1e-12 && both.explanation.consistent);
}

proptest! {
    #[test]
    fn laws_of_distances(seed in any::<u64>(), columns in 1..300usize, noise in 0..4usize) {
        let mut rng = Rng::new(seed, 0);
        let [a, b] = pair(&mut rng, columns, 4.0, [0.0, 1e-4, 0.3, 8.0][noise], 0.0);
        let of = |a: &[f64], b: &[f64]| {
            compare(&settings(1.0, 1.0), [a, b], 0, &[], &mut Scratch::default()).unwrap().distances
        };
        let (ahead, back) = (of(&a, &b), of(&b, &a));
        let overlap = |x: Interval64, y: Interval64| x.lo() <= y.hi() && y.lo() <= x.hi();
        prop_assert!(overlap(ahead.kl_ab, back.kl_ba) && overlap(ahead.kl_ba, back.kl_ab));
        prop_assert!(overlap(ahead.tv, back.tv) && overlap(ahead.js, back.js));
        prop_assert!(overlap(ahead.chi2_ab, back.chi2_ba) && overlap(ahead.chi2_ba, back.chi2_ab));
        // Pinsker; log of 1 + chi-squared; Jensen-Shannon under log 2 TV. None may be contradicted.
        let up = |x: f64| x * (1.0 + 1e-12) + 1e-300;
        for kl in [ahead.kl_ab, ahead.kl_ba] {
            prop_assert!(2.0 * ahead.tv.lo() * ahead.tv.lo() <= up(kl.hi()));
        }
        prop_assert!(ahead.kl_ba.lo() <= up(libm::log1p(ahead.chi2_ba.hi())));
        prop_assert!(ahead.kl_ab.lo() <= up(libm::log1p(ahead.chi2_ab.hi())));
        prop_assert!(ahead.js.lo() <= up(std::f64::consts::LN_2 * ahead.tv.hi()));
        // The same distribution, shifted exactly.
        let shifted: Vec<f64> = a.iter().map(|z| z + 0.5).collect();
        if shifted.iter().zip(&a).all(|(x, z)| x - z == 0.5) {
            let same = of(&a, &shifted);
            prop_assert!(same.named().iter().all(|(_, x)| x.lo() == 0.0 && x.hi() < 1e-12));
        }
        prop_assert_eq!(of(&a, &a).named().map(|(_, x)| x), [Interval64::point(0.0); 6]);
    }
}
