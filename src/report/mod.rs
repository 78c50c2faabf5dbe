//! Reports: outcomes as text and JSON. They know outcomes only, and decide nothing.

pub mod text;
