//! Numbers for an evaluator of its own: f64 to search with, `rug::Float` to confirm with, and derivatives over both.

use std::cmp::Ordering;

use num_rational::BigRational;
use num_traits::ToPrimitive;
use rug::Float;

/// A number that is rounded after every operation. It may be infinite, never NaN where the evaluator looks.
pub trait Number: Clone + Sized {
    /// An f64, to a given number of bits.
    fn new(bits: u32, x: f64) -> Self;
    /// A rational number, to a given number of bits.
    fn ratio(bits: u32, x: &BigRational) -> Self;
    fn add(&self, y: &Self) -> Self;
    fn sub(&self, y: &Self) -> Self;
    fn mul(&self, y: &Self) -> Self;
    fn div(&self, y: &Self) -> Self;
    fn exp(&self) -> Self;
    fn log(&self) -> Self;
    fn sqrt(&self) -> Self;
    fn compare(&self, y: &Self) -> Ordering;
    fn to_f64(&self) -> f64;
    fn is_finite(&self) -> bool;
    /// What is smaller than this and not 0 may be a rounding error, at a given number of bits.
    fn tiny(bits: u32) -> Self;
}

impl Number for f64 {
    fn new(_: u32, x: f64) -> f64 {
        x
    }
    fn ratio(_: u32, x: &BigRational) -> f64 {
        x.to_f64().unwrap_or(f64::INFINITY)
    }
    fn add(&self, y: &f64) -> f64 {
        self + y
    }
    fn sub(&self, y: &f64) -> f64 {
        self - y
    }
    fn mul(&self, y: &f64) -> f64 {
        self * y
    }
    fn div(&self, y: &f64) -> f64 {
        self / y
    }
    fn exp(&self) -> f64 {
        libm::exp(*self)
    }
    fn log(&self) -> f64 {
        libm::log(*self)
    }
    fn sqrt(&self) -> f64 {
        f64::sqrt(*self)
    }
    fn compare(&self, y: &f64) -> Ordering {
        self.partial_cmp(y).unwrap_or(Ordering::Equal)
    }
    fn to_f64(&self) -> f64 {
        *self
    }
    fn is_finite(&self) -> bool {
        f64::is_finite(*self)
    }
    fn tiny(_: u32) -> f64 {
        1e-11
    }
}

impl Number for Float {
    fn new(bits: u32, x: f64) -> Float {
        Float::with_val(bits, x)
    }
    fn ratio(bits: u32, x: &BigRational) -> Float {
        let text = format!("{}/{}", x.numer(), x.denom());
        let rational: rug::Rational = text.parse().expect("a numerator and a positive denominator");
        Float::with_val(bits, rational)
    }
    fn add(&self, y: &Float) -> Float {
        Float::with_val(self.prec(), self + y)
    }
    fn sub(&self, y: &Float) -> Float {
        Float::with_val(self.prec(), self - y)
    }
    fn mul(&self, y: &Float) -> Float {
        Float::with_val(self.prec(), self * y)
    }
    fn div(&self, y: &Float) -> Float {
        Float::with_val(self.prec(), self / y)
    }
    fn exp(&self) -> Float {
        Float::with_val(self.prec(), self.exp_ref())
    }
    fn log(&self) -> Float {
        Float::with_val(self.prec(), self.ln_ref())
    }
    fn sqrt(&self) -> Float {
        Float::with_val(self.prec(), self.sqrt_ref())
    }
    fn compare(&self, y: &Float) -> Ordering {
        self.partial_cmp(y).unwrap_or(Ordering::Equal)
    }
    fn to_f64(&self) -> f64 {
        Float::to_f64(self)
    }
    fn is_finite(&self) -> bool {
        Float::is_finite(self)
    }
    fn tiny(bits: u32) -> Float {
        Float::with_val(bits, 1) >> (bits / 2)
    }
}

/// A number that may move with t_1, t_2, ...: at + slope*t, where both may move with those of a lower level.
#[derive(Clone)]
pub enum Jet<T> {
    Still(T),
    Moving { level: u32, at: Box<Jet<T>>, slope: Box<Jet<T>> },
}

use Jet::{Moving, Still};

impl<T: Number> Jet<T> {
    pub fn moving(level: u32, at: Jet<T>, slope: Jet<T>) -> Jet<T> {
        Moving { level, at: at.into(), slope: slope.into() }
    }

    /// The number without its derivatives.
    pub fn value(&self) -> &T {
        match self {
            Still(x) => x,
            Moving { at, .. } => at.value(),
        }
    }

    pub fn moves(&self) -> bool {
        matches!(self, Moving { .. })
    }

    fn level(&self) -> u32 {
        match self {
            Still(_) => 0,
            Moving { level, .. } => *level,
        }
    }

    /// The coefficient of t at this level.
    pub fn slope(&self, level: u32, zero: &T) -> Jet<T> {
        match self {
            Moving { level: own, slope, .. } if *own == level => (**slope).clone(),
            _ => Still(zero.clone()),
        }
    }

    /// Whether some derivative is not 0.
    pub fn leaves(&self, zero: &T) -> bool {
        let differs = |jet: &Jet<T>| jet.leaves(zero) || jet.value().compare(zero) != Ordering::Equal;
        match self {
            Still(_) => false,
            Moving { at, slope, .. } => at.leaves(zero) || differs(slope),
        }
    }

    fn at(&self, level: u32) -> &Jet<T> {
        match self {
            Moving { level: own, at, .. } if *own == level => at,
            _ => self,
        }
    }

    fn part(&self, level: u32) -> Option<&Jet<T>> {
        match self {
            Moving { level: own, slope, .. } if *own == level => Some(slope),
            _ => None,
        }
    }

    fn linear(&self, y: &Jet<T>, op: &dyn Fn(&T, &T) -> T, zero: &T) -> Jet<T> {
        if let (Still(x), Still(y)) = (self, y) {
            return Still(op(x, y));
        }
        let level = self.level().max(y.level());
        let nothing = Still(zero.clone());
        let slope = self.part(level).unwrap_or(&nothing).linear(y.part(level).unwrap_or(&nothing), op, zero);
        Jet::moving(level, self.at(level).linear(y.at(level), op, zero), slope)
    }

    pub fn add(&self, y: &Jet<T>, zero: &T) -> Jet<T> {
        self.linear(y, &T::add, zero)
    }

    pub fn sub(&self, y: &Jet<T>, zero: &T) -> Jet<T> {
        self.linear(y, &T::sub, zero)
    }

    pub fn mul(&self, y: &Jet<T>, zero: &T) -> Jet<T> {
        if let (Still(x), Still(y)) = (self, y) {
            return Still(x.mul(y));
        }
        let level = self.level().max(y.level());
        let (a, b) = (self.at(level), y.at(level));
        let terms = [self.part(level).map(|slope| slope.mul(b, zero)), y.part(level).map(|slope| slope.mul(a, zero))];
        let slope = terms.into_iter().flatten().reduce(|x, y| x.add(&y, zero)).expect("one of them moves");
        Jet::moving(level, a.mul(b, zero), slope)
    }

    /// f(at + slope t) = f(at) + f'(at) slope t
    fn chain(&self, f: &dyn Fn(&T) -> T, derivative: &dyn Fn(&Jet<T>) -> Jet<T>, zero: &T) -> Jet<T> {
        match self {
            Still(x) => Still(f(x)),
            Moving { level, at, slope } => {
                Jet::moving(*level, at.chain(f, derivative, zero), derivative(at).mul(slope, zero))
            }
        }
    }

    pub fn exp(&self, zero: &T) -> Jet<T> {
        self.chain(&T::exp, &|at| at.exp(zero), zero)
    }

    pub fn inverse(&self, zero: &T) -> Jet<T> {
        let one = zero.exp();
        self.chain(&|x| one.div(x), &|at| Still(zero.clone()).sub(&at.mul(at, zero).inverse(zero), zero), zero)
    }

    pub fn log(&self, zero: &T) -> Jet<T> {
        self.chain(&T::log, &|at| at.inverse(zero), zero)
    }

    pub fn sqrt(&self, zero: &T) -> Jet<T> {
        let twice = |at: &Jet<T>| at.sqrt(zero).add(&at.sqrt(zero), zero);
        self.chain(&T::sqrt, &|at| twice(at).inverse(zero), zero)
    }
}
