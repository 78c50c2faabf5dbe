//! Certified rows: the fast enclosures hold the value that MPFR encloses, whatever the row, and are narrow where it is
//! an ordinary one.

use std::cmp::Ordering;

use half::bf16;
use logitlab::arith::scaled::Scaled;
use logitlab::arith::simd::Vectors;
use logitlab::certified::fast::{self, Logit};
use logitlab::certified::{Enclosures, Given, Path, Settings, enclose, reference};
use logitlab::policy::random::Rng;
use proptest::prelude::*;

/// x 2^exponent as what orders like it: its sign, then the exponent and the fraction, both negated where it is
/// negative.
fn key(x: f64, exponent: i64) -> (i8, i64, f64) {
    if x == 0.0 {
        return (0, 0, 0.0);
    }
    if x.is_infinite() {
        return (if x > 0.0 { 2 } else { -2 }, 0, 0.0);
    }
    let (fraction, own) = libm::frexp(x);
    let size = exponent + i64::from(own);
    if x > 0.0 { (1, size, fraction) } else { (-1, -size, fraction) }
}

fn at_most(x: (f64, i64), y: (f64, i64)) -> bool {
    key(x.0, x.1).partial_cmp(&key(y.0, y.1)).is_some_and(Ordering::is_le)
}

/// Whether a number that lies in `truth` lies in `found` too, as far as `truth` can tell.
fn holds(found: Scaled, truth: Scaled) -> bool {
    let ordered = at_most((found.lo, found.exponent), (found.hi, found.exponent));
    ordered
        && at_most((found.lo, found.exponent), (truth.hi, truth.exponent))
        && at_most((truth.lo, truth.exponent), (found.hi, found.exponent))
}

/// The names of the enclosures that do not hold what the reference found at `bits` bits.
fn broken(found: &Enclosures, logits: &[f64], action: usize, temperature: Given, bits: u32) -> Vec<String> {
    let truth = reference::enclose(bits, logits, action, temperature).expect("there is a softmax");
    let pairs = found.named().into_iter().zip(truth.named());
    let broken = pairs.filter(|((_, found), (_, truth))| !holds(*found, *truth));
    broken.map(|((name, found), (_, truth))| format!("{name}: {found:?} does not hold {truth:?}")).collect()
}

/// Encloses a row and holds it against the reference; a failure counts when twice the bits confirm it.
fn check<Z: Logit>(row: &[Z], action: usize, temperature: impl Into<Given>) -> Enclosures {
    let temperature = temperature.into();
    let found = fast::enclose(row, action, temperature).expect("there is a softmax");
    let logits: Vec<f64> = row.iter().map(|z| z.to_f64()).collect();
    if !broken(&found, &logits, action, temperature, 256).is_empty() {
        let broken = broken(&found, &logits, action, temperature, 512);
        assert!(broken.is_empty(), "{broken:#?}\nlogits {logits:?}, action {action}, temperature {temperature}");
    }
    found
}

/// The widest of the six enclosures that the tolerance is about.
fn width(found: &Enclosures) -> f64 {
    let all = [found.p, found.rest, found.collision, found.w, found.norm, found.surprisal];
    all.into_iter().map(|x| x.relative_width()).fold(0.0, f64::max)
}

fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.unit()).sum::<f64>() - 6.0
}

/// A number of actions, log-uniform up to `most`.
fn size(rng: &mut Rng, most: f64) -> usize {
    libm::exp(rng.unit() * libm::log(most + 1.0)) as usize
}

fn below(rng: &mut Rng, n: usize) -> usize {
    ((rng.unit() * n as f64) as usize).min(n - 1)
}

/// The kinds of rows, each a name and how to draw one of k logits.
type Draw = fn(&mut Rng, usize) -> Vec<f64>;

fn each(rng: &mut Rng, k: usize, draw: impl Fn(&mut Rng) -> f64) -> Vec<f64> {
    (0..k).map(|_| draw(rng)).collect()
}

/// One logit above the others by what makes 1 - P_c about 10^-x, x up to 330.
fn near_one_hot(rng: &mut Rng, k: usize) -> Vec<f64> {
    let mut row = each(rng, k, normal);
    let at = below(rng, k);
    row[at] += 760.0 * rng.unit();
    row
}

fn far_one_hot(rng: &mut Rng, k: usize) -> Vec<f64> {
    let mut row = each(rng, k, normal);
    let at = below(rng, k);
    row[at] += libm::exp(20.0 * rng.unit());
    row
}

fn masked(rng: &mut Rng, k: usize) -> Vec<f64> {
    let share = rng.unit();
    let mut row = each(rng, k, |rng| if rng.unit() < share { f64::NEG_INFINITY } else { 5.0 * normal(rng) });
    let at = below(rng, k);
    row[at] = normal(rng);
    row
}

fn tied(rng: &mut Rng, k: usize) -> Vec<f64> {
    let values = [0.0, 1.0, -30.0, 2.5].map(|x| x * normal(rng));
    each(rng, k, |rng| values[below(rng, 4)])
}

fn two_levels(rng: &mut Rng, k: usize) -> Vec<f64> {
    let (share, gap) = (rng.unit(), 800.0 * rng.unit());
    each(rng, k, |rng| normal(rng) - if rng.unit() < share { gap } else { 0.0 })
}

fn subnormal(rng: &mut Rng, k: usize) -> Vec<f64> {
    each(rng, k, |rng| normal(rng) * f64::MIN_POSITIVE * 0.1)
}

const KINDS: [(&str, Draw); 12] = [
    ("normal", |rng, k| each(rng, k, |rng| 3.0 * normal(rng))),
    ("narrow", |rng, k| each(rng, k, |rng| 1e-9 * normal(rng))),
    ("f32", |rng, k| each(rng, k, |rng| f64::from((10.0 * normal(rng)) as f32))),
    ("bf16", |rng, k| each(rng, k, |rng| bf16::from_f64(10.0 * normal(rng)).into())),
    ("wide", |rng, k| each(rng, k, |rng| 1000.0 * normal(rng))),
    ("huge", |rng, k| each(rng, k, |rng| 1e30 * normal(rng))),
    ("near one-hot", near_one_hot),
    ("far one-hot", far_one_hot),
    ("masked", masked),
    ("tied", tied),
    ("two levels", two_levels),
    ("subnormal", subnormal),
];

/// The action: the most likely one, another, or any.
fn action(rng: &mut Rng, row: &[f64]) -> usize {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match below(rng, 2) {
        0 => row.iter().position(|&z| z == largest).expect("it is there"),
        _ => below(rng, row.len()),
    }
}

#[test]
fn the_fast_enclosures_hold_what_mpfr_encloses() {
    for (stream, (name, draw)) in KINDS.iter().enumerate() {
        let mut rng = Rng::new(5, stream as u64);
        let (mut widest, mut wide, rows) = (0.0_f64, 0, 150);
        for index in 0..rows {
            let k = size(&mut rng, 4096.0);
            let row = draw(&mut rng, k);
            let temperature: Given = match index % 5 {
                0 => libm::exp(normal(&mut rng)).into(),
                // A decimal, which is no f64.
                1 => format!("{:.3}", 0.0011 + 3.0 * rng.unit()).parse().expect("a number"),
                _ => 1.0.into(),
            };
            let action = action(&mut rng, &row);
            let found = check(&row, action, temperature);
            let width = width(&found);
            widest = widest.max(width);
            wide += usize::from(width > Settings::default().tolerance);
        }
        println!("{name}: widest {widest:e}, {wide} of {rows} wider than 2^-40");
    }
}

#[test]
fn every_stored_type_is_enclosed_as_its_numbers_are() {
    let mut rng = Rng::new(6, 0);
    for _ in 0..60 {
        let k = size(&mut rng, 3000.0);
        let row: Vec<bf16> = (0..k).map(|_| bf16::from_f64(6.0 * normal(&mut rng))).collect();
        let action = below(&mut rng, k);
        let halves: Vec<half::f16> = row.iter().map(|z| half::f16::from_f64(z.to_f64())).collect();
        let same = |row: Vec<f64>| fast::enclose(&row, action, 1.0).unwrap();
        assert_eq!(fast::enclose(&row, action, 1.0).unwrap(), same(row.iter().map(|z| z.to_f64()).collect()));
        assert_eq!(fast::enclose(&halves, action, 1.0).unwrap(), same(halves.iter().map(|z| z.to_f64()).collect()));
        let singles: Vec<f32> = row.iter().map(|z| z.to_f32()).collect();
        let found = check(&singles, action, 1.0);
        assert_eq!(found, same(singles.iter().map(|&z| z.into()).collect()));
        assert!(width(&found) <= Settings::default().tolerance);
    }
}

/// The vectors that are not the widest.
const OTHERS: [Vectors; 2] = [Vectors::Avx2, Vectors::Plain];

fn bits(found: &Enclosures) -> Vec<(u64, u64, i64)> {
    found.named().map(|(_, x)| (x.lo.to_bits(), x.hi.to_bits(), x.exponent)).into()
}

#[test]
fn all_vectors_give_the_same_bits() {
    for (stream, (name, draw)) in KINDS.iter().enumerate() {
        let mut rng = Rng::new(7, stream as u64);
        for _ in 0..20 {
            let k = size(&mut rng, 5000.0);
            let row = draw(&mut rng, k);
            let action = action(&mut rng, &row);
            let temperature = if rng.unit() < 0.5 { 1.0 } else { 0.7 };
            let single: Vec<f32> = row.iter().map(|&z| z as f32).collect();
            let widest = bits(&fast::enclose(&row, action, temperature).unwrap());
            for vectors in OTHERS {
                let found = fast::enclose_with(vectors, &row, action, temperature).unwrap();
                assert_eq!(bits(&found), widest, "{name}, {vectors:?}: {row:?}");
                let before = fast::enclose_before(vectors, &row, action, temperature, &row[k / 3..]).unwrap();
                assert_eq!(bits(&before), widest, "{name}, {vectors:?}, with a next row");
                let by = |vectors| fast::enclose_with(vectors, &single, action, temperature);
                assert_eq!(by(vectors).map(|found| bits(&found)), by(Vectors::Widest).map(|found| bits(&found)));
            }
        }
    }
}

/// One action, or one that is not masked.
#[test]
fn what_is_exact_is_a_point() {
    const MASKED: f64 = f64::NEG_INFINITY;
    for (row, action) in [(vec![3.5], 0), (vec![MASKED, -1e300, MASKED], 1), (vec![MASKED; 5000], 4321)] {
        let mut row = row;
        row[action] = row[action].max(-1e300);
        let found = check(&row, action, 1.0);
        let [zero, one] = [0.0, 1.0].map(Scaled::point);
        assert_eq!((found.p, found.rest, found.collision, found.w, found.norm), (one, zero, one, zero, zero));
        assert_eq!((found.surprisal, found.entropy, found.top), (zero, zero, one));
        assert_eq!((found.entropy_slope, found.variance), (zero, zero));
    }
    let found = check(&[MASKED, 2.0, MASKED], 2, 1.0);
    let [zero, one, two, infinite] = [0.0, 1.0, 2.0, f64::INFINITY].map(Scaled::point);
    assert_eq!((found.p, found.rest, found.collision, found.w, found.top), (zero, one, one, two, one));
    assert_eq!((found.surprisal, found.entropy), (infinite, zero));
    assert!(found.norm.hi == 2.0_f64.sqrt() && found.norm.hi == found.norm.lo.next_up());
}

#[test]
fn numbers_that_f64_has_no_room_for_are_narrow() {
    // 1 - P_c is about 1e-300, w 1e-600; then e^-3000 and e^-6000.
    for gap in [690.8, 3000.0, 1e6, 2e8] {
        let found = check(&[0.0, gap, 0.0, -1.0], 1, 1.0);
        assert!(width(&found) < 1e-13, "{gap}: {found:?}");
        let decimals = found.w.exponent as f64 * std::f64::consts::LOG10_2 + libm::log10(found.w.lo);
        assert!((decimals + 2.0 * gap * std::f64::consts::LOG10_E - libm::log10(3.0)).abs() < 2.0 + 1e-8 * gap);
        let found = check(&[0.0, gap, 0.0, -1.0], 2, 1.0);
        assert!(width(&found) < 1e-13, "{gap}: {found:?}");
        let others = [found.entropy, found.entropy_slope, found.variance];
        assert!(others.iter().all(|x| x.relative_width() < 1e-12), "{gap}: {others:?}");
    }
}

#[test]
fn rows_without_a_softmax_are_refused_and_far_ones_go_to_mpfr() {
    let masked = f64::NEG_INFINITY;
    for row in [vec![masked; 3], vec![0.0, f64::NAN, 1.0], vec![0.0, 1.0, f64::INFINITY], vec![f64::NAN; 2000]] {
        for action in 0..2 {
            assert!(fast::enclose(&row, action, 1.0).is_err(), "{row:?}");
            assert!(enclose(&Settings::default(), &row, action).is_err(), "{row:?}");
        }
    }
    let ordinary = enclose(&Settings::default(), &[1.0_f32, 2.0, 0.5], 0).unwrap();
    assert_eq!(ordinary.1, Path::Fast);
    let asked = Settings { tolerance: 1e-30, ..Settings::default() };
    let (found, path) = enclose(&asked, &[1.0, 2.0, 0.5], 0).unwrap();
    assert!(matches!(path, Path::Reference(_)) && width(&found) < 1e-15, "{path:?} {found:?}");
    // Differences beyond f64.
    let far = [f64::MAX, f64::MIN, 0.0];
    for (action, temperature) in [(0, 1.0), (1, 1.0), (2, 1e-300), (1, 1e300), (1, 1e308)] {
        check(&far, action, temperature);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_row_is_enclosed(
        drawn in prop::collection::vec(prop_oneof![
            4 => -50.0..50.0,
            1 => any::<f64>().prop_filter("no NaN, no +inf", |z| !z.is_nan() && *z < f64::INFINITY),
            1 => Just(f64::NEG_INFINITY),
            1 => -800.0..0.0,
            1 => Just(1.0),
        ], 1..40),
        place in 0..40_usize,
        temperature in prop_oneof![Just(1.0), 0.01..100.0],
    ) {
        let finite = drawn.iter().any(|z: &f64| z.is_finite());
        let action = place % drawn.len();
        if finite {
            check(&drawn, action, temperature);
        } else {
            prop_assert!(fast::enclose(&drawn, action, temperature).is_err());
        }
    }
}
