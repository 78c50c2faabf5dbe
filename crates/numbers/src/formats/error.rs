//! What can be wrong with the name of a format or of a way to round, and the limits that its numbers keep to.

use crate::text::did_you_mean;

/// The widest significand that `pXeY` may ask for, in bits.
pub const MAX_PRECISION: u32 = 256;
/// The widest exponent field that `pXeY` may ask for, in bits.
pub const MAX_EXPONENT_BITS: u32 = 19;
/// The most random bits of stochastic rounding.
pub const MAX_RANDOM_BITS: u8 = 24;

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownFormat {
    /// Neither a name nor `pXeY`.
    #[error("unknown format `{name}`: {}", suggest(.nearest, "`logitlab formats` lists them; p8e5 is any format by its sizes"))]
    Name {
        /// What was given.
        name: String,
        /// Names that look like it.
        nearest: Vec<&'static str>,
    },
    /// `pXeY` with sizes out of range.
    #[error("`{0}`: pXeY takes 2 to {MAX_PRECISION} significand bits X and 2 to {MAX_EXPONENT_BITS} exponent bits Y")]
    Size(String),
}

/// A text that is no way to round.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownTarget {
    /// The format in it is unknown.
    #[error(transparent)]
    Format(#[from] UnknownFormat),
    /// The direction in it is unknown.
    #[error("unknown rounding `{name}`: {}", suggest(.nearest, "nearest-even, nearest-away, toward-zero, up, down, odd or stochastic8"))]
    Rounding {
        /// What was given.
        name: String,
        /// Names that look like it.
        nearest: Vec<&'static str>,
    },
    /// Stochastic rounding with an impossible number of random bits.
    #[error("`{0}`: stochastic rounding takes 1 to {MAX_RANDOM_BITS} random bits, as in stochastic8")]
    RandomBits(String),
}

/// A text that is no scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown scale `{name}`: {}", suggest(.nearest, "none, mx, nvfp4, nvfp4-tensor, tensor or tensor-pow2"))]
pub struct UnknownScale {
    /// What was given.
    pub name: String,
    /// Names that look like it.
    pub nearest: Vec<&'static str>,
}

fn suggest(nearest: &[&'static str], otherwise: &str) -> String {
    if nearest.is_empty() { otherwise.to_string() } else { did_you_mean(nearest) }
}
