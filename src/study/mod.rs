//! What floating point does to a formula: modes, errors and bounds.
//!
//! A [`Mode`] says where each rounding happens. [`mod@compile`] turns a [formula](crate::formulas) into a [`Tape`] of
//! correctly rounded operations for one mode, number of actions and chosen action; [`Program`] runs it on blocks of
//! cases.

pub mod bounds;
pub mod compile;
pub mod lanes;
pub mod matrix_unit;
pub mod mode;
pub mod mode_text;
pub mod noise;
pub mod order;
pub mod program;
pub mod tape;

pub use compile::{CompileError, Names, Setting, compile};
pub use mode::{Mode, Place, Softmax};
pub use mode_text::{PRESETS, Preset, UnknownMode};
pub use order::Order;
pub use program::{Block, Program};
pub use tape::{Step, Tape};
