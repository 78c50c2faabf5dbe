//! Infinite ends are bounds, -inf is a masked logit, and the two are never taken for each other.

use logitlab::arith::dual::{Dual, HyperDual};
use logitlab::arith::exact::Exact;
use logitlab::arith::interval::{Interval, Intervals};
use logitlab::arith::interval64::{Interval64, Intervals64};
use logitlab::arith::number::Number;
use logitlab::arith::{Arithmetic, Fault, Function, Reduction, Spread, Truth, Vector};
use num_bigint::BigInt;
use num_rational::BigRational;

const WIDE: Intervals64 = Intervals64;

fn q(n: i64, d: i64) -> BigRational {
    BigRational::new(n.into(), d.into())
}

fn masked64() -> Interval64 {
    Interval64::point(f64::NEG_INFINITY)
}

fn is_undefined<T>(result: &Result<T, Fault>) -> bool {
    matches!(result, Err(Fault::Undefined(_)))
}

fn is_unresolved<T>(result: &Result<T, Fault>) -> bool {
    matches!(result, Err(Fault::Unresolved(_)))
}

#[test]
fn a_sum_that_overflows_downwards_is_not_masked() {
    let low = Interval64::point(-1e308);
    for sum in [WIDE.add(low, &low), WIDE.sub(low, &Interval64::point(1e308))] {
        let sum = sum.unwrap();
        assert_eq!((sum.lo(), sum.hi()), (f64::NEG_INFINITY, f64::MIN));
        assert_eq!(WIDE.equal(&sum, &masked64()), Ok(Truth::Unknown));
        assert_eq!(WIDE.less(&sum, &masked64()), Ok(Truth::False));
        assert!(WIDE.function(Function::Abs, sum).is_ok());
    }
}

#[test]
fn a_masked_logit_stays_masked_whatever_is_added() {
    let everything = Interval64::ends(f64::NEG_INFINITY, f64::INFINITY);
    assert_eq!(WIDE.add(masked64(), &everything), Ok(masked64()));
    assert_eq!(WIDE.add(everything, &masked64()), Ok(masked64()));
    assert_eq!(WIDE.sub(masked64(), &everything), Ok(masked64()));
    assert_eq!(WIDE.add(masked64(), &masked64()), Ok(masked64()));
    assert!(is_undefined(&WIDE.sub(everything, &masked64())));
    assert!(is_undefined(&WIDE.sub(masked64(), &masked64())));

    let system = Intervals::new(53);
    let (masked, everything) = (system.float(f64::NEG_INFINITY), system.ends(f64::NEG_INFINITY, f64::INFINITY));
    let is_masked = |x: &Interval| x.is_point() && x.lo().is_infinite() && x.lo().is_sign_negative();
    assert!(is_masked(&system.add(masked.clone(), &everything).unwrap()));
    assert!(is_masked(&system.add(everything.clone(), &masked).unwrap()));
    assert!(is_masked(&system.sub(masked.clone(), &everything).unwrap()));
    assert!(is_masked(&system.add(masked.clone(), &masked).unwrap()));
    assert!(is_undefined(&system.sub(everything, &masked)));
    assert!(is_undefined(&system.sub(masked.clone(), &masked)));
}

/// -inf times x is -inf where x > 0, and else undefined.
fn scales_of_minus_infinity<A: Arithmetic>(
    system: &A,
    masked: &A::Real,
    [negative, zero, positive, around]: [A::Real; 4],
) {
    let is_masked = |x: A::Real| system.equal(&x, masked) == Ok(Truth::True);
    assert!(is_masked(system.mul(masked.clone(), &positive).unwrap()));
    assert!(is_masked(system.mul(positive.clone(), masked).unwrap()));
    assert!(is_masked(system.div(masked.clone(), &positive).unwrap()));
    for factor in [&zero, &negative] {
        assert!(is_undefined(&system.mul(masked.clone(), factor)));
        assert!(is_undefined(&system.mul(factor.clone(), masked)));
        assert!(is_undefined(&system.div(masked.clone(), factor)));
    }
    for result in
        [system.mul(masked.clone(), &around), system.mul(around.clone(), masked), system.div(masked.clone(), &around)]
    {
        assert!(is_unresolved(&result), "{result:?}");
    }
    for divided in [&negative, &zero, &positive, &around, masked] {
        assert!(is_undefined(&system.div(divided.clone(), masked)));
    }
}

#[test]
fn minus_infinity_times_what_may_be_positive_is_unresolved() {
    let points = [-2.0, 0.0, 3.0].map(Interval64::point);
    let around = Interval64::ends(-1.0, 1.0);
    scales_of_minus_infinity(&WIDE, &masked64(), [points[0], points[1], points[2], around]);
    let system = Intervals::new(53);
    let operands = [system.float(-2.0), system.float(0.0), system.float(3.0), system.ends(-1.0, 1.0)];
    scales_of_minus_infinity(&system, &system.float(f64::NEG_INFINITY), operands);
}

/// What all systems say alike about -inf.
fn functions_of_minus_infinity<A: Arithmetic>(system: &A, masked: &A::Real) {
    let integer = |n: i64| system.integer(n);
    let is = |x: Result<A::Real, Fault>, y: &A::Real| x.and_then(|x| system.equal(&x, y)) == Ok(Truth::True);
    assert!(is(system.power(masked, 0), &integer(1)));
    assert!(is(system.power(masked, 1), masked));
    assert!(is_undefined(&system.power(masked, 2)));
    assert!(is_undefined(&system.power(masked, 3)));
    assert!(is_undefined(&system.neg(masked.clone())));
    for function in [Function::Abs, Function::Sqrt, Function::Log] {
        assert!(is_undefined(&system.function(function, masked.clone())), "{function:?}");
    }
    assert!(is(system.function(Function::Exp, masked.clone()), &integer(0)));
    assert!(is_undefined(&system.xlogy(integer(2), masked)));
    assert!(is(system.xlogy(integer(0), &integer(0)), &integer(0)));
    assert!(is(system.max(masked.clone(), &integer(-7)), &integer(-7)));
    assert!(is(system.max(integer(-7), masked), &integer(-7)));
    assert!(is(system.min(masked.clone(), &integer(-7)), masked));
    assert!(is(system.min(integer(-7), masked), masked));
    assert_eq!(system.equal(masked, masked), Ok(Truth::True));
    assert_eq!(system.less_equal(masked, masked), Ok(Truth::True));
    assert_eq!(system.less(masked, masked), Ok(Truth::False));
    assert_eq!(system.equal(masked, &integer(-7)), Ok(Truth::False));
    assert_eq!(system.less(masked, &integer(-7)), Ok(Truth::True));
    assert_eq!(system.less(&integer(-7), masked), Ok(Truth::False));
    let all = Vector::dense(system, vec![masked.clone(); 3]);
    assert!(is(system.reduce(Reduction::Sum, &all, 3), masked));
}

#[test]
fn all_systems_agree_about_minus_infinity() {
    functions_of_minus_infinity(&Exact::<rug::Rational>::new(), &Number::MinusInfinity);
    functions_of_minus_infinity(&Exact::<BigRational>::new(), &Number::MinusInfinity);
    functions_of_minus_infinity(&WIDE, &masked64());
    for bits in [24, 53, 1000] {
        let system = Intervals::new(bits);
        functions_of_minus_infinity(&system, &system.float(f64::NEG_INFINITY));
    }
    functions_of_minus_infinity(&Dual::new(WIDE), &HyperDual::constant(masked64()));
}

/// 0 log 0 = 0, so that x log 0 has a value if x, which may be 0, is.
#[test]
fn x_log_0_is_unresolved_where_x_may_be_0() {
    fn check<A: Arithmetic>(system: &A, around: [A::Real; 3], apart: A::Real, masked: A::Real) {
        for y in [system.integer(0), system.integer(-1), masked] {
            for x in &around {
                let result = system.xlogy(x.clone(), &y);
                assert!(is_unresolved(&result), "{x:?} {y:?} {result:?}");
            }
            assert!(is_undefined(&system.xlogy(apart.clone(), &y)));
        }
        assert!(around.into_iter().all(|x| system.xlogy(x, &system.integer(2)).is_ok()));
    }
    let ends = [(-1.0, 1.0), (0.0, 1.0), (-1.0, 0.0)];
    let around = ends.map(|(lo, hi)| Interval64::ends(lo, hi));
    check(&WIDE, around, Interval64::ends(0.5, 1.0), masked64());
    check(
        &Dual::new(WIDE),
        around.map(HyperDual::constant),
        HyperDual::constant(Interval64::ends(0.5, 1.0)),
        HyperDual::constant(masked64()),
    );
    let system = Intervals::new(53);
    let around = ends.map(|(lo, hi)| system.ends(lo, hi));
    check(&system, around, system.ends(-1.0, -0.5), system.float(f64::NEG_INFINITY));
}

#[test]
fn minus_infinity_times_an_irrational_number() {
    let system = Exact::<BigRational>::new();
    let two = Number::Rational(q(2, 1));
    let root = Number::sqrt(&q(2, 1)).unwrap();
    let log = Number::ln(&q(2, 1)).unwrap();
    let mixed = log.clone().plus(&Number::Rational(q(-1, 2))).unwrap();
    for positive in [&two, &root, &log] {
        assert_eq!(Number::MinusInfinity.times(positive), Ok(Number::MinusInfinity));
        assert_eq!(positive.clone().times(&Number::MinusInfinity), Ok(Number::MinusInfinity));
        let negative = positive.clone().neg().unwrap();
        assert!(is_undefined(&Number::MinusInfinity.times(&negative)));
        assert!(is_undefined(&negative.times(&Number::MinusInfinity)));
    }
    // log 2 - 1/2 is positive, but that is not decided here.
    assert!(matches!(Number::MinusInfinity.times(&mixed), Err(Fault::Unrepresentable(_))));
    assert_eq!(system.div(Number::MinusInfinity, &root), Ok(Number::MinusInfinity));
}

#[test]
fn roots_and_logarithms_of_negative_irrationals_are_undefined() {
    let system = Exact::<BigRational>::new();
    let root = Number::sqrt(&q(2, 1)).unwrap();
    let log = Number::ln(&q(2, 1)).unwrap();
    for positive in [&root, &log] {
        let negative = positive.clone().neg().unwrap();
        for function in [Function::Sqrt, Function::Log] {
            assert!(is_undefined(&system.function(function, negative.clone())), "{function:?} {negative:?}");
        }
        assert!(is_undefined(&system.xlogy(Number::integer(2), &negative)));
        assert!(matches!(system.function(Function::Sqrt, positive.clone()), Err(Fault::Unrepresentable(_))));
    }
    // log sqrt 2 = (1/2) log 2
    let half = log.times(&Number::Rational(q(1, 2))).unwrap();
    assert_eq!(system.function(Function::Log, root.clone()), Ok(half.clone()));
    assert_eq!(system.xlogy(Number::integer(1), &root), Ok(half));
}

#[test]
fn a_softmax_whose_logits_overflow_is_unresolved() {
    let logits = |items: Vec<Interval64>| Vector::dense(&WIDE, items);
    let overflowed = Interval64::ends(f64::MAX, f64::INFINITY);
    assert!(is_unresolved(&WIDE.shift(&logits(vec![overflowed, Interval64::point(0.0)]), 2)));
    assert!(is_undefined(&WIDE.shift(&logits(vec![masked64(), masked64()]), 2)));
    assert_eq!(WIDE.shift(&logits(vec![masked64(), Interval64::point(3.0)]), 2), Ok(Interval64::point(3.0)));
    let system = Intervals::new(53);
    let overflowed = Vector::dense(&system, vec![system.ends(1.0, f64::INFINITY)]);
    assert!(is_unresolved(&system.shift(&overflowed, 1)));
    let all = Vector::dense(&system, vec![system.float(f64::NEG_INFINITY)]);
    assert!(is_undefined(&system.shift(&all, 1)));
}

#[test]
fn sums_of_zeros_are_exact_in_f64() {
    let zero = WIDE.integer(0);
    assert_eq!(WIDE.add(zero, &zero), Ok(zero));
    assert_eq!(WIDE.sub(WIDE.integer(5), &WIDE.integer(5)), Ok(zero));
    assert_eq!(WIDE.mul(zero, &Interval64::ends(-3.0, f64::INFINITY)), Ok(zero));
    assert_eq!(WIDE.function(Function::Sqrt, zero), Ok(zero));
    assert_eq!(WIDE.power(&zero, 2), Ok(zero));
    // What is not negative does not become so by rounding.
    let tiny = Interval64::ends(0.0, f64::MIN_POSITIVE);
    assert_eq!(WIDE.mul(tiny, &tiny).unwrap().lo(), 0.0);
    assert_eq!(WIDE.add(tiny, &tiny).unwrap().lo(), 0.0);
    assert_eq!(WIDE.div(tiny, &Interval64::ends(1.0, 3.0)).unwrap().lo(), 0.0);
    assert_eq!(WIDE.neg(tiny).and_then(|x| WIDE.mul(x, &tiny)).unwrap().hi(), 0.0);
}

#[test]
fn two_masked_logits_are_at_no_distance() {
    let expected = Some(Spread { distance: i64::MIN, magnitude: i64::MAX });
    assert_eq!(WIDE.spread(&masked64(), &masked64()), expected);
    let system = Intervals::new(53);
    let masked = system.float(f64::NEG_INFINITY);
    assert_eq!(system.spread(&masked, &masked), expected);
    assert_eq!(system.spread(&masked, &system.float(1.0)).unwrap().distance, i64::MAX);
    assert_eq!(WIDE.spread(&masked64(), &Interval64::point(1.0)).unwrap().distance, i64::MAX);
    let one = Interval64::point(1.0);
    assert_eq!(WIDE.spread(&one, &one), Some(Spread { distance: i64::MIN, magnitude: 1 }));
    let zero = WIDE.integer(0);
    assert_eq!(WIDE.spread(&zero, &zero), Some(Spread { distance: i64::MIN, magnitude: i64::MIN }));
}

#[test]
fn a_logarithm_never_equals_a_root() {
    let log = Number::ln(&q(2, 1)).unwrap().plus(&Number::Rational(q(5, 7))).unwrap();
    let root = Number::sqrt(&q(2, 1)).unwrap();
    assert_eq!(log.equals(&root), Ok(false));
    assert_eq!(root.equals(&log), Ok(false));
    assert!(log.order(&root).is_err());
}

#[test]
fn powers_of_many_digits_are_refused() {
    let big = Number::Rational(BigRational::from_integer(BigInt::from(2).pow(1 << 16)));
    assert!(matches!(big.power(64), Err(Fault::Unrepresentable(_))));
    assert!(big.power(8).is_ok());
}
