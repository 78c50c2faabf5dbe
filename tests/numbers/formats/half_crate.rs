//! Conversions of f32 to binary16 and bfloat16 as the crate `half` has them.

use half::{bf16, f16};
use logitlab::formats::{Format, Narrow};

/// The fractions tried with every exponent and sign: few bits, ties of both formats and their neighbours, all ones.
fn fractions() -> Vec<u32> {
    let mut all = Vec::new();
    // binary16 keeps 10 bits of 23 and fewer among its subnormal numbers, bfloat16 keeps 7.
    for cut in 1..=23 {
        let half = 1u32 << (cut - 1);
        for kept in [0, 1, 2, 3, 0x155, 0x2aa, 0x7f, 0x3fe, 0x3ff] {
            let base = ((kept << cut) as u32) & 0x7f_ffff;
            all.extend(
                [0, 1, half.wrapping_sub(1), half, half + 1, (1 << cut) - 1].map(|low| (base | low) & 0x7f_ffff),
            );
        }
    }
    all.extend((0..4096u32).map(|i| i.wrapping_mul(2654435761) >> 9));
    all.sort_unstable();
    all.dedup();
    all
}

struct Both {
    fp16: Narrow,
    bf16: Narrow,
}

impl Both {
    fn new() -> Both {
        let narrow = |format: Format| Narrow::new(format.into()).unwrap();
        Both { fp16: narrow("fp16".parse().unwrap()), bf16: narrow("bf16".parse().unwrap()) }
    }

    fn check(&self, bits: u32) {
        let x = f32::from_bits(bits);
        let pairs = [
            ("fp16", self.fp16.round(x.into(), 0), f16::from_f32(x).to_f64()),
            ("bf16", self.bf16.round(x.into(), 0), bf16::from_f32(x).to_f64()),
        ];
        for (name, ours, theirs) in pairs {
            assert!(
                ours.to_bits() == theirs.to_bits() || (ours.is_nan() && theirs.is_nan()),
                "{name} of {x:e} ({bits:#010x}): {ours:e}, half {theirs:e}"
            );
        }
    }
}

#[test]
fn every_exponent_with_many_fractions() {
    let (both, fractions) = (Both::new(), fractions());
    assert!(fractions.len() > 4000);
    for top in 0..512u32 {
        for fraction in &fractions {
            both.check(top << 23 | fraction);
        }
    }
}

/// `make campaign` asks for it: all 2^32 numbers, some minutes.
#[test]
fn every_f32_when_asked() {
    if std::env::var_os("LOGITLAB_CAMPAIGN").is_none() {
        return;
    }
    use rayon::prelude::*;
    let both = Both::new();
    (0..=u32::MAX).into_par_iter().for_each(|bits| both.check(bits));
}
