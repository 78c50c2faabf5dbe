//! Logits far beyond where exp overflows.

use crate::arith::Decimal;
use crate::policy::generator::{Choice, Generator};
use crate::policy::key::scale;
use crate::policy::scores::Scores;

/// `huge`: logits uniform in -scale <= z < scale.
pub const GENERATOR: Generator = Generator {
    name: "huge",
    summary: "logits uniform in -scale <= z < scale",
    own_keys: &[scale(Decimal::new(1, 4), "largest magnitude of a logit")],
    choice: Choice::Drawn,
    words: |_| 1,
    make: |params, rng| {
        let scale = params.decimal("scale").to_f64();
        Scores::Logits((0..params.actions).map(|_| scale * (2.0 * rng.unit() - 1.0)).collect())
    },
};
