//! What is counted of every row, as a list: a line here is a column, a table line and a metric.

use crate::arith::interval64::Interval64;

use super::row::RowDiff;

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
    pub of: fn(&RowDiff) -> Option<Interval64>,
}

const fn quantity(
    name: &'static str,
    title: &'static str,
    frameworks: &'static str,
    shown: bool,
    of: fn(&RowDiff) -> Option<Interval64>,
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
    quantity(
        "k3",
        "ratio - 1 - log ratio",
        "verl rollout_corr/k3_kl, NeMo-RL gen_kl_error, in exact arithmetic",
        false,
        k3,
    ),
    quantity("ratio2", "ratio squared", "1 + verl rollout_corr/chi2_token without its clamp", false, |row| {
        let ratio = row.distances.chosen.ratio?;
        let x = down_up(ratio.lo() * ratio.lo(), ratio.hi() * ratio.hi());
        Some(if ratio.lo() == ratio.hi() && ratio.lo() == 0.0 {
            ratio
        } else {
            Interval64::ends(x.lo().max(0.0), x.hi())
        })
    }),
    quantity(
        "k3_f32",
        "ratio - 1 - log ratio as f32 has it",
        "verl rollout_corr/k3_kl, NeMo-RL gen_kl_error",
        false,
        |row| k3(row).map(in_f32),
    ),
    quantity("k3_capped", "ratio - 1 - log ratio, at most 10", "verl actor/kl_loss as low_var_kl", false, |row| {
        k3(row).map(|x| Interval64::ends(x.lo().min(LOW_VAR_CAP), x.hi().min(LOW_VAR_CAP)))
    }),
    quantity(
        "ratio2_clamped",
        "ratio squared, log ratio clamped to +-20",
        "1 + verl rollout_corr/chi2_token",
        false,
        ratio2_clamped,
    ),
    quantity(
        "mult_error",
        "max(ratio, 1 / ratio)",
        "NeMo-RL token_mult_prob_error, in exact arithmetic",
        false,
        mult_error,
    ),
    quantity("mult_f32", "max(ratio, 1 / ratio) as f32 has it", "NeMo-RL token_mult_prob_error", false, |row| {
        mult_error(row).map(in_f32)
    }),
];

/// At what verl's low_var_kl clamps each token's k3, after clamping its log-ratio to +-20, which is beyond.
const LOW_VAR_CAP: f64 = 10.0;

/// At what verl clamps log-ratios before it squares ratios.
const SAFETY_BOUND: f64 = 20.0;

/// e^40 = 235385266837019985.4... lies between these.
const SQUARED_AT_BOUND: [f64; 2] = [2.353852668370199e17, 2.3538526683702e17];

/// ratio - 1 - log ratio, at least 0.
fn k3(row: &RowDiff) -> Option<Interval64> {
    let (delta, ratio) = (row.distances.chosen.delta?, row.distances.chosen.ratio?);
    if delta.lo() == f64::NEG_INFINITY {
        return Some(Interval64::point(f64::INFINITY));
    }
    let (lo, hi) = ((ratio.lo() - 1.0).next_down() - delta.hi(), (ratio.hi() - 1.0).next_up() - delta.lo());
    let x = if lo.is_nan() || hi.is_nan() { Interval64::point(f64::INFINITY) } else { down_up(lo, hi) };
    Some(Interval64::ends(x.lo().max(0.0), x.hi().max(0.0)))
}

/// max(ratio, 1 / ratio), at least 1.
fn mult_error(row: &RowDiff) -> Option<Interval64> {
    let ratio = row.distances.chosen.ratio?;
    let inverse = |x: f64| if x == 0.0 { f64::INFINITY } else { 1.0 / x };
    let back = down_up(inverse(ratio.hi()), inverse(ratio.lo()));
    let (lo, hi) = (ratio.lo().max(back.lo()).max(1.0), ratio.hi().max(back.hi()).max(1.0));
    Some(if ratio.hi() == 0.0 { Interval64::point(f64::INFINITY) } else { Interval64::ends(lo, hi) })
}

/// What is beyond the largest f32 is infinite in f32.
fn in_f32(x: Interval64) -> Interval64 {
    let end = |x: f64| if x > f64::from(f32::MAX) { f64::INFINITY } else { x };
    Interval64::ends(end(x.lo()), end(x.hi()))
}

/// exp(2 clamp(log ratio, -20, 20)).
fn ratio2_clamped(row: &RowDiff) -> Option<Interval64> {
    let (delta, ratio) = (row.distances.chosen.delta?, row.distances.chosen.ratio?);
    let [least, most] = SQUARED_AT_BOUND;
    let (smallest, greatest) = ((1.0 / most).next_down(), most);
    let lo = match delta.lo() {
        lo if lo >= SAFETY_BOUND => least,
        lo if lo <= -SAFETY_BOUND => smallest,
        _ => (ratio.lo() * ratio.lo()).next_down().max(smallest),
    };
    let hi = match delta.hi() {
        hi if hi >= SAFETY_BOUND => greatest,
        hi if hi <= -SAFETY_BOUND => (1.0 / least).next_up(),
        _ => (ratio.hi() * ratio.hi()).next_up().min(greatest),
    };
    Some(Interval64::ends(lo.min(hi), hi))
}

fn down_up(lo: f64, hi: f64) -> Interval64 {
    let keep = |x: f64, rounded: f64| if x.is_infinite() { x } else { rounded };
    Interval64::ends(keep(lo, lo.next_down()), keep(hi, hi.next_up()))
}

fn magnitude(x: Interval64) -> Interval64 {
    let (least, most) = (x.lo().abs().min(x.hi().abs()), x.lo().abs().max(x.hi().abs()));
    Interval64::ends(if x.lo() < 0.0 && x.hi() > 0.0 { 0.0 } else { least }, most)
}
