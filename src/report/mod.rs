//! Reports: outcomes, claims with their derivations, and what is trusted, as text, JSON and LaTeX. They decide nothing.

pub mod derivation;
pub mod fpcore;
pub mod latex;
pub mod text;
pub mod trust;
mod width;
