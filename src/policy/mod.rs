//! Policies: the inputs on which claims are tried.

pub mod random;
