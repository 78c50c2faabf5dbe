//! RealValues of what a tape means: its value in real arithmetic, without any rounding.

use crate::arith::simd::vectorized;
use crate::formats::Operation;
use crate::study::mode::Place;
use crate::study::order::Order;
use crate::study::program::{CaseBlock, Program};
use crate::study::tape::{Register, Step};

use super::span::Span;
use super::walk::{Cases, Rules, apply};

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
/// use logitlab_floats::study::bounds::{RealValues, Reference};
/// use logitlab_floats::study::noise::Noise;
/// use logitlab_floats::study::{CaseBlock, Mode, Names, Program, Setting, compile};
/// use num_traits::One;
///
/// let mode: Mode = "bf16".parse().unwrap();
/// let tail = find("tail").unwrap();
/// let names = Names { logits: &[LOGITS.into()], action: &ACTION.into(), definitions: &tail.definitions };
/// let setting = Setting { k: 2, action: 0, mode: &mode, temperature: &num_rational::BigRational::one() };
/// let program = Program::new(compile(&tail.tree, names, setting).unwrap(), &mode).unwrap();
///
/// let (mut block, mut real) = (CaseBlock::default(), RealValues::default());
/// program.run(&[1.0, 0.0], 1, &mut Noise::new(0, 0), &mut block);
/// real.enclose(&program, &block, Reference::Stored);
/// let result = program.tape().result;
/// // 2 / (1 + e)^2
/// assert!((real.lo(result)[0] - 0.144_658_976_257_026_5).abs() < 1e-14);
/// assert!((real.hi(result)[0] - 0.144_658_976_257_026_5).abs() < 1e-14);
/// assert!(real.lo(result)[0] < real.hi(result)[0]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct RealValues {
    lanes: usize,
    lo: Vec<f64>,
    hi: Vec<f64>,
}

/// Writes rules that ask for nothing but the operands.
macro_rules! rules {
    ($($rule:ident($($x:ident),+) = $result:expr;)+) => {
        $(#[inline(always)]
        fn $rule(_: &bool, _: Span, $($x: Span),+) -> Span {
            $result
        })+
    };
}

/// Where real arithmetic leads.
impl Rules for Span {
    /// Whether the logarithm that x is multiplied by is that of x itself.
    type Context = bool;
    type Found = Span;

    rules! {
        rounded(x) = x;
        sum(x, y) = x.sum(y);
        difference(x, y) = x.difference(y);
        product(x, y) = x.product(y);
        quotient(x, y) = x.quotient(y);
        positive_product(x, y) = x.positive_product(y);
        positive_quotient(x, y) = x.positive_quotient(y);
        root(x) = x.root();
        exponential(x) = x.exponential();
        logarithm(x) = x.logarithm();
        negated(x) = x.negated();
        magnitude(x) = x.magnitude();
        larger(x, y) = x.larger(y);
        smaller(x, y) = x.smaller(y);
        exact_product(x, y) = x.product(y);
    }

    #[inline(always)]
    fn guarded(own_log: &bool, _: Span, x: Span, log: Span) -> Span {
        if *own_log { x.xlogx(log) } else { x.guarded(log) }
    }
}

/// Where the intervals of the next register are written, after those that it reads.
struct Ends<'a> {
    lanes: usize,
    known: [&'a [f64]; 2],
    out: [&'a mut [f64]; 2],
}

impl Ends<'_> {
    fn fill(&mut self, span: Span) {
        self.out[0].fill(span.lo);
        self.out[1].fill(span.hi);
    }

    fn points(&mut self, values: &[f64]) {
        self.out.iter_mut().for_each(|ends| ends.copy_from_slice(values));
    }

    /// Writes f of what is there and of two registers, in code for the vectors of this processor.
    #[inline(always)]
    fn change(&mut self, x: Register, y: Register, f: impl Fn(Span, Span, Span) -> Span) {
        let Ends { lanes, known, out: [lows, highs] } = self;
        let ends = |register: Register| known.map(|all| &all[register as usize * *lanes..][..*lanes]);
        let (x, y) = (ends(x), ends(y));
        vectorized(
            (&mut **lows, &mut **highs),
            #[inline(always)]
            move |(lows, highs)| {
                let (xs, ys) = (x[0].iter().zip(x[1]), y[0].iter().zip(y[1]));
                for (((lo, hi), x), y) in lows.iter_mut().zip(highs.iter_mut()).zip(xs).zip(ys) {
                    let here = Span { lo: *lo, hi: *hi };
                    let span = f(here, Span { lo: *x.0, hi: *x.1 }, Span { lo: *y.0, hi: *y.1 }).settled();
                    *lo = span.lo;
                    *hi = span.hi;
                }
            },
        );
    }

    /// Adds to what is there.
    fn add(&mut self, x: Register) {
        self.change(
            x,
            x,
            #[inline(always)]
            |here, x, _| here.sum(x),
        );
    }

    /// The sum of some registers.
    fn total(&mut self, terms: &[Register]) {
        self.fill(Span::point(0.0));
        terms.iter().for_each(|&term| self.add(term));
    }
}

impl Cases for Ends<'_> {
    type Cell = Span;

    #[inline(always)]
    fn each(&mut self, x: Register, y: Register, f: impl Fn(Span, Span, Span) -> Span) {
        self.change(x, y, f);
    }

    fn are_positive(&self, registers: [Register; 2]) -> bool {
        registers.into_iter().all(|register| {
            let lows = &self.known[0][register as usize * self.lanes..][..self.lanes];
            // Without an early end, so that the loop runs on vectors.
            lows.iter().fold(true, |all, &lo| all & (lo >= 0.0))
        })
    }

    fn fused(&mut self, [x, y, z]: [Register; 3]) {
        self.change(
            x,
            y,
            #[inline(always)]
            |_, x, y| x.product(y),
        );
        self.add(z);
    }

    fn block(&mut self, terms: &[Register]) {
        self.total(terms);
    }
}

impl RealValues {
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
    pub fn enclose(&mut self, program: &Program, block: &CaseBlock, reference: Reference) {
        let tape = program.tape();
        self.lanes = block.lanes();
        self.lo.resize(tape.steps.len() * self.lanes, 0.0);
        self.hi.resize(tape.steps.len() * self.lanes, 0.0);
        let compensated = matches!(program.mode().order, Order::Kahan | Order::Neumaier);
        let mut sums = tape.sums.iter().filter(|_| compensated).peekable();
        for (index, step) in tape.steps.iter().enumerate() {
            let register = index as Register;
            let mut ends = self.split(index);
            let stored = reference == Reference::Stored;
            match sums.next_if(|sum| sum.steps.end == register + 1) {
                Some(sum) => ends.total(tape.terms(&sum.terms)),
                None if sums.peek().is_some_and(|sum| sum.steps.contains(&register)) => {
                    ends.fill(Span { lo: f64::NEG_INFINITY, hi: f64::INFINITY });
                }
                None => match step {
                    Step::Input { .. } => ends.points(block.register(register)),
                    Step::Apply(Operation::Round, _, Place::Logits) if stored => ends.points(block.register(register)),
                    Step::Constant(value, _) => ends.fill(constant(value)),
                    step => apply(step, tape, tape.is_own_log(step), &mut ends),
                },
            }
        }
    }

    /// What is known, and where the register at `index` is written.
    fn split(&mut self, index: usize) -> Ends<'_> {
        let lanes = self.lanes;
        let (lo, lo_rest) = self.lo.split_at_mut(index * lanes);
        let (hi, hi_rest) = self.hi.split_at_mut(index * lanes);
        Ends { lanes, known: [lo, hi], out: [&mut lo_rest[..lanes], &mut hi_rest[..lanes]] }
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
