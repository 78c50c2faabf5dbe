//! Every enclosure meets the independent one, and is as narrow as it should be.

use crate::measure::reference::{Bounds, decimal, expected};
use logitlab::arith::decimal::decimals;
use logitlab::arith::interval::Intervals;
use logitlab::certified::enclosure::{Measurement, enclose};
use logitlab::measure::known_bits;
use logitlab::policy::{Policy, Scores, Spec};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use proptest::prelude::*;

const MASKED: f64 = f64::NEG_INFINITY;

fn measured(bits: u32, logits: &[f64], action: usize) -> Measurement {
    enclose(Intervals::new(bits), 0, logits, action).unwrap()
}

/// 2^-bits
fn tiny(bits: u32) -> BigRational {
    BigRational::new(BigInt::one(), BigInt::one() << bits)
}

/// Checks what would be written for a row, decimals included, against the independent bounds.
fn check(bits: u32, logits: &[f64], action: usize) {
    let row = measured(bits, logits, action);
    let at = format!("{logits:?} at {action}, {bits} bits: {row:?}");
    let reference = expected(logits, action);
    let [p, collision, w, norm] = [&row.p, &row.collision, &row.w, &row.norm].map(|x| {
        let [lo, hi] = decimals(x);
        (decimal(&lo), decimal(&hi))
    });
    let meets = |(lo, hi): &(BigRational, BigRational), reference: &Bounds| {
        assert!(lo <= &reference.hi && &reference.lo <= hi, "{at}");
        assert!(reference.relative_width() < tiny(600), "the reference is no reference: {at}");
    };
    meets(&p, &reference.p);
    meets(&collision, &reference.collision);
    meets(&w, &reference.w);
    meets(&(&norm.0 * &norm.0, &norm.1 * &norm.1), &reference.w);

    // Narrow, too: P_i is within a few units of the last place for each action, and so is what is made of them.
    let zero = BigRational::zero();
    let allowed = tiny(bits - 5 - logits.len().ilog2());
    for (lo, hi) in [&p, &collision, &w, &norm] {
        assert!(zero <= *lo && lo <= hi, "{at}");
        assert!(hi - lo <= lo * &allowed, "too wide: {at}");
    }
    assert!(p.1 <= BigRational::one() && collision.1 <= BigRational::one(), "{at}");
    assert!(w.1 <= BigRational::from_integer(2.into()), "{at}");
}

#[test]
fn rows_of_every_kind_contain_the_independent_values() {
    let rows: &[(&[f64], usize)] = &[
        (&[0.0], 0),
        (&[-1e4], 0),
        (&[0.5, -0.25, 1.75], 0),
        (&[0.5, -0.25, 1.75], 2),
        (&[0.1, 0.2, 0.3, 0.4], 1),
        // masked: another action, the chosen one, all but the chosen one, all but another
        (&[0.5, MASKED, 1.5], 0),
        (&[0.5, MASKED, 1.5], 1),
        (&[MASKED, 3.0, MASKED], 1),
        (&[MASKED, 3.0, MASKED], 0),
        // ties
        (&[1.25, 1.25], 1),
        (&[-7.5, -7.5, -7.5], 0),
        (&[2.0, 2.0, -1.0, -1.0], 3),
        (&[0.0, -0.0], 1),
        // huge
        (&[1e4, 0.0], 0),
        (&[1e4, 0.0], 1),
        (&[1e4, -1e4, 9999.5], 2),
        (&[1e300, 1e300, MASKED], 0),
        // subnormal
        (&[f64::from_bits(1), 0.0], 0),
        (&[f64::from_bits(3), -f64::from_bits(5), f64::MIN_POSITIVE], 1),
        (&[1e-310, 1.0], 0),
        // confident
        (&[40.0, 0.0, 1.0], 0),
        (&[800.0, 0.0, 1.0], 0),
    ];
    for &(logits, action) in rows {
        for bits in [24, 53, 64, 256] {
            check(bits, logits, action);
        }
    }
}

#[test]
fn what_is_known_exactly_is_a_point() {
    let single = measured(256, &[3.0], 0);
    assert!(single.p.is_point() && single.w.is_point() && single.norm.is_point());
    assert!(*single.p.lo() == 1 && *single.w.lo() == 0 && *single.norm.lo() == 0);
    let elsewhere = measured(256, &[MASKED, 3.0, MASKED], 0);
    assert!(*elsewhere.p.hi() == 0 && *elsewhere.w.lo() == 2 && *elsewhere.w.hi() == 2);
}

#[test]
fn beyond_the_range_of_exponents_enclosures_are_wide_but_right() {
    // e^-1e300 is less than the least number that MPFR has: nothing but its sign is left.
    let row = measured(256, &[1e300, 0.0], 0);
    assert!(*row.w.lo() == 0 && *row.w.hi() > 0 && *row.norm.lo() == 0 && *row.norm.hi() > 0);
    assert!(*row.p.lo() < 1 && *row.p.hi() == 1);
    assert_eq!(known_bits(&row.w), 0);
    let [w_lo, w_hi] = decimals(&row.w);
    assert!(w_hi.parse::<serde_json::Number>().is_ok(), "{w_hi}");
    assert_eq!((&*w_lo, &*decimals(&row.p)[1]), ("0", "1"));
}

#[test]
fn the_tail_form_keeps_w_narrow_where_the_closed_form_has_nothing() {
    let mut closed_without_a_bit = 0;
    for spec in [
        "gaussian:K=465",
        "gaussian:K=465,scale=30",
        "gaussian:K=465,scale=300",
        "confident:K=465,gap=1e-9",
        "confident:K=465,gap=1e-300",
        "masked:K=465,scale=30",
        "huge:K=465",
    ] {
        let spec: Spec = spec.parse().unwrap();
        for case in 0..6 {
            let policy = Policy::generate(&spec, 3, case);
            let Scores::Logits(logits) = &policy.scores else { unreachable!("{spec} makes logits") };
            let row = measured(256, logits, policy.action);
            assert!(known_bits(&row.w) >= 241, "{spec} case {case}: {} bits", known_bits(&row.w));
            assert!(known_bits(&row.norm) >= 241, "{spec} case {case}");
            assert_eq!(row.by_formula[0].0, "closed");
            closed_without_a_bit += u32::from(known_bits(&row.by_formula[0].1) == 0);
        }
    }
    assert!(closed_without_a_bit >= 3, "{closed_without_a_bit}");
}

/// Logits with few digits, some of them masked.
fn logit() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-4000..4000i32).prop_map(|n| f64::from(n) / 64.0),
        1 => Just(MASKED),
        1 => -1e3..1e3f64,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn random_rows_contain_the_independent_values(
        mut logits in prop::collection::vec(logit(), 1..7), action: prop::sample::Index, bits in 24..500u32,
    ) {
        let action = action.index(logits.len());
        if logits.iter().all(|z| z.is_infinite()) {
            logits[0] = 0.25;
        }
        check(bits, &logits, action);
    }
}
