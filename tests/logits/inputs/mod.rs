//! Reading logits from files, through the public interface alone.

mod files;
mod formats;
mod fuzz;
mod hostile;
mod parts;
mod requests;
mod round_trip;
mod unpacked;
