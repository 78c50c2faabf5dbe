//! Formats and their arithmetic against what others computed: rustc_apfloat, half, and the tables of the standards.

mod apfloat;
mod apfloat_wide;
mod exhaustive;
mod half_crate;
mod tables;
