//! Policies: the inputs on which claims are tried.

pub mod random;

mod naturals;

pub use naturals::Naturals;
