//! The arithmetic of every place of a mode, and one step of a computation on many cases at once.

use rug::Float;

use crate::arith::rational::Rational as _;
use crate::formats::{Narrow, Operation, Rounding};

use super::lanes::{self, Flags, Path};
use super::mode::{Mode, PLACES, Place};
use super::noise::Noise;
use super::tape::{Register, Step};

/// How each place of a mode computes.
#[derive(Clone, Debug)]
pub(super) struct Machines([Narrow; PLACES.len()]);

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

    /// How many significant bits the value of a step can have, by those of the registers that it reads.
    pub fn width(&self, step: &Step, of: impl Fn(Register) -> u32) -> u32 {
        let place = |place: Place| self.at(place).target().format.precision;
        match step {
            Step::Input { .. } => f64::MANTISSA_DIGITS,
            Step::Constant(_, p) | Step::Apply(.., p) | Step::Guarded(_, p) => place(*p),
            Step::Neg(x) | Step::Abs(x) => of(*x),
            Step::Max(x, y) | Step::Min(x, y) => of(*x).max(of(*y)),
            Step::Product(x, y) => of(*x) + of(*y),
            Step::Block(_) => place(Place::Sum),
        }
    }

    /// How the loop of a step rounds.
    pub fn path(&self, step: &Step, of: impl Fn(Register) -> u32) -> Path {
        match step {
            Step::Apply(operation, arguments, place) => {
                let widths = arguments.map(of);
                Path::of(*operation, self.at(*place), &widths[..operation.arity()])
            }
            Step::Guarded(arguments, place) => Path::of(Operation::Mul, self.at(*place), &arguments.map(of)),
            _ => Path::Scalar,
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
        path: &Path,
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
