//! What floating point does to a formula: modes, errors and bounds.
//!
//! # Words
//!
//! | word | what it is | where |
//! |---|---|---|
//! | *mode* | where each rounding happens and how, the order of sums, the algorithm of a softmax | [`Mode`] |
//! | *back end* | takes down the operations of a formula: on a tape, by columns, or for FPCore as a graph | [`mod@backend`] |
//! | *tape* | the list of operations for one number of actions and one chosen action | [`Tape`] |
//! | *machine* | correctly rounded arithmetic in one format; a mode has one for each place | [`Narrow`](crate::formats::Narrow) |
//! | *program* | a tape with the machines of its mode, which runs blocks of cases | [`Program`] |
//! | *walk* | going over a tape once: a run, an enclosure, a running bound, an a-priori bound | [`Program`], [`bounds`] |
//!
//! A [formula](crate::formulas) is compiled in one place, [`mod@compile`], which says what each operation of the
//! language is. A [`Plan`] runs programs for all cases of a collection and compares with the [`mod@truth`]; what is
//! seen of the errors is counted in [`Errors`]. [`threshold`] finds where updates die. [`registry`] lists the studies
//! that have a name, and can be cited.

mod accumulate;
pub mod algorithms;
pub mod backend;
pub mod bounded;
pub mod bounds;
pub mod cases;
mod columns;
pub mod comparison;
pub mod compile;
pub mod digits;
mod emit;
pub mod emulate;
pub mod exhaustive;
pub mod lanes;
mod machines;
pub mod matrix_unit;
pub mod mode;
pub mod mode_text;
pub mod noise;
pub mod observation;
pub mod order;
pub mod place;
pub mod plan;
pub mod program;
pub mod published;
pub mod registry;
pub mod relative;
pub mod rounds;
pub mod rows;
pub mod run;
pub mod search;
pub mod setting;
mod softmax;
pub mod softmaxes;
pub mod summation;
pub mod sweep;
pub mod tally;
pub mod tape;
pub mod threshold;
pub mod truth;
pub mod unit;
pub mod unrolled;
pub mod vectors;
mod wide;
pub mod yardstick;

pub use bounded::Bounded;
pub use bounds::Reference;
pub use cases::{Case, Cases, Confident, Generated};
pub use comparison::{Comparison, ComparisonRequest};
pub use compile::{Names, NotComputed, Setting, compile, compile_vector};
pub use emulate::Emulator;
pub use mode::{Mode, Place, Softmax};
pub use mode_text::{PRESETS, Preset, UnknownMode};
pub use observation::Observation;
pub use order::Order;
pub use program::{CaseBlock, Program};
pub use registry::{STUDIES, Study};
pub use run::{Collect, Of, Plan, StudyError};
pub use search::Search;
pub use tally::{Errors, WorstCase};
pub use tape::{Step, Tape};
pub use truth::{TrueValue, truth};
pub use unit::PlaceUnit;
