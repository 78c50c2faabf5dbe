//! The list of formulas. A new one is a line here.

use std::sync::LazyLock;

use crate::expr::elaborate;

use super::{Formula, Quantity, names};

/// Name, quantity, text, what it requires, note.
type Line = (&'static str, Quantity, &'static str, Option<&'static str>, &'static str);

const LINES: &[Line] = &[
    ("closed", Quantity::SquaredNorm, "1 - 2*P[c] + C(P)", None, "the paper's; loses everything as P[c] approaches 1"),
    (
        "direct",
        Quantity::SquaredNorm,
        "(1 - P[c])^2 + |others(P, c)|^2",
        None,
        "1 - P[c] by subtraction; loses half as many digits as the closed form",
    ),
    (
        "tail",
        Quantity::SquaredNorm,
        "sum(others(P, c))^2 + |others(P, c)|^2",
        None,
        "no cancellation: the form to compute w with",
    ),
    (
        "factored",
        Quantity::Norm,
        "sum(others(P, c))*sqrt(1 + C(others(P, c)/sum(others(P, c))))",
        Some("P[c] < 1"),
        "no cancellation, and no underflow where only the square of the norm is too small",
    ),
];

static FORMULAS: LazyLock<Vec<Formula>> = LazyLock::new(|| LINES.iter().map(read).collect());

fn read(&(name, quantity, text, requires, note): &Line) -> Formula {
    let tree = elaborate::value(text, names()).unwrap_or_else(|error| panic!("the formula {name}: {error}"));
    let requires = requires.map(|text| {
        elaborate::proposition(text, names()).unwrap_or_else(|error| panic!("what {name} requires: {error}"))
    });
    Formula { name, quantity, text, requires, note, tree }
}

/// Every formula, in the order in which they are shown.
pub fn formulas() -> &'static [Formula] {
    &FORMULAS
}

/// The formula of this name.
pub fn find(name: &str) -> Option<&'static Formula> {
    formulas().iter().find(|formula| formula.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::exact::Exact;
    use crate::arith::interval::Intervals;
    use crate::arith::number::Number;
    use crate::arith::{Arithmetic, Truth, Vector};
    use crate::expr::eval::{Evaluator, Value};
    use crate::expr::{Tree, Type};
    use crate::formulas::{ACTION, POLICY};
    use crate::policy::random::Rng;
    use rug::Integer;

    /// Whole weights, some of them 0, of which not all are; and an action.
    fn policy(rng: &mut Rng) -> (Vec<u64>, usize) {
        let k = 1 + rng.index(9);
        let mut weights: Vec<u64> = (0..k).map(|_| rng.below(4) * rng.below(1 << 30)).collect();
        weights[rng.index(k)] += 1;
        (weights, rng.index(k))
    }

    fn evaluator<'a, A: Arithmetic>(system: &'a A, policy: Vector<A>, k: usize, action: usize) -> Evaluator<'a, A> {
        let mut evaluator = Evaluator::new(system, k, &[]);
        evaluator.assign(&POLICY.into(), Value::Vector(policy));
        evaluator.choose(&ACTION.into(), action);
        evaluator
    }

    fn definition(quantity: Quantity) -> Tree {
        elaborate::value(quantity.definition(), names()).unwrap()
    }

    #[test]
    fn names_are_unique_and_all_formulas_are_real() {
        for (index, formula) in formulas().iter().enumerate() {
            assert_eq!(formula.tree.ty(), Type::Real, "{}", formula.name);
            assert!(formulas()[..index].iter().all(|other| other.name != formula.name), "{}", formula.name);
            assert_eq!(formula.tree.to_string(), formula.text);
        }
    }

    #[test]
    fn every_formula_is_its_quantity_exactly_and_within_its_intervals() {
        let exact = Exact::<rug::Rational>::new();
        let mut met = vec![0; formulas().len()];
        for case in 0..300 {
            let (weights, action) = policy(&mut Rng::new(20, case));
            let k = weights.len();
            let total = Integer::from(weights.iter().sum::<u64>());
            let stored = exact.fractions(weights.iter().map(|&n| n.into()).collect(), total.clone());
            let mut exactly = evaluator(&exact, stored, k, action);
            // Few bits, so that rounding is what the intervals have to contain.
            let intervals = Intervals::new(24 + 8 * (case % 8) as u32);
            let items = weights.iter().map(|&n| intervals.enclose(&rug::Rational::from((n, &total)))).collect();
            let mut enclosed = evaluator(&intervals, Vector::dense(&intervals, items), k, action);

            for (formula, met) in formulas().iter().zip(&mut met) {
                if formula.requires.as_ref().is_some_and(|prop| exactly.holds(prop) == Ok(Truth::False)) {
                    continue;
                }
                *met += 1;
                let value = exactly.real(&formula.tree).unwrap();
                let defined = exactly.real(&definition(formula.quantity)).unwrap();
                assert_eq!(exact.equal(&value, &defined), Ok(Truth::True), "{} at {weights:?}", formula.name);

                // The square is rational for a norm too. No interval of these squares is undefined: P has none < 0.
                let squared = |power| if formula.quantity == Quantity::Norm { 2 * power } else { power };
                let Number::Rational(value) = exact.power(&value, squared(1)).unwrap() else { unreachable!() };
                if let Ok(x) = enclosed.real(&formula.tree) {
                    let x = intervals.power(&x, squared(1)).unwrap();
                    assert!(*x.lo() <= value && value <= *x.hi(), "{} at {weights:?}", formula.name);
                } else {
                    assert!(formula.requires.is_some(), "{} at {weights:?}", formula.name);
                }
            }
        }
        assert!(met.iter().all(|&met| met > 200), "{met:?}");
    }
}
