//! Vectors in R^K that compute their coordinates when asked.
//!
//! `e[c] - P` is not stored: a reduction walks the coordinates once and asks each operand for its own. What is
//! expensive per coordinate (an exponential) or used often (a definition) is stored by [`Arithmetic::store`].

use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Arithmetic, Eval};

/// A vector over a number system; cheap to clone.
pub struct Vector<A: Arithmetic>(Arc<Shape<A>>);

/// How a vector gives its coordinates.
#[derive(Debug)]
pub enum Shape<A: Arithmetic> {
    /// Stored reals.
    Dense(A::Dense),
    /// 1 at one coordinate (0-based), 0 elsewhere.
    Unit(usize),
    /// The same real everywhere.
    Splat(A::Real),
    /// Everything but one coordinate (0-based), which is 0.
    Others(Vector<A>, usize),
    /// -v
    Neg(Vector<A>),
    /// u + v
    Add(Vector<A>, Vector<A>),
    /// u - v
    Sub(Vector<A>, Vector<A>),
    /// The elementwise product.
    Product(Vector<A>, Vector<A>),
    /// x v
    Scale(A::Real, Vector<A>),
    /// v / x
    Over(Vector<A>, A::Real),
}

/// How a vector becomes a real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// The sum of the coordinates.
    Sum,
    /// The sum of their squares.
    SumOfSquares,
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

impl<A: Arithmetic> Clone for Vector<A> {
    fn clone(&self) -> Self {
        Vector(Arc::clone(&self.0))
    }
}

impl<A: Arithmetic> fmt::Debug for Vector<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vector").finish_non_exhaustive()
    }
}

impl<A: Arithmetic> From<Shape<A>> for Vector<A> {
    fn from(shape: Shape<A>) -> Self {
        Vector(Arc::new(shape))
    }
}

impl<A: Arithmetic> Vector<A> {
    /// Stored reals.
    pub fn dense(system: &A, items: Vec<A::Real>) -> Self {
        Shape::Dense(system.dense(items)).into()
    }

    /// How it gives its coordinates.
    pub fn shape(&self) -> &Shape<A> {
        &self.0
    }

    /// Whether a coordinate costs nothing to ask for.
    pub fn is_stored(&self) -> bool {
        matches!(self.shape(), Shape::Dense(_) | Shape::Unit(_) | Shape::Splat(_))
    }

    /// One coordinate, 0-based.
    ///
    /// # Errors
    /// If its computation has no value.
    pub fn at(&self, system: &A, index: usize) -> Eval<A::Real> {
        match self.shape() {
            Shape::Dense(dense) => Ok(system.element(dense, index)),
            Shape::Unit(hot) => Ok(system.integer(i64::from(*hot == index))),
            Shape::Splat(value) => Ok(value.clone()),
            Shape::Others(_, left_out) if *left_out == index => Ok(system.integer(0)),
            Shape::Others(v, _) => v.at(system, index),
            Shape::Neg(v) => system.neg(v.at(system, index)?),
            Shape::Add(u, v) => system.add(u.at(system, index)?, &v.at(system, index)?),
            Shape::Sub(u, v) => system.sub(u.at(system, index)?, &v.at(system, index)?),
            Shape::Product(u, v) if Arc::ptr_eq(&u.0, &v.0) => system.power(&u.at(system, index)?, 2),
            Shape::Product(u, v) => system.mul(u.at(system, index)?, &v.at(system, index)?),
            Shape::Scale(x, v) => system.mul(v.at(system, index)?, x),
            Shape::Over(v, x) => system.div(v.at(system, index)?, x),
        }
    }

    /// Every coordinate through a function, stored.
    ///
    /// # Errors
    /// The first one in order that has no value.
    pub fn map(&self, system: &A, k: usize, f: impl Fn(usize, A::Real) -> Eval<A::Real> + Sync) -> Eval<Self> {
        let one = |index: usize| f(index, self.at(system, index)?);
        let items: Eval<Vec<_>> = if k < PARALLEL {
            (0..k).map(one).collect()
        } else {
            // Collecting in order first keeps the error that is reported independent of the threads.
            let all: Vec<_> = (0..k).into_par_iter().map(one).collect();
            all.into_iter().collect()
        };
        Ok(Vector::dense(system, items?))
    }
}

/// From this length on, coordinates are shared among threads.
pub const PARALLEL: usize = 4096;

/// How many coordinates one thread takes at a time. Fixed, so that results do not depend on the number of threads.
pub const BLOCK: usize = 1024;

/// Walks the coordinates in blocks and combines the blocks in order.
pub fn reduce<A: Arithmetic>(system: &A, how: Reduction, v: &Vector<A>, k: usize) -> Eval<A::Real> {
    let term = |index: usize| {
        let x = v.at(system, index)?;
        if how == Reduction::SumOfSquares { system.power(&x, 2) } else { Ok(x) }
    };
    let join = |x: A::Real, y: &A::Real| match how {
        Reduction::Sum | Reduction::SumOfSquares => system.add(x, y),
        Reduction::Max => system.max(x, y),
        Reduction::Min => system.min(x, y),
    };
    let block = |start: usize| {
        let mut total = term(start)?;
        for index in start + 1..k.min(start + BLOCK) {
            total = join(total, &term(index)?)?;
        }
        Ok(total)
    };
    let starts = (0..k).step_by(BLOCK).collect::<Vec<_>>();
    let blocks: Vec<Eval<A::Real>> = if k < PARALLEL {
        starts.into_iter().map(block).collect()
    } else {
        starts.into_par_iter().map(block).collect()
    };
    let mut blocks = blocks.into_iter();
    let mut total = blocks.next().expect("K >= 1")?;
    for next in blocks {
        total = join(total, &next?)?;
    }
    Ok(total)
}

/// Computes every coordinate once.
pub fn store<A: Arithmetic>(system: &A, v: &Vector<A>, k: usize) -> Eval<Vector<A>> {
    if v.is_stored() { Ok(v.clone()) } else { v.map(system, k, |_, x| Ok(x)) }
}
