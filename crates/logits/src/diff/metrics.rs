//! The names of everything that a summary can be held against.

use super::quantity::QUANTITIES;
use super::summary::DiffSummary;
use crate::stats::spread::{Between, RowSpread};

/// A statistic of a quantity.
pub struct Statistic {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub of: fn(&RowSpread) -> Between,
}

/// Every statistic: the metric `kl_ab/p99` is the statistic `p99` of the quantity `kl_ab`.
pub const STATISTICS: &[Statistic] = &[
    Statistic { name: "min", of: |spread| spread.min },
    Statistic { name: "median", of: |spread| spread.median },
    Statistic { name: "p95", of: |spread| spread.p95 },
    Statistic { name: "p99", of: |spread| spread.p99 },
    Statistic { name: "max", of: |spread| spread.max },
    Statistic { name: "mean", of: |spread| spread.mean },
    Statistic { name: "sum", of: |spread| spread.sum },
];

/// A share of rows, 0 to 1.
pub struct Share {
    /// Its name.
    pub name: &'static str,
    /// What it is the share of.
    pub title: &'static str,
    /// What training frameworks call it.
    pub frameworks: &'static str,
    /// How many rows it is for certain, and how many it may be.
    pub of: fn(&DiffSummary) -> [u64; 2],
}

/// Every share.
pub const SHARES: &[Share] = &[
    Share {
        name: "outside_band",
        title: "tokens whose ratio leaves the band",
        frameworks: "",
        of: |summary| summary.outside.range(),
    },
    Share {
        name: "clip_high",
        title: "tokens that a PPO clip stops above 1 + epsilon",
        frameworks: "TRL clip_ratio/high_mean",
        of: |summary| summary.clipped.high.range(),
    },
    Share {
        name: "clip_low",
        title: "tokens that it stops below 1 - epsilon",
        frameworks: "TRL clip_ratio/low_mean",
        of: |summary| summary.clipped.low.range(),
    },
    Share {
        name: "clip",
        title: "tokens that it stops on either side",
        frameworks: "verl actor/pg_clipfrac, TRL clip_ratio/region_mean",
        of: |summary| {
            let (high, low) = (summary.clipped.high.range(), summary.clipped.low.range());
            [high[0] + low[0], high[1] + low[1]]
        },
    },
    Share {
        name: "top1_differs",
        title: "rows with another most likely action",
        frameworks: "",
        of: |summary| [summary.top_differs; 2],
    },
    Share {
        name: "masks_differ",
        title: "rows in which one side masks what the other does not",
        frameworks: "",
        of: |summary| [summary.masks_differ; 2],
    },
    Share {
        name: "unexplained",
        title: "rows that rounding of logits cannot have made",
        frameworks: "",
        of: |summary| [summary.explained.refuted; 2],
    },
    Share {
        name: "unexplained_action",
        title: "rows whose action moved further than rounding could have moved it",
        frameworks: "",
        of: |summary| [summary.explained.action_beyond; 2],
    },
];

/// A number as training frameworks have it, from the sampled actions alone.
pub struct Named {
    /// The framework and its name for the number.
    pub name: &'static str,
    /// What the framework does to it that a definition would not: clamps, and what f32 has no room for.
    pub how: &'static str,
    /// The number; none where no row has one.
    pub of: fn(&DiffSummary) -> Option<Between>,
}

fn shifted(x: Between, by: f64) -> Between {
    Between { lo: (x.lo + by).next_down(), hi: (x.hi + by).next_up() }
}

/// The mean as a framework forms it that adds up in f32: infinite where the sum is beyond the largest f32.
fn mean_in_f32(spread: RowSpread) -> Between {
    let beyond = |sum: f64| sum > f64::from(f32::MAX);
    let Between { lo, hi } = spread.mean;
    Between {
        lo: if beyond(spread.sum.lo) { f64::INFINITY } else { lo },
        hi: if beyond(spread.sum.hi) { f64::INFINITY } else { hi },
    }
}

const F32: &str = "in f32, which has no ratio of a log-ratio above 88.7: infinite there";

const CAPPED: &str = "before TRL truncates or masks it at its cap";

/// Numbers as training frameworks log them where A is the side that sampled (vLLM, SGLang) and B the trainer. Names and
/// definitions: verl `rollout_corr_helper.py` and, of `low_var_kl`, `core_algos.py`, TRL `grpo_trainer.py`, NeMo-RL
/// `loss_functions.py`.
pub const FRAMEWORKS: &[Named] = &[
    Named {
        name: "verl training/rollout_probs_diff_mean",
        how: "",
        of: |summary| Some(summary.spread("probs_diff")?.mean),
    },
    Named {
        name: "verl training/rollout_probs_diff_max",
        how: "",
        of: |summary| Some(summary.spread("probs_diff")?.max),
    },
    Named {
        name: "verl rollout_corr/kl",
        how: "",
        of: |summary| summary.spread("delta").map(|spread| Between { lo: -spread.mean.hi, hi: -spread.mean.lo }),
    },
    Named {
        name: "verl rollout_corr/k3_kl, NeMo-RL gen_kl_error",
        how: F32,
        of: |summary| summary.spread("k3_f32").map(mean_in_f32),
    },
    Named {
        name: "verl rollout_corr/chi2_token",
        how: "log-ratios clamped to +-20",
        of: |summary| Some(shifted(summary.spread("ratio2_clamped")?.mean, -1.0)),
    },
    Named {
        name: "verl actor/kl_loss as low_var_kl, B the reference",
        how: "log-ratios clamped to +-20, then each token to 10",
        of: |summary| Some(summary.spread("k3_capped")?.mean),
    },
    Named {
        name: "TRL sampling/sampling_logp_difference/mean",
        how: "",
        of: |summary| Some(summary.spread("abs_delta")?.mean),
    },
    Named {
        name: "TRL sampling/sampling_logp_difference/max",
        how: "",
        of: |summary| Some(summary.spread("abs_delta")?.max),
    },
    Named {
        name: "TRL sampling/importance_sampling_ratio/min",
        how: CAPPED,
        of: |summary| Some(summary.spread("ratio")?.min),
    },
    Named {
        name: "TRL sampling/importance_sampling_ratio/mean",
        how: CAPPED,
        of: |summary| Some(summary.spread("ratio")?.mean),
    },
    Named {
        name: "TRL sampling/importance_sampling_ratio/max",
        how: CAPPED,
        of: |summary| Some(summary.spread("ratio")?.max),
    },
    Named {
        name: "NeMo-RL token_mult_prob_error",
        how: F32,
        of: |summary| summary.spread("mult_f32").map(mean_in_f32),
    },
];

/// All names, in the order of the tables.
pub fn names() -> impl Iterator<Item = String> {
    let statistics = |quantity: &'static str| STATISTICS.iter().map(move |one| format!("{quantity}/{}", one.name));
    let quantities = QUANTITIES.iter().flat_map(move |quantity| statistics(quantity.name));
    SHARES.iter().map(|share| share.name.to_string()).chain(quantities)
}

/// The value of a metric, enclosed; none if there is no such metric, or no row that has one.
pub fn value(summary: &DiffSummary, name: &str) -> Option<Between> {
    if let Some(share) = SHARES.iter().find(|share| share.name == name) {
        let rows = summary.rows.max(1) as f64;
        let [least, most] = (share.of)(summary).map(|count| count as f64 / rows);
        return Some(Between { lo: least, hi: most });
    }
    let (quantity, statistic) = name.split_once('/')?;
    let statistic = STATISTICS.iter().find(|one| one.name == statistic)?;
    summary.spread(quantity).map(|spread| (statistic.of)(&spread))
}
