//! Operations of one place on slices, correctly rounded: what a tape does, for loops that are not taped.

use crate::formats::{Narrow, Operation};

use super::lanes::{Flags, Loop};
use super::mode::{Mode, Place};
use super::noise::Noise;
use super::program::TooWide;

/// One operation of a place.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    operation: Operation,
    machine: Narrow,
    path: Loop,
}

impl Placed {
    /// For operands of a number of significant bits.
    pub fn new(operation: Operation, machine: &Narrow, widths: &[u32]) -> Placed {
        Placed { operation, machine: *machine, path: Loop::of(operation, machine, widths) }
    }

    /// x op y, element by element, into `out`; there is a flag for each.
    pub fn apply(&self, x: &[f64], y: &[f64], out: &mut [f64], flags: &mut [Flags], noise: &mut Noise) {
        self.path.apply(self.operation, &self.machine, [x, y, x], out, &mut flags[..out.len()], noise);
    }
}

/// The arithmetic of a place of a mode, for operands of any of the mode's formats.
#[derive(Clone, Debug)]
pub struct PlaceUnit {
    operations: [Placed; 6],
    flags: Vec<Flags>,
}

impl PlaceUnit {
    /// The arithmetic of a place for operands that come from these other places.
    ///
    /// # Errors
    /// If the place's format is too wide.
    pub fn new(mode: &Mode, place: Place, operands: &[Place]) -> Result<PlaceUnit, TooWide> {
        use Operation::{Add, Div, Log, Mul, Round, Sub};
        let target = mode.target(place);
        let machine = Narrow::new(target).ok_or_else(|| TooWide(target.to_string()))?;
        let widest = operands.iter().map(|&place| mode.target(place).format.precision).max().unwrap_or(0);
        let placed = |operation: Operation| Placed::new(operation, &machine, &vec![widest; operation.arity()]);
        Ok(PlaceUnit { operations: [Round, Add, Sub, Mul, Div, Log].map(placed), flags: Vec::new() })
    }

    /// x op y, element by element, into `out`; y is left out by operations of one operand.
    ///
    /// # Panics
    /// If the operation is an exponential, a root or fused, or the slices differ in length.
    pub fn apply(&mut self, operation: Operation, x: &[f64], y: &[f64], out: &mut [f64], noise: &mut Noise) {
        let placed = self.operations.iter().find(|known| known.operation == operation).expect("an operation of a unit");
        assert!(x.len() == out.len() && y.len() == out.len(), "operands of one length");
        self.flags.resize(out.len(), 0);
        placed.apply(x, y, out, &mut self.flags, noise);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_rounds_as_its_format_does() {
        let mode: Mode = "f32+logits=bf16".parse().unwrap();
        let mut unit = PlaceUnit::new(&mode, Place::Logits, &[Place::Logits, Place::Combine]).unwrap();
        let (x, y) = ([2.0, 2.0, -1.0], [0.0078125, 0.0078126, 1e-30]);
        let mut out = [0.0; 3];
        unit.apply(Operation::Add, &x, &y, &mut out, &mut Noise::new(0, 0));
        // Half a unit in the last place of 2 is 2^-7: a tie goes to the even 2, a little more goes up.
        assert_eq!(out, [2.0, 2.015625, -1.0]);
    }
}
