//! Derivatives: hyper-dual numbers over any number system.
//!
//! A number with n infinitesimals t_1..t_n (each squared is 0) has 2^n parts, one for each product of distinct t's;
//! the part of t_1 is a first derivative, that of t_1 t_2 a second one (Fike and Alonso, "The development of
//! hyper-dual numbers for exact second-derivative calculations", AIAA 2011-886). Over exact numbers, derivatives are
//! exact. A part that is missing is 0: it is never multiplied, so that a masked logit's -inf stays out of products.

use num_rational::BigRational;

use super::Truth;
use super::fault::{Eval, Fault};
use super::vector::{self, Reduction, Vector};
use super::{Arithmetic, Function, Real, Spread};

/// A number and its derivatives. Part m belongs to the product of the t's whose bits are set in m.
#[derive(Clone, Debug)]
pub struct HyperDual<R> {
    value: R,
    /// Parts 1, 2, 3, ...; those not stored are 0.
    rest: Vec<Option<R>>,
}

impl<R: Clone> HyperDual<R> {
    /// A number that depends on no t.
    pub fn constant(value: R) -> Self {
        HyperDual { value, rest: Vec::new() }
    }

    /// The number without its derivatives.
    pub fn value(&self) -> &R {
        &self.value
    }

    fn part(&self, mask: usize) -> Option<&R> {
        if mask == 0 { Some(&self.value) } else { self.rest.get(mask - 1).and_then(Option::as_ref) }
    }

    fn masks(&self) -> usize {
        self.rest.len() + 1
    }

    fn from_parts(mut part: impl FnMut(usize) -> Eval<Option<R>>, masks: usize) -> Eval<Self> {
        let value = part(0)?.expect("the value is always there");
        let mut rest = (1..masks).map(&mut part).collect::<Eval<Vec<_>>>()?;
        while matches!(rest.last(), Some(None)) {
            rest.pop();
        }
        Ok(HyperDual { value, rest })
    }

    /// The parts without and with the newest t on which the number depends: x = a + b t. `None` for a constant.
    fn split(&self) -> Option<(usize, Self, Parts<R>)> {
        if self.rest.is_empty() {
            return None;
        }
        let top = 1 << self.rest.len().ilog2();
        let low = HyperDual { value: self.value.clone(), rest: self.rest[..top - 1].to_vec() };
        let high = (0..top).map(|mask| self.part(top | mask).cloned()).collect();
        Some((top, low, high))
    }
}

/// The coefficients of one t: like a [`HyperDual`] whose value may be 0.
type Parts<R> = Vec<Option<R>>;

/// The derivative of a function, as a function on these numbers.
type Slope<'a, A> = dyn Fn(&Dual<A>, &HyperDual<Real<A>>) -> Eval<HyperDual<Real<A>>> + 'a;

/// The context: a number system and how many t's are in use.
#[derive(Clone, Copy, Debug)]
pub struct Dual<A> {
    base: A,
    order: u32,
}

impl<A: Arithmetic<Lifted = Dual<A>>> Dual<A> {
    /// One infinitesimal over a number system.
    pub fn new(base: A) -> Self {
        Dual { base, order: 1 }
    }

    /// The derivative with respect to the only t.
    pub fn tangent_of_base(&self, x: &HyperDual<A::Real>) -> A::Real {
        x.part(1).cloned().unwrap_or_else(|| self.base.integer(0))
    }

    fn newest(&self) -> usize {
        1 << (self.order - 1)
    }

    /// The sum over s within m of `x[s] y[m without s]`.
    fn convolve(&self, x: &HyperDual<A::Real>, y: &[Option<&A::Real>], mask: usize) -> Eval<Option<A::Real>> {
        let mut total: Option<A::Real> = None;
        for sub in 0..=mask {
            if sub & !mask != 0 {
                continue;
            }
            if let (Some(a), Some(Some(b))) = (x.part(sub), y.get(mask & !sub)) {
                let term = self.base.mul((*b).clone(), a)?;
                total = Some(match total {
                    Some(sum) => self.base.add(sum, &term)?,
                    None => term,
                });
            }
        }
        Ok(total)
    }

    /// f(a + b t) = f(a) + f'(a) b t, where `slope` gives f' at a.
    fn chain(
        &self,
        x: &HyperDual<A::Real>,
        value: &dyn Fn(&A::Real) -> Eval<A::Real>,
        slope: &Slope<'_, A>,
    ) -> Eval<HyperDual<A::Real>> {
        let Some((top, low, high)) = x.split() else {
            return value(&x.value).map(HyperDual::constant);
        };
        let at_low = self.chain(&low, value, slope)?;
        if high.iter().all(Option::is_none) {
            return Ok(at_low);
        }
        let slope = match slope(self, &low) {
            Err(Fault::Undefined(why)) => return Err(self.at_corner(high[0].as_ref(), why)?),
            slope => slope?,
        };
        let high: Vec<Option<&A::Real>> = high.iter().map(Option::as_ref).collect();
        self.attach(at_low, top, |mask| self.convolve(&slope, &high, mask))
    }

    /// Why f(a + b t) has no derivative where f has a corner at a: it has none if b is not 0, and else |t^2| and
    /// sqrt(t^2) look alike here.
    fn at_corner(&self, moves: Option<&A::Real>, why: &'static str) -> Eval<Fault> {
        let zero = self.base.integer(0);
        Ok(match self.base.equal(moves.unwrap_or(&zero), &zero)? {
            Truth::False => Fault::Undefined(why),
            Truth::Unknown => Fault::Unresolved(why),
            Truth::True => Fault::Unrepresentable("a derivative at a corner that is reached with slope 0"),
        })
    }

    /// low + (the given parts) t
    fn attach(
        &self,
        low: HyperDual<A::Real>,
        top: usize,
        high: impl Fn(usize) -> Eval<Option<A::Real>>,
    ) -> Eval<HyperDual<A::Real>> {
        HyperDual::from_parts(
            |mask| if mask & top == 0 { Ok(low.part(mask).cloned()) } else { high(mask & !top) },
            2 * top,
        )
    }

    fn combine(
        &self,
        x: HyperDual<A::Real>,
        y: &HyperDual<A::Real>,
        op: impl Fn(A::Real, &A::Real) -> Eval<A::Real>,
        alone: impl Fn(A::Real) -> Eval<A::Real>,
    ) -> Eval<HyperDual<A::Real>> {
        let part = |mask: usize| match (x.part(mask), y.part(mask)) {
            (Some(a), Some(b)) => op(a.clone(), b).map(Some),
            (Some(a), None) => Ok(Some(a.clone())),
            (None, Some(b)) => alone(b.clone()).map(Some),
            (None, None) => Ok(None),
        };
        HyperDual::from_parts(part, x.masks().max(y.masks()))
    }

    fn reciprocal(&self, x: &HyperDual<A::Real>) -> Eval<HyperDual<A::Real>> {
        self.chain(x, &|a| self.base.div(self.base.integer(1), a), &|dual, a| {
            let inverse = dual.reciprocal(a)?;
            dual.neg(dual.mul(inverse.clone(), &inverse)?)
        })
    }

    /// Whether it is certainly not 0, or some derivative is not.
    fn leaves_zero(&self, x: &HyperDual<A::Real>) -> Eval<bool> {
        let zero = self.integer(0);
        Ok(self.equal(x, &zero)? == Truth::False || self.move_alike(x, &zero)? == Truth::False)
    }

    fn select(&self, first: bool, x: HyperDual<A::Real>, y: &HyperDual<A::Real>) -> HyperDual<A::Real> {
        if first { x } else { y.clone() }
    }

    fn extreme(&self, x: HyperDual<A::Real>, y: &HyperDual<A::Real>, largest: bool) -> Eval<HyperDual<A::Real>> {
        if x.rest.is_empty() && y.rest.is_empty() {
            let pick = if largest { A::max } else { A::min };
            return pick(&self.base, x.value, &y.value).map(HyperDual::constant);
        }
        let (less, equal) = (self.base.less(&x.value, &y.value)?, self.base.equal(&x.value, &y.value)?);
        match (less, equal) {
            (Truth::True, _) => Ok(self.select(!largest, x, y)),
            (Truth::False, Truth::False) => Ok(self.select(largest, x, y)),
            (_, Truth::True) => match self.move_alike(&x, y)? {
                Truth::True => Ok(x),
                Truth::False => Err(Fault::Undefined("the derivative of a maximum or minimum at a tie")),
                Truth::Unknown => Err(NEAR_TIE),
            },
            _ => Err(NEAR_TIE),
        }
    }

    /// Whether all derivatives agree.
    fn move_alike(&self, x: &HyperDual<A::Real>, y: &HyperDual<A::Real>) -> Eval<Truth> {
        let zero = self.base.integer(0);
        (1..x.masks().max(y.masks())).try_fold(Truth::True, |so_far, mask| {
            let parts = (x.part(mask).unwrap_or(&zero), y.part(mask).unwrap_or(&zero));
            Ok(so_far.and(self.base.equal(parts.0, parts.1)?))
        })
    }

    /// The extreme coordinate. Only those that may be extreme count: a tie below the largest moves nothing.
    fn extreme_of(&self, v: &Vector<Self>, k: usize, largest: bool) -> Eval<HyperDual<A::Real>> {
        let items = (0..k).map(|index| v.at(self, index)).collect::<Eval<Vec<_>>>()?;
        let values = Vector::dense(&self.base, items.iter().map(|x| x.value.clone()).collect());
        let extreme = self.base.reduce(if largest { Reduction::Max } else { Reduction::Min }, &values, k)?;
        let mut best: Option<HyperDual<A::Real>> = None;
        for x in items {
            let (low, high) = if largest { (&x.value, &extreme) } else { (&extreme, &x.value) };
            if self.base.less(low, high)? == Truth::True {
                continue;
            }
            best = Some(match best {
                Some(best) => self.extreme(best, &x, largest)?,
                None => x,
            });
        }
        Ok(best.expect("the extreme coordinate is not beyond itself"))
    }
}

const NEAR_TIE: Fault = Fault::Unresolved("the derivative of a maximum or minimum near a tie");

/// Puts `v + t along` into the first lifted context.
pub fn perturb_base<A>(lifted: &Dual<A>, v: &Vector<A>, along: &Vector<A>, k: usize) -> Eval<Vector<Dual<A>>>
where
    A: Arithmetic<Lifted = Dual<A>>,
{
    let item = |index: usize| {
        let tangent = Some(along.at(&lifted.base, index)?).filter(|x| !lifted.base.is_zero(x));
        Ok(HyperDual { value: v.at(&lifted.base, index)?, rest: tangent.into_iter().map(Some).collect() })
    };
    Ok(Vector::dense(lifted, (0..k).map(item).collect::<Eval<Vec<_>>>()?))
}

impl<A: Arithmetic<Lifted = Dual<A>>> Arithmetic for Dual<A> {
    type Real = HyperDual<A::Real>;
    type Dense = Vec<HyperDual<A::Real>>;
    type Lifted = Self;

    fn rational(&self, value: &BigRational) -> Self::Real {
        HyperDual::constant(self.base.rational(value))
    }

    fn neg(&self, x: Self::Real) -> Eval<Self::Real> {
        let part = |mask: usize| x.part(mask).cloned().map(|a| self.base.neg(a)).transpose();
        HyperDual::from_parts(part, x.masks())
    }

    fn add(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real> {
        self.combine(x, y, |a, b| self.base.add(a, b), Ok)
    }

    fn sub(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real> {
        self.combine(x, y, |a, b| self.base.sub(a, b), |b| self.base.neg(b))
    }

    fn mul(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real> {
        let masks = x.masks().max(y.masks()).next_power_of_two();
        let parts: Vec<Option<&A::Real>> = (0..masks).map(|mask| y.part(mask)).collect();
        HyperDual::from_parts(|mask| self.convolve(&x, &parts, mask), masks)
    }

    fn div(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real> {
        if x.rest.is_empty() && y.rest.is_empty() {
            return self.base.div(x.value, &y.value).map(HyperDual::constant);
        }
        self.mul(x, &self.reciprocal(y)?)
    }

    fn power(&self, x: &Self::Real, n: u32) -> Eval<Self::Real> {
        self.chain(x, &|a| self.base.power(a, n), &|dual, a| match n {
            0 => Ok(dual.integer(0)),
            n => dual.mul(dual.integer(i64::from(n)), &dual.power(a, n - 1)?),
        })
    }

    fn function(&self, function: Function, x: Self::Real) -> Eval<Self::Real> {
        let value = |a: &A::Real| self.base.function(function, a.clone());
        self.chain(&x, &value, &|dual, a| match function {
            Function::Exp => dual.function(Function::Exp, a.clone()),
            Function::Log => dual.reciprocal(a),
            Function::Sqrt => {
                let root = dual.function(Function::Sqrt, a.clone())?;
                dual.reciprocal(&dual.mul(root, &dual.integer(2))?)
            }
            Function::Abs => {
                let zero = dual.base.integer(0);
                match (dual.base.less(&zero, &a.value)?, dual.base.less(&a.value, &zero)?) {
                    (Truth::True, _) => Ok(dual.integer(1)),
                    (_, Truth::True) => Ok(dual.integer(-1)),
                    (Truth::False, Truth::False) => Err(Fault::Undefined("the derivative of |x| at 0")),
                    _ => Err(Fault::Unresolved("the derivative of |x| near 0")),
                }
            }
        })
    }

    fn xlogy(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real> {
        // A coordinate that is 0 and stays 0 (a masked action) contributes 0.
        if self.is_zero(&x) {
            return Ok(self.integer(0));
        }
        let log = match self.function(Function::Log, y.clone()) {
            Err(Fault::Undefined(_)) if !self.leaves_zero(&x)? => {
                return Err(Fault::Unresolved("x log y where x may be 0 and stay so"));
            }
            log => log?,
        };
        self.mul(log, &x)
    }

    fn max(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real> {
        self.extreme(x, y, true)
    }

    fn min(&self, x: Self::Real, y: &Self::Real) -> Eval<Self::Real> {
        self.extreme(x, y, false)
    }

    fn is_zero(&self, x: &Self::Real) -> bool {
        self.base.is_zero(&x.value) && x.rest.iter().flatten().all(|part| self.base.is_zero(part))
    }

    fn reduce(&self, how: Reduction, v: &Vector<Self>, k: usize) -> Eval<Self::Real> {
        match how {
            Reduction::Max | Reduction::Min => self.extreme_of(v, k, how == Reduction::Max),
            Reduction::Sum | Reduction::SumOfSquares => vector::reduce(self, how, v, k),
        }
    }

    fn equal(&self, x: &Self::Real, y: &Self::Real) -> Eval<Truth> {
        self.base.equal(&x.value, &y.value)
    }

    fn less(&self, x: &Self::Real, y: &Self::Real) -> Eval<Truth> {
        self.base.less(&x.value, &y.value)
    }

    fn less_equal(&self, x: &Self::Real, y: &Self::Real) -> Eval<Truth> {
        self.base.less_equal(&x.value, &y.value)
    }

    fn spread(&self, x: &Self::Real, y: &Self::Real) -> Option<Spread> {
        self.base.spread(&x.value, &y.value)
    }

    /// A constant: the shift is arbitrary, so it need not move with the logits.
    fn shift(&self, logits: &Vector<Self>, k: usize) -> Eval<Self::Real> {
        let values = (0..k).map(|index| Ok(logits.at(self, index)?.value)).collect::<Eval<Vec<_>>>()?;
        self.base.shift(&Vector::dense(&self.base, values), k).map(HyperDual::constant)
    }

    fn dense(&self, items: Vec<Self::Real>) -> Self::Dense {
        items
    }

    fn length(&self, dense: &Self::Dense) -> usize {
        dense.len()
    }

    fn element(&self, dense: &Self::Dense, index: usize) -> Self::Real {
        dense[index].clone()
    }

    fn lift(&self) -> Self {
        Dual { base: self.base.clone(), order: self.order + 1 }
    }

    fn perturb(&self, lifted: &Self, v: &Vector<Self>, along: &Vector<Self>, k: usize) -> Eval<Vector<Self>> {
        let top = lifted.newest();
        let item = |index: usize| {
            let along = along.at(self, index)?;
            lifted
                .attach(v.at(self, index)?, top, |mask| Ok(along.part(mask).filter(|x| !self.base.is_zero(x)).cloned()))
        };
        Ok(Vector::dense(lifted, (0..k).map(item).collect::<Eval<Vec<_>>>()?))
    }

    fn constant(&self, _: &Self, x: &Self::Real) -> Self::Real {
        x.clone()
    }

    fn tangent(&self, lifted: &Self, x: &Real<Self>) -> Self::Real {
        let top = lifted.newest();
        let part = |mask: usize| {
            let zero = || (mask == 0).then(|| self.base.integer(0));
            Ok(x.part(top | mask).cloned().or_else(zero))
        };
        HyperDual::from_parts(part, top).expect("copying parts cannot fail")
    }
}
