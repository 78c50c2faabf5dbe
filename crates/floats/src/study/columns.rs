//! A formula for any number of actions and any chosen ones: steps on whole vectors.

use num_traits::One;

use crate::formats::Operation;

use super::backend::{BackEnd, Entry, Position};
use super::compile::{Compiled, NotComputed, Setting};
use super::mode::{Mode, PLACES, Place};
use super::tape::{End, Register, Step};

/// A step on rows: its result is one number for each row, or one for each row and action.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RowStep {
    /// On numbers of the rows.
    Number(Step),
    /// The number of actions.
    Size(Place),
    /// What a vector has for the chosen action.
    At(Register),
    /// The sum of a vector in the accumulator's format.
    Total(Vector),
    /// The largest entry or the smallest.
    Extreme(End, Vector),
    /// On entries of vectors; the input is the logit.
    Entry(Step),
    /// A number of the row, the same for all actions.
    Fill(Register),
}

impl RowStep {
    /// Whether it has a number for each action.
    pub fn is_column(&self) -> bool {
        matches!(self, RowStep::Entry(_) | RowStep::Fill(_))
    }

    /// The vector that all actions are gone over for; of [`RowStep::At`] it is one.
    pub fn vector(&self) -> Option<Register> {
        match self {
            RowStep::At(x) => Some(*x),
            RowStep::Total(v) | RowStep::Extreme(_, v) => v.register(),
            RowStep::Number(_) | RowStep::Size(_) | RowStep::Entry(_) | RowStep::Fill(_) => None,
        }
    }

    /// The registers that it reads.
    pub fn reads(&self) -> Vec<Register> {
        match self {
            RowStep::Number(step) | RowStep::Entry(step) => step.reads(),
            RowStep::Fill(x) => vec![*x],
            _ => self.vector().into_iter().collect(),
        }
    }
}

/// A vector's register, or what is known without one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Vector {
    /// 0 everywhere.
    Zero,
    /// For every action.
    All(Register),
    /// For every action but the chosen one, where it is 0.
    Others(Register),
}

/// Writes steps on whole vectors. What the same place does twice is written once, so that rounding must not be random.
pub(super) struct Columns<'a> {
    pub steps: Vec<RowStep>,
    setting: Setting<'a>,
    here: Place,
}

/// Stands for all that vectors as a whole cannot do.
fn unsupported<T>() -> Compiled<T> {
    Err(NotComputed::Construct("a vector".into(), "only coordinate by coordinate"))
}

impl<'a> Columns<'a> {
    /// K and the action of the setting are not looked at.
    pub fn new(setting: Setting<'a>) -> Columns<'a> {
        Columns { steps: Vec::new(), setting, here: Place::Combine }
    }

    /// The register of a step, which is there already where the same was written before.
    fn step(&mut self, step: RowStep) -> Register {
        let known = self.steps.iter().position(|other| *other == step);
        let index = known.unwrap_or_else(|| {
            self.steps.push(step);
            self.steps.len() - 1
        });
        index as Register
    }

    /// The first place that rounds as this one does, so that equal steps are recognised.
    fn canonical(&self, place: Place) -> Place {
        let target = self.setting.mode.target(place);
        PLACES.iter().map(|(place, _)| *place).find(|other| self.setting.mode.target(*other) == target).unwrap_or(place)
    }

    /// An operation on vectors that have their entries at the same actions.
    fn each(&mut self, operation: Operation, arguments: [Register; 3], place: Place) -> Register {
        let place = self.canonical(place);
        self.step(RowStep::Entry(Step::Apply(operation, arguments, place)))
    }
}

impl Vector {
    pub fn register(self) -> Option<Register> {
        match self {
            Vector::Zero => None,
            Vector::All(register) | Vector::Others(register) => Some(register),
        }
    }

    /// The vector of a register with entries where this one has them.
    fn like(self, register: Register) -> Vector {
        match self {
            Vector::Zero => Vector::Zero,
            Vector::All(_) => Vector::All(register),
            Vector::Others(_) => Vector::Others(register),
        }
    }
}

impl BackEnd for Columns<'_> {
    type Vector = Vector;

    fn mode(&self) -> &Mode {
        self.setting.mode
    }

    fn here(&mut self) -> &mut Place {
        &mut self.here
    }

    fn push(&mut self, step: Step) -> Register {
        let step = match step {
            Step::Constant(value, place) => Step::Constant(value, self.canonical(place)),
            Step::Apply(operation, arguments, place) => Step::Apply(operation, arguments, self.canonical(place)),
            Step::Guarded(arguments, place) => Step::Guarded(arguments, self.canonical(place)),
            other => other,
        };
        self.step(RowStep::Number(step))
    }

    fn size(&mut self) -> Entry {
        let here = self.here;
        Entry::At(self.step(RowStep::Size(here)))
    }

    fn fixed(&self, _: usize) -> Compiled<Position> {
        unsupported()
    }

    fn logits(&mut self, policy: usize) -> Compiled<Vector> {
        if policy > 0 {
            return unsupported();
        }
        let given = self.step(RowStep::Entry(Step::Input { policy: 0, index: 0 }));
        let stored = self.each(Operation::Round, [given; 3], Place::Logits);
        let temperature = self.setting.temperature;
        if temperature.is_one() {
            return Ok(Vector::All(stored));
        }
        let divisor = self.constant(temperature.clone(), Place::Temperature);
        let divisor = self.fill(divisor);
        self.zip(Operation::Div, &Vector::All(stored), &divisor, Place::Temperature)
    }

    fn fill(&mut self, x: Entry) -> Vector {
        match x {
            Entry::Zero => Vector::Zero,
            Entry::At(x) => Vector::All(self.step(RowStep::Fill(x))),
        }
    }

    fn unit(&mut self, _: Position, _: Entry) -> Compiled<Vector> {
        unsupported()
    }

    fn entries(&mut self, _: Vec<Entry>) -> Compiled<Option<Vector>> {
        unsupported()
    }

    fn at(&mut self, v: &Vector, _: Position) -> Entry {
        match v {
            Vector::All(register) => Entry::At(self.step(RowStep::At(*register))),
            Vector::Zero | Vector::Others(_) => Entry::Zero,
        }
    }

    fn others(&mut self, v: &Vector, _: Position) -> Compiled<Vector> {
        Ok(v.register().map_or(Vector::Zero, Vector::Others))
    }

    fn map(&mut self, operation: Operation, v: &Vector, place: Place) -> Compiled<Vector> {
        match v {
            Vector::All(x) => Ok(Vector::All(self.each(operation, [*x; 3], place))),
            // What becomes of the 0 is an entry like any other.
            Vector::Zero | Vector::Others(_) => unsupported(),
        }
    }

    fn zip(&mut self, operation: Operation, u: &Vector, v: &Vector, place: Place) -> Compiled<Vector> {
        use Operation::{Add, Div, Mul, Sub};
        match (operation, *u, *v) {
            (Add, Vector::Zero, other) | (Add | Sub, other, Vector::Zero) => Ok(other),
            (Sub, Vector::Zero, other) => self.signs(Step::Neg, &other),
            (Mul, Vector::Zero, _) | (Mul, _, Vector::Zero) | (Div, Vector::Zero, _) => Ok(Vector::Zero),
            (_, Vector::All(x), Vector::All(y)) => Ok(Vector::All(self.each(operation, [x, y, x], place))),
            (_, Vector::Others(x), Vector::Others(y)) => Ok(Vector::Others(self.each(operation, [x, y, x], place))),
            (Mul | Div, Vector::Others(x), Vector::All(y)) | (Mul, Vector::All(x), Vector::Others(y)) => {
                Ok(Vector::Others(self.each(operation, [x, y, x], place)))
            }
            _ => unsupported(),
        }
    }

    fn signs(&mut self, step: fn(Register) -> Step, v: &Vector) -> Compiled<Vector> {
        Ok(v.register().map_or(Vector::Zero, |x| v.like(self.step(RowStep::Entry(step(x))))))
    }

    fn xlogys(&mut self, x: &Vector, y: &Vector, place: Place) -> Compiled<Vector> {
        let (Some(p), Some(q)) = (x.register(), y.register()) else { return unsupported() };
        if matches!((x, y), (Vector::All(_), Vector::Others(_))) {
            return unsupported();
        }
        let log = self.each(Operation::Log, [q; 3], place);
        let place = self.canonical(place);
        Ok(x.like(self.step(RowStep::Entry(Step::Guarded([p, log], place)))))
    }

    fn products(&mut self, u: &Vector, v: &Vector) -> Compiled<Vector> {
        let (Some(x), Some(y)) = (u.register(), v.register()) else { return Ok(Vector::Zero) };
        let product = self.step(RowStep::Entry(Step::Product(x, y)));
        Ok(if matches!(u, Vector::Others(_)) { u.like(product) } else { v.like(product) })
    }

    fn total(&mut self, v: &Vector) -> Entry {
        if *v == Vector::Zero { Entry::Zero } else { Entry::At(self.step(RowStep::Total(*v))) }
    }

    fn extreme(&mut self, end: End, v: &Vector) -> Compiled<Entry> {
        match v {
            Vector::All(_) => Ok(Entry::At(self.step(RowStep::Extreme(end, *v)))),
            Vector::Zero | Vector::Others(_) => unsupported(),
        }
    }

    fn online(&mut self, _: &Vector) -> Compiled<(Entry, Entry)> {
        unsupported()
    }
}
