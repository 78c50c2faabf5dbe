//! Published error bounds, as functions of K and the spread of the logits.
//!
//! They are of first order: each leaves out a multiple of u^2, and supposes that nothing under- or overflows, exact
//! logits, exponentials and logarithms within u, sums one after the other, to nearest. An error that exceeds one is a
//! finding about the bound, not a failure; [`mod@super::forward`] and [`mod@super::running`] leave nothing out.
//!
//! One finding: `lse-shifted` as published has no term for the last addition, log sum + max, whose rounding alone can be
//! u |y|. Where |y + n - x_min| < |y|, as for the logits 3.3832 and 3.6254, errors exceed it; with one more u it held on
//! every case tried (`tests/floats/bounds/published.rs`).

use crate::study::mode::Softmax;

/// What a published bound depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logits {
    /// K.
    pub n: usize,
    /// The least logit.
    pub least: f64,
    /// The largest.
    pub largest: f64,
    /// Their log-sum-exp.
    pub lse: f64,
}

impl Logits {
    /// Of logits; `None` where there are none or one is not finite, as of a masked action.
    ///
    /// ```
    /// use logitlab::study::bounds::published::Logits;
    ///
    /// let logits = Logits::of(&[0.0, 0.0]).unwrap();
    /// assert!((logits.lse - std::f64::consts::LN_2).abs() < 1e-15);
    /// assert_eq!(Logits::of(&[0.0, f64::NEG_INFINITY]), None);
    /// ```
    pub fn of(z: &[f64]) -> Option<Logits> {
        let all_finite = !z.is_empty() && z.iter().all(|z| z.is_finite());
        let (least, largest) =
            z.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, largest), &z| (least.min(z), largest.max(z)));
        let total: f64 = z.iter().map(|z| libm::exp(z - largest)).sum();
        all_finite.then(|| Logits { n: z.len(), least, largest, lse: largest + libm::log(total) })
    }

    fn terms(&self) -> f64 {
        self.n as f64
    }

    /// max |x_j - y|, y being the log-sum-exp, which no x_j exceeds.
    fn farthest(&self) -> f64 {
        self.lse - self.least
    }

    /// |y + n - x_min|
    fn shifted_sum(&self) -> f64 {
        (self.lse + self.terms() - self.least).abs()
    }
}

/// What a bound is for, and what its error is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The sum of exp(x_j), relative to itself.
    SumOfExps,
    /// The log-sum-exp by this shift, relative to itself.
    Lse(Softmax),
    /// The softmax, the largest error of its components relative to the largest component.
    Softmax(Softmax),
    /// The softmax as exp(x_j - lse x), without a division, relative to the largest component.
    DivisionFree,
}

/// A bound: a coefficient of u.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// Its name.
    pub name: &'static str,
    /// What it bounds.
    pub target: Target,
    /// The coefficient of u.
    pub coefficient: fn(&Logits) -> f64,
}

/// Where all of [`PUBLISHED`] is proved.
pub const SOURCE: &str = "Blanchard, D. Higham, N. Higham, \"Accurately computing the log-sum-exp and softmax \
                          functions\", IMA J. Numer. Anal. 2021";

/// The bounds, each plus O(u^2).
pub const PUBLISHED: &[Published] = &[
    Published { name: "sum-of-exps", target: Target::SumOfExps, coefficient: |z| z.terms() + 1.0 },
    Published {
        name: "lse-naive",
        target: Target::Lse(Softmax::Naive),
        coefficient: |z| 1.0 + (z.terms() + 1.0) / z.lse.abs(),
    },
    Published {
        name: "lse-shifted",
        target: Target::Lse(Softmax::Shifted),
        coefficient: |z| z.shifted_sum() / z.lse.abs(),
    },
    Published { name: "softmax-naive", target: Target::Softmax(Softmax::Naive), coefficient: |z| z.terms() + 3.0 },
    Published {
        name: "softmax-shifted",
        target: Target::Softmax(Softmax::Shifted),
        coefficient: |z| z.terms() + 2.0 + 2.0 * (z.largest - z.least),
    },
    Published {
        name: "softmax-division-free",
        target: Target::DivisionFree,
        coefficient: |z| z.lse.abs() + z.farthest() + z.terms() + 2.0,
    },
    Published {
        name: "softmax-log",
        target: Target::Softmax(Softmax::Log),
        coefficient: |z| 1.0 + z.farthest() + z.shifted_sum(),
    },
];

/// The bound of this name.
///
/// ```
/// use logitlab::study::bounds::published::{Logits, find};
///
/// let logits = Logits::of(&[0.0, -3.0]).unwrap();
/// assert_eq!((find("softmax-shifted").unwrap().coefficient)(&logits), 10.0);
/// ```
pub fn find(name: &str) -> Option<&'static Published> {
    PUBLISHED.iter().find(|bound| bound.name == name)
}

/// A rigorous bound on the relative error of w = 1 - 2 P_c + C in the closed form, and of
/// (sum_o P_o)^2 + sum_o P_o^2 in the tail form, where each computed probability is within `tau` of P_i relative, in
/// arithmetic with unit roundoff `u` to nearest, without under- or overflow.
///
/// Closed, with S = 2 P_c + C: the error of 2 P_c is 2 tau P_c. Each square is within (1 + tau)^2 (1 + u) and their sum, one
/// after the other, meets K - 1 more roundings: C is off by ((1 + tau)^2 (1 + u)^K - 1) C. Subtraction and addition each
/// lose u of their results, at most u (1 + 2 P_c + C) (1 + u) (1 + errors) together with the earlier one. Tail: every operation is on
/// positive numbers, so that factors multiply: (1 + tau)^2 (1 + u)^(2K) covers both squares and the sums.
///
/// All in exact arithmetic; what is returned is rounded upward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Norm {
    /// K.
    pub k: usize,
    /// The largest relative error of a probability.
    pub tau: f64,
    /// The unit roundoff.
    pub u: f64,
}

impl Norm {
    /// (1 + tau)^2 (1 + u)^m - 1
    fn growth(&self, roundings: usize) -> f64 {
        let sums = super::sums::compound(self.u, roundings);
        let squares = self.tau * (2.0 + self.tau);
        (squares + sums + squares * sums) * super::plan::UP
    }

    /// The closed form's bound at P_c, C and w.
    pub fn closed(&self, p: f64, collision: f64, w: f64) -> f64 {
        let carried = 2.0 * self.tau * p + self.growth(self.k) * collision;
        // Doubling is exact; 1 - 2 P_c and its sum with C round once each.
        let subtraction = self.u * (1.0 + 2.0 * p * (1.0 + self.tau));
        let addition = self.u * (w + carried + subtraction);
        (carried + subtraction + addition) / w * super::plan::UP
    }

    /// The tail form's bound, at every policy: (sum_o P_o)^2 meets 2 (K - 2) + 1 roundings, the sum of squares fewer, and
    /// their sum one more.
    pub fn tail(&self) -> f64 {
        self.growth(2 * self.k)
    }

    /// What the root makes of a bound on w: sqrt(1 + b) - 1 above and 1 - sqrt(1 - b) below, the larger being the second,
    /// and a rounding more. Infinite where w may be computed as 0 or less.
    pub fn root(&self, bound: f64) -> f64 {
        if bound >= 1.0 {
            return f64::INFINITY;
        }
        // 1 - sqrt(1 - b) = b / (1 + sqrt(1 - b))
        let halved = bound / (1.0 + (1.0 - bound).sqrt());
        (halved + self.u * (1.0 + halved)) * super::plan::UP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for (index, bound) in PUBLISHED.iter().enumerate() {
            assert!(PUBLISHED[..index].iter().all(|other| other.name != bound.name && other.target != bound.target));
        }
    }

    #[test]
    fn coefficients_are_those_of_the_paper() {
        let logits = Logits { n: 10, least: -4.0, largest: 3.0, lse: 3.5 };
        let found: Vec<f64> = PUBLISHED.iter().map(|bound| (bound.coefficient)(&logits)).collect();
        assert_eq!(found, [11.0, 1.0 + 11.0 / 3.5, 17.5 / 3.5, 13.0, 26.0, 23.0, 26.0]);
    }

    #[test]
    fn the_norm_bounds_have_the_known_first_order() {
        let norm = Norm { k: 5, tau: 1e-9, u: 1e-12 };
        let (p, collision) = (0.75, 0.6);
        let w = 1.0 - 2.0 * p + collision;
        let first = (2.0 * norm.tau * (p + collision) + norm.u * (5.0 * collision + 1.0 + 2.0 * p + w)) / w;
        assert!((norm.closed(p, collision, w) / first - 1.0).abs() < 1e-6);
        assert!((norm.tail() / (2.0 * norm.tau + 10.0 * norm.u) - 1.0).abs() < 1e-6);
        assert!((norm.root(norm.tail()) / (norm.tail() / 2.0 + norm.u) - 1.0).abs() < 1e-6);
        assert_eq!(norm.root(1.5), f64::INFINITY);
    }
}
