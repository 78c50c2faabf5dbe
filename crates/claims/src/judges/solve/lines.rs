//! One equation along a line: where it is affine or quadratic there, its rational roots.
//!
//! A line through one rational point of a quadric meets it in another rational point, so that one solution of |v| = 1
//! or C(P) = 1/2 gives as many as there are directions.

use num_rational::BigRational;
use num_traits::One;
use rug::Rational;

use super::linear::{blocks, direction, jacobian};
use super::{FEW_ACTIONS, Target, Unknown, big, moved, value};
use crate::arith::rational::Rational as _;
use crate::expr::Sort;
use crate::judges::case::Case;
use crate::policy::random::Rng;

/// How many directions are tried for one equation and one block of unknowns.
const DIRECTIONS: usize = 6;

/// The rational roots of a function that is affine or quadratic, from its values at 0, 1, 2 and 3; none for any other.
/// A function that is 0 everywhere has none.
pub fn roots(values: &[Rational; 4]) -> Vec<Rational> {
    let [y0, y1, y2, y3] = values;
    let difference = |x: &Rational, y: &Rational| Rational::from(y - x);
    let (first, second, third) = (difference(y0, y1), difference(y1, y2), difference(y2, y3));
    let (bend, next) = (difference(&first, &second), difference(&second, &third));
    if bend != next {
        return vec![];
    }
    // y0 + b t + a t^2
    let a = Rational::from(&bend / 2_u32);
    let b = Rational::from(&first - &a);
    if a.is_zero() {
        return if b.is_zero() { vec![] } else { vec![Rational::from(-y0) / b] };
    }
    let inside: Rational = Rational::from(b.square_ref()) - Rational::from(&a * y0) * 4_u32;
    if inside < 0 {
        return vec![];
    }
    let Some(root) = inside.root_exact(2) else { return vec![] };
    let twice = Rational::from(&a * 2_u32);
    let ends = [Rational::from(-&b) - &root, Rational::from(-&b) + &root];
    let mut found: Vec<Rational> = ends.into_iter().map(|end| end / &twice).collect();
    found.dedup();
    found
}

/// Cases in which one more equation holds, along lines that keep the affine ones.
pub fn solutions(target: &Target<'_>, case: &Case, rng: &mut Rng) -> Vec<Case> {
    let mut found = Vec::new();
    let here = target.residuals(case);
    let open: Vec<usize> =
        (0..here.len()).filter(|index| here[*index].as_ref().is_some_and(|all| all.len() == 1)).collect();
    for block in blocks(target, case) {
        for equation in &open {
            let Some(others) = jacobian(target, case, &block, &|index| index != *equation && holds(&here[index]))
            else {
                continue;
            };
            for number in 0..if case.k > FEW_ACTIONS { DIRECTIONS / 2 } else { DIRECTIONS } {
                let wish = wish(case, &block, number, rng);
                let order: Vec<usize> = (0..block.len()).map(|index| (index + number) % block.len()).collect();
                let along = match &wish {
                    Wish::Steps(steps) => direction(&others, steps, &order),
                    Wish::Scale(values) => Some(values.clone()),
                };
                let Some(along) = along else { continue };
                let starts = along_line(target, case, &block, &along, *equation);
                // From each solution another one, in a direction of its own: a vertex of a simplex is none to keep.
                for start in &starts {
                    let steps: Vec<i64> = (0..block.len()).map(|_| rng.below(7) as i64 - 3).collect();
                    let Some(along) = direction(&others, &steps, &order) else { continue };
                    found.extend(along_line(target, start, &block, &along, *equation));
                }
                found.extend(starts);
            }
        }
    }
    found
}

fn holds(residual: &Option<Vec<Rational>>) -> bool {
    residual.as_ref().is_some_and(|all| all.iter().all(Rational::is_zero))
}

enum Wish {
    Steps(Vec<i64>),
    /// Along the values themselves: scaling.
    Scale(Vec<Rational>),
}

fn wish(case: &Case, block: &[Unknown], number: usize, rng: &mut Rng) -> Wish {
    let distribution = block.iter().any(|unknown| unknown.sort == Sort::Distribution);
    match number {
        0 if !distribution => {
            let values = block.iter().filter_map(|unknown| value(case, unknown));
            Wish::Scale(values.map(|x| Rational::from_big(&x)).collect())
        }
        1 => Wish::Steps(vec![1; block.len()]),
        2 => Wish::Steps((0..block.len()).map(|index| i64::from(index == 0)).collect()),
        _ => Wish::Steps((0..block.len()).map(|_| rng.below(5) as i64 - 2).collect()),
    }
}

fn along_line(target: &Target<'_>, case: &Case, block: &[Unknown], along: &[Rational], equation: usize) -> Vec<Case> {
    let at = |t: &BigRational| -> Option<Case> {
        let by: Vec<BigRational> = along.iter().map(|step| big(step) * t).collect();
        moved(case, block, &by)
    };
    let residual = |t: i64| -> Option<Rational> {
        let case = at(&BigRational::from_integer(t.into()))?;
        target.residuals(&case).swap_remove(equation)?.pop()
    };
    let values: Option<Vec<Rational>> = (0..4).map(residual).collect();
    let Some(values) = values.and_then(|all| <[Rational; 4]>::try_from(all).ok()) else { return vec![] };
    let moved = roots(&values).into_iter().filter(|t| !t.is_zero()).filter_map(|t| at(&big(&t)));
    // Where it holds already, other points are of interest only.
    let mut found: Vec<Case> = moved.collect();
    if values.iter().all(Rational::is_zero) {
        let half = BigRational::one() / BigRational::from_integer(2.into());
        found.extend(at(&half));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: [i64; 4]) -> Vec<Rational> {
        roots(&values.map(Rational::from))
    }

    #[test]
    fn affine_and_quadratic_functions_have_their_rational_roots() {
        assert_eq!(of([-17, -16, -15, -14]), [17]);
        assert_eq!(of([1, 4, 7, 10]), [Rational::from((-1, 3))]);
        // t^2 - 5 t + 6
        assert_eq!(of([6, 2, 0, 0]), [2, 3]);
        // (t - 1)^2
        assert_eq!(of([1, 0, 1, 4]), [1]);
    }

    #[test]
    fn others_have_none() {
        // t^2 - 2, t^2 + 1, t^3, 5, 0
        for values in [[-2, -1, 2, 7], [1, 2, 5, 10], [0, 1, 8, 27], [5; 4], [0; 4]] {
            assert!(of(values).is_empty(), "{values:?}");
        }
    }
}
