//! What the standards print: sizes, extremes and overflow.

use logitlab::formats::{FORMATS, Format, Narrow};

/// name, bits, bias, emax, largest, smallest normal exponent, smallest subnormal exponent.
///
/// OFP8 revision 1.0, table 2 (E4M3, E5M2); MX 1.0, tables 1, 3 and 5 (FP8, FP6, FP4); Noune et al. 2022, section 2
/// (fnuz); IEEE 754-2019, table 3.5 (binary16 to binary128). The others follow from their definition.
const TABLE: &[(&str, u32, i32, i32, &str, i32, i32)] = &[
    ("e2m1", 4, 1, 2, "6", 0, -1),
    ("e2m3", 6, 1, 2, "7.5", 0, -3),
    ("e3m2", 6, 3, 4, "28", -2, -4),
    ("e4m3fn", 8, 7, 8, "448", -6, -9),
    ("e5m2", 8, 15, 15, "57344", -14, -16),
    ("e4m3fnuz", 8, 8, 7, "240", -7, -10),
    ("e5m2fnuz", 8, 16, 15, "57344", -15, -17),
    ("e4m3", 8, 7, 7, "240", -6, -9),
    ("e3m4", 8, 3, 3, "15.5", -2, -6),
    ("fp16", 16, 15, 15, "65504", -14, -24),
    ("bf16", 16, 127, 127, "338953138925153547590470800371487866880", -126, -133),
    ("tf32", 19, 127, 127, "340116213421465348979261631549233168384", -126, -136),
    ("f32", 32, 127, 127, "340282346638528859811704183484516925440", -126, -149),
    ("f64", 64, 1023, 1023, "0x1.fffffffffffffp1023", -1022, -1074),
    ("f128", 128, 16383, 16383, "0x1.ffffffffffffffffffffffffffffp16383", -16382, -16494),
];

fn number(text: &str) -> rug::Float {
    let Some((digits, exponent)) = text.strip_prefix("0x1.").and_then(|rest| rest.split_once('p')) else {
        return rug::Float::with_val(256, rug::Float::parse(text).unwrap());
    };
    let significand = rug::Integer::from_str_radix(&format!("1{digits}"), 16).unwrap();
    rug::Float::with_val(256, significand) << (exponent.parse::<i32>().unwrap() - 4 * digits.len() as i32)
}

#[test]
fn sizes_and_extremes() {
    assert_eq!(TABLE.len(), FORMATS.len(), "every format has its line");
    for &(name, bits, bias, emax, largest, normal, subnormal) in TABLE {
        let format: Format = name.parse().unwrap();
        assert_eq!((format.bits(), format.bias, format.emax()), (bits, bias, emax), "{name}");
        assert_eq!(format.largest(), number(largest), "{name}");
        assert_eq!(format.smallest_normal(), rug::Float::with_val(2, rug::Float::i_exp(1, normal)), "{name}");
        assert_eq!(format.smallest_subnormal(), rug::Float::with_val(2, rug::Float::i_exp(1, subnormal)), "{name}");
    }
}

#[test]
fn all_numbers_of_fp4() {
    let numbers: Vec<f64> = Format::numbers(&"e2m1".parse().unwrap()).iter().map(rug::Float::to_f64).collect();
    assert_eq!(numbers[7..], [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0]);
}

/// The patterns that OFP8 table 2 and Noune et al. give a meaning.
#[test]
#[expect(clippy::unusual_byte_groupings, reason = "grouped as sign, exponent, fraction")]
fn special_patterns() {
    let decode = |name: &str, pattern: u64| name.parse::<Format>().unwrap().decode(pattern).to_f64();
    for (name, pattern, value) in [
        ("e4m3fn", 0b0_1111_110, 448.0),
        ("e4m3fn", 0b0_1111_111, f64::NAN),
        ("e4m3fn", 0b1_1111_111, f64::NAN),
        ("e4m3fn", 0b1_0000_000, -0.0),
        ("e4m3fn", 0b0_0000_001, 0.001953125),
        ("e5m2", 0b0_11111_00, f64::INFINITY),
        ("e5m2", 0b1_11111_00, f64::NEG_INFINITY),
        ("e5m2", 0b0_11111_01, f64::NAN),
        ("e5m2", 0b0_11111_11, f64::NAN),
        ("e5m2", 0b0_11110_11, 57344.0),
        ("e4m3fnuz", 0x80, f64::NAN),
        ("e4m3fnuz", 0x7f, 240.0),
        ("e5m2fnuz", 0x80, f64::NAN),
        ("e5m2fnuz", 0xff, -57344.0),
        ("e3m2", 0b0_111_11, 28.0),
        ("e2m1", 0b1_11_1, -6.0),
    ] {
        let found = decode(name, pattern);
        assert!(
            found.to_bits() == value.to_bits() || (found.is_nan() && value.is_nan()),
            "{name} {pattern:#b}: {found}"
        );
    }
}

/// OFP8 section 5.2: rounded first, then tested for overflow; saturating and not.
#[test]
fn overflow() {
    for (target, x, expected) in [
        ("e4m3fn", 464.0, 448.0),
        ("e4m3fn", 465.0, f64::NAN),
        ("e4m3fn", f64::INFINITY, f64::NAN),
        ("e4m3fn/saturate", 464.0, 448.0),
        ("e4m3fn/saturate", 465.0, 448.0),
        ("e4m3fn/saturate", f64::NEG_INFINITY, -448.0),
        ("e4m3fn/saturate", f64::NAN, f64::NAN),
        ("e5m2", 61439.9, 57344.0),
        ("e5m2", 61440.0, f64::INFINITY),
        ("e5m2/saturate", 61440.0, 57344.0),
        ("e5m2/saturate", f64::INFINITY, 57344.0),
        ("e2m1", 7.0, 6.0),
        ("e2m1", f64::NEG_INFINITY, -6.0),
    ] {
        let found = Narrow::new(target.parse().unwrap()).unwrap().round(x, 0);
        assert!(found == expected || (found.is_nan() && expected.is_nan()), "{target} of {x}: {found}");
    }
}
