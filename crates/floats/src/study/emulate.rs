//! What formulas give in a mode on rows of real logits: the computed numbers alone, fast, whatever the actions.
//!
//! ```
//! use logitlab_floats::formulas::find;
//! use logitlab_floats::study::{Emulator, Mode};
//!
//! let mode: Mode = "bf16-lse".parse().unwrap();
//! let emulator = Emulator::new(&mode, &[find("production").unwrap(), find("tail").unwrap()], 1.0).unwrap();
//! // Two rows of three logits; the second action is chosen in both.
//! let [w, tail] = &emulator.run(0, &[0.0, 9.0, 1.0, 0.0, 0.5, 0.0], &[1, 1])[..] else { unreachable!() };
//! // 3.4e-7 is right: in this mode the closed form is off by a factor of more than 2000 at P_c = 0.9995.
//! assert!(w[0] > 2000.0 * tail[0] && tail[0] > 0.0);
//! assert!((w[1] / tail[1] - 1.0).abs() < 0.01);
//! ```

use std::collections::HashMap;

use crate::arith::Given;
use crate::arith::rational::Rational as _;
use crate::formats::Operation;
use crate::formulas::{ACTION, Formula, LOGITS};

use super::backend::BackEnd as _;
use super::bounds::Reference;
use super::columns::Columns;
use super::compile::{Compiler, Names, Setting};
use super::lanes::TOGETHER;
use super::machines::Machines;
use super::mode::{Mode, Place};
use super::noise::Noise;
use super::program::{CaseBlock, Program};
use super::run::{Plan, StudyError, policies};
use super::wide::Wide;

/// Formulas in a mode, ready to be computed on rows of any length with any actions: by the same roundings as
/// [`Program`], and the same results.
#[derive(Clone, Debug)]
pub struct Emulator {
    plan: Plan,
    machines: Machines,
    /// `None` where vectors as a whole will not do: a formula that names coordinates, a softmax in one pass, random
    /// rounding. Then every row's action is compiled for itself.
    wide: Option<Wide>,
}

impl Emulator {
    /// Prepares formulas that read one policy's logits, divided by a temperature.
    ///
    /// # Errors
    /// If a formula is no computation or the mode has a format that is too wide.
    ///
    /// # Panics
    /// If the temperature is not finite, or a formula compares two policies.
    pub fn new(mode: &Mode, formulas: &[&Formula], temperature: impl Into<Given>) -> Result<Emulator, StudyError> {
        assert!(formulas.iter().all(|formula| policies(formula) == 1), "formulas of one policy");
        let plan = Plan {
            modes: vec![*mode],
            formulas: formulas.iter().map(|&formula| formula.clone()).collect(),
            temperature: temperature.into().rational().to_big(),
            reference: Reference::Stored,
            bounds: false,
            seed: 0,
        };
        let wrong = |why| StudyError::Mode { mode: mode.to_string(), why };
        let machines = Machines::new(mode).map_err(wrong)?;
        let wide = if machines.are_random() { None } else { widen(&plan, machines.clone()) };
        if wide.is_none() {
            // What is wrong with a formula is told here and not in the middle of a file.
            plan.formulas.iter().try_for_each(|formula| plan.program(mode, formula, 2, 0).map(drop))?;
        }
        Ok(Emulator { plan, machines, wide })
    }

    /// The mode.
    pub fn mode(&self) -> &Mode {
        &self.plan.modes[0]
    }

    /// The results, formula by formula, one for each row: NaN or infinite where the computation ends so. `logits` has
    /// the rows one after the other, `actions` the chosen action of each; `start` numbers the first row, for modes that
    /// round at random.
    ///
    /// # Panics
    /// If the rows are not all of one length, or an action is not in its row.
    pub fn run(&self, start: u64, logits: &[f64], actions: &[usize]) -> Vec<Vec<f64>> {
        let mut results = vec![Vec::with_capacity(actions.len()); self.plan.formulas.len()];
        if actions.is_empty() {
            return results;
        }
        let k = logits.len() / actions.len();
        assert!(
            k * actions.len() == logits.len() && actions.iter().all(|&action| action < k),
            "rows and their actions"
        );
        match &self.wide {
            Some(wide) => {
                let mut values = wide.values();
                for (rows, actions) in logits.chunks(k * TOGETHER).zip(actions.chunks(TOGETHER)) {
                    wide.run(rows, actions, &mut values, &mut results);
                }
            }
            None => self.one_by_one(start, k, logits, actions, &mut results),
        }
        results
    }

    /// The logits as the mode stores them, where it does not round at random: those of the policy that it computes
    /// with.
    pub fn store(&self, logits: &[f64]) -> Vec<f64> {
        let machine = self.machines.at(Place::Logits);
        let path = super::lanes::Loop::of(Operation::Round, machine, &[f64::MANTISSA_DIGITS]);
        let (mut stored, mut flags) = (vec![0.0; logits.len()], vec![0; logits.len()]);
        path.apply(Operation::Round, machine, [logits; 3], &mut stored, &mut flags, &mut Noise::new(0, 0));
        stored
    }

    fn one_by_one(&self, start: u64, k: usize, logits: &[f64], actions: &[usize], results: &mut [Vec<f64>]) {
        let mut block = CaseBlock::default();
        for (formula, results) in self.plan.formulas.iter().zip(results) {
            let mut programs: HashMap<usize, Program> = HashMap::new();
            for ((row, logits), &action) in (start..).zip(logits.chunks_exact(k)).zip(actions) {
                let program = programs.entry(action).or_insert_with(|| {
                    self.plan.program(self.mode(), formula, k, action).expect("it could be compiled before")
                });
                program.run(logits, 1, &mut Noise::new(self.plan.seed, row), &mut block);
                results.push(block.register(program.tape().result)[0]);
            }
        }
    }
}

/// The formulas as steps on whole vectors, what they have in common done once; `None` if one cannot be.
fn widen(plan: &Plan, machines: Machines) -> Option<Wide> {
    let (logits, action) = ([LOGITS.into()], ACTION.into());
    let setting = Setting { k: 0, action: 0, mode: &plan.modes[0], temperature: &plan.temperature };
    let mut columns = Columns::new(setting);
    let mut results = Vec::new();
    for formula in &plan.formulas {
        let names = Names { logits: &logits, action: &action, definitions: &formula.definitions };
        let mut compiler = Compiler::new(names, columns);
        let entry = compiler.real(&formula.tree).ok()?;
        results.push(compiler.back.register(entry));
        columns = compiler.back;
    }
    Some(Wide::new(columns.steps, results, machines, plan.modes[0].order))
}
