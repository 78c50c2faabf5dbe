//! What the doctor looks for: one line for each finding, and the metrics that thresholds name.

use serde::Serialize;

use super::claimed::ClaimedFigures;
use super::figures::ModeFigures;
use super::step::StepFigures;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look.
    Notice,
    /// Numbers are wrong.
    Wrong,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share of the rows, 0 to 1; the larger the worse.
    Share,
    /// Something computed over what it should be; the further from 1 the worse.
    Ratio,
    /// Decimal digits left, 0 to 17; the fewer the worse.
    Digits,
    /// An error in nats; the further from 0 the worse.
    Nats,
}

/// Where a value is read.
#[derive(Clone, Copy, Debug)]
pub enum Read {
    /// From what a mode does to all rows.
    Mode(fn(&ModeFigures) -> Option<f64>),
    /// From what steps of one size do.
    Step(fn(&StepFigures) -> Option<f64>),
    /// From a claimed column.
    Claimed(fn(&ClaimedFigures) -> Option<f64>),
}

/// One thing that is looked for.
#[derive(Clone, Copy, Debug)]
pub struct FindingKind {
    /// The name in reports, thresholds and the documentation.
    pub id: &'static str,
    /// What is wrong, in words that a value can follow.
    pub what: &'static str,
    /// How it is counted.
    pub counted: &'static str,
    /// What the value is.
    pub unit: Unit,
    /// The value.
    pub read: Read,
    /// From which excess on it is a notice, and from which on wrong: of a share itself, of a ratio how far it or its
    /// inverse is above 1, of digits how many are missing to 17, of nats how many they are. Infinite for what is only
    /// told.
    pub limits: [f64; 2],
    /// The name of the [`Advice`](super::Advice) that helps.
    pub advice: &'static str,
    /// What training frameworks log beside it.
    pub beside: &'static str,
}

/// What is never a complaint.
const TOLD: [f64; 2] = [f64::INFINITY; 2];

const LOGPROB_GAPS: &str = "TRL `sampling/sampling_logp_difference/mean`, OpenRLHF `vllm_kl`, SkyRL \
                            `policy/rollout_train_logprobs_abs_diff_mean`";

/// Everything that is looked for.
pub const FINDINGS: &[FindingKind] = &[
    FindingKind {
        id: "total_confident",
        what: "the sum of w over the tokens with P_c > 0.99 is off by a factor",
        counted: "sum of the computed w over the sum of the true w, tokens with true P_c > 0.99",
        unit: Unit::Ratio,
        read: Read::Mode(|figures| figures.total_confident),
        limits: [0.01, 0.1],
        advice: "tail-form",
        beside: "verl `variance_proxy/expected_w`",
    },
    FindingKind {
        id: "nonpositive",
        what: "w comes out 0 or negative, though it is positive",
        counted: "share of tokens with computed w <= 0 and true w > 0",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.nonpositive),
        limits: [0.0, 0.01],
        advice: "tail-form",
        beside: "verl `variance_proxy/expected_w`",
    },
    FindingKind {
        id: "off10",
        what: "w is off by more than 10 %",
        counted: "share of tokens whose w has a relative error above 0.1 against the logits as the mode stores them, or is not finite",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.off10),
        limits: [0.01, 0.05],
        advice: "tail-form",
        beside: "verl `variance_proxy/expected_w`",
    },
    FindingKind {
        id: "no_digit",
        what: "w has not one digit right",
        counted: "share of tokens whose w has a relative error of 1 or more, or is not finite",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.no_digit),
        limits: [0.0, 0.01],
        advice: "tail-form",
        beside: "",
    },
    FindingKind {
        id: "total",
        what: "the sum of w over all tokens is off by a factor",
        counted: "sum of the computed w over the sum of the true w, all tokens",
        unit: Unit::Ratio,
        read: Read::Mode(|figures| figures.total),
        limits: [0.01, 0.1],
        advice: "tail-form",
        beside: "verl `variance_proxy/expected_w`",
    },
    FindingKind {
        id: "sum_pi_squared_above_one",
        what: "sum pi^2 comes out above 1, which no policy has",
        counted: "share of tokens with computed exp(lse(2z) - 2 lse(z)) > 1",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.sum_pi_squared_above_one),
        limits: [0.0, 0.01],
        advice: "collision",
        beside: "verl batch key `sum_pi_squared`",
    },
    FindingKind {
        id: "logp_positive",
        what: "log P_c comes out above 0, a probability above 1",
        counted: "share of tokens with computed z_c - lse(z) > 0",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.logp_positive),
        limits: [0.0, 0.01],
        advice: "log-probability",
        beside: LOGPROB_GAPS,
    },
    FindingKind {
        id: "dead",
        what: "w comes out exactly 0: the token drops out of every weighted sum",
        counted: "share of tokens with computed w = 0 and true w > 0",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.dead),
        limits: [0.0, 0.01],
        advice: "tail-form",
        beside: "",
    },
    FindingKind {
        id: "not_finite",
        what: "w comes out NaN or infinite",
        counted: "share of tokens with computed w NaN or infinite",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.not_finite),
        limits: [0.0, 0.0],
        advice: "tail-form",
        beside: "",
    },
    FindingKind {
        id: "coarse_logits",
        what: "rounding the logits alone changes the true w by more than 10 %",
        counted: "share of tokens whose true w of the logits as the mode stores them is off by more than 0.1 from the \
                  true w of the logits of the file",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.coarse_logits),
        limits: [0.01, 0.2],
        advice: "logits-in-f32",
        beside: LOGPROB_GAPS,
    },
    FindingKind {
        id: "overflowed",
        what: "a logit is beyond the largest number of the format",
        counted: "share of tokens with a logit that overflows where the mode stores it",
        unit: Unit::Share,
        read: Read::Mode(|figures| figures.overflowed),
        limits: [0.0, 0.0],
        advice: "logits-in-f32",
        beside: "",
    },
    FindingKind {
        id: "digits_p5",
        what: "digits of w that all but the worst 5 % of the tokens have left",
        counted: "-log10 of the relative error, 0 to what the format has, at most 17, at the quantile 0.05",
        unit: Unit::Digits,
        read: Read::Mode(|figures| figures.digits_p5),
        limits: TOLD,
        advice: "tail-form",
        beside: "",
    },
    FindingKind {
        id: "digits_median",
        what: "digits of w that half of the tokens have left",
        counted: "-log10 of the relative error, 0 to what the format has, at most 17, in the median",
        unit: Unit::Digits,
        read: Read::Mode(|figures| figures.digits_median),
        limits: TOLD,
        advice: "tail-form",
        beside: "",
    },
    FindingKind {
        id: "stalled",
        what: "a step leaves the chosen logit as it is, in the type of the file",
        counted: "share of tokens with g (1 - P_c) / tau, the size of dz_c, below half the gap to the next number at z_c; \
                  with --parameters, masked actions left out",
        unit: Unit::Share,
        read: Read::Step(|figures| figures.stalled),
        limits: [0.0, 0.05],
        advice: "step",
        beside: "",
    },
    FindingKind {
        id: "frozen",
        what: "a step leaves all logits as they are, in the type of the file",
        counted: "share of tokens with the size of dz_j below half the gap to the next number at z_j for every j; with \
                  --parameters, masked actions left out",
        unit: Unit::Share,
        read: Read::Step(|figures| figures.frozen),
        limits: [0.0, 0.05],
        advice: "step",
        beside: "",
    },
    FindingKind {
        id: "claimed_wrong",
        what: "claimed values are wrong",
        counted: "share of tokens whose claimed value is certainly off by more than --nats (log P_c, entropy), or has fewer \
                  right digits than --digits asks for (all others; those two only where --digits is given)",
        unit: Unit::Share,
        read: Read::Claimed(|figures| figures.wrong),
        limits: [0.0, 0.01],
        advice: "claimed",
        beside: LOGPROB_GAPS,
    },
    FindingKind {
        id: "claimed_total",
        what: "the sum of the claimed values is off by a factor",
        counted: "sum of the claimed values over the sum of the true ones, both finite; of log P_c and entropies a complaint \
                  only where the mean is off by more than --nats",
        unit: Unit::Ratio,
        read: Read::Claimed(|figures| figures.total),
        limits: [0.01, 0.1],
        advice: "claimed",
        beside: "verl `variance_proxy/expected_w`",
    },
    FindingKind {
        id: "claimed_nats",
        what: "the largest error of a claimed log P_c or entropy",
        counted: "the most that any claimed value is off by, in nats; no value for what is judged by digits",
        unit: Unit::Nats,
        read: Read::Claimed(|figures| figures.nats_largest),
        limits: TOLD,
        advice: "claimed",
        beside: "TRL `sampling/sampling_logp_difference/max`",
    },
];

impl FindingKind {
    /// The kind of this id.
    pub fn find(id: &str) -> Option<&'static FindingKind> {
        FINDINGS.iter().find(|kind| kind.id == id)
    }

    /// How far a value is from what it should be, from 0 up; infinite for NaN.
    pub fn excess(&self, value: f64) -> f64 {
        let excess = match self.unit {
            Unit::Share => value,
            Unit::Ratio if value <= 0.0 => f64::INFINITY,
            Unit::Ratio => value.max(1.0 / value) - 1.0,
            Unit::Digits => 17.0 - value,
            Unit::Nats => value.abs(),
        };
        if excess.is_nan() { f64::INFINITY } else { excess }
    }

    /// How bad a value is; `None` if it is no complaint.
    pub fn severity(&self, value: f64) -> Option<Severity> {
        let excess = self.excess(value);
        let [notice, wrong] = self.limits;
        if excess > wrong { Some(Severity::Wrong) } else { (excess > notice).then_some(Severity::Notice) }
    }
}
