//! Published first-order error bounds of log-sum-exp and softmax. A new one is a line here.
//!
//! Blanchard, D. Higham and N. Higham, "Accurately computing the log-sum-exp and softmax functions", IMA Journal of
//! Numerical Analysis 41 (2021): the error is at most a coefficient times the unit roundoff u, plus O(u^2), where the
//! input is exact, exponential and logarithm have a relative error of at most u, sums are recursive, rounding is to
//! nearest and nothing under- or overflows. As the term O(u^2) is left out, a computed error beyond coefficient times
//! u refutes nothing; it shows how far the first order carries. [`crate::study::bounds`] leaves nothing out.
//!
//! Two of them have no term for the last addition of the shifted log-sum-exp, y = a + log s with a = max x, whose
//! rounding alone can be u |y|. Without it log s is off by at most (x_max - x_min) + n from its terms and their sum and
//! y - a from the logarithm, together y + n - x_min: what the paper has. So
//!
//! - `lse-shifted` (theorem 4.2) can be exceeded where |y + n - x_min| < |y|, and holds with 1 more u;
//! - `softmax-division-free-shifted` (theorem 4.4) is stated for exp(x_j - y) with this y (`h` in `lse_chopshift.m` of
//!   the authors' <https://github.com/higham/logsumexp-softmax-tests>, and its coefficient in `chop_test_softmax.m`).
//!   It can be exceeded where the logits are large and near to each other, and holds with |y| more. It is not stated
//!   for a log-softmax, exp((x_j - a) - log s), although it holds there: that never adds a back, so that relative to
//!   the largest component it is off by at most 1 + (y - a) + y + n - x_min, and 1 + max|x_j - y| is no less than 1 +
//!   (y - a).

/// What the bounds depend on, for a vector of n numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vector {
    /// n.
    pub n: f64,
    /// The smallest number.
    pub x_min: f64,
    /// The largest number.
    pub x_max: f64,
    /// The log-sum-exp of the vector.
    pub y: f64,
}

impl Vector {
    /// Of some numbers with this log-sum-exp.
    ///
    /// ```
    /// use logitlab_floats::study::published::{Vector, of};
    ///
    /// let vector = Vector::new(&[0.0, -3.0], 0.0486);
    /// let coefficients: Vec<f64> = of("softmax-shifted").map(|bound| (bound.coefficient)(&vector)).collect();
    /// assert_eq!(coefficients, [10.0]);
    /// ```
    pub fn new(x: &[f64], y: f64) -> Vector {
        let x_min = x.iter().copied().fold(f64::INFINITY, f64::min);
        let x_max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Vector { n: x.len() as f64, x_min, x_max, y }
    }

    /// max |x_j - y|: y is no less than any x_j.
    fn farthest(&self) -> f64 {
        self.y - self.x_min
    }
}

/// A bound.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// Its name.
    pub name: &'static str,
    /// The algorithms that it is stated for, by their names.
    pub algorithms: &'static [&'static str],
    /// The coefficient as people write it.
    pub text: &'static str,
    /// The coefficient of u: of the relative error, of a softmax relative to its largest component.
    pub coefficient: fn(&Vector) -> f64,
}

/// Where all of them are from.
pub const SOURCE: &str = "Blanchard, Higham, Higham, IMA J. Numer. Anal. 41 (2021), 2311-2330";

const fn line(
    name: &'static str,
    algorithms: &'static [&'static str],
    text: &'static str,
    coefficient: fn(&Vector) -> f64,
) -> Published {
    Published { name, algorithms, text, coefficient }
}

/// Every bound.
pub const BOUNDS: &[Published] = &[
    line("exp-sum", &["exp-sum"], "n + 1", |v| v.n + 1.0),
    line("lse", &["lse-naive"], "1 + (n + 1)/|y|", |v| 1.0 + (v.n + 1.0) / v.y.abs()),
    line("lse-shifted", &["lse-shifted"], "|y + n - x_min|/|y|", |v| (v.y + v.n - v.x_min).abs() / v.y.abs()),
    line("softmax", &["softmax-naive"], "n + 3", |v| v.n + 3.0),
    line("softmax-shifted", &["softmax-shifted"], "n + 2 + 2(x_max - x_min)", |v| {
        v.n + 2.0 + 2.0 * (v.x_max - v.x_min)
    }),
    line("softmax-division-free", &["softmax-lse"], "|y| + max|x_j - y| + n + 2", |v| {
        v.y.abs() + v.farthest() + v.n + 2.0
    }),
    line("softmax-division-free-shifted", &["softmax-lse-shifted"], "1 + max|x_j - y| + |y + n - x_min|", |v| {
        1.0 + v.farthest() + (v.y + v.n - v.x_min).abs()
    }),
];

/// The bounds that are stated for an algorithm.
pub fn of(algorithm: &str) -> impl Iterator<Item = &'static Published> {
    BOUNDS.iter().filter(move |bound| bound.algorithms.contains(&algorithm))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::algorithms::find;

    #[test]
    fn coefficients_are_those_of_their_texts() {
        let vector = Vector { n: 10.0, x_min: -3.0, x_max: 4.0, y: 5.0 };
        let expected = [11.0, 3.2, 3.6, 13.0, 26.0, 25.0, 27.0];
        for (bound, expected) in BOUNDS.iter().zip(expected) {
            assert_eq!((bound.coefficient)(&vector), expected, "{}", bound.name);
        }
    }

    #[test]
    fn every_bound_is_of_an_algorithm_that_there_is() {
        assert!(BOUNDS.iter().flat_map(|bound| bound.algorithms).all(|name| find(name).is_some()));
        assert_eq!(of("softmax-shifted").count(), 1);
        assert_eq!(of("softmax-log").count(), 0);
    }
}
