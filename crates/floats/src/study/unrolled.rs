//! A formula for one number of actions and one chosen action, unrolled: a step for every coordinate.

use num_rational::BigRational;
use num_traits::One;

use crate::expr::Op;
use crate::formats::Operation;

use super::compile::{CompileError, Compiled, Setting};
use super::machine::{Entry, Machine, Position};
use super::mode::{Mode, Place};
use super::tape::{Register, Step, Tape};

/// Writes a [`Tape`].
pub(super) struct Unrolled<'a> {
    pub tape: Tape,
    setting: Setting<'a>,
    here: Place,
}

impl<'a> Unrolled<'a> {
    pub fn new(setting: Setting<'a>, policies: usize) -> Unrolled<'a> {
        let tape = Tape { k: setting.k, policies, ..Tape::default() };
        Unrolled { tape, setting, here: Place::Combine }
    }

    fn index(&self, position: Position) -> usize {
        match position {
            Position::Chosen => self.setting.action,
            Position::Fixed(index) => index,
        }
    }

    fn weight(&mut self, z: Entry, max: Entry) -> Entry {
        let shifted = self.binary(Operation::Sub, z, max, Place::Shift);
        self.unary(Operation::Exp, shifted, Place::Exp)
    }

    fn larger(&mut self, op: Op, x: Entry, y: Entry) -> Entry {
        let (x, y) = (self.register(x), self.register(y));
        Entry::At(self.push(if op == Op::Max { Step::Max(x, y) } else { Step::Min(x, y) }))
    }
}

impl Machine for Unrolled<'_> {
    type Vector = Vec<Entry>;

    fn mode(&self) -> &Mode {
        self.setting.mode
    }

    fn here(&mut self) -> &mut Place {
        &mut self.here
    }

    fn push(&mut self, step: Step) -> Register {
        self.tape.steps.push(step);
        self.tape.steps.len() as Register - 1
    }

    fn size(&mut self) -> Entry {
        self.constant(BigRational::from_integer(self.setting.k.into()), self.here)
    }

    fn fixed(&self, index: usize) -> Compiled<Position> {
        let k = self.setting.k;
        if (1..=k).contains(&index) { Ok(Position::Fixed(index - 1)) } else { Err(CompileError::Action(index, k)) }
    }

    fn logits(&mut self, policy: usize) -> Compiled<Vec<Entry>> {
        let range = 0..self.setting.k;
        let one = |index: usize| {
            let given = Entry::At(self.push(Step::Input { policy: policy as u32, index: index as u32 }));
            let stored = self.unary(Operation::Round, given, Place::Logits);
            let temperature = self.setting.temperature;
            if temperature.is_one() {
                return stored;
            }
            let divisor = self.constant(temperature.clone(), Place::Temperature);
            self.binary(Operation::Div, stored, divisor, Place::Temperature)
        };
        Ok(range.map(one).collect())
    }

    fn fill(&mut self, x: Entry) -> Vec<Entry> {
        vec![x; self.setting.k]
    }

    fn unit(&mut self, hot: Position, x: Entry) -> Compiled<Vec<Entry>> {
        let mut entries = self.fill(Entry::Zero);
        entries[self.index(hot)] = x;
        Ok(entries)
    }

    fn entries(&mut self, items: Vec<Entry>) -> Compiled<Option<Vec<Entry>>> {
        Ok((items.len() == self.setting.k).then_some(items))
    }

    fn at(&mut self, v: &Vec<Entry>, position: Position) -> Entry {
        v[self.index(position)]
    }

    fn others(&mut self, v: &Vec<Entry>, position: Position) -> Compiled<Vec<Entry>> {
        let mut entries = v.clone();
        entries[self.index(position)] = Entry::Zero;
        Ok(entries)
    }

    fn map(&mut self, operation: Operation, v: &Vec<Entry>, place: Place) -> Compiled<Vec<Entry>> {
        Ok(v.iter().map(|&x| self.unary(operation, x, place)).collect())
    }

    fn zip(&mut self, operation: Operation, u: &Vec<Entry>, v: &Vec<Entry>, place: Place) -> Compiled<Vec<Entry>> {
        let one = |(&x, &y): (&Entry, &Entry)| match (operation, x) {
            (Operation::Div, Entry::Zero) => Entry::Zero,
            _ => self.binary(operation, x, y, place),
        };
        Ok(u.iter().zip(v).map(one).collect())
    }

    fn signs(&mut self, op: Op, v: &Vec<Entry>) -> Compiled<Vec<Entry>> {
        Ok(v.iter().map(|&x| self.sign(op, x)).collect())
    }

    fn xlogys(&mut self, x: &Vec<Entry>, y: &Vec<Entry>, place: Place) -> Compiled<Vec<Entry>> {
        Ok(x.iter().zip(y).map(|(&x, &y)| self.xlogy(x, y, place)).collect())
    }

    fn products(&mut self, u: &Vec<Entry>, v: &Vec<Entry>) -> Compiled<Vec<Entry>> {
        let one = |(&x, &y): (&Entry, &Entry)| match (x, y) {
            (Entry::At(x), Entry::At(y)) => Entry::At(self.push(Step::Product(x, y))),
            _ => Entry::Zero,
        };
        Ok(u.iter().zip(v).map(one).collect())
    }

    fn total(&mut self, v: &Vec<Entry>) -> Entry {
        let register = |entry: &Entry| match entry {
            Entry::At(register) => Some(*register),
            Entry::Zero => None,
        };
        let registers: Vec<Register> = v.iter().filter_map(register).collect();
        if registers.is_empty() {
            return Entry::Zero;
        }
        Entry::At(self.setting.mode.order.emit(&mut self.tape, &registers))
    }

    fn extreme(&mut self, op: Op, v: &Vec<Entry>) -> Compiled<Entry> {
        let registers: Vec<Entry> = v.iter().map(|&entry| Entry::At(self.register(entry))).collect();
        let (&first, rest) = registers.split_first().expect("K >= 1");
        Ok(rest.iter().fold(first, |best, &next| self.larger(op, best, next)))
    }

    fn online(&mut self, z: &Vec<Entry>) -> Compiled<(Entry, Entry)> {
        let (&first, rest) = z.split_first().expect("K >= 1");
        let mut max = first;
        let mut total = self.weight(first, first);
        for &next in rest {
            let higher = self.larger(Op::Max, max, next);
            let factor = self.weight(max, higher);
            let scaled = self.binary(Operation::Mul, total, factor, Place::Sum);
            let term = self.weight(next, higher);
            total = self.binary(Operation::Add, scaled, term, Place::Sum);
            max = higher;
        }
        Ok((max, self.unary(Operation::Round, total, Place::Total)))
    }
}
