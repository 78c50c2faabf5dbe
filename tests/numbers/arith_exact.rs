//! Exact numbers: the two libraries agree with each other, and both with enclosures of 500 bits.

use std::cmp::Ordering;

use logitlab::arith::exact::Exact;
use logitlab::arith::integer::Integer;
use logitlab::arith::interval::{Interval, Intervals};
use logitlab::arith::number::Number;
use logitlab::arith::rational::Rational;
use logitlab::arith::{Arithmetic, Eval, Fault, Vector};
use logitlab::eval::{Evaluator, Value};
use logitlab::expr::{Action, Node, Op, Tree, Type};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use rug::Float;
use rug::float::Round;

type Rug = Exact<rug::Rational>;

fn q(n: i64, d: i64) -> BigRational {
    BigRational::new(n.into(), d.into())
}

fn small() -> impl Strategy<Value = BigRational> {
    (prop_oneof![Just(0), -9..=9i64], 1..=6i64).prop_map(|(n, d)| q(n, d))
}

/// The same number on the other library.
fn translate<R: Rational, S: Rational>(x: &Number<R>) -> Number<S> {
    let convert = |x: &R| S::from_big(&x.to_big());
    match x {
        Number::Rational(x) => Number::Rational(convert(x)),
        Number::Root(negative, square) => Number::Root(*negative, convert(square)),
        Number::Log { offset, times, base } => {
            Number::Log { offset: convert(offset), times: convert(times), base: convert(base) }
        }
        Number::MinusInfinity => Number::MinusInfinity,
    }
}

/// A number to 500 bits, from its definition.
fn enclose<R: Rational>(x: &Number<R>) -> Interval {
    let system = Intervals::new(500);
    let rational = |x: &R| system.rational(&x.to_big());
    let function = |function, x| system.function(function, x).unwrap();
    use logitlab::arith::Function::{Log, Sqrt};
    match x {
        Number::Rational(x) => rational(x),
        Number::Root(false, square) => function(Sqrt, rational(square)),
        Number::Root(true, square) => system.neg(function(Sqrt, rational(square))).unwrap(),
        Number::Log { offset, times, base } => {
            let product = system.mul(function(Log, rational(base)), &rational(times)).unwrap();
            system.add(product, &rational(offset)).unwrap()
        }
        Number::MinusInfinity => system.float(f64::NEG_INFINITY),
    }
}

// ---- random expressions ----

/// What the names stand for: x, y real; u, v, P vectors; z logits; c an action.
#[derive(Clone, Debug)]
struct Point {
    k: usize,
    x: BigRational,
    y: BigRational,
    u: Vec<BigRational>,
    v: Vec<BigRational>,
    weights: Vec<u32>,
}

fn point() -> impl Strategy<Value = Point> {
    (1..=4usize).prop_flat_map(|k| {
        let vector = || prop::collection::vec(small(), k);
        let weights = prop::collection::vec(prop_oneof![Just(0), Just(1), 0..=6u32], k);
        (small(), small(), vector(), vector(), weights).prop_map(move |(x, y, u, v, weights)| Point {
            k,
            x,
            y,
            u,
            v,
            weights,
        })
    })
}

fn assign<A: Arithmetic>(evaluator: &mut Evaluator<'_, A>, system: &A, point: &Point, logits: Vec<A::Real>) {
    let dense = |items: &[BigRational]| {
        Value::Vector(Vector::dense(system, items.iter().map(|x| system.rational(x)).collect()))
    };
    let total = point.weights.iter().sum::<u32>().max(1);
    let policy: Vec<_> = point.weights.iter().map(|w| q((*w).into(), total.into())).collect();
    evaluator.assign(&"x".into(), Value::Real(system.rational(&point.x)));
    evaluator.assign(&"y".into(), Value::Real(system.rational(&point.y)));
    evaluator.assign(&"u".into(), dense(&point.u));
    evaluator.assign(&"v".into(), dense(&point.v));
    evaluator.assign(&"P".into(), dense(&policy));
    evaluator.assign(&"z".into(), Value::Vector(Vector::dense(system, logits)));
    evaluator.choose(&"c".into(), 0);
}

fn exact<R: Rational>(tree: &Tree, point: &Point) -> Eval<Number<R>>
where
    Exact<R>: Arithmetic<Real = Number<R>>,
{
    let system = Exact::<R>::new();
    let mut evaluator = Evaluator::new(&system, point.k, &[]);
    let log = |w: &u32| if *w == 0 { Number::MinusInfinity } else { Number::ln(&R::from_i64((*w).into())).unwrap() };
    assign(&mut evaluator, &system, point, point.weights.iter().map(log).collect());
    evaluator.real(tree)
}

fn enclosed(tree: &Tree, point: &Point) -> Eval<Interval> {
    let system = Intervals::new(500);
    let mut evaluator = Evaluator::new(&system, point.k, &[]);
    let log = |w: &u32| match *w {
        0 => system.float(f64::NEG_INFINITY),
        w => system.function(logitlab::arith::Function::Log, system.integer(w.into())).unwrap(),
    };
    assign(&mut evaluator, &system, point, point.weights.iter().map(log).collect());
    evaluator.real(tree)
}

#[derive(Clone, Debug)]
struct Pair(Tree, Tree);

fn apply(op: Op, arguments: &[&Tree]) -> Tree {
    Tree::apply(op, arguments.iter().map(|tree| (*tree).clone()).collect::<Vec<_>>()).unwrap()
}

fn node(node: Node) -> Tree {
    Tree::new(node).unwrap()
}

/// Pairs of a real and a vector expression, which grow together.
fn trees() -> impl Strategy<Value = Pair> {
    let real = prop_oneof![
        Just(Tree::variable("x", Type::Real)),
        Just(Tree::variable("y", Type::Real)),
        (0..5u32).prop_map(Tree::integer),
        Just(Tree::size()),
    ];
    let name = |name: &'static str| Just(Tree::variable(name, Type::Vector));
    let vector = prop_oneof![
        name("u"),
        name("v"),
        name("P"),
        name("z"),
        Just(Tree::ones()),
        Just(Tree::zeros()),
        Just(Tree::unit(Action::Name("c".into()))),
    ];
    let leaf = (real, vector).prop_map(|(x, v)| Pair(x, v));
    leaf.prop_recursive(4, 24, 2, |inner| {
        (inner.clone(), inner, 0..40usize, 0..18usize).prop_map(|(Pair(x, v), Pair(y, w), real, vector)| {
            Pair(grow_real(real, &x, &v, &y, &w), grow_vector(vector, &x, &v, &y, &w))
        })
    })
}

fn grow_real(choice: usize, x: &Tree, v: &Tree, y: &Tree, w: &Tree) -> Tree {
    let c = || Action::Name("c".into());
    match choice {
        0 => apply(Op::Neg, &[x]),
        1 | 2 => apply(Op::Add, &[x, y]),
        3 | 4 => apply(Op::Sub, &[x, y]),
        5 | 6 => apply(Op::Mul, &[x, y]),
        7 => apply(Op::Div, &[x, y]),
        8 => apply(Op::Abs, &[x]),
        9 => apply(Op::Sqrt, &[&apply(Op::Abs, &[x])]),
        10 => apply(Op::Log, &[&apply(Op::Abs, &[x])]),
        11 => apply(Op::Exp, &[x]),
        12 => apply(Op::XlogX, &[x]),
        13 => apply(Op::XlogY, &[x, y]),
        14 | 15 => apply(Op::Inner, &[v, w]),
        16 => apply(Op::Inner, &[v, v]),
        17 => apply(Op::NormSquared, &[v]),
        18 | 19 => apply(Op::Norm, &[v]),
        20 | 21 => apply(Op::Sum, &[v]),
        22 => apply(Op::Max, &[v]),
        23 => apply(Op::Min, &[v]),
        24 => apply(Op::Lse, &[v]),
        25 => apply(Op::Collision, &[v]),
        26 => apply(Op::Entropy, &[v]),
        27 => apply(Op::CollisionEntropy, &[v]),
        28 => apply(Op::Divergence, &[v, w]),
        29 | 30 => node(Node::At(v.clone(), c())),
        31 => node(Node::Power(x.clone(), 2)),
        32 => node(Node::Power(x.clone(), 3)),
        33 => {
            let coordinate = node(Node::At(w.clone(), Action::Name("a".into())));
            node(Node::Expect { action: "a".into(), over: v.clone(), body: apply(Op::Mul, &[x, &coordinate]) })
        }
        34 => node(Node::Power(apply(Op::Sqrt, &[x]), 2)),
        35 => apply(Op::Log, &[x]),
        36 => node(Node::Derivative { of: x.clone(), at: "u".into(), along: w.clone() }),
        37 => node(Node::Derivative { of: x.clone(), at: "z".into(), along: w.clone() }),
        38 => {
            let moved = apply(Op::Mul, &[x, &apply(Op::Inner, &[&Tree::variable("u", Type::Vector), v])]);
            node(Node::Derivative { of: moved, at: "u".into(), along: w.clone() })
        }
        _ => apply(Op::Sum, &[&apply(Op::Softmax, &[v])]),
    }
}

fn grow_vector(choice: usize, x: &Tree, v: &Tree, y: &Tree, w: &Tree) -> Tree {
    match choice {
        0 => apply(Op::Neg, &[v]),
        1 | 2 => apply(Op::Add, &[v, w]),
        3 | 4 => apply(Op::Sub, &[v, w]),
        5 => apply(Op::Hadamard, &[v, w]),
        6 => apply(Op::Hadamard, &[v, v]),
        7 | 8 => apply(Op::Mul, &[x, v]),
        9 => apply(Op::Div, &[v, y]),
        10 | 11 => node(Node::Others(v.clone(), Action::Name("c".into()))),
        12 => apply(Op::Softmax, &[v]),
        13 => apply(Op::Softmax, &[&Tree::variable("z", Type::Vector)]),
        14 => node(Node::Expect { action: "a".into(), over: v.clone(), body: w.clone() }),
        15 => node(Node::Gradient { of: x.clone(), at: "u".into() }),
        16 => apply(Op::XlogX, &[v]),
        _ => apply(Op::Abs, &[v]),
    }
}

fn overlap(x: &Interval, y: &Interval) -> bool {
    x.lo() <= y.hi() && y.lo() <= x.hi()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Both libraries give the same number or the same fault; an enclosure contains that number, and neither says
    /// that what the other has is undefined.
    #[test]
    fn systems_agree_on_random_expressions(Pair(tree, _) in trees(), point in point()) {
        let (a, b) = (exact::<BigRational>(&tree, &point), exact::<rug::Rational>(&tree, &point));
        let same = match (&a, &b) {
            (Ok(a), Ok(b)) => translate::<_, rug::Rational>(a) == *b,
            (Err(a), Err(b)) => a == b,
            _ => false,
        };
        prop_assert!(same, "{tree}: {a:?} {b:?}");
        match (a, enclosed(&tree, &point)) {
            (Ok(a), Ok(b)) => prop_assert!(overlap(&enclose(&a), &b), "{tree}: {a:?} {b:?}"),
            (Ok(a), Err(Fault::Undefined(b))) => prop_assert!(false, "{tree}: {a:?}, but undefined: {b}"),
            (Err(Fault::Undefined(a)), Ok(b)) => prop_assert!(false, "{tree}: undefined: {a}, but {b:?}"),
            _ => {}
        }
    }
}

// ---- numbers ----

/// A random number of the kinds that are represented.
fn number() -> impl Strategy<Value = Number<rug::Rational>> {
    let positive = || (1..=12i64, 1..=8i64).prop_map(|(n, d)| rug::Rational::from((n, d)));
    let any = || small().prop_map(|x| rug::Rational::from_big(&x));
    let log = (any(), any(), positive()).prop_map(|(offset, times, base)| {
        let log = Number::ln(&base).unwrap().times(&Number::Rational(times)).unwrap();
        log.plus(&Number::Rational(offset)).unwrap()
    });
    let logs = (any(), positive(), any(), positive()).prop_map(|(t, b, s, d)| {
        let term = |t, b| Number::ln(&b).unwrap().times(&Number::Rational(t)).unwrap();
        term(t, b).plus(&term(s, d)).unwrap()
    });
    let root = (any(), positive())
        .prop_map(|(times, square)| Number::sqrt(&square).unwrap().times(&Number::Rational(times)).unwrap());
    prop_oneof![3 => any().prop_map(Number::Rational), 3 => root, 2 => log, 3 => logs, 1 => Just(Number::MinusInfinity)]
}

fn equal<R: Rational>(x: &Eval<Number<R>>, y: &Eval<Number<R>>) -> bool {
    match (x, y) {
        (Ok(x), Ok(y)) => x.equals(y) == Ok(true),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_numbers_is_that_of_their_enclosures(x in number(), y in number()) {
        let (a, b) = (enclose(&x), enclose(&y));
        let order = x.order(&y);
        match order {
            // Numbers this small that differ do so in their first 400 bits.
            Ok(Ordering::Equal) => {
                let gap = Float::with_val_round(500, a.hi() - b.lo(), Round::Up).0;
                prop_assert!(overlap(&a, &b) && (x == y || gap < 1e-120), "{x:?} {y:?}");
                prop_assert_eq!(x.equals(&y), Ok(true));
            }
            Ok(Ordering::Less) => prop_assert!(a.hi() < b.lo(), "{x:?} {y:?}"),
            Ok(Ordering::Greater) => prop_assert!(b.hi() < a.lo(), "{x:?} {y:?}"),
            Err(fault) => prop_assert!(matches!(fault, Fault::Unrepresentable(_)), "{fault}"),
        }
        prop_assert_eq!(y.order(&x), order.map(Ordering::reverse));
        // Equality is always decided among such small numbers.
        prop_assert_eq!(x.equals(&y), Ok(overlap(&a, &b)), "{:?} {:?}", x, y);
        prop_assert_eq!(x.is_zero(), *a.lo() == 0 && *a.hi() == 0);
    }

    #[test]
    fn operations_on_numbers_agree_with_enclosures(x in number(), y in number(), n in 0..5u32) {
        let system = Intervals::new(500);
        let (a, b) = (enclose(&x), enclose(&y));
        let exact = Rug::new();
        use logitlab::arith::Function::{Abs, Exp, Log, Sqrt};
        let pairs = [
            (exact.add(x.clone(), &y), system.add(a.clone(), &b)),
            (exact.sub(x.clone(), &y), system.sub(a.clone(), &b)),
            (exact.mul(x.clone(), &y), system.mul(a.clone(), &b)),
            (exact.div(x.clone(), &y), system.div(a.clone(), &b)),
            (exact.power(&x, n), system.power(&a, n)),
            (exact.neg(x.clone()), system.neg(a.clone())),
            (exact.max(x.clone(), &y), system.max(a.clone(), &b)),
            (exact.min(x.clone(), &y), system.min(a.clone(), &b)),
            (exact.xlogy(x.clone(), &y), system.xlogy(a.clone(), &b)),
            (exact.function(Abs, x.clone()), system.function(Abs, a.clone())),
            (exact.function(Exp, x.clone()), system.function(Exp, a.clone())),
            (exact.function(Log, x.clone()), system.function(Log, a.clone())),
            (exact.function(Sqrt, x.clone()), system.function(Sqrt, a.clone())),
        ];
        for (index, (exact, enclosed)) in pairs.into_iter().enumerate() {
            match (exact, enclosed) {
                (Ok(x), Ok(y)) => prop_assert!(overlap(&enclose(&x), &y), "{index}: {x:?} {y:?}"),
                (Ok(_), Err(Fault::Undefined(b))) => prop_assert!(false, "{index}: {x:?} {y:?}: {b}"),
                (Err(Fault::Undefined(a)), Ok(_)) => prop_assert!(false, "{index}: {x:?} {y:?}: {a}"),
                // Enclosures of 500 bits resolve everything but a value that is 0 in disguise, and there is none.
                (_, Err(Fault::Unresolved(b))) => prop_assert!(false, "{index}: {x:?} {y:?}: {b}"),
                _ => {}
            }
        }
    }

    #[test]
    fn numbers_obey_the_laws_of_a_field(x in number(), y in number(), z in number()) {
        let plus = |x: &Value, y: &Value| -> Value { x.clone()?.plus(&y.clone()?) };
        type Value = Eval<Number<rug::Rational>>;
        let times = |x: &Value, y: &Value| -> Value { x.clone()?.times(&y.clone()?) };
        let (a, b, c) = (Ok(x.clone()), Ok(y), Ok(z));
        prop_assert!(equal(&plus(&a, &b), &plus(&b, &a)));
        prop_assert!(equal(&times(&a, &b), &times(&b, &a)));
        prop_assert_eq!(plus(&a, &b).is_ok(), plus(&b, &a).is_ok());
        prop_assert_eq!(times(&a, &b).is_ok(), times(&b, &a).is_ok());
        prop_assert!(equal(&plus(&plus(&a, &b), &c), &plus(&a, &plus(&b, &c))));
        prop_assert!(equal(&times(&times(&a, &b), &c), &times(&a, &times(&b, &c))));
        prop_assert!(equal(&times(&a, &plus(&b, &c)), &plus(&times(&a, &b), &times(&a, &c))));
        if x != Number::MinusInfinity {
            prop_assert_eq!(plus(&a, &x.clone().neg()), Ok(Number::integer(0)));
        }
        if let Ok(inverse) = x.reciprocal() {
            prop_assert_eq!(times(&a, &Ok(inverse)), Ok(Number::integer(1)));
        }
        let exp = x.exp();
        prop_assert!(equal(&exp.and_then(|y| y.logarithm()), &a), "{:?}", x);
    }
}

/// Equality by Lindemann's theorem, on numbers that look different and are not, and the other way round.
#[test]
fn logarithms_are_equal_exactly_where_they_should_be() {
    let log = |n: i64| Number::ln(&q(n, 1)).unwrap();
    let times = |x: Number<BigRational>, n: i64, d: i64| x.times(&Number::Rational(q(n, d))).unwrap();
    assert_eq!(log(8).equals(&times(log(2), 3, 1)), Ok(true));
    assert_eq!(times(log(27), 1, 3).equals(&log(3)), Ok(true));
    assert_eq!(times(log(4), 3, 2).plus(&times(log(2), -3, 1)), Ok(Number::integer(0)));
    assert_eq!(log(6).equals(&log(2).plus(&log(3)).unwrap()), Ok(true));
    assert_eq!(log(6).plus(&Number::integer(1)).unwrap().equals(&log(6)), Ok(false));
    assert_eq!(log(6).equals(&log(7)), Ok(false));
    // 2^106 and 3^67 agree in their first two digits; e^7 and 1097 in three.
    assert_eq!(times(log(2), 106, 1).order(&times(log(3), 67, 1)), Ok(Ordering::Less));
    assert_eq!(log(1097).equals(&Number::integer(7)), Ok(false));
    assert!(log(1097).order(&Number::integer(7)).is_err());
}

#[test]
fn integers_convert_and_divide_alike() {
    fn check<I: Integer>() {
        for limbs in [&[][..], &[0], &[7], &[0, 1], &[u64::MAX, u64::MAX, 1], &[5, 0, 0]] {
            let expected = limbs.iter().rev().fold(BigInt::ZERO, |n, limb| (n << 64) + BigInt::from(*limb));
            let x = I::from_limbs(limbs);
            assert_eq!(x.to_big(), expected);
            assert_eq!(x.bits(), expected.bits());
            let mut negative = x.clone();
            negative.negate();
            assert_eq!(negative.to_big(), -&expected);
            assert_eq!(I::from_big(&-&expected), negative);
            assert_eq!(negative.bits(), expected.bits());
            assert_eq!(negative.signum(), -x.signum());
            let mut sum = I::from_i64(10);
            sum.add_product(&negative, &x);
            assert_eq!(sum.to_big(), BigInt::from(10) - &expected * &expected);
            assert_eq!(x.pow(3).root_exact(3), Some(x.clone()));
            let mut odd = x.pow(2);
            odd += &I::from_i64(3);
            assert_eq!(odd.root_exact(2).is_some(), limbs == [1]);
        }
        let (a, b) = (I::from_i64(-12), I::from_i64(18));
        assert_eq!(a.lcm(&b), I::from_i64(36));
        assert_eq!(a.div_exact(&I::from_i64(-4)), I::from_i64(3));
        assert!(I::from_i64(1).is_one() && !I::from_i64(-1).is_one());
    }
    check::<BigInt>();
    check::<rug::Integer>();
}
