//! Runs a study: every formula in every mode on every case, against the truth.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};

use crate::arith::Fault;
use crate::formats::Format;
use crate::formulas::Formula;

use super::bounds::{Forward, RealValues, Reference, Running};
use super::cases::{Case, Cases};
use super::mode::Place;
use super::noise::Noise;
use super::observation::Observation;
pub use super::plan::{Plan, StudyError, policies};
use super::program::{CaseBlock, Program};
use super::rounds::in_order;
use super::tally::Errors;
use super::tape::{Register, Tape};
use super::truth::{TrueValue, truth};
use super::yardstick::Yardstick;

/// What is kept of the results of one formula in one mode.
pub trait Collect: Clone + Default + Send {
    /// Takes a result.
    fn add(&mut self, seen: &Observation, of: Of<'_>);
    /// Takes a result whose truth could not be told sharply enough.
    fn add_unclear(&mut self);
    /// Takes what another one kept, of later cases.
    fn merge(&mut self, later: Self);
}

/// What a result is the result of.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// The case.
    pub case: &'a Case,
    /// The logits that the formula reads, as they were given.
    pub given: &'a [f64],
    /// The logits that the truth is of, as they were stored or given.
    pub reference: &'a [f64],
    /// The format of the result.
    pub format: &'a Format,
}

impl Collect for Errors {
    fn add(&mut self, seen: &Observation, of: Of<'_>) {
        self.add(seen, of.format, || (of.given.to_vec(), of.case.action));
    }

    fn add_unclear(&mut self) {
        self.unclear += 1;
    }

    fn merge(&mut self, later: Errors) {
        crate::stats::merge::Merge::merge(self, later);
    }
}

/// From this many cases of one K and action on, their truths are enclosed together.
const FEW: usize = 16;

impl Plan {
    /// Runs all cases; `done` is told how many more are finished. The result does not depend on the number of threads.
    ///
    /// # Errors
    /// If a formula cannot be computed in a mode.
    pub fn run(&self, cases: &dyn Cases, done: &(dyn Fn(u64) + Sync)) -> Result<Vec<Errors>, StudyError> {
        self.collect(cases, done)
    }

    /// As [`Plan::run`], and keeps of the results what the caller wants.
    ///
    /// # Errors
    /// If a formula cannot be computed in a mode.
    pub fn collect<C: Collect>(&self, cases: &dyn Cases, done: &(dyn Fn(u64) + Sync)) -> Result<Vec<C>, StudyError> {
        let mut total = vec![C::default(); self.lines()];
        let part = |range: Range<u64>| {
            let (start, size) = (range.start, range.end - range.start);
            let chunk: Vec<Case> = range.map(|index| cases.case(index)).collect();
            let kept = self.chunk(&chunk, start);
            done(size);
            kept
        };
        let take = |part: Vec<C>| {
            total.iter_mut().zip(part).for_each(|(total, part)| total.merge(part));
            ControlFlow::Continue(())
        };
        in_order(cases.count(), cases.together(), part, take)?;
        Ok(total)
    }

    /// A result of a block beside its truth; `None` where no sharp truth could be told. Bounds are left out.
    pub fn observe(
        &self,
        program: &Program,
        formula: &Formula,
        block: &CaseBlock,
        lane: usize,
        given: &[f64],
        action: usize,
    ) -> Option<Observation> {
        let logits = self.reference_logits(program, given, block, lane);
        let truth = truth(formula, &logits, action, &self.temperature).ok().filter(TrueValue::is_sharp)?;
        let computed = block.register(program.tape().result)[lane];
        Some(Observation { computed, truth, flags: block.flags()[lane], bounds: None })
    }

    fn chunk<C: Collect>(&self, cases: &[Case], start: u64) -> Result<Vec<C>, StudyError> {
        let mut kept = vec![C::default(); self.lines()];
        let mut truths = Truths::default();
        let mut groups: Vec<((usize, usize), Vec<&Case>)> = Vec::new();
        for case in cases {
            let key = (case.k, case.action);
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, group)) => group.push(case),
                None => groups.push((key, vec![case])),
            }
        }
        for ((k, action), group) in groups {
            truths.forget();
            let lines = self.modes.iter().flat_map(|mode| self.formulas.iter().map(move |formula| (mode, formula)));
            for ((mode, formula), kept) in lines.zip(&mut kept) {
                let program = self.program(mode, formula, k, action)?;
                self.line(&program, formula, &group, start, &mut truths, kept)?;
            }
        }
        Ok(kept)
    }

    /// One formula in one mode on cases of one K and action.
    fn line<C: Collect>(
        &self,
        program: &Program,
        formula: &Formula,
        cases: &[&Case],
        start: u64,
        truths: &mut Truths,
        kept: &mut C,
    ) -> Result<(), StudyError> {
        let coordinates = program.tape().policies * program.tape().k;
        let mut noise = Noise::new(self.seed, start);
        let mut block = CaseBlock::default();
        let format = program.mode().target(Place::Combine).format;
        let Tape { k, .. } = *program.tape();
        let width = program.mode().sharpness();
        // For a few cases it is not worth its compilation.
        let mut limits = self.bounds.then(|| Limits::new(program));
        let mut yardstick = match cases.first() {
            Some(case) if cases.len() >= FEW => Yardstick::new(self, program.mode(), formula, k, case.action)?,
            _ => None,
        };
        for cases in cases.chunks(program.lanes()) {
            let inputs: Vec<f64> =
                (0..coordinates).flat_map(|index| cases.iter().map(move |case| case.logits[index])).collect();
            program.run(&inputs, cases.len(), &mut noise, &mut block);
            if let Some(limits) = &mut limits {
                limits.run(program, &block, self.reference);
            }
            let result = program.tape().result;
            let quick = yardstick.as_mut().map(|yardstick| yardstick.measure(&inputs, cases.len(), self.reference));
            for (lane, case) in cases.iter().enumerate() {
                let computed = block.register(result)[lane];
                let bounds = limits.as_ref().map(|limits| limits.at(result, lane));
                let given = &case.logits[..coordinates];
                let reference = self.reference_logits(program, given, &block, lane);
                let quick =
                    quick.map(|(lo, hi)| TrueValue::between(lo[lane], hi[lane])).filter(|truth| truth.is_within(width));
                match quick.map_or_else(|| truths.of(self, formula, &reference, case.action), Ok) {
                    Ok(truth) if truth.is_within(width) => {
                        let seen = Observation { computed, truth, flags: block.flags()[lane], bounds };
                        kept.add(&seen, Of { case, given, reference: &reference, format: &format });
                    }
                    _ => kept.add_unclear(),
                }
            }
        }
        Ok(())
    }
}

/// Both kinds of error bounds for a program.
struct Limits {
    running: Running,
    real: RealValues,
    a_priori: Forward,
}

impl Limits {
    fn new(program: &Program) -> Limits {
        Limits { running: Running::new(program), real: RealValues::default(), a_priori: Forward::new(program) }
    }

    fn run(&mut self, program: &Program, block: &CaseBlock, reference: Reference) {
        self.running.run(program, block, reference);
        self.real.enclose(program, block, reference);
        self.a_priori.run(program, &self.real, reference);
    }

    fn at(&self, register: Register, lane: usize) -> [f64; 2] {
        [self.running.bounds(register)[lane], self.a_priori.bounds(register)[lane]]
    }
}

impl Plan {
    /// The logits whose policy the truth is of.
    fn reference_logits(&self, program: &Program, given: &[f64], block: &CaseBlock, lane: usize) -> Vec<f64> {
        let logits = match self.reference {
            Reference::Stored => stored(program, block, lane),
            Reference::Given => given.to_vec(),
        };
        // Logits that storing destroyed are those of no policy.
        let is_policy = logits.iter().all(|&z| z < f64::INFINITY) && logits.iter().any(|z| z.is_finite());
        if is_policy { logits } else { given.to_vec() }
    }
}

/// The logits of one case as a mode stored them, which is where the truth starts from.
pub(super) fn stored(program: &Program, block: &CaseBlock, lane: usize) -> Vec<f64> {
    let registers = program.stored_logits().iter();
    registers.map(|&register| block.register(register)[lane]).collect()
}

/// Truths that several modes and formulas share.
#[derive(Default)]
struct Truths {
    known: HashMap<(String, Vec<u64>), Result<TrueValue, Fault>>,
}

impl Truths {
    fn forget(&mut self) {
        self.known.clear();
    }

    fn of(&mut self, plan: &Plan, formula: &Formula, logits: &[f64], action: usize) -> Result<TrueValue, Fault> {
        let key = (formula.label(), logits.iter().map(|z| z.to_bits()).collect());
        *self.known.entry(key).or_insert_with(|| truth(formula, logits, action, &plan.temperature))
    }
}
