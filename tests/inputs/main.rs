//! Reading logits from files, through the public interface alone.

mod files;
mod fuzz;
mod hostile;
mod round_trip;
