//! The generators, one concept per file.

pub mod confident;
pub mod exact;
pub mod gaussian;
pub mod huge;
pub mod integers;
pub mod masked;
pub mod near_one_hot;
pub mod rationals;
pub mod subnormal;
pub mod ties;
pub mod zeros;
