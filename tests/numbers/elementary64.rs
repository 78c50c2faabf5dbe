//! [`exp`] and [`log`] of `arith::elementary64` against MPFR at 120 bits: no error above the proved bounds, and the
//! slices give the bits of the scalars.

use logitlab::arith::elementary64::{EXP_ERROR, EXP_NORMAL, LOG_ERROR, exp, exp_slice, log, log_slice};
use logitlab::policy::random::Rng;
use proptest::prelude::*;
use rug::{Assign, Float, ops::Pow};

/// Inputs drawn at random for each function, and seed.
const DRAWN: usize = 1_000_000;
const SEED: u64 = 64;

/// The worst error met, and where.
#[derive(Default)]
struct Worst {
    error: f64,
    at: f64,
    count: usize,
}

impl Worst {
    fn meet(&mut self, error: f64, at: f64) {
        self.count += 1;
        if error > self.error {
            (self.error, self.at) = (error, at);
        }
    }
}

/// Runs `function` and MPFR's `reference` over `inputs`; the error as a multiple of the bound `relative` |y| +
/// `absolute`.
fn worst(
    inputs: impl IntoIterator<Item = f64>,
    function: fn(f64) -> f64,
    reference: fn(&mut Float),
    (relative, absolute): (f64, i32),
) -> Worst {
    let absolute = Float::with_val(120, 2).pow(absolute);
    let (mut y, mut difference) = (Float::new(120), Float::new(120));
    let mut worst = Worst::default();
    for x in inputs {
        y.assign(x);
        reference(&mut y);
        difference.assign(function(x) - &y);
        y.abs_mut();
        y *= relative;
        y += &absolute;
        let share = if difference.is_zero() { 0.0 } else { Float::with_val(53, &difference / &y).to_f64().abs() };
        assert!(share <= 1.0, "x = {x:e}: the error is {share} of the bound");
        worst.meet(share, x);
    }
    worst
}

/// Far below any error relative to a normal f64.
const NOTHING: i32 = -2000;

fn exp_worst(inputs: impl IntoIterator<Item = f64>) -> Worst {
    worst(inputs, exp, Float::exp_mut, (EXP_ERROR, NOTHING))
}

fn log_worst(inputs: impl IntoIterator<Item = f64>) -> Worst {
    worst(inputs, log, Float::ln_mut, (LOG_ERROR, NOTHING))
}

fn report(name: &str, worst: &Worst, bound: f64) {
    let units = worst.error * bound / EXP_ERROR * 2.0;
    println!(
        "{name}: worst of {} is {units:.4} u at {:e} ({:.1} % of the bound)",
        worst.count,
        worst.at,
        worst.error * 100.0
    );
}

/// `x` and the `reach` f64 on both sides; none beyond 0.
fn around(x: f64, reach: u64) -> impl Iterator<Item = f64> {
    let bits = x.to_bits();
    (bits.saturating_sub(reach)..=bits + reach).map(f64::from_bits)
}

fn uniform(stream: u64, from: f64, to: f64) -> impl Iterator<Item = f64> {
    let mut rng = Rng::new(SEED, stream);
    (0..DRAWN).map(move |_| from + (to - from) * rng.unit())
}

/// `each` random positive numbers in every binade whose exponent field is in `fields`.
fn binades(stream: u64, fields: std::ops::Range<u64>, each: usize) -> impl Iterator<Item = f64> {
    let mut rng = Rng::new(SEED, stream);
    fields.flat_map(move |field| std::iter::repeat_n(field, each)).map(move |field| {
        let fraction = rng.word() >> 12;
        f64::from_bits((field << 52 | fraction).max(1))
    })
}

/// The multiples of (ln 2)/2 that e^x in the normal range can meet: where k changes, and where r is 0.
fn reduction_boundaries() -> impl Iterator<Item = f64> {
    (-2043..=2047_i32).filter(|&k| k != 0).map(|k| f64::from(k) * std::f64::consts::LN_2 / 2.0)
}

fn in_normal_range(x: &f64) -> bool {
    (EXP_NORMAL..=709.782_712_893_384).contains(x)
}

#[test]
fn exp_keeps_its_bound_on_drawn_numbers() {
    let all = exp_worst(uniform(1, EXP_NORMAL, 709.78));
    report("exp, normal results", &all, EXP_ERROR);
    let reduced = exp_worst(uniform(2, -0.35, 0.35));
    report("exp, |x| <= 0.35", &reduced, EXP_ERROR);
    assert!(all.error.max(reduced.error) > 0.4, "the reference sees no error: it cannot be right");
}

#[test]
fn exp_keeps_its_bound_in_every_binade_and_where_the_reduction_changes() {
    let magnitudes = binades(3, 0..1033, 300);
    let both = magnitudes.flat_map(|x| [x, -x]).filter(in_normal_range);
    report("exp, every binade", &exp_worst(both), EXP_ERROR);
    let boundaries = reduction_boundaries().flat_map(|x| around(x, 40)).filter(in_normal_range);
    report("exp, boundaries", &exp_worst(boundaries), EXP_ERROR);
    let ends = [EXP_NORMAL, 709.782_712_893_384, 1e-300, 5e-324].map(|x| around(x, 500)).into_iter().flatten();
    report("exp, ends", &exp_worst(ends.filter(in_normal_range)), EXP_ERROR);
}

#[test]
fn exp_keeps_its_absolute_bound_below_the_normal_range() {
    let met = worst(uniform(4, -750.0, EXP_NORMAL), exp, Float::exp_mut, (EXP_ERROR, -1075));
    println!("exp, subnormal results: worst of {} is {:.4} of the bound at {}", met.count, met.error, met.at);
    assert!(met.error > 0.9, "half a unit of the last place is reached nearly");
    let ends = [EXP_NORMAL, -745.133_219_101_941_1, -746.0].map(|x| around(x, 500)).into_iter().flatten();
    worst(ends.filter(|&x| x < EXP_NORMAL), exp, Float::exp_mut, (EXP_ERROR, -1075));
}

#[test]
fn log_keeps_its_bound_on_drawn_numbers() {
    let centre = log_worst(uniform(5, 0.5, 2.0));
    report("log, 0.5 to 2", &centre, LOG_ERROR);
    assert!(centre.error > 0.4, "the reference sees no error: it cannot be right");
    report("log, every binade", &log_worst(binades(6, 0..2047, 500)), LOG_ERROR);
}

#[test]
fn log_keeps_its_bound_near_1_and_where_the_reduction_changes() {
    let near_1 = binades(7, 969..1022, 4000).flat_map(|d| [1.0 + d, 1.0 - d]);
    report("log, near 1", &log_worst(near_1.filter(|&x| x != 1.0)), LOG_ERROR);
    report("log, next to 1", &log_worst(around(1.0, 20_000).filter(|&x| x != 1.0)), LOG_ERROR);
    let power = |k: i32| libm::ldexp(1.0, k);
    let boundaries = (-1074..=1023).flat_map(|k| [power(k), power(k) * std::f64::consts::SQRT_2]);
    let met = log_worst(boundaries.flat_map(|x| around(x, 60)).filter(|&x| x > 0.0 && x < f64::INFINITY && x != 1.0));
    report("log, boundaries", &met, LOG_ERROR);
    report(
        "log, small and large",
        &log_worst(around(5e-324, 5000).chain(around(f64::MAX, 5000)).filter(|&x| x > 0.0 && x < f64::INFINITY)),
        LOG_ERROR,
    );
}

#[test]
fn arguments_further_apart_than_the_errors_keep_their_order() {
    let apart = |x: f64| x + x.abs().max(1.0) * 4.0 * EXP_ERROR;
    let points = uniform(8, EXP_NORMAL, 709.0).take(100_000).chain(reduction_boundaries().filter(in_normal_range));
    for x in points.filter(|&x| x < 709.0) {
        assert!(exp(x) < exp(apart(x)), "{x:e}");
    }
    for x in uniform(9, 0.25, 4.0).take(100_000) {
        assert!(log(x) < log(x * (1.0 + 16.0 * EXP_ERROR)), "{x:e}");
    }
}

#[test]
fn special_arguments_have_their_values() {
    for (x, y) in
        [(0.0, 1.0), (-0.0, 1.0), (f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, 0.0), (710.0, f64::INFINITY)]
    {
        assert_eq!(exp(x).to_bits(), f64::to_bits(y), "exp({x})");
    }
    let infinite = f64::NEG_INFINITY;
    for (x, y) in [(0.0, infinite), (-0.0, infinite), (f64::INFINITY, f64::INFINITY), (1.0, 0.0)] {
        assert_eq!(log(x).to_bits(), f64::to_bits(y), "log({x})");
    }
    let nan = 0x7ff8_0000_0000_0000;
    for bits in [nan, nan | 1 << 63, nan + 77, 0x7ff0_0000_0000_0001] {
        let x = f64::from_bits(bits);
        assert_eq!((exp(x).to_bits(), log(x).to_bits()), (nan, nan));
    }
    for x in [-5e-324, -1.0, f64::MIN, f64::NEG_INFINITY] {
        assert_eq!(log(x).to_bits(), nan, "log({x})");
    }
}

/// Compares the slices with the scalars, bit for bit.
fn slices_agree(x: &[f64]) {
    let mut out = vec![0.0; x.len()];
    for (slice, scalar) in [(exp_slice as fn(&[f64], &mut [f64]), exp as fn(f64) -> f64), (log_slice, log)] {
        slice(x, &mut out);
        for (&x, &y) in x.iter().zip(&out) {
            assert_eq!(y.to_bits(), scalar(x).to_bits(), "{x:e}: {y:e}, {:e}", scalar(x));
        }
    }
}

#[test]
fn long_slices_have_the_bits_of_the_scalars() {
    slices_agree(&uniform(10, -760.0, 720.0).collect::<Vec<_>>());
    slices_agree(&uniform(11, 0.0, 3.0).collect::<Vec<_>>());
    let mut rng = Rng::new(SEED, 12);
    slices_agree(&(0..DRAWN).map(|_| f64::from_bits(rng.word())).collect::<Vec<_>>());
}

#[test]
#[should_panic(expected = "fills a slice of as many")]
fn slices_of_two_lengths_are_refused() {
    exp_slice(&[1.0, 2.0], &mut [0.0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slices_have_the_bits_of_the_scalars(
        bits in prop::collection::vec(any::<u64>(), 0..70),
        small in prop::collection::vec(-800.0..800.0, 0..70),
    ) {
        slices_agree(&bits.into_iter().map(f64::from_bits).collect::<Vec<_>>());
        slices_agree(&small);
    }
}
