//! Exact arithmetic as a number system, on either rational library.

use std::cmp::Ordering;
use std::marker::PhantomData;

use num_rational::BigRational;
use rayon::prelude::*;

use super::Truth;
use super::dual::{self, Dual, HyperDual};
use super::fault::{Eval, Fault};
use super::format;
use super::integer::Integer;
use super::number::Number;
use super::program::compile;
use super::rational::Rational;
use super::shared::lifted_once;
use super::store::{Numerators, Store};
use super::vector::{self, Reduction, Vector};
use super::{Arithmetic, Function, InFormat, NO_FORMAT, Real, Spread};
use crate::formats::Format;

/// Exact numbers whose rationals are computed by `R`: [`BigRational`] or [`rug::Rational`].
#[derive(Debug, Default)]
pub struct Exact<R> {
    /// What [`Arithmetic::in_format`] is asked about.
    format: Option<Format>,
    rationals: PhantomData<R>,
}

impl<R> Clone for Exact<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Exact<R> {}

impl<R> Exact<R> {
    /// The context without a floating-point format.
    pub fn new() -> Self {
        Exact { format: None, rationals: PhantomData }
    }

    /// The context in which the numbers of a format are known: exact arithmetic with exact roundings in it.
    pub fn with(format: Format) -> Self {
        Exact { format: Some(format), rationals: PhantomData }
    }
}

impl<R: Rational> Exact<R> {
    /// Non-negative integers, of `width` little-endian limbs each, over their sum; `None` if that is 0.
    pub fn shares(&self, width: usize, limbs: &[u64]) -> Option<Vector<Self>> {
        let numerators = Numerators::Flat { width, limbs: limbs.into() };
        let one = R::Integer::from_i64(1);
        let weights: Vector<Self> =
            vector::Shape::Dense(Store::Common { numerators: numerators.clone(), denominator: one }).into();
        let (total, _) = compile(&weights)?.reduce(Reduction::Sum, limbs.len() / width);
        (total.signum() > 0).then(|| vector::Shape::Dense(Store::Common { numerators, denominator: total }).into())
    }

    /// A vector of rationals numerators/denominator; the denominator is positive.
    pub fn fractions(&self, numerators: Vec<R::Integer>, denominator: R::Integer) -> Vector<Self> {
        vector::Shape::Dense(Store::Common { numerators: Numerators::Stored(numerators), denominator }).into()
    }
}

/// Rationals on their least common denominator: the numerators, and the denominator.
pub fn on_common_denominator<R: Rational>(items: &[R]) -> (Vec<R::Integer>, R::Integer) {
    let mut level: Vec<R::Integer> = items.iter().map(|x| x.denominator().clone()).collect();
    // Pairwise, so that long numbers meet long numbers.
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| if let [a, b] = pair { a.lcm(b) } else { pair[0].clone() }).collect();
    }
    let denominator = level.pop().unwrap_or_else(|| R::Integer::from_i64(1));
    let numerator = |x: &R| {
        let mut n = denominator.div_exact(x.denominator());
        n *= x.numerator();
        n
    };
    (items.par_iter().map(numerator).collect(), denominator)
}

fn truth(order: Eval<bool>) -> Eval<Truth> {
    order.map(Truth::from)
}

impl<R: Rational> Arithmetic for Exact<R> {
    type Real = Number<R>;
    type Dense = Store<R>;
    type Lifted = Dual<Self>;

    fn rational(&self, value: &BigRational) -> Number<R> {
        Number::Rational(R::from_big(value))
    }

    fn integer(&self, value: i64) -> Number<R> {
        Number::integer(value)
    }

    fn neg(&self, x: Number<R>) -> Eval<Number<R>> {
        x.neg()
    }

    fn add(&self, x: Number<R>, y: &Number<R>) -> Eval<Number<R>> {
        x.plus(y)
    }

    fn sub(&self, x: Number<R>, y: &Number<R>) -> Eval<Number<R>> {
        match (x, y) {
            (Number::Rational(mut x), Number::Rational(y)) => {
                x -= y;
                Ok(Number::Rational(x))
            }
            (x, y) => x.plus(&y.clone().neg()?),
        }
    }

    fn mul(&self, x: Number<R>, y: &Number<R>) -> Eval<Number<R>> {
        x.times(y)
    }

    fn div(&self, x: Number<R>, y: &Number<R>) -> Eval<Number<R>> {
        x.times(&y.reciprocal()?)
    }

    fn power(&self, x: &Number<R>, n: u32) -> Eval<Number<R>> {
        x.power(n)
    }

    fn function(&self, function: Function, x: Number<R>) -> Eval<Number<R>> {
        match function {
            Function::Abs => x.abs(),
            Function::Exp => x.exp(),
            Function::Sqrt => x.square_root(),
            Function::Log => x.logarithm(),
        }
    }

    fn in_format(&self, how: InFormat, x: Number<R>) -> Eval<Number<R>> {
        let format = self.format.as_ref().ok_or(Fault::Unrepresentable(NO_FORMAT))?;
        match x {
            Number::Rational(x) => format::apply(format, how, &x).map(Number::Rational),
            Number::MinusInfinity => Err(Fault::Undefined("-inf is no finite number of a format")),
            _ => Err(Fault::Unrepresentable("the rounding of an irrational number")),
        }
    }

    fn xlogy(&self, x: Number<R>, y: &Number<R>) -> Eval<Number<R>> {
        x.xlogy(y)
    }

    fn max(&self, x: Number<R>, y: &Number<R>) -> Eval<Number<R>> {
        Ok(if x.order(y)? == Ordering::Less { y.clone() } else { x })
    }

    fn min(&self, x: Number<R>, y: &Number<R>) -> Eval<Number<R>> {
        Ok(if x.order(y)? == Ordering::Greater { y.clone() } else { x })
    }

    fn is_zero(&self, x: &Number<R>) -> bool {
        x.is_zero()
    }

    fn equal(&self, x: &Number<R>, y: &Number<R>) -> Eval<Truth> {
        truth(x.equals(y))
    }

    fn less(&self, x: &Number<R>, y: &Number<R>) -> Eval<Truth> {
        truth(x.order(y).map(Ordering::is_lt))
    }

    fn less_equal(&self, x: &Number<R>, y: &Number<R>) -> Eval<Truth> {
        truth(x.order(y).map(Ordering::is_le))
    }

    fn spread(&self, _: &Number<R>, _: &Number<R>) -> Option<Spread> {
        None
    }

    /// Nothing overflows here, and exp(log w) is w again only if nothing was subtracted.
    fn shift(&self, _: &Vector<Self>, _: usize) -> Eval<Number<R>> {
        Ok(Number::integer(0))
    }

    /// Rationals are brought to a common denominator; where that would grow far beyond its parts, or where some are
    /// irrational, each is kept by itself.
    fn dense(&self, items: Vec<Number<R>>) -> Store<R> {
        let mut rationals = Vec::with_capacity(items.len());
        for item in &items {
            match item {
                Number::Rational(x) => rationals.push(x),
                _ => return Store::Mixed(items),
            }
        }
        let mut denominator = R::Integer::from_i64(1);
        for x in &rationals {
            if denominator != *x.denominator() {
                denominator = denominator.lcm(x.denominator());
            }
            if denominator.bits() > 1 << 16 {
                return Store::Mixed(items);
            }
        }
        let numerator = |x: &&R| {
            let mut n = denominator.div_exact(x.denominator());
            n *= x.numerator();
            n
        };
        Store::Common { numerators: Numerators::Stored(rationals.iter().map(numerator).collect()), denominator }
    }

    fn length(&self, dense: &Store<R>) -> usize {
        match dense {
            Store::Common { numerators, .. } => numerators.len(),
            Store::Mixed(items) => items.len(),
        }
    }

    fn element(&self, dense: &Store<R>, index: usize) -> Number<R> {
        match dense {
            Store::Common { numerators, denominator } => {
                Number::Rational(R::ratio(numerators.at(index), denominator.clone()))
            }
            Store::Mixed(items) => items[index].clone(),
        }
    }

    fn reduce(&self, how: Reduction, v: &Vector<Self>, k: usize) -> Eval<Number<R>> {
        match compile(v) {
            Some(program) => {
                let (numerator, denominator) = program.reduce(how, k);
                Ok(Number::Rational(R::ratio(numerator, denominator)))
            }
            None => vector::reduce(self, how, v, k),
        }
    }

    fn store(&self, v: &Vector<Self>, k: usize) -> Eval<Vector<Self>> {
        if v.is_stored() {
            return Ok(v.clone());
        }
        match compile(v) {
            Some(program) => {
                let (numerators, denominator) = program.store(k);
                Ok(self.fractions(numerators, denominator))
            }
            None => vector::store(self, v, k),
        }
    }

    lifted_once!(Number<R>);
}
