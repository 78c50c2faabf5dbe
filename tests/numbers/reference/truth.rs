//! The reference against the definitions, at every precision.

use logitlab::certified::Given;
use logitlab::certified::reference::{Reference, enclose};
use proptest::prelude::*;
use rug::Float;

use crate::reference::definitions::{BITS, defined};

const MASKED: f64 = f64::NEG_INFINITY;

/// Whether every enclosure has the value of its definition in it and is as narrow as promised.
fn check(bits: u32, logits: &[f64], action: usize, temperature: impl Into<Given>) {
    let temperature = temperature.into();
    let reference = Reference::new(bits, temperature);
    let found = reference.enclose_precise(logits, action).unwrap();
    let truth = defined(logits, action, temperature);
    for ((name, x), (_, value)) in found.as_ref().named().into_iter().zip(truth.named()) {
        let at = format!("{name}: {x:?} at {bits} bits; {} of {logits:?}, c = {action}", Float::with_val(300, &value));
        if value.is_infinite() {
            assert!(x.lo().is_infinite() && x.hi().is_infinite(), "{at}");
            continue;
        }
        // What the definition itself may be off: it loses 4,000 bits at most.
        let off = Float::with_val(64, 1) >> (BITS - 100);
        assert!(*x.lo() <= value.clone() + &off && *x.hi() >= value.clone() - &off, "{at}");
        assert!(x.lo().prec() == bits && x.hi().prec() == bits);
        let width = Float::with_val(64, x.hi() - x.lo());
        // Only of actions other than the most likely one the slope may be as near to 0 as it likes.
        assert!(width <= Float::with_val(64, value.abs_ref()) >> (bits - 3), "too wide: {at}");
    }
    let scaled = reference.enclose(logits, action).unwrap();
    for ((name, x), (_, scaled)) in found.named().into_iter().zip(scaled.named()) {
        let [lo, hi] = [scaled.lo, scaled.hi].map(|end| Float::with_val(53, end) << scaled.exponent as i32);
        assert!(lo <= *x.lo() && *x.hi() <= hi, "{name}: {scaled:?} {x:?}");
    }
}

#[test]
fn rows_of_every_kind() {
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
        // ties, with something far below them too
        (&[1.25, 1.25], 1),
        (&[-7.5, -7.5, -7.5], 0),
        (&[2.0, 2.0, -1.0, -1.0], 3),
        (&[2.0, 2.0, -300.0], 0),
        (&[2.0, 2.0, -300.0], 1),
        (&[2.0, 2.0, -300.0], 2),
        (&[0.0, -0.0], 1),
        // far apart, large, subnormal
        (&[700.0, 0.0], 0),
        (&[700.0, 0.0], 1),
        (&[1e300, 1e300, MASKED], 0),
        (&[f64::from_bits(1), 0.0], 0),
        (&[f64::from_bits(3), -f64::from_bits(5), f64::MIN_POSITIVE], 1),
        (&[1e-310, 1.0], 0),
        // confident, and confident in another action
        (&[40.0, 0.0, 1.0], 0),
        (&[600.0, 0.0, 1.0], 0),
        (&[600.0, 0.0, 1.0], 2),
    ];
    for &(logits, action) in rows {
        for bits in [24, 53, 64, 128, 256, 300] {
            check(bits, logits, action, 1.0);
        }
        check(128, logits, action, 1.75);
    }
}

#[test]
fn a_few_rows_at_the_highest_precision() {
    let found = Reference::new(65_536, 1.0).enclose_precise(&[3.0, 0.0, -2.5], 0).unwrap();
    let truth = defined(&[3.0, 0.0, -2.5], 0, 1.0.into());
    for ((name, x), (_, value)) in found.named().into_iter().zip(truth.named()) {
        let width = Float::with_val(64, x.hi() - x.lo());
        assert!(width <= Float::with_val(64, value.abs_ref()) >> 65_533, "{name}");
        let distance = Float::with_val(64, x.lo() - &value).abs();
        assert!(distance <= Float::with_val(64, value.abs_ref()) >> (BITS - 100), "{name}");
    }
}

#[test]
fn beyond_the_exponents_of_mpfr_enclosures_are_wide_but_right() {
    let found = Reference::new(128, 1.0).enclose_precise(&[1e30, 0.0], 0).unwrap();
    for (name, x) in found.as_ref().named() {
        match name {
            "p" | "collision" | "top" => assert!(*x.lo() < 1 && *x.hi() == 1, "{name} {x:?}"),
            "entropy_slope" => assert!(*x.lo() < 0 && *x.hi() >= 0, "{name} {x:?}"),
            _ => assert!(*x.lo() >= 0 && *x.hi() > 0 && x.hi().get_exp().unwrap() < -1_000_000, "{name} {x:?}"),
        }
    }
    let found = enclose(128, &[1e30, 0.0], 1, 1.0).unwrap();
    assert!(found.w.lo > 0.0 && found.w.relative_width() < 1e-15 && found.surprisal.relative_width() < 1e-15);
}

fn logit() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-2000..2000i32).prop_map(|n| f64::from(n) / 64.0),
        3 => (-300.0..300.0f32).prop_map(f64::from),
        1 => Just(MASKED),
        1 => Just(1.5),
        1 => -300.0..300.0f64,
        1 => (-1.0..1.0f64).prop_map(|x| x * 1e-12),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn random_rows(
        mut logits in prop::collection::vec(logit(), 0..9), action: prop::sample::Index, bits in 24..320u32,
        temperature in prop_oneof![
            3 => Just(Given::from(1.0)),
            1 => (0.9..4.0f64).prop_map(Given::from),
            1 => (9..40u32).prop_map(|tenths| format!("{}.{}", tenths / 10, tenths % 10).parse().unwrap()),
        ],
    ) {
        logits.push(1.5);
        check(bits, &logits, action.index(logits.len()), temperature);
    }
}

#[test]
fn a_decimal_temperature_is_that_decimal() {
    for text in ["0.1", "0.7", "3.3", "1.000000000000000001", "0.3333333333333333333"] {
        let tau: Given = text.parse().unwrap();
        for logits in [&[3.0, 0.0, -2.5][..], &[0.25, 0.5, MASKED, 0.5], &[30.0, 0.0]] {
            for bits in [64, 128, 300] {
                check(bits, logits, 0, tau);
            }
        }
        // At a given number of bits the f64 next to it is another number, unless the decimal is an f64.
        let w = |tau: Given| Reference::new(256, tau).enclose_precise(&[3.0, 0.0, -2.5], 0).unwrap().w;
        assert_eq!(w(tau).intersection(&w(tau.nearest().into())).is_some(), tau.is_float(), "{text}");
    }
}
