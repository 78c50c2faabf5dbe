//! `logitlab::diff`: enclosures held against MPFR at twice the precision, laws of distances, and the rounding
//! hypothesis.

mod containment;
mod rounding;
