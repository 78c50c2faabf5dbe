//! The list of formulas. A new one is a line here.

use std::sync::LazyLock;

use crate::expr::{Statement, elaborate};

use super::{COLLISION, Formula, Quantity, names};

/// A formula as text, over the names of [`names`].
struct Line {
    name: &'static str,
    quantity: Quantity,
    /// What is computed first: names and texts, each over those before it.
    lets: &'static [(&'static str, &'static str)],
    text: &'static str,
    requires: Option<&'static str>,
    note: &'static str,
}

const fn line(name: &'static str, quantity: Quantity, text: &'static str, note: &'static str) -> Line {
    Line { name, quantity, lets: &[], text, requires: None, note }
}

impl Line {
    const fn with(self, lets: &'static [(&'static str, &'static str)]) -> Line {
        Line { lets, ..self }
    }

    const fn requires(self, requires: &'static str) -> Line {
        Line { requires: Some(requires), ..self }
    }
}

/// C(P) = sum P_i^2 = exp(lse(2 z) - 2 lse(z)), the form that training code uses.
const BY_LSE: &[(&str, &str)] = &[(COLLISION, "exp(lse(2*z) - 2*lse(z))")];

use Quantity::{Entropy, LogProbability, Lse, Norm, Probability, Ratio, SquaredNorm};

const LINES: &[Line] = &[
    line("closed", SquaredNorm, "1 - 2*P[c] + C(P)", "the paper's; loses everything as P[c] approaches 1"),
    line(
        "closed-lse",
        SquaredNorm,
        "1 - 2*exp(z[c] - lse(z)) + collision",
        "the closed form from log-sum-exps alone; loses more where the logits are large",
    )
    .with(BY_LSE),
    line(
        "production",
        SquaredNorm,
        "1 - 2*P[c] + collision",
        "the closed form of training code: P[c] from the softmax, C from log-sum-exps",
    )
    .with(BY_LSE),
    line(
        "direct",
        SquaredNorm,
        "(1 - P[c])^2 + |others(P, c)|^2",
        "1 - P[c] by subtraction; loses half as many digits as the closed form",
    ),
    line("tail", SquaredNorm, "sum(others(P, c))^2 + |others(P, c)|^2", "no cancellation: the form to compute w with"),
    line(
        "factored-square",
        SquaredNorm,
        "sum(others(P, c))^2*(1 + C(others(P, c)/sum(others(P, c))))",
        "no cancellation; a division more than the tail form",
    )
    .requires("P[c] < 1"),
    line(
        "factored",
        Norm,
        "sum(others(P, c))*sqrt(1 + C(others(P, c)/sum(others(P, c))))",
        "no cancellation, and no underflow where only the square of the norm is too small",
    )
    .requires("P[c] < 1"),
    line("probability", Probability, "P[c]", "the softmax itself, however its exponentials are shifted"),
    line(
        "probability-lse",
        Probability,
        "exp(z[c] - lse(z))",
        "without a division; loses more where the logits are large",
    )
    .requires("P[c] > 0"),
    line("logp-logits", LogProbability, "z[c] - lse(z)", "cancels where P[c] is near 1").requires("P[c] > 0"),
    line(
        "logp-shifted",
        LogProbability,
        "z[c] - max(z) - log(sum(exp(z - max(z)*1)))",
        "log-softmax: never adds the size of the logits back",
    )
    .requires("P[c] > 0"),
    line("logp-softmax", LogProbability, "log(P[c])", "-inf where the softmax underflows").requires("P[c] > 0"),
    line(
        "ratio",
        Ratio,
        "exp(z[c] - lse(z) - (y[c] - lse(y)))",
        "the exponential of a difference of log-probabilities, as training code has it",
    )
    .requires("softmax(y)[c] > 0"),
    line("ratio-quotient", Ratio, "P[c]/Q[c]", "0/0 where both probabilities underflow")
        .with(&[("Q", "softmax(y)")])
        .requires("softmax(y)[c] > 0"),
    line("entropy", Entropy, "-sum(xlogx(P))", "a sum of terms of one sign"),
    line("entropy-lse", Entropy, "lse(z) - <P,z>", "cancels where the logits are large, and knows no masked actions")
        .requires("min(P) > 0"),
    line("lse", Lse, "lse(z)", "log-sum-exp itself, however its exponentials are shifted"),
];

/// The formulas of [`LINES`], and after those for w the norms that are their roots.
static FORMULAS: LazyLock<Vec<Formula>> = LazyLock::new(|| {
    let lines: Vec<Formula> = LINES.iter().map(read).collect();
    let norms: Vec<Formula> = lines.iter().filter_map(Formula::root).collect();
    let last = lines.iter().rposition(|formula| formula.quantity == Some(SquaredNorm)).map_or(0, |index| index + 1);
    let (sizes, rest) = lines.split_at(last);
    [sizes, &norms, rest].concat()
});

fn read(line: &Line) -> Formula {
    let mut given: Statement = names().clone();
    for (name, text) in line.lets {
        let tree = elaborate::value(text, &given).unwrap_or_else(|error| panic!("{name} in {}: {error}", line.name));
        given.definitions.push(((*name).into(), tree));
    }
    let tree = elaborate::value(line.text, &given).unwrap_or_else(|error| panic!("{}: {error}", line.name));
    let requires = line.requires.map(|text| {
        elaborate::proposition(text, &given).unwrap_or_else(|error| panic!("what {} requires: {error}", line.name))
    });
    Formula {
        name: line.name.to_string(),
        quantity: Some(line.quantity),
        meaning: line.quantity.meaning(),
        tree,
        definitions: given.definitions,
        requires,
        note: line.note.to_string(),
        text: line.text.to_string(),
    }
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
    use crate::arith::interval::{Interval, Intervals};
    use crate::arith::number::Number;
    use crate::arith::{Arithmetic, Eval, Fault, Function, Truth, Vector};
    use crate::eval::{Evaluator, Value};
    use crate::expr::{Prop, Relation, Tree, Type};
    use crate::formulas::{ACTION, LOGITS, OTHER};
    use crate::policy::random::Rng;
    use rug::Rational;

    /// Two policies by whole weights, some of them 0, of which not all are; and an action. Every other one has small
    /// weights and few actions, whose entropies are compared exactly.
    struct Case {
        weights: Vec<u64>,
        other: Vec<u64>,
        action: usize,
    }

    fn case(index: u64) -> Case {
        let mut rng = Rng::new(20, index);
        let (most, factor) = if index.is_multiple_of(2) { (9, 1 << 30) } else { (4, 5) };
        let k = 1 + rng.index(most);
        let weights = |rng: &mut Rng| {
            let mut weights: Vec<u64> = (0..k).map(|_| rng.below(4) * rng.below(factor)).collect();
            weights[rng.index(k)] += 1;
            weights
        };
        let (own, other) = (weights(&mut rng), weights(&mut rng));
        Case { weights: own, other, action: rng.index(k) }
    }

    /// The logits of whole weights: their logarithms, exact in an exact system.
    fn logits<A: Arithmetic>(system: &A, weights: &[u64], masked: &A::Real) -> Vector<A> {
        let logit = |&weight: &u64| match weight {
            0 => masked.clone(),
            _ => system.function(Function::Log, system.integer(weight as i64)).unwrap(),
        };
        Vector::dense(system, weights.iter().map(logit).collect())
    }

    /// The names of formulas at a case, with the definitions of one of them.
    fn evaluator<'a, A: Arithmetic>(
        system: &'a A,
        masked: &A::Real,
        case: &Case,
        formula: &'a Formula,
    ) -> Evaluator<'a, A> {
        let mut evaluator = Evaluator::new(system, case.weights.len(), &formula.definitions);
        evaluator.assign(&LOGITS.into(), Value::Vector(logits(system, &case.weights, masked)));
        evaluator.assign(&OTHER.into(), Value::Vector(logits(system, &case.other, masked)));
        evaluator.choose(&ACTION.into(), case.action);
        evaluator
    }

    fn within(x: &Interval, value: &Number<Rational>) -> bool {
        match value {
            Number::Rational(value) => *x.lo() <= *value && *value <= *x.hi(),
            _ => true,
        }
    }

    #[test]
    fn names_are_unique_and_all_formulas_are_real() {
        for (index, formula) in formulas().iter().enumerate() {
            assert_eq!((formula.tree.ty(), formula.meaning.ty()), (Type::Real, Type::Real), "{}", formula.name);
            assert!(formulas()[..index].iter().all(|other| other.name != formula.name), "{}", formula.name);
            assert_eq!(formula.tree.to_string(), formula.text);
        }
    }

    #[test]
    fn the_norms_are_the_roots_of_every_formula_for_w() {
        let of = |quantity| formulas().iter().filter(move |formula| formula.quantity == Some(quantity));
        for formula in of(SquaredNorm) {
            let norm = find(&format!("{}-norm", formula.name)).unwrap();
            assert_eq!((norm.quantity, norm.text.clone()), (Some(Norm), format!("sqrt({})", formula.text)));
            assert_eq!((&norm.definitions, &norm.requires), (&formula.definitions, &formula.requires));
        }
        assert_eq!(of(Norm).count(), of(SquaredNorm).count() + 1);
        assert!(of(Norm).all(|formula| formula.root().is_none()));
    }

    /// Equal in exact arithmetic wherever it has them, and never apart in intervals of few bits, so that rounding is
    /// what these have to contain.
    #[test]
    fn every_formula_is_its_quantity_exactly_and_within_its_intervals() {
        let (exact, sharp) = (Exact::<Rational>::new(), Intervals::new(512));
        for formula in formulas() {
            let (mut exactly_equal, mut enclosed) = (0, 0);
            for index in 0..400 {
                let case = case(index);
                let place = || format!("{} at {:?}, {:?}, {}", formula.name, case.weights, case.other, case.action);
                let mut exactly = evaluator(&exact, &Number::MinusInfinity, &case, formula);
                if formula.requires.as_ref().is_some_and(|prop| exactly.holds(prop) == Ok(Truth::False)) {
                    continue;
                }
                let value = equal_values(&exact, &mut exactly, formula, &place);
                exactly_equal += u32::from(value.is_some());

                let mut truth = evaluator(&sharp, &sharp.float(f64::NEG_INFINITY), &case, formula);
                let truth = truth.real(&formula.meaning).unwrap_or_else(|fault| panic!("{}: {fault}", place()));
                let coarse = Intervals::new(24 + 8 * (index % 8) as u32);
                let mut coarsely = evaluator(&coarse, &coarse.float(f64::NEG_INFINITY), &case, formula);
                match coarsely.real(&formula.tree) {
                    Ok(x) => {
                        enclosed += 1;
                        assert!(x.intersection(&truth).is_some(), "{}: {x:?}", place());
                        assert!(value.is_none_or(|value| within(&x, &value)), "{}: {x:?}", place());
                    }
                    // A root of what may be negative, a quotient by what may be 0.
                    Err(Fault::Unresolved(_)) => {}
                    Err(fault) => panic!("{}: {fault}", place()),
                }
            }
            assert!(exactly_equal > 100 && enclosed > 180, "{}: {exactly_equal}, {enclosed}", formula.name);
        }
    }

    /// The value, if exact arithmetic has it; then it is that of the meaning.
    fn equal_values(
        exact: &Exact<Rational>,
        evaluator: &mut Evaluator<'_, Exact<Rational>>,
        formula: &Formula,
        place: &dyn Fn() -> String,
    ) -> Option<Number<Rational>> {
        let mut compared = || {
            let value = evaluator.real(&formula.tree)?;
            let truth = exact.equal(&value, &evaluator.real(&formula.meaning)?)?;
            Ok((value, truth))
        };
        match compared() {
            Ok((value, truth)) => {
                assert_eq!(truth, Truth::True, "{}", place());
                Some(value)
            }
            Err(Fault::Unrepresentable(_)) => None,
            Err(fault) => panic!("{}: {fault}", place()),
        }
    }

    #[test]
    fn every_quantity_lies_within_its_bounds() {
        let system = Intervals::new(64);
        for quantity in Quantity::all() {
            let formula = formulas().iter().find(|formula| formula.quantity == Some(quantity)).unwrap();
            let bound = |text: Option<&str>| text.map(|text| elaborate::value(text, names()).unwrap());
            let (least, largest) = quantity.bounds();
            let (least, largest) = (bound(least), bound(largest));
            let mut confirmed = 0;
            for index in 0..100 {
                let case = case(index);
                let mut evaluator = evaluator(&system, &system.float(f64::NEG_INFINITY), &case, formula);
                let mut at_most = |low: &Tree, high: &Tree| -> Eval<Truth> {
                    evaluator.holds(&Prop::Compare(Relation::LessEqual, low.clone(), high.clone()))
                };
                let found = [
                    least.as_ref().map(|least| at_most(least, &formula.meaning)),
                    largest.as_ref().map(|largest| at_most(&formula.meaning, largest)),
                ];
                assert!(!found.contains(&Some(Ok(Truth::False))), "{} at {:?}", quantity.name(), case.weights);
                confirmed += u32::from(found.iter().flatten().all(|found| *found == Ok(Truth::True)));
            }
            assert!(confirmed > 25, "{}: {confirmed}", quantity.name());
        }
    }
}
