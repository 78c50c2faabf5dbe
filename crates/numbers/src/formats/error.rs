//! What can be wrong with the name of a format or of a way to round, and the limits that its numbers keep to.

use logitlab_words::Unknown;

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
    #[error(transparent)]
    Name(Unknown),
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
    #[error(transparent)]
    Rounding(Unknown),
    /// Stochastic rounding with an impossible number of random bits.
    #[error("`{0}`: stochastic rounding takes 1 to {MAX_RANDOM_BITS} random bits, as in stochastic8")]
    RandomBits(String),
}
