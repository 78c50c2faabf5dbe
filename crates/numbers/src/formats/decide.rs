//! The decisions of rounding, whatever holds the numbers: which neighbour, what becomes of what is too large or too
//! small, and the sign of zero.

use super::{Operation, Overflow, Rounding, Specials, Subnormals, Target};

/// The width in bits to which [`Rest`] is cut at most.
pub(super) const REST_BITS: u32 = 63;

/// What lies between a magnitude and the neighbour nearer to zero: `bits` / 2^`width` units of the last place. Beyond
/// [`REST_BITS`] bits the last one says whether there is more.
#[derive(Clone, Copy)]
pub(super) struct Rest {
    pub bits: u64,
    pub width: u32,
}

impl Rounding {
    /// Whether the magnitude goes to the neighbour away from zero. `odd`: whether the significand of the nearer one
    /// is odd.
    pub(super) fn carries(self, rest: Rest, odd: bool, negative: bool, noise: u64) -> bool {
        let Rest { bits, width } = rest;
        let half = 1u64 << (width - 1);
        match self {
            Rounding::NearestEven => bits > half || (bits == half && odd),
            Rounding::NearestAway => bits >= half,
            Rounding::TowardZero => false,
            Rounding::Up => bits > 0 && !negative,
            Rounding::Down => bits > 0 && negative,
            Rounding::Odd => bits > 0 && !odd,
            Rounding::Stochastic(random) => {
                let random = u32::from(random);
                let cut = if width >= random { bits >> (width - random) } else { bits << (random - width) };
                (cut + (noise & ((1 << random) - 1))) >> random == 1
            }
        }
    }

    /// Whether a number beyond the largest one comes back to it.
    fn stops(self, negative: bool) -> bool {
        match self {
            Rounding::TowardZero | Rounding::Odd => true,
            Rounding::Up => negative,
            Rounding::Down => !negative,
            Rounding::NearestEven | Rounding::NearestAway | Rounding::Stochastic(_) => false,
        }
    }
}

/// The size of a number that was rounded as if there were no largest one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Nan,
    Zero,
    Subnormal,
    Normal,
    /// Finite, but larger than the largest number.
    Beyond,
    /// Infinite already before it was rounded: an infinite operand or a division by zero. No direction turns it back.
    Infinite,
}

/// What becomes of such a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Landing {
    Itself,
    Nan,
    /// Infinity of the same sign.
    Infinity,
    /// The largest number of the same sign.
    Largest,
    /// Zero of the same sign.
    Zero,
    PositiveZero,
}

impl Target {
    /// Overflow, flushing and the format's specials.
    pub(super) fn landing(&self, size: Size, negative: bool) -> Landing {
        let signed_zero =
            || if self.format.specials.has_negative_zero() { Landing::Zero } else { Landing::PositiveZero };
        match size {
            Size::Nan => Landing::Nan,
            Size::Zero => signed_zero(),
            Size::Subnormal if self.subnormals == Subnormals::Flush => signed_zero(),
            Size::Subnormal | Size::Normal => Landing::Itself,
            Size::Beyond if self.rounding.stops(negative) => Landing::Largest,
            Size::Beyond | Size::Infinite => self.overflown(),
        }
    }

    fn overflown(&self) -> Landing {
        let specials = self.format.specials;
        if self.overflow == Overflow::Saturate || specials == Specials::FiniteOnly {
            Landing::Largest
        } else if specials.has_infinity() {
            Landing::Infinity
        } else {
            Landing::Nan
        }
    }

    /// Whether an exact result 0 is negative, from the signs of the operands, as IEEE 754-2019 section 6.3 has it: a
    /// sum that cancels is -0 when rounding down. `None` for the operations whose own zero has the right sign.
    pub(super) fn zero_is_negative(&self, operation: Operation, [x, y, z]: [bool; 3]) -> Option<bool> {
        let (a, b) = match operation {
            Operation::Add => (x, y),
            Operation::Sub => (x, !y),
            Operation::Fma => (x != y, z),
            _ => return None,
        };
        Some(if a == b { a } else { self.rounding == Rounding::Down })
    }
}
