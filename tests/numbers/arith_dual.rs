//! Derivatives: exact ones of exact numbers, ties, masked logits, and derivatives inside derivatives.

use logitlab::arith::exact::Exact;
use logitlab::arith::interval64::{Interval64, Intervals64};
use logitlab::arith::number::Number;
use logitlab::arith::{Arithmetic, Eval, Fault, Vector};
use logitlab::eval::{Evaluator, Value};
use logitlab::expr::elaborate::value;
use logitlab::expr::{Sort, Statement};
use proptest::prelude::*;

type Rug = Exact<rug::Rational>;
type N = Number<rug::Rational>;

const K: usize = 3;

fn q(n: i64, d: i64) -> rug::Rational {
    rug::Rational::from((n, d))
}

/// x: real; u, v, w: vector; z: logits; P: distribution, c: action.
fn statement() -> Statement {
    let mut statement = Statement::default();
    let sorts = [
        ("x", Sort::Real),
        ("u", Sort::Vector),
        ("v", Sort::Vector),
        ("w", Sort::Vector),
        ("z", Sort::Logits),
        ("P", Sort::Distribution),
        ("c", Sort::Action),
    ];
    statement.variables = sorts.map(|(name, sort)| (name.into(), sort)).to_vec();
    statement
}

/// The value of a text in a system at x, the given vectors, and c = 1.
fn real_in<A: Arithmetic>(system: &A, text: &str, x: &A::Real, vectors: &[(&str, Vec<A::Real>)]) -> Eval<A::Real> {
    let statement = statement();
    let mut evaluator = Evaluator::new(system, K, &[]);
    evaluator.assign(&"x".into(), Value::Real(x.clone()));
    for (name, items) in vectors {
        evaluator.assign(&(*name).into(), Value::Vector(Vector::dense(system, items.clone())));
    }
    evaluator.choose(&"c".into(), 0);
    evaluator.real(&value(text, &statement).unwrap_or_else(|error| panic!("{text}: {error:?}")))
}

fn numbers(items: [i64; K]) -> Vec<N> {
    items.map(N::integer).to_vec()
}

/// At x = 3, u = (1, 2, 3), v = (2, 0, -1), w = (-1, 1, 2), z = (log 2, -inf, log 6).
fn real(text: &str) -> Eval<N> {
    let z = vec![N::ln(&q(2, 1)).unwrap(), Number::MinusInfinity, N::ln(&q(6, 1)).unwrap()];
    let vectors = [
        ("u", numbers([1, 2, 3])),
        ("v", numbers([2, 0, -1])),
        ("w", numbers([-1, 1, 2])),
        ("z", z),
        ("P", vec![Number::Rational(q(1, 4)), N::integer(0), Number::Rational(q(3, 4))]),
    ];
    real_in(&Rug::new(), text, &N::integer(3), &vectors)
}

#[track_caller]
fn assert_value(text: &str, n: i64, d: i64) {
    assert_eq!(real(text), Ok(Number::Rational(q(n, d))), "{text}");
}

#[test]
fn nested_derivatives_do_not_confuse_their_infinitesimals() {
    // The one-dimensional test of Siskind and Pearlmutter, d/dx (x * d/dy (x + y) at y = 1) at x = 1, is 1: here
    // with sums for x and y. Confusing the two gives 2.
    assert_value("D(u[c]*D(u[c] + v[c], v, e[c]), u, e[c])", 1, 1);
    // d/du u d/dv (u v) = d/du u^2 = 2 u = 2
    assert_value("D(u[c]*D(u[c]*v[c], v, e[c]), u, e[c])", 2, 1);
    // The same variable twice: d/du (u d/du u^3) = d/du 3 u^3 = 9 u^2 = 9, at u[2] = 2 that is 36.
    assert_value("D(u[c]*D(u[c]^3, u, e[c]), u, e[c])", 9, 1);
    assert_value("D(u[2]*D(u[2]^3, u, e[2]), u, e[2])", 36, 1);
    // A direction that moves with the outer derivative: D(<u,u>, u, |u|^2*u) = 2|u|^4, along v: 8|u|^2<u,v>.
    assert_value("D(D(<u,u>, u, <u,u>*u), u, v)", -8 * 14, 1);
    // Held fixed inside: D(<u,v>, u, u) = <u,v>.
    assert_value("D(<u,v>, u, u)", -1, 1);
    // Three deep: the third derivative of u^5 is 60 u^2, at 2.
    assert_value("D(D(D(u[2]^5, u, e[2]), u, e[2]), u, e[2])", 240, 1);
    // Mixed third derivative of u1 u2 u3 squared: 8 u1 u2 u3 = 48.
    assert_value("D(D(D((u[1]*u[2]*u[3])^2, u, e[1]), u, e[2]), u, e[3])", 48, 1);
    // A gradient inside a derivative: |grad <u,u>|^2 = 4 |u|^2, along v: 8 <u,v>.
    assert_value("D(|D(<u,u>, u)|^2, u, v)", -8, 1);
    assert_value("<D(D(<u,u>^2, u, w), u), v>", -4 * 14 * 4 - 8 * 7, 1);
}

#[test]
fn derivatives_inside_expectations() {
    assert_value("E[a ~ P](D(<u, e[a]>^2, u, v))", 2 * 2 - 3 * 3 * 2, 4);
    assert_value("D(E[a ~ P](u[a]^2), u, v)", 2 * 2 - 3 * 3 * 2, 4);
    assert_value("D(E[a ~ u](u[a]), u, v)", -2, 1);
    assert_value("E[a ~ P](E[b ~ P](D(D(u[a]*u[b], u, v), u, w)))", 2 * (2 - 3) * (-1 + 6), 16);
}

#[test]
fn masked_logits_stay_out_of_derivatives() {
    // softmax(z) = (1/4, 0, 3/4): J v = P.(v - <P,v>), whatever v is at the masked action.
    for direction in ["v", "v + e[2]", "v - 7*e[2]"] {
        assert_value(&format!("D(softmax(z)[1], z, {direction})"), 9, 16);
        assert_value(&format!("D(softmax(z)[2], z, {direction})"), 0, 1);
        assert_value(&format!("D(lse(z), z, {direction})"), -1, 4);
        assert_value(&format!("D(C(softmax(z)), z, {direction})"), 2 * (9 - 27), 64);
        assert_value(&format!("D(D(lse(z), z, {direction}), z, {direction})"), 27, 16);
    }
    assert_value("D(softmax(z)[2], z)[3]", 0, 1);
    // dH(z) = -sum dP log P = -(9/16) log(1/3)
    let slope = real("D(H(softmax(z)), z, v)").unwrap();
    let expected = N::ln(&q(3, 1)).unwrap().times(&Number::Rational(q(9, 16))).unwrap();
    assert_eq!(slope.equals(&expected), Ok(true));
    // The logit itself moves with its direction: the limit of a falling logit.
    assert_value("D(z[2], z, v + 5*e[2])", 5, 1);
}

#[test]
fn masked_logits_stay_out_of_derivatives_in_f64() {
    let z = [0.0, f64::NEG_INFINITY, 1.0].map(Interval64::point).to_vec();
    let v = [2.0, 5.0, -1.0].map(Interval64::point).to_vec();
    let vectors = [("z", z), ("v", v)];
    for text in ["D(H(softmax(z)), z, v)", "D(lse(z), z, v)", "|D(softmax(z)[1], z)|", "D(D(lse(z), z, v), z, v)"] {
        let value = real_in(&Intervals64, text, &Intervals64.integer(1), &vectors);
        let value = value.unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert!(value.hi() - value.lo() < 1e-12, "{text}: {value:?}");
    }
}

#[test]
fn a_tie_matters_only_among_the_largest() {
    let max = |text: &str, u: [i64; K], v: [i64; K]| {
        real_in(&Rug::new(), text, &N::integer(0), &[("u", numbers(u)), ("v", numbers(v))])
    };
    let undefined = |result: Eval<N>| matches!(result, Err(Fault::Undefined(_)));
    assert_eq!(max("D(max(u), u, v)", [1, 1, 5], [2, 3, 4]), Ok(N::integer(4)));
    assert_eq!(max("D(max(u), u, v)", [5, 1, 1], [2, 3, 4]), Ok(N::integer(2)));
    assert_eq!(max("D(min(u), u, v)", [5, 5, 1], [2, 3, 4]), Ok(N::integer(4)));
    assert!(undefined(max("D(max(u), u, v)", [5, 1, 5], [2, 3, 4])));
    assert!(undefined(max("D(min(u), u, v)", [1, 1, 5], [2, 3, 4])));
    // Those that move alike have one derivative.
    assert_eq!(max("D(max(u), u, v)", [5, 1, 5], [2, 3, 2]), Ok(N::integer(2)));
    assert_eq!(max("D(min(u), u, v)", [1, 1, 5], [0, 0, 1]), Ok(N::integer(0)));
    assert!(undefined(max("D(max(u), u, v)", [5, 1, 5], [2, 3, 0])));
    assert!(undefined(max("D(abs(u[1]), u, v)", [0, 1, 5], [2, 3, 0])));
    assert_eq!(max("D(abs(u[1]), u, v)", [-1, 1, 5], [2, 3, 0]), Ok(N::integer(-2)));
}

/// sqrt(x^4) has the slope 0 at x = 0 and sqrt(x^2) has none, though both roots are of what is 0 and stands still.
#[test]
fn a_corner_that_is_reached_at_rest_is_left_open() {
    let at = |text: &str, u: i64| {
        real_in(&Rug::new(), text, &N::integer(0), &[("u", numbers([u, 1, 5])), ("v", numbers([2, 3, 4]))])
    };
    for text in ["sqrt(u[1]^4)", "sqrt(u[1]^2)", "abs(u[1]^2)", "abs(u[1]^3)", "|u[1]*u|"] {
        let slope = at(&format!("D({text}, u, v)"), 0);
        assert!(matches!(slope, Err(Fault::Unrepresentable(_))), "{text}: {slope:?}");
        assert!(at(&format!("D({text}, u, v)"), 1).is_ok(), "{text}");
    }
    for text in ["sqrt(u[1])", "abs(u[1])", "1/u[1]", "log(u[1])"] {
        let slope = at(&format!("D({text}, u, v)"), 0);
        assert!(matches!(slope, Err(Fault::Undefined(_))), "{text}: {slope:?}");
    }
    let zero = Interval64::point(0.0);
    let vectors = [("u", vec![zero; K]), ("v", vec![Interval64::ends(0.0, 1.0); K])];
    let open = real_in(&Intervals64, "D(abs(u[1]), u, v)", &zero, &vectors);
    assert!(matches!(open, Err(Fault::Unresolved(_))), "{open:?}");
}

#[test]
fn enclosures_that_touch_need_not_be_tied() {
    let u = vec![Interval64::ends(2.0, 3.0), Interval64::ends(1.0, 2.0), Interval64::point(0.0)];
    let v = [2.0, 5.0, -1.0].map(Interval64::point).to_vec();
    for (text, sign) in [("D(max(u), u, v)", 1.0), ("D(min(-1*u), u, v)", -1.0)] {
        let touching = real_in(&Intervals64, text, &Intervals64.integer(1), &[("u", u.clone()), ("v", v.clone())]);
        assert!(matches!(touching, Err(Fault::Unresolved(_))), "{text}: {touching:?}");
        let apart = vec![u[0], Interval64::ends(0.5, 1.5), u[2]];
        let apart = real_in(&Intervals64, text, &Intervals64.integer(1), &[("u", apart), ("v", v.clone())]).unwrap();
        assert!(apart.lo() <= 2.0 * sign && 2.0 * sign <= apart.hi());
    }
    let tied = [2.0, 2.0, 0.0].map(Interval64::point).to_vec();
    let tied = real_in(&Intervals64, "D(max(u), u, v)", &Intervals64.integer(1), &[("u", tied), ("v", v)]);
    assert!(matches!(tied, Err(Fault::Undefined(_))), "{tied:?}");
}

#[test]
fn the_slope_of_xlogy_at_zero() {
    let at = |x: Interval64, direction: Interval64| {
        let zero = Interval64::point(0.0);
        let vectors = [("u", vec![x, zero, zero]), ("v", vec![direction, zero, zero])];
        real_in(&Intervals64, "D(xlogx(u[1]), u, v)", &zero, &vectors)
    };
    let zero = Interval64::point(0.0);
    assert_eq!(at(zero, zero), Ok(zero));
    assert!(matches!(at(zero, Interval64::point(1.0)), Err(Fault::Undefined(_))));
    // It may be that nothing moves.
    assert!(matches!(at(zero, Interval64::ends(0.0, 1.0)), Err(Fault::Unresolved(_))));
}

/// Equal, or equal for all that can be told: powers of many digits are not compared.
fn agree(x: &N, y: &N) -> bool {
    matches!(x.equals(y), Ok(true) | Err(Fault::Unrepresentable(_)))
}

fn whole() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), -4..=4i64, -1000..=1000i64]
}

/// Scalar functions of u that are polynomials, with x and w constant.
fn polynomial() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("u[1]".to_owned()),
        Just("u[2]".to_owned()),
        Just("<u,w>".to_owned()),
        Just("<u,u>".to_owned()),
        Just("sum(u .* u .* w)".to_owned()),
        Just("x".to_owned()),
        Just("|others(u, c) - x*w|^2".to_owned()),
        Just("E[a ~ u](x*u[a] - w[a])".to_owned()),
        Just("D(<u,u>^2, u, w)".to_owned()),
        (0..5u32).prop_map(|n| n.to_string()),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(f, g)| format!("({f} + {g})")),
            (inner.clone(), inner.clone()).prop_map(|(f, g)| format!("({f} - {g})")),
            (inner.clone(), inner.clone()).prop_map(|(f, g)| format!("(({f})*({g}))")),
            inner.prop_map(|f| format!("({f})^2")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Rules of calculus, exactly. F and G are polynomials; divisions and roots are of what is positive.
    #[test]
    fn rules_of_calculus_hold_exactly(
        (f, g) in (polynomial(), polynomial()),
        x in whole(),
        points in prop::array::uniform3(prop::array::uniform3(whole())),
    ) {
        let [u, v, w] = points.map(numbers);
        let vectors = [("u", u), ("v", v), ("w", w)];
        let real = |text: &str| real_in(&Rug::new(), text, &N::integer(x), &vectors);
        let d = |f: &str| format!("D({f}, u, v)");
        let (p, r) = (format!("(1 + ({f})^2)"), format!("(2 + ({g})^2)"));
        let rules = [
            (d(&format!("({f})*({g})")), format!("({f})*{} + {}*({g})", d(&g), d(&f))),
            (d(&format!("({f})/{r}")), format!("({}*{r} - ({f})*{})/{r}^2", d(&f), d(&r))),
            (d(&format!("({f})^3")), format!("3*({f})^2*{}", d(&f))),
            (d(&format!("{p}^0")), "0".to_owned()),
            (d(&format!("sqrt({p})")), format!("{}/(2*sqrt({p}))", d(&p))),
            (d(&format!("log({p})")), format!("{}/{p}", d(&p))),
            (d(&format!("exp(log({p}))")), d(&p)),
            (d(&format!("|{p}*v|")), format!("{}*|v|", d(&p))),
            (d(&format!("abs(-1*{p})")), d(&p)),
            (d(&format!("xlogx({p})")), format!("(1 + log({p}))*{}", d(&p))),
            (d(&f), format!("<D({f}, u), v>")),
            // second derivatives
            (format!("D({}, u, w)", d(&f)), format!("D(D({f}, u, w), u, v)")),
            (d(&d(&format!("({f})*({g})"))),
             format!("({f})*{} + 2*{}*{} + {}*({g})", d(&d(&g)), d(&f), d(&g), d(&d(&f)))),
            (d(&d(&format!("1/{r}"))), format!("2*{}^2/{r}^3 - {}/{r}^2", d(&r), d(&d(&r)))),
            (d(&d(&format!("log({p})"))), format!("{}/{p} - {}^2/{p}^2", d(&d(&p)), d(&p))),
            (d(&d(&format!("exp(log({p}))"))), d(&d(&p))),
            (d(&d(&format!("sqrt({p})^2"))), d(&d(&p))),
        ];
        for (left, right) in rules {
            let (a, b) = (real(&left), real(&right));
            match (a, b) {
                // Logarithms and their sums with rationals of many digits are not always representable.
                (Err(Fault::Unrepresentable(_)), _) | (_, Err(Fault::Unrepresentable(_))) => {}
                (Ok(a), Ok(b)) => prop_assert!(agree(&a, &b), "{} = {:?}, {} = {:?}", left, a, right, b),
                (a, b) => prop_assert!(false, "{left} = {a:?}, {right} = {b:?}"),
            }
        }
    }

    /// The central difference of a quadratic is its derivative, and that of its gradient the second one.
    #[test]
    fn quadratics_agree_with_their_differences(
        x in whole(),
        points in prop::array::uniform3(prop::array::uniform3(whole())),
    ) {
        let [u, v, w] = points;
        let at = |text: &str, u: [i64; K]| {
            let vectors = [("u", numbers(u)), ("v", numbers(v)), ("w", numbers(w))];
            match real_in(&Rug::new(), text, &N::integer(x), &vectors) {
                Ok(Number::Rational(value)) => value,
                other => panic!("{text}: {other:?}"),
            }
        };
        let step = |sign: i64| std::array::from_fn(|i| u[i] + sign * v[i]);
        for f in ["|u - w|^2", "x*<u,w>*u[2]", "<others(u, c), u>/7 + x", "u[1]*u[2] - u[3]^2", "C(u - x*w) + sum(u)"] {
            let slope = (at(f, step(1)) - at(f, step(-1))) / 2u32;
            prop_assert_eq!(at(&format!("D({f}, u, v)"), u), slope, "{}", f);
            let bend = at(f, step(1)) + at(f, step(-1)) - at(f, u) * 2u32;
            prop_assert_eq!(at(&format!("D(D({f}, u, v), u, v)"), u), bend, "{}", f);
        }
    }
}
