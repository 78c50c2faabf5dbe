//! The quick paths on f64 against MPFR: every pair of operands, every operation, every direction.

use logitlab::formats::operation::OPERATIONS;
use logitlab::formats::rounding::ROUNDINGS;
use logitlab::formats::{Big, FORMATS, Format, Narrow, Overflow, Rounding, Subnormals, Target};
use rug::Float;

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
