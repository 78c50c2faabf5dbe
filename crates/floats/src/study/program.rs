//! Runs a tape on many inputs at once, every operation correctly rounded.
//!
//! A block of cases goes through the tape together, one step after the other over all of them, so that the cost of
//! interpreting a step is shared and its loop runs on vector registers.

use crate::formats::{Narrow, Operation};

use super::lanes::{Flags, Loop};
use super::machines::{Grid, Machines};
use super::matrix_unit;
use super::mode::{Mode, Place};
use super::noise::Noise;
use super::tape::{Register, Step, Tape};

pub use super::machines::TooWide;

/// A tape with the arithmetic of its mode. The numbers of every format involved are held as f64.
#[derive(Clone, Debug)]
pub struct Program {
    tape: Tape,
    mode: Mode,
    machines: Machines,
    /// For each step, what its value can be.
    grids: Vec<Grid>,
    /// For each step, how its loop rounds.
    paths: Vec<Loop>,
    /// For each step that is a constant, its value.
    constants: Vec<f64>,
    /// The registers of the logits as they are stored, policy by policy.
    stored: Vec<Register>,
}

/// The values of a block of cases, and what happened on the way; reused from block to block.
#[derive(Clone, Debug, Default)]
pub struct CaseBlock {
    lanes: usize,
    values: Vec<f64>,
    flags: Vec<Flags>,
}

impl CaseBlock {
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

impl Program {
    /// Prepares a tape.
    ///
    /// # Errors
    /// If a format of the mode is too wide.
    pub fn new(tape: Tape, mode: &Mode) -> Result<Program, TooWide> {
        let machines = Machines::new(mode)?;
        let mut grids: Vec<Grid> = Vec::with_capacity(tape.steps.len());
        let mut paths = Vec::with_capacity(tape.steps.len());
        for step in &tape.steps {
            let of = |register: Register| grids[register as usize];
            paths.push(machines.path(step, of));
            grids.push(machines.grid(step, of));
        }
        let constants = tape.steps.iter().map(|step| machines.constant(step)).collect();
        let stored = stored_logits(&tape);
        Ok(Program { tape, mode: *mode, machines, grids, paths, constants, stored })
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
        self.machines.at(place)
    }

    /// What the value of a register can be.
    pub fn grid(&self, register: Register) -> Grid {
        self.grids[register as usize]
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
    pub fn run(&self, inputs: &[f64], lanes: usize, noise: &mut Noise, block: &mut CaseBlock) {
        self.run_some(inputs, lanes, noise, block, |_| true);
    }

    /// Computes what storing the logits gives, and nothing else; all other registers are 0. Otherwise as
    /// [`Program::run`].
    ///
    /// # Panics
    /// If the length of `inputs` is not `policies * k * lanes`.
    pub fn store(&self, inputs: &[f64], lanes: usize, noise: &mut Noise, block: &mut CaseBlock) {
        let stores = |step: &Step| matches!(step, Step::Input { .. } | Step::Apply(Operation::Round, _, Place::Logits));
        self.run_some(inputs, lanes, noise, block, stores);
    }

    fn run_some(
        &self,
        inputs: &[f64],
        lanes: usize,
        noise: &mut Noise,
        block: &mut CaseBlock,
        takes: impl Fn(&Step) -> bool,
    ) {
        assert_eq!(inputs.len(), self.tape.policies * self.tape.k * lanes, "logits of every case");
        block.lanes = lanes;
        block.values.resize(self.tape.steps.len() * lanes, 0.0);
        block.flags.clear();
        block.flags.resize(lanes, 0);
        for (index, step) in self.tape.steps.iter().enumerate() {
            if takes(step) {
                self.step(index, inputs, lanes, noise, block);
            }
        }
    }

    fn step(&self, index: usize, inputs: &[f64], lanes: usize, noise: &mut Noise, block: &mut CaseBlock) {
        let (done, rest) = block.values.split_at_mut(index * lanes);
        let out = &mut rest[..lanes];
        let at = |register: Register| &done[register as usize * lanes..][..lanes];
        match &self.tape.steps[index] {
            Step::Input { policy, index } => {
                let start = (*policy as usize * self.tape.k + *index as usize) * lanes;
                out.copy_from_slice(&inputs[start..start + lanes]);
            }
            Step::Constant(..) => out.fill(self.constants[index]),
            Step::Block(range) => {
                let machine = self.machine(Place::Sum);
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
            step => self.machines.apply(step, &self.paths[index], at, out, &mut block.flags, noise),
        }
    }

    /// Whether results depend on random bits.
    pub fn is_random(&self) -> bool {
        self.machines.are_random()
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
