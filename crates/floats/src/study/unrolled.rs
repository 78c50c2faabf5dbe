//! A formula for one number of actions and one chosen action, unrolled: a step for every coordinate.

use num_rational::BigRational;
use num_traits::One;

use crate::expr::Type;
use crate::formats::Operation;

use super::backend::{BackEnd, Entry, Operand, Position};
use super::mode::{Mode, Place};
use super::order::Order;
use super::setting::{Compiled, NotComputed, Setting};
use super::tape::{End, Register, Step, Tape};

/// What the steps are written to: a tape that is run, or a text.
pub trait Writer {
    /// Whether what is written is read rather than run: what is done to an entry stands together, a division by 0 is
    /// the writer's to judge, expectations are written out, and equal parts are found by the writer.
    const READ: bool;

    /// Appends a step.
    fn push(&mut self, step: Step) -> Register;
    /// Appends the sum of some registers, at least one.
    fn sum(&mut self, order: Order, terms: &[Register]) -> Register;
    /// x^n for n >= 1 where that is one step.
    fn power(&mut self, _: Register, _: u32) -> Option<Register> {
        None
    }
    /// Hears how many numbers are asked for.
    ///
    /// # Errors
    /// If it gives up.
    fn visit(&mut self, _: usize) -> Compiled<()> {
        Ok(())
    }
    /// Proposes a name for a register; `pinned` where it is to have one in any case.
    fn call(&mut self, _: Register, _: &str, _pinned: bool) {}
}

impl Writer for Tape {
    const READ: bool = false;

    fn push(&mut self, step: Step) -> Register {
        self.steps.push(step);
        self.steps.len() as Register - 1
    }

    fn sum(&mut self, order: Order, terms: &[Register]) -> Register {
        order.emit(self, terms)
    }
}

/// Writes the operations of a formula coordinate by coordinate.
#[derive(Debug)]
pub struct Unrolled<'a, W> {
    /// Where they are written to.
    pub writer: W,
    setting: Setting<'a>,
    here: Place,
}

impl<'a, W: Writer> Unrolled<'a, W> {
    /// Writes on.
    pub fn new(setting: Setting<'a>, writer: W) -> Unrolled<'a, W> {
        Unrolled { writer, setting, here: Place::Combine }
    }

    /// The coordinate of a position, from 0.
    pub fn index(&self, position: Position) -> usize {
        match position {
            Position::Chosen => self.setting.action,
            Position::Fixed(index) => index,
        }
    }

    fn weight(&mut self, z: Entry, max: Entry, [shift, exp]: [Place; 2]) -> (Entry, Entry) {
        let shifted = self.binary(Operation::Sub, z, max, shift);
        (shifted, self.unary(Operation::Exp, shifted, exp))
    }

    fn extreme_of(&mut self, end: End, x: Entry, y: Entry) -> Entry {
        let (x, y) = (self.register(x), self.register(y));
        Entry::At(self.push(end.step(x, y)))
    }

    fn call(&mut self, x: Entry, name: &str, pinned: bool) {
        if let Entry::At(x) = x {
            self.writer.call(x, name, pinned);
        }
    }

    fn call_all(&mut self, v: &[Entry], name: &str, pinned: bool) {
        v.iter().zip(coordinates(name, v.len())).for_each(|(&x, name)| self.call(x, &name, pinned));
    }
}

/// The names of the coordinates of a vector, from 0.
pub fn coordinates(name: &str, k: usize) -> impl Iterator<Item = String> {
    (0..k).map(move |index| format!("{name}{index}"))
}

impl<W: Writer> BackEnd for Unrolled<'_, W> {
    type Vector = Vec<Entry>;

    fn mode(&self) -> &Mode {
        self.setting.mode
    }

    fn here(&mut self) -> &mut Place {
        &mut self.here
    }

    fn push(&mut self, step: Step) -> Register {
        self.writer.push(step)
    }

    fn size(&mut self) -> Entry {
        self.constant(BigRational::from_integer(self.setting.k.into()), self.here)
    }

    fn fixed(&self, index: usize) -> Compiled<Position> {
        let k = self.setting.k;
        if (1..=k).contains(&index) { Ok(Position::Fixed(index - 1)) } else { Err(NotComputed::Action(index, k)) }
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
            (Operation::Div, Entry::Zero) if !W::READ => Entry::Zero,
            _ => self.binary(operation, x, y, place),
        };
        Ok(u.iter().zip(v).map(one).collect())
    }

    fn signs(&mut self, step: fn(Register) -> Step, v: &Vec<Entry>) -> Compiled<Vec<Entry>> {
        Ok(v.iter().map(|&x| self.sign(step, x)).collect())
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
        Entry::At(self.writer.sum(self.setting.mode.order, &registers))
    }

    fn extreme(&mut self, end: End, v: &Vec<Entry>) -> Compiled<Entry> {
        let registers: Vec<Entry> = v.iter().map(|&entry| Entry::At(self.register(entry))).collect();
        let (&first, rest) = registers.split_first().expect("K >= 1");
        Ok(rest.iter().fold(first, |best, &next| self.extreme_of(end, best, next)))
    }

    fn online(&mut self, z: &Vec<Entry>) -> Compiled<(Entry, Entry)> {
        const PLACES: [Place; 2] = [Place::Shift, Place::Exp];
        let (&first, rest) = z.split_first().expect("K >= 1");
        let mut max = first;
        let (_, mut total) = self.weight(first, first, PLACES);
        for &next in rest {
            let higher = self.extreme_of(End::Largest, max, next);
            let (_, factor) = self.weight(max, higher, PLACES);
            let scaled = self.binary(Operation::Mul, total, factor, Place::Sum);
            let (_, term) = self.weight(next, higher, PLACES);
            total = self.binary(Operation::Add, scaled, term, Place::Sum);
            max = higher;
        }
        Ok((max, self.unary(Operation::Round, total, Place::Total)))
    }

    fn expands(&self) -> Option<usize> {
        W::READ.then_some(self.setting.k)
    }

    fn visit(&mut self, ty: Type) -> Compiled<()> {
        self.writer.visit(if ty == Type::Real { 1 } else { self.setting.k })
    }

    fn defined(&mut self, name: &str, value: &Operand<Vec<Entry>>) {
        match value {
            _ if !W::READ => {}
            Operand::Real(x) => self.call(*x, name, true),
            Operand::Vector(v) => self.call_all(v, name, true),
        }
    }

    fn weighed(&mut self, largest: Option<Entry>, weights: &Vec<Entry>, total: Entry) {
        if W::READ {
            self.call(largest.unwrap_or(Entry::Zero), "largest", false);
            self.call_all(weights, "x", false);
            self.call(total, "total", false);
        }
    }

    fn weigh(&mut self, z: &Vec<Entry>, max: Entry, places: [Place; 2]) -> Compiled<(Vec<Entry>, Vec<Entry>)> {
        if W::READ {
            return Ok(z.iter().map(|&z| self.weight(z, max, places)).unzip());
        }
        let max = self.fill(max);
        let shifted = self.zip(Operation::Sub, z, &max, places[0])?;
        let weights = self.map(Operation::Exp, &shifted, places[1])?;
        Ok((shifted, weights))
    }

    fn one_step_power(&mut self, x: Entry, n: u32) -> Option<Entry> {
        match x {
            Entry::At(x) => self.writer.power(x, n).map(Entry::At),
            Entry::Zero => None,
        }
    }
}
