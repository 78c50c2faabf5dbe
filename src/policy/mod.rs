//! Policies: the inputs on which claims are tried.

pub mod random;

mod decimal;
mod naturals;
mod scores;

pub use decimal::Decimal;
pub use naturals::Naturals;
pub use scores::Scores;
