//! The arithmetic of every place of a mode, and one step of a computation on many cases at once.

use rug::Float;

use crate::arith::rational::Rational as _;
use crate::formats::{Narrow, Operation, Rounding};

use super::lanes::{self, Flags, Loop};
use super::mode::{Mode, PLACES, Place};
use super::noise::Noise;
use super::tape::{Register, Step};

/// How each place of a mode computes.
#[derive(Clone, Debug)]
pub(super) struct Machines([Narrow; PLACES.len()]);

/// What numbers can be: their precision in bits, and the exponent of a distance that they are multiples of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Significant bits.
    pub precision: u32,
    /// The exponent of the distance.
    pub quantum: i32,
}

impl Grid {
    /// The numbers of a format.
    pub fn of(machine: &Narrow) -> Grid {
        Grid { precision: machine.target().format.precision, quantum: machine.target().format.quantum() }
    }

    /// What holds both.
    #[must_use]
    pub fn finer(self, other: Grid) -> Grid {
        Grid { precision: self.precision.max(other.precision), quantum: self.quantum.min(other.quantum) }
    }

    /// Whether all of them are numbers of a format, apart from its range.
    pub fn fits(self, format: Grid) -> bool {
        self.precision <= format.precision && self.quantum >= format.quantum
    }
}

/// A mode with a format that f64 has no room for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is too wide to be computed here: formats of up to 28 bits of precision and f64 itself to nearest are")]
pub struct TooWide(pub String);

impl Machines {
    pub fn new(mode: &Mode) -> Result<Machines, TooWide> {
        let mut machines = Vec::with_capacity(PLACES.len());
        for (place, _) in PLACES {
            let target = mode.target(place);
            machines.push(Narrow::new(target).ok_or_else(|| TooWide(target.to_string()))?);
        }
        Ok(Machines(machines.try_into().expect("one for each place")))
    }

    pub fn at(&self, place: Place) -> &Narrow {
        &self.0[place as usize]
    }

    /// Whether results depend on random bits.
    pub fn are_random(&self) -> bool {
        self.0.iter().any(|machine| matches!(machine.target().rounding, Rounding::Stochastic(_)))
    }

    /// What the value of a step can be, by those of the registers that it reads.
    pub fn grid(&self, step: &Step, of: impl Fn(Register) -> Grid) -> Grid {
        let place = |place: Place| Grid::of(self.at(place));
        match step {
            Step::Input { .. } => Grid { precision: f64::MANTISSA_DIGITS, quantum: -1074 },
            Step::Constant(_, p) | Step::Apply(.., p) | Step::Guarded(_, p) => place(*p),
            Step::Neg(x) | Step::Abs(x) => of(*x),
            Step::Max(x, y) | Step::Min(x, y) => of(*x).finer(of(*y)),
            Step::Product(x, y) => {
                let (x, y) = (of(*x), of(*y));
                Grid { precision: x.precision + y.precision, quantum: x.quantum.saturating_add(y.quantum) }
            }
            Step::Block(_) => place(Place::Sum),
        }
    }

    /// How the loop of a step rounds.
    pub fn path(&self, step: &Step, of: impl Fn(Register) -> Grid) -> Loop {
        let width = |x: Register| of(x).precision;
        match step {
            Step::Apply(operation, arguments, place) => {
                Loop::of(*operation, self.at(*place), &arguments.map(width)[..operation.arity()])
            }
            Step::Guarded(arguments, place) => Loop::of(Operation::Mul, self.at(*place), &arguments.map(width)),
            _ => Loop::Scalar,
        }
    }

    /// The value of a step that is a constant; 0 of any other.
    pub fn constant(&self, step: &Step) -> f64 {
        match step {
            Step::Constant(value, place) => constant(value, self.at(*place)),
            _ => 0.0,
        }
    }

    /// Applies a step to every case, `at` being the values of the registers that it reads.
    ///
    /// # Panics
    /// If the step reads inputs or constants or more than three registers.
    pub fn apply<'v>(
        &self,
        step: &Step,
        path: &Loop,
        at: impl Fn(Register) -> &'v [f64],
        out: &mut [f64],
        flags: &mut [Flags],
        noise: &mut Noise,
    ) {
        match step {
            Step::Apply(operation, arguments, place) => {
                path.apply(*operation, self.at(*place), arguments.map(at), out, flags, noise);
            }
            Step::Guarded([x, log], place) => {
                let (x, log) = (at(*x), at(*log));
                path.apply(Operation::Mul, self.at(*place), [x, log, x], out, flags, noise);
                for (out, &x) in out.iter_mut().zip(x) {
                    *out = if x == 0.0 { 0.0 } else { *out };
                }
            }
            Step::Neg(x) => lanes::map(at(*x), out, |x| -x),
            Step::Abs(x) => lanes::map(at(*x), out, f64::abs),
            Step::Max(x, y) => lanes::zip(at(*x), at(*y), out, lanes::larger),
            Step::Min(x, y) => lanes::zip(at(*x), at(*y), out, lanes::smaller),
            Step::Product(x, y) => lanes::zip(at(*x), at(*y), out, |x, y| x * y),
            Step::Input { .. } | Step::Constant(..) | Step::Block(_) => unreachable!("no step on registers alone"),
        }
    }
}

fn constant(value: &num_rational::BigRational, machine: &Narrow) -> f64 {
    let exact = rug::Rational::from_big(value);
    // Two bits more than any format here has, rounded to odd.
    let (cut, rounded) = Float::with_val_round(53, &exact, rug::float::Round::Zero);
    let cut = cut.to_f64();
    let odd = if rounded == std::cmp::Ordering::Equal { cut } else { f64::from_bits(cut.to_bits() | 1) };
    if machine.is_native() { Float::with_val(53, &exact).to_f64() } else { machine.round(odd, 0) }
}
