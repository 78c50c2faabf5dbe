//! Reading logits from files, through the public interface alone.

mod files;
mod round_trip;
