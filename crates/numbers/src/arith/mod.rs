//! Number systems, as values chosen at run time.
//!
//! A number system is a context with operations ([`Arithmetic`]); precision is a field of the context, not a type.
//! [`exact`] is rational arithmetic on either of two big-integer libraries, rigorous intervals are
//! in [`interval`] (MPFR) and [`interval64`] (f64), and [`dual`] puts derivatives on top of any of them.
//! [`elementary64`] is no number system: e^x and the logarithm in f64 with proved error bounds.

pub mod decimal;
pub mod dual;
pub mod elementary64;
pub mod exact;
pub mod fault;
pub mod format;
mod given;
pub mod integer;
pub mod interval;
pub mod interval64;
mod literal;
pub mod number;
pub mod program;
pub mod rational;
pub mod scaled;
mod shared;
pub mod simd;
pub mod store;
pub mod term;
pub mod vector;

use std::fmt::Debug;

use num_rational::BigRational;

pub use fault::{Eval, Fault};
pub use given::Given;
pub use literal::Decimal;
pub use logitlab_words::Truth;
pub use vector::{Reduction, Vector};

/// An elementary function of one real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// |x|
    Abs,
    /// The square root of x >= 0.
    Sqrt,
    /// e^x; 0 at -inf.
    Exp,
    /// The natural logarithm of x > 0.
    Log,
}

/// What may be asked of a real x in a floating-point format: one of its finite numbers, or whether x is an even one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InFormat {
    /// The number nearest to x, of two the one with an even significand.
    Nearest,
    /// The largest number that is at most x.
    Down,
    /// The smallest number that is at least x.
    Up,
    /// The largest number below x.
    Pred,
    /// The smallest number above x.
    Succ,
    /// 1 where x is a number with an even significand, 0 where it is another number.
    Even,
}

/// A number system: what a real is here, and the operations on it.
///
/// Every operation is *sound*: the result contains (intervals) or is (exact) the value in the real numbers; where it
/// has none, or the system cannot tell, the [`Fault`] says which. Operands are consumed where that saves a copy.
pub trait Arithmetic: Clone + Sync {
    /// A real number of this system.
    type Real: Clone + Debug + Send + Sync;
    /// K stored reals.
    type Dense: Debug + Send + Sync;
    /// The system in which derivatives of this one are computed.
    type Lifted: Arithmetic<Lifted = Self::Lifted>;

    /// A rational number.
    fn rational(&self, value: &BigRational) -> Self::Real;

    /// A small whole number.
    fn integer(&self, value: i64) -> Self::Real {
        self.rational(&BigRational::from_integer(value.into()))
    }

    /// -x
    fn neg(&self, x: Self::Real) -> Eval<Self::Real>;
    /// x + y
    fn add(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real>;
    /// x - y
    fn sub(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real>;
    /// x y
    fn mul(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real>;
    /// x / y
    fn div(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real>;
    /// x^n, with x^0 = 1
    fn power(&self, x: &Self::Real, n: u32) -> Eval<Self::Real>;
    /// An elementary function.
    fn function(&self, function: Function, x: Self::Real) -> Eval<Self::Real>;
    /// What is asked of x in the floating-point format of the context; most have none.
    fn in_format(&self, how: InFormat, x: Self::Real) -> Eval<Self::Real> {
        _ = (how, x);
        Err(Fault::Unrepresentable(NO_FORMAT))
    }
    /// x log y, 0 where x = 0
    fn xlogy(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real>;
    /// The larger of two.
    fn max(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real>;

    /// The smaller of two.
    fn min(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real> {
        self.neg(self.max(self.neg(x)?, &self.neg(y.clone())?)?)
    }

    /// Whether it is certainly 0, so that a product with it can be left out.
    fn is_zero(&self, x: &Self::Real) -> bool;
    /// Whether x = y.
    fn equal(&self, x: &Self::Real, y: &Self::Real) -> Eval<Truth>;
    /// Whether x < y.
    fn less(&self, x: &Self::Real, y: &Self::Real) -> Eval<Truth>;
    /// Whether x <= y.
    fn less_equal(&self, x: &Self::Real, y: &Self::Real) -> Eval<Truth>;

    /// How far two reals may be apart, and how large they may be, where the system has errors; `None` where reals
    /// are exact.
    fn spread(&self, x: &Self::Real, y: &Self::Real) -> Option<Spread>;

    /// A point to subtract from logits before the exponential, so that nothing overflows; any real is sound.
    fn shift(&self, logits: &Vector<Self>, k: usize) -> Eval<Self::Real>;

    /// Stores reals as a vector.
    fn dense(&self, items: Vec<Self::Real>) -> Self::Dense;
    /// The number of stored reals.
    fn length(&self, dense: &Self::Dense) -> usize;
    /// One of the stored reals.
    fn element(&self, dense: &Self::Dense, index: usize) -> Self::Real;

    /// Reduces a vector of length `k` to a real.
    fn reduce(&self, how: Reduction, v: &Vector<Self>, k: usize) -> Eval<Self::Real> {
        vector::reduce(self, how, v, k)
    }

    /// Computes a vector once and stores it.
    fn store(&self, v: &Vector<Self>, k: usize) -> Eval<Vector<Self>> {
        vector::store(self, v, k)
    }

    /// A context for derivatives.
    fn lift(&self) -> Self::Lifted;
    /// Puts `v + t*along`, t infinitesimal and new, into a lifted context.
    fn perturb(
        &self,
        lifted: &Self::Lifted,
        v: &Vector<Self>,
        along: &Vector<Self>,
        k: usize,
    ) -> Eval<Vector<Self::Lifted>>;
    /// A real as a constant of a lifted context.
    fn constant(&self, lifted: &Self::Lifted, x: &Self::Real) -> Real<Self::Lifted>;
    /// The derivative with respect to the newest t.
    fn tangent(&self, lifted: &Self::Lifted, x: &Real<Self::Lifted>) -> Self::Real;
}

/// Why rounding has no value in a number system without a format.
pub const NO_FORMAT: &str = "rounding, without a floating-point format to round to";

/// The reals of a number system.
pub type Real<A> = <A as Arithmetic>::Real;

/// How far apart two enclosures reach, and how large they reach, as binary exponents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// e with |x - y| <= 2^e for all x, y in the two enclosures; `i64::MIN` for zero.
    pub distance: i64,
    /// e with |x| <= 2^e for all x in either; `i64::MIN` for zero.
    pub magnitude: i64,
}
