//! Rational vectors on one common denominator, evaluated coordinate by coordinate in integers.
//!
//! The denominators of the operands do not depend on the coordinate, and neither do factors. [`compile`] therefore
//! computes the common denominator of a vector expression once, pulls factors out of it, and leaves a small program of
//! integer operations that is run for every coordinate: no gcd, no copy of what is stored, and no allocation once the
//! scratch integers have grown.

use std::ops::Range;

use rayon::prelude::*;

use super::Arithmetic;
use super::integer::Integer;
use super::number::Number;
use super::rational::Rational;
use super::store::{Numerators, Store};
use super::vector::{BLOCK, PARALLEL, Reduction, Shape, Vector};

/// The numerator of one coordinate as a function of its index.
enum Code<'a, I> {
    Load(&'a Numerators<I>),
    /// The first at one index, 0 elsewhere.
    Unit(I, usize),
    Constant(I),
    /// 0 at one index.
    Others(Box<Code<'a, I>>, usize),
    /// Both, each times its factor.
    Sum(Box<Code<'a, I>>, Factor<I>, Box<Code<'a, I>>, Factor<I>),
    Product(Box<Code<'a, I>>, Box<Code<'a, I>>),
}

/// What a summand is multiplied by. Most are added or subtracted as they are.
enum Factor<I> {
    One,
    MinusOne,
    Other(I),
}

/// A vector expression in integers: factor * code / denominator, which is positive.
pub struct Program<'a, I> {
    code: Code<'a, I>,
    factor: I,
    denominator: I,
}

/// The integers of a rational.
type Int<R> = <R as Rational>::Integer;

/// The program of a vector, if all its parts are rational with common denominators.
pub fn compile<R, A>(v: &Vector<A>) -> Option<Program<'_, Int<R>>>
where
    R: Rational,
    A: Arithmetic<Real = Number<R>, Dense = Store<R>>,
{
    let one = || Int::<R>::from_i64(1);
    let whole = |code| Program { code, factor: one(), denominator: one() };
    match v.shape() {
        Shape::Dense(Store::Common { numerators, denominator }) => {
            Some(Program { denominator: denominator.clone(), ..whole(Code::Load(numerators)) })
        }
        Shape::Dense(Store::Mixed(_)) => None,
        Shape::Unit(hot) => Some(whole(Code::Unit(one(), *hot))),
        Shape::Splat(x) => Some(whole(Code::Constant(one())).times(rational(x)?)),
        Shape::Others(v, left_out) => {
            let v = compile(v)?;
            Some(Program { code: Code::Others(v.code.into(), *left_out), ..v })
        }
        Shape::Neg(v) => compile(v).map(Program::negated),
        Shape::Add(u, v) => Some(compile(u)?.plus(compile(v)?)),
        Shape::Sub(u, v) => Some(compile(u)?.plus(compile(v)?.negated())),
        Shape::Product(u, v) => {
            let (mut u, v) = (compile(u)?, compile(v)?);
            u.factor *= &v.factor;
            u.denominator *= &v.denominator;
            Some(Program { code: Code::Product(u.code.into(), v.code.into()), ..u })
        }
        Shape::Scale(x, v) => Some(compile(v)?.times(rational(x)?)),
        Shape::Over(v, x) => {
            let x = rational(x).filter(|x| x.signum() != 0)?;
            Some(compile(v)?.times(&x.reciprocal()))
        }
    }
}

fn rational<R: Rational>(x: &Number<R>) -> Option<&R> {
    match x {
        Number::Rational(x) => Some(x),
        _ => None,
    }
}

impl<'a, I: Integer> Program<'a, I> {
    fn negated(mut self) -> Self {
        self.factor.negate();
        self
    }

    fn times<R: Rational<Integer = I>>(mut self, x: &R) -> Self {
        self.factor *= x.numerator();
        self.denominator *= x.denominator();
        self
    }

    fn plus(self, other: Self) -> Self {
        let denominator = self.denominator.lcm(&other.denominator);
        let [(u, m), (v, n)] = [self, other].map(|program| {
            let mut factor = denominator.div_exact(&program.denominator);
            factor *= &program.factor;
            program.code.with_factor(factor)
        });
        Program { code: Code::Sum(u.into(), m, v.into(), n), factor: I::from_i64(1), denominator }
    }

    /// All numerators, and the denominator.
    pub fn store(self, k: usize) -> (Vec<I>, I) {
        let run = |indices: Range<usize>| {
            let mut scratch = self.code.scratch();
            let item = |index| {
                let mut item = I::default();
                self.code.put(index, &mut item, &mut scratch);
                if !self.factor.is_one() {
                    item *= &self.factor;
                }
                item
            };
            indices.map(item).collect::<Vec<I>>()
        };
        (blocks(k, run).into_iter().flatten().collect(), self.denominator)
    }

    /// The sum, the sum of squares, the largest or the smallest coordinate, as numerator and denominator.
    pub fn reduce(self, how: Reduction, k: usize) -> (I, I) {
        // Times a negative factor, the largest is the smallest.
        let how = match how {
            Reduction::Max if self.factor.signum() < 0 => Reduction::Min,
            Reduction::Min if self.factor.signum() < 0 => Reduction::Max,
            how => how,
        };
        let run = |indices: Range<usize>| {
            let mut scratch = self.code.scratch();
            let mut total = I::default();
            for index in indices.clone() {
                let item = self.code.get(index, &mut scratch);
                match how {
                    Reduction::Sum => total += item,
                    Reduction::SumOfSquares => total.add_product(item, item),
                    Reduction::Max if index == indices.start || *item > total => total.assign(item),
                    Reduction::Min if index == indices.start || *item < total => total.assign(item),
                    Reduction::Max | Reduction::Min => {}
                }
            }
            total
        };
        let join = |mut total: I, next: I| match how {
            Reduction::Sum | Reduction::SumOfSquares => {
                total += &next;
                total
            }
            Reduction::Max => total.max(next),
            Reduction::Min => total.min(next),
        };
        let mut total = blocks(k, run).into_iter().reduce(join).expect("K >= 1");
        let power = if how == Reduction::SumOfSquares { 2 } else { 1 };
        total *= &self.factor.pow(power);
        (total, self.denominator.pow(power))
    }
}

/// Runs blocks of coordinates, on several threads where that pays: many coordinates, or long numbers.
fn blocks<T: Send>(k: usize, run: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
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
    /// The same with a factor, which what is constant takes in.
    fn with_factor(mut self, factor: I) -> (Self, Factor<I>) {
        match &mut self {
            Code::Unit(x, _) | Code::Constant(x) => *x *= &factor,
            _ if factor.is_one() => {}
            _ if factor == I::from_i64(-1) => return (self, Factor::MinusOne),
            _ => return (self, Factor::Other(factor)),
        }
        (self, Factor::One)
    }

    /// Scratch integers for a run; the last stays 0.
    fn scratch(&self) -> Vec<I> {
        vec![I::default(); self.depth() + 1]
    }

    fn depth(&self) -> usize {
        match self {
            Code::Load(Numerators::Stored(_)) | Code::Unit(..) | Code::Constant(_) => 0,
            Code::Load(Numerators::Flat { .. }) => 1,
            Code::Others(v, _) => v.depth(),
            Code::Sum(u, _, v, _) | Code::Product(u, v) => 1 + u.depth().max(v.depth()),
        }
    }

    /// The numerator at an index, borrowed where it is stored as it is.
    fn get<'s>(&'s self, index: usize, scratch: &'s mut [I]) -> &'s I {
        match self {
            Code::Load(Numerators::Stored(numerators)) => &numerators[index],
            Code::Constant(x) => x,
            Code::Unit(x, hot) if *hot == index => x,
            Code::Others(v, left_out) if *left_out != index => v.get(index, scratch),
            Code::Unit(..) | Code::Others(..) => scratch.last().expect("the last scratch integer is 0"),
            Code::Load(Numerators::Flat { .. }) | Code::Sum(..) | Code::Product(..) => {
                let (out, rest) = scratch.split_first_mut().expect("depth counts every operation");
                self.put(index, out, rest);
                out
            }
        }
    }

    /// Writes the numerator at an index to `out`.
    fn put(&self, index: usize, out: &mut I, scratch: &mut [I]) {
        match self {
            Code::Sum(u, m, v, n) => {
                u.put(index, out, scratch);
                match m {
                    Factor::One => {}
                    Factor::MinusOne => out.negate(),
                    Factor::Other(m) => *out *= m,
                }
                let v = v.get(index, scratch);
                match n {
                    Factor::One => *out += v,
                    Factor::MinusOne => *out -= v,
                    Factor::Other(n) => out.add_product(v, n),
                }
            }
            Code::Product(u, v) => {
                u.put(index, out, scratch);
                *out *= v.get(index, scratch);
            }
            Code::Load(Numerators::Flat { width, limbs }) => {
                out.assign_limbs(&limbs[index * width..(index + 1) * width]);
            }
            _ => out.assign(self.get(index, scratch)),
        }
    }
}
