//! What people get to see: the binary as a user drives it, what it prints, the pages, figures and snapshots that it
//! writes, README.md, and the tools around the crate.

mod book;
mod cases;
mod cli;
mod pages;
mod plots;
mod printed;
mod readme;
mod snapshots;
#[path = "../support/mod.rs"]
mod support;
#[cfg(unix)]
mod tools;
