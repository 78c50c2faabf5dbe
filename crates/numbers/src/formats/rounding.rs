//! How a real number becomes a number of a format: direction, overflow, subnormal numbers.

use std::fmt;
use std::str::FromStr;

use super::Format;
pub use super::error::MAX_RANDOM_BITS;
use super::error::UnknownTarget;
use logitlab_words::Unknown;

/// The direction in which an inexact result is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest number, ties to the one with an even significand.
    NearestEven,
    /// To the nearest number, ties away from zero.
    NearestAway,
    /// To the neighbour nearer to zero.
    TowardZero,
    /// To the neighbour above.
    Up,
    /// To the neighbour below.
    Down,
    /// To the neighbour with an odd significand.
    Odd,
    /// Away from zero with a probability that is the distance from the neighbour nearer to zero, in units of the last
    /// place, cut to this many bits, 1 to 24: those bits plus as many random bits carry or do not.
    Stochastic(u8),
}

/// The directions that need no randomness, with their names.
pub const ROUNDINGS: &[(&str, Rounding)] = &[
    ("nearest-even", Rounding::NearestEven),
    ("nearest-away", Rounding::NearestAway),
    ("toward-zero", Rounding::TowardZero),
    ("up", Rounding::Up),
    ("down", Rounding::Down),
    ("odd", Rounding::Odd),
];

impl Rounding {
    /// Whether the error is at most half the distance between neighbours.
    pub fn is_nearest(self) -> bool {
        matches!(self, Rounding::NearestEven | Rounding::NearestAway)
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rounding::Stochastic(bits) => f.pad(&format!("stochastic{bits}")),
            known => f.pad(ROUNDINGS.iter().find(|(_, rounding)| rounding == known).map_or("", |(name, _)| name)),
        }
    }
}

impl FromStr for Rounding {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Rounding, UnknownTarget> {
        if let Some((_, rounding)) = ROUNDINGS.iter().find(|(name, _)| *name == text) {
            return Ok(*rounding);
        }
        if let Some(bits) = text.strip_prefix("stochastic") {
            let bits = bits.parse().ok().filter(|bits| (1..=MAX_RANDOM_BITS).contains(bits));
            return bits.map(Rounding::Stochastic).ok_or_else(|| UnknownTarget::RandomBits(text.to_string()));
        }
        let names = ROUNDINGS.iter().map(|(name, _)| *name).chain(["stochastic8"]);
        let otherwise = "nearest-even, nearest-away, toward-zero, up, down, odd or stochastic8";
        Err(UnknownTarget::Rounding(Unknown::new("rounding", text, names, otherwise)))
    }
}

/// What becomes of a result beyond the largest number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// What the format's standard says: an infinity, or NaN where there is none, or the largest number where there is
    /// neither; directed rounding toward zero stops at the largest number.
    Standard,
    /// The largest number of the same sign, infinities included.
    Saturate,
}

/// What becomes of a result below the smallest normal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subnormals {
    /// It is rounded to a subnormal number.
    Keep,
    /// It becomes 0, with its sign.
    Flush,
}

/// A format, and how numbers get into it. Prints as `bf16`, `e4m3fn/saturate` or `fp16/up/flush` and parses back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The format.
    pub format: Format,
    /// The direction.
    pub rounding: Rounding,
    /// Beyond the largest number.
    pub overflow: Overflow,
    /// Below the smallest normal number.
    pub subnormals: Subnormals,
}

impl Target {
    /// The largest error of a rounding relative to a normal result: the format's [unit roundoff](Format::unit_roundoff)
    /// u to nearest, 2u in any other direction.
    pub fn unit_roundoff(&self) -> f64 {
        let u = self.format.unit_roundoff().to_f64();
        if self.rounding.is_nearest() { u } else { 2.0 * u }
    }
}

impl From<Format> for Target {
    /// To nearest-even, as the format's standard says.
    fn from(format: Format) -> Target {
        Target { format, rounding: Rounding::NearestEven, overflow: Overflow::Standard, subnormals: Subnormals::Keep }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.format.to_string();
        if self.rounding != Rounding::NearestEven {
            text += &format!("/{}", self.rounding);
        }
        if self.overflow == Overflow::Saturate {
            text += "/saturate";
        }
        if self.subnormals == Subnormals::Flush {
            text += "/flush";
        }
        f.pad(&text)
    }
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Target, UnknownTarget> {
        let mut parts = text.split('/');
        let mut target = Target::from(parts.next().unwrap_or_default().parse::<Format>()?);
        for part in parts {
            match part {
                "saturate" => target.overflow = Overflow::Saturate,
                "flush" => target.subnormals = Subnormals::Flush,
                other => target.rounding = other.parse()?,
            }
        }
        Ok(target)
    }
}
