//! What errors of the probabilities make of w and of its root, with nothing left out.

/// A rigorous bound on the relative error of w = 1 - 2 P_c + C in the closed form, and of
/// (sum_o P_o)^2 + sum_o P_o^2 in the tail form, where each computed probability is within `tau` of P_i relative, in
/// arithmetic with unit roundoff `u` to nearest, without under- or overflow.
///
/// Closed, with S = 2 P_c + C: the error of 2 P_c is 2 tau P_c. Each square is within (1 + tau)^2 (1 + u) and their
/// sum, one after the other, meets K - 1 more roundings: C is off by ((1 + tau)^2 (1 + u)^K - 1) C. Subtraction and
/// addition each lose u of their results, at most u (1 + 2 P_c + C) (1 + u) (1 + errors) together with the earlier one.
/// Tail: every operation is on positive numbers, so that factors multiply: (1 + tau)^2 (1 + u)^(2K) covers both squares
/// and the sums.
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

    /// The tail form's bound, at every policy: (sum_o P_o)^2 meets 2 (K - 2) + 1 roundings, the sum of squares fewer,
    /// and their sum one more.
    pub fn tail(&self) -> f64 {
        self.growth(2 * self.k)
    }

    /// What the root makes of a bound on w: sqrt(1 + b) - 1 above and 1 - sqrt(1 - b) below, the larger being the
    /// second, and a rounding more. Infinite where w may be computed as 0 or less.
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
