//! Logits of a policy that is almost sure of its chosen action.

use crate::arith::Decimal;
use crate::policy::generator::{Choice, Generator};
use crate::policy::key::gap;
use crate::policy::scores::Scores;

/// `confident`: standard Gaussian logits with one action's (the chosen action, or a random one that
/// becomes it) raised so that 1 - P of it is the gap, up to the rounding of that logit (a relative
/// 1e-12 at most). P = 1 for K = 1.
pub const GENERATOR: Generator = Generator {
    name: "confident",
    summary: "Gaussian logits with the chosen one raised so that 1 - P of it is about gap",
    own_keys: &[gap(Decimal::new(1, -300))],
    choice: Choice::Largest,
    words: |_| 1,
    make: |params, rng| {
        let random = rng.index(params.actions);
        let raised = params.chosen.unwrap_or(random);
        let mut logits: Vec<f64> = (0..params.actions).map(|_| rng.gaussian()).collect();
        if params.actions > 1 {
            let gap = params.decimal("gap").to_f64();
            logits[raised] = log_sum_exp(&logits, raised) + libm::log1p(-gap) - libm::log(gap);
        }
        Scores::Logits(logits)
    },
};

/// log of the sum of exp(z_i) over i != left_out. The logits are moderate: nothing overflows.
fn log_sum_exp(logits: &[f64], left_out: usize) -> f64 {
    let others = logits.iter().enumerate().filter(|&(i, _)| i != left_out);
    libm::log(others.map(|(_, &z)| libm::exp(z)).sum())
}
