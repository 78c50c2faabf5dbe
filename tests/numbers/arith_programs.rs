//! The integer programs of lazy vectors give what their coordinates give one by one.

use logitlab::arith::exact::{Exact, on_common_denominator};
use logitlab::arith::integer::Integer;
use logitlab::arith::number::Number;
use logitlab::arith::rational::Rational;
use logitlab::arith::vector::{self, Shape};
use logitlab::arith::{Arithmetic, Eval, Fault, Reduction, Vector};
use num_rational::BigRational;
use proptest::prelude::*;

type Num = Exact<BigRational>;
type Rug = Exact<rug::Rational>;

fn q(n: i64, d: i64) -> BigRational {
    BigRational::new(n.into(), d.into())
}

fn small() -> impl Strategy<Value = BigRational> {
    (prop_oneof![Just(0), -9..=9i64], 1..=6i64).prop_map(|(n, d)| q(n, d))
}

/// A recipe for a lazy vector of length K, whatever K is.
#[derive(Clone, Debug)]
enum Recipe {
    Dense(Vec<i64>, i64),
    Unit(usize),
    Splat(BigRational),
    Others(Box<Recipe>, usize),
    Neg(Box<Recipe>),
    Add(Box<Recipe>, Box<Recipe>),
    Sub(Box<Recipe>, Box<Recipe>),
    Product(Box<Recipe>, Box<Recipe>),
    Square(Box<Recipe>),
    Scale(BigRational, Box<Recipe>),
    Over(Box<Recipe>, BigRational),
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let leaf = prop_oneof![
        4 => (prop::collection::vec(-50..=50i64, 1..9), 1..=30i64).prop_map(|(items, d)| Recipe::Dense(items, d)),
        1 => (0..6000usize).prop_map(Recipe::Unit),
        1 => (0..3usize).prop_map(Recipe::Unit),
        1 => small().prop_map(Recipe::Splat),
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        prop_oneof![
            (one(), 0..3usize).prop_map(|(v, index)| Recipe::Others(v, index)),
            one().prop_map(Recipe::Neg),
            (one(), one()).prop_map(|(u, v)| Recipe::Add(u, v)),
            (one(), one()).prop_map(|(u, v)| Recipe::Sub(u, v)),
            (one(), one()).prop_map(|(u, v)| Recipe::Product(u, v)),
            one().prop_map(Recipe::Square),
            (small(), one()).prop_map(|(x, v)| Recipe::Scale(x, v)),
            (one(), small().prop_filter("0 divides nothing", |x| *x != q(0, 1))).prop_map(|(v, x)| Recipe::Over(v, x)),
        ]
    })
}

impl Recipe {
    fn build<R: Rational>(&self, system: &Exact<R>, k: usize) -> Vector<Exact<R>> {
        let number = |x: &BigRational| Number::Rational(R::from_big(x));
        let build = |v: &Recipe| v.build(system, k);
        match self {
            Recipe::Dense(items, d) => {
                let numerators = (0..k).map(|i| R::Integer::from_i64(items[i % items.len()] + (i % 7) as i64));
                return system.fractions(numerators.collect(), R::Integer::from_i64(*d));
            }
            Recipe::Unit(index) => Shape::Unit(*index % k),
            Recipe::Splat(x) => Shape::Splat(number(x)),
            Recipe::Others(v, index) => Shape::Others(build(v), *index % k),
            Recipe::Neg(v) => Shape::Neg(build(v)),
            Recipe::Add(u, v) => Shape::Add(build(u), build(v)),
            Recipe::Sub(u, v) => Shape::Sub(build(u), build(v)),
            Recipe::Product(u, v) => Shape::Product(build(u), build(v)),
            Recipe::Square(v) => {
                let v = build(v);
                Shape::Product(v.clone(), v)
            }
            Recipe::Scale(x, v) => Shape::Scale(number(x), build(v)),
            Recipe::Over(v, x) => Shape::Over(build(v), number(x)),
        }
        .into()
    }

    /// One coordinate, from the meaning of each form alone.
    fn at(&self, index: usize, k: usize) -> BigRational {
        let zero = || q(0, 1);
        match self {
            Recipe::Dense(items, d) => q(items[index % items.len()] + (index % 7) as i64, *d),
            Recipe::Unit(hot) => q(i64::from(*hot % k == index), 1),
            Recipe::Splat(x) => x.clone(),
            Recipe::Others(v, left_out) => {
                if left_out % k == index {
                    zero()
                } else {
                    v.at(index, k)
                }
            }
            Recipe::Neg(v) => -v.at(index, k),
            Recipe::Add(u, v) => u.at(index, k) + v.at(index, k),
            Recipe::Sub(u, v) => u.at(index, k) - v.at(index, k),
            Recipe::Product(u, v) => u.at(index, k) * v.at(index, k),
            Recipe::Square(v) => v.at(index, k) * v.at(index, k),
            Recipe::Scale(x, v) => x * v.at(index, k),
            Recipe::Over(v, x) => v.at(index, k) / x,
        }
    }
}

const REDUCTIONS: [Reduction; 4] = [Reduction::Sum, Reduction::SumOfSquares, Reduction::Max, Reduction::Min];

fn check_programs<R: Rational>(recipe: &Recipe, k: usize) -> Result<(), TestCaseError> {
    let system = Exact::<R>::new();
    let v = recipe.build(&system, k);
    let expected: Vec<BigRational> = (0..k).map(|index| recipe.at(index, k)).collect();
    let stored = system.store(&v, k).unwrap();
    for (index, x) in expected.iter().enumerate() {
        let same = |y: Eval<Number<R>>| matches!(y, Ok(Number::Rational(y)) if y.to_big() == *x);
        prop_assert!(same(v.at(&system, index)) && same(stored.at(&system, index)), "{index}: {x}");
    }
    for how in REDUCTIONS {
        let value = match how {
            Reduction::Sum => expected.iter().sum(),
            Reduction::SumOfSquares => expected.iter().map(|x| x * x).sum(),
            Reduction::Max => expected.iter().max().unwrap().clone(),
            Reduction::Min => expected.iter().min().unwrap().clone(),
        };
        let value = Ok(Number::Rational(R::from_big(&value)));
        prop_assert_eq!(&system.reduce(how, &v, k), &value, "{:?}", how);
        prop_assert_eq!(&vector::reduce(&system, how, &v, k), &value, "{:?} one by one", how);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn programs_agree_with_single_coordinates(recipe in recipe(), k in prop_oneof![1..=20usize, 60..=140usize]) {
        check_programs::<BigRational>(&recipe, k)?;
        check_programs::<rug::Rational>(&recipe, k)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// From 4096 coordinates on, blocks go to several threads.
    #[test]
    fn programs_agree_in_parallel(recipe in recipe(), k in prop_oneof![Just(4096usize), 4097..=5200usize]) {
        check_programs::<BigRational>(&recipe, k)?;
        check_programs::<rug::Rational>(&recipe, k)?;
    }
}

#[test]
fn vectors_that_no_program_takes_are_reduced_one_by_one() {
    let system = Num::new();
    let root = Number::sqrt(&q(2, 1)).unwrap();
    let v: Vector<Num> = system.fractions(vec![1.into(), (-3).into()], 2.into());
    let scaled = Shape::Scale(root.clone(), v.clone()).into();
    assert_eq!(system.reduce(Reduction::Sum, &scaled, 2), root.clone().neg());
    assert_eq!(system.reduce(Reduction::SumOfSquares, &scaled, 2), Ok(Number::Rational(q(5, 1))));
    let over_zero = Shape::Over(v.clone(), Number::integer(0)).into();
    assert!(matches!(system.reduce(Reduction::Sum, &over_zero, 2), Err(Fault::Undefined(_))));
    let masked = Vector::dense(&system, vec![Number::MinusInfinity, Number::Rational(q(7, 1))]);
    assert_eq!(system.reduce(Reduction::Max, &masked, 2), Ok(Number::integer(7)));
    assert_eq!(system.reduce(Reduction::Sum, &Shape::Others(masked, 0).into(), 2), Ok(Number::integer(7)));
}

#[test]
fn unrelated_denominators_meet() {
    let items = [q(1, 6), q(-3, 4), q(0, 1), q(5, 9), q(2, 1)];
    let (numerators, denominator) = on_common_denominator(&items);
    let v = Num::new().fractions(numerators, denominator);
    let big: Vec<rug::Rational> = items.iter().map(rug::Rational::from_big).collect();
    let (numerators, denominator) = on_common_denominator(&big);
    let w = Rug::new().fractions(numerators, denominator);
    for (index, x) in items.iter().enumerate() {
        assert_eq!(v.at(&Num::new(), index), Ok(Number::Rational(x.clone())));
        assert_eq!(w.at(&Rug::new(), index), Ok(Number::Rational(big[index].clone())));
    }
    let stored = Num::new().dense(items.iter().cloned().map(Number::Rational).collect());
    assert_eq!(Num::new().length(&stored), 5);
    assert_eq!(Num::new().element(&stored, 1), Number::Rational(q(-3, 4)));
}
