//! The measurement of many rows: enclosed in parallel, streamed in order, as columns into a file and as a summary.
//!
//! [`stream`] goes through a [`Source`](crate::source::Source) and hands on [`Measured`] rows. [`COLUMNS`] is what can
//! be said of one; a [`Schema`] picks some of them, and a [`Sink`] of [`WRITERS`] writes these or any other [`Rows`]
//! into a file. A [`MeasureTally`] counts rows up to a [`MeasureSummary`], in memory that does not grow with their
//! number.

mod cell;
mod column;
mod csv;
mod json;
mod known_bits;
mod measured;
mod modes;
mod npz;
#[cfg(feature = "parquet")]
mod parquet;
mod schema;
mod sink;
mod stream;
mod summary;
mod thresholds;
mod writer;

pub use cell::{Cell, Field, Kind, Rows, object};
pub use column::{COLUMNS, Column, Terms};
pub use known_bits::known_bits;
pub use measured::{How, Measured, Meter, Precision};
pub use modes::{Modes, digits_left};
pub use schema::{Enclosed, Numbers, Schema, line};
pub use sink::Sink;
pub use stream::stream;
pub use summary::{DigitsLeft, MeasureSummary, MeasureTally, Quantile, Quantiles, SHARES};
pub use thresholds::{BandShare, ConfidentSum, SaturationShare};
pub use writer::{UnknownSuffix, WRITERS, Writer, writer};
