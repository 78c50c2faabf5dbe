//! What floating point does to a formula: modes, errors and bounds.
//!
//! A [`Mode`] says where each rounding happens. [`mod@compile`] turns a [formula](crate::formulas) into a [`Tape`] of
//! correctly rounded operations for one mode, number of actions and chosen action; [`Program`] runs it on blocks of
//! cases. A [`Plan`] does so for all cases of a collection and compares with the [`mod@truth`]; what is seen of the
//! errors is counted in [`Errors`]. [`threshold`] finds where updates die. [`registry`] lists the studies that have a name,
//! and can be cited.

mod accumulate;
pub mod algorithms;
pub mod bounded;
pub mod bounds;
pub mod cases;
mod columns;
pub mod comparison;
pub mod compile;
pub mod emulate;
pub mod exhaustive;
pub mod file_cases;
pub mod lanes;
mod machine;
mod machines;
pub mod matrix_unit;
pub mod mode;
pub mod mode_text;
pub mod noise;
pub mod observation;
pub mod order;
pub mod program;
pub mod published;
pub mod registry;
pub mod relative;
pub mod rounds;
pub mod rows;
pub mod run;
pub mod search;
mod softmax;
pub mod softmaxes;
pub mod sweep;
pub mod tally;
pub mod tape;
pub mod threshold;
pub mod truth;
pub mod unit;
mod unrolled;
pub mod vectors;
mod wide;
pub mod yardstick;

pub use bounded::Bounded;
pub use bounds::Reference;
pub use cases::{Case, Cases, Confident, Generated};
pub use comparison::{Comparison, Request};
pub use compile::{CompileError, Names, Setting, compile, compile_vector};
pub use emulate::Emulator;
pub use file_cases::FileCases;
pub use mode::{Mode, Place, Softmax};
pub use mode_text::{PRESETS, Preset, UnknownMode};
pub use observation::Observation;
pub use order::Order;
pub use program::{Block, Program};
pub use registry::{STUDIES, Study};
pub use run::{Collect, Of, Plan, StudyError};
pub use search::Search;
pub use tally::{Errors, Witness};
pub use tape::{Step, Tape};
pub use truth::{Truth, truth};
pub use unit::Unit;
