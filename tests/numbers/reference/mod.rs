//! The reference for rows, and the campaign that holds the fast path against it.

mod campaign;
mod definitions;
mod language;
mod rows;
mod truth;
