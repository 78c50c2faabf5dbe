//! The quick paths on f64 against MPFR: every pair of operands, every operation, every direction.

use logitlab::formats::operation::OPERATIONS;
use logitlab::formats::rounding::ROUNDINGS;
use logitlab::formats::{Big, FORMATS, Format, Narrow, Overflow, Rounding, Subnormals, Target};
use rug::{Float, Rational};

/// Every direction, overflow as the standard says and subnormals kept; then both the other way.
fn targets(format: Format) -> impl Iterator<Item = Target> {
    let roundings = ROUNDINGS.iter().map(|(_, rounding)| *rounding).chain([2, 5, 24].map(Rounding::Stochastic));
    roundings.flat_map(move |rounding| {
        let target = Target { rounding, ..Target::from(format) };
        [target, Target { overflow: Overflow::Saturate, subnormals: Subnormals::Flush, ..target }]
    })
}

fn every_pair(format: Format) {
    let values: Vec<Float> = (0..1 << format.bits()).map(|pattern| format.decode(pattern)).collect();
    for target in targets(format) {
        let (big, narrow) = (Big::new(target), Narrow::new(target).unwrap());
        for (i, x) in values.iter().enumerate() {
            for (j, y) in values.iter().enumerate() {
                // Any bits will do, if they differ from pair to pair.
                let noise = ((i * values.len() + j) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
                for &(name, operation, arity) in OPERATIONS.iter().filter(|(.., arity)| *arity > 1 || j == 0) {
                    let operands = [x.clone(), y.clone(), y.clone()];
                    let expected = big.apply(operation, &operands[..arity], noise).to_f64();
                    let found = narrow.apply(operation, operands.each_ref().map(Float::to_f64), noise);
                    assert!(
                        found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan()),
                        "{target}: {name} {x} {y}: {found:e}, by MPFR {expected:e}"
                    );
                }
            }
        }
    }
}

fn formats(bits: std::ops::RangeInclusive<u32>) -> Vec<Format> {
    FORMATS.iter().map(|record| record.format).filter(|format| bits.contains(&format.bits())).collect()
}

#[test]
fn four_and_six_bits() {
    let formats = formats(4..=6);
    assert_eq!(formats.len(), 3);
    formats.into_iter().for_each(every_pair);
}

/// `make campaign` asks for it.
#[test]
fn eight_bits_when_asked() {
    if std::env::var_os("LOGITLAB_CAMPAIGN").is_some() {
        use rayon::prelude::*;
        let formats = formats(8..=8);
        assert_eq!(formats.len(), 6);
        formats.into_par_iter().for_each(every_pair);
    }
}

/// What a format says of the distances of its numbers, against all of them.
#[test]
fn spacing_is_that_of_the_listed_numbers() {
    for format in formats(4..=8).into_iter().chain(["p2e5", "p5e2", "p6e3", "fp16"].map(|name| name.parse().unwrap())) {
        let numbers: Vec<f64> = format.numbers().iter().map(Float::to_f64).collect();
        for (index, pair) in numbers.windows(2).enumerate() {
            let (low, high) = (pair[0], pair[1]);
            assert_eq!(
                (format.gap(low, true), format.gap(high, false)),
                (high - low, high - low),
                "{format}: {pair:?}"
            );
            assert_eq!(format.half_gap(low, true), (high - low) / 2.0, "{format}: {pair:?}");
            // Away from zero there is a unit in the last place to the next number.
            assert_eq!(format.ulp(if high > 0.0 { low } else { high }), high - low, "{format}: {pair:?}");
            // Zero, in the middle of the list, is even, and so is every second number from there.
            let from_zero = index.abs_diff(numbers.len() / 2);
            assert_eq!(format.is_even(low), from_zero.is_multiple_of(2), "{format}: {low}");
            let middle = Rational::from_f64(low).unwrap() / 2u32 + Rational::from_f64(high).unwrap() / 2u32;
            let exact = Rational::from_f64(low).unwrap();
            assert!(format.is_number(&exact) && !format.is_number(&middle), "{format}: {pair:?}");
            assert!(!format.is_number(&(exact + Rational::from((1, 3)))), "{format}: {low}");
        }
        let beyond = Rational::from(2) * format.largest().to_rational().unwrap();
        assert!(!format.is_number(&beyond) && !format.is_number(&-beyond), "{format}");
    }
}
