//! Measuring logits, against an evaluation that shares nothing with the crate, and from files.

mod checking;
mod containment;
mod files;
mod partial;
mod reference;
