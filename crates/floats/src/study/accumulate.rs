//! Sums of many rows at once, their terms as they come.

use crate::formats::{Narrow, Operation};

use super::lanes::{Flags, Loop, TOGETHER};
use super::matrix_unit;
use super::noise::Noise;
use super::order::Order;
use super::summation::{Adder, Summation};

/// A number of each row.
type Lane = [f64; TOGETHER];

/// A sum of each row: one term of each is taken after the other.
pub(super) type Accumulator<'m> = Summation<SideBySide<'m>>;

/// For sums of `terms` terms of `width` significant bits in each of `lanes` rows, at most [`TOGETHER`].
pub(super) fn accumulator(order: Order, machine: &Narrow, width: u32, terms: usize, lanes: usize) -> Accumulator<'_> {
    let precision = machine.target().format.precision;
    let adder = SideBySide {
        machine,
        round: Loop::of(Operation::Round, machine, &[width]),
        term: Loop::of(Operation::Add, machine, &[precision, width]),
        own: Loop::of(Operation::Add, machine, &[precision, precision]),
        lanes,
        noise: Noise::new(0, 0),
        flags: [0; TOGETHER],
    };
    Summation::new(order, adder, terms)
}

/// One operation on a number of each row.
pub(super) struct SideBySide<'m> {
    machine: &'m Narrow,
    round: Loop,
    /// Adds a term to a number of the accumulator's format.
    term: Loop,
    /// Adds two numbers of the accumulator's format.
    own: Loop,
    lanes: usize,
    noise: Noise,
    flags: [Flags; TOGETHER],
}

impl SideBySide<'_> {
    fn apply(&mut self, operation: Operation, path: Loop, x: &[f64], y: &[f64]) -> Lane {
        let lanes = self.lanes;
        let mut out = [0.0; TOGETHER];
        let arguments = [&x[..lanes], &y[..lanes], &x[..lanes]];
        path.apply(operation, self.machine, arguments, &mut out[..lanes], &mut self.flags[..lanes], &mut self.noise);
        out
    }
}

impl Adder for SideBySide<'_> {
    type Item = f64;
    type Number = Lane;

    fn width(&self) -> usize {
        self.lanes
    }

    fn zero(&mut self) -> Lane {
        [0.0; TOGETHER]
    }

    fn round(&mut self, term: &[f64]) -> Lane {
        self.apply(Operation::Round, self.round, term, term)
    }

    fn add(&mut self, x: &Lane, y: &Lane) -> Lane {
        self.apply(Operation::Add, self.own, x, y)
    }

    fn sub(&mut self, x: &Lane, y: &Lane) -> Lane {
        self.apply(Operation::Sub, self.own, x, y)
    }

    fn add_term(&mut self, x: &Lane, term: &[f64]) -> Lane {
        self.apply(Operation::Add, self.term, x, term)
    }

    fn sub_from_term(&mut self, term: &[f64], x: &Lane) -> Lane {
        self.apply(Operation::Sub, self.term, term, x)
    }

    fn block(&mut self, x: &Lane, terms: &[f64]) -> Lane {
        let mut total = *x;
        for (lane, total) in total[..self.lanes].iter_mut().enumerate() {
            let terms = terms.iter().skip(lane).step_by(self.lanes);
            let all: Vec<f64> = std::iter::once(*total).chain(terms.copied()).collect();
            *total = matrix_unit::add(&all, self.machine).0;
        }
        total
    }

    fn add_terms(&mut self, mut x: Lane, terms: &[f64]) -> Lane {
        self.term.accumulate(self.machine, terms, &mut x[..self.lanes], &mut self.noise);
        x
    }
}
