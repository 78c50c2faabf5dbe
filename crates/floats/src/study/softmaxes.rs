//! Softmaxes of rows side by side in a mode: in a few passes whose vectors run over actions and rows together.
//!
//! The operations are those of the tape of `softmax(z)`, rounded at the same places and summed in the same order, so
//! the results are the same bits; nothing is kept of them but the probabilities. What passes cannot do, the tape does:
//! a softmax formed in one pass, and random rounding.

use num_rational::BigRational;
use num_traits::One;

use crate::expr::{Op, Tree, Type};
use crate::formats::{Narrow, Operation};
use crate::formulas::{ACTION, LOGITS};

use super::accumulate::{Accumulator, accumulator};
use super::compile::{Names, Setting, compile_vector};
use super::lanes::{self, Flags, TOGETHER};
use super::machines::Machines;
use super::mode::{Mode, Place, Softmax};
use super::noise::Noise;
use super::order::Order;
use super::program::{CaseBlock, Program};
use super::run::StudyError;
use super::tape::{Register, Step, Tape};
use super::unit::Placed;

/// Numbers of a piece: what is read and written of it stays in a cache.
const PIECE: usize = 1024;

/// The softmaxes of some rows in a mode. Rows lie side by side: `z[action*rows + row]`.
#[derive(Debug)]
pub struct Softmaxes {
    actions: usize,
    rows: usize,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Passes(Box<Passes>),
    Tape(Box<Taped>),
}

impl Softmaxes {
    /// For rows of a given number of actions, whose logits are stored as the mode stores them.
    ///
    /// # Errors
    /// If the mode cannot be computed.
    pub fn new(mode: &Mode, actions: usize, rows: usize) -> Result<Softmaxes, StudyError> {
        let machines = Machines::new(mode).map_err(|why| StudyError::Mode { mode: mode.to_string(), why })?;
        if machines.are_random() || mode.softmax == Softmax::Online || rows > TOGETHER {
            return Softmaxes::by_tape(mode, actions, rows);
        }
        Ok(Softmaxes { actions, rows, way: Way::Passes(Box::new(Passes::new(mode, &machines))) })
    }

    /// The same by the tape, slower and in more memory: what the passes are held against.
    ///
    /// # Errors
    /// If the mode cannot be computed.
    pub fn by_tape(mode: &Mode, actions: usize, rows: usize) -> Result<Softmaxes, StudyError> {
        Ok(Softmaxes { actions, rows, way: Way::Tape(Box::new(Taped::new(mode, actions)?)) })
    }

    /// Computes the probabilities.
    ///
    /// # Panics
    /// If a slice has not a number for each action of each row.
    pub fn run(&mut self, z: &[f64], noise: &mut Noise, p: &mut [f64]) {
        let size = self.actions * self.rows;
        assert!(z.len() == size && p.len() == size, "a logit and a probability for each action of each row");
        match &mut self.way {
            Way::Passes(passes) => passes.run(z, self.rows, noise, p),
            Way::Tape(tape) => tape.run(z, self.rows, noise, p),
        }
    }

    /// The sum of each row in the accumulator's format and the mode's order, of terms that are rounded as products are.
    ///
    /// # Panics
    /// If there is not a term for each action of each row, and room for a sum of each row.
    pub fn totals(&mut self, terms: &[f64], noise: &mut Noise, out: &mut [f64]) {
        assert!(terms.len() == self.actions * self.rows && out.len() == self.rows, "terms and sums of each row");
        match &mut self.way {
            Way::Passes(passes) => {
                let mut sum = passes.accumulator(passes.product_width, self.actions, self.rows);
                sum.take(terms);
                out.copy_from_slice(&sum.finish()[..self.rows]);
            }
            Way::Tape(tape) => {
                tape.sum.run(terms, self.rows, noise, &mut tape.block);
                out.copy_from_slice(tape.block.register(tape.sum.tape().result));
            }
        }
    }
}

/// What is done after the sum is known.
#[derive(Debug)]
enum Finish {
    /// Weights over their sum.
    Divide(Placed),
    /// The exponential of the logit less the logarithm of the sum.
    Log(Box<LogSoftmax>),
}

#[derive(Debug)]
struct LogSoftmax {
    log: Placed,
    sub: Placed,
    exp: Placed,
}

#[derive(Debug)]
struct Passes {
    /// Absent of a softmax that is not shifted.
    shift: Option<Placed>,
    exp: Placed,
    total: Placed,
    finish: Finish,
    order: Order,
    sum: Narrow,
    /// How many significant bits a term has that is summed: of a softmax, and of products.
    term_width: u32,
    product_width: u32,
    shifted: Vec<f64>,
    /// A number of each row, over and over.
    fill: Vec<f64>,
    flags: Vec<Flags>,
}

impl Passes {
    fn new(mode: &Mode, machines: &Machines) -> Passes {
        use Operation::{Div, Exp, Log, Round, Sub};
        let width = |place: Place| mode.target(place).format.precision;
        let single = |operation, place, widths: &[u32]| Placed::new(operation, machines.at(place), widths);
        let stored = width(Place::Logits);
        let shifts = mode.softmax != Softmax::Naive;
        let shifted = if shifts { width(Place::Shift) } else { stored };
        let finish = if mode.softmax == Softmax::Log {
            Finish::Log(Box::new(LogSoftmax {
                log: single(Log, Place::Total, &[width(Place::Total)]),
                sub: single(Sub, Place::Logprob, &[shifted, width(Place::Total)]),
                exp: single(Exp, Place::Probability, &[width(Place::Logprob)]),
            }))
        } else {
            Finish::Divide(single(Div, Place::Probability, &[width(Place::Exp), width(Place::Total)]))
        };
        Passes {
            shift: shifts.then(|| single(Sub, Place::Shift, &[stored, stored])),
            exp: single(Exp, Place::Exp, &[shifted]),
            total: single(Round, Place::Total, &[width(Place::Sum)]),
            finish,
            order: mode.order,
            sum: *machines.at(Place::Sum),
            term_width: width(Place::Exp),
            product_width: width(Place::Product),
            shifted: vec![0.0; PIECE],
            fill: vec![0.0; PIECE],
            flags: vec![0; PIECE],
        }
    }

    fn accumulator(&self, width: u32, terms: usize, rows: usize) -> Accumulator<'_> {
        accumulator(self.order, &self.sum, width, terms, rows)
    }

    fn run(&mut self, z: &[f64], rows: usize, noise: &mut Noise, p: &mut [f64]) {
        let size = (PIECE / rows).max(1) * rows;
        let largest = largest(z, rows);
        repeat(&largest[..rows], &mut self.fill);
        let (mut shifted, mut flags) = (std::mem::take(&mut self.shifted), std::mem::take(&mut self.flags));
        let mut sum = self.accumulator(self.term_width, z.len() / rows, rows);
        for (z, p) in z.chunks(size).zip(p.chunks_mut(size)) {
            let weights = match &self.shift {
                Some(shift) => {
                    let shifted = &mut shifted[..z.len()];
                    shift.apply(z, &self.fill[..z.len()], shifted, &mut flags, noise);
                    &*shifted
                }
                None => z,
            };
            self.exp.apply(weights, weights, p, &mut flags, noise);
            sum.take(p);
        }
        let (formed, mut total) = (sum.finish(), [0.0; TOGETHER]);
        self.total.apply(&formed[..rows], &formed[..rows], &mut total[..rows], &mut flags, noise);
        match &self.finish {
            Finish::Divide(divide) => {
                repeat(&total[..rows], &mut self.fill);
                for p in p.chunks_mut(size) {
                    let weights = &mut shifted[..p.len()];
                    weights.copy_from_slice(p);
                    divide.apply(weights, &self.fill[..p.len()], p, &mut flags, noise);
                }
            }
            Finish::Log(log_softmax) => {
                let LogSoftmax { log, sub, exp } = &**log_softmax;
                let mut logs = [0.0; TOGETHER];
                log.apply(&total[..rows], &total[..rows], &mut logs[..rows], &mut flags, noise);
                let shift = self.shift.as_ref().expect("a log-softmax is shifted");
                let (mut tops, mut logs_again) = (vec![0.0; size], vec![0.0; size]);
                repeat(&largest[..rows], &mut tops);
                repeat(&logs[..rows], &mut logs_again);
                for (z, p) in z.chunks(size).zip(p.chunks_mut(size)) {
                    let shifted = &mut shifted[..z.len()];
                    shift.apply(z, &tops[..z.len()], shifted, &mut flags, noise);
                    sub.apply(shifted, &logs_again[..z.len()], p, &mut flags, noise);
                    shifted.copy_from_slice(p);
                    exp.apply(shifted, shifted, p, &mut flags, noise);
                }
            }
        }
        (self.shifted, self.flags) = (shifted, flags);
    }
}

/// One number of each row, over and over.
fn repeat(row: &[f64], out: &mut [f64]) {
    out.chunks_exact_mut(row.len()).for_each(|chunk| chunk.copy_from_slice(row));
}

/// The largest logit of each row; NaN if one is.
fn largest(z: &[f64], rows: usize) -> [f64; TOGETHER] {
    // Columns that are looked at together: as many as fill some vector registers.
    const WIDE: usize = 64;
    let wide = (WIDE / rows).max(1) * rows;
    let mut best = [f64::NEG_INFINITY; WIDE];
    crate::arith::simd::vectorized(
        (z, &mut best[..wide]),
        #[inline(always)]
        |(z, best): (&[f64], &mut [f64])| {
            for chunk in z.chunks(wide) {
                best.iter_mut().zip(chunk).for_each(|(best, &x)| *best = lanes::larger(*best, x));
            }
        },
    );
    let mut found = [f64::NEG_INFINITY; TOGETHER];
    for column in best[..wide].chunks_exact(rows) {
        found.iter_mut().zip(column).for_each(|(found, &x)| *found = lanes::larger(*found, x));
    }
    found
}

#[derive(Debug)]
struct Taped {
    softmax: Program,
    probabilities: Vec<Register>,
    sum: Program,
    block: CaseBlock,
}

impl Taped {
    fn new(mode: &Mode, actions: usize) -> Result<Taped, StudyError> {
        let too_wide = |why| StudyError::Mode { mode: mode.to_string(), why };
        let setting = Setting { k: actions, action: 0, mode, temperature: &BigRational::one() };
        let logits = [LOGITS.into()];
        let read = Names { logits: &logits, action: &ACTION.into(), definitions: &[] };
        let tree = Tree::apply(Op::Softmax, [Tree::variable(LOGITS, Type::Vector)]).expect("the softmax of a vector");
        let (tape, probabilities) =
            compile_vector(&tree, read, setting).map_err(|why| StudyError::Compile { formula: "P".into(), why })?;
        let softmax = Program::new(tape, mode).map_err(too_wide)?;
        let sum = Program::new(sum(actions, mode), mode).map_err(too_wide)?;
        Ok(Taped { softmax, probabilities, sum, block: CaseBlock::default() })
    }

    fn run(&mut self, z: &[f64], rows: usize, noise: &mut Noise, p: &mut [f64]) {
        self.softmax.run(z, rows, noise, &mut self.block);
        for (p, &register) in p.chunks_exact_mut(rows).zip(&self.probabilities) {
            p.copy_from_slice(self.block.register(register));
        }
    }
}

/// The sum of as many inputs as there are actions, in the order of the mode.
fn sum(actions: usize, mode: &Mode) -> Tape {
    let mut tape = Tape { k: actions, policies: 1, ..Tape::default() };
    tape.steps.extend((0..actions as u32).map(|index| Step::Input { policy: 0, index }));
    let terms: Vec<Register> = (0..actions as Register).collect();
    let result = mode.order.emit(&mut tape, &terms);
    Tape { result, ..tape }
}
