//! Every case of a finite space: all logits of a format, for a small number of actions.

use std::ops::{ControlFlow, Range};

use serde::Serialize;

use crate::formats::Format;
use crate::formulas::Formula;

use super::bounds::{Reference, Running};
use super::cases::Case;
use super::comparison::Cell;
use super::mode::{Mode, Place};
use super::noise::Noise;
use super::program::{CaseBlock, Program};
use super::rounds::in_order;
use super::run::{Plan, StudyError, policies};
use super::sweep::{Results, Sweep};
use super::tally::{Errors, WorstCase};
use super::yardstick::Yardstick;

/// All K-tuples of finite numbers of the format that logits are stored in; the first action is the chosen one.
#[derive(Clone, Debug)]
pub struct Space {
    /// The finite numbers of the format, in rising order.
    numbers: Vec<f64>,
    k: usize,
}

impl Space {
    /// The space of a format of at most 16 bits.
    ///
    /// # Panics
    /// For wider formats, or K < 2.
    pub fn new(format: &Format, k: usize) -> Space {
        assert!(format.bits() <= 16 && k >= 2, "a space that can be walked");
        Space { numbers: format.numbers().iter().map(rug::Float::to_f64).collect(), k }
    }

    /// How many cases there are; `None` beyond 2^64.
    pub fn count(&self) -> Option<u64> {
        (self.numbers.len() as u64).checked_pow(self.k as u32)
    }

    /// A case by its position.
    pub fn case(&self, position: u64) -> Case {
        let n = self.numbers.len() as u64;
        let mut rest = position;
        let mut logits = vec![0.0; self.k];
        for logit in logits.iter_mut().rev() {
            *logit = self.numbers[(rest % n) as usize];
            rest /= n;
        }
        Case { logits, k: self.k, action: 0 }
    }

    /// The outer tuples: all coordinates but the last, which is walked in the inner loop.
    fn rows(&self) -> u64 {
        (self.numbers.len() as u64).pow(self.k as u32 - 1)
    }
}

/// Cases that one thread walks before it reports: a table of counts is set up for so many.
const CASES: u64 = 1 << 20;

/// Computes a formula in a mode on every case of a space. The result does not depend on the number of threads.
///
/// `done` is told how many more cases are finished, and `stop` says whether to end early; the number of cases counted
/// says how far it came.
///
/// # Errors
/// If the formula cannot be computed in the mode.
///
/// # Panics
/// For a formula of two policies, or whose meaning is none of ours.
pub fn run(
    plan: &Plan,
    mode: &Mode,
    formula: &Formula,
    space: &Space,
    done: &(dyn Fn(u64) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Errors, StudyError> {
    assert!(policies(formula) == 1 && formula.quantity.is_some(), "a formula of one policy and a known meaning");
    let program = plan.program(mode, formula, space.k, 0)?;
    // Compiled once to learn of errors; every task makes its own.
    Yardstick::new(plan, mode, formula, space.k, 0)?;
    let step = (CASES / space.numbers.len() as u64).max(1);
    let mut total = Sweep::default();
    let part = |rows: Range<u64>| {
        if stop() {
            return Ok(Sweep::default());
        }
        let cases = (rows.end - rows.start) * space.numbers.len() as u64;
        let part = Walk { plan, mode, formula, space, program: &program }.rows(rows);
        done(cases);
        part
    };
    let take = |part: Sweep| {
        total.merge(part);
        if stop() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    in_order(space.rows(), step, part, take)?;
    let witness = total.worst().and_then(|(_, position)| witness(plan, formula, &program, &space.case(position)));
    Ok(total.into_errors(witness))
}

struct Walk<'a> {
    plan: &'a Plan,
    mode: &'a Mode,
    formula: &'a Formula,
    space: &'a Space,
    program: &'a Program,
}

impl Walk<'_> {
    fn rows(&self, rows: Range<u64>) -> Result<Sweep, StudyError> {
        let Walk { plan, space, program, .. } = *self;
        let n = space.numbers.len();
        let Some(mut yardstick) = Yardstick::new(plan, self.mode, self.formula, space.k, 0)? else {
            return Ok(Sweep::default());
        };
        let mut running = plan.bounds.then(|| Running::new(program));
        let mut sweep = Sweep::default();
        let (mut block, mut inputs, mut unclear) = (CaseBlock::default(), Vec::new(), Vec::new());
        for row in rows {
            let first = row * n as u64;
            let outer = space.case(first).logits;
            let mut noise = Noise::new(plan.seed, row);
            for (index, inner) in space.numbers.chunks(program.lanes()).enumerate() {
                let lanes = inner.len();
                inputs.clear();
                for &logit in &outer[..space.k - 1] {
                    inputs.resize(inputs.len() + lanes, logit);
                }
                inputs.extend_from_slice(inner);
                program.run(&inputs, lanes, &mut noise, &mut block);
                if let Some(running) = &mut running {
                    running.run(program, &block, Reference::Stored);
                }
                let (lo, hi) = yardstick.measure(&inputs, lanes, Reference::Stored);
                let results = Results {
                    computed: block.register(program.tape().result),
                    lo,
                    hi,
                    flags: block.flags(),
                    bounds: running.as_ref().map(|running| running.bounds(program.tape().result)),
                    start: first + (index * program.lanes()) as u64,
                };
                sweep.add(&results, &mut unclear);
                for lane in unclear.drain(..) {
                    let case = space.case(results.start + lane as u64);
                    let bound = results.bounds.map(|bounds| bounds[lane]);
                    self.single(&block, lane, &case, bound, sweep.counts());
                }
            }
        }
        Ok(sweep)
    }

    /// A case whose truth only MPFR can tell.
    fn single(&self, block: &CaseBlock, lane: usize, case: &Case, bound: Option<f64>, errors: &mut Errors) {
        let format = self.mode.target(Place::Combine).format;
        let seen = self.plan.observe(self.program, self.formula, block, lane, &case.logits, 0);
        match seen {
            Some(seen) => errors.add(&seen, &format, || (case.logits.clone(), 0)),
            None => return errors.unclear += 1,
        }
        if let (Some(bound), Some(seen)) = (bound, seen) {
            errors.running.observe(bound, &seen);
        }
    }
}

/// The worst case, computed again.
fn witness(plan: &Plan, formula: &Formula, program: &Program, case: &Case) -> Option<WorstCase> {
    let mut block = CaseBlock::default();
    program.run(&case.logits, 1, &mut Noise::new(plan.seed, 0), &mut block);
    let seen = plan.observe(program, formula, &block, 0, &case.logits, 0)?;
    Some(WorstCase {
        logits: case.logits.clone(),
        action: 0,
        computed: format!("{:e}", seen.computed),
        truth: seen.truth.to_f64(),
        relative: seen.relative(),
    })
}

/// What a run over a space found.
#[derive(Clone, Debug, Serialize)]
pub struct Survey {
    /// The mode's short name, or its text.
    pub mode: String,
    /// The mode in full.
    pub mode_text: String,
    /// The formula's name.
    pub formula: String,
    /// The number of actions.
    pub k: usize,
    /// The format whose numbers the logits are.
    pub logits: Format,
    /// How many cases the space has.
    pub cases: u64,
    /// What was counted; of fewer cases if the run was ended early.
    pub cell: Cell,
}

impl Survey {
    /// From what [`run`] gave.
    pub fn of(name: String, mode: &Mode, formula: &Formula, space: &Space, found: Errors) -> Survey {
        Survey {
            mode: name,
            mode_text: mode.to_string(),
            formula: formula.name.clone(),
            k: space.k,
            logits: mode.target(Place::Logits).format,
            cases: space.count().unwrap_or(u64::MAX),
            cell: Cell::of(found),
        }
    }

    /// Whether every case was counted.
    pub fn is_complete(&self) -> bool {
        self.cell.relative.count + self.cell.counts.unclear == self.cases
    }
}
