//! Error bounds held against errors: whatever the formula, the mode and the logits, MPFR says whether a bound holds.

mod cases;
mod enclosures;
mod errors;
mod logprobs;
mod published;
mod tightness;
