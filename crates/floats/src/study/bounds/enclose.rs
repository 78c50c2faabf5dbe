//! Enclosures of what a tape means: its value in real arithmetic, without any rounding.

use crate::arith::simd::vectorized;
use crate::formats::Operation;
use crate::study::mode::Place;
use crate::study::order::Order;
use crate::study::program::{Block, Program};
use crate::study::tape::{Register, Step};

use super::span::Span;

/// Which logits the true value is that of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    /// The logits as the mode stores them: an error of storage is none of the computation.
    Stored,
    /// The logits as they are given.
    Given,
}

/// An interval for each register of a tape and each case of a block, which contains the register's real value; NaN
/// where nothing is known. Reused from block to block.
///
/// In real arithmetic a rounding changes nothing, the corrections of a compensated sum are 0, and a sum is the sum of
/// its terms in whatever order. Registers inside compensated sums have the interval of all numbers.
///
/// A root of an interval that reaches below 0 is that of its part above, and so is a logarithm: the enclosure is for
/// where the real value exists.
///
/// ```
/// use logitlab_floats::formulas::{ACTION, LOGITS, find};
/// use logitlab_floats::study::bounds::{Enclosures, Reference};
/// use logitlab_floats::study::noise::Noise;
/// use logitlab_floats::study::{Block, Mode, Names, Program, Setting, compile};
/// use num_traits::One;
///
/// let mode: Mode = "bf16".parse().unwrap();
/// let tail = find("tail").unwrap();
/// let names = Names { logits: &[LOGITS.into()], action: &ACTION.into(), definitions: &tail.definitions };
/// let setting = Setting { k: 2, action: 0, mode: &mode, temperature: &num_rational::BigRational::one() };
/// let program = Program::new(compile(&tail.tree, names, setting).unwrap(), &mode).unwrap();
///
/// let (mut block, mut real) = (Block::default(), Enclosures::default());
/// program.run(&[1.0, 0.0], 1, &mut Noise::new(0, 0), &mut block);
/// real.enclose(&program, &block, Reference::Stored);
/// let result = program.tape().result;
/// // 2 / (1 + e)^2
/// assert!((real.lo(result)[0] - 0.144_658_976_257_026_5).abs() < 1e-14);
/// assert!((real.hi(result)[0] - 0.144_658_976_257_026_5).abs() < 1e-14);
/// assert!(real.lo(result)[0] < real.hi(result)[0]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Enclosures {
    lanes: usize,
    lo: Vec<f64>,
    hi: Vec<f64>,
}

/// The intervals of one register.
#[derive(Clone, Copy)]
struct Column<'a> {
    lo: &'a [f64],
    hi: &'a [f64],
}

/// Where those of the next are written.
struct Out<'a> {
    lo: &'a mut [f64],
    hi: &'a mut [f64],
}

impl Column<'_> {
    /// Whether no case has a negative number, nor an unknown one.
    fn is_positive(self) -> bool {
        // Without an early end, so that the loop runs on vectors.
        self.lo.iter().fold(true, |all, &lo| all & (lo >= 0.0))
    }
}

impl Out<'_> {
    fn fill(&mut self, span: Span) {
        self.lo.fill(span.lo);
        self.hi.fill(span.hi);
    }

    fn points(&mut self, values: &[f64]) {
        self.lo.copy_from_slice(values);
        self.hi.copy_from_slice(values);
    }

    #[inline(always)]
    fn map(&mut self, x: Column<'_>, f: impl Fn(Span) -> Span) {
        self.zip(
            x,
            x,
            #[inline(always)]
            |x, _| f(x),
        );
    }

    /// f in each case, in code for the vectors of this processor; a closure that is inlined by force, because a function
    /// would be called apart from them.
    #[inline(always)]
    fn zip(&mut self, x: Column<'_>, y: Column<'_>, f: impl Fn(Span, Span) -> Span) {
        vectorized(
            (&mut *self.lo, &mut *self.hi),
            #[inline(always)]
            move |(lows, highs)| {
                let (xs, ys) = (x.lo.iter().zip(x.hi), y.lo.iter().zip(y.hi));
                for (((lo, hi), x), y) in lows.iter_mut().zip(highs.iter_mut()).zip(xs).zip(ys) {
                    let span = f(Span { lo: *x.0, hi: *x.1 }, Span { lo: *y.0, hi: *y.1 }).settled();
                    *lo = span.lo;
                    *hi = span.hi;
                }
            },
        );
    }

    /// Adds to what is there.
    fn add(&mut self, x: Column<'_>) {
        vectorized(
            (&mut *self.lo, &mut *self.hi),
            #[inline(always)]
            move |(lows, highs)| {
                let xs = x.lo.iter().zip(x.hi);
                for ((lo, hi), x) in lows.iter_mut().zip(highs.iter_mut()).zip(xs) {
                    let span = Span { lo: *lo, hi: *hi }.sum(Span { lo: *x.0, hi: *x.1 }).settled();
                    *lo = span.lo;
                    *hi = span.hi;
                }
            },
        );
    }
}

impl Enclosures {
    /// The lower ends of a register, one for each case.
    pub fn lo(&self, register: Register) -> &[f64] {
        &self.lo[register as usize * self.lanes..][..self.lanes]
    }

    /// The upper ends of a register, one for each case.
    pub fn hi(&self, register: Register) -> &[f64] {
        &self.hi[register as usize * self.lanes..][..self.lanes]
    }

    /// How many cases it holds.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// Encloses the real values of all registers for the logits of a block. Of the block it reads the logits, given or
    /// stored, and nothing else.
    pub fn enclose(&mut self, program: &Program, block: &Block, reference: Reference) {
        let tape = program.tape();
        self.lanes = block.lanes();
        self.lo.resize(tape.steps.len() * self.lanes, 0.0);
        self.hi.resize(tape.steps.len() * self.lanes, 0.0);
        let compensated = matches!(program.mode().order, Order::Kahan | Order::Neumaier);
        let mut sums = tape.sums.iter().filter(|_| compensated).peekable();
        for index in 0..tape.steps.len() {
            match sums.next_if(|sum| sum.steps.end as usize == index + 1) {
                Some(sum) => self.total(index, tape.terms(&sum.terms)),
                None if sums.peek().is_some_and(|sum| sum.steps.contains(&(index as Register))) => {
                    self.split(index).1.fill(Span { lo: f64::NEG_INFINITY, hi: f64::INFINITY });
                }
                None => self.step(index, program, block, reference),
            }
        }
    }

    /// The columns that are done, and the one at `index`.
    fn split<'a>(&'a mut self, index: usize) -> (impl Fn(Register) -> Column<'a>, Out<'a>) {
        let lanes = self.lanes;
        let (lo, lo_rest) = self.lo.split_at_mut(index * lanes);
        let (hi, hi_rest) = self.hi.split_at_mut(index * lanes);
        let (lo, hi) = (&*lo, &*hi);
        let at = move |register: Register| {
            let start = register as usize * lanes;
            Column { lo: &lo[start..start + lanes], hi: &hi[start..start + lanes] }
        };
        (at, Out { lo: &mut lo_rest[..lanes], hi: &mut hi_rest[..lanes] })
    }

    fn total(&mut self, index: usize, terms: &[Register]) {
        let (at, mut out) = self.split(index);
        out.fill(Span::point(0.0));
        for &term in terms {
            out.add(at(term));
        }
    }

    fn step(&mut self, index: usize, program: &Program, block: &Block, reference: Reference) {
        let tape = program.tape();
        let (at, mut out) = self.split(index);
        match &tape.steps[index] {
            Step::Input { .. } => out.points(block.register(index as Register)),
            Step::Constant(value, _) => out.fill(constant(value)),
            Step::Apply(Operation::Round, _, Place::Logits) if reference == Reference::Stored => {
                out.points(block.register(index as Register));
            }
            Step::Apply(operation, [x, y, z], _) => match operation {
                Operation::Round => out.map(at(*x), |x| x),
                Operation::Add => out.zip(
                    at(*x),
                    at(*y),
                    #[inline(always)]
                    |x, y| x.sum(y),
                ),
                Operation::Sub => out.zip(
                    at(*x),
                    at(*y),
                    #[inline(always)]
                    |x, y| x.difference(y),
                ),
                Operation::Mul if at(*x).is_positive() && at(*y).is_positive() => {
                    out.zip(
                        at(*x),
                        at(*y),
                        #[inline(always)]
                        |x, y| x.positive_product(y),
                    );
                }
                Operation::Mul => out.zip(
                    at(*x),
                    at(*y),
                    #[inline(always)]
                    |x, y| x.product(y),
                ),
                Operation::Div if at(*x).is_positive() && at(*y).is_positive() => {
                    out.zip(
                        at(*x),
                        at(*y),
                        #[inline(always)]
                        |x, y| x.positive_quotient(y),
                    );
                }
                Operation::Div => out.zip(
                    at(*x),
                    at(*y),
                    #[inline(always)]
                    |x, y| x.quotient(y),
                ),
                Operation::Fma => {
                    out.zip(
                        at(*x),
                        at(*y),
                        #[inline(always)]
                        |x, y| x.product(y),
                    );
                    out.add(at(*z));
                }
                Operation::Sqrt => out.map(
                    at(*x),
                    #[inline(always)]
                    |x| x.root(),
                ),
                Operation::Exp => out.map(
                    at(*x),
                    #[inline(always)]
                    |x| x.exponential(),
                ),
                Operation::Log => out.map(
                    at(*x),
                    #[inline(always)]
                    |x| x.logarithm(),
                ),
            },
            Step::Guarded([x, log], _) => match &tape.steps[*log as usize] {
                Step::Apply(Operation::Log, [of, ..], _) if of == x => out.zip(
                    at(*x),
                    at(*log),
                    #[inline(always)]
                    |x, y| x.xlogx(y),
                ),
                _ => out.zip(
                    at(*x),
                    at(*log),
                    #[inline(always)]
                    |x, y| x.guarded(y),
                ),
            },
            Step::Neg(x) => out.map(
                at(*x),
                #[inline(always)]
                |x| x.negated(),
            ),
            Step::Abs(x) => out.map(
                at(*x),
                #[inline(always)]
                |x| x.magnitude(),
            ),
            Step::Max(x, y) => out.zip(
                at(*x),
                at(*y),
                #[inline(always)]
                |x, y| x.larger(y),
            ),
            Step::Min(x, y) => out.zip(
                at(*x),
                at(*y),
                #[inline(always)]
                |x, y| x.smaller(y),
            ),
            Step::Product(x, y) => out.zip(
                at(*x),
                at(*y),
                #[inline(always)]
                |x, y| x.product(y),
            ),
            Step::Block(range) => {
                out.fill(Span::point(0.0));
                for &term in tape.terms(range) {
                    out.add(at(term));
                }
            }
        }
    }
}

/// A rational number between neighbouring f64.
fn constant(value: &num_rational::BigRational) -> Span {
    use crate::arith::rational::Rational as _;
    use rug::float::Round;
    let exact = rug::Rational::from_big(value);
    let end = |round| rug::Float::with_val_round(53, &exact, round).0.to_f64_round(round);
    Span { lo: end(Round::Down), hi: end(Round::Up) }
}
