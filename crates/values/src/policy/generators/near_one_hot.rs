//! One action with almost all of the probability, exactly.

use num_bigint::BigUint;

use crate::arith::Decimal;
use crate::policy::generator::{Choice, Generator};
use crate::policy::key::gap;
use crate::policy::naturals::Naturals;
use crate::policy::random::Rng;
use crate::policy::scores::Scores;

/// `near-one-hot`: integer weights with 1 - P of a random action at the gap, within a factor
/// 1 +- 2^-30 for K >= 2 (P = 1 for K = 1). The weights of the others spread over 2^31 .. 2^64.
pub const GENERATOR: Generator = Generator {
    name: "near-one-hot",
    summary: "integer weights with 1 - P = gap for one random action",
    own_keys: &[gap(Decimal::new(1, -4000))],
    choice: Choice::Drawn,
    // log2(10) < 10/3; the other weights sum to less than 2^(64 + 24)
    words: |params| (power(params.decimal("gap")) * 10 / 3 + 1 + 64 + 24).div_ceil(64),
    make: |params, rng| {
        let hot = rng.index(params.actions);
        let others: Vec<u64> = (1..params.actions).map(|_| other(rng)).collect();
        let sum: BigUint = others.iter().fold(0u128, |sum, &n| sum + u128::from(n)).into();
        let digits = weight(sum, params.decimal("gap")).to_u64_digits();
        let mut weights = Naturals::zeros(digits.len(), params.actions);
        for (i, n) in others.into_iter().enumerate() {
            weights.entry_mut(if i < hot { i } else { i + 1 })[0] = n;
        }
        weights.entry_mut(hot).copy_from_slice(&digits);
        Scores::Integers(weights)
    },
};

/// The gap is an integer divided by 10 to this power.
fn power(gap: Decimal) -> u64 {
    u64::from(gap.exponent().unsigned_abs())
}

/// The weight of another action: 32 to 64 bits, every length equally often.
fn other(rng: &mut Rng) -> u64 {
    let length = 32 + rng.index(33) as u32;
    rng.of_length(length)
}

/// The positive integer nearest below `sum * (1 - gap) / gap`.
fn weight(sum: BigUint, gap: Decimal) -> BigUint {
    let whole = BigUint::from(10u32).pow(power(gap) as u32);
    let weight = sum * (whole - gap.digits()) / gap.digits();
    weight.max(1u32.into())
}
