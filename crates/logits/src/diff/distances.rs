//! What is enclosed of a pair of rows: distances between two distributions, and what becomes of one action.

use crate::arith::interval64::Interval64;

/// How many bands of probability there are.
pub const BANDS: usize = 4;

/// The bands of an action's probability under A, from likely to unlikely: as text, and the least probability.
pub const PROBABILITIES: [(&str, f64); BANDS] =
    [("p >= 0.1", 0.1), ("0.01 <= p < 0.1", 0.01), ("1e-4 <= p < 0.01", 1e-4), ("p < 1e-4", 0.0)];

/// Distances between P = softmax(a / tau_A) and Q = softmax(b / tau_B), each enclosed, in nats where there is a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distances {
    /// KL(P || Q) = sum p log(p/q); infinite where B masks an action that A does not.
    pub kl_ab: Interval64,
    /// KL(Q || P); infinite where A masks an action that B does not.
    pub kl_ba: Interval64,
    /// Total variation, half of sum |p - q|: 0 to 1, the largest difference in probability of any event.
    pub tv: Interval64,
    /// Chi-squared of B against A, sum (q - p)^2 / p: the mean of ratio^2 - 1 under A. Infinite as KL(Q || P) is.
    pub chi2_ba: Interval64,
    /// Chi-squared of A against B, sum (q - p)^2 / q. Infinite as KL(P || Q) is.
    pub chi2_ab: Interval64,
    /// Jensen-Shannon divergence, 0 to log 2; finite whatever is masked.
    pub js: Interval64,
    /// The largest |log q - log p| of the actions in each of [`PROBABILITIES`] that neither side masks; none where the
    /// band is empty for certain.
    pub bands: [Option<Interval64>; BANDS],
    /// What becomes of the chosen action.
    pub chosen: Chosen,
}

/// The probability of one action under both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chosen {
    /// P_c under A.
    pub p: Interval64,
    /// P_c under B.
    pub q: Interval64,
    /// log q - log p; infinite where one side masks the action, none where both do.
    pub delta: Option<Interval64>,
    /// q / p, the importance ratio; none where both sides mask the action.
    pub ratio: Option<Interval64>,
}

/// The relative width that a distance may have: 2^-20.
const RELATIVE: f64 = 1.0 / (1 << 20) as f64;

/// The absolute width that divergences, which are about the square of a difference, may have: 2^-70.
const SQUARED: f64 = 1.0 / (1u128 << 70) as f64;

/// The absolute width that total variation may have: 2^-40.
const PLAIN: f64 = 1.0 / (1u64 << 40) as f64;

impl Distances {
    /// The six distances with their names.
    pub fn named(&self) -> [(&'static str, Interval64); 6] {
        [
            ("kl_ab", self.kl_ab),
            ("kl_ba", self.kl_ba),
            ("tv", self.tv),
            ("chi2_ba", self.chi2_ba),
            ("chi2_ab", self.chi2_ab),
            ("js", self.js),
        ]
    }

    /// Whether every distance is known to 2^-20 of itself, or the total variation to 2^-40 and the others to 2^-70.
    pub fn are_narrow(&self) -> bool {
        self.named().iter().all(|(name, x)| {
            let absolute = if *name == "tv" { PLAIN } else { SQUARED };
            let width = x.hi() - x.lo();
            x.lo() == x.hi() || width <= absolute || width <= RELATIVE * x.lo()
        })
    }

    /// Those of a row and itself: all 0.
    pub(super) fn identical(bands: [Option<Interval64>; BANDS], chosen: Chosen) -> Distances {
        let zero = Interval64::point(0.0);
        let bands = bands.map(|band| band.map(|_| zero));
        let delta = chosen.delta.map(|_| zero);
        let ratio = chosen.ratio.map(|_| Interval64::point(1.0));
        let chosen = Chosen { delta, ratio, q: chosen.p, ..chosen };
        Distances { kl_ab: zero, kl_ba: zero, tv: zero, chi2_ba: zero, chi2_ab: zero, js: zero, bands, chosen }
    }
}
