//! Runs steps on whole vectors: as few passes over the rows as their reductions allow, piece by piece.

use super::accumulate::{Accumulator, accumulator};
use super::columns::{RowStep, Vector};
use super::lanes::{self, Flags, Loop, TOGETHER};
use super::machines::{Grid, Machines};
use super::mode::Place;
use super::noise::Noise;
use super::order::Order;
use super::tape::{End, Register, Step};

/// So many actions of every row are in a cache together.
const PIECE: usize = 64;

/// Steps with all that is known of them before there are rows.
#[derive(Clone, Debug)]
pub(super) struct Wide {
    steps: Vec<RowStep>,
    /// The numbers that are asked for.
    results: Vec<Register>,
    machines: Machines,
    order: Order,
    paths: Vec<Loop>,
    /// What each result can be.
    grids: Vec<Grid>,
    constants: Vec<f64>,
    /// What is done, one after the other.
    tasks: Vec<Task>,
}

#[derive(Clone, Debug)]
enum Task {
    /// A pass over the rows for these reductions, which all skip the chosen action or none does, by these columns.
    Pass { reductions: Vec<Register>, columns: Vec<Register>, others: bool },
    /// One number for each row; of an entry, by these columns.
    Number { register: Register, columns: Vec<Register> },
}

/// The values of a block of rows: of each register one number for each row, or a piece of a column.
pub(super) struct Values {
    numbers: Vec<Vec<f64>>,
    /// What happens on the way is not looked at.
    flags: Vec<Flags>,
    noise: Noise,
}

/// Some actions of each row.
#[derive(Clone, Copy)]
struct Piece {
    actions: usize,
    lanes: usize,
    /// Where what is the same for all actions is written.
    first: bool,
}

impl Wide {
    pub fn new(steps: Vec<RowStep>, results: Vec<Register>, machines: Machines, order: Order) -> Wide {
        let (mut grids, mut paths, mut constants): (Vec<Grid>, _, _) = (Vec::new(), Vec::new(), Vec::new());
        for step in &steps {
            let of = |x: Register| grids[x as usize];
            let (grid, path, constant) = match step {
                RowStep::Number(step) | RowStep::Entry(step) => {
                    (machines.grid(step, of), machines.path(step, of), machines.constant(step))
                }
                RowStep::Size(place) => (Grid::of(machines.at(*place)), Loop::Scalar, 0.0),
                RowStep::Extreme(_, Vector::All(x) | Vector::Others(x)) | RowStep::At(x) | RowStep::Fill(x) => {
                    (of(*x), Loop::Scalar, 0.0)
                }
                RowStep::Total(_) | RowStep::Extreme(_, Vector::Zero) => {
                    (Grid::of(machines.at(Place::Sum)), Loop::Scalar, 0.0)
                }
            };
            grids.push(grid);
            paths.push(path);
            constants.push(constant);
        }
        let tasks = schedule(&steps);
        Wide { steps, results, machines, order, paths, grids, constants, tasks }
    }

    /// Room for the values of a block.
    pub fn values(&self) -> Values {
        let numbers = vec![Vec::new(); self.steps.len()];
        Values { numbers, flags: vec![0; PIECE * TOGETHER], noise: Noise::new(0, 0) }
    }

    /// Appends the results of rows, at most [`TOGETHER`], one after the other in `rows`, to those of each formula.
    pub fn run(&self, rows: &[f64], actions: &[usize], values: &mut Values, results: &mut [Vec<f64>]) {
        for task in &self.tasks {
            match task {
                Task::Pass { reductions, columns, others } => {
                    self.pass(rows, actions, reductions, columns, *others, values);
                }
                Task::Number { register, columns } => self.number(rows, actions, *register, columns, values),
            }
        }
        for (results, &register) in results.iter_mut().zip(&self.results) {
            results.extend(&values.numbers[register as usize]);
        }
    }

    fn pass(
        &self,
        rows: &[f64],
        actions: &[usize],
        reductions: &[Register],
        columns: &[Register],
        others: bool,
        values: &mut Values,
    ) {
        let lanes = actions.len();
        let k = rows.len() / lanes;
        let count = if others { k - 1 } else { k };
        let fold = |&register: &Register| Some((register, self.fold(register, count, lanes)?));
        let mut folds: Vec<(Register, Fold<'_>)> = reductions.iter().filter_map(fold).collect();
        for start in (0..count).step_by(PIECE) {
            let piece = Piece { actions: PIECE.min(count - start), lanes, first: start == 0 };
            let logit = |lane: usize, index: usize| {
                let index = start + index;
                rows[lane * k + index + usize::from(others && index >= actions[lane])]
            };
            self.columns(columns, piece, logit, values);
            for (_, fold) in &mut folds {
                fold.take(values, piece.actions * lanes);
            }
        }
        for (register, fold) in folds {
            let number = &mut values.numbers[register as usize];
            number.clear();
            number.extend(&fold.finish()[..lanes]);
        }
    }

    /// Computes columns for some actions of each row.
    fn columns(&self, columns: &[Register], piece: Piece, logit: impl Fn(usize, usize) -> f64, values: &mut Values) {
        let Piece { actions, lanes, first } = piece;
        for &register in columns {
            let index = register as usize;
            match &self.steps[index] {
                RowStep::Fill(x) if first => {
                    let (done, rest) = values.numbers.split_at_mut(index);
                    rest[0].clear();
                    (0..actions).for_each(|_| rest[0].extend(&done[*x as usize][..lanes]));
                }
                RowStep::Entry(Step::Input { .. }) => {
                    let out = &mut values.numbers[index];
                    out.resize(actions * lanes, 0.0);
                    for lane in 0..lanes {
                        for (index, out) in out[lane..].iter_mut().step_by(lanes).enumerate() {
                            *out = logit(lane, index);
                        }
                    }
                }
                RowStep::Entry(step) => self.step(step, index, actions * lanes, values),
                // The others are numbers of the rows.
                _ => {}
            }
        }
    }

    /// Applies a step to a number of them.
    fn step(&self, step: &Step, index: usize, size: usize, values: &mut Values) {
        let (done, rest) = values.numbers.split_at_mut(index);
        let out = &mut rest[0];
        out.resize(size, 0.0);
        let at = |x: Register| &done[x as usize][..size];
        self.machines.apply(step, &self.paths[index], at, out, &mut values.flags[..size], &mut values.noise);
    }

    fn number(&self, rows: &[f64], actions: &[usize], register: Register, columns: &[Register], values: &mut Values) {
        let (index, lanes) = (register as usize, actions.len());
        let k = rows.len() / lanes;
        let same = match &self.steps[index] {
            RowStep::At(x) => {
                let piece = Piece { actions: 1, lanes, first: true };
                self.columns(columns, piece, |lane, _| rows[lane * k + actions[lane]], values);
                values.numbers[index] = values.numbers[*x as usize][..lanes].to_vec();
                return;
            }
            RowStep::Size(place) => self.machines.at(*place).round(k as f64, 0),
            RowStep::Number(Step::Constant(..)) => self.constants[index],
            RowStep::Number(step) => return self.step(step, index, lanes, values),
            // A pass does these.
            RowStep::Total(_) | RowStep::Extreme(..) | RowStep::Entry(_) | RowStep::Fill(_) => return,
        };
        values.numbers[index].clear();
        values.numbers[index].resize(lanes, same);
    }

    /// The reduction of a register, if it is one.
    fn fold(&self, register: Register, terms: usize, lanes: usize) -> Option<Fold<'_>> {
        let step = &self.steps[register as usize];
        let of = step.vector()?;
        match step {
            RowStep::Extreme(end, _) => {
                let (better, best): (fn(f64, f64) -> f64, f64) = match end {
                    End::Largest => (lanes::larger, f64::NEG_INFINITY),
                    End::Smallest => (lanes::smaller, f64::INFINITY),
                };
                Some(Fold::Extreme { of, better, best: [best; TOGETHER], lanes })
            }
            RowStep::Total(_) => {
                let (machine, width) = (self.machines.at(Place::Sum), self.grids[of as usize].precision);
                Some(Fold::Total { of, sum: Box::new(accumulator(self.order, machine, width, terms, lanes)) })
            }
            _ => None,
        }
    }
}

/// A reduction on its way.
enum Fold<'w> {
    Extreme { of: Register, better: fn(f64, f64) -> f64, best: [f64; TOGETHER], lanes: usize },
    Total { of: Register, sum: Box<Accumulator<'w>> },
}

impl Fold<'_> {
    fn take(&mut self, values: &Values, size: usize) {
        match self {
            Fold::Extreme { of, better, best, lanes } => {
                for column in values.numbers[*of as usize][..size].chunks_exact(*lanes) {
                    for (best, &x) in best.iter_mut().zip(column) {
                        *best = better(*best, x);
                    }
                }
            }
            Fold::Total { of, sum } => sum.take(&values.numbers[*of as usize][..size]),
        }
    }

    fn finish(self) -> [f64; TOGETHER] {
        match self {
            Fold::Extreme { best, .. } => best,
            Fold::Total { sum, .. } => sum.finish(),
        }
    }
}

/// Vectors and all columns that they need, in order.
fn needed(steps: &[RowStep], of: impl IntoIterator<Item = Register>) -> Vec<Register> {
    let mut all: Vec<Register> = of.into_iter().collect();
    let mut next = 0;
    while let Some(&register) = all.get(next) {
        for x in steps[register as usize].reads() {
            if steps[x as usize].is_column() && !all.contains(&x) {
                all.push(x);
            }
        }
        next += 1;
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Reductions that wait for the same ones go over the rows together.
fn schedule(steps: &[RowStep]) -> Vec<Task> {
    let is_reduction = |step: &RowStep| matches!(step, RowStep::Total(_) | RowStep::Extreme(..));
    let skips = |step: &RowStep| matches!(step, RowStep::Total(Vector::Others(_)));
    // How many passes must come before a number is known.
    let mut known: Vec<usize> = Vec::new();
    for step in steps {
        let before = step.reads().into_iter().map(|x| known[x as usize]).max().unwrap_or(0);
        known.push(before + usize::from(is_reduction(step)));
    }
    let vector = |&x: &Register| steps[x as usize].vector();
    let mut tasks = Vec::new();
    for stage in 0..=known.iter().copied().max().unwrap_or(0) {
        let numbers = (0..steps.len()).filter(|&index| known[index] == stage && !steps[index].is_column());
        let (passes, numbers): (Vec<usize>, Vec<usize>) = numbers.partition(|&index| is_reduction(&steps[index]));
        for others in [false, true] {
            let here = passes.iter().filter(|&&index| skips(&steps[index]) == others);
            let reductions: Vec<Register> = here.map(|&index| index as Register).collect();
            if !reductions.is_empty() {
                let columns = needed(steps, reductions.iter().filter_map(vector));
                tasks.push(Task::Pass { reductions, columns, others });
            }
        }
        for register in numbers.into_iter().map(|index| index as Register) {
            tasks.push(Task::Number { register, columns: needed(steps, vector(&register)) });
        }
    }
    tasks
}
