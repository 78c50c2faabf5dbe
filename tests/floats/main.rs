//! Float modes: formulas and training computed as their modes say, error bounds, and FPCore for other tools.

mod bounds;
mod dynamics;
mod fpcore;
mod study;
#[path = "../support/mod.rs"]
mod support;
