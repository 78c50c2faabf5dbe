//! Float modes: that formulas are computed as their modes say.

mod emulate;
mod programs;
mod rows;
mod vectors;
