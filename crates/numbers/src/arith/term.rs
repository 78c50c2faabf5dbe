//! Formulas over a number system that read like formulas.

use std::borrow::Borrow;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Arithmetic, Eval, Function};

/// A real of a number system, or why it has none: what the operators give is computed in that system, in the order in
/// which the formula is written, and the first fault is the formula's.
///
/// # Examples
/// ```
/// use logitlab_numbers::arith::exact::Exact;
/// use logitlab_numbers::arith::term::Term;
/// use logitlab_numbers::arith::{Arithmetic, Eval, Real};
///
/// /// h^2 v / 2
/// fn bound<A: Arithmetic>(s: &A, h: Real<A>, v: Real<A>) -> Eval<Real<A>> {
///     let [h, v, two] = [h, v, s.integer(2)].map(|x| Term::new(s, x));
///     (h.square() * v / two).get()
/// }
///
/// let s = Exact::<rug::Rational>::new();
/// let found = bound(&s, s.integer(3), s.integer(4))?;
/// assert_eq!(s.equal(&found, &s.integer(18)), Ok(true.into()));
///
/// let [one, zero] = [1, 0].map(|n| Term::new(&s, s.integer(n)));
/// assert!((one / &zero + zero).get().is_err());
/// # Ok::<(), logitlab_numbers::arith::Fault>(())
/// ```
#[derive(Debug)]
pub struct Term<'s, A: Arithmetic> {
    system: &'s A,
    value: Eval<A::Real>,
}

impl<A: Arithmetic> Clone for Term<'_, A> {
    fn clone(&self) -> Self {
        Term { system: self.system, value: self.value.clone() }
    }
}

impl<'s, A: Arithmetic> Term<'s, A> {
    /// A real.
    pub fn new(system: &'s A, value: A::Real) -> Self {
        Term { system, value: Ok(value) }
    }

    /// The value of the formula.
    ///
    /// # Errors
    /// The first fault in it.
    pub fn get(self) -> Eval<A::Real> {
        self.value
    }

    /// x^2
    pub fn square(&self) -> Self {
        let value = match &self.value {
            Ok(x) => self.system.power(x, 2),
            Err(fault) => Err(*fault),
        };
        Term { system: self.system, value }
    }

    /// The square root.
    pub fn sqrt(self) -> Self {
        Term { system: self.system, value: self.value.and_then(|x| self.system.function(Function::Sqrt, x)) }
    }

    /// What an operation gives of this and another.
    fn with(self, other: &Self, f: impl FnOnce(&A, A::Real, &A::Real) -> Eval<A::Real>) -> Self {
        let value = match (self.value, &other.value) {
            (Ok(x), Ok(y)) => f(self.system, x, y),
            (Err(fault), _) => Err(fault),
            (_, Err(fault)) => Err(*fault),
        };
        Term { system: self.system, value }
    }
}

impl<A: Arithmetic> Neg for Term<'_, A> {
    type Output = Self;

    fn neg(self) -> Self {
        Term { system: self.system, value: self.value.and_then(|x| self.system.neg(x)) }
    }
}

/// An operator on terms and on references to terms; one that is kept is copied where the system takes it.
macro_rules! operator {
    ($trait:ident, $name:ident) => {
        impl<'s, A: Arithmetic, T: Borrow<Term<'s, A>>> $trait<T> for Term<'s, A> {
            type Output = Term<'s, A>;

            fn $name(self, other: T) -> Term<'s, A> {
                self.with(other.borrow(), A::$name)
            }
        }

        impl<'s, A: Arithmetic, T: Borrow<Term<'s, A>>> $trait<T> for &Term<'s, A> {
            type Output = Term<'s, A>;

            fn $name(self, other: T) -> Term<'s, A> {
                self.clone().with(other.borrow(), A::$name)
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);
