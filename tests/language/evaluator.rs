//! The evaluator: what it evaluates, when, and with which values.

use logitlab::arith::exact::Exact;
use logitlab::arith::interval64::Intervals64;
use logitlab::arith::number::Number;
use logitlab::arith::{Arithmetic, Eval, Fault, Truth, Vector};
use logitlab::eval::{Evaluator, Value};
use logitlab::expr::elaborate::{proposition, value};
use logitlab::expr::{Action, Node, Prop, Relation, Sort, Statement, Tree};
use num_rational::BigRational;

type Rug = Exact<rug::Rational>;

fn q(n: i64, d: i64) -> rug::Rational {
    rug::Rational::from((n, d))
}

fn rational(n: i64, d: i64) -> Number<rug::Rational> {
    Number::Rational(q(n, d))
}

/// x, y: real; u, v: vector; a, c: action; and definitions, each from its text.
fn statement(definitions: &[(&str, &str)]) -> Statement {
    let mut statement = Statement::default();
    for (names, sort) in [(["x", "y"], Sort::Real), (["u", "v"], Sort::Vector), (["a", "c"], Sort::Action)] {
        statement.variables.extend(names.map(|name| (name.into(), sort)));
    }
    for (name, text) in definitions {
        let tree = value(text, &statement).unwrap();
        statement.definitions.push(((*name).into(), tree));
    }
    statement
}

fn vector(items: &[i64]) -> Value<Rug> {
    Value::Vector(Vector::dense(&Rug::new(), items.iter().map(|x| Number::integer(*x)).collect()))
}

/// An evaluator at x = 3, y = 0, u = (1, 2, 3), v = (2, 0, -1), a = 1, c = 2.
fn evaluator<'a>(system: &'a Rug, statement: &'a Statement) -> Evaluator<'a, Rug> {
    let mut evaluator = Evaluator::new(system, 3, &statement.definitions);
    evaluator.assign(&"x".into(), Value::Real(Number::integer(3)));
    evaluator.assign(&"y".into(), Value::Real(Number::integer(0)));
    evaluator.assign(&"u".into(), vector(&[1, 2, 3]));
    evaluator.assign(&"v".into(), vector(&[2, 0, -1]));
    evaluator.choose(&"a".into(), 0);
    evaluator.choose(&"c".into(), 1);
    evaluator
}

fn real(text: &str, definitions: &[(&str, &str)]) -> Eval<Number<rug::Rational>> {
    let (system, statement) = (Rug::new(), statement(definitions));
    evaluator(&system, &statement).real(&value(text, &statement).unwrap())
}

fn holds(text: &str) -> Eval<Truth> {
    let (system, statement) = (Rug::new(), statement(&[]));
    evaluator(&system, &statement).holds(&proposition(text, &statement).unwrap())
}

#[test]
fn an_implication_leaves_its_right_side_alone_where_the_left_is_false() {
    assert!(matches!(holds("1/y = 1"), Err(Fault::Undefined(_))));
    assert_eq!(holds("y != 0 => 1/y = 1"), Ok(Truth::True));
    assert!(matches!(holds("y = 0 => 1/y = 1"), Err(Fault::Undefined(_))));
    assert!(matches!(holds("1/y = 1 => x = 3"), Err(Fault::Undefined(_))));
    assert_eq!(holds("x = 3 => y = 1"), Ok(Truth::False));
    assert_eq!(holds("x = 3 => y = 0"), Ok(Truth::True));
    assert_eq!(holds("x = 3 <=> y = 0"), Ok(Truth::True));
    assert_eq!(holds("x = 3 <=> y = 1"), Ok(Truth::False));
    assert_eq!(holds("x = 4 <=> y = 1"), Ok(Truth::True));
    assert_eq!(holds("a = c"), Ok(Truth::False));
    assert_eq!(holds("a != c"), Ok(Truth::True));
    assert_eq!(holds("x = 4 and 1/y = 1"), Ok(Truth::False));
    assert_eq!(holds("x = 3 or 1/y = 1"), Ok(Truth::True));
    assert_eq!(holds("x = 4 or y = 0"), Ok(Truth::True));
    assert_eq!(holds("x = 4 or y = 1"), Ok(Truth::False));
    assert!(matches!(holds("x = 4 or 1/y = 1"), Err(Fault::Undefined(_))));
}

#[test]
fn vectors_compare_in_every_coordinate() {
    assert_eq!(holds("u = v"), Ok(Truth::False));
    assert_eq!(holds("u = u"), Ok(Truth::True));
    assert_eq!(holds("u != u"), Ok(Truth::False));
    assert_eq!(holds("u != others(u, c)"), Ok(Truth::True));
    assert_eq!(holds("v <= u"), Ok(Truth::False));
    assert_eq!(holds("v < 3*u"), Ok(Truth::True));
    assert_eq!(holds("others(v, a) <= 0"), Ok(Truth::True));
    assert_eq!(holds("u >= 1"), Ok(Truth::True));
    assert_eq!(holds("u > 1"), Ok(Truth::False));
}

#[test]
fn an_elementwise_quotient_needs_every_entry() {
    assert_eq!(holds("v./u = [2, 0, -1/3]"), Ok(Truth::True));
    assert_eq!(holds("(v./u)[a] = 2"), Ok(Truth::True));
    assert_eq!(holds("sum(u./u) = K"), Ok(Truth::True));
    assert_eq!(holds("1./u = [1, 1/2, 1/3]"), Ok(Truth::True));
    assert_eq!(holds("D(sum(v./u), u) = -(v./(u.*u))"), Ok(Truth::True));
    // Strict: its second entry has no value.
    assert!(matches!(holds("(u./v)[a] = 1"), Err(Fault::Undefined(_))));
    let (system, statement) = (Rug::new(), statement(&[]));
    let error = value("u/v", &statement).unwrap_err().to_string();
    assert_eq!(error, "`v` is a vector, and `/` divides by a real: the elementwise quotient is written `u./v`");
    let (x, y) = ("x/(u - v)", "1/v");
    assert!(value(x, &statement).unwrap_err().to_string().ends_with("written `1./(u - v)`, as in `(x)*(1./(u - v))`"));
    assert!(value(y, &statement).unwrap_err().to_string().ends_with("inverse is written `1./v`"));
    let written = value("(x)*(1./(u - v))", &statement).unwrap();
    assert!(evaluator(&system, &statement).vector(&written).is_ok());
}

/// At x = 3, y = 0, u = (1, 2, 3), v = (2, 0, -1).
#[test]
fn derived_functions_have_the_values_of_their_definitions() {
    for text in [
        "sigmoid(y) = 1/2",
        "sigmoid(x) = exp(x)/(1 + exp(x))",
        "sigmoid(v)[2] = 1/2",
        "max(x, y) = 3 and min(x, y) = 0 and max(-x, y) = 0",
        "max(u, v) = [2, 2, 3] and min(u, v) = [1, 0, -1] and max(u) = 3",
        "clip(x, 1, 2) = 2 and clip(y, 1, 2) = 1 and clip(x/2, 1, 2) = 3/2",
        "clip(v, y, 1) = [1, 0, 0]",
        "TV(u/6, v) = (11/6 + 2/6 + 9/6)/2",
        "chi2(v, u) = 1 + 2 + 16/3",
        "JS(u, u) = 0 and JS([1, 0, 0], [0, 1, 0]) = log(2)",
        "H([1/2, 1/4, 1/4], 1/2) = 2*log(sqrt(1/2) + 1)",
        "H(1/3*1, x) = log(3)",
        "Var(u/6, v) = 7/6 - 1/36 and Cov(u/6, v, u) = -7/6 + 1/6*14/6",
        "4^(1/2) = 2 and x^y = 1 and u^y = 1 and 4^(-1/2) = 1/2",
        "(x*1)^y = 1 and powr(x, 2) = 9 and powr(u, -1) = 1./u",
        "D(sum(sigmoid(u)), u) = sigmoid(u).*(1 - sigmoid(u))",
        "D(Var(u, v), u) = v.*v - 2*<u,v>*v",
        // The names of the arguments are those of the definition, the other way round.
        "KL(u, Cov(u, v, v)*u) = Cov(u, v, v)*0 + KL(u, Cov(u, v, v)*u)",
        "chi2(u + max(v, u), u) = chi2(max(u, v) + u, u)",
        "Cov(v, u, v) = <v,u.*v> - <v,u>*<v,v>",
    ] {
        let system = Intervals64;
        let statement = statement(&[]);
        let mut evaluator = Evaluator::new(&system, 3, &statement.definitions);
        let vector = |items: [i64; 3]| Value::Vector(Vector::dense(&system, items.map(|x| system.integer(x)).into()));
        evaluator.assign(&"x".into(), Value::Real(system.integer(3)));
        evaluator.assign(&"y".into(), Value::Real(system.integer(0)));
        evaluator.assign(&"u".into(), vector([1, 2, 3]));
        evaluator.assign(&"v".into(), vector([2, 0, -1]));
        let close = |x: &f64, y: &f64| (x - y).abs() <= 1e-12 * x.abs().max(1.0);
        let prop = proposition(text, &statement).unwrap_or_else(|error| panic!("{text}: {error}"));
        let parts = if let Prop::And(parts) = prop { parts } else { vec![prop] };
        for part in parts {
            let Prop::Compare(_, left, right) = &part else { unreachable!() };
            let mut near = true;
            let truth = evaluator.compare(Relation::Equal, left, right, &mut |x, y, truth| {
                near &= close(&x.lo(), &y.lo()) && close(&x.hi(), &y.hi());
                truth
            });
            assert!(truth.is_ok_and(|truth| truth != Truth::False) && near, "{part}");
        }
    }
    for text in ["x^(y - 1) = 1 and (-x)^y = 1", "v^x = 1", "H(u, 1) = 1", "chi2(u, v) = 1", "JS(u, v) = 1"] {
        assert!(matches!(holds(text), Err(Fault::Undefined(_)) | Ok(Truth::False)), "{text}: {:?}", holds(text));
    }
}

#[test]
fn an_implication_from_what_is_not_known_is_not_known() {
    let (system, statement) = (Intervals64, statement(&[]));
    let mut evaluator = Evaluator::new(&system, 1, &statement.definitions);
    let third = system.rational(&BigRational::new(1.into(), 3.into()));
    evaluator.assign(&"x".into(), Value::Real(third));
    evaluator.assign(&"y".into(), Value::Real(system.integer(0)));
    let mut holds = |text: &str| evaluator.holds(&proposition(text, &statement).unwrap());
    assert_eq!(holds("3*x = 1"), Ok(Truth::Unknown));
    assert_eq!(holds("3*x = 1 => y = 0"), Ok(Truth::True));
    assert_eq!(holds("3*x = 1 => y = 1"), Ok(Truth::Unknown));
    // Where the left side is false, the right one need not have a value.
    assert_eq!(holds("3*x != 1 => 1/y = 1"), Ok(Truth::Unknown));
    assert_eq!(holds("3*x = 1 and y = 1"), Ok(Truth::False));
    assert_eq!(holds("3*x = 1 <=> y = 1"), Ok(Truth::Unknown));
}

#[test]
fn definitions_are_evaluated_again_inside_derivatives() {
    // s = <v,v> depends on v, and t = x s on it through s.
    let definitions = [("s", "<v,v>"), ("t", "x*s"), ("w", "s*v")];
    assert_eq!(real("t", &definitions), Ok(rational(15, 1)));
    // Cached outside, moving inside: D(t, v, u) = 2 x <v,u> = 2*3*(-1).
    assert_eq!(real("t + D(t, v, u)", &definitions), Ok(rational(9, 1)));
    assert_eq!(real("D(t, v, u) + t", &definitions), Ok(rational(9, 1)));
    // s of the direction is that of the point where the derivative is taken, held fixed.
    assert_eq!(real("D(s, v, w)", &definitions), Ok(rational(50, 1)));
    // D along v of D(s, v, w) = 2 s <v,v> = 2 s^2: 4 s * 2 s = 8 s^2
    assert_eq!(real("D(D(s, v, w), v, v)", &definitions), Ok(rational(8 * 25, 1)));
    // A gradient takes one derivative after the other, each with definitions of its own.
    assert_eq!(real("<D(t, v), u>", &definitions), Ok(rational(-6, 1)));
    assert_eq!(real("D(t, v)[3]", &definitions), Ok(rational(-6, 1)));
    // With respect to u, nothing of it moves.
    assert_eq!(real("D(t, u, v)", &definitions), Ok(rational(0, 1)));
}

#[test]
fn definitions_follow_new_values() {
    let (system, statement) = (Rug::new(), statement(&[("s", "x*v[c]"), ("w", "x*u")]));
    let mut evaluator = evaluator(&system, &statement);
    let (s, w) = (value("s", &statement).unwrap(), value("w[a]", &statement).unwrap());
    assert_eq!(evaluator.real(&s), Ok(rational(0, 1)));
    assert_eq!(evaluator.real(&w), Ok(rational(3, 1)));
    evaluator.choose(&"c".into(), 2);
    assert_eq!(evaluator.real(&s), Ok(rational(-3, 1)));
    evaluator.assign(&"x".into(), Value::Real(Number::integer(5)));
    assert_eq!(evaluator.real(&s), Ok(rational(-5, 1)));
    assert_eq!(evaluator.real(&w), Ok(rational(5, 1)));
}

#[test]
fn an_expectation_gives_back_the_action_that_it_hides() {
    let (system, statement) = (Rug::new(), statement(&[]));
    let mut evaluator = evaluator(&system, &statement);
    let body = value("v[c]", &statement).unwrap();
    let hiding = Tree::new(Node::Expect { action: "c".into(), over: value("u", &statement).unwrap(), body }).unwrap();
    // sum(u .* v) = 2 - 3
    assert_eq!(evaluator.real(&hiding), Ok(rational(-1, 1)));
    assert_eq!(evaluator.real(&value("u[c]", &statement).unwrap()), Ok(rational(2, 1)));
}

#[test]
fn actions_outside_have_no_value() {
    let (system, statement) = (Rug::new(), statement(&[]));
    for index in [0, 4, usize::MAX] {
        let tree = Tree::new(Node::At(value("u", &statement).unwrap(), Action::Index(index))).unwrap();
        assert!(matches!(evaluator(&system, &statement).real(&tree), Err(Fault::Undefined(_))), "{index}");
    }
    let unassigned = Evaluator::new(&system, 3, &[]).real(&value("u[a]", &statement).unwrap());
    assert!(matches!(unassigned, Err(Fault::Undefined(_))));
    assert!(matches!(real("sum([x, y])", &[]), Err(Fault::Undefined(_))));
}

/// The exponent that is left after evaluating in f64, at x = 1000, y = 1/8, u = (3, 4), v = (1, 1).
fn magnitude(text: &str) -> i64 {
    let (system, statement) = (Intervals64, statement(&[]));
    let mut evaluator = Evaluator::new(&system, 2, &statement.definitions);
    let dense = |items: [i64; 2]| Value::Vector(Vector::dense(&system, items.map(|x| system.integer(x)).to_vec()));
    evaluator.assign(&"x".into(), Value::Real(system.integer(1000)));
    evaluator.assign(&"y".into(), Value::Real(system.rational(&BigRational::new(1.into(), 8.into()))));
    evaluator.assign(&"u".into(), dense([3, 4]));
    evaluator.assign(&"v".into(), dense([1, 1]));
    evaluator.choose(&"c".into(), 0);
    evaluator.take_magnitude();
    evaluator.real(&value(text, &statement).unwrap()).unwrap();
    let taken = evaluator.take_magnitude();
    assert_eq!(evaluator.take_magnitude(), i64::MIN);
    taken
}

#[test]
fn the_magnitude_is_that_of_the_largest_term_of_a_sum() {
    assert_eq!(magnitude("x*y"), i64::MIN);
    assert_eq!(magnitude("x - x"), 10);
    assert_eq!(magnitude("y - y"), -2);
    assert_eq!(magnitude("(x - x) + y"), 10);
    assert_eq!(magnitude("sum(x*u) - 7*x"), 13);
    assert_eq!(magnitude("<x*u, v>"), 12);
    assert_eq!(magnitude("E[b ~ u](x*v[b])"), 12);
    // Sums of squares, and sums inside derivatives, are sums too.
    assert!(magnitude("|x*u|^2") >= 24);
    assert!(magnitude("|x*u|") >= 24);
    assert!(magnitude("C(x*u)") >= 24);
    assert!(magnitude("D(x*sum(u) - 7*x, v, v)") >= 13);
    let (system, statement) = (Rug::new(), statement(&[]));
    let mut exact = evaluator(&system, &statement);
    exact.real(&value("x + x", &statement).unwrap()).unwrap();
    assert_eq!(exact.take_magnitude(), i64::MIN);
}
