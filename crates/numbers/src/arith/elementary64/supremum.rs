//! Proved upper bounds of polynomials on intervals, in rational arithmetic: what the error proofs rest on.

use rug::Rational;
use rug::ops::Pow;

/// A fraction.
pub fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::from((numerator, denominator))
}

/// 2^exponent
pub fn two(exponent: i32) -> Rational {
    Rational::from(2).pow(exponent)
}

/// The rational number that `x` is.
pub fn exact(x: f64) -> Rational {
    Rational::from_f64(x).expect("a finite number")
}

/// The value at `x` of the polynomial with these coefficients, that of x^0 first.
pub fn value(polynomial: &[Rational], x: &Rational) -> Rational {
    polynomial.iter().rev().fold(Rational::new(), |sum, c| sum * x + c)
}

/// At least the largest |polynomial(x)| for `from <= x <= to`: the sum of the magnitudes of its coefficients in the
/// Chebyshev polynomials of the interval, none of which exceeds 1 there.
pub fn supremum(polynomial: &[Rational], from: &Rational, to: &Rational) -> Rational {
    let centre = Rational::from(from + to) / 2;
    let radius = Rational::from(to - from) / 2;
    let expansion = polynomial.iter().rev().fold(Vec::new(), |expansion, c| {
        let mut next = times_line(&expansion, &centre, &radius);
        next[0] += c;
        next
    });
    expansion.into_iter().fold(Rational::new(), |sum, c| sum + c.abs())
}

/// (centre + radius t) times a sum of Chebyshev polynomials of t, by t T_j = (T_(j+1) + T_|j-1|) / 2.
fn times_line(expansion: &[Rational], centre: &Rational, radius: &Rational) -> Vec<Rational> {
    let mut product = vec![Rational::new(); expansion.len() + 1];
    for (j, c) in expansion.iter().enumerate() {
        product[j] += Rational::from(c * centre);
        let half = Rational::from(c * radius) / 2;
        product[j + 1] += &half;
        product[j.abs_diff(1)] += half;
    }
    product
}

/// `pieces` intervals of one length that cover `from` to `to`.
pub fn pieces(from: &Rational, to: &Rational, pieces: u32) -> impl Iterator<Item = (Rational, Rational)> {
    let (from, step) = (from.clone(), Rational::from(to - from) / pieces);
    (0..pieces).map(move |i| (from.clone() + step.clone() * i, from.clone() + step.clone() * (i + 1)))
}

#[test]
fn the_bound_of_a_chebyshev_polynomial_is_its_maximum() {
    let third: Vec<Rational> = [0, -3, 0, 4].map(Rational::from).to_vec();
    assert_eq!(supremum(&third, &Rational::from(-1), &Rational::from(1)), 1);
    // On 0..2 it rises to 26 at the right end, after a dip to -1.
    assert!(supremum(&third, &Rational::new(), &Rational::from(2)) >= 26);
}
