//! Real logits: read from files, measured, compared between engines, and surveyed.

mod diff;
mod inputs;
mod measure;
#[path = "../support/mod.rs"]
mod support;
mod survey;
