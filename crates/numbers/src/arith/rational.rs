//! Rational numbers behind one interface, on num-rational and on rug.

use std::fmt::Debug;
use std::ops::{AddAssign, DivAssign, MulAssign, Neg, SubAssign};

use num_bigint::BigInt;
use num_rational::BigRational;

use super::integer::Integer;

/// What exact arithmetic needs of a rational number.
pub trait Rational:
    Clone
    + Debug
    + Ord
    + Send
    + Sync
    + Neg<Output = Self>
    + for<'a> AddAssign<&'a Self>
    + for<'a> SubAssign<&'a Self>
    + for<'a> MulAssign<&'a Self>
    + for<'a> DivAssign<&'a Self>
{
    /// Its numerators and denominators.
    type Integer: Integer;
    /// The library that computes, as shown in evidence.
    const LIBRARY: &'static str;

    /// n/d in lowest terms; d is not 0.
    fn ratio(n: Self::Integer, d: Self::Integer) -> Self;
    /// The numerator in lowest terms, which carries the sign.
    fn numerator(&self) -> &Self::Integer;
    /// The denominator in lowest terms, positive.
    fn denominator(&self) -> &Self::Integer;

    /// A small whole number.
    fn from_i64(value: i64) -> Self {
        Self::ratio(Self::Integer::from_i64(value), Self::Integer::from_i64(1))
    }

    /// From the plain rational that the rest of the crate uses.
    fn from_big(value: &BigRational) -> Self {
        Self::ratio(Self::Integer::from_big(value.numer()), Self::Integer::from_big(value.denom()))
    }

    /// To the plain rational that the rest of the crate uses.
    fn to_big(&self) -> BigRational {
        BigRational::new_raw(self.numerator().to_big(), self.denominator().to_big())
    }

    /// -1, 0 or 1.
    fn signum(&self) -> i32 {
        self.numerator().signum()
    }

    /// self^n
    fn pow(&self, n: u32) -> Self {
        Self::ratio(self.numerator().pow(n), self.denominator().pow(n))
    }

    /// 1/self, which is not 0.
    fn reciprocal(&self) -> Self {
        Self::ratio(self.denominator().clone(), self.numerator().clone())
    }

    /// The n-th root of a non-negative number, if that is rational.
    fn root_exact(&self, n: u32) -> Option<Self> {
        Some(Self::ratio(self.numerator().root_exact(n)?, self.denominator().root_exact(n)?))
    }

    /// The number of bits of numerator and denominator together.
    fn bits(&self) -> u64 {
        self.numerator().bits() + self.denominator().bits()
    }
}

impl Rational for BigRational {
    type Integer = BigInt;
    const LIBRARY: &'static str = "num-bigint";

    fn ratio(n: BigInt, d: BigInt) -> Self {
        BigRational::new(n, d)
    }

    fn numerator(&self) -> &BigInt {
        self.numer()
    }

    fn denominator(&self) -> &BigInt {
        self.denom()
    }

    // Powers of numbers without a common factor have none: to look for one takes minutes where they are long.
    fn pow(&self, n: u32) -> Self {
        BigRational::new_raw(self.numer().pow(n), self.denom().pow(n))
    }
}

impl Rational for rug::Rational {
    type Integer = rug::Integer;
    const LIBRARY: &'static str = "rug";

    fn ratio(n: rug::Integer, d: rug::Integer) -> Self {
        rug::Rational::from((n, d))
    }

    fn numerator(&self) -> &rug::Integer {
        self.numer()
    }

    fn denominator(&self) -> &rug::Integer {
        self.denom()
    }
}
