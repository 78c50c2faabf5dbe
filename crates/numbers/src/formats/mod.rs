//! Floating-point formats and correctly rounded arithmetic in them.
//!
//! A [`Format`] is one record of [`registry`]; a [`Target`] adds how numbers get into it. [`mod@operation`] has the
//! operations; [`narrow`] computes them on f64 for formats of up to [`narrow::MAX_PRECISION`] bits, from exact values
//! or from values rounded to odd, which a second rounding does not change; [`big`] computes them on MPFR numbers for
//! every format. Both take their decisions from the same few functions.

pub mod big;
mod decide;
pub mod error;
pub mod format;
pub mod literal;
pub mod narrow;
pub mod odd;
pub mod operation;
pub mod registry;
pub mod rounding;
pub mod scale;
mod spacing;

pub use big::{Big, Flags};
pub use error::{UnknownFormat, UnknownTarget};
pub use format::{Format, Specials};
pub use literal::Literal;
pub use narrow::Narrow;
pub use operation::Operation;
pub use registry::{FORMATS, NamedFormat};
pub use rounding::{Overflow, Rounding, Subnormals, Target};
pub use scale::Scale;
