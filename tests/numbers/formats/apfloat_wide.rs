//! Random operands of the wider formats, bit for bit as rustc_apfloat has them.

use logitlab::formats::{Big, Format, Narrow, Operation, Specials, Target, odd};
use logitlab::policy::random::Rng;
use rug::Float;
use rug::float::Special;
use rustc_apfloat::ieee::{BFloat, Double, Half, IeeeFloat, Quad, Semantics, Single};
use rustc_apfloat::{Float as _, Status, StatusAnd};

use crate::formats::apfloat::{DIRECTIONS, HasSemantics, OPERATIONS, theirs};

const SAMPLES: usize = 6_000;

/// What a pattern says, decoded here once more for up to 128 bits; no format here has other specials than IEEE 754.
fn decode(format: &Format, pattern: u128) -> Float {
    assert_eq!(format.specials, Specials::Ieee);
    let fraction_bits = format.precision - 1;
    let negative = pattern >> (format.bits() - 1) == 1;
    let field = (pattern >> fraction_bits) as u32 & ((1 << format.exponent_bits) - 1);
    let fraction = pattern & ((1 << fraction_bits) - 1);
    let mut x = if field == (1 << format.exponent_bits) - 1 {
        Float::with_val(format.precision, if fraction == 0 { Special::Infinity } else { Special::Nan })
    } else {
        let significand = if field == 0 { fraction } else { fraction | 1 << fraction_bits };
        let exponent = field.max(1) as i32 - format.bias - fraction_bits as i32;
        Float::with_val(format.precision, significand) * Float::with_val(2, Float::i_exp(1, exponent))
    };
    if negative {
        x = -x;
    }
    x
}

/// Patterns that meet: any; near another one; few digits; small fields and large ones.
fn pattern(rng: &mut Rng, format: &Format, other: u128) -> u128 {
    let bits = format.bits();
    let all = u128::MAX >> (128 - bits);
    let any = (u128::from(rng.word()) << 64 | u128::from(rng.word())) & all;
    let fraction = (1u128 << (format.precision - 1)) - 1;
    match rng.below(9) {
        0 | 1 => any,
        2 => other.wrapping_add(u128::from(rng.below(9))).wrapping_sub(4) & all,
        3 => other ^ 1 << (bits - 1),
        4 => any & !(fraction >> 3),
        // Exponents near those of the other, so that digits overlap.
        5 | 6 => {
            let field = ((other >> (format.precision - 1)) + u128::from(rng.below(7))).saturating_sub(3);
            (field << (format.precision - 1) | any & fraction) & all
        }
        7 => any & (fraction | 1 << (bits - 1)),
        // The largest exponent, where sums and products overflow.
        _ => (any | fraction ^ all >> 1) ^ 1 << (format.precision - 1),
    }
}

fn sample<S: Semantics>(name: &str, seed: u64) {
    let format: Format = name.parse().unwrap();
    let mut rng = Rng::new(seed, 0);
    for (rounding, round) in DIRECTIONS {
        let target = Target { rounding, ..Target::from(format) };
        let (big, narrow) = (Big::new(target), Narrow::new(target));
        let mut last = 0;
        for _ in 0..SAMPLES {
            let x = pattern(&mut rng, &format, last);
            let y = pattern(&mut rng, &format, x);
            let z = pattern(&mut rng, &format, y);
            last = z;
            let operands = [x, y, z].map(|pattern| decode(&format, pattern));
            for operation in OPERATIONS {
                let StatusAnd { status, value } = theirs(operation, [x, y, z].map(IeeeFloat::<S>::from_bits), round);
                let expected = decode(&format, value.to_bits());
                let ours = big.apply(operation, &operands, 0);
                let place = || format!("{target}: {operation:?} {operands:?}: {ours}, apfloat {expected}");
                assert!(same(&ours, &expected), "{}", place());
                let flags = big.flags(&odd::big(operation, &operands, format.precision + 26), 0);
                let [inexact, overflow, underflow] =
                    [Status::INEXACT, Status::OVERFLOW, Status::UNDERFLOW].map(|flag| status.contains(flag));
                assert_eq!((flags.inexact, flags.underflow), (inexact, underflow), "{}", place());
                // rustc_apfloat does not signal the overflow of what stops at the largest number.
                assert_eq!(flags.overflow && !ours.is_finite(), overflow, "{}", place());
                if let Some(narrow) = &narrow {
                    let quick = narrow.apply(operation, [0, 1, 2].map(|i: usize| operands[i].to_f64()), 0);
                    assert!(same(&Float::with_val(53, quick), &expected), "narrow {quick:e}: {}", place());
                }
            }
        }
    }
}

fn same(a: &Float, b: &Float) -> bool {
    (a.is_nan() && b.is_nan()) || (a == b && a.is_sign_negative() == b.is_sign_negative())
}

#[test]
fn sixteen_bits() {
    sample::<<Half as HasSemantics>::S>("fp16", 1);
    sample::<<BFloat as HasSemantics>::S>("bf16", 2);
}

#[test]
fn binary32_and_tf32() {
    sample::<<Single as HasSemantics>::S>("f32", 3);
    sample::<Tf32>("tf32", 4);
}

#[test]
fn binary64() {
    sample::<<Double as HasSemantics>::S>("f64", 5);
}

#[test]
fn binary128() {
    sample::<<Quad as HasSemantics>::S>("f128", 6);
}

struct Tf32;

impl Semantics for Tf32 {
    const BITS: usize = 19;
    const EXP_BITS: usize = 8;
}

#[test]
fn the_sample_meets_every_kind_of_result() {
    let format: Format = "fp16".parse().unwrap();
    let big = Big::new(format.into());
    let mut rng = Rng::new(1, 0);
    let mut kinds = [0; 5];
    for _ in 0..SAMPLES {
        let x = pattern(&mut rng, &format, 0);
        let y = pattern(&mut rng, &format, x);
        let sum = big.apply(Operation::Sub, &[decode(&format, x), decode(&format, y)], 0);
        let kind = match () {
            () if sum.is_nan() => 0,
            () if sum.is_infinite() => 1,
            () if sum.is_zero() => 2,
            () if *sum.as_abs() < format.smallest_normal() => 3,
            () => 4,
        };
        kinds[kind] += 1;
    }
    assert!(kinds.iter().all(|&count| count > 100), "{kinds:?}");
}
