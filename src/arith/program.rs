//! Rational vectors on one common denominator, evaluated coordinate by coordinate in integers.
//!
//! The denominators of the operands do not depend on the coordinate. [`compile`] therefore computes the common
//! denominator of a vector expression once, and leaves a small program of integer operations that is run for every
//! coordinate: no gcd, and no allocation once the scratch integers have grown.

use rayon::prelude::*;

use super::Real;
use super::exact::{Exact, Store};
use super::integer::Integer;
use super::number::Number;
use super::rational::Rational;
use super::vector::{BLOCK, PARALLEL, Reduction, Shape, Vector};

/// The numerator of one coordinate as a function of its index.
enum Code<'a, I> {
    Load(&'a [I]),
    Unit(usize, I),
    Constant(I),
    Others(Box<Code<'a, I>>, usize),
    Neg(Box<Code<'a, I>>),
    /// factor * a + other factor * b; `None` is the factor 1.
    Add(Box<Code<'a, I>>, Option<I>, Box<Code<'a, I>>, Option<I>),
    Sub(Box<Code<'a, I>>, Option<I>, Box<Code<'a, I>>, Option<I>),
    Scale(I, Box<Code<'a, I>>),
    Product(Box<Code<'a, I>>, Box<Code<'a, I>>),
}

/// A vector expression in integers: numerators over one positive denominator.
pub struct Program<'a, I> {
    code: Code<'a, I>,
    denominator: I,
}

/// The integers of a rational.
type Int<R> = <R as Rational>::Integer;

/// The program of a vector, if all its parts are rational with common denominators.
pub fn compile<R: Rational>(v: &Vector<Exact<R>>) -> Option<Program<'_, Int<R>>> {
    let one = || Int::<R>::from_i64(1);
    match v.shape() {
        Shape::Dense(Store::Common { numerators, denominator }) => {
            Some(Program { code: Code::Load(numerators), denominator: denominator.clone() })
        }
        Shape::Dense(Store::Mixed(_)) => None,
        Shape::Unit(hot) => Some(Program { code: Code::Unit(*hot, one()), denominator: one() }),
        Shape::Splat(x) => {
            let x = rational(x)?;
            Some(Program { code: Code::Constant(x.numerator().clone()), denominator: x.denominator().clone() })
        }
        Shape::Others(v, left_out) => compile(v).map(|v| v.then(|code| Code::Others(code, *left_out))),
        Shape::Neg(v) => compile(v).map(|v| v.then(Code::Neg)),
        Shape::Add(u, v) => Some(common(compile(u)?, compile(v)?, Code::Add)),
        Shape::Sub(u, v) => Some(common(compile(u)?, compile(v)?, Code::Sub)),
        Shape::Product(u, v) => {
            let (u, v) = (compile(u)?, compile(v)?);
            let mut denominator = u.denominator;
            denominator *= &v.denominator;
            Some(Program { code: Code::Product(u.code.into(), v.code.into()), denominator })
        }
        Shape::Scale(x, v) => Some(compile(v)?.scaled(rational(x)?.clone())),
        Shape::Over(v, x) => {
            let x = rational(x).filter(|x| x.signum() != 0)?;
            Some(compile(v)?.scaled(x.reciprocal()))
        }
    }
}

fn rational<R: Rational>(x: &Real<Exact<R>>) -> Option<&R> {
    match x {
        Number::Rational(x) => Some(x),
        _ => None,
    }
}

/// What makes one program of two on a common denominator: [`Code::Add`] or [`Code::Sub`].
type Join<'a, I> = fn(Box<Code<'a, I>>, Option<I>, Box<Code<'a, I>>, Option<I>) -> Code<'a, I>;

fn common<'a, I: Integer>(u: Program<'a, I>, v: Program<'a, I>, join: Join<'a, I>) -> Program<'a, I> {
    let denominator = u.denominator.lcm(&v.denominator);
    let factor = |d: &I| Some(denominator.div_exact(d)).filter(|factor| !factor.is_one());
    let (m, n) = (factor(&u.denominator), factor(&v.denominator));
    Program { code: join(u.code.into(), m, v.code.into(), n), denominator }
}

impl<'a, I: Integer> Program<'a, I> {
    fn then(self, wrap: impl FnOnce(Box<Code<'a, I>>) -> Code<'a, I>) -> Self {
        Program { code: wrap(self.code.into()), denominator: self.denominator }
    }

    fn scaled<R: Rational<Integer = I>>(mut self, x: R) -> Self {
        self.denominator *= x.denominator();
        if x.numerator().is_one() {
            return self;
        }
        self.then(|code| Code::Scale(x.numerator().clone(), code))
    }

    /// All numerators, and the denominator.
    pub fn store(self, k: usize) -> (Vec<I>, I) {
        let run = |indices: std::ops::Range<usize>| {
            let mut scratch = vec![I::default(); self.code.depth()];
            let mut items = Vec::with_capacity(indices.len());
            for index in indices {
                let mut item = I::default();
                self.code.run(index, &mut item, &mut scratch);
                items.push(item);
            }
            items
        };
        let items = blocks(k, run).into_iter().flatten().collect();
        (items, self.denominator)
    }

    /// The sum, the sum of squares, the largest or the smallest coordinate, as numerator and denominator.
    pub fn reduce(self, how: Reduction, k: usize) -> (I, I) {
        let run = |indices: std::ops::Range<usize>| {
            let mut scratch = vec![I::default(); self.code.depth()];
            let mut item = I::default();
            let mut total: Option<I> = None;
            for index in indices {
                self.code.run(index, &mut item, &mut scratch);
                match (&mut total, how) {
                    (Some(total), Reduction::Sum) => *total += &item,
                    (Some(total), Reduction::SumOfSquares) => total.add_product(&item, &item),
                    (Some(total), Reduction::Max) if item > *total => total.assign(&item),
                    (Some(total), Reduction::Min) if item < *total => total.assign(&item),
                    (Some(_), Reduction::Max | Reduction::Min) => {}
                    (none, how) => {
                        *none = Some(if how == Reduction::SumOfSquares { item.pow(2) } else { item.clone() })
                    }
                }
            }
            total.expect("blocks are not empty")
        };
        let mut blocks = blocks(k, run).into_iter();
        let mut total = blocks.next().expect("K >= 1");
        for next in blocks {
            match how {
                Reduction::Sum | Reduction::SumOfSquares => total += &next,
                Reduction::Max => total = total.max(next),
                Reduction::Min => total = total.min(next),
            }
        }
        let denominator = if how == Reduction::SumOfSquares { self.denominator.pow(2) } else { self.denominator };
        (total, denominator)
    }
}

/// Runs blocks of coordinates, on several threads where that pays: many coordinates, or long numbers.
fn blocks<T: Send>(k: usize, run: impl Fn(std::ops::Range<usize>) -> T + Sync) -> Vec<T> {
    let block = if k < PARALLEL { k.div_ceil(4).clamp(16, BLOCK) } else { BLOCK };
    let starts: Vec<usize> = (0..k).step_by(block).collect();
    let range = |start: usize| start..k.min(start + block);
    if k < 64 {
        starts.into_iter().map(|start| run(range(start))).collect()
    } else {
        starts.into_par_iter().map(|start| run(range(start))).collect()
    }
}

impl<I: Integer> Code<'_, I> {
    /// How many scratch integers a run needs.
    fn depth(&self) -> usize {
        match self {
            Code::Load(_) | Code::Unit(..) | Code::Constant(_) => 0,
            Code::Others(v, _) | Code::Neg(v) | Code::Scale(_, v) => v.depth(),
            Code::Add(u, _, v, _) | Code::Sub(u, _, v, _) | Code::Product(u, v) => u.depth().max(1 + v.depth()),
        }
    }

    fn run(&self, index: usize, out: &mut I, scratch: &mut [I]) {
        match self {
            Code::Load(numerators) => out.assign(&numerators[index]),
            Code::Unit(hot, one) if *hot == index => out.assign(one),
            Code::Unit(..) => out.assign(&I::default()),
            Code::Constant(x) => out.assign(x),
            Code::Others(_, left_out) if *left_out == index => out.assign(&I::default()),
            Code::Others(v, _) => v.run(index, out, scratch),
            Code::Neg(v) => {
                v.run(index, out, scratch);
                out.negate();
            }
            Code::Scale(x, v) => {
                v.run(index, out, scratch);
                *out *= x;
            }
            Code::Add(u, m, v, n) => {
                let right = Self::pair(u, m, v, n, index, out, scratch);
                *out += right;
            }
            Code::Sub(u, m, v, n) => {
                let right = Self::pair(u, m, v, n, index, out, scratch);
                *out -= right;
            }
            Code::Product(u, v) => {
                let right = Self::pair(u, &None, v, &None, index, out, scratch);
                *out *= right;
            }
        }
    }

    /// Runs two codes, the left into `out`, and gives the right, which is borrowed where it is stored as it is.
    fn pair<'s>(
        u: &Self,
        m: &Option<I>,
        v: &'s Self,
        n: &Option<I>,
        index: usize,
        out: &mut I,
        scratch: &'s mut [I],
    ) -> &'s I {
        u.run(index, out, scratch);
        if let Some(m) = m {
            *out *= m;
        }
        if let (Code::Load(numerators), None) = (v, n) {
            return &numerators[index];
        }
        let (first, rest) = scratch.split_first_mut().expect("depth counts one for every right operand");
        v.run(index, first, rest);
        if let Some(n) = n {
            *first *= n;
        }
        first
    }
}
