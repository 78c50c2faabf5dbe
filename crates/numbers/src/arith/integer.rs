//! Big integers behind one interface, so that exact arithmetic runs on two independent libraries.

use std::fmt::Debug;
use std::ops::{AddAssign, MulAssign, Neg, SubAssign};

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::{Integer as _, Roots};
use num_traits::{One, Pow, Signed, Zero};
use rug::ops::NegAssign;

/// What exact arithmetic needs of an integer.
pub trait Integer:
    Clone
    + Debug
    + Default
    + Ord
    + Send
    + Sync
    + for<'a> AddAssign<&'a Self>
    + for<'a> SubAssign<&'a Self>
    + for<'a> MulAssign<&'a Self>
{
    /// From little-endian 64-bit limbs.
    fn from_limbs(limbs: &[u64]) -> Self;
    /// From a small integer.
    fn from_i64(value: i64) -> Self;
    /// From the plain big integer that the rest of the crate uses.
    fn from_big(value: &BigInt) -> Self;
    /// To the plain big integer that the rest of the crate uses.
    fn to_big(&self) -> BigInt;
    /// self += a b
    fn add_product(&mut self, a: &Self, b: &Self);
    /// self = a, keeping the memory of self.
    fn assign(&mut self, a: &Self);
    /// self = the number with these little-endian 64-bit limbs, keeping the memory of self.
    fn assign_limbs(&mut self, limbs: &[u64]);
    /// self = -self
    fn negate(&mut self);
    /// -1, 0 or 1.
    fn signum(&self) -> i32;
    /// Whether it is 1.
    fn is_one(&self) -> bool;
    /// The number of bits of its magnitude.
    fn bits(&self) -> u64;
    /// The least common multiple.
    fn lcm(&self, other: &Self) -> Self;
    /// self / divisor, which must leave no remainder.
    fn div_exact(&self, divisor: &Self) -> Self;
    /// self^n
    fn pow(&self, n: u32) -> Self;
    /// The n-th root of a non-negative integer, if that is an integer.
    fn root_exact(&self, n: u32) -> Option<Self>;
}

/// Limbs as the 32-bit digits that num-bigint reads.
fn halves(limbs: &[u64]) -> Vec<u32> {
    limbs.iter().flat_map(|limb| [*limb as u32, (limb >> 32) as u32]).collect()
}

impl Integer for BigInt {
    fn from_limbs(limbs: &[u64]) -> Self {
        BigInt::from_biguint(Sign::Plus, BigUint::new(halves(limbs)))
    }

    fn from_i64(value: i64) -> Self {
        BigInt::from(value)
    }

    fn from_big(value: &BigInt) -> Self {
        value.clone()
    }

    fn to_big(&self) -> BigInt {
        self.clone()
    }

    fn add_product(&mut self, a: &Self, b: &Self) {
        *self += a * b;
    }

    fn assign(&mut self, a: &Self) {
        self.clone_from(a);
    }

    fn assign_limbs(&mut self, limbs: &[u64]) {
        match limbs {
            [limb] => self.assign_from_slice(Sign::Plus, &[*limb as u32, (limb >> 32) as u32]),
            limbs => self.assign_from_slice(Sign::Plus, &halves(limbs)),
        }
    }

    fn negate(&mut self) {
        *self = std::mem::take(self).neg();
    }

    fn signum(&self) -> i32 {
        match self.sign() {
            Sign::Minus => -1,
            Sign::NoSign => 0,
            Sign::Plus => 1,
        }
    }

    fn is_one(&self) -> bool {
        One::is_one(self)
    }

    fn bits(&self) -> u64 {
        BigInt::bits(self)
    }

    fn lcm(&self, other: &Self) -> Self {
        num_integer::Integer::lcm(self, other)
    }

    fn div_exact(&self, divisor: &Self) -> Self {
        let (quotient, rest) = self.div_rem(divisor);
        debug_assert!(rest.is_zero());
        quotient
    }

    fn pow(&self, n: u32) -> Self {
        Pow::pow(self, n)
    }

    fn root_exact(&self, n: u32) -> Option<Self> {
        debug_assert!(!Signed::is_negative(self));
        let root = Roots::nth_root(self, n);
        (Pow::pow(&root, n) == *self).then_some(root)
    }
}

impl Integer for rug::Integer {
    fn from_limbs(limbs: &[u64]) -> Self {
        rug::Integer::from_digits(limbs, rug::integer::Order::Lsf)
    }

    fn from_i64(value: i64) -> Self {
        rug::Integer::from(value)
    }

    fn from_big(value: &BigInt) -> Self {
        let mut result = Self::from_limbs(&value.magnitude().to_u64_digits());
        if value.sign() == Sign::Minus {
            result.neg_assign();
        }
        result
    }

    fn to_big(&self) -> BigInt {
        let sign = if self.is_negative() { Sign::Minus } else { Sign::Plus };
        let bytes = self.to_digits::<u8>(rug::integer::Order::Lsf);
        BigInt::from_biguint(sign, BigUint::from_bytes_le(&bytes))
    }

    fn add_product(&mut self, a: &Self, b: &Self) {
        *self += a * b;
    }

    fn assign(&mut self, a: &Self) {
        rug::Assign::assign(self, a);
    }

    fn assign_limbs(&mut self, limbs: &[u64]) {
        self.assign_digits(limbs, rug::integer::Order::Lsf);
    }

    fn negate(&mut self) {
        self.neg_assign();
    }

    fn signum(&self) -> i32 {
        self.cmp0() as i32
    }

    fn is_one(&self) -> bool {
        *self == 1
    }

    fn bits(&self) -> u64 {
        u64::from(self.significant_bits())
    }

    fn lcm(&self, other: &Self) -> Self {
        self.lcm_ref(other).into()
    }

    fn div_exact(&self, divisor: &Self) -> Self {
        self.div_exact_ref(divisor).into()
    }

    fn pow(&self, n: u32) -> Self {
        rug::ops::Pow::pow(self, n).into()
    }

    fn root_exact(&self, n: u32) -> Option<Self> {
        let (root, rest) = self.clone().root_rem(rug::Integer::new(), n);
        rest.is_zero().then_some(root)
    }
}
