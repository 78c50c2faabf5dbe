//! The binary, driven as a user drives it: what it prints, and with which exit code.

mod bad_input;
mod good_input;
mod logits;
mod run;
