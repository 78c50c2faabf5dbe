//! Runs steps on whole vectors: as few passes over the rows as their reductions allow, piece by piece.

use super::accumulate::{Accumulator, accumulator};
use super::columns::{Column, Scalar, Vector};
use super::lanes::{self, Flags, Path, TOGETHER};
use super::machines::Machines;
use super::mode::Place;
use super::noise::Noise;
use super::order::Order;
use super::tape::{End, Register, Step};

/// So many actions of every row are in a cache together.
const PIECE: usize = 64;

/// Steps with all that is known of them before there are rows.
#[derive(Clone, Debug)]
pub(super) struct Wide {
    scalars: Vec<Scalar>,
    columns: Vec<Column>,
    /// The scalars that are asked for.
    results: Vec<Register>,
    machines: Machines,
    order: Order,
    scalar_paths: Vec<Path>,
    column_paths: Vec<Path>,
    column_widths: Vec<u32>,
    constants: Vec<f64>,
    /// What is done, one after the other.
    tasks: Vec<Task>,
}

#[derive(Clone, Debug)]
enum Task {
    /// A pass over the rows for these reductions, which all skip the chosen action or none does, by these columns.
    Pass { reductions: Vec<Register>, columns: Vec<Register>, others: bool },
    /// One number for each row; of an entry, by these columns.
    Scalar { register: Register, columns: Vec<Register> },
}

/// The values of a block of rows.
struct Values {
    scalars: Vec<[f64; TOGETHER]>,
    columns: Vec<Vec<f64>>,
    /// What happens on the way is not looked at.
    flags: Vec<Flags>,
    noise: Noise,
}

impl Wide {
    pub fn new(
        scalars: Vec<Scalar>,
        columns: Vec<Column>,
        results: Vec<Register>,
        machines: Machines,
        order: Order,
    ) -> Wide {
        let (mut scalar_widths, mut column_widths) = (Vec::new(), Vec::new());
        let (mut scalar_paths, mut column_paths) = (Vec::new(), Vec::new());
        // A column reads scalars and a scalar columns, each only what was written before it.
        let (mut next_scalar, mut next_column) = (scalars.iter(), columns.iter());
        let (mut scalar, mut column) = (next_scalar.next(), next_column.next());
        while scalar.is_some() || column.is_some() {
            let ready =
                column.filter(|column| column_inputs(column).1.is_none_or(|x| (x as usize) < scalar_widths.len()));
            if let Some(found) = ready {
                let of = |x: Register| column_widths[x as usize];
                let (width, path) = match found {
                    Column::Step(step) => (machines.width(step, of), machines.path(step, of)),
                    Column::Fill(x) => (scalar_widths[*x as usize], Path::Scalar),
                };
                column_widths.push(width);
                column_paths.push(path);
                column = next_column.next();
                continue;
            }
            let Some(found) = scalar else { unreachable!("a column waits for a scalar that there is") };
            let place = |place: Place| machines.at(place).target().format.precision;
            let of = |x: Register| scalar_widths[x as usize];
            let (width, path) = match found {
                Scalar::Step(step) => (machines.width(step, of), machines.path(step, of)),
                Scalar::Size(at) => (place(*at), Path::Scalar),
                Scalar::At(x) => (column_widths[*x as usize], Path::Scalar),
                Scalar::Total(_) => (place(Place::Sum), Path::Scalar),
                Scalar::Extreme(_, v) => (v.register().map_or(0, |x| column_widths[x as usize]), Path::Scalar),
            };
            scalar_widths.push(width);
            scalar_paths.push(path);
            scalar = next_scalar.next();
        }
        let constant = |scalar: &Scalar| match scalar {
            Scalar::Step(step) => machines.constant(step),
            _ => 0.0,
        };
        let constants = scalars.iter().map(constant).collect();
        let tasks = schedule(&scalars, &columns);
        Wide { scalars, columns, results, machines, order, scalar_paths, column_paths, column_widths, constants, tasks }
    }

    /// Appends the results of rows, at most [`TOGETHER`], one after the other in `rows`, to those of each formula.
    pub fn run(&self, rows: &[f64], actions: &[usize], results: &mut [Vec<f64>]) {
        let k = rows.len() / actions.len();
        let mut values = Values {
            scalars: vec![[0.0; TOGETHER]; self.scalars.len()],
            columns: vec![Vec::new(); self.columns.len()],
            flags: vec![0; PIECE * TOGETHER],
            noise: Noise::new(0, 0),
        };
        for task in &self.tasks {
            match task {
                Task::Pass { reductions, columns, others } => {
                    self.pass(rows, k, actions, (reductions, columns, *others), &mut values);
                }
                Task::Scalar { register, columns } => self.scalar(rows, k, actions, (*register, columns), &mut values),
            }
        }
        for (results, &register) in results.iter_mut().zip(&self.results) {
            results.extend(&values.scalars[register as usize][..actions.len()]);
        }
    }

    fn pass(
        &self,
        rows: &[f64],
        k: usize,
        actions: &[usize],
        (reductions, columns, others): (&[Register], &[Register], bool),
        values: &mut Values,
    ) {
        let lanes = actions.len();
        let count = if others { k - 1 } else { k };
        let mut folds: Vec<Fold> = reductions.iter().map(|&register| self.fold(register, count, lanes)).collect();
        for start in (0..count).step_by(PIECE) {
            let width = PIECE.min(count - start);
            let logit = |lane: usize, index: usize| {
                let index = start + index;
                rows[lane * k + index + usize::from(others && index >= actions[lane])]
            };
            self.piece(columns, (width, lanes), start == 0, logit, values);
            for fold in &mut folds {
                fold.take(values, width * lanes);
            }
        }
        for (&register, fold) in reductions.iter().zip(folds) {
            values.scalars[register as usize] = fold.finish();
        }
    }

    /// Computes columns for some actions of each row. What is the same for all actions is written where `first`.
    fn piece(
        &self,
        columns: &[Register],
        (width, lanes): (usize, usize),
        first: bool,
        logit: impl Fn(usize, usize) -> f64,
        values: &mut Values,
    ) {
        let size = width * lanes;
        for &register in columns {
            let index = register as usize;
            let (done, rest) = values.columns.split_at_mut(index);
            let out = &mut rest[0];
            match &self.columns[index] {
                Column::Fill(x) if first => {
                    let row = &values.scalars[*x as usize][..lanes];
                    out.clear();
                    (0..width).for_each(|_| out.extend(row));
                }
                Column::Fill(_) => {}
                Column::Step(Step::Input { .. }) => {
                    out.resize(size, 0.0);
                    for lane in 0..lanes {
                        for (index, out) in out[lane..].iter_mut().step_by(lanes).enumerate() {
                            *out = logit(lane, index);
                        }
                    }
                }
                Column::Step(step) => {
                    out.resize(size, 0.0);
                    let at = |x: Register| &done[x as usize][..size];
                    let flags = &mut values.flags[..size];
                    self.machines.apply(step, &self.column_paths[index], at, out, flags, &mut values.noise);
                }
            }
        }
    }

    fn scalar(
        &self,
        rows: &[f64],
        k: usize,
        actions: &[usize],
        (register, columns): (Register, &[Register]),
        values: &mut Values,
    ) {
        let (index, lanes) = (register as usize, actions.len());
        match &self.scalars[index] {
            Scalar::At(x) => {
                self.piece(columns, (1, lanes), true, |lane, _| rows[lane * k + actions[lane]], values);
                values.scalars[index][..lanes].copy_from_slice(&values.columns[*x as usize][..lanes]);
            }
            Scalar::Size(place) => values.scalars[index] = [self.machines.at(*place).round(k as f64, 0); TOGETHER],
            Scalar::Step(Step::Constant(..)) => values.scalars[index] = [self.constants[index]; TOGETHER],
            Scalar::Step(step) => {
                let (done, rest) = values.scalars.split_at_mut(index);
                let at = |x: Register| &done[x as usize][..lanes];
                let (out, flags) = (&mut rest[0][..lanes], &mut values.flags[..lanes]);
                self.machines.apply(step, &self.scalar_paths[index], at, out, flags, &mut values.noise);
            }
            Scalar::Total(_) | Scalar::Extreme(..) => unreachable!("a pass does these"),
        }
    }

    fn fold(&self, register: Register, terms: usize, lanes: usize) -> Fold<'_> {
        match &self.scalars[register as usize] {
            Scalar::Extreme(end, Vector::All(of) | Vector::Others(of)) => {
                let (better, best): (fn(f64, f64) -> f64, f64) = match end {
                    End::Largest => (lanes::larger, f64::NEG_INFINITY),
                    End::Smallest => (lanes::smaller, f64::INFINITY),
                };
                Fold::Extreme { of: *of, better, best: [best; TOGETHER], lanes }
            }
            Scalar::Total(Vector::All(of) | Vector::Others(of)) => {
                let machine = self.machines.at(Place::Sum);
                let width = self.column_widths[*of as usize];
                let sum = accumulator(self.order, machine, width, terms, lanes);
                Fold::Total { of: *of, sum: Box::new(sum) }
            }
            _ => unreachable!("only these are reductions"),
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
                for column in values.columns[*of as usize][..size].chunks_exact(*lanes) {
                    for (best, &x) in best.iter_mut().zip(column) {
                        *best = better(*best, x);
                    }
                }
            }
            Fold::Total { of, sum } => sum.take(&values.columns[*of as usize][..size]),
        }
    }

    fn finish(self) -> [f64; TOGETHER] {
        match self {
            Fold::Extreme { best, .. } => best,
            Fold::Total { sum, .. } => sum.finish(),
        }
    }
}

/// The columns and the scalar that a column reads.
fn column_inputs(column: &Column) -> (Vec<Register>, Option<Register>) {
    match column {
        Column::Fill(x) => (Vec::new(), Some(*x)),
        Column::Step(step) => (step_inputs(step), None),
    }
}

fn step_inputs(step: &Step) -> Vec<Register> {
    match step {
        Step::Input { .. } | Step::Constant(..) | Step::Block(_) => Vec::new(),
        Step::Apply(_, arguments, _) => arguments.to_vec(),
        Step::Neg(x) | Step::Abs(x) => vec![*x],
        Step::Guarded([x, y], _) | Step::Max(x, y) | Step::Min(x, y) | Step::Product(x, y) => vec![*x, *y],
    }
}

/// The vector that a scalar is made from by going over the rows, and whether one entry is enough.
fn vector_of(scalar: &Scalar) -> Option<Register> {
    match scalar {
        Scalar::At(x) => Some(*x),
        Scalar::Total(v) | Scalar::Extreme(_, v) => v.register(),
        _ => None,
    }
}

/// A column and all columns that it needs, in order.
fn needed(columns: &[Column], of: Register) -> Vec<Register> {
    let mut all = vec![of];
    let mut next = 0;
    while let Some(&register) = all.get(next) {
        for input in column_inputs(&columns[register as usize]).0 {
            if !all.contains(&input) {
                all.push(input);
            }
        }
        next += 1;
    }
    all.sort_unstable();
    all
}

/// Reductions that wait for the same ones go over the rows together.
fn schedule(scalars: &[Scalar], columns: &[Column]) -> Vec<Task> {
    // How many passes must come before a scalar is known.
    let mut known: Vec<usize> = Vec::new();
    for scalar in scalars {
        let after = |x: Register| known[x as usize];
        let fills = |of: Register| {
            let scalars = needed(columns, of).into_iter().filter_map(|x| column_inputs(&columns[x as usize]).1);
            scalars.map(after).max().unwrap_or(0)
        };
        known.push(match scalar {
            Scalar::Step(step) => step_inputs(step).into_iter().map(after).max().unwrap_or(0),
            Scalar::Size(_) => 0,
            Scalar::At(x) => fills(*x),
            Scalar::Total(v) | Scalar::Extreme(_, v) => 1 + v.register().map_or(0, fills),
        });
    }
    let is_reduction = |scalar: &Scalar| matches!(scalar, Scalar::Total(_) | Scalar::Extreme(..));
    let skips = |scalar: &Scalar| matches!(scalar, Scalar::Total(Vector::Others(_)));
    let mut tasks = Vec::new();
    for stage in 0..=known.iter().copied().max().unwrap_or(0) {
        let here = || (0..scalars.len()).filter(|&index| known[index] == stage);
        for others in [false, true] {
            let reductions: Vec<usize> =
                here().filter(|&x| is_reduction(&scalars[x]) && skips(&scalars[x]) == others).collect();
            if reductions.is_empty() {
                continue;
            }
            let mut all: Vec<Register> =
                reductions.iter().filter_map(|&x| vector_of(&scalars[x])).flat_map(|of| needed(columns, of)).collect();
            all.sort_unstable();
            all.dedup();
            let reductions = reductions.into_iter().map(|x| x as Register).collect();
            tasks.push(Task::Pass { reductions, columns: all, others });
        }
        for index in here().filter(|&index| !is_reduction(&scalars[index])) {
            let columns = vector_of(&scalars[index]).map_or(Vec::new(), |of| needed(columns, of));
            tasks.push(Task::Scalar { register: index as Register, columns });
        }
    }
    tasks
}
