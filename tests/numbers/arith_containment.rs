//! Intervals contain the exact result of every operation, and never claim what they do not know.

use std::cmp::Ordering;

use logitlab::arith::interval::{Interval, Intervals, NOT_POSITIVE};
use logitlab::arith::interval64::{Interval64, Intervals64};
use logitlab::arith::{Arithmetic, Fault, Function, Reduction, Truth, Vector};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, Zero};
use proptest::prelude::*;
use rug::Float;
use rug::float::Round;

/// A number system of intervals whose ends can be seen.
trait Enclosing: Arithmetic {
    fn lo(&self, x: &Self::Real) -> Float;
    fn hi(&self, x: &Self::Real) -> Float;
    /// An enclosure of everything between two rationals.
    fn between(&self, lo: &BigRational, hi: &BigRational) -> Self::Real;
}

impl Enclosing for Intervals {
    fn lo(&self, x: &Interval) -> Float {
        x.lo().clone()
    }

    fn hi(&self, x: &Interval) -> Float {
        x.hi().clone()
    }

    fn between(&self, lo: &BigRational, hi: &BigRational) -> Interval {
        self.ends(&big(lo), &big(hi))
    }
}

impl Enclosing for Intervals64 {
    fn lo(&self, x: &Interval64) -> Float {
        Float::with_val(53, x.lo())
    }

    fn hi(&self, x: &Interval64) -> Float {
        Float::with_val(53, x.hi())
    }

    fn between(&self, lo: &BigRational, hi: &BigRational) -> Interval64 {
        Interval64::ends(self.rational(lo).lo(), self.rational(hi).hi())
    }
}

/// Through decimal digits, so that nothing of the crate takes part.
fn big(x: &BigRational) -> rug::Rational {
    let integer = |n: &BigInt| rug::Integer::from_str_radix(&n.to_str_radix(32), 32).unwrap();
    rug::Rational::from((integer(x.numer()), integer(x.denom())))
}

fn contains<A: Enclosing>(system: &A, x: &A::Real, exact: &BigRational) -> bool {
    let exact = big(exact);
    let (lo, hi) = (system.lo(x), system.hi(x));
    assert!(lo <= hi, "{x:?}");
    lo <= exact && hi >= exact && lo < f64::INFINITY && hi > f64::NEG_INFINITY
}

fn power_of_two(e: i32) -> BigRational {
    let power = BigRational::from_integer(BigInt::one() << e.unsigned_abs());
    if e < 0 { power.recip() } else { power }
}

/// Rationals of all sizes: 0, small, around the ends of f64's range, just beside numbers that f64 can hold.
fn rational() -> impl Strategy<Value = BigRational> {
    let fraction = (any::<i64>(), 1..=i64::MAX).prop_map(|(n, d)| BigRational::new(n.into(), d.into()));
    let small = (-20..=20i64, 1..=12i64).prop_map(|(n, d)| BigRational::new(n.into(), d.into()));
    let exponent = prop_oneof![-1110..=-1000i32, 1000..=1030i32, -60..=60i32];
    let scaled =
        (any::<i32>(), exponent.clone()).prop_map(|(n, e)| BigRational::from_integer(n.into()) * power_of_two(e));
    let powers =
        (exponent.clone(), any::<bool>()).prop_map(|(e, sign)| if sign { power_of_two(e) } else { -power_of_two(e) });
    // (2^53 + n) + {0, 1/2, 1/2 + 2^-99}: exact, a tie, and next to one.
    let tie = (-9..=9i64, 0..3, exponent).prop_map(|(n, how, e)| {
        let half = BigRational::new(1.into(), 2.into());
        let rest = [BigRational::zero(), half.clone(), half + power_of_two(-99)][how as usize].clone();
        (power_of_two(53) + BigRational::from_integer(n.into()) + rest) * power_of_two(e - 53)
    });
    prop_oneof![
        1 => Just(BigRational::zero()),
        1 => Just(BigRational::one()),
        4 => small,
        2 => fraction,
        2 => scaled,
        1 => powers,
        2 => tie,
    ]
}

/// A set of numbers: its ends in order, and some of its members.
#[derive(Clone, Debug)]
struct Set {
    ends: (BigRational, BigRational),
    members: Vec<BigRational>,
}

fn set() -> impl Strategy<Value = Set> {
    let point = rational().prop_map(|x| Set { ends: (x.clone(), x.clone()), members: vec![x] });
    let wide = (rational(), rational(), 0..=16i64).prop_map(|(a, b, t)| {
        let (lo, hi) = if a < b { (a, b) } else { (b, a) };
        let inside = &lo + (&hi - &lo) * BigRational::new(t.into(), 16.into());
        let mut members = vec![lo.clone(), hi.clone(), inside];
        if lo.is_negative() && hi.is_positive() {
            members.push(BigRational::zero());
        }
        Set { ends: (lo, hi), members }
    });
    prop_oneof![point, wide]
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Neg,
    Add,
    Sub,
    Mul,
    Div,
    Max,
    Min,
    Abs,
    Power(u32),
}

const OPS: [Op; 14] = [
    Op::Neg,
    Op::Add,
    Op::Sub,
    Op::Mul,
    Op::Div,
    Op::Max,
    Op::Min,
    Op::Abs,
    Op::Power(0),
    Op::Power(1),
    Op::Power(2),
    Op::Power(3),
    Op::Power(4),
    Op::Power(7),
];

fn enclosed<A: Arithmetic>(system: &A, op: Op, x: &A::Real, y: &A::Real) -> Result<A::Real, Fault> {
    match op {
        Op::Neg => system.neg(x.clone()),
        Op::Add => system.add(x.clone(), y),
        Op::Sub => system.sub(x.clone(), y),
        Op::Mul => system.mul(x.clone(), y),
        Op::Div => system.div(x.clone(), y),
        Op::Max => system.max(x.clone(), y),
        Op::Min => system.min(x.clone(), y),
        Op::Abs => system.function(Function::Abs, x.clone()),
        Op::Power(n) => system.power(x, n),
    }
}

/// The exact result; `None` where there is none.
fn exact(op: Op, x: &BigRational, y: &BigRational) -> Option<BigRational> {
    Some(match op {
        Op::Neg => -x,
        Op::Add => x + y,
        Op::Sub => x - y,
        Op::Mul => x * y,
        Op::Div if y.is_zero() => return None,
        Op::Div => x / y,
        Op::Max => x.max(y).clone(),
        Op::Min => x.min(y).clone(),
        Op::Abs => x.abs(),
        Op::Power(n) => Pow::pow(x, n),
    })
}

fn check_operations<A: Enclosing>(system: &A, xs: &Set, ys: &Set) -> Result<(), TestCaseError> {
    let x = system.between(&xs.ends.0, &xs.ends.1);
    let y = system.between(&ys.ends.0, &ys.ends.1);
    for (set, interval) in [(xs, &x), (ys, &y)] {
        prop_assert!(set.members.iter().all(|member| contains(system, interval, member)), "{interval:?} of {set:?}");
    }
    for op in OPS {
        let result = enclosed(system, op, &x, &y);
        for a in &xs.members {
            for b in &ys.members {
                match (&result, exact(op, a, b)) {
                    (Ok(result), Some(exact)) => {
                        prop_assert!(contains(system, result, &exact), "{op:?} {a} {b}: {result:?} of {x:?} {y:?}");
                    }
                    (Ok(_), None) => prop_assert!(false, "{op:?} {a} {b} is undefined, but {x:?} {y:?}: {result:?}"),
                    (Err(Fault::Undefined(_)), exact) => {
                        prop_assert_eq!(exact, None, "{:?} {} {}: {:?}", op, a, b, result)
                    }
                    (Err(Fault::Unresolved(_)), _) => {
                        // Only a division by what is neither 0 nor apart from it.
                        let undecidable = system.lo(&y) <= 0 && system.hi(&y) >= 0 && system.lo(&y) != system.hi(&y);
                        prop_assert!(matches!(op, Op::Div) && undecidable, "{op:?} {x:?} {y:?}: {result:?}");
                    }
                    (Err(fault), _) => prop_assert!(false, "{op:?} {x:?} {y:?}: {fault}"),
                }
            }
        }
    }
    Ok(())
}

fn check_order<A: Enclosing>(system: &A, xs: &Set, ys: &Set) -> Result<(), TestCaseError> {
    let x = system.between(&xs.ends.0, &xs.ends.1);
    let y = system.between(&ys.ends.0, &ys.ends.1);
    let (equal, less, less_equal) = (system.equal(&x, &y), system.less(&x, &y), system.less_equal(&x, &y));
    let claims = |truth: Result<Truth, Fault>, exact: bool| truth.unwrap().and(exact.into()) == truth.unwrap();
    let denies = |truth: Result<Truth, Fault>, exact: bool| truth.unwrap() != Truth::False || !exact;
    for a in &xs.members {
        for b in &ys.members {
            for (truth, exact) in [(equal, a == b), (less, a < b), (less_equal, a <= b)] {
                let sound = claims(truth, exact) || truth == Ok(Truth::Unknown);
                prop_assert!(sound && denies(truth, exact), "{a} {b}: {equal:?} {less:?} {less_equal:?} {x:?} {y:?}");
            }
            let Some(spread) = system.spread(&x, &y) else { unreachable!("intervals have errors") };
            let bounds = |x: &BigRational, e: i64| {
                if x.is_zero() || e == i64::MAX { true } else { e > -5000 && x.abs() <= power_of_two(e as i32) }
            };
            prop_assert!(
                bounds(&(a - b), spread.distance) && bounds(a, spread.magnitude) && bounds(b, spread.magnitude)
            );
        }
    }
    // What is apart, or the same point, is decided.
    let ends = |x: &A::Real| (system.lo(x), system.hi(x));
    let ((a, b), (c, d)) = (ends(&x), ends(&y));
    if b < c || d < a || (a == b && c == d) {
        prop_assert!([equal, less, less_equal].iter().all(|truth| *truth != Ok(Truth::Unknown)));
    }
    let zero = system.integer(0);
    prop_assert_eq!(system.is_zero(&x), system.equal(&x, &zero) == Ok(Truth::True));
    Ok(())
}

/// e^x or log x of a number that 2000 bits hold, between two numbers of 2000 bits that are next to each other.
fn reference(function: Function, x: &Float) -> (Float, Float) {
    let at = |round: Round| match function {
        Function::Exp => Float::with_val_round(2000, x.exp_ref(), round).0,
        _ => Float::with_val_round(2000, x.ln_ref(), round).0,
    };
    (at(Round::Down), at(Round::Up))
}

fn check_functions<A: Enclosing>(system: &A, xs: &Set, ys: &Set) -> Result<(), TestCaseError> {
    let x = system.between(&xs.ends.0, &xs.ends.1);
    let (lo, hi) = (system.lo(&x), system.hi(&x));
    match system.function(Function::Sqrt, x.clone()) {
        Ok(root) => {
            prop_assert!(lo >= 0);
            // lo <= sqrt(a) <= hi exactly if lo^2 <= a <= hi^2, as the ends are not negative.
            let (low, high) = (system.lo(&root), system.hi(&root));
            prop_assert!(low >= 0);
            let square = |x: &Float| Float::with_val(2 * x.prec(), x.square_ref());
            for a in xs.members.iter().filter(|a| !a.is_negative()) {
                let a = big(a);
                prop_assert!(square(&low) <= a && (high.is_infinite() || square(&high) >= a), "{root:?} of {x:?}");
            }
        }
        Err(Fault::Undefined(_)) => prop_assert!(hi < 0),
        Err(Fault::Unresolved(_)) => prop_assert!(lo < 0 && hi >= 0),
        Err(fault) => prop_assert!(false, "{fault}"),
    }
    let log = system.function(Function::Log, x.clone());
    match &log {
        Ok(_) => prop_assert!(lo > 0),
        Err(Fault::Undefined(_)) => prop_assert!(hi <= 0),
        Err(Fault::Unresolved(_)) => prop_assert!(lo <= 0 && hi > 0),
        Err(fault) => prop_assert!(false, "{fault}"),
    }
    let exp = system.function(Function::Exp, x.clone());
    prop_assert!(exp.is_ok());
    for (function, result) in [(Function::Log, &log), (Function::Exp, &exp)] {
        let Ok(result) = result else { continue };
        let inside = [lo.clone(), hi.clone(), Float::with_val(1100, &lo + &hi) / 2];
        for x in inside.iter().filter(|x| x.is_finite()) {
            let (down, up) = reference(function, x);
            prop_assert!(system.lo(result) <= down && system.hi(result) >= up, "{function:?} {x}: {result:?}");
        }
        if hi.is_infinite() {
            prop_assert!(system.hi(result).is_infinite());
        }
    }
    // e^x >= 1 + x, and it is increasing.
    let exp = exp.unwrap();
    for a in &xs.members {
        prop_assert!(system.hi(&exp) >= big(&(a + BigRational::one())));
    }
    prop_assert!(system.lo(&exp) >= 0);
    let y = system.between(&ys.ends.0, &ys.ends.1);
    if system.less(&x, &y) == Ok(Truth::True) {
        let other = system.function(Function::Exp, y).unwrap();
        prop_assert!(system.less(&other, &exp) != Ok(Truth::True));
    }
    Ok(())
}

fn check_all<A: Enclosing>(system: &A, x: &Set, y: &Set) -> Result<(), TestCaseError> {
    check_operations(system, x, y)?;
    check_order(system, x, y)?;
    check_functions(system, x, y)
}

/// A random straight-line program: each step applies an operation to the last value and an operand.
fn chain<A: Arithmetic>(system: &A, steps: &[(usize, BigRational)]) -> Result<A::Real, Fault> {
    let mut value = system.integer(1);
    for (op, operand) in steps {
        let operand = system.rational(operand);
        value = match op {
            0..14 => enclosed(system, OPS[*op], &value, &operand)?,
            14 => system.function(Function::Exp, value)?,
            15 => system.function(Function::Log, value)?,
            16 => system.function(Function::Sqrt, value)?,
            _ => system.xlogy(value, &operand)?,
        };
    }
    Ok(value)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn f64_intervals_contain_every_result(x in set(), y in set()) {
        check_all(&Intervals64, &x, &y)?;
    }

    #[test]
    fn mpfr_intervals_contain_every_result(x in set(), y in set()) {
        for bits in [24, 53, 128, 1000] {
            check_all(&Intervals::new(bits), &x, &y)?;
        }
    }

    /// An enclosure of more bits lies in that of fewer, so its width is at most as large; f64 stays around 53 bits.
    #[test]
    fn more_bits_never_widen(steps in prop::collection::vec((0..18usize, rational()), 1..8)) {
        let at = |bits: u32| chain(&Intervals::new(bits), &steps);
        let mut last = at(24);
        for bits in [53, 128, 1000] {
            let next = at(bits);
            match (&last, &next) {
                (Ok(wide), Ok(tight)) => {
                    prop_assert!(wide.lo() <= tight.lo() && tight.hi() <= wide.hi(), "{bits}: {wide:?} {tight:?}");
                }
                (Ok(_), Err(fault)) => prop_assert!(false, "{bits}: {fault}"),
                (Err(Fault::Undefined(a)), next) => {
                    let is_told = |b: &str| *a == b || *a == NOT_POSITIVE;
                    prop_assert!(matches!(next, Err(Fault::Undefined(b)) if is_told(b)), "{bits}: {a}, {next:?}");
                }
                _ => {}
            }
            last = next;
        }
        if let (Ok(x), Ok(tight)) = (chain(&Intervals64, &steps), &last) {
            prop_assert!(x.lo() <= *tight.hi() && *tight.lo() <= x.hi(), "{x:?} {tight:?}");
        }
    }

    /// Reductions of vectors with parallel blocks and without contain the exact ones.
    #[test]
    fn reductions_contain_the_exact_ones(items in prop::collection::vec(rational(), 1..40), repeat in prop_oneof![Just(1usize), Just(500)]) {
        let exact: Vec<BigRational> = items.iter().cycle().take(items.len() * repeat).cloned().collect();
        let count = BigRational::from_integer(repeat.into());
        let sum = items.iter().sum::<BigRational>() * &count;
        let squares = items.iter().map(|x| x * x).sum::<BigRational>() * &count;
        let (largest, smallest) = (items.iter().max().unwrap(), items.iter().min().unwrap());
        let expected = [
            (Reduction::Sum, &sum),
            (Reduction::SumOfSquares, &squares),
            (Reduction::Max, largest),
            (Reduction::Min, smallest),
        ];
        fn check<A: Enclosing>(system: &A, exact: &[BigRational], expected: &[(Reduction, &BigRational)]) -> Result<(), TestCaseError> {
            let v = Vector::dense(system, exact.iter().map(|x| system.rational(x)).collect());
            for (how, value) in expected {
                let result = system.reduce(*how, &v, exact.len()).unwrap();
                prop_assert!(contains(system, &result, value), "{how:?}: {result:?} {value}");
            }
            Ok(())
        }
        check(&Intervals64, &exact, &expected)?;
        check(&Intervals::new(24), &exact, &expected)?;
    }
}

/// Nothing in f64 can be sharper than one unit on either side, and nothing in MPFR blunter than correct rounding.
#[test]
fn enclosures_are_tight() {
    let (third, two) = (BigRational::new(1.into(), 3.into()), BigRational::from_integer(2.into()));
    for bits in [24, 53, 1000] {
        let system = Intervals::new(bits);
        let x = system.rational(&third);
        let mut above = x.lo().clone();
        above.next_up();
        assert_eq!(x.hi(), &above, "1/3 lies between neighbours");
        let exact = system.mul(system.integer(3), &system.integer(5)).unwrap();
        assert!(exact.is_point() && *exact.lo() == 15);
        for function in [Function::Exp, Function::Log, Function::Sqrt] {
            let y = system.function(function, system.rational(&two)).unwrap();
            let mut above = y.lo().clone();
            above.next_up();
            assert_eq!(y.hi(), &above, "{function:?}");
        }
        assert!(system.function(Function::Sqrt, system.integer(4)).unwrap().is_point());
        assert!(system.function(Function::Exp, system.integer(0)).unwrap().is_point());
        assert!(system.function(Function::Log, system.integer(1)).unwrap().is_point());
    }
    let x = Intervals64.rational(&third);
    assert_eq!(x.hi(), x.lo().next_up());
    let product = Intervals64.mul(x, &x).unwrap();
    assert!((product.hi() - product.lo()) / product.lo() < 2.0 * 4.0 * f64::EPSILON);
}

#[test]
fn intersections() {
    let system = Intervals::new(53);
    let x = system.ends(1.0, 3.0).intersection(&system.ends(2.0, 5.0)).unwrap();
    assert_eq!((x.lo().to_f64(), x.hi().to_f64()), (2.0, 3.0));
    let x = system.ends(2.0, 5.0).intersection(&system.ends(3.0, 3.0)).unwrap();
    assert!(x.is_point() && *x.lo() == 3);
    assert!(system.ends(1.0, 2.0).intersection(&system.ends(2.5, 5.0)).is_none());
    assert!(system.ends(2.5, 5.0).intersection(&system.ends(1.0, 2.0)).is_none());
    let (masked, below) = (system.float(f64::NEG_INFINITY), system.ends(f64::NEG_INFINITY, 5.0));
    assert!(masked.intersection(&below).is_none(), "a bound is no masked logit");
    assert!(masked.intersection(&masked).is_some());
    assert_eq!(system.ends(1.0, 2.0).lo().partial_cmp(&1.0), Some(Ordering::Equal));
}
