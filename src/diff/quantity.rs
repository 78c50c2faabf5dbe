//! What is counted of every row, as a list: a line here is a column, a table line and a metric.

use crate::arith::interval64::Interval64;

use super::row::Comparison;

/// A number that a row has.
pub struct Quantity {
    /// Its name, in metrics and JSON.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What training frameworks call its mean, or its maximum where they say so; A is the engine that sampled.
    pub frameworks: &'static str,
    /// Whether it is one of those that a summary shows.
    pub shown: bool,
    /// The number; none where the row has none.
    pub of: fn(&Comparison) -> Option<Interval64>,
}

const fn quantity(
    name: &'static str,
    title: &'static str,
    frameworks: &'static str,
    shown: bool,
    of: fn(&Comparison) -> Option<Interval64>,
) -> Quantity {
    Quantity { name, title, frameworks, shown, of }
}

/// Every quantity. The first six are of the whole vocabulary, the others of the chosen action alone.
pub const QUANTITIES: &[Quantity] = &[
    quantity(
        "kl_ab",
        "KL(A || B)",
        "what verl rollout_corr/kl and k3_kl, NeMo-RL gen_kl_error estimate",
        true,
        |row| Some(row.distances.kl_ab),
    ),
    quantity("kl_ba", "KL(B || A)", "what NeMo-RL policy_kl_error estimates", true, |row| Some(row.distances.kl_ba)),
    quantity("tv", "total variation", "", true, |row| Some(row.distances.tv)),
    quantity("chi2_ba", "chi-squared, B against A", "what verl rollout_corr/chi2_token estimates", true, |row| {
        Some(row.distances.chi2_ba)
    }),
    quantity("chi2_ab", "chi-squared, A against B", "", true, |row| Some(row.distances.chi2_ab)),
    quantity("js", "Jensen-Shannon", "what NeMo-RL js_divergence_error estimates", true, |row| Some(row.distances.js)),
    quantity("delta", "log P_B - log P_A of the action", "minus verl rollout_corr/kl (k1)", true, |row| {
        row.distances.chosen.delta
    }),
    quantity(
        "abs_delta",
        "|log P_B - log P_A| of the action",
        "TRL sampling/sampling_logp_difference/{mean,max}",
        true,
        |row| row.distances.chosen.delta.map(magnitude),
    ),
    quantity(
        "ratio",
        "P_B / P_A of the action",
        "TRL sampling/importance_sampling_ratio/{min,mean,max}",
        true,
        |row| row.distances.chosen.ratio,
    ),
    quantity("probs_diff", "|P_B - P_A| of the action", "verl training/rollout_probs_diff_{mean,max}", false, |row| {
        let chosen = &row.distances.chosen;
        chosen.delta.map(|_| magnitude(down_up(chosen.q.lo() - chosen.p.hi(), chosen.q.hi() - chosen.p.lo())))
    }),
    quantity("k3", "ratio - 1 - log ratio", "verl rollout_corr/k3_kl, NeMo-RL gen_kl_error", false, |row| {
        let (delta, ratio) = (row.distances.chosen.delta?, row.distances.chosen.ratio?);
        if delta.lo() == f64::NEG_INFINITY {
            return Some(Interval64::point(f64::INFINITY));
        }
        let (lo, hi) = ((ratio.lo() - 1.0).next_down() - delta.hi(), (ratio.hi() - 1.0).next_up() - delta.lo());
        let x = if lo.is_nan() || hi.is_nan() { Interval64::point(f64::INFINITY) } else { down_up(lo, hi) };
        Some(Interval64::ends(x.lo().max(0.0), x.hi().max(0.0)))
    }),
    quantity("ratio2", "ratio squared", "1 + verl rollout_corr/chi2_token", false, |row| {
        let ratio = row.distances.chosen.ratio?;
        let x = down_up(ratio.lo() * ratio.lo(), ratio.hi() * ratio.hi());
        Some(if ratio.lo() == ratio.hi() && ratio.lo() == 0.0 {
            ratio
        } else {
            Interval64::ends(x.lo().max(0.0), x.hi())
        })
    }),
    quantity("mult_error", "max(ratio, 1 / ratio)", "NeMo-RL token_mult_prob_error", false, |row| {
        let ratio = row.distances.chosen.ratio?;
        let inverse = |x: f64| if x == 0.0 { f64::INFINITY } else { 1.0 / x };
        let back = down_up(inverse(ratio.hi()), inverse(ratio.lo()));
        let (lo, hi) = (ratio.lo().max(back.lo()).max(1.0), ratio.hi().max(back.hi()).max(1.0));
        Some(if ratio.hi() == 0.0 { Interval64::point(f64::INFINITY) } else { Interval64::ends(lo, hi) })
    }),
];

fn down_up(lo: f64, hi: f64) -> Interval64 {
    let keep = |x: f64, rounded: f64| if x.is_infinite() { x } else { rounded };
    Interval64::ends(keep(lo, lo.next_down()), keep(hi, hi.next_up()))
}

fn magnitude(x: Interval64) -> Interval64 {
    let (least, most) = (x.lo().abs().min(x.hi().abs()), x.lo().abs().max(x.hi().abs()));
    Interval64::ends(if x.lo() < 0.0 && x.hi() > 0.0 { 0.0 } else { least }, most)
}
