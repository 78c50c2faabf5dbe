//! Sums of many rows at once, their terms as they come.

use crate::formats::{Narrow, Operation};

use super::lanes::{Flags, Path, TOGETHER};
use super::matrix_unit;
use super::noise::Noise;
use super::order::Order;

/// A number of each row.
type Lane = [f64; TOGETHER];

/// Adds up one term of each row after the other, by the same operations as [`Order::emit`] writes down.
pub(super) struct Accumulator<'m> {
    machine: &'m Narrow,
    round: Path,
    /// Adds a term to a number of the accumulator's format.
    term: Path,
    /// Adds two numbers of the accumulator's format.
    own: Path,
    lanes: usize,
    noise: Noise,
    taken: usize,
    state: State,
}

enum State {
    Recursive(Lane),
    /// How many pairs of sums are complete after each term, and the sums that are not.
    Pairwise {
        merges: Vec<u8>,
        open: Vec<Lane>,
    },
    /// The block's size and sum, and the sum of those before.
    Blocked {
        size: usize,
        inner: Lane,
        outer: Option<Lane>,
    },
    Kahan {
        total: Lane,
        carry: Lane,
    },
    Neumaier {
        total: Lane,
        errors: Lane,
    },
    /// Accumulator, and the terms of the block so far.
    Tensor {
        size: usize,
        total: Lane,
        block: Vec<Lane>,
    },
}

impl<'m> Accumulator<'m> {
    /// For sums of `terms` terms of `width` significant bits in each of `lanes` rows, at most [`TOGETHER`].
    pub fn new(order: Order, machine: &'m Narrow, width: u32, terms: usize, lanes: usize) -> Accumulator<'m> {
        let precision = machine.target().format.precision;
        let zero = [0.0; TOGETHER];
        let state = match order {
            Order::Recursive => State::Recursive(zero),
            Order::Pairwise => {
                let mut merges = Vec::with_capacity(terms);
                pairs(terms, &mut merges);
                State::Pairwise { merges, open: Vec::new() }
            }
            Order::Blocked(size) => State::Blocked { size: size as usize, inner: zero, outer: None },
            Order::Kahan => State::Kahan { total: zero, carry: zero },
            Order::Neumaier => State::Neumaier { total: zero, errors: zero },
            Order::Tensor(size) => State::Tensor { size: size as usize, total: zero, block: Vec::new() },
        };
        Accumulator {
            machine,
            round: Path::of(Operation::Round, machine, &[width]),
            term: Path::of(Operation::Add, machine, &[precision, width]),
            own: Path::of(Operation::Add, machine, &[precision, precision]),
            lanes,
            noise: Noise::new(0, 0),
            taken: 0,
            state,
        }
    }

    /// Takes columns of one term of each row, one after the other.
    pub fn take(&mut self, mut terms: &[f64]) {
        let lanes = self.lanes;
        if let State::Recursive(total) = &mut self.state {
            if self.taken == 0
                && let Some((first, rest)) = terms.split_at_checked(lanes)
            {
                let mut flags = [0; TOGETHER];
                let out = &mut total[..lanes];
                self.round.apply(Operation::Round, self.machine, [first; 3], out, &mut flags[..lanes], &mut self.noise);
                terms = rest;
            }
            self.term.accumulate(self.machine, terms, &mut total[..lanes], &mut self.noise);
            self.taken += 1;
            return;
        }
        for column in terms.chunks_exact(lanes) {
            let mut term = [0.0; TOGETHER];
            term[..lanes].copy_from_slice(column);
            self.one(&term);
            self.taken += 1;
        }
    }

    fn one(&mut self, x: &Lane) {
        let mut c =
            Calculator { machine: self.machine, lanes: self.lanes, noise: &mut self.noise, flags: [0; TOGETHER] };
        let (round, term, own) = (&self.round, &self.term, &self.own);
        let first = self.taken == 0;
        match &mut self.state {
            State::Recursive(_) => unreachable!("taken in one go"),
            State::Pairwise { merges, open } => {
                open.push(c.apply(Operation::Round, round, x, x));
                for _ in 0..merges[self.taken] {
                    let (right, left) = (open.pop().expect("two open"), open.pop().expect("two open"));
                    open.push(c.apply(Operation::Add, own, &left, &right));
                }
            }
            State::Blocked { size, inner, outer } => {
                if !self.taken.is_multiple_of(*size) {
                    *inner = c.apply(Operation::Add, term, inner, x);
                    return;
                }
                if !first {
                    *outer = Some(c.with_block(own, *outer, inner));
                }
                *inner = c.apply(Operation::Round, round, x, x);
            }
            State::Kahan { total, .. } if first => *total = c.apply(Operation::Round, round, x, x),
            State::Kahan { total, carry } => {
                let x = c.apply(Operation::Sub, term, x, carry);
                let next = c.apply(Operation::Add, own, total, &x);
                let taken = c.apply(Operation::Sub, own, &next, total);
                *carry = c.apply(Operation::Sub, own, &taken, &x);
                *total = next;
            }
            State::Neumaier { total, .. } if first => *total = c.apply(Operation::Round, round, x, x),
            State::Neumaier { total, errors } => {
                let next = c.apply(Operation::Add, term, total, x);
                let of_term = c.apply(Operation::Sub, own, &next, total);
                let of_total = c.apply(Operation::Sub, own, &next, &of_term);
                let left = c.apply(Operation::Sub, own, total, &of_total);
                let right = c.apply(Operation::Sub, term, x, &of_term);
                let error = c.apply(Operation::Add, own, &left, &right);
                *errors = c.apply(Operation::Add, own, errors, &error);
                *total = next;
            }
            State::Tensor { size, total, block } => {
                block.push(*x);
                if block.len() == *size {
                    c.matrix_unit(total, block);
                }
            }
        }
    }

    /// The sums of all rows.
    pub fn finish(mut self) -> Lane {
        let mut c =
            Calculator { machine: self.machine, lanes: self.lanes, noise: &mut self.noise, flags: [0; TOGETHER] };
        match self.state {
            State::Recursive(total) | State::Kahan { total, .. } => total,
            State::Pairwise { mut open, .. } => open.pop().unwrap_or([0.0; TOGETHER]),
            State::Blocked { inner, outer, .. } => c.with_block(&self.own, outer, &inner),
            State::Neumaier { total, errors } => c.apply(Operation::Add, &self.own, &total, &errors),
            State::Tensor { mut total, mut block, .. } => {
                if !block.is_empty() {
                    c.matrix_unit(&mut total, &mut block);
                }
                total
            }
        }
    }
}

/// Appends for each of `terms` terms how many sums of two halves end with it.
fn pairs(terms: usize, merges: &mut Vec<u8>) {
    if terms <= 1 {
        merges.extend(std::iter::repeat_n(0, terms));
        return;
    }
    let left = terms.div_ceil(2);
    pairs(left, merges);
    pairs(terms - left, merges);
    if let Some(last) = merges.last_mut() {
        *last += 1;
    }
}

/// One operation on a number of each row.
struct Calculator<'a> {
    machine: &'a Narrow,
    lanes: usize,
    noise: &'a mut Noise,
    flags: [Flags; TOGETHER],
}

impl Calculator<'_> {
    fn apply(&mut self, operation: Operation, path: &Path, x: &Lane, y: &Lane) -> Lane {
        let lanes = self.lanes;
        let mut out = [0.0; TOGETHER];
        let arguments = [&x[..lanes], &y[..lanes], &x[..lanes]];
        path.apply(operation, self.machine, arguments, &mut out[..lanes], &mut self.flags[..lanes], self.noise);
        out
    }

    /// A block's sum added to those before; the first is only there.
    fn with_block(&mut self, own: &Path, outer: Option<Lane>, inner: &Lane) -> Lane {
        outer.map_or(*inner, |outer| self.apply(Operation::Add, own, &outer, inner))
    }

    fn matrix_unit(&mut self, total: &mut Lane, block: &mut Vec<Lane>) {
        for lane in 0..self.lanes {
            let terms: Vec<f64> = std::iter::once(total[lane]).chain(block.iter().map(|term| term[lane])).collect();
            total[lane] = matrix_unit::add(&terms, self.machine).0;
        }
        block.clear();
    }
}
