//! Reading logits from files, through the public interface alone.

#[path = "../support/mod.rs"]
mod support;

mod files;
mod formats;
mod fuzz;
mod hostile;
mod parts;
mod requests;
mod round_trip;
mod unpacked;
