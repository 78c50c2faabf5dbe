//! Runs a tape on many inputs at once, every operation correctly rounded.
//!
//! A block of cases goes through the tape together, one step after the other over all of them, so that the cost of
//! interpreting a step is shared and its loop runs on vector registers.

use rug::Float;

use crate::arith::rational::Rational as _;
use crate::formats::{Narrow, Operation, Rounding};

use super::lanes::{self, Flags, Path};
use super::matrix_unit;
use super::mode::{Mode, PLACES, Place};
use super::noise::Noise;
use super::tape::{Register, Step, Tape};

/// A tape with the arithmetic of its mode. The numbers of every format involved are held as f64.
#[derive(Clone, Debug)]
pub struct Program {
    tape: Tape,
    mode: Mode,
    machines: [Narrow; PLACES.len()],
    /// For each step, how its loop rounds.
    paths: Vec<Path>,
    /// For each step that is a constant, its value.
    constants: Vec<f64>,
    /// The registers of the logits as they are stored, policy by policy.
    stored: Vec<Register>,
}

/// The values of a block of cases, and what happened on the way; reused from block to block.
#[derive(Clone, Debug, Default)]
pub struct Block {
    lanes: usize,
    values: Vec<f64>,
    flags: Vec<Flags>,
}

impl Block {
    /// How many cases it holds.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// A register's values, one for each case.
    pub fn register(&self, register: Register) -> &[f64] {
        let start = register as usize * self.lanes;
        &self.values[start..start + self.lanes]
    }

    /// What happened in each case.
    pub fn flags(&self) -> &[Flags] {
        &self.flags
    }
}

/// A mode with a format that f64 has no room for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is too wide to be computed here: formats of up to 28 bits of precision and f64 itself to nearest are")]
pub struct TooWide(pub String);

impl Program {
    /// Prepares a tape.
    ///
    /// # Errors
    /// If a format of the mode is too wide.
    pub fn new(tape: Tape, mode: &Mode) -> Result<Program, TooWide> {
        let mut machines = Vec::with_capacity(PLACES.len());
        for (place, _) in PLACES {
            let target = mode.target(place);
            machines.push(Narrow::new(target).ok_or_else(|| TooWide(target.to_string()))?);
        }
        let machines: [Narrow; PLACES.len()] = machines.try_into().expect("one for each place");
        let widths = widths(&tape, &machines);
        let path = |step: &Step| match step {
            Step::Apply(operation, arguments, place) => {
                let widths = arguments.map(|argument| widths[argument as usize]);
                Path::of(*operation, &machines[*place as usize], &widths[..operation.arity()])
            }
            Step::Guarded(arguments, place) => {
                let widths = arguments.map(|argument| widths[argument as usize]);
                Path::of(Operation::Mul, &machines[*place as usize], &widths)
            }
            _ => Path::Scalar,
        };
        let paths = tape.steps.iter().map(path).collect();
        let constant = |step: &Step| match step {
            Step::Constant(value, place) => constant(value, &machines[*place as usize]),
            _ => 0.0,
        };
        let constants = tape.steps.iter().map(constant).collect();
        let stored = stored_logits(&tape);
        Ok(Program { tape, mode: *mode, machines, paths, constants, stored })
    }

    /// The tape.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The mode.
    pub fn mode(&self) -> &Mode {
        &self.mode
    }

    /// How a place computes.
    pub fn machine(&self, place: Place) -> &Narrow {
        &self.machines[place as usize]
    }

    /// The value of a step that is a constant.
    pub fn constant(&self, step: usize) -> f64 {
        self.constants[step]
    }

    /// The registers of the logits as they are stored, those of the first policy first.
    pub fn stored_logits(&self) -> &[Register] {
        &self.stored
    }

    /// A number of cases for a block such that its values stay in a cache.
    pub fn lanes(&self) -> usize {
        const VALUES: usize = 1 << 14;
        (VALUES / self.tape.steps.len().max(1)).clamp(1, 256).next_multiple_of(8)
    }

    /// Runs a block of cases. `inputs` has for each policy and coordinate, in that order, the logits of all cases:
    /// `inputs[(policy*k + index)*lanes + case]`.
    ///
    /// # Panics
    /// If the length of `inputs` is not `policies * k * lanes`.
    pub fn run(&self, inputs: &[f64], lanes: usize, noise: &mut Noise, block: &mut Block) {
        assert_eq!(inputs.len(), self.tape.policies * self.tape.k * lanes, "logits of every case");
        block.lanes = lanes;
        block.values.resize(self.tape.steps.len() * lanes, 0.0);
        block.flags.clear();
        block.flags.resize(lanes, 0);
        for index in 0..self.tape.steps.len() {
            self.step(index, inputs, lanes, noise, block);
        }
    }

    /// Computes what storing the logits gives, and nothing else; all other registers are 0. Otherwise as
    /// [`Program::run`].
    ///
    /// # Panics
    /// If the length of `inputs` is not `policies * k * lanes`.
    pub fn store(&self, inputs: &[f64], lanes: usize, noise: &mut Noise, block: &mut Block) {
        assert_eq!(inputs.len(), self.tape.policies * self.tape.k * lanes, "logits of every case");
        block.lanes = lanes;
        block.values.resize(self.tape.steps.len() * lanes, 0.0);
        block.flags.clear();
        block.flags.resize(lanes, 0);
        for (index, step) in self.tape.steps.iter().enumerate() {
            if matches!(step, Step::Input { .. } | Step::Apply(Operation::Round, _, Place::Logits)) {
                self.step(index, inputs, lanes, noise, block);
            }
        }
    }

    fn step(&self, index: usize, inputs: &[f64], lanes: usize, noise: &mut Noise, block: &mut Block) {
        let (done, rest) = block.values.split_at_mut(index * lanes);
        let out = &mut rest[..lanes];
        let at = |register: Register| &done[register as usize * lanes..][..lanes];
        match &self.tape.steps[index] {
            Step::Input { policy, index } => {
                let start = (*policy as usize * self.tape.k + *index as usize) * lanes;
                out.copy_from_slice(&inputs[start..start + lanes]);
            }
            Step::Constant(..) => out.fill(self.constants[index]),
            Step::Apply(operation, arguments, place) => {
                let machine = &self.machines[*place as usize];
                let arguments = arguments.map(at);
                self.paths[index].apply(*operation, machine, arguments, out, &mut block.flags, noise);
            }
            Step::Guarded([x, log], place) => {
                let machine = &self.machines[*place as usize];
                let (x, log) = (at(*x), at(*log));
                self.paths[index].apply(Operation::Mul, machine, [x, log, x], out, &mut block.flags, noise);
                for (out, &x) in out.iter_mut().zip(x) {
                    *out = if x == 0.0 { 0.0 } else { *out };
                }
            }
            Step::Neg(x) => lanes::map(at(*x), out, |x| -x),
            Step::Abs(x) => lanes::map(at(*x), out, f64::abs),
            Step::Max(x, y) => lanes::zip(at(*x), at(*y), out, lanes::larger),
            Step::Min(x, y) => lanes::zip(at(*x), at(*y), out, |x, y| -lanes::larger(-x, -y)),
            Step::Product(x, y) => lanes::zip(at(*x), at(*y), out, |x, y| x * y),
            Step::Block(range) => {
                let machine = &self.machines[Place::Sum as usize];
                let terms = self.tape.terms(range);
                let mut column = vec![0.0; terms.len()];
                for lane in 0..lanes {
                    for (cell, &register) in column.iter_mut().zip(terms) {
                        *cell = done[register as usize * lanes + lane];
                    }
                    let (value, flags) = matrix_unit::add(&column, machine);
                    out[lane] = value;
                    block.flags[lane] |= flags;
                }
            }
        }
    }

    /// Whether results depend on random bits.
    pub fn is_random(&self) -> bool {
        self.machines.iter().any(|machine| matches!(machine.target().rounding, Rounding::Stochastic(_)))
    }
}

fn stored_logits(tape: &Tape) -> Vec<Register> {
    let mut stored: Vec<(u32, u32, Register)> = Vec::new();
    for (register, step) in tape.steps.iter().enumerate() {
        let Step::Apply(Operation::Round, [x, ..], Place::Logits) = step else { continue };
        if let Step::Input { policy, index } = tape.steps[*x as usize] {
            stored.push((policy, index, register as Register));
        }
    }
    stored.sort_unstable();
    stored.into_iter().map(|(.., register)| register).collect()
}

/// How many significant bits the value of each step can have.
fn widths(tape: &Tape, machines: &[Narrow; PLACES.len()]) -> Vec<u32> {
    let mut widths: Vec<u32> = Vec::with_capacity(tape.steps.len());
    for step in &tape.steps {
        let at = |register: &Register| widths[*register as usize];
        let place = |place: &Place| machines[*place as usize].target().format.precision;
        widths.push(match step {
            Step::Input { .. } => f64::MANTISSA_DIGITS,
            Step::Constant(_, p) | Step::Apply(.., p) | Step::Guarded(_, p) => place(p),
            Step::Neg(x) | Step::Abs(x) => at(x),
            Step::Max(x, y) | Step::Min(x, y) => at(x).max(at(y)),
            Step::Product(x, y) => at(x) + at(y),
            Step::Block(_) => place(&Place::Sum),
        });
    }
    widths
}

fn constant(value: &num_rational::BigRational, machine: &Narrow) -> f64 {
    let exact = rug::Rational::from_big(value);
    // Two bits more than any format here has, rounded to odd.
    let (cut, rounded) = Float::with_val_round(53, &exact, rug::float::Round::Zero);
    let cut = cut.to_f64();
    let odd = if rounded == std::cmp::Ordering::Equal { cut } else { f64::from_bits(cut.to_bits() | 1) };
    if machine.is_native() { Float::with_val(53, &exact).to_f64() } else { machine.round(odd, 0) }
}
