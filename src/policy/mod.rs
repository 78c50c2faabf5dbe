//! Policies: the inputs on which claims are tried.

pub mod random;

mod decimal;
mod naturals;

pub use decimal::Decimal;
pub use naturals::Naturals;
